"""Whether two sets of conditions can be met by one call, and whether one contains the other.

Only what is certain from the conditions themselves is said: where a call might meet both, they do not
exclude each other, and where it might not, one does not contain the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from bridge.domain.when import CallerRule, When
from bridge.settings.week import week_of

_SINGLE = ("topics", "channels", "channel_codes", "priorities")
"""What a call has one of: two lists without a common entry exclude each other."""

_ANY_OF = ("typed", "cautions", *_SINGLE)


def covers(pattern: str, other: str) -> bool:
    """Whether every determinant that `other` names is named by `pattern`: `25-*` covers `25-A-1`."""
    return pattern == other or (pattern.endswith("*") and other.startswith(pattern[:-1]))


class Named(Protocol):
    """A clause that names calls by type or determinant."""

    @property
    def call_types(self) -> frozenset[str]:
        """Codes."""

    @property
    def determinants(self) -> frozenset[str]:
        """Patterns."""


def names_in_common(one: Named, other: Named) -> list[str]:
    """The call types and determinants that both name, the narrower pattern of two that overlap."""
    shared = set(one.call_types & other.call_types)
    for mine in one.determinants:
        for theirs in other.determinants:
            if covers(mine, theirs):
                shared.add(theirs)
            elif covers(theirs, mine):
                shared.add(mine)
    return sorted(shared)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Compares conditions. Hours are compared in `zone`; `retyped` are names that a policy gives calls."""

    zone: str
    retyped: frozenset[str] = frozenset()

    def excludes(self, one: When, other: When) -> str:
        """Why no call can meet both, in a word or two, or an empty string."""
        return next(self._exclusions(one, other), "")

    def impossible(self, when: When) -> str:
        """Why no call can meet these conditions, or an empty string."""
        return next(self._exclusions(when, when), "")

    def contains(self, outer: When, inner: When) -> bool:
        """Whether every call that meets `inner` certainly meets `outer`."""
        return (
            self._names_within(outer, inner)
            and all(inner.fields.get(name, set("?")) <= codes for name, codes in outer.fields.items())
            and outer.answers.items() <= inner.answers.items()
            and all(_within(getattr(outer, name), getattr(inner, name)) for name in _ANY_OF)
            and _within(frozenset(outer.words), frozenset(inner.words))
            and set(outer.unless_words) <= set(inner.unless_words)
            and _waits_within(outer.waiting_minutes, inner.waiting_minutes)
            and _place_within(outer, inner)
            and self._hours_within(outer, inner)
            and _caller_within(outer.caller, inner.caller)
        )

    def _exclusions(self, one: When, other: When) -> Iterator[str]:
        if self._types_apart(one, other):
            yield "call types"
        for name in one.fields.keys() & other.fields.keys():
            if not one.fields[name] & other.fields[name]:
                yield f"field {name}"
        for question in sorted(one.answers.keys() & other.answers.keys()):
            if one.answers[question] != other.answers[question]:
                yield f"answer to {question}"
        for name in _SINGLE:
            mine, theirs = getattr(one, name), getattr(other, name)
            if mine and theirs and not mine & theirs:
                yield name.replace("_", " ")
        for said, unsaid in ((one.words, other.unless_words), (other.words, one.unless_words)):
            if said and set(said) <= set(unsaid):
                yield "words"
        named = one.districts and other.districts and not (one.areas or other.areas)
        if named and not one.districts & other.districts:
            yield "districts"
        if _ages_apart(one.caller, other.caller):
            yield "ages"
        if (week_of(one.hours, self.zone) & week_of(other.hours, self.zone)).empty:
            yield "hours"

    def _types_apart(self, one: When, other: When) -> bool:
        """A call has one code and one determinant, and what the policy makes of it."""
        if self.retyped & (one.call_types | one.determinants | other.call_types | other.determinants):
            return False
        codes_only = one.call_types and other.call_types and not (one.determinants or other.determinants)
        scripted_only = one.determinants and other.determinants and not (one.call_types or other.call_types)
        return bool(codes_only or scripted_only) and not names_in_common(one, other)

    def _names_within(self, outer: When, inner: When) -> bool:
        if not outer.names_types:
            return True
        scripted = all(any(covers(wide, one) for wide in outer.determinants) for one in inner.determinants)
        return inner.names_types and inner.call_types <= outer.call_types and scripted

    def _hours_within(self, outer: When, inner: When) -> bool:
        beyond = week_of(inner.hours, self.zone).outside(week_of(outer.hours, self.zone))
        return beyond.empty and outer.hours.closed_on <= inner.hours.closed_on


def _within(outer: frozenset[str], inner: frozenset[str]) -> bool:
    return not outer or (bool(inner) and inner <= outer)


def _waits_within(outer: int | None, inner: int | None) -> bool:
    return outer is None or (inner is not None and inner >= outer)


def _place_within(outer: When, inner: When) -> bool:
    if not (outer.districts or outer.areas):
        return True
    placed = bool(inner.districts or inner.areas)
    return placed and inner.districts <= outer.districts and inner.areas <= outer.areas


def _caller_within(outer: CallerRule, inner: CallerRule) -> bool:
    asks = outer.consent <= inner.consent and outer.first_party <= inner.first_party
    lowest = outer.min_age is None or (inner.min_age is not None and inner.min_age >= outer.min_age)
    highest = outer.max_age is None or (inner.max_age is not None and inner.max_age <= outer.max_age)
    return asks and lowest and highest


def _ages_apart(one: CallerRule, other: CallerRule) -> bool:
    lowest = max(one.min_age or 0, other.min_age or 0)
    highest = min(age if age is not None else 999 for age in (one.max_age, other.max_age))
    return lowest > highest
