"""Foresight of the host government: what its world would look like after each option.

Every option is valued on the same stakes, so that arresting has benefits and hosting has costs:

- office: loss of power when force succeeds, and to unrest
- welfare: income lost to the measures in force and expected
- honour: standing of a government that did not give way (its stake in not yielding); the share of it that is
  a matter of face pales with time, and a way out saves it
- law: legal standing and aid that hang on the Court's and the norm bloc's judgement
- audience: the price of going back on its public word
- effort: the direct cost of carrying the option out

The coercer is expected to choose by the very rule of `coercion.py`, at each of seven types.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from model.decision import coercion
from model.decision.coercion import burden, full_burden
from model.decision.hazards import exp
from model.decision.picture import MEASURES, Effects, Picture, Temper
from model.decision.rule import Menu, probabilities
from model.world.talks import deal_rate

STAKES = ("office", "welfare", "honour", "law", "audience", "effort")
HONOUR = STAKES.index("honour")
AS_IS, SURRENDER, TALKS = 0, 1, 2
#: options that end the matter, and those that ask others for help
GIVING = ("release", "give_way", "accept_terms")
APPEALS = ("appeal_for_help", "request_alliance")
#: a probability too small to divide by
NEVER = 1e-12


class Threat:
    """What the host expects of the coercer while it holds on, for each of its types.

    force (3, types): rate per day of force, by the coercer's rule, if the host carries on, orders the
    surrender, offers talks. meant (3, types): probability that the standing threats are meant: then force comes
    within their term, else at the rate of the rule (a threat is carried out or it is not; it does not grow into
    a certainty by standing long).
    loss (3, types): expected share of income lost over the horizon. seizing (3, types): share of the force expected
    that is a seizure of power and not a rescue.
    """

    def __init__(self, picture: Picture, e: Effects, temper: Temper, types: np.ndarray) -> None:
        hurry = picture.hurry
        gone = np.array([hurry, max(picture.chain_rate, hurry), hurry])
        offer = np.array([picture.host_offer, picture.host_offer, 1.0])
        values = coercion.prospect(picture, e, temper, types, np.ones(1), gone, offer).sum(axis=0)
        p = probabilities(values, e.menu, temper.precision)
        violent = np.maximum(e.after["rescue"], e.after["seizure"])
        self.meant = (p * e.fear).sum(axis=-1)
        self.force = temper.rate_coercer * (p * violent).sum(axis=-1)
        taking, freeing = ((p * e.after[lever]).sum(axis=-1) for lever in ("seizure", "rescue"))
        self.seizing = taking / np.maximum(taking + freeing, NEVER)
        if picture.attacked:
            self.force = np.maximum(self.force, temper.attack_rate)
        self.loss = self._pressure(p, picture, e, temper)

    @staticmethod
    def _pressure(p: np.ndarray, picture: Picture, e: Effects, temper: Temper) -> np.ndarray:
        """Share of income lost over the horizon if measures go on being added at the rate now expected."""
        now = burden({name: picture.levers.get(name, 0.0) for name in MEASURES}, picture.exposure)
        highest = e.after.rows(MEASURES).max(axis=1).tolist()
        most = burden(dict(zip(MEASURES, highest, strict=True)), picture.exposure)
        if most <= now:
            return np.full(p.shape[:-1], now)
        growth = temper.rate_coercer * (p * np.maximum(e.load - now, 0.0)).sum(axis=-1) / (most - now)
        return now + (most - now) * temper.horizon.share_after(growth, np.zeros_like(growth))

    def hazards(
        self, variant: int | list[int], temper: Temper, help_: float | np.ndarray = 0.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Rates of force if the threats are meant and if not, and the odds of either, each (2, ..., types).

        `help_` (0-1): how far help that is hoped for wards it off; a number, or (ways, 1) with as many variants.
        """
        force, meant = self.force[variant] * (1.0 - help_), self.meant[variant] * (1.0 - help_)
        rates, odds = np.empty((2, 2, *force.shape))
        rates[0], rates[1] = force + 1.0 / temper.threat_term, force
        odds[0], odds[1] = meant, 1.0 - meant
        return rates, odds

    def fate(
        self, variant: int | list[int], temper: Temper, help_: float | np.ndarray, chain: float | np.ndarray
    ) -> list[np.ndarray]:
        """What becomes of holding on: probability of an attack, shares of the horizon before it and after surrender.

        Each (..., types); what is left of the horizon follows an attack. One way of holding on, or as many as there
        are variants, with `help_` and `chain` of shape (ways, 1).
        """
        force, odds = self.hazards(variant, temper, help_)
        return [(odds * share).sum(axis=0) for share in temper.horizon.race(force, np.asarray(chain))]

    @classmethod
    def absent(cls, types: int) -> "Threat":
        """No coercer: nothing to fear."""
        threat = cls.__new__(cls)
        threat.force = np.zeros((3, types))
        threat.meant = np.zeros((3, types))
        threat.seizing = np.zeros((3, types))
        threat.loss = np.zeros((3, types))
        return threat


