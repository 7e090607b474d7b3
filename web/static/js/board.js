/** The board: move by arrows, ask a cell by click or Enter, jump by weeks. */

import { announce, api, el, icon, openDialog, t } from "./core.js";
import { answerBody } from "./answers.js";

const wrap = document.getElementById("board-wrap");
const table = document.getElementById("board");

function start() {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("td[data-day] button")]);
  const days = rows[0].map((button) => button.parentElement.dataset.day);
  let row = 0;
  let column = Math.max(0, days.findIndex((day) => day >= table.dataset.start));

  const reach = (toRow, toColumn, { focus = true } = {}) => {
    rows[row][column].tabIndex = -1;
    row = Math.max(0, Math.min(rows.length - 1, toRow));
    column = Math.max(0, Math.min(days.length - 1, toColumn));
    rows[row][column].tabIndex = 0;
    if (focus) rows[row][column].focus();
  };

  /** Bring a day to the left edge, right of the fixed column. */
  const scrollTo = (day) => {
    const cell = rows[0][days.indexOf(day)].parentElement;
    const fixed = table.querySelector("tbody th").getBoundingClientRect().width;
    wrap.scrollLeft = cell.offsetLeft - fixed;
  };

  const week = document.getElementById("f-week");
  const jump = (step) => {
    const to = week.selectedIndex + step;
    if (to < 0 || to >= week.options.length) return;
    week.selectedIndex = to;
    const day = days.find((d) => d >= week.value);
    scrollTo(day);
    reach(row, days.indexOf(day), { focus: table.contains(document.activeElement) });
    announce(week.selectedOptions[0].textContent);
  };

  const weekOf = (day) => [...week.options].findLast((option) => option.value <= day)?.value ?? day;
  reach(0, column, { focus: false });
  scrollTo(weekOf(days[column]));

  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  table.addEventListener("keydown", (event) => {
    if (!event.target.closest("td[data-day]") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in steps) reach(row + steps[event.key][0], column + steps[event.key][1]);
    else if (event.key === "Home") reach(row, 0);
    else if (event.key === "End") reach(row, days.length - 1);
    else if (event.key === "PageUp") jump(-1);
    else if (event.key === "PageDown") jump(1);
    else return;
    event.preventDefault();
  });
  table.addEventListener("click", (event) => {
    const button = event.target.closest("td[data-day] button");
    if (!button) return;
    const at = rows.findIndex((cells) => cells.includes(button));
    reach(at, rows[at].indexOf(button), { focus: false });
    ask(button);
  });
  week.addEventListener("change", () => jump(0));
  for (const button of document.querySelectorAll("[data-week]")) {
    button.addEventListener("click", () => jump(Number(button.dataset.week)));
  }
}

/** Open what the plan answers about one row on one day; the focus returns to the cell. */
async function ask(button) {
  const key = button.closest("tr").dataset.key;
  const day = button.closest("td").dataset.day;
  button.setAttribute("aria-busy", "true");
  try {
    const answer = await api(`${table.dataset.base}/${table.dataset.view}/${encodeURIComponent(key)}/${day}`);
    const dialog = openDialog(t("{name}, {when}", { name: answer.title, when: answer.when }), ...answerBody(answer, { why: table.dataset.visits }), toMap(key, day));
    dialog.addEventListener("close", () => button.focus());
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** The way from a cell to the map of its day; nothing for whom the map is not. */
function toMap(key, day) {
  if (!table.dataset.map) return "";
  const asked = new URLSearchParams({ day, [table.dataset.view === "cadres" ? "cadre" : "village"]: key });
  return el("p", {}, el("a", { href: `${table.dataset.map}?${asked}` }, icon("geo-alt"), ` ${t("Show on the map")}`));
}

if (table) start();
