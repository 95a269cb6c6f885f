/* Pieces of a drawing. The policy of the page forbids style attributes: presentation attributes of SVG alone. */

const COLOURS = ["#12436D", "#1D7F76", "#9A1B5E", "#8F5A00", "#6B4BA3", "#5C6400"];
const GROUP_FILL = {high: "#0F3557", upper_middle: "#2A6FA3", lower_middle: "#7FB5B5", low: "#F3E7C4"};
const GROUP_INK = {high: "#fff", upper_middle: "#fff", lower_middle: "#1A1A1A", low: "#1A1A1A"};
const WORSE = "#C4480B", INK = "#1A1A1A", SOFT = "#595959", RULE = "#D5D9DE", OTHERS = "#BCC2C9", BREAK = "#B0470E", OUTLINE = "#F46A25";
const FONT = 'Roboto,"Segoe UI",system-ui,"Noto Sans","Liberation Sans",sans-serif';

const tag = (name, attributes = {}, content = "") => `<${name}` + Object.entries(attributes)
  .map(([key, value]) => value === null || value === undefined ? "" : ` ${key}="${escaped(typeof value === "number" ? +value.toFixed(2) : value)}"`)
  .join("") + `>${content}</${name}>`;
const words = (x, y, content, attributes = {}) => tag("text", {x, y, "font-size": 12, fill: SOFT, ...attributes}, escaped(content));
const line = (x1, y1, x2, y2, attributes = {}) => tag("line", {x1, y1, x2, y2, stroke: RULE, "stroke-width": .7, ...attributes});
const dot = (cx, cy, r, fill, attributes = {}) => tag("circle", {cx, cy, r, fill, ...attributes});
const HALO = {"paint-order": "stroke", stroke: "#fff", "stroke-width": 3.5, "stroke-linejoin": "round"};
const drawing = (width, height, content, alternative, role = "img") => tag("svg", {
  xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role, "aria-label": alternative, "font-family": FONT}, content);
const swatch = (colour, size = 12) => `<svg width="${size}" height="${size}" aria-hidden="true">${dot(size / 2, size / 2, size / 2 - .5, colour)}</svg>`;

const pen = document.createElement("canvas").getContext("2d");
const measured = new Map();
function widthOf(content, size = 12, weight = 400) {
  const key = `${weight} ${size} ${content}`;
  if (!measured.has(key)) {
    pen.font = `${weight} ${size}px ${FONT}`;
    measured.set(key, pen.measureText(content).width);
  }
  return measured.get(key);
}

function linear([a, b], [p, q]) {
  const scale = value => p + (value - a) / (b - a) * (q - p);
  scale.invert = x => a + (x - p) / (q - p) * (b - a);
  return scale;
}
/* Round values from low to high, about `count` of them, and their step. */
function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough)), share = rough / power;
  const step = power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10), found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) found.push(k * step);
  return {step, at: found};
}
/* Keep labels (with `at`) apart, in order, between two edges: each gets its `y`. */
function spread(labels, gap, low, high) {
  labels.sort((a, b) => a.at - b.at).forEach(l => { l.y = l.at; });
  for (let round = 0; round < 80; round++) {
    let still = true;
    for (let k = 1; k < labels.length; k++) {
      const lacking = gap - (labels[k].y - labels[k - 1].y);
      if (lacking > .1) { labels[k].y += lacking / 2; labels[k - 1].y -= lacking / 2; still = false; }
    }
    labels.forEach((l, k) => { l.y = Math.min(Math.max(l.y, low + k * gap), high - (labels.length - 1 - k) * gap); });
    if (still) return;
  }
}
