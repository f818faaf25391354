import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import bagit
import pytest

from rostrum.evidence.bag import manifest_line
from rostrum.evidence.bundle import AbsentRecord, BundleWriter, Record, RecordFile, Scope, signature_text
from rostrum.evidence.canonical import canonical_json
from rostrum.evidence.checkpoints import SignerKey, sign_note
from rostrum.evidence.commitments import Part, disclose
from rostrum.evidence.verify import Verdicts, main, verify_bundle
from tests.unit.evidence.bundles import DISPOSED, KEY, OTHER_KEY, SampleLog, write_bundle

LOG = SampleLog()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "bundle"
    write_bundle(folder, LOG)
    return folder


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "bundle"))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "log.pub"
    path.write_text(f"{KEY.verifier}\n")
    return path


def verdict_of(verdicts: Verdicts, record_id: str) -> str:
    return next(result.verdict.value for result in verdicts.results if result.id == record_id)


def seal(folder: Path, key: SignerKey = KEY) -> None:
    """Make manifests and signature fit the files again, as only the key's holder can."""
    payload = sorted(path for path in folder.rglob("*") if path.is_file() and "data" in path.relative_to(folder).parts)
    lines = [
        manifest_line(path.relative_to(folder).as_posix(), sha256(path.read_bytes()).hexdigest())
        for path in sorted(payload, key=lambda path: path.relative_to(folder).as_posix().encode())
    ]
    (folder / "manifest-sha256.txt").write_text("".join(lines))
    oxum = f"{sum(path.stat().st_size for path in payload)}.{len(payload)}"
    (folder / "bag-info.txt").write_text(f"Source-Organization: City of Example\nPayload-Oxum: {oxum}\n")
    tags = sorted(("bagit.txt", "bag-info.txt", "manifest-sha256.txt"))
    text = "".join(manifest_line(name, sha256((folder / name).read_bytes()).hexdigest()) for name in tags)
    (folder / "tagmanifest-sha256.txt").write_text(text)
    (folder / "signature.note").write_bytes(sign_note(signature_text(key.name, text.encode()), key))


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    value = json.loads(path.read_text())
    path.write_bytes(canonical_json(change(value)) + b"\n")


def test_a_whole_bundle_is_complete_and_every_record_has_its_verdict(bundle: Path) -> None:
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdicts.as_json()["faults"] == []
    assert (verdicts.set.value, verdicts.exit_code) == ("complete", 0)
    assert verdicts.counts == {"intact": 26, "redacted_consistent": 3, "lawfully_disposed": 1}
    assert verdict_of(verdicts, f"ver-{DISPOSED}") == "lawfully_disposed"
    assert verdict_of(verdicts, "ver-3") == "redacted_consistent"
    assert [item.where for item in verdicts.not_checked] == ["data/timestamps/checkpoint.tsr"]
    assert "not checked" in verdicts.not_checked[0].why
    assert (verdicts.origin, verdicts.size, verdicts.gaps) == (KEY.name, 32, 1)


def test_what_is_withheld_is_nowhere_in_the_bundle(bundle: Path) -> None:
    withheld = [f"555-01{number:02d}".encode() for number in (3, 11, 12)]
    for path in bundle.rglob("*"):
        if path.is_file():
            assert not any(secret in path.read_bytes() for secret in withheld), path


def test_the_bag_is_valid_under_the_reference_implementation(bundle: Path) -> None:
    assert bagit.Bag(str(bundle)).validate()


def test_a_zip_of_the_bundle_verifies_alike(bundle: Path, tmp_path: Path) -> None:
    for base, name in ((bundle, "flat"), (bundle.parent, "nested")):
        archive = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path in sorted(bundle.rglob("*")):
                zipped.write(path, path.relative_to(base))
        assert verify_bundle(archive, [KEY.verifier]).as_json() == verify_bundle(bundle, [KEY.verifier]).as_json()


