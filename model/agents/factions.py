"""Who decides for the coercer while its leader is held: whoever acts for him needs the factions.

Where the detainee is the coercer's own leader (`leader_at_stake`), he leaves a gap at home. While he is held (switch
`coercer = factional`) an act is proposed as ever, by the same foresight and with the same resolve, but it goes ahead
only if factions of enough weight gain by it (a winning coalition; Bueno de Mesquita and others 2003), and orders come
later: they can veto what is proposed, and propose nothing else. The factions see the same world and differ in what it
is worth to them: his return (to those who hope to succeed him it is a loss), and the risk of war.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from model.decision.coercion import STAKES
from model.decision.rule import STATUS_QUO, Menu
from model.randomness import DECISIONS

if TYPE_CHECKING:
    from model.agents.coercer import Coercer

#: draws of a faction, by item
RETURN, SUCCESSION, WAR = range(3)
#: states of custody in which the leader does not decide
ABSENT = ("held", "standoff", "in_transit", "surrendered", "died")
#: stakes that a return would serve, and those that a war would cost
OF_RETURN = [STAKES.index(stake) for stake in ("prestige", "audience")]
OF_WAR = [STAKES.index(stake) for stake in ("partner", "casualties")]


class Factions:
    """The factions about one coercer, of equal weight.

    taste (factions, stakes): worth of each stake to a faction against the leader's own. agreed (0-1): weight of the
    greater camp, for or against, when an act was last proposed.
    """

    def __init__(self, coercer: "Coercer") -> None:
        self._coercer = coercer
        self.agreed = 1.0
        count = int(coercer.behaviour("factions"))
        self.taste = np.ones((count, len(STAKES)))
        for faction in range(count):
            loyal = self._draw(faction, SUCCESSION) >= coercer.behaviour("faction_successors")
            wanted = self._scatter(faction, RETURN, "faction_return_spread")
            self.taste[faction, OF_RETURN] = wanted if loyal else -wanted
            self.taste[faction, OF_WAR] = self._scatter(faction, WAR, "faction_war_spread")

    def _draw(self, faction: int, item: int) -> float:
        coercer = self._coercer
        return coercer.model.luck.uniform(DECISIONS["factions"], faction, coercer.code, item)

    def _scatter(self, faction: int, item: int, spread: str) -> float:
        """Lognormal about 1."""
        coercer = self._coercer
        z = coercer.model.luck.normal(DECISIONS["factions"], faction, coercer.code, item)
        return math.exp(coercer.behaviour(spread) * z)

    @property
    def deciding(self) -> bool:
        """Whether it is for them to decide: the leader himself is held, in The Hague, or dead."""
        model = self._coercer.model
        absent = model.custody.state in ABSENT and self._coercer.its_leader
        return absent and model.switches["coercer"] == "factional"

    @property
    def unity(self) -> float:
        """Agreement among those who decide, 0-1; the leader agrees with himself."""
        return self.agreed if self.deciding else 1.0

    @property
    def delay(self) -> float:
        """Days by which an order comes later than it would from the leader himself."""
        return self._coercer.behaviour("faction_delay") if self.deciding else 0.0

    def ratify(self, menu: Menu, stakes: np.ndarray, proposed: int) -> int:
        """The act proposed (index in the menu), or waiting where too few gain by it; stakes (stakes, acts)."""
        if not self.deciding:
            return proposed
        still = np.flatnonzero(menu.classes == STATUS_QUO)
        if not len(still) or proposed == still[0]:
            return proposed
        change = stakes[:, proposed] - stakes[:, still[0]]
        # What was seen in the act beyond its stakes (a choice is a quantal response), all see alike.
        seen = max(0.0, 1.0 / self._coercer.model.temper.precision.between - float(change.sum()))
        for_it = float(np.mean(self.taste @ change + seen >= 0.0))
        self.agreed = max(for_it, 1.0 - for_it)
        return proposed if for_it >= self._coercer.behaviour("faction_quorum") else int(still[0])
