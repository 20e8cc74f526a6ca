"""Invented calls in imagined time: hotlines, call takers and deadlines against the real table of transfers.

Everything here is the domain's and the simulators' own; only the clock and the post are imagined.
"""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

from demo_calls import DESTINATIONS, INVENTED, screened, told

from bridge.domain.beside import note
from bridge.domain.cad import CadEvent
from bridge.domain.decision import Decision, Verdict
from bridge.domain.destination import Waits
from bridge.domain.effects import Effect
from bridge.domain.ids import DestinationId, MessageId, SignalId, TransferId
from bridge.domain.incident import Incident, apply
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind
from bridge.domain.signal import About, Signal, SignalKind, Speaker
from bridge.domain.transfer import Transfer, deadline_of, step
from bridge.domain.transfer_table import ENDS, HOLDING, WAITING, State
from bridge.sandbox.behaviour import Behaviour
from bridge.sandbox.cad import Replay
from bridge.sandbox.calls import Call
from bridge.settings.kafka import Kafka
from bridge.wire.frames import Frames

RETURNS = {
    Effect.TELL_911_OFFERED: ReturnKind.OFFERED,
    Effect.TELL_911_HELD: ReturnKind.HELD,
    Effect.TELL_911_RETURN_ASKED: ReturnKind.RETURN_ASKED,
}
OFFERS = {
    Effect.SEND_OFFER: OfferKind.OFFER,
    Effect.WITHDRAW_OFFER: OfferKind.WITHDRAWN,
    Effect.TELL_DESTINATION_DANGER: OfferKind.DANGER,
    Effect.TELL_DESTINATION_ENDED: OfferKind.ENDED,
}
BUDGET = timedelta(seconds=120)
FRAMES = Frames()


