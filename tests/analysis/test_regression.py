"""The regression that is told the scores of situations: on worlds where the answer is known."""

from dataclasses import replace

import numpy as np
import pytest

from model.analysis.backtest import lines
from model.analysis.regression import FEWEST, regressed, shares, situation
from model.episode import KINDS, Episode, load_episode, shipped_episodes

RNG = np.random.default_rng(3)
MANY = {f"e{i}": RNG.normal(size=4) for i in range(60)}


def test_a_law_that_holds_is_found() -> None:
    """What happens where the first number is high: the regression tells both kinds of episode apart."""
    seen = {name: [bool(x[0] > 0.0)] for name, x in MANY.items()}
    situations = MANY | {"high": np.array([1.5, 0.0, 0.0, 0.0]), "low": np.array([-1.5, 0.0, 0.0, 0.0])}
    assert shares(situations, "high", seen)[0] > 0.85
    assert shares(situations, "low", seen)[0] < 0.15


def test_where_nothing_is_to_be_found_it_falls_back_on_the_base_rate() -> None:
    seen = {name: [bool(luck)] for name, luck in zip(MANY, RNG.random(60) < 0.3, strict=True)}
    base = np.mean(list(seen.values()))
    far = MANY | {"one": np.array([1.0, -1.0, 1.0, -1.0])}
    assert shares(far, "one", seen)[0] == pytest.approx(base, abs=0.1)


@pytest.mark.parametrize("always", [True, False])
def test_what_always_or_never_happened_is_foretold_so(always: bool) -> None:
    seen = {name: [always] for name in MANY}
    assert shares(MANY | {"one": np.zeros(4)}, "one", seen)[0] == float(always)


def episodes() -> list[Episode]:
    return [load_episode(name) for name in shipped_episodes()]


def test_the_one_forecast_has_no_part_in_its_forecast() -> None:
    """Its score is that of its own observation under a forecast that the observation does not change."""
    known = episodes()
    own = next(e for e in known if e.name == "georgia_2006")
    others = [e for e in known if e is not own]
    assert own.value("force") == 0.0
    turned = replace(
        own, observed=own.observed | {"force": own.observed["force"].model_copy(update={"value": True})}
    )
    calm, war = regressed("force", own, others), regressed("force", turned, others)
    assert calm is not None and war is not None
    assert calm**0.5 + war**0.5 == pytest.approx(1.0)  # p and 1 - p
    assert regressed("force", own, others[: FEWEST - 1]) is None


def test_it_is_told_the_situation_and_not_the_outcome() -> None:
    own, *others = [e for e in episodes() if e.coerced]
    silent = replace(own, observed={"force": own.observed["force"]})
    assert (situation(silent) == situation(own)).all()
    assert all((situation(other) != situation(own)).any() for other in others)


def test_the_backtest_scores_it_beside_the_other_nulls() -> None:
    known = episodes()
    own = known[0]
    said = {kind: [own.value(kind)] if kind in own.observed else [] for kind in KINDS}
    (first, *_) = lines([own], {own.name: said}, {own.name: said}, known)
    told = regressed(first.kind, own, known[1:])
    assert first.nulls["regression"] == (first.nulls["base_rate"] if told is None else told)
