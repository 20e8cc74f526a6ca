"""Why: the clauses that spoke and the policy that decided, as offers, returns and statuses carry them.

Exact in both directions, as facts are.
"""

from bridge.domain.decision import PolicyRef, Reason
from bridge.domain.ids import ClauseId
from bridge.wire.moments import Record
from bridge.wire.symbols import INDEX_OF_WEIGHT, WEIGHTS


def read_reasons(records: list[Record]) -> tuple[Reason, ...]:
    """The clauses that spoke."""
    return tuple(
        [
            Reason(ClauseId(each["clause"]), WEIGHTS[each["weight"]], each["sentence"], each["disqualifies"])
            for each in records
        ]
    )


def read_policy(record: Record) -> PolicyRef:
    """Which policy decided."""
    return PolicyRef(record["name"], record["version"], record["digest"])


def write_reasons(reasons: tuple[Reason, ...]) -> list[Record]:
    """The clauses that spoke."""
    return [
        {
            "clause": each.clause,
            "weight": INDEX_OF_WEIGHT[each.weight],
            "sentence": each.sentence,
            "disqualifies": each.disqualifies,
        }
        for each in reasons
    ]


def write_policy(policy: PolicyRef) -> Record:
    """Which policy decided."""
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}


def write_optional_policy(policy: PolicyRef | None) -> tuple[str, Record] | None:
    """Which policy decided, if one did."""
    return None if policy is None else ("org.bridge911.Policy", write_policy(policy))
