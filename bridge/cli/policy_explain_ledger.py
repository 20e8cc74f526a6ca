"""A decision of the ledger, made again: the incident as it was sealed, by the rules that were kept with it.

The ledger keeps an incident as it stands, so that the decision on its last version can be made again. Of
earlier ones it keeps what was decided, and `bridge show` tells it.
"""

from dataclasses import dataclass

from bridge.app.parts import frames_of, key_ring
from bridge.app.rules import kept_rules
from bridge.domain.screening import unable_by
from bridge.errors import SettingsError
from bridge.ledger.history import history
from bridge.planning.past import PastCall
from bridge.planning.plan import Plan
from bridge.settings import Settings
from bridge.wire import incidents


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """What was decided then, and everything to decide it again. `call.at` is the instant of the decision."""

    plan: Plan
    call: PastCall
    version: int
    verdict: str
    clauses: tuple[str, ...]
    rules_digest: str


async def kept_decision(settings: Settings, agency: str, incident: str) -> KeptDecision:
    """The last decision on this incident. SettingsError where the ledger has not all that it needs."""
    found = await history(settings.ledger.dsn, f"{agency}/{incident}", keys=key_ring(settings))
    if found is None:
        raise SettingsError("--ledger: the ledger has no such incident; give the agency and its own number")
    if found.snapshot is None:
        raise SettingsError("--ledger: what was said in this incident was purged; `bridge show` has the rest")
    decided = found.decisions[-1] if found.decisions else None
    if decided is None or not decided.rules_digest:
        raise SettingsError("--ledger: decided before rules were kept; `bridge show` tells what was decided")
    loaded = await kept_rules(settings, decided.rules_digest)
    if loaded.rules is None:
        raise SettingsError(
            f"--ledger: the rules that decided cannot be loaded: {'; '.join(loaded.refused.values())}"
        )
    state = incidents.decode(frames_of(settings), found.snapshot)
    policies = tuple(loaded.rules.policies.get(state.agency, ()))
    plan = Plan(policies, loaded.rules.destinations, unable_by(decided.clauses))
    call = PastCall(state, state, decided.decided_at)
    return KeptDecision(plan, call, found.version, decided.verdict, decided.clauses, decided.rules_digest)
