"""A map of one's own on the command line: from its files to a bundle, and what is refused."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pytest
import shapely

import partition
from partition.runs.bundle import FILES
from partition.scenario import Scenario
from shapefiles import MapFiles
from shapefiles.files import sources
from shapefiles.screening import archive
from tests.partition.verify.drawn import rehash
from tests.shapefiles.servers import CONTENT, SHA256, serving

Invoke = Callable[..., tuple[int, str, str]]

IDS = [f"{number:03}" for number in range(1, 9)]
BLUE = [90, 60, 20, 10, 70, 30, 20, 15]
RED = [10, 40, 80, 70, 20, 60, 90, 95]
UNITS = ("--units", "map.gpkg", "--id", "id")
VOTES = ("--votes", "votes.csv", "--votes-id", "code", "--blue", "yes", "--red", "no")
QUESTION = """
title = "A vote"
description = "Yes or no."
election = "2016"

[nations]
blue.pieces = 1
red.pieces = 1

[data]
units = "map.gpkg"
votes = "votes.csv"
id = "id"
votes_id = "code"
blue = ["yes"]
red = ["no"]
"""


def write_map(path: Path, ids: list[str] = IDS) -> None:
    """Write seven squares in two rows, and an eighth a tenth of a degree away."""
    corners = [(0, 0), (1, 0), (2, 0), (3, 0), (0, 1), (1, 1), (2, 1), (4.1, 0)]
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in corners]
    gpd.GeoDataFrame({"id": ids}, geometry=squares, crs="EPSG:4326").to_file(path)


def write_votes(path: Path, ids: list[str] = IDS) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("code", "yes", "no"))
        writer.writerows(zip(ids, BLUE, RED, strict=True))


@pytest.fixture
def village(tmp_path: Path) -> Path:
    write_map(tmp_path / "map.gpkg")
    write_votes(tmp_path / "votes.csv")
    (tmp_path / "question.toml").write_text(QUESTION, encoding="utf-8")
    return tmp_path


def document(folder: Path) -> dict[str, object]:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def best_by_brute_force() -> int:
    """Try every plan of the village in which each nation is in one piece on each landmass."""
    graph = nx.Graph([(0, 1), (1, 2), (2, 3), (4, 5), (5, 6), (0, 4), (1, 5), (2, 6)])
    graph.add_node(7)
    best = 0
    for number in range(2**7):
        parts = [number >> unit & 1 for unit in range(7)]
        sides = [[unit for unit in range(7) if parts[unit] == part] for part in (0, 1)]
        if all(not side or nx.is_connected(graph.subgraph(side)) for side in sides):
            value = sum(BLUE[unit] if parts[unit] else RED[unit] for unit in range(7))
            best = max(best, value)
    return best + max(BLUE[7], RED[7])


def test_options_a_scenario_and_python_find_the_same_plan(invoke: Invoke, village: Path) -> None:
    code, stdout, stderr = invoke("solve", *UNITS, *VOTES, "--gap", "0")
    assert code == 0, stderr
    folder = village / "runs" / "map-votes"
    for name in FILES:
        assert f"wrote runs/map-votes/{name}\n" in stdout
    by_options = document(folder)
    assert by_options["objective"] == best_by_brute_force()
    assert invoke("solve", "question.toml", "--out", "second", "--quiet")[0] == 0
    assert document(village / "second")["objective"] == by_options["objective"]
    named = {"votes": "votes.csv", "votes_id": "code", "blue": ("yes",), "red": ("no",)}
    run = partition.solve(data=MapFiles(units="map.gpkg", id="id", **named), gap=0)
    run.write("third")
    plans = [(village / one / "plan.csv").read_bytes() for one in (folder, "second", "third")]
    assert plans[0] == plans[1] == plans[2]
    assert plans[0].splitlines()[1].startswith(b"001,")  # the zeros are there
    assert document(village / "third")["inputs_sha256"] == by_options["inputs_sha256"]


def test_a_finished_run_is_recognised_wherever_its_files_lie(
    invoke: Invoke, village: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for name in ("map.gpkg", "votes.csv", "question.toml"):
        (elsewhere / name).write_bytes((village / name).read_bytes())
    assert invoke("solve", "question.toml", "-q")[0] == 0
    assert invoke("solve", str(elsewhere / "question.toml"), "-q", "--out", "other")[0] == 0
    one, other = document(village / "runs" / "question-2016"), document(village / "other")
    assert one["inputs_sha256"] == other["inputs_sha256"]
    assert sorted(one["data"]["sha256"]) == ["units", "votes"]  # type: ignore[index]
    assert invoke("solve", "question.toml", "-q", "--out", "third", "--blue", "no", "--red", "yes")
    third = document(village / "third")
    assert third["inputs_sha256"] != one["inputs_sha256"]


def test_a_run_is_verified_against_its_files_as_long_as_they_are_there(
    invoke: Invoke, village: Path
) -> None:
    (village / "links.csv").write_text("id_a,id_b,kind\n004,008,ferry\n", encoding="utf-8")
    more = ("--gap", "0", "--set", "weights.border=0.1", "--links", "links.csv")
    assert invoke("solve", "question.toml", *more, "--out", "run", "-q")[0] == 0
    code, stdout, _ = invoke("verify", "run", "--json")
    assert (code, json.loads(stdout)["is_recounted"]) == (0, True)
    assert "recounted from the files of its map" in json.loads(stdout)["source"]
    # A certificate of other votes than those of the files is refused.
    forged = document(village / "run")
    forged["scenario"]["data"] |= {"blue": ["no"], "red": ["yes"]}  # type: ignore[index]
    honest = (village / "run" / "run.json").read_text(encoding="utf-8")
    (village / "run" / "run.json").write_text(json.dumps(forged), encoding="utf-8")
    code, _, stderr = invoke("verify", "run")
    assert (code, stderr.count("\n")) == (1, 1)
    assert "run.json: inputs_sha256: " in stderr
    (village / "run" / "run.json").write_text(json.dumps(rehash(forged)), encoding="utf-8")
    code, _, stderr = invoke("verify", "run")
    assert (code, stderr.count("\n")) == (1, 1)
    assert "instance.gains[0]" in stderr
    # Files that have changed are not compared: nothing is confirmed, and the verdict says so.
    (village / "run" / "run.json").write_text(honest, encoding="utf-8")
    write_votes(village / "votes.csv", IDS[::-1])
    code, stdout, _ = invoke("verify", "run", "--json")
    found = json.loads(stdout)
    assert (code, found["is_recounted"], found["status"]) == (1, False, "UNCONFIRMED")
    assert found["source"].startswith("Nothing was recounted from the data: ")
    code, stdout, _ = invoke("verify", "run")
    assert (code, stdout.startswith("NOT CONFIRMED: ")) == (1, True)


def test_a_vote_of_2016_is_not_taken_for_a_presidential_election(
    invoke: Invoke, village: Path
) -> None:
    code, stdout, _ = invoke("solve", "question.toml")
    assert code == 0
    page = (village / "runs" / "question-2016" / "map.html").read_text(encoding="utf-8")
    report = (village / "runs" / "question-2016" / "report.md").read_text(encoding="utf-8")
    assert "Yes and No voters" in stdout
    for text in (stdout, page, report):
        assert "Clinton" not in text
        assert "residential election" not in text


def test_repairs_are_asked_for_and_listed(invoke: Invoke, village: Path) -> None:
    write_votes(village / "votes.csv", [one.lstrip("0") for one in IDS])  # as a spreadsheet does
    code, _, stderr = invoke("solve", "question.toml")
    assert code == 2
    assert "Zeros before the ids" in stderr
    code, stdout, _ = invoke("solve", "question.toml", "--repair")
    assert code == 0
    assert "Repaired: Zeros were put before 8 ids" in stdout
    folder = village / "runs" / "question-2016"
    (repair,) = document(folder)["data"]["repairs"]  # type: ignore[index]
    assert (repair["kind"], len(repair["units"])) == ("zeros", 8)
    assert "Zeros were put" in (folder / "report.md").read_text(encoding="utf-8")
    both = document(folder)["metrics"]["whole"]["both"]  # type: ignore[index]
    assert (both["blue_votes"], both["red_votes"]) == (sum(BLUE), sum(RED))
    # So is a reference system that contradicts the file, and is one of another continent.
    more = ("--repair", "--crs", "EPSG:4269", "--out", "elsewhere")
    assert invoke("solve", "question.toml", *more, "-q")[0] == 0
    listed = document(village / "elsewhere")["data"]["repairs"]  # type: ignore[index]
    assert [one["kind"] for one in listed] == ["zeros", "crs", "doubt"]
    assert (
        "read as EPSG:4269, as asked, although the file declares EPSG:4326" in listed[1]["message"]
    )


def test_without_links_each_landmass_is_asked_measured_and_told_apart(
    invoke: Invoke, village: Path
) -> None:
    code, stdout, _ = invoke("solve", "question.toml", "--gap", "0", "--out", "apart")
    island = max(BLUE[7], RED[7]) / (BLUE[7] + RED[7])
    rest = (best_by_brute_force() - max(BLUE[7], RED[7])) / sum(BLUE[:7] + RED[:7])
    told = f"Self-determined on the landmass of 007 (7 units): {rest:.1%}; 008: {island:.1%}"
    told = told.replace("%", " %")
    asked = "nation is in one piece on every landmass."
    report = (village / "apart" / "report.md").read_text(encoding="utf-8")
    assert code == 0
    assert told in " ".join(stdout.split())
    assert told in (village / "apart" / "map.html").read_text(encoding="utf-8")
    assert report.count(asked) == 2
    section = report[report.index("## By landmass") :].split("\n\n")[1]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines()]
    assert [row[2] for row in rows[2:]] == [
        f"{one:.1%}".replace("%", " %") for one in (rest, island)
    ]
    assert rows[3][3] == "0 and 1"
    # A link makes one landmass, of which there is nothing to tell apart.
    (village / "links.csv").write_text("id_a,id_b,kind\n004,008,ferry\n", encoding="utf-8")
    linked = ("--links", "links.csv", "--gap", "0", "--out", "linked")
    code, stdout, _ = invoke("solve", "question.toml", *linked)
    assert code == 0
    assert "Self-determined on" not in stdout
    assert "Self-determined on" not in (village / "linked" / "map.html").read_text(encoding="utf-8")
    assert "By landmass" not in (village / "linked" / "report.md").read_text(encoding="utf-8")


def test_plans_and_graphs_travel_to_other_programs_and_back(invoke: Invoke, village: Path) -> None:
    assert invoke("solve", "question.toml", "--gap", "0", "--out", "run", "-q")[0] == 0
    code, _, stderr = invoke("export", "run", "graph.json", "districts.csv", "--districts")
    assert code == 0, stderr
    raw = json.loads((village / "graph.json").read_text(encoding="utf-8"))
    graph = nx.adjacency_graph(raw)  # as GerryChain's Graph.from_json reads it
    with (village / "districts.csv").open(encoding="utf-8", newline="") as stream:
        districts = {row["GEOID"]: int(row["District"]) for row in csv.DictReader(stream)}
    assert {node["GEOID"]: node["District"] for _, node in graph.nodes(data=True)} == districts
    for district in (1, 2):
        mainland = [n for n, d in graph.nodes(data=True) if d["District"] == district][:8]
        pieces = nx.number_connected_components(graph.subgraph(mainland))
        assert pieces <= nx.number_connected_components(graph)
    code, stdout, _ = invoke("measure", "districts.csv", "question.toml", "--json")
    measured = json.loads(stdout)
    assert (code, measured["is_allowed"]) == (0, True)
    objective = document(village / "run")["objective"]
    assert measured["metrics"]["country"]["self_determined_voters"] == objective
    assert (
        invoke("solve", "question.toml", "--start", "districts.csv", "-q", "--out", "two")[0] == 0
    )
    # The graph without polygons is solved as well, and only drawn it cannot be.
    columns = ("--id", "GEOID", "--blue", "2016_blue", "--red", "2016_red")
    code, stdout, _ = invoke(
        "solve", "--units", "graph.json", *columns, "--out", "bare", "--gap", "0"
    )
    assert code == 0
    assert document(village / "bare")["objective"] == objective
    names = {path.name for path in (village / "bare").iterdir()}
    assert not names & {"map.html", "nations.geojson"}
    assert "map.html" not in stdout
    assert stdout.endswith("Without polygons there is no map: the units are a graph.\n")
    for picture in ("drawn.png", "drawn.html", "drawn.gpkg"):
        code, _, stderr = invoke("export", "bare", picture)
        assert (code, stderr.count("\n")) == (2, 1)
        assert "cannot be drawn" in stderr
        assert not (village / picture).exists()
    assert invoke("export", "bare", "table.csv")[0] == 0


def test_a_background_is_an_option_of_a_page_and_says_what_it_costs(
    invoke: Invoke, village: Path
) -> None:
    assert invoke("solve", "question.toml", "--out", "run", "-q")[0] == 0
    tiles = ("--tiles", "Esri WorldGrayCanvas")
    assert invoke("export", "run", "over.html", "plan.csv", *tiles)[0] == 0
    server = "server.arcgisonline.com"
    assert server in (village / "over.html").read_text(encoding="utf-8")
    assert server not in (village / "run" / "map.html").read_text(encoding="utf-8")
    for arguments, said in (
        (("none.csv", "none.png", *tiles), "ends in .html"),
        (("none.csv", "none.html", "--tiles", "Atlantis"), "'Atlantis' is no background"),
    ):
        code, _, stderr = invoke("export", "run", *arguments)
        assert (code, stderr.count("\n")) == (2, 1)
        assert said in stderr
        assert list(village.glob("none.*")) == []
    code, stdout, _ = invoke("export", "--help")
    assert "asks a server" in " ".join(stdout.split())


def test_a_plan_that_breaks_a_constraint_is_measured_and_called_so(
    invoke: Invoke, village: Path
) -> None:
    rows = "".join(f"{one},{1 + number % 2}\n" for number, one in enumerate(IDS))
    (village / "chequered.csv").write_text(f"GEOID,District\n{rows}", encoding="utf-8")
    code, stdout, _ = invoke("measure", "chequered.csv", "question.toml")
    assert code == 0
    assert "breaks a constraint" in " ".join(stdout.split())
    assert "nation has" in " ".join(stdout.split())
    (village / "short.csv").write_text(rows.split("\n")[0], encoding="utf-8")
    code, _, stderr = invoke("measure", "short.csv", "question.toml")
    assert (code, stderr.count("\n")) == (2, 1)


def test_inspection_is_a_page_or_json_and_its_exit_code_tells(
    invoke: Invoke, village: Path
) -> None:
    code, stdout, _ = invoke("inspect", "map.gpkg", "votes.csv", "--json")
    assert code == 0
    assert json.loads(stdout)["figures"]["landmasses"] == 2
    code, by_name, _ = invoke("inspect", "question.toml")
    assert code == 0
    assert "Nothing stands in the way" in by_name
    assert "blue votes" in by_name
    write_votes(village / "votes.csv", [*IDS[:-1], "999"])
    code, stdout, _ = invoke("inspect", "question.toml", "--json")
    kinds = {one["kind"] for one in json.loads(stdout)["findings"] if one["severity"] == "error"}
    assert (code, bool(kinds)) == (2, True)
    assert list(village.glob("runs")) == []


def test_suggested_links_make_one_landmass(invoke: Invoke, village: Path) -> None:
    code, stdout, stderr = invoke("inspect", "question.toml", "--suggest-links", "links.csv")
    assert code == 0, stderr
    assert "wrote links.csv: 1 crossing" in stdout
    (link,) = csv.DictReader((village / "links.csv").read_text(encoding="utf-8").splitlines())
    assert {link["id_a"], link["id_b"]} == {"004", "008"}
    assert float(link["km"]) == pytest.approx(11.1, abs=0.1)  # a tenth of a degree
    code, stdout, _ = invoke("inspect", "question.toml", "--links", "links.csv", "--json")
    assert (code, json.loads(stdout)["figures"]["landmasses"]) == (0, 1)
    assert not {"isolated", "landmasses"} & {one["kind"] for one in json.loads(stdout)["findings"]}
    code, _, _ = invoke("solve", "question.toml", "--links", "links.csv", "-q", "--out", "one")
    assert code == 0
    corrected = (village / "links.csv").read_bytes()
    code, stdout, stderr = invoke("inspect", "question.toml", "--suggest-links", "links.csv")
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)
    assert (village / "links.csv").read_bytes() == corrected
    assert len(document(village / "one")["metrics"]["landmasses"]) == 1  # type: ignore[index]
    assert "links" in document(village / "one")["data"]["sha256"]  # type: ignore[index]
    code, _, stderr = invoke("inspect", "map.gpkg", "--suggest-links", "more.csv")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "--id" in stderr


def test_links_are_suggested_whatever_is_wrong_with_the_votes(
    invoke: Invoke, village: Path
) -> None:
    (village / "votes.csv").write_text("code,yes\n001,-3\n", encoding="utf-8")
    code, stdout, stderr = invoke("inspect", "question.toml", "--suggest-links", "links.csv")
    assert (code, stderr) == (2, "")
    assert "has no column 'no'" in stdout
    assert "blue votes" not in stdout
    assert "wrote links.csv: 1 crossing" in stdout
    # What is wrong with the land does keep them from being suggested, unless it is repaired.
    squares = gpd.read_file(village / "map.gpkg")
    squares.loc[0, "geometry"] = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    squares.to_file(village / "map.gpkg")
    for more, written in (((), False), (("--repair",), True)):
        code, stdout, stderr = invoke(
            "inspect", "map.gpkg", "--id", "id", *more, "--suggest-links", "more.csv"
        )
        assert (code, (village / "more.csv").exists()) == (0 if written else 2, written)
        assert stderr.count("\n") == (0 if written else 1)
    assert "area changed by" in stdout


def test_inspection_follows_the_options_that_reading_follows(invoke: Invoke, village: Path) -> None:
    counties = ["46102", "51019", "01001", "02000", "04001", "05001", "06001", "08001"]
    write_map(village / "map.gpkg", counties)
    older = ["46113", "51019", "01001", "02000", "04001", "05001", "06001", "09999"]
    write_votes(village / "votes.csv", older)
    errors = {}
    wishes = ("--crosswalk", "us-counties", "--without-votes", "zero", "--without-polygon", "drop")
    for number in (0, 2, 4, 6):
        code, stdout, _ = invoke("inspect", "question.toml", *wishes[:number], "--json")
        found = json.loads(stdout)["findings"]
        errors[number] = [one["count"] for one in found if one["severity"] == "error"]
        solved, _, _ = invoke(
            "solve", "question.toml", *wishes[:number], "-q", "--out", f"{number}"
        )
        assert code == solved == (2 if errors[number] else 0)
    assert errors == {0: [2, 2], 2: [1, 1], 4: [1], 6: []}
    code, stdout, _ = invoke("inspect", "map.gpkg", "votes.csv", *wishes)  # the ids are guessed
    assert code == 0
    assert "Units without votes: 1; they count zero." in stdout
    assert "'46113' became '46102'" in " ".join(stdout.split())


def test_a_file_saved_by_hand_counts_as_fetched(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "_download", lambda *_: pytest.fail("the network was asked"))
    with zipfile.ZipFile(tmp_path / "CAGDP1.zip", "w") as target:
        target.writestr("a.csv", "x")
    code, stdout, stderr = invoke("fetch", "gdp", "--folder", ".")
    assert (code, stdout) == (0, "CAGDP1.zip\n"), stderr
    (tmp_path / "CAGDP1.zip").write_text("<html>Sign in</html>")
    code, stdout, stderr = invoke("fetch", "gdp", "--folder", ".")
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)
    code, stdout, stderr = invoke("fetch", "boundaries", "--year", "1999")
    assert (code, stdout, stderr.count("\n")) == (2, "", 1)


def test_fetch_keeps_what_has_the_right_checksum_and_says_how_else_to_get_it(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    census, pinned = sources.census_boundaries, sources.census_boundaries(2018).sha256
    with serving() as server:
        address = f"http://127.0.0.1:{server.server_port}"
        gdp = replace(sources.COUNTY_GDP, url=f"{address}/good")
        monkeypatch.setattr(sources, "COUNTY_GDP", gdp)
        monkeypatch.setattr(
            sources, "census_boundaries", lambda *one: replace(census(*one), url=f"{address}/good")
        )
        code, stdout, _ = invoke("fetch", "gdp", "--folder", "kept", "--json")
        assert (code, json.loads(stdout)["sha256"]) == (0, SHA256)
        assert (tmp_path / "kept" / "CAGDP1.zip").read_bytes() == CONTENT
        changed = make_archive("another")
        server.content, now = changed, hashlib.sha256(changed).hexdigest()
        (tmp_path / "kept" / "CAGDP1.zip").unlink()
        for what, expected, page in (
            (("gdp",), SHA256, gdp.page),
            (("boundaries", "--year", "2018"), pinned, census(2018).page),
            (("boundaries", "--year", "2018", "--refresh"), pinned, census(2018).page),
        ):
            code, stdout, stderr = invoke("fetch", *what, "--folder", "kept")
            assert (code, stdout, stderr.count("\n")) == (2, "", 1)
            for said in (now, expected, page, "kept/"):
                assert said in stderr
            assert ("with refresh" in stderr) == (what == ("gdp",))
        assert [one.name for one in (tmp_path / "kept").iterdir()] == ["checksums.json"]
        code, stdout, _ = invoke("fetch", "gdp", "--folder", "kept", "--refresh")
        assert (code, stdout) == (0, "kept/CAGDP1.zip\n")
        assert (tmp_path / "kept" / "CAGDP1.zip").read_bytes() == changed


def test_boundaries_are_pinned_by_default_and_the_help_says_which(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[sources.Source] = []
    monkeypatch.setattr(sources, "fetch", lambda one, **_: asked.append(one) or Path("x.zip"))
    assert invoke("fetch", "boundaries")[:2] == (0, "x.zip\n")
    assert len(asked[0].sha256) == 64
    code, stdout, _ = invoke("fetch", "--help")
    pinned = [year for year in range(2014, 2030) if sources.census_boundaries(year).sha256]
    years = " and ".join(map(str, pinned))
    assert code == 0
    assert f"of {years} have pinned checksums" in " ".join(stdout.replace("│", " ").split())


def make_archive(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.csv", text)
    return buffer.getvalue()


def make_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("map.geojson", b" " * 5_000_000)


def make_climber(folder: Path) -> None:
    with zipfile.ZipFile(folder / "climber.zip", "w") as target:
        target.writestr("../../escaped.geojson", "{}")


def write_scenario(folder: Path, more: str) -> None:
    (folder / "mine.toml").write_text(QUESTION + more, encoding="utf-8")


def write_point(path: Path, number: str) -> None:
    """Write a polygon of which one coordinate is an odd number."""
    ring = f"[[0,0],[1,0],[1,{number}],[0,0]]"
    feature = (
        '{"type":"Feature","properties":{"id":"1","yes":1,"no":2},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}'
    )
    path.write_text(f'{{"type":"FeatureCollection","features":[{feature}]}}', encoding="utf-8")


NAMES = ("--id", "id", "--blue", "yes", "--red", "no")
HOSTILE: dict[str, tuple[Callable[[Path], object], tuple[str, ...], str]] = {
    "no such file": (lambda _: None, ("--units", "none.shp", *NAMES), "none.shp"),
    "a folder": (lambda at: (at / "f").mkdir(), ("--units", "f", *NAMES), "f"),
    "zip bomb": (make_bomb, ("--units", "bomb.zip", *NAMES), "unpacks to far more"),
    "path traversal": (make_climber, ("--units", "climber.zip", *NAMES), "climber.zip"),
    "web page": (
        lambda at: (at / "map.shp").write_text("<!DOCTYPE html><html>Sign in</html>"),
        ("--units", "map.shp", *NAMES),
        "web page",
    ),
    "nested": (
        lambda at: (at / "deep.geojson").write_text("[" * 10_000 + "]" * 10_000),
        ("--units", "deep.geojson", *NAMES),
        "deep.geojson",
    ),
    "coordinates that are nowhere": (
        lambda at: write_point(at / "nan.geojson", "NaN"),
        ("--units", "nan.geojson", *NAMES),
        "feature 1 has the point (1, nan), which is nowhere",
    ),
    "endless coordinates": (
        lambda at: write_point(at / "inf.geojson", "-Infinity"),
        ("--units", "inf.geojson", *NAMES),
        "feature 1 has the point (1, -inf), which is nowhere",
    ),
    "line break in a name": (
        lambda at: (at / "evil\nname\x1b[2J.geojson").write_text("<html>"),
        ("--units", "evil\nname\x1b[2J.geojson", *NAMES),
        "web page",
    ),
    "formula": (
        lambda at: write_map(at / "map.gpkg", ["=cmd|' /C calc'!A0", *IDS[1:]]),
        (*UNITS, *VOTES),
        "formula",
    ),
    "huge number": (
        lambda at: (at / "votes.csv").write_text(f"code,yes,no\n001,{'9' * 400},1\n"),
        (*UNITS, *VOTES),
        "votes.csv",
    ),
    "unknown key": (
        lambda at: write_scenario(at, 'colour = "blue"\n'),
        ("mine.toml",),
        "data.colour is not a known key",
    ),
    "key of two lines": (
        lambda at: write_scenario(at, '"col\\nour" = "blue"\n'),
        ("mine.toml",),
        "data.col our is not a known key",
    ),
    "endless value": (
        lambda at: write_scenario(at, f'repair = "{"x" * 100_000}"\n'),
        ("mine.toml",),
        "give true or false.",
    ),
    "wrong type": (
        lambda at: write_scenario(at, "name = 7\n"),
        ("mine.toml",),
        "data.name = 7: give text",
    ),
    "election among the columns": (
        lambda at: write_scenario(at, 'election = "x"\n'),
        ("mine.toml",),
        "election stands below [data]",
    ),
    "huge whole number in a scenario": (
        lambda at: write_scenario(at, f"[limits]\nseed = {'9' * 5000}\n"),
        ("mine.toml",),
        "mine.toml",
    ),
    "one side only": (lambda _: None, (*UNITS, "--blue", "yes"), "[data]"),
    "columns without a file": (lambda _: None, ("--blue", "yes"), "--units"),
    "no such choice": (
        lambda _: None,
        (*UNITS, *VOTES, "--without-votes", "guess"),
        "choose from refuse, zero, drop",
    ),
    "no reference system": (
        lambda at: (
            gpd.read_file(at / "map.gpkg")
            .set_crs(None, allow_override=True)
            .to_parquet(at / "bare.parquet")
        ),
        ("--units", "bare.parquet", "--id", "id", *VOTES),
        "reference system",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.filterwarnings("ignore:.*crs:UserWarning")
def test_hostile_input_gives_one_line_exit_code_2_and_no_files(
    invoke: Invoke, village: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 1000)
    prepare, arguments, said = HOSTILE[case]
    prepare(village)
    before = sorted(village.parent.rglob("*"))
    code, stdout, stderr = invoke("solve", *arguments)
    assert (code, stdout) == (2, "")
    assert said in stderr
    assert stderr.startswith("partition: ")
    assert stderr.count("\n") == 1
    assert len(stderr) < 1500
    assert "\x1b" not in stderr
    assert sorted(village.parent.rglob("*")) == before


def test_a_good_map_under_a_strange_name_is_solved(invoke: Invoke, village: Path) -> None:
    write_map(village / "plain.geojson")
    (village / "plain.geojson").rename(village / "two\nlines; rm *.geojson")
    code, stdout, stderr = invoke(
        "solve", "--units", "two\nlines; rm *.geojson", "--id", "id", *VOTES, "-q"
    )
    assert (code, stdout.count("\n")) == (0, 1), stderr
    assert stdout.startswith("runs/two_lines")


@pytest.mark.parametrize("name", ["map.gpkg", "votes.csv", "question.toml", "links.csv"])
def test_a_file_that_may_not_be_read_is_one_line(
    invoke: Invoke, village: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (village / "links.csv").write_text("id_a,id_b,kind\n004,008,ferry\n", encoding="utf-8")
    (village / name).chmod(0)
    if os.geteuid() == 0:  # the superuser may read everything
        monkeypatch.setattr(Path, "open", refusing(Path.open, name))
    for command in ("solve", "inspect"):
        code, stdout, stderr = invoke(command, "question.toml", "--links", "links.csv")
        is_found = command == "inspect" and name == "links.csv"  # among whatever else is wrong
        said = stdout if is_found else stderr
        assert code == 2
        assert "ermission denied" in said
        assert name in said
        assert (stdout == "", stderr.count("\n")) == ((False, 0) if is_found else (True, 1))
    assert not (village / "runs").exists()


def refusing(opened: Callable[..., object], name: str) -> Callable[..., object]:
    """Open every file but one, as somebody would whom it does not belong to."""

    def or_refuse(path: Path, *arguments: object, **options: object) -> object:
        if path.name == name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return opened(path, *arguments, **options)

    return or_refuse


@pytest.mark.parametrize(
    ("limit", "code", "said", "kept"),
    [
        # The map does not fit.
        (20_000, 1, "The run is in runs/question-2016, but without map.html (File too large)", 6),
        # The plan does not fit, neither here nor in the rescue folder.
        (10, 2, "Could not write runs/question-2016", 0),
    ],
)
def test_a_disk_that_fills_up_in_the_middle_keeps_what_fits(
    village: Path, environment: dict[str, str], limit: int, code: int, said: str, kept: int
) -> None:
    (village / "tmp").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "partition", "solve", "question.toml"],
        cwd=village,
        env={**environment, "TMPDIR": str(village / "tmp"), "NUMBA_DISABLE_JIT": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"partition: {said}")
    assert done.stdout.count("wrote ") == kept
    assert len(list((village / "runs").rglob("*.*"))) == kept


def test_the_help_names_every_field_of_a_map(invoke: Invoke) -> None:
    code, stdout, _ = invoke("solve", "--help")
    assert code == 0
    options = stdout[stdout.index("A map of your own:") :]
    for name in MapFiles.__slots__:
        if name != "election":
            assert f"--{name.replace('_', '-')} " in options


def test_a_scenario_with_files_survives_its_own_table(village: Path) -> None:
    scenario = Scenario.load(village / "question.toml")
    table = json.loads(json.dumps(scenario.to_table()))
    again = Scenario.from_table(table, table.pop("name"))
    assert again == scenario
    assert again.data is not None
    assert again.data.election == "2016"
    assert Path(again.data.units) == village / "map.gpkg"
