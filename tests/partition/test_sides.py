"""Two sides with names and colours: they are everywhere, and change nothing that is asked."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch

import maps
import partition
from partition.errors import CertificateError, InputError, ScenarioError
from partition.land.ballot import Ballot
from partition.runs.reading import read
from partition.scenario import Scenario, Side, Sides
from partition.verify import verify
from shapefiles.units import Units

Invoke = Callable[..., tuple[int, str, str]]

NAMED = Sides(Side("Remain", "3b6fb6"), Side("Leave", "d98a1f"))
OPTIONS = ("--blue-name", "Remain", "--red-name", "Leave")
COLOURS = ("--blue-colour", "3b6fb6", "--red-colour", "D98A1F")

# A word of the program's for a side, where a page shows it: colours of styles and keys are code.
OLD_WORDS = re.compile(r"\b(Blue|Red|Clinton|Trump)\b|\b(blue|red) (nation|one)\b|[Tt]wo-party")


@pytest.fixture
def referendum(invoke: Invoke, tmp_path: Path) -> tuple[str, ...]:
    """Options that name a map of six squares with votes on a question."""
    features = []
    for unit, (yes, no) in enumerate([(90, 25), (60, 40), (20, 83), (80, 20), (30, 70), (10, 97)]):
        x, y = -74 + unit % 3 / 10, 45 + unit // 3 / 10
        corners = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
        features.append(
            {
                "type": "Feature",
                "properties": {"id": f"{unit}", "yes_2016": yes, "no_2016": no},
                "geometry": {"type": "Polygon", "coordinates": [corners]},
            }
        )
    document = {"type": "FeatureCollection", "features": features}
    (tmp_path / "little_land.geojson").write_text(json.dumps(document), encoding="utf-8")
    return (
        "--units", "little_land.geojson", "--id", "id", "--blue", "yes_2016", "--red", "no_2016",
        "--attributes", "population=yes_2016",
    )  # fmt: skip


def shown_text(page: str) -> str:
    """Texts of a page that a person can see or hear: without code, styles and data of the map."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", " ", body)


