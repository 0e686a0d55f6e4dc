"""Pages fill in private names of Folium's elements: only versions that have them are allowed."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

import folium
from branca.element import Figure, MacroElement
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def test_the_folium_that_is_tested_is_the_only_one_that_is_allowed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (folium_range,) = [
        one for one in map(Requirement, project["dependencies"]) if one.name == "folium"
    ]
    assert any(bound.operator == "<" for bound in folium_range.specifier)
    tested = version("folium")
    assert tested in folium_range.specifier
    major, minor = (int(part) for part in tested.split(".")[:2])
    assert f"{major}.{minor + 1}" not in folium_range.specifier


def test_elements_have_the_private_names_that_pages_fill_in() -> None:
    class Mine(MacroElement):
        pass

    element = Mine()
    assert isinstance(element._name, str)
    assert hasattr(element, "_template")
    element._name = "Renamed"
    assert element.get_name().startswith("renamed_")
    page = folium.Map()
    element.add_to(page)
    root = element.get_root()
    assert isinstance(root, Figure)
    assert {"header", "html", "script"} <= set(vars(root))
