"""What a notebook shows: in a kernel of its own, and through the formatters of IPython."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageColor

import maps
import partition
from maps.colours import palettes
from partition.pages.notebook import is_notebook
from shapefiles.units import Units

pytest.importorskip("IPython", reason="the notebook's formatters come with IPython")

from IPython.core.formatters import DisplayFormatter

PNG = b"\x89PNG\r\n"


def formatted(value: object) -> dict[str, Any]:
    """Format a value as the last one of a cell."""
    return dict(DisplayFormatter().format(value)[0])


@pytest.fixture
def run(squares: Units) -> partition.Run:
    return partition.solve("counties", data=squares, iterations=2)


def test_a_run_shows_its_table_and_a_small_map(run: partition.Run) -> None:
    shown = formatted(run)
    assert "Blue nation" in shown["text/plain"]
    assert "Blue nation" in shown["text/html"]
    (picture,) = re.findall(
        r'<img alt="[^"]+" src="data:image/png;base64,([^"]+)">', shown["text/html"]
    )
    assert len(picture) < 60_000
    with Image.open(BytesIO(b64decode(picture))) as image:
        colours = {
            image.convert("RGB").getpixel((x, image.height // 2)) for x in range(image.width)
        }
    for side in palettes(*run.question.ballot.colours).light.nations:
        assert ImageColor.getrgb(side) in colours


def test_a_figure_is_shown_as_a_picture_and_not_as_its_name(
    run: partition.Run, squares: Units, tmp_path: Path
) -> None:
    curve = partition.sweep("archipelago", "border=0:1:3", data=squares, runs=tmp_path)
    for figure in (curve.plot(), run.plot()):
        picture = formatted(figure)["image/png"]
        content = picture if isinstance(picture, bytes) else b64decode(picture)
        assert content.startswith(PNG)
        saved = maps.save_static(figure, tmp_path / "figure.png").read_bytes()
        assert saved == maps.save_static(figure, tmp_path / "again.png").read_bytes()


def test_studies_show_tables_and_maps_are_pages(
    run: partition.Run, squares: Units, tmp_path: Path
) -> None:
    own: dict[str, Any] = {"data": squares, "runs": tmp_path, "iterations": 2}
    plans = partition.compare(["counties", "archipelago"], **own)
    assert formatted(plans)["text/html"].count("<tr>") == 3
    curve = partition.sweep("counties", "border=0:2:2", **own)
    sure = partition.robust("counties", seeds=1, survey_time=2, **own)
    for study, word in ((curve, "border"), (sure, "always")):
        shown = formatted(study)
        assert word in shown["text/plain"]
        assert word in shown["text/html"]
    for page in (run.map(), plans.map(), sure.map()):
        assert "srcdoc" in formatted(page)["text/html"]
    assert "counties" in formatted(partition.scenarios())["text/html"]
    for frame in (run.units, run.nations, run.frontier, sure.units):
        assert "<table" in formatted(frame)["text/html"]


def test_a_search_in_a_kernel_shows_a_bar_of_which_nothing_stays(tmp_path: Path) -> None:
    assert not is_notebook()
    nbformat = pytest.importorskip("nbformat", reason="nbclient comes with it")
    nbclient = pytest.importorskip("nbclient", reason="it runs a kernel")
    pytest.importorskip("ipykernel", reason="it is the kernel")
    cells = [
        "import partition",
        "run = partition.solve('archipelago', time_limit=5); None",
        "run",
        "partition.sweep('archipelago', 'border=0:1:2').plot()",
        "silent = partition.solve('archipelago', time_limit=5, on_progress=lambda _: None); None",
        "both = partition.compare(['archipelago', 'status-quo'], time_limit=5); None",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    updates: list[dict[str, Any]] = []

    class Client(nbclient.NotebookClient):  # type: ignore[misc, name-defined]
        def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
            if "display" in msg["msg_type"]:
                updates.append(msg["content"]["data"])
            return super().process_message(msg, cell, cell_index)

    Client(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [cell.outputs for cell in book.cells]
    assert any("<progress" in one["text/html"] for one in updates)
    assert [one.data["text/html"] for one in outputs[1]] == [""]
    assert "<img" in outputs[2][0].data["text/html"]
    assert "image/png" in outputs[3][0].data
    assert outputs[0] == outputs[4] == []
    told = " ".join(one.get("text/plain", "") for one in updates)
    assert all(f"{number} of 2 runs" in told for number in range(3))
    assert [one.data["text/html"] for one in outputs[5]] == [""]
    assert "warning" not in json.dumps(book).lower()
