"""`run.py backtest`: the same agents replay history, scored against forecasts that know no agents."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.loading import refuse_damaged_posterior, switches_of
from model.commands.progress import metered
from model.commands.terminal import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    Refused,
    at_least,
    between,
    fresh_folder,
    one_of,
    say,
)
from model.toml_source import shown

if TYPE_CHECKING:
    from model.analysis.backtest import Line, Samples
    from model.episode import Episode

REPLAY = "model.replay:simulate"
#: household rows of a replay where the case has households; the same for all episodes. One removal is one
#: person of one row, so a row must stand for far fewer persons than are removed in a year
ROWS = 10_000
#: the random actor is replayed as often as the model, but no more than so often; its scores are those of an endless
#: sample, which for a few replays is right on average and no more
RANDOM_MOST = 100
#: replays of an episode, of a year of the economy, of an actor of ICB, unless asked otherwise
REPLICATES, OF_A_YEAR, OF_AN_ACTOR = 200, 60, 20


def backtest(
    episodes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[EPISODE]...", help="Shipped names, TOML files or folders; all shipped ones."
        ),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(help="Replays of each episode (200), year of --economy (60), actor of --icb (20)."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder of backtest.csv; results/backtest-<time>.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = "posterior",
    switch: Annotated[
        list[str] | None, typer.Option(help="Another structure, such as beliefs=fixed; may be repeated.")
    ] = None,
    scoring: Annotated[
        Path | None, typer.Option(help="CSV of another reader's levels (episode, number, level).")
    ] = None,
    no_ways_out: Annotated[
        bool, typer.Option("--no-ways-out", help="Without the mediators and formulas that stood on day 0.")
    ] = False,
    figures: Annotated[
        bool, typer.Option("--figures", help="Draw the forecasts and the skill as SVG.")
    ] = False,
    economy: Annotated[
        bool, typer.Option("--economy", help="Only households and economy, against the series of 2006-2024.")
    ] = False,
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
        from model.parameters import MODES

        one_of("--parameters", parameters, MODES)
        refuse_damaged_posterior(parameters)
        if (economy or icb is not None) and (episodes or switch or scoring or figures or no_ways_out):
            tier = "--economy" if economy else "--icb"
            raise Refused(f"{tier} is a tier of its own; leave out episodes and what is asked of them")
        if economy and icb is not None:
            raise Refused("--economy and --icb are two tiers; ask for one")
        if economy:
            from model.commands.backtest_economy import make_economy

            raise typer.Exit(make_economy(replicates or OF_A_YEAR, seed, out, workers, parameters))
        if icb is not None:
            from model.commands.icb import make_icb

            raise typer.Exit(make_icb(icb, replicates or OF_AN_ACTOR, seed, out, workers, parameters))
        if figures:
            drawable()
        changed = partial(
            altered, switches=switches_of(switch or []), scoring=scoring, ways_out=not no_ways_out
        )
        count = replicates or REPLICATES
        raise typer.Exit(
            make_backtest(episodes or [], count, seed, out, workers, parameters, changed, figures)
        )
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    except KeyboardInterrupt:
        say("stopped; a backtest is made in one go and keeps nothing of an unfinished one")
        raise typer.Exit(INTERRUPTED) from None


def altered(
    episodes: list[Episode], switches: Mapping[str, str], scoring: Path | None, ways_out: bool
) -> list[Episode]:
    """The episodes with other switches, another reader's scores, without ways out; InputError for a wrong scoring."""
    from model.analysis.rescoring import agreement, read_scoring, rescored

    if scoring is not None:
        levels = read_scoring(scoring, [episode.name for episode in episodes])
        counts = list(agreement(episodes, levels).values())
        both, same, near = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
        say(f"{shown(scoring)}: {both} levels of these episodes, {same} as scored here, {near} next to it")
        episodes = [rescored(episode, levels.get(episode.name, {})) for episode in episodes]
    if not ways_out:
        episodes = [without_ways_out(episode) for episode in episodes]
    return [
        replace(e, scenario=replace(e.scenario, switches={**e.scenario.switches, **switches}))
        for e in episodes
    ]


def without_ways_out(episode: Episode) -> Episode:
    """The episode without the mediators and formulas that its situation has on offer."""
    kept = tuple(e for e in episode.scenario.injects if e.event not in ("mediator", "legal_formula"))
    return replace(episode, scenario=replace(episode.scenario, injects=kept))


