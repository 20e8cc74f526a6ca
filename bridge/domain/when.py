"""Conditions on one call, as clauses write them: every one that is written must be met, and of a list any
one entry will do.

Some conditions choose the calls that a clause is about (type, field, channel, words ...), others limit where
and when it holds (hours, places, the caller). What is not known meets nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bridge.domain.cad import Answer, Channel
from bridge.domain.hours import ALWAYS, Hours

Given = Literal["yes", "no"]
"""An answer as a policy writes it."""

GIVEN: Mapping[Given, Answer] = {"yes": Answer.YES, "no": Answer.NO}
"""What is meant by it."""


def folded(code: str) -> str:
    """A code as codes are compared."""
    return code.strip().upper()


@dataclass(frozen=True, slots=True)
class CallerRule:
    """What must be known of the caller. Ages are years, both limits included; unknown is never met."""

    min_age: int | None = None
    max_age: int | None = None
    consent: bool = False
    first_party: bool = False


ANYBODY = CallerRule()


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What must be so. Codes compare without regard to case; nothing written is met by every call.

    `call_types` and `determinants` (`25-A-1`, `25-A-*`, `25-*`, without suffix) are one condition: either
    will do. `fields` are coded fields by name: a drop-down, a colour, a level, what the caller asked for.
    `answers` are coded answers to questions. `typed` are short codes that stand alone in a note. `words` and
    `topics` are what the reader of narratives heard, and `unless_words` what it must not have heard.
    `cautions` are codes of caution notes on the address, number or person, `*` being any of them.
    `waiting_minutes` is met when nobody was sent for so long.
    """

    call_types: frozenset[str] = frozenset()
    determinants: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    answers: Mapping[str, Given] = field(default_factory=dict)
    typed: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    unless_words: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    channels: frozenset[Channel] = frozenset()
    channel_codes: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    cautions: frozenset[str] = frozenset()
    waiting_minutes: int | None = None
    hours: Hours = ALWAYS
    districts: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    caller: CallerRule = ANYBODY

    def __post_init__(self) -> None:
        fold(self, "call_types", "determinants", "typed", "channel_codes", "cautions", "districts")
        object.__setattr__(self, "fields", folded_fields(self.fields))

    @property
    def names_types(self) -> bool:
        """Whether it says which call types it is about."""
        return bool(self.call_types or self.determinants)

    @property
    def by_narrative(self) -> bool:
        """Whether what a narrative says can meet it. The reader of narratives never makes a call eligible."""
        return bool(self.words or self.topics)

    @property
    def chooses(self) -> bool:
        """Whether anything but the type and the limits is asked for."""
        return bool(
            self.fields
            or self.answers
            or self.typed
            or self.words
            or self.unless_words
            or self.topics
            or self.channels
            or self.channel_codes
            or self.priorities
            or self.cautions
            or self.waiting_minutes is not None
        )


def fold(clause: object, *names: str) -> None:
    """Fold these sets of codes of a clause that is being made."""
    for name in names:
        object.__setattr__(clause, name, frozenset(map(folded, getattr(clause, name))))


def folded_fields(fields: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Coded fields with their codes folded."""
    return {name: frozenset(map(folded, codes)) for name, codes in fields.items()}
