"""The state of affairs: what the crisis adds up to on a day, for everybody to read.

Each quantity is worked out from levers, forces and people; nothing here decides anything.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from model.actions import actions_of
from model.decision.picture import FORCE, MEASURES, THREATS
from model.world.places import Happening

if TYPE_CHECKING:
    from model.agents.european_union import NormBloc
    from model.simulation import EscalationModel


#: threats that are words, and can be repeated when their credit has gone
REPEATED = ("demand", "ultimatum")


@cache
def _standing_rung(levers: tuple[str, ...]) -> tuple[int, int]:
    standing = [a for a in actions_of("coercer") if a.lever in levers]
    rung = max((a.kahn_rung for a in standing), default=0)
    return rung, max((a.mid_hostility for a in standing), default=1)


class Affairs:
    """Quantities read off one model."""

    def __init__(self, model: "EscalationModel") -> None:
        self._model = model
        self._civilians = 0
        #: of the last day: share of normal consumption gone without (0-1), persons in the streets, those of them
        #: against the government
        self.hardship = self.protesters = self.protesters_against_host = 0.0
        self.fighting = self._stormed = False

    @cached_property
    def inhabitants(self) -> float:
        """Inhabitants of the host, persons; 0 where the case has no households."""
        n, people = self._model.numbers, self._model.households
        return n[f"{people.name}.count"] * n[f"{people.name}.persons_per_household"] if people else 0.0

    # Ways in and out

    def flights(self) -> float:
        """Flights against the schedule, 0-1."""
        model = self._model
        if (
            model.crisis.injected.get("border_closed", 0.0) > 0.0
            or model.theatre.airspace_control == "coercer"
        ):
            return 0.0
        banned = model.crisis.coercion("flight_ban")
        share = model.numbers["economy.flight_share_coercer"] if model.households else 0.0
        return (1.0 - model.theatre.airport_blocked) * (1.0 - share * banned)

    def routes_open(self) -> float:
        """Share of migrants' travel to and from the coercer's country that can be made."""
        model = self._model
        if model.crisis.injected.get("border_closed", 0.0) > 0.0:
            return 0.0
        land = model.numbers["economy.land_route_share"]
        shut = model.theatre.airspace_control == "coercer"
        air = (
            0.0
            if shut
            else (1.0 - model.theatre.airport_blocked) * (1.0 - model.crisis.coercion("flight_ban"))
        )
        return land + (1.0 - land) * air

    def way_out_shut(self) -> float:
        """How shut the way out by air is, 0-1."""
        theatre = self._model.theatre
        return 1.0 if theatre.airspace_control == "coercer" else theatre.airport_blocked

    def transfer_open(self) -> float:
        """Share of the capacity of banks and operators that is open."""
        crisis = self._model.crisis
        return (1.0 - crisis.coercion("transfer_block")) * (1.0 - crisis.injected.get("transfer_outage", 0.0))

    def internet_on(self) -> float:
        """1 while the net works inside the host's country."""
        crisis = self._model.crisis
        return (
            0.0
            if crisis.policy("internet_cut") > 0.0 or crisis.injected.get("internet_outage", 0.0) > 0.0
            else 1.0
        )

    # Pressure

    def measures(self) -> float:
        """Mean level of the coercer's economic and migration measures in force, 0-1."""
        standing = [level for lever, level in self._model.crisis.in_force.items() if lever in MEASURES]
        return math.fsum(standing) / len(MEASURES) if standing else 0.0

    def attacked(self) -> bool:
        """Whether the coercer's forces are being used, or hold what they took."""
        in_force = self._model.crisis.in_force
        return not in_force.keys().isdisjoint(FORCE) or self._model.theatre.sites_held_by_base > 0

    def standing_rung(self) -> tuple[int, int]:
        """Highest Kahn rung and MID hostility level of a lever of the coercer in force."""
        in_force = self._model.crisis.in_force
        return _standing_rung(tuple(in_force))

    def made_good(self) -> float:
        """Share of the fuel cut that neighbours deliver, 0-1."""
        neighbours = self._model.neighbours
        return min(1.0, math.fsum(neighbour.supplies for neighbour in neighbours)) if neighbours else 0.0

    def let_through(self) -> float:
        """Share of the embargoed goods that neighbours let through, 0-1."""
        neighbours = self._model.neighbours
        return min(1.0, math.fsum(neighbour.passes_on for neighbour in neighbours)) if neighbours else 0.0

    def credit(self, ordered: Collection[str] = ()) -> dict[str, float]:
        """Credit left of those of the coercer's threats that stand, by lever, 0-1; those `ordered` count in full."""
        model, half_life = self._model, self._model.numbers["decision.threat_half_life"]
        left = model.crisis.credits(THREATS, model.day, half_life)
        return left | {lever: 1.0 for lever in ordered if lever in THREATS} if ordered else left

    def fresh(self) -> dict[str, float]:
        """How recently each lever of the coercer was moved: 1 just now, halved with each half-life of a threat.

        What was moved for the sake of a matter that is over is not fresh: nobody goes back on what has lost its reason.
        """
        model, half_life = self._model, self._model.numbers["decision.threat_half_life"]
        over = model.crisis.settled_on
        return {
            lever: 0.0 if over is not None and since <= over else 0.5 ** ((model.day - since) / half_life)
            for lever, since in model.crisis.since.items()
        }

    def stands(self, lever: str, level: float = 0.0) -> bool:
        """Whether a lever of the coercer is in force, at `level` or more.

        Words that have lost half their credit may be said again.
        """
        model, crisis = self._model, self._model.crisis
        if lever not in crisis.in_force:
            return False
        if lever in REPEATED:
            return crisis.credit(lever, model.day, model.numbers["decision.threat_half_life"]) > 0.5
        return crisis.in_force[lever] >= level

    def danger(self) -> float:
        """Chance, as it looks from outside, that force comes and succeeds, 0-1; 0 where there is none to come."""
        model, seen = self._model, 0.0
        if not model.theatre.garrison:
            return 0.0
        if self.attacked():
            seen = 1.0
        elif model.crisis.in_force:
            worth = model.temper.credibility
            seen = max([worth[lever] * credit for lever, credit in self.credit().items()], default=0.0)
        if seen <= 0.0:
            return 0.0
        return seen * max(model.theatre.win_chance("rescue"), model.theatre.win_chance("seizure"))

    def expected_sanctions(self) -> float:
        """What the norm bloc's further sanctions would cost the coercer, in share of survival."""
        return math.fsum(self._sanctions_of(bloc) for bloc in self._model.blocs if not bloc.sanctions)

    def _sanctions_of(self, bloc: "NormBloc") -> float:
        """Those that were prepared come sooner, and weigh on more of the horizon: as much dearer as they are ready."""
        cost, ready = bloc.behaviour("cost_of_sanctions"), bloc.situation("prepared_sanctions")
        if ready == 0.0:
            return cost
        left = self._model.temper.horizon.share_left
        late, soon = (bloc.behaviour(f"lag_{kind}") for kind in ("sanction_coercer", "prepared_sanctions"))
        usual = left(late)  # the cost is stated for sanctions that nobody prepared
        return cost * (1.0 + ready * (left(soon) / usual - 1.0)) if usual > 0.0 else cost

    # Streets and homes

    def see_homes(self, today: Mapping[str, float]) -> None:
        """Note what a day of the households adds up to: `Aggregates.totals`."""
        normal = today["normal_consumption_usd"]
        short = 1.0 - today["consumption_usd"] / normal if normal > 0.0 else 0.0
        self.hardship = max(0.0, short)
        self.protesters_against_host = today["protesters_host"]
        self.protesters = self.protesters_against_host + today["protesters_coercer"]

    def unrest(self) -> float:
        """Protesters per inhabitant on the last day."""
        return self.protesters / self.inhabitants if self.inhabitants > 0.0 else 0.0

    def unrest_pressure(self) -> float:
        """Protest against the government, or an uprising from outside the model, against the full measure, 0-1.

        Troops of an alliance that the host asked for free its own for the streets.
        """
        model = self._model
        risen = model.crisis.injected.get("unrest", 0.0)
        asked = risen > 0.0 and model.crisis.policy("alliance_request") > 0.0
        if asked and any(alliance.troops > 0.0 for alliance in model.alliances):
            risen *= 1.0 - model.numbers["government.alliance_relief"]
        if self.protesters_against_host <= 0.0:
            return risen
        share = self.protesters_against_host / self.inhabitants
        return max(risen, min(1.0, share / model.numbers["government.unrest_full"]))

    def police(self) -> float:
        """Police and troops for order in the streets against normal.

        More with martial law and with troops of an alliance that the host asked for, fewer under attack.
        """
        model, n = self._model, self._model.numbers
        allied = 0.0
        if model.households is not None and model.crisis.policy("alliance_request") > 0.0:
            troops = math.fsum(alliance.troops for alliance in model.alliances)
            allied = troops / max(n[f"{model.households.name}.police_persons"], 1.0)
        thinned = n["government.police_thinned"] * model.theatre.army_resisting
        kept = (1.0 - thinned) * (1.0 + n["government.curfew_police"] * model.crisis.policy("martial_law"))
        return kept + allied

    def violence(self) -> float:
        """1 on a day on which places of the capital were stormed, else 0; a quiet occupation is no fighting."""
        return 1.0 if self.fighting else 0.0

    def see_fighting(self, news: Sequence[Happening]) -> None:
        """Note whether a place was under storm in this tick, or one was begun, as its `news` tells."""
        if self._model.theatre.storming or (news and any(what.kind == "assault_begins" for what in news)):
            self._stormed = True

    def close_day(self) -> int:
        """Civilians killed since the last call; the day's fighting is settled."""
        self.fighting, self._stormed = self._stormed, False
        killed = self._model.theatre.killed_civilian
        civilians, self._civilians = killed - self._civilians, killed
        return civilians
