"""The `bridge` command: runs the verb, and turns what stopped it into a line and an exit status.

2: the settings cannot be used. 1: anything else. An exception that is not ours may carry a caller's
words, so that only its type and place are shown, unless BRIDGE_DEBUG=1 asks for the traceback.
"""

import sys
from collections.abc import Callable
from functools import partial

from bridge.cli import app
from bridge.errors import BridgeError, SettingsError
from bridge.logs import places
from bridge.settings import debugging

_bridge = partial(app, prog_name="bridge")


def main(command: Callable[[], object] = _bridge) -> None:
    """Run the command line and end the process."""
    try:
        command()
    except SettingsError as error:
        sys.exit(_stopped(error, status=2))
    except BridgeError as error:
        sys.exit(_stopped(error, status=1))
    except Exception as error:
        if debugging():
            raise
        _tell(f"stopped by {type(error).__name__} at {places(error.__traceback__)}")
        _tell("BRIDGE_DEBUG=1 shows the whole traceback, which may hold callers' words")
        sys.exit(1)


def _stopped(error: BridgeError, *, status: int) -> int:
    if debugging():
        raise error
    for line in str(error).splitlines() or [type(error).__name__]:
        _tell(line)
    return status


def _tell(line: str) -> None:
    print(f"bridge: {line}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
