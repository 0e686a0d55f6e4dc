"""Every option that a message proposes settles what the message is about."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from partition.commands.own_files import OPTIONS
from shapefiles import DataError, MapFiles, read_map

Invoke = Callable[..., tuple[int, str, str]]
Sums = tuple[int, int]

IDS = ["001", "002", "003", "004"]
SQUARES = [shapely.box(x, 0, x + 1, 1) for x in range(4)]
WIDE = {"votes": "t.csv", "votes_id": "code", "blue": "yes", "red": "no"}


LONG = {**WIDE, "blue": "D", "red": "R", "choice": "party", "count": "n"}


class Fault(NamedTuple):
    """A table of votes, and what each option that is proposed makes of it."""

    table: str | bytes
    settled: dict[str, Sums]
    """Options to add, as a person types them, and the votes that are then counted."""
    files: dict[str, str] = WIDE
    name: str = "t.csv"


def rows(*lines: str, header: str = "code;yes;no") -> str:
    return "\n".join((header, *lines)) + "\n"


SUMS = rows(
    *(
        f"{one};{side};{mode};{n}"
        for one in IDS
        for side, more in (("D", 1), ("R", 4))
        for mode, n in (("Urne", 3), ("Brief", more), ("im ganzen", 3 + more))
    ),
    header="code;party;art;n",
)
"""Ways of voting of which one sums up the others."""

FAULTS = {
    "points between thousands": Fault(
        rows("001;1.234;987", "002;3.000;12", "003;5;6", "004;1.234.567;8"),
        {"--thousands .": (1_238_806, 1_013)},
    ),
    "points that end in zeros": Fault(
        rows("001;1.000;950", "002;870;640", "003;5;1.000", "004;7;8"),
        {"--thousands .": (1882, 2598), "--decimal .": (883, 1599)},
    ),
    "commas between thousands": Fault(
        rows('001,"1,234",987', "002,3000,12", "003,5,6", "004,7,8", header="code,yes,no"),
        {"--thousands ,": (4246, 1013)},
    ),
    "commas between thousands and points before decimals": Fault(
        rows("001;1,234.0;987.0", "002;3.0;1", "003;5.0;6", "004;7.0;8"),
        {"--thousands ,": (1249, 1002)},
    ),
    "points between thousands and commas before decimals": Fault(
        rows("001;1.234,00;987", "002;3;1", "003;5;6", "004;7;8"),
        {"--thousands .": (1249, 1002)},
    ),
    "Indian groups": Fault(
        rows("001;12,34,567;987", "002;3;1", "003;5;6", "004;7;8"),
        {"--thousands ,": (1_234_582, 1002)},
    ),
    "spaces": Fault(
        rows("001;1 234;987", "002;3;1", "003;5;6", "004;7;8"), {"--thousands space": (1249, 1002)}
    ),
    "spaces that do not break": Fault(
        rows("001;1\u00a0234;987", "002;3;1", "003;5;6", "004;7;1\u202f000"),
        {"--thousands space": (1249, 1994)},
    ),
    "apostrophes": Fault(
        rows("001;1'234;987", "002;3;1", "003;5;6", "004;7;1\u2019000"),
        {"--thousands apostrophe": (1249, 1994)},
    ),
    "commas before decimals": Fault(
        rows("001;120,0;98", "002;3,0;1", "003;5;6", "004;7;8"), {"--decimal ,": (135, 113)}
    ),
    "whole percentages": Fault(
        rows("001;51;49", "002;40;60", "003;66;34", "004;50;50"),
        {"--percentages count": (207, 193)},
    ),
    "percentages that are rounded": Fault(
        rows("001;51;49", "002;40;59", "003;67;34", "004;50;50"),
        {"--percentages count": (208, 192)},
    ),
    "percentages beside those of a third party": Fault(
        rows("001;55;42", "002;33;64", "003;20;77", "004;60;31"),
        {"--percentages count": (168, 214)},
    ),
    "percentages by their name": Fault(
        rows("001;51;40", "002;40;49", "003;67;20", "004;50;20", header="code;yes_pct;no_pct"),
        {"--percentages count": (208, 129)},
        {**WIDE, "blue": "yes_pct", "red": "no_pct"},
    ),
    "a missing figure": Fault(
        rows("001;5;4", "002;;1", "003;5;6", "004;7;8"),
        {"--without-votes zero": (17, 19), "--without-votes drop": (17, 18)},
    ),
    "a suppressed figure": Fault(
        rows("001;5;4", "002;*;-", "003;n/a;..", "004;7;8"),
        {"--without-votes zero": (12, 12), "--without-votes drop": (12, 12)},
    ),
    "a row that sums up the others": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", "Total;19;19"),
        {"--without-polygon drop": (19, 19)},
    ),
    "a sum without an id": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", ";19;19"),
        {"--without-polygon drop": (19, 19)},
    ),
    "a footnote": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", "Source: =the office;;", ";;"),
        {"--without-polygon drop": (19, 19)},
    ),
    "a sum with separators of thousands": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", "All;1.019;1.019"),
        {"--without-polygon drop": (19, 19)},
    ),
    "units without a row": Fault(
        rows("001;5;4", "003;5;6", "004;7;8"),
        {"--without-votes zero": (17, 18), "--without-votes drop": (17, 18)},
    ),
    "units and votes that do not fit": Fault(
        rows("001;5;4", "003;5;6", "004;7;8", "abroad;100;1"),
        {
            "--without-votes zero --without-polygon drop": (17, 18),
            "--without-votes drop --without-polygon drop": (17, 18),
        },
    ),
    "ids that lost their zeros": Fault(
        rows("1;5;4", "2;2;1", "3;5;6", "4;7;8"), {"--repair": (19, 19)}
    ),
    "ids that became decimals": Fault(
        rows("1.0;5;4", "2.0;2;1", "3.0;5;6", "4.0;7;8"), {"--repair": (19, 19)}
    ),
    "ids that became decimals and kept their zeros": Fault(
        rows("001.0;5;4", "002.0;2;1", "003.00;5;6", "004.;7;8".replace("4.", "4.0")),
        {"--repair": (19, 19)},
    ),
    "ids after an apostrophe": Fault(
        rows("'001;5;4", "'002;2;1", "'003;5;6", "'004;7;8"), {"--repair": (19, 19)}
    ),
    "ids in a column of another name": Fault(
        rows("x;001;5;4", "y;002;2;1", "z;003;5;6", "w;004;7;8", header="a;my code;yes;no"),
        {"--votes-id 'my code'": (19, 19)},
        {"votes": "t.csv", "blue": "yes", "red": "no"},
    ),
    "ids as formulas of a spreadsheet": Fault(
        rows('"=""001""";5;4', '"=""002""";2;1', '"=""003""";5;6', '"=""004""";7;8'),
        {"--repair": (19, 19)},
    ),
    "a title with as many cells as the header": Fault(
        "Votes;by unit;2024\n;;\n" + rows("001;5;4", "002;2;1", "003;5;6", "004;7;8"),
        {"--skip-rows 2": (19, 19)},
    ),
    "lines of title": Fault(
        "Results, all of them\n\nSource: the office\n" + rows("001;5;4", "002;2;1", "003;5;6"),
        {"--skip-rows 3 --without-votes zero": (12, 11)},
    ),
    "a title and empty cells": Fault(
        "Results;;\n;;\n" + rows("001;5;4", "002;2;1", "003;5;6", "004;7;8"),
        {"--skip-rows 2": (19, 19)},
    ),
    "a title in quotes": Fault(
        '"Results;\nof the vote"\n' + rows("001;5;4", "002;2;1", "003;5;6", "004;7;8"),
        {"--skip-rows 2": (19, 19)},
    ),
    "the separator in the first line": Fault(
        "sep=;\n" + rows("001;5;4", "002;2;1", "003;5;6", "004;7;8"), {"--skip-rows 1": (19, 19)}
    ),
    "titles above lines that end as on an old Macintosh": Fault(
        ("Results\r\r" + rows("001;5;4", "002;2;1", "003;5;6", "004;7;8").replace("\n", "\r")),
        {"--skip-rows 2": (19, 19)},
    ),
    "letters of Windows": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", header="code;yes;no;Städte").encode(
            "latin-1"
        ),
        {"--votes-encoding latin-1": (19, 19)},
    ),
    "UTF-16 that does not say so": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8").encode("utf-16-le"),
        {"--votes-encoding utf-16-le": (19, 19)},
    ),
    "several years": Fault(
        rows(
            "001;2016;D;5", "001;2016;R;4", "001;2020;D;50", "001;2020;R;40", "002;2016;D;1",
            "002;2016;R;2", "003;2016;D;3", "003;2016;R;4", "004;2016;D;5", "004;2016;R;1",
            header="code;year;party;n",
        ),
        {"--where year=2016": (14, 11)},
        LONG,
    ),
    "sums among ways of voting": Fault(
        SUMS,
        {"--mode-total 'im ganzen'": (16, 28), "--mode-total none": (32, 56)},
        {**LONG, "mode": "art"},
    ),
    "sums among ways of voting that nobody named": Fault(
        SUMS,
        {
            "--mode art --mode-total 'im ganzen'": (16, 28),
            "--mode art --mode-total none": (32, 56),
        },
        LONG,
    ),
    "a row that is given twice": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;7;8", "004;7;8"),
        {"--repeated-votes once": (19, 19), "--repeated-votes add": (26, 27)},
    ),
    "a unit in two rows that differ": Fault(
        rows("001;5;4", "002;2;1", "003;5;6", "004;3;8", "004;4;0"),
        {"--repeated-votes add": (19, 19)},
    ),
    "a choice in capitals": Fault(
        rows(
            *(f"{one};{side};3" for one in IDS for side in ("D d", "D D", "R")),
            header="code;party;n",
        ),
        {"--blue 'D D'": (24, 12)},
        {**LONG, "blue": "D d"},
    ),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gpd.GeoDataFrame({"id": IDS}, geometry=SQUARES, crs="EPSG:4326").to_file(tmp_path / "map.gpkg")
    return tmp_path


