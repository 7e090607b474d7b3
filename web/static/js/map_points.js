/**
 * Many points on one canvas: drawn singly up to SINGLE_UP_TO, clustered beyond while zoomed out.
 *
 *   const homes = view.points({
 *     styles: [{ color: "--data-1", shape: "circle", label }, …],    index = status of a row
 *     onPick: (ids, latlng) => …,     every point under the finger, so none hides another
 *   });
 *   homes.show([[id, lon, lat, status], …]);   homes.choose(id or null);   homes.remove();
 *
 * A cluster shows how many it holds and, as a ring, the share of each status: nothing is hidden.
 */

import { cssColor, traceShape } from "./map_styles.js";

const L = globalThis.L;
const SINGLE_UP_TO = 2000;
const CLUSTER_BELOW_ZOOM = 14;
const TOUCH_PX = matchMedia("(pointer: coarse)").matches ? 22 : 11;

const PointsCanvas = L.Renderer.extend({
  options: { pane: "points", padding: 0.15 },

  initialize(options) {
    L.Renderer.prototype.initialize.call(this, options);
    this.rows = [];
    this.index = null;
    this.drawn = [];
    this.chosen = null;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
    delete this._context;
  },

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { min } = this._bounds;
    const size = this._bounds.getSize();
    const sharp = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._container, min);
    this._container.width = size.x * sharp;
    this._container.height = size.y * sharp;
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this._context.setTransform(sharp, 0, 0, sharp, -min.x * sharp, -min.y * sharp);
    this.draw();
  },

  setRows(rows) {
    this.rows = rows.map(([id, lon, lat, status]) => ({ id, lon, lat, status }));
    this.index = null;
    if (rows.length > SINGLE_UP_TO) {
      const statuses = this.options.styles.length;
      this.index = new globalThis.Supercluster({
        radius: 56,
        maxZoom: CLUSTER_BELOW_ZOOM - 1,
        map: ({ status }) => ({ by: Array.from({ length: statuses }, (_, s) => Number(s === status)) }),
        reduce: (sum, { by }) => (sum.by = sum.by.map((n, s) => n + by[s])),
      });
      this.index.load(
        this.rows.map((row) => ({ type: "Feature", properties: row, geometry: { type: "Point", coordinates: [row.lon, row.lat] } })),
      );
    }
    if (this._map) this._update();
  },

  visible() {
    const map = this._map;
    const box = L.latLngBounds(map.layerPointToLatLng(this._bounds.min), map.layerPointToLatLng(this._bounds.max));
    const edges = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
    if (this.index && map.getZoom() < CLUSTER_BELOW_ZOOM) {
      return this.index.getClusters(edges, Math.floor(map.getZoom())).map(({ id, properties, geometry }) => {
        const [lon, lat] = geometry.coordinates;
        if (!properties.cluster) return properties;
        return { cluster: id, lon, lat, count: properties.point_count, by: properties.by };
      });
    }
    const [west, south, east, north] = edges;
    return this.rows.filter(({ lon, lat }) => lon >= west && lon <= east && lat >= south && lat <= north);
  },

  draw() {
    const context = this._context;
    const colors = this.options.styles.map(({ color }) => cssColor(color));
    const halo = cssColor("--map-halo");
    const ink = cssColor("--ink");
    const size = this._map.getZoom() >= 14 ? 7 : this._map.getZoom() >= 12 ? 5.5 : 4.5;
    context.clearRect(this._bounds.min.x, this._bounds.min.y, this._container.width, this._container.height);
    this.drawn = this.visible().map((item) => {
      const { x, y } = this._map.latLngToLayerPoint([item.lat, item.lon]);
      const r = item.cluster === undefined ? size : Math.min(26, 11 + 3.2 * Math.log10(item.count) ** 1.6);
      return { ...item, x, y, r };
    });
    for (const item of this.drawn) {
      if (item.cluster !== undefined) drawCluster(context, item, colors, halo, ink);
      else drawPoint(context, item, this.options.styles[item.status], colors[item.status], halo);
    }
    const chosen = this.drawn.find((item) => item.id !== undefined && item.id === this.chosen);
    if (chosen) {
      context.beginPath();
      context.arc(chosen.x, chosen.y, chosen.r + 6, 0, 2 * Math.PI);
      context.lineWidth = 3;
      context.strokeStyle = cssColor("--focus");
      context.stroke();
    }
  },

  under(point) {
    return this.drawn
      .map((item) => ({ item, far: Math.hypot(item.x - point.x, item.y - point.y) - (item.cluster === undefined ? 0 : item.r) }))
      .filter(({ far }) => far <= TOUCH_PX)
      .sort((a, b) => a.far - b.far)
      .map(({ item }) => item);
  },
});

