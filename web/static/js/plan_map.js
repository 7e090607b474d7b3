/** The plan on the map: what is shown follows the address; the list beside it says the same. */

import { announce, api, ApiError, clockTime, el, longDate, openDialog, readJson, shortDate, t, toast } from "./core.js";
import { openMap } from "./map.js";
import { answerBody } from "./answers.js";
import { PlanData } from "./plan_data.js";
import { drawAllDays, drawOneDay } from "./plan_list.js";

const settings = readJson("plan-map-data");
const frame = document.getElementById("plan-map");
const $ = (id) => document.getElementById(id);

const view = openMap();
const STYLES = [
  { color: "--data-3", shape: "circle", label: t("All visits planned") },
  { color: "--data-5", shape: "diamond", label: t("Some visits missing") },
  { color: "--data-2", shape: "triangle", label: t("No visit planned") },
];
const homes = view.points({ styles: STYLES, onPick: pickHomes });
const ways = view.routes({ onPick: (stop) => askHome(stop.id, stop) });
const lines = new Map();
let plan = null;
let chosen = { day: null, unit: null, cadre: null, village: null, homes: null };

/** All households are drawn when asked for; unasked, on the map of all days only. */
const allHomes = () => chosen.homes ?? chosen.day === null;

/** What the address asks for, in positions; unknown names count as not asked. */
function readAddress() {
  const asked = new URLSearchParams(location.search);
  const position = (at, name) => at.get(asked.get(name)) ?? null;
  const day = asked.get("day") === "all" ? null : plan.days.indexOf(asked.get("day") ?? settings.first);
  return {
    day: day === -1 ? 0 : day,
    unit: position(plan.unitAt, "unit"),
    cadre: position(plan.cadreAt, "cadre"),
    village: position(plan.villageAt, "village"),
    homes: asked.has("homes") ? asked.get("homes") !== "0" : null,
  };
}

function writeAddress() {
  const says = new URLSearchParams();
  says.set("day", chosen.day === null ? "all" : plan.days[chosen.day]);
  if (chosen.unit !== null) says.set("unit", plan.units[chosen.unit].id);
  if (chosen.cadre !== null) says.set("cadre", plan.cadres[chosen.cadre].id);
  if (chosen.village !== null) says.set("village", plan.villages[chosen.village].code);
  if (chosen.homes !== null) says.set("homes", chosen.homes ? "1" : "0");
  history.replaceState(null, "", `?${says}`);
}

function fillTools() {
  $("f-day").max = String(plan.days.length - 1);
  const options = (name, all, label) => {
    const list = $(`f-${name}`);
    list.replaceChildren(list.options[0], ...all.map((one, i) => el("option", { value: i }, label(one))));
  };
  options("unit", plan.units, (unit) => unit.name);
  options("cadre", plan.cadres, (cadre) => cadre.name);
  options("village", plan.villages, (village) => village.name);
}

/** Bring tools, map and list to what is chosen. */
function show({ fit = false, say = true } = {}) {
  const oneDay = chosen.day !== null;
  for (const button of document.querySelectorAll("[data-span]")) {
    button.setAttribute("aria-pressed", String((button.dataset.span === "day") === oneDay));
  }
  $("day-tool").hidden = !oneDay;
  for (const name of ["unit", "cadre", "village"]) {
    const list = $(`f-${name}`);
    list.value = chosen[name] === null ? "" : String(chosen[name]);
    for (const option of list.options) {
      const of = option.value === "" || name === "unit" ? null : plan[`${name}s`][option.value].unit;
      option.hidden = of !== null && chosen.unit !== null && of !== chosen.unit;
    }
  }
  $("f-homes").checked = allHomes();
  $("reset").hidden = ["unit", "cadre", "village", "homes"].every((name) => chosen[name] === null);
  writeAddress();
  view.select(chosen.village === null ? null : plan.villages[chosen.village].code);
  const shown = plan.homes(chosen).filter((h) => allHomes() || plan.status(h) > 0);
  homes.show(shown.map((h) => [plan.households.id[h], ...plan.point(h), plan.status(h)]));
  if (oneDay) {
    $("f-day").value = String(chosen.day);
    $("f-day").setAttribute("aria-valuetext", longDate(plan.days[chosen.day]));
    $("day-words").textContent = longDate(plan.days[chosen.day]);
    styleDay();
    drawOneDay(plan, chosen, actions);
    drawWays(chosen.day);
  } else {
    styleAll();
    ways.clear();
    drawAllDays(plan, chosen, actions);
  }
  if (fit) fitChosen();
  if (say) announce($("list-title").textContent);
}

