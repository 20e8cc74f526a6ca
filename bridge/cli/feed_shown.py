"""What the documents show of feeds: the shipped mappings, and what comes of two tables beside them.

One table is invented, the other is the public one of the demonstration; both stand in the checkout, so that
their cells may be shown.
"""

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bridge.cli.feed import report
from bridge.cli.printed import Table, markdown
from bridge.domain.cad import CadEvent
from bridge.feeds import mapping
from bridge.feeds.batch import rows_of
from bridge.feeds.check import check
from bridge.feeds.refusal import Refusal
from bridge.feeds.rows import Fold
from bridge.settings import Settings

TOP = Path(__file__).resolve().parents[2]
SHIPPED = TOP / "deploy" / "feeds"

TOWN = ("docs/examples/town_feed.toml", "docs/examples/town_calls.csv")
DALLAS = ("deploy/feeds/dallas_tx.toml", "deploy/demo/dallas_active_calls.csv")

_IN_EVERY_FILE = {"agency", "incident", "time", "call_type", "location"}

SAID: Mapping[str, tuple[str, str]] = {
    "columbia_mo": (
        "Columbia and Boone County, Missouri: police and fire log, polled",
        "Polls whose windows overlap: rows come back, change, come late, or have no number. Another spelling "
        "of a type. Coded fields without yes or no.",
    ),
    "dallas_tx": (
        "Dallas, Texas: police, active calls",
        "One row per unit, put together into one incident. Code and words in one cell. An exporter's word "
        "for nothing.",
    ),
    "eugene_or": (
        "Eugene, Oregon: past calls of police and fire",
        "The way in by its code. How it ended closes the incident. Cells that a spreadsheet damaged are left "
        "unsaid and counted.",
    ),
    "lancaster_calls": (
        "Lancaster County, Nebraska: past calls of fire and EMS",
        "Lists of units with a time each in one cell. A day whose clock stands in another column. Scripted "
        "determinants. Test calls.",
    ),
    "lancaster_units": (
        "The same, one row per unit and status",
        "A log: each row is a status at a time. Clocks that run past midnight.",
    ),
    "sacramento_ca": (
        "Sacramento, California: police, daily activity",
        "Prose that was written afterwards. A clock of four digits in a column of its own.",
    ),
    "san_luis_obispo_ca": (
        "San Luis Obispo, California: police log",
        "Call takers' shorthand, and a filler for none. Pages that are published again. All units in one "
        "cell, with one time. How it ended closes the incident.",
    ),
    "seattle_wa": (
        "Seattle, Washington: past calls of police",
        "The first type creates the incident, the final type changes it. The way in by its code. Blurred "
        "points.",
    ),
    "st_louis_mo": (
        "St. Louis, Missouri: police calls",
        "The least that a table can say: number, block, type, time.",
    ),
}
"""Where each shipped mapping's table is from, and what its file shows."""


def shipped(_: Settings) -> str:
    """The mappings of `deploy/feeds`, each with what it has beyond the usual."""
    rows = []
    for path in sorted(SHIPPED.glob("*.toml")):
        source, shows = SAID.get(path.stem, ("", ""))
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        rows.append([f"`{path.stem}`", source, shows, ", ".join(f"`{key}`" for key in _special(written))])
    return markdown(["file", "table", "what it shows", "keys beyond the usual"], rows)


def _special(written: Mapping[str, object]) -> list[str]:
    time = written["time"]
    clock = ["time.clock"] if isinstance(time, dict) and "clock" in time else []
    return [*clock, *(key for key in written if key not in _IN_EVERY_FILE | {"channel"})]


def quoted(name: str, language: str, _: Settings) -> str:
    """A file of the checkout as it stands."""
    return f"```{language}\n{(TOP / name).read_text(encoding='utf-8')}```"


def checked(by: str, table: str, _: Settings) -> str:
    """What `bridge feed check` prints of a table."""
    how = mapping.read(TOP / by)
    said = report(check({table: rows_of(TOP / table, how)}, how))
    return "\n".join(["```text", f"$ bridge feed check {by} {table}", *said, "```"])


def told(by: str, table: str, _: Settings) -> str:
    """What each row of a table makes."""
    how = mapping.read(TOP / by)
    fold = Fold(how)
    rows = []
    for number, row in enumerate(rows_of(TOP / table, how), start=1):
        news = fold.take(row)
        if isinstance(row, Refusal) or isinstance(news, Refusal):
            rows.append([str(number), "", f"refused: {news}"])
        else:
            said = "; ".join(map(_event, news)) or "nothing new"
            rows.append([str(number), row.get(how.incident, ""), said])
    return markdown(["row", how.incident, "what is told"], rows)


def _event(event: CadEvent) -> str:
    """The kind of an event, with what a reader would look for."""
    units = [f"unit {unit.unit_id} {unit.status.value}" for unit in event.units]
    dangers = [f"{answer.question} {answer.answer.value}" for answer in event.answers]
    return ", ".join([f"`{event.kind.value}`", *dangers, *units])


TABLES: Mapping[str, Table] = {
    "feeds-shipped": shipped,
    "feed-example-table": partial(quoted, TOWN[1], "text"),
    "feed-example-mapping": partial(quoted, TOWN[0], "toml"),
    "feed-example-check": partial(checked, *TOWN),
    "feed-example-events": partial(told, *TOWN),
    "feed-check": partial(checked, *DALLAS),
    "feed-run-drop": partial(quoted, "deploy/feeds/run/drop.toml", "toml"),
    "feed-run-poll": partial(quoted, "deploy/feeds/run/poll.toml", "toml"),
    "feed-run-webhook": partial(quoted, "deploy/feeds/run/webhook.toml", "toml"),
}
"""The page of feeds, beside its reference."""
