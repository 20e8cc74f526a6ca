"""What holds of every backtest: nothing is lost, a cost is a difference, a near miss is one clause away."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from planning_calls import (
    BY_DAY,
    DESK,
    LINE,
    MONDAY,
    QUESTIONS,
    a_destination,
    a_limit,
    a_plan,
    a_policy,
    an_acceptance,
    an_event,
    the_dangers,
    the_scopes,
)

from bridge.domain.cad import Answer, Caller
from bridge.domain.clauses import ANSWER_MISSING
from bridge.domain.decision import TransferKind
from bridge.domain.policy import Where
from bridge.domain.when import CallerRule, When
from bridge.planning.backtest import tried
from bridge.planning.comparing import How, compared
from bridge.planning.counted import Condition, Denominator
from bridge.planning.past import Log, past_calls
from bridge.planning.plan import GOING, Plan, goes
from bridge.planning.table import Table
from bridge.planning.tables import tables

ANSWERS = st.sampled_from(list(Answer))
CALLERS = st.builds(
    Caller,
    first_party=ANSWERS,
    consent=ANSWERS,
    wants_police=st.sampled_from([Answer.UNKNOWN, Answer.NO, Answer.YES]),
    on_the_line=ANSWERS,
    age=st.sampled_from([None, 12, 30, 70]),
)
EVENTS = st.builds(
    an_event,
    st.integers(1, 6).map(str),
    st.sampled_from(["CRISIS", "QUARREL", "ODD", "PARKING", ""]),
    at=st.integers(0, 24 * 7 - 1).map(lambda hours: MONDAY + timedelta(hours=hours)),
    answers=st.dictionaries(st.sampled_from(QUESTIONS), ANSWERS),
    narrative=st.sampled_from(["", "", "HE HAS A GUN", "NO GUN SEEN"]),
    district=st.sampled_from(["", "D1", "D2"]),
    caller=CALLERS,
    practice=st.sampled_from([False, False, True]),
)
LOGS = st.lists(EVENTS, max_size=8).map(lambda events: Log(past_calls(events), len(events)))

CONDITIONS = st.sampled_from(
    [
        {},
        {"hours": BY_DAY},
        {"districts": frozenset({"D1"})},
        {"caller": CallerRule(first_party=True)},
        {"caller": CallerRule(consent=True, min_age=18)},
        {"hours": BY_DAY, "caller": CallerRule(max_age=60)},
    ]
)
MORE = st.sampled_from(
    [
        {},
        {"needs": frozenset({"behavioral-health"})},
        {"never": When(call_types=frozenset({"QUARREL"}))},
        {"destinations": frozenset({LINE})},
    ]
)


@st.composite
def plans(draw) -> Plan:
    """A plan with some limits somewhere."""
    scope = tuple(replace(clause, **draw(CONDITIONS)) for clause in the_scopes())
    limit = tuple(
        a_limit(f"limit-{n}", **(draw(CONDITIONS) | draw(MORE))) for n in range(draw(st.integers(0, 2)))
    )
    line = a_destination(
        LINE,
        hours=draw(st.sampled_from([BY_DAY, a_destination(LINE).hours])),
        kinds=draw(st.sampled_from([frozenset(TransferKind), frozenset({TransferKind.DATA})])),
        accepts=draw(st.sampled_from([(), (an_acceptance("ours", **draw(CONDITIONS)),)])),
        capacity=draw(st.sampled_from([None, 1])),
    )
    policy = a_policy(
        scope=scope,
        limit=limit,
        where=draw(st.sampled_from([Where(), Where(frozenset({"D1"}))])),
        disqualifier=tuple(
            replace(clause, unless_skills=frozenset({"medic"}) if draw(st.booleans()) else frozenset())
            for clause in the_dangers()
        ),
    )
    return a_plan(line, a_destination(DESK, skills=frozenset({"medic"})), policy=policy)


@given(LOGS, plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_incident_is_counted_once_or_left_aside(log: Log, plan: Plan, assume: bool) -> None:
    result = tried(log, plan, Denominator([Condition("district", ("D*",))]), assume_answered=assume)
    assert len(result.trials) + sum(result.aside.values()) == len(log.calls)
    by_name = {table.name: table for table in tables(result)}
    everything = by_name["verdicts"].rows[-1]
    verdicts = Table("", "", "", by_name["verdicts"].columns, by_name["verdicts"].rows[:5])
    assert sum(verdicts.column("as recorded: calls")) == everything[1] == len(result.trials)
    assert sum(verdicts.column("supposing no: calls")) == len(result.trials)
    for name in ("by_type", "by_hour", "by_weekday", "by_week", "by_district", "by_need"):
        assert sum(by_name[name].column("calls")) == len(result.trials)


@given(LOGS, plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_limits_cost_is_the_difference_of_two_backtests(log: Log, plan: Plan, assume: bool) -> None:
    result = tried(log, plan, Denominator(), assume_answered=assume)
    for number, lift in enumerate((*result.kinds, *result.limits)):
        without = tried(log, lift.plan, Denominator(), assume_answered=assume)
        found = {trial.call.last.incident_id for trial in without.trials if trial.goes}
        said = {trial.call.last.incident_id for trial in result.trials if number in trial.without}
        assert said == found, (lift.what, lift.where)


@given(LOGS, plans())
@settings(max_examples=60, deadline=None)
def test_a_near_miss_goes_without_its_clause_and_not_with_it(log: Log, plan: Plan) -> None:
    for trial in tried(log, plan, Denominator()).trials:
        spoke = {*trial.spoke_against, *trial.left_open}
        assert set(trial.near) <= spoke
        for clause in plan.clauses:
            goes_without = goes(plan.without(clause).weigh(trial.screened, trial.call))
            if clause in spoke:
                assert (clause in trial.near) is (goes_without and not trial.goes)


@given(LOGS, plans())
@settings(max_examples=60, deadline=None)
def test_supposing_answers_never_makes_less_of_a_call(log: Log, plan: Plan) -> None:
    for trial in tried(log, plan, Denominator(), assume_answered=True).trials:
        assert trial.recorded not in GOING or trial.supposed in GOING
        assert not any(clause.startswith(ANSWER_MISSING) for clause in trial.left_open)


@given(LOGS, plans())
@settings(max_examples=60, deadline=None)
def test_capacity_loses_and_moves_calls_and_makes_none(log: Log, plan: Plan) -> None:
    result = tried(log, plan, Denominator())
    going = sum(trial.goes for trial in result.trials)
    loads = result.loads.values()
    assert sum(load.asked for load in loads) == going
    assert sum(load.taken for load in loads) + sum(load.lost for load in loads) == going
    assert all(load.capacity is None or load.most <= load.capacity for load in loads)


@given(LOGS, plans(), plans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_two_versions_differ_where_their_decisions_do(log: Log, old: Plan, new: Plan, assume: bool) -> None:
    new = replace(new, destinations=old.destinations)
    found = compared(log, old, new, Denominator(), assume_answered=assume)
    was, will_be = (
        {
            t.call.last.incident_id: (t.verdict, t.route)
            for t in tried(log, p, Denominator(), assume_answered=assume).trials
        }
        for p in (old, new)
    )
    assert {change.incident for change in found.changes} == {one for one in was if was[one] != will_be[one]}
    assert all(change.cause for change in found.changes)


@given(LOGS, plans(), st.sampled_from(["crisis", "weapon", "limit-0"]))
@settings(max_examples=60, deadline=None)
def test_where_one_clause_was_taken_out_it_is_the_cause(log: Log, old: Plan, clause: str) -> None:
    found = compared(log, old, old.without(clause), Denominator())
    assert all((change.cause, change.how) == ((clause,), How.ALONE) for change in found.changes)
