/**
 * Ways of a day: a line with arrows and numbered stops.
 *
 *   const ways = view.routes({ onPick: (stop, route) => … });
 *   ways.show([{ id, color, label, dashed, legs: [[[lon, lat], …], …],
 *                stops: [{ id, lon, lat, order, label, done }], base: [lon, lat] }]);
 *   ways.choose(routeId or null);   ways.clear();
 *
 * Stops are buttons: Tab reaches them, Enter opens them. A dashed line is not along roads.
 */

import { el, icon, t } from "./core.js";
import { cssColor } from "./map_styles.js";

const L = globalThis.L;
const ARROWS_UP_TO = 12;

export function routesLayer(map, { onPick = () => {} } = {}) {
  const group = L.layerGroup().addTo(map);
  const drawn = new Map();

  function show(routes) {
    group.clearLayers();
    drawn.clear();
    for (const route of routes) {
      const color = cssColor(route.color);
      const parts = [];
      const points = route.legs.map((leg) => leg.map(([lon, lat]) => [lat, lon]));
      const halo = L.polyline(points, { pane: "routes", color: cssColor("--map-halo"), weight: 7, opacity: 0.9, interactive: false });
      const line = L.polyline(points, { pane: "routes", color, weight: 3.5, dashArray: route.dashed ? "6 6" : null, interactive: false });
      parts.push(halo, line);
      if (routes.length <= ARROWS_UP_TO) parts.push(...points.map((leg) => arrow(leg, color)).filter(Boolean));
      for (const stop of route.stops) parts.push(stopMarker(stop, route, color, onPick));
      if (route.base) parts.push(baseMarker(route.base, color));
      parts.forEach((part) => group.addLayer(part));
      drawn.set(route.id, { parts, line, halo });
    }
  }

  return {
    show,
    clear: () => show([]),
    remove: () => group.remove(),
    choose(id) {
      for (const [key, { line, halo }] of drawn) {
        const faded = id !== null && key !== id;
        line.setStyle({ opacity: faded ? 0.25 : 1, weight: key === id ? 5 : 3.5 });
        halo.setStyle({ opacity: faded ? 0 : 0.9 });
        if (key === id) line.bringToFront();
      }
    },
  };
}

/** An arrow in the middle of a leg, turned its way. */
function arrow(leg, color) {
  if (leg.length < 2) return null;
  const middle = Math.max(1, Math.floor(leg.length / 2));
  const [[lat1, lon1], [lat2, lon2]] = [leg[middle - 1], leg[middle]];
  if (lat1 === lat2 && lon1 === lon2) return null;
  const degrees = (Math.atan2((lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180), lat2 - lat1) * 180) / Math.PI;
  const mark = el("span", { class: "map-arrow", style: `color: ${color}; transform: rotate(${degrees.toFixed(0)}deg)` });
  const place = [(lat1 + lat2) / 2, (lon1 + lon2) / 2];
  return L.marker(place, { pane: "routes", interactive: false, keyboard: false, icon: L.divIcon({ html: mark, className: "", iconSize: [14, 14] }) });
}

function stopMarker(stop, route, color, onPick) {
  const face = el("span", { class: `map-stop${stop.done ? " is-done" : ""}`, style: `--stop: ${color}` }, stop.done ? icon("check2") : String(stop.order));
  const marker = L.marker([stop.lat, stop.lon], {
    pane: "stops",
    icon: L.divIcon({ html: face, className: "map-stop-box", iconSize: [28, 28] }),
    alt: `${stop.order}. ${stop.label ?? ""}`.trim(),
    riseOnHover: true,
  });
  const pick = (event) => {
    L.DomEvent.stop(event);
    onPick(stop, route);
  };
  marker.on("click", pick);
  marker.on("keypress", (event) => event.originalEvent.key === "Enter" && pick(event));
  marker.on("add", () => marker.getElement()?.setAttribute("aria-label", marker.options.alt));
  return marker;
}

function baseMarker([lon, lat], color) {
  const face = el("span", { class: "map-base", style: `--stop: ${color}` }, icon("building", t("Base")));
  return L.marker([lat, lon], { pane: "stops", interactive: false, keyboard: false, icon: L.divIcon({ html: face, className: "map-stop-box", iconSize: [28, 28] }) });
}
