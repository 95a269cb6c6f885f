/* What stands around the pictures: choices, sentence, notes, tables. */

const put = (id, html) => { document.getElementById(id).innerHTML = html; };
const say = (id, text) => { document.getElementById(id).textContent = text; };
const disabled = reason => reason ? ` aria-disabled="true" data-why="${escaped(reason)}" title="${escaped(reason)}"` : "";
const pressed = on => ` aria-pressed="${Boolean(on)}"`;
const heading = (id, title, under = "") => put(id, `<b>${escaped(title)}</b>${under ? `<span>${escaped(under)}</span>` : ""}`);
const saves = of => ["svg", "png", "csv"].filter(kind => of !== "table" || kind === "csv")
  .map(kind => `<button data-save="${kind}" data-of="${of}" aria-label="${escaped(t("explore.save", {kind: kind.toUpperCase(), what: t("explore.what_" + of)}))}">${kind.toUpperCase()}</button>`).join("");

function drawChoices() {
  document.getElementById("langs").setAttribute("aria-label", t("explore.label_languages"));
  put("langs", ["vi", "en"].map(lang => `<button data-lang="${lang}" lang="${lang}"${pressed(lang === S.lang)}>${t("explore.language_" + lang)}</button>`).join(""));
  put("lists", LISTS.map(list => `<button data-list="${list}"${pressed(list === S.list)}>${t("explore.list_" + list)}<span>${t("explore.until_" + list)}</span></button>`).join(""));
  put("brand", `${escaped(t("explore.brand"))}<span>${escaped(t("explore.brand_under"))}</span>`);
  for (const id of ["index", "provinces", "parts", "year", "base", "from", "to"]) say(id + "Label", t("explore.label_" + id));
  put("indices", DATA.indices.map(index => {
    const reason = firstPart(index.id, S.list) ? "" : t("explore.no_edition", {index: index.short});
    return `<button data-index="${index.id}"${pressed(index === indexOf(S.part))}${disabled(reason)}>${index.short}</button>`;
  }).join(""));
  const held = edition(S.part, S.year, S.list);
  put("chosen", S.provinces.map((code, k) => {
    const i = PLACE[S.list][code], value = held.ranks[i] !== null ? placed(held.ranks[i]) + bare(held, i) : held.scores[i] !== null ? score(held.scores[i]) : why(held, i);
    const remove = S.provinces.length < 2 ? "" : `<button data-remove="${code}" aria-label="${escaped(t("explore.remove", {province: province(code)}))}">×</button>`;
    const first = k ? `<button class="nm" data-first="${code}" title="${escaped(t("explore.make_first"))}">${escaped(province(code))}</button>` : `<span class="nm">${escaped(province(code))}</span>`;
    return `<li>${swatch(COLOURS[k])}${first}<span class="vl">${value}</span>${remove}</li>`;
  }).join(""));
  const full = S.provinces.length >= MOST, find = document.getElementById("find");
  find.disabled = full;
  find.placeholder = t(full ? "explore.six_chosen" : "explore.add");
  find.setAttribute("aria-label", t("explore.add"));
  const own = provinceOf(S.provinces[0], S.list), rivals = nearestRivals(S.part, S.year, S.list, own.code);
  const box = (key, text, reason) => `<label${reason ? ` class="no" title="${escaped(reason)}"` : ""}><input type="checkbox" data-check="${key}"${S[key] ? " checked" : ""}${reason ? " disabled" : ""}> ${escaped(text)}</label>`;
  const none = yearsShown().some(year => edition(S.part, year, S.list).whole) ? "" : t("explore.no_median");
  put("references", box("median", label("national_median"), none) + regionChoice(own.region ? none : t("explore.no_regions"))
    + `<button data-rivals="1"${disabled(held.whole && rivals.length > 1 ? "" : t("explore.no_rivals", {year: S.year}))}>${t("explore.rivals")}</button>`);
}

