"""One file, complete, small, and deaf to what names try to tell the browser."""

from __future__ import annotations

import base64
import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import folium
import numpy as np
import pytest
import shapely

import maps
from maps.background import TilesError
from maps.elements import ASSETS
from maps.layout import lay_out
from shapefiles.units import Units
from solvers.plan import Plan
from tests.packed import unpacked

SUMMARY = maps.MapSummary("Title", "1 %", "of voters")


class Page(HTMLParser):
    """The elements of a page, and the text of its scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.texts.append((self.elements[-1][0], data))

    def plan_data(self) -> dict[str, object]:
        at = [i for i, (_, attrs) in enumerate(self.elements) if attrs.get("id") == "plan-data"]
        assert len(at) == 1
        texts = [text for _, text in self.texts if text.startswith("{") and '"topology"' in text]
        data = json.loads(texts[0])
        for name in ("state", "blue", "red", "people"):
            data[name] = None if data[name] is None else unpacked(data[name])
        bits = np.unpackbits(np.frombuffer(base64.b64decode(data["part"]), np.uint8))
        return data | {"part": bits[: len(data["ids"])].tolist()}


def test_the_page_asks_for_nothing_from_elsewhere(national_page: Path) -> None:
    page = Page(national_page.read_text(encoding="utf-8"))
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "data", "poster", "action", "style"):
            value = attributes.get(name) or ""
            is_within = name == "style" or value.startswith("data:image/svg+xml;base64,")
            assert is_within or not value, f"<{tag} {name}={value}>"
            assert "url(" not in value
    styles = "".join(text for tag, text in page.texts if tag == "style")
    assert "@import" not in styles
    sources = re.findall(r"url\(([^)]*)\)", styles)
    elsewhere = {source for source in sources if not source.strip('"').startswith("data:")}
    assert elsewhere <= {"#default#VML"}
    assert "sourceMappingURL" not in national_page.read_text(encoding="utf-8")


def test_the_national_page_is_small(national_page: Path) -> None:
    assert national_page.stat().st_size < 3_000_000


def test_drawing_the_nation_is_quick(
    united_states: Units, state_plan: Plan, tmp_path: Path
) -> None:
    start = time.process_time()
    maps.save(maps.draw(united_states, state_plan, SUMMARY, "2016"), tmp_path / "map.html")
    assert time.process_time() - start < 3


def test_names_and_figures_are_text_and_never_markup(hostile_page: Path, hostile: str) -> None:
    html = hostile_page.read_text(encoding="utf-8")
    page = Page(html)
    tags = [tag for tag, _ in page.elements]
    assert "img" not in tags
    assert "<img" not in html.replace('"<img', "")  # Leaflet's own code makes none either
    data = page.plan_data()
    assert data["names"] == [hostile, "Plain"]
    assert data["parties"] == [hostile, hostile]
    assert {tag for tag, text in page.texts if hostile in text} >= {
        "title", "h1", "strong", "span", "p", "th", "td",
    }  # fmt: skip


def test_every_unit_comes_with_its_votes_and_its_nation(
    united_states: Units, state_plan: Plan, national_page: Path
) -> None:
    data = Page(national_page.read_text(encoding="utf-8")).plan_data()
    assert data["names"] == united_states.names.tolist()
    assert [data["states"][i] for i in data["state"]] == united_states.states.tolist()
    assert np.array_equal(data["part"], state_plan.assignment)
    assert np.array_equal(np.transpose([data["blue"], data["red"]]), united_states.votes["2016"])


def test_the_election_decides_which_votes_are_shown(
    united_states: Units, state_plan: Plan, tmp_path: Path
) -> None:
    path = maps.save(maps.draw(united_states, state_plan, SUMMARY, "2024"), tmp_path / "map.html")
    data = Page(path.read_text(encoding="utf-8")).plan_data()
    assert sum(data["blue"]) == united_states.votes["2024"][:, 0].sum() == 75_019_265


def test_moved_states_are_said_to_be_moved(national_page: Path, hostile_page: Path) -> None:
    said = "Alaska and Hawaii: moved, and not to scale."
    assert said in national_page.read_text(encoding="utf-8")
    assert "not to scale" not in hostile_page.read_text(encoding="utf-8")


def test_a_layer_of_your_own_goes_on_the_map(hostile_units: Units) -> None:
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016")
    folium.CircleMarker((1, 2), tooltip="mine").add_to(page)
    html = page.get_root().render()
    assert "L.circleMarker" in html
    assert "mine" in html


def test_icons_that_need_fonts_from_elsewhere_are_refused(hostile_units: Units) -> None:
    point = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Point", "coordinates": [1, 2]},
    }
    for layer in (
        folium.Marker((1, 2), icon=folium.Icon(color="red")),
        folium.GeoJson(point, marker=folium.Marker(icon=folium.Icon())),
    ):
        page = maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016")
        layer.add_to(folium.FeatureGroup().add_to(page))
        with pytest.raises(ValueError, match=r"folium\.Icon needs .* Take folium\.DivIcon"):
            page.get_root().render()


def test_a_notebook_shows_the_map(hostile_units: Units) -> None:
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016")
    assert "<iframe" in page._repr_html_()


def test_a_layer_goes_where_it_lies_on_the_globe(united_states: Units) -> None:
    sheet = lay_out(united_states)
    y, x = maps.locate(united_states, -87.63, 41.88)  # Chicago
    cook = sheet.polygons[united_states.ids == "17031"][0]
    assert cook.covers(shapely.Point(x * sheet.metres_per_unit, y * sheet.metres_per_unit))


def test_folium_saves_the_same_file(hostile_units: Units, tmp_path: Path) -> None:
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016")
    page.save(str(tmp_path / "by-folium.html"))
    maps.save(page, tmp_path / "by-us.html")
    by_folium, by_us = ((tmp_path / f"by-{who}.html").read_bytes() for who in ("folium", "us"))
    assert by_folium == by_us


def test_tiles_come_only_when_they_are_asked_for(abroad: Units) -> None:
    plan = Plan(np.arange(abroad.n_units) % 2)
    without = maps.draw(abroad, plan, SUMMARY, "2016").get_root().render()
    assert "tileLayer(" not in without.split("var map_")[1]
    tiles = folium.TileLayer("https://tiles.example/{z}/{x}/{y}.png", attr="Somebody")
    html = maps.draw(abroad, plan, SUMMARY, "2016", tiles=tiles).get_root().render()
    assert "https://tiles.example" in html.split("var map_")[1]
    assert "L.CRS.EPSG3857" in html.split("var map_")[1]


@pytest.mark.parametrize(
    ("tiles", "said"),
    [("Atlantis", "'Atlantis' is no background that is known"), ("MapBox", "'MapBox' needs a key")],
)
def test_a_background_that_cannot_be_had_is_refused(abroad: Units, tiles: str, said: str) -> None:
    plan = Plan(np.arange(abroad.n_units) % 2)
    with pytest.raises(TilesError, match=f"{said}.*such as 'Esri WorldGrayCanvas'"):
        maps.draw(abroad, plan, SUMMARY, "2016", tiles=tiles)


def test_robustness_comes_as_shares_or_in_words(hostile_units: Units) -> None:
    plan = Plan(np.array([1, 0]))
    for given, classes in (
        ([1.0, 0.5], [4, 2]),
        (["always blue", "always red"], [4, 0]),
        (["red, undecided", "blue, undecided"], [1, 3]),
        ([0.2, 0.8], [1, 3]),
    ):
        html = maps.draw(hostile_units, plan, SUMMARY, "2016", robustness=given)
        assert Page(html.get_root().render()).plan_data()["robustness"] == classes
    assert (
        "robustness"
        not in Page(maps.draw(hostile_units, plan, SUMMARY, "2016").get_root().render()).plan_data()
    )


@pytest.mark.parametrize(
    ("robustness", "said"),
    [
        ([0.5], r"shape \(1,\), expected \(2,\)"),
        ([0.5, 1.5], r"robustness\[1\] = 1.5"),
        ([0.5, float("nan")], r"robustness\[1\] = nan"),
        (["always blue", "maybe"], r"robustness\[1\] = 'maybe'; choose from always red"),
    ],
)
def test_a_robustness_that_is_none_is_refused(
    hostile_units: Units, robustness: list[object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016", robustness=robustness)


def test_an_unknown_election_is_refused_with_those_there_are(hostile_units: Units) -> None:
    with pytest.raises(ValueError, match=r"'1492'.*have 2016"):
        maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "1492")


def test_a_plan_for_other_units_is_refused(hostile_units: Units) -> None:
    with pytest.raises(ValueError, match="3 units and the map 2"):
        maps.draw(hostile_units, Plan(np.array([1, 0, 0])), SUMMARY, "2016")


def test_saving_replaces_the_file_whole_or_leaves_it(hostile_units: Units, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    path.write_text("before")
    page = maps.draw(hostile_units, Plan(np.array([1, 0])), SUMMARY, "2016")
    folium.Marker((0, 0), tooltip=folium.Tooltip("a")).add_to(page)
    broken = folium.Map(tiles=None)
    broken.get_root().render = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        maps.save(broken, path)
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]
    assert path.read_text() == "before"
    assert maps.save(page, path) == path
    assert path.read_text(encoding="utf-8").endswith("</html>")
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_leaflet_comes_with_its_licence() -> None:
    folder = ASSETS / "leaflet-1.9.4"
    assert "Redistribution and use" in (folder / "LICENSE").read_text(encoding="utf-8")
    assert "Leaflet 1.9.4" in (folder / "leaflet.js").read_text(encoding="utf-8")[:200]


def test_every_rule_that_says_a_nation_by_its_colour_keeps_it_in_colours_of_the_system() -> None:
    style = "".join(path.read_text(encoding="utf-8") for path in sorted(ASSETS.glob("*.css")))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style)
    said = {selector.split()[-1] for selector, rule in rules if "background: var(--side)" in rule}
    kept = {
        one.split()[-1]
        for selectors, rule in rules
        if "forced-color-adjust: none" in rule
        for one in selectors.split(",")
    }
    assert {".bar", ".nation::before"} < said <= kept
