"""Options that name and colour the two sides, of every command that shows them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

import typer

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


def takes_sides(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the sides.

    The command has a parameter ``sides``: what was given, as
    :meth:`partition.scenario.Scenario.override` takes it; None where nothing was.
    """

    @functools.wraps(command)
    def wrapped(**options: Any) -> None:
        sides: dict[str, dict[str, str]] = {}
        for name in OPTIONS:
            given = options.pop(name)
            if given is not None:
                side, _, key = name.partition("_")
                sides.setdefault(side, {})[key] = given
        command(**options, sides=sides or None)

    hints = get_type_hints(command, include_extras=True)
    own = [
        one.replace(annotation=hints.get(one.name, one.annotation))
        for one in inspect.signature(command).parameters.values()
        if one.name != "sides"
    ]
    more = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None,
                typer.Option(option, help=text, metavar=metavar, rich_help_panel=PANEL),
            ],
        )
        for name, (option, metavar, text) in OPTIONS.items()
    ]
    wrapped.__signature__ = inspect.Signature([*own, *more])  # type: ignore[attr-defined]
    wrapped.__annotations__ = {one.name: one.annotation for one in (*own, *more)}
    return wrapped
