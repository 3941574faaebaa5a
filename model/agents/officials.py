"""The host's officials: a foreign ministry, a prosecutor, a court that hears a plea for bail.

What a quarrel has brought to their desks they do not leave lying. In their own time they put a first step to the
government: talks, a hearing, an exchange of notes. Routine of an organisation (Allison 1971) is when they do; what
becomes of it is the government's choice, and since the question has been put it is decided on its merits. Refused,
they come back to it, later each time. They are to the host what its agencies are to the coercer.
"""

import math
from typing import TYPE_CHECKING

from model.randomness import DECISIONS

if TYPE_CHECKING:
    from model.agents.government import Government

#: what they propose, and what stands against it
STEP, INSTEAD = "offer_release", "hold"


class Officials:
    """The officials of one host. `proposals`: how often they have put a first step to it."""

    def __init__(self, host: "Government") -> None:
        self._host = host
        self.proposals = 0

    def take_up(self) -> None:
        """There is a quarrel: they will come to it, days here and months there (a lognormal lag)."""
        host = self._host
        z = host.model.luck.normal(DECISIONS["officials"], 0, host.code, self.proposals)
        spread = math.exp(host.behaviour("first_step_spread") * z)
        lag = host.behaviour("first_step_lag") * host.behaviour("first_step_again") ** self.proposals * spread
        host.model.agenda.enter(host.model.day + lag, self._propose)

    def _propose(self) -> None:
        host = self._host
        menu = host.menu() if host.model.crisis.open else None
        if menu is None or STEP not in menu.names or INSTEAD not in menu.names:
            return
        chance = host.model.luck.uniform(DECISIONS["officials"], 1, host.code, self.proposals)
        self.proposals += 1
        if host.accepts(menu, STEP, INSTEAD, chance):
            host.order(host.model.actions[STEP])
        else:
            self.take_up()