function styleDay() {
  const visits = new Map();
  for (const [, mine] of plan.routes(chosen.day, chosen)) {
    for (const v of mine) {
      const place = plan.households.village[plan.visits.household[v]];
      visits.set(place, (visits.get(place) ?? 0) + 1);
    }
  }
  view.styleVillages((place) => {
    const at = plan.villageAt.get(place.code);
    if (visits.has(at)) return { color: "--accent-soft", opacity: 0.9, label: t("visits: {n}", { n: visits.get(at) }) };
    if (plan.closed[at]?.has(chosen.day)) return { color: "--map-land", pattern: "lines", opacity: 0.8 };
    return null;
  });
  view.legend(t("Legend"), [
    { color: "--accent-soft", label: t("Village with visits on this day") },
    { color: "--map-land", pattern: "lines", label: t("Quiet day: no visits") },
    { color: "--data-1", line: "solid", label: t("Way of a cadre, colour by cadre") },
    ...STYLES,
  ]);
}

function styleAll() {
  const sums = plan.villageSums(chosen);
  view.styleVillages((place) => {
    const sum = sums.get(plan.villageAt.get(place.code));
    if (!sum) return null;
    const words = `${sum.planned}/${sum.planned + sum.missing}`;
    return sum.missing
      ? { color: "--map-land", pattern: "dots", opacity: 0.8, label: words }
      : { color: "--map-land", opacity: 0.5, label: words };
  });
  view.legend(t("Legend"), [
    { color: "--map-land", pattern: "dots", label: t("Village with missing visits (planned/due)") },
    ...STYLES,
  ]);
}

/** Ways along roads where they are known; drawn when they arrive, unless the day has changed. */
async function drawWays(day) {
  if (!lines.has(day)) {
    lines.set(day, api(`${settings.base}/routes/${plan.days[day]}`).catch(() => (lines.delete(day), [])));
  }
  const found = await lines.get(day);
  if (chosen.day !== day) return;
  const wanted = plan.routes(day, chosen);
  ways.show(
    found
      .filter((way) => wanted.has(plan.cadreAt.get(way.cadre)))
      .map((way) => {
        const at = plan.cadreAt.get(way.cadre);
        const cadre = plan.cadres[at];
        return {
          id: at,
          color: `--data-${cadre.colour}`,
          label: cadre.name,
          dashed: cadre.dashed,
          legs: way.legs,
          base: cadre.base,
          stops: wanted.get(at).map((v) => stopOf(v, cadre)),
        };
      }),
  );
}

function stopOf(v, cadre) {
  const home = plan.visits.household[v];
  const [lon, lat] = plan.point(home);
  const id = plan.households.id[home];
  return { id, lon, lat, order: plan.visits.order[v], label: `${cadre.name} ${clockTime(plan.visits.start[v])} ${id}` };
}

function fitChosen() {
  const oneDay = chosen.day !== null && (chosen.cadre !== null || chosen.unit !== null);
  const visits = oneDay ? [...plan.routes(chosen.day, chosen).values()].flat() : [];
  if (visits.length) view.fit(visits.map((v) => plan.point(plan.visits.household[v])));
  else if (chosen.village !== null) {
    const place = view.places.get(plan.villages[chosen.village].code);
    if (place) view.map.fitBounds(place.bounds, { maxZoom: 14 });
  } else if (chosen.unit !== null || chosen.cadre !== null) view.fit(plan.homes(chosen).map((h) => plan.point(h)));
  else view.fitDistrict();
}

/** Change what is chosen; the map moves only when a filter changes. */
function choose(more) {
  const next = { ...chosen, ...more };
  if (more.unit !== undefined && next.unit !== null) {
    if (next.cadre !== null && plan.cadres[next.cadre].unit !== next.unit) next.cadre = null;
    if (next.village !== null && plan.villages[next.village].unit !== next.unit) next.village = null;
  }
  const fit = ["unit", "cadre", "village"].some((name) => next[name] !== chosen[name]);
  chosen = next;
  show({ fit });
}

const answerOf = async (path) => answerBody(await api(settings.base + path, { quiet: true }), { why: settings.visits });

