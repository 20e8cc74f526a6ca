"""Dangers misspelt by one edit, and dangers cut off at the end of a note.

A word is taken for a misspelt danger only if it is no common word. Every danger is filed under itself and
under itself without each one of its letters; two words one edit apart then share a key.
"""

from collections.abc import Iterable, Iterator

SHORTEST = 5
"""Letters of a danger that may be misspelt: shorter words are one edit away from too many others."""

_LONGEST = 20
_SHORTEST_BEGINNING = 4


class Spelling:
    """The words that may be misspelt, filed once."""

    __slots__ = ("_beginnings", "_first_two", "_keys", "_last_two")

    def __init__(self, words: Iterable[str]) -> None:
        self._keys: dict[str, tuple[str, ...]] = {}
        self._beginnings: dict[str, str] = {}
        self._first_two: set[str] = set()
        self._last_two: set[str] = set()
        for word in sorted({word for word in words if len(word) >= SHORTEST and word.isalpha()}):
            for key in {word, *_shortened(word)}:
                self._keys[key] = (*self._keys.get(key, ()), word)
            self._first_two.add(word[:2])
            self._last_two.add(word[-2:])
            for size in range(_SHORTEST_BEGINNING, len(word)):
                self._beginnings.setdefault(word[:size], word)

    def meant_by(self, token: str) -> str:
        """The danger that is one edit away (a letter more, less, other, or two exchanged), or empty."""
        if not SHORTEST - 1 <= len(token) <= _LONGEST:
            return ""
        if token[:2] not in self._first_two and token[-2:] not in self._last_two:
            return ""  # one edit does not change both ends
        keys = self._keys
        for word in keys.get(token, ()):
            return word
        for at in range(len(token)):
            shorter = token[:at] + token[at + 1 :]
            if shorter in keys:
                for word in keys[shorter]:
                    if _one_edit(token, word):
                        return word
        return ""

    def begun_by(self, token: str) -> str:
        """The danger that begins with this, or empty."""
        return self._beginnings.get(token, "")


def _shortened(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_edit(one: str, other: str) -> bool:
    """Whether two words that share a key are really one edit apart."""
    if len(one) != len(other):
        return True  # one is the other without a letter, because they share a key
    differ = [at for at in range(len(one)) if one[at] != other[at]]
    if len(differ) == 2:
        first, second = differ
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(differ) < 2
