/* What the data say. Nothing here draws or speaks: scores, ranks and groups of an edition, what may be compared with
   what, whether a change is beyond survey error, likeness, weights of one's own. The rules are those of `ninhthuan`. */

const DATA = JSON.parse(document.getElementById("data").textContent);
const LISTS = Object.keys(DATA.lists);
const GROUPS = ["high", "upper_middle", "lower_middle", "low"];
const ERRORS_YEAR = 2019;
const INDEX = Object.fromEntries(DATA.indices.map(index => [index.id, index]));
const BREAKS = DATA.breaks.map(([year, severity, ranks, label, note]) => ({year, severity, ranks, label, note}));
/* list -> code -> place in the list */
const PLACE = Object.fromEntries(LISTS.map(list => [list, Object.fromEntries(DATA.lists[list].map((p, i) => [p.code, i]))]));

const provinceOf = (code, list) => DATA.lists[list][PLACE[list][code]];
const indexOf = part => INDEX[DATA.components[part].index];
const known = values => values.filter(value => value !== null);
const ascending = (a, b) => a - b;

/* ---------------------------------------------------------------------------------------------------- components */
const yearsOf = (part, list) => Object.keys(DATA.cells[list][part] ?? {}).map(Number).sort(ascending);
const existing = (part, year) => DATA.components[part].versions.find(v => v.from <= year && (v.to === null || year <= v.to));
/* The definition in an edition; where there was none then, the newest. */
const version = (part, year) => existing(part, year) ?? DATA.components[part].versions.at(-1);
const numberOf = text => text.split(".").map(Number);
const officialOrder = (a, b) => {
  const [x, y] = [numberOf(a.number), numberOf(b.number)];
  return x[0] - y[0] || (x[1] ?? 0) - (y[1] ?? 0) || (a.id < b.id ? -1 : 1);
};
const partsMemo = new Map();
/* Components right under one in an edition, in official order. */
function partsOf(part, year) {
  const key = part + year;
  if (!partsMemo.has(key)) partsMemo.set(key, Object.keys(DATA.components)
    .map(id => ({id, ...existing(id, year)}))
    .filter(v => v.parent === part && ["dimension", "sub_dimension"].includes(v.level))
    .sort(officialOrder).map(v => v.id));
  return partsMemo.get(key);
}
const dimensionsOf = (index, year) => Object.keys(DATA.components)
  .filter(id => DATA.components[id].index === index && existing(id, year)?.level === "dimension")
  .map(id => ({id, ...existing(id, year)})).sort(officialOrder).map(v => v.id);

/* ------------------------------------------------------------------------------------------------------ editions */
function quantile(sorted, share) {
  const at = (sorted.length - 1) * share, low = Math.floor(at), next = sorted[Math.min(low + 1, sorted.length - 1)];
  return sorted[low] + (next - sorted[low]) * (at - low);
}
const median = values => values.length ? quantile([...values].sort(ascending), .5) : null;
const ranksOf = scores => {
  const down = known(scores).sort((a, b) => b - a);
  return scores.map(score => score === null ? null : down.indexOf(score) + 1);
};

const editionMemo = new Map();
/* One edition of a component, by place in the list: {scores, ranks, groups, missing, evidence, sources, n, whole, ...};
   null where nothing is held. Groups follow PAPI's rule: percentiles of the scores, of the places where only those are
   held. Quartiles and median are there only where every score is. */
function edition(part, year, list) {
  const key = list + part + year;
  if (editionMemo.has(key)) return editionMemo.get(key);
  const cell = DATA.cells[list][part]?.[year];
  let found = null;
  if (cell) {
    const scores = cell.scores.map(value => typeof value === "number" ? value : null), plain = ranksOf(scores);
    const ranks = scores.map((_, i) => cell.ranks[i] ?? (cell.whole ? plain[i] : null));
    const sorted = known(scores).sort(ascending), whole = cell.whole;
    const cuts = whole ? [.75, .5, .25].map(share => quantile(sorted, share)) : null;
    const position = rank => rank === null || !(cell.n > 1) ? null : Math.min(100, Math.max(0, 100 * (cell.n - rank) / (cell.n - 1)));
    const grouped = (value, limits) => value === null ? null : GROUPS[limits.findIndex(cut => value >= cut)] ?? "low";
    const each = ([usual, others]) => scores.map((_, i) => others[i] ?? usual);
    found = {
      scores, ranks, whole, cuts, n: cell.n, count: sorted.length, lowest: sorted[0], highest: sorted.at(-1),
      median: whole ? median(sorted) : null,
      groups: whole ? scores.map(score => grouped(score, cuts)) : ranks.map(rank => grouped(position(rank), [75, 50, 25])),
      missing: cell.scores.map((value, i) => typeof value === "number" || ranks[i] !== null ? "" : DATA.why[value ?? ""]),
      evidence: each(cell.evidence), sources: each(cell.sources),
    };
  }
  editionMemo.set(key, found);
  return found;
}
function regionMedian(held, region, list) {
  return held?.whole && region ? median(known(held.scores.filter((_, i) => DATA.lists[list][i].region === region))) : null;
}
/* Codes of the provinces next above and next below by score, best first, the own one among them. */
function nearestRivals(part, year, list, code, each = 2) {
  const held = edition(part, year, list), codes = DATA.lists[list].map(p => p.code);
  const down = codes.map((c, i) => [held?.scores[i] ?? null, c]).filter(([score]) => score !== null)
    .sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1)).map(([, c]) => c);
  const place = down.indexOf(code);
  return place < 0 ? [] : down.slice(Math.max(0, place - each), place + each + 1);
}

