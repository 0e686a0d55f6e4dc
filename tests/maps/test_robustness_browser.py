"""The page of what good plans agree on, in a real browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import maps
from maps.robustness import CATEGORIES
from maps.style import DARK, LIGHT
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_explored

if TYPE_CHECKING:
    from tests.browser import Screen

N_GOOD = 40
CALLED = [[*CATEGORIES][unit % 5] for unit in range(12)]
N_BLUE = np.array([0, 9, 13, 33, 40] * 3)[:12]
WARNING = "The best plan may not be good itself."
SIZES = [(1400, 900, "light"), (768, 1024, "dark"), (390, 844, "light")]


@pytest.fixture
def page(abroad: Units, tmp_path: Path) -> Path:
    """Two plans that differ in the third of twelve units, which is contested; the eighth is too."""
    known = make_explored(abroad, 2)
    first = known.plans[0].plan.assignment.copy()
    second = first.copy()
    second[2] = 1 - first[2]
    plans = tuple(
        replace(one, plan=Plan(part), at=(), until=None, title=title)
        for one, part, title in zip(
            known.plans, (first, second), ("The best", "The third"), strict=True
        )
    )
    certainty = maps.Certainty(
        CALLED,
        rule="A plan is good if 99 voters or more are at home.",
        meanings=(("Always", "Proven."), ("Undecided", "Nobody knows.")),
        n_plans=N_GOOD,
        n_blue=N_BLUE,
    )
    explored = replace(
        known,
        plans=plans,
        dials=(),
        bounds=(),
        certainty=certainty,
        opens_with="robustness",
        finding=("12.3 %", "live where all agree, proven"),
        warning=WARNING,
    )
    return maps.save(maps.explore(abroad, explored, "2016"), tmp_path / "robust.html")


def place(screen: Screen, units: Units, unit: int) -> tuple[int, int]:
    x, y = screen.place_of(units, units.ids[unit])
    box = screen.run("const { x, y } = map.getContainer().getBoundingClientRect(); return [x, y]")
    return round(x + box[0]), round(y + box[1])


def test_it_opens_on_what_good_plans_agree_on_and_a_place_tells_in_how_many(
    screen: Screen, page: Path, abroad: Units
) -> None:
    screen.open(page)
    shades = [LIGHT.red[4], LIGHT.red[2], LIGHT.contested, LIGHT.blue[2], LIGHT.blue[4]]
    for unit in range(5):
        assert screen.colour_at(*place(screen, abroad, unit)) == shades[unit]
    legend = [one.text.split("\n") for one in screen.all(".legend.robustness .key")]
    assert [one[0] for one in legend] == [name.capitalize() for name in reversed(CATEGORIES)]
    for name, amount in legend:
        count = CALLED.count(name.lower())
        voters = sum(11 * (unit + 1) for unit in range(12) if CALLED[unit] == name.lower())
        assert amount == f"{count} unit{'' if count == 1 else 's'}, {voters} voters"
    for unit in (0, 2, 3, 7):
        screen.point_at(*place(screen, abroad, unit))
        n_blue = int(N_BLUE[unit])
        most = f"blue in {n_blue}" if 2 * n_blue >= N_GOOD else f"red in {N_GOOD - n_blue}"
        assert f": {most} of 40 found" in screen.tooltip()
        shown = {2: "In the other nation: “The third”", 7: "No plan on this page has it"}
        for one, said in shown.items():
            assert (said in screen.tooltip()) == (one == unit)
    screen.run("page.go(1, false)")
    screen.point_at(*place(screen, abroad, 2))
    assert "In the other nation: “The best”" in screen.tooltip()
    assert screen.colour_at(*place(screen, abroad, 2)) == shades[2]
    table = screen.run("return window.TwoNationsTables.plansTable(page.units, page.sharedPlans())")
    at = table["header"].index("category")
    assert [row[at] for row in table["rows"]] == CALLED
    assert screen.errors() == []
    assert screen.requests() == {page.as_uri()}


@pytest.mark.parametrize(("width", "height", "theme"), SIZES)
def test_the_warning_and_the_rule_are_read_on_every_screen(
    screen: Screen, page: Path, abroad: Units, width: int, height: int, theme: str
) -> None:
    screen.resize(width, height, is_phone=width < 500)
    screen.set_theme(theme)
    screen.open(page)
    warning = screen.one("#warning")
    assert warning.text == f"Caution. {WARNING}"
    box = warning.rect
    assert 0 <= box["y"] < box["y"] + box["height"] <= height
    assert screen.run(
        "const box = arguments[0].getBoundingClientRect();"
        "return arguments[0].contains(document.elementFromPoint(box.x + 9, box.y + 9))",
        warning,
    )
    assert "99 voters or more" in screen.one(".legend.robustness .rule").text
    assert screen.one(".headline").text.startswith("12.3 %")
    contested = (DARK if theme == "dark" else LIGHT).contested
    assert screen.colour_at(*place(screen, abroad, 2)) == contested
    assert screen.violations() == []
    # A link leads to a view of one of the plans beside the other.
    screen.choose("mode", "two")
    screen.choose("view", "difference")
    screen.run("page.go(1, false)")
    screen.wait()
    address = screen.driver.current_url
    screen.open(page, "#" + address.partition("#")[2])
    state = "return [page.index, page.stage.mode, page.layer.view]"
    assert screen.run(state) == [1, "two", "difference"]
    screen.choose("view", "robustness")
    assert screen.violations() == []
    assert screen.errors() == []


def test_ticks_of_an_axis_differ(screen: Screen, page: Path) -> None:
    screen.open(page)
    measure = {"form": "number", "unit": ""}
    ask = "return page.chart.labels(arguments[0], arguments[1])"
    near = [81_564_000 + 2_000 * step for step in range(5)]
    assert screen.run(ask, near, measure) == [f"{one:,}" for one in near]
    assert screen.run(ask, [1e6, 2e6], measure) == ["1M", "2M"]
    assert screen.run(ask, [0.1, 0.2], measure | {"form": "share"}) == ["10\u202f%", "20\u202f%"]