/* The median of any region as a line beside the provinces. */
function regionChoice(reason) {
  const held = Object.keys(DATA.regions).filter(id => DATA.lists[S.list].some(p => p.region === id));
  const options = ["", ...held].map(id => `<option value="${id}"${id === S.region ? " selected" : ""}>${id ? escaped(region(id)) : "–"}</option>`).join("");
  return `<label${reason ? ` class="no" title="${escaped(reason)}"` : ""}><span>${escaped(label("region_median"))}</span><select data-choose="region"${reason ? " disabled" : ""}>${options}</select></label>`;
}
const ruleButtons = (rules, base) => rules.filter(rule => rule !== "aggregate")
  .map(rule => ` <button data-rule="${rule}" data-with="${base}">${escaped(t("explore.choose_rule", {rule: DATA.rules[rule][side()]}))}</button>`).join("");

/* The years: grey with its reason where a comparison would cross a break, or the merger. */
function drawYears() {
  const years = yearsOf(S.part, S.list), cut = (year, k) => k && !comparable(S.part, years[k - 1], year) ? '<i class="cut" aria-hidden="true"></i>' : "";
  put("years", years.map((year, k) => `${cut(year, k)}<button data-year="${year}"${pressed(year === S.year)}>${year}</button>`).join(""));
  const reason = year => year === S.year ? t("explore.year_in_view") : (found => found && refused(found))(refusalHere(year, S.year));
  const here = years.map((year, k) => {
    const no = reason(year), ruled = S.rule && year === S.base;
    return `${cut(year, k)}<button data-base="${year}"${pressed(year === S.base)}${ruled ? ' class="ruled"' : disabled(no)}>${year}</button>`;
  }).join("");
  put("bases", S.list === "pre_2025" ? here + otherYears() : otherYears() + here);
  for (const [id, chosen] of [["from", S.from], ["to", S.to]]) put(id, years.map(year => `<option${year === chosen ? " selected" : ""}>${year}</option>`).join(""));
}
/* Editions of the other list: never chained to those of this one. */
function otherYears() {
  const other = LISTS.find(list => list !== S.list), here = yearsOf(S.part, S.list), own = provinceOf(S.provinces[0], S.list);
  const before = S.list === "pre_2025" ? own.code : provinceOf(own.predecessors.find(c => c === "58") ?? own.predecessors[0] ?? own.code, "pre_2025")?.code;
  return yearsOf(S.part, other).filter(year => !here.includes(year)).slice(-1).map(year => {
    const found = before ? otherPopulation(before, ...(S.list === "pre_2025" ? [S.year, year] : [year, S.year])) : null;
    const cut = '<i class="cut" aria-hidden="true"></i>', button = found && `<button data-base="${year}"${disabled(refused(found))}>${year}</button>`;
    return !found ? "" : S.list === "pre_2025" ? cut + button : button + cut;
  }).join("");
}