def test_names_and_colours_are_on_everything_that_a_run_writes(
    invoke: Invoke, referendum: tuple[str, ...], tmp_path: Path
) -> None:
    code, out, err = invoke("solve", *referendum, *OPTIONS, *COLOURS, "--out", "run")
    assert code == 0, err
    assert "Remain nation" in out
    assert "Leave votes" in out
    assert "Little land, divided in two" in out
    report = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    page = (tmp_path / "run" / "map.html").read_text(encoding="utf-8")
    told = report.partition("## Formulas")[0]
    for text in (out, told, shown_text(page)):
        assert "Remain" in text
        assert "Leave" in text
        assert not OLD_WORDS.search(text), OLD_WORDS.search(text)
    assert "of Remain and Leave voters live in the nation they voted for" in shown_text(page)
    assert "--nation-blue: #3b6fb6" in page
    assert "--nation-red: #d98a1f" in page
    data = json.loads(re.search(r'id="plan-data">(.*?)</script>', page)[1])  # type: ignore[index]
    assert data["parties"] == data["nations"] == ["Leave", "Remain"]
    figures = json.loads((tmp_path / "run" / "report.json").read_text(encoding="utf-8"))
    assert figures["sides"] == {"blue": "Remain", "red": "Leave"}
    assert invoke("verify", "run")[0] == 0
    # Another name on the page is found out, and so is one that could hide a figure.
    (tmp_path / "run" / "report.md").write_text(report.replace("Remain nation", "Stay nation"))
    with pytest.raises(CertificateError, match="The two nations"):
        verify(tmp_path / "run")
    document = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    document["scenario"]["sides"]["blue"]["name"] = "1"
    (tmp_path / "run" / "run.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(CertificateError, match=r"sides\.blue\.name"):
        verify(tmp_path / "run")


def test_no_name_of_a_column_or_of_nothing_is_shown_without_names(
    invoke: Invoke, referendum: tuple[str, ...], tmp_path: Path
) -> None:
    code, out, err = invoke("solve", *referendum, "--out", "run")
    assert code == 0, err
    page = (tmp_path / "run" / "map.html").read_text(encoding="utf-8")
    for text in (out, shown_text(page)):
        assert "yes_2016" not in text
        assert "Two contiguous nations" not in text
        assert "two-party" not in text
    assert 'class="kicker"' not in page
    figures = json.loads((tmp_path / "run" / "report.json").read_text(encoding="utf-8"))
    assert "sides" not in figures
    assert "sides" not in json.loads((tmp_path / "run" / "run.json").read_text())["scenario"]


def test_a_finished_run_is_shown_with_other_names_and_stays_the_same_run(
    invoke: Invoke, referendum: tuple[str, ...], tmp_path: Path
) -> None:
    assert invoke("solve", *referendum, "--out", "run", "-q")[0] == 0
    code, _, err = invoke("export", "run", "new.html", "new.geojson", "new.svg", *OPTIONS, *COLOURS)
    assert code == 0, err
    page = (tmp_path / "new.html").read_text(encoding="utf-8")
    assert "Remain nation" in shown_text(page)
    assert not OLD_WORDS.search(shown_text(page))
    units = json.loads((tmp_path / "new.geojson").read_text(encoding="utf-8"))["features"]
    with (tmp_path / "run" / "plan.csv").open(newline="") as stream:
        plan = {line["GEOID"]: line["nation"] for line in csv.DictReader(stream)}
    called = {"blue": "Remain", "red": "Leave"}
    for one in units:
        values = one["properties"]
        assert values["nation"] == called[plan[values["GEOID"]]]
        assert {"Remain_votes", "Leave_votes"} <= set(values)
    assert "#d98a1f" in (tmp_path / "new.svg").read_text(encoding="utf-8")
    run = read(tmp_path / "run")
    again = run.shown_as(NAMED)
    assert again.question.identity == run.question.identity
    assert again.report.ballot.nations == ("Remain", "Leave")
    assert again.report.whole == run.report.whole
    assert again.shown_as(Sides()).scenario == run.scenario


def test_names_and_colours_do_not_change_what_is_asked(squares: Units) -> None:
    plain = partition.solve(data=squares)
    named = partition.solve(data=squares, sides=NAMED)
    assert named.question.identity == plain.question.identity
    assert named.plan == plain.plan
    assert replace(named.report, ballot=plain.report.ballot) == plain.report
    assert named.scenario.but(blue_name="Aye", red_name="No").name == plain.scenario.name
    # What is asked still makes a difference.
    assert partition.solve(data=squares, seed=1).question.identity != plain.question.identity


@pytest.mark.parametrize(
    ("sides", "wrong"),
    [
        ({"blue": {"name": "Remain"}}, r"red\.name is missing.*--red-name"),
        ({"blue": {"name": "A"}, "red": {"name": "a"}}, "two names"),
        ({"blue": {"name": "1"}, "red": {"name": "2"}}, "letter"),
        ({"blue": {"name": "x\ny"}, "red": {"name": "z"}}, "one line"),
        ({"blue": {"name": "x" * 31}, "red": {"name": "z"}}, "31 characters"),
        ({"blue": {"colour": "bleu"}}, "no colour"),
        ({"blue": {"color": "blue"}}, r"color is not a known key.*colour"),
    ],
)
def test_wrong_names_and_colours_are_refused_in_a_line(
    sides: dict[str, object], wrong: str
) -> None:
    with pytest.raises(ScenarioError, match=wrong) as caught:
        Scenario.shipped("counties").override(sides=sides)
    assert "\n" not in str(caught.value)


def test_colours_that_are_too_much_alike_are_refused_with_a_remedy_that_works(
    invoke: Invoke, referendum: tuple[str, ...]
) -> None:
    asked = ("solve", *referendum, "--out", "run", "-q")
    code, out, err = invoke(*asked, "--blue-colour", "green", "--red-colour", "red")
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    remedy = re.search(r"\((--blue-colour \w+ --red-colour \w+)\)", err)
    assert remedy is not None
    assert invoke(*asked, *remedy[1].split())[0] == 0


def test_a_scenario_of_the_program_speaks_of_the_sides_by_their_names() -> None:
    for name in ("counties", "confederation", "canada", "states"):
        plain = Scenario.shipped(name)
        named = plain.override(sides=Sides(Side("Aye"), Side("Red October")))
        assert "blue" not in f"{named.title} {named.description}".lower()
        again = named.override(sides=NAMED)
        assert "Aye" not in f"{again.title} {again.description}"
        assert again.override(sides=Sides()) == plain
    own = replace(Scenario.shipped("counties"), title="A blue sky", description="Red is mine.")
    assert own.override(sides=NAMED).title == "A blue sky"


def test_plans_are_compared_under_one_pair_of_names(squares: Units, tmp_path: Path) -> None:
    asked = [Scenario.shipped(one) for one in ("counties", "archipelago")]
    land = replace(squares, votes={"a vote": squares.votes["2016"]})
    found = partition.compare(asked, data=land, sides=NAMED, runs=tmp_path / "runs", n_jobs=1)
    written = {one.name: one for one in found.write(tmp_path / "study")}
    for text in (
        written["comparison.md"].read_text(encoding="utf-8"),
        shown_text(written["comparison.html"].read_text(encoding="utf-8")),
        found._repr_html_(),
    ):
        assert "Remain" in text
        assert not OLD_WORDS.search(text), OLD_WORDS.search(text)
    mixed = [asked[0].override(sides=NAMED), asked[1]]
    with pytest.raises(InputError, match="--blue-name"):
        partition.compare(mixed, data=squares, runs=tmp_path / "runs", n_jobs=1)


def test_a_sweep_is_drawn_in_the_colours_and_words_of_the_sides(
    squares: Units, tmp_path: Path
) -> None:
    land = replace(squares, votes={"a vote": squares.votes["2016"]})
    found = partition.sweep("archipelago", ["border=0:10:3"], data=land, sides=NAMED)
    page = maps.save(found.map(), tmp_path / "sweep.html").read_text(encoding="utf-8")
    assert "--nation-blue: #3b6fb6" in page
    assert "of Remain and Leave voters live in the nation they voted for" in shown_text(page)
    assert not OLD_WORDS.search(shown_text(page)), OLD_WORDS.search(shown_text(page))
    data = json.loads(re.search(r'id="plan-data">(.*?)</script>', page)[1])  # type: ignore[index]
    names = {one["name"] for one in data["explored"]["measures"]}
    assert {"Remain voters stranded", "People, Leave"} <= names
    assert not any(OLD_WORDS.search(name) for name in names)
    colours = {to_hex(one.get_facecolor()) for one in found.plot().findobj(PathPatch)}
    assert {"#3b6fb6", "#d98a1f"} <= colours


def test_sides_are_called_as_people_call_them() -> None:
    assert Ballot.known("2020").voters == "two-party voters"
    assert Ballot.known("2020").shown_as(NAMED).voters == "two-party voters"
    assert Ballot("", "Yes", "No").voters == "Yes and No voters"
    assert Ballot("").voters == "voters"
    assert np.array_equal(Ballot("").nation_names, ("Blue", "Red"))


def test_the_files_of_a_run_keep_its_names_when_others_are_given_later(
    invoke: Invoke, referendum: tuple[str, ...], tmp_path: Path
) -> None:
    asked = ("solve", *referendum, "--gap", "0", "-q", "--blue-name", "Yes", "--red-name", "No")
    assert invoke(*asked)[0] == 0
    (folder,) = (one for one in (tmp_path / "runs").iterdir() if one.name[0] != ".")

    def names() -> tuple[str, str]:
        assert verify(folder).is_confirmed
        told = json.loads((folder / "report.json").read_text())["sides"]
        assert "Remain" not in "".join(
            (folder / one).read_text() for one in ("report.md", "run.json", "map.html")
        )
        return told["blue"], told["red"]

    before = names()
    assert invoke("stable", str(folder), "--in-report", "-q", *OPTIONS)[0] == 0
    assert names() == before
    assert "stability" in json.loads((folder / "run.json").read_text())
    for name in ("report.json", "report.md", "map.html"):
        (folder / name).unlink()
    assert invoke("export", str(folder), *OPTIONS)[0] == 0
    assert names() == before
    assert invoke("export", str(folder), "other.html", *OPTIONS)[0] == 0
    assert "Remain" in (tmp_path / "other.html").read_text()
    assert invoke("solve", *referendum, "--gap", "0", "-q", "--stable", *OPTIONS)[0] == 0
    assert names() == before


def test_a_name_acts_as_nothing_in_a_report(squares: Units, tmp_path: Path) -> None:
    named = Sides(Side("<script>alert(1)</script>"), Side("[x](y) *z*"))
    folder = partition.solve("archipelago", data=squares, sides=named).write(tmp_path / "run")
    text = (folder / "report.md").read_text()
    assert "alert" in text
    assert not re.findall(r"(?<!\\)(<script|\[x|\*z)", text)
