"""Scenes in which numbers count that the shipped scenarios seldom reach."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from model.scenario import Scenario, load_scenario
from tests.toys import over_a_province, world

RULER, COERCER = "tajikistan", "kremlin"
POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}

NUMBERS = load_scenario("arrest").numbers


@dataclass(frozen=True)
class Scene:
    """A world in which a number has to count: how to make it, other numbers, how long, in which replicates."""

    make: Callable[[], Scenario]
    numbers: dict[str, float] = field(default_factory=dict)
    days: int = 60
    replicates: int = 12


def scene(
    name: str,
    *script: tuple[float, str, str],
    numbers: dict[str, float] | None = None,
    days: int = 60,
    passive: bool = False,
    without: tuple[str, ...] = (),
    **more: object,
) -> Scene:
    switches = PASSIVE if passive else None
    settings = {"switches": switches} | more
    return Scene(lambda: world(name, without, script, **settings), numbers or {}, days)


BLOCK = (0.0, COERCER, "block_transfers")
SEIZE = (1.0, COERCER, "seize_government")
ANGRY = {f"{RULER}.legitimacy": 0.05, "households.protest_threshold": -0.3}
FEARLESS = ANGRY | {"households.police_persons": 1.0}
BROKE = {"economy.fiscal_cushion_days": 0.0}
DISLOYAL = {f"{army}.loyalty": 0.2 for army in ("mobile_forces", "national_guard", "interior_troops")}
#: Members who agree to sanctions once most of the measures stand, and not before.
HESITANT = {"eu.threshold": 0.1, "eu.threshold_spread": 0.0, "eu.prepared_sanctions": 0.0}
WILLING = {"eu.threshold": -1.0}
CHAIN = {"custody.court_order_days": 2.0, "custody.aircraft_days": 2.0, "custody.overflight_chance": 1.0}
FAR = {"roads.government_quarter": 30.0, "roads.broadcaster": 30.0}

#: An assault that is long on its way, against a government that often looks at what it means.
besieged = scene(
    "arrest", (0.5, COERCER, "free_detainee"), without=POLITICS, days=12,
    numbers={"roads.detention": 100.0, "government.deliberation_rate": 3.0},
)  # fmt: skip
SURROUNDED = {"arrest.visit_worth": 0.15, "arrest.leak_chance": 0.0, "arrest.guards_resist": 1.0}
called = scene(
    "arrest",
    (0.5, COERCER, "call_alliance"),
    without=POLITICS,
    switches=PASSIVE | {"alliance": "quorum"},
    days=8,
)
NEIGHBOURS = ("kazakhstan", "kyrgyzstan", "uzbekistan", "china")
befriended = scene(
    "arrest",
    (0.5, COERCER, "cut_fuel"),
    (1.0, RULER, "appeal_for_help"),
    days=90,
    switches={"neighbours": "active"},
    forbid=["release", "order_surrender", "free_detainee", "blockade"],
    numbers={f"{name}.leaning": 0.0 for name in NEIGHBOURS},
)
#: What all reckon with before the first aircraft asks.
overflown = scene("arrest_surrender", without=POLITICS, switches={"neighbours": "active"})
embargoed = scene(
    "no_arrest", (0.0, COERCER, "embargo_trade"), switches=PASSIVE | {"neighbours": "active"},
    numbers={f"{name}.leaning": 0.0 for name in NEIGHBOURS},
)  # fmt: skip
reinforced = scene(
    "arrest", (0.25, COERCER, "reinforce"), without=POLITICS, switches={"reinforcement": "air"}
)
squeezed = scene("arrest", (0.25, RULER, "squeeze_base"), without=POLITICS, switches={"leverage": "base"})
guests = scene("arrest", without=POLITICS, switches={"summit": "guests"})
trapped = scene(
    "arrest_hold",
    (0.5, COERCER, "blockade"),
    without=POLITICS,
    switches={"summit": "guests"},
    forbid=["withdraw"],
)
divided = scene("arrest", without=POLITICS, switches={"coercer": "factional"})
attempted = scene("arrest", without=POLITICS, switches={"arrest": "chain"})


def undisturbed(stake: float) -> Scene:
    """A host with so much at stake, whose leader hardly ever looks at it, and a coercer that does no more."""
    own = {f"{RULER}.yield_stake": stake, f"{RULER}.punishment_at_start": 0.0}
    own |= {"government.deliberation_rate": 1e-6, "coercer.deliberation_rate": 1e-6}
    return scene("arrest", BLOCK, without=POLITICS, days=120, forbid=["fire_on_own_initiative"], numbers=own)


#: A first step is taken when it is put, or refused at first.
unhurried, reluctant = undisturbed(0.001), undisturbed(0.2)
talks = scene("arrest", (0.5, RULER, "offer_release"), without=POLITICS)
committed = scene(
    "arrest_hold", (0.5, COERCER, "issue_ultimatum"), without=POLITICS, numbers={"coercer.shield_weight": 1.5}
)
rationed = scene("arrest_hold", (0.5, COERCER, "cut_fuel"), (1.0, RULER, "ration"), passive=True)
embargo = scene("no_arrest", (0.0, COERCER, "embargo_trade"), passive=True)
unpaid = scene("arrest_hold", BLOCK, numbers=BROKE)
unpaid_army = scene("arrest_hold", BLOCK, (40.0, COERCER, "seize_government"), numbers=BROKE, passive=True)
angry_streets = scene("arrest_hold", BLOCK, numbers=FEARLESS)
believed = scene(
    "arrest_hold", (1.0, COERCER, "run_propaganda"), SEIZE, passive=True,
    numbers=DISLOYAL | {"households.story_at_start": 0.6},
)  # fmt: skip
watched = scene("arrest_hold", BLOCK, without=POLITICS, passive=True)
mediated = scene("arrest_hold", BLOCK, without=POLITICS, numbers=WILLING)
helped = scene("arrest", numbers={f"{RULER}.support_at_start": 0.6})
guard_outside = scene(
    "story_as_told", without=POLITICS, days=20, numbers={"national_guard.capital_share": 0.3}
)
#: The garrison is as far from the quarter as makes the road decide in which hour it arrives.
roads = scene(
    "arrest", SEIZE, days=10, without=POLITICS, passive=True,
    numbers={"base_dushanbe.hours_to_capital": 0.6, "base_dushanbe.readiness_hours": 1.0},
)  # fmt: skip


def suspended(threshold: float) -> Scene:
    """Members who all agree, or not, by a hair."""
    own = {
        "eu.threshold": threshold, "eu.threshold_spread": 0.0, "norm_bloc.lag_suspend_programmes": 10.0
    }  # fmt: skip
    return scene("no_arrest", numbers=own, without=POLITICS)


SPECIAL = {
    "alliance.consent_if_coercer_asks": scene(
        "arrest_csto_invoked", numbers={"csto.host_is_member": 0.0}, days=10, passive=True
    ),
    "coercer.affront_forgotten": scene("arrest_release", days=200),
    "government.first_step_lag": unhurried,
    "government.first_step_spread": unhurried,
    "government.first_step_again": reluctant,
    "coercer.goods_share": scene("no_arrest", (0.0, COERCER, "ban_goods"), passive=True),
    "coercer.guarantee_weight": scene("arrest_security_guarantee"),
    "court.referral_lag": scene("no_arrest", numbers={"court.finding_lag": 20.0}, without=POLITICS),
    "custody.death_if_forced_down": scene(
        "arrest_surrender", numbers=CHAIN | {"custody.interception_host": 1.0}, passive=True, without=POLITICS
    ),
    "custody.interception_contested": scene(
        "arrest_surrender", (3.0, COERCER, "close_airspace"), numbers=CHAIN, passive=True, without=POLITICS
    ),
    "custody.death_in_rescue": scene(
        "arrest", (0.25, RULER, "order_resistance"), (0.5, COERCER, "free_detainee"), days=10, passive=True,
        without=POLITICS, numbers={"force.garrison_effectiveness": 10.0},
    ),
    "custody.death_in_failed_rescue": scene(
        "story_as_told", without=POLITICS, days=20,
        numbers={"base_dushanbe.strength": 900.0, "base_bokhtar.strength": 300.0},
    ),
    "decision.attack_rate": replace(
        besieged, numbers=besieged.numbers | {"decision.impatience": 0.5, f"{RULER}.yield_stake": 0.3}
    ),
    "decision.retreat_by_talks": committed,
    "decision.talks_rate": talks,
    "decision.talks_without_face": talks,
    "economy.flight_share_coercer": scene("no_arrest", (0.0, COERCER, "ban_flights"), passive=True),
    "economy.trade_days": embargo,
    "economy.trade_rerouted": embargo,
    "economy.revenue_consumption": unpaid,
    "economy.revenue_imports": unpaid,
    "information.loyalty_arrears": unpaid,
    "force.arrears_days": unpaid_army,
    "force.arrears_weight": unpaid_army,
    "force.defect_days": believed,
    "force.defect_cost": believed,
    "force.narrative_pull": believed,
    "force.linear_reference": scene(
        "story_as_told", without=POLITICS, days=10, switches={"combat": "lanchester_linear"}
    ),
    "government.curfew_police": scene(
        "arrest_hold", BLOCK, (1.0, RULER, "declare_martial_law"), numbers=ANGRY, passive=True
    ),
    "government.police_thinned": scene(
        "arrest_hold", BLOCK, (10.0, RULER, "order_resistance"), (20.0, COERCER, "seize_government"),
        numbers=ANGRY | FAR | {"households.protest_threshold": -0.2}, passive=True,
    ),
    "government.fall_rate": angry_streets,
    "government.unrest_full": angry_streets,
    "government.unrest_weight": angry_streets,
    "government.emergency_sessions": angry_streets,
    "government.sessions_under_attack": replace(
        besieged, numbers={"roads.detention": 100.0, f"{RULER}.yield_stake": 0.3}
    ),
    "government.order_relief": angry_streets,
    "government.unrest_alarm": scene(
        "no_arrest", numbers=ANGRY | {"households.protest_threshold": -0.1},
        injects=[(0.0, "transfer_outage", 1.0, 60.0)],
    ),
    "government.help_weight": helped,
    "government.help_unasked": helped,
    "government.terms_share": besieged,
    "government.ration_relief": scene(
        "arrest_hold", BLOCK,
        numbers={f"{RULER}.exposure_transfer_block": 0.5, "decision.precision_within": 100.0},
    ),
    "government.policy_lapse_days": scene("no_arrest", (1.0, RULER, "cut_internet"), passive=True),
    "force.net_weight": scene("story_as_told", (0.2, RULER, "cut_internet"), without=POLITICS, days=20),
    "households.ration_relief": rationed,
    "economy.fuel_ration_saving": rationed,
    "alliance.consent_if_host_asks": scene(
        "no_arrest", (1.0, RULER, "request_alliance"), passive=True, without=POLITICS, days=10
    ),
    "norm_bloc.council_interval": scene(
        "arrest", BLOCK, *((20.0, COERCER, m) for m in ("cut_fuel", "raid_migrants", "ban_entry", "embargo_trade")),
        passive=True, without=POLITICS, numbers=HESITANT | {"norm_bloc.lag_sanction_coercer": 1.0},
    ),
    "norm_bloc.reluctance_grant_aid": scene(
        "arrest", BLOCK, passive=True, without=POLITICS,
        numbers={"eu.threshold": 0.05, "eu.threshold_spread": 0.0, "eu.prepared_aid": 0.0},
    ),
    "government.alliance_relief": scene(
        "no_arrest", (1.0, RULER, "request_alliance"), without=POLITICS, passive=True,
        numbers={f"{RULER}.elite_loyalty": 0.1}, injects=[(0.0, "unrest", 1.0, 60.0)],
    ),
    "government.worth_of_aid": scene("arrest_hold", (1.0, "eu", "grant_aid"), days=20),
    "households.violence_fear": scene("story_as_told", BLOCK, numbers=FEARLESS, passive=True),
    "households.coordination_offline": scene(
        "arrest_hold", BLOCK, (1.0, RULER, "cut_internet"), numbers=ANGRY, passive=True
    ),
    f"{COERCER}.affront_by_refusal": scene("refuse_visit"),
    "national_guard.readiness_hours": guard_outside,
    "national_guard.hours_to_capital": guard_outside,
    "norm_bloc.face_by_mediation": mediated,
    "norm_bloc.lag_mediate": mediated,
    "norm_bloc.reluctance_mediate": watched,
    "norm_bloc.gravity_coercion": replace(watched, numbers=HESITANT),
    "norm_bloc.gravity_per_1000_dead": scene(
        "story_as_told", without=POLITICS, numbers={"eu.threshold": 0.58, "eu.threshold_spread": 0.0}
    ),
    "norm_bloc.gravity_non_arrest": suspended(0.15),
    "norm_bloc.lag_suspend_programmes": scene("no_arrest", numbers=WILLING, days=150, without=POLITICS),
    "norm_bloc.reluctance_suspend_programmes": suspended(0.08),
    "norm_bloc.preparation_saves": scene("story_as_told", numbers=WILLING | {"eu.prepared_aid": 0.5}),
    "norm_bloc.lag_prepared_sanctions": scene(
        "story_as_told", numbers=WILLING | {"eu.prepared_sanctions": 0.5}
    ),
    "custody.bar_days": scene(
        "arrest", (0.1, COERCER, "blockade"), without=POLITICS,
        forbid=["release", "offer_release", "withdraw"],
        numbers={
            "government.deliberation_rate": 0.7, f"{RULER}.law_stake": 0.08, f"{RULER}.yield_stake": 0.35,
            f"{COERCER}.demand_stake": 0.4,
        },
    ),
    "government.province_share": Scene(
        lambda: over_a_province(world("arrest", POLITICS)), {"government.deliberation_rate": 3.0}
    ),
    **{
        f"arrest.{key}": attempted
        for key in (
            "leak_chance", "guards_resist", "standoff_days", "standoff_custody"
        )
    },
    "elites.contagion": scene(
        "arrest_hold", (0.5, COERCER, "blockade"), without=POLITICS,
        switches=PASSIVE | {"elites": "cascade"},
    ),
    **{
        f"coercer.faction_{key}": divided
        for key in ("quorum", "successors", "return_spread", "war_spread", "delay")
    },
    "force.reinforcement": reinforced,
    "decision.credibility_reinforcement": reinforced,
    "custody.hidden": scene(
        "arrest_hold", (0.25, RULER, "move_detainee"), (1.0, COERCER, "free_detainee"), without=POLITICS,
        switches=PASSIVE | {"custody": "mobile"},
    ),
    "force.squeeze": squeezed,
    "force.squeezed_initiative": scene(
        "arrest", (0.25, COERCER, "alert_garrison"), (0.5, RULER, "squeeze_base"), without=POLITICS,
        switches=PASSIVE | {"leverage": "base"}, numbers={"force.initiative_rate": 0.01},
    ),
    "summit.shield": guests,
    "summit.good_offices": guests,
    "onlookers.worth_of_refusal": scene("joint_refusal", without=POLITICS),
    "summit.objection": trapped,
    "alliance.quorum": called,
    **{key: befriended for key in NUMBERS if key.split(".")[0] in ("neighbour", *NEIGHBOURS)},
    **{f"{name}.leaning": replace(embargoed, numbers={}) for name in NEIGHBOURS},
    **{f"{name}.trade_with_{whom}": overflown for name in NEIGHBOURS for whom in ("coercer", "bloc", "host")},
    "neighbour.pull_of_trade": overflown,
    **{f"{name}.transit_share": embargoed for name in NEIGHBOURS},
    "arrest.visit_worth": replace(attempted, numbers={"arrest.leak_chance": 1.0}, replicates=60),
    "alliance.consent_to_suspend": called,
    "arrest.standoff_death": replace(attempted, numbers=SURROUNDED, replicates=60),
    "roads.broadcaster": roads,
    "roads.government_quarter": roads,
}  # fmt: skip
