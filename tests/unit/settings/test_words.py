"""Folders of word lists: what loads can be read with, and every fault is told with its remedy."""

from pathlib import Path

import pytest

from bridge.domain.narrative import WordLists
from bridge.domain.words import Heard
from bridge.errors import SettingsError
from bridge.settings.words import load_words, words_if_any

SHIPPED = Path(__file__).parents[3] / "deploy" / "words"


def a_folder(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)
    return folder


ENTRY = """\
[[entry]]
id = "local.stick"
reason = "Sticks are carried here."
weapon = "yes"
words = ["shillelagh/s"]
"""


def test_every_shipped_entry_says_why_it_is_there() -> None:
    lexicon = load_words(SHIPPED)
    assert len(lexicon.entries) > 50
    assert all(entry.reason.endswith(".") for entry in lexicon.entries)


def test_an_agency_adds_a_file_of_its_own(tmp_path: Path) -> None:
    words = WordLists({}, load_words(SHIPPED, a_folder(tmp_path / "ours", ours=ENTRY)))
    said = words.read(["HE HAS 2 SHILLELAGHS AND A KNIFE"]).mentions["weapon"]
    assert (said.entry, said.reason) == ("local.stick", "Sticks are carried here.")


def test_an_entry_with_the_id_of_another_takes_its_place(tmp_path: Path) -> None:
    ours = ENTRY.replace("local.stick", "weapon.blade")
    words = WordLists({}, load_words(SHIPPED, a_folder(tmp_path / "ours", ours=ours)))
    assert "weapon" not in words.read(["A SWORD"]).mentions
    assert words.read(["A SHILLELAGH"]).mentions["weapon"].heard is Heard.FOUND


def test_what_is_past_fades_only_for_urgent_needs(tmp_path: Path) -> None:
    text = '[[entry]]\nid = "x"\nreason = "x"\nviolence = "yes"\npolice_only = "yes"\nwords = ["ruckus"]\n'
    mentions = WordLists({}, load_words(a_folder(tmp_path, x=text))).read(["ruckus last week"]).mentions
    assert {of: said.heard for of, said in mentions.items()} == {
        "violence": Heard.POSSIBLE,
        "police_only": Heard.OVER,
    }


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (ENTRY.replace("shillelagh/s", "sti*ck"), "entry 'local.stick'.words[0]: has a * before its end"),
        (ENTRY.replace("shillelagh/s", "st*"), "has fewer than 3 letters before its *"),
        (ENTRY.replace("shillelagh/s", "@club .. head"), "names no class 'club'"),
        (ENTRY.replace("shillelagh/s", ".. head"), "is not words"),
        (ENTRY.replace("shillelagh/s", "stick, club"), "is not words"),
        (ENTRY.replace('["shillelagh/s"]', "[]"), "words: is empty"),
        (ENTRY.replace("Sticks are carried here.", " "), "reason: is empty"),
        (ENTRY.replace('"yes"', '"maybe"'), "entry[0].weapon"),
        (ENTRY + 'topic = "gossip"\n', "'gossip' is no topic"),
        (ENTRY + "instead = true\n" + 'unknown = "x"\n', "entry[0].unknown"),
        (ENTRY.replace("shillelagh/s", "big .. stick") + "instead = true\n", "has a gap"),
        (ENTRY + ENTRY, "stands twice"),
        ('[classes]\nclub = ["golf club"]\n', "classes.club[0]: 'golf club' is not one word"),
        ("entry = 1\n", "entry"),
        ("entry = [\n", "is not TOML"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_words(a_folder(tmp_path, ours=text))
    assert fault in str(caught.value)
    assert "ours.toml" in str(caught.value)


def test_a_folder_that_is_not_there_is_told_or_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is not a folder"):
        load_words(tmp_path / "nowhere")
    assert words_if_any(tmp_path / "nowhere") is None
