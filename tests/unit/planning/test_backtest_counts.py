"""A backtest of a log that can be counted by hand."""

from datetime import timedelta

from planning_calls import (
    ALL_NO,
    BY_DAY,
    DESK,
    LINE,
    MONDAY,
    a_destination,
    a_limit,
    a_log,
    a_plan,
    a_policy,
    an_acceptance,
    an_event,
    of_age,
)

from bridge.domain.cad import Answer, Caller, Channel, EventKind
from bridge.domain.when import CallerRule
from bridge.planning.backtest import tried
from bridge.planning.costs import capacity, limits, limits_by_kind, near_misses, ruled_out
from bridge.planning.counted import Aside, Denominator
from bridge.planning.sample import drawn
from bridge.planning.tables import denominator, destinations, first_and_last, tables, verdicts

NIGHT = MONDAY + timedelta(hours=12)
SATURDAY = MONDAY + timedelta(days=5)
ADULTS = a_limit("adults", caller=CallerRule(min_age=18))

LOG = a_log(
    an_event("offered"),
    an_event("offered-at-night", at=NIGHT),
    an_event("recommended", "QUARREL"),
    an_event("at-night", "QUARREL", at=NIGHT),
    an_event("on-saturday", "QUARREL", at=SATURDAY),
    an_event("armed", answers=ALL_NO | {"weapon": Answer.YES}),
    an_event("armed-by-words", narrative="HE HAS A KNIFE"),
    an_event("one-open", answers=ALL_NO | {"medical": Answer.UNKNOWN}),
    an_event("all-open", answers={}),
    an_event("wants-police", caller=Caller(wants_police=Answer.YES)),
    an_event("odd", "ODD"),
    an_event("parking", "PARKING"),
    an_event("officer", channel=Channel.ON_VIEW),
    an_event("closed", kind=EventKind.CLOSED),
)


def rows(table):
    """The rows by their first cell."""
    return {row[0]: row[1:] for row in table.rows}


def test_the_denominator_is_stated_with_everything_that_was_left_aside() -> None:
    found = rows(denominator(tried(LOG, a_plan(), Denominator())))
    assert found["rows that were read"] == (14,)
    assert found["incidents in them"] == (14,)
    assert found[f"left aside: {Aside.OFFICER}"] == (1,)
    assert found["calls that count"] == (13,)
    assert found["of these told as closed from the start, and screened as if open"] == (1,)


def test_both_numbers_stand_beside_each_other() -> None:
    counted = {
        row[0].split(":")[0].split(" ")[0]: (row[1], row[5])
        for row in verdicts(tried(LOG, a_plan(), Denominator())).rows
    }
    assert counted == {
        "offered": (3, 5),
        "recommended": (1, 1),
        "sent": (0, 0),
        "left": (3, 1),
        "kept": (6, 6),
        "offered,": (4, 6),
        "all": (13, 13),
    }


def test_every_call_is_in_each_table_of_verdicts_once() -> None:
    result = tried(LOG, a_plan(), Denominator())
    for table in tables(result):
        if table.name in {"by_type", "by_hour", "by_weekday", "by_week", "by_district", "by_need"}:
            assert sum(table.column("calls")) == 13, table.name
            by_verdict = [
                table.column(name) for name in ("offered", "recommended", "tandem", "reviewed", "kept")
            ]
            assert [sum(counts) for counts in zip(*by_verdict, strict=True)] == list(table.column("calls"))


def test_a_clause_is_counted_where_it_spoke_and_where_it_stood_alone() -> None:
    found = rows(ruled_out(tried(LOG, a_plan(), Denominator())))
    assert {name: row[1:] for name, row in found.items()} == {
        "weapon": (2, 0, 2),
        "hours.closed": (2, 0, 2),
        "caller.wants_police": (1, 0, 1),
        "answer.missing.medical": (0, 2, 1),
        "answer.missing.weapon": (0, 1, 0),
        "answer.missing.violence": (0, 1, 0),
        "answer.missing.police_only": (0, 1, 0),
        "odd": (0, 1, 0),
        "type.unknown": (0, 1, None),
    }


def test_near_misses_are_counted_once_by_call_and_once_by_clause() -> None:
    found = rows(near_misses(tried(LOG, a_plan(), Denominator())))
    assert {name: row[-1] for name, row in found.items()} == {
        "weapon": 2,
        "hours.closed": 2,
        "caller.wants_police": 1,
        "answer.missing.medical": 1,
        "any of these": 6,
    }


def test_supposing_every_open_question_answered_everything_is_counted_so() -> None:
    result = tried(LOG, a_plan(), Denominator(), assume_answered=True)
    assert sum(trial.goes for trial in result.trials) == 6
    assert not any("missing" in row[0] for row in ruled_out(result).rows)


