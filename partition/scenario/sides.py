"""What the two sides are called and coloured: the table ``[sides]``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from maps.colours import ColourError, palettes, read_colour
from partition.errors import ScenarioError
from shapefiles.errors import one_line

COLOUR_WORD = re.compile(r"\b((?P<article>[Aa]) )?(?P<colour>blue|red)\b", re.IGNORECASE)
"""A side, where a text of the program's speaks of it."""

LONGEST_NAME = 30
"""Characters of the name of a side; more do not fit where it is written."""


@dataclass(frozen=True, slots=True)
class Side:
    """How one side is shown.

    Parameters
    ----------
    name
        What its votes and its nation are called; a candidate, a column or a colour unless given.
    colour
        Six digits, such as ``#1d68ab``, or a name of CSS; the program's unless given.

    Raises
    ------
    ScenarioError
        When the name is no short line of text, or the colour is none.
    """

    name: str | None = None
    colour: str | None = None

    def __post_init__(self) -> None:
        name = self.name
        if name is not None:
            object.__setattr__(self, "name", _checked(name))
        if self.colour is not None:
            try:
                object.__setattr__(self, "colour", read_colour(self.colour))
            except ColourError as error:
                raise ScenarioError(f"colour = {one_line(error, 200)}") from None


def _checked(name: str) -> str:
    if not (name.isprintable() and any(one.isalpha() for one in name)):
        raise ScenarioError(f"name = {name!r}: give one line of printable text with a letter.")
    if len(name) > LONGEST_NAME:
        raise ScenarioError(
            f"name = {name!r} has {len(name)} characters: give {LONGEST_NAME} at most, such as "
            f"{name[:LONGEST_NAME].strip()!r}."
        )
    return name.strip()


@dataclass(frozen=True, slots=True)
class Sides:
    """How both sides are shown; none of it changes what is asked.

    Raises
    ------
    ScenarioError
        When only one side has a name, both have the same, or not everybody can tell their colours
        apart.

    Examples
    --------
    >>> Sides(Side("Remain"), Side("Leave")).names
    ('Remain', 'Leave')
    """

    blue: Side = field(default_factory=Side)
    red: Side = field(default_factory=Side)

    def __post_init__(self) -> None:
        given = {key: getattr(self, key).name for key in ("blue", "red")}
        for key, other in (("blue", "red"), ("red", "blue")):
            if given[key] is None and given[other] is not None:
                raise ScenarioError(
                    f"{key}.name is missing beside {other}.name = {given[other]!r}: name both "
                    f"sides (--{key}-name)."
                )
        if self.names is not None and len({one.casefold() for one in self.names}) < 2:
            raise ScenarioError(
                f"blue.name = {given['blue']!r} is red.name as well: give two names."
            )
        try:
            palettes(*self.colours)
        except ColourError as error:
            raise ScenarioError(_with_remedy(error)) from None

    @property
    def names(self) -> tuple[str, str] | None:
        """Names of the blue and of the red side; None where they are not given."""
        if self.blue.name is None or self.red.name is None:
            return None
        return self.blue.name, self.red.name

    @property
    def colours(self) -> tuple[str | None, str | None]:
        """Colours of the blue and of the red side; None for the program's."""
        return self.blue.colour, self.red.colour

    def reworded(self, text: str) -> str:
        """Call the sides in a text of the program's by their names.

        Examples
        --------
        >>> Sides(Side("Aye"), Side("No")).reworded("A blue nation; red states.")
        'An Aye nation; No states.'
        """
        if self.names is None:
            return text
        names = dict(zip(("blue", "red"), self.names, strict=True))

        def name(found: re.Match[str]) -> str:
            given, article = names[found["colour"].lower()], found["article"] or ""
            n = "n" if article and given[:1].casefold() in "aeiou" else ""
            return f"{article}{n}{' ' if article else ''}{given}"

        return COLOUR_WORD.sub(name, text)


def _with_remedy(error: ColourError) -> str:
    """Name the options that take the colours which are proposed."""
    if error.nearest is None:
        return str(error)
    blue, red = (one.removeprefix("#") for one in error.nearest)
    return (
        f"blue.colour, red.colour: {error} Give these (--blue-colour {blue} --red-colour {red}), "
        "or others."
    )
