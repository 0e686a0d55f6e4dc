"""A changed bundle is refused wherever it is changed, and an honest one is confirmed.

Samples of what ``fuzz/bundles.py`` does with every field.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import random
import sys
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from partition.scenario import LeastRules, MostRules
from partition.verify import verify

FILE = Path(__file__).parents[3] / "fuzz" / "bundles.py"
SPEC = importlib.util.spec_from_file_location("fuzz_bundles", FILE)
bundles = importlib.util.module_from_spec(SPEC)
sys.modules["fuzz_bundles"] = bundles
SPEC.loader.exec_module(bundles)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles of the country, of a map and of a graph of one's own, with weights and rules."""
    return bundles.write_bundles(tmp_path_factory.mktemp("bundles"), ("states", "map", "graph"))


@pytest.mark.parametrize(("kind", "share"), [("map", 0.3), ("graph", 0.3), ("states", 0.003)])
def test_a_change_of_any_field_is_refused(
    written: dict[str, Path], tmp_path: Path, kind: str, share: float
) -> None:
    rng = random.Random(7)
    attack = bundles.Attack(written[kind], tmp_path / "changed")
    for file in ("run.json", "report.json"):
        attack.fields(file, lambda _path: rng.random() < share, rng)
    attack.lines("plan.csv", lambda _line: rng.random() < (0.0005 if kind == "states" else 0.4))
    assert not attack.faults
    assert attack.counts["False"] > (5 if kind == "states" else 25)


@pytest.mark.parametrize(("kind", "share"), [("map", 0.1), ("graph", 0.2), ("states", 0.006)])
def test_a_change_of_any_number_on_the_page_or_of_the_nations_is_refused(
    written: dict[str, Path], tmp_path: Path, kind: str, share: float
) -> None:
    rng = random.Random(8)
    attack = bundles.Attack(written[kind], tmp_path / "changed")
    attack.page(lambda: rng.random() < share)
    attack.nations(lambda: rng.random() < share / 4)
    assert not attack.faults
    assert attack.counts["False"] > (2 if kind == "states" else 25)


def test_of_every_kind_of_change_none_of_a_figure_is_confirmed(
    written: dict[str, Path], tmp_path: Path
) -> None:
    attack = bundles.Attack(written["map"], tmp_path / "changed")
    few = {("country", "land_km2"), ("nations", "blue", "people"), ("schema_version",)}
    attack.fields("report.json", few.__contains__)
    attack.fields("run.json", {("gap",), ("goals",), ("bound",), ("seed",)}.__contains__)
    assert not attack.faults
    assert attack.counts["False"] > 40


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("units", 5),
        ("id", None),
        ("blue", [1]),
        ("repair", 1),
        ("attributes", {"a": "b"}),
        ("units", ["a"]),
        ("more", "b"),
    ],
)
def test_files_and_columns_that_are_none_are_refused_in_one_line(
    written: dict[str, Path], tmp_path: Path, field: str, value: object
) -> None:
    """Numbers in the place of paths were a traceback."""
    attack = bundles.Attack(written["map"], tmp_path / "changed")
    document = json.loads(attack.originals["run.json"])
    document["scenario"]["data"][field] = value
    bundles.rehash(document)
    attack.try_file("run.json", json.dumps(document).encode(), field)
    assert attack.counts == {"False": 1}
    assert not attack.faults


def test_doubled_keys_and_numbers_that_are_none_are_refused(
    written: dict[str, Path], tmp_path: Path
) -> None:
    attack = bundles.Attack(written["graph"], tmp_path / "changed")
    for file, old, new in (
        ("run.json", '"seed": 0,', '"seed": 0, "seed": 0,'),
        ("report.json", '"election": "vote",', '"election": "vote", "election": "vote",'),
        ("run.json", '"windows": 0', '"windows": NaN'),
        ("run.json", '"runtime_seconds": ', '"runtime_seconds": 1e999, "more": '),
    ):
        content = attack.originals[file].decode()
        assert old in content
        attack.try_file(file, content.replace(old, new, 1).encode(), f"{file}: {new}")
    assert not attack.faults


