"""Why a question has no answer: a comparison that does not hold, a name that means nothing."""

from __future__ import annotations

from .words import bilingual, in_spoken

# What may be chosen where a comparison is refused, and the row that says it in messages, notes and alternative texts.
RULES = {
    "same_components": "catalogue.only_components_defined_alike_all",
    "positions": "catalogue.places_among_provinces_ranked_compared",
    "aggregate": "catalogue.old_provinces_put_together_new",
}


class NotComparable(ValueError):
    """A comparison would cross a break of method or a change of boundaries.

    vi, en: what is in the way; breaks: the rows of `breaks.csv`, none at a change of boundaries; rules: the names in
    `RULES` that may be chosen instead.
    """

    def __init__(self, vi: str, en: str, rules: tuple[str, ...] = (), breaks: tuple = ()):
        self.vi, self.en, self.rules, self.breaks = vi, en, rules, breaks
        choices = [f'rule="{rule}" ({{}})' for rule in rules]
        texts = []
        for place, (text, choose) in enumerate(zip((vi, en), bilingual("catalogue.choose"), strict=True)):
            offers = "; ".join(
                choice.format(bilingual(RULES[rule])[place]) for rule, choice in zip(rules, choices, strict=True)
            )
            texts.append(f"{text} – {choose} {offers}" if offers else text)
        super().__init__(in_spoken(*texts))


class UnknownName(KeyError):
    """A name or code that means nothing, or more than one thing; vi, en: what is wrong, and what may be meant."""

    def __init__(self, vi: str, en: str):
        self.vi, self.en = vi, en
        super().__init__(in_spoken(vi, en))

    def __str__(self) -> str:
        # a KeyError would show its text in quotes
        return self.args[0]
