"""The elements of a page, each a Folium element with its template and code in ``assets/``."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, MacroElement
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps.places import Place
from maps.rendering import descendants
from maps.robustness import RobustLegend
from maps.style import AGREEMENT_BREAKS, BUILT_IN, MARGIN_BREAKS, Palettes
from maps.summary import CREDIT, MapSummary
from maps.switching import SwitchingGroup

ASSETS = Path(__file__).parent / "assets"
LEAFLET = "leaflet-1.9.4"

_UNREAD = re.compile(r"^(?:[ \t]*(?:/\*.*?\*/[ \t]*|//[^\n]*)\n)*[ \t]*", re.MULTILINE | re.DOTALL)
"""What programs do not read in code of ours: where a line is a comment, and how a line begins."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined
)
# Lists of numbers make up most of a page: nothing but a comma between them.
_TEMPLATES.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
_TEMPLATES.globals["credit"] = CREDIT


DRAWING = (
    "topology.js",
    "circles.js",
    "units.js",
    "colouring.js",
    "fills.js",
    "nations.js",
    "name-lines.js",
    "places.js",
)
"""Code that draws units and plans, in the order in which it builds on what came before."""


class Literal(Element):  # type: ignore[misc]
    """Text that is finished: what looks like a template in it stays as it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_kwargs: Any) -> str:
        """Give back the text."""
        return self.text


class PageElement(MacroElement):  # type: ignore[misc]
    """A macro element whose output is rendered once.

    Branca compiles the output of a macro as a template again, and so would run a county called
    ``{{ 7 * 7 }}``. The template and the code are the files of ``assets/`` that `template` and
    `scripts` name; the code comes before whatever uses it, once for all elements of a class.
    """

    template = ""
    scripts: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self._name = type(self).__name__
        self._compile()

    def _compile(self) -> None:
        self._template = _TEMPLATES.get_template(self.template) if self.template else None

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Compile the template, which no copy takes along."""
        super().__setstate__(state)
        self._compile()

    def render(self, **kwargs: Any) -> None:
        """Put what the macros ``header``, ``html`` and ``script`` make in its place."""
        figure = self.get_root()
        if self.scripts:
            code = f"<script>\n{_join(*self.scripts)}\n</script>"
            figure.header.add_child(Literal(code), name=f"code of {self._name}")
        for place in ("header", "html", "script"):
            macro = getattr(self._template.module, place, None) if self._template else None
            if macro is not None:
                getattr(figure, place).add_child(
                    Literal(str(macro(self, kwargs))), name=self.get_name()
                )


class InlinedLeaflet(PageElement):
    """Leaflet's code, style and marker, inside the page instead of linked from elsewhere.

    Folium's popups work without jQuery, by a few lines in its place. Its :class:`folium.Icon` does
    not work: that needs style sheets and fonts of a megabyte.
    """

    template = "leaflet.html.jinja"
    scripts = ("folium.js",)

    def __init__(self) -> None:
        super().__init__()
        # The style's images are a layer control and a marker; the source map is for debuggers.
        css = _read(f"{LEAFLET}/leaflet.css")
        css = css.replace("url(images/marker-icon.png)", "none")
        layers = f'url("{_data_uri("layers.svg", "image/svg+xml")}")'
        for image in ("layers", "layers-2x"):
            css = css.replace(f"url(images/{image}.png)", layers)
        code, _, _ = _read(f"{LEAFLET}/leaflet.js").partition("//# sourceMappingURL=")
        self.css = Markup(css)
        self.javascript = Markup(code)
        self.icons = {
            "iconUrl": _data_uri(f"{LEAFLET}/images/marker-icon.png"),
            "iconRetinaUrl": _data_uri(f"{LEAFLET}/images/marker-icon-2x.png"),
            "shadowUrl": _data_uri(f"{LEAFLET}/images/marker-shadow.png"),
        }

    def render(self, **kwargs: Any) -> None:
        """Put Leaflet in its place, or refuse a layer that needs more than that.

        Raises
        ------
        ValueError
            When there is a :class:`folium.Icon` on the page.
        """
        if any(isinstance(one, folium.Icon) for one in descendants(self.get_root())):
            raise ValueError(
                "folium.Icon needs Bootstrap and Font Awesome, which a map that asks no server for "
                "anything leaves out. Take folium.DivIcon or folium.CustomIcon, or no icon at all."
            )
        super().render(**kwargs)