def test_what_a_call_taker_left_open_is_supposed_and_a_yes_is_not() -> None:
    armed = an_event("armed", answers={"weapon": Answer.YES, "medical": Answer.UNKNOWN})
    (trial,) = tried(a_log(armed), a_plan(), Denominator(), assume_answered=True).trials
    assert trial.verdict == "keep"
    assert trial.spoke_against == ("weapon",)


def test_each_limit_has_its_cost() -> None:
    log = a_log(
        an_event("adult", caller=of_age(30)),
        an_event("child", caller=of_age(12)),
        an_event("nobody-knows"),
        an_event("adult-by-night", at=NIGHT, caller=of_age(30)),
        an_event("child-by-night", at=NIGHT, caller=of_age(12)),
    )
    by_day = a_destination(DESK, hours=BY_DAY)
    line = a_destination(
        LINE, hours=BY_DAY, accepts=(an_acceptance("grown-ups", caller=CallerRule(max_age=99)),)
    )
    result = tried(log, a_plan(line, by_day, policy=a_policy(limit=(ADULTS,))), Denominator())
    assert rows(limits_by_kind(result)) == {
        "age": (1, 3, 2, None),
        "hours": (1, 2, 1, None),
        "capacity": (1, 1, 0, None),
    }
    one_by_one = {row[:2]: row[3:6] for row in limits(result).rows}
    assert one_by_one == {
        ("hours", "quarrel"): (1, 1, 0),
        ("limit", "adults"): (1, 3, 2),
        ("acceptance", "line: grown-ups"): (1, 1, 0),
        ("hours", "line"): (1, 2, 1),
        ("hours", "desk"): (1, 2, 1),
    }


def test_calls_that_nobody_had_room_for_are_lost_apart() -> None:
    times = [MONDAY + timedelta(minutes=minutes) for minutes in (0, 10, 20, 61, 71)]
    log = a_log(*(an_event(str(number), at=at) for number, at in enumerate(times)))
    plan = a_plan(a_destination(LINE, capacity=1), a_destination(DESK, capacity=1))
    result = tried(log, plan, Denominator(), minutes_per_call=60)
    assert [trial.verdict for trial in result.trials] == ["offer"] * 5
    found = rows(capacity(result))
    assert found["line"] == (1, 60, 5, 2, 1, 2, 1)
    assert found["desk"] == (1, 60, 0, 2, 1, 0, 0)
    assert rows(limits_by_kind(result))["capacity"] == (4, 5, 1, None)


def test_without_a_time_a_destination_has_a_call_as_long_as_it_may_hold_one() -> None:
    result = tried(a_log(an_event()), a_plan(), Denominator())
    assert result.loads[LINE].minutes == 60


def test_first_words_are_told_apart_from_last() -> None:
    later = an_event(
        "1", at=MONDAY + timedelta(minutes=1), kind=EventKind.NOTE_ADDED, narrative="HE HAS A KNIFE"
    )
    result = tried(a_log(an_event("1"), later, an_event("2")), a_plan(), Denominator())
    assert set(first_and_last(result).rows) == {
        ("offered", "kept", 1),
        ("offered", "offered", 1),
    }


def test_a_call_is_for_the_first_on_its_route() -> None:
    found = rows(destinations(tried(LOG, a_plan(), Denominator())))
    assert {name: (row[1], row[3]) for name, row in found.items()} == {"line": (3, 3), "desk": (1, 4)}


def test_a_rate_a_week_needs_a_week() -> None:
    short = tried(a_log(an_event("1"), an_event("2", at=SATURDAY)), a_plan(), Denominator())
    assert short.rates.a_week(2) is None
    weeks = a_log(an_event("1"), an_event("2", at=MONDAY + timedelta(days=14)))
    assert tried(weeks, a_plan(), Denominator()).rates.a_week(2) == 1.0


def test_hours_are_those_of_the_policys_time_zone() -> None:
    plan = a_plan(policy=a_policy(timezone="America/Chicago"))
    table = next(
        one for one in tables(tried(a_log(an_event()), plan, Denominator())) if one.name == "by_hour"
    )
    assert {row[0]: row[1] for row in table.rows if row[1]} == {"05:00": 1}


def test_the_same_seed_draws_the_same_calls_and_only_from_what_was_asked() -> None:
    trials = tried(LOG, a_plan(), Denominator()).trials
    assert drawn(trials, 4, 1) == drawn(trials, 4, 1)
    assert any(drawn(trials, 4, 1) != drawn(trials, 4, seed) for seed in range(2, 9))
    kept = drawn(trials, 99, 1, {"keep"})
    assert len(kept) == 6


def test_a_log_without_calls_has_tables_too() -> None:
    result = tried(a_log(), a_plan(), Denominator())
    assert [table.rows for table in tables(result)]
    assert rows(limits_by_kind(result))["capacity"] == (0, 0, 0, None)
