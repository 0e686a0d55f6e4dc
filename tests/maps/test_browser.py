"""The page of one plan in a real browser: what a person sees, points at, taps and types."""

from __future__ import annotations

import base64
import itertools
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import folium
import numpy as np
import pytest
import shapely
from selenium.webdriver.common.keys import Keys

import maps
from maps.layout import lay_out
from maps.style import DARK, LIGHT, Palette
from shapefiles.units import PlaceName, Units
from solvers.plan import Plan
from tests.browser import find_programs
from tests.maps.conftest import make_units, shares_of

ELKO, LOS_ANGELES, PIMA, OWYHEE, COOK = "32007", "06037", "04019", "16073", "17031"
MARICOPA = "04013"


def test_a_missing_browser_skips_the_tests_and_fails_them_where_it_is_required(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium"):
        find_programs()
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        find_programs()


def test_the_page_opens_without_an_error_or_a_request(screen, national_page: Path) -> None:
    screen.open(national_page)
    for view in ("nations", "margin", "robustness", "people"):
        screen.choose("view", view)
    assert screen.errors() == []
    assert screen.requests() == {national_page.as_uri()}


def test_the_map_is_painted_within_a_second(screen, national_page: Path) -> None:
    assert 50 < screen.busy_until_painted(national_page) < 1_000
    # By the clock, which other processes make run on.
    assert 0 < screen.first_paint() < 3_000


def test_each_view_and_theme_colours_the_counties_as_the_palette_says(
    screen, page_of_some: Path, some_states: Units, plan_of_some: Plan
) -> None:
    # Large counties, seen without going there: stranded and at home, in the blue and red nation,
    # and one that good plans contest.
    counties = (ELKO, LOS_ANGELES, PIMA, OWYHEE, MARICOPA)
    rows = [int(np.flatnonzero(some_states.ids == geoid)[0]) for geoid in counties]
    blue = some_states.votes["2016"][rows, 0] / some_states.votes["2016"][rows].sum(axis=1)
    part = plan_of_some.assignment[rows]
    assert part.tolist() == [1, 1, 0, 0, 0]
    assert blue.round(2).tolist() == [0.2, 0.76, 0.57, 0.16, 0.48]
    assert shares_of(some_states)[rows].round(2).tolist() == [0, 1, 0.79, 0, 0.44]

    def expected(palette: Palette) -> dict[str, list[str]]:
        red, blue = palette.red, palette.blue
        return {
            "nations": [palette.nations[1]] * 2 + [palette.nations[0]] * 3,
            # 20 and 76 % at home in blue, 43, 84 and 52 % in red; leads of 60, 52, 15, 68 and 3
            # points.
            "agreement": [blue[0], blue[4], red[1], red[5], red[2]],
            "margin": [red[4], blue[4], blue[2], red[5], red[1]],
            "robustness": [red[4], blue[4], blue[2], red[4], palette.contested],
        }

    screen.open(page_of_some)
    for theme, palette in (("light", LIGHT), ("dark", DARK)):
        screen.set_theme(theme)
        for view, colours in expected(palette).items():
            screen.choose("view", view)
            found = [screen.colour_of(some_states, geoid) for geoid in counties]
            assert (theme, view, found) == (theme, view, colours)


def test_the_button_chooses_a_theme_whatever_the_system_has(screen, page_of_some: Path) -> None:
    screen.open(page_of_some)
    for page in (DARK.page, LIGHT.page):
        screen.one("#theme").click()
        screen.set_theme("dark")
        colour = screen.one("body").value_of_css_property("background-color")
        assert colour == "rgba({}, {}, {}, 1)".format(*bytes.fromhex(page[1:]))


def test_a_layer_that_is_switched_off_is_not_drawn(screen, national_page: Path) -> None:
    screen.open(national_page)
    screen.choose("view", "nations")
    before = screen.count_pixels(LIGHT.frontier), screen.count_pixels(LIGHT.state_line)
    assert min(before) > 500
    screen.choose("show", "frontier")
    assert screen.count_pixels(LIGHT.frontier) == 0
    # The plan divides states from states, so each frontier is a state line as well.
    screen.choose("show", "states")
    assert screen.count_pixels(LIGHT.state_line) < 50
    assert screen.run("return page.places.placed.length") > 10
    screen.choose("show", "places")
    assert screen.run("return page.places.placed.length") == 0
    assert screen.count_pixels(LIGHT.ink, "page.places") == 0


def test_circles_are_as_large_as_the_people_are_many(
    screen, national_page: Path, united_states: Units
) -> None:
    screen.open(national_page, "#view=people")
    circles = screen.run(
        """
        const circles = [];
        const context = nations.canvas._ctx;
        const arc = context.arc;
        context.arc = function (x, y, r) { circles.push([x, y, r]); arc.apply(this, arguments); };
        nations.repaint();
        delete context.arc;
        return circles;
        """
    )
    people = np.sort(united_states.attributes["population"])[::-1]
    circles = np.array(circles)
    assert circles[:, 2] ** 2 / circles[0, 2] ** 2 == pytest.approx(people / people[0], rel=1e-6)
    sheet = lay_out(united_states)
    los_angeles = sheet.polygons[united_states.ids == "06037"][0]
    middle = shapely.Point(circles[0, :2] * sheet.metres_per_unit)
    assert los_angeles.centroid.distance(middle) < 10_000
    key = [span.text for span in screen.all("#circles span")]
    assert key == ["5M", "1M", "250K"]


@pytest.mark.parametrize("width", [1400, 390])
def test_names_of_places_keep_clear_of_each_other(screen, national_page: Path, width: int) -> None:
    screen.resize(width, 850, is_phone=width < 500)
    screen.open(national_page)
    counts = []
    for _ in range(4):
        boxes = screen.run("return page.places.placed")
        counts.append(len(boxes))
        for a, b in itertools.combinations(boxes, 2):
            is_apart = (
                a["right"] <= b["left"]
                or b["right"] <= a["left"]
                or a["bottom"] <= b["top"]
                or b["bottom"] <= a["top"]
            )
            assert is_apart, (a["text"], b["text"])
        covered = screen.run("return page.covered()")
        for box in boxes:
            assert not box["left"] < covered["left"] < box["right"]
            assert not box["left"] < width < box["right"]
        screen.run("map.setZoom(map.getZoom() + 1, { animate: false })")
    assert counts[0] >= 5
    assert counts[0] < counts[1] < counts[2]


def test_places_of_a_map_of_ones_own_are_named_at_the_first_sight(
    screen, abroad: Units, tmp_path: Path
) -> None:
    own = (PlaceName("Lachine", -73.69, 45.44), PlaceName("<b>Laval</b>", -73.72, 45.58))
    units = replace(abroad, places=own)
    plan = Plan(np.arange(units.n_units) % 2)
    summary = maps.MapSummary("Around Montreal", "50 %", "of somebody")
    screen.open(maps.save(maps.draw(units, plan, summary, "2016"), tmp_path / "map.html"))
    named = {one["text"] for one in screen.run("return page.places.placed")}
    assert {place.name for place in own} <= named
    assert "GeoNames" not in screen.one("body").text


def lines_of(screen, name: str) -> list[list[tuple[float, float]]]:
    """The vertices of a path as the page makes it."""
    return screen.run(
        """
        const Original = window.Path2D;
        window.Path2D = class {
          constructor() { this.lines = []; }
          moveTo(x, y) { this.lines.push([[x, y]]); }
          lineTo(x, y) { this.lines[this.lines.length - 1].push([x, y]); }
        };
        nations.units.foundLeadLine = null;
        const drawn = nations.units[arguments[0]](nations.part);
        window.Path2D = Original;
        return drawn.lines;
        """,
        name,
    )


@pytest.mark.parametrize("line", ["frontier", "leadLine"])
def test_the_browser_draws_the_lines_that_the_polygons_have(
    screen, national_page: Path, united_states: Units, state_plan: Plan, line: str
) -> None:
    votes = united_states.votes["2016"]
    side = state_plan.assignment if line == "frontier" else votes[:, 0] > votes[:, 1]
    screen.open(national_page)
    lines = lines_of(screen, line)
    sheet = lay_out(united_states)
    drawn = shapely.MultiLineString([line for line in lines if len(line) > 1])
    drawn = shapely.transform(drawn, lambda xy: xy * sheet.metres_per_unit)
    nations = [shapely.coverage_union_all(sheet.polygons[side == part]) for part in (0, 1)]
    expected = shapely.union_all(
        [
            part
            for part in shapely.get_parts(
                shapely.intersection(nations[0].boundary, nations[1].boundary)
            )
            if part.geom_type == "LineString"
        ]
    )
    tolerance = 1.01 * sheet.quantum
    for one, other in ((drawn, expected), (expected, drawn)):
        shapely.prepare(other)
        points = shapely.points(shapely.get_coordinates(shapely.segmentize(one, 2_000)))
        assert shapely.dwithin(other, points, tolerance).all()


def test_a_line_shows_where_the_lead_changes_and_hatching_where_nobody_voted(
    screen, tmp_path: Path
) -> None:
    units = make_units(shapely.box(900 * np.arange(4), 0, 900 * np.arange(1, 5), 900))
    votes = np.array([[56, 44], [52, 48], [47, 53], [0, 0]])
    object.__setattr__(units, "votes", {"2016": votes})
    plan = Plan(np.ones(4, np.int8))
    page = maps.draw(units, plan, maps.MapSummary("Leads", "1 %", "of all"), "2016")
    screen.open(maps.save(page, tmp_path / "map.html"), "#view=margin")
    scale = lay_out(units).metres_per_unit

    def seen(low: int, high: int) -> set[str]:
        """The colours along a line from west to east."""
        ends = screen.run(
            "return arguments[0].map((x) => map.latLngToContainerPoint([arguments[1], x]))",
            [low / scale, high / scale],
            300 / scale,
        )
        columns = range(round(ends[0]["x"]), round(ends[1]["x"]))
        return {screen.colour_at(x, round(ends[0]["y"])) for x in columns}

    assert seen(200, 700) == {LIGHT.blue[2]}
    empty = seen(2900, 3100)
    assert LIGHT.no_votes in empty
    assert max(int(colour[1:3], 16) for colour in empty) > 220, "lines as light as the page"
    darkest = [min(int(one[3:5], 16) for one in seen(x - 20, x + 20)) for x in (900, 1800)]
    assert darkest[1] < 0.8 * min(darkest[0], int(LIGHT.red[1][3:5], 16))
    assert {x for line in lines_of(screen, "leadLine") for x, _ in line} == {1800 / scale}
    keys = [key.text for key in screen.all(".legend.margin .key")]
    assert keys == ["Where the lead changes", "Nobody voted"]
    screen.choose("view", "agreement")
    assert [key.text for key in screen.all(".legend.agreement .key")] == ["Nobody voted"]


def test_pointing_at_a_county_tells_its_votes(
    screen, page_of_some: Path, some_states: Units
) -> None:
    screen.open(page_of_some)
    screen.point_at(*screen.place_of(some_states, COOK))
    row = some_states.ids == COOK
    dem, rep = some_states.votes["2016"][row][0]
    said = screen.tooltip()
    for fact in (
        "Cook IL",
        "Blue nation",
        f"Clinton {dem:,} {100 * dem / (dem + rep):.1f} %",
        f"Trump {rep:,} {100 * rep / (dem + rep):.1f} %",
        f"Margin: Clinton +{100 * (dem - rep) / (dem + rep):.1f} points",
        f"Stranded: {rep:,} voters ({100 * rep / (dem + rep):.1f} %)",
        f"Population: {some_states.attributes['population'][row][0]:,}",
        "Always blue in good plans",
    ):
        assert fact in said
    screen.point_at(*screen.place_of(some_states, PIMA))
    assert "Pima AZ" in screen.tooltip()
    assert "Red nation" in screen.tooltip()


def test_every_county_is_found_under_a_point_inside_it(
    screen, national_page: Path, united_states: Units
) -> None:
    screen.open(national_page)
    sheet = lay_out(united_states)
    inside = shapely.get_coordinates(shapely.point_on_surface(sheet.polygons))
    inside /= sheet.metres_per_unit
    found = screen.run(
        "return arguments[0].map(([x, y]) => nations.units.at(x, y))", inside.tolist()
    )
    assert found == list(range(united_states.n_units))
    assert screen.run("return nations.units.at(400, 60)") == -1


def test_the_keyboard_walks_over_the_map(screen, national_page: Path) -> None:
    screen.open(national_page)
    container = screen.one(".folium-map")
    assert screen.tooltip() == ""
    for _ in range(20):
        screen.driver.switch_to.active_element.send_keys(Keys.TAB)
        if screen.driver.switch_to.active_element == container:
            break
    assert screen.driver.switch_to.active_element == container
    seen = [screen.tooltip()]
    for key in (Keys.ARROW_LEFT, Keys.ARROW_LEFT):
        container.send_keys(key)
        screen.wait()
        seen.append(screen.tooltip())
    assert all("nation" in said for said in seen)
    assert len(set(seen)) == 3
    container.send_keys(Keys.ESCAPE)
    assert screen.tooltip() == ""


def test_search_goes_to_the_county_that_is_chosen(
    screen, national_page: Path, united_states: Units
) -> None:
    screen.open(national_page)
    box = screen.one("#search")
    box.send_keys("jefferson")
    found = [option.text for option in screen.all("#found li")]
    named = np.flatnonzero(united_states.names == "Jefferson")
    voters = united_states.votes["2016"][named].sum(axis=1)
    largest = united_states.states[named[np.argsort(-voters, kind="stable")]][:8]
    assert found == [f"Jefferson {state}" for state in largest]
    box.clear()
    box.send_keys("cook il")
    assert [option.text for option in screen.all("#found li")] == ["Cook IL"]
    box.send_keys(Keys.ENTER)
    assert "Cook IL" in screen.tooltip()
    x, y = screen.place_of(united_states, COOK)
    assert 328 < x < 1400
    assert 0 < y < 900
    box.clear()
    box.send_keys("doña ana")
    (name,) = united_states.names[united_states.ids == "35013"]
    assert [option.text for option in screen.all("#found li")] == [f"{name} NM"]
    box.clear()
    box.send_keys("atlantis")
    assert [option.text for option in screen.all("#found li")] == ["No such name"]


def test_a_link_leads_back_to_the_view(screen, page_of_some: Path, some_states: Units) -> None:
    screen.open(page_of_some)
    for width in (1100, 1400):
        assert urlsplit(screen.driver.current_url).fragment == ""
        screen.resize(width, 900)
        screen.wait(0.1)
    screen.choose("view", "margin")
    screen.choose("show", "states")
    screen.one("#theme").click()
    screen.one("#search").send_keys("elko", Keys.ENTER)
    fragment = urlsplit(screen.driver.current_url).fragment
    said = {key: value[0] for key, value in parse_qs(fragment).items()}
    assert {key: said[key] for key in ("view", "hide", "theme", "unit")} == {
        "view": "margin", "hide": "states", "theme": "dark", "unit": ELKO,
    }  # fmt: skip
    at = screen.place_of(some_states, ELKO)
    zoom = screen.run("return map.getZoom()")

    screen.open(page_of_some, f"#{fragment}")
    assert screen.run("return map.getZoom()") == pytest.approx(zoom, abs=0.01)
    assert np.abs(np.subtract(screen.place_of(some_states, ELKO), at)).max() <= 2
    assert "Elko NV" in screen.tooltip()
    assert screen.one("html").get_attribute("data-theme") == "dark"
    assert screen.colour_of(some_states, ELKO) == DARK.red[4]
    assert not screen.one("input[value=states]").is_selected()


HOSTILE = [
    'view="]<img>&at=1,x&zoom=NaN&unit=-1&theme=pink&hide=%00',
    "at=1e308,1e308&zoom=1",
    "at=0,0&zoom=1e9",
    "at=0,0&zoom=-1e9",
    "at=NaN,NaN&zoom=NaN",
    "at=Infinity,0&zoom=1",
    "at=0,0&zoom=Infinity",
    "at=1e308",
    "at=-1e12,5&zoom=2",
    "zoom=1e9",
    "at=" + "1," * 500 + "&zoom=1",
    "unit=__proto__&view=constructor&theme=__proto__&hide=toString",
    "__proto__=1&constructor=2&at[]=1",
    "%E0%A4%A&at=%&zoom=%%",
    "at=0x7fffffffffffffff,1&zoom=1",
    "zoom=" + "9" * 400 + "&at=0,0",
]


def test_a_link_that_makes_no_sense_shows_the_map_as_it_is(screen, tmp_path: Path) -> None:
    # A page of few units reads a link as that of the country does, and is there at once.
    column, row = np.arange(9) % 3 * 1e5, np.arange(9) // 3 * 1e5
    units = make_units(shapely.box(column, row, column + 1e5, row + 1e5))
    summary = maps.MapSummary("Squares", "60 %", "of voters")
    drawn = maps.draw(units, Plan(np.arange(9) % 2), summary, "2016")
    page = maps.save(drawn, tmp_path / "map.html")
    screen.open(page, "#view=nations")
    assert screen.one("input[value=nations]").is_selected()
    for fragment in HOSTILE:
        screen.open(page, f"#{fragment}")
        assert screen.errors() == [], fragment
        assert screen.one("input[value=agreement]").is_selected()
        assert screen.run("return page.isAtHome()"), fragment
        # The same after the page is there, as by a link in a mail that is clicked twice.
        screen.run("location.hash = arguments[0]", f"{fragment}&again")
        screen.wait(0.1)
        assert screen.errors() == [], fragment
        assert screen.run("return page.isAtHome()"), fragment


def test_a_phone_shows_the_whole_map_and_folds_the_figures(
    screen, page_of_some: Path, some_states: Units
) -> None:
    screen.resize(390, 844, is_phone=True)
    screen.open(page_of_some)
    assert screen.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    west, south, east, north = lay_out(some_states).bounds
    top_left = screen.run("return map.latLngToContainerPoint([...arguments])", north, west)
    low_right = screen.run("return map.latLngToContainerPoint([...arguments])", south, east)
    head, body = screen.one("#panel-head").rect, screen.one("#panel-body").rect
    assert top_left["x"] >= 0
    assert low_right["x"] <= 390
    assert head["y"] + head["height"] <= top_left["y"]
    assert low_right["y"] <= body["y"]
    assert low_right["x"] - top_left["x"] > 360

    table = screen.one("#details table")
    assert not table.is_displayed()
    screen.one("#details > summary").click()
    assert table.is_displayed()
    screen.one("#details > summary").click()

    for target in screen.all(".views label, #tools button, #finder"):
        assert target.rect["height"] >= 32
        assert target.rect["x"] + target.rect["width"] <= 390
    x, y = screen.place_of(some_states, ELKO)
    screen.touch((x, y))
    assert "Elko NV" in screen.tooltip()
    box = screen.one("#tooltip").rect
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_names_are_shown_and_not_run(
    screen, hostile_page: Path, hostile_units: Units, hostile: str
) -> None:
    screen.open(hostile_page)
    screen.point_at(*screen.place_of(hostile_units, "000"))
    assert hostile in screen.tooltip()
    screen.one("#search").send_keys("img")
    assert hostile in screen.one("#found li").text
    screen.one("#search").send_keys(Keys.ENTER)
    assert hostile in screen.one("#search").get_attribute("value")
    assert screen.driver.title == hostile
    assert screen.one("h1").text == hostile
    assert screen.all("img") == []
    assert screen.driver.execute_script("return window.wasRun") is None
    assert screen.errors() == []


def test_units_of_another_country_are_found_where_they_lie(
    screen, abroad: Units, tmp_path: Path
) -> None:
    plan = Plan(np.arange(abroad.n_units) % 2)
    summary = maps.MapSummary("Around Montreal", "50 %", "of somebody")
    sheet = lay_out(abroad)
    at = sheet.locate(shapely.get_coordinates(shapely.centroid(abroad.polygons)))
    screen.open(maps.save(maps.draw(abroad, plan, summary, "2016"), tmp_path / "map.html"))
    found = screen.run("return arguments[0].map(([x, y]) => page.units.at(x, y))", at.tolist())
    assert found == list(range(abroad.n_units))
    assert screen.requests() == {(tmp_path / "map.html").as_uri()}
    # The bar stands for as many metres as the sheet has there.
    (number, unit), width = screen.one("#scale span").text.split(), screen.one("#scale i").rect
    metres = float(number) * {"m": 1, "km": 1000}[unit]
    pixel = sheet.metres_per_unit / screen.run("return map.options.crs.scale(map.getZoom())")
    assert width["width"] * pixel == pytest.approx(metres, rel=0.02)


def test_tiles_that_are_asked_for_lie_under_the_units(
    screen, abroad: Units, tmp_path: Path
) -> None:
    tile = (tmp_path / "tile.png").as_uri()
    tiles = folium.TileLayer(tile + "?{z}/{x}/{y}", attr="Somebody")
    plan = Plan(np.arange(abroad.n_units) % 2)
    page = maps.draw(abroad, plan, maps.MapSummary("Tiles", "1 %", "of all"), "2016", tiles=tiles)
    screen.open(maps.save(page, tmp_path / "map.html"))
    assert any(url.startswith(tile) for url in screen.requests())
    assert screen.one(".leaflet-control-attribution").text == "Somebody"
    for unit, polygon in enumerate(abroad.polygons):
        found = screen.run(
            "const { x, y } = map.options.crs.projection.project(L.latLng(...arguments));"
            "return page.units.at(x, y)",
            polygon.centroid.y,
            polygon.centroid.x,
        )
        assert found == unit
    x, y = screen.run(
        "const { x, y } = map.latLngToContainerPoint([...arguments]); return [x, y]",
        abroad.polygons[5].centroid.y,
        abroad.polygons[5].centroid.x,
    )
    screen.point_at(round(x), round(y))
    assert "County 5" in screen.tooltip()


def test_paper_is_white_and_shows_the_whole_map(
    screen, page_of_some: Path, some_states: Units
) -> None:
    screen.set_theme("dark")
    screen.open(page_of_some)
    at_home = screen.place_of(some_states, ELKO)
    row = int(np.flatnonzero(some_states.ids == ELKO)[0])
    sheet = lay_out(some_states)
    inside = shapely.point_on_surface(sheet.polygons[row])
    screen.run(
        """
        const [[west, south, east, north], x, y] = arguments;
        const { clearRect } = CanvasRenderingContext2D.prototype;
        let wiped = 0;
        CanvasRenderingContext2D.prototype.clearRect = function () {
          wiped += 1;
          clearRect.apply(this, arguments);
        };
        addEventListener("beforeprint", () => { wiped = 0; }, { capture: true });
        addEventListener("beforeprint", () => {
          const at = map.latLngToLayerPoint([y, x]).subtract(nations.canvas._bounds.min);
          const pixel = nations.canvas._ctx.getImageData(at.x, at.y, 1, 1).data;
          window.printed = {
            corners: [map.latLngToContainerPoint([north, west]),
                      map.latLngToContainerPoint([south, east])].map(({ x, y }) => [x, y]),
            pixel: [...pixel.slice(0, 3)],
            names: page.places.placed.length,
            wiped,
          };
        });
        """,
        sheet.bounds,
        inside.x / sheet.metres_per_unit,
        inside.y / sheet.metres_per_unit,
    )
    pdf = screen.driver.execute_cdp_cmd(
        "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True}
    )
    assert len(re.findall(rb"/Type /Page\b", base64.b64decode(pdf["data"]))) == 1
    printed = screen.run("return window.printed")
    assert f"#{bytes(printed['pixel']).hex()}" == LIGHT.blue[0]
    assert printed["names"] > 5
    (west, north), (east, south) = printed["corners"]
    assert 290 <= west < east <= 970, "beside the panel, on the paper"
    assert 0 <= north < south <= 690
    assert east - west > 600
    # On paper wiping is painting white, over what lies below.
    assert printed["wiped"] == 0
    # And the screen is as it was.
    screen.set_theme("dark")
    assert screen.place_of(some_states, ELKO) == at_home
    assert screen.colour_of(some_states, ELKO) == DARK.blue[0]
    # Paper that is as narrow as a phone gets the whole panel all the same.
    screen.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    screen.resize(700, 900)
    assert screen.one("#details table").is_displayed()
    assert not any(one.is_displayed() for one in screen.all(".leaflet-places-pane canvas, #tools"))
