"""Certificates of small instances, drawn at random."""

from __future__ import annotations

import random
import re

from partition.errors import CertificateError
from partition.verify import check
from tests.partition.certificates import all_plans, draw_instance, worth, write_certificate

PLACE = re.compile(r"^[\w.\[\], :]+: ")
UNBOUNDED = 2**62
STEP = {"rows": [0], "multipliers": [1], "scale": 1, "excludes": False, "zero": [], "one": []}


def drawn_certificate(seed, *, best=True, max_units=7, max_nodes=60, plain=None, pieces=None):
    """Draw an instance that has plans, one of them, and a certificate."""
    rng = random.Random(seed)
    while True:
        is_plain = rng.random() < 0.3 if plain is None else plain
        instance = draw_instance(rng, max_units, plain=is_plain)
        instance["pieces"] = pieces or instance["pieces"]
        plans = all_plans(instance)
        values = [worth(instance, plan) for plan in plans]
        is_easy = sum(map(max, instance["gains"])) == max(values, default=0)
        if plans and (not is_easy or rng.random() < 0.1):
            break
    plan = plans[values.index(max(values))] if best else rng.choice(plans)
    return write_certificate(rng, instance, plan, max_nodes), list(plan), max(values)


def refusal(certificate, plan):
    """Say why a certificate is refused, None where it is accepted."""
    try:
        check(certificate, plan)
    except CertificateError as error:
        return str(error)
    return None
