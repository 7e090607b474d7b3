"""Switches of rules: a boolean of a CP-SAT model for each rule that may be switched off."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from ortools.sat.python import cp_model

from scheduler.explaining.rules import Kind, Rule


class Switches:
    """
    One boolean for each rule; true means that the rule holds.

    Parameters
    ----------
    model
        To which the booleans belong.
    rules
        Rules with a switch; every other rule always holds.
    """

    def __init__(self, model: cp_model.CpModel, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._model = model
        self._switch = {rule: model.new_bool_var("") for rule in rules}
        self._named: dict[tuple[Kind, str], list[Rule]] = defaultdict(list)
        for rule in rules:
            self._named[rule.kind, rule.of].append(rule)
        self.kinds = frozenset(rule.kind for rule in rules)

    def of(self, kind: Kind, of: str) -> list[cp_model.IntVar]:
        """Switches of the rules of one kind and object; none where they always hold."""
        return [self._switch[rule] for rule in self.named(kind, of)]

    def named(self, kind: Kind, of: str) -> list[Rule]:
        """Rules of one kind and object that have a switch."""
        return self._named.get((kind, of), [])

    def one(self, rule: Rule) -> cp_model.IntVar:
        """Return the switch of a rule."""
        return self._switch[rule]

    def drop(self, dropped: Collection[Rule]) -> None:
        """Switch these off and all others on."""
        for rule, switch in self._switch.items():
            let(self._model, switch, int(rule not in dropped), int(rule not in dropped))

    def assume(self) -> None:
        """Leave every switch free, and assume it on."""
        for switch in self._switch.values():
            let(self._model, switch, 0, 1)
        self._model.add_assumptions(list(self._switch.values()))

    def guilty(self, solver: cp_model.CpSolver) -> tuple[Rule, ...]:
        """Return the rules whose assumptions were found not to hold together."""
        guilty = set(solver.sufficient_assumptions_for_infeasibility())
        return tuple(r for r, switch in self._switch.items() if switch.index in guilty)


def let(model: cp_model.CpModel, one: cp_model.IntVar, least: int, most: int) -> None:
    """Give a variable another domain."""
    domain = model.proto.variables[one.index].domain
    domain.clear()
    domain.extend([least, most])
