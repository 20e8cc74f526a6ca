"""One mutant put to the tests of decisions, in a fork that imports the domain anew with the mutant in it.

The parent has pytest and what the tests need loaded, and nothing of the bridge; nothing is written to disk. A
mutant is killed by the first test that fails. Processor time and memory are bounded, so that one that never
ends is found out however busy the machine is.
"""

import importlib.abc
import importlib.util
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutation.mutants import DOMAIN, Mutant

TESTS = Path(__file__).resolve().parents[1] / "unit" / "domain"
JUDGES = (
    *("test_hours*", "test_screening*", "test_policy_*", "test_printed_*", "test_decision_*"),
    "test_waiting_*",
)
"""Tests of single decisions, said one by one."""
NO_JUDGES = ("_properties", "_cost")
"""Properties would find a mutant by luck, and slowly: what they find has to be said by one of the judges."""

MEMORY = 1 << 30
"""Bytes that a mutant may take beyond what its parent has."""
WALL_SECONDS = 120.0


class Fate(StrEnum):
    """What became of a mutant. TIMEOUT: it did not end, and so was noticed too."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"


class BrokenTrialError(Exception):
    """The tests cannot judge: they fail without a mutant, or cannot be run."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Whole seconds of processor time for one mutant."""

    seconds: int


def limits() -> Limits:
    """What the tests take without a mutant, five times over. They must pass."""
    begun = time.process_time()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = _in_a_fork(None, Limits(600))
    if code != pytest.ExitCode.OK:
        raise BrokenTrialError(
            f"the tests of decisions fail without a mutant (exit {code}); run {', '.join(tests())}"
        )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Limits(round(5 * (taken + time.process_time() - begun)) + 5)


def tried(mutant: Mutant, limit: Limits) -> Fate:
    """Put one mutant to the tests."""
    code = _in_a_fork(mutant, limit)
    if code == pytest.ExitCode.OK:
        return Fate.SURVIVED
    if code in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
        return Fate.KILLED  # interrupted: a module of tests could not even be imported
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Fate.TIMEOUT
    raise BrokenTrialError(f"{mutant}: pytest ended with {code}; run {', '.join(tests())}")


def tests() -> Sequence[str]:
    """The files of tests, in the order in which they are asked."""
    found = [path for pattern in JUDGES for path in sorted(TESTS.glob(f"{pattern}.py"))]
    return [str(path) for path in found if not path.stem.endswith(NO_JUDGES)]


def _in_a_fork(mutant: Mutant | None, limit: Limits) -> int | None:
    if "bridge" in sys.modules:
        raise BrokenTrialError("the bridge is imported already; run trials in a process of their own")
    child = multiprocessing.get_context("fork").Process(target=_judge, args=(mutant, limit))
    child.start()
    child.join(WALL_SECONDS)
    if child.exitcode is None:
        child.kill()
        child.join()
    return child.exitcode


def _judge(mutant: Mutant | None, limit: Limits) -> None:
    """In the fork: bound it, put the mutant in, run the tests, end with their exit code."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (limit.seconds, limit.seconds + 1))
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    flags = [
        "-x",
        "-q",
        "--assert=plain",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:unraisableexception",
    ]
    os._exit(pytest.main([*flags, "-W", "ignore", *tests()]))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module of the domain: the mutated one."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = f"bridge.domain.{mutant.file.removesuffix('.py')}"
        self._loader = _Loader(self._name, str(DOMAIN / mutant.file), mutant.source)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._loader.path, loader=self._loader)


class _Loader(SourceFileLoader):
    """Compiles the mutated source, and neither reads nor writes compiled files."""

    def __init__(self, fullname: str, path: str, source: bytes) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        code = compile(self._source, self.path, "exec", dont_inherit=True)
        assert isinstance(code, CodeType)
        return code
