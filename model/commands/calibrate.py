"""`run.py calibrate`: learn from replays of history which numbers of behaviour tell it best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.analysis.parameter_sets import informed, parameter_sets, positions
from model.commands.backtest import RANDOM_MOST, ROWS, at_random
from model.commands.progress import metered
from model.commands.terminal import (
    DONE,
    SOME_FAILED,
    Refused,
    Terminated,
    at_least,
    between,
    carried_out,
    command_line,
    say,
)

REPLAY_OF_A_SET = "model.replay:simulate_set"

#: fresh sets among which the posterior is chosen
CANDIDATES = 200_000
#: fresh replays of each episode with the posterior of the others
FRESH = 200
#: seconds of one processor that a replay takes, and seconds of fitting the emulators, measured (docs/validation.md)
SECONDS_OF_A_REPLAY, SECONDS_OF_WEIGHING = 0.05, 120.0

if TYPE_CHECKING:
    from model.analysis.backtest import Samples
    from model.analysis.calibration_files import Candidates
    from model.episode import Episode


def calibrate(
    sets: Annotated[int, typer.Option(help="Parameter sets drawn from the prior.")] = 2000,
    replicates: Annotated[int, typer.Option(help="Replays of each episode with each set.")] = 1,
    fresh: Annotated[
        int,
        typer.Option(
            help="After the table: fresh replays of each episode with the posterior of the others, 2 to 200."
        ),
    ] = FRESH,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    out: Annotated[Path, typer.Option(help="Folder of the table and of what it says.")] = Path(
        "results/calibration"
    ),
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a table that was stopped.")] = False,
) -> None:
    """Simulate a table of parameter sets over all episodes, learn what they say, replay each episode left out.

    Two parts: episodes x --sets x --replicates replays make the table; then episodes x --fresh replays, and as
    many by an actor at random up to a hundred, show what the posterior of the others says of each episode. The
    defaults take about an hour on two cores; `--sets 20 --fresh 4` takes some minutes and shows only that it works.

    Writes posterior.csv, constraints.csv and left_out.csv into the folder. Batches draw from model/posterior.csv:
    copy the new one there to use it.
    """
    try:
        between("--sets", sets, 2, 100_000)
        between("--replicates", replicates, 1, 999)
        between("--fresh", fresh, 2, FRESH)  # no more than the posterior has draws
        between("--seed", seed, 0, 2**63 - 1)
        if workers is not None:
            at_least("--workers", workers, 1)
        raise typer.Exit(make_calibration(sets, replicates, seed, out, workers, resume, fresh))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_calibration(
    sets: int, replicates: int, seed: int, out: Path, workers: int | None, resume: bool, fresh: int = FRESH
) -> int:
    """Simulate what is missing of the table, weigh it, write and print the result. Raises Refused."""
    words = ["calibrate", "--sets", str(sets), "--replicates", str(replicates), "--fresh", str(fresh)]
    again = command_line([*words, "--seed", str(seed), "--out", str(out), "--resume"])

    def work() -> int:
        from model.episode import load_episode, shipped_episodes

        episodes = [load_episode(name) for name in shipped_episodes()]
        table, failed = made_table(episodes, sets, replicates, seed, out, workers, resume, fresh)
        whole = [k for k in range(sets) if all(any(found[k].values()) for found in table.values())]
        if len(whole) < 2:
            raise Refused(f"too few sets have replays of every episode; go on with\n  {again}")
        if len(whole) < sets:
            say(f"{sets - len(whole)} sets are left out: a replay of each of them failed for good")
        table = {name: [found[k] for k in whole] for name, found in table.items()}
        failed += print_posterior(episodes, table, whole, seed, out, workers, fresh)
        return SOME_FAILED if failed else DONE

    return carried_out(work, again)


def made_table(
    episodes: Sequence[Episode], sets: int, replicates: int, seed: int, out: Path,
    workers: int | None, resume: bool, fresh: int,
) -> tuple[dict[str, list[Samples]], int]:  # fmt: skip
    """The table of all sets over all episodes, with what was missing simulated, and how many replays failed."""
    from model.analysis.backtest import samples
    from model.ensemble.folder import BatchFolder

    plan = planned(episodes, parameter_sets(sets, seed), replicates, seed)
    with BatchFolder(out, plan, resume) as folder:
        say(announced(len(episodes), sets, replicates, fresh, len(folder.store.done()), workers))
        try:
            failed = simulate_table(folder.store, plan, episodes, workers)
        except (KeyboardInterrupt, Terminated):
            folder.store.commit()
            raise
        table = {
            episode.name: [samples(runs) for runs in by_point(folder.store, episode.name, sets)]
            for episode in episodes
        }
    return table, failed


def announced(episodes: int, sets: int, replicates: int, fresh: int, there: int, workers: int | None) -> str:
    """What a calibration will run, in two parts, and about how long that takes."""
    from model.ensemble.engine import default_workers

    table, later = episodes * sets * replicates, episodes * (fresh + min(fresh, RANDOM_MOST))
    processes = workers or default_workers()
    seconds = (table - there + later) * SECONDS_OF_A_REPLAY / processes + SECONDS_OF_WEIGHING
    return (
        f"to run: a table of {episodes} episodes x {sets} sets x {replicates} replays = {table} ({there} are there), "
        f"then {episodes} x {fresh} fresh replays and {episodes} x {min(fresh, RANDOM_MOST)} by an actor at random "
        f"(--fresh)\nabout {max(1, round(seconds / 60.0))} minutes with {processes} workers"
    )


def spaced(draws: Sequence[Any], count: int) -> list[Any]:
    """So many of the draws, evenly spaced, all of them if there are no more."""
    few = min(count, len(draws))
    return [draws[number * len(draws) // few] for number in range(few)]


def print_posterior(
    episodes: Sequence[Episode],
    table: Mapping[str, Sequence[Samples]],
    sets: Sequence[int],
    seed: int,
    out: Path,
    workers: int | None,
    fresh: int = FRESH,
) -> int:
    """Learn what the sets of the table say, replay each episode with the posterior of the others, write and print.

    fresh: how many draws of that posterior each episode is replayed with.

    Returns how many of these replays failed.
    """
    from model.analysis.backtest import lines, samples
    from model.analysis.calibration import Evidence, posterior
    from model.analysis.calibration_files import printed, write_calibration

    candidates = fresh_candidates(seed)
    evidence = Evidence(episodes, table, positions(candidates.keys, seed, sets))
    terms = evidence.terms(candidates.positions)
    result = posterior(evidence.without(), terms)
    others = {e.name: posterior(evidence.without(e.name), terms).draws for e in episodes}
    drawn = {name: [candidates.values(k) for k in spaced(draws, fresh)] for name, draws in others.items()}
    say("each episode with the posterior of the others, by the model and by the random actor")
    runs, failed = replay_left_out(episodes, drawn, seed, workers)
    few = {name: spaced(own, RANDOM_MOST) for name, own in drawn.items()}
    random, more = replay_left_out([at_random(e) for e in episodes], few, seed, workers)
    said, at_chance = ({name: samples(found) for name, found in of.items()} for of in (runs, random))
    left_out = lines(episodes, said, at_chance, episodes)
    files = write_calibration(result, left_out, candidates, out)
    print(printed(result, evidence.explained, left_out, len(sets), candidates, seed, min(fresh, RANDOM_MOST)))
    print(f"files: {', '.join(files)}, batch.sqlite\nin {out}")
    return failed + more


def replay_left_out(
    episodes: Sequence[Episode],
    draws: Mapping[str, Sequence[Mapping[str, float]]],
    seed: int,
    workers: int | None,
) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Outcomes by episode of one replay for each draw of its own posterior, and how many failed.

    Raises Refused where no replay of an episode succeeded.
    """
    from model.ensemble.payload import unpack_scalars
    from model.ensemble.plan import RunKey

    points = tuple(dict(draw) for name in draws for draw in draws[name])
    keys: list[RunKey] = []
    first = 0
    for name, own in draws.items():
        keys += [RunKey(name, first + number, 0) for number in range(len(own))]
        first += len(own)
    plan = planned(episodes, points, 1, seed)
    scenarios = {episode.name: episode.scenario for episode in episodes}
    found: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in draws}
    for run in metered(plan, scenarios, keys, workers):
        if run.scalars is not None:
            found[run.key.scenario][run.key.point] = dict(unpack_scalars(run.scalars)[0])
        else:
            say(f"failed: {run.key.scenario}, draw {run.key.point}: {run.error}: {run.message}")
    silent = [name for name, own in found.items() if not own]
    if silent:
        raise Refused(f"no replay of {', '.join(silent)} succeeded")
    ordered = {name: [own[k] for k in sorted(own)] for name, own in found.items()}
    return ordered, len(keys) - sum(map(len, ordered.values()))


