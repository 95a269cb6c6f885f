"""What a caption is made of: words, and claims that are tested on the frame that is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pandas as pd


@dataclass(frozen=True)
class Claim:
    """Something that a title says of the frame that is drawn: in words, and as a test of that frame.

    The test reads the frame anew: rows looked up again, counts and sums made again, and compared with what the
    title prints. It holds the few printed values, never the frame.
    """

    says: str
    holds: Callable[[pd.DataFrame], bool]


@dataclass(frozen=True)
class Caption:
    """Words of a card: finding as title, measure and period as subtitle, notes, and the picture in words.

    kind: what sort of picture or table it is; numbers: sentences with its range, direction and two to four key
    numbers, the most telling first. Both are for the alternative text. claims: what the title says, each tested on
    the frame before that is drawn. For a title of one's own see `entitled`.
    """

    title: str
    subtitle: str
    note: str = ""
    kind: str = ""
    numbers: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def alt(self) -> str:
        """The picture in at most 400 characters: where there is more to say, whole sentences are left out."""
        words = (self.kind, self.subtitle, self.title)
        # words about the numbers come last and may be cut
        less = [(*words, *self.numbers[:kept]) for kept in range(len(self.numbers), -1, -1)]
        for parts in (*less, words[1:], words[2:]):
            text = " ".join(part if part.endswith(".") else f"{part}." for part in parts if part)
            if len(text) <= 400:
                return text
        return text[:397].rsplit(" ", 1)[0] + " …"

    def check(self, frame: pd.DataFrame) -> None:
        """Raises FalseFinding with everything that the title says and the frame does not hold."""
        false, unread = [], None
        for claim in self.claims:
            try:
                holds = bool(claim.holds(frame))
            except (AttributeError, LookupError, TypeError, ValueError) as error:
                # a row or figure that the title speaks of is not there
                holds, unread = False, error
            if not holds:
                false.append(claim.says)
        if false:
            raise FalseFinding(self.title, false) from unread


def entitled(caption: Caption, title: str, claim: Callable[[pd.DataFrame], bool] | Iterable[Claim] | None) -> Caption:
    """The caption under a title of one's own, with what that claims: a test of the frame, or several Claims.

        entitled(caption, "Above 45 points for the third time", lambda frame: (frame["score"].tail(3) > 45).all())

    Raises ValueError for a title without a claim, or a claim without a title.
    """
    claims = () if claim is None else (Claim(title, claim),) if callable(claim) else tuple(claim)
    if not (title and claims):
        raise ValueError("a title of one's own needs a claim, as in claim=lambda frame: frame['score'].iloc[-1] > 45")
    return replace(caption, title=title, claims=claims)


class FalseFinding(ValueError):
    """A title says what the frame that is drawn does not hold."""

    def __init__(self, title: str, false: list[str]):
        self.title, self.false = title, false
        super().__init__(f"{title!r} does not hold of what is drawn: {'; '.join(false)}")


class Nothing(Exception):
    """There is nothing to draw: the reason, in the language of the report."""
