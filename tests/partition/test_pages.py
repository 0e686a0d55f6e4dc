"""Pages as the command line writes them: they say what the run says, and run nothing that is said.

The files are somebody's own, so that each text on the page is one that a stranger may have chosen.
"""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from partition.answer import wording
from partition.pages.drawing import draw_run
from partition.runs.reading import read
from solvers.result import Status

Invoke = Callable[..., tuple[int, str, str]]

BOLD = "<b onclick=alert(1)>[red]"
IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(1)</script>"
BLUE = [90, 60, 20, 80, 30, 10]
RED = [25, 40, 83, 20, 70, 97]


def write_question(
    folder: Path,
    name: str,
    *,
    title: str,
    description: str,
    election: str,
    units: str,
    blue: str,
    red: str,
    pieces: str = "1",
    names: tuple[str, str] = ("", ""),
) -> None:
    """Write a scenario about a map of one's own; strings of JSON are strings of TOML."""
    texts = {"title": title, "description": description, "election": election}
    data = {"units": units, "id": "key", "name": "called", "state": "in"}
    lines = [f"{key} = {json.dumps(text)}" for key, text in texts.items()]
    lines += ["[nations]", f"blue.pieces = {pieces}", f"red.pieces = {pieces}", "[data]"]
    lines += [f"{key} = {json.dumps(text)}" for key, text in data.items()]
    lines += [f"blue = [{json.dumps(blue)}]", f"red = [{json.dumps(red)}]"]
    for side, called in zip(("blue", "red"), names, strict=True):
        lines += [f"[sides.{side}]", f"name = {json.dumps(called)}"] if called else []
    (folder / f"{name}.toml").write_text("\n".join(lines), encoding="utf-8")


def write_units(path: Path, ids: str, names: str, state: str, blue: str, red: str) -> None:
    """Write two rows of three squares, a tenth of a degree wide, with their votes as GeoJSON."""
    features = []
    for unit, votes in enumerate(zip(BLUE, RED, strict=True)):
        x, y = -74 + unit % 3 / 10, 45 + unit // 3 / 10
        square = shapely.box(x, y, x + 0.1, y + 0.1)
        texts = {"key": f"{ids}{unit}", "called": f"{names}{unit}", "in": state}
        features.append(
            {
                "type": "Feature",
                "properties": texts | dict(zip((blue, red), votes, strict=True)),
                "geometry": json.loads(shapely.to_geojson(square)),
            }
        )
    document = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")


