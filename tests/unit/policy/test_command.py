"""`rostrum policy` as others rely on it: JSON shapes and exit codes, without a database."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from rostrum.cli.main import main

from .test_packs import CLAUSE, PACK


def policy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["rostrum", "policy", *words])
    code = main()
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *words: policy(monkeypatch, capsys, *words)


def test_check_prints_findings_as_a_list(run: Any) -> None:
    text = "Sam: 715-555-0134 #budgethearing"
    code, out, _ = run(
        "check", "--pack", "wausau-city", "--stage", "draft.check", "--as", "spokesperson",
        "--channel-kind", "bluesky", "--text", text, "--json",
    )  # fmt: skip
    findings = json.loads(out)
    assert code == 0
    assert [(f["clause"], text[f["start"] : f["end"]]) for f in findings] == [
        ("WAU-use-05d", "715-555-0134"),
        ("A11Y-03", "#budgethearing"),
    ]
    assert all({"clause", "control", "strength", "message", "start", "end"} <= f.keys() for f in findings)


def test_check_of_a_clean_text_prints_an_empty_list_and_succeeds(run: Any) -> None:
    code, out, _ = run("check", "--pack", "dma-2.110", "--stage", "grant.issue", "--text", "hello", "--json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    "words",
    [
        ("--pack", "nowhere", "--stage", "draft.check"),
        ("--pack", "wausau-city", "--stage", "draft"),
        ("--pack", "wausau-city", "--stage", "draft.check", "--as", "wizard"),
        ("--pack", "wausau-city", "--stage", "draft.check", "--choice", "x"),
        ("--pack", "wausau-city", "--stage", "draft.check", "--choice", "nope=1"),
        ("--pack", "wausau-city", "--stage", "draft.check", "--facts", "[1]"),
        ("--pack", "wausau-city", "--stage", "draft.check", "--facts", "{"),
    ],
)
def test_what_cannot_be_used_is_named_with_exit_code_2(run: Any, words: tuple[str, ...]) -> None:
    code, out, err = run("check", *words, "--text", "hi", "--json")
    assert (code, out) == (2, "")
    assert err.startswith("rostrum policy: ")


def test_roles_units_choices_and_facts_reach_the_check(run: Any) -> None:
    text = "The Police Department, 715-555-0100"
    base = ("check", "--pack", "wausau-city", "--stage", "draft.check", "--text", text, "--json")
    allowed = ("--choice", 'body.office_numbers=["715-555-0100"]')
    assert json.loads(run(*base, "--unit", "Police Department", *allowed)[1]) == []
    assert json.loads(run(*base, "--as", "ELE", *allowed)[1]) == []
    media = '{"media": [{"mime": "image/png"}]}'
    found = json.loads(run(*base, "--as", "elected-official", *allowed, "--facts", media)[1])
    assert [f["clause"] for f in found] == ["A11Y-01"]


def test_a_pack_alone_leaves_out_its_overlays(run: Any) -> None:
    base = ("check", "--pack", "wausau-city", "--stage", "draft.check", "--text", "#budgethearing", "--json")
    assert json.loads(run(*base, "--alone")[1]) == []
    assert len(json.loads(run(*base)[1])) == 1


def test_an_unknown_channel_kind_is_told_and_checked_anyway(run: Any) -> None:
    code, out, err = run(
        "check",
        "--pack",
        "wausau-city",
        "--stage",
        "draft.check",
        "--channel-kind",
        "telegraph",
        "--text",
        "hi",
        "--json",
    )
    assert (code, json.loads(out)) == (0, [])
    assert "telegraph" in err


def test_list_names_every_pack(run: Any) -> None:
    code, out, _ = run("list", "--json")
    assert code == 0
    assert {pack["id"]: pack["clauses"] for pack in json.loads(out)}["wausau-city"] == 136
    assert "wisconsin-law" in run("list")[1]


def test_lint_is_refused_with_exit_code_1(run: Any, tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text(PACK)
    (tmp_path / "clauses.toml").write_text(CLAUSE)
    assert run("lint", str(tmp_path))[0] == 0
    (tmp_path / "clauses.toml").write_text(CLAUSE + "colour = 1\n")
    code, out, _ = run("lint", str(tmp_path))
    assert code == 1
    assert "line 12 (clause EX-1): unknown key 'colour'" in out
    assert json.loads(run("lint", str(tmp_path), "--json")[1])["refused"] is True
    assert run("lint", "dma-2.110")[0] == 0
    assert run("lint", "/nonexistent")[0] == 2


def test_explain_and_diff(run: Any) -> None:
    assert "phone numbers" in run("explain", "WAU-use-05d")[1]
    assert json.loads(run("explain", "WAU-use-05d", "--json")[1])["id"] == "WAU-use-05d"
    assert run("explain", "nope")[0] == 2
    assert run("diff", "wausau-city", "wausau-city")[1] == "no difference\n"
    assert json.loads(run("diff", "wausau-city", "dma-2.110", "--json")[1])


def test_the_text_can_come_from_a_file(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_bytes(b"Sam: 715-555-0134")
    base = ("check", "--pack", "wausau-city", "--stage", "draft.check", "--json", "--file", str(file))
    assert len(json.loads(run(*base)[1])) == 1
    file.write_bytes(b"\xff")
    assert run(*base)[0] == 2
