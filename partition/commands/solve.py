"""``partition solve``: find the best plan of a scenario and write it."""

# ruff: noqa: PLC0415 - imports wait for their command, so that --help is instant.
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.commands.console import complain, ctrl_c_ends_the_search, output, print_json, say
from partition.commands.own_files import takes_files
from partition.errors import IncompleteError, InputError, WriteError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.runs.run import Run


@takes_files()
def solve(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped scenario, or the path of a TOML file of your own; varied by "
            "@KEY=VALUE,...: counties@border=50."
        ),
    ] = "counties",
    election: Annotated[
        str | None,
        typer.Option(
            help="Whose votes count: 2016, 2020 or 2024; a name on a map of your own.",
            metavar="NAME",
        ),
    ] = None,
    time_limit: Annotated[
        float | None, typer.Option(help="Stop after this many seconds.", metavar="S")
    ] = None,
    gap: Annotated[
        float | None,
        typer.Option(help="Stop when within this share of the best: 0.001 is 0.1 %.", metavar="G"),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the random choices.", metavar="N")
    ] = None,
    iterations: Annotated[
        int | None,
        typer.Option(
            help="Stop after this many rounds and no sooner: two such runs are identical.",
            metavar="N",
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help="Any other value of the scenario, as in its file: border=0.5. Repeatable.",
            metavar="KEY=VALUE",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            help="Begin with this plan: GEOID,District, or the plan.csv of a run.", metavar="FILE"
        ),
    ] = None,
    certificate: Annotated[
        bool,
        typer.Option(
            "--certificate", help="Write the proof of the bound, for partition verify, as well."
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder to write; runs/SCENARIO-ELECTION by default.", metavar="DIR"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run that is there.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print the folder written and nothing else.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
    files: Any = None,
) -> None:
    """Find the best plan of a scenario and write it, its figures and its map to a folder."""
    with ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.answer import wording
        from partition.land.dataset import Dataset
        from partition.land.exchange import read_plan
        from partition.land.own_map import with_map
        from partition.pages.display import watching
        from partition.question.objectives import scale_of
        from partition.runs.bundle import check_folder
        from partition.runs.run import default_folder
        from partition.runs.solving import solve as run_scenario
        from partition.scenario import Scenario
        from partition.scenario.settings import read_settings

        given = Scenario.load(scenario).varied(read_settings(settings or ()))
        asked = with_map(given, files).override(
            election=election,
            time_limit=time_limit,
            gap=gap,
            seed=seed,
            iterations=iterations,
        )
        folder = default_folder(asked) if out is None else out
        check_folder(folder, force=force)
        dataset = Dataset.asked_for(asked.data)
        voters = dataset.n_voters(asked.election) if asked.weights.is_plain else None
        begin = None if start is None else read_plan(start, dataset.units)
        log = Console(stderr=True)
        for warning in () if quiet else wording.doubts(dataset.repairs):
            log.print(warning, markup=False, highlight=False, soft_wrap=True)
        with watching(log, voters, quiet=quiet, scale=scale_of(asked.weights)) as watch:
            run = run_scenario(
                asked,
                start=begin,
                certify=certificate,
                data=dataset,
                on_progress=watch,
                should_stop=is_interrupted,
            )
        lost = _write(run, folder, force=force)
    with output(f"The run is in {folder}."):
        _show_run(run, folder, log, lost, quiet=quiet, as_json=as_json)
    if lost is not None:
        complain(str(lost))
        raise typer.Exit(lost.exit_code)


def _write(run: Run, folder: Path, *, force: bool) -> IncompleteError | None:
    """Write the bundle; where that fails after all, keep the plan somewhere else.

    What is returned says which files of it are missing, if any are.
    """
    try:
        run.write(folder, force=force)
    except IncompleteError as error:
        return error
    except (OSError, InputError) as error:
        raise _rescued(run, folder, error) from None
    return None


def _rescued(run: Run, folder: Path, error: Exception) -> WriteError:
    """Write the bundle to the folder of temporary files, and say so."""
    import tempfile

    said = f"Could not write {folder}: {str(error).rstrip('.')}"
    try:
        rescue = Path(tempfile.mkdtemp(prefix="partition-")) / "run"
        run.write(rescue)
    except IncompleteError as second:
        return WriteError(f"{said}. {second}")
    except (OSError, InputError) as second:
        return WriteError(f"{said}; nor elsewhere: {second}")
    return WriteError(f"{said}. The run is in {rescue}.")


def _show_run(
    run: Run,
    folder: Path,
    log: Console,
    lost: IncompleteError | None,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Print the outcome: the folder, a table of both nations, or one JSON document."""
    from rich.console import Console

    from partition.runs.bundle import describe, written_files

    written = [folder / name for name in written_files(run)] if lost is None else lost.written
    paths = [str(path) for path in written]
    if as_json:
        ending = {} if lost is None else {"error": str(lost), "exit_code": lost.exit_code}
        print_json({**describe(run, folder), "files": paths, **ending})
    if quiet:
        if not as_json:
            say(folder)
        return
    console = log if as_json else Console()
    console.print(run)
    for path in paths:
        # Paths are printed as they are: wrapped or marked up, nobody could copy them.
        console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)
