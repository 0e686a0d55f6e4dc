"""What people do with each command, for the end of its help."""

from __future__ import annotations

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "solve": (
        ("partition solve", "The best two contiguous nations of counties, with a map."),
        ("partition solve counties@border=50,blue.pieces=4", "The same with other rules."),
        ("partition solve --set units.blue=California", "California is blue, whatever it costs."),
        (
            "partition solve --units precincts.gpkg --blue yes --red no",
            "A map of your own that has the votes.",
        ),
        ("partition solve --resume runs/counties-2016 --time-limit 600", "Go on with a run."),
    ),
    "inspect": (
        ("partition inspect precincts.gpkg votes.csv", "What can be read, and what is wrong."),
    ),
    "measure": (
        ("partition measure plan.csv counties", "The figures of a line drawn by somebody else."),
    ),
    "compare": (
        ("partition compare counties states calexit", "Three plans side by side."),
        ("partition compare counties counties@border=50", "Two weightings of one scenario."),
        ("partition compare counties --elections 2016,2020,2024", "How a plan ages."),
    ),
    "sweep": (
        ("partition sweep counties --weight border=0:200", "Where the best plan changes."),
        ("partition sweep counties --weight border=0,10,50", "Three weights, three plans."),
    ),
    "robust": (
        (
            "partition robust counties --within 0.005",
            "Counties that every plan within 0.5 % of the best agrees on.",
        ),
    ),
    "alternatives": (
        (
            "partition alternatives counties --within 0.005 --apart 5000000",
            "Other lines nearly as good, each with five million people on another side.",
        ),
    ),
    "stable": (
        ("partition stable calexit", "Who would rather be in the other nation."),
        (
            "partition stable runs/counties-2016 --most-units 12",
            "Groups of a dozen units at most, in the plan of a run.",
        ),
    ),
    "cascade": (
        ("partition cascade --from CA --threshold 0.5", "Who follows California, and who then."),
        (
            "partition cascade states --from CA --threshold 0.5",
            "Whole states follow, held against the best line of whole states.",
        ),
        (
            "partition cascade --from CA --threshold 0.4 --in-one-piece",
            "Who would tear the rest has to wait.",
        ),
    ),
    "swing": (
        ("partition swing counties --points -5:5:11", "Which counties decide, if the vote swings."),
        (
            "partition swing states --points 0 --sd 3 --draws 20",
            "Twenty polls that are off by some points in each county.",
        ),
    ),
    "verify": (
        ("partition verify runs/counties-2016", "Recount a run and check its certificate."),
    ),
    "export": (
        ("partition export runs/counties-2016 map.png", "A picture."),
        ("partition export runs/counties-2016 plan.gpkg", "Polygons for QGIS."),
    ),
    "fetch": (("partition fetch boundaries --year 2020", "Public boundaries, checked."),),
}
"""Command lines and what each is for, by the name of the command."""
