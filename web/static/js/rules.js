/** The rules form: presets without loading the page, and the meter that follows what is typed. */
import { announce, api, el, icon, readJson, t } from "./core.js";

const WAIT_MS = 250;
const form = document.getElementById("rules");
const meter = document.getElementById("meter");
const presets = readJson("presets");
const ICONS = { error: "x-circle", warning: "exclamation-triangle", notice: "info-circle" };
let timer = null;
let asked = null;
let changed = false;

function showErrors(errors) {
  for (const place of form.querySelectorAll(".rule .error")) {
    const name = place.id.slice(2);
    const words = errors[name];
    place.hidden = !words;
    place.querySelector("span").textContent = words ?? "";
    const fields = name === "visiting_hours" ? form.querySelectorAll("[name^=hours_]") : form.querySelectorAll(`[name=${name}]`);
    for (const field of fields) {
      if (words) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", place.id);
      } else {
        field.removeAttribute("aria-invalid");
        field.removeAttribute("aria-describedby");
      }
    }
  }
}

function showProblems(problems) {
  if (problems.length === 0) {
    meter.replaceChildren(
      el("div", { class: "notice notice-good" }, icon("check-circle-fill"), el("div", {}, el("p", {}, t("Nothing obvious stands in the way.")))),
    );
    return;
  }
  const rows = problems.map(({ level, text, todo }) =>
    el("li", { class: `is-${level}` }, icon(ICONS[level]), el("span", {}, text), el("span", { class: "where" }), todo ? el("span", { class: "todo" }, todo) : null),
  );
  meter.replaceChildren(el("ul", { class: "problems", "aria-label": t("What cannot be done") }, ...rows));
}

async function weigh() {
  asked?.abort();
  asked = new AbortController();
  const typed = new URLSearchParams(new FormData(form));
  typed.delete("csrf_token");
  const found = await api(`${form.dataset.check}?${typed}`, { quiet: true, signal: asked.signal }).catch(() => null);
  if (!found) return;
  showErrors(found.errors);
  if (found.problems) showProblems(found.problems);
}

function later() {
  changed = true;
  clearTimeout(timer);
  timer = setTimeout(weigh, WAIT_MS);
}

function fill(values) {
  for (const [name, value] of Object.entries(values)) {
    if (name === "visiting_hours") {
      form.querySelectorAll("[name=hours_from]").forEach((field, i) => (field.value = value[i]?.[0] ?? ""));
      form.querySelectorAll("[name=hours_to]").forEach((field, i) => (field.value = value[i]?.[1] ?? ""));
    } else {
      form.elements[name].value = value;
    }
  }
  later();
}

form.addEventListener("input", later);
form.addEventListener("submit", () => (changed = false));
form.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-preset]");
  if (!chosen) return;
  event.preventDefault();
  fill(presets[chosen.dataset.preset]);
  announce(t("The fields are filled in; nothing is saved yet."));
});
window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
