/** The calendar grid: arrows move over all months, space or a click closes and opens a day. */
import { announce, api, shortDate, t } from "./core.js";

const calendar = document.getElementById("calendar");
const days = [...calendar.querySelectorAll("[data-day]")];
const place = new Map(days.map((day, i) => [day.dataset.day, i]));
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const period = document.querySelector("[data-period]");
const kind = document.getElementById("f-rule");

function rove(to) {
  for (const day of days) day.tabIndex = -1;
  to.tabIndex = 0;
}

function step(from, count) {
  const to = days[place.get(from.dataset.day) + count];
  if (!to) return;
  rove(to);
  to.focus();
}

async function toggle(day) {
  if (!calendar.dataset.toggle) return;
  const closes = day.dataset.kind;
  if (!["open", "closed", "swapped"].includes(closes)) {
    announce(t("Nobody visits on this day anyway."));
    return;
  }
  day.setAttribute("aria-busy", "true");
  try {
    const json = { region: Number(calendar.dataset.region), day: day.dataset.day };
    const { closed } = await api(calendar.dataset.toggle, { method: "POST", json });
    day.dataset.usual ??= closes === "closed" ? "open" : closes;
    const now = closed ? "closed" : day.dataset.usual;
    day.classList.remove(`day-${day.dataset.kind}`);
    day.classList.add(`day-${now}`);
    day.dataset.kind = now;
    const facts = { day: shortDate(day.dataset.day) };
    const words = closed ? t("{day}: no visits", facts) : t("{day}: open for visits", facts);
    day.setAttribute("aria-label", words);
    day.title = words;
    announce(words);
  } catch {
    // api() has said what is wrong; the day stays as it was.
  } finally {
    day.removeAttribute("aria-busy");
  }
}

calendar.addEventListener("keydown", (event) => {
  const day = event.target.closest("[data-day]");
  if (!day) return;
  if (event.key in STEPS) step(day, STEPS[event.key]);
  else if (event.key === " " || event.key === "Enter") toggle(day);
  else return;
  event.preventDefault();
});
calendar.addEventListener("click", (event) => {
  const day = event.target.closest("[data-day]");
  if (!day) return;
  rove(day);
  day.focus();
  toggle(day);
});
if (days.length > 0) rove(days[0]);

/** One list offers campaigns and years; a year travels under its own name. */
period?.form.addEventListener("submit", () => {
  const year = period.selectedOptions[0]?.dataset.year;
  if (year) period.name = "year";
});
for (const field of document.querySelectorAll(".filter select")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

/** Only the fields of the chosen kind. */
function showFields() {
  for (const part of kind.form.querySelectorAll("[data-kinds]")) {
    part.hidden = !part.dataset.kinds.split(" ").includes(kind.value);
    part.disabled = part.hidden;
  }
}
if (kind) {
  kind.addEventListener("change", showFields);
  showFields();
}
