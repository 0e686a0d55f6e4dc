"""Every command on files of a stranger: no request, no pipe that it waits for, one line."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.partition.conftest import CODE, Invoke

SPEC = importlib.util.spec_from_file_location("fuzz_strangers", CODE / "fuzz" / "strangers.py")
assert SPEC is not None
assert SPEC.loader is not None
strangers: Any = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(strangers)


@pytest.mark.parametrize(
    "name", ["crs-link.geojson", "arcs-url.topojson", "wfs.gml", "view-0.gpkg"]
)
def test_no_command_asks_the_server_that_a_file_names(
    name: str, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with strangers.listening() as listener:
        content = strangers.network_files(listener.address)[name]
        for files in (strangers.bundle(content), {name: content}):
            for file, text in files.items():
                (tmp_path / file).parent.mkdir(exist_ok=True)
                (tmp_path / file).write_bytes(text)
        own = ["--id", "id", "--blue", "blue", "--red", "red"]
        columns = 'id = "id"\nblue = ["blue"]\nred = ["red"]\n'
        page = f'title = "a"\ndescription = "b"\n[data]\nunits = "{name}"\n{columns}'
        (tmp_path / "mine.toml").write_text(page)
        (tmp_path / "plan.csv").write_text("id,District\na,1\n")
        for command in (
            ["inspect", name, "--id", "id"],
            ["solve", "--units", name, *own],
            ["measure", "plan.csv", "mine.toml"],
            ["compare", "mine.toml", "--jobs", "1"],
            ["verify", "run"],
            ["export", "run", "a.geojson"],
        ):
            code, _, said = invoke(*command)
            assert code in {1, 2}, (command, said)
            assert len(said.splitlines()) <= 3, said
        assert listener.requests == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_no_command_waits_for_a_pipe_in_a_folder_of_a_run(invoke: Invoke, tmp_path: Path) -> None:
    assert invoke("solve", "archipelago", "--out", "runs/good", "--quiet")[0] == 0
    for file in ("run.json", "plan.csv"):
        folder = tmp_path / "runs" / f"bad-{file}"
        shutil.copytree(tmp_path / "runs" / "good", folder)
        (folder / file).unlink()
        os.mkfifo(folder / file)
        for command in (["verify", str(folder)], ["export", str(folder), "a.csv"]):
            code, _, said = invoke(*command)
            assert code == 2, said
            assert "pipe" in said
    os.mkfifo(tmp_path / "pipe.toml")
    code, _, said = invoke("solve", "pipe.toml")
    assert code == 2
    assert "is a device or a pipe" in said
    code, out, said = invoke("compare", "archipelago", "--jobs", "1", "--json")
    assert code == 0, said
    assert [one["scenario"] for one in json.loads(out)["plans"]] == ["archipelago"]
