"""Pictures show the plan, in the sizes promised, and are the same every time."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.image import imread

import maps
from maps.layout import lay_out
from maps.saving import save_static
from maps.static import SIZES, Size, draw_static
from maps.style import AGREEMENT_BREAKS, DARK, LIGHT, MARGIN_BREAKS
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_units

MM = 1 / 25.4


@pytest.fixture(scope="module")
def summary() -> maps.MapSummary:
    return maps.MapSummary(
        title="Red and blue states",
        headline="57.6 %",
        headline_text="of two-party voters live in the nation they voted for",
        subtitle="Every state goes to its own majority.",
        election="Presidential election of 2016",
        table=(("Counties", "1", "2"), ("People", "194,188,197", "128,753,114")),
        status="No bound proven",
        source="Public record",
        notes=("Frontier: 1 km",),
    )


@pytest.fixture(scope="module")
def slide(united_states: Units, state_plan: Plan, summary: maps.MapSummary) -> Figure:
    return draw_static(united_states, state_plan, summary, "2016", names=False)


def pixels(figure: Figure, tmp_path: Path) -> np.ndarray:
    """What the PNG shows, as whole colours, row 0 at the bottom."""
    image = imread(save_static(figure, tmp_path / "map.png"))
    return np.rint(255 * image[::-1, :, :3]).astype(int)


def colour_at(image: np.ndarray, figure: Figure, point: shapely.Point) -> str:
    x, y = figure.axes[0].transData.transform((point.x, point.y))
    return "#{:02x}{:02x}{:02x}".format(*image[int(y), int(x)])


def roomy(polygon: shapely.Geometry) -> shapely.Point:
    """The middle of the largest circle in a polygon: far from any line."""
    return shapely.get_point(shapely.maximum_inscribed_circle(polygon), 0)


def test_a_county_has_the_shade_of_its_nation_and_of_its_agreement(
    slide: Figure, united_states: Units, state_plan: Plan, tmp_path: Path
) -> None:
    image = pixels(slide, tmp_path)
    polygons = lay_out(united_states).polygons
    large = np.argsort(-shapely.area(polygons))[:500]
    large = large[np.argsort([-roomy_radius(one) for one in polygons[large]])][:250]
    seen = set()
    for unit in large:
        blue, red = united_states.votes["2016"][unit].tolist()
        is_blue = bool(state_plan.assignment[unit])
        share = (blue if is_blue else red) / (blue + red)
        shades = LIGHT.blue if is_blue else LIGHT.red
        expected = shades[sum(share >= limit for limit in AGREEMENT_BREAKS)]
        assert colour_at(image, slide, roomy(polygons[unit])) == expected, united_states.ids[unit]
        seen.add(expected)
    assert len(seen & set(LIGHT.blue)) >= 4, "stranded and at home"
    assert len(seen & set(LIGHT.red)) >= 4, "stranded and at home"


def roomy_radius(polygon: shapely.Geometry) -> float:
    return float(shapely.length(shapely.maximum_inscribed_circle(polygon)))


def luminance(colour: str) -> float:
    return sum(bytes.fromhex(colour[1:])) / 765


def squares(n_units: int = 4, side: float = 1000.0) -> Units:
    left = side * np.arange(n_units)
    return make_units(shapely.box(left, 0, left + side, side))


def test_the_other_views_show_flat_nations_and_the_lead(
    summary: maps.MapSummary, tmp_path: Path
) -> None:
    votes = np.array([[95, 5], [52, 48], [30, 70], [0, 0]])
    units = replace(squares(), votes={"2016": votes})
    plan = Plan(np.array([0, 1, 1, 1]))
    middles = [shapely.centroid(one) for one in units.polygons]
    nations = draw_static(units, plan, summary, "2016", view="nations", theme="dark", names=False)
    image = pixels(nations, tmp_path)
    red, blue = DARK.nations
    assert [colour_at(image, nations, one) for one in middles] == [red, blue, blue, blue]
    lead = draw_static(units, plan, summary, "2016", view="margin", names=False)
    image = pixels(lead, tmp_path)
    steps = [1 + sum(abs(b - r) / 100 >= limit for limit in MARGIN_BREAKS) for b, r in votes]
    expected = [LIGHT.blue[steps[0]], LIGHT.blue[steps[1]], LIGHT.red[steps[2]]]
    assert [colour_at(image, lead, one) for one in middles[:3]] == expected

    def seen(low: int, high: int) -> set[str]:
        return {colour_at(image, lead, shapely.Point(x, 500)) for x in range(low, high, 2)}

    empty = seen(3200, 3800)
    assert LIGHT.no_votes in empty
    assert max(map(luminance, empty)) > 0.85, "lines as light as the page"
    darkest = [min(map(luminance, seen(x - 60, x + 60))) for x in (1000, 2000, 3000)]
    # The frontier, a line where the lead changes, and none beside a unit without votes.
    assert max(darkest[0], darkest[1]) < 0.1 < darkest[2]


def test_the_frontier_is_drawn_between_the_nations_and_nowhere_else(
    summary: maps.MapSummary, tmp_path: Path
) -> None:
    figure = draw_static(squares(), Plan(np.array([1, 1, 0, 0])), summary, "2016", view="nations")
    image = pixels(figure, tmp_path)

    def brightness(x: float) -> int:
        return sum(bytes.fromhex(colour_at(image, figure, shapely.Point(x, 500))[1:]))

    assert brightness(2000) < 180, "the line may lie between two columns of pixels"
    assert min(brightness(1000), brightness(3000)) > 300


def test_a_hole_shows_the_unit_that_fills_it(summary: maps.MapSummary, tmp_path: Path) -> None:
    city = shapely.box(400, 400, 600, 600)
    county = shapely.box(0, 0, 1000, 1000).difference(city)
    for ring_order in (county, county.reverse()):
        units = make_units(np.array([ring_order, city]))
        figure = draw_static(
            units, Plan(np.array([0, 1])), summary, "2016", view="nations", names=False
        )
        image = pixels(figure, tmp_path)
        assert colour_at(image, figure, shapely.Point(500, 500)) == LIGHT.nations[1]
        assert colour_at(image, figure, shapely.Point(200, 200)) == LIGHT.nations[0]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_every_format_has_the_size_promised(
    size: Size, suffix: str, summary: maps.MapSummary, tmp_path: Path
) -> None:
    figure = draw_static(squares(), Plan(np.array([1, 1, 0, 0])), summary, "2016", size=size)
    content = save_static(figure, tmp_path / f"map.{suffix}").read_bytes()
    if suffix == "png":
        dpi = 144 if size in {"slide", "social"} else 300
        width, height = (one / dpi for one in struct.unpack(">II", content[16:24]))
    elif suffix == "svg":
        root = ElementTree.fromstring(content)
        width, height = (float(root.get(key, "").removesuffix("pt")) / 72 for key in SIDES)
    else:
        box = re.search(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", content)
        assert box, content[:300]
        width, height = (float(one) / 72 for one in box.groups())
    if size == "slide":
        assert (width, height) == pytest.approx((40 / 3, 7.5), abs=0.01)
    elif size == "social":
        assert (width, height) == pytest.approx((1200 / 144, 630 / 144), abs=0.01)
    elif size == "page":
        assert (width, height) == pytest.approx((210 * MM, 297 * MM), abs=0.01)
    else:
        assert width == pytest.approx(89 * MM, abs=0.01)
        assert height < 297 * MM


SIDES = ("width", "height")


@pytest.mark.parametrize("size", SIZES)
def test_nothing_leaves_the_sheet_or_covers_the_map(
    size: Size, united_states: Units, state_plan: Plan, summary: maps.MapSummary
) -> None:
    long = replace(
        summary,
        title="A title that goes on and on " * 20,
        subtitle="And a sentence below it that does so, too. " * 20,
        headline="1,234,567,890,123,456,789 %",
        status="This is how good it is. " * 20,
        notes=("One note. " * 20, "Another_word_without_any_space" * 20),
        table=tuple((f"A long name of measure {i}", f"{10**i:,}", "0") for i in range(14)),
    )
    small = squares(2), Plan(np.array([1, 0]))
    for (units, plan), words in (((united_states, state_plan), summary), (small, long)):
        figure = draw_static(units, plan, words, "2016", size=size)
        sheet = figure.bbox
        land = figure.axes[0].get_window_extent()
        assert land.width > 0.3 * sheet.width
        for text in figure.texts or figure.findobj(mpl.text.Text):
            if not text.get_text() or text.axes is not None:
                continue
            box = text.get_window_extent()
            assert sheet.x0 <= box.x0 <= box.x1 <= sheet.x1 + 1, text
            assert sheet.y0 <= box.y0 <= box.y1 <= sheet.y1, text
            assert not box.overlaps(land), text


def chunks(png: bytes) -> list[bytes]:
    names, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        names.append(png[at + 4 : at + 8])
        at += length + 12
    return names


def test_nothing_in_a_file_says_when_it_was_made(slide: Figure, tmp_path: Path) -> None:
    png = save_static(slide, tmp_path / "map.png").read_bytes()
    assert b"tIME" not in chunks(png)
    svg = save_static(slide, tmp_path / "map.svg").read_bytes()
    ElementTree.fromstring(svg)
    pdf = save_static(slide, tmp_path / "map.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert all(b"Date" not in one for one in re.findall(rb"<<.*?>>", pdf, re.DOTALL))
    for content in (png, svg):
        assert not re.search(rb"20\d\d-\d\d-\d\d|dc:date", content)


DRAW = """
import sys
import numpy as np, shapely
import maps
from maps.saving import save_static
from maps.static import draw_static
from solvers.plan import Plan
from tests.maps.conftest import make_units
units = make_units(shapely.box([0, 9], 0, [9, 18], 9))
summary = maps.MapSummary("Title", "1 %", "of voters", table=(("People", "1", "2"),))
figure = draw_static(units, Plan(np.array([1, 0])), summary, "2016")
for suffix in ("png", "svg", "pdf"):
    save_static(figure, sys.argv[1] + "." + suffix)
