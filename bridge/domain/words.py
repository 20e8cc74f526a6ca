"""Word lists as data: entries that say of which danger they speak, how surely, and why they are there.

A pattern is words. `punch/es/ed` stands for each ending, `gun*` for every word that begins so, `@name` for
each word of a class, `..` for up to three words between; `and` also stands for `&`, `with` for `w/`,
`or` for `/`.
Nothing here reads a narrative.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import lru_cache

from bridge.domain.tokens import tokens_of

SHORTEST_STEM = 3
GAP = 3
"""Words that `..` may stand for."""

_PATTERNS_REMEMBERED = 10_000

_ALSO: Mapping[str, tuple[str, ...]] = {
    "and": ("and", "&", "n"),
    "with": ("with", "w/", "w"),
    "or": ("or", "/"),
}


class Heard(IntEnum):
    """How a list was heard. The greater one wins within a narrative."""

    OVER = 1
    """Said of the past, of a need that only counts while it lasts."""
    DENIED = 2
    POSSIBLE = 3
    FOUND = 4

    @property
    def counts(self) -> bool:
        """Whether it is said of the present, if only as something possible."""
        return self >= Heard.POSSIBLE


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a narrative can say. `says` is list -> how surely, before negation and doubt.

    `of_type` entries are read in the call type's own words. `instead` entries are heard instead of the
    listed words inside them, and an entry that says nothing only does that ("throwing up"). A word of
    `unless` that follows in the same sentence denies the entry ("fight, verbal only"). Lists that it `fades`
    for hear nothing of what is past: what was urgent yesterday is a report today. For lists that it `lasts`
    for nothing of the same day is past: who took pills this morning needs care now.
    """

    id: str
    reason: str
    words: tuple[str, ...]
    says: Mapping[str, Heard] = field(default_factory=dict)
    topic: str = ""
    of_type: bool = False
    instead: bool = False
    unless: tuple[str, ...] = ()
    fades: frozenset[str] = frozenset()
    lasts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WordList:
    """A policy's own list: `words` name the danger, `denials` deny it as they stand ("verbal only")."""

    words: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All shared lists. `common` words are never taken for a misspelt danger; `topics` rank downwards."""

    entries: tuple[Entry, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    common: frozenset[str] = frozenset()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears what the shared lists say of `of`, under its own name.

    `without` are entries not heard; where `only` names entries, no others are.
    """

    name: str
    of: str
    without: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()

    def hears(self, entry: Entry) -> bool:
        """Whether this entry is one of its own."""
        wanted = not self.only or entry.id in self.only
        return wanted and self.of in entry.says and entry.id not in self.without


def heard_by(lexicon: Lexicon, listeners: Sequence[Listener]) -> Lexicon:
    """The lexicon with each list under the names of those who listen to it; what nobody hears is left out."""
    entries = []
    for entry in lexicon.entries:
        hear = [one for one in listeners if one.hears(entry)]
        if hear or entry.topic or entry.instead:
            says = {one.name: entry.says[one.of] for one in hear}
            fades = frozenset(one.name for one in hear if one.of in entry.fades)
            lasts = frozenset(one.name for one in hear if one.of in entry.lasts)
            entries.append(replace(entry, says=says, fades=fades, lasts=lasts))
    return replace(lexicon, entries=tuple(entries))


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a pattern: the words that fit, the beginnings that fit, and how far away it may stand."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()
    gap: int = 0

    def fits(self, token: str) -> bool:
        """Whether this token may stand here."""
        return token in self.words or (bool(self.stems) and token.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Phrase:
    """One pattern of one entry, ready to be matched."""

    entry: Entry
    text: str
    first: Element
    rest: tuple[Element, ...]
    gapped: bool

    def ends(self, tokens: Sequence[str], start: int, stops: Mapping[str, object]) -> int:
        """Where the phrase ends if its first word is at `start`, else 0. A gap never crosses a stop."""
        at, count = start + 1, len(tokens)
        for element in self.rest:
            last = at + element.gap
            while at < count and not element.fits(tokens[at]):
                if at >= last or tokens[at] in stops:
                    return 0
                at += 1
            if at >= count:
                return 0
            at += 1
        return at


def faulty_entry(pattern: str, classes: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Why a pattern cannot be used, or an empty string."""
    words = pattern.split()
    if not words or ".." in (words[0], words[-1]):
        return "is not words"
    for word in words:
        if word == "..":
            continue
        if word.startswith("@"):
            if word[1:] not in (classes or {}):
                return f"names no class {word[1:]!r}"
            continue
        plain = word.removesuffix("*")
        if "*" in plain:
            return "has a * before its end"
        tokens = tokens_of(plain.replace("/", ""))
        if not tokens or any(not token[0].isalnum() for token in tokens):
            return "is not words"
        if word.endswith("*") and len(tokens[-1]) < SHORTEST_STEM:
            return f"has fewer than {SHORTEST_STEM} letters before its *"
    return ""


def phrases_of(entry: Entry, classes: Mapping[str, tuple[str, ...]]) -> Iterator[Phrase]:
    """The entry's patterns; each was found usable by `faulty_entry`."""
    for pattern in dict.fromkeys(entry.words):
        elements = _of_no_class(pattern) if "@" not in pattern else tuple(_elements(pattern, classes))
        gapped = any(element.gap for element in elements)
        yield Phrase(entry, pattern, elements[0], elements[1:], gapped)


def inflected(words: Iterable[str]) -> Iterator[str]:
    """`punch/es/ed` as punch, punches, punched."""
    for word in words:
        begin, *endings = word.lower().split("/")
        yield begin
        yield from (begin + ending for ending in endings)


@lru_cache(maxsize=_PATTERNS_REMEMBERED)
def _of_no_class(pattern: str) -> tuple[Element, ...]:
    """A pattern's elements, shared by all policies that hear the same lists: there are some thousand."""
    return tuple(_elements(pattern, {}))


def _elements(pattern: str, classes: Mapping[str, tuple[str, ...]]) -> Iterator[Element]:
    gap = 0
    for word in pattern.split():
        if word == "..":
            gap = GAP
            continue
        if word.startswith("@"):
            yield Element(_words_of_class(classes[word[1:]]), (), gap)
        elif word.endswith("*"):
            *before, stem = tokens_of(word.removesuffix("*"))
            yield from _plain(before, gap)
            yield Element(frozenset(), (stem,), 0 if before else gap)
        elif "/" in word:
            yield Element(frozenset(inflected([word])), (), gap)
        else:
            yield from _plain(tokens_of(word), gap)
        gap = 0


@lru_cache(maxsize=1_000)
def _words_of_class(words: tuple[str, ...]) -> frozenset[str]:
    """A class stands in many patterns, and every policy has them all."""
    return frozenset(inflected(words))


def _plain(tokens: Iterable[str], gap: int) -> Iterator[Element]:
    for token in tokens:
        yield Element(frozenset(_ALSO.get(token, (token,))), (), gap)
        gap = 0
