/** The list beside the plan's map: the same day, the same filter, for keyboard and ear. */

import { clockTime, el, longDate, shortDate, t } from "./core.js";

const MOST_LINES = 200;
const title = document.getElementById("list-title");
const note = document.getElementById("list-note");
const list = document.getElementById("list");

/** Cadres of one day with their stops, then the villages without a visit. */
export function drawOneDay(plan, chosen, actions) {
  const routes = plan.routes(chosen.day, chosen);
  const visits = [...routes.values()].flat();
  title.textContent = longDate(plan.days[chosen.day]);
  note.textContent = visits.length
    ? t("Visits: {visits}, cadres: {cadres}", { visits: visits.length, cadres: routes.size })
    : t("No visits on this day with this filter.");
  const byName = [...routes].sort(([a], [b]) => plan.cadres[a].unit - plan.cadres[b].unit || a - b);
  list.replaceChildren(...byName.map(([at, mine]) => cadreDay(plan, at, mine, byName.length <= 3, actions)), quiet(plan, chosen, visits, actions));
}

function cadreDay(plan, at, mine, open, actions) {
  const cadre = plan.cadres[at];
  const where = [...new Set(mine.map((v) => plan.villages[plan.households.village[plan.visits.household[v]]]?.name))];
  const stops = mine.map((v) => {
    const home = plan.visits.household[v];
    const id = plan.households.id[home];
    return el(
      "li",
      {},
      el(
        "button",
        { type: "button", onclick: () => actions.home(id) },
        el("span", { class: "num" }, clockTime(plan.visits.start[v])),
        el("span", {}, id),
        el("span", { class: "muted" }, plan.villages[plan.households.village[home]]?.name ?? ""),
      ),
    );
  });
  const sign = el("span", { class: `line-sign${cadre.dashed ? " is-dashed" : ""}`, style: `border-color: var(--data-${cadre.colour})`, "aria-hidden": "true" });
  const summary = el("summary", {}, sign, el("span", {}, cadre.name), el("span", { class: "more" }, `${mine.length} · ${where.join(t(", "))}`));
  const made = el("details", { open }, summary, el("ol", { class: "picks" }, stops));
  made.addEventListener("mouseenter", () => actions.hover(at));
  made.addEventListener("mouseleave", () => actions.hover(null));
  return made;
}

/** Villages nobody visits on the day: each can be asked why. */
function quiet(plan, chosen, visits, actions) {
  const busy = new Set(visits.map((v) => plan.households.village[plan.visits.household[v]]));
  const rest = plan.villages
    .map((village, i) => ({ ...village, i }))
    .filter(({ i, unit }) => !busy.has(i) && (chosen.unit === null || unit === chosen.unit) && (chosen.village === null || i === chosen.village));
  const line = (village) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", onclick: () => actions.village(village) },
        el("span", { class: "num" }, plan.closed[village.i].has(chosen.day) ? t("quiet") : ""),
        el("span", {}, village.name),
        el("span", { class: "muted" }, t("Why not?")),
      ),
    );
  return el(
    "details",
    {},
    el("summary", {}, t("Villages without a visit: {n}", { n: rest.length })),
    el("ul", { class: "picks" }, rest.map(line)),
  );
}

/** What is missing first, then every village with its sums. */
export function drawAllDays(plan, chosen, actions) {
  const homes = plan.homes(chosen);
  const lacking = homes.filter((h) => plan.households.missing[h]);
  const sums = plan.villageSums(chosen);
  const total = (name) => [...sums.values()].reduce((n, sum) => n + sum[name], 0);
  title.textContent = t("{first} to {last}", { first: shortDate(plan.days[0]), last: shortDate(plan.days.at(-1)) });
  note.textContent = t("Households: {homes}; visits planned: {planned}, missing: {missing}", {
    homes: homes.length,
    planned: total("planned"),
    missing: lacking.reduce((n, h) => n + plan.households.missing[h], 0),
  });
  const parts = [];
  if (lacking.length) parts.push(missing(plan, lacking, actions));
  parts.push(villages(plan, sums, chosen, actions));
  if (chosen.village !== null && sums.has(chosen.village)) parts.unshift(villageDays(plan, chosen.village, sums.get(chosen.village), actions));
  list.replaceChildren(...parts);
}

function missing(plan, lacking, actions) {
  const line = (h) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", onclick: () => actions.home(plan.households.id[h]) },
        el("span", { class: "num" }, `−${plan.households.missing[h]}`),
        el("span", {}, plan.households.id[h]),
        el("span", { class: "muted" }, plan.villages[plan.households.village[h]]?.name ?? ""),
      ),
    );
  const more = lacking.length > MOST_LINES ? el("p", { class: "muted small" }, t("{n} more; choose a village to see them.", { n: lacking.length - MOST_LINES })) : null;
  return el(
    "details",
    { open: lacking.length <= 12 },
    el("summary", {}, t("Households that lack visits: {n}", { n: lacking.length })),
    el("ul", { class: "picks" }, lacking.slice(0, MOST_LINES).map(line)),
    more,
  );
}

function villages(plan, sums, chosen, actions) {
  const rows = [...sums].sort(([a], [b]) => sums.get(b).missing - sums.get(a).missing || a - b);
  const line = ([i, sum]) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", "aria-pressed": String(chosen.village === i), onclick: () => actions.choose({ village: chosen.village === i ? null : i }) },
        el("span", { class: "num" }, `${sum.planned}/${sum.planned + sum.missing}`),
        el("span", {}, plan.villages[i].name),
        el("span", { class: "muted" }, t("days: {n}", { n: sum.days.size })),
      ),
    );
  return el(
    "details",
    { open: true },
    el("summary", {}, t("Villages: visits planned / due")),
    el("ul", { class: "picks" }, rows.map(line)),
  );
}

function villageDays(plan, at, sum, actions) {
  const days = [...sum.days].sort(([a], [b]) => a - b);
  const line = ([day, visits]) =>
    el(
      "li",
      {},
      el(
        "button",
        { type: "button", onclick: () => actions.choose({ day }) },
        el("span", { class: "num" }, visits),
        el("span", {}, longDate(plan.days[day])),
        el("span", { class: "muted" }, t("Show")),
      ),
    );
  return el(
    "details",
    { open: true },
    el("summary", {}, t("Visit days of {village}", { village: plan.villages[at].name })),
    el("ul", { class: "picks" }, days.map(line)),
  );
}
