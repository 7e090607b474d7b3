/** The best plan so far as a small drawing: village outlines and one mark a household. */
import { api, el, t } from "./core.js";

const PADDING = 10;

function rings(geometry) {
  if (!geometry) return [];
  return geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
}

export class Sketch {
  #place;
  #outlines = [];
  #fetching = null;
  #canvas = null;
  #drawnAt = 0;
  #busy = false;
  #features = [];

  constructor(place) {
    this.#place = place;
    window.addEventListener("resize", () => this.#draw());
  }

  /** Draw anew unless that was done a moment ago. */
  wanted(address, everyMs) {
    if (!this.#busy && Date.now() - this.#drawnAt > everyMs) this.now(address);
  }

  async now(address) {
    this.#busy = true;
    try {
      await (this.#fetching ??= this.#fetchOutlines());
      const plan = await api(address, { quiet: true }).catch(() => null);
      if (plan === null) return;
      this.#features = plan.features;
      this.#draw();
    } finally {
      this.#busy = false;
      this.#drawnAt = Date.now();
    }
  }

  async #fetchOutlines() {
    const villages = await api(this.#place.dataset.villages, { quiet: true }).catch(() => null);
    this.#outlines = villages?.features ?? [];
    if (villages?.synthetic) {
      this.#place.after(el("p", { class: "muted small" }, t("Sketched boundaries, not the real ones")));
    }
  }

  #draw() {
    if (this.#features.length === 0) return;
    if (this.#canvas === null) {
      this.#canvas = document.createElement("canvas");
      this.#place.replaceChildren(this.#canvas);
    }
    const width = this.#place.clientWidth;
    const height = Math.round(width * 0.66);
    const scale = window.devicePixelRatio || 1;
    Object.assign(this.#canvas, { width: width * scale, height: height * scale });
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    const pen = this.#canvas.getContext("2d");
    pen.scale(scale, scale);
    const at = this.#projection(width, height);
    const colours = getComputedStyle(this.#place);
    pen.lineWidth = 1;
    pen.strokeStyle = colours.getPropertyValue("--line-strong");
    pen.fillStyle = colours.getPropertyValue("--sunken");
    for (const village of this.#outlines) {
      pen.beginPath();
      for (const ring of rings(village.geometry)) {
        ring.forEach((point, i) => (i === 0 ? pen.moveTo(...at(point)) : pen.lineTo(...at(point))));
        pen.closePath();
      }
      pen.fill();
      pen.stroke();
    }
    this.#marks(pen, at, colours);
  }

  #marks(pen, at, colours) {
    const size = this.#features.length > 3000 ? 1.5 : 3;
    pen.fillStyle = colours.getPropertyValue("--accent");
    pen.strokeStyle = colours.getPropertyValue("--data-2");
    for (const { geometry, properties } of this.#features) {
      const [x, y] = at(geometry.coordinates);
      pen.beginPath();
      if (properties.planned >= properties.due) {
        pen.arc(x, y, size, 0, 7);
        pen.fill();
      } else {
        pen.lineWidth = 2;
        pen.arc(x, y, size + 1.5, 0, 7);
        pen.stroke();
      }
    }
  }

  #projection(width, height) {
    const points = this.#features.map((feature) => feature.geometry.coordinates);
    for (const village of this.#outlines) points.push(...rings(village.geometry).flat());
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [lon, lat] of points) {
      [west, east] = [Math.min(west, lon), Math.max(east, lon)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    }
    const squeeze = Math.cos(((south + north) / 2) * (Math.PI / 180));
    const factor = Math.min(
      (width - 2 * PADDING) / Math.max((east - west) * squeeze, 1e-6),
      (height - 2 * PADDING) / Math.max(north - south, 1e-6),
    );
    const left = (width - (east - west) * squeeze * factor) / 2;
    const top = (height - (north - south) * factor) / 2;
    return ([lon, lat]) => [left + (lon - west) * squeeze * factor, top + (north - lat) * factor];
  }
}
