"""Approvals: lines are only added, one for each side and version, and none is ever guessed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.errors import SettingsError
from bridge.settings.approvals import Approval, approvals_file, approvals_of, approve, sides, signed

SIGNED = Approval("d1", "test", "1", "911", "A. Chief", "Director", datetime(2026, 2, 1, 9, tzinfo=UTC))


def test_what_was_signed_is_read_back_in_its_order(tmp_path: Path) -> None:
    policy = tmp_path / "town.toml"
    other = Approval("d2", "test", "2", "911", "B", "Director", datetime(2026, 3, 1, tzinfo=UTC))
    approve(policy, SIGNED)
    approve(policy, other)
    assert approvals_file(policy).name == "town.approvals.jsonl"
    assert approvals_of(policy) == (SIGNED, other)
    assert signed(approvals_of(policy), "d2", "911") == other
    assert signed(approvals_of(policy), "d2", "line") is None
    assert sides(["line"]) == ("911", "line")


def test_a_policy_that_nobody_signed_has_no_approvals(tmp_path: Path) -> None:
    assert approvals_of(tmp_path / "town.toml") == ()


def test_the_same_side_does_not_sign_the_same_files_twice(tmp_path: Path) -> None:
    policy = tmp_path / "town.toml"
    approve(policy, SIGNED)
    with pytest.raises(
        SettingsError, match="911 approved version 1 on 2026-02-01, and nothing changed since"
    ):
        approve(policy, SIGNED)
    assert len(approvals_of(policy)) == 1


GOOD = (
    '{"digest":"d1","policy":"test","version":"1","side":"911",'
    '"name":"A","role":"B","at":"2026-02-01T00:00:00Z"}'
)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "line 2: is not JSON"),
        ("signed", "line 2: is not JSON"),
        ("[]", "line 2: input should be"),
        (GOOD.replace('"d1"', "1"), "line 2: digest: input should be a valid string"),
        (GOOD.replace('"role":"B",', ""), "line 2: role: field required"),
        (GOOD.replace('"role":"B"', '"role":""'), "line 2: role: is empty"),
        (GOOD.replace('"role":"B"', '"role":"B","note":"x"'), "line 2: note: unexpected keyword argument"),
        (GOOD.replace("00Z", "00"), "line 2: at: has no offset"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error_and_never_skipped(
    tmp_path: Path, line: str, says: str
) -> None:
    policy = tmp_path / "town.toml"
    approvals_file(policy).write_text(f"{GOOD}\n{line}\n{GOOD}\n")
    with pytest.raises(SettingsError) as error:
        approvals_of(policy)
    assert str(error.value).startswith(f"{approvals_file(policy)}: {says}")
    assert str(error.value).endswith("; restore the line as it was written, and only ever add lines")
    with pytest.raises(SettingsError):
        approve(policy, SIGNED)
