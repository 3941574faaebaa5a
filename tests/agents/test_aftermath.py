"""Once the demand is met, what was laid on for its sake comes up for review; orders under way fall."""

import pytest

from model.decision.picture import ECONOMIC
from model.settings import Settings
from model.simulation import EscalationModel
from tests.toys import acts, played, run, world

pytestmark = pytest.mark.model
POLITICS, PASSIVE = ("households",), {"decision": "scripted"}
COERCER, RULER = "kremlin", "tajikistan"
SILENT = {"coercer.deliberation_rate": 1e-9, "government.deliberation_rate": 1e-9}


def after(affront: float, rule: str = "best_response", end: str = "release") -> EscalationModel:
    """Transfers blocked on day 0 and the man released on day 2, without a way out that saves a face."""
    script = [(0.0, COERCER, "block_transfers"), (2.0, RULER, end)]
    scenario = world("arrest", POLITICS, script, ["sanction_administratively"], switches={"decision": rule})
    numbers = SILENT | {"kremlin.affront_by_arrest": affront, "coercer.affront_half_life": 1e6}
    return run(scenario, 12, overrides=numbers)


def test_a_measure_whose_reason_is_gone_is_lifted_without_another_look() -> None:
    model = after(affront=0.0)
    assert "ease" in acts(model, COERCER)
    assert model.crisis.coercion("transfer_block") == 0.0


def test_it_stays_where_the_affront_is_worth_more() -> None:
    model = after(affront=1.0)
    assert "ease" not in acts(model, COERCER)
    assert model.crisis.coercion("transfer_block") > 0.0


def test_where_the_script_alone_decides_nothing_is_reviewed() -> None:
    assert "ease" not in acts(after(affront=0.0, rule="scripted"), COERCER)


@pytest.mark.parametrize(("how", "falls"), [("released", True), ("freed", True), ("surrendered", False)])
def test_orders_for_measures_fall_with_a_demand_that_is_met(how: str, falls: bool) -> None:
    scenario = world("arrest", POLITICS, forbid=["sanction_administratively"], switches=PASSIVE)
    model = EscalationModel(scenario, settings=Settings(days=60, households=50))
    model.step()
    model.coercer.order(model.actions["embargo_trade"])
    model.settle(how)
    model.run()
    assert ("embargo_trade" in acts(model, COERCER)) is not falls


def test_what_a_script_lays_down_for_the_same_moment_happens() -> None:
    model = played("arrest", (2.0, RULER, "release"), (2.0, COERCER, "block_transfers"), days=4)
    assert "block_transfers" in acts(model, COERCER)


def test_what_was_moved_for_a_matter_that_is_over_is_not_fresh() -> None:
    script = [(0.0, COERCER, "block_transfers"), (2.0, RULER, "release"), (3.0, COERCER, "cut_fuel")]
    model = played("arrest", *script, days=4)
    fresh = model.affairs.fresh()
    assert fresh["transfer_block"] == 0.0 < fresh["fuel_cut"]


def test_a_measure_that_cuts_no_tie_is_on_no_menu() -> None:
    def measures(exposure: float) -> set[str]:
        numbers = {f"{RULER}.exposure_{lever}": exposure for lever in ECONOMIC}
        scenario = world("arrest", POLITICS, switches=PASSIVE)
        model = EscalationModel(scenario, settings=Settings(days=2, households=50), overrides=numbers)
        model.step()
        return {model.actions[name].lever for name in model.coercer.menu().names} & {*ECONOMIC}

    assert measures(0.0) == set() and measures(0.01) == {*ECONOMIC}
