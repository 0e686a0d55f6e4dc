"""The directive ``gallery``: pages that ``docs/gallery.py`` has made, and pictures of them.

What has not been made is listed with its command, so that the page says what there is in any case.
"""

from __future__ import annotations

import html
import shutil
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

sys.path.insert(0, str(Path(__file__).parents[1]))

from gallery import LIST, TARGET, Entry, entries

PLACE = "_gallery"
"""Folder of the site."""


class Gallery(SphinxDirective):
    """All entries, in their order."""

    def run(self) -> list[nodes.Node]:
        """Write figures of what is there, and a list of what is not."""
        self.env.note_reread()  # pages come and go beside the source
        base = "../" * self.env.docname.count("/") + PLACE
        known = entries()
        there = [entry for entry in known if (TARGET / entry.name / LIST).is_file()]
        figures = "".join(_figure(entry, base) for entry in there)
        found: list[nodes.Node] = [
            nodes.raw("", f'<div class="gallery">{figures}</div>', format="html")
        ]
        lacking = [entry for entry in known if entry not in there]
        if lacking:
            text = "This site was built without the pages of these; the command makes each."
            lines = "\n".join(f"{entry.command:60} # {entry.title}" for entry in lacking)
            found += [nodes.paragraph("", text), nodes.literal_block(lines, lines, language="text")]
        return found


def _figure(entry: Entry, base: str) -> str:
    page = f"{base}/{entry.name}/{Path(entry.page).name}"
    link = html.escape(f"{page}#{entry.view}" if entry.view else page)
    title, about = html.escape(entry.title), html.escape(entry.about)
    return (
        f'<figure><a href="{link}"><img src="{base}/{entry.name}/picture.webp" loading="lazy"'
        f' width="640" height="480" alt="{title}: the page as a browser shows it"></a>'
        f'<figcaption><a href="{link}"><strong>{title}</strong></a><br>{about}'
        f"<br><code>{html.escape(entry.command)}</code></figcaption></figure>"
    )


def copy_pages(app: Sphinx, error: Exception | None) -> None:
    """Copy the pages into the site."""
    if error is None and app.builder.name == "html" and TARGET.is_dir():
        shutil.copytree(TARGET, Path(app.outdir, PLACE), dirs_exist_ok=True)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("gallery", Gallery)
    app.connect("build-finished", copy_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
