"""`run.py backtest`: the same agents replay history, scored against forecasts that know no agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.progress import meter
from model.commands.terminal import DONE, SOME_FAILED, Refused, at_least, between, say

if TYPE_CHECKING:
    from model.analysis.backtest import Line, Samples
    from model.episode import Episode

REPLAY = "model.analysis.replay:simulate"
#: household rows of a replay where the case has households; the same for all episodes
ROWS = 200
#: replays of an episode unless asked otherwise
REPLICATES = 200


def backtest(
    episodes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EPISODE]...", help="Shipped names, TOML files or folders; all shipped ones."
        ),
    ] = None,
    replicates: Annotated[
        int | None, typer.Option(help="Replays of each episode: 200; of each actor of --icb: 20.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder of backtest.csv; results/backtest-<time>.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    parameters: Annotated[str, typer.Option(help="prior or nominal.")] = "prior",
    icb: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="ICB2 version 14 as CSV: only its crisis actors are replayed, no episodes."
        ),
    ] = None,
) -> None:
    """Replay historical episodes and score what the agents say about them."""
    try:
        if replicates is not None:
            at_least("--replicates", replicates, 2)
        between("--seed", seed, 0, 2**63 - 1)
        if workers is not None:
            at_least("--workers", workers, 1)
        if parameters not in ("prior", "nominal"):
            raise Refused(f"--parameters is one of prior, nominal, not {parameters!r}")
        if icb is not None:
            from model.commands.icb import make_icb

            if episodes:
                raise Refused("--icb replays the actors of its file alone; leave out the episodes")
            raise typer.Exit(make_icb(icb, replicates, seed, out, workers, parameters))
        raise typer.Exit(
            make_backtest(
                episodes or [],
                REPLICATES if replicates is None else replicates,
                seed,
                out,
                workers,
                parameters,
            )
        )
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_backtest(
    named: Sequence[str], replicates: int, seed: int, out: Path | None, workers: int | None, parameters: str
) -> int:
    """Replay, score, write backtest.csv and print the tables; the exit code. Raises Refused, ScenarioError."""
    from model.analysis.backtest import lines, samples
    from model.analysis.backtest_files import printed, write_backtest

    chosen, known = _episodes(named)
    folder = out or Path("results") / f"backtest-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    if (folder / "backtest.csv").exists():
        raise Refused(f"{folder} holds a backtest already; name another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Refused(f"{folder} cannot be made: {problem.strerror}") from None
    runs, failures = replay(chosen, replicates, seed, workers, parameters)
    random, more = replay([at_random(e) for e in chosen], replicates, seed, workers, parameters)
    for failure in [*failures, *more][:5]:
        say(failure)
    said: dict[str, Samples] = {name: samples(found) for name, found in runs.items()}
    drawn = {name: samples(found) for name, found in random.items()}
    scored: list[Line] = lines(chosen, said, drawn, known)
    path = write_backtest(scored, folder)
    print(printed(scored, seed))
    print(f"in {path}")
    return SOME_FAILED if failures or more else DONE


def replay(
    episodes: Sequence[Episode], replicates: int, seed: int, workers: int | None, parameters: str
) -> tuple[dict[str, list[Mapping[str, Any]]], list[str]]:
    """Outcomes of every replay by episode, in the order of replicates, and what failed."""
    from model.analysis.replay import HORIZON
    from model.ensemble.engine import compute, default_workers
    from model.ensemble.payload import unpack_scalars
    from model.ensemble.plan import plan_batch

    scenarios = {episode.name: episode.scenario for episode in episodes}
    settings = {"seed": seed, "days": HORIZON, "households": ROWS, "parameters": parameters}
    plan = plan_batch(list(scenarios.values()), replicates, settings, function=REPLAY)
    found: dict[str, dict[int, Mapping[str, Any]]] = {name: {} for name in scenarios}
    failures = []
    count = min(workers or default_workers(), plan.size)
    say(f"{plan.size} replays: {len(scenarios)} episodes x {replicates}, {count} workers")
    with meter(plan.size, 0) as tell, closing(compute(plan, scenarios, plan.runs(), count)) as runs:
        for number, run in enumerate(runs, start=1):
            if run.scalars is not None:
                found[run.key.scenario][run.key.replicate] = unpack_scalars(run.scalars)[0]
            else:
                failures.append(f"{run.key.scenario} {run.key.replicate}: {run.error}: {run.message}")
            tell(number, len(failures))
    ordered = {name: [own[k] for k in sorted(own)] for name, own in found.items()}
    silent = [name for name, own in ordered.items() if not own]
    if silent:
        raise Refused(f"no replay of {', '.join(silent)} succeeded: {failures[0]}")
    return ordered, sorted(failures)


def _episodes(named: Sequence[str]) -> tuple[list[Episode], list[Episode]]:
    """The episodes asked for, and those that the base rate knows (the shipped ones and these)."""
    from model.episode import load_episode, shipped_episodes

    files: list[str] = []
    for name in dict.fromkeys(named):
        folder = Path(name)
        inside = sorted(str(path) for path in folder.glob("*.toml")) if folder.is_dir() else [name]
        if not inside:
            raise Refused(f"no episode in the folder {name}; expected files *.toml")
        files += inside
    shipped = [load_episode(name) for name in shipped_episodes()]
    chosen = [load_episode(name) for name in files] if files else shipped
    own = {episode.name for episode in chosen}
    if len(own) < len(chosen):
        raise Refused("two of the episodes share a name; rename one of the files")
    return chosen, chosen + [episode for episode in shipped if episode.name not in own]


def at_random(episode: Episode) -> Episode:
    """The episode with actors whom values do not inform."""
    from dataclasses import replace

    scenario = episode.scenario
    switches = scenario.switches | {"decision": "random"}
    return replace(episode, scenario=replace(scenario, switches=switches))
