"""Nobody approves, confirms or reviews their own: every rule that asks for a second person, and the test that shows it.

A rule that gives such a reason (its code begins with ``own-``, or is ``same-person`` or ``second-person``) stands in
the table below with a test in which it refuses. A new one is found by reading the source, and wants its row.
"""

import ast
import re
from pathlib import Path

import pytest

from rostrum.areas.channels.rules import terms
from rostrum.areas.governance.rules.acknowledgements import CertificationState, PaperFacts, decide_paper
from rostrum.areas.people.rules import MATRIX, Permission, Reach
from rostrum.kernel.decisions import Decision

ROOT = Path(__file__).resolve().parents[2]
AREAS = ROOT / "src" / "rostrum" / "areas"
# ``own-post`` and ``own-channel`` say that it is the body's own, not the actor's.
_SECOND = re.compile(r"own-(?!(?:post|channel)$)|same-person$|second-person$")

# the rule and its reason → a test in which it refuses
ACTS: dict[tuple[str, str], str] = {
    ("archive.rules.decide_substance", "own-question"): "tests/areas/test_judging.py",
    ("archive.rules.decide_substance", "own-words"): "tests/areas/test_judging.py",
    ("channels.queries.separation.may_ask", "own-separation"): "tests/areas/test_separation.py",
    ("channels.queries.separation.may_tend", "own-separation"): "tests/areas/test_separation.py",
    ("channels.rules.apps.decide_app_approval", "second-person"): "tests/areas/test_channel_access.py",
    ("channels.rules.emergency.decide_review", "own-emergency"): "tests/unit/test_custody_rules.py",
    ("channels.rules.grants.decide_designation", "own-right"): "tests/areas/test_rights.py",
    ("channels.rules.grants.decide_issue", "own-right"): "tests/areas/test_rights.py",
    ("channels.rules.grants.decide_stopping", "own-right"): "tests/areas/test_rights.py",
    ("channels.rules.life.decide_step", "own-request"): "tests/unit/test_channels_rules.py",
    ("channels.rules.log_in_disclosure.decide_confirmation", "own-request"): "tests/unit/test_custody_rules.py",
    ("channels.rules.reviews.decide_verdict", "own-right"): "tests/areas/test_rights_reviews.py",
    ("channels.rules.roster.decide_answer", "own-finding"): "tests/areas/test_channel_access.py",
    ("channels.rules.separation.decide_hand_over_confirmation", "own-hand-over"): "tests/areas/test_separation.py",
    ("channels.rules.separation.decide_rotation", "own-change"): "tests/areas/test_separation.py",
    ("channels.rules.separation.decide_start", "own-separation"): "tests/areas/test_separation.py",
    ("channels.rules.terms.decide_sign_off", "own-reading"): "tests/areas/test_terms.py",
    ("channels.rules.terms.decide_use", "own-reading"): "tests/structure/test_second_persons.py",
    ("disclosure.rules.decide_second", "own-redaction"): "tests/unit/test_disclosure_rules.py",
    ("governance.rules.acknowledgements.decide_paper", "own-return"): "tests/structure/test_second_persons.py",
    (
        "governance.operations.security.refuse_persona_exception",
        "own-exception",
    ): "tests/areas/test_security_registers.py",
    ("governance.rules.security.decide_signing", "own-exception"): "tests/areas/test_security_registers.py",
    ("governance.rules.policies.decide_in_force", "own-text"): "tests/areas/test_acknowledgements.py",
    ("moderation.rules.decide_block_agreement", "own-block"): "tests/areas/test_blocks.py",
    ("moderation.rules.decide_second", "own-assessment"): "tests/unit/test_moderation_rules.py",
    ("moderation.rules.decide_removal", "second-person"): "tests/unit/test_moderation_rules.py",
    ("moderation.rules.decide_restoration", "own-removal"): "tests/unit/test_moderation_rules.py",
    ("people.operations.persons.decide_deactivation", "own-sign-in"): "tests/areas/test_people.py",
    ("people.rules.computers.decide_computer", "own-computer"): "tests/areas/test_work_places.py",
    ("people.rules.factors.decide_reset_ask", "own-reset"): "tests/unit/test_sign_in_parts.py",
    ("people.rules.factors.decide_reset_confirm", "own-reset"): "tests/unit/test_sign_in_parts.py",
    ("people.rules.factors.decide_reset_confirm", "same-person"): "tests/unit/test_sign_in_parts.py",
    ("people.rules.grants.decide_grant", "own-grant"): "tests/unit/test_people_rules.py",
    ("people.rules.grants.decide_denial", "own-denial"): "tests/areas/test_rights.py",
    ("people.rules.grants.decide_lifting", "own-denial"): "tests/areas/test_rights.py",
    (
        "publishing.rules.disclosures.decide_authorizing",
        "own-disclosure",
    ): "tests/areas/test_publishing_disclosures.py",
    (
        "publishing.rules.disclosures.decide_reliance",
        "own-authorization",
    ): "tests/areas/test_publishing_disclosures.py",
    ("publishing.rules.posts.decide_approval", "own-draft"): "tests/unit/test_publishing_rules.py",
    ("publishing.rules.posts.decide_clearing", "own-draft"): "tests/areas/test_publishing_drafts.py",
    ("retention.rules.decide_release", "second-person"): "tests/unit/test_retention_rules.py",
}
# Permissions of which the matrix says "2": the rule that sees to the second person; None while nothing acts on them.
BY_TWO: dict[Permission, str | None] = {
    Permission.DISCLOSE_CREDENTIAL: "channels.rules.log_in_disclosure.decide_confirmation",
    Permission.CLEAR_BLOCK: "publishing.rules.posts.decide_clearing",
    Permission.BLOCK_USER: None,
    Permission.RELEASE_HOLD: "retention.rules.decide_release",
    Permission.DISPOSE: None,
    Permission.ACTIVATE_PACK: "governance.rules.policies.decide_in_force",
    Permission.RESET_FACTORS: "people.rules.factors.decide_reset_confirm",
}