def as_fields(options: str) -> dict[str, Any]:
    """Turn options, as they are typed, into fields of a map."""
    fields: dict[str, Any] = {}
    kinds = {name: kind for name, kind, *_ in OPTIONS}
    words = shlex.split(options)
    for number, option in enumerate(words):
        if not option.startswith("--"):
            continue
        name, value = option[2:].replace("-", "_"), (*words, "")[number + 1]
        if kinds[name] is bool:
            fields[name] = True
        elif kinds[name] == list[str] | None:
            fields[name] = (value,)
        else:
            fields[name] = int(value) if kinds[name] == int | None else value
    return fields


def proposed(text: str) -> set[str]:
    """List the options that a message names."""
    return set(re.findall(r"--[a-z-]+", text)) - {"--suggest-links"}


def sums(files: MapFiles) -> Sums:
    blue, red = read_map(files).units.votes["votes"].sum(axis=0).tolist()
    return blue, red


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_each_option_that_a_message_names_settles_it(
    fault: Fault, folder: Path, invoke: Invoke
) -> None:
    content = fault.table if isinstance(fault.table, bytes) else fault.table.encode()
    (folder / fault.name).write_bytes(content)
    named: dict[str, Any] = {"units": "map.gpkg", "id": "id", **fault.files}
    named |= {side: (named[side],) for side in ("blue", "red")}
    with pytest.raises(DataError) as caught:
        read_map(MapFiles(**named))
    columns = [
        part
        for key, value in fault.files.items()
        if key != "votes"
        for part in (f"--{key.replace('_', '-')}", value)
    ]
    command = ["inspect", "map.gpkg", fault.name, "--id", "id", *columns]
    code, stdout, stderr = invoke(*command)
    assert code == 2, stdout
    for options, expected in fault.settled.items():
        first = options.split(" --")[0]
        for message in (str(caught.value), " ".join((stdout + stderr).split())):
            name, _, value = first.partition(" ")
            assert re.search(rf"{name}\b.*?{re.escape(value)}", message), message
        added = as_fields(options)
        added |= {side: named[side] + added[side] for side in ("blue", "red") if side in added}
        assert sums(MapFiles(**{**named, **added})) == expected
        code, stdout_now, stderr_now = invoke(*command, *shlex.split(options), "--json")
        assert code == 0, stdout_now + stderr_now
        figures = json.loads(stdout_now)["figures"]
        assert (figures["blue_votes"], figures["red_votes"]) == expected
    tested = {name for one in fault.settled for name in proposed(one)}
    assert proposed(str(caught.value)) <= tested


