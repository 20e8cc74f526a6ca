"""Finds the listed words in tokens: exact, by their beginning, misspelt, or cut off at the end of the note.

A token is looked up once; the words everybody uses are passed over at once. What the words mean where they
stand is not known here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bridge.domain import shorthand
from bridge.domain.meaning import How, Weakened
from bridge.domain.spelling import Spelling
from bridge.domain.words import GAP, SHORTEST_STEM, Phrase

_REMEMBERED = 20_000
"""Words of calls that are remembered for saying nothing; then they are forgotten together."""

_NOTHING = ""
"""What follows the last word."""

_STOPS = {token: None for token, role in shorthand.ROLES.items() if role is shorthand.Role.ENDS}


@dataclass(slots=True)
class Hit:
    """A pattern that fits the tokens from `start` to before `end`; `doubt` says why it may not be meant."""

    start: int
    end: int
    phrase: Phrase
    doubt: Weakened | None = None


class _Starts:
    """The patterns that begin with one word: alone, by the word that follows at once, and all others.

    `far` have a second word that is one of `distant` and stands within reach, or, if `stemmed`, begins so.
    Those `begun` give only the beginning of their first word. Most words begin pairs and nothing else: for
    these nothing is looked at but the word that follows.
    """

    __slots__ = ("alone", "begun", "distant", "far", "next", "pairs_only", "stemmed")

    def __init__(self, phrases: Iterable[Phrase], begun: list[Phrase]) -> None:
        self.alone: list[Phrase] = []
        self.begun = begun
        self.next: dict[str, list[Phrase]] = {}
        self.far: list[Phrase] = []
        self.distant: set[str] = set()
        self.stemmed = False
        for phrase in phrases:
            self._add(phrase)
        self.pairs_only = not (self.alone or self.begun or self.far)

    def _add(self, phrase: Phrase) -> None:
        if not phrase.rest:
            self.alone.append(phrase)
            return
        second = phrase.rest[0]
        if second.stems or second.gap:
            self.far.append(phrase)
            self.distant |= second.words
            self.stemmed = self.stemmed or bool(second.stems)
        else:
            for word in second.words:
                self.next.setdefault(word, []).append(phrase)

    def fit(self, tokens: Sequence[str], at: int, following: str, found: list[Hit]) -> None:
        """Add the patterns that fit where this word stands, with this one behind it."""
        for phrase in self.alone:
            found.append(Hit(at, at + 1, phrase))
        for phrase in self.next.get(following, ()):
            _fit(phrase, tokens, at, found)
        window = tokens[at + 1 : at + 2 + GAP] if self.far else ()
        if window and (self.stemmed or not self.distant.isdisjoint(window)):
            for phrase in self.far:
                if phrase.rest[0].stems or not phrase.rest[0].words.isdisjoint(window):
                    _fit(phrase, tokens, at, found)
        for phrase in self.begun:
            _fit(phrase, tokens, at, found)


def _fit(phrase: Phrase, tokens: Sequence[str], at: int, found: list[Hit]) -> None:
    if end := phrase.ends(tokens, at, _STOPS):
        found.append(Hit(at, end, phrase))


class Index:
    """Patterns filed by their first word. Those that say a danger in one word may be misspelt.

    What begins with a word is sorted when the word is first met: most never are.
    """

    __slots__ = ("_by_stem", "_by_word", "_everyday", "_met", "_passed_over", "_silent", "_spelling")

    def __init__(
        self, phrases: Iterable[Phrase], common: frozenset[str], misspelt: Iterable[str] = ()
    ) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._met: dict[str, _Starts] = {}
        self._by_stem: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for word in phrase.first.words:
                self._by_word.setdefault(word, []).append(phrase)
            for stem in phrase.first.stems:
                self._by_stem.setdefault(stem[:SHORTEST_STEM], []).append(phrase)
        self._everyday = (common | shorthand.ROLES.keys()) - self._by_word.keys()
        self._passed_over = frozenset(
            word for word in self._everyday if word[:SHORTEST_STEM] not in self._by_stem
        )
        self._silent = set(self._passed_over)
        self._spelling = Spelling(misspelt)

    @property
    def empty(self) -> bool:
        """Whether nothing can be found in it."""
        return not (self._by_word or self._by_stem)

    def hits(self, tokens: Sequence[str]) -> list[Hit]:
        """Every pattern that fits, by where it begins; those that others are heard instead of left out."""
        met, silent, last = self._met, self._silent, len(tokens) - 1
        found: list[Hit] = []
        for at, (token, following) in enumerate(zip_longest(tokens, tokens[1:], fillvalue=_NOTHING)):
            if token in silent and (at != last or token in self._passed_over):
                continue
            starts = met.get(token) or self._meet(token)
            if starts is None:
                self._unlisted(tokens, at, found)
            elif following in starts.next or not starts.pairs_only:
                starts.fit(tokens, at, following, found)
        return _not_replaced(sorted(found, key=_longest_first)) if found else found

    def _meet(self, token: str) -> _Starts | None:
        """What begins with this word; None where nothing does."""
        phrases = self._by_word.get(token)
        if phrases is None:
            return None
        starts = self._met[token] = _Starts(phrases, self._begun(token))
        return starts

    def _begun(self, token: str) -> list[Phrase]:
        return [each for each in self._by_stem.get(token[:SHORTEST_STEM], ()) if each.first.fits(token)]

    def _unlisted(self, tokens: Sequence[str], at: int, found: list[Hit]) -> None:
        """Add what fits by its beginning, or else what the word is misspelt or cut off from."""
        token, known = tokens[at], len(found)
        begun = self._begun(token)
        for phrase in begun:
            _fit(phrase, tokens, at, found)
        if len(found) > known:
            return
        everyday = token in self._everyday
        how, meant = How.MISSPELT, "" if everyday else self._spelling.meant_by(token)
        if not (begun or meant):
            self._remember_silent(token)
        if not (meant or everyday) and at == len(tokens) - 1:
            how, meant = How.CUT_SHORT, self._spelling.begun_by(token)
        if meant:
            found += (
                Hit(at, at + 1, each, Weakened(how, meant)) for each in self._by_word[meant] if not each.rest
            )

    def _remember_silent(self, token: str) -> None:
        """A word that says nothing wherever it stands, but at the end, where it may be cut off."""
        if len(self._silent) > len(self._passed_over) + _REMEMBERED:
            self._silent = set(self._passed_over)
        self._silent.add(token)


def _longest_first(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _not_replaced(hits: list[Hit]) -> list[Hit]:
    """Without those inside a longer one that is heard instead, and patterns with gaps that begin there.

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
