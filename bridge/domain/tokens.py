"""Words of a note: how text is cut into tokens, where they stand, whether a person can have written it.

Folding keeps one character for one, so that a place in the folded text is the same place in the note.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LONGEST_WORD = 60
_FEWEST_TO_JUDGE = 24

_MARKS = "\u0300-\u036f"
_TOKEN = re.compile(
    r"(?<!\w)w/(?:o(?:ut)?(?!\w))?"
    rf"|[^\W_]+(?:['{_MARKS}]+[^\W_]+)*[{_MARKS}]*"
    r"|[.,;:!?=/|&\n]|(?<!\w)-|-(?!\w)"
)
_ASCII_TOKEN = re.compile(
    r"w(?<!\ww)/(?:o(?:ut)?(?!\w))?"
    r"|[a-z0-9]++(?:'++[a-z0-9]++)*+"
    r"|[.,;:!?=/|&\n]|-(?:(?<!\w-)|(?!\w))",
    re.ASCII,
)
"""The same tokens of folded text that is ASCII, in half the time."""
_MARK = re.compile(f"[{_MARKS}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_GARBAGE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff]"
    "|[ÃÂ][\u0080-\u00bf]|â€"  # UTF-8 read as Latin-1 or as Windows-1252
    "|[a-zA-Z][\u0370-\u052f]|[\u0370-\u052f][a-zA-Z]"  # one word in two alphabets
)
_LETTERS = bytes(range(65, 91)) + bytes(range(97, 123)) + bytes(range(128, 256))
_SPACE = b" \t\r\n\f"


def tokens_of(text: str) -> list[str]:
    """Words, without case and accents, and the punctuation that ends a thought."""
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    return [_MARK.sub("", token) for token in _TOKEN.findall(_folded(text))]


def places_of(text: str) -> list[tuple[int, int]]:
    """Where each of the text's tokens begins and ends, in characters."""
    cut = _ASCII_TOKEN if text.isascii() else _TOKEN
    return [match.span() for match in cut.finditer(_folded(text))]


def is_garbled(text: str, tokens: Sequence[str]) -> bool:
    """Control characters, broken encoding, two alphabets in one word, or a word without end."""
    garbage = _CONTROL if text.isascii() else _GARBAGE
    return max(map(len, tokens), default=0) > LONGEST_WORD or garbage.search(text) is not None


def written_and_letters(text: str) -> tuple[int, int]:
    """Bytes of this text that are not space, and those among them that belong to letters."""
    written = text.encode("utf-8", "replace").translate(None, _SPACE)
    return len(written), len(written) - len(written.translate(None, _LETTERS))


def hardly_a_letter(written: int, letters: int) -> bool:
    """Whether this much text with so few letters is no narrative."""
    return written >= _FEWEST_TO_JUDGE and letters * 3 < written


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join([_folded_character(character) for character in text])


@lru_cache(maxsize=4096)
def _folded_character(character: str) -> str:
    if character == "\u2019":
        return "'"
    plain = unicodedata.normalize("NFKD", character).casefold()
    return next((one for one in plain if not unicodedata.combining(one)), character)