def make_backtest(
    named: Sequence[str],
    replicates: int,
    seed: int,
    out: Path | None,
    workers: int | None,
    parameters: str,
    changed: Callable[[list[Episode]], list[Episode]],
    figures: bool = False,
) -> int:
    """Replay, score, write backtest.csv and print the tables; the exit code. Raises Refused, ScenarioError."""
    from model.analysis.backtest import lines, samples
    from model.analysis.backtest_files import BACKTEST, printed, write_backtest
    from model.ensemble.manifest import DATA_PACKAGE, add_to_data_package
    from model.episode import shipped_episodes

    chosen, known = _episodes(named)
    chosen = changed(chosen)
    folder = fresh_folder(out, "backtest", "backtest.csv")
    runs, failures = replay(chosen, replicates, seed, workers, parameters)
    some = min(replicates, RANDOM_MOST)
    random, more = replay([at_random(e) for e in chosen], some, seed, workers, parameters)
    for failure in [*failures, *more][:5]:
        say(failure)
    said: dict[str, Samples] = {name: samples(found) for name, found in runs.items()}
    drawn = {name: samples(found) for name, found in random.items()}
    scored: list[Line] = lines(chosen, said, drawn, known)
    path = write_backtest(scored, folder)
    print(printed(scored, said, seed, some))
    if parameters == "posterior" and any(episode.name in shipped_episodes() for episode in chosen):
        print("the shipped episodes made the posterior: for them this is skill in sample")
    add_to_data_package(folder, [BACKTEST], "backtest")
    files = [path, folder / DATA_PACKAGE]
    if figures:
        from model.analysis.backtest_figures import write_figures

        files += write_figures(scored, folder)
    print(f"files: {', '.join(file.name for file in files)}\nin {folder}")
    return SOME_FAILED if failures or more else DONE


def drawable() -> None:
    """Refuse figures before anything is run, where the library for them is missing."""
    from importlib.util import find_spec

    if find_spec("matplotlib") is None:
        raise Refused("--figures needs matplotlib: run with `uv run --extra figures run.py ...`")


def replay(
    episodes: Sequence[Episode], replicates: int, seed: int, workers: int | None, parameters: str
) -> tuple[dict[str, list[Mapping[str, Any]]], list[str]]:
    """Outcomes of every replay by episode, in the order of replicates, and what failed."""
    from model.ensemble.payload import unpack_scalars
    from model.ensemble.plan import plan_batch
    from model.replay import HORIZON

    scenarios = {episode.name: episode.scenario for episode in episodes}
    settings = {"seed": seed, "days": HORIZON, "households": ROWS, "parameters": parameters}
    plan = plan_batch(list(scenarios.values()), replicates, settings, function=REPLAY)
    found: dict[str, dict[int, Mapping[str, Any]]] = {name: {} for name in scenarios}
    failures = []
    say(f"{plan.size} replays: {len(scenarios)} episodes x {replicates}")
    for run in metered(plan, scenarios, plan.runs(), workers):
        if run.scalars is not None:
            found[run.key.scenario][run.key.replicate] = unpack_scalars(run.scalars)[0]
        else:
            failures.append(f"{run.key.scenario} {run.key.replicate}: {run.error}: {run.message}")
    ordered = {name: [own[k] for k in sorted(own)] for name, own in found.items()}
    silent = [name for name, own in ordered.items() if not own]
    if silent:
        raise Refused(f"no replay of {', '.join(silent)} succeeded: {failures[0]}")
    return ordered, sorted(failures)


def _episodes(named: Sequence[str]) -> tuple[list[Episode], list[Episode]]:
    """The episodes asked for, and those that the base rate knows (the shipped ones and these)."""
    from model.episode import EPISODES, load_episode, shipped_episodes

    files: list[str] = []
    for name in dict.fromkeys(named):
        folder = Path(name)
        inside = sorted(str(path) for path in folder.glob("*.toml")) if folder.is_dir() else [name]
        if not inside:
            raise Refused(f"no episode in the folder {name}; expected files *.toml")
        files += inside
    shipped = [load_episode(name) for name in shipped_episodes()]
    chosen = [load_episode(name) for name in files or shipped_episodes(EPISODES)]
    own = {episode.name for episode in chosen}
    if len(own) < len(chosen):
        raise Refused("two of the episodes share a name; rename one of the files")
    return chosen, chosen + [episode for episode in shipped if episode.name not in own]


def at_random(episode: Episode) -> Episode:
    """The episode with actors whom values do not inform."""
    scenario = episode.scenario
    switches = scenario.switches | {"decision": "random"}
    return replace(episode, scenario=replace(scenario, switches=switches))
