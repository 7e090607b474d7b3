/**
 * A solve while it runs. Events come over one stream; where there is none to be had, the page
 * asks every few seconds. Words come from the server, figures from the events.
 */
import { announce, api, el, icon, readJson, t, toast } from "./core.js";
import { drawCost } from "./job_chart.js";
import { Sketch } from "./job_sketch.js";

const ASK_EVERY_MS = 3000;
const SKETCH_EVERY_MS = 1500;
const LOUD_EVERY_MS = 10000;

const job = readJson("job");
const title = document.title;
const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const points = [];
const place = document.getElementById("sketch");
const sketch = place ? new Sketch(place) : null;
let seen = 0;
let ended = ["done", "failed", "cancelled"].includes(job.state);
let wasRunning = !ended;
let lastPhase = "";
let spokenAt = 0;
let stream = null;

const part = (id) => document.getElementById(id);
const figure = (key, text) => (document.querySelector(`[data-figure="${key}"]`).textContent = text);

function percent(share) {
  return share === null ? "—" : `${share > 0 && share < 0.01 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`;
}

function gapOf({ J, bound }) {
  if (J === undefined || bound === undefined || bound === null) return null;
  return J > 0 ? Math.max(0, (J - bound) / J) : 0;
}

function showProgress(share) {
  const bar = part("progress");
  const busy = share === null;
  bar.classList.toggle("is-busy", busy);
  const meter = bar.querySelector("[role=progressbar]");
  if (busy) meter.removeAttribute("aria-valuenow");
  else meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  meter.firstElementChild.style.width = busy ? "" : `${share * 100}%`;
  bar.querySelector(".words .num").textContent = busy ? "" : percent(share);
  document.title = ended || busy ? title : `${percent(share)} ${title}`;
}

function showFigures(event) {
  if (event.J === undefined) return;
  figure("J", format.format(event.J));
  figure("unplanned", format.format(event.unplanned));
  figure("seconds", tenths.format(event.seconds));
  figure("gap", percent(gapOf(event)));
}

/** Words of the server: asked for when something other than a figure has changed. */
async function refreshWords() {
  const state = await api(job.address, { quiet: true }).catch(() => null);
  if (!state) return null;
  part("sentence").textContent = state.sentence;
  part("attempt").textContent = String(state.attempt);
  const badge = el("span", { class: `badge badge-${state.state_tone}` }, state.state_name);
  badge.prepend(icon(state.state_icon || { good: "check-circle", warn: "exclamation-triangle", bad: "x-circle" }[state.state_tone]));
  part("state").replaceChildren(badge);
  return state;
}

function heard(event) {
  if (event.seq <= seen) return;
  seen = event.seq;
  showFigures(event);
  if (event.J !== undefined && (points.length === 0 || points.at(-1).seconds <= event.seconds)) {
    points.push({ seconds: event.seconds, J: event.J, unplanned: event.unplanned, bound: event.bound });
    drawCost(part("chart"), points, job.limit_s);
  }
  const state = event.state;
  const phase = `${state} ${event.phase} ${Boolean(event.has_plan)} ${Boolean(event.stopping)} ${event.again ?? ""}`;
  if (phase !== lastPhase) {
    lastPhase = phase;
    if (!["done", "failed", "cancelled"].includes(state)) refreshWords().then((words) => words && announce(words.sentence));
  }
  if (["done", "failed", "cancelled"].includes(state)) {
    finish(state);
    return;
  }
  showProgress(event.has_plan ? Math.min(0.99, event.seconds / job.limit_s) : null);
  if (event.has_plan) {
    sketch?.wanted(job.sketch, SKETCH_EVERY_MS);
    if (Date.now() - spokenAt > LOUD_EVERY_MS) {
      spokenAt = Date.now();
      announce(t("Missing visits after {s} s: {n}", { n: event.unplanned, s: Math.round(event.seconds) }));
    }
  }
}

async function finish(state) {
  ended = true;
  stream?.close();
  showProgress(1);
  part("bar").hidden = state !== "done";
  fillTable();
  const words = await refreshWords();
  part("stop")?.setAttribute("hidden", "");
  part("leave").hidden = true;
  if (part("again")) part("again").hidden = false;
  part("open-plan").hidden = !words?.plan_id;
  sketch?.now(job.sketch);
  if (!wasRunning || !words) return;
  wasRunning = false;
  announce(words.sentence);
  const mark = state === "done" ? "✓" : "✗";
  document.title = `${mark} ${title}`;
  toast(words.sentence, { tone: state === "done" ? "good" : "bad", seconds: 12 });
}

function fillTable() {
  const body = part("chart").parentElement.querySelector("tbody");
  const better = points.filter((point, i) => i === 0 || point.J !== points[i - 1].J);
  body.replaceChildren(
    ...better.map((p) =>
      el(
        "tr",
        {},
        el("td", { class: "num" }, tenths.format(p.seconds)),
        el("td", { class: "num" }, format.format(p.J)),
        el("td", { class: "num" }, format.format(p.unplanned)),
        el("td", { class: "num" }, p.bound === null || p.bound === undefined ? "—" : format.format(p.bound)),
      ),
    ),
  );
}

async function ask() {
  const state = await api(`${job.address}?after=${seen}`, { quiet: true }).catch(() => null);
  state?.events.forEach(heard);
  if (!ended) setTimeout(ask, ASK_EVERY_MS);
}

/** Nothing is told while a job waits, but its place in the queue changes. */
setInterval(() => {
  if (!ended && lastPhase.startsWith("queued")) refreshWords();
}, ASK_EVERY_MS);

function listen() {
  stream = new EventSource(job.events);
  stream.onmessage = (message) => heard(JSON.parse(message.data));
  stream.onerror = () => {
    // Closed for good: too many streams, or the sign-in has ended. Otherwise it comes back by itself.
    if (stream.readyState === EventSource.CLOSED && !ended) ask();
  };
}

part("stop")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    await api(job.stop, { method: "POST" });
    announce(t("Stopping; the best plan so far is kept."));
  } catch {
    button.disabled = false;
    delete event.target.dataset.sent;
  }
});

part("chart").parentElement.querySelector("details").addEventListener("toggle", fillTable);
window.addEventListener("resize", () => drawCost(part("chart"), points, job.limit_s));

if (ended) ask();
else listen();
