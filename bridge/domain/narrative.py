"""What a narrative says of each danger: word lists, read with negation, doubt, history and corrections.

One pass over the tokens, in time linear in the text. Doubt speaks: a hedged word counts as said. Nothing
here knows a policy; what is reported is the list's own words and the reader's own shorthand, with the place
where they were found, never the caller's words around them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bridge.domain import tokens
from bridge.domain.hearing import Hearing, Said, mark_entries
from bridge.domain.listing import Hit, Index
from bridge.domain.meaning import Weakened
from bridge.domain.words import Entry, Heard, Lexicon, Phrase, WordList, phrases_of

NOTE_LIMIT = 16_000
"""Characters of one note that are read; a longer note makes the narrative unreadable."""

NARRATIVE_LIMIT = 64_000
"""Characters of one narrative that are read, newest notes first."""

_TYPES_REMEMBERED = 2_000
"""Call types' words that are looked through once; then they are forgotten together."""

OF_TYPE = -1
"""The number of the note that a span is in, when it is in the call type's words."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where words stand: the note, counted from 0, or OF_TYPE; characters from `begin` to before `end`."""

    note: int
    begin: int
    end: int


class Mention(NamedTuple):
    """How a list was heard, by which words of which entry, why they are listed, and what weakened them.

    `note` is the number of the note, or OF_TYPE, and `first` and `last` the tokens in it: `located` counts
    the characters, when somebody wants to see them.
    """

    heard: Heard
    words: str
    entry: str
    reason: str
    note: int
    first: int
    last: int
    weakened: tuple[Weakened, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a narrative said: at most one mention per list, the strongest one. None: it was not mentioned."""

    mentions: Mapping[str, Mention] = field(default_factory=dict)
    topic: str = ""
    unreadable: bool = False


class WordLists:
    """Word lists made ready to be read, once: a policy's own, by name, and those of a shared lexicon."""

    __slots__ = ("_known_types", "_notes", "_topics", "_types")

    def __init__(self, lists: Mapping[str, WordList], lexicon: Lexicon | None = None) -> None:
        lexicon = lexicon or Lexicon()
        own = [entry for name, words in lists.items() for entry in _own_entries(name, words)]
        of_notes = [
            phrase
            for entry in (*own, *lexicon.entries, *mark_entries())
            if not entry.of_type
            for phrase in phrases_of(entry, lexicon.classes)
        ]
        of_types = [
            phrase
            for entry in lexicon.entries
            if entry.of_type
            for phrase in phrases_of(entry, lexicon.classes)
        ]
        shared = frozenset(entry.id for entry in lexicon.entries)
        misspelt = [word for phrase in of_notes if phrase.entry.id in shared for word in _spelt(phrase)]
        self._notes = Index(of_notes, lexicon.common, misspelt)
        self._types = Index(of_types, lexicon.common)
        self._known_types: dict[str, tuple[list[str], list[Hit]]] = {}
        self._topics = {topic: rank for rank, topic in enumerate(lexicon.topics)}

    def read(self, notes: Sequence[str], call_type: str = "") -> Reading:
        """What these notes, oldest first, and the type's own words say of each list.

        Unreadable: control characters, broken encoding, two alphabets in one word, words without end,
        hardly a letter, or more text than the limits.
        """
        hearing = Hearing(self._topics)
        written, letters, left, unreadable = 0, 0, NARRATIVE_LIMIT, False
        for number in range(len(notes) - 1, -1, -1):
            note = notes[number]
            text = note[: min(NOTE_LIMIT, left)]
            left -= len(text)
            words = tokens.tokens_of(text)
            unreadable = unreadable or len(text) < len(note) or tokens.is_garbled(text, words)
            counted = tokens.written_and_letters(text)
            written, letters = written + counted[0], letters + counted[1]
            if hits := self._notes.hits(words):
                hearing.hear(number, words, hits)
        if call_type and not self._types.empty:
            words, hits = self._of_type(call_type)
            if hits:
                hearing.hear(OF_TYPE, words, hits)
        mentions = {of: _mention(said) for of, said in hearing.said.items()}
        return Reading(mentions, hearing.topic, unreadable or tokens.hardly_a_letter(written, letters))

    def _of_type(self, call_type: str) -> tuple[list[str], list[Hit]]:
        """The type's words and what is found in them: an agency has some hundred types, and many calls."""
        known = self._known_types.get(call_type)
        if known is None:
            if len(self._known_types) >= _TYPES_REMEMBERED:
                self._known_types = {}
            words = tokens.tokens_of(call_type[:NOTE_LIMIT])
            known = self._known_types[call_type] = words, self._types.hits(words)
        return known


def located(mention: Mention, notes: Sequence[str], call_type: str = "") -> Span:
    """Where the words of a mention stand in the notes, or in the type, that were read."""
    places = tokens.places_of(call_type if mention.note == OF_TYPE else notes[mention.note])
    return Span(mention.note, places[mention.first][0], places[mention.last][1])


def _mention(said: Said) -> Mention:
    hit, entry = said.hit, said.hit.phrase.entry
    place = (said.note, hit.start, hit.end - 1)
    return Mention(said.heard, hit.phrase.text, entry.id, entry.reason, *place, said.weakened)


def _own_entries(name: str, words: WordList) -> tuple[Entry, ...]:
    """A policy's own list as two entries."""
    listed = Entry(f"{name}.words", "listed by the policy", words.words, {name: Heard.FOUND})
    denials = Entry(f"{name}.denials", "listed by the policy", words.denials, {name: Heard.DENIED})
    return listed, denials


def _spelt(phrase: Phrase) -> frozenset[str]:
    """The words of a pattern that may be misspelt: those that say a danger alone."""
    return phrase.first.words if phrase.entry.says and not phrase.rest else frozenset()
