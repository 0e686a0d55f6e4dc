"""Options that several commands have, each declared once.

Those that name the files of a map of one's own are in :mod:`partition.commands.own_files`; what
every study takes is put together in :mod:`partition.commands.study_options`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def complete_scenario(begun: str) -> list[str]:
    """List the shipped scenarios that begin with what was typed, for the shell."""
    from partition.scenario import shipped_names

    return [name for name in shipped_names() if name.startswith(begun)]


ScenarioName = Annotated[
    str,
    typer.Argument(
        autocompletion=complete_scenario,
        help="A shipped scenario, or the path of a TOML file of your own; varied by "
        "@KEY=VALUE,...: counties@border=50.",
    ),
]
Election = Annotated[
    str | None,
    typer.Option(
        help="Whose votes count: 2016 (by default), 2020 or 2024; a name on a map of your own.",
        metavar="NAME",
        autocompletion=lambda: ["2016", "2020", "2024"],
    ),
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        help="Stop a search after this many seconds; 60 by default, or what the scenario says.",
        metavar="S",
    ),
]
Gap = Annotated[
    float | None,
    typer.Option(
        help="Stop a search within this share of the best: 0.001 is 0.1 %; the scenario's by "
        "default.",
        metavar="G",
    ),
]
Seed = Annotated[
    int | None, typer.Option(help="Seed of the random choices; 0 by default.", metavar="N")
]
Iterations = Annotated[
    int | None,
    typer.Option(
        help="Stop after this many rounds and no sooner: two such runs are identical.", metavar="N"
    ),
]
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
ProvingJobs = Annotated[
    int | None,
    typer.Option(
        help="Processes that share a search that branches, or of a very large map; 1 by default.",
        metavar="N",
    ),
]
ProvingCluster = Annotated[
    str | None,
    typer.Option(
        help="Dask scheduler whose workers share the search instead: tcp://host:8786.",
        metavar="URL",
    ),
]


def read_folder(text: str) -> Path:
    """Read the name of a folder to write to.

    Raises
    ------
    typer.BadParameter
        When it is empty, which `Path` takes for the folder that the program runs in.
    """
    if not text.strip():
        raise typer.BadParameter(
            f"{text!r} names no folder; give its name, or leave the option out."
        )
    return Path(text)


Out = Annotated[
    Path | None,
    typer.Option(
        parser=read_folder,
        help="Folder of the results; unless given, one under studies/ that is called by what is "
        "asked. Another study there is never replaced: a number is added to the name.",
        metavar="DIR",
    ),
]
Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        help="Use no run, plan or inequality that is there already: search anew, from nothing.",
    ),
]
Cold = Annotated[
    bool,
    typer.Option(
        "--cold",
        help="Leave aside the plans and inequalities that come with the package; runs that are "
        "there still serve. --fresh and --iterations leave both aside.",
    ),
]
Bundle = Annotated[Path, typer.Argument(help="A folder written by partition solve.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="Print where the results are and nothing else.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")]

Then = Annotated[
    list[str] | None,
    typer.Option(
        help="A goal that comes after the one that is weighed: the best plan in it, among "
        "those within --within of the best in every goal before. Again for the next one. "
        "border, cut_edges, state_splits, status_quo and the others that can be weighed.",
        metavar="GOAL",
    ),
]
Within = Annotated[
    list[float] | None,
    typer.Option(
        help="Share of the best that --then may give up: 0.005 is 0.5 %; one for each "
        "--then, or one for all.",
        metavar="SHARE",
    ),
]
