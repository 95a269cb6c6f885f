/* The view, its address, and what a reader does. */

const MOST = 6;
const FIRST = {lang: "vi", list: "pre_2025", part: "papi_total", year: null, base: null, rule: "", from: null, to: null, provinces: ["58"], median: true, region: "", sort: "rank", weights: []};
const firstPart = (index, list) => DATA.cells[list][index + "_total"] ? index + "_total"
  : Object.keys(DATA.cells[list]).find(part => DATA.components[part].index === index);
const yearsShown = () => yearsOf(S.part, S.list).filter(year => S.from <= year && year <= S.to);

/* A part of an index of which a province has a figure in the newest edition, the total before others. */
function heldPart(index, list, code) {
  const parts = [index + "_total", ...Object.keys(DATA.cells[list])].filter(part => DATA.cells[list][part] && DATA.components[part].index === index);
  return parts.find(part => edition(part, yearsOf(part, list).at(-1), list).missing[PLACE[list][code]] === "");
}
const anyPart = (list, code, index) => [index, ...DATA.indices.map(each => each.id)].filter(Boolean).map(id => heldPart(id, list, code)).find(Boolean)
  ?? Object.keys(DATA.cells[list])[0];

/* Whatever an address says, a view that holds: nothing in it is refused. */
function repaired(wanted) {
  const view = {...FIRST, ...wanted};
  if (!LISTS.includes(view.list)) view.list = FIRST.list;
  if (!["vi", "en"].includes(view.lang)) view.lang = FIRST.lang;
  view.provinces = [...new Set(view.provinces)].filter(code => Object.hasOwn(PLACE[view.list], code)).slice(0, MOST);
  if (!view.provinces.length) view.provinces = [view.list === "pre_2025" ? "58" : "56"];
  if (!Object.hasOwn(DATA.cells[view.list], view.part)) view.part = anyPart(view.list, view.provinces[0], Object.hasOwn(DATA.components, view.part) ? DATA.components[view.part].index : "");
  const years = yearsOf(view.part, view.list);
  view.from = years.includes(view.from) ? view.from : years[0];
  view.to = years.includes(view.to) && view.to >= view.from ? view.to : years.at(-1);
  const inside = years.filter(year => view.from <= year && year <= view.to);
  if (!inside.includes(view.year)) view.year = inside.at(-1);
  const offered = years.includes(view.base) ? refusal(view.part, view.base, view.year)?.rules ?? [] : [];
  if (!offered.includes(view.rule)) view.rule = "";
  const allowed = years.filter(year => year !== view.year && comparable(view.part, year, view.year));
  if (!view.rule && !allowed.includes(view.base)) view.base = allowed.filter(year => year < view.year).at(-1) ?? null;
  if (view.region === "1") view.region = provinceOf(view.provinces[0], view.list).region; // as addresses said it once
  if (!DATA.lists[view.list].some(p => p.region === view.region)) view.region = "";
  if (!/^-?(rank|name|region|score|change|places|before)$/.test(view.sort)) view.sort = FIRST.sort;
  view.weights = view.weights.slice(0, 8).map(weight => weight >= 0 && weight <= 3 ? weight : 1);
  if (view.weights.every(weight => weight === 1)) view.weights = [];
  return view;
}
/* The address of a view, without what follows from the rest. */
function addressOf(view) {
  const plain = repaired({lang: view.lang, list: view.list, part: view.part, provinces: view.provinces, year: view.year});
  const values = {lang: view.lang, list: view.list, part: view.part, provinces: view.provinces.join(","), year: view.year, base: view.base, rule: view.rule,
    from: view.from, to: view.to, median: +view.median, region: view.region, sort: view.sort, weights: view.weights.join(",")};
  const needless = {list: FIRST.list, rule: "", from: plain.from, to: plain.to, base: plain.base, median: 1, region: "", sort: FIRST.sort, weights: ""};
  return "#" + Object.entries(values).filter(([key, value]) => value !== needless[key]).map(([key, value]) => `${key}=${value ?? ""}`).join("&");
}
function read(address) {
  const given = {};
  for (const piece of address.slice(1).split("&")) {
    const [key, text = ""] = piece.split("=");
    if (!Object.hasOwn(FIRST, key)) continue;
    let value; try { value = decodeURIComponent(text); } catch { continue; }
    given[key] = ["year", "base", "from", "to"].includes(key) ? Number(value) : key === "median" ? value === "1"
      : key === "provinces" ? value.split(",") : key === "weights" ? value.split(",").filter(Boolean).map(Number) : value;
  }
  return given;
}
function show(changes, keep = false) {
  const started = performance.now();
  S = repaired({...S, ...changes});
  if (location.hash !== addressOf(S)) history[keep ? "replaceState" : "pushState"](null, "", addressOf(S));
  draw();
  window.explore.took = performance.now() - started;
}

