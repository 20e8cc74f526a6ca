"""Whether conditions are met by one call, three-valued: what is not known is neither met nor unmet.

`chosen` says whether a clause is about the call at all; `limits` says which of its limits are not met, or
not known, by the built-in clause that says so.
"""

from collections.abc import Iterator

from bridge.domain import clauses
from bridge.domain.cad import Answer, Channel
from bridge.domain.facts import NO, UNKNOWN, YES, Facts
from bridge.domain.when import ANYBODY, GIVEN, CallerRule, When, folded


def chosen(when: When, facts: Facts) -> bool:
    """Whether the conditions that choose calls are met; the type is looked up by its name elsewhere."""
    return not when.chooses or all(answer is YES for answer in _choices(when, facts))


def met(when: When, facts: Facts) -> Answer:
    """Whether everything is met: the type, what chooses calls, and the limits."""
    of_type = _of_type(when, facts)
    if of_type is NO:
        return NO
    found = [of_type, *_choices(when, facts), *(answer for _, answer in limits(when, facts))]
    return NO if NO in found else UNKNOWN if UNKNOWN in found else YES


def barred(when: When, facts: Facts) -> Answer:
    """Whether this is a call that may never go. A field nobody filled and an open question bar nothing."""
    if not chosen(when, facts):
        return NO
    found = [_of_type(when, facts), *(answer for _, answer in limits(when, facts))]
    return NO if NO in found else UNKNOWN if UNKNOWN in found else YES


def _of_type(when: When, facts: Facts) -> Answer:
    if not when.names_types:
        return YES
    if not facts.names:
        return UNKNOWN
    return _yes((when.call_types | when.determinants).intersection(facts.names))


def _choices(when: When, facts: Facts) -> Iterator[Answer]:
    """An answer for each condition that is written."""
    incident = facts.incident
    for name, codes in when.fields.items():
        yield _yes(facts.fields[name] in codes) if name in facts.fields else UNKNOWN
    for question, given in when.answers.items():
        said = facts.answers.get(question, UNKNOWN)
        yield said if said is UNKNOWN else _yes(said is GIVEN[given])
    if when.typed:
        yield _yes(when.typed & facts.typed())
    if when.words:
        yield _yes(facts.heard(when.words))
    if when.unless_words:
        yield UNKNOWN if facts.reading.unreadable else _yes(not facts.heard(when.unless_words))
    if when.topics:
        yield _yes(facts.reading.topic in when.topics) if facts.reading.topic else UNKNOWN
    if when.channels:
        yield UNKNOWN if incident.channel is Channel.UNKNOWN else _yes(incident.channel in when.channels)
    if when.channel_codes:
        code = folded(incident.channel_code)
        yield _yes(code in when.channel_codes) if code else UNKNOWN
    if when.priorities:
        yield UNKNOWN if incident.priority is None else _yes(incident.priority in when.priorities)
    if when.cautions:
        yield _yes(when.cautions & facts.cautions())
    if when.waiting_minutes is not None:
        waited = facts.waiting_minutes()
        yield _yes(waited is not None and waited >= when.waiting_minutes)


def _yes(truth: object) -> Answer:
    return YES if truth else NO


def limits(when: When, facts: Facts) -> Iterator[tuple[str, Answer]]:
    """Each limit that is not met (NO) or not known, by the built-in clause that says so."""
    if not when.hours.open_at(facts.at):
        yield clauses.HOURS_CLOSED, NO
    if when.districts or when.areas:
        inside = facts.inside(when.districts, when.areas)
        if inside is not YES:
            yield clauses.DISTRICT_OUTSIDE if inside is NO else clauses.DISTRICT_UNKNOWN, inside
    if when.caller is not ANYBODY:
        yield from _caller(when.caller, facts)


def _caller(rule: CallerRule, facts: Facts) -> Iterator[tuple[str, Answer]]:
    caller = facts.incident.caller
    if rule.min_age is not None or rule.max_age is not None:
        lowest, highest = rule.min_age or 0, 999 if rule.max_age is None else rule.max_age
        if caller.age is None:
            yield clauses.CALLER_AGE_UNKNOWN, UNKNOWN
        elif not lowest <= caller.age <= highest:
            yield clauses.CALLER_AGE_OUTSIDE, NO
    if rule.consent and caller.consent is not YES:
        refused = caller.consent is NO
        yield clauses.CALLER_CONSENT_REFUSED if refused else clauses.CALLER_CONSENT_UNKNOWN, caller.consent
    if rule.first_party and caller.first_party is not YES:
        third = caller.first_party is NO
        yield clauses.CALLER_NOT_FIRST_PARTY if third else clauses.CALLER_PARTY_UNKNOWN, caller.first_party
