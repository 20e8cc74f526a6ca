"""The invented calls are invented, readable, and together show every verdict, ending and built-in reason."""

import dataclasses
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from demo_calls import FILE, INVENTED, POLICIES, WEDNESDAY_MORNING, decisions
from rehearsal import Rehearsal

from bridge.domain import clauses
from bridge.domain.cad import Caller, CallType, EventKind, Location
from bridge.domain.decision import TransferKind, Verdict
from bridge.domain.ids import DestinationId, IncidentId
from bridge.domain.transfer_table import ENDS
from bridge.errors import SandboxError
from bridge.sandbox import calls
from bridge.sandbox.calls import Call
from bridge.wire import cad_events
from bridge.wire.frames import Frames

NEVER_SPOKEN = {
    *(clauses.POLICY_NOT_IN_FORCE, clauses.DESTINATION_UNKNOWN, clauses.CHANNEL_RECORDED),
    *(clauses.DESTINATION_UNSTAFFED, clauses.DESTINATION_SILENT, clauses.DESTINATION_OUT_OF_SERVICE),
}
"""An agency whose only policy begins later has none in force, which is told as `policy.none`. Loading refuses
a route to nobody. A line that says that it is full shows how one is passed over, and no policy here has a way
in that is only counted."""

NEVER_OPEN = {"walk-in"}
"""It is there to be closed, so that it never admits a call."""

by_number = pytest.mark.parametrize("call", INVENTED.call, ids=lambda call: call.incident)


@by_number
def test_screening_says_what_the_call_is_there_to_show(call: Call) -> None:
    first = decisions(call)[0]
    assert first.verdict is call.expect.verdict
    assert set(call.expect.clauses) <= {reason.clause for reason in first.reasons}


def test_every_verdict_every_ending_and_both_kinds_of_transfer_are_shown() -> None:
    assert {call.expect.verdict for call in INVENTED.call} == set(Verdict)
    assert {ending for call in INVENTED.call for ending in call.expect.endings} == ENDS
    offered = [decisions(call)[0].kind for call in INVENTED.call if call.expect.verdict is Verdict.OFFER]
    assert set(offered) == set(TransferKind)


def test_every_built_in_reason_is_shown() -> None:
    spoken = {reason.clause for call in INVENTED.call for one in decisions(call) for reason in one.reasons}
    shown = {name for name in clauses.BUILT_IN if any(clause.startswith(name) for clause in spoken)}
    assert set(clauses.BUILT_IN) - shown == NEVER_SPOKEN


def test_every_clause_that_is_not_built_in_is_shown_too() -> None:
    spoken = {reason.clause for call in INVENTED.call for one in decisions(call) for reason in one.reasons}
    own = {one.id for policy in POLICIES.values() for one in policy.scope}
    own |= {one.id for policy in POLICIES.values() for one in policy.disqualifier}
    assert own - spoken == NEVER_OPEN


def test_numbers_are_unique_and_nothing_looks_real() -> None:
    numbers = [call.incident for call in INVENTED.call]
    assert len(set(numbers)) == len(numbers) >= 40
    assert all(
        number.startswith("INV-") and call.invented
        for number, call in zip(numbers, INVENTED.call, strict=True)
    )
    callbacks = {telling.callback for call in INVENTED.call for telling in call.tells} - {""}
    assert all(callback.startswith("+121455501") for callback in callbacks)
    assert {call.agency or INVENTED.agency for call in INVENTED.call} <= {
        "police.dallas.example",
        "police.neighbor.example",
        "police.nowhere.example",
        "county.far.example",
    }


def test_every_event_survives_the_wire_as_it_was_written() -> None:
    frames = Frames()
    for event in INVENTED.events(WEDNESDAY_MORNING):
        decoded = cad_events.decode(frames, cad_events.encode(frames, event), now=WEDNESDAY_MORNING)
        assert decoded.event == event
        assert not decoded.faults


def test_events_come_in_the_order_of_their_times_and_speed_shortens_them() -> None:
    slow, fast = INVENTED.events(WEDNESDAY_MORNING), INVENTED.events(WEDNESDAY_MORNING, speed=10)
    assert [event.at for event in slow] == sorted(event.at for event in slow)
    assert {event.event_id for event in slow} == {event.event_id for event in fast}
    assert (fast[-1].at - WEDNESDAY_MORNING) * 10 == pytest.approx(
        slow[-1].at - WEDNESDAY_MORNING, abs=timedelta(milliseconds=1)
    )
    created = {event.incident_id for event in slow if event.kind is EventKind.CREATED}
    assert created == {call.incident for call in INVENTED.call}


def test_events_of_another_day_are_told_as_if_they_happened_now() -> None:
    redated = calls.redated(INVENTED.events(WEDNESDAY_MORNING - timedelta(days=3000)), WEDNESDAY_MORNING, 0.5)
    assert redated[0].at == WEDNESDAY_MORNING
    assert redated[-1].at == WEDNESDAY_MORNING + timedelta(seconds=0.5 * (len(redated) - 1))
    assert all(note.at == event.at for event in redated for note in event.notes)


@pytest.mark.parametrize("kind", [CallType, Location, Caller])
def test_no_key_of_a_nested_table_is_misspelled(kind: type[CallType | Location | Caller]) -> None:
    table = {CallType: "type", Location: "location", Caller: "caller"}[kind]
    known = {field.name for field in dataclasses.fields(kind)}
    tells = [one for call in tomllib.loads(FILE.read_text(encoding="utf-8"))["call"] for one in call["tells"]]
    assert {key for one in tells for key in one.get(table, {})} <= known


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (("INV-0001", "18-0052973"), "INV- and four digits"),
        (("invented = true", "invented = false"), "invented"),
        (('callback = "+12145550101"', 'callback = "+12145551234"'), "kept for fiction"),
        (('verdict = "offer"', 'verdict = "perhaps"'), "verdict"),
        (("[[call]]", "[[call"), "is not TOML"),
    ],
)
def test_a_file_that_is_not_plainly_invented_is_refused(
    tmp_path: Path, change: tuple[str, str], rule: str
) -> None:
    wrong = tmp_path / "calls.toml"
    wrong.write_text(FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(SandboxError, match=rule):
        calls.read(wrong)


def test_hints_and_cues_go_by_incident() -> None:
    hints = INVENTED.hints(DestinationId("crisis-line"))
    assert set(hints) <= {call.incident for call in INVENTED.call}
    assert IncidentId("INV-0001") in hints
    assert all(INVENTED.cues().values())


@by_number
def test_every_transfer_ends_as_the_call_is_there_to_show(call: Call) -> None:
    assert tuple(Rehearsal(call).run()) == call.expect.endings
