"""`bridge feed run`: one table's way into `cad.events`, until SIGTERM or a failure."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.feeds import feed_file


def run(
    ctx: typer.Context,
    feed: Annotated[Path, typer.Argument(help="The feed file: mapping, state, and one way in.")],
) -> None:
    """Read a file drop, a poll over HTTP or a webhook, and send what is new to Kafka, until SIGTERM."""
    from bridge.app.feeding import run_feed  # the other verbs of the group need no Kafka client

    settings = settings_of(ctx)
    asyncio.run(run_feed(feed_file.read(feed), settings))
