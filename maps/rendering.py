"""Pages that can be rendered any number of times, to the same bytes.

Folium renders by changing the page: every element puts its code into the figure, and markers with
icons get a child. Rendered again, such a page would hold some of it twice. Its elements have random
ids as well, so that no page would be the same twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import folium
from branca.element import Element, Figure


class RepeatableFigure(Figure):  # type: ignore[misc]
    """A figure that is after rendering what it was before."""

    def render(self, **kwargs: Any) -> str:
        """Render the page, as :class:`branca.element.Figure` does."""
        with _unchanged(self):
            return str(super().render(**kwargs))


class ZoomableMap(folium.Map):  # type: ignore[misc]
    """A map on a page that its reader may enlarge, which Folium forbids."""

    def render(self, **kwargs: Any) -> None:
        """Render the map, and allow to zoom in on its page (WCAG 2.2, success criterion 1.4.4)."""
        super().render(**kwargs)
        header = str(self._template.module.header(self, kwargs))
        allowed = header.replace(", maximum-scale=1.0, user-scalable=no", "")
        self.get_root().header.add_child(Element(allowed), name=self.get_name())


def make_repeatable(page: folium.Map) -> None:
    """Move a map to a figure that can be rendered again and again."""
    figure = RepeatableFigure()
    figure.title = page.get_root().title
    page.add_to(figure)


def number_elements(page: folium.Map, content: object) -> None:
    """Give the elements of a page ids that follow from what the page shows.

    Parameters
    ----------
    page
        The map, with all its own elements; what somebody adds later keeps its random id.
    content
        What the page shows, as plain values: another page has other ids.
    """
    seed = hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
    names = {}
    for number, element in enumerate(descendants(page.get_root())):
        old = element.get_name()
        element._id = hashlib.sha256(f"{seed} {number}".encode()).hexdigest()[:32]
        names[old] = element.get_name()
    for element in descendants(page.get_root()):
        element._children = type(element._children)(
            (names.get(key, key), child) for key, child in element._children.items()
        )


def descendants(element: Element) -> Iterator[Element]:
    """List an element and all that are on it, at any depth, each once.

    Some hold others without being their parents: markers that stand for points of GeoJSON, and
    what sets the icon of a marker, which holds the marker.
    """
    seen: dict[int, Element] = {}
    waiting = [element]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        yield one
        held = [value for key, value in vars(one).items() if key != "_parent"]
        children = [*one._children.values(), *(other for other in held if _is_element(other))]
        waiting.extend(reversed(children))


def _is_element(value: object) -> bool:
    return isinstance(value, Element)


@contextmanager
def _unchanged(figure: Figure) -> Iterator[None]:
    """Undo whatever is done to the elements of a figure in this block."""
    states = [(one, dict(vars(one)), one._children.copy()) for one in descendants(figure)]
    try:
        yield
    finally:
        for element, state, children in states:
            vars(element).clear()
            vars(element).update(state)
            element._children = children
