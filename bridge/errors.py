"""Every error the bridge raises on purpose, one tree.

    BridgeError
    |-- SettingsError          a settings, policy or destination file says something we cannot use
    |-- UndecodableError       bytes that are not a message we know; the row goes to quarantine
    |-- LedgerError
    |   |-- LedgerLostError    the connection is gone: retry the whole turn, every write is harmless
    |   `-- LedgerRefusedError a constraint said no; carries the constraint's name, never the row
    |-- ChannelError           sending failed; `permanent` says whether trying again is useless
    `-- EngineError            the stream engine cannot go on; the worker ends, its records come again

A message names the field, the rule and the remedy, and never a narrative, number, place or name.
"""


class BridgeError(Exception):
    """Anything the bridge raises on purpose."""


class SettingsError(BridgeError):
    """A file or variable that cannot be used: path, rule and remedy in the text."""


class UndecodableError(BridgeError):
    """Bytes that are not a message we know. `reason` is a short code from a closed list."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class LedgerError(BridgeError):
    """PostgreSQL did not do what it was asked."""


class LedgerLostError(LedgerError):
    """The connection is gone, and whether the last COMMIT happened is unknown."""


class LedgerRefusedError(LedgerError):
    """A guard in the database refused a write."""

    def __init__(self, constraint: str, sqlstate: str) -> None:
        super().__init__(f"the ledger's guard {constraint!r} refused a write (SQLSTATE {sqlstate})")
        self.constraint = constraint
        self.sqlstate = sqlstate


class ChannelError(BridgeError):
    """A message could not be handed over."""

    def __init__(self, detail: str, *, permanent: bool) -> None:
        super().__init__(detail)
        self.permanent = permanent


class EngineError(BridgeError):
    """The stream engine cannot go on."""


class SandboxError(BridgeError):
    """A server of the sandbox could not be fetched, started or stopped; the remedy is in the text."""