def _sources() -> list[Path]:
    return [path for path in AREAS.rglob("*.py") if "migrations" not in path.parts]


def _found() -> set[tuple[str, str]]:
    """Every function of an area that gives such a reason, with the reason's code."""
    found = set()
    for path in _sources():
        place = ".".join(path.relative_to(AREAS).with_suffix("").parts).removesuffix(".__init__")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Reason", "Refused.because") and call.args:
                    code = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
                    if isinstance(code, str) and _SECOND.match(code):
                        found.add((f"{place}.{function.name}", code))
    return found


def test_every_act_that_takes_a_second_person_is_enumerated() -> None:
    found = _found()

    assert found - set(ACTS) == set(), "add these rules to ACTS, each with a test in which it refuses"
    assert set(ACTS) - found == set(), "these rules no longer ask for a second person: is that meant?"


@pytest.mark.parametrize("act", sorted(ACTS), ids="-".join)
def test_each_is_seen_to_refuse_and_is_asked_by_an_operation(act: tuple[str, str]) -> None:
    rule, code = act
    area, name = rule.split(".")[0], rule.rsplit(".", 1)[1]
    test = (ROOT / ACTS[act]).read_text(encoding="utf-8")
    asking = [path for path in (AREAS / area).rglob("*.py") if "rules" not in path.relative_to(AREAS).as_posix()]

    assert f'"{code}"' in test, f"{ACTS[act]} does not look for {code!r}"
    assert any(re.search(rf"\b{name}\(", path.read_text(encoding="utf-8")) for path in asking), f"nothing asks {rule}"


def test_every_permission_for_two_has_its_rule_or_nothing_acts_on_it() -> None:
    assert {one for one, row in MATRIX.items() if Reach.SECOND in row.values()} == set(BY_TWO)
    rules = {rule for rule, _ in ACTS}
    for permission, rule in BY_TWO.items():
        used = [path for path in _sources() if f"Permission.{permission.name}" in path.read_text(encoding="utf-8")]
        if rule is None:
            assert used == [], f"{permission} is used: name the rule that sees to the second person"
        else:
            assert rule in rules
            assert used, f"nothing uses {permission}"


def test_nobody_records_their_own_paper() -> None:
    facts = PaperFacts(
        state=CertificationState.DELIVERED,
        is_current=True,
        is_recorders_own=True,
        may_record=Decision(),
        has_scan=True,
        printed_name="Ada Lindqvist",
        name="Ada Lindqvist",
        signed_on=None,
        received_on=None,
        delivered_on=None,  # type: ignore[arg-type]
        today=None,  # type: ignore[arg-type]
    )

    assert decide_paper(facts).against[0].code == "own-return"


def test_who_read_the_terms_does_not_decide_on_the_use() -> None:
    facts = terms.UseFacts(
        state=terms.ReviewState.READ,
        actor="per-1",
        reader="per-1",
        decider="per-1",
        is_needed=True,
        use=terms.Use.USE,
        reasons="Everybody looks there",
        conditions="",
        clauses={},
    )

    assert [reason.code for reason in terms.decide_use(facts).against] == ["own-reading"]
