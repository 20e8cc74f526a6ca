"""What holds of every policy that could be written, and of every call."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain_calls import NOW, QUESTIONS
from hypothesis import given
from hypothesis import strategies as st
from policy_strategies import calls, destinations, policies

from bridge.domain import clauses
from bridge.domain.cad import Answer, CodedAnswer, Note
from bridge.domain.choosing import decide
from bridge.domain.decision import Decision, Verdict, Weight
from bridge.domain.destination import Destination
from bridge.domain.hours import Hours, Span
from bridge.domain.ids import DestinationId
from bridge.domain.incident import Incident
from bridge.domain.policy import Policy
from bridge.domain.screening import screen, unable_by, weigh
from bridge.domain.spoken import CAUTION

Doors = dict[DestinationId, Destination]

GOES = {Verdict.OFFER, Verdict.RECOMMEND}
UNABLE = (
    *(clauses.DESTINATION_FULL, clauses.DESTINATION_OUT_OF_SERVICE),
    *(clauses.DESTINATION_SILENT, clauses.DESTINATION_UNSTAFFED),
)


def no_more_eligible(before: Decision, after: Decision) -> bool:
    """Whether the call goes by itself to nobody to whom it did not go by itself before.

    A danger that was open and is certain now may turn review into tandem: police go, too.
    """
    if after.verdict not in GOES:
        return True
    goes_less = CAUTION[after.verdict] > CAUTION[before.verdict]
    same = after.verdict is before.verdict and set(after.route) <= set(before.route)
    return before.verdict in GOES and (goes_less or same)


@given(policies(), destinations(), calls(), st.sampled_from(QUESTIONS))
def test_a_disqualifying_answer_never_makes_a_call_more_eligible(
    policy: Policy, doors: Doors, call: Incident, question: str
) -> None:
    worse = replace(call, answers=(*call.answers, CodedAnswer(question, Answer.YES)))
    assert no_more_eligible(*(screen(each, policy, doors, NOW) for each in (call, worse)))


@given(policies(), destinations(), calls(), st.sampled_from(["gun", "hitting people", "poss gun"]))
def test_a_danger_in_a_note_never_makes_a_call_more_eligible(
    policy: Policy, doors: Doors, call: Incident, danger: str
) -> None:
    worse = replace(call, notes=(*call.notes, Note(danger)))
    assert no_more_eligible(*(screen(each, policy, doors, NOW) for each in (call, worse)))


@given(policies(), destinations(), calls(), st.data())
def test_a_clause_that_was_removed_never_speaks(
    policy: Policy, doors: Doors, call: Incident, data: st.DataObject
) -> None:
    removed = data.draw(st.sampled_from(policy.clauses))
    decision = screen(call, policy.without(removed.id), doors, NOW)
    assert all(reason.clause != removed.id for reason in decision.reasons)


@given(policies(), destinations(), calls(), st.permutations(range(3)), st.text(max_size=5))
def test_what_no_clause_asks_for_changes_nothing(
    policy: Policy, doors: Doors, call: Incident, order: list[int], noise: str
) -> None:
    shuffled = replace(
        call,
        callback=noise,
        call_ids=(noise,),
        priority_code=noise,
        sequence=len(noise),
        version=7,
        practice=not call.practice,
        answers=tuple(call.answers[at] for at in order if at < len(call.answers)) + tuple(call.answers[3:]),
        notes=tuple(replace(note, author=noise, number=len(noise)) for note in call.notes),
        units=tuple(reversed(call.units)),
        last_at=NOW,
        caller=replace(call.caller, name=noise, language=noise),
    )
    assert screen(shuffled, policy, doors, NOW) == screen(call, policy, doors, NOW)


@given(policies(), destinations(), calls())
def test_what_goes_was_let_go_by_somebody_and_has_somebody_to_go_to(
    policy: Policy, doors: Doors, call: Incident
) -> None:
    weighing = weigh(call, policy, doors, NOW)
    decision = weighing.decision
    assert decision.reasons
    assert decision == screen(call, policy, doors, NOW)
    if decision.verdict in GOES:
        assert decision.route
        assert not decision.danger
        assert any(reason.weight is Weight.FOR for reason in decision.reasons)
    for name in decision.route:
        said = (*weighing.spoken, *weighing.apart[name])
        assert max(CAUTION[one.most] for one in said) == CAUTION[decision.verdict]
    if decision.verdict is Verdict.KEEP:
        assert not decision.route


@given(policies(), destinations(), calls())
def test_every_clause_of_the_policy_that_is_named_is_one_of_its_own(
    policy: Policy, doors: Doors, call: Incident
) -> None:
    own = {clause.id for clause in policy.clauses}
    agreed = {clause.id for door in doors.values() for clause in door.accepts}
    spoken = {reason.clause for reason in screen(call, policy, doors, NOW).reasons}
    assert {clause for clause in spoken if "." not in clause} <= own | agreed


@given(policies(), policies(), destinations(), calls())
def test_two_policies_for_one_ground_are_as_careful_as_the_more_careful_one(
    one: Policy, other: Policy, doors: Doors, call: Incident
) -> None:
    other = replace(other, name="other")
    each = [CAUTION[screen(call, policy, doors, NOW).verdict] for policy in (one, other)]
    assert CAUTION[decide((one, other), call, doors, NOW).verdict] == max(each)


@given(policies(), destinations(), calls(), st.data())
def test_who_cannot_take_a_call_now_is_not_asked(
    policy: Policy, doors: Doors, call: Incident, data: st.DataObject
) -> None:
    unable = data.draw(st.dictionaries(st.sampled_from(sorted(doors)), st.sampled_from(UNABLE)))
    decision = screen(call, policy, doors, NOW, unable)
    assert unable.keys().isdisjoint(decision.route)
    assert CAUTION[decision.verdict] >= CAUTION[screen(call, policy, doors, NOW).verdict]


@given(policies(), destinations(), calls(), st.data())
def test_one_more_who_cannot_take_a_call_never_makes_it_more_eligible(
    policy: Policy, doors: Doors, call: Incident, data: st.DataObject
) -> None:
    clause = st.sampled_from(UNABLE)
    before = data.draw(st.dictionaries(st.sampled_from(sorted(doors)), clause))
    after = {**before, data.draw(st.sampled_from(sorted(doors))): data.draw(clause)}
    less, more = (screen(call, policy, doors, NOW, each) for each in (before, after))
    assert no_more_eligible(less, more)
    assert screen(call, policy, doors, NOW, unable_by(reason.clause for reason in more.reasons)) == more


# --- Hours ---------------------------------------------------------------------------------------

zones = st.sampled_from(
    ["America/Chicago", "America/Phoenix", "America/St_Johns", "Australia/Lord_Howe", "Europe/Dublin",
     "Asia/Kathmandu", "Pacific/Apia", "UTC"]
)  # fmt: skip
spans = st.builds(
    Span,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.times().map(lambda each: each.replace(microsecond=0)),
    st.times().map(lambda each: each.replace(microsecond=0)),
)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))
changes = st.sampled_from([datetime(2025, 3, 9, 8), datetime(2025, 11, 2, 7), datetime(2025, 4, 5, 15)])
near_a_change = st.builds(
    lambda change, minutes: change.replace(tzinfo=UTC) + timedelta(minutes=minutes),
    changes,
    st.integers(-180, 180),
)


@given(zones, st.lists(spans, min_size=1, max_size=3), instants | near_a_change, st.booleans())
def test_hours_are_what_the_clock_on_the_wall_says_in_any_zone_at_any_change(
    zone: str, opens: list[Span], instant: datetime, holiday: bool
) -> None:
    wall = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    closed = frozenset({wall.date()}) if holiday else frozenset[date]()
    hours = Hours(zone, tuple(opens), closed)
    assert hours.open_at(instant) is any(
        _begins(day, span) <= wall < _ends(day, span)
        for span in opens
        for day in (wall.date(), wall.date() - timedelta(days=1))
        if day.weekday() in span.days and day not in closed
    )


def _begins(day: date, span: Span) -> datetime:
    return datetime.combine(day, span.opens)


def _ends(day: date, span: Span) -> datetime:
    overnight = span.closes <= span.opens
    return datetime.combine(day + timedelta(days=int(overnight)), span.closes)


def test_the_hour_that_a_clock_repeats_is_open_twice_and_the_one_it_skips_never_comes() -> None:
    night = Hours("America/Chicago", (Span(frozenset(range(7)), time(1), time(2)),))
    twice = [datetime(2025, 11, 2, hour, 30, tzinfo=UTC) for hour in (6, 7)]
    assert [night.open_at(instant) for instant in twice] == [True, True]
    skipped = Hours("America/Chicago", (Span(frozenset(range(7)), time(2), time(3)),))
    spring = [datetime(2025, 3, 9, 8, minute, tzinfo=UTC) for minute in range(60)]
    assert not any(skipped.open_at(instant) for instant in spring)
