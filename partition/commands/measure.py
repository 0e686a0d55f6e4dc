"""``partition measure``: the figures of a plan that somebody else drew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from partition.commands.console import output, print_json
from partition.commands.options import AsJson, Election, ScenarioName
from partition.commands.own_files import takes_files
from partition.commands.side_options import takes_sides


@takes_sides
@takes_files()
def measure(
    plan: Annotated[
        Path,
        typer.Argument(help="Table GEOID,District, or the plan.csv of a run."),
    ],
    scenario: ScenarioName = "counties",
    election: Election = None,
    blue_district: Annotated[
        str, typer.Option(help="District that is the blue nation; 1 by default.", metavar="NAME")
    ] = "",
    as_json: AsJson = False,
    sides: Any = None,
    files: Any = None,
) -> None:
    """Measure a plan from elsewhere, and say whether it meets the scenario's constraints."""
    from rich.console import Console

    from partition.land.own_map import with_map
    from partition.runs.measured import describe_measured, measure_plan
    from partition.scenario import Overrides, Scenario

    asked = Overrides(election, sides=sides).apply(with_map(Scenario.load(scenario), files))
    measured = measure_plan(asked, plan, blue_district)
    if as_json:
        print_json(describe_measured(measured))
    else:
        with output():
            Console().print(measured)
