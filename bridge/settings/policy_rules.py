"""The rules that hold between the clauses of one policy, and between clauses and destinations.

Types are checked before. A policy that breaks one of these could not be screened with, or would let a call
go that nobody meant to let go.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bridge.domain.cad import Channel
from bridge.domain.decision import Verdict
from bridge.domain.determinant import determinant_of, is_pattern
from bridge.domain.ids import DestinationId
from bridge.domain.learnt import FIELDS
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import (
    AnswerClause,
    Clause,
    Danger,
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    ScopeClause,
)
from bridge.domain.redaction import ALL_FIELDS
from bridge.domain.when import When
from bridge.domain.words import Lexicon
from bridge.settings.clause_rules import (
    ID_REMEDY,
    conditions,
    is_built_in,
    is_id,
    limits_anything,
    when_problems,
)
from bridge.settings.hours import is_time_zone, time_zone_problem
from bridge.settings.problems import Problem
from bridge.settings.toml import File
from bridge.settings.unit_rules import unit_problems

NEVER_ASKED = ("crime",)
"""No disqualifier asks this: whether a crime was committed does not say whether anybody is in danger."""

_NARRATIVE = "the narrative never makes a call eligible"


def problems_of_policy(
    file: File, policy: Policy, destinations: Collection[DestinationId] | None, lexicon: Lexicon | None
) -> Iterator[Problem]:
    """Everything that is wrong with this policy, in the order of the file."""
    rules = _Rules(file, policy, destinations, lexicon)
    yield from rules.of_head()
    yield from rules.of_ids()
    for number, scope in enumerate(policy.scope):
        yield from rules.of_scope(f"scope[{number}]", scope)
    for number, limit in enumerate(policy.limit):
        yield from rules.of_limit(f"limit[{number}]", limit)
    for number, answer in enumerate(policy.answer):
        yield from rules.of_answer(f"answer[{number}]", answer)
    for number, recategory in enumerate(policy.recategory):
        yield from rules.of_recategory(f"recategory[{number}]", recategory)
    for number, disqualifier in enumerate(policy.disqualifier):
        yield from rules.of_disqualifier(f"disqualifier[{number}]", disqualifier)


@dataclass(frozen=True, slots=True)
class _Rules:
    """One policy under examination."""

    file: File
    policy: Policy
    destinations: Collection[DestinationId] | None
    lexicon: Lexicon | None

    def of_head(self) -> Iterator[Problem]:
        file, policy = self.file, self.policy
        for name in ("agency", "name", "version"):
            if not getattr(policy, name).strip():
                yield file.problem(name, "is empty", "write something that names it")
        if policy.effective.tzinfo is None:
            yield file.problem("effective", "has no offset", "write it as 2025-01-01T00:00:00-06:00")
        if not is_time_zone(policy.timezone):
            yield time_zone_problem(file, "timezone", policy.timezone)
        for name in sorted(policy.learns_of_hotlines - ALL_FIELDS):
            remedy = f"use {', '.join(sorted(ALL_FIELDS))}"
            yield file.problem("learns_of_hotlines", f"{name!r} is no field", remedy)
        if Verdict.REVIEW not in policy.confirm:
            yield file.problem("confirm", "leaves out 'review'", "list it; a person must look at those calls")
        for name in sorted(policy.learnt - FIELDS.keys()):
            yield file.problem("learnt", f"{name!r} is no field", f"use {', '.join(sorted(FIELDS))}")
        if Channel.UNKNOWN in policy.recorded:
            rule = "a way in that is not known may be anything"
            yield file.problem("recorded", rule, "name the ways in that are only recorded")
        for name in sorted(policy.where.areas - set(policy.areas)):
            yield file.problem("where.areas", f"{name!r} is no area", "name its GeoJSON file in [areas]")
        yield from unit_problems(file, policy.units, policy.pairing_seconds)
        if not policy.scope:
            yield file.problem("scope", "is empty", "write at least one [[scope]]")
        for danger in Danger:
            if all(clause.danger is not danger for clause in policy.disqualifier):
                rule = f"no clause looks for the danger {danger.value!r}"
                yield file.problem("disqualifier", rule, "write a [[disqualifier]] for each of the four")

    def of_ids(self) -> Iterator[Problem]:
        policy = self.policy
        kinds: Mapping[str, Sequence[Clause]] = {
            "scope": policy.scope,
            "limit": policy.limit,
            "answer": policy.answer,
            "recategory": policy.recategory,
            "disqualifier": policy.disqualifier,
        }
        named = [
            (f"{kind}[{at}]", clause.id, clause.sentence)
            for kind, clauses in kinds.items()
            for at, clause in enumerate(clauses)
        ]
        seen: set[str] = set()
        for place, clause, sentence in named:
            if not clause.strip():
                yield self.file.problem(f"{place}.id", "is empty", "write something that names the clause")
            elif is_built_in(clause):
                yield self.file.problem(f"{place}.id", f"{clause!r} is a built-in clause", "choose another")
            elif not is_id(clause):
                yield self.file.problem(f"{place}.id", f"{clause!r} is no id", ID_REMEDY)
            elif clause in seen:
                yield self.file.problem(
                    f"{place}.id", f"{clause!r} is another clause's id", "give each its own"
                )
            seen.add(clause)
            if not sentence.strip():
                yield self.file.problem(f"{place}.sentence", "is empty", "say it in a sentence for people")

    def of_scope(self, place: str, clause: ScopeClause) -> Iterator[Problem]:
        if not clause.names_types and not clause.any_call_type:
            remedy = "list call_types, determinants or both, or write any_call_type = true"
            yield self.file.problem(place, "names no call", remedy)
        if clause.names_types and clause.any_call_type:
            rule = "is true beside call types"
            yield self.file.problem(f"{place}.any_call_type", rule, "write the types, or true, not both")
        if clause.any_call_type and not replace(conditions(clause), unless_words=()).chooses:
            remedy = "choose calls by field, channel, typed code, answer, topic or words"
            yield self.file.problem(f"{place}.any_call_type", "lets every call through", remedy)
        if clause.by_narrative and clause.verdict is Verdict.OFFER:
            yield self.file.problem(f"{place}.verdict", _NARRATIVE, "write recommend or review")
        if not clause.route and clause.verdict is not Verdict.REVIEW:
            rule = f"is empty, but the verdict is {clause.verdict.value}"
            yield self.file.problem(f"{place}.route", rule, "name somebody")
        yield from self._destinations(f"{place}.route", clause.route)
        yield from self._when(place, clause)

    def of_limit(self, place: str, clause: LimitClause) -> Iterator[Problem]:
        if not limits_anything(clause):
            yield self.file.problem(place, "limits nothing", "write a condition, `needs` or `never`")
        if clause.never is not None:
            if clause.never == When():
                yield self.file.problem(f"{place}.never", "bars every call", "write what may never go")
            yield from self._when(f"{place}.never", clause.never)
        yield from self._scopes(f"{place}.scopes", clause.scopes)
        known = {scope.need for scope in self.policy.scope}
        for need in sorted(clause.needs - known):
            yield self.file.problem(f"{place}.needs", f"{need!r} is no scope's need", "name one that is")
        yield from self._destinations(f"{place}.destinations", sorted(clause.destinations))
        yield from self._when(place, clause)

    def of_answer(self, place: str, clause: AnswerClause) -> Iterator[Problem]:
        asked = {question for one in self.policy.disqualifier for question in one.questions}
        if not clause.names_types and not clause.fields and not clause.typed:
            rule = "answers for every call"
            yield self.file.problem(place, rule, "name the determinants, types, fields or codes that answer")
        if clause.by_narrative:
            yield self.file.problem(place, _NARRATIVE, "remove words and topics")
        if not clause.gives:
            yield self.file.problem(f"{place}.gives", "is empty", 'write gives = { weapon = "no" }')
        for question in sorted(set(clause.gives) - asked):
            yield self.file.problem(
                f"{place}.gives", f"nobody asks {question!r}", "name a disqualifier's question"
            )
        yield from self._when(place, clause)

    def of_recategory(self, place: str, clause: RecategoryClause) -> Iterator[Problem]:
        if not clause.names_types:
            yield self.file.problem(place, "names no call", "list call_types, determinants or both")
        if not clause.as_call_type and not clause.as_determinant:
            yield self.file.problem(place, "gives no type", "write as_call_type or as_determinant")
        if clause.as_determinant and determinant_of(clause.as_determinant) is None:
            yield self.file.problem(f"{place}.as_determinant", "is no determinant", "write it as 25-A-1")
        if clause.by_narrative and clause.verdict is Verdict.OFFER:
            yield self.file.problem(f"{place}.verdict", _NARRATIVE, "write recommend or review")
        yield from self._when(place, clause)

    def of_disqualifier(self, place: str, clause: DisqualifierClause) -> Iterator[Problem]:
        file = self.file
        if clause.unanswered and not clause.questions:
            yield file.problem(f"{place}.unanswered", "there is no question to answer", "list its questions")
        for question in clause.questions:
            if not question.strip():
                yield file.problem(f"{place}.questions", "holds an empty code", "write the question's code")
            if question.lower().startswith(NEVER_ASKED):
                rule = f"{question!r} asks whether a crime was committed, which is no disqualifier"
                yield file.problem(f"{place}.questions", rule, "ask for what only police can do right now")
        if not _signs(clause):
            yield file.problem(place, "nothing can ever show this danger", "list questions, words or fields")
        for both in sorted(set(clause.words) & set(clause.denials)):
            yield file.problem(f"{place}.denials", f"{both!r} is also among its words", "keep one of them")
        for pattern in sorted(clause.determinants):
            if not is_pattern(pattern):
                rule = f"{pattern!r} is no determinant"
                yield file.problem(
                    f"{place}.determinants", rule, "write 25-D-1, 25-D-* or 25-*, without suffix"
                )
        if clause.unless is not None:
            if clause.unless == When():
                yield file.problem(f"{place}.unless", "spares every call", "write what makes it no danger")
            elif clause.unless.by_narrative:
                remedy = "spare it by type, field, typed code or answer"
                yield file.problem(f"{place}.unless", _NARRATIVE, remedy)
            yield from self._when(f"{place}.unless", clause.unless)
        yield from self._scopes(f"{place}.tandem_for", clause.tandem_for)
        yield from self._destinations(f"{place}.destinations", sorted(clause.destinations))
        yield from self._shared(place, clause)

    def _shared(self, place: str, clause: DisqualifierClause) -> Iterator[Problem]:
        known = {entry.id for entry in self.lexicon.entries} if self.lexicon is not None else set()
        if clause.shared and self.lexicon is None:
            rule = "there are no shared word lists"
            yield self.file.problem(f"{place}.shared", rule, "name their folder in paths.words, or remove it")
        for name, named in (("without", clause.without), ("only", clause.only)):
            if named and not clause.shared:
                yield self.file.problem(f"{place}.{name}", "the clause is not shared", "write shared = true")
            for unknown in sorted(named - known) if clause.shared and self.lexicon is not None else ():
                rule = f"{unknown!r} is no entry of the shared word lists"
                yield self.file.problem(f"{place}.{name}", rule, "name an id of an [[entry]]")

    def _when(self, place: str, when: When) -> Iterator[Problem]:
        yield from when_problems(self.file, place, when, self.policy.areas)
        if when.topics and self.lexicon is not None:
            for topic in sorted(when.topics - set(self.lexicon.topics)):
                remedy = f"use one of: {', '.join(self.lexicon.topics)}"
                yield self.file.problem(f"{place}.topics", f"{topic!r} is no topic", remedy)

    def _scopes(self, place: str, named: Collection[str]) -> Iterator[Problem]:
        for unknown in sorted(set(named) - {each.id for each in self.policy.scope}):
            yield self.file.problem(place, f"{unknown!r} is no scope clause", "name ids of [[scope]]")

    def _destinations(self, place: str, named: Collection[DestinationId]) -> Iterator[Problem]:
        for number, name in enumerate(named):
            if self.destinations is not None and name not in self.destinations:
                known = ", ".join(sorted(self.destinations)) or "none"
                remedy = f"add its file, or name one of: {known}"
                yield self.file.problem(f"{place}[{number}]", f"{name!r} is no destination", remedy)


def _signs(clause: DisqualifierClause) -> bool:
    """Whether anything can show this danger."""
    return bool(
        clause.questions
        or clause.words
        or clause.shared
        or clause.call_types
        or clause.determinants
        or clause.determinant_suffixes
        or clause.fields
        or clause.typed
        or clause.cautions
        or clause.dispositions
        or clause.priorities
        or clause.unit_kinds
        or clause.caller_wants_police
    )
