"""Options that name and colour the two sides, of every command that shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from partition.commands.gathered import Command, gathers, option

PANEL = "The two sides"
"""Heading of these options in the help."""

_NAME = "What the {} side and its nation are called: {}."
_COLOUR = "Colour of the {} side: six digits, or a name of CSS."

OPTIONS = {
    "blue_name": ("--blue-name", "NAME", _NAME.format("blue", "Remain")),
    "red_name": ("--red-name", "NAME", _NAME.format("red", "Leave")),
    "blue_colour": ("--blue-colour", "RRGGBB", _COLOUR.format("blue")),
    "red_colour": ("--red-colour", "RRGGBB", _COLOUR.format("red")),
}
"""Option, placeholder and help of each, by parameter."""


def _gather(given: Mapping[str, Any]) -> dict[str, dict[str, str]] | None:
    sides: dict[str, dict[str, str]] = {}
    for name, one in given.items():
        if one is not None:
            side, _, key = name.partition("_")
            sides.setdefault(side, {})[key] = one
    return sides or None


def takes_sides(command: Command) -> Command:
    """Give a command the options of the sides.

    The command has a parameter ``sides``: what was given, as
    :meth:`partition.scenario.Scenario.override` takes it; None where nothing was.
    """
    options = [
        option(
            name,
            Annotated[
                str | None, typer.Option(flag, help=text, metavar=metavar, rich_help_panel=PANEL)
            ],
            None,
        )
        for name, (flag, metavar, text) in OPTIONS.items()
    ]
    return gathers("sides", options, _gather)(command)
