"""The pure domain as a ground: `step` and `note`, in a dict, with what handling does around them.

It is also what the others are compared with: whatever breaks in between, they come to the same.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from building import AGENCY, CITY_311, CRISIS_LINE

from bridge.domain.beside import note
from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.effects import Effect
from bridge.domain.ids import NINE_ONE_ONE, DestinationId, IncidentId, SignalId, TransferId
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.domain.transfer import Step, Transfer, deadline_of, step
from bridge.domain.transfer_table import ENDS, HOLDING, WAITING, State
from tests.model.deeds import Deed, Seen

S, K = State, SignalKind
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROUTE = (CRISIS_LINE, CITY_311)
SETTLES = frozenset({S.RECALLED, S.WITHDRAWN, S.ABANDONED, S.RETURNED, S.CLOSED})


class Pure:
    """One call. `transfers` are by their number."""

    def begins(self, *, on_the_line: bool) -> None:
        self._kind = TransferKind.VOICE if on_the_line else TransferKind.DATA
        self.transfers: dict[int, Transfer] = {}
        self.holder = self.told = NINE_ONE_ONE
        self._asked: list[DestinationId] = []
        self._names: set[str] = set()
        self._settled = self._kept = False
        self._ask(CRISIS_LINE)

    def does(self, deed: Deed, *, dies_after: int | None = None) -> None:
        transfer = self.transfers[deed.attempt]
        if deed.name in self._names:
            return
        self._names.add(deed.name)
        signal = _signal(transfer, deed.kind, deed)
        if deed.kind in {K.HANDED_ON, K.CALLER_TOLD}:
            self._beside(transfer, signal, deed)
        else:
            self._advance(transfer, signal)

    def silence(self, attempt: int, *, dies_after: int | None = None) -> None:
        transfer = self.transfers[attempt]
        if transfer.state not in ENDS:
            self._advance(transfer, _signal(transfer, K.DEADLINE))

    def danger(self, *, dies_after: int | None = None) -> None:
        self._kept = True
        for transfer in (self._only(WAITING), self._only(HOLDING)):
            if transfer is not None:
                self._advance(transfer, _signal(transfer, K.DANGER))

    def seen(self) -> Seen:
        for transfer in self.transfers.values():
            assert (transfer.deadline is None) is (transfer.state in ENDS)
        states = tuple((each.destination, each.state.value) for each in self.transfers.values())
        return Seen(self.holder, self.told, states)

    def ends(self) -> None:
        """Nothing is looked at only once."""

    def close(self) -> None:
        """Nothing is open."""

    def _ask(self, destination: DestinationId, *, of: Transfer | None = None) -> None:
        number = len(self.transfers) + 1
        self._asked.append(destination)
        transfer = Transfer(
            *(TransferId(str(number)), IncidentId("i"), AGENCY, destination, self._kind, S.OFFERED, number),
            *(NOW, NOW + timedelta(seconds=120)),
            deadline=None,
            from_holder=of.destination if of is not None else None,
            routed=of is None,
        )
        self._keep(replace(transfer, deadline=deadline_of(transfer, now=NOW, waits=Waits())))
        self.told = self.holder

    def _keep(self, transfer: Transfer) -> None:
        before = self.transfers.get(transfer.attempt)
        assert before is None or before.state not in ENDS or before.state is transfer.state, "an end changed"
        self.transfers[transfer.attempt] = transfer
        if transfer.state in HOLDING or transfer.state is S.RETURNED:
            self.holder = transfer.holder

    def _only(self, states: frozenset[State], but: Transfer | None = None) -> Transfer | None:
        found = [each for each in self.transfers.values() if each.state in states and each is not but]
        assert len(found) <= 1, "two at once"
        return found[0] if found else None

    def _beside(self, transfer: Transfer, signal: Signal, deed: Deed) -> None:
        taken = note(transfer, signal)
        if taken.refused:
            self._tells(taken)
            return
        self._keep(taken.after)
        if deed.kind is K.HANDED_ON and self._only(WAITING) is None:
            self._ask(deed.to, of=taken.after)

    def _advance(self, transfer: Transfer, signal: Signal, *, handed_on: bool = False) -> None:
        taken = step(transfer, signal, now=NOW, waits=Waits())
        after = taken.after
        if taken.before.state in WAITING and after.state in HOLDING:
            giving = self._only(HOLDING)
            if giving is not None:
                self._advance(giving, _signal(giving, K.CLOSED), handed_on=True)
        self._keep(after)
        given_up = after.state in {S.RETURNED, S.CLOSED}
        if taken.moved and after.state in SETTLES and (after.from_holder is None or given_up):
            self._settled = True
        self._tells(taken)
        left = taken.before.state in HOLDING and after.state not in HOLDING - {S.RETURNING}
        asked = self._only(WAITING)
        if left and not handed_on and asked is not None and asked.from_holder is not None:
            self._advance(asked, _signal(asked, K.RECALLED))
        untried = [name for name in ROUTE if name not in self._asked]
        goes_on = Effect.NEXT_DESTINATION in taken.effects and after.routed
        if goes_on and untried and not self._settled and not self._kept:
            self._ask(untried[0])

    def _tells(self, taken: Step) -> None:
        if any(
            "911" in effect or effect in {Effect.ALARM, Effect.REMIND_CALL_TAKER} for effect in taken.effects
        ):
            self.told = self.holder


def _signal(transfer: Transfer, kind: SignalKind, deed: Deed | None = None) -> Signal:
    by = deed.by if deed is not None else "bridge"
    speaker = {NINE_ONE_ONE: Speaker.NINE_ONE_ONE, "bridge": Speaker.BRIDGE}.get(by, Speaker.DESTINATION)
    return Signal(
        *(SignalId("s"), transfer.transfer_id, transfer.incident_id, transfer.agency, kind, speaker, by, NOW),
        callback_agreed=deed is not None and deed.agreed,
    )
