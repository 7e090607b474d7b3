/**
 * What every script of ours stands on. Text reaches the page through textContent only.
 *
 *   import { t, api, el, toast, announce, confirmDialog, readJson } from "./core.js";
 *
 * t(sentence, { n })             the sentence in the reader's language; its argument is a literal
 *                                in double quotes, because translations are found by that spelling
 * api("/api/plans/3", { method: "POST", json: {…} })   JSON in and out, with the form token; an
 *                                error is shown as a toast with its request id, then thrown
 * el("p", { class: "muted", onclick: f }, "text", child)   an element; strings become text nodes
 */

const root = document.documentElement;
const chinese = root.lang.startsWith("zh");

/** Sentences of this language; the address carries their hash, so this is one request a release. */
const sentences = await fetch(root.dataset.catalogue)
  .then((answer) => (answer.ok ? answer.json() : {}))
  .catch(() => ({}));

export function t(sentence, facts = {}) {
  const said = sentences[sentence] ?? sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/** An element with attributes, listeners (onclick: f) and children; never parses markup. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite; with a label it is read out, without it is decoration. */
export function icon(name, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${root.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** The value of <script type="application/json" id="…">. */
export function readJson(id) {
  const holder = document.getElementById(id);
  return holder ? JSON.parse(holder.textContent) : null;
}

export class ApiError extends Error {
  constructor(message, { status = 0, code = "", requestId = "", body = null } = {}) {
    super(message);
    Object.assign(this, { status, code, requestId, body });
  }
}

/**
 * Fetch JSON. Options: method, json (body), quiet (no toast), signal, headers, raw (give the Response).
 * Throws ApiError {status, code, requestId, body}; status 0 means the network is gone.
 */
export async function api(url, { method = "GET", json, quiet = false, raw = false, headers = {}, signal } = {}) {
  const sent = { Accept: "application/json", ...headers };
  if (json !== undefined) sent["Content-Type"] = "application/json";
  if (method !== "GET") sent["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  let answer;
  try {
    answer = await fetch(url, {
      method,
      signal,
      headers: sent,
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  } catch (cause) {
    if (cause.name === "AbortError") throw cause;
    const error = new ApiError(t("No connection to the server. What you typed is still here."));
    if (!quiet) toast(error.message, { tone: "bad" });
    throw error;
  }
  if (answer.ok) {
    if (raw) return answer;
    return answer.status === 204 ? null : answer.json();
  }
  const body = await answer.json().catch(() => null);
  const error = new ApiError(body?.error?.message ?? t("The server could not answer."), {
    status: answer.status,
    code: body?.error?.code ?? "",
    requestId: body?.error?.request_id ?? answer.headers.get("X-Request-Id") ?? "",
    body,
  });
  if (!quiet) toast(error.message, { tone: "bad", requestId: error.requestId });
  throw error;
}

/** A short message in the corner; errors stay until they are closed. */
export function toast(message, { tone = "info", requestId = "", seconds = 6 } = {}) {
  const icons = { good: "check-circle", warn: "exclamation-triangle", bad: "x-circle", info: "info-circle" };
  const body = el("div", {}, el("span", {}, message));
  if (requestId) body.append(el("span", { class: "id" }, `${t("Number")} ${requestId}`));
  const close = el("button", { type: "button", "aria-label": t("Close") }, icon("x-lg"));
  const made = el("div", { class: "toast", role: tone === "bad" ? "alert" : "status" }, icon(icons[tone]), body, close);
  close.addEventListener("click", () => made.remove());
  document.getElementById("toasts").append(made);
  if (tone !== "bad") setTimeout(() => made.remove(), seconds * 1000);
  return made;
}

/** Say something to screen readers without showing it. */
export function announce(message) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  requestAnimationFrame(() => (place.textContent = message));
}

/** A dialog with a title and a body of nodes; returns the <dialog>, already open. Esc closes it. */
export function openDialog(title, ...body) {
  const id = `dialog-${Math.random().toString(36).slice(2)}`;
  const dialog = el(
    "dialog",
    { "aria-labelledby": id },
    el(
      "div",
      { class: "dialog-head" },
      el("h2", { id }, title),
      el("button", { class: "btn btn-quiet btn-icon", "data-close": true, "aria-label": t("Close") }, icon("x-lg")),
    ),
    el("div", { class: "dialog-body" }, ...body),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask before something that is hard to take back; resolves to true or false. */
export function confirmDialog(title, text, { confirm = t("Confirm"), danger = false } = {}) {
  return new Promise((resolve) => {
    const yes = el("button", { class: `btn ${danger ? "btn-danger" : "btn-primary"}`, type: "button" }, confirm);
    const no = el("button", { class: "btn", type: "button", "data-close": true }, t("Cancel"));
    const dialog = openDialog(title, el("p", {}, text));
    dialog.append(el("div", { class: "dialog-foot" }, no, yes));
    yes.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"));
    no.focus();
  });
}

const WEEKDAYS_EN = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function parts(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

/** "2027-03-02" as 2027年3月2日 (周二) or Tue 2 Mar 2027. */
export function longDate(iso) {
  const { year, month, day, weekday } = parts(iso);
  if (chinese) return `${year}年${month}月${day}日 (周${"日一二三四五六"[weekday]})`;
  return `${WEEKDAYS_EN[weekday]} ${day} ${MONTHS_EN[month - 1]} ${year}`;
}

/** "2027-03-02" as 3月2日 周二 or Tue 2 Mar. */
export function shortDate(iso) {
  const { month, day, weekday } = parts(iso);
  if (chinese) return `${month}月${day}日 周${"日一二三四五六"[weekday]}`;
  return `${WEEKDAYS_EN[weekday]} ${day} ${MONTHS_EN[month - 1]}`;
}

/** Minutes after midnight as 08:30. */
export function clockTime(minutes) {
  const whole = Math.round(minutes);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

const typing = (target) => target.matches?.("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !typing(event.target) && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    document.getElementById("shortcuts").showModal();
  } else if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (event.target.closest?.("[data-shortcuts]")) document.getElementById("shortcuts").showModal();
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.closest?.("[data-print]")) window.print();
  const copied = event.target.closest?.("[data-copy]");
  if (copied) {
    navigator.clipboard?.writeText(copied.dataset.copy).then(() => toast(t("Copied"), { tone: "good" }));
  }
});

/** A form with data-confirm asks first; one that is being sent is not sent twice. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.dataset.confirm && !form.dataset.confirmed) {
    event.preventDefault();
    const submitter = event.submitter;
    if (await confirmDialog(form.dataset.confirmTitle ?? t("Are you sure?"), form.dataset.confirm, { danger: true })) {
      form.dataset.confirmed = "1";
      form.requestSubmit(submitter ?? undefined);
    }
    return;
  }
  if (form.method === "post" && !form.matches("[data-again]")) form.dataset.sent = "1";
});
/** A link whose page is worked out for seconds says so, and is not followed twice. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-slow]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.ariaBusy === "true") {
    event.preventDefault();
    return;
  }
  link.ariaBusy = "true";
  toast(link.dataset.slow, { seconds: 30 });
});
window.addEventListener("pageshow", () => {
  for (const link of document.querySelectorAll("a[data-slow]")) link.ariaBusy = null;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

root.dataset.ready = ""; // the page answers to keys and clicks now
