"""A policy as screening uses it: which clauses a name finds, what is read for, which version is in force."""

from dataclasses import replace
from datetime import timedelta

import pytest
from domain_calls import DESTINATIONS, NOW, a_call, a_danger, a_policy, a_scope
from policy_calls import CALL, a_limit

from bridge.domain.cad import Answer, Channel, CodedAnswer, Note
from bridge.domain.decision import Verdict
from bridge.domain.facts import Facts, names_of, worse
from bridge.domain.ids import ClauseId
from bridge.domain.policy import About, in_force, when_lists
from bridge.domain.policy_clauses import AnswerClause, Danger, RecategoryClause
from bridge.domain.screening import screen, unable_by
from bridge.domain.when import When
from bridge.domain.words import Entry, Heard, Lexicon

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def test_what_a_policy_does_not_say_of_itself_is_empty() -> None:
    assert About() == About("", "", "", ())
    assert (a_policy().digest, a_policy().ref.digest) == ("", "")
    assert a_policy(digest="abc").ref.digest == "abc"


def test_what_a_policy_does_not_say_of_handovers_is_what_most_agencies_want() -> None:
    usual = a_policy()
    assert usual.confirm == {Verdict.RECOMMEND, Verdict.REVIEW, Verdict.TANDEM}
    assert usual.learns_of_hotlines == {"channel", "call_type", "priority"}
    assert usual.supervisor == ""


# --- The clauses that a name finds ---------------------------------------------------------------

A = a_scope("a", call_types=frozenset({"X", "Y"}), determinants=frozenset({"25-A-*"}))
B = a_scope("b", call_types=frozenset({"Y"}))
C = a_scope("c", call_types=frozenset({"Z"}))
ANY = a_scope("any", call_types=frozenset(), any_call_type=True)


@pytest.mark.parametrize(
    ("scope", "names", "found"),
    [
        ((A, B, C), ("X",), "a"),
        ((A, B, C), ("Y",), "ab"),
        ((B, A, C), ("Z", "X"), "ac"),
        ((B, A, C), ("Y",), "ba"),
        ((A, B, C), ("X", "25-A-*"), "a"),
        ((A, B, C), ("X", "25-A-*", "25-*"), "a"),
        ((A, B, C), ("W",), ""),
        ((A, B, C), (), ""),
        ((ANY, C), ("Z",), "anyc"),
        ((C, ANY), ("Z",), "cany"),
        ((A, ANY, C), ("W",), "any"),
        ((A, ANY, C), (), "any"),
    ],
)
def test_a_name_finds_each_clause_once_in_the_order_of_the_policy(
    scope: tuple[object, ...], names: tuple[str, ...], found: str
) -> None:
    policy = a_policy(*scope)  # type: ignore[arg-type]
    assert "".join(clause.id for clause in policy.mentions(names)) == found


@pytest.mark.parametrize(
    ("call_type", "determinant", "names"),
    [
        ("", None, ()),
        ("X", None, ("X",)),
        ("", "25A1", ("25-A-1", "25-A-*", "25-*")),
        ("X", "25A1", ("X", "25-A-1", "25-A-*", "25-*")),
    ],
)
def test_a_call_goes_by_its_type_and_its_determinant(
    call_type: str, determinant: str | None, names: tuple[str, ...]
) -> None:
    facts = Facts(a_call(call_type, determinant=determinant or ""), a_policy(), NOW)
    assert facts.names == names
    assert names_of(call_type, facts.determinant) == names


RECATEGORY = RecategoryClause(id=ClauseId("recategory"), sentence="Less.", words=("less",), as_call_type="X")
ANSWER = AnswerClause(id=ClauseId("answer"), sentence="No.", gives={"weapon": "no"})
LIMIT = a_limit(never=When(words=("never",)))
WEAPON = a_danger(unless=When(unless_words=("spared",)))
WHOLE = a_policy(A, recategory=(RECATEGORY,), answer=(ANSWER,), limit=(LIMIT,), disqualifier=(WEAPON,))


def test_the_clauses_of_a_policy_stand_in_the_order_in_which_they_are_weighed() -> None:
    assert [clause.id for clause in WHOLE.clauses] == ["recategory", "answer", "a", "limit", "weapon"]


@pytest.mark.parametrize("gone", [clause.id for clause in WHOLE.clauses])
def test_a_policy_without_a_clause_keeps_all_the_others(gone: ClauseId) -> None:
    left = WHOLE.without(gone)
    assert left.clauses == tuple(clause for clause in WHOLE.clauses if clause.id != gone)
    assert replace(left, scope=(), recategory=(), answer=(), limit=(), disqualifier=()) == replace(
        WHOLE, scope=(), recategory=(), answer=(), limit=(), disqualifier=()
    )


# --- What narratives are read for ----------------------------------------------------------------


def test_every_place_where_conditions_are_written_is_read_for() -> None:
    assert set(map(id, WHOLE.whens())) == set(
        map(id, (A, LIMIT, ANSWER, RECATEGORY, LIMIT.never, WEAPON.unless))
    )
    for words in ("less", "never", "spared"):
        assert Facts(replace(CALL, notes=(Note(words),)), WHOLE, NOW).heard((words,)), words