function drawSentence() {
  const index = indexOf(S.part), {head, said} = sentences();
  if (document.documentElement.lang !== S.lang) document.documentElement.lang = S.lang;
  document.title = `${head} – ${t("explore.brand")}`;
  say("kicker", `${index.short} – ${index.name[side()]}` + (version(S.part, S.year).level === "total" ? "" : ` › ${numbered(S.part)}`));
  say("headline", head);
  say("said", said.length ? said.join(". ") + "." : "");
  const own = S.provinces[0], care = S.base && !S.rule ? marks(S.part, S.base, S.year) : [];
  const before = yearsOf(S.part, S.list).filter(year => year < S.year).at(-1), no = S.base || !before ? null : refusalHere(before, S.year);
  put("care", care.length ? `<b>${t("explore.care")}</b> ${care.map(b => escaped(`${b.year} ${b.label[side()]}`)).join("; ")}.` : no ? escaped(refused(no)) + ruleButtons(no.rules, before) : "");
  const scale = version(S.part, S.year).scale, whole = edition(S.part, S.year, S.list).whole;
  const bounds = scale[1] === null || scale[1] === undefined ? "" : t("explore.scale", {low: number(scale[0], scale[0] % 1 ? 2 : 0), high: number(scale[1], scale[1] % 1 ? 2 : 0)});
  heading("cScore", t("explore.scores"), [bounds, whole ? t("explore.grey_bands") : "", S.region ? t("explore.region_line", {region: region(S.region)}) : ""].filter(Boolean).join("; "));
  heading("cRank", t("explore.ranks"), t("explore.ranks_under"));
  heading("cHistory", t("explore.history"), t("explore.history_under"));
  heading("cStrip", t("explore.distribution", {n: edition(S.part, S.year, S.list).count, year: S.year}), whole ? t("explore.distribution_under") : "");
  heading("cTiles", t("explore.tiles", {year: S.year}), t("explore.tiles_under"));
  heading("cTable", S.base && !S.rule ? t("explore.table_against", {year: S.year, base: S.base}) : t("explore.table", {year: S.year}), t("explore.table_under"));
  const grey = DATA.errors[S.part] && partChanges().some(c => c.found);
  if (S.base) heading("cChanges", t("explore.changes", {province: province(own), from: S.base, to: S.year}), grey ? t("explore.changes_under") : t("explore.changes_plain"));
  for (const of of ["course", "strip", "tiles", "table", "changes"]) put("save_" + of, of === "strip" && !whole ? "" : saves(of));
  put("acts", `<button data-act="link">${t("explore.copy_link")}</button><button data-act="print">${t("explore.print")}</button><button data-act="reset">${t("explore.reset")}</button>`);
  for (const id of ["score", "rank", "strip"]) document.getElementById(id).setAttribute("aria-label", t(`explore.keys_${id}`));
  document.getElementById("scroll").setAttribute("aria-label", t("explore.table", {year: S.year}));
  say("source", sourceLine());
  say("method", t("explore.method"));
}
function footnotes() {
  const found = yearNotes().map((note, k) => ({mark: k + 1, hard: note.hard, text: `${note.year}: ${note.text}`})), years = yearsShown();
  if (standardError(S.part, S.provinces[0], S.list) !== null && years.some(year => errorServes(S.part, year)))
    found.push({mark: "I", text: t("explore.bars", {province: province(S.provinces[0])}) + (rankSpans(years).length ? " " + t("explore.rank_bars") : "")});
  const lacking = {}, hollow = [];
  for (const code of S.provinces) for (const year of years) {
    const held = edition(S.part, year, S.list), i = PLACE[S.list][code];
    if (held.missing[i]) ((lacking[held.missing[i]] ??= {})[province(code)] ??= []).push(year);
    if (held.evidence[i] === "worked_back") hollow.push(`${province(code)} ${year}`);
  }
  for (const [kind, by] of Object.entries(lacking)) found.push({mark: "×", text: t("explore.missing", {why: label(kind), cells: Object.entries(by).map(([name, list]) => `${name} ${spans(list)}`).join("; ")})});
  if (hollow.length) found.push({mark: "○", text: t("explore.hollow", {cells: hollow.join(", ")})});
  return found;
}
function drawNotes() {
  put("notes", footnotes().map(note => `<li><i class="${typeof note.mark === "number" ? note.hard ? "hard" : "soft" : "sign"}">${note.mark}</i><span>${escaped(note.text)}</span></li>`).join(""));
}

