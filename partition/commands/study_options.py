"""Options that all commands on many runs have."""

# ruff: noqa: PLC0415 - imports wait for their command, so that --help is instant.
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from partition.commands.console import output, print_json
from partition.errors import InterruptedSearchError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from partition.scenario import Scenario

TimeLimit = Annotated[
    float | None, typer.Option(help="Stop each run after this many seconds.", metavar="S")
]
Gap = Annotated[
    float | None,
    typer.Option(help="Stop each run within this share of the best: 0.001 is 0.1 %.", metavar="G"),
]
Seed = Annotated[int | None, typer.Option(help="Seed of the random choices.", metavar="N")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Any other value of the scenario, as in its file: border=0.5. Repeatable.",
        metavar="KEY=VALUE",
    ),
]
Runs = Annotated[
    Path,
    typer.Option(help="Folder of the runs: finished ones in it are used again.", metavar="DIR"),
]
Jobs = Annotated[
    int | None,
    typer.Option(help="Runs at a time; one for every two cores by default.", metavar="N"),
]
Cluster = Annotated[
    str | None,
    typer.Option(help="Dask scheduler whose workers do the runs: tcp://host:8786.", metavar="URL"),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print the files written and nothing else.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]


def load(scenario: str, settings: list[str] | None, *without: str) -> Scenario:
    """Load a scenario with what the command line sets in it.

    Parameters
    ----------
    scenario
        A shipped one's name, or the path of a TOML file.
    settings
        What was given as ``--set``.
    *without
        Keys for which `partition solve` has an option of its own, and this command none.

    Raises
    ------
    ScenarioError
        When the scenario, a key or a value is wrong.
    """
    from partition.scenario import Scenario
    from partition.scenario.settings import OPTIONS, read_settings

    options = {key: OPTIONS[key] for key in OPTIONS if key not in ("limits.iterations", *without)}
    return Scenario.load(scenario).varied(read_settings(settings or (), options))


@contextmanager
def ctrl_c_keeps_what_is_finished(runs: Path) -> Iterator[None]:
    """Say, when a study is interrupted, that it can go on."""
    try:
        yield
    except KeyboardInterrupt:
        raise InterruptedSearchError(
            f"Interrupted. Finished runs are in {runs}; the same command goes on from there."
        ) from None


def show_study(
    study: RenderableType,
    document: dict[str, Any],
    files: tuple[Path, ...],
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Print a study: its files, a table, or one JSON document."""
    from rich.console import Console

    if as_json:
        print_json({**document, "files": [str(file) for file in files]})
        return
    console = Console()
    with output():
        if not quiet:
            console.print(study)
        for file in files:
            console.print(
                file if quiet else f"wrote {file}", markup=False, highlight=False, soft_wrap=True
            )
