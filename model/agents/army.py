"""The host's army: army, national guard, interior troops. Who fights is the question, attrition the minor term.

A formation fights if its loyalty and the chance that the others fight too outweigh the cost; the threshold
game is worked out in `world/defence.py` and `world/forces.py`. Here stands what the soldiers know and feel.
"""

from typing import TYPE_CHECKING

from model.agents.actor import Actor
from model.world.forces import Climate, Formation

if TYPE_CHECKING:
    from model.simulation import EscalationModel


class Army(Actor):
    """One of the host's forces."""

    role = "army"

    @property
    def formations(self) -> list[Formation]:
        """Its formations in the theatre."""
        return [f for f in self.model.theatre.army if f.name.rpartition("_")[0] == self.name]


def climate(model: "EscalationModel") -> Climate:
    """What the soldiers know: their orders, their pay, whose story is believed, whether command reaches them."""
    crisis, opinion = model.crisis, model.opinion
    orders = 1.0 if crisis.policy("resist") > 0.0 else -1.0 if crisis.policy("stand_aside") > 0.0 else 0.0
    # Commanders belong to networks of the elite: who has left passes no orders on.
    reached = opinion.staying if crisis.in_power else 0.0
    return Climate(
        orders=orders,
        legitimacy=opinion.legitimacy,
        narrative_share=opinion.story,
        arrears_days=model.economy.budget_arrears if model.economy else 0.0,
        contact=reached,
        internet=model.affairs.internet_on(),
    )
