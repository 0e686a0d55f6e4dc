"""Formulas as MathML, which browsers draw themselves: the site works without a network."""

from __future__ import annotations

from docutils import nodes
from docutils.utils.math import latex2mathml
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)

PLAINER = {r"\Big": "", r"\iff": r"\Longleftrightarrow "}
"""What docutils does not know, and what says the same; it stretches fences itself."""


def _draw(writer: HTML5Translator, node: nodes.Element, *, is_block: bool) -> None:
    formula = node.astext()
    for command, plain in PLAINER.items():
        formula = formula.replace(command, plain)
    try:
        written = latex2mathml.tex2mathml(formula, as_block=is_block)
    except ValueError as error:
        log.warning("%s in the formula %s", error, node.astext(), location=node)
        written = f"<code>{node.astext()}</code>"
    tag = "div" if is_block else "span"
    writer.body.append(f'<{tag} class="math">{written}</{tag}>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer."""
    app.add_html_math_renderer(
        "mathml",
        (lambda writer, node: _draw(writer, node, is_block=False), None),
        (lambda writer, node: _draw(writer, node, is_block=True), None),
    )
    return {"parallel_read_safe": True, "parallel_write_safe": True}
