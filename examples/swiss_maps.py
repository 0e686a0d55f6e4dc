"""Cut the Bernese Jura and the canton of Jura out of the npm package ``swiss-maps``.

::

    npm pack swiss-maps@4.7.0 && tar xzf swiss-maps-4.7.0.tgz
    python examples/swiss_maps.py package/2013

writes ``examples/borders/jura.geojson``: the 49 communes of the Bernese Jura and the three
districts of the canton of Jura as they were in 2013, in longitude and latitude to five decimals,
a metre or so. The package has the generalised boundaries of the Federal Statistical Office; its
licence (BSD-3-Clause) is beside the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import geopandas as gpd
import shapely

TARGET = Path(__file__).parent / "borders" / "jura.geojson"

BERN, JURA = 2, 26
"""Numbers of the cantons."""

BERNESE_JURA = "241"
"""Number of the arrondissement; its three districts of before 2010 are in no edition."""


def read(folder: Path, layer: str) -> gpd.GeoDataFrame:
    """Read a layer; names are padded with NUL bytes there."""
    frame = gpd.read_file(folder / f"{layer}.shp", encoding="utf-8")
    frame["id"] = frame["id"].astype(str)
    frame["name"] = frame["name"].str.replace("\0", "")
    return frame


def main(folder: Path) -> None:
    """Write the file."""
    communes, districts = read(folder, "municipalities"), read(folder, "districts")
    districts = districts.set_index("id")
    named = districts[(districts["KTNR"] == JURA) | (districts.index == BERNESE_JURA)]
    inside = communes[communes["KTNR"].isin([BERN, JURA])].copy()
    middles = gpd.GeoSeries(inside.geometry.representative_point(), crs=inside.crs)
    joined = gpd.sjoin(
        gpd.GeoDataFrame(inside.drop(columns="geometry"), geometry=middles, crs=inside.crs),
        named[["geometry"]],
        predicate="within",
    )
    inside["district"] = joined["id_right"]
    inside = inside.dropna(subset="district").to_crs(4326)
    # Neighbours share their vertices, and go on doing so where each is rounded by itself.
    inside.geometry = shapely.set_precision(inside.geometry.values, 1e-5, mode="pointwise")
    if not shapely.coverage_is_valid(inside.geometry.values):
        raise SystemExit("The communes overlap or leave gaps.")
    own = inside[inside["district"] == BERNESE_JURA]
    rest = inside[inside["district"] != BERNESE_JURA].dissolve("district", method="coverage")
    features = [
        (one.id, one.name_, "commune", one.geometry)
        for one in own.rename(columns={"name": "name_"}).itertuples()
    ]
    features += [
        (key, named.loc[key, "name"], "district", geometry)
        for key, geometry in rest.geometry.items()
    ]
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": {"id": key, "name": name, "level": level},
                "geometry": json.loads(shapely.to_geojson(geometry)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for key, name, level, geometry in features
    ]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{TARGET}: {len(own)} communes and {len(rest)} districts\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
