"""Ways to damage a plan document, each as somebody might by accident."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Document = dict[str, Any]
Damage = Callable[[random.Random, Document, Document], None]


def _visit(r: random.Random, plan: Document) -> Document:
    found: Document = r.choice(plan["visits"])
    return found


def move_to_another_planning_day(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["date"] = r.choice(problem["days"])


def move_by_a_few_days(r: random.Random, problem: Document, plan: Document) -> None:
    x = _visit(r, plan)
    moved = date.fromisoformat(x["date"]) + timedelta(days=r.randint(-9, 9))
    x["date"] = moved.isoformat()


def give_to_another_cadre(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["cadre"] = r.choice(problem["cadres"])["id"]


def swap_two_cadres(r: random.Random, problem: Document, plan: Document) -> None:
    a, b = _visit(r, plan), _visit(r, plan)
    a["cadre"], b["cadre"] = b["cadre"], a["cadre"]


def swap_two_households(r: random.Random, problem: Document, plan: Document) -> None:
    a, b = _visit(r, plan), _visit(r, plan)
    a["household"], b["household"] = b["household"], a["household"]


def drop_a_visit(r: random.Random, problem: Document, plan: Document) -> None:
    plan["visits"].pop(r.randrange(len(plan["visits"])))


def drop_a_visit_and_say_so(r: random.Random, problem: Document, plan: Document) -> None:
    x = plan["visits"].pop(r.randrange(len(plan["visits"])))
    told = {u["household"] for u in plan["unplanned"]}
    if x["household"] not in told:
        reason = {"rule": "time-limit", "detail": "left out"}
        plan["unplanned"].append({"household": x["household"], "missing": 1, "reasons": [reason]})


def repeat_a_visit(r: random.Random, problem: Document, plan: Document) -> None:
    plan["visits"].append(dict(_visit(r, plan)))


def repeat_a_visit_later(r: random.Random, problem: Document, plan: Document) -> None:
    plan["visits"].append({**_visit(r, plan), "date": r.choice(problem["days"])})


def start_at_another_time(r: random.Random, problem: Document, plan: Document) -> None:
    x = _visit(r, plan)
    shift = r.choice([-240, -31, -2, -0.5, 0.5, 2, 31, 240])
    x["start"] += shift
    x["end"] += shift


def shorten_a_visit(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["end"] -= r.choice([0.5, 5, 60])


def lengthen_a_visit(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["end"] += r.choice([5, 60, 600])


def round_a_time_within_tolerance(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["start"] -= 0.0004


def shuffle_the_order_numbers(r: random.Random, problem: Document, plan: Document) -> None:
    for x in r.sample(plan["visits"], min(5, len(plan["visits"]))):
        x["order"] = r.randrange(9)


def pile_onto_one_day(r: random.Random, problem: Document, plan: Document) -> None:
    day = r.choice(problem["days"])
    for x in r.sample(plan["visits"], min(25, len(plan["visits"]))):
        x["date"] = day


def pile_onto_one_village(r: random.Random, problem: Document, plan: Document) -> None:
    village = r.choice(problem["villages"])["id"]
    home = {h["id"]: h["village"] for h in problem["households"]}
    mine = [x for x in plan["visits"] if home.get(x["household"]) == village]
    days = r.sample(problem["days"], 5)
    for x in mine:
        x["date"] = r.choice(days)


def claim_a_false_objective(r: random.Random, problem: Document, plan: Document) -> None:
    plan["metrics"]["J"] = r.choice([0, plan["metrics"]["J"] * 1.01, float("nan"), None])


def claim_an_objective_within_tolerance(
    r: random.Random, problem: Document, plan: Document
) -> None:
    plan["metrics"]["J"] += r.uniform(-0.4, 0.4)


def forget_the_objective(r: random.Random, problem: Document, plan: Document) -> None:
    plan["metrics"] = {}


def claim_a_false_bound(r: random.Random, problem: Document, plan: Document) -> None:
    claim = r.choice([plan["metrics"].get("J", 0) or 0, 1e12, float("inf"), float("nan"), -1.0])
    plan["bound"] = {"J": claim, "travel": 0, "proof": "none"}


def name_an_unknown_household(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["household"] = "nobody"


def name_an_unknown_cadre(r: random.Random, problem: Document, plan: Document) -> None:
    _visit(r, plan)["cadre"] = "nobody"


def list_an_unknown_household(r: random.Random, problem: Document, plan: Document) -> None:
    reason = {"rule": "window", "detail": "closed"}
    plan["unplanned"].append({"household": "nobody", "missing": 1, "reasons": [reason]})


def list_a_planned_household(r: random.Random, problem: Document, plan: Document) -> None:
    reason = {"rule": "window", "detail": "closed"}
    household = r.choice(problem["households"])["id"]
    plan["unplanned"].append({"household": household, "missing": 1, "reasons": [reason]})


def forget_the_reasons(r: random.Random, problem: Document, plan: Document) -> None:
    drop_a_visit_and_say_so(r, problem, plan)
    r.choice(plan["unplanned"])["reasons"] = []


def give_an_invented_reason(r: random.Random, problem: Document, plan: Document) -> None:
    drop_a_visit_and_say_so(r, problem, plan)
    wrong = r.choice([{"rule": "mood", "detail": "?"}, {"rule": "shift", "detail": ""}])
    r.choice(plan["unplanned"])["reasons"] = [wrong]


def miscount_the_missing(r: random.Random, problem: Document, plan: Document) -> None:
    drop_a_visit_and_say_so(r, problem, plan)
    r.choice(plan["unplanned"])["missing"] += r.choice([-1, 1, 0.5])


def forget_everything_unplanned(r: random.Random, problem: Document, plan: Document) -> None:
    drop_a_visit(r, problem, plan)
    del plan["unplanned"]


def move_a_locked_visit(r: random.Random, problem: Document, plan: Document) -> None:
    locked = {(x["household"], x["date"]) for x in problem["locked"]}
    mine = [x for x in plan["visits"] if (x["household"], x["date"]) in locked]
    if mine:
        x = r.choice(mine)
        x["start"] += 1
        x["end"] += 1


def name_another_format(r: random.Random, problem: Document, plan: Document) -> None:
    plan["format"] = r.choice(["zoufang-plan/2", None, 7])


def do_no_harm(r: random.Random, problem: Document, plan: Document) -> None:
    r.shuffle(plan["visits"])


KINDS: tuple[Damage, ...] = (
    move_to_another_planning_day,
    move_by_a_few_days,
    give_to_another_cadre,
    swap_two_cadres,
    swap_two_households,
    drop_a_visit,
    drop_a_visit_and_say_so,
    repeat_a_visit,
    repeat_a_visit_later,
    start_at_another_time,
    shorten_a_visit,
    lengthen_a_visit,
    round_a_time_within_tolerance,
    shuffle_the_order_numbers,
    pile_onto_one_day,
    pile_onto_one_village,
    claim_a_false_objective,
    claim_an_objective_within_tolerance,
    forget_the_objective,
    claim_a_false_bound,
    name_an_unknown_household,
    name_an_unknown_cadre,
    list_an_unknown_household,
    list_a_planned_household,
    forget_the_reasons,
    give_an_invented_reason,
    miscount_the_missing,
    forget_everything_unplanned,
    move_a_locked_visit,
    name_another_format,
    do_no_harm,
)
