/**
 * The map of every screen: Folium drew base map and outlines, this adds names, data and controls.
 *
 *   import { openMap } from "./map.js";
 *   const view = openMap();                         the page holds {{ ui.map(shell, label) }}
 *   view.map                                        the Leaflet map
 *   view.places                                     Map: code -> { code, name, town, bounds }
 *   view.styleVillages((place) => ({ color, pattern, opacity, label }) or null)
 *                                                   color: a CSS colour or "--data-1"; pattern: one of
 *                                                   PATTERNS; label: text beside the name
 *   view.onVillage((place, latlng) => …)            click on a village
 *   view.points({ styles, onPick, onHover })        households, see map_points.js; .show(rows)
 *   view.routes({ onPick })                         ways of a day, see map_routes.js; .show(routes)
 *   view.legend(title, items)                       items: { color, pattern | shape | line, label }
 *   view.popup(latlng, node or promise of a node)   focus moves in, Esc closes, focus returns
 *   view.fit([[lon, lat], …]), view.fitDistrict(), view.select(code or null)
 *
 * Whatever a person typed is written by textContent. A canvas cannot be reached by keyboard:
 * each page shows the same data as a list or table beside its map.
 */

import { announce, el, icon, readJson, t } from "./core.js";
import { isOverPoint, pointsLayer } from "./map_points.js";
import { routesLayer } from "./map_routes.js";
import { cssColor, PATTERNS, patternFill, preparePatterns, shapeSvg } from "./map_styles.js";

export { PATTERNS };

const L = globalThis.L;
const LABELS_FROM_PX = 56;
const SMALL_ROADS_FROM_ZOOM = 14;

export function openMap() {
  const config = readJson("map-config");
  const map = globalThis.map_base;
  const container = document.getElementById("map");
  map.attributionControl?.setPrefix(false);
  if (config.attribution) map.attributionControl.addAttribution(textOnly(config.attribution));
  preparePatterns(map.getContainer());
  makePanes(map);
  addControls(map);
  if (config.tiles) addTiles(map, config.tiles);
  if (config.synthetic) addNote(map, t("Sketched boundaries, not the real ones"));

  const outlines = globalThis.geo_json_villages;
  const places = new Map();
  outlines?.eachLayer((layer) => {
    const place = { ...config.places[layer.feature.properties.i], bounds: layer.getBounds(), layer };
    places.set(place.code, place);
    layer.place = place;
  });

  const view = {
    map,
    places,
    districtBounds: outlines?.getBounds(),
    fitDistrict() {
      if (this.districtBounds?.isValid()) map.fitBounds(this.districtBounds, { padding: [12, 12], animate: false });
      else map.setView([31, 117], 6);
    },
    fit(lonlats, { maxZoom = 15 } = {}) {
      if (!lonlats.length) return;
      map.fitBounds(L.latLngBounds(lonlats.map(([lon, lat]) => [lat, lon])), { padding: [36, 36], maxZoom });
    },
    styleVillages(choose) {
      this.chosen = choose;
      styleVillages(places, choose);
      placeLabels(map, places);
    },
    onVillage: (act) => listenToVillages(map, outlines, act),
    select: (code) => selectVillage(places, code),
    points: (options) => pointsLayer(map, options),
    routes: (options) => routesLayer(map, options),
    legend: (title, items) => addLegend(map, title, items),
    popup: (latlng, content) => openPopup(map, latlng, content),
  };
  styleVillages(places, () => null);
  view.fitDistrict();
  if (!config.tiles) addRoads(map, config.roads);
  addLabels(map, places);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(container);
  fitToPaper(map, container, view);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    styleVillages(places, view.chosen);
  });
  return view;
}

/** On paper the frame has another shape: show the same place in it, then come back. */
function fitToPaper(map, container, view) {
  let screen = null;
  window.addEventListener("beforeprint", () => {
    screen = { bounds: map.getBounds(), height: container.style.height };
    Object.assign(container.style, { width: "180mm", height: "120mm" });
    map.invalidateSize({ animate: false });
    map.fitBounds(view.districtBounds?.isValid() ? view.districtBounds : screen.bounds, { animate: false });
  });
  window.addEventListener("afterprint", () => {
    Object.assign(container.style, { width: "", height: screen.height });
    map.invalidateSize({ animate: false });
    map.fitBounds(screen.bounds, { animate: false });
  });
}

function makePanes(map) {
  for (const [name, zIndex] of [["roads", 350], ["labels", 430], ["points", 440], ["routes", 450], ["stops", 460]]) {
    map.createPane(name).style.zIndex = zIndex;
  }
  for (const name of ["roads", "labels", "points"]) map.getPane(name).style.pointerEvents = "none";
}