class Theme(PageElement):
    """Colours of the light and of the dark theme, and the button that changes between them.

    Parameters
    ----------
    styles
        Style sheets of the page, as names of files in ``assets/``.
    palettes
        Colours of both themes.
    """

    template = "theme.html.jinja"
    scripts = ("theme.js",)
    faces = (
        ("Newsreader", 400, "Newsreader-Regular.ttf"),
        ("Newsreader", 700, "Newsreader-Bold.ttf"),
        ("Public Sans", 400, "PublicSans-Regular.ttf"),
        ("Public Sans", 600, "PublicSans-SemiBold.ttf"),
    )

    def __init__(
        self, styles: Sequence[str] = ("page.css",), palettes: Palettes = BUILT_IN
    ) -> None:
        super().__init__()
        self.light, self.dark = palettes
        self.fonts = [
            (family, weight, _data_uri(f"fonts/{file}", "font/ttf"))
            for family, weight, file in self.faces
        ]
        self.css = _join(*styles)


class NationsLayer(PageElement):
    """The units of a plan, drawn on a map.

    Parameters
    ----------
    data
        What the code draws; see :func:`maps.interactive.units_data`.
    """

    template = "nations.html.jinja"
    scripts = DRAWING

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.data = dict(data)


class Legends(PageElement):
    """A panel with the legends of the views.

    Parameters
    ----------
    has_no_votes
        Whether there are units in which nobody voted.
    robustness
        What stands beside the view of robustness; None where there is no such view.
    """

    agreement_breaks = AGREEMENT_BREAKS

    def __init__(self, *, has_no_votes: bool, robustness: RobustLegend | None = None) -> None:
        super().__init__()
        self.has_no_votes = has_no_votes
        self.robustness = robustness

    @staticmethod
    def shade_names(side: str) -> list[str]:
        """Name the shades of one side, palest first."""
        return [f"{side}-{k}" for k in range(len(AGREEMENT_BREAKS) + 1)]

    @staticmethod
    def margin_names() -> list[str]:
        """Name the shades of the margin view from a clear blue lead to a clear red one."""
        steps = range(1, len(MARGIN_BREAKS) + 2)
        return [f"blue-{k}" for k in reversed(steps)] + [f"red-{k}" for k in steps]

    @staticmethod
    def margin_limits() -> list[str]:
        """Write the limits between the shades of :meth:`margin_names`, in points."""
        points = [f"{100 * limit:.0f}" for limit in MARGIN_BREAKS]
        return [*reversed(points), "0", *points]


class Panel(Legends):
    """Title, headline figure, switch of views with legends, and the figures of both nations.

    Parameters
    ----------
    summary
        What it says.
    views
        Which views the map has, as keys of :data:`VIEWS`; it opens with the first.
    has_states
        Whether there are lines between states to switch off.
    people
        What the circles count, such as ``"people"``.
    switching
        The groups that would switch; None where there is no view of them.
    has_no_votes, robustness
        As for :class:`Legends`.
    has_what_if
        Whether a reader can move units, which takes :class:`WhatIfElement` as well.
    """

    template = "panel.html.jinja"
    scripts = ("sheet.js", "page.js")

    def __init__(
        self,
        summary: MapSummary,
        views: Sequence[str],
        *,
        has_states: bool,
        people: str,
        robustness: RobustLegend | None = None,
        switching: Sequence[SwitchingGroup] | None = None,
        has_no_votes: bool = False,
        has_what_if: bool = False,
    ) -> None:
        super().__init__(has_no_votes=has_no_votes, robustness=robustness)
        self.summary = summary
        self.views = {view: VIEWS[view] for view in views}
        self.has_states = has_states
        self.people = people
        self.switching = switching
        self.has_what_if = has_what_if


