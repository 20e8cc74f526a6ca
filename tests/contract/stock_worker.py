"""Faust as it is shipped, one agent per way of losing events. Says as JSON what was processed.

stock_worker.py BOOTSTRAP GROUP RAISES TAKES DECODES OVERTAKES      (four topics)
"""

import asyncio
import json
import sys
from typing import Any

import faust


def say(case: str, value: object) -> None:
    print(json.dumps([case, value]), flush=True)


def main() -> None:
    bootstrap, group, raises, takes, decodes, overtakes = sys.argv[1:]
    app = faust.App(
        group,
        broker=f"kafka://{bootstrap}",
        broker_commit_interval=0.2,
        broker_session_timeout=6,
        broker_heartbeat_interval=1.5,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        web_enabled=False,
        worker_redirect_stdouts=False,
    )
    app._create_directories = lambda: None  # type: ignore[method-assign]
    text = {"value_type": str, "value_serializer": "raw"}
    decoding = app.topic(decodes, value_type=int, value_serializer="json")
    shipped = decoding.on_value_decode_error

    async def on_value_decode_error(exc: Exception, message: Any) -> None:
        say("decodes", {"acked_before_handler": message.acked})
        await shipped(exc, message)

    type(decoding).on_value_decode_error = lambda self, exc, message: on_value_decode_error(exc, message)

    @app.agent(app.topic(raises, **text))
    async def raising(stream: Any) -> None:
        async for value in stream:
            if "boom" in str(value):
                raise ValueError("told to")
            say("raises", str(value))

    @app.agent(app.topic(takes, **text))
    async def taking(stream: Any) -> None:
        async for values in stream.take(10, within=0.3):
            for value in values:
                if "boom" in str(value):
                    raise ValueError("told to")
                say("takes", str(value))

    @app.agent(decoding)
    async def decodes_(stream: Any) -> None:
        async for value in stream:
            say("decodes", value)

    @app.agent(app.topic(overtakes, **text), concurrency=2)
    async def overtaken(stream: Any) -> None:
        async for value in stream:
            if "slow" in str(value):
                await asyncio.Event().wait()
            say("overtakes", str(value))

    worker = app.Worker(override_logging=False, redirect_stdouts=False, quiet=True)
    worker.spinner = None
    worker.execute_from_commandline()


if __name__ == "__main__":
    main()
