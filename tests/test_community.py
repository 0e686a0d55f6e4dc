"""What strangers expect beside the code is there, and says the same as the code."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_citation_is_of_this_version_and_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = read(ROOT / "CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert (citation["title"], citation["type"]) == (project["name"], "software")
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert citation["authors"]
    assert citation["message"]


def test_issue_forms_are_forms() -> None:
    """Those parts that GitHub refuses a form without."""
    names = set()
    for path in FORMS:
        form = read(path)
        if path.name == "config.yml":
            continue
        assert set(form) <= {"name", "description", "labels", "body"}, path.name
        names.add(form["name"])
        fields = [one["id"] for one in form["body"]]
        assert len(set(fields)) == len(fields) > 1
        assert all(one["type"] in {"input", "textarea"} for one in form["body"])
        assert all(one["attributes"]["label"] for one in form["body"])
        assert any(one.get("validations", {}).get("required") for one in form["body"])
    assert len(names) == 3


def test_what_runs_before_a_commit_is_what_the_page_for_contributors_says() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"] in page
    assert "pre-commit install" in page
