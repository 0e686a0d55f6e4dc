"""The documentation site: ``python docs/build.py`` makes it; CONTRIBUTING.md says what it needs.

The source is the whole repository, so that the README, the guides and the examples link to each
other on the site exactly as they do where the repository is read.
"""

from __future__ import annotations

import sys
from importlib.metadata import version as installed
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_site"))

project = "Two nations"
author = "The two-nations developers"
version = release = installed("two-nations")
language = "en"
root_doc = "docs/index"

include_patterns = [
    "docs/**",
    "examples/README.md",
    "benchmarks/README.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "CODE_OF_CONDUCT.md",
    "SECURITY.md",
]
exclude_patterns = ["build", ".*", "docs/_site", "**/runs", "**/studies"]

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "mathml",
    "examples",
    "figures",
    "gallery_page",
    "reference",
]

myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_block", "attrs_inline"]
myst_heading_anchors = 4
myst_heading_slug_func = "reference.slug"
myst_fence_as_directive = ["math"]
myst_number_code_blocks = []
nitpicky = False
suppress_warnings = ["config.cache"]

autosummary_generate = True
autosummary_imported_members = True
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_maximum_signature_line_length = 88
autodoc_default_options = {"members": True, "show-inheritance": True}
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False
numpydoc_xref_param_type = False

html_theme = "furo"
html_title = "Two nations"
html_baseurl = ""
html_static_path = ["_site/static", "../maps/assets/fonts"]
html_css_files = ["site.css"]
html_extra_path = ["_site/root"]
html_math_renderer = "mathml"
html_copy_source = False
html_show_sphinx = False
_LETTERS = {"font-stack": '"Public Sans", "Helvetica Neue", Arial, sans-serif'}
html_theme_options = {
    "top_of_page_buttons": [],
    "light_css_variables": _LETTERS
    | {
        "color-background-primary": "#fbfaf8",
        "color-background-secondary": "#f4f2ee",
        "color-background-border": "#dcdad5",
        "color-foreground-primary": "#1b1c1e",
        "color-brand-primary": "#1d68ab",
        "color-brand-content": "#1d68ab",
        "color-brand-visited": "#5b4a8a",
    },
    "dark_css_variables": {
        "color-background-primary": "#141618",
        "color-background-secondary": "#1a1d20",
        "color-background-border": "#303337",
        "color-foreground-primary": "#eceae6",
        "color-brand-primary": "#79b3e9",
        "color-brand-content": "#79b3e9",
        "color-brand-visited": "#b5a4e0",
    },
}
pygments_style = "friendly"
pygments_dark_style = "native"

linkcheck_timeout = 20
