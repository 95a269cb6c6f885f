/* The pictures: course of score and rank, distribution of an edition, tile grid, changes of the parts. Each returns
   what a pointer needs to find values in it. */

const widths = {}; // of the boxes, read before anything is written: one layout and not six
const colourOf = code => COLOURS[S.provinces.indexOf(code)];

/* Runs of neighbouring editions of one method in which a test holds. */
function runs(years, test) {
  const found = [];
  years.forEach((year, k) => {
    if (!test(year)) return;
    const before = years[k - 1];
    if (k && test(before) && year - before === 1 && segment(S.part, year) === segment(S.part, before)) found.at(-1).push(year);
    else found.push([year]);
  });
  return found;
}
/* One mark a year: a break outweighs what asks for care. {year, hard, text} */
function yearNotes() {
  const years = yearsShown(), by = new Map();
  for (const b of breaksOf(S.part)) if (b.year > years[0] && b.year <= years.at(-1)) by.set(b.year, [...by.get(b.year) ?? [], b]);
  const order = ["break", "caution", "suspected"];
  return [...by].sort((a, b) => a[0] - b[0]).map(([year, all]) => ({
    year, hard: all.some(b => b.severity === "break"),
    text: all.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)).map(b => `${b.label[side()]}. ${b.note[side()]}`).join(" "),
  }));
}
/* Lines of the course: chosen provinces, then medians. {name, colour, values by year, thick, dashed, hollow years} */
function courses(kind) {
  const years = yearsShown(), editions = Object.fromEntries(years.map(year => [year, edition(S.part, year, S.list)]));
  const by = value => Object.fromEntries(years.map(year => [year, value(editions[year])]));
  const found = S.provinces.map((code, k) => {
    const i = PLACE[S.list][code];
    return {name: province(code, true), colour: COLOURS[k], first: !k, values: by(e => (kind === "rank" ? e?.ranks[i] : e?.scores[i]) ?? null),
      hollow: new Set(years.filter(year => editions[year]?.evidence[i] === "worked_back"))};
  });
  if (kind === "score" && S.median) found.push({name: label("median"), colour: "#5F666D", dashed: "5 3", values: by(e => e?.median ?? null)});
  if (kind === "score" && S.region) found.push({name: t("explore.region"), colour: "#7A5C12", dashed: "2 2.5", values: by(e => regionMedian(e, S.region, S.list))});
  return {years, editions, lines: found};
}

