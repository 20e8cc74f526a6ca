"""The names things go by. All are opaque text, compared as written."""

from typing import NewType

AgencyId = NewType("AgencyId", str)
"""An agency's fully qualified domain name (NENA-STA-010.3), e.g. `police.dallas.example`."""

IncidentId = NewType("IncidentId", str)
"""CAD's own incident number or an `urn:emergency:uid:incidentid:...`; the key of every topic."""

EventId = NewType("EventId", str)
"""Unique within one agency; the same id on every retry of the same CAD event."""

TransferId = NewType("TransferId", str)
SignalId = NewType("SignalId", str)
LegId = NewType("LegId", str)
ConsultId = NewType("ConsultId", str)
RescueId = NewType("RescueId", str)
MessageId = NewType("MessageId", str)
"""Of a message that leaves: the same at every attempt to deliver it."""

DestinationId = NewType("DestinationId", str)
ClauseId = NewType("ClauseId", str)

NINE_ONE_ONE = "911"
"""The holder of a call whenever nobody else provably is."""
