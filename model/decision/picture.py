"""What an actor believes about the crisis at the moment it decides.

All actors share the form and fill it with their own beliefs: each its own resolve, its own guess at the
other's, its own bias in force. Foresight (`coercion.py`, `resistance.py`) works on nothing else, so that the
same functions serve an actor's own choice and its guess at the other side's.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from model.compiled import kind_of_record, record
from model.decision.hazards import Horizon
from model.decision.rule import CLASSES, Menu, Precision
from model.numbers import section

#: economic and migration measures; each has an exposure of the host
MEASURES = (
    "raids",
    "entry_ban",
    "transfer_block",
    "fuel_cut",
    "flight_ban",
    "trade_embargo",
    "airspace_denial",
)
#: measures that are lifted as one, and that a ceiling of pressure holds down
ECONOMIC = MEASURES[:-1]
#: levers that go back with the troops
ARMED = ("alert", "reinforcement", "blockade", "airspace_denial", "rescue", "seizure")
#: levers that make force credible without using it
THREATS = ("demand", "recall", "ultimatum", "alert", "blockade", "alliance_call", "rival", "reinforcement")
#: levers that answer an affront in words
WORDS = ("demand", "ultimatum", "recall", "propaganda")
#: levers that are the use of force for a decision
FORCE = ("rescue", "seizure")
#: levers that keep an aircraft with the detainee on the ground
BARS = ("airspace_denial", "blockade")
LEVERS = (*MEASURES, *THREATS, *FORCE, "propaganda", "coercer_offer")


@dataclass
class Picture:
    """One actor's beliefs about the crisis. Stakes are in share of political survival, rates per day.

    `open`: the coercer's demand stands; `held`: the detainee is in the host's hands; `attacked`: force
    is being used. `levers`: the coercer's levers (0-1) in force or ordered, by name; `credit`: what is
    left of the credit of those of its threats that stand, by name (0-1); `fresh`: how recently each lever was last
    moved (0-1).
    `transfer_rate`: at which the detainee reaches the Court as things stand, `chain_rate`: if the surrender were
    ordered; `hurry`: at which the coercer expects to lose what it wants for good.
    `freshness`: how much the quarrel is still a matter of face in public, 1 as it breaks out (0-1).
    `responsiveness`: how far the host is believed to answer to pressure, against what it would by the rule.
    `exposure`: share of the host's income lost to each measure in full force. `arrest_success`: chance that an
    arrest that is tried ends in custody (0-1). `squeeze`: share of its force that a base
    cut off would lose; `hidden`: chance that a detainee who is moved is not found (0-1).
    `office_at_risk`: share of survival lost with the seat of power that force can reach.
    """

    open: bool
    held: bool
    attacked: bool
    levers: Mapping[str, float]
    credit: Mapping[str, float]
    fresh: Mapping[str, float]
    exposure: Mapping[str, float]
    own_exposure: float
    demand_stake: float
    partner_value: float
    shield: float
    yield_stake: float
    law_stake: float
    office_at_risk: float
    face_share: float = 1.0
    freshness: float = 1.0
    affront: float = 0.0
    slight: float = 0.0
    commitment_coercer: float = 0.0
    commitment_host: float = 0.0
    overdue: float = 0.0
    face: float = 0.0
    host_offer: float = 0.0
    p_rescue: float = 0.0
    p_seizure: float = 0.0
    #: chance that a rescue, and that a seizure, succeeds under each of three orders: stand aside, none, resist
    p_rescue_by_orders: tuple[float, float, float] = (0.0, 0.0, 0.0)
    p_seizure_by_orders: tuple[float, float, float] = (0.0, 0.0, 0.0)
    orders: int = 0
    fresh_orders: float = 0.0
    transfer_rate: float = 0.0
    hurry: float = 0.0
    chain_rate: float = 0.0
    punishment: float = 0.5
    responsiveness: float = 1.0
    support: float = 0.0
    unrest: float = 0.0
    ration_relief: float = 0.0
    arrest_success: float = 1.0
    squeeze: float = 0.0
    hidden: float = 0.0

    @property
    def numbers(self) -> Any:
        """What foresight needs of it, as a record."""
        return record(PICTURE, _of_picture(self))

    @cached_property
    def standing(self) -> np.ndarray:
        """Level, credit and freshness of each of the LEVERS, shape (3, levers)."""
        rows = (self.levers, self.credit, self.fresh)
        return np.array([row.get(lever, 0.0) for row in rows for lever in LEVERS]).reshape(3, -1)

    @cached_property
    def exposures(self) -> np.ndarray:
        """`exposure` to each of the MEASURES."""
        return np.array([self.exposure.get(name, 0.0) for name in MEASURES])

    @cached_property
    def full_burden(self) -> float:
        """Share of the host's income lost if every measure stood in full force: losses compound."""
        kept = 1.0
        for share in self.exposures.tolist():
            kept *= 1.0 - share
        return 1.0 - kept


