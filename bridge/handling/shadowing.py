"""A second policy decides beside the one in force, after everything is written and sent, and is only counted.

Nothing that happens here reaches a call: no message, no transfer, no error. What a shadow cannot decide or
the ledger does not take is lost, and counted as that.
"""

import asyncio

from bridge import logs
from bridge.errors import LedgerError
from bridge.handling.screening import screened_beside
from bridge.handling.turn import Turn
from bridge.ledger.shadows import ShadowRow, write_shadows

_AT_ONCE = 20
"""Decisions between two breaths: what was just sent must not wait for the shadow."""

DEFECT, LEDGER = "defect", "ledger"
"""Why a shadow's decision was lost."""


async def decide_beside(turn: Turn) -> None:
    """Ask the shadow policies about what a committed turn decided, at the turn's instant."""
    if not turn.decided_beside:
        return
    metrics = turn.handling.metrics
    rows = await _decided(turn)
    if not rows:
        return
    try:
        await write_shadows(turn.handling.ledger, rows, turn.now)
    except LedgerError as error:
        metrics.shadow_lost.add(LEDGER, by=len(rows))
        logs.logger().warning("shadow.not_written", exc_info=error)
        return
    for row in rows:
        metrics.shadow_decisions.add(row.live.decision.verdict, row.shadow.verdict)


async def _decided(turn: Turn) -> list[ShadowRow]:
    rows: list[ShadowRow] = []
    failed: list[Exception] = []
    for number, (incident, live) in enumerate(turn.decided_beside, 1):
        try:
            shadow = screened_beside(turn, incident)
        except Exception as error:  # noqa: BLE001 - whatever a policy on trial sets off, calls go on
            failed.append(error)
            continue
        if shadow is not None:
            rows.append(ShadowRow(live, shadow))
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
    if failed:
        turn.handling.metrics.shadow_lost.add(DEFECT, by=len(failed))
        logs.logger().error("shadow.failed", count=len(failed), exc_info=failed[0])
    return rows
