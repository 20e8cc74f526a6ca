"""What the narrative says of a danger: plain word lists, read with simple negation and hedging.

One pass over the tokens, in time linear in the text. Doubt speaks: a hedged word counts as said, and
negation reaches only from the negating word over a few filler words to the listed one. Nothing here
knows a policy; what is reported is the list's own entry, never the caller's words around it.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from bridge.domain import shorthand
from bridge.domain.shorthand import Role

NOTE_LIMIT = 16_000
"""Characters of one note that are read; a longer note makes the narrative unreadable."""

NARRATIVE_LIMIT = 64_000
"""Characters of one narrative that are read, newest notes first."""

_LONGEST_WORD = 60
_FEWEST_TO_JUDGE = 24
_SHORTEST_STEM = 3

_TOKEN = re.compile(r"w/o(?!\w)|[^\W_]+(?:'[^\W_]+)*|[.,;:!?=/|\n]|(?<!\w)-|-(?!\w)")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_GARBAGE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
    "|[ÃÂ][\u0080-\u00bf]|â€"  # UTF-8 read as Latin-1 or as Windows-1252
    "|[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z]"  # one word in two alphabets
)
_LETTERS = bytes(range(65, 91)) + bytes(range(97, 123)) + bytes(range(128, 256))
_SPACE = b" \t\r\n\f"


class Heard(IntEnum):
    """How a list was heard. The greater one wins within a narrative."""

    DENIED = 1
    POSSIBLE = 2
    FOUND = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """How a list was heard, and the entry of the list that was."""

    heard: Heard
    entry: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a narrative said: at most one mention per list, the strongest one."""

    mentions: Mapping[str, Mention] = field(default_factory=dict)
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class WordList:
    """Entries are words or phrases; a last word that ends in `*` matches every word that begins so.

    `words` name the danger, `denials` deny it as they stand ("verbal only"). Upper and lower case are one.
    """

    words: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Phrase:
    entry: str
    of: str
    first: str
    rest: tuple[str, ...]
    stem: bool
    denies: bool

    def ends(self, tokens: Sequence[str], start: int) -> int:
        """Where the phrase ends if it begins at `start`, else 0. Punctuation never stands inside it."""
        end = start + 1 + len(self.rest)
        if not self.stem:
            return end if tuple(tokens[start + 1 : end]) == self.rest else 0
        if not self.rest:
            return end if tokens[start].startswith(self.first) else 0
        exact = tuple(tokens[start + 1 : end - 1]) == self.rest[:-1]
        return end if end <= len(tokens) and exact and tokens[end - 1].startswith(self.rest[-1]) else 0


