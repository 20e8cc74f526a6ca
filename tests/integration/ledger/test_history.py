"""One call's history: everything that happened, in order, with its holder, and no caller's words unasked."""

import io
import json

import pytest
from building import (
    AGENCY,
    CANARIES,
    CRISIS_LINE,
    FRAMES,
    KEYS,
    a_record,
    a_signal,
    an_event,
    the_incident,
    the_message,
    the_transfer,
)
from rich.console import Console

from bridge.cli import show
from bridge.domain.cad import EventKind
from bridge.domain.signal import SignalKind
from bridge.ledger.history import find_calls, history

S = SignalKind


@pytest.fixture
async def told(lane, database):
    """A ledger with a call that was told, taken, misspoken about and closed."""
    first = an_event()
    await lane.reads(a_record(first, 0))
    await lane.reads(a_record(first, 1))
    await lane.hears_in_turn(a_signal(S.ALERTING), a_signal(S.VOICE_CONTACT))
    await lane.reads(a_record(an_event(event="e2", kind=EventKind.NOTE_ADDED, note="HE IS COLD"), 2))
    await lane.hears_in_turn(a_signal(S.RETURN_TAKEN, by="911"), a_signal(S.CLOSED), first=2)
    return database


async def test_everything_is_on_the_line_in_its_order_with_the_holder(told):
    found = await history(told, the_incident())
    moments = show.time_line(found)
    assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
    steps = [
        (moment.what, moment.holder)
        for moment in moments
        if not moment.what.startswith(("to ", "message ", "attempt "))
    ]
    assert steps == [
        ("event read", "911"),
        ("decided", "911"),
        ("transfer", "911"),
        ("event read", "911"),
        ("signal.alerting", "911"),
        ("signal.voice_contact", CRISIS_LINE),
        ("event read", CRISIS_LINE),
        ("decided", CRISIS_LINE),
        ("refused.not_in_this_state", CRISIS_LINE),
        ("signal.closed", CRISIS_LINE),
    ]
    sent = [moment for moment in moments if moment.what.startswith("to ")]
    assert len(sent) == len(found.messages) == sum(moment.what == "message delivered" for moment in moments)


async def test_a_line_says_who_said_what_when_and_why(told):
    lines = list(show.lines_of(await history(told, the_incident())))
    assert lines[0] == f"incident {the_incident()}, version 2, offer, holder {CRISIS_LINE}"
    (contact,) = [line for line in lines if "signal.voice_contact" in line]
    assert "by destination:crisis-line" in contact and "(said at 20" in contact
    assert "alerting -> connected" in contact and the_transfer() in contact
    (first, _) = [line for line in lines if " decided: " in line]
    assert "offer for version 1, policy town 1, crisis (for)" in first
    assert any("duplicate, cad.events[0]@1" in line for line in lines)
    assert any("attempts 1, crisis-line.offers[0]@0" in line for line in lines)


async def test_no_callers_word_is_shown_unless_it_is_asked_for(told):
    found = await history(told, the_incident())
    assert found.snapshot is None and {message.content for message in found.messages} == {None}
    screen = Console(file=io.StringIO(), width=200)
    screen.print(show.table_of(found))
    plain = "\n".join([*show.lines_of(found), *show.content_of(found, None), show.json_of(found, None)])
    for canary in CANARIES:
        assert canary not in plain and canary not in screen.file.getvalue()


async def test_asked_for_what_is_sealed_is_opened(told):
    found = await history(told, the_incident(), keys=KEYS)
    plain = "\n".join(show.content_of(found, FRAMES))
    as_json = show.json_of(found, FRAMES)
    for canary in CANARIES:
        assert canary in plain and canary in as_json
    assert json.loads(as_json)["holder"] == CRISIS_LINE
    assert list(json.loads(as_json)["content"]["messages"]) == [
        str(n) for n in range(1, len(found.messages) + 1)
    ]


async def test_a_purged_call_opens_as_nothing(told, sql):
    await sql.execute("update incident set data_key = null")
    found = await history(told, the_incident(), keys=KEYS)
    assert list(show.content_of(found, FRAMES)) == ["content: purged, or never sealed"]


@pytest.mark.parametrize("call", ["INV-1", the_incident(), the_transfer(), the_message(3)])
async def test_a_call_is_found_by_any_id_that_is_its_own(told, call):
    assert await find_calls(told, call) == [the_incident()]


async def test_a_call_nobody_knows_is_not_found(told):
    assert await find_calls(told, "INV-404") == []
    assert await history(told, f"{AGENCY}/INV-404") is None


async def test_two_agencies_can_have_the_same_number(told, sql):
    await sql.execute(
        "insert into incident (incident_key, agency, incident_id) values ('a/INV-1', 'a', 'INV-1')"
    )
    assert await find_calls(told, "INV-1") == ["a/INV-1", the_incident()]
