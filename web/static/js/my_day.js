/**
 * A cadre's day: one tap says what happened at a door.
 *
 * A result is shown at once as "being saved" and called saved only when the server has
 * acknowledged it. What could not be sent stays on the page, is sent again by itself, and
 * carries the same operation number each time, so that it counts once.
 */

import { announce, api, el, icon, openDialog, readJson, t, toast } from "./core.js";

const day = readJson("day");
const recorded = new Map(day.stops.map((stop) => [stop.visit, stop.recorded]));
const unsent = new Map();
const RETRY_MS = 15_000;

function operationNumber() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const card = (visit) => document.getElementById(`stop-${visit}`);

/** Show what is known of a stop: nothing yet, being saved, not sent, or saved. */
function show(visit) {
  const place = card(visit);
  const waiting = unsent.get(visit);
  const known = recorded.get(visit);
  const result = place.querySelector(".stop-result");
  place.classList.toggle("is-done", Boolean(known || waiting));
  place.querySelector(".stop-do").hidden = Boolean(known || waiting);
  result.replaceChildren();
  if (waiting) {
    const state = waiting.failed
      ? [icon("exclamation-triangle"), t("Not saved yet. It is sent again by itself.")]
      : [icon("hourglass-split"), t("Being saved …")];
    result.append(el("p", { class: "strong" }, waiting.name), el("p", { class: `state-line ${waiting.failed ? "is-bad" : ""}` }, ...state));
  } else if (known) {
    const undo = el("button", { type: "button", class: "btn btn-small no-print" }, icon("arrow-counterclockwise"), t("Undo"));
    undo.addEventListener("click", () => send(visit, { undo: true }));
    result.append(
      el("span", { class: `badge badge-${known.tone}` }, icon(known.icon), known.name),
      el("span", { class: "state-line" }, icon("check2"), t("Saved {at}", { at: known.at })),
      known.note ? el("p", { class: "said-note" }, known.note) : "",
      undo,
    );
  }
}

function showProgress() {
  const done = [...recorded.values()].filter(Boolean).length;
  const all = day.stops.length;
  const box = document.getElementById("progress");
  box.querySelector(".words .num").textContent = t("{done} of {all} recorded", { done, all });
  const bar = box.querySelector(".bar");
  bar.setAttribute("aria-valuenow", String(Math.round((done / all) * 100)));
  bar.firstElementChild.style.width = `${(done / all) * 100}%`;
  const strip = document.querySelector(".week-strip [aria-current] .dot");
  if (strip) strip.textContent = `${done}/${all}`;
  const failed = [...unsent.values()].filter((op) => op.failed).length;
  document.getElementById("unsent").hidden = failed === 0;
  document.getElementById("unsent-words").textContent = t("Results not saved yet: {n}. Keep this page open.", { n: failed });
}

/** Queue one operation for a stop and try to send it. */
function send(visit, operation) {
  unsent.set(visit, { ...operation, op_id: operationNumber(), contact: recorded.get(visit)?.contact, failed: false });
  attempt(visit);
}

async function attempt(visit) {
  const operation = unsent.get(visit);
  if (!operation || operation.busy) return;
  operation.busy = true;
  operation.name ??= operation.undo ? t("Undo") : "";
  show(visit);
  const { op_id, undo, outcome, note, contact } = operation;
  try {
    const answer = await api(`/api/my-day/visits/${visit}/${undo ? "undo" : "result"}`, {
      method: "POST",
      json: undo ? { op_id, contact } : { op_id, outcome, note },
      quiet: true,
    });
    unsent.delete(visit);
    recorded.set(visit, answer.recorded);
    announce(answer.recorded ? t("Saved: {result}", { result: answer.recorded.name }) : t("Taken back"));
    if (answer.recorded) openNext(visit);
  } catch (error) {
    operation.busy = false;
    if (error.status && error.status < 500 && error.status !== 429) {
      unsent.delete(visit); // the server has decided: sending again would not help
      toast(error.message, { tone: "bad", requestId: error.requestId });
    } else {
      if (!operation.failed) toast(t("No connection. The result is kept here and sent again."), { tone: "warn" });
      operation.failed = true;
    }
  }
  show(visit);
  showProgress();
}

const retryAll = () => {
  for (const [visit, operation] of unsent) if (operation.failed) attempt(visit);
};

/** After a saved result bring the next open stop into view, without taking the focus away. */
function openNext(visit) {
  const at = day.stops.findIndex((stop) => stop.visit === visit);
  const next = day.stops.slice(at + 1).find((stop) => !recorded.get(stop.visit) && !unsent.has(stop.visit));
  if (next) card(next.visit).scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** The links to map apps, fetched only now: each tells that company where somebody lives. */
async function leadTo(visit) {
  const links = await api(`/api/my-day/visits/${visit}/navigation`);
  openDialog(
    t("Open in a map app"),
    el("p", { class: "muted small" }, t("The app learns this place, and no name.")),
    el(
      "div",
      { class: "app-links" },
      links.map((link) =>
        el("a", { class: "btn btn-wide", href: link.href, rel: "noreferrer noopener", target: link.app === "geo" ? null : "_blank" }, icon("compass"), link.label),
      ),
    ),
  );
}

/** The whole number, for calling; the server keeps on record who asked for it. */
async function showPhone(visit, button) {
  const { phone } = await api(`/api/my-day/visits/${visit}/phone`, { method: "POST" });
  const call = el("a", { class: "btn btn-small", href: `tel:${phone}` }, icon("telephone"), phone);
  button.replaceWith(call);
  call.focus();
}

document.getElementById("stops").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const visit = Number(button?.closest("[data-visit]")?.dataset.visit);
  if (!visit) return; // "undo" has its own listener and has left the page by now
  if (button.dataset.outcome) {
    const note = card(visit).querySelector("textarea").value;
    send(visit, { outcome: button.dataset.outcome, note, name: button.textContent.trim() });
  } else if (button.dataset.go) leadTo(visit);
  else if (button.dataset.phone) showPhone(visit, button);
});
document.getElementById("send-again").addEventListener("click", retryAll);
window.addEventListener("online", retryAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryAll());
setInterval(retryAll, RETRY_MS);
window.addEventListener("beforeunload", (event) => {
  if (unsent.size) event.preventDefault();
});

for (const stop of day.stops) show(stop.visit);
showProgress();

if (document.querySelector(".day-map .folium-map")) {
  const { drawDay } = await import("./my_day_map.js");
  drawDay(day);
}
