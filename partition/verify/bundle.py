"""Verify a bundle: its plan, its certificate, and what it says of them."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from partition.verify.checking import check
from partition.verify.confirmation import Confirmation
from partition.verify.data import recount
from partition.verify.fields import fail, show, text, whole
from partition.verify.files import field, parse, read
from partition.verify.instance import read_instance
from partition.verify.plan import PLAN, read_plan

DOCUMENT, CERTIFICATE = "run.json", "certificate.json.gz"
"""Files of a bundle that are read here, beside the plan."""

ENDINGS = ("OPTIMAL", "GAP_REACHED", "TIME_LIMIT", "INTERRUPTED")
"""Statuses of a search that ended with a plan."""


def verify(folder: str | Path) -> Confirmation:
    """Verify a bundle with a certificate.

    Parameters
    ----------
    folder
        What ``partition solve --certificate`` wrote.

    Returns
    -------
    Confirmation
        What is proven, at least what ``run.json`` claims.

    Raises
    ------
    BundleError
        When a file is missing or cannot be read.
    CertificateError
        When anything is not as claimed; the message names the file and the place.
    """
    started = time.perf_counter()
    folder = Path(folder)
    document = parse(read(folder / DOCUMENT), DOCUMENT)
    certificate = parse(read(folder / CERTIFICATE), CERTIFICATE)
    instance = read_instance(field(certificate, "instance", CERTIFICATE))
    plan, n_units = read_plan(read(folder / PLAN), instance)
    confirmation = check(certificate, plan)
    for name in ("objective", "bound"):
        if whole(field(document, name, DOCUMENT), f"{DOCUMENT}: {name}") != certificate[name]:
            fail(
                f"{DOCUMENT}: {name}",
                f"{document[name]}, the certificate says {certificate[name]}.",
            )
    status = text(field(document, "status", DOCUMENT), f"{DOCUMENT}: status")
    is_optimal = certificate["bound"] == confirmation.objective
    if status not in ENDINGS or (status == ENDINGS[0] and not is_optimal):
        fail(f"{DOCUMENT}: status", f"{show(status)} is not what the certificate proves.")
    is_recounted, source = recount(document, instance)
    seconds = time.perf_counter() - started
    return replace(
        confirmation, n_units=n_units, seconds=seconds, is_recounted=is_recounted, source=source
    )
