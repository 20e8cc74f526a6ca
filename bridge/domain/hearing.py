"""Adds up what the listed words of several notes say, newest note first.

The strongest mention of a list counts, within a note and across notes. A correction takes the place of
whatever was said of the same list before it, so that a knife may turn out to be in a drawer.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.domain import meaning, shorthand
from bridge.domain.listing import Hit
from bridge.domain.meaning import AS_SAID, How, Meant, Weakened
from bridge.domain.words import Entry, Heard

PAST, TODAY, NOW, AWAY, CORRECTS = "past", "today", "now", "away", "corrects"

MARKS: Mapping[str, tuple[str, ...]] = {
    PAST: shorthand.PAST_MARKS,
    TODAY: shorthand.SAME_DAY_MARKS,
    NOW: shorthand.NOW_MARKS,
    AWAY: shorthand.PUT_AWAY,
    CORRECTS: shorthand.CORRECTIONS,
}
"""What is no danger itself but changes one: kind of mark -> its patterns."""

_DENIED, _POSSIBLE = Heard.DENIED, Heard.POSSIBLE

_CORRECTS_OVER = 14
"""How many words after "correction" belong to it."""


def mark_entries() -> tuple[Entry, ...]:
    """The marks as entries, so that they are found in the same pass."""
    return tuple(Entry(kind, "changes what stands near it", words) for kind, words in MARKS.items())


@dataclass(slots=True)
class Said:
    """One list as one hit in one note says it."""

    note: int
    hit: Hit
    heard: Heard
    weakened: tuple[Weakened, ...]


class Hearing:
    """What was heard so far. Notes are told newest first."""

    __slots__ = ("_ranks", "_settled", "said", "topic")

    def __init__(self, ranks: Mapping[str, int]) -> None:
        self._ranks = ranks
        self._settled: set[str] = set()
        self.said: dict[str, Said] = {}
        self.topic = ""

    def hear(self, note: int, tokens: Sequence[str], hits: Sequence[Hit]) -> None:
        """What this note says, which is older than all that were heard before."""
        heard: dict[str, Said] = {}
        corrected: set[str] = set()
        marks = _marks(hits)
        corrections = [at for at, _ in marks.get(CORRECTS, ())]
        for hit, how in _meanings(tokens, hits, marks):
            corrects = bool(corrections) and _corrects(corrections, hit.start)
            for of, level, meant in self._each(hit, how, corrects=corrects):
                known = heard.get(of)
                if known is None or level > known.heard or (corrects and of not in corrected):
                    heard[of] = Said(note, hit, level, _weakened(hit, meant))
                if corrects:
                    corrected.add(of)
        for of, said in heard.items():
            newer = self.said.get(of)
            if of not in self._settled and (newer is None or said.heard > newer.heard):
                self.said[of] = said
        self._settled |= corrected

    def _each(self, hit: Hit, how: Meant, *, corrects: bool) -> Iterator[tuple[str, Heard, Meant]]:
        """Each list that a listed word speaks of, how it is heard, and as what it is meant there."""
        entry = hit.phrase.entry
        if entry.topic and how.most is not _DENIED:
            self._rank(entry.topic)
        for of, level in entry.says.items():
            meant = how.lasting or how if of in entry.lasts else how
            heard = _heard(of, level, meant, hit)
            if heard is not _DENIED or corrects or _is_denied_by(entry, level):
                yield of, heard, meant

    def _rank(self, topic: str) -> None:
        known = self._ranks.get(self.topic, len(self._ranks))
        if self._ranks.get(topic, len(self._ranks)) < known:
            self.topic = topic


def _meanings(
    tokens: Sequence[str], hits: Sequence[Hit], marks: meaning.Marks
) -> Iterator[tuple[Hit, Meant]]:
    """Each listed word with how it is meant, in the order of the text."""
    denied: dict[int, int] = {}
    place, how, inside, around = (-1, -1), AS_SAID, -1, AS_SAID
    for hit in hits:
        if hit.phrase.entry.id in MARKS:
            continue
        if place != (hit.start, hit.end):
            place = (hit.start, hit.end)
            how = meaning.meant(tokens, hit.start, hit.end, denied, marks)
            if hit.end <= inside and around.most is _DENIED:
                how = around  # "no hand gun" denies the gun in it
            elif hit.end > inside:
                inside, around = hit.end, how
            if how.most is _DENIED:
                denied[hit.end] = hit.start
        yield hit, _settled_by(hit.phrase.entry, tokens, hit.end) or how


def _weakened(hit: Hit, how: Meant) -> tuple[Weakened, ...]:
    if hit.doubt is None:
        return (how.weakened,) if how.weakened is not None else ()
    return (hit.doubt, how.weakened) if how.weakened is not None else (hit.doubt,)


def _is_denied_by(entry: Entry, level: Heard) -> bool:
    """Whether a denial of the entry denies this list: "no weapons" denies no urgent need for police."""
    return level is _DENIED or level is max(entry.says.values())


def _corrects(corrections: Sequence[int], start: int) -> bool:
    """Whether a word that corrects stands shortly before."""
    before = bisect_left(corrections, start)
    return before > 0 and start - corrections[before - 1] <= _CORRECTS_OVER


def _heard(of: str, level: Heard, how: Meant, hit: Hit) -> Heard:
    if level is _DENIED or how.most is _DENIED:
        return _DENIED
    if of in hit.phrase.entry.fades and how.past:
        return Heard.OVER
    return _POSSIBLE if hit.doubt else min(level, how.most)


def _settled_by(entry: Entry, tokens: Sequence[str], end: int) -> Meant | None:
    """A denial by a word of `unless` that follows in the same sentence."""
    if not entry.unless:
        return None
    for token in tokens[end : end + 5]:
        if token in shorthand.SENTENCE_ENDS:
            return None
        if token in entry.unless:
            return Meant(_DENIED, Weakened(How.NEGATED, token))
    return None


def _marks(hits: Sequence[Hit]) -> dict[str, list[tuple[int, str]]]:
    marks: dict[str, list[tuple[int, str]]] = {}
    for hit in hits:
        if hit.phrase.entry.id in MARKS:
            marks.setdefault(hit.phrase.entry.id, []).append((hit.start, hit.phrase.text))
    return marks
