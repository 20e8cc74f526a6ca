"""An incident as the clauses of one policy look at it: codes folded, answers gathered, narrative read once.

Answers come from the call taker, from what a type or determinant answers by its definition, and from print
in the notes where the policy lets print count. Said twice, a yes outweighs doubt and doubt outweighs a no.
"""

from collections.abc import Iterable
from datetime import datetime

from bridge.domain.cad import Answer, AuthorRole, UnitStatus
from bridge.domain.determinant import Determinant, determinant_of
from bridge.domain.ground import inside
from bridge.domain.incident import Incident
from bridge.domain.narrative import Reading
from bridge.domain.policy import Policy, list_of
from bridge.domain.printed import CODE, printed_answers
from bridge.domain.when import folded

_ON_SCENE = frozenset({UnitStatus.ON_SCENE, UnitStatus.PATIENT_CONTACT, UnitStatus.TRANSPORTING})
_SENT = _ON_SCENE | {
    UnitStatus.DISPATCHED,
    UnitStatus.ACKNOWLEDGED,
    UnitStatus.EN_ROUTE,
    UnitStatus.STAGING,
}
_TYPISTS = frozenset(
    {AuthorRole.UNKNOWN, AuthorRole.CALL_TAKER, AuthorRole.DISPATCHER, AuthorRole.SUPERVISOR}
)
_ASIDE = ".,;:!?()[]\"'"

ANY = "*"
"""Stands for every caution note, whatever its code."""

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


class Facts:
    """One version of one incident at one instant (`at`, an aware datetime)."""

    __slots__ = (
        "answers",
        "at",
        "call_type",
        "determinant",
        "fields",
        "how",
        "incident",
        "names",
        "policy",
        "reading",
    )

    def __init__(self, incident: Incident, policy: Policy, at: datetime) -> None:
        self.incident = incident
        self.policy = policy
        self.at = at
        said = incident.call_type
        self.call_type = folded(said.code) if said is not None else ""
        self.determinant = determinant_of(said.determinant) if said is not None else None
        self.names: tuple[str, ...] = names_of(self.call_type, self.determinant)
        type_words = (said.text or said.code) if said is not None else ""
        self.reading: Reading = policy.words.read([note.text for note in incident.notes], type_words)
        self.answers: dict[str, Answer] = {}
        self.how: dict[str, str] = {}
        """How a question was answered, when it was not by the call taker."""
        self.fields: dict[str, str] = {}
        for answer in incident.answers:
            self._take(answer.question, answer.answer)
            if answer.code:
                self.fields[answer.question] = folded(answer.code)
        if policy.printed_answers:
            for printed in printed_answers([note.text for note in incident.notes]):
                self.give(printed.question, printed.answer, CODE)

    def give(self, question: str, answer: Answer, how: str) -> None:
        """An answer that the call taker did not code; it never makes a worse one better."""
        if question not in self.answers:
            self.how[question] = how
        self._take(question, answer)

    def _take(self, question: str, answer: Answer) -> None:
        known = self.answers.get(question)
        self.answers[question] = answer if known is None else worse(known, answer)

    def answer_to(self, questions: Iterable[str]) -> tuple[Answer, str]:
        """The answer to any of these wordings of one question, the worst of several, and how it was given."""
        worst: tuple[Answer, str] | None = None
        for question in questions:
            said = self.answers.get(question)
            if said is None:
                continue
            if worst is None or worse(worst[0], said) is not worst[0]:
                worst = said, self.how.get(question, "")
        return worst or (UNKNOWN, "")

    def heard(self, words: Iterable[str]) -> bool:
        """Whether the narrative says one of these, undenied."""
        mention = self.reading.mentions.get(list_of(words))
        return mention is not None and mention.heard.counts

    def typed(self) -> frozenset[str]:
        """The policy's short codes that call takers typed, each standing alone in a note."""
        found = set()
        for note in self.incident.notes:
            text = note.text.upper()
            here = [code for code in self.policy.typed if code in text]
            if here and note.role in _TYPISTS:
                found |= {word.strip(_ASIDE) for word in text.split()}.intersection(here)
        return frozenset(found)

    def cautions(self) -> frozenset[str]:
        """Codes of the caution notes on the address, the number or the person, and ANY where there is one."""
        if not self.incident.cautions:
            return frozenset()
        return frozenset(folded(caution.code) for caution in self.incident.cautions) | {ANY}

    def inside(self, districts: frozenset[str], areas: Iterable[str]) -> Answer:
        """Whether the place is in one of these districts, or of these areas of the policy."""
        return inside(self.incident, districts, [self.policy.areas[name] for name in areas])

    def kinds_on_scene(self) -> set[str]:
        """The kinds of the units that are there."""
        return {folded(unit.kind) for unit in self.incident.units if unit.status in _ON_SCENE}

    def waiting_minutes(self) -> float | None:
        """How long nobody was sent, in minutes; None when somebody was, or nobody knows since when."""
        first = self.incident.first_at
        if first is None or any(unit.status in _SENT for unit in self.incident.units):
            return None
        return (self.at - first).total_seconds() / 60


def names_of(call_type: str, determinant: Determinant | None) -> tuple[str, ...]:
    """The names by which clauses may know a type: its folded code, and the determinant's patterns."""
    names = (call_type,) if call_type else ()
    return names + determinant.names if determinant is not None else names


def worse(one: Answer, other: Answer) -> Answer:
    """The answer that lets less happen."""
    if one is YES or other is YES:
        return YES
    return UNKNOWN if UNKNOWN in (one, other) else NO