/* Rank, score and group of each edition as a table: the two charts for those who cannot see them. */
function drawHistory() {
  const years = yearsShown(), head = years.map((year, k) => `<th scope="col"${k && !comparable(S.part, years[k - 1], year) ? ' class="cut"' : ""}>${year}</th>`).join("");
  const body = S.provinces.map((code, k) => `<tr><th scope="row">${swatch(COLOURS[k], 10)} ${escaped(province(code, true))}</th>` + years.map((year, n) => {
    const held = edition(S.part, year, S.list), i = PLACE[S.list][code], group = held.groups[i], none = held.missing[i] !== "";
    const rank = held.ranks[i], value = none ? `<span title="${escaped(why(held, i))}">×<span class="hide"> ${escaped(why(held, i))}</span></span>` : (rank ?? "–") + bare(held, i);
    const classes = [none ? "none" : group ? "g_" + group : "", n && !comparable(S.part, years[n - 1], year) ? "cut" : "", year === S.year ? "now" : ""].filter(Boolean).join(" ");
    const under = held.scores[i] === null ? "" : `<small>${score(held.scores[i])}</small>`;
    return `<td class="${classes}"${none ? "" : ` title="${escaped(provinceSaid(i, year))}"`}>${value}${under}${group && !none ? `<span class="hide"> ${label(group)}</span>` : ""}</td>`;
  }).join("") + "</tr>").join("");
  put("history", `<caption class="hide">${escaped(t("explore.history"))}</caption><thead><tr><td></td>${head}</tr></thead><tbody>${body}</tbody>`);
}

const mayBe = (code, year) => (set => set ? t("explore.may_be", {low: set[0], high: set[1]}) : "")(rankSet(S.part, code, year, S.list));
/* A province in an edition, in words: for hovering, keys and screen readers. */
function provinceSaid(i, year = S.year) {
  const held = edition(S.part, year, S.list), name = DATA.lists[S.list][i].name[side()];
  if (!held || held.missing[i]) return `${name}: ${why(held, i)}`;
  const said = [held.scores[i] === null ? "" : withUnit(held.scores[i]) + bare(held, i), held.ranks[i] === null ? "" : t("explore.rank_of", {rank: rankOf(held.ranks[i], held.n)}),
    held.groups[i] ? t("explore.group_is", {group: label(held.groups[i]).toLowerCase()}) : "", mayBe(DATA.lists[S.list][i].code, year)].filter(Boolean);
  return `${name}: ${said.join(", ")}`;
}

/* -------------------------------------------------------------------------------------------------------- the table */
function tableRows() {
  const held = edition(S.part, S.year, S.list), before = S.base ? edition(S.part, S.base, S.list) : null, rows = DATA.lists[S.list].map((p, i) => ({
    code: p.code, i, name: p.name[side()], region: region(p.region), score: held.scores[i], rank: held.ranks[i], group: held.groups[i],
    change: !before || S.rule || held.scores[i] === null || before.scores[i] === null ? null : held.scores[i] - before.scores[i],
    before: before?.ranks[i] ?? null,
    places: !before || !ranksComparable(S.part, S.base, S.year) || S.rule || held.ranks[i] === null || before.ranks[i] === null ? null : before.ranks[i] - held.ranks[i],
  })).filter(row => DATA.lists[S.list][row.i].tile || row.score !== null);
  const [key, down] = [S.sort.replace("-", ""), S.sort.startsWith("-")], empty = row => row[key] === null || row[key] === "";
  return rows.sort((a, b) => empty(a) - empty(b) || (typeof a[key] === "string" ? alphabetical(a[key], b[key]) : a[key] - b[key]) * (down ? -1 : 1) || (a.rank ?? 99) - (b.rank ?? 99) || alphabetical(a.name, b.name));
}
function drawTable() {
  const held = edition(S.part, S.year, S.list), columns = ["rank", "name", ...(S.list === "pre_2025" ? ["region"] : []), "score", ...(S.base ? [...(S.rule ? [] : ["change"]), ...(S.rule === "same_components" ? [] : S.rule || !ranksComparable(S.part, S.base, S.year) ? ["before"] : ["places"])] : [])];
  const key = S.sort.replace("-", ""), bar = held.whole ? linear([held.lowest, held.highest], [3, 42]) : null;
  const head = columns.map(c => `<th scope="col" class="c_${c}" aria-sort="${key !== c ? "none" : S.sort.startsWith("-") ? "descending" : "ascending"}"><button data-sort="${c}">${t("explore.column_" + c, {year: S.base})}</button></th>`).join("");
  const body = tableRows().map(row => {
    const k = S.provinces.indexOf(row.code), drawn = bar && row.score !== null ? `<svg width="44" height="10" aria-hidden="true">${tag("rect", {x: 0, y: 1, height: 8, width: bar(row.score), fill: k < 0 ? "#C3CAD1" : COLOURS[k]})}</svg>` : "";
    const cells = {rank: row.rank ?? "–", name: `<button data-toggle="${row.code}"${pressed(k >= 0)}>${escaped(row.name)}</button>`, region: escaped(row.region),
      score: row.score === null ? `<span class="no">${why(held, row.i)}</span>` : score(row.score) + bare(held, row.i) + drawn, change: change(row.change), before: row.before ?? "–",
      places: row.places === null ? "–" : row.places ? (row.places > 0 ? "▲\u00a0" : "▼\u00a0") + Math.abs(row.places) : "0"};
    return `<tr${k < 0 ? "" : ' class="on"'}>${columns.map(c => `<td class="c_${c}">${cells[c]}</td>`).join("")}</tr>`;
  }).join("");
  put("table", `<thead><tr>${head}</tr></thead><tbody>${body}</tbody>`);
}

