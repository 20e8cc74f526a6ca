"""Finds the listed words in tokens: exact, by their beginning, misspelt, or cut off at the end of the note.

A token is looked up once; the words everybody uses are passed over at once. What the words mean where they
stand is not known here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bridge.domain import shorthand
from bridge.domain.meaning import How, Weakened
from bridge.domain.spelling import Spelling
from bridge.domain.words import SHORTEST_STEM, Phrase

_STOPS = {token: None for token, role in shorthand.ROLES.items() if role is shorthand.Role.ENDS}


@dataclass(slots=True)
class Hit:
    """A pattern that fits the tokens from `start` to before `end`; `doubt` says why it may not be meant."""

    start: int
    end: int
    phrase: Phrase
    doubt: Weakened | None = None


class Index:
    """Patterns filed by their first word. Those that say a danger in one word may be misspelt."""

    __slots__ = ("_by_stem", "_by_word", "_common", "_spelling")

    def __init__(
        self, phrases: Iterable[Phrase], common: frozenset[str], misspelt: Iterable[str] = ()
    ) -> None:
        by_word: dict[str, list[Phrase]] = {}
        self._by_stem: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for word in phrase.first.words:
                by_word.setdefault(word, []).append(phrase)
            for stem in phrase.first.stems:
                self._by_stem.setdefault(stem[:SHORTEST_STEM], []).append(phrase)
        self._by_word = by_word
        everyday = (common | shorthand.ROLES.keys()) - by_word.keys()
        self._common = frozenset(word for word in everyday if word[:SHORTEST_STEM] not in self._by_stem)
        self._spelling = Spelling(misspelt)

    def hits(self, tokens: Sequence[str]) -> list[Hit]:
        """Every pattern that fits, by where it begins; those that others are heard instead of left out."""
        by_word, common = self._by_word, self._common
        found: list[Hit] = []
        for at, token in enumerate(tokens):
            if token in common:
                continue
            phrases = by_word.get(token)
            for phrase in phrases or ():
                if not phrase.rest:
                    found.append(Hit(at, at + 1, phrase))
                elif end := phrase.ends(tokens, at, _STOPS):
                    found.append(Hit(at, end, phrase))
            if not phrases or self._by_stem:
                found += self._unlisted(tokens, at, known=phrases is not None)
        return _not_replaced(sorted(found, key=_longest_first)) if found else found

    def _unlisted(self, tokens: Sequence[str], at: int, *, known: bool) -> Iterator[Hit]:
        token, stemmed = tokens[at], known
        for phrase in self._by_stem.get(token[:SHORTEST_STEM], ()):
            if phrase.first.fits(token) and (end := phrase.ends(tokens, at, _STOPS)):
                stemmed = True
                yield Hit(at, end, phrase)
        if stemmed:
            return
        how, meant = How.MISSPELT, self._spelling.meant_by(token)
        if not meant and at == len(tokens) - 1:
            how, meant = How.CUT_SHORT, self._spelling.begun_by(token)
        for phrase in self._by_word.get(meant, ()):
            if not phrase.rest:
                yield Hit(at, at + 1, phrase, Weakened(how, meant))


def _longest_first(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _not_replaced(hits: list[Hit]) -> list[Hit]:
    """Without those inside a longer one that is heard instead of them, and patterns with gaps that begin there.

    "Throwing up at the door" is no "throwing .. at", because its first word belongs to "throwing up".
    """
    longest: dict[int, int] = {}
    for hit in hits:
        if hit.phrase.entry.instead:
            for at in range(hit.start, hit.end):
                longest[at] = max(longest.get(at, 0), hit.end - hit.start)
    if not longest:
        return hits
    return [hit for hit in hits if not _is_inside(hit, longest)]


def _is_inside(hit: Hit, longest: dict[int, int]) -> bool:
    size = hit.end - hit.start
    if hit.phrase.gapped and hit.start in longest:
        return True
    return all(longest.get(at, 0) > size for at in range(hit.start, hit.end))
