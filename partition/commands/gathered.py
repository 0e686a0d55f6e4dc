"""Options that several commands have, handed to each of them as one parameter."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

Command = Callable[..., None]


def option(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    """Declare an option as the parameter of a command."""
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
    )


def gathers(
    parameter: str,
    options: Sequence[inspect.Parameter],
    gather: Callable[[Mapping[str, Any]], Any],
) -> Callable[[Command], Command]:
    """Give a command options behind its own, and hand it what they come to.

    Parameters
    ----------
    parameter
        Parameter of the command that takes what they come to.
    options
        The options, as Typer declares them.
    gather
        Makes one value of what was given.
    """

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def wrapped(**given: Any) -> None:
            chosen = {one.name: given.pop(one.name) for one in options}
            command(**given, **{parameter: gather(chosen)})

        hints = get_type_hints(command, include_extras=True)
        own = [
            one.replace(annotation=hints[one.name])
            for one in inspect.signature(command).parameters.values()
            if one.name != parameter
        ]
        wrapped.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]
        wrapped.__annotations__ = {one.name: one.annotation for one in (*own, *options)}
        return wrapped

    return decorate