class SwitchingArrows(PageElement):
    """Arrows from groups of units to the nation that they would join, in a view of their own.

    Parameters
    ----------
    layer
        Layer of the units.
    """

    template = "switching.html.jinja"
    scripts = ("switching.js",)

    def __init__(self, layer: PageElement) -> None:
        super().__init__()
        self.layer = layer


class Tooltip(PageElement):
    """What a map says of the unit under the mouse, the finger or the mark of the keyboard."""

    template = "tooltip.html.jinja"
    scripts = ("tooltip.js",)


class WhatIfElement(PageElement):
    """A switch by which a reader moves units to the other nation, and what is counted then.

    Parameters
    ----------
    layer
        Layer of the units.
    data
        What the code counts; see :func:`maps.what_if.what_if_data`.
    """

    template = "what_if.html.jinja"
    scripts = ("recount.js", "changes.js", "lasso.js", "ledger.js", "swing.js", "what-if.js")

    def __init__(self, layer: PageElement, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.layer = layer
        self.data = dict(data)


class PlaceNames(PageElement):
    """Names of places, and of units where they fit, none on top of another.

    Parameters
    ----------
    layer
        Layer of the units.
    places
        Names in the order of importance.
    """

    template = "places.html.jinja"

    def __init__(self, layer: PageElement, places: Sequence[Place]) -> None:
        super().__init__()
        self.layer = layer
        self.places = [(name, round(x, 3), round(y, 3)) for name, x, y, _ in places]


class Search(PageElement):
    """A box that finds a unit by its name.

    Parameters
    ----------
    layer
        Layer of the units.
    """

    template = "search.html.jinja"
    scripts = ("search.js",)

    def __init__(self, layer: PageElement) -> None:
        super().__init__()
        self.layer = layer


class UnitTable(PageElement):
    """All units in a table that can be sorted and filtered; a row leads to its place on the map.

    Parameters
    ----------
    layer
        Layer of the units.
    nations
        Names of the blue and of the red nation.
    has_states
        Whether units can be filtered by state as well.
    """

    template = "unit_table.html.jinja"
    scripts = ("unit-table.js",)

    def __init__(
        self, layer: PageElement, nations: tuple[str, str] = ("Blue", "Red"), *, has_states: bool
    ) -> None:
        super().__init__()
        self.layer = layer
        self.nations = nations
        self.filter = "Filter by name or state" if has_states else "Filter by name"


class ScaleBar(PageElement):
    """Length of a round number of kilometres.

    Parameters
    ----------
    layer
        Layer of the units.
    metres
        Metres in one coordinate of the page, in the middle of the map.
    """

    template = "scale.html.jinja"
    scripts = ("scale.js",)

    def __init__(self, layer: PageElement, metres: float) -> None:
        super().__init__()
        self.layer = layer
        self.metres = metres


class Permalink(PageElement):
    """The view in the fragment of the address, so that a link leads back to it.

    Parameters
    ----------
    layer
        Layer of the units.
    """

    template = "permalink.html.jinja"
    scripts = ("permalink.js",)

    def __init__(self, layer: PageElement) -> None:
        super().__init__()
        self.layer = layer


VIEWS = {
    "agreement": "Agreement",
    "nations": "Nations",
    "margin": "Margin",
    "robustness": "Robustness",
    "switching": "Switching",
    "people": "People",
    "voters": "Voters",
}
"""What the map can be coloured by."""


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _join(*names: str) -> Markup:
    """Join files of ours into one text that is not escaped: they are code, not data.

    Comments on lines of their own and indentation, an eighth of it, stay where people read them.
    """
    return Markup(_UNREAD.sub("", "\n".join(_read(name) for name in names)))


def _data_uri(name: str, kind: str = "image/png") -> str:
    content = base64.b64encode((ASSETS / name).read_bytes()).decode("ascii")
    return f"data:{kind};base64,{content}"
