"""A decision makes a tandem: the responders go, and police or EMS go along as the policy says.

Who goes along is the disqualifier's to say; 911's dispatcher sends them. Nobody is asked for twice: not while
a leg of the kind is under way, nor again for a clause that had its leg.
"""

from collections.abc import Iterator

from bridge.domain.decision import Decision, Verdict
from bridge.domain.leg import LegKind, LegWanted, Mode, Why
from bridge.domain.policy_clauses import DisqualifierClause
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import WAITING, State
from bridge.handling.leg_steps import ask_for_leg, open_legs, policies_of
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident

BY_SCREENING = "bridge:screening"


def goes_on_in_tandem(transfer: Transfer, decision: Decision) -> bool:
    """Whether a transfer that waits goes on beside police or EMS; one that nobody confirmed yet does not."""
    asked = transfer.state in WAITING and transfer.state is not State.PROPOSED
    return asked and decision.verdict is Verdict.TANDEM and transfer.destination in decision.route


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
