"""The garrison: in Dushanbe the Russian 201st base. Its formations obey, delay, or act on their own.

Orders come from the coercer and reach the formations with their lead time; who moves where is worked out
in the theatre (`world/theatre.py`, `world/garrison_tasks.py`). Here stands what makes a garrison an actor:
an act of its own, without orders, by a commander on alert. Such acts are marked inadvertent.
"""

from collections.abc import Iterable

from model.agents.actor import Actor
from model.world.forces import Formation
from model.world.places import Happening


class Garrison(Actor):
    """A garrison of the coercer in the host's country."""

    role = "garrison"

    @property
    def formations(self) -> list[Formation]:
        """Its formations in the theatre."""
        return [f for f in self.model.theatre.garrison if f.name.rpartition("_")[0] == self.name]

    def report(self, happenings: Iterable[Happening]) -> None:
        """Make known what its commanders did without orders."""
        for happening in happenings:
            own = happening.formation.rpartition("_")[0] == self.name
            if happening.kind == "local_initiative" and own:
                self.model.do(self, "fire_on_own_initiative", inadvertent=True)