#: numbers of a picture, and of a temper, that foresight reads
PICTURE = kind_of_record(
    "open", "own_exposure", "demand_stake", "partner_value", "shield", "yield_stake", "office_at_risk", "face_share",
    "freshness", "affront", "commitment_coercer", "commitment_host", "overdue", "face", "p_rescue", "p_seizure",
    "punishment", "responsiveness", "held", "attacked", "law_stake", "slight", "unrest", "transfer_rate", "chain_rate",
    "arrest_success",
)  # fmt: skip
_of_picture = attrgetter(*(PICTURE.names or ()))
TEMPER = kind_of_record(
    "between", "days", "impatience", "whole", "rate_host", "income_weight", "audience_weight", "deterrence_weight",
    "blood_weight", "alienation", "cover", "shield_weight", "formula_face", "talks_rate", "talks_without_face",
    "blockade_share", "words_answer", "unrest_weight", "terms_share", "lawful_arrest", "threat_term",
    "retreat_talks", "reversal_cost", "rate_coercer", "attack_rate", "within", "habit",
)  # fmt: skip


@dataclass(frozen=True)
class Temper:
    """Behaviour that both sides share: precision, horizon, and what a share of income or a fright is worth.

    Values come from the section `decision` of the parameters; see there for units and sources.
    """

    precision: Precision
    horizon: Horizon
    rate_coercer: float
    rate_host: float
    income_weight: float
    audience_weight: float
    deterrence_weight: float
    blood_weight: float
    unrest_weight: float
    alienation: float
    cover: float
    shield_weight: float
    formula_face: float
    talks_rate: float
    talks_without_face: float
    terms_share: float
    help_weight: float
    help_unasked: float
    losses_without_orders: float
    lawful_arrest: float
    order_relief: float
    alliance_relief: float
    retreat_talks: float
    attack_rate: float
    threat_term: float
    blockade_share: float
    reversal_cost: float
    words_answer: float
    effort: Mapping[str, float] = field(default_factory=dict)
    credibility: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def efforts(self) -> np.ndarray:
        """`effort` by index of CLASSES."""
        return np.array([self.effort[kind] for kind in CLASSES])

    @cached_property
    def credibilities(self) -> np.ndarray:
        """`credibility` of the THREATS."""
        return np.array([self.credibility[threat] for threat in THREATS])

    @cached_property
    def numbers(self) -> Any:
        """What foresight needs of it, as a record."""
        horizon = self.horizon
        own = {"between": self.precision.between, "within": self.precision.within, "days": horizon.days}
        own |= {"habit": math.log(self.precision.inertia)}
        own |= {"impatience": horizon.rate, "whole": horizon.whole}
        return record(TEMPER, [own[n] if n in own else getattr(self, n) for n in TEMPER.names or ()])

    @classmethod
    def from_numbers(cls, n: Mapping[str, float]) -> "Temper":
        """Read the section `decision` (and the rates of deliberation) from the sampled numbers of a run."""
        d = section(n, "decision")
        return cls(
            precision=Precision(d["precision_between"], d["precision_within"], d["inertia"]),
            horizon=Horizon(d["horizon"], d["impatience"]),
            rate_coercer=n["coercer.deliberation_rate"],
            rate_host=n["government.deliberation_rate"],
            income_weight=d["income_weight"],
            audience_weight=d["audience_weight"],
            deterrence_weight=n["coercer.deterrence_weight"],
            blood_weight=d["blood_weight"],
            unrest_weight=n["government.unrest_weight"],
            alienation=n["coercer.alienation_by_measures"],
            cover=n["coercer.cover_by_alliance"],
            shield_weight=n["coercer.shield_weight"],
            formula_face=d["formula_face"],
            talks_rate=d["talks_rate"],
            talks_without_face=d["talks_without_face"],
            terms_share=n["government.terms_share"],
            help_weight=n["government.help_weight"],
            help_unasked=n["government.help_unasked"],
            losses_without_orders=n["government.losses_without_orders"],
            lawful_arrest=n["government.lawful_arrest"],
            order_relief=n["government.order_relief"],
            alliance_relief=n["government.alliance_relief"],
            retreat_talks=d["retreat_by_talks"],
            attack_rate=d["attack_rate"],
            threat_term=d["threat_term"],
            blockade_share=n["coercer.blockade_share"],
            reversal_cost=d["reversal_cost"],
            words_answer=n["coercer.words_answer"],
            effort={c: d[f"effort_{c}"] for c in ("deescalation", "posturing", "nonviolent", "violent")}
            | {"status_quo": 0.0},
            credibility={lever: d[f"credibility_{lever}"] for lever in THREATS},
        )


class Levers:
    """Levels (0-1) of the LEVERS after each act of a menu: `levers[name]` is the row (acts,) of one of them.

    block (levers, acts): all of them.
    """

    def __init__(self, block: np.ndarray) -> None:
        self.block = block

    def __getitem__(self, name: str) -> np.ndarray:
        """The row of a lever. Raises KeyError for one that is not among the LEVERS."""
        row: np.ndarray = self.block[_ROWS[name]]
        return row


_ROWS = {name: row for row, name in enumerate(LEVERS)}


class Effects(NamedTuple):
    """What each act of a menu would do.

    `after`: the levers after it, by name, each (acts,). `brings` (4, acts): share of the host's income then lost,
    probability of force that the threats then standing signal, direct cost in share of survival, how far the act goes
    back on a public demand (0-1).
    """

    menu: Menu
    after: Levers
    brings: np.ndarray

    @property
    def load(self) -> np.ndarray:
        """Share of the host's income then lost (acts,)."""
        return self.brings[0]

    @property
    def fear(self) -> np.ndarray:
        """Probability of force that the threats then standing signal (acts,)."""
        return self.brings[1]
