"""The closed lists: what is of a list counts, what is not is kept as somebody's words."""

import pytest
from building import a_signal

from bridge.domain.codes import OUTCOMES, REASONS, outcome_of, return_to_of
from bridge.domain.signal import ABOUT, About, SignalKind
from bridge.handling.speaking import in_codes

K = SignalKind


@pytest.mark.parametrize(
    ("kind", "code"), [(kind, code) for kind, codes in REASONS.items() for code in sorted(codes)]
)
def test_a_reason_of_the_list_stays_a_code(kind: SignalKind, code: str) -> None:
    assert in_codes(a_signal(kind, reason=code)).reason == code


@pytest.mark.parametrize("kind", REASONS)
def test_a_word_that_is_of_no_list_is_taken_for_somebodys_words(kind: SignalKind) -> None:
    said = in_codes(a_signal(kind, reason="Ada", text="CALLS BACK"))
    assert (said.reason, said.text) == ("in_words", "Ada\nCALLS BACK")


def test_a_code_may_go_on_with_the_agencys_own() -> None:
    assert in_codes(a_signal(K.DECLINED, reason="other:2b")).reason == "other:2b"


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        ("", ""),
        *((code, code) for code in OUTCOMES),
        ("referred:shelter", "referred:shelter"),
        ("x9", "other:x9"),
    ],
)
def test_an_outcome_counts_as_one_of_the_list(said: str, counts: str) -> None:
    assert outcome_of(said) == counts


@pytest.mark.parametrize(
    ("said", "counts"), [("", ""), ("police", "police"), ("ems", "ems"), ("x", "other:x")]
)
def test_a_return_says_to_whom(said: str, counts: str) -> None:
    assert return_to_of(said) == counts


def test_every_reason_is_of_a_signal_about_a_call() -> None:
    assert all(ABOUT[kind] is not About.DESTINATION for kind in REASONS)
    assert all(codes >= {"", "other"} for codes in REASONS.values())