async function askHome(id, at, { dialog = false } = {}) {
  homes.choose(id);
  const asked = api(`${settings.base}/households/${encodeURIComponent(id)}`, { quiet: true });
  if (!dialog) {
    const said = asked.then((answer) => [
      el("h3", {}, answer.title),
      el("p", { class: "muted small" }, id),
      ...answerBody(answer, { onVisit: goToVisit, why: settings.visits }),
    ]);
    view.popup([at.lat, at.lon], said);
    return;
  }
  const answer = await asked.catch((error) => toast(error.message, { tone: "bad" }) && null);
  if (!answer) return;
  if (answer.point) view.map.panTo([answer.point[1], answer.point[0]]);
  const opened = openDialog(
    `${answer.title} (${id})`,
    ...answerBody(answer, { onVisit: (visit) => [opened.close(), goToVisit(visit)], why: settings.visits }),
  );
}

/** From a visit that an answer names to its day on the map. */
function goToVisit(visit) {
  view.map.closePopup();
  choose({ day: plan.days.indexOf(visit.day) });
}

function pickHomes(ids, latlng) {
  if (ids.length === 1) {
    const row = homes.find(ids[0]);
    askHome(ids[0], row);
    return;
  }
  const choices = ids.slice(0, 30).map((id) =>
    el("li", {}, el("button", { type: "button", class: "linklike", onclick: () => askHome(id, homes.find(id)) }, id)),
  );
  view.popup(latlng, [el("h3", {}, t("Households here: {n}", { n: ids.length })), el("ul", { class: "visit-list" }, choices)]);
}

async function askVillage(place, latlng, { dialog = false } = {}) {
  if (chosen.day === null) {
    const at = plan.villageAt.get(place.code);
    if (at !== undefined) choose({ village: chosen.village === at ? null : at });
    return;
  }
  const path = `/villages/${place.code}/${plan.days[chosen.day]}`;
  if (!dialog) {
    view.popup(latlng, answerOf(path).then((body) => [el("h3", {}, `${place.name}, ${shortDate(plan.days[chosen.day])}`), ...body]));
    return;
  }
  const answer = await api(settings.base + path);
  openDialog(t("{name}, {when}", { name: answer.title, when: answer.when }), ...answerBody(answer, { why: settings.visits }));
}

const actions = {
  choose,
  home: (id) => askHome(id, null, { dialog: true }),
  village: (place) => askVillage(place, null, { dialog: true }),
  hover: (cadre) => ways.choose(cadre),
};

function listen() {
  const step = (by) => choose({ day: Math.max(0, Math.min(plan.days.length - 1, (chosen.day ?? 0) + by)) });
  $("f-day").addEventListener("input", (event) => choose({ day: Number(event.target.value) }));
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  for (const button of document.querySelectorAll("[data-span]")) {
    button.addEventListener("click", () => choose({ day: button.dataset.span === "all" ? null : Number($("f-day").value) }));
  }
  for (const name of ["unit", "cadre", "village"]) {
    $(`f-${name}`).addEventListener("change", (event) => choose({ [name]: event.target.value === "" ? null : Number(event.target.value) }));
  }
  $("f-homes").addEventListener("change", (event) => choose({ homes: event.target.checked }));
  $("reset").addEventListener("click", () => choose({ unit: null, cadre: null, village: null, homes: null }));
  $("tools").addEventListener("submit", (event) => event.preventDefault());
  view.onVillage((place, latlng) => askVillage(place, latlng));
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, dialog, .leaflet-popup");
    if (typing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "n") step(1);
    else if (event.key === "p") step(-1);
    else if (event.key === "a") choose({ day: null });
  });
}

try {
  plan = new PlanData(await api(`${settings.base}/map`));
  chosen = readAddress();
  fillTools();
  listen();
  const asked = new URLSearchParams(location.search).get("household");
  $("f-day").value = String(chosen.day ?? Math.max(0, plan.days.indexOf(settings.first)));
  show({ fit: true, say: false });
  if (asked) actions.home(asked);
} catch (error) {
  $("list-title").textContent = t("The plan could not be loaded");
  $("list-note").textContent = error.message;
  $("list").replaceChildren(el("button", { class: "btn", type: "button", onclick: () => location.reload() }, t("Try again")));
  if (!(error instanceof ApiError)) throw error;
} finally {
  frame.removeAttribute("aria-busy");
}