def test_without_a_key_nothing_is_trusted_least_of_all_the_bundle_itself(bundle: Path) -> None:
    for keys in ([], [OTHER_KEY.verifier]):
        verdicts = verify_bundle(bundle, keys)
        assert (verdicts.set.value, verdicts.exit_code) == ("untrusted", 3)
        assert verdicts.counts == {"untrusted_key": 30}
        assert {fault.where for fault in verdicts.faults} >= {"data/checkpoint", "signature.note"}


def test_a_bundle_made_whole_again_with_another_key_is_untrusted(bundle: Path) -> None:
    rewrite(bundle / "data/scope.json", lambda scope: scope | {"statement": "Less"})
    (bundle / "data/checkpoint").write_bytes(LOG.checkpoint(OTHER_KEY))
    seal(bundle, OTHER_KEY)
    assert verify_bundle(bundle, [KEY.verifier]).exit_code == 3


def test_a_signature_by_another_key_over_a_trusted_checkpoint_is_found(bundle: Path) -> None:
    seal(bundle, OTHER_KEY)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdicts.exit_code == 1
    assert verdicts.faults[0].where == "signature.note"
    # The tree still proves what is whole and what was disposed of; what explains the redactions is not signed.
    assert verdicts.counts == {"intact": 26, "lawfully_disposed": 1, "missing_unexplained": 3}


def test_a_stranger_cannot_withhold_a_part_and_explain_it(bundle: Path) -> None:
    def withhold(record: dict[str, Any]) -> dict[str, Any]:
        commitments = disclose(LOG.records[0], LOG.seeds[0], {4})
        return record | {"parts": commitments}

    rewrite(bundle / "data/records/000001/record.json", withhold)
    line = {"record": "ver-0", "parts": ["text/1"], "code": "any", "reason": "any"}
    with (bundle / "data/redactions.jsonl").open("ab") as file:
        file.write(canonical_json(line) + b"\n")
    seal(bundle, OTHER_KEY)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdict_of(verdicts, "ver-0") == "missing_unexplained"
    seal(bundle)
    assert verdict_of(verify_bundle(bundle, [KEY.verifier]), "ver-0") == "redacted_consistent"


def test_an_absence_without_a_proved_disposition_is_unexplained(tmp_path: Path) -> None:
    write_bundle(tmp_path / "bundle", LOG, disposition=False)
    verdicts = verify_bundle(tmp_path / "bundle", [KEY.verifier])
    assert verdict_of(verdicts, f"ver-{DISPOSED}") == "missing_unexplained"
    assert verdicts.exit_code == 1
    assert verdicts.faults[0].where == "data/scope-records.jsonl, line 8"


def test_a_disposition_that_is_claimed_but_not_proved_explains_nothing(bundle: Path) -> None:
    lines = (bundle / "data/custody.jsonl").read_bytes().splitlines(keepends=True)
    entry = json.loads(lines[1])
    entry["parts"][0]["text"] = "ent-9"
    (bundle / "data/custody.jsonl").write_bytes(lines[0] + canonical_json(entry) + b"\n")
    seal(bundle)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdict_of(verdicts, f"ver-{DISPOSED}") == "missing_unexplained"
    assert "data/custody.jsonl, line 2" in {fault.where for fault in verdicts.faults}


def drop_a_record(folder: Path) -> str:
    shutil.rmtree(folder / "data/records/000005")
    return "data/records/000005"


def drop_a_record_and_its_scope_line(folder: Path) -> str:
    shutil.rmtree(folder / "data/records/000005")
    path = folder / "data/scope-records.jsonl"
    path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if '"000005"' not in line))
    return "data/scope-records.jsonl"


def hide_a_record_completely(folder: Path) -> str:
    drop_a_record_and_its_scope_line(folder)
    rewrite(folder / "data/scope.json", lambda scope: scope | {"count": scope["count"] - 1})
    return "data/scope.json"


def withhold_without_a_reason(folder: Path) -> str:
    path = folder / "data/redactions.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    return "data/records/000004/record.json"


