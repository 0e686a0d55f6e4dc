"""The commands of the README, as printed and in their order, and all of them once more."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from tests.partition.conftest import Invoke

ROOT = Path(__file__).parents[2]

SHORTER = {
    "--iterations 40": "--iterations 2",
    "border=0:100": "border=0:1",
    "--within 0.01": "--within 0.2",
    "--points -5:5:11": "--points 1",
}
"""What takes less time here and asks the same."""

ELSEWHERE = ("partition fetch", "python -m")
"""What needs a network."""


def commands() -> Iterator[str]:
    """List the commands as a person types them, with limits that a test can wait for."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"```console\n(.*?)```", readme, re.DOTALL):
        for line in block.splitlines():
            text = re.sub(r"\s+# .*", "", line)
            if not text or text.startswith(ELSEWHERE):
                continue
            for long, short in SHORTER.items():
                text = text.replace(long, short)
            text = re.sub(r" --time-limit \d+", "", text)
            if text.split()[1] in {"solve", "compare", "robust", "cascade", "swing"}:
                # A proof needs a relaxation, which a busy machine may not have solved in a second.
                text += " --iterations 1" if "--certificate" in text else " --time-limit 1"
            if text.split()[1] == "alternatives":
                text = text.replace("counties --within 0.006", "archipelago --apart 50 --count 1")
                text += " --time-limit 1"
            if text.split()[1] == "stable":
                text += " --search-time 1 --groups 1"
            if text.split()[1] == "robust":
                text += " --survey-time 1"
            yield text


def write_files(folder: Path) -> None:
    """Write what the README takes for granted: a scenario, a map with votes, and a dual graph."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (page,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (folder / "mine.toml").write_text(page, encoding="utf-8")
    ids = [f"{unit:02}" for unit in range(12)]
    squares = [shapely.box(unit % 4, unit // 4, unit % 4 + 1, unit // 4 + 1) for unit in range(12)]
    frame = gpd.GeoDataFrame({"GEOID": ids}, geometry=squares, crs="EPSG:4326")
    frame.to_file(folder / "precincts.gpkg")
    votes = [(unit, unit * 37 % 91 + 5, unit * 53 % 83 + 5) for unit in range(12)]
    lines = [f"{ids[unit]},{yes},{no}" for unit, yes, no in votes]
    (folder / "votes.csv").write_text("\n".join(["GEOID,yes,no", *lines]), encoding="utf-8")


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="a distribution without its README")
def test_the_commands_of_the_readme_run_in_their_order_and_again(
    invoke: Invoke, tmp_path: Path
) -> None:
    write_files(tmp_path)
    given = list(commands())
    assert len(given) > 15
    folders = []
    for _ in range(2):
        for command in given:
            words = shlex.split(command.partition(" > ")[0])
            code, _, stderr = invoke(*words[1:])
            assert code == 0, f"{command}: {stderr}"
        folders.append({one.parent for one in tmp_path.glob("*/*/*.json")})
    assert folders[0] <= folders[1]
