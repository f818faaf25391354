"""`rostrum bundle export` and `rostrum verify`: what they write and print, and how they end."""

import json
from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType

import bagit
import pytest

from rostrum.areas.archive.models import Version
from rostrum.areas.disclosure import withholding
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.ledger.models import Entry
from rostrum.cli import bundle, verify
from rostrum.evidence.verify import main as rostrum_verify
from rostrum.kernel.decisions import InvalidInput, Refused
from tests.archive import make_item
from tests.disclosure import PHONE, City, a_city, determined, in_review, produced, record_of, release_rest, withhold

pytestmark = pytest.mark.django_db


def call(command: ModuleType, *words: object) -> int:
    parser = ArgumentParser()
    command.configure(parser)
    result: int = command.run(parser.parse_args([str(word) for word in words]))
    return result


@pytest.fixture
def city() -> City:
    return a_city()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return tmp_path / "log.key"


def verified(folder: Path, key: Path, capsys: pytest.CaptureFixture[str]) -> dict:
    """What `rostrum verify --json` says, once it says the same as `rostrum-verify`."""
    key.write_text(ledger.verifier_keys())
    capsys.readouterr()
    code = call(verify, folder, "--key", key, "--json")
    told = capsys.readouterr().out
    assert rostrum_verify([str(folder), "--key", str(key), "--json"]) == code
    assert capsys.readouterr().out == told
    return {"exit": code, **json.loads(told)}


def test_a_request_is_exported_as_it_was_handed_over(
    city: City, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)
    production = produced(city, determined(city, request))

    assert call(bundle, "export", "--request", 1, "--out", tmp_path / "out", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["production"], told["zip_sha256"]) == (3, 1, production.digest)
    answer = verified(tmp_path / "out", key, capsys)
    assert (answer["exit"], answer["set"]) == (0, "complete")
    assert answer["records"] == {"intact": 2, "redacted_consistent": 1}


def test_a_determined_request_without_a_production_is_built(
    city: City, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = in_review(city)
    release_rest(city, request)
    determined(city, request)
    entries = Entry.objects.count()

    assert call(bundle, "export", "--request", 1, "--out", tmp_path / "out") == 0

    assert "counts as handed over only once" in capsys.readouterr().out
    assert verified(tmp_path / "out", key, capsys)["records"] == {"intact": 3}
    assert Entry.objects.count() == entries
    request.refresh_from_db()
    assert request.state == "determined"


def test_a_bundle_that_would_show_a_withheld_text_is_not_left_behind(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE)
    release_rest(city, request)
    determined(city, request)
    monkeypatch.setattr(withholding.Chosen, "withheld", lambda self, parts: set())

    with pytest.raises(Refused, match="still shows a part that was withheld"):
        call(bundle, "export", "--request", 1, "--out", tmp_path / "out")

    assert list(tmp_path.glob("out*")) == []


@pytest.mark.parametrize("number", [1, 7])
def test_a_request_that_is_not_determined_or_not_there_exports_nothing(city: City, tmp_path: Path, number: int) -> None:
    in_review(city)

    with pytest.raises((Refused, InvalidInput)):
        call(bundle, "export", "--request", number, "--out", tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(city: City, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/mine.txt").write_text("mine")

    with pytest.raises(InvalidInput, match="exists already"):
        call(bundle, "export", "--all", "--out", tmp_path / "out")
    with pytest.raises(InvalidInput, match="no folder"):
        call(bundle, "export", "--all", "--out", tmp_path / "nowhere/out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_everything_is_exported_with_the_whole_log(
    city: City, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city.store(*(make_item(f"n{number}", f"Note {number}") for number in range(1200)))
    in_review(city)

    assert call(bundle, "export", "--all", "--out", tmp_path / "out", "--json") == 0

    told = json.loads(capsys.readouterr().out)
    assert (told["records"], told["entries"]) == (1203, Entry.objects.count())
    answer = verified(tmp_path / "out", key, capsys)
    assert (answer["exit"], answer["set"], answer["records"]) == (0, "complete", {"intact": 1203})
    assert json.loads((tmp_path / "out/data/scope.json").read_bytes())["covers_log"] is True
    assert {path.name for path in (tmp_path / "out/data/readable").iterdir()} == {
        "records.csv", "records.jsonl", "records.pdf", "records-2.pdf",
    }  # fmt: skip
    assert bagit.Bag(str(tmp_path / "out")).is_valid(fast=True)


def test_a_full_export_of_an_empty_archive_still_verifies(
    tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.channels import a_body

    a_body()

    assert call(bundle, "export", "--all", "--out", tmp_path / "out") == 0

    assert verified(tmp_path / "out", key, capsys)["set"] == "complete"


def test_verify_ends_as_rostrum_verify_does(
    city: City, tmp_path: Path, key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(bundle, "export", "--all", "--out", tmp_path / "out")
    key.write_text(ledger.verifier_keys())

    assert call(verify, tmp_path / "out", "--key", key) == 0
    assert "Complete for its stated scope" in capsys.readouterr().out
    assert call(verify, tmp_path / "out") == 3
    assert call(verify, tmp_path / "nothing") == 2
    csv = tmp_path / "out/data/readable/records.csv"
    csv.write_bytes(csv.read_bytes().replace(b"pool", b"pond"))
    capsys.readouterr()
    assert call(verify, tmp_path / "out", "--key", key) == 1
    assert "fault: data/readable/records.csv" in capsys.readouterr().out


def test_an_altered_row_is_named_and_nothing_is_handed_out(city: City, tmp_path: Path) -> None:
    version = Version.objects.select_related("item").order_by("pk")[0]
    Version.objects.filter(pk=version.pk).update(text="The pool opens at noon.")
    with pytest.raises(Refused, match=f"{version.item.public_id}-v1.*not what the ledger committed to"):
        call(bundle, "export", "--all", "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()
