"""What a notebook shows: a search under way, and a run with a small map."""

from __future__ import annotations

import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.jupyter import JupyterMixin

from partition.pages.display import Watch
from partition.scenario import LONGEST

if TYPE_CHECKING:
    from partition.question.question import Question
    from partition.runs.run import Run
    from solvers.result import Progress

_LINE = "font-family: monospace; font-size: 90%; white-space: pre"


def is_notebook() -> bool:
    """Whether this is the kernel of a notebook, and not a terminal or a program."""
    loaded = sys.modules.get("IPython")
    shell = None if loaded is None else loaded.get_ipython()
    return getattr(shell, "kernel", None) is not None


@contextmanager
def watching_in_notebook(question: Question) -> Iterator[Callable[[Progress], None] | None]:
    """Show a bar and a line of progress in this block, where a notebook can; nothing stays of it.

    Parameters
    ----------
    question
        What is solved.
    """
    if not is_notebook():
        yield None
        return
    from IPython.display import display  # noqa: PLC0415 - a kernel has loaded it

    limits, is_plain = question.scenario.limits, question.scenario.weights.is_plain
    voters = question.dataset.n_voters(question.election) if is_plain else None
    watch = Watch(Console(quiet=True), voters, question.scale)
    handle = display(_bar(watch, 0.0, limits.time_limit), raw=True, display_id=True)

    def show(progress: Progress) -> None:
        watch(progress)
        handle.update(_bar(watch, progress.seconds, limits.time_limit), raw=True)

    try:
        yield show
    finally:
        handle.update({"text/html": "", "text/plain": ""}, raw=True)


@contextmanager
def counting_in_notebook(n_runs: int) -> Iterator[Callable[[str], None] | None]:
    """Show how many runs of a study have ended in this block; nothing stays of it.

    Parameters
    ----------
    n_runs
        Runs that there are to be.

    Yields
    ------
    Callable or None
        To be told what each run is called as it ends; None where there is no notebook.
    """
    if not is_notebook():
        yield None
        return
    from IPython.display import display  # noqa: PLC0415 - a kernel has loaded it

    n_ended = 0
    handle = display(_count(0, n_runs, ""), raw=True, display_id=True)

    def tell(label: str) -> None:
        nonlocal n_ended
        n_ended += 1
        handle.update(_count(n_ended, n_runs, label), raw=True)

    try:
        yield tell
    finally:
        handle.update({"text/html": "", "text/plain": ""}, raw=True)


def _count(n_ended: int, n_runs: int, label: str) -> dict[str, str]:
    line = f"{n_ended:,} of {n_runs:,} runs" + (f", the last one {label}" if label else "")
    html = (
        f'<progress value="{n_ended}" max="{n_runs}"></progress> '
        f'<span style="{_LINE}">{escape(line)}</span>'
    )
    return {"text/html": html, "text/plain": line}


def _bar(watch: Watch, seconds: float, limit: float) -> dict[str, str]:
    """Draw how much of the time is gone, and say where the search stands.

    A search that rounds end, not the clock, has a bar without a length.
    """
    share = "" if limit >= LONGEST else f' value="{min(seconds / limit, 1):.3f}"'
    line = watch.line().plain
    html = f'<progress{share}></progress> <span style="{_LINE}">{escape(line)}</span>'
    return {"text/html": html, "text/plain": line}


def bundle(run: Run, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> dict[str, str]:
    """Show a run: its table, and a small map where there is something to draw.

    Parameters
    ----------
    run
        A finished run.
    include, exclude
        Kinds of representation, as a notebook asks for them; all unless given.
    """
    renderable: Any = run
    shown: dict[str, str] = JupyterMixin._repr_mimebundle_(renderable, include, exclude)
    units = run.question.units
    if "text/html" not in shown or not units.has_polygons:
        return shown
    import maps  # noqa: PLC0415 - loads matplotlib
    from maps.colours import palettes  # noqa: PLC0415

    light = palettes(*run.question.ballot.colours).light
    picture = b64encode(maps.thumbnail(units, run.plan, palette=light)).decode()
    image = f'<img alt="The two nations" src="data:image/png;base64,{picture}">'
    return {**shown, "text/html": f"{shown['text/html']}{image}"}