def change_a_word(folder: Path) -> str:
    path = folder / "data/records/000002/record.json"
    path.write_text(path.read_text().replace("pool ", "jail "))
    return "data/records/000002/record.json"


def change_a_payload(folder: Path) -> str:
    (folder / "data/records/000002/payload.json").write_text("{}")
    return "data/records/000002/payload.json"


def leave_out_a_medium(folder: Path) -> str:
    (folder / "data/records/000003/media/0.jpg").unlink()
    rewrite(
        folder / "data/records/000003/record.json",
        lambda record: record | {"files": [file for file in record["files"] if file["part"] == "raw"]},
    )
    return "data/records/000003/record.json"


def swap_two_records(folder: Path) -> str:
    one, other = folder / "data/records/000001", folder / "data/records/000002"
    one.rename(folder / "aside")
    other.rename(one)
    (folder / "aside").rename(other)
    return "data/records/000001/record.json"


def add_a_file(folder: Path) -> str:
    (folder / "data/records/000002/more.txt").write_text("more")
    return "data/records/000002/more.txt"


def add_a_record(folder: Path) -> str:
    shutil.copytree(folder / "data/records/000002", folder / "data/records/000099")
    return "data/records/000099/record.json"


def forget_an_entry(folder: Path) -> str:
    path = folder / "data/custody.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    return "data/scope.json"


def break_the_history(folder: Path) -> str:
    rewrite(folder / "data/consistency.json", lambda earlier: [earlier[0] | {"proof": earlier[0]["proof"][1:]}])
    return "data/consistency.json, [0]"


@pytest.mark.parametrize(
    "cheat",
    [
        drop_a_record,
        drop_a_record_and_its_scope_line,
        hide_a_record_completely,
        withhold_without_a_reason,
        change_a_word,
        change_a_payload,
        leave_out_a_medium,
        swap_two_records,
        add_a_file,
        add_a_record,
        forget_an_entry,
        break_the_history,
    ],
    ids=lambda cheat: cheat.__name__,
)
def test_even_the_holder_of_the_key_cannot(bundle: Path, cheat: Callable[[Path], str]) -> None:
    where = cheat(bundle)
    seal(bundle)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdicts.exit_code == 1
    assert any(fault.where.startswith(where) for fault in verdicts.faults), verdicts.faults


def test_a_record_verdict_says_what_happened_to_it(bundle: Path) -> None:
    change_a_word(bundle)
    drop_a_record(bundle)
    leave_out_a_medium(bundle)
    seal(bundle)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdict_of(verdicts, "ver-1") == "altered"
    assert verdict_of(verdicts, "ver-4") == "missing_unexplained"
    assert verdict_of(verdicts, "ver-2") == "missing_unexplained"
    assert verdict_of(verdicts, "ver-0") == "intact"


MALFORMED = [b"", b"\n", b"{", b"[]", b"null\n", b'"x"\n', b"\xff\xfe", b"[" * 200_000, b'{"a":1e999}\n', b"1\n" * 9]
MALFORMED += [b'{"id":[],"commitment":{},"leaf_index":"1","folder":{}}\n', b'[{"checkpoint":5,"proof":{}}]\n']
MALFORMED += [b'{"format":"rostrum-record/v1","id":1,"commitment":1,"leaf_index":1,"proof":1,"parts":1,"files":1}']
MALFORMED += [b'{"format":"rostrum-scope/v1","statement":1,"query":1,"count":"x","covers_log":1}']
FILES = ("scope.json", "scope-records.jsonl", "redactions.jsonl", "custody.jsonl", "gaps.json", "consistency.json")


