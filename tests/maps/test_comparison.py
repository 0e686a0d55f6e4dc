"""A page of several plans holds the land once, and of each plan what is new in it."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import maps
from maps.topology import Topology, encode_bits
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.test_explorer import read_flips

SUMMARY = maps.ComparisonSummary("Title")


def data_of(html: str) -> dict[str, Any]:
    found = re.findall(r'<script type="application/json" id="plan-data">(.*?)</script>', html)
    assert len(found) == 1
    return json.loads(found[0])


@given(st.lists(st.booleans(), min_size=1, max_size=70))
def test_a_plan_is_a_bit_a_unit(parts: list[bool]) -> None:
    content = base64.b64decode(encode_bits(np.array(parts, np.int8)))
    assert len(content) == -(-len(parts) // 8)
    bits = "".join(f"{byte:08b}" for byte in content)
    assert [bit == "1" for bit in bits[: len(parts)]] == parts
    assert set(bits[len(parts) :]) <= {"0"}


def test_eleven_plans_take_hardly_more_room_than_two(
    united_states: Units, compared_plans: list[maps.ComparedPlan], comparison_page: Path
) -> None:
    two = maps.compare(united_states, compared_plans[:2], SUMMARY, "2016").get_root().render()
    size = comparison_page.stat().st_size
    assert size < 6_000_000
    assert size - len(two.encode()) < 30_000


def test_the_page_has_what_the_plans_have(
    united_states: Units, compared_plans: list[maps.ComparedPlan], comparison_page: Path
) -> None:
    data = data_of(comparison_page.read_text(encoding="utf-8"))
    assert data["names"] == united_states.names.tolist()
    part = np.zeros(united_states.n_units, np.int8)
    for one, written in zip(compared_plans, data["explored"]["plans"], strict=True):
        part[read_flips(written["flips"])] ^= 1
        assert np.array_equal(part, one.plan.assignment)
        texts = [written[name] for name in ("title", "headline", "about", "status")]
        assert texts == [one.label, one.headline, one.title, one.status]
        facts = zip(data["explored"]["factNames"], written["facts"], strict=True)
        assert tuple(facts) == one.figures


def test_polygons_are_encoded_once(hostile_units: Units, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Topology] = []
    original = maps.interactive.encode
    monkeypatch.setattr(maps.interactive, "encode", lambda one: calls.append(one) or original(one))
    plans = [maps.ComparedPlan(f"{i}", Plan(np.array([i % 2, 1]))) for i in range(20)]
    maps.compare(hostile_units, plans, SUMMARY, "2016").get_root().render()
    assert len(calls) == 1


def test_what_cannot_be_compared_is_refused(hostile_units: Units) -> None:
    one = maps.ComparedPlan("one", Plan(np.array([0, 1])))
    other = maps.ComparedPlan("other", Plan(np.array([0, 1, 1])))
    with pytest.raises(ValueError, match="two plans or more, and was given 1"):
        maps.compare(hostile_units, [one], SUMMARY, "2016")
    with pytest.raises(ValueError, match="'other' has 3 units and the map 2"):
        maps.compare(hostile_units, [one, other], SUMMARY, "2016")
    with pytest.raises(ValueError, match="'1492'"):
        maps.compare(hostile_units, [one, one], SUMMARY, "1492")