function addControls(map) {
  L.control.zoom({ position: "topright", zoomInTitle: t("Zoom in"), zoomOutTitle: t("Zoom out") }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  const name = t("Map: arrow keys move it, plus and minus zoom");
  map.getContainer().setAttribute("aria-label", name);
  map.getContainer().setAttribute("role", "application");
}

function addTiles(map, tiles) {
  const options = { attribution: textOnly(tiles.attribution), maxNativeZoom: tiles.max_zoom, maxZoom: 19 };
  if (tiles.subdomains) options.subdomains = tiles.subdomains;
  L.tileLayer(tiles.url, options).addTo(map);
}

/** Leaflet writes attributions as markup; ours come from files. */
function textOnly(text) {
  return el("span", {}, text).innerHTML;
}

function addNote(map, text) {
  const note = L.control({ position: "bottomleft" });
  note.onAdd = () => el("p", { class: "map-note" }, icon("info-circle"), text);
  note.addTo(map);
}

/** Roads as a quiet base map: large ones at once, small ones when one looks closely. */
function addRoads(map, url) {
  const renderer = L.canvas({ pane: "roads", padding: 0.3 });
  const widths = { major: 2.4, middle: 1.3, minor: 0.8 };
  const draw = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) return;
    const style = (feature) => ({
      color: cssColor(feature.properties.rank === "major" ? "--map-road-major" : "--map-road"),
      weight: widths[feature.properties.rank],
      interactive: false,
    });
    L.geoJSON(await answer.json(), { renderer, pane: "roads", style, interactive: false }).addTo(map);
  };
  draw(url);
  const small = () => {
    if (map.getZoom() < SMALL_ROADS_FROM_ZOOM) return;
    map.off("zoomend", small);
    draw(`${url}?detail=1`);
  };
  map.on("zoomend", small);
  small();
}

const PLAIN = { color: "--map-land", opacity: 0.35 };

function styleVillages(places, choose) {
  for (const place of places.values()) {
    const chosen = choose?.(place) ?? PLAIN;
    place.chosen = chosen;
    place.layer.setStyle({
      color: cssColor("--map-border"),
      weight: place.selected ? 3.5 : 1.2,
      fillColor: chosen.pattern ? patternFill(chosen.pattern, chosen.color) : cssColor(chosen.color),
      fillOpacity: chosen.opacity ?? (chosen.pattern ? 1 : 0.7),
    });
    if (place.label) place.label.querySelector(".map-label-more").textContent = chosen.label ?? "";
  }
}

function selectVillage(places, code) {
  for (const place of places.values()) {
    place.selected = place.code === code;
    place.layer.setStyle({
      weight: place.selected ? 3.5 : 1.2,
      color: cssColor(place.selected ? "--accent" : "--map-border"),
    });
    if (place.selected) place.layer.bringToFront();
  }
}

function listenToVillages(map, outlines, act) {
  outlines?.eachLayer((layer) => {
    layer.on("click", (event) => {
      if (isOverPoint(map, event.layerPoint)) return; // the map hears it and asks the point
      L.DomEvent.stopPropagation(event);
      act(layer.place, event.latlng);
    });
  });
}

/** Names inside their villages where there is room for them. */
function addLabels(map, places) {
  for (const place of places.values()) {
    place.label = el("span", {}, place.name, el("span", { class: "map-label-more" }));
    const marker = L.tooltip({ permanent: true, direction: "center", pane: "labels", className: "map-label", interactive: false });
    marker.setLatLng(place.layer.getCenter()).setContent(place.label);
    place.tooltip = marker;
  }
  map.on("zoomend", () => placeLabels(map, places));
  placeLabels(map, places);
}

/** Show each name that fits its village and covers no name shown before; large villages first. */
function placeLabels(map, places) {
  const taken = [];
  const sized = [...places.values()].map((place) => {
    const west = map.latLngToLayerPoint(place.bounds.getSouthWest());
    const east = map.latLngToLayerPoint(place.bounds.getNorthEast());
    return { place, width: east.x - west.x, height: west.y - east.y };
  });
  sized.sort((a, b) => b.width * b.height - a.width * a.height);
  for (const { place, width } of sized) {
    const { x, y } = map.latLngToLayerPoint(place.tooltip.getLatLng());
    const half = { x: place.name.length * 5.5, y: place.label.querySelector(".map-label-more").textContent ? 18 : 9 };
    const box = [x - half.x, y - half.y, x + half.x, y + half.y];
    const fits = width > Math.max(LABELS_FROM_PX, place.name.length * 13);
    const free = taken.every(([left, top, right, bottom]) =>
      box[2] < left || box[0] > right || box[3] < top || box[1] > bottom);
    if (fits && free) {
      taken.push(box);
      if (!map.hasLayer(place.tooltip)) place.tooltip.addTo(map);
    } else if (map.hasLayer(place.tooltip)) place.tooltip.remove();
  }
}

let legendControl = null;

function addLegend(map, title, items) {
  legendControl?.remove();
  const list = el("ul", {});
  for (const item of items) list.append(el("li", {}, shapeSvg(item), el("span", {}, item.label)));
  const box = el("details", { class: "map-legend", open: map.getSize().x > 600 }, el("summary", {}, title), list);
  L.DomEvent.disableClickPropagation(box);
  L.DomEvent.disableScrollPropagation(box);
  legendControl = L.control({ position: "bottomright" });
  legendControl.onAdd = () => box;
  legendControl.addTo(map);
}

/** A popup whose content may still be on its way; Esc closes it and gives the focus back. */
async function openPopup(map, latlng, content) {
  const before = document.activeElement;
  const body = el("div", { class: "map-popup", tabindex: "-1" });
  const popup = L.popup({ maxWidth: 320, minWidth: 220, autoPanPadding: [24, 24] }).setLatLng(latlng).setContent(body);
  const waiting = el("p", { class: "muted" }, t("Loading …"));
  body.append(waiting);
  popup.openOn(map);
  popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("Close"));
  const close = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    map.closePopup(popup);
  };
  popup.getElement()?.addEventListener("keydown", close);
  popup.once("remove", () => before?.focus?.({ preventScroll: true }));
  try {
    const node = await content;
    waiting.replaceWith(...(Array.isArray(node) ? node : [node]));
    popup.update();
    body.focus({ preventScroll: true });
    announce(body.textContent.slice(0, 200));
  } catch {
    waiting.textContent = t("This could not be loaded.");
  }
  return popup;
}
