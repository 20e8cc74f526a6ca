"""A call taker offers a call themselves: to a destination that the policy lets it go to, asked before or not.

What screening keeps with 911 is not offered by anybody: then the policy is what must change.
"""

from bridge.domain.decision import Verdict
from bridge.domain.signal import Signal, Speaker
from bridge.handling.asking import ask
from bridge.handling.auditing import audit_said
from bridge.handling.screening import screened
from bridge.handling.turn import Turn
from bridge.ledger.rows import LockedIncident


def hear_proposal(turn: Turn, held: LockedIncident, signal: Signal) -> str:
    """Offer the call as a call taker wishes; answer why not, or an empty string. The audit keeps either."""
    decision = screened(turn, held)
    refused = ""
    if signal.speaker is not Speaker.NINE_ONE_ONE:
        refused = "not_yours_to_say"
    elif held.active is not None:
        refused = "another_is_asked"
    elif decision.verdict is Verdict.KEEP or (decision.danger and decision.verdict is not Verdict.TANDEM):
        refused = "screening_keeps_it"
    elif signal.prefers is None or signal.prefers not in decision.route:
        refused = "not_of_the_route"
    audit_said(turn, held, f"refused.{refused}" if refused else "incident.proposed", signal)
    if not refused and signal.prefers is not None:
        held.settled = False  # a person decided anew
        ask(turn, held, decision, signal.prefers, confirmed=True)
    return refused