class Panel(HTMLParser):
    """What the panel of a page says: texts by the class or the tag around them, and tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, list[str]] = defaultdict(list)
        self.rows: list[list[str]] = []
        self._around: list[str] = []
        self.feed(html[html.index('<main id="panel">') : html.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"th", "td"}:
            self.rows[-1].append("")
        if tag != "input":
            self._around.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        self._around.pop()

    def handle_data(self, data: str) -> None:
        if {"th", "td"} & set(self._around):
            self.rows[-1][-1] += data
        elif data.strip():
            self.said[self._around[-1]].append(data)


def test_the_panel_says_what_the_run_says(invoke: Invoke, tmp_path: Path) -> None:
    write_units(tmp_path / "map.geojson", "0", "Square ", "A", "yes", "no")
    write_question(
        tmp_path, "question", title="A vote", description="Yes or no, in one piece each.",
        election="The vote of May", units="map.geojson", blue="yes", red="no",
    )  # fmt: skip
    assert invoke("solve", "question.toml", "--gap", "0", "--out", "run", "-q")[0] == 0
    panel = Panel((tmp_path / "run" / "map.html").read_text(encoding="utf-8"))
    with (tmp_path / "run" / "plan.csv").open(encoding="utf-8", newline="") as stream:
        nations = [line["nation"] for line in csv.DictReader(stream)]
    votes = {"blue": BLUE, "red": RED}
    at_home = {
        side: sum(votes[side][unit] for unit in range(6) if nations[unit] == side) for side in votes
    }
    share = sum(at_home.values()) / sum(BLUE + RED)
    assert panel.said["kicker"] == ["The vote of May"]
    assert panel.said["h1"] == ["A vote"]
    assert panel.said["standfirst"] == ["Yes or no, in one piece each."]
    assert panel.said["strong"] == [f"{100 * share:.2f} %"]
    assert "of Yes and No voters live in the nation they voted for" in panel.said["span"]
    assert panel.said["status"] == ["The best possible, proven"]
    assert "map.geojson" in panel.said["small"]

    outcome = read(tmp_path / "run")
    assert panel.rows[0] == ["Measure", "Blue", "Red"]
    assert [tuple(row) for row in panel.rows[1:]] == list(wording.rows(outcome.report))
    figures = {row[0]: row[1:] for row in panel.rows}
    assert figures["Units"] == [str(nations.count(side)) for side in ("blue", "red")]
    for side, column in votes.items():
        name = {"blue": "Yes", "red": "No"}[side]
        assert figures[f"{name} votes"] == [
            str(sum(column[unit] for unit in range(6) if nations[unit] == nation))
            for nation in ("blue", "red")
        ]

    # The same plan, when 12 of its votes more were not excluded.
    objective = outcome.result.objective
    assert objective == sum(at_home.values())
    hasty = replace(outcome.result, bound=objective + 12, status=Status.TIME_LIMIT)
    page = draw_run(replace(outcome, result=hasty)).get_root().render()
    (status,) = Panel(page).said["status"]
    percent = math.ceil(12_000 / objective) / 10  # rounded up: no bound is said to be better
    assert status == f"Within {percent} % of the best possible"
    unknown = replace(hasty, bound=None)
    page = draw_run(replace(outcome, result=unknown)).get_root().render()
    assert Panel(page).said["status"] == ["No bound proven"]


@pytest.fixture
def hostile_pages(invoke: Invoke, tmp_path: Path) -> list[Path]:
    """A run and a comparison of files whose every text is code."""
    write_units(tmp_path / f"{IMAGE}.geojson", IMAGE, SCRIPT, SCRIPT, IMAGE, SCRIPT)
    texts: dict[str, Any] = {"units": f"{IMAGE}.geojson", "blue": IMAGE, "red": SCRIPT}
    texts |= {"names": (IMAGE, BOLD), "description": SCRIPT, "election": IMAGE}
    write_question(tmp_path, IMAGE, title=IMAGE, **texts)
    write_question(tmp_path, f"other {IMAGE}", title=SCRIPT, pieces='"any"', **texts)
    files = (f"{IMAGE}.toml", f"other {IMAGE}.toml")
    code, _, stderr = invoke("solve", files[0], "--out", "run", "-q")
    assert code == 0, stderr
    code, _, stderr = invoke("compare", *files, "--out", "study", "--jobs", "1", "-q")
    assert code == 0, stderr
    return [tmp_path / "run" / "map.html", tmp_path / "study" / "comparison.html"]


def test_whatever_files_are_called_and_hold_is_shown_and_not_run(
    screen: Any, hostile_pages: list[Path]
) -> None:
    for page in hostile_pages:
        # An alert would make whatever the driver does next fail.
        screen.open(page)
        for view in screen.all("input[name=view]"):
            view.click()
        screen.one("#search").send_keys("script 3")
        assert screen.one("#found li").text == f"{SCRIPT}3 {SCRIPT}"
        screen.one("#search").send_keys("\n")
        for text in (SCRIPT, IMAGE, f"{IMAGE} nation", BOLD, f"{SCRIPT}3 {SCRIPT}"):
            assert text in screen.tooltip()
        fragment = urlsplit(screen.driver.current_url).fragment
        assert parse_qs(fragment)["unit"] == [f"{IMAGE}3"]
        screen.open(page, f"#{fragment}")
        assert f"{SCRIPT}3 {SCRIPT}" in screen.tooltip()
        column = "#panel" if page.name == "map.html" else "#explorer"
        panel = screen.one(column).text
        assert f"{IMAGE}.geojson" in panel
        assert SCRIPT in panel
        assert IMAGE in panel
        assert BOLD in panel
        assert screen.one(f"{column} .kicker").text == IMAGE
        if page.name == "map.html":
            assert screen.driver.title == screen.one("h1").text == IMAGE
        else:
            for which, title in (("pinned", IMAGE), ("here", SCRIPT)):
                assert title in screen.one(f"#caption-{which}").text
                assert SCRIPT in screen.one(f"#about-{which}").text
            for mode in ("swipe", "all"):
                screen.choose("mode", mode)
            assert [one.text for one in screen.all("#multiples .name > b")] == [IMAGE, SCRIPT]
        assert screen.all("img") == []
        assert screen.errors() == []
        assert screen.requests() == {page.as_uri()}
        screen.reset()
