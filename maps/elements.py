"""The three elements of the page, each a Folium element with its template in ``assets/``."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from branca.element import Element, MacroElement
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from maps.style import AGREEMENT_BREAKS, DARK, LIGHT, MARGIN_BREAKS
from maps.summary import MapSummary

ASSETS = Path(__file__).parent / "assets"
LEAFLET = "leaflet-1.9.4"

_TEMPLATES = Environment(
    loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined
)


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
    ``{{ 7 * 7 }}``.
    """

    def render(self, **kwargs: Any) -> None:
        """Put what the macros ``header``, ``html`` and ``script`` make in its place."""
        figure = self.get_root()
        for place in ("header", "html", "script"):
            macro = getattr(self._template.module, place, None)
            if macro is not None:
                getattr(figure, place).add_child(
                    Literal(str(macro(self, kwargs))), name=self.get_name()
                )


class InlinedLeaflet(PageElement):
    """Leaflet's code, style and marker, inside the page instead of linked from elsewhere."""

    _template = _TEMPLATES.get_template("leaflet.html.jinja")

    def __init__(self) -> None:
        super().__init__()
        self._name = "InlinedLeaflet"
        # The style's images are a layer control and a marker; the source map is for debuggers.
        css = _read(f"{LEAFLET}/leaflet.css")
        for image in ("layers", "layers-2x", "marker-icon"):
            css = css.replace(f"url(images/{image}.png)", "none")
        code, _, _ = _read(f"{LEAFLET}/leaflet.js").partition("//# sourceMappingURL=")
        self.css = Markup(css)
        self.javascript = Markup(code)
        self.icons = {
            "iconUrl": _data_uri(f"{LEAFLET}/images/marker-icon.png"),
            "iconRetinaUrl": _data_uri(f"{LEAFLET}/images/marker-icon-2x.png"),
            "shadowUrl": _data_uri(f"{LEAFLET}/images/marker-shadow.png"),
        }


class NationsLayer(PageElement):
    """The units of a plan, drawn and described on a map.

    Parameters
    ----------
    data
        What ``nations.js`` draws; see :func:`maps.interactive.plan_data`.
    """

    _template = _TEMPLATES.get_template("nations.html.jinja")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "NationsLayer"
        self.data = dict(data)
        self.javascript = _join("topology.js", "nations.js", "page.js")


class Panel(PageElement):
    """Title, headline figure, switch of views with legends, and the figures of both nations."""

    _template = _TEMPLATES.get_template("panel.html.jinja")

    def __init__(self, summary: MapSummary) -> None:
        super().__init__()
        self._name = "Panel"
        self.summary = summary
        self.css = _join("page.css")
        self.light, self.dark = LIGHT, DARK
        self.agreement_breaks = AGREEMENT_BREAKS

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


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _join(*names: str) -> Markup:
    """Join files of ours into one text that is not escaped: they are code, not data."""
    return Markup("\n".join(_read(name) for name in names))


def _data_uri(name: str) -> str:
    return "data:image/png;base64," + base64.b64encode((ASSETS / name).read_bytes()).decode("ascii")
