"""A simulated hotline's words are allowed by the table of transfers, and end as its manner promises."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.domain.decision import PolicyRef, TransferKind
from bridge.domain.destination import Waits
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, MessageId, SignalId, TransferId
from bridge.domain.message import Offer, OfferKind
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer, deadline_of, step
from bridge.domain.transfer_table import ENDS, State
from bridge.sandbox.behaviour import Behaviour, Line, Manner

NOW = datetime(2026, 1, 9, 9, 0, tzinfo=UTC)
WAITS = Waits()
HOTLINE = DestinationId("crisis-line")


def an_offer(kind: TransferKind, message: OfferKind = OfferKind.OFFER) -> Offer:
    return Offer(
        message_id=MessageId("m-1"),
        transfer_id=TransferId("t-1"),
        sequence=1,
        kind=message,
        agency=AgencyId("police.example"),
        incident_id=IncidentId("INV-0001"),
        destination=HOTLINE,
        sent_at=NOW,
        transfer_kind=kind,
        policy=PolicyRef("example", "1"),
    )


def offered(kind: TransferKind) -> Transfer:
    return Transfer(
        transfer_id=TransferId("t-1"),
        incident_id=IncidentId("INV-0001"),
        agency=AgencyId("police.example"),
        destination=HOTLINE,
        kind=kind,
        state=State.OFFERED,
        attempt=1,
        created_at=NOW,
        budget_until=NOW + timedelta(minutes=5),
        deadline=NOW + timedelta(seconds=WAITS.offered),
    )


def a_signal(kind: SignalKind, number: int, at: datetime) -> Signal:
    return Signal(
        signal_id=SignalId(f"s-{number}"),
        transfer_id=TransferId("t-1"),
        incident_id=IncidentId("INV-0001"),
        agency=AgencyId("police.example"),
        kind=kind,
        speaker=Speaker.DESTINATION,
        speaker_id=HOTLINE,
        said_at=at,
    )


def after(transfer: Transfer, lines: tuple[Line, ...]) -> tuple[Transfer, list[str]]:
    """The transfer when all was said; deadlines speak when a line comes too late for them."""
    refusals, now = [], NOW
    for number, line in enumerate(lines):
        now += timedelta(seconds=line.after)
        if transfer.deadline and transfer.state not in ENDS and now > transfer.deadline:
            expired = a_signal(SignalKind.DEADLINE, -number, transfer.deadline)
            transfer = step(transfer, expired, now=transfer.deadline, waits=WAITS).after
        done = step(transfer, a_signal(line.kind, number, now), now=now, waits=WAITS)
        transfer = done.after
        refusals += [done.refused] if done.refused else []
    return transfer, refusals


@pytest.mark.parametrize("kind", TransferKind)
@pytest.mark.parametrize(
    ("manner", "state"),
    [
        (Manner.ACCEPTS, State.CLOSED),
        (Manner.RETURNS, State.RETURNING),
        (Manner.DECLINES, State.DECLINED),
        (Manner.NEVER_ANSWERS, State.OFFERED),
        (Manner.DROPS_AFTER_ACCEPT, State.ANSWERED),
        (Manner.ANSWERS_TWICE, State.CLOSED),
        (Manner.LATE_VOICE_CONTACT, State.OFFERED),
    ],
)
def test_a_manner_leads_where_its_name_says(manner: Manner, state: State, kind: TransferKind) -> None:
    lines = Behaviour(manner).reply(an_offer(kind))
    assert lines is not None
    transfer, refusals = after(offered(kind), lines)
    assert (transfer.state, refusals) == (state, [])


@pytest.mark.parametrize("kind", TransferKind)
@pytest.mark.parametrize(("share", "state"), [(1.0, State.DECLINED), (0.0, State.CLOSED)])
def test_a_full_hotline_declines_and_a_slow_one_queues(
    kind: TransferKind, share: float, state: State
) -> None:
    lines = Behaviour(Manner.FULL_AND_SLOW, full_share=share).reply(an_offer(kind))
    assert lines is not None
    assert after(offered(kind), lines)[0].state is state
    assert (lines[0].kind is SignalKind.QUEUED) is (share == 0)


@pytest.mark.parametrize("manner", Manner)
def test_the_same_offer_and_seed_give_the_same_words(manner: Manner) -> None:
    offer = an_offer(TransferKind.VOICE)
    assert Behaviour(manner, seed=3).reply(offer) == Behaviour(manner, seed=3).reply(offer)


def test_a_hint_steers_one_incident_and_no_other() -> None:
    hints = {IncidentId("INV-0001"): Manner.NEVER_ANSWERS, IncidentId("INV-0002"): Manner.DECLINES}
    assert Behaviour(hints=hints).reply(an_offer(TransferKind.VOICE)) == ()


@pytest.mark.parametrize("message", [OfferKind.WITHDRAWN, OfferKind.ENDED])
def test_an_end_silences_the_hotline_unless_it_has_not_noticed(message: OfferKind) -> None:
    told = an_offer(TransferKind.VOICE, message)
    assert Behaviour(Manner.ACCEPTS).reply(told) == ()
    late = Behaviour(Manner.LATE_VOICE_CONTACT).reply(an_offer(TransferKind.VOICE, OfferKind.WITHDRAWN))
    assert late is not None
    assert [line.kind for line in late] == [SignalKind.VOICE_CONTACT]


def test_news_changes_nothing_unless_it_is_a_danger_that_the_counsellor_will_not_keep() -> None:
    update = an_offer(TransferKind.VOICE, OfferKind.UPDATE)
    danger = an_offer(TransferKind.VOICE, OfferKind.DANGER)
    assert Behaviour(Manner.RETURNS_ON_DANGER).reply(update) is None
    assert Behaviour(Manner.ACCEPTS).reply(danger) is None
    asks = Behaviour(Manner.RETURNS_ON_DANGER).reply(danger)
    assert asks is not None
    assert [line.kind for line in asks] == [SignalKind.RETURN_ASKED]


def test_a_hotline_is_within_every_wait_it_promises_to_keep() -> None:
    """An accepting hotline must not lose its call to a deadline of the defaults."""
    for kind in TransferKind:
        transfer, now = offered(kind), NOW
        for number, line in enumerate(Behaviour(Manner.ACCEPTS).reply(an_offer(kind)) or ()):
            now += timedelta(seconds=line.after)
            assert transfer.deadline is not None
            assert now < transfer.deadline
            transfer = step(transfer, a_signal(line.kind, number, now), now=now, waits=WAITS).after
            assert transfer.deadline == deadline_of(transfer, now=now, waits=WAITS) or transfer.state in ENDS
