"""A decision makes a tandem: the responders go, and police or EMS go along as the policy says.

Who goes along is the disqualifier's to say; 911's dispatcher sends them. Nobody is asked for twice: not while
a leg of the kind is under way, nor again for a clause that had its leg.
"""

from collections.abc import Iterator

from bridge.domain.decision import Decision, Verdict
from bridge.domain.leg import TABLE, LegKind, LegSignal, LegWanted, Mode, Why
from bridge.domain.policy_clauses import DisqualifierClause
from bridge.domain.signal import Signal, SignalKind
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import WAITING
from bridge.handling.leg_steps import ask_for_leg, mode_of, open_legs, policies_of, step
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

BY_SCREENING = "bridge:screening"

_OF_TEAM = {
    SignalKind.TEAM_SENT: LegSignal.EN_ROUTE,
    SignalKind.TEAM_ON_SCENE: LegSignal.ON_SCENE,
    SignalKind.TEAM_CLEARED: LegSignal.CLEARED,
}


def goes_on_in_tandem(transfer: Transfer, decision: Decision) -> bool:
    """Whether a transfer that waits goes on beside police or EMS."""
    of_the_route = transfer.destination in decision.route
    return transfer.state in WAITING and decision.verdict is Verdict.TANDEM and of_the_route


def make_tandem(turn: Turn, held: LockedIncident, decision: Decision) -> None:
    """The responders' leg, and one for each kind that the dangers want along."""
    wanted = [*_spoken(turn, held, decision)]
    modes = [clause.tandem.mode for clause in wanted]
    if not any(leg.kind is LegKind.COMMUNITY for leg in open_legs(held)):
        responders = LegWanted(LegKind.COMMUNITY, _strictest(modes), Why.JOINT)
        ask_for_leg(turn, held, responders, asked_by=BY_SCREENING)
    _along(turn, held, wanted)


def send_along(turn: Turn, held: LockedIncident, decision: Decision, *, contact: bool) -> None:
    """Police or EMS beside a transfer under way; after voice `contact` only where the policy says so."""
    spoken = _spoken(turn, held, decision)
    _along(turn, held, [clause for clause in spoken if clause.tandem.after_contact or not contact])


def legs_of_team(turn: Turn, held: LockedIncident, signal: Signal) -> None:
    """What a team says of its own way is its leg's, where somebody goes along; alone it has no leg."""
    said = _OF_TEAM.get(signal.kind)
    if said is None or not held.legs:
        return
    leg = next((leg for leg in open_legs(held) if leg.kind is LegKind.COMMUNITY), None)
    if leg is None and said is not LegSignal.CLEARED:
        came = LegWanted(LegKind.COMMUNITY, mode_of(held), Why.JOINT)
        leg = ask_for_leg(turn, held, came, asked_by=signal.said_by, signal=signal, told=False)
    if leg is not None and TABLE[leg.state].get(said, leg.state) is not leg.state:
        step(turn, held, leg, said, signal=signal)


def _along(turn: Turn, held: LockedIncident, wanted: list[DisqualifierClause]) -> None:
    for clause in wanted:
        had = any(leg.clause == clause.id and leg.kind is clause.along for leg in held.legs.values())
        under_way = any(leg.kind is clause.along for leg in open_legs(held))
        if not had and not under_way:
            leg = LegWanted(clause.along, clause.tandem.mode, Why.DISQUALIFIER)
            ask_for_leg(turn, held, leg, asked_by=BY_SCREENING, clause=clause.id)


def _spoken(turn: Turn, held: LockedIncident, decision: Decision) -> Iterator[DisqualifierClause]:
    """The disqualifiers that spoke, of the policy that decided."""
    spoke = {reason.clause for reason in decision.reasons if reason.disqualifies}
    for policy in policies_of(turn, held):
        if policy.ref == decision.policy:
            yield from (clause for clause in policy.disqualifier if clause.id in spoke)


def _strictest(modes: list[Mode]) -> Mode:
    """How the responders go: behind police, if one danger wants that."""
    if Mode.POLICE_FIRST in modes:
        return Mode.POLICE_FIRST
    return modes[0] if modes else Mode.TOGETHER