function draw() {
  for (const id of ["score", "rank", "strip", "changes"]) widths[id] = document.getElementById(id).clientWidth;
  hover(null);
  message("");
  const active = document.activeElement, data = Object.entries(active?.dataset ?? {}).find(([key]) => key !== "why"), home = active?.closest("[id]")?.id;
  drawChoices(); drawYears(); drawSentence(); drawDrill(); drawCourse("score"); drawCourse("rank"); drawNotes(); drawHistory();
  drawStrip(); drawTiles(); drawTable(); drawParts(); drawPeers(); drawWeights(); drawWorkload();
  requestAnimationFrame(() => { // when the browser has laid it out anyway
    for (const id of ["years", "bases"]) bringIntoView(document.getElementById(id));
    const table = document.getElementById("history").parentElement;
    table.scrollLeft = table.scrollWidth;
  });
  if (data && home && !document.contains(active)) document.querySelector(`#${home} [data-${data[0]}="${CSS.escape(data[1])}"]`)?.focus({preventScroll: true});
}
/* In a row that is wider than the screen, the year that is chosen. */
function bringIntoView(row) {
  if (row.scrollWidth <= row.clientWidth) return;
  const chosen = row.querySelector("[aria-pressed=true]") ?? row.lastElementChild;
  row.scrollLeft = chosen.offsetLeft - row.offsetLeft - row.clientWidth + chosen.offsetWidth + 50;
}
/* Why something cannot be, and the rules on offer. */
function message(text, rules = [], base = null) {
  put("why", escaped(text) + ruleButtons(rules, base));
}
function toggle(code) {
  if (!S.provinces.includes(code)) return S.provinces.length < MOST ? show({provinces: [...S.provinces, code]}) : message(t("explore.six_chosen"));
  return S.provinces.length > 1 ? show({provinces: S.provinces.filter(c => c !== code)}) : message(t("explore.one_needed"));
}
function otherList(list) {
  const codes = S.provinces.map(code => list === "post_2025" ? provinceOf(code, S.list).successor : provinceOf(code, S.list).predecessors.includes("58") ? "58" : provinceOf(code, S.list).predecessors[0] ?? code);
  show({list, provinces: codes, part: anyPart(list, codes[0], indexOf(S.part).id), year: null, base: null, from: null, to: null, rule: ""});
}

