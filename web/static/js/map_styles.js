/** Colours from the tokens, patterns that survive a grey printer, and the shapes of a legend. */

const SVG = "http://www.w3.org/2000/svg";

/** Patterns of an area, from calm to dense; each reads without colour. */
export const PATTERNS = ["plain", "dots", "lines", "steep", "cross", "dense"];

/** Shapes of a point. */
export const SHAPES = ["circle", "square", "triangle", "diamond", "cross", "ring"];

let defs = null;

/** A CSS colour, or the present value of a token such as "--data-1". */
export function cssColor(color) {
  if (!color?.startsWith("--")) return color;
  return getComputedStyle(document.documentElement).getPropertyValue(color).trim();
}

/** Give the page a place for pattern definitions. */
export function preparePatterns(container) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", "0");
  svg.setAttribute("height", "0");
  svg.setAttribute("aria-hidden", "true");
  svg.style.position = "absolute";
  defs = document.createElementNS(SVG, "defs");
  svg.append(defs);
  container.append(svg);
}

const strokes = {
  dots: { size: 8, draw: "M2 2h2.6v2.6h-2.6z", fill: true },
  lines: { size: 7, draw: "M0 7 7 0M-1 1 1 -1M6 8 8 6", width: 1.4 },
  steep: { size: 6, draw: "M1.5 0V6", width: 1.6 },
  cross: { size: 8, draw: "M0 8 8 0M0 0 8 8", width: 1.3 },
  dense: { size: 5, draw: "M0 5 5 0M0 0 5 5M2.5 0V5", width: 1.2 },
};

const probe = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", {
  willReadFrequently: true,
});

/** The stroke that reads on a colour: dark on light, light on dark. */
function strokeOn(color) {
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue] = probe.getImageData(0, 0, 1, 1).data;
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 95;
  return light ? "rgb(10 20 18 / 62%)" : "rgb(255 255 255 / 62%)";
}

/** A fill for an SVG path: the colour, with the pattern's strokes over it. */
export function patternFill(pattern, color) {
  const solid = cssColor(color);
  if (pattern === "plain" || !(pattern in strokes)) return solid;
  const id = `fill-${pattern}-${solid.replace(/[^a-z0-9]/gi, "")}`;
  if (!defs.querySelector(`#${id}`)) {
    const { size, draw, width, fill } = strokes[pattern];
    const made = document.createElementNS(SVG, "pattern");
    for (const [name, value] of Object.entries({ id, width: size, height: size, patternUnits: "userSpaceOnUse" })) {
      made.setAttribute(name, value);
    }
    const ground = document.createElementNS(SVG, "rect");
    ground.setAttribute("width", size);
    ground.setAttribute("height", size);
    ground.setAttribute("fill", solid);
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", draw);
    path.setAttribute(fill ? "fill" : "stroke", strokeOn(solid));
    if (!fill) path.setAttribute("stroke-width", width);
    made.append(ground, path);
    defs.append(made);
  }
  return `url(#${id})`;
}

/** Trace a shape of radius r on a canvas. */
export function traceShape(context, shape, x, y, r) {
  context.beginPath();
  if (shape === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
  else if (shape === "triangle") polygon(context, [[x, y - r * 1.2], [x + r * 1.1, y + r * 0.8], [x - r * 1.1, y + r * 0.8]]);
  else if (shape === "diamond") polygon(context, [[x, y - r * 1.3], [x + r * 1.3, y], [x, y + r * 1.3], [x - r * 1.3, y]]);
  else if (shape === "cross") {
    const a = r * 0.45;
    const b = r * 1.15;
    polygon(context, [
      [x - a, y - b], [x + a, y - b], [x + a, y - a], [x + b, y - a], [x + b, y + a], [x + a, y + a],
      [x + a, y + b], [x - a, y + b], [x - a, y + a], [x - b, y + a], [x - b, y - a], [x - a, y - a],
    ]);
  } else context.arc(x, y, r, 0, 2 * Math.PI);
}

function polygon(context, corners) {
  corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
}

const paths = {
  circle: "M10 4a6 6 0 1 0 .01 0z",
  ring: "M10 4a6 6 0 1 0 .01 0z",
  square: "M4.5 4.5h11v11h-11z",
  triangle: "M10 3 17 15H3z",
  diamond: "M10 2.5 17.5 10 10 17.5 2.5 10z",
  cross: "M7.5 3h5v4.5H17v5h-4.5V17h-5v-4.5H3v-5h4.5z",
};

/** The sign of one legend entry: an area, a line or a point. */
export function shapeSvg({ color, pattern, shape, line }) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "map-sign");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  if (line) {
    path.setAttribute("d", "M1 10H19");
    path.setAttribute("stroke", cssColor(color));
    path.setAttribute("stroke-width", "3");
    if (line === "dashed") path.setAttribute("stroke-dasharray", "4 3");
  } else if (shape) {
    path.setAttribute("d", paths[shape]);
    path.setAttribute("fill", shape === "ring" ? "none" : cssColor(color));
    path.setAttribute("stroke", shape === "ring" ? cssColor(color) : cssColor("--map-halo"));
    path.setAttribute("stroke-width", shape === "ring" ? "2.5" : "1");
  } else {
    path.setAttribute("d", "M1 1h18v18H1z");
    path.setAttribute("fill", patternFill(pattern ?? "plain", color));
    path.setAttribute("stroke", cssColor("--map-border"));
  }
  svg.append(path);
  return svg;
}
