"""How sure the nation of each unit is among good plans: always the same one, or contested."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

CATEGORIES = {
    "always red": 0.0,
    "red, undecided": 0.25,
    "contested": 0.5,
    "blue, undecided": 0.75,
    "always blue": 1.0,
}
"""What a unit can be called, and where that lies between the nations."""

_ALWAYS_RED = ("Always red", "Always red in good plans")
_CONTESTED = ("Contested", "Contested between good plans")
_ALWAYS_BLUE = ("Always blue", "Always blue in good plans")

BY_SHARE = (
    _ALWAYS_RED,
    ("Mostly red", "Mostly red in good plans"),
    _CONTESTED,
    ("Mostly blue", "Mostly blue in good plans"),
    _ALWAYS_BLUE,
)
"""What the legend and the tooltip call the five classes of shares, from never blue to always."""

BY_CATEGORY = (
    _ALWAYS_RED,
    ("Red, undecided", "Red in the good plans found, undecided in others"),
    _CONTESTED,
    ("Blue, undecided", "Blue in the good plans found, undecided in others"),
    _ALWAYS_BLUE,
)
"""The same of :data:`CATEGORIES`: of a share there is no word where none is known."""


def is_in_words(robustness: npt.ArrayLike) -> bool:
    """Tell categories from shares."""
    return np.asarray(robustness).dtype.kind in "UO"


def blue_share(robustness: npt.ArrayLike, n_units: int) -> npt.NDArray[np.float64]:
    """Read what is known of the units' robustness as shares.

    Parameters
    ----------
    robustness
        For each unit the share of good plans that put it into the blue nation, 0 to 1; or one of
        :data:`CATEGORIES`. Shape ``(n_units,)``.
    n_units
        Number of units of the map.

    Returns
    -------
    numpy.ndarray
        Shares from 0 (always red) to 1 (always blue), shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When the array is for other units, or holds something else.

    Examples
    --------
    >>> blue_share(["always blue", "contested"], 2).tolist(), blue_share([0, 0.25], 2).tolist()
    ([1.0, 0.5], [0.0, 0.25])
    """
    given = np.asarray(robustness)
    if given.shape != (n_units,):
        raise ValueError(
            f"robustness has shape {given.shape}, expected ({n_units},), one value a unit."
        )
    if is_in_words(given):
        names = given.tolist()
        wrong = [i for i, name in enumerate(names) if name not in CATEGORIES]
        if wrong:
            raise ValueError(
                f"robustness[{wrong[0]}] = {names[wrong[0]]!r}; choose from "
                f"{', '.join(CATEGORIES)}, or give shares."
            )
        return np.array([CATEGORIES[name] for name in names], np.float64)
    shares = given.astype(np.float64)
    outside = np.flatnonzero(~((shares >= 0) & (shares <= 1)))
    if len(outside):
        raise ValueError(
            f"robustness[{outside[0]}] = {shares[outside[0]]}, expected a share from 0 to 1."
        )
    return shares
