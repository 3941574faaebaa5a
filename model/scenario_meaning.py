"""Whether the differences that a scenario names make sense in its case, and the numbers that they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from model.actions import actions
from model.case import Case
from model.parameters import ASSUMPTION, FIXED, Number, spread_problems
from model.scenario_chain import Link
from model.scenario_file import INJECTS, InjectTable, Override, ScriptTable
from model.toml_source import Place, Problem, nearest

#: Units whose numbers lie between 0 and 1, whatever the range of one of them.
SHARES = dict.fromkeys(("0-1", "0/1", "chance", "probability", "share"), (0.0, 1.0))


def apply_overrides(
    links: Sequence[Link], case: Case, numbers: dict[str, Number]
) -> tuple[dict[str, Number], tuple[str, ...], list[Problem]]:
    """Numbers with the overrides of a chain (root first) on top, the keys overridden, and all problems.

    An override may go beyond what is plausible, not beyond what is possible: a number of the situation stays
    within the bounds of situation.csv, a share or chance of behaviour within 0 to 1, any other in its range.
    """
    result = dict(numbers)
    keys: dict[str, None] = {}
    problems: list[Problem] = []
    for link in links:
        for key, override in link.table.overrides.items():
            base = numbers.get(key)
            place = ("overrides", key)
            if base is None:
                message = "unknown number; expected a dotted key that `parameters` lists"
                problems.append(link.document.problem(place, message, nearest_key(key, numbers), key))
                continue
            low, high = possible(case, base)
            changed = overridden_number(base, override, link.name)
            for name in ("value", "low", "high"):
                given = getattr(changed, name)
                if not low <= given <= high:
                    message = f"expected within {low:g} to {high:g} {base.unit}, found {given:g}"
                    problems.append(link.document.problem((*place, name), message, key=key))
                    break
            if isinstance(override, Override):
                if override.unit is not None and override.unit != base.unit:
                    message = f"expected {base.unit!r}, found {override.unit!r}"
                    problems.append(
                        link.document.problem((*place, "unit"), message, base.unit, f"{key}.unit")
                    )
                for name, message, hint in spread_problems(changed):
                    problems.append(link.document.problem((*place, name), message, hint, f"{key}.{name}"))
            result[key] = changed
            keys[key] = None
    return result, tuple(keys), problems


def possible(case: Case, number: Number) -> tuple[float, float]:
    """Between what a number may be set: the bounds of situation.csv, 0 to 1 for a share, else its range."""
    return case.bounds.get(number.key) or SHARES.get(number.unit, (number.low, number.high))


def overridden_number(base: Number, override: float | Override, name: str) -> Number:
    """A number as a scenario of this name lays it down: fixed at a value, or spread anew."""
    note = f"laid down by the scenario {name}"
    told = replace(base, grade="D", source=(ASSUMPTION,), note=note, values=(), weights=())
    if not isinstance(override, Override):
        value = float(override)
        return replace(told, value=value, low=value, high=value, distribution=FIXED, kind="constant")
    return replace(
        told,
        value=float(override.value),
        low=float(override.low),
        high=float(override.high),
        distribution=override.distribution,
        kind="uncertainty",
        values=tuple(map(float, override.values or ())),
        weights=tuple(map(float, override.weights or ())),
    )


def nearest_key(key: str, numbers: Mapping[str, Number]) -> str:
    """The nearest dotted key; one with the same last part comes first."""
    last = key.split(".")[-1]
    same = [known for known in numbers if known.split(".")[-1] == last]
    return nearest(key, same) or (same[0] if len(same) == 1 else nearest(key, numbers))


def acts_and_events(
    links: Sequence[Link], case: Case
) -> tuple[tuple[str, ...], tuple[ScriptTable, ...], tuple[InjectTable, ...], list[Problem]]:
    """What a chain (root first) forbids, its script and its outside events, and all problems with them."""
    forbid: dict[str, None] = {}
    script: list[tuple[Link, Place, ScriptTable]] = []
    injects: list[InjectTable] = []
    problems: list[Problem] = []
    for link in links:
        if link.table.drop_script:
            script.clear()
        if link.table.drop_inject:
            injects.clear()
        for number, name in enumerate(link.table.limits.forbid):
            problems += _forbid_problems(link, ("limits", "forbid", number), name, case)
            forbid[name] = None
        script += [(link, ("script", number), act) for number, act in enumerate(link.table.script)]
        problems += [
            p for number, act in enumerate(link.table.script) for p in _act_problems(link, number, act, case)
        ]
        for number, event in enumerate(link.table.inject):
            kind = INJECTS[event.event]
            if not kind.low <= event.size <= kind.high:
                message = f"expected within {kind.low:g} to {kind.high:g} {kind.unit}, found {event.size:g}"
                problems.append(link.document.problem(("inject", number, "size"), message))
        injects += link.table.inject
    for link, place, act in script:
        for name in (act.action, f"{act.actor}.{act.action}"):
            if name in forbid:
                message = f"expected an act that is not forbidden; limits.forbid holds {name!r}"
                problems.append(link.document.problem((*place, "action"), message))
    return tuple(forbid), tuple(act for _, _, act in script), tuple(injects), problems


def _forbid_problems(link: Link, place: Place, name: str, case: Case) -> Iterator[Problem]:
    actor, dot, action = name.rpartition(".")
    yield from _pair_problems(link, place, place, actor if dot else None, action, case)


def _act_problems(link: Link, number: int, act: ScriptTable, case: Case) -> Iterator[Problem]:
    place: Place = ("script", number)
    yield from _pair_problems(link, (*place, "actor"), (*place, "action"), act.actor, act.action, case)
    if act.action in actions() and actions()[act.action].role == "garrison":
        message = "expected an act that somebody decides; a commander acts without orders or not at all"
        yield link.document.problem((*place, "action"), message)


def _pair_problems(
    link: Link, actor_place: Place, action_place: Place, actor: str | None, action: str, case: Case
) -> Iterator[Problem]:
    """An unknown actor, an unknown act, or an act that actors of this role cannot do."""
    roles = {spec.name: spec.role for spec in case.actors}
    table = actions()
    if actor is not None and actor not in roles:
        message = f"expected an actor of the case {case.name} ({', '.join(roles)}), found {actor!r}"
        yield link.document.problem(actor_place, message, nearest(actor, roles))
    if action not in table:
        own = [a.name for a in table.values() if actor is None or a.role == roles.get(actor, a.role)]
        message = f"expected an act that `actions` lists, found {action!r}"
        yield link.document.problem(action_place, message, nearest(action, own) or nearest(action, table))
    elif actor in roles and table[action].role != roles[actor]:
        own = [a.name for a in table.values() if a.role == roles[actor]]
        message = (
            f"expected an act of the role {roles[actor]}, which {actor} plays; "
            f"{action!r} is one of the role {table[action].role}"
        )
        yield link.document.problem(action_place, message, nearest(action, own))
