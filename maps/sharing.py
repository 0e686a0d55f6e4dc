"""What lets a page travel: what other programs say of it, its data to take along, a small form."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from maps.elements import PageElement
from maps.layout import Sheet
from maps.style import Palettes
from maps.unprojecting import ways_back
from shapefiles.units import Units

LONGEST = 1_000
"""Characters of a description: programs that show links cut longer ones anyway."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path fill="{blue}" d="M0 0h9L6 6l3 4-3 6H0z"/><path fill="{red}" d="M9 0h7v16H6l3-6-3-4z"/>'
    "</svg>"
)


class Sharing(PageElement):
    """Description and icon of a page, downloads of its data, and its form inside other pages.

    Parameters
    ----------
    layer
        Layer of the units.
    title
        Of the page.
    description
        What the page shows, in words.
    headline
        What stands beside the title where the page is inside another one.
    warning
        What has to be read there as well.
    source
        Where the data come from.
    nations
        Names of the blue and of the red nation.
    palettes
        Colours of both themes.
    """

    template = "sharing.html.jinja"
    scripts = ("csv.js", "geojson.js", "sharing.js")

    def __init__(
        self,
        layer: PageElement,
        *,
        title: str,
        description: str,
        headline: str = "",
        warning: str = "",
        source: str = "",
        nations: tuple[str, str] = ("Blue", "Red"),
        palettes: Palettes,
    ) -> None:
        super().__init__()
        self.layer = layer
        self.title = title
        self.description = description
        self.short = _cut(description, LONGEST)
        self.headline = headline
        self.warning = warning
        self.source = source
        self.nations = nations
        red, blue = palettes.light.nations
        icon = ICON.format(blue=blue, red=red)
        self.icon = f"data:image/svg+xml;base64,{base64.b64encode(icon.encode()).decode()}"


def globe_data(sheet: Sheet, units: Units) -> Mapping[str, Any]:
    """Say how a page finds longitudes and latitudes, ready for JSON."""
    return {"ways": ways_back(sheet, units), "metres": sheet.metres_per_unit}


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
