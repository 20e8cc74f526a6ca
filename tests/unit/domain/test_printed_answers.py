"""Answers that a scripted protocol prints into the notes are coded answers; anything like them is not."""

import pytest

from bridge.domain.cad import Answer
from bridge.domain.printed import printed_answers


def answers(*notes: str) -> list[tuple[str, Answer]]:
    return [(one.question, one.answer) for one in printed_answers(notes)]


YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("1.She is not violent. 2.She does not have a weapon.", [("violence", NO), ("weapon", NO)]),
        ("1. HE IS VIOLENT. 2. HE HAS A KNIFE.", [("violence", YES), ("weapon", YES)]),
        ("1.They don't have any weapons. 2.No one is injured.", [("weapon", NO), ("medical", NO)]),
        (
            "1.It is unknown if weapons are involved. 2.He is not violent.",
            [("weapon", UNKNOWN), ("violence", NO)],
        ),
        (
            "1) She isn't violent. 2) She lives upstairs. 3) She is bleeding.",
            [("violence", NO), ("medical", YES)],
        ),
        (
            "TYPED FIRST\n1.He is not violent.\n2.He is not armed. RP WAITS",
            [("violence", NO), ("weapon", NO)],
        ),
    ],
)
def test_a_numbered_list_of_known_sentences_is_answers(note: str, said: list[tuple[str, Answer]]) -> None:
    assert answers(note) == said


@pytest.mark.parametrize(
    "note",
    [
        "",
        "She is not violent. She does not have a weapon.",
        "2.She is not violent. 3.She does not have a weapon.",
        "1.She is not violent.",
        "1.She is not violent now 2.She does not have a weapon in her hand.",
        "1.She is not violent. But her son is. 2.She lives alone.",
        "1.She is calm. 2.She does not have a weapon",
        "1.The caller is not violent. 2.The caller does not have a weapon.",
        "1.2.3.4.5.6.",
    ],
)
def test_anything_less_or_more_is_left_to_the_reader(note: str) -> None:
    assert answers(note) == []


def test_each_answer_says_that_it_was_printed_and_where_in_its_list() -> None:
    said = printed_answers(["1.He has a gun. 2.He is violent.", "1.She is not hurt. 2.She is not violent."])
    assert [one.code for one in said] == ["printed.1", "printed.2", "printed.1", "printed.2"]


def test_a_megabyte_of_numbers_is_cut_before_it_is_read() -> None:
    assert answers("1.She is not violent. 2." * 40_000) == []