function drawCourse(kind) {
  const box = document.getElementById(kind), ranks = kind === "rank", W = Math.max(280, widths[kind]), H = W < 400 ? 250 : 300;
  const {years, editions, lines} = courses(kind), [y0, y1] = [years[0], years.at(-1)], pad = y1 - y0 < 3 ? 1.2 : .4;
  const shown = years.flatMap(year => ranks ? [1, editions[year].n ?? 1]
    : editions[year].whole ? [editions[year].lowest, editions[year].highest] : known(lines.map(l => l.values[year])));
  const errors = ranks ? rankSpans(years) : errorSpans(years, editions);
  for (const {top, end} of errors) shown.push(top, end);
  const held = lines.some(l => years.some(year => l.values[year] !== null));
  box.chart = null;
  if (!held || !shown.length) return void (box.innerHTML = `<p class="none">${escaped(t(ranks ? "explore.no_ranks" : "explore.no_scores"))}</p>`);
  const printed = value => ranks ? String(value) : score(value), ends = [];
  for (const l of lines) {
    const last = years.filter(year => l.values[year] !== null).at(-1);
    if (last) ends.push({...l, last, text: `${l.name} ${printed(l.values[last])}` + (last === y1 ? "" : ` (${last})`)});
  }
  const room = Math.min(W * .42, 12 + Math.max(...ends.map(e => widthOf(e.text, 12, e.dashed ? 400 : 700))));
  const m = {top: 24, right: room, bottom: 24, left: ranks ? 26 : 36};
  let [low, high] = [Math.min(...shown), Math.max(...shown)];
  if (high - low < 1e-6) [low, high] = ranks ? [1, 2] : [low - (Math.abs(low) * .1 || 1), high + (Math.abs(high) * .1 || 1)];
  const x = linear([y0 - pad, y1 + pad], [m.left, W - m.right]), within = v => Math.max(m.left, Math.min(W - m.right, x(v)));
  const y = ranks ? linear([1, high], [m.top + 6, H - m.bottom - 6]) : linear([low, high], [H - m.bottom - 6, m.top + 8]);
  const {step, at} = ranks ? {step: 10, at: [1, ...[10, 20, 30, 40, 50, 60].filter(v => v <= high)]} : ticks(low, high, 5);
  let g = tag("rect", {x: within(S.year - .42), y: m.top - 2, width: within(S.year + .42) - within(S.year - .42), height: H - m.bottom - m.top + 4, fill: "#E6EEF5"});
  // behind: what all provinces did, or the four quarters of the ranking
  if (ranks) for (const run of runs(years, year => editions[year].n)) for (const quarter of [0, 2]) for (const year of run) {
    const n = editions[year].n, [top, end] = [y(Math.max(1, .5 + quarter * n / 4)), y(Math.min(n, .5 + (quarter + 1) * n / 4))];
    g += tag("rect", {x: within(year - .5), y: top, width: within(year + .5) - within(year - .5) + .3, height: end - top, fill: "#EEF0F2"});
  }
  else for (const run of runs(years, year => editions[year].whole)) {
    const points = run.length > 1 ? run.map(year => [year, year]) : [[run[0], run[0] - .2], [run[0], run[0] + .2]];
    const band = (top, end, fill) => tag("path", {fill, d: "M" + [...points.map(([year, at]) => [at, top(editions[year])]),
      ...[...points].reverse().map(([year, at]) => [at, end(editions[year])])].map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join("L") + "Z"});
    g += band(e => e.highest, e => e.lowest, "#EFF1F3") + band(e => e.cuts[0], e => e.cuts[2], "#DDE1E6");
  }
  for (const v of at) g += line(m.left, y(v), W - m.right, y(v)) + words(m.left - 6, y(v) + 4, ranks ? v : ofTickStep(v, step), {"text-anchor": "end"});
  g += yearLabels(x, y0, y1, W - m.left - m.right, H - 6);
  yearNotes().forEach((note, k) => {
    const at = x(note.year - .5);
    g += line(at, m.top - 6, at, H - m.bottom, {stroke: BREAK, "stroke-width": note.hard ? 1.2 : .8, "stroke-dasharray": note.hard ? "4 3" : "1 3"});
    g += dot(at, 9, 7.5, note.hard ? BREAK : "#fff", {stroke: BREAK}) + words(at, 12.8, k + 1, {"text-anchor": "middle", "font-size": 10.5, "font-weight": 700, fill: note.hard ? "#fff" : BREAK});
  });
  g += errorBars(x, y, errors);
  for (const l of [...lines].reverse()) g += courseLine(l, years, x, y);
  g += missingMarks(lines, years, editions, x, H - m.bottom - 1);
  for (const e of ends) { e.at = y(e.values[e.last]); e.x = x(e.last); }
  spread(ends, 14.5, m.top + 2, H - m.bottom - 2);
  for (const e of ends) {
    if (Math.abs(e.y - e.at) > 5 || e.last !== y1) g += tag("path", {d: `M${e.x + 5},${e.at}L${W - m.right + 3},${e.y}`, stroke: e.colour, "stroke-width": .7, "stroke-opacity": .6, fill: "none"});
    g += words(W - m.right + 6, e.y + 4, e.text, {fill: e.colour, "font-weight": e.first ? 700 : e.dashed ? 400 : 700, ...HALO});
  }
  box.innerHTML = drawing(W, H, g + '<g class="hot"></g>', ranks ? t("explore.alt_rank", {head: sentences().head}) : sentence());
  box.chart = {x, years, width: W, top: m.top, bottom: H - m.bottom, height: H};
}
function yearLabels(x, y0, y1, width, baseline) {
  const every = Math.ceil((y1 - y0 + 1) / Math.max(2, Math.floor(width / 38)));
  let g = "";
  for (let year = y0; year <= y1; year++) {
    if ((y1 - year) % every && year !== S.year) continue;
    if ((y1 - year) % every === 0 && year !== S.year && Math.abs(year - S.year) < every && Math.abs(x(year) - x(S.year)) < 32) continue;
    g += words(x(year), baseline, year, {"text-anchor": "middle", "font-size": 11.5, ...(year === S.year ? {fill: INK, "font-weight": 700} : {})});
  }
  return g;
}
function courseLine(l, years, x, y) {
  let path = "", dots = "", before = null;
  for (const year of years) {
    const value = l.values[year];
    if (value === null) { before = null; continue; }
    const joined = before !== null && year - before === 1 && segment(S.part, year) === segment(S.part, before);
    path += `${joined ? "L" : "M"}${x(year).toFixed(1)},${y(value).toFixed(1)}`;
    if (!l.dashed) dots += l.hollow.has(year) ? dot(x(year), y(value), 3.6, "#fff", {stroke: l.colour, "stroke-width": 1.8})
      : dot(x(year), y(value), l.first ? 3.5 : 2.9, l.colour, {stroke: "#fff", "stroke-width": 1.2});
    else if (!joined) dots += line(x(year) - 4, y(value), x(year) + 4, y(value), {stroke: l.colour, "stroke-width": 1.5});
    before = year;
  }
  return !path ? "" : tag("path", {class: l.dashed ? null : "line", d: path, fill: "none", stroke: l.colour, "stroke-width": l.first ? 2.8 : l.dashed ? 1.5 : 2, "stroke-dasharray": l.dashed, "stroke-linejoin": "round"}) + dots;
}
/* The 95% interval of the first province's scores, as if errors were those of 2019. */
function errorSpans(years, editions) {
  const code = S.provinces[0], size = standardError(S.part, code, S.list), i = PLACE[S.list][code];
  return size === null ? [] : years.filter(year => editions[year].scores[i] !== null && errorServes(S.part, year))
    .map(year => ({year, top: editions[year].scores[i] + DATA.limits[0] * size, end: editions[year].scores[i] - DATA.limits[0] * size}));
}
/* The ranks that it may have had by the errors of every province. */
const rankSpans = years => years.map(year => ({year, set: rankSet(S.part, S.provinces[0], year, S.list)})).filter(({set}) => set).map(({year, set}) => ({year, top: set[0], end: set[1]}));
const errorBars = (x, y, spans) => spans.map(({year, top, end}) => tag("path", {
  d: `M${x(year).toFixed(1)},${y(top).toFixed(1)}V${y(end).toFixed(1)}m-3,0h6M${(x(year) - 3).toFixed(1)},${y(top).toFixed(1)}h6`,
  stroke: COLOURS[0], "stroke-width": 1.1, "stroke-opacity": .55, fill: "none"})).join("");
