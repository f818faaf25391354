"""Packs: all clauses are there, what is wrong is refused with its place, versions change with every byte."""

from pathlib import Path

import pytest

from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.findings import Strength
from rostrum.policy.compose import compose, compose_shipped, with_companions
from rostrum.policy.packs import load_catalog, load_conflicts, load_pack, load_shipped, shipped_pack

FIVE = {"wi-hrh-480": 104, "wi-best-practices": 65, "milwaukee-personal": 63, "dma-2.110": 110, "wausau-city": 136}

PACK = """
id = "example"
title = "Example City policy"
issuer = "Example City"
layer = "policy"
summary = "A short one."
"""
CLAUSE = """
[[clause]]
id = "EX-1"
section = "1"
kind = "obligation"
scope = "official"
capability = "drafting_checks"
control = "enforce"
actors = ["authorized_poster"]
paraphrase = "No personal data."
controls = [{ id = "draft.personal-data" }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "example"
    folder.mkdir()
    (folder / "pack.toml").write_text(PACK)
    (folder / "clauses.toml").write_text(CLAUSE)
    return folder


@pytest.mark.parametrize(("pack_id", "count"), FIVE.items())
def test_each_of_the_five_packs_holds_all_its_clauses(pack_id: str, count: int) -> None:
    pack = shipped_pack(pack_id)
    assert len(pack.clauses) == count
    assert all(clause.paraphrase and clause.section and clause.bindings for clause in pack.clauses)


def test_the_five_packs_hold_478_clauses_with_different_ids() -> None:
    ids = [clause.id for pack_id in FIVE for clause in shipped_pack(pack_id).clauses]
    assert len(ids) == len(set(ids)) == 478


def test_only_five_clauses_state_a_deadline_of_their_own() -> None:
    stated = {c.id: c.deadline for pack_id in FIVE for c in shipped_pack(pack_id).clauses if c.deadline}
    assert stated == {
        "DMA-CERT-08": "P14D",
        "WAU-own-02d": "PT24H",
        "WAU-own-04b": "PT0S",
        "WAU-own-04c": "PT48H",
        "WAU-legal-04c": "P1Y",
    }


def test_every_control_of_the_catalog_carries_a_clause_and_every_binding_is_in_the_catalog() -> None:
    bound = {b.control for pack in load_shipped().values() for c in pack.clauses for b in c.bindings}
    assert bound == {spec.id for spec in load_catalog()}


def test_the_twelve_grounds_can_be_chosen_and_discretion_cannot() -> None:
    policy = compose_shipped("wausau-city")
    assert [ground.id for ground in policy.grounds] == [str(n) for n in range(1, 13)]
    assert {ground.id for ground in policy.grounds if ground.needs_second_person} == {"5", "7", "12"}
    assert all(ground.elements and ground.risk_case for ground in policy.grounds)


def test_a_body_may_leave_off_a_risky_ground() -> None:
    policy = compose_shipped("wausau-city", choices={"removal.open_grounds": ["1", "4"]})
    assert [ground.id for ground in policy.grounds] == ["1", "4"]


def test_every_figure_of_law_has_a_citation_and_a_date() -> None:
    law = shipped_pack("wisconsin-law")
    for entry in (*law.clocks, *law.exemptions, *law.fees):
        assert entry.citation
        assert entry.as_of is not None
    assert {clock.id for clock in law.clocks} >= {"respond_target", "release_bar", "destroy_bar", "whs_notice"}


def test_no_retention_period_is_invented_for_posts() -> None:
    for pack_id in ("wausau-city", "wi-hrh-480"):
        series = next(each for each in shipped_pack(pack_id).series if each.id == "social-media-posts")
        assert series.length is None


@pytest.mark.parametrize(
    ("file", "content", "place", "why"),
    [
        ("pack.toml", PACK + 'colour = "red"\n', "example/pack.toml line 7", "unknown key 'colour'"),
        ("pack.toml", PACK.replace('layer = "policy"', 'layer = "rule"'), "line 5", "not one of"),
        ("pack.toml", PACK.replace('title = "Example City policy"\n', ""), "pack.toml", "'title' is missing"),
        ("pack.toml", PACK + "[[settings]]\n", "line 7", "unknown key 'settings'"),
        ("pack.toml", "id = = 1", "example/pack.toml", "line 1"),
        ("clauses.toml", CLAUSE + "strenght = 1\n", "line 12 (clause EX-1)", "unknown key 'strenght'"),
        ("clauses.toml", CLAUSE + CLAUSE, "line 14 (clause EX-1)", "already at"),
        ("clauses.toml", CLAUSE.replace('"obligation"', '"order"'), "line 5", "not one of"),
        ("clauses.toml", CLAUSE.replace("controls = [", "controls = ["[:-1] + '"x" #'), "line 11", "must be a list"),
        ("clauses.toml", CLAUSE.replace('{ id = "draft.personal-data" }', '{ id = "a", wit = 1 }'), "EX-1", "'wit'"),
        ("clauses.toml", CLAUSE + "\n[[rule]]\nid = 1\n", "line 13", "unknown key 'rule'"),
        ("extra.toml", "", "example/extra.toml", "not a file of a pack"),
        ("notices/x.md", "no title", "notices/x.md line 1", "opens with its title"),
    ],
)
def test_what_cannot_be_read_is_refused_with_file_line_and_key(
    folder: Path, file: str, content: str, place: str, why: str
) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    with pytest.raises(InvalidInput) as problem:
        load_pack(folder)
    assert place in problem.value.where
    assert why in problem.value.why


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "clauses.toml").write_bytes(b"# \xff\n")
    with pytest.raises(InvalidInput, match="UTF-8"):
        load_pack(folder)


def test_a_folder_without_pack_toml_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"pack\.toml"):
        load_pack(tmp_path)


def test_any_changed_byte_changes_the_version(folder: Path) -> None:
    before = load_pack(folder)
    (folder / "clauses.toml").write_text(CLAUSE + "# a remark\n")
    after = load_pack(folder)
    assert before.version != after.version
    assert compose([before]).version != compose([after]).version


def test_a_choice_changes_the_version_and_the_same_choice_does_not() -> None:
    plain = compose_shipped("wausau-city")
    chosen = compose_shipped("wausau-city", choices={"grant.poster_cap": 6})
    again = compose_shipped("wausau-city", choices={"grant.poster_cap": 6})
    assert plain.version != chosen.version == again.version
    assert (plain.setting("grant.poster_cap"), chosen.setting("grant.poster_cap")) == (4, 6)
    shown = {each.setting.id: each for each in chosen.settings()}
    assert shown["grant.poster_cap"].is_chosen
    assert shown["grant.poster_cap"].setting.local_choice


def test_a_city_composes_its_policy_with_law_accessibility_and_limits() -> None:
    policy = compose_shipped("wausau-city")
    assert [pack.id for pack in policy.packs] == [
        "wausau-city",
        "wisconsin-law",
        "us-accessibility",
        "platform-limits",
    ]


def test_a_child_brings_its_parent_and_cites_itself_first() -> None:
    packs = [pack.id for pack in compose_shipped("dma-2.110").packs]
    assert packs[:2] == ["dma-2.110", "wi-hrh-480"]
    assert {pack.id for pack in with_companions(shipped_pack("dma-2.110"))} == set(packs)


def test_a_child_without_its_parent_is_refused() -> None:
    with pytest.raises(InvalidInput, match="needs its parent wi-hrh-480"):
        compose([shipped_pack("dma-2.110")])


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        ({"grant.postercap": 3}, "setting of no composed pack"),
        ({"strength.WAU-nope": "warn"}, "clause of no composed pack"),
        ({"strength.WAU-use-05d": "drop"}, "not a strength"),
    ],
)
def test_a_choice_nobody_asks_for_is_refused(choices: dict[str, object], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        compose_shipped("wausau-city", choices=choices)


def test_a_body_may_lower_a_clause_and_never_drop_it() -> None:
    policy = compose_shipped("wausau-city", choices={"strength.WAU-use-05d": "warn"})
    assert {b.strength for b in policy.bounds if b.clause.id == "WAU-use-05d"} == {Strength.WARN}
    assert len(list(policy.clauses())) == len(list(compose_shipped("wausau-city").clauses()))


def test_advice_informs_where_a_policy_would_block() -> None:
    policy = compose_shipped("wausau-city", "wi-best-practices")
    advice = {b.strength for b in policy.bound_to("draft.personal-data") if b.clause.pack == "wi-best-practices"}
    own = {b.strength for b in policy.bound_to("draft.personal-data") if b.clause.pack == "wausau-city"}
    assert (advice, own) == ({Strength.INFORM}, {Strength.BLOCK})


def test_tensions_are_shown_where_both_sides_are_composed() -> None:
    wausau = {conflict.id for conflict in compose_shipped("wausau-city").conflicts}
    dma = {conflict.id for conflict in compose_shipped("dma-2.110").conflicts}
    assert "elected-officials" in wausau
    assert "elected-officials" not in dma
    assert {"name-and-title", "length", "parent-and-child"} <= dma


def test_every_tension_names_clauses_and_controls_that_exist() -> None:
    clauses = {clause.id for pack in load_shipped().values() for clause in pack.clauses}
    for conflict in load_conflicts():
        assert {clause for side in conflict.between for clause in side} <= clauses
        assert set(conflict.carried_by) <= {spec.id for spec in load_catalog()}
    assert len(load_conflicts()) == 24


def test_a_pack_twice_or_a_clause_twice_is_refused(folder: Path) -> None:
    pack = load_pack(folder)
    with pytest.raises(InvalidInput, match="twice"):
        compose([pack, pack])


def test_an_unknown_pack_is_named_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="wausau-city"):
        compose_shipped("nowhere")