def tokens_of(text: str) -> list[str]:
    """Words and the punctuation that ends a thought, folded to lower case."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").casefold()
    return _TOKEN.findall(text.lower())


def faulty_entry(entry: str) -> str:
    """Why an entry of a word list cannot be used, or an empty string."""
    words = tokens_of(entry.replace("*", ""))
    if not words or any(not word[0].isalnum() for word in words):
        return "is not words"
    if "*" in entry.rstrip()[:-1]:
        return "has a * before its end"
    if entry.rstrip().endswith("*") and len(words[-1]) < _SHORTEST_STEM:
        return f"has fewer than {_SHORTEST_STEM} letters before its *"
    return ""


class WordLists:
    """Word lists made ready to be read, once per policy. Lists go by name."""

    __slots__ = ("_by_first", "_by_stem")

    def __init__(self, lists: Mapping[str, WordList]) -> None:
        self._by_first: dict[str, list[_Phrase]] = {}
        self._by_stem: dict[str, list[_Phrase]] = {}
        for phrase in _phrases(lists):
            if phrase.stem and not phrase.rest:
                self._by_stem.setdefault(phrase.first[:_SHORTEST_STEM], []).append(phrase)
            else:
                self._by_first.setdefault(phrase.first, []).append(phrase)

    def read(self, notes: Sequence[str]) -> Reading:
        """What these notes, oldest first, say of each list.

        Unreadable: control characters, broken encoding, two alphabets in one word, words without end,
        hardly a letter, or more text than the limits.
        """
        mentions: dict[str, Mention] = {}
        seen, letters, left, unreadable = 0, 0, NARRATIVE_LIMIT, False
        for note in reversed(notes):
            text = note[: min(NOTE_LIMIT, left)]
            left -= len(text)
            tokens = tokens_of(text)
            too_long = len(text) < len(note) or max(map(len, tokens), default=0) > _LONGEST_WORD
            garbage = _CONTROL if text.isascii() else _GARBAGE
            unreadable = unreadable or too_long or garbage.search(text) is not None
            written = text.encode("utf-8", "replace").translate(None, _SPACE)
            seen += len(written)
            letters += len(written) - len(written.translate(None, _LETTERS))
            for phrase, heard in self._heard(tokens):
                known = mentions.get(phrase.of)
                if known is None or heard > known.heard:
                    mentions[phrase.of] = Mention(heard, phrase.entry)
        hardly_a_letter = seen >= _FEWEST_TO_JUDGE and letters * 3 < seen
        return Reading(mentions, unreadable or hardly_a_letter)

    def _heard(self, tokens: Sequence[str]) -> Iterator[tuple[_Phrase, Heard]]:
        """Each entry as it is meant. Only the thoughts that hold one are read, up to their last one."""
        by_first, by_stem = self._by_first, self._by_stem
        hits = [
            at for at, token in enumerate(tokens) if token in by_first or token[:_SHORTEST_STEM] in by_stem
        ]
        thought, read_to, entry_to = _Thought(), 0, 0
        for hit in hits:
            if hit >= entry_to > read_to:
                thought.passed_an_entry()
                read_to = entry_to
            if hit >= entry_to:
                begin = _thought_begins(tokens, hit, read_to)
                if begin > read_to:
                    thought = _Thought()
                for token in tokens[begin:hit]:
                    thought.went_on(token)
                read_to = hit
            token = tokens[hit]
            for phrase in (*by_first.get(token, ()), *by_stem.get(token[:_SHORTEST_STEM], ())):
                if end := phrase.ends(tokens, hit):
                    entry_to = max(entry_to, end)
                    yield phrase, Heard.DENIED if phrase.denies else thought.heard(tokens, end)


def _thought_begins(tokens: Sequence[str], at: int, earliest: int) -> int:
    """Where the thought that holds `at` begins: after the last punctuation, but not before `earliest`."""
    while at > earliest and shorthand.ROLES.get(tokens[at - 1]) is not Role.ENDS:
        at -= 1
    return at


class _Thought:
    """Where the reader stands in a sentence: whether a negation or a hedge reaches the next word."""

    __slots__ = ("hedge", "negation", "question")

    def __init__(self) -> None:
        self.negation = ""  # "", "open": reaches the next entry, "passed": only over an "or"
        self.hedge = 0  # for how many more words a hedge reaches
        self.question = True  # so far this sentence could be "any weapons", "is he violent"

    def heard(self, tokens: Sequence[str], end: int) -> Heard:
        """How the entry that ends before `end` is meant."""
        following = tokens[end : end + 4]
        after = following[1:] if following and following[0] in shorthand.ANSWER_MARKS else following
        if after and after[0] in shorthand.YES:
            return Heard.FOUND
        if self.question and shorthand.is_denied_after(following, after):
            return Heard.DENIED
        if self.hedge or (following and following[0] == "?"):
            return Heard.POSSIBLE
        return Heard.DENIED if self.negation == "open" else Heard.FOUND

    def passed_an_entry(self) -> None:
        """An entry ended here."""
        self.negation = "passed" if self.negation else ""
        self.hedge = max(0, self.hedge - 1)

    def went_on(self, token: str) -> None:
        """A word that belongs to no entry."""
        role = shorthand.role_of(token)
        self.question = self.question and token in shorthand.QUESTION_WORDS
        self.hedge = max(0, self.hedge - 1)
        if role is Role.NEGATES:  # "not without a knife": two negations in a row prove nothing
            self.negation = "" if self.negation == "open" else "open"
        elif role is Role.HEDGES:
            self.negation, self.hedge = "", shorthand.HEDGE_REACH
        elif role is Role.JOINS:
            self.negation = "open" if self.negation == "passed" else ""
        elif self.negation == "passed":
            self.negation = "passed" if token in shorthand.REMARKS else ""
        elif role is not Role.FILLS:
            self.negation = ""


def _phrases(lists: Mapping[str, WordList]) -> Iterator[_Phrase]:
    for name, words in lists.items():
        for entry in dict.fromkeys((*words.words, *words.denials)):
            first, *rest = tokens_of(entry.replace("*", ""))
            stem = entry.rstrip().endswith("*")
            yield _Phrase(entry, name, first, tuple(rest), stem, entry in words.denials)
