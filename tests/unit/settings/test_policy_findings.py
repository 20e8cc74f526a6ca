"""What `bridge policy check` finds in the clauses of a policy: one clause more, one finding."""

from pathlib import Path

import pytest
from found_policies import (
    ALL_DAY,
    ANSWER,
    DANGERS,
    EVENING,
    LIMIT,
    MORNING,
    POLICY,
    RETYPE,
    SCOPE,
    WEEKEND,
    WORKDAYS,
    a_subject,
    found,
)

from bridge.settings.policy_findings import findings_of


def test_nothing_is_found_in_a_good_policy_but_that_nobody_signed_it(tmp_path: Path) -> None:
    (finding,) = findings_of(a_subject(tmp_path))
    assert (finding.code, finding.clauses) == ("not-approved", ("911", "line"))


ALSO = ANSWER.replace('"no"', '"yes"').replace("says", "also")
CHANGES: list[tuple[str, str, tuple[str, tuple[str, ...]] | None]] = [
    # clauses that contradict each other
    ("end", SCOPE + 'call_types = ["6M"]', ("scope-overruled", ("noise", "other"))),
    (
        "crisis",
        SCOPE.replace("offer", "review") + 'call_types = ["46", "9"]',
        ("verdicts-differ", ("crisis", "other")),
    ),
    ("end", SCOPE.replace("offer", "review") + 'call_types = ["46"]\ntyped = ["X"]', None),
    (
        "end",
        SCOPE.replace('"line"', "").replace("offer", "review") + 'call_types = ["6M"]',
        ("routes-differ", ("noise", "other")),
    ),
    (
        "weapon",
        'determinants = ["25-*"]\nunless_skills = ["x"]\ndestinations = ["line"]\n'
        + ANSWER
        + 'determinants = ["25-B-2"]',
        ("answer-contradicts", ("says", "weapon")),
    ),
    (
        "weapon",
        'determinant_suffixes = ["W"]\n' + ANSWER + 'call_types = ["25A2W"]',
        ("answer-contradicts", ("says", "weapon")),
    ),
    (
        "weapon",
        'fields = { colour = ["RED"] }\n' + ANSWER + 'fields = { colour = ["RED", "GREEN"] }',
        ("answer-contradicts", ("says", "weapon")),
    ),
    (
        "end",
        ANSWER + 'call_types = ["9"]\n' + ALSO + 'call_types = ["9"]',
        ("answers-differ", ("says", "also")),
    ),
    # limits and conditions that let nothing pass
    ("end", LIMIT + 'scopes = ["noise"]\ncall_types = ["99"]', ("limit-shuts-out", ("own", "noise"))),
    ("end", LIMIT + 'scopes = ["noise"]\ncall_types = ["99", "6m"]', None),
    (
        "end",
        LIMIT + 'needs = ["x"]\nscopes = ["noise"]\n' + SCOPE + 'call_types = ["1"]\nneed = "x"',
        ("limit-shuts-out", ("own", "noise")),
    ),
    (
        "end",
        LIMIT + 'scopes = ["noise"]\nnever = { call_types = ["6M", "7"] }',
        ("limit-shuts-out", ("own", "noise")),
    ),
    ("end", LIMIT + 'scopes = ["crisis"]\nnever = { determinants = ["25-*"] }', None),
    (
        "crisis",
        f"hours = {WORKDAYS}\n" + LIMIT + f'scopes = ["crisis"]\nhours = {WEEKEND}',
        ("limit-shuts-out", ("own", "crisis")),
    ),
    ("crisis", f"hours = {WORKDAYS}\n" + LIMIT + f'scopes = ["crisis"]\nhours = {ALL_DAY}', None),
    (
        "crisis",
        "caller = { max_age = 17 }\n" + LIMIT + 'scopes = ["crisis"]\ncaller = { min_age = 18 }',
        ("limit-shuts-out", ("own", "crisis")),
    ),
    (
        "crisis",
        "caller = { max_age = 17 }\n" + LIMIT + 'scopes = ["crisis"]\ncaller = { min_age = 17 }',
        None,
    ),
    (
        "end",
        LIMIT
        + f'scopes = ["noise"]\nhours = {MORNING}\n'
        + LIMIT.replace("own", "two")
        + f'scopes = ["noise"]\nhours = {EVENING}',
        ("never-open", ("noise", "own", "two")),
    ),
    # what can never speak
    (
        "end",
        SCOPE.replace("offer", "review") + 'call_types = ["9"]\nwords = ["a"]\nunless_words = ["a", "b"]',
        ("never-met", ("other",)),
    ),
    ("end", SCOPE + 'determinants = ["26-A-1", "26-A-*"]', ("determinant-shadowed", ("other",))),
    ("medical", 'call_types = ["6M"]', ("scope-disqualified", ("noise", "medical"))),
    ("medical", 'call_types = ["47", "9"]', ("type-disqualified", ("crisis", "medical"))),
    ("medical", 'call_types = ["47"]\ntandem_for = ["crisis"]', None),
    ("medical", 'call_types = ["47"]\nunless_skills = ["medic"]', None),
    ("medical", 'call_types = ["47"]\nmakes = "review"', None),
    ("weapon", ALSO + 'call_types = ["6M"]', ("scope-disqualified", ("noise", "weapon"))),
    ("end", SCOPE + 'any_call_type = true\nchannels = ["NINE_ONE_ONE"]', ("any-type-wide", ("other",))),
    ("end", SCOPE + 'any_call_type = true\nchannels = ["OFFICER"]', None),
    ("end", SCOPE + 'any_call_type = true\ntyped = ["CRT"]', None),
    ("end", RETYPE + 'as_call_type = "801"', ("recategory-unscoped", ("as",))),
    ("end", RETYPE + 'as_determinant = "25-A-2"', None),
    ("weapon", 'tandem_for = ["noise"]', ("tandem-never", ("weapon", "noise"))),
    ("weapon", 'unless = { call_types = ["99"] }', ("unless-never", ("weapon",))),
    ("weapon", 'unless = { call_types = ["46"] }', None),
    ("weapon", 'unless = { call_types = ["800"] }\n' + RETYPE + 'as_call_type = "46"', None),
    ("medical", 'unless_skills = ["counsel"]', None),
]


@pytest.mark.parametrize(
    ("where", "more", "finding"), CHANGES, ids=[f"{one[0]}-{number}" for number, one in enumerate(CHANGES)]
)
def test_a_clause_more_brings_this_finding_and_no_other(
    tmp_path: Path, where: str, more: str, finding: tuple[str, tuple[str, ...]] | None
) -> None:
    mark = f"# more of {where}"
    text = POLICY + DANGERS + "# more of end\n"
    assert mark in text
    assert found(a_subject(tmp_path, text.replace(mark, more, 1))) == ({finding} if finding else set())
