/**
 * The import wizard: files are dropped and weighed, reading is watched, points are compared.
 *
 * Everything works without it but the map; it only spares waiting and clicks.
 */

import { announce, api, el, t } from "./core.js";

const LARGEST_MB = 50;

const form = document.getElementById("upload");
if (form) watchUpload(form);
const reading = document.getElementById("reading");
if (reading) watchReading(reading);
const words = document.getElementById("map-words");
if (words) showMap(words);

function watchUpload(upload) {
  const drop = document.getElementById("drop");
  const input = document.getElementById("files");
  const list = document.getElementById("chosen");
  const show = () => {
    const files = [...input.files];
    const total = files.reduce((sum, file) => sum + file.size, 0) / 2 ** 20;
    list.replaceChildren(...files.map((file) => el("li", {}, `${file.name} · ${sizeOf(file.size)}`)));
    const tooLarge = total > LARGEST_MB;
    if (tooLarge) {
      const said = t("Together {size} MB; at most {limit} MB can be uploaded at once. Choose fewer files, or split them.", {
        size: Math.ceil(total),
        limit: LARGEST_MB,
      });
      list.append(el("li", { class: "too-large", role: "alert" }, said));
    }
    upload.querySelector("button").disabled = tooLarge;
  };
  input.addEventListener("change", show);
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
    });
  }
  drop.addEventListener("drop", (event) => {
    input.files = event.dataTransfer.files;
    show();
  });
}

function sizeOf(bytes) {
  return bytes < 2 ** 20 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

async function watchReading(card) {
  const progress = document.getElementById("files-read");
  const bar = progress.querySelector(".bar");
  for (;;) {
    await new Promise((done) => setTimeout(done, 700));
    let state;
    try {
      state = await api(card.dataset.state, { quiet: true });
    } catch (error) {
      if (error.status === 404 || error.status === 401) return location.reload();
      continue;
    }
    for (const item of card.querySelectorAll("[data-file]")) {
      const use = item.querySelector("use");
      if (state.done.includes(item.dataset.file)) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#check-circle"));
    }
    const percent = Math.round((100 * state.done.length) / state.total);
    bar.firstElementChild.style.width = `${percent}%`;
    bar.setAttribute("aria-valuenow", String(percent));
    progress.querySelector(".num").textContent = `${state.done.length} / ${state.total}`;
    if (state.ready) {
      announce(t("All files are read."));
      return location.reload();
    }
  }
}

async function showMap(place) {
  const { openMap } = await import("./map.js");
  const view = openMap();
  const styles = [
    { color: "--data-1", shape: "circle", label: t("in the village it names") },
    { color: "--data-2", shape: "square", label: t("in another village") },
    { color: "--data-4", shape: "triangle", label: t("outside every village") },
  ];
  let names = [];
  const layer = view.points({
    styles,
    onPick: (ids, latlng) => {
      const lines = ids.slice(0, 8).map((id) => {
        const [file, row, number] = names[id];
        return el("p", {}, el("strong", {}, number || "—"), " · ", t("{file}, row {row}", { file, row }));
      });
      view.popup(latlng, lines);
    },
  });
  const load = async (system) => {
    const found = await api(`${place.dataset.points}?datum=${encodeURIComponent(system)}`);
    names = found.names;
    layer.show(found.rows);
    const [inside, other, outside] = found.counts;
    if (!found.rows.length) place.textContent = t("These files hold no points.");
    else place.textContent = t("Points in the village they name: {inside}; in another one: {other}; in none: {outside}.", { inside, other, outside });
    return found;
  };
  const first = await load("");
  if (first.rows.length) {
    view.legend(t("Points"), styles);
    if (!view.districtBounds?.isValid()) view.fit(first.rows.map(([, lon, lat]) => [lon, lat]));
  }
  const buttons = [...document.querySelectorAll("#systems [data-system]")];
  for (const button of buttons) {
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      load(button.dataset.system);
    });
  }
}
