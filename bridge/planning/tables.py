"""A backtest as tables: the denominator first, then what would go, where to and when.

What held calls back, and what it costs, is in `costs`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from bridge.domain.decision import Verdict
from bridge.planning.backtest import Backtest
from bridge.planning.plan import GOING
from bridge.planning.table import Rates, Table
from bridge.planning.trial import Trial

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = tuple(f"{hour:02}:00" for hour in range(24))

VERDICTS: tuple[tuple[Verdict, str, str], ...] = (
    (Verdict.OFFER, "offered", "offered to a community responder"),
    (Verdict.RECOMMEND, "recommended", "recommended: the call taker asks the caller"),
    (Verdict.TANDEM, "tandem", "sent in tandem with police or EMS"),
    (Verdict.REVIEW, "reviewed", "left with 911 for a person to review"),
    (Verdict.KEEP, "kept", "kept with 911"),
)
"""Each verdict, its column, and what becomes of the call."""

COUNTED = "calls that count"

COUNTS = ("calls", *(column for _, column, _ in VERDICTS), "go", "go %", "go a week")


def tables(result: Backtest) -> Iterator[Table]:
    """The tables of what would have become of the calls, in the order in which they should be read."""
    yield denominator(result)
    yield verdicts(result)
    yield first_and_last(result)
    zone = ZoneInfo(result.plan.timezone)
    local = f"In the policy's time zone, {zone}."

    def hour(trial: Trial) -> list[str]:
        return [HOURS[trial.call.at.astimezone(zone).hour]]

    def weekday(trial: Trial) -> list[str]:
        return [WEEKDAYS[trial.call.at.astimezone(zone).weekday()]]

    def week(trial: Trial) -> list[str]:
        return [f"{trial.call.at.astimezone(zone):%G-W%V}"]

    yield _by(result, ("by_type", "Call types", "Most calls first.", "call type"), _type)
    yield _by(result, ("by_hour", "Hours of the day", local, "hour"), hour, HOURS)
    yield _by(result, ("by_weekday", "Weekdays", local, "weekday"), weekday, WEEKDAYS)
    weeks = sorted({one for trial in result.trials for one in week(trial)})
    by_week = _by(result, ("by_week", "Weeks", "The weeks in which any call came in.", "week"), week, weeks)
    yield by_week.without("go a week")
    yield _by(result, ("by_district", "Districts", "As the log codes them.", "district"), _district)
    says = "The need named by the clause that admits the call; what no clause admits has none."
    yield _by(result, ("by_need", "Needs", says, "need"), lambda trial: [trial.need or "none"])
    yield destinations(result)
    says = "A call counts for every scope clause that admits it; a danger may keep it nevertheless."
    yield _by(result, ("by_clause", "Clauses that admit calls", says, "clause"), lambda one: one.scopes)


def denominator(result: Backtest) -> Table:
    """Which calls count."""
    counted = len(result.trials)
    arrived = sum(trial.call.closed_on_arrival for trial in result.trials)
    says = (
        "A log tells of incidents that are over. Each was screened as it stood before it closed, at the time "
        "at which it came in; units that were sent and what was found in the end were left out."
    )
    rows = [("rows that were read", result.rows), ("rows that could not be used", result.refused)]
    rows += [("incidents in them", counted + sum(result.aside.values()))]
    rows += [(f"left aside: {why}", calls) for why, calls in sorted(result.aside.items())]
    rows += [(COUNTED, counted)]
    rows += [("of these told as closed from the start, and screened as if open", arrived)]
    return Table("denominator", "Which calls count", says, ("what", "calls"), tuple(rows), whole=True)


def verdicts(result: Backtest) -> Table:
    """What becomes of the calls: by the log alone, and if every unanswered question were a no."""
    rates = result.rates
    recorded = Counter(trial.recorded for trial in result.trials)
    supposed = Counter(trial.supposed for trial in result.trials)
    says = (
        "A log seldom tells what was answered to the safety questions, and an unanswered question is not a "
        "no. So there are two numbers: by what the log says, and supposing that every demanded question that "
        "nobody answered had been answered with no. The second is the most that can be hoped for. "
        + ("All further tables are by the second." if result.assume_answered else _BY_THE_FIRST)
    )
    columns = [f"{state}: {name}" for state in ("as recorded", "supposing no") for name in _RATED]
    rows = [
        (words, *_rated(recorded[verdict], rates), *_rated(supposed[verdict], rates))
        for verdict, _, words in VERDICTS
    ]
    went = [sum(counts[verdict] for verdict in GOING) for counts in (recorded, supposed)]
    rows.append(("offered, recommended or in tandem", *_rated(went[0], rates), *_rated(went[1], rates)))
    rows.append(("all calls that count", *_rated(rates.total, rates), *_rated(rates.total, rates)))
    heading = ("what becomes of the call", *columns)
    return Table("verdicts", "What would become of them", says, heading, tuple(rows), whole=True)


_RATED = ("calls", "%", "one in", "a week")
_BY_THE_FIRST = "All further tables are by the first."


def _rated(calls: int, rates: Rates) -> tuple[int, float | None, float | None, float | None]:
    return calls, rates.per_cent(calls), rates.one_in(calls), rates.a_week(calls)


def first_and_last(result: Backtest) -> Table:
    """What the first event said against what was known before the incident closed."""
    pairs = Counter((trial.first, trial.verdict) for trial in result.trials)
    rows = [
        (first_words, last_words, pairs[first, last])
        for first, first_words, _ in VERDICTS
        for last, last_words, _ in VERDICTS
        if pairs[first, last]
    ]
    says = "The bridge screens again at every change. All other tables are by the last state."
    columns = ("by the first event", "before it closed", "calls")
    return Table("first_and_last", "First words and last", says, columns, tuple(rows))


def destinations(result: Backtest) -> Table:
    """Who would be asked."""
    going = [trial for trial in result.trials if trial.goes and trial.route]
    first = Counter(trial.route[0] for trial in going)
    any_place = Counter(name for trial in going for name in trial.route)
    rows = tuple(
        (name, each.name, first[name], result.rates.a_week(first[name]), any_place[name])
        for name, each in sorted(result.plan.destinations.items(), key=lambda one: -first[one[0]])
    )
    says = "Calls by who is asked first, and by who is on the route at all."
    columns = ("destination", "name", "asked first", "a week", "on the route")
    return Table("by_destination", "Destinations", says, columns, rows)


def _by(
    result: Backtest,
    named: tuple[str, str, str, str],
    keys: Callable[[Trial], Iterable[str]],
    order: Sequence[str] | None = None,
) -> Table:
    """A row of verdicts for each key; without an `order`, the key with most calls first."""
    counts: dict[str, Counter[Verdict]] = {key: Counter() for key in order or ()}
    for trial in result.trials:
        for key in keys(trial):
            counts.setdefault(key, Counter())[trial.verdict] += 1
    sorted_keys = order or sorted(counts, key=lambda key: (-counts[key].total(), key))
    rows = [(key, *_counted(counts[key], result.rates)) for key in sorted_keys]
    name, title, says, column = named
    return Table(name, title, says, (column, *COUNTS), tuple(rows), whole=order in (HOURS, WEEKDAYS))


def _counted(counts: Counter[Verdict], rates: Rates) -> tuple[int | float | None, ...]:
    calls, go = counts.total(), sum(counts[verdict] for verdict in GOING)
    of_these = 100 * go / calls if calls else None
    return (calls, *(counts[verdict] for verdict, _, _ in VERDICTS), go, of_these, rates.a_week(go))


def _type(trial: Trial) -> list[str]:
    said = trial.call.last.call_type
    if said is None:
        return ["none"]
    return [said.code if said.text in ("", said.code) else f"{said.code} {said.text}"]


def _district(trial: Trial) -> list[str]:
    place = trial.call.last.location
    return [place.district if place is not None and place.district else "none"]
