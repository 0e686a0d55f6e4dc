"""How programs that check countries by seed begin and end: so many of them, and how many wrong."""

from __future__ import annotations

import argparse
from collections.abc import Callable

STRIDE = 10**6
"""Countries between one seed of the command line and the next."""


def countries_parser(description: str | None) -> argparse.ArgumentParser:
    """Make a parser that asks how many countries to check, and from which seed on."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("countries", type=int)
    parser.add_argument("--seed", type=int, default=0)
    return parser


def count_wrong(options: argparse.Namespace, check: Callable[[int], str]) -> int:
    """Check each country, print what is wrong with it, and count.

    Parameters
    ----------
    options
        What was given to :func:`countries_parser`.
    check
        Says of the country of a number what is wrong, or nothing.

    Returns
    -------
    int
        Exit code: 1 where any country is wrong.
    """
    n_wrong, first = 0, options.seed * STRIDE
    for number in range(first, first + options.countries):
        wrong = check(number)
        if wrong:
            n_wrong += 1
            print(f"country {number}: {wrong}", flush=True)
    print(f"{options.countries:,} countries, {n_wrong:,} wrong")
    return min(n_wrong, 1)