def prospect(picture: Picture, menu: Menu, threat: Threat, temper: Temper, own: np.ndarray) -> np.ndarray:
    """Value of the world after each option, by stake: shape (stakes, types, options).

    `own` is the host's resolve: a number, or one for each type (types, 1) when another actor guesses
    at the host. The last axis follows the menu.
    """
    own = np.asarray(own, dtype=np.float64).ravel()
    types = np.broadcast(threat.force[AS_IS], own).shape
    ways = dict.fromkeys(way for name in menu.names for way in _ways(name, picture))
    held = _hold(picture, temper, threat, own, list(ways))
    out = np.zeros((len(STAKES), *types, len(menu)))
    for i, name in enumerate(menu.names):
        out[:, :, i] = _outlook(name, picture, threat, temper, own, held)
        if name in ("order_resistance", "order_stand_aside"):
            out[5, :, i] -= temper.reversal_cost * picture.fresh_orders
    out[5] -= temper.efforts[menu.classes]
    return out


class Holding(NamedTuple):
    """A way of holding on: what the coercer sees of it, the rate per day at which the Court is reached, the policy."""

    variant: int
    chain: float
    policy: str = "hold"


def _ways(name: str, x: Picture) -> tuple[Holding, ...]:
    """The ways of holding on that an option leaves open."""
    if name in GIVING or name in ("refuse_visit", "host_visit"):
        return ()
    if name == "order_surrender":
        return (Holding(SURRENDER, x.chain_rate),)
    if name == "offer_release":
        return (Holding(TALKS, x.transfer_rate),)
    if name == "arrest":
        return Holding(AS_IS, x.transfer_rate), Holding(SURRENDER, x.chain_rate)
    return (Holding(AS_IS, x.transfer_rate, name),)


def _outlook(
    name: str, x: Picture, threat: Threat, temper: Temper, own: np.ndarray, held: Mapping[Holding, np.ndarray]
) -> np.ndarray:
    """Stakes (stakes, types) of one option, given what ways of holding on are worth."""
    ways = [held[way] for way in _ways(name, x)]
    if name in GIVING:
        return _give_way(x, temper, threat, own)
    if name == "offer_release":
        return _offer(x, temper, threat, own, *ways)
    if name == "refuse_visit" or name == "host_visit":
        return _no_arrest(x, temper, threat, hosting=name == "host_visit")
    if name == "arrest":
        return _arrest(x, temper, threat, own, *ways)
    return ways[0]


def _hold(
    x: Picture, temper: Temper, threat: Threat, own: np.ndarray, ways: Sequence[Holding]
) -> dict[Holding, np.ndarray]:
    """What holding on is worth, each way (stakes, types); worked out together, one row a way."""
    if not ways:
        return {}
    variants, differs = [way.variant for way in ways], [_differs(way.policy, x, temper) for way in ways]
    # One column (ways, 1) for each thing in which ways of holding on differ.
    help_, seize, rescue, blood, streets, spent = np.array(differs).T[:, :, None]
    chain = np.array([[way.chain] for way in ways])
    attacked, standing, delivered = threat.fate(variants, temper, help_, chain)
    loss = threat.loss[variants] * spent * (1.0 - help_)
    seized = threat.seizing[variants] * seize
    p = seized + (1.0 - threat.seizing[variants]) * rescue
    # What is left of the horizon follows an attack, which leaves what is held if it fails.
    after = 1.0 - standing - delivered
    kept = standing + (1.0 - p) * after
    office = seized * (attacked * x.office_at_risk - after * np.minimum(x.thing(own), x.office_at_risk))
    law = x.law_stake if x.held else 0.0
    out = np.zeros((len(ways), len(STAKES), *np.broadcast(attacked[0], own).shape))
    out[:, 0] = 0.0 - office - attacked * blood - streets
    out[:, 1] = 0.0 - temper.income_weight * loss
    out[:, HONOUR] = 0.0 + _standing(x, own) * (kept + delivered)
    out[:, 3] = 0.0 + law * (temper.lawful_arrest * kept + delivered)
    return dict(zip(ways, out, strict=True))