def test_a_condition_is_read_for_under_its_words() -> None:
    assert when_lists(When()) == {}
    assert when_lists(When(words=("a", "b"), unless_words=("c",))) == {
        "when: a|b": ("a", "b"),
        "when: c": ("c",),
    }


KNIFE = Entry("w", "a weapon", ("knife",), {"weapon": Heard.FOUND})
CRYING = Entry("t", "a topic", ("crying",), topic="welfare")
THROWING_UP = Entry("i", "no throwing", ("throwing up",), instead=True)
SHARED = Lexicon((KNIFE, CRYING, THROWING_UP), topics=("welfare",))
ABOUT_WELFARE = a_scope(topics=frozenset({"welfare"}))


@pytest.mark.parametrize(
    ("shared", "scope", "heard"),
    [
        (False, (a_scope(),), {"throwing"}),
        (True, (a_scope(),), {"knife", "welfare"}),
        (False, (ABOUT_WELFARE,), {"welfare"}),
        (False, (ABOUT_WELFARE, a_scope("other")), {"welfare"}),
        (True, (ABOUT_WELFARE,), {"knife", "welfare"}),
    ],
)
def test_the_shared_word_lists_are_read_where_a_clause_asks_for_them(
    shared: bool, scope: tuple[object, ...], heard: set[str]
) -> None:
    weapon = a_danger(Danger.WEAPON, shared=shared)
    violence = a_danger(Danger.VIOLENCE, words=("throwing",))
    policy = a_policy(*scope, disqualifier=(weapon, violence), lexicon=SHARED)  # type: ignore[arg-type]
    reading = policy.words.read(["he has a knife, is crying and throwing up"])
    said = {mention.words for mention in reading.mentions.values()} | ({reading.topic} - {""})
    assert said == heard


# --- Versions ------------------------------------------------------------------------------------


def test_of_each_policy_the_version_that_began_last_is_in_force() -> None:
    old, new = (
        a_policy(version=version, effective=NOW - timedelta(days=days))
        for version, days in (("1", 9), ("2", 1))
    )
    later = a_policy(version="3", effective=NOW + timedelta(seconds=1))
    other = a_policy(name="other")
    for versions in ((old, new, later, other), (other, later, new, old)):
        assert {one.version for one in in_force(versions, NOW) if one.name == "test"} == {"2"}
        assert {one.name for one in in_force(versions, NOW)} == {"test", "other"}
    twin = replace(new, version="2b")
    assert in_force((new, twin), NOW) == (new,), "of two that begin together the one named first"


# --- Answers given more than once ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        (YES, YES, YES),
        (YES, NO, YES),
        (YES, UNKNOWN, YES),
        (NO, UNKNOWN, UNKNOWN),
        (NO, NO, NO),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_said_twice_a_yes_outweighs_doubt_and_doubt_outweighs_a_no(
    one: Answer, other: Answer, answer: Answer
) -> None:
    assert (worse(one, other), worse(other, one)) == (answer, answer)
    twice = replace(CALL, answers=(CodedAnswer("weapon", one), CodedAnswer("weapon", other)))
    assert Facts(twice, a_policy(), NOW).answer_to(("weapon",)) == (answer, "")


def test_a_question_that_nobody_asked_is_unknown_and_was_answered_by_nobody() -> None:
    facts = Facts(replace(CALL, answers=()), a_policy(), NOW)
    assert facts.answer_to(("weapon", "gun")) == (UNKNOWN, "")
    facts.give("gun", NO, "printed")
    assert facts.answer_to(("weapon", "gun")) == (NO, "printed")
    facts.give("weapon", NO, "by definition")
    assert facts.answer_to(("weapon", "gun")) == (NO, "by definition"), (
        "the first wording of two that say the same"
    )


def test_conditions_that_a_narrative_meets_are_asked_of_the_policy_that_wrote_them() -> None:
    policy = a_policy(limit=(LIMIT,), disqualifier=(a_danger(questions=("weapon",)),))
    assert screen(replace(CALL, notes=(Note("never"),)), policy, DESTINATIONS, NOW).verdict is Verdict.KEEP
    assert screen(CALL, policy, DESTINATIONS, NOW).verdict is Verdict.OFFER


# --- What a policy has recorded, and who could not be asked ---------------------------------------


@pytest.mark.parametrize("channel", [Channel.ON_VIEW, Channel.SELF_INITIATED, Channel.FOLLOW_UP])
def test_a_way_in_that_is_only_recorded_stays_with_911(channel: Channel) -> None:
    policy = a_policy(recorded=frozenset({channel}))
    found = screen(replace(CALL, channel=channel), policy, DESTINATIONS, NOW)
    assert (found.verdict, [each.clause for each in found.reasons]) == (Verdict.KEEP, ["channel.recorded"])
    assert not found.danger
    other = screen(replace(CALL, channel=Channel.NINE_ONE_ONE), policy, DESTINATIONS, NOW)
    assert "channel.recorded" not in {each.clause for each in other.reasons}


def test_a_decision_says_who_could_not_be_asked_so_that_it_can_be_made_again() -> None:
    said = ["crisis", "destination.full.line-a", "destination.silent.line-b", "destination.closed.line-c"]
    assert unable_by(said) == {"line-a": "destination.full.", "line-b": "destination.silent."}