def test_figures_put_among_formulas_or_under_another_title_are_refused(
    written: dict[str, Path], tmp_path: Path
) -> None:
    attack = bundles.Attack(written["graph"], tmp_path / "changed")
    page = attack.originals["report.md"].decode()
    title = page.split("\n", 1)[0]
    for new in (
        page + "\n| People | 5 |\n",
        page.replace("## Formulas", "## Formulas\n\n## The two nations"),
        page.replace(title, "# A landslide"),
        page.replace("## Formulas", "## More\n\n99 % agree.\n\n## Formulas"),
        page.replace("## The line", "99 % agree.\n\n## The line"),
        page.partition("## The line")[0],
    ):
        attack.try_file("report.md", new.encode(), new[-40:])
    assert attack.counts == {"False": 6}
    assert not attack.faults


def test_honest_bundles_of_any_question_are_confirmed(tmp_path: Path) -> None:
    """Random maps and graphs, weights, shares, pieces; some units have no state."""
    found = 0
    for seed in range(14):
        folder = tmp_path / str(seed)
        folder.mkdir()
        bundle = bundles.random_run(folder, random.Random(seed))
        if bundle is not None:
            verdict = verify(bundle)
            assert verdict.is_recounted
            assert verdict.is_confirmed == (verdict.proof is not None)
            found += verdict.is_confirmed
    assert found >= 8


def test_a_limit_on_every_goal_that_has_one_is_confirmed(tmp_path: Path) -> None:
    """The page says each with its unit of measure; so many million dollars are one figure."""
    path = bundles.write_map(tmp_path, random.Random(4), 3, 2)
    limits = {f"most.{key.name}": 123_000 + place for place, key in enumerate(fields(MostRules))}
    limits |= {f"least.{key.name}": 1 + place for place, key in enumerate(fields(LeastRules))}
    folder = bundles.solve_map(path, limits).write(tmp_path / "run")
    page = (folder / "report.md").read_text()
    assert all(f"{amount:,} " in page for amount in limits.values())
    assert verify(folder).is_confirmed


def test_what_leaves_64_bits_is_recounted_in_whole_numbers(tmp_path: Path) -> None:
    """Votes times their margin are above 2**63; a gain that wrapped around is refused."""
    path = bundles.write_graph(tmp_path, random.Random(1), 6)
    graph = json.loads(path.read_text())
    for node in graph["nodes"]:
        node |= {"yes": node["yes"] + 4_000_000_000, "no": node["no"] + 1000}
    path.write_text(json.dumps(graph))
    folder = bundles.solve_map(path, {"weights.intensity": 1}).write(tmp_path / "run")
    assert verify(folder).is_confirmed
    certificate = json.loads(gzip.decompress((folder / "certificate.json.gz").read_bytes()))
    yes, no = graph["nodes"][2]["yes"], graph["nodes"][2]["no"]
    margin = Fraction(yes * (yes - no), yes + no)
    assert certificate["instance"]["gains"][2][1] == 1000 * yes + round(1000 * margin)
    wrapped = (yes * (yes - no) + 2**63) % 2**64 - 2**63
    certificate["instance"]["gains"][2][1] = 1000 * yes + round(Fraction(1000 * wrapped, yes + no))
    attack = bundles.Attack(folder, tmp_path / "changed")
    packed = gzip.compress(json.dumps(certificate).encode())
    attack.try_file("certificate.json.gz", packed, "gains")
    assert attack.counts == {"False": 1}


@pytest.mark.parametrize("settings", [{"weights.state_splits": 1}, {"units.whole": ["states"]}])
def test_units_without_a_state_are_no_state_together(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    """An honest bundle was refused where some units have no state."""
    path = bundles.write_map(tmp_path, random.Random(0), 4, 3)
    states = [one["properties"]["state"] for one in json.loads(path.read_text())["features"]]
    assert states.count("") > 1
    run = bundles.solve_map(path, settings)
    folder = run.write(tmp_path / "run")
    assert verify(folder).is_confirmed
    report = json.loads((folder / "report.json").read_text())["states"]
    named = {*report["blue_states"], *report["red_states"]}
    assert named | {one["state"] for one in report["split_states"]} == set(states) - {""}
