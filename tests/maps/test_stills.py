"""Pictures of several plans: everything on the sheet, said in words, in layers with names."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from PIL import Image

import maps
from maps.static import SIZES, Size
from maps.stills import FORMS, FRAMES, Form
from maps.summary import CREDIT
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import HOSTILE, make_units

SVG = "{http://www.w3.org/2000/svg}"


def squares(n_units: int = 4) -> Units:
    west = 1000.0 * np.arange(n_units)
    return make_units(shapely.box(west, 0, west + 1000, 1000))


def plans(n_plans: int, label: str = "Plan") -> list[maps.ComparedPlan]:
    return [
        maps.ComparedPlan(
            f"{label} {number}",
            Plan(np.array([number >> k & 1 for k in range(4)])),
            f"{50 + number}.00 %",
            figures=(("Stranded voters", f"{number:,}"), ("Frontier", f"{number} km")),
        )
        for number in range(n_plans)
    ]


def summary(text: str = "Ways to draw the line") -> maps.ComparisonSummary:
    return maps.ComparisonSummary(text, election=text, subtitle=text, source=text, notes=(text,))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", SIZES)
def test_nothing_leaves_the_sheet_and_no_words_cover_a_map(form: Form, size: Size) -> None:
    for n_plans, words in ((2, summary()), (15, summary("A text that goes on and on " * 12))):
        figure = maps.draw_compared(squares(), plans(n_plans), words, "2016", form=form, size=size)
        sheet = figure.bbox
        lands = [axes.get_window_extent() for axes in figure.axes]
        shown = {"pair": 2, "maps": min(n_plans, FRAMES[size].most), "table": 0}[form]
        assert len(lands) == shown
        assert all(land.width > 0.1 * sheet.width for land in lands)
        for text in figure.findobj(mpl.text.Text):
            if not text.get_text() or text.axes is not None:
                continue
            box = text.get_window_extent()
            assert sheet.x0 <= box.x0 <= box.x1 <= sheet.x1 + 1, text
            assert sheet.y0 - 1 <= box.y0 <= box.y1 <= sheet.y1, text
            assert not any(box.overlaps(land) for land in lands), text


def test_each_map_shows_its_own_plan(tmp_path: Path) -> None:
    figure = maps.draw_compared(squares(), plans(12), summary(), "2016")
    picture = Image.open(maps.save_static(figure, tmp_path / "a.png")).convert("RGB")
    palette = maps.ComparisonSummary("").palettes.light
    for number, axes in enumerate(figure.axes):
        for unit in range(4):
            x, y = axes.transData.transform((1000 * unit + 300, 300))
            seen = "#{:02x}{:02x}{:02x}".format(
                *picture.getpixel((int(x), picture.height - int(y)))
            )
            assert seen == palette.nations[number >> unit & 1]


def test_a_table_says_whose_its_figures_are_however_long_the_names_of_nations() -> None:
    name = "Mouvement démocratique WWM&Cie"
    heads = [f"{name} voters stranded", f"Self-determined in {name}", f"Pieces, {name} + Other"]
    figures = tuple((head, "57.9 %") for head in heads)
    rows = [
        maps.ComparedPlan(f"Plan {k}", Plan(np.full(4, k)), "5 %", figures=figures) for k in (0, 1)
    ]
    figure = maps.draw_compared(squares(), rows, summary(), "2016", form="table")
    # Words stand line under line; those of a head are right-aligned at one place.
    columns: dict[float, list[str]] = {}
    for text in figure.findobj(mpl.text.Text):
        columns.setdefault(round(text.get_window_extent().x1), []).append(text.get_text())
    written = [" ".join(words) for words in columns.values()]
    for head in heads:
        assert any(head in words for words in written), (head, written)


def test_a_table_has_a_line_a_plan_with_its_figures(tmp_path: Path) -> None:
    figure = maps.draw_compared(squares(), plans(5), summary(), "2016", form="table")
    texts = [one.get_text() for one in figure.findobj(mpl.text.Text)]
    for one in plans(5):
        assert {one.label, one.headline.replace(" %", "\N{NO-BREAK SPACE}%")} & set(texts)
        assert {value for _, value in one.figures} <= set(texts)


def test_figures_stand_under_their_own_names_where_plans_have_different_ones() -> None:
    first, second = plans(2)
    second = replace(second, figures=(("House", "5"), ("Frontier", "1 km")))
    figure = maps.draw_compared(squares(), [first, second], summary(), "2016", form="table")
    at = {one.get_text(): one.get_window_extent() for one in figure.findobj(mpl.text.Text)}
    right = {text.replace("\N{NO-BREAK SPACE}", " "): box.x1 for text, box in at.items()}
    assert right["Frontier"] == pytest.approx(right["0 km"], abs=3)
    assert right["1 km"] == pytest.approx(right["0 km"], abs=3)
    assert right["5"] == pytest.approx(right["House"], abs=3)
    assert right["5"] > right["Frontier"] + 10


@pytest.mark.parametrize(
    ("form", "size"), [("pair", "page"), ("maps", "social"), ("table", "social")]
)
def test_a_picture_of_some_of_the_plans_says_so(form: Form, size: Size) -> None:
    def told(n_plans: int) -> str:
        figure = maps.draw_compared(
            squares(), plans(n_plans), summary(), "2016", form=form, size=size
        )
        return " ".join(one.get_text() for one in figure.findobj(mpl.text.Text))

    words = told(30)
    shown = len(set(re.findall(r"Plan (\d+)", words)))
    assert form == "table" or shown == {"pair": 2, "maps": 4}[form]
    assert f"{shown} of the 30 plans are shown." in words
    assert "plans are shown" not in told(2)


def test_a_picture_says_in_words_what_it_shows_and_who_made_it(tmp_path: Path) -> None:
    figure = maps.draw_compared(squares(), plans(3), summary(), "2016")
    png = Image.open(maps.save_static(figure, tmp_path / "a.png"))
    said = "Maps of 3 plans for 4 units in two nations, Blue and Red: Ways to draw the line."
    assert png.text["Description"].startswith(said)
    assert "Plan 2: 52.00 %." in png.text["Description"]
    assert (png.text["Copyright"], png.text["Source"]) == (CREDIT, "Ways to draw the line")
    root = ElementTree.parse(maps.save_static(figure, tmp_path / "a.svg")).getroot()
    titled = root.get("aria-labelledby"), root.get("aria-describedby"), root.get("role")
    assert titled == ("title", "desc", "img")
    assert root.find(f"{SVG}desc").text == png.text["Description"]
    assert root.find(f"{SVG}title").text == "Ways to draw the line"
    pdf = maps.save_static(figure, tmp_path / "a.pdf").read_bytes()
    assert b"Maps of 3 plans for 4 units" in pdf
    assert CREDIT.encode()[:20] in pdf
    one = maps.MapSummary("One", "50 %", "of voters at home", source="Public record")
    drawn = maps.draw_static(squares(), plans(1)[0].plan, one, "2016", size="social")
    png = Image.open(maps.save_static(drawn, tmp_path / "b.png"))
    assert png.size == (1200, 630)
    assert "One. 50 % of voters at home." in png.text["Description"]


def test_an_svg_has_text_that_can_be_edited_and_layers_with_names(
    united_states: Units, state_plan: Plan, tmp_path: Path
) -> None:
    words = maps.MapSummary("Red and blue states", "57.6 %", "of voters at home")
    figure = maps.draw_static(united_states, state_plan, words, "2016")
    before = maps.save_static(figure, tmp_path / "a.png").read_bytes()
    path = maps.save_static(figure, tmp_path / "a.svg", has_outlines=False)
    root = ElementTree.parse(path).getroot()
    texts = {"".join(one.itertext()) for one in root.iter(f"{SVG}text")}
    assert {"Red and blue states", "Alaska", "Chicago", "New York"} <= texts
    label = "{http://www.inkscape.org/namespaces/inkscape}label"
    layers = [one.get(label) for one in root.iter(f"{SVG}g") if one.get(label)]
    assert len(layers) == len(set(layers))
    assert {"map", "coast", "units-1", "state-lines", "frontier"} <= set(layers)
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert b"paint-order: stroke" in path.read_bytes()
    assert maps.save_static(figure, tmp_path / "b.png").read_bytes() == before, "halos came back"


def test_names_cannot_break_out_of_a_picture(tmp_path: Path) -> None:
    hostile = [replace(one, label=f"{HOSTILE} {one.label}") for one in plans(2)]
    words = maps.ComparisonSummary(HOSTILE, source=HOSTILE, nations=("A & B", '"C"'))
    for form in FORMS:
        figure = maps.draw_compared(squares(), hostile, words, "2016", form=form)
        root = ElementTree.parse(
            maps.save_static(figure, tmp_path / "a.svg", has_outlines=False)
        ).getroot()
        assert not list(root.iter(f"{SVG}script"))
        assert HOSTILE in root.find(f"{SVG}desc").text
        pdf = maps.save_static(figure, tmp_path / "a.pdf").read_bytes()
        assert b"/JavaScript" not in pdf
        streams = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
        assert any(zlib.decompressobj().decompress(one) for one in streams[:3])
        again = maps.save_static(figure, tmp_path / "b.pdf").read_bytes()
        assert again == pdf


def test_what_cannot_be_drawn_is_refused_with_the_choices() -> None:
    for given, said in (
        ({"form": "poster"}, r"form 'poster'.*pair, maps, table"),
        ({"size": "poster"}, r"size 'poster'.*slide, column, page, social"),
        ({"view": "people"}, r"view 'people'.*agreement, nations, margin"),
        ({"theme": "pink"}, r"theme 'pink'.*light, dark"),
    ):
        with pytest.raises(ValueError, match=said):
            maps.draw_compared(squares(), plans(2), summary(), "2016", **given)
    with pytest.raises(ValueError, match="'pair' needs 2 plans or more; there are 1"):
        maps.draw_compared(squares(), plans(1), summary(), "2016", form="pair")
    with pytest.raises(ValueError, match="4 units and the map 5"):
        maps.draw_compared(squares(5), plans(1), summary(), "2016")
