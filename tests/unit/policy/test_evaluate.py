"""Evaluating: findings cite, merge, sort, respect scope, and can be replayed."""

import json

import pytest

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength
from rostrum.policy.compose import compose_shipped
from rostrum.policy.controls import Stage
from rostrum.policy.evaluate import Evaluation, check, evaluate, is_replay_equal, stage_called
from rostrum.policy.facts import DraftFacts, MediaFacts

WAUSAU = compose_shipped("wausau-city")


def test_a_finding_carries_clause_section_paraphrase_advice_strength_and_place() -> None:
    [finding] = check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text="Sam: 715-555-0134"))
    assert finding.clause == "WAU-use-05d"
    assert finding.section == "Official and Acceptable Use, para 5"
    assert "phone numbers" in finding.paraphrase
    assert finding.strength is Strength.BLOCK
    assert (finding.start, finding.end) == (5, 17)
    assert finding.advice


def test_clauses_that_say_the_same_about_one_place_are_one_finding() -> None:
    policy = compose_shipped("dma-2.110", "wi-best-practices")
    findings = [f for f in check(policy, Stage.DRAFT_CHECK, DraftFacts(text="715-555-0134")) if f.start == 0]
    assert len(findings) == 1
    assert findings[0].clause == "WI480-040-05b2"
    assert findings[0].also == ("WI480-050-09b", "BP-4-02")


def test_the_strongest_come_first_then_by_place() -> None:
    text = "#budgethearing #snowremoval Sam: 715-555-0134"
    findings = check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text=text, media=(MediaFacts("image/png"),)))
    assert [(f.strength.value, f.start) for f in findings] == [
        ("block", None),
        ("block", 33),
        ("warn", 0),
        ("warn", 15),
    ]


def test_the_same_facts_under_the_same_policy_give_the_same_findings_again() -> None:
    facts = DraftFacts(
        text="Sam: 715-555-0134 #budgethearing",
        media=(MediaFacts("image/png", rights=""),),
        consents=("Police Department",),
        role="elected_official",
    )
    evaluation = evaluate(WAUSAU, Stage.DRAFT_CHECK, facts)
    stored = Evaluation.from_json(json.loads(json.dumps(evaluation.to_json())))
    assert stored == evaluation
    assert is_replay_equal(WAUSAU, stored)
    assert stored.policy == WAUSAU.version


def test_a_replay_under_another_version_is_refused() -> None:
    stored = evaluate(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text="hi"))
    other = compose_shipped("wausau-city", choices={"grant.poster_cap": 9})
    with pytest.raises(InvalidInput, match="made under"):
        is_replay_equal(other, stored)


def test_what_an_exemption_left_out_is_on_record() -> None:
    facts = DraftFacts(text="The Police Department", role="elected_official")
    skipped = evaluate(WAUSAU, Stage.DRAFT_CHECK, facts).skipped
    exempt = {each.clause: each.why for each in skipped if "exempts" in each.why}
    assert set(exempt) == {"WAU-use-03a", "WAU-use-03c"}
    assert "WAU-use-04b" in exempt["WAU-use-03a"]


def test_official_rules_stay_out_of_personal_use_and_the_other_way_round() -> None:
    personal = check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text="Sam: 715-555-0134", channel_kind="personal"))
    assert personal == []
    milwaukee = compose_shipped("milwaukee-personal")
    official = check(milwaukee, Stage.DRAFT_CHECK, DraftFacts(text="The bridge opens."))
    assert [f.clause for f in official] == ["MKE-V-02"]


def test_the_private_self_check_only_advises() -> None:
    policy = compose_shipped("wi-hrh-480")
    text = "You didn't hear this from me: call Sam at 715-555-0134."
    findings = check(policy, Stage.SELF_CHECK, DraftFacts(text=text, channel_kind="personal"))
    assert {f.clause for f in findings} >= {"WI480-050-06", "WI480-050-09b"}
    assert Strength.BLOCK not in {f.strength for f in findings}


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("This is shit.", "WAU-removal-01"),
        ("I will burn down your house", "WAU-removal-04"),
        ("Vote for Jordan Example", "WAU-removal-05"),
        ("Free estimates, call me today", "WAU-removal-06"),
    ],
)
def test_a_comment_may_suggest_a_ground_for_a_person_to_judge(text: str, ground: str) -> None:
    findings = check(WAUSAU, Stage.COMMENT_ASSESS, DraftFacts(text=text))
    assert {f.clause for f in findings} == {ground}
    assert {f.strength for f in findings} == {Strength.JUDGE}


def test_criticism_suggests_no_ground() -> None:
    text = "The mayor is wrong, this budget is terrible, and I am angry. Fix Elm Street!"
    assert check(WAUSAU, Stage.COMMENT_ASSESS, DraftFacts(text=text)) == []


def test_the_gate_runs_the_same_checks_as_the_draft() -> None:
    facts = DraftFacts(text="Sam: 715-555-0134")
    assert check(WAUSAU, Stage.PUBLISH_GATE, facts) == check(WAUSAU, Stage.DRAFT_CHECK, facts)


def test_stages_that_read_no_text_find_nothing() -> None:
    assert check(WAUSAU, Stage.CHANNEL_OPEN, DraftFacts(text="Sam: 715-555-0134")) == []


@pytest.mark.parametrize(
    ("facts", "place", "why"),
    [
        ({"media": 5}, "facts, key 'media'", "must be a list of objects"),
        ({"media": ["a.png"]}, "facts, key 'media'", "must be a list of objects"),
        ({"media": [{"mime": 5}]}, "facts, media 1, key 'mime'", "must be a text"),
        ({"media": [{"mime": "image/png"}, {}]}, "facts, media 2", "have no mime"),
        ({"other_party_refs": [{"kind": "unit"}]}, "facts, other_party_refs 1", "have no name"),
        ({"consents": "Police"}, "facts, key 'consents'", "must be a list of texts"),
        ({"is_reply": "no"}, "facts, key 'is_reply'", "must be true or false"),
        ({"is_first_post": 1}, "facts, key 'is_first_post'", "must be true or false"),
        ({"platform": None}, "facts, key 'platform'", "must be a text"),
    ],
)
def test_facts_of_another_kind_are_named_with_what_belongs_there(
    facts: dict[str, object], place: str, why: str
) -> None:
    with pytest.raises(InvalidInput) as problem:
        DraftFacts.from_json({"text": "hi", **facts})
    assert (problem.value.where, problem.value.why) == (place, why)


def test_an_unknown_stage_and_an_unknown_fact_are_named() -> None:
    with pytest.raises(InvalidInput, match=r"draft\.check"):
        stage_called("draft")
    with pytest.raises(InvalidInput, match="txt"):
        DraftFacts.from_json({"txt": "hi"})
    with pytest.raises(InvalidInput):
        DraftFacts.from_json({"text": "hi", "media": [{"colour": 1}]})


def test_the_clean_post_has_no_findings() -> None:
    text = "Leaf collection starts Monday on the east side. Rake leaves to the curb by 7 a.m. #LeafCollection"
    assert check(WAUSAU, Stage.DRAFT_CHECK, DraftFacts(text=text, platform="bluesky", unit="Public Works")) == []
