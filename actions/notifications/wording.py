"""Putting notices and other mails into words: the templates in data/notices."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

TEMPLATES = Path(__file__).parents[2] / "data" / "notices"
FALLBACK = "en"


@cache
def _environment(html: bool) -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True
    )


def words(name: str, language: str, details: Mapping[str, str | date]) -> tuple[str, str, str]:
    """Language, subject and text of a template: in English where nobody has translated it."""
    for tried in (language.partition("-")[0].lower(), FALLBACK):
        try:
            template = _environment(False).get_template(f"{tried}/{name}.txt")
        except TemplateNotFound:
            continue
        subject, _, body = template.render({name: spoken(detail, tried) for name, detail in details.items()}).partition(
            "\n"
        )
        return tried, subject.strip(), body.strip() + "\n"
    raise LookupError(f"no template {name}")


def page(language: str, subject: str, body: str, trust: str) -> str:
    """The same as a page of HTML."""
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n")]
    template = _environment(True).get_template("layout.html")
    return template.render(language=language, subject=subject, paragraphs=paragraphs, trust=trust)


def spoken(detail: str | date, language: str) -> str:
    """A detail as it is put into words: a day as people write it."""
    if isinstance(detail, str):
        return detail
    return f"{detail.day} {detail:%B %Y}" if language == FALLBACK else f"{detail:%d.%m.%Y}"
