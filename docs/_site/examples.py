"""Examples of a page, run when the page is built, in their order and in a folder of their own.

What runs: every line after a ``$`` in a block ``console``, every ``>>>`` and every block of
``python``. Blocks with a caption are files that the reader saves under that name, and files that
a page offers for download lie there as well. What is printed must be what the page says, where
``...`` stands for anything; a command that fails must say its ``[exit code N]``. A block below a
comment ``<!-- not run: why -->`` is left out, and the page says why.

The directive ``made`` shows a picture that an example has made, and links what it belongs to.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

log = logging.getLogger(__name__)

RUNNER = Path(__file__).with_name("run_examples.py")
MADE = "_made"
"""Folder of the site for what examples make."""

NOT_RUN = "<!-- not run: "
PROGRAMS = {"console", "python", "pycon"}


class made(nodes.General, nodes.Element):  # noqa: N801 (docutils calls nodes so)
    """A picture that an example makes."""


class Made(SphinxDirective):
    """``{made} runs/x/map.png``: a picture from the folder of the examples, with its page."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "alt": directives.unchanged_required,
        "page": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Write the figure; the files are copied when the examples have run."""
        picture, page = self.arguments[0], self.options.get("page")
        base = "../" * self.env.docname.count("/") + f"{MADE}/{self.env.docname}"
        figure = nodes.figure(classes=["made"])
        image = nodes.raw(
            "",
            f'<img src="{base}/{picture}" alt="{nodes.unescape(self.options["alt"])}">',
            format="html",
        )
        self.set_source_info(image)
        wanted = made(files=[picture, *([page] if page else [])])
        self.set_source_info(wanted)
        if page:
            link = f'<a class="made-page" href="{base}/{page}">Open this page</a>'
            image = nodes.raw(
                "", f'<a href="{base}/{page}">{image.astext()}</a>{link}', format="html"
            )
        figure += image
        if self.content:
            caption = nodes.caption()
            parsed = nodes.Element()
            self.state.nested_parse(self.content, self.content_offset, parsed)
            if isinstance(parsed[0], nodes.paragraph):
                caption += parsed[0].children
            figure += caption
        return [figure, wanted]


def _steps(document: nodes.document) -> Iterator[tuple[nodes.Element, dict[str, Any]]]:
    for node in list(document.findall(nodes.literal_block)):
        text = node.astext()
        wrapper = node.parent
        if isinstance(wrapper, nodes.container) and wrapper.get("literal_block"):
            yield node, {"kind": "file", "name": wrapper[0].astext(), "text": text + "\n"}
            continue
        language = node.get("language")
        if language not in PROGRAMS or _is_left_out(node):
            continue
        if language == "console" and not text.startswith("$ "):
            log.warning(
                "a block of commands that is neither run ($) nor says why not (%swhy -->)",
                NOT_RUN,
                location=node,
                type="examples",
            )
            continue
        is_console = language == "console"
        yield node, {"kind": "console" if is_console else "python", "text": text}


def _is_left_out(node: nodes.Element) -> bool:
    place = node.parent.index(node)
    before = node.parent[place - 1] if place else None
    if not (isinstance(before, nodes.comment | nodes.raw) and NOT_RUN in before.astext()):
        return False
    why = before.astext().strip().removeprefix(NOT_RUN).removesuffix("-->").strip()
    node.parent[place - 1] = nodes.paragraph(
        "", f"Not run when this site is built: {why}.", classes=["not-run"]
    )
    return True


def _downloads(document: nodes.document, folder: Path) -> Iterator[Path]:
    for node in document.findall(addnodes.download_reference):
        yield folder / node["reftarget"]


def run_examples(app: Sphinx, document: nodes.document) -> None:
    """Run what a page shows, and complain where it is not as the page says."""
    docname = app.env.docname
    if not docname.startswith("docs/") or "/generated/" in docname:
        return  # the tests run what the README shows, and the examples of docstrings
    steps = list(_steps(document))
    wanted = [name for node in document.findall(made) for name in node["files"]]
    for node in list(document.findall(made)):
        node.parent.remove(node)
    if app.builder.name != "html" or not app.config.run_examples:
        return
    if not any(one["kind"] != "file" for _, one in steps):
        return
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for path in _downloads(document, Path(app.env.doc2path(docname)).parent):
            if path.is_file() and path.suffix != ".py":
                shutil.copy(path, place)
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(RUNNER)],
            input=json.dumps([one for _, one in steps]),
            cwd=place,
            env=os.environ | {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        log.info("%s: examples in %.1f s", docname, time.monotonic() - started)
        if done.returncode:
            log.warning("the examples ended: %s", done.stderr, location=docname, type="examples")
            return
        for fault in json.loads(done.stdout):
            log.warning("%s", fault["what"], location=steps[fault["step"]][0], type="examples")
        for file in wanted:
            target = Path(app.outdir, MADE, docname, file)
            target.parent.mkdir(parents=True, exist_ok=True)
            if (place / file).is_file():
                shutil.copy(place / file, target)
            else:
                log.warning("no example makes %s", file, location=docname, type="examples")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive and the runner."""
    app.add_config_value("run_examples", True, "", bool)
    app.add_node(made)
    app.add_directive("made", Made)
    app.connect("doctree-read", run_examples)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
