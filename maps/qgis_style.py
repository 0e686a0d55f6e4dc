"""Styles for QGIS, in the table ``layer_styles`` of a GeoPackage, where it looks for them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from maps.style import AGREEMENT_BREAKS, LIGHT, Palette
from maps.unit_columns import SIDES

_TEMPLATE = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "assets"),
    autoescape=True,
    undefined=StrictUndefined,
).get_template("nations.qml.jinja")

# As QGIS itself creates it; it finds styles by schema, table and geometry column.
_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256),
    f_table_schema TEXT(256),
    f_table_name TEXT(256),
    f_geometry_column TEXT(256),
    styleName TEXT(30),
    styleQML TEXT,
    styleSLD TEXT,
    useAsDefault BOOLEAN,
    description TEXT,
    owner TEXT(30),
    ui TEXT(30),
    update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
)
"""


class _Category(NamedTuple):
    """One value of the expression, its words in the legend, and its colour."""

    value: str
    label: str
    colour: str


def nations_style(
    names: tuple[str, str] = SIDES,
    palette: Palette = LIGHT,
    outline: str = LIGHT.county_line,
    outline_mm: float = 0.1,
) -> str:
    """Write a QGIS style (QML) with a flat colour a nation.

    Parameters
    ----------
    names, palette
        Names of the blue and of the red side as the column ``nation`` has them, and their colours.
    outline, outline_mm
        Colour, as CSS writes it, and width of the lines around the polygons.
    """
    categories = [
        _Category(name, f"{_title(name)} nation", _colour(colour))
        for name, colour in zip(names, palette.nations[::-1], strict=True)
    ]
    return _TEMPLATE.render(
        expression="nation",
        categories=categories,
        outline=_colour(outline),
        outline_mm=outline_mm,
    )


def agreement_style(names: tuple[str, str] = SIDES, palette: Palette = LIGHT) -> str:
    """Write a QGIS style (QML) with a category for each nation and shade of agreement.

    Parameters
    ----------
    names, palette
        As for :func:`nations_style`.
    """
    steps = " ".join(
        f'WHEN "agreement" < {limit} THEN {step}' for step, limit in enumerate(AGREEMENT_BREAKS)
    )
    last = len(AGREEMENT_BREAKS)
    shades = dict(zip(names, (palette.blue, palette.red), strict=True))
    limits = [f"{100 * limit:.0f}" for limit in AGREEMENT_BREAKS]
    spans = [
        f"below {limits[0]} %",
        *(f"{low} to {high} %" for low, high in pairwise(limits)),
        f"{limits[-1]} % and more",
    ]
    categories = [
        _Category(f"{nation} {step}", f"{_title(nation)}, {spans[step]}", _colour(shade))
        for nation in names
        for step, shade in reversed(list(enumerate(shades[nation])))
    ]
    return _TEMPLATE.render(
        expression=f"""CASE WHEN "agreement" IS NULL THEN 'none' """
        f"""ELSE "nation" || ' ' || CASE {steps} ELSE {last} END END""",
        categories=[*categories, _Category("none", "Nobody voted", _colour(LIGHT.no_votes))],
        outline=_colour(LIGHT.county_line),
        outline_mm=0.1,
    )


def add_styles(
    path: Path,
    geometry_column: str,
    names: tuple[str, str] = SIDES,
    palette: Palette = LIGHT,
) -> None:
    """Write the styles of the layers ``units`` and ``nations`` into a GeoPackage.

    Parameters
    ----------
    path
        GeoPackage with these layers.
    geometry_column
        Name of their geometry column.
    names, palette
        As for :func:`nations_style`.
    """
    lines = nations_style(names, palette, LIGHT.frontier, 0.4)
    styles = (
        (
            "units",
            "Agreement",
            agreement_style(names, palette),
            True,
            "Paler where more voters are stranded",
        ),
        ("units", "Nations", nations_style(names, palette), False, "A colour a nation"),
        ("nations", "Nations", lines, True, "A colour a nation"),
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_TABLE)
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('layer_styles', 'attributes', 'layer_styles')"
        )
        connection.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner) "
            "VALUES ('', '', ?, ?, ?, ?, '', ?, ?, '')",
            [(layer, geometry_column, *style) for layer, *style in styles],
        )


def _title(name: str) -> str:
    """Begin a name of the program's with a capital letter; those of people stay."""
    return name.title() if name in SIDES else name


def _colour(css: str) -> str:
    """Write a colour as QGIS does: red, green, blue and alpha, up to 255.

    >>> _colour("#ff0080"), _colour("rgba(255, 254, 252, 0.4)")
    ('255,0,128,255', '255,254,252,102')
    """
    if css.startswith("rgba("):
        *channels, alpha = css[5:-1].split(",")
        return f"{','.join(one.strip() for one in channels)},{255 * float(alpha):.0f}"
    channels = [str(int(css[start : start + 2], 16)) for start in (1, 3, 5)]
    return ",".join([*channels, "255"])
