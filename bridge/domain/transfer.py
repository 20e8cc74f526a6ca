"""A transfer: one attempt to hand one call to one destination.

`step` is told the signal and the instant; it answers the transfer that follows and what must be done.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bridge.domain.decision import TransferKind
from bridge.domain.destination import Waits
from bridge.domain.effects import Effect, effects_of_refusal, effects_of_step
from bridge.domain.ids import NINE_ONE_ONE, AgencyId, DestinationId, IncidentId, TransferId
from bridge.domain.signal import Signal, SignalKind
from bridge.domain.transfer_table import ENDS, HOLDING, TABLE, WAITING, State, Warmth

S, K = State, SignalKind


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer. `deadline` is set in every state that is not an end; `budget_until` bounds the asking.

    `since` is when the present state began. `from_holder` is the destination that hands a call of its own on:
    it holds the caller while this one is asked. `teams` are those who were all told, when the first to claim
    has the call; `destination` is the group until then, and the claimer after. `caller_told` and
    `identity_given` are what the call taker says of the introduction, `outcome` what became of the call.
    `routed`: when it comes to nothing, the next destination of the policy's route is asked.
    """

    transfer_id: TransferId
    incident_id: IncidentId
    agency: AgencyId
    destination: DestinationId
    kind: TransferKind
    state: State
    attempt: int
    created_at: datetime
    budget_until: datetime
    deadline: datetime | None
    offered_at: datetime | None = None
    callback_agreed: bool = False
    since: datetime | None = None
    sequence: int = 0
    practice: bool = False
    from_holder: DestinationId | None = None
    teams: tuple[DestinationId, ...] = ()
    caller_told: bool = False
    identity_given: bool = False
    warmth: Warmth | None = None
    outcome: str = ""
    reason: str = ""
    follow_up_at: datetime | None = None
    ways_tried: int = 0
    routed: bool = True

    @property
    def holder(self) -> str:
        """Who is responsible for the caller: `911`, or a destination's id."""
        if self.state in HOLDING or self.state is S.CLOSED:
            return self.destination
        if self.state is S.RETURNED:
            return NINE_ONE_ONE
        return self.from_holder or NINE_ONE_ONE


@dataclass(frozen=True, slots=True)
class Step:
    """What a signal did. `refused` is the reason in a word, or empty."""

    before: Transfer
    after: Transfer
    effects: tuple[Effect, ...] = ()
    refused: str = ""

    @property
    def moved(self) -> bool:
        """Whether the state changed."""
        return self.before.state is not self.after.state


def step(
    transfer: Transfer,
    signal: Signal,
    *,
    now: datetime,
    waits: Waits,
    introductions: frozenset[SignalKind] = frozenset(),
) -> Step:
    """The transfer after `signal` at `now`. Pure: the same arguments, the same step.

    `introductions` are what the policy demands before a release counts as warm.
    """
    refused = refusal(transfer, signal)
    if refused:
        theirs = signal.speaker_id in {transfer.destination, *transfer.teams}
        return Step(transfer, transfer, effects_of_refusal(transfer.state, signal, theirs=theirs), refused)
    target = TABLE[transfer.state][signal.kind]
    agreed = transfer.callback_agreed or signal.callback_agreed
    to_call_back = False
    if target is S.ABANDONED and _stays_on_hang_up(transfer, signal):
        target = transfer.state
        to_call_back = agreed
        waits = replace(waits, **{target.value: waits.claimed}) if agreed else waits
    others = _teams_left(transfer, signal)
    if target in {S.DECLINED, S.FAILED} and others:
        target = transfer.state
    since = transfer.since if target is transfer.state else now
    after = replace(transfer, state=target, callback_agreed=agreed, since=since, teams=others)
    agreed_now = agreed and not transfer.callback_agreed
    if agreed_now:
        call_back_by = now + timedelta(seconds=waits.claimed)
        after = replace(after, budget_until=max(call_back_by, transfer.budget_until))
    if target is not transfer.state or signal.kind is K.DEADLINE or agreed_now or to_call_back:
        after = replace(after, deadline=deadline_of(after, now=now, waits=waits))
    if target is S.OFFERED and transfer.state is S.PROPOSED:
        after = replace(after, offered_at=now)
    if target is S.RETURNING and signal.kind is K.DEADLINE:
        after = replace(after, ways_tried=transfer.ways_tried + 1)
    if target is not transfer.state:
        after = _with_what_came_of_it(after, transfer, signal, introductions)
    return Step(transfer, after, effects_of_step(transfer.state, signal.kind, target))


def _teams_left(transfer: Transfer, signal: Signal) -> tuple[DestinationId, ...]:
    """Those still asked, of several that were all told: one that declines or is not reached is out."""
    if signal.kind not in {K.DECLINED, K.DELIVERY_FAILED} or transfer.state not in WAITING:
        return transfer.teams
    return tuple(team for team in transfer.teams if team != signal.speaker_id)


def _with_what_came_of_it(
    after: Transfer, before: Transfer, signal: Signal, introductions: frozenset[SignalKind]
) -> Transfer:
    """Who has the call of those that were told, how it came over, and why it ended."""
    if after.state in HOLDING and before.state in WAITING and signal.speaker_id in before.teams:
        after = replace(after, destination=DestinationId(signal.speaker_id))
    if signal.kind is K.RELEASED and after.kind is TransferKind.VOICE:
        said = {K.CALLER_TOLD: after.caller_told, K.IDENTITY_GIVEN: after.identity_given}
        warm = all(said.get(kind, True) for kind in introductions)
        after = replace(after, warmth=Warmth.WARM if warm else Warmth.COLD)
    if after.state is S.ABANDONED:
        after = replace(after, warmth=Warmth.DROPPED)
    if after.state in ENDS:
        outcome = signal.outcome if after.state is S.CLOSED else ""
        after = replace(after, outcome=outcome, reason=signal.reason, follow_up_at=signal.follow_up_at)
    return after


def refusal(transfer: Transfer, signal: Signal) -> str:
    """Why this signal changes nothing here, or an empty string when it is allowed."""
    if transfer.state in ENDS:
        return "ended"
    if signal.kind not in TABLE[transfer.state]:
        return "not_in_this_state"
    has_a_voice = transfer.kind is TransferKind.VOICE
    agreed = transfer.callback_agreed or signal.callback_agreed
    if signal.kind is K.CLAIMED and transfer.state in WAITING and has_a_voice and not agreed:
        return "caller_is_on_the_line"
    return ""


def deadline_of(transfer: Transfer, *, now: datetime, waits: Waits) -> datetime | None:
    """When the present state ends by itself.

    While 911 holds the call the asking stays within the transfer's budget, which the agreement to call back
    sets anew once: whatever is said after, the call is 911's when the time to call back is over.
    """
    if transfer.state in ENDS:
        return None
    wait: float = getattr(waits, transfer.state.value)
    due = now + timedelta(seconds=wait)
    return min(due, transfer.budget_until) if transfer.state in WAITING - {S.PROPOSED} else due


def _stays_on_hang_up(transfer: Transfer, signal: Signal) -> bool:
    """Data: the person in need is still there. Voice: only when the caller agreed to a call-back."""
    agreed = transfer.callback_agreed or signal.callback_agreed
    return signal.kind is K.HUNG_UP and (transfer.kind is TransferKind.DATA or agreed)