function drawPoint(context, { x, y, r }, style, color, halo) {
  traceShape(context, style.shape, x, y, r);
  if (style.shape === "ring") {
    context.lineWidth = 4.5;
    context.strokeStyle = halo;
    context.stroke();
    context.lineWidth = 2.5;
    context.strokeStyle = color;
    context.stroke();
    return;
  }
  context.lineWidth = 2.5;
  context.strokeStyle = halo;
  context.stroke();
  context.fillStyle = color;
  context.fill();
}

function drawCluster(context, { x, y, r, by, count }, colors, halo, ink) {
  context.beginPath();
  context.arc(x, y, r + 1.5, 0, 2 * Math.PI);
  context.fillStyle = halo;
  context.fill();
  let from = -Math.PI / 2;
  by.forEach((n, status) => {
    if (!n) return;
    const to = from + (2 * Math.PI * n) / count;
    context.beginPath();
    context.arc(x, y, r - 2, from, to);
    context.lineWidth = 5;
    context.strokeStyle = colors[status];
    context.stroke();
    from = to;
  });
  context.fillStyle = ink;
  context.font = `600 ${r > 16 ? 12 : 11}px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(count >= 1000 ? `${(count / 1000).toFixed(1)}k` : String(count), x, y + 0.5);
}

const canvasesOf = new WeakMap();

/** Whether a click here belongs to a point rather than to the village below it. */
export function isOverPoint(map, layerPoint) {
  return [...(canvasesOf.get(map) ?? [])].some((canvas) => canvas._map && canvas.under(layerPoint).length > 0);
}

export function pointsLayer(map, { styles, onPick = () => {} }) {
  const canvas = new PointsCanvas({ styles });
  const click = (event) => {
    const under = canvas.under(event.layerPoint);
    if (!under.length) return;
    L.DomEvent.stop(event);
    if (under[0].cluster !== undefined) {
      const zoom = Math.min(canvas.index.getClusterExpansionZoom(under[0].cluster), map.getMaxZoom());
      map.setView([under[0].lat, under[0].lon], Math.max(zoom, map.getZoom() + 1));
      return;
    }
    const ids = under.filter(({ cluster }) => cluster === undefined).map(({ id }) => id);
    onPick(ids, L.latLng(under[0].lat, under[0].lon));
  };
  const move = (event) => {
    map.getContainer().classList.toggle("is-over-point", canvas.under(event.layerPoint).length > 0);
  };
  if (!canvasesOf.has(map)) canvasesOf.set(map, new Set());
  canvasesOf.get(map).add(canvas);
  map.on("click", click);
  map.on("mousemove", move);
  return {
    styles,
    show(rows) {
      if (!canvas._map) canvas.addTo(map);
      canvas.setRows(rows);
    },
    choose(id) {
      canvas.chosen = id;
      if (canvas._map) canvas.draw();
    },
    find: (id) => canvas.rows.find((row) => row.id === id),
    remove() {
      map.off("click", click);
      map.off("mousemove", move);
      canvasesOf.get(map).delete(canvas);
      canvas.remove();
    },
  };
}