/* ------------------------------------------------------------------------------------------------ the parts, and below */
function drawDrill() {
  const trail = [];
  for (let part = S.part; part; part = version(part, S.year).parent) trail.unshift(part);
  const kids = partsOf(S.part, S.year), above = version(S.part, S.year).parent;
  const shown = kids.length ? kids : above ? partsOf(above, S.year) : dimensionsOf(indexOf(S.part).id, S.year);
  put("trail", trail.slice(0, -1).map(part => DATA.cells[S.list][part] ? `<button data-part="${part}">${escaped(numbered(part))}</button> ›` : "").join(" ") + ` <b>${escaped(numbered(S.part))}</b>`);
  put("parts", shown.map(part => {
    const held = edition(part, S.year, S.list), i = PLACE[S.list][S.provinces[0]], name = escaped(numbered(part));
    if (!held) return `<button data-part="${part}"${disabled(t("explore.part_not_held", {part: numbered(part), year: S.year}))}><span>${name}</span><span class="rk">–</span></button>`;
    const more = partsOf(part, S.year).some(id => DATA.cells[S.list][id]?.[S.year]) ? '\u00a0<span class="more" aria-hidden="true">›</span>' : "", n = held.n ?? 63;
    const x = linear([Math.max(2, n), 1], [5, 225]), dots = S.provinces.map((code, k) => held.ranks[PLACE[S.list][code]] === null ? "" : dot(x(held.ranks[PLACE[S.list][code]]), 6, k ? 3.6 : 5, COLOURS[k], {stroke: "#fff"})).reverse().join("");
    const value = held.ranks[i] !== null ? rankOf(held.ranks[i], held.n) : held.scores[i] !== null ? score(held.scores[i], part) : "–";
    return `<button data-part="${part}"${part === S.part ? ' aria-current="true"' : ""}><span>${name}${more}</span><span class="rk">${value}</span>`
      + (dots ? `<svg viewBox="0 0 230 12" aria-hidden="true">${line(5, 6, 225, 6, {stroke: "#B9C0C8"})}${line(115, 2.5, 115, 9.5, {stroke: "#B9C0C8"})}${dots}</svg>` : "") + "</button>";
  }).join("") || `<p class="rk">${t("explore.no_parts")}</p>`);
  put("ends", shown.length ? `<span>${t("explore.last")}</span><span>${t("explore.first")}</span>` : "");
}
function drawPeers() {
  const found = likeness(indexOf(S.part).id, S.provinces[0], S.year, S.list).slice(0, 6), held = edition(indexOf(S.part).id + "_total", S.year, S.list);
  document.getElementById("sPeers").hidden = !found.length;
  if (!found.length) return;
  say("hPeers", t("explore.peers", {province: province(S.provinces[0]), index: indexOf(S.part).short, year: S.year}));
  put("peers", found.map(({code, distance}) => `<li><button data-toggle="${code}"${pressed(S.provinces.includes(code))}>${escaped(province(code))}</button> <span>${t("explore.peer", {distance: number(distance, 2), rank: held?.ranks[PLACE[S.list][code]] ?? "–"})}</span></li>`).join(""));
  say("peersNote", t("explore.peers_note"));
}
function drawWeights() {
  const box = document.getElementById("sWeights"), index = indexOf(S.part).id;
  box.hidden = index !== "papi" || S.list !== "pre_2025";
  say("hWeights", t("explore.weights"));
  if (box.hidden || !box.open) return;
  const parts = dimensionsOf(index, S.year), sliders = document.getElementById("sliders");
  if (sliders.dataset.shown !== S.lang + S.year + S.part) {
    sliders.dataset.shown = S.lang + S.year + S.part;
    sliders.innerHTML = parts.map((part, k) => `<label><span>${escaped(numbered(part))}</span><input type="range" min="0" max="3" step="0.5" data-weight="${k}"><output></output></label>`).join("");
  }
  sliders.querySelectorAll("input").forEach((input, k) => { input.value = S.weights[k] ?? 1; input.nextElementSibling.textContent = number(S.weights[k] ?? 1, 1); });
  const bandSaid = code => (band => t("explore.weights_band", {low: band[0], high: band[1]}))(weightedBand(index, S.year, S.weights, S.list, code));
  const plain = edition(index + "_total", S.year, S.list), found = weighted(index, S.year, S.weights, S.list);
  put("weighted", !found ? `<p>${t("explore.weights_none")}</p>` : `<p><b>${t("explore.weights_of", {edition: `PAPI ${S.year}`, n: found.n})}</b></p>` + S.provinces.map(code => {
    const i = PLACE[S.list][code];
    return `<p>${escaped(found.scores[i] === null ? `${province(code)}: ${why(plain, i)}` : t("explore.weights_place", {province: province(code), rank: rankOf(found.ranks[i], found.n), before: plain.ranks[i], mean: score(found.scores[i], index + "_total")}) + bandSaid(code))}</p>`;
  }).join("") + `<p>${t("explore.weights_note")}</p><p><button data-act="equal">${t("explore.weights_equal")}</button></p>`);
}
function drawWorkload() {
  const box = document.getElementById("sWorkload");
  box.hidden = S.list !== "pre_2025" || !S.provinces.includes("58");
  say("hWorkload", t("explore.workload"));
  if (box.hidden || !box.open) return;
  let before = "";
  put("workload", `<thead><tr>${["measure", "level", "period", "value", "source"].map(c => `<th scope="col">${t("explore.workload_" + c)}</th>`).join("")}</tr></thead><tbody>` + DATA.workload.map(row => {
    const name = row.name[side()], shown = name === before ? `<span class="hide">${escaped(name)}</span>` : escaped(name);
    before = name;
    const unit = row.unit === "percent" ? "%" : " " + label(row.unit), mark = row.evidence === "worked_back" ? "*" : "";
    return `<tr><th scope="row">${shown}</th><td>${row.level[side()]}</td><td>${escaped(row.period[side()])}</td><td>${number(row.value, row.decimals)}${unit}${mark}</td><td>${escaped(DATA.sources[row.source][1])}</td></tr>`;
  }).join("") + "</tbody>");
  put("save_workload", `<button data-save="csv" data-of="workload">CSV</button>`);
  say("workloadNote", t("explore.workload_note"));
}
