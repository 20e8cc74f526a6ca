"""The measured figures of the documents, from what the measuring commands printed and `docs/measured` keeps.

Nobody writes a figure by hand: a file is the output of its command as it came. A figure whose file is not
there is not told.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bridge.cli.printed import Table, markdown
from bridge.errors import SettingsError
from bridge.settings import Settings

STORED = Path(__file__).resolve().parents[2] / "docs" / "measured"

Json = dict[str, object]


def loop(found: Json) -> Iterator[str]:
    """`bridge bench loop --json`: each measure by peer, as median (least-most) of the rounds."""
    plan, machine = _object(found["plan"]), _object(found["machine"])
    rounds, events, seconds = plan["rounds"], plan["events"], plan["seconds"]
    yield f"{rounds} rounds of {events:,} events, {seconds:g} s at each rate. On: {_said(machine)}."
    yield ""
    rows = [_object(row) for row in _list(found["rows"])]
    peers = list(dict.fromkeys(peer for row in rows for peer in _object(row["peers"])))
    table = []
    for row in rows:
        digits = 0 if row["unit"] == "events/s" else 1
        spreads = _object(row["peers"])
        figures = [_spread(spreads.get(peer), digits) for peer in peers]
        goal = f"{row['goal']}: {'met' if row['met'] else '**missed**'}" if row["goal"] else ""
        ratio = _spread(row["ratio"], 2)
        table.append([f"{row['measure']} ({row['unit']})", *figures, ratio, goal])
    yield markdown(["", *peers, "bridge / hand-written", "goal"], table)
    yield ""
    yield (
        f"Screening one event: {found['screening_us']:.0f} us. Offers lost: {found['lost']}; "
        f"that came twice: {found['repeated']}."
    )


def demo(found: Json) -> Iterator[str]:
    """`bridge demo --json`: what came of the calls, and how long people and machines took."""
    events, versions = _object(found["events"]), _object(found["versions"])
    yield f"CAD events: {_said(events)}. On: {_said(versions)}."
    yield ""
    yield f"Decisions: {_said(_object(_object(found['decisions'])['by_verdict']))}. "
    yield f"Transfers: {_said(_object(found['transfers']))}."
    for title, name in _DEMO_COUNTS.items():
        counts = _object(found.get(name, {}))
        if name == "legs":
            counts = _object(counts.get("tandems", {}))
        if counts:
            yield f"{title}: {_said(counts)}."
    yield ""
    rows = []
    for name, interval in _object(found["intervals_ms"]).items():
        told = _object(interval)
        rows.append([name, str(told["count"]), *(f"{told[key]:,.1f}" for key in ("p50", "p99", "worst"))])
    yield markdown(["interval", "count", "p50 ms", "p99 ms", "worst ms"], rows)


_DEMO_COUNTS = {
    "Recalls": "recalls",
    "Returns": "returns",
    "Handed on": "handed_on",
    "Tandems": "legs",
    "Consults": "consults",
    "Rescues": "rescues",
    "Callers came over": "warmth",
    "Outcomes": "outcomes",
    "Diversions": "diversions",
}


def sweep(found: Json) -> Iterator[str]:
    """`bridge bench sweep --json`: how late waits ended that were over together, round by round."""
    plan, machine = _object(found["plan"]), _object(found["machine"])
    yield (
        f"{plan['waiting']:,} transfers wait, {plan['due']:,} of them due together, "
        f"{plan['workers']} lanes. On: {_said(machine)}."
    )
    yield ""
    rows = []
    limit = float(str(found["limit_s"]))
    for each in map(_object, _list(found["rounds"])):
        handled, told = _object(each["handled"]), _object(each["told"])
        goal = "met" if float(str(handled["worst"])) <= limit else "**missed**"
        late = (handled["p50"], handled["p99"], handled["worst"], told["p99"])
        named = (f"{each['number']}", f"{float(str(each['within_s'])):g} s")
        counted = (_said(_object(each["by_lane"])), str(each["twice"]), str(each["missed"]))
        rows.append([*named, *(f"{float(str(one)):.2f}" for one in late), *counted, goal])
    header = ["round", "due within", "handled p50 s", "p99 s", "worst s", "911 told p99 s"]
    yield markdown([*header, "by lane", "twice", "missed", f"goal <= {limit:g} s"], rows)


def desk(found: Json) -> Iterator[str]:
    """`bridge bench desk --json`: how long an accept over HTTP takes, from request to answer."""
    plan, limit = _object(found["plan"]), float(str(found["limit"]))
    rows = []
    for run in map(_object, _list(found["runs"])):
        took = _object(run["took"])
        goal = "met" if float(str(took["p99"])) <= limit else "**missed**"
        beside = f"an accept, beside {float(str(run['events_per_second'])):g} CAD events/s"
        rows.append([beside, *_milliseconds(took), str(run["refused"]), goal])
    for name, title in _DISKS.items():
        if name in found:
            rows.append([title, *_milliseconds(found[name]), "", ""])
    rate = float(str(plan["accepts_per_second"]))
    yield f"{rate:g} accepts/s for {float(str(plan['seconds'])):g} s, from request to answer."
    yield ""
    yield markdown(
        ["", "p50 ms", "p90 ms", "p99 ms", "worst ms", "refused", f"goal p99 <= {limit:g} ms"], rows
    )


_DISKS = {
    "disk_before": "the disk alone, before: 8 KiB made safe",
    "disk_after": "the disk alone, after",
}


def _milliseconds(found: object) -> list[str]:
    spread = _object(found)
    return [f"{float(str(spread[key])):.1f}" for key in ("p50", "p90", "p99", "worst")]


def faults(found: object) -> Iterator[str]:
    """`python -m tests.faults --json`: a row for each scenario, a column for whatever it counted."""
    if isinstance(found, dict):
        plain = {key: value for key, value in found.items() if not isinstance(value, (list, dict))}
        plain |= {
            key: said for key, value in found.items() if isinstance(value, dict) and (said := _said(value))
        }
        if plain:
            yield f"{_said(plain)}."
            yield ""
        found = next((value for value in found.values() if isinstance(value, list)), [])
    rows = [_object(row) for row in _list(found)]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    yield markdown(
        [column.replace("_", " ") for column in columns],
        [[_cell(row.get(column)) for column in columns] for row in rows],
    )


def screen(found: Json) -> Iterator[str]:
    """`bridge bench screen --json`: the cost of one screening by each shipped policy."""
    limit = found["limit_us"]
    rows = [_object(row) for row in _list(found["policies"])]
    table = [
        [str(row["policy"]), str(row["clauses"]), f"{row['p50']:.0f}", f"{row['p99']:.0f}"] for row in rows
    ]
    yield f"The budget of the median is {limit:g} us."
    yield ""
    yield markdown(["policy", "clauses", "p50 us", "p99 us"], table)


def score(found: Json) -> Iterator[str]:
    """`bridge policy backtest --json`: which calls counted, what becomes of them, what limits cost."""
    table = []
    for half, told in found.items():
        of_half = _object(told)
        for danger, figures in _object(of_half["dangers"]).items():
            counted = _object(figures)
            shares = (_share(counted[name]) for name in ("recall", "false_alarms"))
            table.append([half, str(of_half["lines"]), danger, *shares])
    yield markdown(["lines", "count", "danger", "recall", "false alarms"], table)


def backtest(found: Json) -> Iterator[str]:
    """`bridge policy backtest --json`: which calls counted, what would become of them, what limits cost."""
    counted = dict(_pairs(_object(found["denominator"])))
    yield f"{_said(counted)}."
    yield ""
    verdicts = _object(found["verdicts"])
    rows = [[_cell(row[at]) for at in (0, 1, 2, 4, 5)] for row in map(_list, _list(verdicts["rows"]))]
    yield markdown(["", "as recorded", "%", "a week", "supposing every open question had a no"], rows)
    yield ""
    limits = [_list(row) for row in _list(_object(found["limits_by_kind"])["rows"])]
    if costly := [[_cell(each) for each in row] for row in limits if row[3]]:
        yield markdown(["limit", "calls that go with it", "without it", "cost", "cost a week"], costly)


def _pairs(table: Json) -> Iterator[tuple[str, object]]:
    for row in map(_list, _list(table["rows"])):
        yield str(row[0]), row[1]


def _share(counted: object) -> str:
    hit, of = _list(counted)
    assert isinstance(hit, int) and isinstance(of, int), "two counts"
    return f"{hit / of:.3f} ({hit}/{of})" if of else "-"


MEASURED: Mapping[str, Callable[[Json], Iterator[str]]] = {
    "loop": loop,
    "demo": demo,
    "faults": faults,
    "screen": screen,
    "sweep": sweep,
    "desk": desk,
    "score": score,
    "mutation": faults,
    "backtest-columbia": backtest,
    "backtest-san-luis-obispo": backtest,
    "backtest-lancaster": backtest,
}
"""What was measured, by the name of its file."""


def table(name: str) -> Table:
    """How a measurement is printed. Nothing when it was never stored."""
    return partial(_printed, name)


def _printed(name: str, _: Settings) -> str:
    file = STORED / f"{name}.json"
    if not file.is_file():
        return ""
    try:
        return "\n".join(MEASURED[name](_read(file.read_text(encoding="utf-8"))))
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{file}: is not what its command prints ({type(error).__name__}); store its output again"
        ) from None


def _read(text: str) -> Json:
    """One JSON value, or one value a line."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    return found if isinstance(found, dict) else {"": found}


def _object(value: object) -> Json:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _said(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {_cell(value)}" for name, value in values.items())


def _spread(value: object, digits: int) -> str:
    if value is None:
        return "-"
    middle, least, most = (float(str(_object(value)[key])) for key in ("median", "least", "most"))
    told = f"{middle:,.{digits}f}"
    return told if least == most else f"{told} ({least:,.{digits}f}-{most:,.{digits}f})"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, list):
        return ", ".join(map(_cell, value)) or "-"
    if isinstance(value, dict):
        return _said(value) or "-"
    return "-" if value in (None, "") else str(value)
