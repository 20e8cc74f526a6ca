"""Whatever the domain says comes back equal, and a clock's offset with it."""

from datetime import datetime

import wire_messages as a
from hypothesis import given, settings

from bridge.domain.cad import CadEvent
from bridge.domain.incident import Incident
from bridge.domain.message import Offer, Return, Status
from bridge.domain.signal import Signal
from bridge.wire import cad_events, incidents, offers, quarantines, returns, signals, statuses
from bridge.wire.moments import read_moment, write_moment
from bridge.wire.quarantines import Quarantined

often = settings(max_examples=150, deadline=None)


@often
@given(a.cad_events)
def test_a_cad_event_comes_back_equal(event: CadEvent) -> None:
    decoded = cad_events.decode(a.FRAMES, cad_events.encode(a.FRAMES, event), now=a.NOW)
    assert decoded.event == event
    typed = ("notes", "location", "cautions")
    assert set(decoded.faults) <= {f"{each}.control_characters" for each in typed}


@often
@given(a.signals)
def test_a_signal_comes_back_equal(signal: Signal) -> None:
    decoded = signals.decode(a.FRAMES, signals.encode(a.FRAMES, signal), now=a.NOW)
    assert decoded.signal == signal


@often
@given(a.incidents)
def test_an_incident_comes_back_equal(incident: Incident) -> None:
    assert incidents.decode(a.FRAMES, incidents.encode(a.FRAMES, incident)) == incident


@often
@given(a.offers)
def test_an_offer_comes_back_equal(offer: Offer) -> None:
    assert offers.decode(a.FRAMES, offers.encode(a.FRAMES, offer)) == offer


@often
@given(a.returns)
def test_a_return_comes_back_equal(message: Return) -> None:
    assert returns.decode(a.FRAMES, returns.encode(a.FRAMES, message)) == message


@often
@given(a.statuses)
def test_a_status_comes_back_equal(status: Status) -> None:
    assert statuses.decode(a.FRAMES, statuses.encode(a.FRAMES, status)) == status


@often
@given(a.quarantined)
def test_a_quarantined_record_comes_back_equal(quarantined: Quarantined) -> None:
    assert quarantines.decode(a.FRAMES, quarantines.encode(a.FRAMES, quarantined)) == quarantined


@often
@given(a.any_time)
def test_a_moment_keeps_its_instant_and_its_offset(at: datetime) -> None:
    back = read_moment(write_moment(at))
    assert back == at
    assert back.utcoffset() == at.utcoffset()


def test_half_a_surrogate_pair_is_written_as_a_question_mark() -> None:
    """JSON allows it, UTF-8 does not, and an offer must go out all the same."""
    event = a.a_cad_event(disposition="a\ud800b")
    assert (
        cad_events.decode(a.FRAMES, cad_events.encode(a.FRAMES, event), now=a.NOW).event.disposition == "a?b"
    )