"""


def test_the_same_plan_gives_the_same_bytes_whatever_the_settings(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsavefig.bbox: tight\nlines.linewidth: 9")
    code = str(Path(maps.__file__).parents[1])
    for name, seed, settings_file in (("a", "1", ""), ("b", "2", str(tmp_path / "matplotlibrc"))):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": code}
        if settings_file:
            environment["MATPLOTLIBRC"] = settings_file
        subprocess.run(
            [sys.executable, "-W", "error", "-c", DRAW, str(tmp_path / name)],
            env=environment,
            check=True,
            timeout=120,
        )
    for suffix in ("png", "svg", "pdf"):
        one, other = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "ab")
        assert one == other, suffix


@given(
    text=st.text(max_size=40)
    | st.sampled_from(["$x_1$ & <b>", "日本 🗺 \ud800", "العربية", "a\n--b"])
)
@example(text="Up \ud800\x00\x0b")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_drawn_without_a_warning(text: str, tmp_path: Path) -> None:
    words = maps.MapSummary(
        title=text,
        headline=text,
        headline_text=text,
        subtitle=text,
        election=text,
        table=((text, text, text),),
        status=text,
        source=text,
        notes=(text,),
        nations=(text, text),
    )
    units = squares(2)
    figure = draw_static(units, Plan(np.array([1, 0])), words, "2016", size="column")
    save_static(figure, tmp_path / "map.png")
    ElementTree.parse(save_static(figure, tmp_path / "map.svg"))


def test_a_plan_of_one_nation_and_a_single_unit_can_be_drawn(
    summary: maps.MapSummary, tmp_path: Path
) -> None:
    for part in (0, 1):
        figure = draw_static(squares(1), Plan(np.array([part])), summary, "2016")
        assert save_static(figure, tmp_path / "map.png").stat().st_size > 1000


def test_layers_of_ones_own_can_be_added_in_metres(
    summary: maps.MapSummary, tmp_path: Path
) -> None:
    figure = draw_static(squares(), Plan(np.array([1, 1, 0, 0])), summary, "2016", names=False)
    figure.axes[0].plot([500], [500], "o", color="#00ff00", markersize=8)
    image = pixels(figure, tmp_path)
    assert colour_at(image, figure, shapely.Point(500, 500)) == "#00ff00"
    assert colour_at(image, figure, shapely.Point(1500, 500)) in LIGHT.blue


def test_what_cannot_be_drawn_is_refused_with_the_choices(
    summary: maps.MapSummary, tmp_path: Path
) -> None:
    units, plan = squares(), Plan(np.array([1, 1, 0, 0]))
    with pytest.raises(ValueError, match="5 units and the map 4"):
        draw_static(units, Plan(np.zeros(5)), summary, "2016")
    with pytest.raises(ValueError, match=r"'1860'.*2016"):
        draw_static(units, plan, summary, "1860")
    with pytest.raises(ValueError, match=r"size 'poster'.*slide, column, page"):
        draw_static(units, plan, summary, "2016", size="poster")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"theme 'pink'.*light, dark"):
        draw_static(units, plan, summary, "2016", theme="pink")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"view 'sky'.*agreement, nations, margin"):
        draw_static(units, plan, summary, "2016", view="sky")  # type: ignore[arg-type]
    figure = draw_static(units, plan, summary, "2016")
    with pytest.raises(ValueError, match=r"'map.gif'.*\.png, \.svg, \.pdf"):
        save_static(figure, tmp_path / "map.gif")
    assert not list(tmp_path.iterdir())


def test_the_interactive_map_needs_no_matplotlib() -> None:
    code = str(Path(maps.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", "import sys, maps; maps.draw; print('matplotlib' in sys.modules)"],
        env={**os.environ, "PYTHONPATH": code},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "False"
