"""Pages of reference that the code writes: scenario keys, commands, formulas, data, scenarios.

They are written to ``docs/reference/generated`` before Sphinx looks for pages, and only where they
have changed; nothing there is edited by hand.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import typer
from numpydoc.docscrape import NumpyDocString
from sphinx.application import Sphinx

from partition.cli import app as program
from partition.pages.formulas import formula
from partition.pages.text import FORMULAS
from partition.scenario import Scenario
from partition.scenario.catalogue import scenarios
from partition.scenario.keys import known_keys, short_name
from shapefiles.embedded.card import data_card
from shapefiles.table_writing import markdown_text

NOTE = "% Written by docs/_site/reference.py from the code.\n\n"

HEADINGS = {
    "": "Above all tables",
    "data": "[data]",
    "nations.blue": "[nations], the same keys for red",
}


def scenario_keys() -> str:
    """List every key of a scenario with its type, its value unless given, and what it means."""
    keys = known_keys(Scenario)
    tables: dict[str, dict[tuple[str, ...], list[str]]] = {}
    for key, *told in _keys(Scenario, ""):
        if key == "name" or key.startswith("nations.red."):
            continue
        short = "" if key.startswith("data.") else short_name(key, keys)
        called = f"`{key}`" + (f"<br>`{short}`" if short not in {"", key} else "")
        # Keys that are described together stand together.
        tables.setdefault(_table(key), {}).setdefault(tuple(told), []).append(called)
    parts = [
        "# Keys of a scenario",
        (
            "Every key that a scenario can have, by its dotted name: `nations.blue.pieces` is"
            " `blue.pieces` in the table `[nations]`. The short name is what `--set` and"
            " `NAME@KEY=VALUE` take as well."
            " [Scenarios](../../scenarios.md) explains how they work together."
        ),
    ]
    for table, rows in tables.items():
        lines = [f"| {'<br>'.join(names)} | {' | '.join(told)} |" for told, names in rows.items()]
        head = "| key, and its short name | value | unless given | meaning |\n|---|---|---|---|"
        parts += [f"## {HEADINGS.get(table, f'[{table}]')}", "\n".join([head, *lines])]
    return "\n\n".join(parts)


def _table(key: str) -> str:
    table = key.rpartition(".")[0]
    return next((one for one in ("nations.blue", "sides") if table.startswith(one)), table)


def _keys(cls: type[Any], above: str) -> Iterator[tuple[str, str, str, str]]:
    hints, meanings = get_type_hints(cls), _meanings(cls)
    for one in fields(cls):
        key, hint = f"{above}{one.name}", hints[one.name]
        inner = [kind for kind in (hint, *get_args(hint)) if is_dataclass(kind)]
        if inner and get_origin(hint) is not tuple:
            yield from _keys(inner[0], f"{key}.")
            continue
        if one.name not in meanings:
            raise LookupError(f"{cls.__name__}.{one.name} is not described in its docstring.")
        value = one.default_factory() if one.default_factory is not MISSING else one.default
        yield key, _kind(hint), _default(value), meanings[one.name]


def _meanings(cls: type[Any]) -> dict[str, str]:
    described = {}
    for parameter in NumpyDocString(inspect.getdoc(cls) or "")["Parameters"]:
        text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", " ".join(parameter.desc))
        for name in parameter.name.split(","):
            described[name.strip()] = text.replace("|", r"\|")
    return described


def _kind(hint: Any) -> str:
    if get_origin(hint) in {Union, UnionType}:
        return " or ".join(_kind(one) for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return "list of tables" if is_dataclass(inner) else f"list of {_kind(inner)}s"
    if values := get_args(hint):
        return " or ".join(f'`"{one}"`' for one in values)
    names = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}
    return names.get(hint, getattr(hint, "__name__", str(hint)))


def _default(value: Any) -> str:
    if value is MISSING:
        return "needed"
    if value in {None, "", ()}:
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return f"`{list(value)}`".replace("'", '"')
    return f'`"{value}"`' if isinstance(value, str) else f"`{value}`"


def command_line() -> str:
    """Print the help of every command."""
    group: Any = typer.main.get_command(program)
    width, os.environ["COLUMNS"] = os.environ.get("COLUMNS"), "84"
    try:
        parts = [
            "# The command line",
            (
                "What `partition --help` and `partition COMMAND --help` print. Exit codes are in"
                " [Runs and their files](../../running.md#stopping-and-going-on)."
            ),
            _help(group, "partition"),
        ]
        for name, command in group.commands.items():
            parts += [f"## partition {name}", _help(command, f"partition {name}")]
    finally:
        if width is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = width
    return "\n\n".join(parts)


def _help(command: Any, name: str) -> str:
    context = command.make_context(name, [], resilient_parsing=True)
    return f"```text\n{command.get_help(context).rstrip()}\n```"


def formulas() -> str:
    """Write the formula of every metric, as reports print them."""
    links = {
        function.__name__: f"[{label}](#{label.lower().replace(' ', '-')})"
        for label, function in FORMULAS.items()
    }
    parts = [
        "# Formulas",
        (
            "What each figure of a report is, read from the function that computes it; `report.md`"
            " of every run ends with the same. What is weighed to find a plan is in"
            " [Scenarios](../../scenarios.md#what-is-best)."
        ),
    ]
    for label, function in FORMULAS.items():
        found = formula(function, links)
        if found is None:
            raise LookupError(f"{function.__name__} has no formula.")
        parts += [
            f"## {label}",
            found.to_markdown(),
            f"Computed by {{py:func}}`partition.metrics.{function.__name__}`.",
        ]
    return "\n\n".join(parts)


def data() -> str:
    """Describe every column of the embedded data."""
    parts = [
        "# Data card",
        (
            "Every column of the data that come with the program, as `partition data` prints it:"
            " what it is, in which unit of measure, and where it is from."
        ),
    ]
    tables: dict[str, list[str]] = {}
    for entry in data_card():
        told = (
            entry.meaning,
            entry.measure,
            f"{entry.source}, {entry.vintage}. {entry.licence}.",
            entry.deviations,
        )
        cells = " | ".join(markdown_text(text).replace("|", r"\|") for text in told)
        tables.setdefault(entry.table, []).append(f"| `{entry.column}` | {cells} |")
    for table, rows in tables.items():
        head = "| column | what | measured in | source | to know |\n|---|---|---|---|---|"
        parts += [f"## {table}.parquet", "\n".join([head, *rows])]
    return "\n\n".join(parts)


def shipped() -> str:
    """Show the scenarios that come with the program, as their files are."""
    parts = [
        "# Scenarios that come with the program",
        (
            "`partition solve NAME` asks any of them; each is a file that says what differs from"
            " the values of [Keys of a scenario](scenario-keys.md)."
        ),
    ]
    folder = Path(inspect.getfile(Scenario)).parents[1] / "scenarios"
    for name in scenarios():
        page = (folder / f"{name}.toml").read_text(encoding="utf-8").strip()
        parts += [f"## {name}", f"```toml\n{page}\n```"]
    return "\n\n".join(parts)


def slug(title: str) -> str:
    """Name a heading in links as forges do, and ``Limits: python x.py`` by what it is about."""
    words = title.partition(": python ")[0].lower()
    return re.sub(r"[^\w -]", "", words).replace(" ", "-")


PAGES = {
    "scenario-keys": scenario_keys,
    "command-line": command_line,
    "formulas": formulas,
    "data": data,
    "scenarios": shipped,
}


def write_pages(app: Sphinx) -> None:
    """Write all pages, those that have changed."""
    folder = Path(app.confdir, "reference", "generated")
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        text, path = NOTE + write() + "\n", folder / f"{name}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages before Sphinx looks for them."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
