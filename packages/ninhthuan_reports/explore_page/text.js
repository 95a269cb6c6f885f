/* Words and numbers in the language of the page. Every sentence is a row of the table of words. */

let S; // the view: see page.js

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const side = () => S.lang === "vi" ? 0 : 1;
function t(key, values = {}) {
  const texts = DATA.words[key];
  if (!texts) throw new Error(`no words for ${key}`);
  return fill(texts[side()], values);
}
const label = code => t("label." + code);
const escaped = text => String(text).replace(/[&<>"]/g, c => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})[c]);
const folded = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u0111/gi, "d").toLowerCase();
const alphabetical = new Intl.Collator("vi").compare;

/* ------------------------------------------------------------------------------------------------------- numbers */
function number(value, decimals = 0) { // half up, as official figures are
  if (value === null || value === undefined) return "–";
  const unit = 10 ** decimals, size = Math.floor(Math.abs(value) * unit + .5 + 1e-7) / unit;
  const [whole, part] = size.toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, S.lang === "vi" ? "." : ",");
  return (value < 0 && size > 0 ? "−" : "") + grouped + (part ? (S.lang === "vi" ? "," : ".") + part : "");
}
const signed = (value, decimals) => (value > 0 && /[1-9]/.test(number(value, decimals)) ? "+" : "") + number(value, decimals);
const decimals = (part = S.part) => indexOf(part).decimals;
const score = (value, part = S.part) => number(value, decimals(part));
const change = (value, part = S.part) => signed(value, decimals(part));
const nought = (value, part = S.part) => !/[1-9]/.test(score(value, part));
const ofTickStep = (value, step) => number(value, step >= 1 ? 0 : step >= .1 ? 1 : step >= .01 ? 2 : 3);
function withUnit(value, part = S.part) {
  const unit = indexOf(part).unit;
  return score(value, part) + (unit === "percent" ? "%" : "\u00a0" + label(unit));
}
const ordinal = n => n + (n % 100 > 10 && n % 100 < 14 ? "th" : ["th", "st", "nd", "rd"][n % 10] ?? "th");
const rankOf = (rank, n) => `${rank}/${n ?? "…"}`;
const placed = rank => t("explore.placed", {rank, ordinal: ordinal(rank)});
const moved = places => places === 0 ? t("explore.same_place")
  : t(places > 0 ? Math.abs(places) === 1 ? "explore.up_one" : "explore.up" : Math.abs(places) === 1 ? "explore.down_one" : "explore.down", {places: Math.abs(places)});

/* --------------------------------------------------------------------------------------------------------- names */
const province = (code, short = false) => provinceOf(code, S.list)[short ? "short" : "name"][side()];
const nameOf = (part, year = S.year, short = true) => version(part, year)[short ? "short" : "name"][side()];
function numbered(part, year = S.year) {
  const v = version(part, year);
  return v.number && v.level !== "total" ? `${v.number}\u00a0${nameOf(part, year)}` : nameOf(part, year);
}
/* `PAPI 2024`, or `Public services, PAPI 2024` */
function subject(year = S.year) {
  const whole = `${indexOf(S.part).short.replace(" ", "\u00a0")}\u00a0${year}`;
  return version(S.part, year).level === "total" ? whole : t("explore.part_of_edition", {part: nameOf(S.part, year), edition: whole});
}
const region = id => id ? DATA.regions[id][side()] : "";
/* Why there is no figure, or no score where only the rank is held. */
const why = (held, i) => !held ? label("not_collected") : held.missing[i] ? label(held.missing[i]) : t("explore.rank_only");
const inPoints = value => score(value) + ({points: "\u00a0" + label("points"), percent: "\u00a0" + label("percentage_points"), score_0_1: ""})[indexOf(S.part).unit];
const refused = found => found[S.lang];
/* A refusal as a reader sees it: the component by its name. */
const refusalHere = (a, b) => refusal(S.part, a, b, [0, 1].map(place => version(S.part, b).short[place]));

/* A worked-back figure never stands bare. */
const bare = (held, i) => held?.evidence[i] === "worked_back" ? "*" : "";

/* Who published the editions that are drawn; of one alone also when. */
function sourceLine(years = [S.year]) {
  const index = indexOf(S.part), [publisher, day] = index.editions[S.list][years.at(-1)];
  const values = {publisher: publisher[side()], edition: `${index.short} ${spans(years)}`, day: day?.[side()]};
  const ranks = t(years.every(year => edition(S.part, year, S.list)?.whole) ? "explore.ranks_from_scores" : "explore.ranks_as_published");
  return t(day && years.length === 1 ? "explore.source_published" : "explore.source", values) + " " + ranks;
}
/* Years as spans: 2011–2013, 2016. */
function spans(years) {
  const found = [];
  for (const year of years) if (found.length && found.at(-1)[1] === year - 1) found.at(-1)[1] = year; else found.push([year, year]);
  return found.map(([a, b]) => a === b ? a : `${a}–${b}`).join(", ");
}