/* A cross at the foot of the chart for each province without a figure in an edition. */
function missingMarks(lines, years, editions, x, baseline) {
  return years.map(year => S.provinces.map((code, k) => lines[k].values[year] !== null ? "" : k).filter(k => k !== "").map((k, row) => {
    const [cx, cy] = [x(year), baseline - 4 - row * 8];
    return tag("path", {d: `M${cx - 3},${cy - 3}l6,6M${cx - 3},${cy + 3}l6,-6`, stroke: COLOURS[k], "stroke-width": 1.4, fill: "none"});
  }).join("")).join("");
}

/* ------------------------------------------------------------------------------------------ an edition, all provinces */
function drawStrip() {
  const box = document.getElementById("strip"), W = Math.max(280, widths.strip), held = edition(S.part, S.year, S.list);
  box.chart = null;
  if (!held?.whole) return void (box.innerHTML = `<p class="none">${escaped(t("explore.no_distribution", {count: held?.count ?? 0, n: held?.n ?? "…"}))}</p>`);
  const R = W < 500 ? 4.2 : 5.8, x = linear([held.lowest, Math.max(held.highest, held.lowest + 1e-9)], [20, W - 20]), placed = [], rows = [];
  const dots = held.scores.map((value, i) => value === null ? null : {i, value, x: x(value), chosen: S.provinces.indexOf(DATA.lists[S.list][i].code)}).filter(Boolean);
  for (const d of dots.sort((a, b) => (b.chosen >= 0) - (a.chosen >= 0) || a.x - b.x)) { // around the middle line, none upon another
    const near = placed.filter(p => Math.abs(p.x - d.x) < 2 * R + .6), at = [0];
    for (const p of near) { const rise = Math.sqrt((2 * R + .6) ** 2 - (p.x - d.x) ** 2); at.push(p.off + rise, p.off - rise); }
    d.off = at.filter(off => near.every(p => (p.x - d.x) ** 2 + (p.off - off) ** 2 >= (2 * R + .5) ** 2 - .01)).sort((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 0;
    placed.push(d);
  }
  const chosen = placed.filter(d => d.chosen >= 0).sort((a, b) => a.x - b.x);
  for (const d of chosen) { // its label stands in the first row that is free
    d.text = `${province(DATA.lists[S.list][d.i].code, true)}\u00a0 ${score(d.value)}`;
    const half = widthOf(d.text, 12.5, 700) / 2 + 4;
    d.label = Math.min(Math.max(d.x, half), W - half);
    d.row = rows.findIndex(end => end <= d.label - half);
    if (d.row < 0) d.row = rows.length;
    rows[d.row] = d.label + half;
  }
  const reach = Math.max(18, ...placed.map(d => Math.abs(d.off))) + R, top = 24 + rows.length * 14, middle = top + reach + 4, base = middle + reach + 2, H = base + 22;
  const cuts = [0, x(held.cuts[2]), x(held.cuts[1]), x(held.cuts[0]), W], {step, at} = ticks(held.lowest, held.highest, W < 500 ? 5 : 9);
  let g = "";
  [...GROUPS].reverse().forEach((group, k) => {
    g += tag("rect", {x: cuts[k], y: 18, width: Math.max(0, cuts[k + 1] - cuts[k]), height: base - 18, fill: k % 2 ? "#fff" : "#F1F3F5"});
    const [name, left, right] = [label(group), Math.max(cuts[k], 0), Math.min(cuts[k + 1], W)];
    if (right - left > widthOf(name, 11.5) + 6) g += words((left + right) / 2, 12, name, {"text-anchor": "middle", "font-size": 11.5});
  });
  for (const v of at) g += line(x(v), 18, x(v), base) + words(x(v), base + 15, ofTickStep(v, step), {"text-anchor": "middle"});
  for (const d of placed) { d.y = middle + d.off; if (d.chosen < 0) g += dot(d.x, d.y, R, OTHERS, {stroke: "#fff", "stroke-width": .8}); }
  for (const d of chosen) g += line(d.x, 36 + d.row * 14, d.x, d.y - R - 2, {stroke: COLOURS[d.chosen], "stroke-width": .9});
  for (const d of chosen) g += dot(d.x, d.y, R + 1.6, COLOURS[d.chosen], {stroke: "#fff", "stroke-width": 1.4})
    + words(d.label, 32 + d.row * 14, d.text, {"text-anchor": "middle", "font-size": 12.5, "font-weight": 700, fill: COLOURS[d.chosen], ...HALO});
  box.innerHTML = drawing(W, H, g + '<g class="hot"></g>', t("explore.alt_strip", {n: held.count, subject: subject(), lowest: score(held.lowest), highest: score(held.highest), median: score(held.median)}));
  box.chart = {dots: placed, radius: R, width: W};
}
function drawTiles() {
  const held = edition(S.part, S.year, S.list), w = 53, h = S.list === "pre_2025" ? 32 : 44, all = DATA.lists[S.list].filter(p => p.tile);
  const columns = Math.max(...all.map(p => p.tile[0])) + 1, lines = Math.max(...all.map(p => p.tile[1])) + 1;
  let g = "";
  for (const p of all) {
    const i = PLACE[S.list][p.code], k = S.provinces.indexOf(p.code), group = held?.groups[i], none = !held || held.missing[i] !== "";
    const [left, top] = [p.tile[0] * w, p.tile[1] * h], ink = group && !none ? GROUP_INK[group] : INK, name = p.short[side()];
    const box = (inset, more) => tag("rect", {x: left + inset, y: top + inset, width: w - 2 * inset, height: h - 2 * inset, rx: 2.5, ...more});
    const value = none ? "–" : held.ranks[i] ?? score(held.scores[i]);
    g += tag("g", {"data-tile": p.code, role: "button", tabindex: k === 0 ? 0 : -1, "aria-pressed": k >= 0, "aria-label": provinceSaid(i), cursor: "pointer"},
      box(1.2, {fill: none ? "#fff" : group ? GROUP_FILL[group] : "#E4E8EC", stroke: none ? "#9AA2AA" : null, "stroke-dasharray": none ? "2 2" : null})
      + (k < 0 ? "" : box(1.4, {fill: "none", stroke: "#fff", "stroke-width": 4.4}) + box(.8, {fill: "none", stroke: k ? COLOURS[k] : OUTLINE, "stroke-width": 2.6}))
      + words(left + w / 2, top + h / 2 - 2.5, name, {"text-anchor": "middle", "font-size": Math.min(9.2, 9.2 * (w - 5) / widthOf(name, 9.2, k >= 0 ? 700 : 400)), fill: ink, "font-weight": k >= 0 ? 700 : 400})
      + words(left + w / 2, top + h / 2 + 10, value, {"text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: ink}));
  }
  document.getElementById("tiles").innerHTML = drawing(columns * w, lines * h, g, t("explore.alt_tiles", {subject: subject()}), "group");
  const cuts = held?.cuts, span = k => !cuts ? "" : ` ${score(k === 3 ? held.lowest : cuts[k])}–${score(k ? cuts[k - 1] : held.highest)}`;
  document.getElementById("key").innerHTML = held?.groups.some(Boolean)
    ? GROUPS.map((group, k) => `<span><svg width="13" height="13" aria-hidden="true">${tag("rect", {width: 13, height: 13, rx: 2, fill: GROUP_FILL[group]})}</svg>${label(group)}${span(k)}</span>`).join("")
    : `<span>${t("explore.no_groups")}</span>`;
}

/* ------------------------------------------------------------------------------------------------ changes of the parts */
/* Parts of the component in view with the change of each: {id, points, found, refused, mark}. */
function partChanges() {
  const parts = partsOf(S.part, S.year), code = S.provinces[0], i = PLACE[S.list][code];
  if (!S.base || !parts.length) return [];
  const certain = changesTogether(parts, code, S.base, S.year, S.list);
  return parts.map((id, k) => {
    const [from, to] = [S.base, S.year].map(year => edition(id, year, S.list)?.scores[i] ?? null);
    const no = !comparable(id, S.base, S.year), gone = from === null || to === null;
    return {id, points: no || gone ? null : to - from, found: no ? null : certain[k], refused: no, gone, mark: !no && !gone && !sameComponent(id, S.base, S.year)};
  });
}
function drawParts() {
  const box = document.getElementById("changes"), changes = partChanges(), section = document.getElementById("sChanges");
  section.hidden = !changes.some(c => c.points !== null);
  if (section.hidden) return void (box.innerHTML = "");
  const W = Math.max(280, widths.changes || widths.strip), narrow = W < 560, names = narrow ? W - 8 : 250, h = narrow ? 42 : 27;
  const left = narrow ? 46 : names + 60, right = W - 60, top = 22;
  const reach = Math.max(...changes.map(c => Math.max(Math.abs(c.points ?? 0), c.found ? c.found.limit : 0)), .01) * 1.04;
  const x = linear([-reach, reach], [left, right]), H = top + changes.length * h + 6;
  const {step, at} = ticks(-reach, reach, narrow ? 4 : 8);
  let g = at.map(v => line(x(v), top - 4, x(v), H) + words(x(v), 12, (v > 0 ? "+" : "") + ofTickStep(v, step), {"text-anchor": "middle", "font-size": 11})).join("");
  changes.forEach((c, k) => {
    const middle = top + k * h + (narrow ? 29 : h / 2), colour = c.points < 0 ? WORSE : COLOURS[0];
    g += narrow ? words(0, middle - 15, numbered(c.id), {fill: INK}) : words(names, middle + 4, clipped(numbered(c.id), names), {"text-anchor": "end", fill: INK});
    if (c.points === null) return void (g += words(x(0) + 6, middle + 4, t(c.refused ? "explore.not_comparable" : "explore.gone")));
    if (c.found) g += tag("rect", {x: x(-c.found.limit), y: middle - 8, width: x(c.found.limit) - x(-c.found.limit), height: 16, fill: "#E4E7EB"});
    g += tag("rect", {x: Math.min(x(0), x(c.points)), y: middle - 5, width: Math.max(1, Math.abs(x(c.points) - x(0))), height: 10, fill: colour, "fill-opacity": c.found && !c.found.beyond ? .55 : 1});
    const text = change(c.points, c.id) + (c.mark ? " †" : ""), outside = c.points < 0 ? x(c.points) - 5 : x(c.points) + 5;
    g += words(outside, middle + 4, text, {"text-anchor": c.points < 0 ? "end" : "start", fill: INK, "font-weight": c.found?.beyond ? 700 : 400, ...HALO});
  });
  g += line(x(0), top - 4, x(0), H, {stroke: INK, "stroke-width": 1});
  box.innerHTML = drawing(W, H, g, t("explore.alt_changes", {province: province(S.provinces[0]), from: S.base, to: S.year,
    parts: changes.filter(c => c.points !== null).map(c => `${numbered(c.id)} ${change(c.points, c.id)}`).join("; ")}));
}
function clipped(text, width) {
  if (widthOf(text, 12) <= width) return text;
  let short = text;
  while (widthOf(short + "…", 12) > width) short = short.slice(0, -1);
  return short.trimEnd() + "…";
}
