"""What Folium adds to a map, and what a notebook makes of it, in a real browser."""

from __future__ import annotations

from pathlib import Path

import folium
import numpy as np
import pytest
import shapely

import maps
from maps.layout import lay_out
from maps.style import LIGHT
from shapefiles.units import Units
from solvers.plan import Plan


def test_layers_of_ones_own_are_where_they_belong(screen, abroad: Units, tmp_path: Path) -> None:
    plan = Plan(np.ones(abroad.n_units, np.int8))
    page = maps.draw(abroad, plan, maps.MapSummary("Layers", "1 %", "of all"), "2016")
    middle = abroad.polygons[5].centroid
    corners = shapely.get_coordinates(abroad.polygons[8])
    outline = [maps.locate(abroad, *corner)[::-1] for corner in corners]
    feature = {"type": "Feature", "properties": {"name": "Green"}}
    square = folium.GeoJson(
        feature | {"geometry": {"type": "Polygon", "coordinates": [outline]}},
        style_function=lambda _: {"color": "#00ff00", "fillColor": "#00ff00", "fillOpacity": 1},
        tooltip=folium.GeoJsonTooltip(["name"]),
    )
    group = folium.FeatureGroup("Mine").add_to(page)
    square.add_to(group)
    popup = folium.Popup("<i>One</i> of `mine`", max_width=200)
    folium.Marker(maps.locate(abroad, middle.x, middle.y), tooltip="mark", popup=popup).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    page.keep_in_front(square)
    path = maps.save(page, tmp_path / "map.html")
    screen.open(path)

    pin = screen.one(".leaflet-marker-icon").rect
    tip = pin["x"] + pin["width"] / 2, pin["y"] + pin["height"]
    assert tip == pytest.approx(screen.place_of(abroad, "005"), abs=3)
    x, y = screen.place_of(abroad, "008")
    inside = x, y + 25  # beside the name of the unit
    assert screen.colours_seen([inside]) == ["#00ff00"]
    green = screen.one("path.leaflet-interactive")
    screen.point_at(*inside)
    assert "Green" in screen.one(".leaflet-tooltip").text
    drawn = shapely.bounds(lay_out(abroad).polygons[8]) / lay_out(abroad).metres_per_unit
    west, south, east, north = drawn.tolist()
    low, high = screen.run(
        "return arguments[0].map(([x, y]) => map.latLngToContainerPoint([y, x]))",
        [[west, south], [east, north]],
    )
    assert green.rect["width"] == pytest.approx(high["x"] - low["x"], abs=5)
    assert green.rect["x"] == pytest.approx(low["x"], abs=3)
    assert green.rect["y"] == pytest.approx(high["y"], abs=3)

    screen.one(".leaflet-marker-icon").click()
    screen.wait()
    assert screen.one(".leaflet-popup-content").text == "One of `mine`"
    screen.one(".leaflet-popup-close-button").click()
    screen.one(".leaflet-control-layers input").click()
    assert screen.colour_at(*inside) in LIGHT.blue
    assert screen.colours_seen([inside])[0] != "#00ff00"
    assert screen.errors() == []
    assert screen.requests() == {path.as_uri()}


def test_a_notebook_shows_the_map_in_a_frame(screen, abroad: Units, tmp_path: Path) -> None:
    plan = Plan(np.ones(abroad.n_units, np.int8))
    page = maps.draw(abroad, plan, maps.MapSummary("Notebook", "1 %", "of all"), "2016")
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{page._repr_html_()}", "utf-8")
    screen.open(notebook)
    frame = screen.one("iframe").rect
    screen.driver.switch_to.frame(0)
    try:
        assert screen.one("h1").text == "Notebook"
        screen.choose("view", "nations")
        x, y = screen.place_of(abroad, "005")
        assert screen.colour_at(x, y) == LIGHT.nations[1]
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    finally:
        screen.driver.switch_to.default_content()
    assert screen.colours_seen([(frame["x"] + x, frame["y"] + y)]) == [LIGHT.nations[1]]
    assert screen.errors() == []
    assert screen.requests() == {notebook.as_uri()}
