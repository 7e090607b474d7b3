/** The coverage map: colour says how many were visited, pattern what is amiss; the table says the same. */

import { el, icon, readJson, t } from "./core.js";
import { openMap } from "./map.js";

const STEPS = ["--cover-0", "--cover-1", "--cover-2", "--cover-3", "--cover-4"];
const NOTHING_OWED = "--cover-none";

function start() {
  const { rows, chosen } = readJson("coverage-data");
  const byCode = new Map(rows.map((row) => [row.code, row]));
  const shown = chosen ? new Set(chosen) : null;
  const view = openMap();

  view.styleVillages((place) => {
    const row = byCode.get(place.code);
    if (!row) return null;
    const color = row.step === null ? NOTHING_OWED : STEPS[row.step];
    const faded = shown && !shown.has(row.code);
    return { color, pattern: row.pattern, opacity: faded ? 0.25 : 0.95, label: row.share };
  });
  view.legend(t("Coverage"), [
    ...["0–19%", "20–39%", "40–59%", "60–79%", "80–100%"].map((label, i) => ({ color: STEPS[i], label })),
    { color: NOTHING_OWED, label: t("Nothing owed") },
    { color: NOTHING_OWED, pattern: "lines", label: t("Nobody visited yet") },
    { color: NOTHING_OWED, pattern: "dots", label: t("Overdue households") },
    { color: NOTHING_OWED, pattern: "cross", label: t("Crowded") },
  ]);
  view.onVillage((place, latlng) => {
    const row = byCode.get(place.code);
    view.select(place.code);
    view.popup(latlng, row ? card(row) : el("p", {}, place.name));
  });
  if (byCode.size && byCode.size < view.places.size) {
    const mine = [...view.places.values()].filter((place) => byCode.has(place.code));
    const corners = mine.flatMap(({ bounds }) => [bounds.getSouthWest(), bounds.getNorthEast()]);
    view.fit(corners.map(({ lng, lat }) => [lng, lat]));
  }
  for (const line of document.querySelectorAll(".coverage-table [data-code], .attention [data-code]")) {
    const select = () => view.places.has(line.dataset.code) && view.select(line.dataset.code);
    line.addEventListener("pointerenter", select);
    line.addEventListener("focusin", select);
  }
}

/** What a click on a village answers. */
function card(row) {
  const figures = el("dl", { class: "pairs" });
  for (const [name, value] of row.lines) figures.append(el("dt", {}, name), el("dd", { class: "num" }, value));
  return [
    el("p", { class: "strong" }, `${row.name} · ${row.share}`),
    figures,
    ...row.marks.map((mark) => el("p", { class: "badge badge-bad" }, icon("exclamation-triangle"), mark)),
    el("p", {}, el("a", { href: row.url }, t("Who came, who will come"))),
  ];
}

start();
