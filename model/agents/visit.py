"""The visit, link by link: whether the guest comes, and whether an arrest that is ordered succeeds.

The premise of the project is an arrest that was made (switch `arrest = certain`). With `arrest = chain` every
link may fail, as it can in the world:

- the guest weighs whether to come, by what he believes of the host, and knows more if preparations leak (he
  stayed away from South Africa in 2023, and came to Mongolia in 2024);
- the units ordered obey with the chance that the elite is loyal;
- the bodyguards give in, or there is a standoff, which ends in custody, in his leaving, or in his death.

Only a serving leader has all that (`leader_at_stake`). Who else is arrested, two pilots or an executive, is arrested as
without the chain.
"""

import math
from typing import TYPE_CHECKING

from model.agents.inference import expected_of_host
from model.randomness import DECISIONS

if TYPE_CHECKING:
    from model.agents.coercer import Coercer
    from model.agents.government import Government
    from model.simulation import EscalationModel

#: draws of a visit, by item
LEAK, COME, OBEY, GUARDS = range(4)
#: the act of the guest; its role in the table of actions is no actor's, so that it is on no menu
STAY_AWAY = "call_off_visit"


def chained(model: "EscalationModel") -> bool:
    """Whether a visit and an arrest can fail in this scenario: who may be held is a power's serving leader."""
    return model.switches["arrest"] == "chain" and model.coercer is not None and model.coercer.its_leader


def stays_away(model: "EscalationModel", prepared: bool) -> bool:
    """Whether the guest does not come; `prepared`: an arrest waits for him. Then the visit is called off."""
    guest, host = model.coercer, model.government
    if not chained(model) or guest is None or host is None or model.forbidden(guest, STAY_AWAY):
        return False
    leaked = prepared and _draw(model, LEAK) < model.numbers["arrest.leak_chance"]
    risk = 1.0 if leaked else expected_arrest(guest, host)
    loss = risk * custody_chance(model) * guest.situation("demand_stake") * guest.resolve
    if _draw(model, COME) >= staying_away(model, loss):
        return False
    model.crisis.stage = "cancelled"
    if leaked:  # a plot against him is an affront like an open refusal
        guest.take_offence(guest.situation("affront_by_refusal"))
    model.do(guest, STAY_AWAY)
    return True


def staying_away(model: "EscalationModel", loss: float) -> float:
    """Probability that a guest who expects such a loss stays away; 0 where there is nothing to fear.

    A quantal response on the logarithm of loss against worth, as steep as that of all choices where they are equal.
    """
    worth = model.numbers["arrest.visit_worth"]
    if loss <= 0.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(model.temper.precision.between * worth * math.log(worth / loss)))


def expected_arrest(guest: "Coercer", host: "Government") -> float:
    """Chance that the host arrests, by the host's own rule at the types that the guest believes in."""
    menu = host.menu()
    if "arrest" not in menu.names:
        return 0.0
    picture = host.if_arrested(guest.perceive())
    own = host.expected_menu(guest, picture)
    chances = expected_of_host(guest, picture, own, menu)[:, menu.index("arrest")]
    return float((chances * guest.belief.weights).sum())


def custody_chance(model: "EscalationModel") -> float:
    """Chance that an arrest that is tried ends in custody, as all reckon."""
    if not chained(model):
        return 1.0
    n = model.numbers
    resisted = n["arrest.guards_resist"] * n["arrest.standoff_custody"] * (1.0 - n["arrest.standoff_death"])
    return model.opinion.loyalty * (1.0 - n["arrest.guards_resist"] + resisted)


def success(model: "EscalationModel") -> float:
    """Chance that an arrest that is decided on ends in custody, as the host reckons: it may leak as well."""
    leak = model.numbers["arrest.leak_chance"] if chained(model) else 0.0
    return (1.0 - leak) * custody_chance(model)


def attempt(model: "EscalationModel") -> str:
    """How an arrest that is ordered turns out on the spot: `held`, `standoff`, or `arrest_failed`."""
    if not chained(model):
        return "held"
    if _draw(model, OBEY) >= model.opinion.loyalty:
        return "arrest_failed"
    return "standoff" if _draw(model, GUARDS) < model.numbers["arrest.guards_resist"] else "held"


def _draw(model: "EscalationModel", item: int) -> float:
    return model.luck.uniform(DECISIONS["visit"], 0, 0, item)