def test_a_unit_without_polygon_is_left_out_with_its_votes_where_that_is_asked_for(
    folder: Path, invoke: Invoke
) -> None:
    frame = gpd.GeoDataFrame(
        {"id": IDS, "yes": [5, 2, 5, 7], "no": [4, 1, 6, 8]},
        geometry=[*SQUARES[:3], None],
        crs="EPSG:4326",
    )
    frame.to_file("map.geojson")
    code, stdout, _ = invoke("inspect", "map.geojson", "--id", "id", "--blue", "yes", "--red", "no")
    assert code == 2
    assert "--without-polygon drop" in stdout
    files = MapFiles("map.geojson", "id", ("yes",), ("no",))
    with pytest.raises(DataError, match=r"'004' has no polygon.*--without-polygon drop"):
        read_map(files)
    found = read_map(MapFiles("map.geojson", "id", ("yes",), ("no",), without_polygon="drop"))
    assert found.units.ids.tolist() == IDS[:3]
    assert [one.message for one in found.repairs] == [
        "1 unit without a polygon left out with 15 votes: '004'."
    ]


def test_figures_of_a_workbook_are_numbers_whatever_is_said_of_texts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    table = pd.DataFrame({"code": IDS, "yes": [1.234, 987, 3.0, "1.000"], "no": [1, 2, 3, 4]})
    table.to_excel("t.xlsx", index=False)
    wide = {**WIDE, "votes": "t.xlsx", "blue": ("yes",), "red": ("no",)}
    for thousands in ("", "."):
        with pytest.raises(DataError, match=r"fraction of a vote, '1.234'.*decimal mark"):
            read_map(MapFiles(units="map.gpkg", id="id", thousands=thousands, **wide))
    table.assign(yes=["1.234", 987, 3.0, "1.000"]).to_excel("t.xlsx", index=False)
    assert sums(MapFiles(units="map.gpkg", id="id", thousands=".", **wide)) == (3224, 10)