@dataclass
class Rehearsal:
    """One call from its first event until nothing more is to come; `endings` has each transfer's."""

    call: Call
    endings: list[State] = field(default_factory=list)
    _asked: list[DestinationId] = field(default_factory=list)
    _due: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)
    _transfers: dict[TransferId, Transfer] = field(default_factory=dict)
    _speeches: dict[tuple[TransferId, DestinationId], int] = field(default_factory=dict)

    def run(self) -> list[State]:
        """The endings, in order."""
        events = told(self.call)
        self._cad = Replay((), Kafka(), FRAMES, cues=INVENTED.cues())
        self._incident = Incident(events[0].incident_id, events[0].agency)
        self._transfer: Transfer | None = None
        for event in events:
            self._at(event.at, partial(self._hear, event))
        while self._due:
            now, _, act = heapq.heappop(self._due)
            act(now)
        return self.endings

    def _at(self, when: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self._due, (when, next(self._number), act))

    def _hear(self, event: CadEvent, now: datetime) -> None:
        self._incident = apply(self._incident, event)
        decision = screened(self._incident, now)
        transfer = self._transfer
        if transfer is None or transfer.state in ENDS:
            if transfer is None:
                self._ask(decision, now)
        elif decision.danger or (decision.verdict is Verdict.KEEP and transfer.state in WAITING):
            kind = SignalKind.DANGER if decision.danger else SignalKind.RECALLED
            self._signal(self._of_the_bridge(kind, transfer, now), now)

    def _ask(self, decision: Decision, now: datetime) -> None:
        left = [name for name in decision.route if name not in self._asked]
        if decision.verdict in {Verdict.KEEP, Verdict.TANDEM} or self._incident.practice or not left:
            return
        proposed = decision.verdict is not Verdict.OFFER
        transfer = self._new(left[0], decision, now, State.PROPOSED if proposed else State.OFFERED)
        kind = ReturnKind.RECOMMENDATION if proposed else ReturnKind.OFFERED
        self._tell_911(transfer, kind, now, decision.verdict)
        if not proposed:
            self._tell_hotlines(transfer, OfferKind.OFFER, now)

    def _hand_on(self, holding: Transfer, destination: DestinationId | None, now: datetime) -> None:
        assert destination is not None and holding.state in HOLDING
        decision = screened(self._incident, now)
        asked = self._new(destination, decision, now, State.OFFERED, from_holder=holding.destination)
        self._tell_hotlines(asked, OfferKind.OFFER, now)

    def _new(
        self,
        destination: DestinationId,
        decision: Decision,
        now: datetime,
        state: State,
        from_holder: DestinationId | None = None,
    ) -> Transfer:
        self._asked.append(destination)
        thinking = self._waits(destination).proposed if state is State.PROPOSED else 0
        transfer = Transfer(
            transfer_id=TransferId(f"t-{len(self._asked)}"),
            incident_id=self._incident.incident_id,
            agency=self._incident.agency,
            destination=destination,
            kind=decision.kind,
            state=state,
            attempt=len(self._asked),
            created_at=now,
            budget_until=now + BUDGET + timedelta(seconds=thinking),
            deadline=None,
            from_holder=from_holder,
            teams=DESTINATIONS[destination].teams,
            routed=from_holder is None,
        )
        deadline = deadline_of(transfer, now=now, waits=self._waits(destination))
        self._keep(replace(transfer, deadline=deadline))
        return self._transfers[transfer.transfer_id]

    def _keep(self, transfer: Transfer) -> None:
        self._transfers[transfer.transfer_id] = transfer
        self._transfer = max(self._transfers.values(), key=lambda each: each.attempt)
        if transfer.deadline is not None and transfer.state in WAITING:
            self._at(transfer.deadline, partial(self._ring, transfer))

    def _ring(self, then: Transfer, now: datetime) -> None:
        current = self._transfers[then.transfer_id]
        if current.state is then.state and now == current.deadline:
            self._signal(self._of_the_bridge(SignalKind.DEADLINE, current, now), now)

    def _signal(self, signal: Signal, now: datetime) -> None:
        transfer = self._transfers.get(signal.transfer_id)
        if transfer is None:
            return
        if signal.about is About.BESIDE:
            assert not note(transfer, signal).refused, signal.kind
            if signal.kind is SignalKind.HANDED_ON:
                self._hand_on(transfer, signal.prefers, now)
            return
        done = step(transfer, signal, now=now, waits=self._waits(transfer.destination))
        if done.before.state in WAITING and done.after.state in HOLDING:
            self._who_was_not_first(done.before, done.after, now)
        if done.after is not done.before:
            self._keep(done.after)
        for effect in done.effects:
            if effect in RETURNS:
                self._tell_911(done.after, RETURNS[effect], now)
            elif effect in OFFERS:
                self._tell_hotlines(done.after, OFFERS[effect], now)
        if done.moved and done.after.state in ENDS:
            self.endings.append(done.after.state)
            next_one = Effect.NEXT_DESTINATION in done.effects and done.after.routed
            if next_one and now < done.after.budget_until:
                self._ask(screened(self._incident, now), now)

    def _who_was_not_first(self, before: Transfer, after: Transfer, now: datetime) -> None:
        """Whoever handed the call on has done their part; other teams hear who has it."""
        for each in list(self._transfers.values()):
            if each.transfer_id != after.transfer_id and each.state in HOLDING:
                self._signal(self._of_the_bridge(SignalKind.CLOSED, each, now), now)
        for team in before.teams:
            if team != after.destination:
                self._tell_hotline(after, team, OfferKind.TAKEN, now)

    def _tell_911(
        self, transfer: Transfer, kind: ReturnKind, now: datetime, verdict: Verdict | None = None
    ) -> None:
        told_911 = Return(
            message_id=MessageId(f"r-{next(self._number)}"),
            kind=kind,
            agency=transfer.agency,
            incident_id=transfer.incident_id,
            sequence=1,
            sent_at=now,
            holder=transfer.holder,
            verdict=verdict,
            transfer_id=transfer.transfer_id,
            state=transfer.state.value,
        )
        for after, signal in self._cad.answers(told_911):
            self._at(now + timedelta(seconds=after), partial(self._signal, signal))

    def _tell_hotlines(self, transfer: Transfer, kind: OfferKind, now: datetime) -> None:
        asked = transfer.teams if transfer.state in WAITING and transfer.teams else (transfer.destination,)
        for receiver in asked:
            self._tell_hotline(transfer, receiver, kind, now)

    def _tell_hotline(
        self, transfer: Transfer, receiver: DestinationId, kind: OfferKind, now: datetime
    ) -> None:
        if receiver == "far-line":  # Kafka itself refuses what is sent there
            failed = self._of_the_bridge(SignalKind.DELIVERY_FAILED, transfer, now)
            self._at(now, partial(self._signal, failed))
            return
        offer = Offer(
            message_id=MessageId(f"o-{next(self._number)}"),
            transfer_id=transfer.transfer_id,
            sequence=1,
            kind=kind,
            agency=transfer.agency,
            incident_id=transfer.incident_id,
            destination=receiver,
            sent_at=now,
            transfer_kind=transfer.kind,
            policy=screened(self._incident, now).policy,
        )
        lines = Behaviour(hints=INVENTED.hints(receiver)).reply(offer)
        if lines is None:
            return
        speaking = transfer.transfer_id, receiver
        speech = self._speeches[speaking] = next(self._number)
        when = now
        for line in lines:
            when += timedelta(seconds=line.after)
            said = self._said(line.kind, transfer, Speaker.DESTINATION, receiver, when)
            said = replace(said, prefers=line.prefers)
            for _ in range(line.times):
                self._at(when, partial(self._spoken, speech, said))

    def _spoken(self, speech: int, said: Signal, now: datetime) -> None:
        if (
            speech == self._speeches[said.transfer_id, DestinationId(said.speaker_id)]
        ):  # not interrupted since
            self._signal(said, now)

    def _of_the_bridge(self, kind: SignalKind, transfer: Transfer, now: datetime) -> Signal:
        return self._said(kind, transfer, Speaker.BRIDGE, "bridge", now)

    def _said(self, kind: SignalKind, transfer: Transfer, speaker: Speaker, who: str, at: datetime) -> Signal:
        return Signal(
            signal_id=SignalId(f"s-{next(self._number)}"),
            transfer_id=transfer.transfer_id,
            incident_id=transfer.incident_id,
            agency=transfer.agency,
            kind=kind,
            speaker=speaker,
            speaker_id=who,
            said_at=at,
        )

    def _waits(self, destination: DestinationId) -> Waits:
        return DESTINATIONS[destination].waits
