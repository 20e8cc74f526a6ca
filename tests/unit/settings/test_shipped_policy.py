"""The policy and destinations that are shipped: an invented example that can give every verdict."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.domain.cad import Answer, Caller, CallType, CodedAnswer, Note
from bridge.domain.decision import Verdict
from bridge.domain.ids import AgencyId, IncidentId
from bridge.domain.incident import Incident
from bridge.domain.screening import screen
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies, load_policy

DEPLOY = Path(__file__).parents[3] / "deploy"
NOW = datetime(2025, 6, 3, 15, 0, tzinfo=UTC)
DALLAS = DEPLOY / "policies" / "dallas.toml"


def a_dallas_call(code: str, narrative: str = "", **answers: Answer) -> Incident:
    given = dict.fromkeys(("weapon", "violence", "medical", "police_only"), Answer.NO) | answers
    return Incident(
        IncidentId("i"),
        AgencyId("police.dallas.example"),
        call_type=CallType(code),
        answers=tuple(CodedAnswer(question, answer) for question, answer in given.items()),
        notes=(Note(narrative),) if narrative else (),
    )


YES, UNKNOWN = Answer.YES, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("call", "verdict", "route"),
    [
        (a_dallas_call("PH", "male asks drivers for money, calm"), "offer", ["city-311", "crisis-line"]),
        (a_dallas_call("6M", "loud music next door, no weapons"), "offer", ["mediation", "city-311"]),
        (a_dallas_call("46", "hears voices, not violent, neg inj"), "offer", ["crisis-line"]),
        (a_dallas_call("31", "spray paint on the wall"), "recommend", ["mediation", "city-311"]),
        (a_dallas_call("40/01", "odd behavior at the bus stop"), "review", ["crisis-line", "city-311"]),
        (a_dallas_call("46", "", weapon=UNKNOWN), "review", ["crisis-line"]),
        (a_dallas_call("46", "has a knife in his pocket"), "tandem", ["crisis-line"]),
        (a_dallas_call("46A", "cut on her arm"), "tandem", ["crisis-line"]),
        (a_dallas_call("46", "", violence=YES), "keep", []),
        (a_dallas_call("PH", "has a knife"), "keep", []),
        (a_dallas_call("7X"), "keep", []),
        (a_dallas_call("6XEA"), "keep", []),
    ],
)
def test_the_example_policy_gives_every_verdict(call: Incident, verdict: str, route: list[str]) -> None:
    destinations = load_destinations(DEPLOY / "destinations")
    policy = load_policy(DALLAS, destinations)
    decision = screen(call, policy, destinations, NOW)
    assert decision.verdict == verdict
    assert list(decision.route) == route


def test_a_caller_on_the_line_is_not_handed_to_a_centre_that_works_from_notes() -> None:
    destinations = load_destinations(DEPLOY / "destinations")
    policy = load_policy(DALLAS, destinations)
    call = replace(a_dallas_call("31"), caller=Caller(on_the_line=YES))
    assert list(screen(call, policy, destinations, NOW).route) == ["city-311"]


def test_the_shipped_folders_load_and_fit_each_other() -> None:
    destinations = load_destinations(DEPLOY / "destinations")
    assert set(destinations) >= {"crisis-line", "city-311", "mediation"}
    assert load_policies(DEPLOY / "policies", destinations)


def test_calls_of_the_real_feed_without_answers_all_stay_with_911() -> None:
    feed = DEPLOY.parents[1] / "shared" / "data" / "dallas_tx" / "dallas_active_calls_are8-xahz.csv"
    if not feed.is_file():
        pytest.skip("the public feed's snapshot is not on this machine")
    destinations = load_destinations(DEPLOY / "destinations")
    policy = load_policy(DALLAS, destinations)
    with feed.open(encoding="utf-8") as rows:
        codes = {row["nature_of_call"].split("- ")[0].strip() for row in csv.DictReader(rows)}
    verdicts = {
        screen(replace(a_dallas_call(code), answers=()), policy, destinations, NOW).verdict for code in codes
    }
    assert verdicts == {Verdict.REVIEW, Verdict.KEEP}
