"""The checks of `bridge doctor`, one function each. A check answers findings, or raises a BridgeError.

None changes anything, whatever it finds.
"""

import asyncio
import platform
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

from bridge.app.rules import load_rules
from bridge.cli.brokers import brokers
from bridge.cli.options import destinations_of
from bridge.cli.topic_plan import differences, wanted_topics
from bridge.cli.topics import existing
from bridge.domain import clauses
from bridge.domain.ids import AgencyId
from bridge.domain.policy import Policy
from bridge.domain.presence import UNHEARD, unable
from bridge.ledger.condition import OLDEST_VERSION, Condition, condition_of
from bridge.ledger.presences import presences_of
from bridge.ledger.rules import running_rules
from bridge.ledger.sealing import KeyRing
from bridge.settings import Settings
from bridge.wire import schemas

_CLOCKS_APART_SECONDS = 1.0
_PARTS = {"live": "rules", "shadow": "shadow"}

Check = Callable[[], Awaitable[Sequence["Finding"]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found out: whether it is well, what it is, and what to do when it is not."""

    ok: bool
    what: str
    remedy: str = ""


def checks_of(settings: Settings) -> Sequence[tuple[str, Check]]:
    """Every check that an installation is put to, with the name it answers under."""
    return [
        ("versions", pinned_versions),
        ("secrets", partial(secrets_hidden, settings)),
        ("schemas", schemas_load),
        ("rules", partial(rules_load, settings)),
        ("running", partial(rules_in_force, settings)),
        ("destinations", partial(destinations_load, settings)),
        ("kafka", partial(kafka_answers, settings)),
        ("topics", partial(topics_fit, settings)),
        ("ledger", partial(ledger_fits, settings)),
        ("heard", partial(destinations_heard, settings)),
    ]


async def pinned_versions() -> Sequence[Finding]:
    """The libraries whose private parts are built on are exactly those that were tested."""
    from bridge.engine.pins import PINS, check_pins  # it brings the whole of Faust, to look into it

    check_pins()
    found = ", ".join(f"{name} {version(name)}" for name in PINS)
    return [Finding(True, f"versions: Python {platform.python_version()}, {found}")]


async def secrets_hidden(settings: Settings) -> Sequence[Finding]:
    """There is a key to seal with, and nobody else on this machine can read the files of secrets."""
    findings = []
    if settings.ledger.key is None:
        remedy = "set BRIDGE_LEDGER__KEY or ledger.key_file, with what `openssl rand -base64 32` prints"
        findings.append(Finding(False, "secrets: no ledger.key, so that nothing can be stored", remedy))
    files = {
        "kafka.password_file": settings.kafka.password_file,
        "kafka.key_file": settings.kafka.key_file,
        "ledger.dsn_file": settings.ledger.dsn_file,
        "ledger.key_file": settings.ledger.key_file,
        "log.hash_key_file": settings.log.hash_key_file,
    }
    findings += [_permission(key, file) for key, file in files.items() if file is not None]
    return findings or [Finding(True, "secrets: all from the environment")]


async def schemas_load() -> Sequence[Finding]:
    """Every message has a schema, and each one that was ever released still reads."""
    today = [schemas.current(name) for name in schemas.SchemaName]
    released = sum(len(list(schemas.released(name))) for name in schemas.SchemaName)
    return [Finding(True, f"schemas: {len(today)} of today, {released} released before")]


async def rules_load(settings: Settings) -> Sequence[Finding]:
    """The files of policies, destinations and words can be used, loaded as a worker would."""
    loaded, shadow = await asyncio.to_thread(load_rules, settings), settings.paths.shadow
    refused = ((_PARTS[part], said) for part, said in loaded.refused.items())
    findings = [finding_of(name, line) for name, said in refused for line in said.splitlines()]
    if loaded.rules is not None:
        findings.append(_counted("policies", _count(loaded.rules.policies), settings.paths.policies))
        if shadow is not None and "shadow" not in loaded.refused:
            what = f"shadow: {_count(loaded.rules.shadow)} policies decide beside, from {shadow}"
            findings.append(Finding(True, what))
    return findings


async def rules_in_force(settings: Settings) -> Sequence[Finding]:
    """Every worker that runs decides by what the files say now."""
    running = await running_rules(settings.ledger.dsn)
    loaded = await asyncio.to_thread(load_rules, settings)
    wanted = loaded.rules.digest if loaded.rules is not None else None
    findings = []
    for one in running:
        since = one.loaded_at.isoformat(" ", "seconds")
        what = f"rules: lane {one.lane} decides by {one.digest[:12]} since {since}"
        if wanted in {None, one.digest}:  # what is wrong with the files is said by another check
            findings.append(Finding(True, what))
        else:
            remedy = f"wait {settings.worker.reload_seconds:g} s; then look in its log for rules.refused"
            findings.append(Finding(False, f"{what}, the files are {loaded.bundle.short}", remedy))
    return findings or [Finding(True, f"rules: {loaded.bundle.short} in the files, and no worker runs")]


async def destinations_load(settings: Settings) -> Sequence[Finding]:
    """The destinations can be used."""
    return [_counted("destinations", len(destinations_of(settings)), settings.paths.destinations)]


async def kafka_answers(settings: Settings) -> Sequence[Finding]:
    """Kafka answers, and has brokers enough for the copies that are asked for."""
    async with brokers(settings.kafka) as kafka:
        count = await kafka.count()
    if count < settings.kafka.replication:
        what = f"kafka: {count} brokers, kafka.replication says {settings.kafka.replication}"
        return [Finding(False, what, "start more brokers, or lower kafka.replication")]
    return [Finding(True, f"kafka: {count} brokers at {', '.join(settings.kafka.bootstrap)}")]


async def topics_fit(settings: Settings) -> Sequence[Finding]:
    """Every topic is there and as the settings say."""
    wanted = tuple(wanted_topics(settings, destinations_of(settings).values()))
    async with brokers(settings.kafka) as kafka:
        there = await existing(wanted, kafka)
    findings = []
    for topic in wanted:
        if topic.name not in there:
            findings.append(Finding(False, f"topics: {topic.name} is missing", "run `bridge topics`"))
            continue
        for difference in differences(topic, there[topic.name]):
            what, _, remedy = difference.partition("; ")
            findings.append(Finding(False, f"topics: {what}", remedy))
    return findings or [Finding(True, f"topics: all {len(wanted)} are there and as they should be")]


async def ledger_fits(settings: Settings) -> Sequence[Finding]:
    """The ledger answers, can be written to, has this version's shape, our time and our key."""
    ledger = settings.ledger
    keys = None if ledger.key is None else KeyRing({ledger.key_id: ledger.key}, ledger.key_id)
    found = await condition_of(ledger.dsn, keys)
    about = f"ledger: PostgreSQL {found.version}, clock {found.clock_ahead_seconds:+.3f} s from ours"
    wrong = list(wrong_with(found, ledger.key_id))
    return [Finding(False, f"ledger: {what}", remedy) for what, remedy in wrong] or [Finding(True, about)]


async def destinations_heard(settings: Settings) -> Sequence[Finding]:
    """Every destination whose system is to be heard was heard, and none says that it takes nobody."""
    described = destinations_of(settings)
    known, now = await presences_of(settings.ledger.dsn)
    silent = {clauses.DESTINATION_SILENT: "write to it: its system says nothing, so that it is not asked"}
    findings = []
    for name, each in described.items():
        clause = unable(each, known.get(name, UNHEARD), now)
        if clause:
            heard_at = known.get(name, UNHEARD).heard_at
            since = heard_at.isoformat(" ", "seconds") if heard_at is not None else "never"
            what = f"heard: {name} is not asked, {clauses.BUILT_IN[clause]} Heard last: {since}"
            findings.append(Finding(clause not in silent, what, silent.get(clause, "")))
    return findings or [Finding(True, f"heard: all {len(described)} destinations can be asked")]


def finding_of(name: str, line: str) -> Finding:
    """A line of an error of ours as a finding: the remedy is behind its first semicolon."""
    what, _, remedy = line.partition("; ")
    return Finding(False, f"{name}: {what}", remedy)


def wrong_with(found: Condition, key_id: str) -> Iterator[tuple[str, str]]:
    """What is wrong with a ledger in this condition, each with its remedy."""
    if found.version_number < OLDEST_VERSION:
        yield f"PostgreSQL {found.version} is too old", "move the ledger to PostgreSQL 14 or newer"
    if not found.writable:
        yield "it cannot be written to", "connect to the primary, as a role that may write every table"
    if found.missing:
        yield f"{', '.join(found.missing)} not applied", "run `bridge migrate`"
    if abs(found.clock_ahead_seconds) > _CLOCKS_APART_SECONDS:
        what = f"its clock is {found.clock_ahead_seconds:+.1f} s from this machine's"
        yield what, "set both by NTP, or by what your network has for it"
    if found.newest_opens is False:
        remedy = "give the key that sealed it: ledger.key_file and ledger.key_id"
        yield f"key {key_id!r} does not open the newest sealed row", remedy


def _count(policies: Mapping[AgencyId, Sequence[Policy]]) -> int:
    return sum(map(len, policies.values()))


def _permission(key: str, file: Path) -> Finding:
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
    except OSError:
        return Finding(False, f"secrets: the file of {key} is gone", "name a file that exists")
    if mode & 0o007:
        return Finding(False, f"secrets: anybody here can read the file of {key}", f"chmod 0600 {file}")
    return Finding(True, f"secrets: the file of {key} is mode {mode:04o}")


def _counted(name: str, count: int, folder: Path) -> Finding:
    if not count:
        return Finding(False, f"{name}: none in {folder}", f"put one there, or correct paths.{name}")
    return Finding(True, f"{name}: {count} in {folder}")
