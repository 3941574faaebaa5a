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

import numpy as np

from model.decision import expectation, holding_on
from model.decision.coercion import NOMINAL
from model.decision.foresight import LOOKS
from model.decision.holding_on import ARREST, AS_IS, GIVE, HOLD, HOST, OFFER, REFUSE, SURRENDER, TALKS
from model.decision.picture import Effects, Picture, Temper
from model.decision.rule import Menu

STAKES = ("office", "welfare", "honour", "law", "audience", "effort")
#: options that end the matter, and those that ask others for help
GIVING = ("release", "give_way", "accept_terms")
APPEALS = ("appeal_for_help", "request_alliance")
#: options that change what holding on is like
POLICIES = (
    *APPEALS, "order_resistance", "order_stand_aside", "squeeze_base", "move_detainee", "declare_martial_law",
    "cut_internet", "ration",
)  # fmt: skip
#: what differs by policy, where nothing is held on to
NO_POLICY = (0.0,) * 6


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
        found = np.empty((4, len(offer), len(types)))
        expectation.threats(
            picture.numbers, temper.numbers, picture.full_burden, e.after.block, LOOKS, e.brings, *e.menu.coded,
            types, NOMINAL, gone, offer, picture.standing, picture.exposures, found,
        )  # fmt: skip
        self.force, self.meant, self.seizing, self.loss = found

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
    out = np.zeros((len(STAKES), max(threat.force.shape[1], len(own)), len(menu)))
    plain = differs("hold", picture, temper)
    options = [number for name in menu.names for number in _option(name, picture, temper, plain)]
    holding_on.worths(
        picture.numbers, temper.numbers, picture.full_burden, np.array(options).reshape(len(menu), -1),
        threat.force, threat.meant, threat.seizing, threat.loss, own, out,
    )  # fmt: skip
    if picture.fresh_orders > 0.0:
        for i, name in enumerate(menu.names):
            if name in ("order_resistance", "order_stand_aside"):
                out[5, :, i] -= temper.reversal_cost * picture.fresh_orders
    out[5] -= temper.efforts[menu.classes]
    return out


def _option(name: str, x: Picture, temper: Temper, plain: tuple[float, ...]) -> tuple[float, ...]:
    """An option of the menu in the columns of `holding_on`; `plain`: those of holding on without a policy."""
    if name in GIVING:
        return (GIVE, AS_IS, *NO_POLICY)
    if name == "refuse_visit" or name == "host_visit":
        return (HOST if name == "host_visit" else REFUSE, AS_IS, *NO_POLICY)
    if name == "order_surrender":
        return (HOLD, SURRENDER, *plain)
    if name == "offer_release":
        return (OFFER, TALKS, *plain)
    if name == "arrest":
        return (ARREST, AS_IS, *plain)
    return (HOLD, AS_IS, *(differs(name, x, temper) if name in POLICIES else plain))


def differs(policy: str, x: Picture, temper: Temper) -> tuple[float, ...]:
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