/* ------------------------------------------------------------------------------------------------ pointer and keys */
const tip = document.getElementById("tip");
function point(html, x, y) {
  tip.innerHTML = html;
  tip.hidden = false;
  const {offsetWidth: w, offsetHeight: h} = tip;
  tip.style.left = Math.max(6, Math.min(innerWidth - w - 6, x + 14 + w > innerWidth ? x - w - 14 : x + 14)) + "px";
  tip.style.top = Math.max(6, Math.min(innerHeight - h - 6, y - h / 2)) + "px";
}
let hot = null; // the year or the dot under the pointer
function hover(value, content = "") {
  hot = value;
  if (value === null) tip.hidden = true;
  for (const group of document.querySelectorAll(".hot")) group.innerHTML = "";
  if (content) for (const id of ["score", "rank"]) {
    const chart = document.getElementById(id).chart, group = document.querySelector(`#${id} .hot`);
    if (chart && group) group.innerHTML = line(chart.x(value), chart.top, chart.x(value), chart.bottom, {stroke: INK, "stroke-width": 1});
  }
}
function yearTip(year) {
  const held = edition(S.part, year, S.list);
  const rows = S.provinces.map((code, k) => ({code, k, i: PLACE[S.list][code]})).sort((a, b) => (held.scores[b.i] ?? -1) - (held.scores[a.i] ?? -1));
  const html = rows.map(({code, k, i}) => held.missing[i] ? `<div>${swatch(COLOURS[k], 10)}<span>${escaped(province(code, true))}</span><em>${why(held, i)}</em><em></em></div>`
    : `<div>${swatch(COLOURS[k], 10)}<span>${escaped(province(code, true))}</span><span>${held.scores[i] === null ? "" : score(held.scores[i]) + bare(held, i)}</span><em>${held.ranks[i] === null ? "" : rankOf(held.ranks[i], held.n)}${(set => set ? ` (${set[0]}–${set[1]})` : "")(rankSet(S.part, code, year, S.list))}</em></div>`).join("");
  const grades = [...new Set(rows.filter(r => !held.missing[r.i]).map(r => held.evidence[r.i]))].filter(Boolean).map(grade => t("explore.evidence_" + grade));
  const middle = held.median === null ? "" : `<div><i></i><em>${label("median")}</em><em>${score(held.median)}</em><i></i></div>`;
  return {html: `<b>${year}</b>${html}${middle}${grades.length ? `<p>${escaped(grades.join("; "))}</p>` : ""}`, said: `${year}: ${rows.map(({i}) => provinceSaid(i, year)).join("; ")}`};
}
for (const id of ["score", "rank"]) {
  const box = document.getElementById(id);
  const yearAt = event => {
    const chart = box.chart, edge = box.getBoundingClientRect();
    const value = chart.x.invert((event.clientX - edge.left) * chart.width / edge.width);
    return chart.years.reduce((a, b) => Math.abs(b - value) < Math.abs(a - value) ? b : a);
  };
  box.addEventListener("pointermove", event => { if (box.chart) { const year = yearAt(event); hover(year, id); point(yearTip(year).html, event.clientX, event.clientY); } });
  box.addEventListener("click", event => { if (box.chart) show({year: yearAt(event)}); });
  for (const kind of ["pointerleave", "blur"]) box.addEventListener(kind, () => hover(null));
  box.addEventListener("keydown", event => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key], years = box.chart?.years;
    if (step && years) {
      event.preventDefault();
      const year = hot === null ? S.year : years[Math.max(0, Math.min(years.length - 1, years.indexOf(hot) + step))], edge = box.getBoundingClientRect(), {html, said} = yearTip(year);
      hover(year, id);
      point(html, edge.left + box.chart.x(year) * edge.width / box.chart.width, edge.top + edge.height / 2);
      say("live", said);
    } else if (event.key === "Enter" && hot !== null) show({year: hot});
    else if (event.key === "Escape") hover(null);
  });
}
{
  const box = document.getElementById("strip");
  const mark = (d, x, y) => {
    hover(d);
    if (!d) return;
    document.querySelector("#strip .hot").innerHTML = dot(d.x, d.y, box.chart.radius + 2.5, "none", {stroke: INK, "stroke-width": 1.6});
    point(escaped(provinceSaid(d.i)), x, y);
  };
  box.addEventListener("pointermove", event => {
    if (!box.chart) return;
    const edge = box.getBoundingClientRect(), far = d => Math.hypot(d.x - (event.clientX - edge.left), d.y - (event.clientY - edge.top));
    const nearest = box.chart.dots.reduce((a, b) => far(b) < far(a) ? b : a);
    mark(far(nearest) < 26 ? nearest : null, event.clientX, event.clientY);
  });
  for (const kind of ["pointerleave", "blur"]) box.addEventListener(kind, () => hover(null));
  box.addEventListener("click", () => { if (hot?.dots === undefined && hot?.i !== undefined) toggle(DATA.lists[S.list][hot.i].code); });
  box.addEventListener("keydown", event => {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!box.chart) return;
    if (step) {
      event.preventDefault();
      const sorted = [...box.chart.dots].sort((a, b) => a.value - b.value), now = hot ? sorted.findIndex(d => d.i === hot.i) + step : sorted.findIndex(d => d.chosen === 0);
      const d = sorted[Math.max(0, Math.min(sorted.length - 1, now))], edge = box.getBoundingClientRect();
      mark(d, edge.left + d.x, edge.top + d.y);
      say("live", provinceSaid(d.i));
    } else if (event.key === "Enter" && hot) toggle(DATA.lists[S.list][hot.i].code);
    else if (event.key === "Escape") hover(null);
  });
}
{
  const box = document.getElementById("tiles");
  box.addEventListener("pointermove", event => {
    const tile = event.target.closest("[data-tile]");
    if (tile) point(escaped(provinceSaid(PLACE[S.list][tile.dataset.tile])), event.clientX, event.clientY); else tip.hidden = true;
  });
  box.addEventListener("pointerleave", () => { tip.hidden = true; });
  box.addEventListener("keydown", event => {
    const tile = event.target.closest("[data-tile]"), step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!tile) return;
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return toggle(tile.dataset.tile); }
    if (!step) return;
    event.preventDefault();
    const [x, y] = provinceOf(tile.dataset.tile, S.list).tile, away = p => Math.hypot((p.tile[0] - x) * (step[0] ? 1 : 2), (p.tile[1] - y) * (step[0] ? 2 : 1));
    const next = DATA.lists[S.list].filter(p => p.tile && (step[0] ? Math.sign(p.tile[0] - x) === step[0] && p.tile[1] === y : Math.sign(p.tile[1] - y) === step[1])).sort((a, b) => away(a) - away(b))[0];
    if (next) box.querySelector(`[data-tile="${next.code}"]`).focus();
  });
}
{ // a province by typing, with or without accents
  const field = document.getElementById("find"), list = document.getElementById("found");
  let at = 0, hits = [];
  const close = () => { list.hidden = true; field.setAttribute("aria-expanded", "false"); field.removeAttribute("aria-activedescendant"); };
  const open = () => {
    const typed = folded(field.value.trim()), held = edition(S.part, S.year, S.list), starts = p => folded(p.name[0]).startsWith(typed);
    hits = DATA.lists[S.list].map((p, i) => ({p, i})).filter(({p}) => !S.provinces.includes(p.code) && p.tile && [...p.name, ...p.short, p.aliases].some(name => folded(name).includes(typed)))
      .sort((a, b) => starts(b.p) - starts(a.p) || alphabetical(a.p.name[0], b.p.name[0]));
    at = Math.max(0, Math.min(at, hits.length - 1));
    list.innerHTML = hits.map(({p, i}, k) => `<li id="hit${k}" role="option" data-hit="${p.code}" aria-selected="${k === at}">${escaped(p.name[side()])}<span>${held.ranks[i] !== null ? placed(held.ranks[i]) : held.scores[i] !== null ? score(held.scores[i]) : why(held, i)}</span></li>`).join("")
      || `<li role="option" aria-selected="false" aria-disabled="true">${t("explore.no_such_province")}</li>`;
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    if (hits.length) field.setAttribute("aria-activedescendant", "hit" + at); else field.removeAttribute("aria-activedescendant");
  };
  const take = code => { field.value = ""; close(); toggle(code); field.focus(); };
  field.addEventListener("input", () => { at = 0; open(); });
  field.addEventListener("click", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", event => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) { event.preventDefault(); if (!list.hidden) at += step; open(); list.children[at]?.scrollIntoView({block: "nearest"}); }
    else if (event.key === "Enter" && !list.hidden && hits[at]) take(hits[at].p.code);
    else if (event.key === "Escape") close();
  });
  list.addEventListener("pointerdown", event => { event.preventDefault(); const hit = event.target.closest("[data-hit]"); if (hit) take(hit.dataset.hit); });
}
document.addEventListener("click", event => {
  const button = event.target.closest("button");
  if (!button) return;
  const d = button.dataset;
  if (button.getAttribute("aria-disabled") === "true") return message(d.why, d.base && d.base !== String(S.year) && yearsOf(S.part, S.list).includes(+d.base) ? refusal(S.part, +d.base, S.year)?.rules : [], d.base);
  if (d.lang) show({lang: d.lang});
  else if (d.list && d.list !== S.list) otherList(d.list);
  else if (d.index) show({part: firstPart(d.index, S.list), year: null, base: null, from: null, to: null, rule: ""});
  else if (d.part) show({part: d.part, rule: ""});
  else if (d.year) show({year: +d.year, base: S.base < +d.year ? S.base : null, rule: ""});
  else if (d.base) show({base: +d.base, rule: ""});
  else if (d.rule) show({base: +d.with, rule: d.rule});
  else if (d.remove) toggle(d.remove);
  else if (d.toggle) toggle(d.toggle);
  else if (d.first) show({provinces: [d.first, ...S.provinces.filter(code => code !== d.first)]});
  else if (d.rivals) { const own = S.provinces[0]; show({provinces: [own, ...nearestRivals(S.part, S.year, S.list, own).filter(code => code !== own)]}); }
  else if (d.sort) show({sort: S.sort === d.sort ? "-" + d.sort : S.sort === "-" + d.sort || ["rank", "name", "region", "before"].includes(d.sort) ? d.sort : "-" + d.sort}, true);
  else if (d.save) save(d.save, d.of);
  else if (d.act === "equal") show({weights: []}, true);
  else if (d.act === "reset") show({...FIRST, lang: S.lang});
  else if (d.act === "print") print();
  else if (d.act === "link") copyLink();
});
async function copyLink() {
  try { await navigator.clipboard.writeText(location.href); message(t("explore.link_copied")); } catch { message(t("explore.link_here", {link: location.href})); }
}
document.getElementById("tiles").addEventListener("click", event => { const tile = event.target.closest("[data-tile]"); if (tile) toggle(tile.dataset.tile); });
document.getElementById("table").addEventListener("click", event => { if (!event.target.closest("button")) event.target.closest("tr")?.querySelector("[data-toggle]")?.click(); });
for (const kind of ["mouseover", "focusin"]) document.addEventListener(kind, event => { const no = event.target.closest?.("[data-why]"); if (no) message(no.dataset.why, no.dataset.base && yearsOf(S.part, S.list).includes(+no.dataset.base) && +no.dataset.base !== S.year ? refusal(S.part, +no.dataset.base, S.year)?.rules : [], no.dataset.base); });
document.addEventListener("change", event => {
  const {check, choose} = event.target.dataset;
  if (choose) show({[choose]: event.target.value});
  else if (check) show({[check]: event.target.checked});
  else if (event.target.id === "from" || event.target.id === "to") show({[event.target.id]: +event.target.value});
});
document.getElementById("sliders").addEventListener("input", event => {
  const weights = Array.from({length: 8}, (_, k) => S.weights[k] ?? 1);
  weights[+event.target.dataset.weight] = +event.target.value;
  S = repaired({...S, weights});
  drawWeights();
});
document.getElementById("sliders").addEventListener("change", () => history.replaceState(null, "", addressOf(S)));
for (const id of ["sWeights", "sWorkload"]) document.getElementById(id).addEventListener("toggle", () => { drawWeights(); drawWorkload(); });
addEventListener("popstate", () => { S = repaired(read(location.hash)); draw(); });
let wide = innerWidth;
addEventListener("resize", () => { if (innerWidth !== wide) { wide = innerWidth; draw(); } });

/* What tests ask. */
window.explore = {show, edition, refusal, otherPopulation, changeOf, changesTogether, gapOf, rankSet, likeness, weighted, weightedBand, commonTotals, nearestRivals, regionMedian, marks, sentence, csvOf, pictureOf, DATA, get view() { return S; }, took: 0, ready: 0};
Promise.all([400, 700].map(weight => document.fonts.load(`${weight} 12px Roboto`, "\u1ead"))).catch(() => []).then(() => {
  S = repaired(read(location.hash));
  document.getElementById("sWeights").open = S.weights.length > 0;
  draw();
  window.explore.ready = performance.now();
});
