"""`bridge doctor`: is everything there that a worker needs, and if not, what to do about it.

Each check looks at one thing and answers for it; none changes anything. One that takes too long is wrong.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.cli.checks import Check, Finding, checks_of, finding_of
from bridge.cli.options import settings_of
from bridge.errors import BridgeError

app = typer.Typer(help="Look for what is missing or wrong, and say what to do.", add_completion=False)

_LONGEST_SECONDS = 15.0


@app.command()
def doctor(ctx: typer.Context) -> None:
    """Look for what is missing or wrong, and say what to do. Ends with 1 when something is."""
    findings = asyncio.run(examine(checks_of(settings_of(ctx))))
    if sys.stdout.isatty():
        Console().print(table_of(findings))
    else:
        print("\n".join(lines_of(findings)))
    raise typer.Exit(exit_status(findings))


def exit_status(findings: Sequence[Finding]) -> int:
    """0 when all is well."""
    return 0 if all(finding.ok for finding in findings) else 1


def lines_of(findings: Sequence[Finding]) -> Iterator[str]:
    """A line for each finding, for a file or another program."""
    for finding in findings:
        head = "ok     " if finding.ok else "wrong  "
        yield head + finding.what + (f"; {finding.remedy}" if finding.remedy else "")


def table_of(findings: Sequence[Finding]) -> Table:
    """The same for people at a terminal."""
    table = Table("", "What", "What to do")
    for finding in findings:
        head = Text("ok", "green") if finding.ok else Text("wrong", "red")
        table.add_row(head, Text(finding.what), Text(finding.remedy))
    return table


async def examine(checks: Sequence[tuple[str, Check]], *, longest: float = _LONGEST_SECONDS) -> list[Finding]:
    """What all checks found, in their order, made side by side, each within `longest` seconds."""
    found = await asyncio.gather(*(_one(name, check, longest) for name, check in checks))
    return [finding for findings in found for finding in findings]


async def _one(name: str, check: Check, longest: float) -> Sequence[Finding]:
    try:
        async with asyncio.timeout(longest):
            return await check()
    except TimeoutError:
        return [Finding(False, f"{name}: no answer in {longest:g} s", "see that it is reachable")]
    except BridgeError as error:
        return [finding_of(name, line) for line in str(error).splitlines()]
