"""The description of the HTTP API is what the code does, and every signal that people give has a verb."""

import json
from pathlib import Path

import pytest

from bridge.app.desk import api_text
from bridge.desk.limits import Limits, Rate
from bridge.desk.problems import ProblemType
from bridge.desk.verbs import URGENT, VERBS, Side, is_urgent
from bridge.handling.speaking import BY_911, BY_DESTINATION, BY_EITHER

STORED = Path(__file__).parents[3] / "schemas" / "openapi.json"


def test_the_stored_description_is_what_the_command_prints():
    """`bridge tables openapi > schemas/openapi.json` brings it up to date."""
    assert STORED.read_text().strip() == api_text().strip()


def test_every_signal_that_people_give_has_a_verb():
    assert {verb.kind for verb in VERBS} == BY_911 | BY_DESTINATION | BY_EITHER


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.title)
def test_a_verb_belongs_to_a_side_that_may_say_it(verb):
    may = {
        Side.NINE_ONE_ONE: BY_911 | BY_EITHER,
        Side.DESTINATION: BY_DESTINATION | BY_EITHER,
        Side.EITHER: BY_EITHER,
    }
    assert verb.kind in may[verb.side]


def test_no_two_verbs_have_one_address():
    assert (
        len({verb.path for verb in VERBS}) == len({verb.title for verb in VERBS}) == len(VERBS) == len(URGENT)
    )


def test_every_route_tells_the_same_problems():
    paths = json.loads(STORED.read_text())["paths"]
    statuses = {str(problem.status) for problem in ProblemType}
    for path, methods in paths.items():
        for method in methods.values():
            assert statuses <= method["responses"].keys(), path


def test_what_moves_a_caller_is_urgent_and_a_heartbeat_is_not():
    assert is_urgent("POST", "/v1/transfers/abc/voice-contact")
    assert is_urgent("POST", "/v1/rescues")
    assert not is_urgent("POST", "/v1/self/heartbeat")
    assert not is_urgent("GET", "/v1/transfers/abc/voice-contact")
    assert not is_urgent("POST", "/v1/transfers/abc/alerting")


def test_tokens_come_back_with_time_and_each_lane_has_its_own():
    now = [0.0]
    limits = Limits(Rate(2, 3), Rate(1, 1), clock=lambda: now[0])
    assert [limits.wait("a", urgent=False) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limits.wait("a", urgent=True) == 0
    assert limits.wait("b", urgent=False) == 0
    now[0] = 0.5
    assert limits.wait("a", urgent=False) == 0
    assert limits.wait("a", urgent=False) > 0
