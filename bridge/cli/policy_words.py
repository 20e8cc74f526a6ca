"""What the conditions of a clause say, in the words of the people who work with them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bridge.domain.hours import Hours
from bridge.domain.policy_clauses import Danger, DisqualifierClause, LimitClause, ScopeClause
from bridge.domain.when import CallerRule, When
from bridge.settings.week import week_of

DANGERS: Final[Mapping[Danger, str]] = {
    Danger.WEAPON: "weapon",
    Danger.VIOLENCE: "violence or a credible threat",
    Danger.MEDICAL: "emergency medical need",
    Danger.POLICE_ONLY: "urgent need that only police can meet",
}

_MANY = 12


def conditions(when: When) -> str:
    """Every condition that is written, in one line; an empty string when there is none."""
    return "; ".join([*types(when), *choices(when), *limits(when)])


def types(when: When) -> Iterator[str]:
    """Call types and determinants."""
    named = [f"call type {either(when.call_types)}"] if when.call_types else []
    named += [f"determinant {either(when.determinants)}"] if when.determinants else []
    if named:
        yield ", or ".join(named)


def choices(when: When) -> Iterator[str]:
    """What else chooses calls: fields, codes, answers, the way in, the narrative."""
    yield from (f"{name} is {either(codes)}" for name, codes in sorted(when.fields.items()))
    yield from (f'"{question}" was answered {given}' for question, given in sorted(when.answers.items()))
    if when.typed:
        yield f"{either(when.typed)} typed in the narrative"
    if when.words:
        yield f"the narrative says {either(when.words)}"
    if when.unless_words:
        yield f"the narrative does not say {either(when.unless_words)}"
    if when.topics:
        yield f"the narrative is about {either(when.topics)}"
    if when.channels:
        yield f"by {either(channel.value.lower().replace('_', ' ') for channel in when.channels)}"
    if when.channel_codes:
        yield f"by line {either(when.channel_codes)}"
    if when.priorities:
        yield f"priority {either(map(str, sorted(when.priorities)))}"
    if when.cautions:
        yield f"caution note {either(when.cautions)}"
    if when.waiting_minutes is not None:
        yield f"nobody was sent for {when.waiting_minutes} minutes"


def limits(when: When) -> Iterator[str]:
    """Where and when it holds, and for which callers."""
    if when.hours.spans or when.hours.closed_on:
        yield hours(when.hours)
    if when.districts or when.areas:
        places = [f"district {either(when.districts)}"] if when.districts else []
        places += [f"area {either(when.areas)}"] if when.areas else []
        yield " or ".join(places)
    yield from caller(when.caller)


def caller(rule: CallerRule) -> Iterator[str]:
    """What must be known of the caller."""
    lowest, highest = rule.min_age, rule.max_age
    if lowest is not None and highest is not None:
        yield f"the caller is {lowest} to {highest} years old"
    elif lowest is not None:
        yield f"the caller is {lowest} or older"
    elif highest is not None:
        yield f"the caller is {highest} or younger"
    if rule.consent:
        yield "the caller has agreed"
    if rule.first_party:
        yield "the caller is the person in need"


def hours(said: Hours) -> str:
    """`Mon-Fri 07:00-19:00 (America/Chicago), closed on 2026-12-25`."""
    open_at = str(week_of(replace(said, closed_on=frozenset()), said.timezone))
    zone = f" ({said.timezone})" if said.spans else ""
    closed = ", ".join(day.isoformat() for day in sorted(said.closed_on))
    return f"{open_at}{zone}" + (f", closed on {closed}" if closed else "")


def signs(clause: DisqualifierClause) -> Iterator[str]:
    """Where else than in an answer the danger shows."""
    if clause.call_types:
        yield f"call type {either(clause.call_types)}"
    if clause.determinants:
        yield f"determinant {either(clause.determinants)}"
    if clause.determinant_suffixes:
        yield f"determinant ending in {either(clause.determinant_suffixes)}"
    yield from (f"{name} is {either(codes)}" for name, codes in sorted(clause.fields.items()))
    if clause.cautions:
        yield f"caution note {either(clause.cautions)}"
    if clause.dispositions:
        yield f"disposition {either(clause.dispositions)}"
    if clause.priorities:
        yield f"priority {either(map(str, sorted(clause.priorities)))}"
    if clause.unit_kinds:
        yield f"on scene: {either(clause.unit_kinds)}"
    if clause.caller_wants_police:
        yield "the caller asks for police"
    if clause.words or clause.shared:
        yield "the narrative"


def of_limit(limit: LimitClause) -> str:
    """What a limit lets through."""
    said = [conditions(limit)] if conditions(limit) else []
    said += [f"only for {either(limit.needs)}"] if limit.needs else []
    said += [f"never: {conditions(limit.never)}"] if limit.never is not None else []
    return "; ".join(said)


def which_calls(scope: ScopeClause) -> str:
    """How the call taker knows a call of this clause."""
    return "; ".join([*types(scope), *choices(scope)]) or "any call"


def either(names: Iterable[str]) -> str:
    """`A, B or C`, shortened where there are very many."""
    said = list(names) if isinstance(names, tuple) else sorted(names)
    if len(said) > _MANY:
        return f"{', '.join(said[:_MANY])} and {len(said) - _MANY} more"
    return " or ".join(part for part in (", ".join(said[:-1]), said[-1]) if part) if said else "nothing"
