"""`bridge policy read` and `score`: what the reader of narratives hears in lines, and what people labelled.

`read` says what was heard in each line, where and why; `score` counts it against what people labelled.
Both print what the lines say, so that they are for test material, never for a live log.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bridge.cli import scoring
from bridge.cli.options import settings_of
from bridge.cli.scoring import DANGERS, Labelled
from bridge.domain.narrative import OF_TYPE, Mention, Span, WordLists, located
from bridge.errors import SettingsError
from bridge.settings.words import load_words

Words = Annotated[
    list[Path] | None, typer.Option("--words", help="Folders of word lists, instead of paths.words.")
]


def read(
    ctx: typer.Context,
    lines: Annotated[Path | None, typer.Argument(help="The lines; else standard input.")] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Lines are {"id", "type", "text"}, else plain text.')
    ] = False,
    words: Words = None,
) -> None:
    """Print what each line says of every danger, as JSON lines with the words that spoke."""
    reader = _reader(ctx, words)
    for number, line in enumerate(_lines(lines), 1):
        given = _object(line, number) if jsonl else {"id": str(number), "text": line.rstrip("\n")}
        text, call_type = str(given.get("text") or ""), str(given.get("type") or "")
        print(json.dumps(_said(reader, given.get("id"), text, call_type), ensure_ascii=False))


def score(
    ctx: typer.Context,
    labels: Annotated[Path, typer.Argument(help="JSON lines: id, type, text, and a label for each danger.")],
    split: Annotated[
        bool, typer.Option("--split", help="Count the two halves, told by a hash of the id, apart.")
    ] = False,
    misses: Annotated[
        str, typer.Option("--misses", help="Print ids that were missed or false alarms: all, tune or check.")
    ] = "",
    words: Words = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object with every count.")] = False,
) -> None:
    """Print, for each danger, how much of what is there is heard, and what is heard where nothing is."""
    reader = _reader(ctx, words)
    with labels.open(encoding="utf-8") as file:
        labelled = [Labelled.of(_object(line, number)) for number, line in enumerate(file, 1) if line.strip()]
    readings = {one.id: reader.read([one.text], one.call_type) for one in labelled}
    halves = ("tune", "check", "all") if split else ("all",)
    chosen = {half: [one for one in labelled if half in ("all", one.half)] for half in halves}
    if as_json:
        print(
            json.dumps({half: scoring.figures(lines, readings) for half, lines in chosen.items()}, indent=1)
        )
        return
    for half, lines in chosen.items():
        print("\n".join(scoring.table(half, lines, readings)), end="\n\n")
    for line in scoring.wrong(labelled, readings, misses):
        print(line)


def _reader(ctx: typer.Context, folders: list[Path] | None) -> WordLists:
    return WordLists({}, load_words(*(folders or [settings_of(ctx).paths.words])))


def _lines(path: Path | None) -> Iterator[str]:
    if path is None:
        yield from sys.stdin
        return
    with path.open(encoding="utf-8") as file:
        yield from file


def _object(line: str, number: int) -> dict[str, Any]:
    """One JSON object, or SettingsError that names the line and repeats nothing of it."""
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise SettingsError(f"line {number}: is no JSON object; write one on each line")
    return value


def _said(reader: WordLists, name: object, text: str, call_type: str) -> dict[str, object]:
    reading = reader.read([text], call_type)
    said: dict[str, object] = {"id": name}
    said |= {danger: scoring.letter(reading, danger) for danger in DANGERS}
    mentions = {danger: reading.mentions[danger] for danger in DANGERS if danger in reading.mentions}
    spans = [_span(danger, one, located(one, [text], call_type)) for danger, one in mentions.items()]
    return said | {"topic": reading.topic or "other", "spans": spans}


def _span(danger: str, mention: Mention, span: Span) -> dict[str, object]:
    return {
        "danger": danger,
        "heard": mention.heard.name.lower(),
        "in": "type" if span.note == OF_TYPE else "text",
        "begin": span.begin,
        "end": span.end,
        "entry": mention.entry,
        "words": mention.words,
        "reason": mention.reason,
        "weakened": [f"{one.how.value} {one.by!r}" for one in mention.weakened],
    }
