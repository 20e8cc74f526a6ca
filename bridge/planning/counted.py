"""The denominator: which past calls count, and why each of the others is left aside.

A policy is for people who call for help. What an officer or a machine began, what was entered twice or for
practice, and what was for another department, is counted apart and never screened.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from bridge.domain.cad import Channel
from bridge.domain.when import folded
from bridge.planning.past import PastCall


class Aside(StrEnum):
    """Why a call does not count, whatever is asked."""

    PRACTICE = "practice"
    NO_TIME = "without a time"
    DUPLICATE = "entered twice (its disposition says so)"
    OFFICER = "begun by an officer"
    SENSOR = "begun by a machine"
    OTHER = "not in the denominator that was asked for"


_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""What a row without a time was read as, before any row that has one."""

_BY_OFFICERS = frozenset({Channel.OFFICER, Channel.ON_VIEW, Channel.SELF_INITIATED})
_DUPLICATE = re.compile(r"\bDUP(L|LICATE|LICATED)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Condition:
    """`what` is type, priority, channel, district, disposition, note or a coded field.

    Any of `codes` will do. They compare without regard to case; a * at the end stands for whatever follows.
    """

    what: str
    codes: tuple[str, ...]

    def is_met(self, call: PastCall) -> bool:
        """Whether the call has one of these codes. What is not said is no code."""
        said = [folded(code) for code in _said(call, self.what) if code]
        return any(_fits(folded(code), one) for code in self.codes for one in said)


def _said(call: PastCall, what: str) -> Sequence[str]:
    incident = call.last
    match what:
        case "type":
            return [incident.call_type.code] if incident.call_type else []
        case "priority":
            return [incident.priority_code, str("" if incident.priority is None else incident.priority)]
        case "channel":
            return [incident.channel_code, incident.channel]
        case "district":
            return [incident.location.district] if incident.location else []
        case "disposition":
            return [call.disposition]
        case "note":
            return [note.text for note in incident.notes]
    return [answer.code for answer in incident.answers if answer.question == what]


def _fits(code: str, said: str) -> bool:
    return said.startswith(code[:-1]) if code.endswith("*") else said == code


@dataclass(frozen=True, slots=True)
class Denominator:
    """Calls that meet every condition of `only` and none of `apart`, which names what it leaves aside."""

    only: Sequence[Condition] = ()
    apart: Sequence[tuple[str, Condition]] = ()

    def aside(self, call: PastCall) -> str:
        """Why this call does not count; empty when it does."""
        incident = call.last
        if incident.practice:
            return Aside.PRACTICE
        if call.at == _NO_TIME:
            return Aside.NO_TIME
        if _DUPLICATE.search(call.disposition):
            return Aside.DUPLICATE
        if incident.channel in _BY_OFFICERS:
            return Aside.OFFICER
        if incident.channel is Channel.SENSOR:
            return Aside.SENSOR
        for name, condition in self.apart:
            if condition.is_met(call):
                return name
        return "" if all(condition.is_met(call) for condition in self.only) else Aside.OTHER
