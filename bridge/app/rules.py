"""Files become rules, and rules become files again: what agencies wrote down, loaded as one thing.

What is loaded is exactly what its bundle holds. Rules in force are refused as a whole; a shadow that cannot
be used is left out and said, because no call depends on it.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from bridge import logs
from bridge.domain.words import Lexicon
from bridge.errors import BridgeError, LedgerError, SettingsError
from bridge.handling.context import Rules
from bridge.ledger.ledger import Ledger
from bridge.ledger.rules import RulesVersion, keep_rules, newest_rules, rules_version
from bridge.settings import Call, Paths, Settings
from bridge.settings.bundle import Bundle, read_bundle, unpacked
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies
from bridge.settings.words import words_if_any

LIVE, SHADOW = "live", "shadow"
"""What can be refused: the rules in force, and those that only look on."""

_TRIES = 20
_STILL_SECONDS = 0.1
"""Who writes a file in place needs less between two pieces of it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading a bundle. `rules` is None when they were refused; `refused` says why, by part."""

    bundle: Bundle
    rules: Rules | None
    refused: Mapping[str, str] = field(default_factory=dict)


def rules_of(settings: Settings) -> Rules:
    """The rules in force as the files have them. SettingsError names file, path, rule and remedy."""
    return _rules(settings.paths, settings.call, words_if_any(settings.paths.words))


def load_rules(settings: Settings) -> Loaded:
    """The files as they are, with the bundle that holds them. Waits a little for whoever is writing them."""
    paths = settings.paths
    bundle = read_bundle(paths)
    for _ in range(_TRIES):
        time.sleep(_STILL_SECONDS)
        before, bundle = bundle, read_bundle(paths)
        if bundle == before:
            loaded = _loaded(bundle, paths, settings.call)
            if read_bundle(paths) == bundle:
                return loaded
    rule = f"a file changed each of the {_TRIES} times that it was read"
    return Loaded(bundle, None, {LIVE: f"{paths.policies}: {rule}; write it beside and rename it"})


def rules_from(bundle: Bundle, call: Call) -> Loaded:
    """The rules that a bundle holds, as `load_rules` made them of the files then. SettingsError."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            return _loaded(bundle, unpacked(bundle, Path(folder)), call)
    except OSError as error:
        rule = f"cannot be unpacked ({error.strerror})"
        raise SettingsError(f"rules {bundle.short}: {rule}; set TMPDIR to a folder to write in") from None


async def kept_rules(settings: Settings, digest: str) -> Loaded:
    """The rules that the ledger kept under a decision's `rules_digest`. LedgerError when it kept none."""
    content = await rules_version(settings.ledger.dsn, digest)
    return rules_from(Bundle(content), settings.call)


async def rules_before(settings: Settings) -> Loaded | None:
    """The rules that were in force last, on any worker; None when this ledger never knew any."""
    content = await newest_rules(settings.ledger.dsn)
    return None if content is None else rules_from(Bundle(content), settings.call)


def first_rules(settings: Settings) -> Loaded:
    """What a worker begins with: the files or, when they cannot be used, the rules that were in force last.

    A file that is wrong must not end a worker that was restarted for another reason. SettingsError when this
    ledger never knew any rules, or does not answer.
    """
    loaded = load_rules(settings)
    if loaded.rules is not None:
        return loaded
    try:
        before = asyncio.run(rules_before(settings))
    except (LedgerError, SettingsError):
        before = None
    if before is None or before.rules is None:
        raise SettingsError(loaded.refused[LIVE])
    return Loaded(before.bundle, before.rules, loaded.refused)


async def keep(ledger: Ledger, loaded: Loaded) -> None:
    """Keep in the ledger what this worker decides by from now on. LedgerLostError."""
    assert loaded.rules is not None, "what was refused decides nothing"
    live, shadow = loaded.rules.policies, loaded.rules.shadow
    await keep_rules(
        ledger,
        RulesVersion(
            loaded.bundle.digest,
            loaded.bundle.content,
            tuple(chain.from_iterable(live.values())),
            tuple(chain.from_iterable(shadow.values())),
        ),
    )


def _loaded(bundle: Bundle, paths: Paths, call: Call) -> Loaded:
    try:
        words = words_if_any(paths.words)
        rules = replace(_rules(paths, call, words), digest=bundle.digest)
    except Exception as refused:  # noqa: BLE001 - whatever a file sets off, the rules before it go on
        return Loaded(bundle, None, {LIVE: _why(refused, paths.policies)})
    try:
        return Loaded(bundle, _with_shadow(rules, paths, words))
    except Exception as refused:  # noqa: BLE001 - no call depends on it
        return Loaded(bundle, rules, {SHADOW: _why(refused, paths.shadow or paths.policies)})


def _why(refused: Exception, folder: Path) -> str:
    """What is wrong with the files; of an error that is not ours its type and place, never its text."""
    if isinstance(refused, BridgeError):
        return str(refused)
    rule = f"a file sets off {type(refused).__name__} in {logs.places(refused.__traceback__)}"
    return f"{folder}: {rule}; take the newest one out, and send us this line"


def _rules(paths: Paths, call: Call, words: Lexicon | None) -> Rules:
    destinations = load_destinations(paths.destinations)
    return Rules(
        policies=load_policies(paths.policies, destinations, words),
        destinations=destinations,
        budget_seconds=call.budget_seconds,
        waits_scale=call.waits_scale,
    )


def _with_shadow(rules: Rules, paths: Paths, words: Lexicon | None) -> Rules:
    if paths.shadow is None or not paths.shadow.is_dir():
        return rules
    shadow = load_policies(paths.shadow, rules.destinations, words)
    return replace(rules, shadow=shadow)
