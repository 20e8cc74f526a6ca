"""The mutator makes and judges the faults it says, and a short run of it leaves no survivor unexplained."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import DOMAIN, FILES, mutants_of
from tests.mutation.survivors import explained, faults
from tests.mutation.trial import Fate

CHECKOUT = Path(__file__).resolve().parents[2]


def mutated(line: str) -> list[str]:
    return [mutant.now for mutant in mutants_of("hours.py", line.encode())]


@pytest.mark.parametrize(
    ("line", "mutants"),
    [
        ("x = a < b", ["x = (a <= b)", "x = (a >= b)"]),
        ("x = a is b", ["x = (a is not b)"]),
        ("x = not a", ["x = a"]),
        ("x = a and b", ["x = (a or b)", "x = b", "x = a"]),
        ("x = max(a)", ["x = min(a)"]),
        ("x = any(a)", ["x = all(a)"]),
        ("x = 'ä' + y", ["x = ('ä' - y)", 'x = "" + y']),
        ("x = f'{a}'", ['x = ""']),
        ("x = ''", ['x = "OTHER"']),
        ("x = 1", ["x = 2"]),
        ("x = True", ["x = False"]),
        ("x = y[:a]", ["x = y"]),
        ("x = folded(a)", ["x = a"]),
        ("x = a.strip()", ["x = a"]),
        ("x = a(b, c=d)", ["x = a(b)"]),
        ("x = a if b else c", ["x = a", "x = c"]),
        ("x = [a for a in b if c]", ["x = [a for a in b if True]"]),
        ("x = YES", ["x = NO", "x = UNKNOWN"]),
        ("x = Weight.FOR", ["x = Weight.AGAINST", "x = Weight.OPEN"]),
        ("x = KindRule.AUTO", ["x = KindRule.VOICE"]),
        ("x = clauses.TYPE_UNKNOWN", ["x = clauses.ANSWER_MISSING"]),
        ("if a: b()", ["if True: b()", "if False: b()", "if a: pass"]),
        ("while a: b = c", ["while False: b = c", "while a: pass"]),
        ("x: Literal['a'] = y", []),
        ("x = field(init=False)", []),
        ("'''A word.'''", []),
        ("import a", []),
    ],
)
def test_each_line_has_the_faults_that_can_be_made_of_it(line: str, mutants: list[str]) -> None:
    assert sorted(mutated(line)) == sorted(mutants)


def test_a_statement_of_a_function_may_be_left_out_and_its_answer_lost() -> None:
    lines = ["def f(a):", "  'Words.'", "  if a:", "    return a", "  a.b = c", "  yield a", "  return None"]
    source = "\n".join(lines).encode()
    made = {(mutant.line, mutant.within, mutant.now) for mutant in mutants_of("hours.py", source)}
    assert made >= {(4, "f", "pass"), (4, "f", "return None"), (5, "f", "pass"), (6, "f", "yield from ()")}
    assert not any(line in (2, 7) for line, _, _ in made)


@pytest.mark.parametrize("file", FILES)
def test_every_mutant_is_another_program_and_has_a_name_of_its_own(file: str) -> None:
    mutants = mutants_of(file)
    programs = {ast.dump(ast.parse(mutant.source)) for mutant in mutants}
    assert len(programs) == len(mutants) > 0
    assert ast.dump(ast.parse((DOMAIN / file).read_bytes())) not in programs
    assert mutants == mutants_of(file), "in the same order every time"


# --- Judging -------------------------------------------------------------------------------------


def test_an_unexplained_survivor_and_a_needless_explanation_are_both_told() -> None:
    one, other = mutants_of("hours.py")[:2]
    assert [*faults([(one, Fate.SURVIVED), (other, Fate.KILLED)], {}, whole=True)] == [
        f"nobody noticed {one}"
    ]
    assert [*faults([(one, Fate.SURVIVED)], {one.key: "why"}, whole=True)] == []
    (needless,) = faults([(one, Fate.KILLED)], {one.key: "why"}, whole=False)
    assert needless.startswith("explained, and killed: hours.py")
    (gone,) = faults([], {one.key: "why"}, whole=True)
    assert gone.startswith("explained, and there is no such mutant: hours.py")
    assert [*faults([], {one.key: "why"}, whole=False)] == []


def test_every_explanation_is_of_a_mutant_that_can_be_made_and_says_why() -> None:
    keys = {mutant.key for file in FILES for mutant in mutants_of(file)}
    assert [key for key in explained() if key not in keys] == []
    assert all(len(why) > 20 for why in explained().values())


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: mutants are put in before the bridge is imported."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )


ENDLESS = """
from tests.mutation import mutants, trial
endless = next(one for one in mutants.mutants_of("printed.py") if one.was == "begin = end")
print(trial.tried(endless, trial.Limits(2)))
import bridge
trial.limits()
"""


def test_a_mutant_that_does_not_end_is_found_out_and_none_is_tried_too_late() -> None:
    done = run("-c", ENDLESS)
    assert done.stdout == "timeout\n"
    assert "BrokenTrialError: the bridge is imported already" in done.stderr


def test_a_short_run_explains_every_survivor() -> None:
    done = run("-m", "tests.mutation", "--file", "hours.py", "--sample", "20", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["mutants"], told["survived"]) == (20, told["explained"])
    assert told["killed"] > 10
