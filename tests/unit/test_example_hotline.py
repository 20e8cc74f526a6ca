"""The documents' example of a hotline, without Kafka: what it works on, and in which order."""

import runpy
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.domain.decision import PolicyRef, TransferKind
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, TransferId
from bridge.domain.message import Offer, OfferKind
from bridge.wire import offers
from bridge.wire.frames import Frames

CHECKOUT = Path(__file__).parents[2]
FRAMES = Frames()

Hears = Callable[..., list[tuple[str, int]]]


@pytest.fixture
def hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hears:
    """What the example works on, by kind and number, when these messages have come."""
    arguments = ["broker", "crisis-line", "offers", str(CHECKOUT / "schemas"), str(tmp_path / "db")]
    monkeypatch.setattr("sys.argv", ["hotline.py", *arguments])
    example: dict[str, Any] = runpy.run_path(str(CHECKOUT / "docs" / "examples" / "hotline.py"))

    def heard(*messages: Offer) -> list[tuple[str, int]]:
        worked_on = []
        for message in messages:
            example["keep"](offers.encode(FRAMES, message))
            for offer in example["due"]():
                example["answer"](offer)
                worked_on.append((offer["kind"], offer["sequence"]))
        return worked_on

    return heard


def a_message(kind: OfferKind, sequence: int, transfer: str = "t-1") -> Offer:
    return Offer(
        message_id=MessageId(f"{transfer}-{kind}-{sequence}"),
        transfer_id=TransferId(transfer),
        sequence=sequence,
        kind=kind,
        agency=AgencyId("police.town.example"),
        incident_id=IncidentId("INV-1"),
        destination=DestinationId("crisis-line"),
        sent_at=datetime(2026, 1, 14, tzinfo=UTC),
        transfer_kind=TransferKind.DATA,
        policy=PolicyRef("p", "1"),
        answer_topic="signals",
    )


def test_messages_of_a_transfer_are_worked_on_in_their_order(hears: Hears) -> None:
    late = hears(a_message(OfferKind.UPDATE, 2), a_message(OfferKind.OFFER, 1))
    assert late == [("OFFER", 1), ("UPDATE", 2)]


def test_what_has_no_number_is_worked_on_when_it_comes(hears: Hears) -> None:
    assert hears(a_message(OfferKind.NEWS, 0, transfer="")) == [("NEWS", 0)]
    assert hears(a_message(OfferKind.CONSULT, 0, transfer="")) == [("CONSULT", 0)]


def test_what_has_no_number_holds_up_nothing_of_its_transfer(hears: Hears) -> None:
    first = hears(a_message(OfferKind.NEWS, 0), a_message(OfferKind.OFFER, 1), a_message(OfferKind.UPDATE, 2))
    assert first == [("NEWS", 0), ("OFFER", 1), ("UPDATE", 2)]


def test_who_is_told_that_another_has_the_call_stops_at_once(hears: Hears) -> None:
    assert hears(a_message(OfferKind.TAKEN, 3)) == [("TAKEN", 3)]
