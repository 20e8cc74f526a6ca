"""A page for people: a title, headings, sentences, lists and tables, as Markdown or as one HTML file.

Nothing is decided here. The HTML needs nothing from elsewhere, and prints on paper.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_STYLE = (
    "body{font:11pt/1.35 sans-serif;max-width:52em;margin:1em auto;padding:0 1em}"
    "h1{font-size:1.5em}h2{font-size:1.1em;border-bottom:1px solid #888;margin:1em 0 .3em}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #bbb;padding:.2em .5em;"
    "text-align:left;vertical-align:top}p,ul{margin:.3em 0}@media print{body{margin:0;max-width:none}}"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Things one below the other."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Columns:
    """A table."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Heading | Listed | Columns | str
"""A piece of a page; a plain text is a paragraph."""


def as_markdown(title: str, parts: Sequence[Part]) -> str:
    """The page as Markdown."""
    return (
        "\n".join([f"# {_plain(title)}", *(line for part in parts for line in ("", *_markdown(part)))]) + "\n"
    )


def as_html(title: str, parts: Sequence[Part]) -> str:
    """The page as one HTML file."""
    said = html.escape(title)
    head = f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{said}</title>'
    body = "\n".join(_html(part) for part in parts)
    return f"{head}\n<style>{_STYLE}</style>\n<h1>{said}</h1>\n{body}\n</html>\n"


def _markdown(part: Part) -> Iterator[str]:
    if isinstance(part, str):
        yield _plain(part)
    elif isinstance(part, Heading):
        yield f"## {_plain(part.text)}"
    elif isinstance(part, Listed):
        yield from (f"- {_plain(line)}" for line in part.lines)
    else:
        for row in (part.header, ["---"] * len(part.header), *part.rows):
            yield f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in row)} |"


def _plain(text: str) -> str:
    """On one line, with nothing that Markdown takes for HTML."""
    return " ".join(text.replace("<", "&lt;").split())


def _html(part: Part) -> str:
    if isinstance(part, str):
        return f"<p>{html.escape(part)}</p>"
    if isinstance(part, Heading):
        return f"<h2>{html.escape(part.text)}</h2>"
    if isinstance(part, Listed):
        return f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in part.lines)}</ul>"
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in part.header)
    rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in part.rows)
    return f"<table><tr>{head}</tr>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