def _differs(policy: str, x: Picture, temper: Temper) -> tuple[float, ...]:
    """In what ways of holding on differ by their policy.

    Help hoped for (0-1), chances that a seizure and that a rescue succeeds, worth of the blood of an attack, worth
    of the unrest, share of the losses that is felt.
    """
    help_ = temper.help_weight * x.support * (1.0 if policy in APPEALS else temper.help_unasked)
    orders = 1 if policy == "order_resistance" else -1 if policy == "order_stand_aside" else x.orders
    base = 1.0 - x.squeeze if policy == "squeeze_base" else 1.0
    found = 1.0 - x.hidden if policy == "move_detainee" else base
    lost = (0.0, temper.losses_without_orders, 1.0)[orders + 1]
    calm = 0.0
    if policy == "request_alliance":
        calm = temper.alliance_relief
    elif policy in ("declare_martial_law", "cut_internet"):
        calm = temper.order_relief
    return (
        help_,
        x.p_seizure_by_orders[orders + 1] * base,
        x.p_rescue_by_orders[orders + 1] * found,
        temper.blood_weight * lost,
        temper.unrest_weight * x.unrest * (1.0 - calm),
        1.0 - x.ration_relief if policy == "ration" else 1.0,
    )


def _offer(x: Picture, temper: Temper, threat: Threat, own: np.ndarray, holding: np.ndarray) -> np.ndarray:
    """Offer talks: a deal that saves the face, sooner or later, unless force comes first; until then it is held."""
    face = max(x.face, temper.formula_face)
    rate = deal_rate(temper.talks_rate, temper.talks_without_face, 1.0, face)
    hazard, odds = threat.hazards(TALKS, temper)
    deal = (odds * temper.horizon.probability(np.asarray(rate), hazard)).sum(axis=0)
    yielding = _give_way(x, temper, threat, own, face=face)
    value = deal * yielding + (1.0 - deal) * holding
    until = (odds * temper.horizon.share_before(hazard + rate)).sum(axis=0)
    value[HONOUR] += deal * until * _standing(x, own)
    return value


def _standing(x: Picture, own: np.ndarray) -> np.ndarray:
    """What it is worth to a host not to have given way, for the whole horizon; face pales, the thing does not."""
    return x.thing(own) + own * x.yield_stake * x.face_share * x.freshness if x.held else np.zeros_like(own)


def _give_way(
    x: Picture, temper: Temper, threat: Threat, own: np.ndarray, face: float | None = None
) -> np.ndarray:
    """Give way: a way out saves what is a matter of face. Under attack it is done on the coercer's terms."""
    face = x.face if face is None else face
    saved = x.face_share * x.freshness * face if x.held else 0.0
    punished = x.punishment * x.affront * (1.0 - face) * full_burden(x.exposure)
    beside = np.maximum(x.office_at_risk - x.thing(own), 0.0)
    terms = temper.terms_share * beside if x.attacked else 0.0
    value = np.zeros((len(STAKES), *np.broadcast(threat.force[AS_IS], own).shape))
    value[0] = 0.0 - terms - temper.unrest_weight * x.unrest
    value[1] = 0.0 - temper.income_weight * punished
    value[HONOUR] = 0.0 + own * x.yield_stake * saved
    value[3] = 0.0 - x.law_stake * (1.0 - face)
    value[4] = 0.0 - temper.audience_weight * x.commitment_host * (1.0 - face)
    return value


def _no_arrest(x: Picture, temper: Temper, threat: Threat, hosting: bool) -> np.ndarray:
    """Host the visit (and answer to the Court), or refuse it (and answer for the slight)."""
    if not hosting:
        return _retaliation(x, temper, threat, x.slight)
    value = np.zeros((len(STAKES), *threat.force[AS_IS].shape))
    value[3] = 0.0 - x.law_stake
    return value


def _retaliation(x: Picture, temper: Temper, threat: Threat, affront: float) -> np.ndarray:
    """Nothing is held, and an affront (0-1) is answered for: a visit refused, an arrest that failed."""
    value = np.zeros((len(STAKES), *threat.force[AS_IS].shape))
    value[1] = 0.0 - temper.income_weight * (x.punishment * affront * full_burden(x.exposure))
    return value


def _arrest(
    x: Picture, temper: Temper, threat: Threat, own: np.ndarray, holding: np.ndarray, surrender: np.ndarray
) -> np.ndarray:
    """Arrest, then carry on as seems best: the mean of what follows, weighted by quantal response."""
    ways = np.stack([holding, surrender, _give_way(x, temper, threat, own)])
    total = ways.sum(axis=1)
    e = exp(temper.precision.between * (total - total.max(axis=0)))
    weight = e / e.sum(axis=0)
    made = (weight[:, None] * ways).sum(axis=0)
    return x.arrest_success * made + (1.0 - x.arrest_success) * _retaliation(x, temper, threat, x.affront)