/* ----------------------------------------------------------------------------------------------------- sentences */
/* What the view shows: {head, said}; together they are the alternative text. */
function sentences() {
  const own = S.provinces[0], i = PLACE[S.list][own], held = edition(S.part, S.year, S.list);
  const name = province(own), what = subject(), value = held?.scores[i] ?? null, rank = held?.ranks[i] ?? null;
  const mark = bare(held, i), said = [];
  let head;
  if (rank === null && value === null) head = t("explore.head_missing", {province: name, subject: what, why: why(held, i)});
  else if (rank === null) head = t("explore.head_score", {province: name, subject: what, score: withUnit(value) + mark});
  else head = t("explore.head_rank", {province: name, subject: what, rank, ordinal: ordinal(rank), n: held.n ?? "…", mark});
  const before = S.base ? edition(S.part, S.base, S.list) : null;
  const rankBefore = before?.ranks[i] ?? null, valueBefore = before?.scores[i] ?? null;
  if (rank !== null && rankBefore !== null && S.rule !== "same_components") {
    const noise = !S.rule && changeOf(S.part, own, S.base, S.year, S.list)?.beyond === false && rankBefore !== rank;
    // where contents changed too, the headline counts no places: both ranks stand beside each other
    if (!ranksComparable(S.part, S.base, S.year) || !sameComponent(S.part, S.base, S.year)) head += t("explore.head_beside", {year: S.base, rank: rankOf(rankBefore, before.n) + bare(before, i)});
    else head += t(noise ? "explore.head_moved_noise" : "explore.head_moved", {moved: moved(rankBefore - rank), year: S.base});
  }
  if (value !== null) {
    let line = withUnit(value) + mark;
    if (valueBefore !== null && !S.rule) line += changeSaid(value - valueBefore, own);
    said.push(line);
  }
  const set = rankSet(S.part, own, S.year, S.list);
  if (set && rank !== null) said.push(t("explore.rank_set", {low: set[0], high: set[1]}));
  if (S.rule && S.base) said.push(...ruleSaid(own));
  for (const other of S.provinces.slice(1, 3)) said.push(...gapSaid(own, other, held));
  if (S.median && held?.median !== null && held?.median !== undefined && value !== null)
    said.push(t("explore.median_is", {score: score(held.median)}));
  if (mark) said.push(t("explore.worked_back"));
  return {head, said: said.map(text => text.replace(/\.$/, ""))};
}
function changeSaid(points, code) {
  const found = changeOf(S.part, code, S.base, S.year, S.list);
  let text = t("explore.change_on", {change: change(points), year: S.base});
  if (found) text += t(found.beyond ? "explore.beyond_error" : "explore.within_error", {limit: score(found.limit)});
  else if (!sameComponent(S.part, S.base, S.year)) text += t("explore.with_care");
  return text;
}
function ruleSaid(own) {
  const i = PLACE[S.list][own], said = [t("explore.by_rule", {rule: DATA.rules[S.rule][side()]})];
  if (S.rule === "same_components") {
    const [a, b] = commonTotals(S.part, S.base, S.year, S.list);
    const values = {n: a.parts.length, from: S.base < S.year ? S.base : S.year, to: Math.max(S.base, S.year)};
    if (a.scores[i] !== null && b.scores[i] !== null) said.push(t(a.parts.length === 1 ? "explore.common_one" : "explore.common_total", {...values, before: score(a.scores[i]), after: score(b.scores[i]),
      change: change(b.scores[i] - a.scores[i]), rank_before: rankOf(a.ranks[i], a.n), rank_after: rankOf(b.ranks[i], b.n)}));
  }
  return said;
}
function gapSaid(own, other, held) {
  const found = gapOf(S.part, own, other, S.year, S.list), name = province(other);
  const j = PLACE[S.list][other];
  if (!found) return held?.scores[j] === null ? [t("explore.other_missing", {province: name, why: held.ranks[j] === null ? why(held, j) : placed(held.ranks[j])})] : [];
  const values = {province: name, points: inPoints(Math.abs(found.gap)), limit: found.limit === null ? "" : score(found.limit)};
  let text = t(nought(found.gap) ? "explore.level_with" : found.gap > 0 ? "explore.above" : "explore.below", values);
  if (found.limit !== null) text += t(found.beyond ? "explore.gap_beyond" : "explore.gap_within", values);
  const first = yearsShown().find(y => y < S.year && comparable(S.part, y, S.year) && gapOf(S.part, own, other, y, S.list));
  if (first) {
    const then = gapOf(S.part, own, other, first, S.list).gap;
    text += t(nought(then) ? "explore.gap_then_level" : then > 0 ? "explore.gap_then_above" : "explore.gap_then_below", {year: first, points: score(Math.abs(then))});
  }
  return [text];
}
const sentence = () => { const {head, said} = sentences(); return [head, ...said].join(". ") + "."; };
