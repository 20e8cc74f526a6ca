"""Everything that `bridge policy check` looks for in policies that load, and the order in which it is told.

A finding stops nothing: each is something that an agency may have meant. What stops is refused on loading.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.settings.approvals import approvals_of
from bridge.settings.extends import read_extended
from bridge.settings.finding import Finding, Subject
from bridge.settings.findings_conflicts import conflicts
from bridge.settings.findings_dangers import dangers
from bridge.settings.findings_ground import areas, unsigned
from bridge.settings.findings_reach import never_speak
from bridge.settings.findings_route import nowhere
from bridge.settings.grounds import grounds_of

__all__ = ["Finding", "Subject", "findings_of", "not_yet", "subject_of"]

_CHECKS = (conflicts, never_speak, nowhere, dangers, areas, unsigned)


def subject_of(
    path: Path, policy: Policy, destinations: Mapping[DestinationId, Destination], on: date
) -> Subject:
    """A policy that was loaded from this file, with its areas and approvals, or SettingsError."""
    grounds = grounds_of(read_extended(path).areas)
    return Subject(path, policy, destinations, on, grounds, approvals_of(path))


def findings_of(subject: Subject) -> Iterator[Finding]:
    """Every finding about one policy, each once."""
    told = dict.fromkeys(finding for check in _CHECKS for finding in check(subject))
    yield from told


def not_yet(policies: Sequence[Policy], at: datetime) -> Iterator[tuple[Policy, str]]:
    """Versions that begin after `at`, each with what decides until then."""
    for policy in policies:
        if policy.effective <= at:
            continue
        same = [one for one in policies if (one.agency, one.name) == (policy.agency, policy.name)]
        before = [one for one in same if one.effective < policy.effective]
        newest = max(before, key=lambda one: one.effective, default=None)
        until = f"version {newest.version} decides until then" if newest else "nothing decides before"
        yield policy, f"version {policy.version} begins on {policy.effective.isoformat()}; {until}"