def fresh_candidates(seed: int) -> Candidates:
    """Fresh sets of the prior, among which the posterior is chosen."""
    import numpy as np

    from model.analysis.calibration_files import Candidates
    from model.parameters import behaviour

    keys, known = informed(), behaviour()
    places = np.random.Generator(np.random.Philox(seed)).random((CANDIDATES, len(keys)))
    return Candidates(
        keys,
        places,
        lambda index: {key: known[key].at(u) for key, u in zip(keys, places[index].tolist(), strict=True)},
    )


def planned(
    episodes: Sequence[Episode], points: tuple[dict[str, float], ...], replicates: int, seed: int
) -> Any:
    """The plan of the table: run key (episode, set, replicate)."""
    from model.ensemble.plan import plan_batch
    from model.replay import HORIZON

    settings = {"seed": seed, "days": HORIZON, "households": ROWS, "parameters": "prior"}
    plan = plan_batch([e.scenario for e in episodes], replicates, settings, function=REPLAY_OF_A_SET)
    return replace(plan, points=points)


def simulate_table(store: Any, plan: Any, episodes: Sequence[Episode], workers: int | None) -> int:
    """Make the runs of the table that are not in the store yet; returns how many failed."""
    done = store.done()
    todo = [key for key in plan.runs() if key not in done]
    scenarios = {episode.name: episode.scenario for episode in episodes}
    failed = 0
    for run in metered(plan, scenarios, todo, workers, len(done)):
        store.add(run)
        failed += run.scalars is None
    store.commit()
    return failed


def by_point(store: Any, episode: str, sets: int) -> list[list[dict[str, Any]]]:
    """Outcomes of an episode's replays by parameter set."""
    found: list[list[dict[str, Any]]] = [[] for _ in range(sets)]
    for key, outcomes, _ in store.outcomes(episode):
        found[key.point].append(outcomes)
    return found
