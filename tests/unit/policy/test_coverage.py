"""Coverage is never flattered; explain and diff say what the packs say."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rostrum.kernel.decisions import InvalidInput
from rostrum.policy.controls import Evidence, LiveControl, Stage
from rostrum.policy.coverage import ClauseStanding, Status, counted, cover
from rostrum.policy.explain import diff, explain
from rostrum.policy.packs import load_catalog, load_pack, load_shipped, shipped_pack

from .test_packs import CLAUSE, PACK

TEST = "tests/areas/test_x.py::test_it_acts"


def answers() -> Evidence:
    return Evidence("It acted.", 3, datetime(2026, 11, 20, tzinfo=UTC), "/assurance/x")


def fails() -> Evidence:
    raise RuntimeError("no table")


def live(
    control: str, *, clauses: tuple[str, ...] = (), evidence: Callable[[], Evidence] = answers, duty: bool = False
) -> LiveControl:
    return LiveControl(control, (TEST,), evidence, clauses, duty)


def standing(clause: str, *controls: LiveControl) -> ClauseStanding:
    return next(each for each in cover([shipped_pack("wausau-city")], controls) if each.clause.id == clause)


def test_without_any_control_nothing_is_live() -> None:
    standings = cover([shipped_pack("wausau-city"), shipped_pack("dma-2.110")], ())
    assert counted(standings) == {Status.LIVE: 0, Status.DUTY: 0, Status.NOT_YET: 246}
    assert standings[0].reasons == ("governance.effective-date: not built yet",)


def test_a_clause_is_live_when_its_control_is_registered_proven_and_answers() -> None:
    found = standing("WAU-removal-13", live("removal.evidence-first"))
    assert found.status is Status.LIVE
    row = found.to_json()
    assert row["status"] == "live"
    assert row["controls"] == ["removal.evidence-first"]
    assert row["evidence"][0]["count"] == 3
    assert {"clause", "pack", "section", "capability", "status", "controls", "evidence"} <= row.keys()


def test_every_control_of_a_clause_must_stand() -> None:
    assert standing("WAU-own-02c", live("custody.deposit-duty")).status is Status.NOT_YET
    both = standing("WAU-own-02c", live("custody.deposit-duty"), live("custody.deposit-before-posting"))
    assert both.status is Status.LIVE


def test_a_control_without_a_test_or_an_answer_counts_for_nothing() -> None:
    untested = LiveControl("removal.evidence-first", (), answers)
    assert "no named test" in standing("WAU-removal-13", untested).reasons[0]
    silent = standing("WAU-removal-13", live("removal.evidence-first", evidence=fails))
    assert (silent.status, silent.to_json()["evidence"]) == (Status.NOT_YET, [])
    assert "does not answer" in silent.reasons[0]


def test_a_silent_evidence_query_is_told_and_not_lost() -> None:
    told: list[str] = []
    cover([shipped_pack("wausau-city")], [live("removal.record", evidence=fails)], on_fault=lambda c, _: told.append(c))
    assert told == ["removal.record"]


def test_a_control_can_claim_fewer_clauses_than_are_bound_to_it() -> None:
    control = live("page.element", clauses=("WAU-page-04",))
    assert standing("WAU-page-04", control).status is Status.LIVE
    other = standing("WAU-page-02", control)
    assert other.status is Status.NOT_YET
    assert "does not yet do what this clause asks" in other.reasons[0]


def test_a_recorded_duty_is_shown_as_one() -> None:
    assert standing("WAU-auth-02a", live("grant.review-duty", duty=True)).status is Status.DUTY


@pytest.mark.parametrize("controls", [("nonsense.control",), ("removal.record", "removal.record")])
def test_a_wrong_registration_is_refused(controls: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput):
        cover([shipped_pack("wausau-city")], [live(control) for control in controls])


def test_every_clause_can_be_explained() -> None:
    for pack in load_shipped().values():
        for clause in pack.clauses:
            text = explain(clause.id).text()
            assert clause.paraphrase in text
            assert all(binding.control in text for binding in clause.bindings)


def test_an_explanation_names_ground_risk_and_tension() -> None:
    text = explain("WAU-removal-12").text()
    assert "Krasno" in text
    assert "sole discretion" in text.lower()
    json = explain("WAU-own-02d").to_json()
    assert json["deadline"] == "PT24H"
    assert json["settings"] == ["Time to record a password change: 24 hours"]


def test_an_unknown_clause_is_refused() -> None:
    with pytest.raises(InvalidInput):
        explain("WAU-nope")


def test_a_pack_differs_from_itself_in_nothing() -> None:
    assert diff(shipped_pack("wausau-city"), shipped_pack("wausau-city")) == ()


def test_differences_name_what_was_added_removed_and_changed(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    for folder in (before, after):
        folder.mkdir()
        (folder / "pack.toml").write_text(PACK)
    (before / "clauses.toml").write_text(CLAUSE + CLAUSE.replace("EX-1", "EX-2"))
    (after / "clauses.toml").write_text(
        CLAUSE.replace("No personal", "Never personal") + CLAUSE.replace("EX-1", "EX-3")
    )
    found = [(d.part, d.id, d.change) for d in diff(load_pack(before), load_pack(after))]
    assert found == [
        ("clauses", "EX-1.paraphrase", "changed"),
        ("clauses", "EX-2", "removed"),
        ("clauses", "EX-3", "added"),
    ]


def test_the_catalog_knows_its_stages_and_areas() -> None:
    catalog = load_catalog()
    assert {spec.id for spec in catalog.at(Stage.USER_BLOCK)} == {
        "removal.block-user",
        "removal.notice-in-place",
        "removal.repeat-infringer",
    }
    assert catalog.get("draft.length").area == "draft"
    with pytest.raises(InvalidInput):
        catalog.get("nope")
