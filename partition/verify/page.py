"""``report.md``, held against the figures of ``report.json``, which were recounted.

Every table is written anew and is the same, line by line. Of the sentences every number is the
same, in order; their words are the program's. Formulas and sources at the end are only stated, and
hold no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from partition.verify.counted import Counted
from partition.verify.fields import fail, show
from partition.verify.sections import Section, expected
from partition.verify.writing import escaped, figures

NAME = "report.md"

STATED = re.compile(r"## Formulas$|Data: |What was mended in them; no vote was changed:$")
"""Where the rest of the page is not recounted: no figure of the plan stands there."""


def check_page(content: bytes, document: dict[str, Any], report: Any, data: Counted) -> None:
    """Refuse a page that says anything else than the figures.

    Parameters
    ----------
    content
        Of ``report.md``.
    document, report
        Of ``run.json`` and ``report.json``.
    data
        What the run divides.

    Raises
    ------
    CertificateError
        With the section or the line, and both values.
    """
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        fail(NAME, f"no text: {error}.")
    scenario = document["scenario"]
    names = {0: f"# {escaped(scenario['title'])}", 2: escaped(scenario["description"])}
    for number, wanted in names.items():
        if len(lines) <= number or lines[number] != wanted:
            found = lines[number] if len(lines) > number else ""
            fail(f"{NAME}, line {number + 1}", f"{show(found)}, expected {show(wanted)}.")
    found_sections = list(_sections(lines[3:]))
    wanted_sections = [one for one in expected(document, report, data) if one is not None]
    headings = [[one.heading for one in both] for both in (found_sections, wanted_sections)]
    if headings[0] != headings[1]:
        fail(NAME, f"its sections are {str(headings[0])[:300]}, expected {headings[1]}.")
    for found_section, section in zip(found_sections, wanted_sections, strict=True):
        _compare(found_section, section, data.nations or ())


def _sections(lines: list[str]) -> Iterator[Section]:
    """Divide a page at its headings, up to where it is only stated."""
    section, is_stated = Section("", [], []), False
    for number, line in enumerate(lines, start=4):
        is_stated = is_stated or bool(STATED.match(line))
        if is_stated and (line.startswith("|") or re.match(r"#{1,2} (?!Formulas$)", line)):
            fail(f"{NAME}, line {number}", f"{show(line)} stands among formulas and sources.")
        if is_stated:
            continue
        if line.startswith("#"):
            yield section
            section = Section(line, [], [])
        elif line.startswith("|"):
            section.table.append(line)
        else:
            section.prose.append(line)
    yield section


def _compare(found: Section, wanted: Section, names: Iterable[str]) -> None:
    """Refuse a section that says anything else; digits in names of sides are no figures."""
    place = f"{NAME}: {wanted.heading.removeprefix('## ') or 'summary'}"
    for number in range(max(len(found.table), len(wanted.table))):
        lines = [one.table[number] if number < len(one.table) else "" for one in (found, wanted)]
        if lines[0] != lines[1]:
            fail(place, f"{lines[0][:200]!r}, but recounted {lines[1][:200]!r}.")
    numbers = [
        [one for text in both.prose for one in figures(_without(text, names))]
        for both in (found, wanted)
    ]
    if numbers[0] != numbers[1]:
        differ = (pair for pair in zip(*numbers, strict=False) if pair[0] != pair[1])
        counts = (f"{len(numbers[0])} numbers", f"{len(numbers[1])}")
        one, other = next(differ, counts)
        fail(place, f"{one}, but recounted {other}.")


def _without(text: str, names: Iterable[str]) -> str:
    for name in sorted(map(escaped, names), key=len, reverse=True):
        text = text.replace(name, "")
    return text
