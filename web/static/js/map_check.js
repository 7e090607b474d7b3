/** Map check: findings on the map, and a form whose point is set by a click. */

import { api, el, t } from "./core.js";
import { openMap } from "./map.js";

const list = document.getElementById("check-points");
const form = document.getElementById("place");
if (list) showFindings(list);
if (form) placeByClick(form);

async function showFindings(words) {
  const view = openMap();
  const { rows, names } = await api(words.dataset.points);
  const styles = [
    { color: "--data-3", shape: "circle", label: t("Without a point") },
    { color: "--data-4", shape: "triangle", label: t("Outside every village") },
    { color: "--data-2", shape: "square", label: t("In another village") },
    { color: "--data-5", shape: "diamond", label: t("Perhaps registered twice") },
  ];
  const layer = view.points({
    styles,
    onPick: (ids, latlng) => {
      const links = ids.slice(0, 8).map((id) => {
        const [number, village, url] = names[id];
        return el("p", {}, el("a", { href: url }, number), ` · ${village}`);
      });
      view.popup(latlng, links);
    },
  });
  layer.show(rows);
  if (rows.length) view.legend(t("To mend"), styles.slice(1));
  words.textContent = t("{n} of them have a point and are shown; the lists below hold all.", { n: rows.length });
}

function placeByClick(place) {
  const view = openMap();
  const { lon, lat, village } = place.elements;
  const said = document.getElementById("place-words");
  const layer = view.points({ styles: [{ color: "--accent", shape: "circle", label: t("Point") }], onPick: () => {} });
  const draw = () => {
    const located = lon.value !== "" && lat.value !== "" && !Number.isNaN(Number(lon.value) + Number(lat.value));
    layer.show(located ? [[1, Number(lon.value), Number(lat.value), 0]] : []);
    view.select(village.value);
  };
  const set = (latlng, inside) => {
    lon.value = latlng.lng.toFixed(6);
    lat.value = latlng.lat.toFixed(6);
    if (inside && inside.code !== village.value) said.textContent = t("This point lies in {village}. Change the village too if that is right.", { village: inside.name });
    else said.textContent = "";
    draw();
  };
  view.onVillage((inside, latlng) => set(latlng, inside));
  view.map.on("click", (event) => set(event.latlng, null));
  for (const field of [lon, lat, village]) field.addEventListener("change", draw);
  draw();
  if (lon.value !== "") view.fit([[Number(lon.value), Number(lat.value)]], { maxZoom: 14 });
}
