"""Lint: shipped packs are sound, faults refuse, risks name the case, the parent's gaps are reported exactly."""

from pathlib import Path

import pytest

from rostrum.policy.lint import Level, Remark, is_refused, lint_folder, lint_pack
from rostrum.policy.packs import load_shipped, shipped_pack

from .test_packs import CLAUSE, PACK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK)
    (folder / "clauses.toml").write_text(CLAUSE)
    return folder


def faults(remarks: list[Remark]) -> list[str]:
    return [remark.rule for remark in remarks if remark.level is Level.FAULT]


@pytest.mark.parametrize("pack_id", sorted(load_shipped()))
def test_every_shipped_pack_is_sound(pack_id: str) -> None:
    assert faults(lint_pack(shipped_pack(pack_id))) == []


def test_a_small_pack_is_sound(folder: Path) -> None:
    assert not is_refused(lint_folder(folder))


@pytest.mark.parametrize(
    ("file", "content", "rule"),
    [
        ("clauses.toml", CLAUSE.replace("draft.personal-data", "draft.personal-date"), "control-exists"),
        ("clauses.toml", CLAUSE.replace('[{ id = "draft.personal-data" }]', "[]"), "bound"),
        ("clauses.toml", CLAUSE + CLAUSE, "readable"),
        ("pack.toml", PACK + 'parents = ["nowhere"]\n', "pack-exists"),
        ("pack.toml", PACK + '[[setting]]\nid = "x"\ntitle = "X"\nvalue = 1\nclause = "EX-9"\n', "clause-exists"),
        ("pack.toml", PACK + '[[covers_topic]]\ntopic = "1"\nhow = "full"\nclauses = ["EX-1"]\n', "topic-exists"),
        ("examples.toml", '[[example]]\ntitle = "t"\nfacts = { text = "hi" }\nexpect = ["EX-1"]\n', "example"),
        (
            "examples.toml",
            '[[example]]\ntitle = "t"\nfacts = { text = "715-555-0134" }\nexpect_not = ["EX-1"]\n',
            "example",
        ),
        ("examples.toml", '[[example]]\ntitle = "t"\nfacts = { txt = "hi" }\n', "example"),
        ("examples.toml", '[[example]]\ntitle = "t"\nstage = "x"\nfacts = { text = "hi" }\n', "example"),
        (
            "clauses.toml",
            CLAUSE.replace('"draft.personal-data"', '"draft.profanity", with = { list = "none" }'),
            "list-exists",
        ),
        (
            "clauses.toml",
            CLAUSE.replace('"draft.personal-data"', '"draft.personal-data", with = { strength = "soft" }'),
            "strength",
        ),
    ],
)
def test_a_pack_that_does_not_hang_together_is_refused(folder: Path, file: str, content: str, rule: str) -> None:
    (folder / file).write_text(content)
    remarks = lint_folder(folder)
    assert is_refused(remarks)
    assert rule in faults(remarks)


def test_examples_that_pass_are_no_fault(folder: Path) -> None:
    (folder / "examples.toml").write_text(
        '[[example]]\ntitle = "t"\nfacts = { text = "call 715-555-0134" }\nexpect = ["EX-1"]\nmarks = "715-555-0134"\n'
    )
    assert faults(lint_folder(folder)) == []


def test_dma_lacks_exactly_these_topics_of_its_parent() -> None:
    remarks = lint_pack(shipped_pack("dma-2.110"))
    missing = [r.message.split()[2] for r in remarks if r.rule == "parent-topic-missing"]
    thin = [r.message.split()[2] for r in remarks if r.rule == "parent-topic-thin"]
    assert (missing, thin) == (["3", "4", "6", "7", "8", "11"], ["9", "10"])


def test_risky_clauses_of_wausau_name_the_case_and_ask_for_counsel() -> None:
    remarks = [remark for remark in lint_pack(shipped_pack("wausau-city")) if remark.rule == "counsel"]
    by_clause = {remark.clause: remark for remark in remarks}
    assert "Krasno" in by_clause["WAU-removal-12"].case
    assert "Robinson" in by_clause["WAU-removal-00"].case
    assert "Kremer" in by_clause["WAU-page-05b"].case
    assert "WAU-removal-10" not in by_clause  # copyright: low risk
    assert all(remark.level is Level.WARNING and "counsel" in remark.message for remark in remarks)


def test_a_pack_without_effective_date_says_so() -> None:
    remarks = lint_pack(shipped_pack("wausau-city"))
    assert [remark.clause for remark in remarks if remark.rule == "effective-date"] == ["WAU-0-01"]
