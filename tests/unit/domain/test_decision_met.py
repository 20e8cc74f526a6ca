"""Whether a condition is met, not met or not known: each one, by the calls that tell these apart."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import NOW, a_call, a_policy, a_scope
from policy_calls import CALL, with_field

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    Caller,
    CallType,
    Caution,
    Channel,
    CodedAnswer,
    Location,
    Note,
    Unit,
    UnitStatus,
)
from bridge.domain.conditions import barred, chosen, met
from bridge.domain.facts import Facts
from bridge.domain.ground import Area
from bridge.domain.hours import Hours, Span
from bridge.domain.incident import Incident
from bridge.domain.when import CallerRule, When
from bridge.domain.words import Entry, Lexicon

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
TOPICS = Lexicon(
    entries=(
        Entry("w", "a topic", ("crying",), topic="welfare"),
        Entry("n", "a topic", ("loud",), topic="noise"),
    ),
    topics=("welfare", "noise"),
)
UNREADABLE = "x" * 20_000
WAITING = replace(CALL, first_at=NOW - timedelta(minutes=15))
CLOSED_NOW = Hours("UTC", (Span(frozenset({6}), NOW.time(), NOW.time()),))


def facts_of(call: Incident, when: When, areas: dict[str, Area] | None = None) -> Facts:
    """The call as a policy that writes this condition looks at it."""
    written = {name: getattr(when, name) for name in When.__dataclass_fields__}
    scope = a_scope(**(written | {"call_types": when.call_types or frozenset({"CRISIS"})}))
    return Facts(call, a_policy(scope, lexicon=TOPICS, areas=areas or {}), NOW)


def answered(name: str, answer: Answer) -> Incident:
    return replace(CALL, answers=(*CALL.answers, CodedAnswer(name, answer)))


def noted(text: str, role: AuthorRole = AuthorRole.UNKNOWN) -> Incident:
    return replace(CALL, notes=(Note(text, role=role),))


def units(status: UnitStatus) -> Incident:
    return replace(WAITING, units=(Unit("A1", status, kind="police"),))


CHOICES = [
    (When(), CALL, YES),
    (When(call_types=frozenset({"crisis"})), CALL, YES),
    (When(call_types=frozenset({"OTHER"})), CALL, NO),
    (
        When(call_types=frozenset({"OTHER"}), determinants=frozenset({"25-*"})),
        a_call(determinant="25A1"),
        YES,
    ),
    (When(call_types=frozenset({"crisis"})), a_call(""), UNKNOWN),
    (When(call_types=frozenset({"crisis"})), replace(CALL, call_type=None), UNKNOWN),
    (When(fields={"color": frozenset({"green"})}), with_field(CALL, "color", " green "), YES),
    (When(fields={"color": frozenset({"green"})}), with_field(CALL, "color", "RED"), NO),
    (When(fields={"color": frozenset({"green"})}), CALL, UNKNOWN),
    (When(fields={"weapon": frozenset({"green"})}), CALL, UNKNOWN),
    (
        When(fields={"color": frozenset({"green"})}),
        replace(with_field(CALL, "color", "GREEN"), notes=(Note(UNREADABLE),)),
        YES,
    ),
    (When(answers={"adult": "yes"}), answered("adult", YES), YES),
    (When(answers={"adult": "yes"}), answered("adult", NO), NO),
    (When(answers={"adult": "no"}), answered("adult", NO), YES),
    (When(answers={"adult": "no"}), answered("adult", YES), NO),
    (When(answers={"adult": "no"}), answered("adult", UNKNOWN), UNKNOWN),
    (When(answers={"adult": "no"}), CALL, UNKNOWN),
    (When(words=("team", "crew")), noted("rp wants the crew"), YES),
    (When(words=("team", "crew")), noted("rp waits"), NO),
    (When(words=("gun",)), noted("no gun seen"), NO),
    (When(unless_words=("team", "crew")), noted("rp wants the crew"), NO),
    (When(unless_words=("team", "crew")), noted("rp waits"), YES),
    (When(unless_words=("gun",)), noted("no gun seen"), YES),
    (When(unless_words=("team",)), noted(UNREADABLE), UNKNOWN),
    (When(topics=frozenset({"welfare"})), noted("she is crying"), YES),
    (When(topics=frozenset({"welfare"})), noted("it is loud"), NO),
    (When(topics=frozenset({"welfare"})), noted("rp waits"), UNKNOWN),
    (When(channels=frozenset({Channel.SENSOR})), replace(CALL, channel=Channel.SENSOR), YES),
    (When(channels=frozenset({Channel.SENSOR})), replace(CALL, channel=Channel.NINE_ONE_ONE), NO),
    (When(channels=frozenset({Channel.SENSOR})), CALL, UNKNOWN),
    (When(channel_codes=frozenset({"x1"})), replace(CALL, channel_code=" x1 "), YES),
    (When(channel_codes=frozenset({"x1"})), replace(CALL, channel_code="X2"), NO),
    (When(channel_codes=frozenset({"x1"})), CALL, UNKNOWN),
    (When(priorities=frozenset({4})), replace(CALL, priority=4), YES),
    (When(priorities=frozenset({4})), replace(CALL, priority=3), NO),
    (When(priorities=frozenset({4})), CALL, UNKNOWN),
    (When(cautions=frozenset({"dog"})), replace(CALL, cautions=(Caution(" dog "),)), YES),
    (When(cautions=frozenset({"dog"})), replace(CALL, cautions=(Caution("GUN"),)), NO),
    (When(cautions=frozenset({"*"})), replace(CALL, cautions=(Caution("GUN"),)), YES),
    (When(cautions=frozenset({"*"})), CALL, NO),
    (When(waiting_minutes=15), WAITING, YES),
    (When(waiting_minutes=16), WAITING, NO),
    (When(waiting_minutes=15), CALL, NO),
]


@pytest.mark.parametrize(("when", "call", "answer"), CHOICES)
def test_a_condition_is_met_or_not_or_not_known(when: When, call: Incident, answer: Answer) -> None:
    facts = facts_of(call, when)
    assert met(when, facts) is answer
    if not when.names_types:
        assert chosen(when, facts) is (answer is YES)


LIMITS = [
    ({}, CALL, YES),
    ({"hours": CLOSED_NOW}, CALL, NO),
    ({"areas": frozenset({"north"})}, replace(CALL, location=Location(latitude=1, longitude=1)), NO),
    ({"areas": frozenset({"south"})}, replace(CALL, location=Location(latitude=1, longitude=1)), YES),
    ({"districts": frozenset({"d1"})}, CALL, YES),
    ({"districts": frozenset({"d2"})}, CALL, NO),
    ({"districts": frozenset({"d2"})}, replace(CALL, location=None), UNKNOWN),
    ({"caller": CallerRule(max_age=17)}, a_call(caller=Caller(age=0)), YES),
    ({"caller": CallerRule(max_age=17)}, a_call(caller=Caller(age=17)), YES),
    ({"caller": CallerRule(max_age=17)}, a_call(caller=Caller(age=18)), NO),
    ({"caller": CallerRule(min_age=18)}, a_call(caller=Caller(age=17)), NO),
    ({"caller": CallerRule(min_age=18)}, a_call(caller=Caller(age=110)), YES),
    ({"caller": CallerRule(min_age=18)}, CALL, UNKNOWN),
    ({"caller": CallerRule(consent=True)}, a_call(caller=Caller(consent=YES)), YES),
    ({"caller": CallerRule(consent=True)}, a_call(caller=Caller(consent=NO)), NO),
    ({"caller": CallerRule(consent=True)}, CALL, UNKNOWN),
    ({"caller": CallerRule(first_party=True)}, a_call(caller=Caller(first_party=YES)), YES),
    ({"caller": CallerRule(first_party=True)}, a_call(caller=Caller(first_party=NO)), NO),
    ({"caller": CallerRule(first_party=True)}, CALL, UNKNOWN),
]
AREAS: dict[str, Area] = {"north": lambda *_: NO, "south": lambda *_: YES}


@pytest.mark.parametrize(("rules", "call", "answer"), LIMITS)
def test_a_limit_is_met_or_not_or_not_known(rules: dict[str, object], call: Incident, answer: Answer) -> None:
    when = When(**rules)  # type: ignore[arg-type]
    facts = facts_of(call, when, AREAS)
    assert met(when, facts) is answer
    assert barred(when, facts) is answer
    assert chosen(when, facts), "limits choose no calls"


DOG, GUN = frozenset({"DOG"}), frozenset({"GUN"})
NOWHERE = replace(CALL, location=None, cautions=(Caution("DOG"),))


@pytest.mark.parametrize(
    ("when", "is_met", "is_barred"),
    [
        (When(cautions=DOG, priorities=frozenset({4})), UNKNOWN, NO),
        (When(cautions=GUN, districts=frozenset({"D1"})), NO, NO),
        (When(cautions=DOG, districts=frozenset({"D1"})), UNKNOWN, UNKNOWN),
        (When(cautions=DOG, call_types=frozenset({"ELSE"}), districts=frozenset({"D1"})), NO, NO),
        (When(cautions=DOG, hours=CLOSED_NOW, districts=frozenset({"D1"})), NO, NO),
        (When(cautions=DOG, call_types=frozenset({"CRISIS"})), YES, YES),
    ],
)
def test_of_several_conditions_one_that_is_not_met_decides_then_one_that_is_not_known(
    when: When, is_met: Answer, is_barred: Answer
) -> None:
    facts = facts_of(NOWHERE, when)
    assert met(when, facts) is is_met
    assert barred(when, facts) is is_barred, "what nobody coded bars nothing"


SENT = {"DISPATCHED", "ACKNOWLEDGED", "EN_ROUTE", "STAGING"}
THERE = {"ON_SCENE", "PATIENT_CONTACT", "TRANSPORTING"}


@pytest.mark.parametrize("status", UnitStatus)
def test_a_call_waits_until_somebody_is_sent_and_only_who_has_arrived_is_there(status: UnitStatus) -> None:
    facts = Facts(units(status), a_policy(), NOW)
    assert facts.waiting_minutes() == (None if status.value in SENT | THERE else 15)
    assert facts.kinds_on_scene() == ({"POLICE"} if status.value in THERE else set())


TYPISTS = {"UNKNOWN", "CALL_TAKER", "DISPATCHER", "SUPERVISOR"}


@pytest.mark.parametrize("role", AuthorRole)
def test_a_short_code_counts_from_those_who_take_calls(role: AuthorRole) -> None:
    when = When(typed=frozenset({"/star", "/else"}))
    facts = facts_of(noted("male crying (/Star), by the wall", role), when)
    assert facts.typed() == ({"/STAR"} if role.value in TYPISTS else set())
    assert met(when, facts) is (YES if role.value in TYPISTS else NO)
    assert met(when, facts_of(noted("male crying /starring", role), when)) is NO, "it stands alone"


@pytest.mark.parametrize(
    ("call_type", "topic"),
    [
        (CallType("LOUD", "Welfare check"), "welfare"),
        (CallType("WELFARE"), "welfare"),
        (CallType("WELFARE", "A check"), ""),
        (CallType("A", "B"), ""),
        (None, ""),
    ],
)
def test_a_type_is_read_by_its_words_or_else_by_its_code(call_type: CallType | None, topic: str) -> None:
    of_type = Entry("t", "a topic", ("welfare", "other"), topic="welfare", of_type=True)
    policy = a_policy(
        a_scope(topics=frozenset({"welfare"})), lexicon=Lexicon((of_type,), topics=("welfare",))
    )
    facts = Facts(replace(CALL, call_type=call_type), policy, NOW)
    assert facts.reading.topic == topic
    assert facts.names == ((call_type.code,) if call_type is not None else ())
