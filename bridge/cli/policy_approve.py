"""`bridge policy approve`: writes down who at 911 or at a destination signed a policy as it stands."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.cli.policy_check import Folders, Words, destinations_in, lexicon_of
from bridge.errors import SettingsError
from bridge.settings.approvals import Approval, approvals_file, sides
from bridge.settings.approvals import approve as sign
from bridge.settings.finding import routed
from bridge.settings.policies import load_policy


def approve(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The policy file.")],
    side: Annotated[str, typer.Option("--side", help="`911`, or the id of a destination.")],
    name: Annotated[str, typer.Option("--name", help="Who signs.")],
    role: Annotated[str, typer.Option("--role", help="As what.")],
    at: Annotated[
        datetime | None, typer.Option("--at", help="When it was signed on paper (UTC), instead of now.")
    ] = None,
    destinations: Folders = None,
    words: Words = None,
) -> None:
    """Add a line to the policy's approvals: this side has signed these very files."""
    settings = settings_of(ctx)
    policy = load_policy(file, destinations_in(settings, destinations), lexicon_of(settings, words))
    can_sign = sides(routed(policy))
    if side not in can_sign:
        rule = f"{side!r} is nobody that this policy sends calls to"
        raise SettingsError(f"{file}: side: {rule}; name one of: {', '.join(can_sign)}")
    for option, value in (("name", name), ("role", role)):
        if not value.strip():
            raise SettingsError(f"{file}: {option}: is empty; say who signs, and as what")
    when = (at or datetime.now(UTC)).replace(tzinfo=UTC, microsecond=0)
    sign(file, Approval(policy.digest, policy.name, policy.version, side, name.strip(), role.strip(), when))
    print(f"{side} has approved {policy.name} {policy.version} ({policy.digest}) in {approvals_file(file)}")
