"""What held calls back, and what it costs: clauses that spoke against, near misses, limits, capacity.

Each cost is a difference of two screenings, with and without. Costs do not add up: a call that two limits
hold back goes without neither of them alone.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from bridge.domain.clauses import BUILT_IN
from bridge.planning.backtest import Backtest
from bridge.planning.lifting import Lift
from bridge.planning.near import NearMisses
from bridge.planning.plan import Plan
from bridge.planning.supposing import supposed_by
from bridge.planning.table import Cell, Table

ANY_OF_THESE = "any of these"
"""The row of calls that some clause alone keeps, each counted once."""


def costs(result: Backtest) -> Iterator[Table]:
    """The tables of what ruled calls out, in the order in which they should be read."""
    yield ruled_out(result)
    yield near_misses(result)
    yield limits_by_kind(result)
    yield limits(result)
    yield capacity(result)


def sentence_of(plan: Plan, clause: str) -> str:
    """What a clause says to people, whoever wrote it."""
    written = {str(name): clause for name, clause in plan.clauses.items()}.get(clause)
    if written is not None:
        return written.sentence
    return next((says for begins, says in BUILT_IN.items() if clause.startswith(begins)), "")


def ruled_out(result: Backtest) -> Table:
    """How many calls each clause spoke against, and how many it alone keeps from going."""
    staying = [trial for trial in result.trials if not trial.goes]
    against = Counter(clause for trial in staying for clause in trial.spoke_against)
    left_open = Counter(clause for trial in staying for clause in trial.left_open)
    alone = Counter(clause for trial in staying for clause in trial.near)
    near = NearMisses(result.plan)
    rows = [
        (
            clause,
            sentence_of(result.plan, clause),
            against[clause],
            left_open[clause],
            alone[clause] if near.has_a_cost(clause) else None,
        )
        for clause in sorted(against | left_open, key=lambda one: (-against[one] - left_open[one], one))
    ]
    says = (
        "Of the calls that do not go: how many each clause spoke against, of how many it left something "
        "open, and how many would go if it alone were not there. Empty: nothing honest can be supposed."
    )
    columns = ("clause", "what it says", "spoke against", "left open", "alone")
    return Table("ruled_out", "What ruled calls out", says, columns, tuple(rows))


def near_misses(result: Backtest) -> Table:
    """Calls that are one clause away from going."""
    near = Counter(clause for trial in result.trials for clause in trial.near)
    rows: list[tuple[Cell, ...]] = [
        (clause, sentence_of(result.plan, clause), supposed_by(clause) or "if the clause were not there", n)
        for clause, n in near.most_common()
    ]
    rows.append((ANY_OF_THESE, "", "", sum(bool(trial.near) for trial in result.trials)))
    says = "Calls that would go but for one clause. A call can be one clause away in more than one way."
    columns = ("clause", "what it says", "it would go", "calls")
    return Table("near_misses", "One clause away", says, columns, tuple(rows))


_COST = ("calls that go with it", "without it", "cost", "cost a week")


def limits_by_kind(result: Backtest) -> Table:
    """What each kind of limit costs, wherever it is written."""
    rows = [(lift.what, *cost) for lift, cost in _costs(result, result.kinds, 0)]
    rows.append(("capacity", *_cost_of_capacity(result)))
    says = "How many calls more would go if nothing in the policy or at a destination were limited so."
    return Table("limits_by_kind", "What limits cost", says, ("limit", *_COST), tuple(rows))


def limits(result: Backtest) -> Table:
    """What each limit costs by itself."""
    rows = tuple(
        (lift.what, lift.where, lift.sentence, *cost)
        for lift, cost in _costs(result, result.limits, len(result.kinds))
    )
    says = "How many calls more would go without this one limit, and with all the others."
    return Table("limits", "Limits one by one", says, ("limit", "where", "what it says", *_COST), rows)


def _costs(
    result: Backtest, lifts: Sequence[Lift], first: int
) -> Iterator[tuple[Lift, tuple[int, int, int, float | None]]]:
    go = sum(trial.goes for trial in result.trials)
    without = Counter(number for trial in result.trials for number in trial.without)
    for number, lift in enumerate(lifts, first):
        cost = without[number] - go
        yield lift, (go, without[number], cost, result.rates.a_week(cost))


def _cost_of_capacity(result: Backtest) -> tuple[int, int, int, float | None]:
    go, lost = sum(trial.goes for trial in result.trials), sum(load.lost for load in result.loads.values())
    return go - lost, go, lost, result.rates.a_week(lost)


def capacity(result: Backtest) -> Table:
    """What came to each destination, in the order of time, and what it had no room for."""
    rows = tuple(
        (name, load.capacity, load.minutes, load.asked, load.taken, load.most, load.elsewhere, load.lost)
        for name, load in result.loads.items()
    )
    says = (
        "The calls that go, replayed in the order in which they came in, each taking a place for the same "
        "time, recommended ones as if every caller said yes. Without a capacity nothing is lost, and the "
        "most at once says what would have to be there."
    )
    counted = ("asked first", "taken", "most at once", "elsewhere: it was full", "lost: all were full")
    columns = ("destination", "capacity", "minutes a call", *counted)
    return Table("capacity", "Room for them", says, columns, rows)
