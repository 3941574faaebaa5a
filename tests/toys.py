"""Small worlds made from the shipped scenarios, in which the right answer is obvious."""

from collections.abc import Iterable
from dataclasses import replace

from model.scenario import Inject, Scenario, ScriptedAct, load_scenario
from model.settings import Settings
from model.simulation import EscalationModel


def world(
    name: str = "arrest",
    without: Iterable[str] = (),
    script: Iterable[tuple[float, str, str]] = (),
    forbid: Iterable[str] = (),
    injects: Iterable[tuple[float, str, float, float]] = (),
    switches: dict[str, str] | None = None,
) -> Scenario:
    """A shipped scenario without the actors of some roles, and with more script, forbids, injects, switches."""
    scenario = load_scenario(name)
    dropped = set(without)
    return replace(
        scenario,
        actors=tuple(actor for actor in scenario.actors if actor.role not in dropped),
        script=(*scenario.script, *(ScriptedAct(*act) for act in script)),
        forbid=(*scenario.forbid, *forbid),
        injects=(*scenario.injects, *(Inject(*inject) for inject in injects)),
        switches=scenario.switches | (switches or {}),
    )


def over_a_province(scenario: Scenario) -> Scenario:
    """The same quarrel over a province: force can take its seat, and not the capital's."""
    places = [replace(p, kind="province") if p.kind == "government_quarter" else p for p in scenario.places]
    road = replace(scenario.numbers["roads.government_quarter"], key="roads.province")
    return replace(scenario, places=tuple(places), numbers={**scenario.numbers, road.key: road})


def run(
    scenario: Scenario | str,
    days: int = 30,
    replicate: int = 0,
    households: int = 300,
    parameters: str = "nominal",
    overrides: dict[str, float] | None = None,
    ticks_per_day: int = 4,
) -> EscalationModel:
    """Run a world to its horizon."""
    settings = Settings(days=days, households=households, parameters=parameters, ticks_per_day=ticks_per_day)
    return EscalationModel(scenario, settings.seed, replicate, settings, overrides).run()


def acts(model: EscalationModel, actor: str = "") -> list[str]:
    """Names of the acts done, in order; of one actor or of all."""
    return [event.action.name for event in model.record.events if actor in ("", event.actor)]


def played(name: str, *script: tuple[float, str, str], days: int = 20, **more: object) -> EscalationModel:
    """A shipped scenario without households in which only the script and the institutions act."""
    passive = world(name, ("households",), script, switches={"decision": "scripted"})
    return run(passive, days, **more)  # type: ignore[arg-type]
