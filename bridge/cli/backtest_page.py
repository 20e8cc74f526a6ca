"""A backtest as one page for a meeting: plain words, the denominator first, charts, and the same tables.

The page stands alone: no script, nothing to load, no caller's words. It can be read in light, in the dark and
on paper.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from zoneinfo import ZoneInfo

from bridge.cli.backtest_charts import Bar, bars, columns, legend
from bridge.cli.backtest_style import STYLE
from bridge.cli.backtest_text import shown
from bridge.domain.decision import Verdict
from bridge.planning.backtest import Backtest
from bridge.planning.costs import ANY_OF_THESE
from bridge.planning.plan import GOING
from bridge.planning.table import Cell, Table
from bridge.planning.tables import COUNTED, VERDICTS

_MOST_ROWS = 15
_CLASSES = tuple(column for _, column, _ in VERDICTS)
_LEGEND = legend([(column, words) for _, column, words in VERDICTS])


def page(result: Backtest, tables: Sequence[Table]) -> str:
    """The page, whole."""
    by_name = {table.name: table for table in tables}
    policy = result.plan.policies[0]
    names = " and ".join(each.name for each in result.plan.policies)
    title = f"Policy {names}: what it would have done with past calls"
    sections = [section for name in by_name for section in _section(by_name[name])]
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
    )
    begin = [f"<h1>{escape(title)}</h1>", *_summary(result), *_how_to_read(result)]
    end = [f"<footer>{escape(policy.agency)}. {escape(_versions(result))}</footer></main></body></html>"]
    return "\n".join([head, *begin, *sections, *end, ""])


def _summary(result: Backtest) -> Iterator[str]:
    """The few numbers that everybody will ask for."""
    rates, counted = result.rates, len(result.trials)
    yield f'<p class="lead">{_period(result)}{counted:,} calls count here.</p>'
    if not counted:
        return
    for words, verdict_of in _STATES:
        go = sum(verdict_of(trial) in GOING for trial in result.trials)
        one_in, a_week = rates.one_in(go), rates.a_week(go)
        share = f"1 call in {one_in:,.0f}" if one_in is not None else "none"
        weekly = f", about {shown(a_week)} a week" if a_week is not None else ""
        few = " So few may be chance." if 0 < go < 10 else ""
        yield (
            f'<p class="fact"><b>{go:,}</b> of {counted:,} calls would be offered, recommended or sent in '
            f"tandem to community responders, {words} ({share}{weekly}).{few}</p>"
        )


_STATES: Sequence[tuple[str, Callable[..., Verdict]]] = (
    ("by what the log says", lambda trial: trial.recorded),
    ("supposing that every safety question that nobody answered was a no", lambda trial: trial.supposed),
)


def _period(result: Backtest) -> str:
    if not result.trials:
        return ""
    zone = ZoneInfo(result.plan.timezone)
    days = [trial.call.at.astimezone(zone).date() for trial in result.trials]
    return f"Calls from {min(days)} to {max(days)}. "


def _how_to_read(result: Backtest) -> Iterator[str]:
    by = "the second number" if result.assume_answered else "the first number"
    yield (
        f'<p class="note">The charts and tables below count by {by}. A number under 10 is shown as it is, '
        "and may be chance. Offered: the call goes to a community responder unless they decline. "
        "Recommended: the call taker asks the caller first. Tandem: community responders go together with "
        "police or EMS. Reviewed: a person at 911 has to look, and until then the call stays. A log cannot "
        "tell how a call would have ended.</p>"
    )


def _section(table: Table) -> Iterator[str]:
    yield f'<section id="{table.name}"><h2>{escape(table.title)}</h2><p>{escape(table.says)}</p>'
    chart = _CHARTS.get(table.name)
    if chart is not None and table.rows:
        yield chart(table)
    yield from _table(table)
    yield "</section>"


def _verdict_bars(table: Table) -> str:
    """What becomes of the calls, twice: as recorded and supposing no."""
    rows = []
    for state in ("as recorded", "supposing no"):
        counts = _numbers(table, f"{state}: calls")[: len(_CLASSES)]
        rows.append(Bar(state, list(zip(_CLASSES, counts, strict=True)), f"{sum(counts):,}"))
    return _LEGEND + bars(rows, table.title)


def _stacked(table: Table) -> str:
    """The verdicts of each key."""
    by_class = [_numbers(table, name) for name in _CLASSES]
    rows = [
        Bar(str(row[0]), list(zip(_CLASSES, counts, strict=True)), shown(row[1]))
        for row, *counts in zip(table.rows[:_MOST_ROWS], *by_class, strict=False)
    ]
    return _LEGEND + bars(rows, table.title)


def _standing(table: Table) -> str:
    """All calls and those that go, in the table's order."""
    labels = [str(row[0]).removesuffix(":00") for row in table.rows]
    rows = list(zip(labels, _numbers(table, "calls"), _numbers(table, "go"), strict=True))
    return legend([("all", "all calls"), ("go", "would go")]) + columns(rows, table.title)


