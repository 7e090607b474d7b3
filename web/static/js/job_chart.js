/** The cost of the best plan over the seconds of search, as steps, with the proven bound below. */
import { t } from "./core.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 220;
const MARGIN = { left: 64, right: 28, top: 12, bottom: 32 };

function node(tag, attributes, text = "") {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

/** Round numbers that cut a span into about `count` parts. */
function ticks(low, high, count) {
  const rough = Math.max(high - low, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const found = [];
  for (let value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) found.push(value);
  return found;
}

export function drawCost(place, points, limit) {
  if (points.length === 0) return;
  const width = Math.max(280, place.clientWidth);
  const end = Math.max(limit, points.at(-1).seconds);
  const bounds = points.map((p) => p.bound).filter((b) => b !== null && b !== undefined);
  const costs = points.map((p) => p.J);
  // A first, hasty plan may cost ten times the rest; it then leaves at the top, so that the rest shows.
  const later = costs.length > 3 ? costs.slice(1) : costs;
  const high = Math.max(...later);
  const least = Math.min(...costs, ...bounds);
  const low = Math.max(0, least - (high - least) * 0.1 - 1);
  const x = (seconds) => MARGIN.left + (seconds / end) * (width - MARGIN.left - MARGIN.right);
  const y = (dear) => {
    const cost = Math.min(dear, high);
    return MARGIN.top + (1 - (cost - low) / Math.max(high - low, 1e-9)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  };
  const number = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact", maximumSignificantDigits: 3 });
  const svg = node("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true" });
  for (const cost of ticks(low, high, 4)) {
    svg.append(node("line", { class: "grid", x1: MARGIN.left, x2: width - MARGIN.right, y1: y(cost), y2: y(cost) }));
    svg.append(node("text", { class: "tick", x: MARGIN.left - 8, y: y(cost) + 4, "text-anchor": "end" }, number.format(cost)));
  }
  for (const seconds of ticks(0, end, width < 480 ? 4 : 6)) {
    const label = t("{s} s", { s: number.format(seconds) });
    svg.append(node("text", { class: "tick", x: x(seconds), y: HEIGHT - 10, "text-anchor": "middle" }, label));
  }
  if (bounds.length > 0) {
    const level = y(bounds.at(-1));
    svg.append(node("line", { class: "bound", x1: MARGIN.left, x2: width - MARGIN.right, y1: level, y2: level }));
    svg.append(node("text", { class: "tick", x: MARGIN.left + 4, y: level - 6 }, t("proven bound")));
  }
  let path = `M${x(points[0].seconds)} ${y(points[0].J)}`;
  for (const point of points.slice(1)) path += `H${x(point.seconds)}V${y(point.J)}`;
  svg.append(node("path", { class: "cost", d: path }));
  const last = points.at(-1);
  svg.append(node("circle", { class: "cost-now", cx: x(last.seconds), cy: y(last.J), r: 4 }));
  place.replaceChildren(svg);
}
