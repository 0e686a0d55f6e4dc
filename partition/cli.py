"""The command line: ``partition solve``, ``verify``, ``scenarios``, ``data``.

Exit codes: 0 solved, 1 nothing found or not written, 2 bad input or usage, 3 infeasible,
130 interrupted with nothing found. Results go to standard output, everything else to standard
error. Only what a command needs is imported, when it runs, so that ``--help`` is instant.
"""

from __future__ import annotations

# ruff: noqa: PLC0415 - imports wait for their command; options are what they are.
import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

import partition
from partition.errors import InputError, InterruptedSearchError, PartitionError, WriteError

if TYPE_CHECKING:
    from rich.console import Console

    from partition.run import Run

# Typer may bring its own copy of Click: this is the base of its usage errors in either case.
_UsageError: Any = typer.BadParameter.__mro__[1]

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    wants_json = "--json" in sys.argv[1:]
    try:
        code = app(prog_name="partition", standalone_mode=False) or 0
    except PartitionError as error:
        code = _fail(str(error), error.exit_code, wants_json=wants_json)
    except _UsageError as error:
        code = _fail(error.format_message(), 2, wants_json=wants_json)
    except (KeyboardInterrupt, typer.Abort):
        code = _fail("Interrupted.", 130, wants_json=wants_json)
    except BrokenPipeError:
        # Whoever read the output has gone; the interpreter must not try to flush to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _fail(message: str, code: int, *, wants_json: bool) -> int:
    # File names can hold anything: line breaks, or codes that a terminal obeys.
    one_line = "".join(one if one.isprintable() else "?" for one in " ".join(message.split()))
    sys.stderr.write(f"partition: {one_line}\n")
    if wants_json:
        _print_json({"error": one_line, "exit_code": code})
    return code


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"partition (two-nations) {partition.__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _partition(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Divide a country between two political camps, provably well, and draw the map."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@app.command()
def solve(
    scenario: Annotated[
        str, typer.Argument(help="A shipped scenario, or the path of a TOML file of your own.")
    ] = "counties",
    election: Annotated[
        str | None, typer.Option(help="Whose votes count: 2016, 2020 or 2024.", metavar="YEAR")
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
) -> None:
    """Find the best plan of a scenario and write it, its figures and its map to a folder."""
    with _ctrl_c_ends_the_search() as is_interrupted:
        from rich.console import Console

        from partition.bundle import check_folder
        from partition.dataset import Dataset
        from partition.display import watching
        from partition.run import default_folder
        from partition.run import solve as run_scenario
        from partition.scenario import Scenario

        asked = Scenario.load(scenario).override(
            election=election, time_limit=time_limit, gap=gap, seed=seed, iterations=iterations
        )
        folder = default_folder(asked) if out is None else out
        check_folder(folder, force=force)
        dataset = Dataset.embedded()
        voters = int(dataset.units.votes[asked.election].sum())
        log = Console(stderr=True)
        with watching(log, voters, quiet=quiet) as watch:
            run = run_scenario(
                asked,
                certify=certificate,
                data=dataset,
                on_progress=watch,
                should_stop=is_interrupted,
            )
        _write(run, folder, force=force)
    _show_run(run, folder, log, quiet=quiet, as_json=as_json)


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="A folder written by partition solve.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
) -> None:
    """Check a run's plan and the certificate of its bound, by code independent of the solver."""
    from partition.verify import verify as verify_bundle

    confirmation = verify_bundle(bundle)
    if as_json:
        _print_json({**asdict(confirmation), "status": confirmation.status})
    else:
        typer.echo(confirmation.text)


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the program."""
    from partition.scenario import Scenario, shipped_names

    names = shipped_names()
    width = max(len(name) for name in names)
    for name in names:
        typer.echo(f"{name:<{width}}  {Scenario.shipped(name).description}")


@app.command()
def data() -> None:
    """Say where every figure of the embedded data comes from."""
    from partition.display import data_card_lines

    for line in data_card_lines():
        typer.echo(line)


@contextmanager
def _ctrl_c_ends_the_search() -> Iterator[Any]:
    """Have the first Ctrl-C end the search in good order, and a second one the program."""
    count = 0

    def interrupt(_signal: int, _frame: object) -> None:
        nonlocal count
        count += 1
        if count > 1:
            raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield lambda: count > 0
    except KeyboardInterrupt:
        raise InterruptedSearchError("Interrupted before the run was written.") from None
    finally:
        signal.signal(signal.SIGINT, previous)


def _write(run: Run, folder: Path, *, force: bool) -> None:
    """Write the bundle; where that fails after all, keep the plan somewhere else."""
    try:
        run.write(folder, force=force)
    except (OSError, InputError) as error:
        import tempfile

        rescue = Path(tempfile.mkdtemp(prefix="partition-")) / folder.name
        try:
            run.write(rescue)
        except OSError as second:
            raise WriteError(f"Could not write {folder}: {error}; nor {rescue}: {second}") from None
        raise WriteError(f"Could not write {folder}: {error}. The run is in {rescue}.") from None


def _show_run(run: Run, folder: Path, log: Console, *, quiet: bool, as_json: bool) -> None:
    """Print the outcome: the folder, a table of both nations, or one JSON document."""
    from rich.console import Console

    from partition.bundle import describe, written_files

    paths = [str(folder / name) for name in written_files(run)]
    if as_json:
        _print_json({**describe(run), "files": paths})
    if quiet:
        if not as_json:
            typer.echo(folder)
        return
    console = log if as_json else Console()
    console.print(run)
    for path in paths:
        # Paths are printed as they are: wrapped or marked up, nobody could copy them.
        console.print(f"wrote {path}", markup=False, highlight=False, soft_wrap=True)


def _print_json(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, indent=2, allow_nan=False) + "\n")


if __name__ == "__main__":
    main()