@pytest.mark.parametrize("name", [*FILES, "checkpoint", "records/000001/record.json"])
@pytest.mark.parametrize("sealed", [True, False])
def test_malformed_files_are_located_faults_and_never_a_traceback(bundle: Path, name: str, sealed: bool) -> None:
    for content in MALFORMED:
        (bundle / "data" / name).write_bytes(content)
        if sealed:
            seal(bundle)
            if content == b"[]" and name in ("gaps.json", "consistency.json"):
                continue  # well formed: nothing is claimed
        verdicts = verify_bundle(bundle, [KEY.verifier])
        assert verdicts.exit_code in (1, 3), content
        located = [fault.where.startswith(f"data/{name}") for fault in verdicts.faults]
        # An empty log of lines is well formed; what it should have explained is then located elsewhere.
        assert any(located) or content == b"", content


RECORD_CHANGES: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
    lambda record: record | {"files": "x"},
    lambda record: record | {"files": [5]},
    lambda record: record | {"files": [{"part": "raw", "path": "../../checkpoint", "mime": ""}]},
    lambda record: record | {"files": record["files"] * 2},
    lambda record: record | {"derived": [{"part": [], "path": {}, "mime": 0}]},
    lambda record: record | {"proof": {}},
    lambda record: record | {"proof": [5]},
    lambda record: record | {"proof": ["ff" * 31]},
    lambda record: record | {"proof": []},
    lambda record: record | {"leaf_index": -1},
    lambda record: record | {"leaf_index": 2**52},
    lambda record: record | {"leaf_index": True},
    lambda record: record | {"id": "other"},
    lambda record: record | {"id": None},
    lambda record: record | {"parts": []},
    lambda record: record | {"parts": record["parts"][:-1]},
    lambda record: record | {"parts": {"0": 1}},
    lambda record: record | {"commitment": "00" * 32},
    lambda record: record | {"more": 1},
    lambda record: record | {"format": "rostrum-record/v2"},
]


@pytest.mark.parametrize("change", RECORD_CHANGES)
def test_a_malformed_record_is_altered_and_located(bundle: Path, change: Callable[[Any], Any]) -> None:
    rewrite(bundle / "data/records/000001/record.json", change)
    seal(bundle)
    verdicts = verify_bundle(bundle, [KEY.verifier])
    assert verdict_of(verdicts, "ver-0") == "altered"
    assert any(fault.where.startswith("data/records/000001/") for fault in verdicts.faults)


def test_links_and_odd_names_are_located_and_not_followed(bundle: Path) -> None:
    (bundle / "data/readable/passwd").symlink_to("/etc/passwd")
    (bundle / "data/readable/a\nb").write_text("x")
    (bundle / "data/readable/e\u0301").write_text("x")
    os.mkfifo(bundle / "data/readable/pipe")
    whys = {fault.where: fault.why for fault in verify_bundle(bundle, [KEY.verifier]).faults}
    assert whys["data/readable/passwd"] == "is a symbolic link"
    assert whys["data/readable/pipe"] == "is not a regular file"
    assert "normalisation" in whys["data/readable/e\u0301"]
    assert any("a\nb" in where for where in whys)


def test_a_link_in_the_place_of_a_listed_file_is_not_followed(bundle: Path) -> None:
    path = bundle / "data/readable/letter.txt"
    path.rename(bundle.parent / "letter.txt")
    path.symlink_to(bundle.parent / "letter.txt")
    assert verify_bundle(bundle, [KEY.verifier]).exit_code == 1


def test_zip_files_with_tricks_are_located(bundle: Path, tmp_path: Path) -> None:
    archive = tmp_path / "tricks.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in sorted(bundle.rglob("*")):
            zipped.write(path, path.relative_to(bundle))
        zipped.writestr("../outside", "x")
        zipped.writestr("/etc/passwd", "x")
        link = zipfile.ZipInfo("data/link")
        link.external_attr = 0o120777 << 16
        zipped.writestr(link, "/etc/passwd")
        with pytest.warns(UserWarning, match="Duplicate"):
            zipped.writestr("bagit.txt", "again")
    whys = {fault.why for fault in verify_bundle(archive, [KEY.verifier]).faults}
    assert whys == {
        "appears twice in the zip file",
        "is a symbolic link",
        "the path leaves its folder or names it twice",
        "the path is not a relative path with forward slashes",
    }


