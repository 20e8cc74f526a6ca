"""What holds for the reading of any narrative: nothing is lost by more words, a letter's slip, or length."""

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared_words import LEXICON, WORDS, read

from bridge.domain import narrative, shorthand
from bridge.domain.narrative import WordLists, located
from bridge.domain.tokens import tokens_of
from bridge.domain.words import Heard, phrases_of

PHRASES = [
    phrase for entry in LEXICON.entries if not entry.of_type for phrase in phrases_of(entry, LEXICON.classes)
]
FIRST_WORDS = frozenset(word for phrase in PHRASES for word in phrase.first.words)
ALONE = sorted(
    word
    for phrase in PHRASES
    if not phrase.rest and any(level >= Heard.POSSIBLE for level in phrase.entry.says.values())
    for word in phrase.first.words
)
LONG = [word for word in ALONE if len(word) >= 5 and word.isascii() and word.isalpha()]
HARMLESS = st.lists(
    st.sampled_from(["RP IS BY THE GATE", "MALE WEARING A BLUE HAT", "ON THE 2ND FLOOR", "REQ A CALL BACK"]),
    max_size=3,
)
SAID = st.sampled_from(
    ["HE HAS A KNIFE", "POSS GUN", "SHE PUNCHED HIM", "MALE NOT BREATHING", "BREAKING INTO CARS", "UNK INJ"]
)


def levels(*notes: str) -> dict[str, Heard]:
    return {of: said.heard for of, said in read(*notes).mentions.items()}


@given(SAID, HARMLESS, HARMLESS, st.sampled_from([". ", "\n", "; "]))
def test_harmless_sentences_around_it_take_nothing_away(
    said: str, before: list[str], after: list[str], stop: str
) -> None:
    alone = levels(said)
    together = levels(stop.join([*before, said, *after]))
    assert all(together[of] >= heard for of, heard in alone.items())


@given(SAID, HARMLESS)
def test_harmless_notes_around_it_take_nothing_away(said: str, others: list[str]) -> None:
    alone, together = levels(said), levels(*others, said, *others)
    assert all(together[of] >= heard for of, heard in alone.items())


@given(
    st.sampled_from(["NO", "NOT A", "DENIES", "NEG", "W/O"]),
    st.sampled_from(["GUN", "KNIFE", "WEAPONS"]),
    st.sampled_from([", ", ". ", " BUT ", " AND THEN ", "\n"]),
    st.sampled_from(["HAS A MACHETE", "PULLED A PISTOL", "IS ARMED"]),
)
def test_a_denied_danger_followed_by_one_that_is_not_is_found(
    denial: str, first: str, between: str, second: str
) -> None:
    assert levels(f"{denial} {first}{between}{second}")["weapon"] is Heard.FOUND


@given(SAID, st.integers(1, 5), st.booleans())
def test_case_and_spaces_do_not_matter(said: str, spaces: int, lower: bool) -> None:
    changed = (" " * spaces).join(said.split())
    assert levels(changed.lower() if lower else changed) == levels(said)


@st.composite
def misspelt(draw: st.DrawFn) -> str:
    """A danger of five letters or more with one edit."""
    word = draw(st.sampled_from(LONG))
    at = draw(st.integers(0, len(word) - 1))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    edit = draw(st.sampled_from(["drop", "add", "change", "swap"]))
    if edit == "drop":
        return word[:at] + word[at + 1 :]
    if edit == "add":
        return word[:at] + letter + word[at:]
    if edit == "change":
        return word[:at] + letter + word[at + 1 :]
    return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]


@settings(max_examples=500)
@given(misspelt())
def test_a_danger_with_one_letter_wrong_is_heard_unless_it_is_another_word(word: str) -> None:
    if word in LEXICON.common | FIRST_WORDS | shorthand.ROLES.keys():
        return
    assert any(heard >= Heard.POSSIBLE for heard in levels(f"THERE IS {word} HERE").values())


@pytest.mark.parametrize(
    "word",
    [
        *("right", "night", "found", "shouting", "sitting", "talking", "shoes", "lunch", "three", "singing"),
        *("sobbing", "speaks", "wears", "forearm", "prison", "racist", "rope", "kitten", "hugging", "peeing"),
        *("hunting", "slippers", "hummer", "sharing", "separate", "uninsured", "allen", "blake", "guzman"),
    ],
)
def test_an_everyday_word_is_no_misspelt_danger(word: str) -> None:
    assert not levels(f"male {word} here")


@pytest.mark.parametrize(
    "word", ["ramp", "card", "life", "leather", "cont", "bell", "strap", "host", "beret", "pitch", "para"]
)
def test_an_everyday_word_at_the_end_is_no_danger_cut_off(word: str) -> None:
    assert not levels(f"male by the {word}")


@given(st.lists(st.sampled_from([*ALONE, "no", "poss", "or", ",", "he", "knife", "CORRECTION"]), max_size=12))
def test_the_place_of_a_mention_holds_its_words(words: list[str]) -> None:
    text = " ".join(words)
    for said in read(text).mentions.values():
        span = located(said, [text])
        alone = text[span.begin : span.end]
        assert alone.strip() == alone != ""
        assert WORDS.read([alone]).mentions


@given(st.lists(st.text(max_size=200), max_size=4), st.text(max_size=20))
def test_anything_can_be_read(notes: list[str], call_type: str) -> None:
    WORDS.read(notes, call_type)


HOSTILE = [
    "knife ",
    "no knife or ",
    "no guns, ",
    "seen seen or knife ",
    "threw x ",
    "throwing threw at ",
    "yesterday knife now ",
    "correction no knife ",
    "gun? ",
    "unk if poss hx ",
    "in in in face ",
    "kniffe knive kni ",
    "a",
    "w/o",
    "É",
    "\n",
]


@pytest.mark.parametrize("shape", HOSTILE, ids=repr)
def test_a_hundred_times_the_text_costs_about_a_hundred_times(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limits are lifted, so that a whole megabyte is read.

    Both readings take about as long, and turns about, so that a machine whose speed changes slows both.
    """
    for limit in ("NOTE_LIMIT", "NARRATIVE_LIMIT"):
        monkeypatch.setattr(narrative, limit, 2_000_000)

    def cost(size: int, times: int) -> float:
        note = (shape * (size // len(shape) + 1))[:size]
        begun = time.process_time()
        for _ in range(times):
            WORDS.read([note])
        return time.process_time() - begun

    assert any(cost(1_000_000, 1) < 4 * cost(10_000, 100) for _ in range(2))


@given(st.text(alphabet=string.ascii_letters[:6] + "wWoOuUtT09_'/-.,? \n"))
def test_a_letter_that_is_not_ascii_cuts_no_other_word_in_another_way(text: str) -> None:
    assert tokens_of(f"{text} \u00e9") == [*tokens_of(text), "e"]


def test_a_type_is_read_the_same_the_first_time_and_after_many_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(narrative, "_TYPES_REMEMBERED", 3)
    words = WordLists({}, LEXICON)
    first = words.read(["RP IS BY THE GATE"], "Weapon Offense")
    assert first.mentions
    for number in range(7):
        assert not words.read(["RP IS BY THE GATE"], f"Noise {number}").mentions
        assert words.read(["RP IS BY THE GATE"], "Weapon Offense") == first
