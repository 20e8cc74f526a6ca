"""The mutator makes the faults it says, judges them as it says, and a short run of it explains every survivor."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import FILES, mutants_of
from tests.mutation.survivors import explained, faults
from tests.mutation.trial import BrokenTrialError, Fate, Limits, tried

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
    source = b"def f(a):\n    '''Words.'''\n    if a:\n        return a\n    a.b = c\n    yield a\n    return None\n"
    made = {(mutant.line, mutant.within, mutant.now) for mutant in mutants_of("hours.py", source)}
    assert made >= {(4, "f", "pass"), (4, "f", "return None"), (5, "f", "pass"), (6, "f", "yield from ()")}
    assert not any(line in (2, 7) for line, _, _ in made)


@pytest.mark.parametrize("file", FILES)
def test_every_mutant_is_another_program_and_has_a_name_of_its_own(file: str) -> None:
    mutants = mutants_of(file)
    assert mutants
    assert len({mutant.source for mutant in mutants}) == len(mutants)
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


def test_a_mutant_that_does_not_end_is_found_out() -> None:
    endless = next(mutant for mutant in mutants_of("printed.py") if mutant.was == "begin = end")
    assert tried(endless, Limits(2)) is Fate.TIMEOUT


def test_a_short_run_explains_every_survivor() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutation", "--file", "hours.py", "--sample", "20", "--json"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["mutants"], told["survived"]) == (20, told["explained"])
    assert told["killed"] > 10