def test_a_damaged_zip_is_located_or_unreadable(bundle: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(bundle.rglob("*")):
            zipped.write(path, path.relative_to(bundle))
    whole = archive.read_bytes()
    for at in range(0, len(whole), 211):
        archive.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert verify_bundle(archive, [KEY.verifier]).exit_code in (0, 1, 2, 3)
    archive.write_bytes(whole[:-100])
    assert verify_bundle(archive, [KEY.verifier]).exit_code == 2


def test_a_zip_that_claims_more_than_it_can_hold_is_not_read(bundle: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.write(bundle / "bagit.txt", "bagit.txt")
        zipped.write(bundle / "manifest-sha256.txt", "manifest-sha256.txt")
        zipped.writestr("data/small", "x")
        for number in range(50):  # members that share one place in the file, as overlapping bombs do
            member = zipfile.ZipInfo(f"data/{number}")
            member.file_size, member.header_offset, member.compress_size, member.CRC = 10_000_000, 0, 10, 0
            zipped.filelist.append(member)
    verdicts = verify_bundle(archive, [KEY.verifier])
    assert verdicts.exit_code == 2
    assert "claims to hold more" in verdicts.faults[0].why


def test_a_zip_of_another_method_is_not_read(bundle: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as zipped:
        for path in sorted(bundle.rglob("*")):
            zipped.write(path, path.relative_to(bundle))
    assert verify_bundle(archive, [KEY.verifier]).exit_code == 2


@pytest.mark.parametrize("content", [None, b"", b"plain text", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_unreadable(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "thing"
    if content is not None:
        path.write_bytes(content)
    verdicts = verify_bundle(path, [KEY.verifier])
    assert (verdicts.set.value, verdicts.exit_code) == ("unreadable", 2)
    assert verdicts.faults[0].where == str(path)


def test_an_empty_folder_is_unreadable(tmp_path: Path) -> None:
    assert verify_bundle(tmp_path, []).exit_code == 2


def test_the_command_answers_in_json_and_in_sentences(
    bundle: Path, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(bundle), "--key", str(key_file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["set"] == "complete"
    assert answer["records"] == {"intact": 26, "lawfully_disposed": 1, "redacted_consistent": 3}
    assert answer["faults"] == []
    assert {"id": "ver-0", "verdict": "intact", "why": ""} in answer["results"]
    assert main([str(bundle), "--key", str(key_file)]) == 0
    assert "Complete for its stated scope" in capsys.readouterr().out
    assert main([str(bundle)]) == 3
    assert "public key" in capsys.readouterr().out


def test_an_unusable_key_file_is_said_so(bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content in (b"nonsense\n", b"", b"\xff"):
        (tmp_path / "bad.pub").write_bytes(content)
        assert main([str(bundle), "--key", str(tmp_path / "bad.pub")]) == 2
        assert "--key" in capsys.readouterr().out
    assert main([str(bundle), "--key", str(tmp_path / "none.pub")]) == 2


def test_a_bundle_cannot_write_to_the_terminal(
    bundle: Path, key_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewrite(bundle / "data/scope.json", lambda scope: scope | {"statement": "\x1b[2J all is well"})
    main([str(bundle), "--key", str(key_file)])
    assert "\x1b" not in capsys.readouterr().out


def test_the_stand_alone_file_verifies_with_nothing_of_ours_importable(
    bundle: Path, key_file: Path, tmp_path: Path
) -> None:
    import cryptography
    from tools.build_verifier import build

    pyz = tmp_path / "rostrum-verify.pyz"
    build(pyz)
    first = pyz.read_bytes()
    build(pyz)
    assert pyz.read_bytes() == first, "the same sources give the same file, so that its digest can be published"
    # Only `cryptography` and what it needs are importable, from a folder that holds nothing else.
    only = tmp_path / "only"
    only.mkdir()
    site = Path(cryptography.__file__).parent.parent
    for found in site.iterdir():
        if found.name.split("-")[0].split(".")[0] in ("cryptography", "cffi", "_cffi_backend", "pycparser"):
            (only / found.name).symlink_to(found)
    program = (
        "import importlib.util, runpy, sys; sys.path.append(sys.argv[1]); "
        "assert not importlib.util.find_spec('rostrum') and not importlib.util.find_spec('orjson'); "
        "sys.argv = sys.argv[2:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-I", "-S", "-c", program, str(only), str(pyz)]
    ran = subprocess.run([*command, str(bundle), "--key", str(key_file), "--json"], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    assert json.loads(ran.stdout) == verify_bundle(bundle, [KEY.verifier]).as_json()
    assert subprocess.run([*command, str(bundle)], capture_output=True, check=False).returncode == 3


# -- what the writer refuses


def writer(tmp_path: Path) -> BundleWriter:
    return BundleWriter(tmp_path / "out", checkpoint=LOG.checkpoint(), signer=KEY, scope=Scope("all"))


def test_the_writer_refuses_what_would_not_verify_and_leaves_nothing(tmp_path: Path) -> None:
    good = LOG.record(0)
    wrong: list[Record | AbsentRecord] = [
        Record("a", good.parts, bytes(32), 0, good.proof),
        Record("a", good.parts, good.seed, 1, good.proof),
        Record("a", [*good.parts, Part("raw", b"")], good.seed, 0, good.proof),
        Record("a", good.parts, good.seed, 0, good.proof, withheld={99}),
        Record("a", good.parts, good.seed, 0, good.proof, files=[RecordFile("raw", "payload.json", b"other")]),
        Record("a", good.parts, good.seed, 0, good.proof, withheld={2}, files=list(good.files)),
        Record("a", good.parts, good.seed, 0, good.proof, files=[RecordFile("raw", "../x", LOG.payload(0))]),
        Record("a", good.parts, good.seed, 0, good.proof, files=[RecordFile("raw", "record.json", LOG.payload(0))]),
        AbsentRecord("a", b"short", 0),
        AbsentRecord("a", bytes(32), 32),
    ]
    for record in wrong:
        with pytest.raises(ValueError), writer(tmp_path) as bundle:  # noqa: PT012 - the block is what is refused
            if isinstance(record, Record):
                bundle.add_record(record)
            else:
                bundle.add_absent(record)
        assert not list(tmp_path.iterdir())


def test_the_writer_refuses_the_same_leaf_twice_and_unexplained_withholding(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="already"), writer(tmp_path) as bundle:  # noqa: PT012
        bundle.add_record(LOG.record(0))
        bundle.add_record(LOG.record(0))
    with pytest.raises(ValueError, match="not in the redaction log"), writer(tmp_path) as bundle:  # noqa: PT012
        bundle.add_record(LOG.record(3))
        bundle.finish()
    assert not list(tmp_path.iterdir())


def test_the_writer_refuses_to_claim_the_whole_log_without_it(tmp_path: Path) -> None:
    scope = Scope("all", covers_log=True)
    with (  # noqa: PT012
        pytest.raises(ValueError, match="lacks leaf 1"),
        BundleWriter(tmp_path / "out", checkpoint=LOG.checkpoint(), signer=KEY, scope=scope) as bundle,
    ):
        bundle.add_record(LOG.record(0))
        bundle.finish()


def test_the_writer_reads_files_as_streams_and_does_not_overwrite(tmp_path: Path, made: Path) -> None:
    source = tmp_path / "payload"
    source.write_bytes(LOG.payload(0))
    good = LOG.record(0)
    with writer(tmp_path) as bundle:
        bundle.add_record(
            Record(
                "ver-0",
                good.parts,
                good.seed,
                0,
                good.proof,
                files=[RecordFile("raw", "p.json", lambda: source.open("rb"))],
            )
        )
        assert bundle.finish().records == 1
    assert verify_bundle(tmp_path / "out", [KEY.verifier]).exit_code == 0
    with pytest.raises(FileExistsError):
        writer(tmp_path)
