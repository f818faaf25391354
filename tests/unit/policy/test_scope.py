"""What a policy is about: official use, and personal use that concerns the body; on whatever device."""

import re
from pathlib import Path
from typing import Any

import pytest

import rostrum.policy.checks
from rostrum.policy.compose import compose_shipped
from rostrum.policy.controls import Stage
from rostrum.policy.evaluate import evaluate
from rostrum.policy.facts import DraftFacts, MediaFacts

# Bad in many ways, so that there is something to find.
TEXT = "Damn it, call Sam at 715-555-0134: the CONFIDENTIAL plan is attached. Vote for Kim! #SplashPad #nocaps"
WI480 = compose_shipped("wi-hrh-480")


@pytest.mark.proves("definition.scope")
@pytest.mark.parametrize("stage", [Stage.DRAFT_CHECK, Stage.SELF_CHECK])
def test_personal_use_that_does_not_concern_the_body_falls_outside_every_rule(stage: Stage) -> None:
    private = DraftFacts(text=TEXT, channel_kind="personal", concerns_body=False)
    outside = evaluate(WI480, stage, private)
    own = [one for one in outside.findings if one.clause.startswith("WI480")]
    assert own == []
    left_out = {one.clause: one.why for one in outside.skipped if one.clause.startswith("WI480")}
    assert left_out
    assert all("WI480-010-02" in why for why in left_out.values())

    # Personal use that does: the rules about both, and about personal use, speak; those about official use do not.
    inside = evaluate(WI480, stage, DraftFacts(text=TEXT, channel_kind="personal", concerns_body=True))
    assert all(one.why == "the clause is about official use" for one in inside.skipped)
    spoke = {one.clause for one in inside.findings} | {also for one in inside.findings for also in one.also}
    scopes = {WI480.clause(one).scope for one in spoke}  # type: ignore[union-attr]
    assert "official" not in scopes
    # On an official channel nobody asks, and nothing falls outside.
    official = evaluate(WI480, Stage.DRAFT_CHECK, DraftFacts(text=TEXT, concerns_body=False))
    assert any(one.clause.startswith("WI480") for one in official.findings)


def test_a_pack_that_does_not_say_what_it_is_about_leaves_nothing_out() -> None:
    milwaukee = compose_shipped("milwaukee-personal")
    facts: dict[str, Any] = {"text": TEXT, "channel_kind": "personal"}
    asked = evaluate(milwaukee, Stage.SELF_CHECK, DraftFacts(**facts, concerns_body=False))
    assert asked.findings == evaluate(milwaukee, Stage.SELF_CHECK, DraftFacts(**facts)).findings


@pytest.mark.proves("definition.device-neutral")
@pytest.mark.parametrize("pack", ["wi-hrh-480", "dma-2.110", "wausau-city", "milwaukee-personal", "wi-best-practices"])
@pytest.mark.parametrize("stage", [Stage.DRAFT_CHECK, Stage.SELF_CHECK])
def test_the_device_changes_no_finding_of_any_pack(pack: str, stage: Stage) -> None:
    policy = compose_shipped(pack)
    facts: dict[str, Any] = {"text": TEXT, "media": (MediaFacts("image/png"),), "official_topic": ""}
    states, own = (
        evaluate(policy, stage, DraftFacts(**facts, device=device)) for device in ("state-owned", "personal")
    )
    assert states.findings == own.findings
    assert states.skipped == own.skipped
    assert states.facts.to_json()["device"] == "state-owned"


def test_no_check_reads_the_device() -> None:
    folder = Path(rostrum.policy.checks.__file__).parent
    reading = [path.name for path in folder.glob("*.py") if re.search(r"\bdevice\b", path.read_text())]
    assert reading == []
