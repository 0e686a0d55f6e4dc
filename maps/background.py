"""A background of tiles, which a server sends while somebody looks at the page."""

from __future__ import annotations

import warnings

import folium

EXAMPLE = "Esri WorldGrayCanvas"
"""A quiet background that needs no key."""


class TilesError(ValueError):
    """A background that is not known, or that needs a key."""


def background(tiles: str | folium.TileLayer) -> folium.TileLayer:
    """Make a layer of tiles.

    OpenStreetMap's own servers may refuse a page that is opened from a file, since it cannot say
    where it comes from: https://operations.osmfoundation.org/policies/tiles/.

    Parameters
    ----------
    tiles
        A name such as :data:`EXAMPLE`, as the package xyzservices has them, or a layer.

    Returns
    -------
    folium.TileLayer
        The layer; one that was given is given back.

    Raises
    ------
    TilesError
        When no such background is known, or its server wants a key.
    """
    if not isinstance(tiles, str):
        return tiles
    try:
        # A server that began to want a key is a warning to Folium; its tiles would say so instead
        # of showing the land.
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            return folium.TileLayer(tiles)
    except (ValueError, UserWarning) as error:
        needs_key = any(word in str(error) for word in ("key", "Token"))
        wrong = "needs a key" if needs_key else "is no background that is known"
        raise TilesError(
            f"tiles = {tiles!r} {wrong}; choose another one, such as {EXAMPLE!r}, or in Python "
            "give a folium.TileLayer with an address and an attribution."
        ) from None