def run_command(line: str, invoke: Invoke) -> dict[str, Any]:
    """Solve by a command as a shell would take it apart, and read what was written."""
    program, *words = shlex.split(line)
    assert program == "partition"
    code, stdout, stderr = invoke(*words, "--out", "out", "--force", "--quiet")
    assert code == 0, stderr
    assert stdout == "out\n"
    found: dict[str, Any] = json.loads(Path("out/run.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("table", "options"),
    [
        (rows("001;5;4", "002;2;1", "003;5;6", "004;7;8"), ["--blue", "yes", "--red", "no"]),
        (
            "Title\n" + rows("1;1.234;4", "2;;1", "3;5;6", "4;7;8", "Sum;7;8"),
            [
                *("--blue", "yes", "--red", "no", "--id", "id", "--votes-id", "code", "--repair"),
                *("--skip-rows", "1"),
                *("--thousands", ".", "--without-votes", "zero", "--without-polygon", "drop"),
            ],
        ),
        (
            rows(
                *(f"{one};2016;{side};7" for one in IDS for side in ("-x", "it's $HOME")),
                header="code;year of;party;n",
            ),
            [
                *("--choice", "party", "--count", "n", "--blue=-x", "--red", "it's $HOME"),
                *("--where", "year of=2016"),
            ],
        ),
    ],
)
def test_an_inspection_ends_with_the_command_that_solves_what_it_looked_at(
    table: str, options: list[str], folder: Path, invoke: Invoke
) -> None:
    (folder / "my votes.csv").write_text(table, encoding="utf-8")
    command = ["inspect", "my votes.csv", "map.gpkg", *options]
    code, stdout, _ = invoke(*command)
    assert code == 0, stdout
    line = stdout.splitlines()[-1].strip()
    found = json.loads(invoke(*command, "--json")[1])
    assert found["solve"] == line
    run = run_command(line, invoke)
    both = run["metrics"]["whole"]["both"]
    counted = (both["blue_votes"], both["red_votes"])
    assert counted == (found["figures"]["blue_votes"], found["figures"]["red_votes"])


def test_no_command_is_proposed_that_would_fail(folder: Path, invoke: Invoke) -> None:
    (folder / "t.csv").write_text(rows("001;5;4", "002;2;1"), encoding="utf-8")
    asked = ("--blue", "yes", "--red", "no")
    for command in (("map.gpkg",), ("t.csv", *asked), ("map.gpkg", "t.csv", *asked)):
        assert json.loads(invoke("inspect", *command, "--json")[1])["solve"] is None
        assert "partition solve" not in invoke("inspect", *command)[1]


def test_the_command_for_a_scenario_names_it_with_what_was_changed(
    folder: Path, invoke: Invoke
) -> None:
    (folder / "t.csv").write_text(
        rows("001;1.500;4", "002;2;1", "003;5;6", "004;7;8"), encoding="utf-8"
    )
    (folder / "my question.toml").write_text(
        'title = "T"\ndescription = "D."\nelection = "e"\n[data]\nunits = "map.gpkg"\nid = "id"\n'
        'votes = "t.csv"\nvotes_id = "code"\nblue = ["yes"]\nred = ["no"]\n',
        encoding="utf-8",
    )
    command = ["inspect", "my question.toml", "--thousands", "."]
    line = invoke(*command)[1].splitlines()[-1].strip()
    assert line == "partition solve 'my question.toml' --thousands ."
    assert run_command(line, invoke)["metrics"]["whole"]["both"]["blue_votes"] == 1514


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_an_encoding_that_would_bring_ids_together_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.chdir(folder)
    names = ["Киев", "Львов", "Одесса", "Ялта"]
    frame = gpd.GeoDataFrame({"id": names}, geometry=SQUARES, crs="EPSG:4326")
    frame.to_file("map.shp", encoding=encoding)
    Path("map.cpg").unlink()
    Path("t.csv").write_text(rows(*(f"{one};5;4" for one in names)), encoding="utf-8")
    named: dict[str, Any] = {"units": "map.shp", "id": "id", **WIDE}
    named |= {side: (named[side],) for side in ("blue", "red")}
    for known in ({}, {"encoding": encoding}):
        with pytest.raises(DataError, match="would match") as caught:
            read_map(MapFiles(**named, **known))
        options = re.search(r"(--(?:votes-)?encoding .*)\.$", str(caught.value))
        assert options is not None
        assert sums(MapFiles(**{**named, **known, **as_fields(options[1])})) == (20, 16)


def bow_tie(x: float) -> shapely.Polygon:
    return shapely.Polygon([(x, 0), (x + 1, 1), (x + 1, 0), (x, 1)])


LAND: dict[str, tuple[list[Any], dict[str, int]]] = {
    "an invalid polygon": ([*SQUARES[:3], bow_tie(3)], {"--repair": 4}),
    "no polygon": ([*SQUARES[:3], None], {"--without-polygon drop": 3}),
    "an empty polygon": ([*SQUARES[:3], shapely.Polygon()], {"--without-polygon drop": 3}),
    "a point": ([*SQUARES[:3], shapely.Point(3, 0)], {"--without-polygon drop": 3}),
    "a collection": (
        [*SQUARES[:3], shapely.GeometryCollection([SQUARES[3], shapely.Point(3, 0)])],
        {"--repair": 4},
    ),
    "a unit in two rows": ([*SQUARES, shapely.box(4, 0, 5, 1)], {"--repair": 4}),
}


@pytest.mark.parametrize(("shapes", "settled"), LAND.values(), ids=LAND.keys())
def test_each_option_that_is_named_for_a_polygon_settles_it(
    shapes: list[Any], settled: dict[str, int], folder: Path, invoke: Invoke
) -> None:
    ids = [*IDS, IDS[3]][: len(shapes)]
    frame = gpd.GeoDataFrame({"id": ids, "yes": 5, "no": 4}, geometry=shapes, crs="EPSG:4326")
    frame.iloc[:4].to_file("map.geojson")
    if len(shapes) > 4:
        frame.to_file("map.geojson")
        Path("t.csv").write_text(rows(*(f"{one};5;4" for one in IDS)), encoding="utf-8")
    named: dict[str, Any] = {"units": "map.geojson", "id": "id", "blue": ("yes",), "red": ("no",)}
    if len(shapes) > 4:
        named |= {"votes": "t.csv", "votes_id": "code"}
    with pytest.raises(DataError) as caught:
        read_map(MapFiles(**named))
    assert proposed(str(caught.value)) == {name for one in settled for name in proposed(one)}
    command = ["inspect", "map.geojson", "--id", "id", "--blue", "yes", "--red", "no"]
    command += ["t.csv", "--votes-id", "code"] if "votes" in named else []
    code, stdout, _ = invoke(*command)
    assert code == 2
    for options, n_units in settled.items():
        assert options in str(caught.value)
        assert options in " ".join(stdout.split())
        assert read_map(MapFiles(**named, **as_fields(options))).units.n_units == n_units
        assert invoke(*command, *options.split())[0] == 0


def test_a_system_layer_or_sheet_that_is_asked_for_is_given_by_the_option_named(
    folder: Path, invoke: Invoke
) -> None:
    columns = {"id": IDS, "yes": 5, "no": 4}
    frame = gpd.GeoDataFrame(columns, geometry=SQUARES, crs="EPSG:4326")
    frame.to_file("silent.shp")
    Path("silent.prj").unlink()
    frame.to_file("two.gpkg", layer="a")
    frame.to_file("two.gpkg", layer="b")
    with pd.ExcelWriter("two.xlsx") as book:
        for name in ("a", "b"):
            pd.DataFrame(frame[["id", "yes", "no"]]).to_excel(book, sheet_name=name, index=False)
    votes = ("--id", "id", "--blue", "yes", "--red", "no")
    for files, option, value in (
        (["silent.shp"], "--crs", "EPSG:4326"),
        (["two.gpkg"], "--layer", "b"),
        (["map.gpkg", "two.xlsx"], "--sheet", "a"),
    ):
        code, stdout, stderr = invoke("inspect", *files, *votes)
        assert (code, option in stdout + stderr) == (2, True), stdout + stderr
        assert invoke("inspect", *files, *votes, option, value)[0] == 0


def test_a_footnote_that_is_left_out_needs_no_figures(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    table = rows("1;5;4;9", "2;2;1;9", "3;5;6;9", "4;7;8;9", "Source: x", header="code;yes;no;n")
    Path("t.csv").write_text(table, encoding="utf-8")
    named: dict[str, Any] = {"units": "map.gpkg", "id": "id", **WIDE, "attributes": ("n",)}
    named |= {side: (named[side],) for side in ("blue", "red")}
    found = read_map(MapFiles(**named, repair=True, without_polygon="drop"))
    assert found.units.attributes["n"].tolist() == [9, 9, 9, 9]
    Path("t.csv").write_text(table.replace("2;2;1;9", "2;2;1;"), encoding="utf-8")
    with pytest.raises(DataError, match=r"line 3: '' is no figure for 'n'"):
        read_map(MapFiles(**named, repair=True, without_polygon="drop"))
