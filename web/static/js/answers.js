/** What the plan answers, as elements: the same on the map and on the board. */

import { el, icon, t } from "./core.js";

/**
 * Summary, visits and reasons of one answer; `onVisit(visit)` makes its visits buttons, and
 * below the address `why` each has a page.
 */
export function answerBody(answer, { onVisit = null, why = "" } = {}) {
  return [
    answer.place || answer.shift
      ? el("p", { class: "muted small" }, [answer.place, answer.shift].filter(Boolean).join(" · "))
      : null,
    answer.paired ? el("p", {}, icon("heart"), ` ${answer.paired}`) : null,
    el("p", { class: "strong" }, answer.summary),
    answer.visits.length ? visitList(answer, onVisit, why) : null,
    answer.reasons.length ? reasonList(answer.reasons) : null,
    answer.other_days?.length
      ? el("p", { class: "small" }, t("Visited on: {days}", { days: answer.other_days.map((d) => d.when).join(t(", ")) }))
      : null,
  ].filter(Boolean);
}

function visitList(answer, onVisit, why) {
  const line = (visit) => {
    const words = [
      el("span", { class: "num" }, answer.day ? `${visit.from}–${visit.to}` : `${visit.when} ${visit.from}`),
      el("span", {}, answer.number && answer.day ? visit.place : visit.who),
      answer.day ? el("span", { class: "muted" }, visit.household) : null,
    ].filter(Boolean);
    const asked = why
      ? [el("a", { href: `${why}/${encodeURIComponent(visit.household)}/${visit.day}` }, t("Why here?"))]
      : [];
    if (!onVisit) return el("li", {}, ...words, ...asked);
    const button = el("button", { type: "button", class: "linklike", onclick: () => onVisit(visit) }, ...words);
    return el("li", {}, button, ...asked);
  };
  return el("ol", { class: "visit-list" }, answer.visits.map(line));
}

/** Reasons, each with its rule and a way out. */
export function reasonList(reasons) {
  return el(
    "ul",
    { class: "reasons" },
    reasons.map((reason) =>
      el(
        "li",
        {},
        el("span", { class: "badge" }, reason.rule_name),
        ` ${reason.sentence} `,
        reason.way_out ? el("span", { class: "way-out" }, icon("arrow-right"), ` ${reason.way_out}`) : null,
      ),
    ),
  );
}
