"""Areas and versions: ground that two policies claim, areas in vain, and who has signed what is in force."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from bridge.settings.approvals import sides, signed
from bridge.settings.finding import Finding, Subject


def areas(subject: Subject) -> Iterator[Finding]:
    """Areas that nobody names, and areas of clauses that lie outside the policy's own ground."""
    policy, grounds = subject.policy, subject.grounds
    named = {name for when in policy.whens() for name in when.areas} | policy.where.areas
    for name in sorted(grounds.keys() - named):
        rule = "no clause names this area"
        yield Finding("area-unused", (name,), rule, "name it in `areas`, or remove it from [areas]")
    if not policy.where.areas or policy.where.districts:
        return
    for clause in subject.conditional():
        for name in sorted(clause.areas):
            if not any(grounds[name].overlaps(grounds[one]) for one in policy.where.areas):
                rule = f"area {name!r} lies outside the policy's own ground"
                yield Finding("area-outside", (clause.id, name), rule, "draw it again, or widen [where]")


def shared_ground(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Finding]]:
    """Ground that two policies of one agency claim; there the more cautious decision counts."""
    for one, other in combinations(subjects, 2):
        mine, theirs = one.policy, other.policy
        if mine.agency != theirs.agency or mine.name == theirs.name:
            continue
        for here in sorted(mine.where.areas):
            for there in sorted(theirs.where.areas):
                if one.grounds[here].overlaps(other.grounds[there]):
                    rule = f"area {here!r} overlaps {there!r} of policy {theirs.name!r}"
                    remedy = "draw the border once; until then the more cautious of the two decides there"
                    yield one, Finding("areas-overlap", (here, there), rule, remedy)


def unsigned(subject: Subject) -> Iterator[Finding]:
    """Sides that have not approved these very files."""
    policy, approvals = subject.policy, subject.approvals
    missing = [side for side in sides(subject.routed()) if not signed(approvals, policy.digest, side)]
    before = {one.side: one.version for one in approvals}
    changed = [side for side in missing if side in before]
    never = [side for side in missing if side not in before]
    if never:
        rule = f"nobody there has approved version {policy.version!r}"
        remedy = "have it read there, then run `bridge policy approve`"
        yield Finding("not-approved", tuple(never), rule, remedy)
    if changed:
        rule = f"version {policy.version!r} is not the file that was approved: it has changed since"
        remedy = "have the change read there, then run `bridge policy approve`"
        yield Finding("approved-before-change", tuple(changed), rule, remedy)
