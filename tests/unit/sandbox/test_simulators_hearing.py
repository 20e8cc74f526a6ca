"""What simulators do with what they hear: once per id, in order, and never anything without a transfer."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations

import pytest

from bridge.domain.decision import PolicyRef, TransferKind, Verdict
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.signal import SignalKind, Speaker
from bridge.sandbox.cad import Replay
from bridge.sandbox.calls import Cue
from bridge.sandbox.hotlines import Hotline
from bridge.settings.kafka import Kafka
from bridge.wire import offers, returns
from bridge.wire.frames import Frames

NOW = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
FRAMES = Frames()
HOTLINE = DestinationId("crisis-line")


def an_offer(sequence: int, kind: OfferKind = OfferKind.UPDATE) -> Offer:
    return Offer(
        message_id=MessageId(f"m-{sequence}"),
        transfer_id=TransferId("t-1"),
        sequence=sequence,
        kind=OfferKind.OFFER if sequence == 1 else kind,
        agency=AgencyId("police.example"),
        incident_id=IncidentId("INV-0001"),
        destination=HOTLINE,
        sent_at=NOW,
        transfer_kind=TransferKind.VOICE,
        policy=PolicyRef("example", "1"),
    )


def a_return(
    kind: ReturnKind,
    state: str = "",
    transfer: str | None = "t-1",
    verdict: Verdict | None = Verdict.RECOMMEND,
) -> Return:
    return Return(
        message_id=MessageId(f"r-{kind}-{state}"),
        kind=kind,
        agency=AgencyId("police.example"),
        incident_id=IncidentId("INV-0001"),
        sequence=1,
        sent_at=NOW,
        holder="911",
        transfer_id=TransferId(transfer) if transfer else None,
        state=state,
        verdict=verdict,
    )


def a_hotline() -> Hotline:
    return Hotline(HOTLINE, "crisis-line.offers", Kafka(), FRAMES)


def worked_on(hotline: Hotline, *messages: Offer) -> list[int]:
    ready = [hotline.hear(offers.encode(FRAMES, message)) for message in messages]
    return [message.sequence for each in ready for message in each]


@pytest.mark.parametrize("order", list(permutations([1, 2, 3])))
def test_messages_of_a_transfer_are_worked_on_in_their_order(order: tuple[int, ...]) -> None:
    assert worked_on(a_hotline(), *map(an_offer, order)) == [1, 2, 3]


def test_a_repeated_message_is_worked_on_once_and_every_copy_is_on_record() -> None:
    hotline = a_hotline()
    assert worked_on(hotline, an_offer(1), an_offer(1), an_offer(2), an_offer(1)) == [1, 2]
    assert [message.sequence for message in hotline.heard] == [1, 1, 2, 1]


@pytest.mark.parametrize("kind", [OfferKind.DANGER, OfferKind.WITHDRAWN, OfferKind.REFUSED, OfferKind.ENDED])
def test_danger_and_ends_never_wait_for_an_earlier_message(kind: OfferKind) -> None:
    messages = an_offer(1), an_offer(3, kind), an_offer(2), an_offer(4)
    assert worked_on(a_hotline(), *messages) == [1, 3, 2, 4]


def test_an_unreadable_message_is_noted_and_left_out() -> None:
    hotline = a_hotline()
    assert hotline.hear(b"no frame") == []
    assert hotline.unreadable == ["unknown_frame"]
    assert worked_on(hotline, an_offer(1)) == [1]


def a_cad(*cues: Cue) -> Replay:
    return Replay((), Kafka(), FRAMES, cues={IncidentId("INV-0001"): cues} if cues else {})


def said_by(cad: Replay, told: Return) -> list[SignalKind]:
    return [signal.kind for _, signal in cad.answers(told)]


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (a_return(ReturnKind.RECOMMENDATION), [SignalKind.CONFIRMED]),
        (a_return(ReturnKind.RECOMMENDATION, verdict=Verdict.REVIEW), []),
        (a_return(ReturnKind.HELD, "connected"), [SignalKind.RELEASED]),
        (a_return(ReturnKind.HELD, "claimed"), []),
        (a_return(ReturnKind.RETURN_ASKED), [SignalKind.RETURN_TAKEN]),
        (a_return(ReturnKind.OFFERED), []),
        (a_return(ReturnKind.RECOMMENDATION, transfer=None), []),
    ],
)
def test_a_call_taker_usually_confirms_introduces_and_takes_back(
    told: Return, says: list[SignalKind]
) -> None:
    assert said_by(a_cad(), told) == says


def test_a_cue_takes_the_place_of_the_usual_and_silence_is_a_cue() -> None:
    rejects = Cue(on=ReturnKind.RECOMMENDATION, says=SignalKind.REJECTED, reason="caution")
    assert said_by(a_cad(rejects), a_return(ReturnKind.RECOMMENDATION)) == [SignalKind.REJECTED]
    assert said_by(a_cad(rejects), a_return(ReturnKind.RETURN_ASKED)) == [SignalKind.RETURN_TAKEN]
    assert said_by(a_cad(Cue(on=ReturnKind.RECOMMENDATION)), a_return(ReturnKind.RECOMMENDATION)) == []


def test_a_call_taker_speaks_for_911_about_the_transfer_that_was_named() -> None:
    ((after, signal),) = a_cad().answers(a_return(ReturnKind.RETURN_ASKED))
    assert after > 0
    assert (signal.speaker, signal.transfer_id) == (Speaker.NINE_ONE_ONE, "t-1")
    assert (signal.agency, signal.incident_id) == ("police.example", "INV-0001")


def test_a_return_that_comes_twice_is_answered_once_and_watched_twice() -> None:
    seen: list[object] = []
    cad = replace(a_cad(), watch=seen.append)
    value = returns.encode(FRAMES, a_return(ReturnKind.RETURN_ASKED))
    assert [cad.hear(value) is not None for _ in range(2)] == [True, False]
    assert len(seen) == 2
    assert cad.hear(b"") is None
    assert cad.unreadable == ["empty"]


def test_a_return_heard_again_after_a_restart_is_answered_with_the_same_signal() -> None:
    told = a_return(ReturnKind.RETURN_ASKED)
    assert a_cad().answers(told) == a_cad().answers(told) != []


def test_what_has_no_number_waits_for_nothing() -> None:
    """A consult, or the news of a rescue of a call that is not ours."""
    hotline = a_hotline()
    asked = replace(an_offer(0, OfferKind.CONSULT), transfer_id=TransferId(""))
    assert hotline.hear(offers.encode(FRAMES, asked)) == [asked]
