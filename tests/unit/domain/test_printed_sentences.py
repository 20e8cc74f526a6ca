"""Every printed sentence that counts as an answer, as the protocol would print it. No other one may count."""

import pytest

from bridge.domain.cad import Answer, CodedAnswer
from bridge.domain.printed import printed_answers

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN

SENTENCES = {
    ("violence", NO): """
        She is not violent.
        They are not violent.
        She is not being violent.
        Subject not violent.
        She is nonviolent.
        She is not violent or threatening.
        She is not threatening anyone.
        She has not been violent.
        She is not threatening.
        There is no violence.
        There was no violence.
        She is not combative.
    """,
    ("violence", YES): """
        She is violent.
        They are violent.
        She is being violent.
        She has been violent.
        She is threatening.
        She is combative.
        She is threatening others.
        She is threatening someone.
        She is violent or threatening.
    """,
    ("violence", UNKNOWN): """
        It is unknown if violent.
        It is not known if violent.
    """,
    ("weapon", NO): """
        He does not have a weapon.
        He does not have any weapons.
        They do not have any weapons.
        He does not have weapons.
        They do not have weapons.
        She has no weapon.
        She has no weapons.
        They have no weapons.
        She is not armed.
        There are no weapons.
        There are no weapons involved.
        There is no weapon.
        No weapons are involved.
        He does not have access to weapons.
        No weapons involved.
        He does not have access to a weapon.
        No weapons were mentioned.
        There are no weapons mentioned.
    """,
    ("weapon", YES): """
        She has a weapon.
        They have a weapon.
        She has weapons.
        They have weapons.
        She is armed.
        They are armed.
        She has a gun.
        She has a knife.
        She has access to weapons.
        She has access to a weapon.
    """,
    ("weapon", UNKNOWN): """
        It is unknown if weapons are involved.
        He may have a weapon.
        It is not known if armed.
        It is unknown if there are weapons.
        It is unknown whether weapons are involved.
    """,
    ("medical", NO): """
        She is not injured.
        They are not injured.
        She is not hurt.
        No one is injured.
        No one is hurt.
        Nobody is injured.
        Nobody is hurt.
        There are no injuries.
        She has no injuries.
        She is uninjured.
        He does not need medical attention.
        He does not need medical help.
        No one was injured.
        He does not need an ambulance.
        No one needs medical attention.
        There are no injuries reported.
    """,
    ("medical", YES): """
        She is injured.
        They are injured.
        She is hurt.
        Someone is injured.
        Someone is hurt.
        She is bleeding.
        The patient needs medical attention.
        The patient needs an ambulance.
        She is not breathing.
        She is unconscious.
        She is not awake.
        She has taken an overdose.
        She is not alert.
        She has injuries.
    """,
    ("medical", UNKNOWN): """
        It is unknown if anyone is injured.
        It is unknown if injured.
        It is not known if anyone is injured.
        Injuries are unknown.
        It is unknown if anyone is hurt.
    """,
}
"""Question and answer -> the sentences that say it."""

SPOKEN = [
    (line.strip(), question, answer)
    for (question, answer), lines in SENTENCES.items()
    for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("sentence", "question", "answer"), SPOKEN)
def test_a_known_sentence_answers_its_question(sentence: str, question: str, answer: Answer) -> None:
    told = printed_answers([f"1.{sentence} 2.She lives alone."])
    assert told == (CodedAnswer(question, answer, "printed.1"),)


@pytest.mark.parametrize(
    "who",
    ["he", "she", "they", "it", "there", "the", "patient", "pt", "subject", "subj", "person", "suspect"],
)
def test_whoever_the_protocol_asks_about_is_meant(who: str) -> None:
    assert [one.answer for one in printed_answers([f"1.{who} is violent. 2.x"])] == [YES]


@pytest.mark.parametrize("who", ["caller", "rp", "nobody", "her son"])
def test_what_is_said_of_somebody_else_answers_nothing(who: str) -> None:
    assert printed_answers([f"1.{who} is violent. 2.x"]) == ()


@pytest.mark.parametrize(
    ("short", "question"),
    [
        ("He doesn't have a weapon", "weapon"),
        ("They don't have weapons", "weapon"),
        ("He isn't armed", "weapon"),
        ("They aren't violent", "violence"),
        ("He hasn't been violent", "violence"),
        ("He doesnt have a weapon", "weapon"),
        ("He isnt armed", "weapon"),
        ("He hasnt been violent", "violence"),
    ],
)
def test_a_contraction_is_the_same_sentence(short: str, question: str) -> None:
    assert printed_answers([f"1.{short}. 2.x"]) == (CodedAnswer(question, NO, "printed.1"),)


VIOLENT, ARMED, HURT = ("violence", YES), ("weapon", YES), ("medical", YES)


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("1.He is violent. 2.He is armed. 3.He is hurt.", [VIOLENT, ARMED, HURT]),
        ("1.He is violent. 2.He is armed. 4.He is hurt.", [VIOLENT, ARMED]),
        ("1.He is violent. 3.He is armed. 4.He is hurt.", []),
        ("1.He is violent. 1.He is armed. 2.He is hurt.", [ARMED, HURT]),
        ("3.He is violent. 1.He is armed. 2.He is hurt.", [ARMED, HURT]),
        ("1.He is violent. 2.He is armed. 1.He is hurt. 2.He is calm.", [VIOLENT, ARMED, HURT]),
        ("2.He is armed. 3.He is hurt. 4.He is violent.", []),
        ("8.A 9.B 10.He is armed. 11.He is hurt.", []),
        ("TYPED 1.He is violent. 2.He is armed.", [VIOLENT, ARMED]),
        ("ROOM 21.He is violent. 2.He is armed.", []),
        ("CODE4-1.He is violent. 2.He is armed.", []),
        ("Q?1.He is violent. 2.He is armed!", [VIOLENT]),
        ("1) He is violent. 2) He is armed.", [VIOLENT, ARMED]),
        ("1: He is violent. 2: He is armed.", []),
        ("1.  He is violent. 2.  He is armed.", []),
        ("1.He is violent; 2.He is armed.", [ARMED]),
        ("1.He is violent. Very. 2.He is armed. RP WAITS", [ARMED]),
    ],
)
def test_a_list_counts_from_one_without_a_gap_and_has_two_sentences(
    note: str, told: list[tuple[str, Answer]]
) -> None:
    assert [(one.question, one.answer) for one in printed_answers([note])] == told


def test_a_sentence_that_ends_beyond_its_longest_is_not_read() -> None:
    sentence = "He is violent"
    for length, told in ((200, [VIOLENT]), (201, [])):
        note = f"1.{sentence.rjust(length - 1)}. 2.x"
        padded = note.replace(
            "1." + " " * (length - 1 - len(sentence)), "1.He" + " " * (length - 3 - len(sentence))
        )
        assert [(one.question, one.answer) for one in printed_answers([padded])] == told


def test_a_note_is_read_to_its_sixteen_thousandth_character() -> None:
    listed = "1.He is violent. 2.He is armed."
    for length, told in ((16_000, [VIOLENT, ARMED]), (16_001, [VIOLENT])):
        note = " " * (length - len(listed)) + listed
        assert [(one.question, one.answer) for one in printed_answers([note])] == told
