"""The data card: where every column of the embedded data comes from, and how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass

_FACTS = "Facts of public record"
_US_WORK = "Work of the United States government; public domain"

_BOUNDARIES = "Census Bureau, cartographic boundary file cb_2016_us_county_500k"
_ESTIMATES = "Census Bureau, population estimates of counties"
_CENSUS = "Census Bureau, census of 2020 (P.L. 94-171)"
_ACCOUNTS = "Bureau of Economic Analysis, real GDP by county"
_RETURNS = "Certified results of the states"
_APPORTIONMENT = "Census Bureau, apportionment of the House of Representatives"


@dataclass(frozen=True, slots=True)
class CardEntry:
    """What there is to know about one column.

    Parameters
    ----------
    table
        ``units``, ``edges`` or ``states``.
    column
        Name in the file.
    meaning
        What it says.
    measure
        Unit of measure, or the kind of code.
    source
        Publisher, and title of what was published.
    vintage
        Time it describes.
    licence
        Terms of use.
    deviations
        Known differences from the public record; empty where none are known.
    """

    table: str
    column: str
    meaning: str
    measure: str
    source: str
    vintage: str
    licence: str
    deviations: str = ""


def data_card() -> tuple[CardEntry, ...]:
    """Describe every column of the embedded data, in the order of the files.

    Examples
    --------
    >>> entry = next(entry for entry in data_card() if entry.column == "gdp")
    >>> entry.measure
    'thousands of chained 2012 dollars'
    """
    return (*_unit_entries(), *_edge_entries(), *_state_entries())


def _unit_entries() -> tuple[CardEntry, ...]:
    return (
        CardEntry(
            "units",
            "geoid",
            "County or county equivalent",
            "five-digit FIPS code, text",
            _BOUNDARIES,
            "2016",
            _US_WORK,
            "Alaska is one unit, 02000, since it counts votes by house district; "
            "Kalawao (15005) is part of Maui (15009), with which it votes",
        ),
        CardEntry("units", "name", "Name of the unit", "text", _BOUNDARIES, "2016", _US_WORK),
        CardEntry("units", "state", "State", "postal code", _BOUNDARIES, "2016", _US_WORK),
        *_vote_entries(),
        CardEntry(
            "units",
            "population",
            "Residents, for the election of 2016",
            "people",
            _ESTIMATES,
            "1 July 2016",
            _US_WORK,
        ),
        CardEntry(
            "units",
            "population_2020",
            "Residents, for the elections of 2020 and 2024",
            "people",
            _CENSUS,
            "1 April 2020",
            _US_WORK,
            "The sum, 331,449,281, is exact; of California, 53 of 58 counties are checked by the "
            "total of the state only",
        ),
        CardEntry(
            "units",
            "gdp",
            "Real gross domestic product, for all elections",
            "thousands of chained 2012 dollars",
            _ACCOUNTS,
            "2016",
            _US_WORK,
            "The sum is within 0.003 % of the sum of the states; Virginia's cities published "
            "together with their county are split by population; Alaska is the row of the state",
        ),
        _geometry_entry("area", "Area, cut at the shoreline", "square metres"),
        _geometry_entry(
            "perimeter",
            "Length of the boundary, coast included",
            "metres",
            "Depends on the scale of the map, 1:500,000; lengths in Alaska and Hawaii are "
            "distorted by a projection made for the 48 states",
        ),
        _coast_entry(
            "sea_coast",
            "on the ocean, bays and estuaries included",
            "Lies between the general coastline and the tidal shoreline that the National Oceanic "
            "and Atmospheric Administration publishes for each state; the coast of Pennsylvania "
            "is 0.9 km of the tidal Delaware River",
        ),
        _coast_entry(
            "lake_coast",
            "on the Great Lakes and the rivers that join them",
            "Within 15 % of the shoreline published for each state; Lake Champlain and others "
            "inland count as land, and the Saint Lawrence River as a border",
        ),
        _neighbour_entry("borders_canada", "Canada"),
        _neighbour_entry("borders_mexico", "Mexico"),
        CardEntry(
            "units",
            "geometry",
            "Polygon, for drawing and dissolving",
            "metres, EPSG:5070 (NAD83 / Conus Albers)",
            _BOUNDARIES,
            "2016",
            _US_WORK,
            "Simplified at 500 m, neighbours together, and rounded to whole metres; every "
            "shared border is kept, the area of a unit changes by at most 4.1 %",
        ),
    )


def _vote_entries() -> tuple[CardEntry, ...]:
    candidates = {
        "2016": ("Clinton", "Trump"),
        "2020": ("Biden", "Trump"),
        "2024": ("Harris", "Trump"),
    }
    deviations = {
        "2016": "National totals are 2 below (dem) and 3 above (rep) the certified ones; 47 of 51 "
        "state totals are exact, CA, MN, NY and OH are within 390 votes",
        "2020": "National totals are 6,480 (dem) and 2,414 (rep) below the certified ones: NY is "
        "near-final, and the state-wide votes of ME and RI belong to no county; KS and AK are as "
        "certified",
        "2024": "49 of 51 state totals are exact, MA and NH are within 55 votes",
    }
    return tuple(
        CardEntry(
            "units",
            f"{side}_{year}",
            f"Votes for {candidate}, {party}",
            "votes",
            f"{_RETURNS}, by county",
            f"presidential election of {year}",
            _FACTS,
            deviations[year],
        )
        for year in candidates
        for side, party, candidate in zip(
            ("dem", "rep"), ("Democratic", "Republican"), candidates[year], strict=True
        )
    )


def _geometry_entry(column: str, meaning: str, measure: str, deviations: str = "") -> CardEntry:
    source = f"Computed in EPSG:5070 from the unsimplified polygons of: {_BOUNDARIES}"
    return CardEntry("units", column, meaning, measure, source, "2016", _US_WORK, deviations)


def _coast_entry(column: str, where: str, deviations: str) -> CardEntry:
    return _geometry_entry(
        column,
        f"Length of the shore {where}: what no other unit shares, the borders with Canada and "
        "Mexico left out",
        "metres",
        f"{deviations}. Like every coast it is longer on a larger map",
    )


def _neighbour_entry(column: str, country: str) -> CardEntry:
    return CardEntry(
        "units",
        column,
        f"Whether the unit has a land or river border with {country}",
        "true or false",
        "Natural Earth, countries at 1:10 million",
        "2016 boundaries of the units",
        "Public domain",
        "Read as: within 2 km of that country's polygon",
    )


def _edge_entries() -> tuple[CardEntry, ...]:
    computed = f"Computed from: {_BOUNDARIES}; links over water compiled from public records"
    end = CardEntry(
        "edges", "geoid_a", "First unit", "five-digit FIPS code", computed, "2016", _US_WORK
    )
    return (
        end,
        CardEntry(
            "edges", "geoid_b", "Second unit", end.measure, computed, end.vintage, end.licence
        ),
        CardEntry(
            "edges",
            "border",
            "Length of the shared border; 0 for links over water",
            "metres",
            f"Computed in EPSG:5070 from the unsimplified polygons of: {_BOUNDARIES}",
            "2016",
            _US_WORK,
            "The boundary file is cut at the shoreline, so borders under water do not count",
        ),
        CardEntry(
            "edges",
            "kind",
            "Land border, land border through a detached crumb that would make the graph "
            "non-planar, or link over water",
            "land, crumb, bridge, ferry or sea",
            computed,
            "2016",
            _US_WORK,
            "Bridges and ferries are those between units without a common border on the map, a "
            "selection and no complete register",
        ),
        CardEntry(
            "edges",
            "is_default",
            "Whether the edge counts unless a scenario says otherwise: land, bridges, and "
            "ferries to units that nothing else connects",
            "true or false",
            "A choice made here",
            "2016",
            _US_WORK,
        ),
    )


def _state_entries() -> tuple[CardEntry, ...]:
    votes = "State totals as certified; the units of CA, MN, NY and OH add up to within 390 votes"
    rows = (
        ("state_fips", "State", "two-digit FIPS code, text", _BOUNDARIES, "2016", ""),
        ("state", "State", "postal code", _BOUNDARIES, "2016", ""),
        ("name", "Name of the state", "text", _BOUNDARIES, "2016", ""),
        (
            "electoral_votes_2016",
            "Electoral votes in 2012, 2016 and 2020",
            "electoral votes",
            _APPORTIONMENT,
            "apportionment of 2010",
            "As allotted: electors who voted for others in 2016 are not shown",
        ),
        (
            "electoral_votes_2024",
            "Electoral votes in 2024 and 2028",
            "electoral votes",
            _APPORTIONMENT,
            "apportionment of 2020",
            "",
        ),
        ("dem_2016", "Votes for Clinton, Democratic", "votes", _RETURNS, "2016", votes),
        ("rep_2016", "Votes for Trump, Republican", "votes", _RETURNS, "2016", votes),
    )
    return tuple(
        CardEntry("states", column, meaning, measure, source, vintage, _FACTS, deviations)
        for column, meaning, measure, source, vintage, deviations in rows
    )
