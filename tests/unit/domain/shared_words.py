"""The shipped word lists, read once for the tests that put invented lines to them."""

from pathlib import Path

from bridge.domain.narrative import Mention, Reading, WordLists
from bridge.domain.words import Heard
from bridge.settings.words import load_words

LEXICON = load_words(Path(__file__).parents[3] / "deploy" / "words")
WORDS = WordLists({}, LEXICON)

WEAPON, VIOLENCE, MEDICAL, POLICE = "weapon", "violence", "medical", "police_only"


def read(*notes: str, call_type: str = "") -> Reading:
    return WORDS.read(notes, call_type)


def mention(text: str, of: str, call_type: str = "") -> Mention | None:
    return read(text, call_type=call_type).mentions.get(of)


def heard(text: str, of: str, call_type: str = "") -> Heard | None:
    said = mention(text, of, call_type)
    return said.heard if said else None


def disqualifies(text: str, of: str, call_type: str = "") -> bool:
    return (heard(text, of, call_type) or Heard.OVER) >= Heard.POSSIBLE
