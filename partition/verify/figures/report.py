"""All figures together, under the names of ``run.json`` and of ``report.json``."""

from __future__ import annotations

from typing import Any

from partition.verify.figures.ground import Ground
from partition.verify.figures.states import house, presidency, splits
from partition.verify.figures.territory import territories
from partition.verify.figures.voters import sorting

SCHEMA_VERSION = 1
"""Layout of ``report.json`` that is known here."""

LONG_NAMES = {
    "self_determined": "self_determined_voters",
    "stranded": "stranded_voters",
    "self_determination": "self_determined_share",
}
"""Names of ``report.json`` that differ from those of ``run.json``."""


def main_figures(ground: Ground) -> dict[str, Any]:
    """State the metrics of ``run.json``."""
    president = presidency(ground)
    electors = (None, None, None)
    if president is not None:
        contests = ("together", "blue_nation", "red_nation")
        electors = tuple(president[name]["electoral_votes"] for name in contests)
    return {
        "election": ground.data.election,
        "whole": ground.division("Everything", list(ground.units), electors),
        "landmasses": [
            ground.division(ground.title(units), units) for units in ground.by_landmass()
        ],
    }


def report_figures(ground: Ground, main: dict[str, Any]) -> dict[str, Any]:
    """State the figures of ``report.json``.

    Parameters
    ----------
    ground
        The plan on its land.
    main
        What :func:`main_figures` states of it.
    """
    whole, names = main["whole"], ground.data.nations
    red, blue = territories(ground)
    gdp = whole["both"]["gdp_dollars"]
    return {
        "schema_version": SCHEMA_VERSION,
        "election": main["election"],
        **({} if names is None else {"sides": dict(zip(("blue", "red"), names, strict=True))}),
        **({"years": dict(ground.data.years)} if ground.data.years else {}),
        "country": _long(whole["both"]) | sorting(ground, gdp) | _line(whole),
        "nations": {"blue": _long(whole["blue"]) | blue, "red": _long(whole["red"]) | red},
        "states": splits(ground),
        "presidency": presidency(ground),
        "house": house(ground),
        "landmasses": [
            {
                "title": one["title"],
                **{name: _long(one[name]) for name in ("both", "blue", "red")},
                **_line(one),
            }
            for one in main["landmasses"]
        ],
    }


def _long(tally: dict[str, Any]) -> dict[str, Any]:
    return {LONG_NAMES.get(name, name): value for name, value in tally.items()}


def _line(division: dict[str, Any]) -> dict[str, Any]:
    return {name: division[name] for name in ("cut_edges", "border_km")}
