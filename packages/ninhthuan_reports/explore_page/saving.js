/* What a reader takes away: the view as SVG, PNG and CSV, each with its source. */

const csvCell = value => value === null || value === undefined ? "" : /[",\r\n]/.test(value) ? `"${String(value).replace(/"/g, '""')}"` : String(value);
const csvText = rows => "\ufeff" + rows.map(row => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

const COLUMNS = ["boundary", "province_code", "province", "component_id", "component", "edition_year", "score", "rank", "n_ranked", "rank_low", "rank_high", "group", "missing", "evidence", "segment", "source_id", "source"];
function csvRow(part, year, i) {
  const held = edition(part, year, S.list), p = DATA.lists[S.list][i], from = held.missing[i] ? null : DATA.sources[held.sources[i]];
  return [S.list, p.code, p.name[side()], part, numbered(part, year).replace("\u00a0", " "), year, held.scores[i], held.ranks[i], held.n, ...rankSet(part, p.code, year, S.list) ?? ["", ""], held.groups[i], held.missing[i],
    held.missing[i] ? "" : held.evidence[i], stretch(part, year), from?.[0], from ? [from[1], from[2], from[3]].filter(Boolean).join(". ") : ""];
}
function csvOf(of) {
  if (of === "workload") return csvText([["province_code", "measure", "name", "level", "period", "period_end", "value", "unit", "evidence", "source_id", "source"], ...DATA.workload.map(row =>
    ["58", row.measure, row.name[side()], row.level[side()], row.period[side()], row.until, row.value, row.unit, row.evidence, DATA.sources[row.source][0], DATA.sources[row.source].slice(1).filter(Boolean).join(". ")])]);
  if (of === "changes") return csvText([["boundary", "province_code", "province", "component_id", "component", "year_from", "year_to", "change", "limit", "beyond_family", "assumption", "source"], ...partChanges().map(c =>
    [S.list, S.provinces[0], province(S.provinces[0]), c.id, numbered(c.id).replace("\u00a0", " "), S.base, S.year, c.points, c.found?.limit, c.found?.beyond, c.found ? existing(c.id, S.year).level === "dimension" ? "variances_2019" : "as_2019" : "", sourceLine([S.base, S.year].sort(ascending))])]);
  const rows = of === "course" ? yearsShown().flatMap(year => S.provinces.map(code => csvRow(S.part, year, PLACE[S.list][code])))
    : tableRows().map(row => csvRow(S.part, S.year, row.i));
  return csvText([COLUMNS, ...rows]);
}

/* A picture that can stand alone: title, what is drawn, notes, source, and its letters. */
function pictureOf(of) {
  const boxes = {course: ["score", "rank"], strip: ["strip"], tiles: ["tiles"], changes: ["changes"]}[of].map(id => document.getElementById(id).querySelector("svg")).filter(Boolean);
  const captions = {course: ["cScore", "cRank"], strip: ["cStrip"], tiles: ["cTiles"], changes: ["cChanges"]}[of];
  const size = svg => svg.viewBox.baseVal, W = Math.max(640, boxes.reduce((sum, svg) => sum + size(svg).width + 24, 16));
  const title = wrapped(sentences().head, W - 16, 18, 700), below = of === "course" ? footnotes().map(n => `${n.mark}  ${n.text}`) : [];
  const years = of === "course" ? yearsShown() : of === "changes" ? [S.base, S.year].sort(ascending) : [S.year];
  const small = [...below, sourceLine(years)].flatMap(text => wrapped(text, W - 16, 11)), top = 14 + title.length * 23, tall = Math.max(...boxes.map(svg => size(svg).height)), H = top + 50 + tall + small.length * 15 + 16;
  let left = 8, g = title.map((text, k) => words(8, 26 + k * 23, text, {"font-size": 18, "font-weight": 700, fill: INK})).join("");
  boxes.forEach((svg, k) => {
    const [bold, under] = ["b", "span"].map(name => document.getElementById(captions[k]).querySelector(name)?.textContent ?? "");
    g += words(left, top + 18, bold, {"font-size": 13.5, "font-weight": 700, fill: INK}) + words(left, top + 35, under) + `<g transform="translate(${left},${top + 46})">${svg.innerHTML.replaceAll("&nbsp;", "\u00a0")}</g>`;
    left += size(svg).width + 24;
  });
  small.forEach((text, k) => { g += words(8, top + 66 + tall + k * 15, text, {"font-size": 11}); });
  const faces = document.querySelector("style").textContent.match(/@font-face\{[^}]+\}/g)?.join("") ?? "";
  return {width: W, height: H, text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}" width="${W}" height="${H}" font-family='${FONT}'><title>${escaped(sentence())}</title>`
    + `<style>${faces}</style><rect width="${W}" height="${H}" fill="#fff"/>${g}</svg>`};
}
function wrapped(text, width, size, weight = 400) {
  const found = [""];
  for (const word of text.split(" ")) {
    const longer = (found.at(-1) ? found.at(-1) + " " : "") + word;
    if (found.at(-1) && widthOf(longer, size, weight) > width) found.push(word); else found[found.length - 1] = longer;
  }
  return found;
}
async function pngOf(of) {
  const {width, height, text} = pictureOf(of), image = new Image(), canvas = document.createElement("canvas"), times = 3;
  await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text); });
  canvas.width = width * times; canvas.height = height * times;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, "image/png"));
}
async function save(kind, of) {
  const made = kind === "png" ? await pngOf(of) : new Blob([kind === "csv" ? csvOf(of) : pictureOf(of).text], {type: kind === "csv" ? "text/csv" : "image/svg+xml"});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(made);
  link.download = `${S.part}_${S.year}_${of}.${kind}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}
