"""The form of a scenario file: its keys, switches and outside events."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, get_args

from pydantic import Discriminator, Field, Tag

from model.parameters import Distribution
from model.schema import NUMBER, OVERRIDE, Strict

#: days that a run can last at most, and rows that a population needs to keep its shares
HORIZON, LEAST_ROWS = 1100.0, 100
#: parameter points that one sweep may ask for
MOST_POINTS = 100_000
#: entries of each kind that a scenario may have: it is a small difference, and each is looked up
MOST = 300


class InjectKind(NamedTuple):
    """What the size of an outside event is measured in, its range and its meaning."""

    unit: str
    low: float
    high: float
    meaning: str


INJECTS: dict[str, InjectKind] = {
    "rouble_shock": InjectKind("log change of RUB per USD", -2.0, 2.0, "the rouble falls (above 0) or rises"),
    "russian_output_shock": InjectKind(
        "log change of Russian output", -1.0, 1.0, "Russian output rises (above 0) or falls"
    ),
    "transfer_outage": InjectKind("share of operator channel closed", 0.0, 1.0, "the operator channel fails"),
    "fuel_shipment": InjectKind("days of use", 0.0, 365.0, "a shipment adds to the stock of fuel"),
    "emergency_aid_usd": InjectKind("USD", 0.0, 1e10, "emergency aid from outside is paid"),
    "mediator": InjectKind("0/1", 0.0, 1.0, "a mediator offers a face-saving way out"),
    "legal_formula": InjectKind("0/1", 0.0, 1.0, "a consultation under the Rome Statute offers a way out"),
    "security_guarantee": InjectKind(
        "change of belief", -1.0, 1.0, "everybody's belief in help for the host changes"
    ),
    "unrest": InjectKind(
        "0-1", 0.0, 1.0, "an uprising of causes of its own, against what would shake any government"
    ),
    "joint_refusal": InjectKind(
        "0-1", 0.0, 1.0, "other hosts refuse with this one: how little of the slight is left to answer"
    ),
    "warrant_executed": InjectKind("worth in visits", 0.0, 10.0, "a warrant is executed somewhere else"),
    "warrant_ignored": InjectKind("worth in visits", 0.0, 10.0, "a warrant is ignored somewhere else"),
    "detainee_dies": InjectKind("0/1", 0.0, 1.0, "the detainee dies in custody, of causes of his own"),
    "border_closed": InjectKind("0/1", 0.0, 1.0, "the borders are closed to travel"),
    "internet_outage": InjectKind("0/1", 0.0, 1.0, "the net is off in the host country"),
}


class Override(Strict):
    """A distribution in place of the one that a number has."""

    value: float = Field(description="the nominal value, a number")
    low: float = Field(description="the low end of the range, a number")
    high: float = Field(description="the high end of the range, a number")
    distribution: Distribution = Field(description="how it is spread over its range")
    unit: str | None = Field(None, description="the unit of the number, to be sure")
    values: list[float] | None = Field(None, description="values of a discrete distribution")
    weights: list[float] | None = Field(None, description="weights of a discrete distribution")


class Switches(Strict):
    """Alternative rules; the first of each is the model's own."""

    decision: Literal["logit", "best_response", "threshold", "random", "scripted"] | None = None
    beliefs: Literal["bayes", "fixed"] | None = None
    combat: Literal["lanchester_square", "lanchester_linear", "none"] | None = None
    unrest: Literal["epstein", "none"] | None = None
    arrest: Literal["certain", "chain"] | None = None
    coercer: Literal["unitary", "factional"] | None = None
    elites: Literal["drift", "cascade"] | None = None
    alliance: Literal["consensus", "quorum"] | None = None
    neighbours: Literal["absent", "active"] | None = None
    reinforcement: Literal["none", "air"] | None = None
    leverage: Literal["none", "base"] | None = None
    summit: Literal["none", "guests"] | None = None
    custody: Literal["fixed", "mobile"] | None = None


#: values of each switch, the model's own first
SWITCHES: dict[str, tuple[str, ...]] = {
    name: get_args(get_args(field.annotation)[0]) for name, field in Switches.model_fields.items()
}
DEFAULT_SWITCHES = {name: values[0] for name, values in SWITCHES.items()}


class Limits(Strict):
    """What may not happen."""

    forbid: list[str] = Field(
        [], max_length=MOST, description="acts that nobody, or (actor.action) one actor, may do"
    )


class ScriptTable(Strict):
    """`[[script]]`: an act that must happen."""

    day: float = Field(ge=0, le=HORIZON, description="days since the start, a number")
    actor: str = Field(description="the name of an actor of the case")
    action: str = Field(description="an act of model/actions.csv")


class InjectTable(Strict):
    """`[[inject]]`: a dated event from outside."""

    day: float = Field(ge=0, le=HORIZON, description="days since the start, a number")
    event: Literal[
        "rouble_shock",
        "russian_output_shock",
        "transfer_outage",
        "fuel_shipment",
        "emergency_aid_usd",
        "mediator",
        "legal_formula",
        "security_guarantee",
        "unrest",
        "joint_refusal",
        "warrant_executed",
        "warrant_ignored",
        "detainee_dies",
        "border_closed",
        "internet_outage",
    ] = Field(description="what happens")
    size: float = Field(description="how large it is, a number in the unit of the event")
    days: float | None = Field(
        None, gt=0, le=HORIZON, description="how long it lasts; to the end when left out"
    )


class SampleTable(Strict):
    """`[sweep.lhs]` or `[sweep.sobol]`: points spread over the distributions of some numbers."""

    points: int = Field(ge=2, le=MOST_POINTS, description="how many points, a whole number")
    numbers: list[str] = Field(min_length=1, description="dotted keys of the numbers to go over")
    seed: int = Field(1, ge=0, description="seed of the design, apart from that of the runs")


class SweepTable(Strict):
    """`[sweep]`: parameter points at which the scenario is run; every combination of what is asked for."""

    grid: dict[str, Annotated[list[float], Field(min_length=1)]] = Field(
        {}, description="dotted key -> an array of values"
    )
    lhs: SampleTable | None = Field(None, description="a Latin hypercube")
    sobol: SampleTable | None = Field(None, description="a scrambled Sobol sequence")


def _number_or_table(value: Any) -> str:
    return OVERRIDE if isinstance(value, dict | Override) else NUMBER


OverrideValue = Annotated[
    Annotated[float, Tag(NUMBER)] | Annotated[Override, Tag(OVERRIDE)], Discriminator(_number_or_table)
]


class ScenarioFile(Strict):
    """A scenario: small named differences from a case (`case`) or from another scenario (`extends`)."""

    title: str = Field(min_length=1, description="a short title")
    question: str = Field(min_length=1, description="one sentence: what question it answers")
    case: str | None = Field(None, description="name of a case; this or extends")
    extends: str | None = Field(None, description="name of another scenario; this or case")
    start: date | None = Field(None, description="another day 0 than that of the case")
    overrides: dict[str, OverrideValue] = Field(
        {}, max_length=MOST, description="dotted key -> a number, or a distribution"
    )
    switches: Switches = Field(Switches(), description="alternative rules")
    limits: Limits = Field(Limits(), description="what may not happen")
    script: list[ScriptTable] = Field([], max_length=MOST, description="acts that must happen")
    inject: list[InjectTable] = Field([], max_length=MOST, description="dated events from outside")
    sweep: SweepTable | None = Field(None, description="parameter points to run it at")
    drop_script: bool = Field(False, description="leave out the script of the scenario extended")
    drop_inject: bool = Field(False, description="leave out the outside events of the scenario extended")