/* ------------------------------------------------------------------------------------------- what may be compared */
const breaksOf = part => DATA.components[part].breaks.map(place => BREAKS[place]);
function breaksBetween(part, a, b, severity) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  return breaksOf(part).filter(x => first < x.year && x.year <= last && (!severity || x.severity === severity));
}
/* The stretch of comparable editions that one belongs to: a line is drawn only within one. */
const segment = (part, year) => breaksOf(part).filter(b => b.severity === "break" && b.year <= year).length;
/* The number of that stretch as a panel has it: from 1, and another where the code came to mean another thing. */
function stretch(part, year) {
  const {versions, anew} = DATA.components[part], breaks = breaksOf(part).filter(b => b.severity === "break").map(b => b.year);
  return 1 + new Set([...breaks, ...anew].filter(y => versions[0].from < y && y <= year)).size;
}
/* Whether places may be counted from one edition to another, or ranks only stand side by side. */
const ranksComparable = (part, a, b) => breaksBetween(part, a, b).every(x => x.ranks === "marked");
const comparable = (part, a, b) => !breaksBetween(part, a, b, "break").length;
function sameComponent(part, a, b) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  return first === last || DATA.components[part].same[last] <= first;
}
/* What a comparison has to say: breaks of the component, and in years without one those of its parts. */
function marks(part, a, b) {
  const own = breaksBetween(part, a, b), years = new Set(own.map(x => x.year));
  const parts = [...new Set([a, b].flatMap(year => existing(part, year) ? partsOf(part, year) : []))].sort();
  const below = parts.flatMap(id => marks(id, a, b)).filter(x => !years.has(x.year));
  return [...new Set([...own, ...below])].sort((x, y) => x.year - y.year);
}
/* Why two editions cannot be compared, in the words of NotComparable, and the rules on offer; null where they can. */
function refusal(part, a, b, name = [part, part]) {
  const found = breaksBetween(part, a, b, "break");
  if (!found.length) return null;
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  const said = [0, 1].map(place => fill(DATA.words["catalogue.not_comparable"][place],
    {component_id: name[place], first, last, found: found.map(x => x.note[place]).join(" ")}));
  const rules = [...(DATA.common[part]?.[`${first}-${last}`] ? ["same_components"] : []), "positions"];
  return {vi: said[0], en: said[1], rules};
}
/* Why an old province cannot be compared with the unit that it is part of since the merger. */
function otherPopulation(code, yearFrom, yearTo) {
  const before = provinceOf(code, "pre_2025"), now = provinceOf(before.successor, "post_2025");
  const former = now.predecessors.map(c => provinceOf(c, "pre_2025"));
  const said = [0, 1].map(place => fill(DATA.words["comparability.not_comparable_since_1_july"][place], {
    name: before.name[place], year_from: yearFrom, name_2: now.name[place], year_to: yearTo,
    former: former.map(p => p.name[place]).join(", ")}));
  return {vi: said[0], en: said[1], rules: ["aggregate"]};
}
/* A total made anew, in two editions that a break parts, from the dimensions alike throughout: [earlier, later]. */
function commonTotals(part, a, b, list) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)], ends = DATA.common[part]?.[`${first}-${last}`];
  if (!ends || list !== "pre_2025") return null;
  return [first, last].map((year, end) => {
    const held = ends.map(pair => edition(pair[end], year, list)?.scores);
    const scores = DATA.lists[list].map((_, i) => held.some(s => (s?.[i] ?? null) === null) ? null : held.reduce((sum, s) => sum + s[i], 0));
    return {year, scores, ranks: ranksOf(scores), n: known(scores).length, parts: ends.map(pair => pair[end])};
  });
}

/* --------------------------------------------------------------------------------------------------- how certain */
/* Standard error of a score, as in 2019: the only edition with published errors. */
function standardError(part, code, list) {
  const sizes = DATA.errors[part];
  return sizes && list === "pre_2025" ? sizes[code] ?? median(Object.values(sizes)) : null;
}
const errorServes = (part, year) => comparable(part, ERRORS_YEAR, year);
/* The change of a province against what survey errors alone would make, as `nt.change_certainty` with errors as in
   2019; null where it refuses or a score is missing. tests: how many changes are tested together. */
