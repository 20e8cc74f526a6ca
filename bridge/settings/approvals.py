"""Approvals: who at 911 and at each destination signed which version of a policy.

They stand beside the policy in `<its name>.approvals.jsonl`, one JSON object a line, oldest first. Lines are
only ever added. A line names the digest of all the files that were signed, so that a changed file is no
longer signed. A line that cannot be read is an error: what was signed is never guessed.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bridge.domain.ids import NINE_ONE_ONE
from bridge.errors import SettingsError
from bridge.settings import toml


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature. `side` is `911` or a destination's id; `at` is an aware instant."""

    digest: str
    policy: str
    version: str
    side: str
    name: str
    role: str
    at: datetime


class _Line(toml.Wrapper):
    approval: Approval


_LINE = TypeAdapter(Approval)

_RESTORE = "restore the line as it was written, and only ever add lines"


def approvals_file(policy: Path) -> Path:
    """Where the approvals of the policy in this file stand."""
    return policy.with_suffix(".approvals.jsonl")


def approvals_of(policy: Path) -> tuple[Approval, ...]:
    """Every approval of any version of the policy in this file, oldest first, or SettingsError."""
    path = approvals_file(policy)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); let this account read it") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: is not UTF-8; restore it from where it is kept") from None
    return tuple(_read(path, number, line) for number, line in enumerate(lines, 1))


def approve(policy: Path, approval: Approval) -> None:
    """Add one line. SettingsError when the side signed these very files before, or a line cannot be read."""
    path = approvals_file(policy)
    if before := signed(approvals_of(policy), approval.digest, approval.side):
        when = before.at.date().isoformat()
        rule = f"{approval.side} approved version {before.version} on {when}, and nothing changed since"
        raise SettingsError(f"{path}: side: {rule}; change the policy first, or leave it at that")
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{_LINE.dump_json(approval).decode()}\n")


def signed(approvals: Sequence[Approval], digest: str, side: str) -> Approval | None:
    """The side's approval of the files with this digest."""
    return next((one for one in approvals if (one.digest, one.side) == (digest, side)), None)


def sides(routed: Sequence[str]) -> tuple[str, ...]:
    """Who has to sign a policy that sends calls to these destinations."""
    return (NINE_ONE_ONE, *routed)


def _read(path: Path, number: int, line: str) -> Approval:
    try:
        approval = _Line.model_validate({"approval": json.loads(line)}).approval
    except json.JSONDecodeError:
        raise SettingsError(f"{path}: line {number}: is not JSON; {_RESTORE}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        rule = f"{toml.place_of(first['loc'][1:])}: {first['msg'].lower()}".removeprefix(": ")
        raise SettingsError(f"{path}: line {number}: {rule}; {_RESTORE}") from None
    for name, value in asdict(approval).items():
        if not value or (isinstance(value, datetime) and value.tzinfo is None):
            rule = f"{name}: has no offset" if value else f"{name}: is empty"
            raise SettingsError(f"{path}: line {number}: {rule}; {_RESTORE}")
    return approval
