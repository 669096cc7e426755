"""Pages for people, made from the templates in data/pages; everything put into them is escaped."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader

from .settings import ROOT

_PAGES = Environment(loader=FileSystemLoader(ROOT / "data" / "pages"), autoescape=True)


def page(name: str, values: Mapping[str, Any]) -> str:
    """The page as one HTML file that needs nothing else."""
    return _PAGES.get_template(name).render(values)
