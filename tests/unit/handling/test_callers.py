"""A caller is known again by a keyed hash of the number, and by nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.handling.callers import caller_hash

HASH, OTHER = caller_hash(b"k" * 32), caller_hash(b"o" * 32)


@pytest.mark.parametrize("written", ["(214) 555-0100", "+1 214 555 0100", "1-214-555-0100", "214.555.0100"])
def test_however_a_number_is_written_it_is_the_same_caller(written: str) -> None:
    assert HASH(written) == HASH("2145550100")


def test_another_key_knows_nobody() -> None:
    assert HASH("2145550100") != OTHER("2145550100")


@given(st.text(min_size=1, max_size=30))
def test_a_hash_is_32_bytes_and_always_the_same(number: str) -> None:
    assert HASH(number) == HASH(number)
    assert len(HASH(number)) == 32


def test_numbers_without_digits_are_told_apart() -> None:
    assert HASH("anonymous") != HASH("withheld")