def _single(column: str, name: str) -> Callable[[Table], str]:
    """One number of each row, the greatest first."""

    def chart(table: Table) -> str:
        pairs = sorted(zip(table.rows, _numbers(table, column), strict=True), key=lambda pair: -pair[1])
        pairs = [pair for pair in pairs if pair[0][0] != ANY_OF_THESE]
        rows = [Bar(_label(row), [(name, number)], f"{number:,}") for row, number in pairs[:_MOST_ROWS]]
        return bars(rows, table.title)

    return chart


def _held_back(table: Table) -> str:
    """Of how many calls each clause spoke: against them, or leaving something open."""
    against, left_open = _numbers(table, "spoke against"), _numbers(table, "left open")
    rows = [
        Bar(str(row[0]), [("kept", no), ("reviewed", unsure)], f"{no + unsure:,}")
        for row, no, unsure in zip(table.rows[:_MOST_ROWS], against, left_open, strict=False)
    ]
    return legend([("kept", "spoke against"), ("reviewed", "left open")]) + bars(rows, table.title)


def _label(row: tuple[Cell, ...]) -> str:
    second = row[1] if len(row) > 1 and isinstance(row[1], str) and len(row[1]) < 30 else ""
    return f"{row[0]} {second}".strip()


def _counted(table: Table) -> str:
    """Which calls count, and what was left aside."""
    rows = [
        Bar(words.removeprefix("left aside: "), [("go" if words == COUNTED else "kept", calls)], f"{calls:,}")
        for words, calls in table.rows
        if isinstance(words, str) and isinstance(calls, int) and words.startswith(("left aside", COUNTED))
    ]
    return legend([("go", "counts"), ("kept", "left aside")]) + bars(rows, table.title)


_CHARTS: Mapping[str, Callable[[Table], str]] = {
    "denominator": _counted,
    "verdicts": _verdict_bars,
    "by_type": _stacked,
    "by_hour": _standing,
    "by_weekday": _standing,
    "by_week": _standing,
    "by_district": _stacked,
    "by_need": _stacked,
    "by_clause": _stacked,
    "by_destination": _single("asked first", "go"),
    "ruled_out": _held_back,
    "near_misses": _single("calls", "reviewed"),
    "limits_by_kind": _single("cost", "kept"),
    "limits": _single("cost", "kept"),
    "capacity": _single("lost: all were full", "kept"),
}


def _numbers(table: Table, column: str) -> list[int]:
    return [cell if isinstance(cell, int) else 0 for cell in table.column(column)]


def _table(table: Table) -> Iterator[str]:
    heads = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    short = table.rows if table.whole else table.rows[:_MOST_ROWS]
    for row in short:
        yield f"<tr>{''.join(map(_cell, row))}</tr>"
    yield "</tbody></table>"
    if more := len(table.rows) - len(short):
        yield f'<p class="note">and {more:,} more rows, which the CSV files have.</p>'


def _cell(cell: Cell) -> str:
    kind = "" if isinstance(cell, str) else ' class="number"'
    return f"<td{kind}>{escape(shown(cell))}</td>"


def _versions(result: Backtest) -> str:
    told = (f"{each.name} version {each.version}, {each.digest[:12]}" for each in result.plan.policies)
    return f"Decided by {'; '.join(told)}."
