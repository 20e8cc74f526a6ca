"""`bridge policy`: write, check, try, sign and watch a policy before it decides. A file for each verb."""

import typer

from bridge.cli import (
    backtest,
    policy_approve,
    policy_check,
    policy_diff,
    policy_explain,
    policy_read,
    policy_schema,
    policy_shadow,
    policy_sheet,
    policy_test,
)

app = typer.Typer(
    help="Try policies before they decide, and read narratives as they do.",
    no_args_is_help=True,
    add_completion=False,
)
for verb in (
    policy_check.check,
    policy_test.test,
    backtest.backtest,
    policy_diff.diff,
    policy_explain.explain,
    policy_sheet.sheet,
    policy_approve.approve,
    policy_shadow.shadow,
    policy_schema.schema,
    policy_read.read,
    policy_read.score,
):
    app.command()(verb)
