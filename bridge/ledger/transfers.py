"""A row of the table `transfer` as the domain's value."""

from collections.abc import Mapping
from typing import Any

import asyncpg

from bridge.domain.decision import TransferKind
from bridge.domain.ids import AgencyId, DestinationId, IncidentId, TransferId
from bridge.domain.transfer import Transfer
from bridge.domain.transfer_table import State, Warmth


def transfer_of(row: asyncpg.Record | Mapping[str, Any]) -> Transfer:
    """The transfer of a row that names its incident and agency too."""
    return Transfer(
        transfer_id=TransferId(row["transfer_id"]),
        incident_id=IncidentId(row["incident_id"]),
        agency=AgencyId(row["agency"]),
        destination=DestinationId(row["destination"]),
        kind=TransferKind(row["kind"]),
        state=State(row["state"]),
        attempt=row["attempt"],
        created_at=row["created_at"],
        budget_until=row["budget_until"],
        deadline=row["deadline"],
        offered_at=row["offered_at"],
        callback_agreed=row["callback_agreed"],
        since=row["state_since"],
        sequence=row["sequence"],
        practice=row["practice"],
        from_holder=DestinationId(row["from_holder"]) if row["from_holder"] else None,
        teams=tuple(DestinationId(name) for name in row["teams"]),
        caller_told=row["caller_told"],
        identity_given=row["identity_given"],
        warmth=Warmth(row["warmth"]) if row["warmth"] else None,
        outcome=row["outcome"],
        reason=row["reason"],
        follow_up_at=row["follow_up_at"],
        ways_tried=row["ways_tried"],
        routed=row["routed"],
    )
