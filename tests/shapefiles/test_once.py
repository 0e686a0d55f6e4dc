"""What is found out about units is found out once, and goes with them."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from maps.layout import lay_out
from shapefiles import Units, load_united_states
from shapefiles.once import once, with_attributes, with_votes


def iowa() -> Units:
    units = load_united_states()
    return units.subset(np.flatnonzero(units.states == "IA"))


def test_other_units_are_looked_at_anew() -> None:
    asked: list[int] = []

    @once
    def count(units: Units) -> int:
        asked.append(units.n_units)
        return units.n_units

    one, other = iowa(), iowa()
    assert [count(one), count(one), count(other), count(one)] == [99] * 4
    assert len(asked) == 2


def test_the_same_land_with_other_votes_is_not_looked_at_again_and_goes_with_the_last() -> None:
    units = iowa()
    votes = {name: given[:, ::-1] for name, given in units.votes.items()}
    turned = with_votes(units, votes)
    emptied = with_attributes(turned, {})
    assert turned.votes["2016"].tolist() == units.votes["2016"][:, ::-1].tolist()
    assert not emptied.attributes
    assert emptied.votes["2016"].tolist() == turned.votes["2016"].tolist()
    sheet = lay_out(emptied)
    assert lay_out(units) is lay_out(turned) is sheet
    drawn = weakref.ref(sheet.polygons)
    del units, turned, sheet
    gc.collect()
    assert lay_out(emptied).polygons is drawn()
    del emptied
    gc.collect()
    assert drawn() is None


def test_sheet_is_laid_out_once_and_nobody_can_change_it() -> None:
    units = iowa()
    sheet = lay_out(units)
    assert lay_out(units) is sheet
    assert lay_out(units, is_web_mercator=True).crs != sheet.crs
    assert not sheet.polygons.flags.writeable


def test_sheet_is_forgotten_with_its_units() -> None:
    units = iowa()
    drawn = weakref.ref(lay_out(units).polygons)
    assert drawn() is not None
    del units
    gc.collect()
    assert drawn() is None