function changeOf(part, code, a, b, list) {
  const size = standardError(part, code, list), i = PLACE[list][code];
  const [from, to] = [edition(part, a, list)?.scores[i] ?? null, edition(part, b, list)?.scores[i] ?? null];
  if (size === null || from === null || to === null || !sameComponent(part, a, b)) return null;
  if (!errorServes(part, a) || !errorServes(part, b)) return null;
  const error = Math.hypot(size, size);
  return {change: to - from, error, limit: DATA.limits[0] * error, beyond: Math.abs(to - from) > DATA.limits[0] * error};
}
/* Changes of several components together: `beyond` holds for all of them at once (stepdown after Holm and Sidak). */
function changesTogether(parts, code, a, b, list) {
  const found = parts.map(part => changeOf(part, code, a, b, list));
  const order = found.filter(Boolean).sort((x, y) => Math.abs(y.change / y.error) - Math.abs(x.change / x.error));
  let still = true;
  order.forEach((x, k) => {
    const tests = order.length - k;
    still = still && Math.abs(x.change) > DATA.limits[tests - 1] * x.error;
    x.limit = DATA.limits[order.length - 1] * x.error;
    x.beyond = still;
  });
  return found;
}
/* The gap of two provinces in one edition against the error of the difference. */
function gapOf(part, code, other, year, list) {
  const held = edition(part, year, list), [own, theirs] = [code, other].map(c => held?.scores[PLACE[list][c]] ?? null);
  if (own === null || theirs === null) return null;
  const sizes = [code, other].map(c => standardError(part, c, list));
  const limit = sizes.includes(null) || !errorServes(part, year) ? null : DATA.limits[0] * Math.hypot(...sizes);
  return {gap: own - theirs, limit, beyond: limit !== null && Math.abs(own - theirs) > limit};
}

/* Best and worst rank of a province that survey errors allow, as `nt.rank_certainty` with errors as in 2019; or null. */
const rankSet = (part, code, year, list) => list === "pre_2025" ? DATA.sets[part]?.[year]?.[PLACE[list][code]] ?? null : null;

/* --------------------------------------------------------------------------------------------- likeness and weights */
/* The other provinces by likeness of profile: Euclidean distance over the standardised dimensions, nearest first. */
function likeness(index, code, year, list) {
  const held = dimensionsOf(index, year).map(id => edition(id, year, list)?.scores);
  if (!held.length || held.some(scores => !scores)) return [];
  const whole = DATA.lists[list].map((_, i) => i).filter(i => held.every(scores => scores[i] !== null));
  const own = PLACE[list][code];
  if (!whole.includes(own) || whole.length < 3) return [];
  const spreads = held.map(scores => {
    const mean = whole.reduce((sum, i) => sum + scores[i], 0) / whole.length;
    return Math.sqrt(whole.reduce((sum, i) => sum + (scores[i] - mean) ** 2, 0) / (whole.length - 1));
  });
  return whole.filter(i => i !== own).map(i => ({
    code: DATA.lists[list][i].code,
    distance: Math.hypot(...held.map((scores, k) => spreads[k] > 0 ? (scores[i] - scores[own]) / spreads[k] : 0)),
  })).sort((a, b) => a.distance - b.distance || (a.code < b.code ? -1 : 1));
}
/* The mean of the dimensions under weights of one's own, and the place that follows. */
function weighted(index, year, weights, list) {
  const parts = dimensionsOf(index, year), held = parts.map(id => edition(id, year, list)?.scores);
  const used = parts.map((_, k) => weights[k] ?? 1), total = used.reduce((a, b) => a + b, 0);
  if (!parts.length || held.some(scores => !scores) || !(total > 0)) return null;
  const scores = DATA.lists[list].map((_, i) => held.some(s => s[i] === null) ? null
    : held.reduce((sum, s, k) => sum + s[i] * used[k], 0) / total);
  return {parts, scores, ranks: ranksOf(scores), n: known(scores).length};
}
const WIDER = .2; // a fifth more or less
/* Best and worst place of a province when every weight is a fifth more or less, in all combinations of more and less. */
function weightedBand(index, year, weights, list, code) {
  const held = dimensionsOf(index, year).map(id => edition(id, year, list)?.scores), own = PLACE[list][code];
  if (held.some(scores => (scores?.[own] ?? null) === null)) return null;
  const ahead = DATA.lists[list].map((_, i) => i).filter(i => i !== own && held.every(scores => scores[i] !== null)).map(i => held.map(scores => scores[i] - scores[own]));
  let [low, high] = [Infinity, 1];
  for (let more = 0; more < 2 ** held.length; more++) {
    const used = held.map((_, k) => (weights[k] ?? 1) * (more >> k & 1 ? 1 + WIDER : 1 - WIDER));
    const place = 1 + ahead.filter(by => by.reduce((sum, gap, k) => sum + gap * used[k], 0) > 1e-9).length;
    [low, high] = [Math.min(low, place), Math.max(high, place)];
  }
  return [low, high];
}
