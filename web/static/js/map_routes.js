/**
 * Ways of a day: a line with arrows and numbered stops.
 *
 *   const ways = view.routes({ onPick: (stop, route) => … });
 *   ways.show([{ id, color, label, dashed, legs: [[[lon, lat], …], …],
 *                stops: [{ id, lon, lat, order, label, done }], base: [lon, lat] }]);
 *   ways.choose(routeId or null);   ways.clear();
 *
 * Stops are buttons: Tab reaches them, Enter opens them; stops that would cover each other move
 * apart on a short leash, so each can be picked. A dashed line is not along roads.
 */

import { el, icon, t } from "./core.js";
import { cssColor } from "./map_styles.js";

const L = globalThis.L;
const ARROWS_UP_TO = 12;
const ROUNDS = 60;
const LEASH_PX = 75;
const SPREAD_UP_TO = 150;
const FACE_PX = 28;
const APART_PX = FACE_PX + 7;

export function routesLayer(map, { onPick = () => {} } = {}) {
  const group = L.layerGroup().addTo(map);
  const leashes = L.layerGroup().addTo(map);
  const drawn = new Map();
  const spread = () => spreadStops(map, leashes, [...drawn.values()].flatMap(({ markers }) => markers));
  map.on("zoomend", spread);

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
      const markers = route.stops.map((stop) => stopMarker(stop, route, color, onPick));
      if (route.base) markers.push(baseMarker(route.base, color));
      for (const part of [...parts, ...markers]) group.addLayer(part);
      drawn.set(route.id, { line, halo, markers });
    }
    spread();
  }

  return {
    show,
    clear: () => show([]),
    remove() {
      map.off("zoomend", spread);
      leashes.remove();
      group.remove();
    },
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

/**
 * Push markers that cover each other apart, and tie each to its true place. Where there is no room
 * for that they are dots that answer nothing, until one looks closer or at one way only.
 */
function spreadStops(map, leashes, markers) {
  leashes.clearLayers();
  const spots = markers.map((marker) => {
    const home = map.latLngToLayerPoint(marker.getLatLng());
    return { marker, home, x: home.x, y: home.y };
  });
  for (let round = 0; round < ROUNDS && spots.length <= SPREAD_UP_TO; round += 1) {
    let moved = false;
    spots.forEach((a, i) => {
      for (const b of spots.slice(i + 1)) {
        const far = Math.hypot(b.x - a.x, b.y - a.y);
        if (far >= APART_PX) continue;
        const turn = far < 0.5 ? i * 2.4 : Math.atan2(b.y - a.y, b.x - a.x); // same place: fan out
        const push = (APART_PX - far) / 2 + 0.2;
        a.x -= Math.cos(turn) * push;
        a.y -= Math.sin(turn) * push;
        b.x += Math.cos(turn) * push;
        b.y += Math.sin(turn) * push;
        moved = true;
      }
    });
    if (!moved) break;
  }
  const crowded =
    spots.length > SPREAD_UP_TO ||
    spots.some(({ home, x, y }) => Math.hypot(x - home.x, y - home.y) > LEASH_PX) ||
    spots.some((a, i) => spots.slice(i + 1).some((b) => Math.hypot(b.x - a.x, b.y - a.y) < FACE_PX));
  for (const { marker, home, x, y } of spots) {
    const box = marker.getElement();
    if (!box) continue;
    box.classList.toggle("is-dot", crowded);
    box.toggleAttribute("inert", crowded);
    if (crowded) {
      Object.assign(box.style, { marginLeft: "-14px", marginTop: "-14px" });
      continue;
    }
    box.style.marginLeft = `${x - home.x - 14}px`;
    box.style.marginTop = `${y - home.y - 14}px`;
    if (Math.hypot(x - home.x, y - home.y) < 6) continue;
    const ends = [marker.getLatLng(), map.layerPointToLatLng([x, y])];
    leashes.addLayer(L.polyline(ends, { pane: "routes", color: cssColor("--ink-2"), weight: 1.5, interactive: false }));
  }
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
