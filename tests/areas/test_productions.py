"""Productions: what is handed over verifies offline, shows nothing withheld, and opens with ordinary tools."""

import csv
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import bagit
import pikepdf
import pytest

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive import queries
from rostrum.areas.archive.models import Version
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.archive.rules import Cause
from rostrum.areas.disclosure import operations, verifying
from rostrum.areas.disclosure.models import Production, RecordsRequest, ResponsiveRecord
from rostrum.areas.disclosure.productions import zip_folder
from rostrum.areas.disclosure.verifying import Secret, Watch
from rostrum.areas.ledger import queries as ledger
from rostrum.evidence.checkpoints import VerifierKey, read_verifier_keys
from rostrum.evidence.verdicts import Verdicts
from rostrum.evidence.verify import verify_bundle
from rostrum.kernel.decisions import Refused
from tests.archive import make_item
from tests.disclosure import (
    COMPLAINT,
    NOW,
    PHONE,
    City,
    a_city,
    a_comment,
    decide,
    determined,
    in_review,
    later,
    produced,
    record_of,
    release_rest,
    withhold,
    zip_of,
)

pytestmark = pytest.mark.django_db


def keys() -> list[VerifierKey]:
    return read_verifier_keys(ledger.verifier_keys())


def unpacked(production: Production, tmp_path: Path) -> Path:
    with zipfile.ZipFile(zip_of(production, tmp_path)) as packed:
        packed.extractall(tmp_path / "bag")
    (folder,) = (tmp_path / "bag").iterdir()
    return folder


def verdicts(result: Verdicts) -> dict[str, str]:
    return {one.id: one.verdict.value for one in result.results}


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def city() -> City:
    return a_city()


@pytest.fixture
def request_(city: City) -> RecordsRequest:
    """Determined: the number in the first comment is redacted, the rest released, a fourth withheld whole."""
    city.store(a_comment("c3", "The alarm of the pool is switched off with 4711", author_name="Gil Guard"))
    request = in_review(city)
    withhold(city, record_of(request, "c1"), PHONE)
    decide(city, record_of(request, "c3"), "withhold", exemptions=["security"], reason="How the pool is guarded")
    release_rest(city, request)
    return determined(city, request)


@pytest.mark.proves("redaction.release-copy", "record.personal-data-kept")
def test_a_production_verifies_and_the_withheld_number_is_nowhere_in_it(
    city: City, request_: RecordsRequest, tmp_path: Path
) -> None:
    production = produced(city, request_)
    assert (production.state, production.fault, production.records) == ("ready", "", 4)
    assert request_.state == "produced"
    packed = zip_of(production, tmp_path)
    assert packed.stat().st_size == production.size_bytes

    result = verify_bundle(packed, keys())
    assert (result.exit_code, result.set.value, list(result.faults)) == (0, "complete", [])
    assert verdicts(result) == {
        record_of(request_, "p1").public_id: "intact",
        record_of(request_, "c1").public_id: "redacted_consistent",
        record_of(request_, "c2").public_id: "intact",
        record_of(request_, "c3").public_id: "redacted_consistent",
    }
    assert verify_bundle(packed, []).exit_code == 3

    folder = unpacked(production, tmp_path)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".pdf":
            content = text_of(path).encode()
            with pikepdf.open(path) as pdf:  # compressed streams hide text from a search of the bytes
                streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
            # Fonts and glyph tables hold every short run of digits.
            assert not any(secret in stream for stream in streams for secret in (b"555-0134", b"5550134", b"Gil Guard"))
        for secret in (b"555-0134", b"5550134", b"0134", b"4711", b"Gil Guard"):
            found = re.search(rb"(?<![0-9a-f])" + re.escape(secret) + rb"(?![0-9a-f])", content)
            assert not found, path
    assert b"[withheld]" in (folder / "data/readable/records.csv").read_bytes()

    # The original is as it was; only the copy is redacted.
    version = Version.objects.get(item__native_id="c1")
    assert version.text == COMPLAINT
    assert PHONE in queries.raw_of(version).decode()


def test_the_readable_copies_say_the_same_in_pdf_csv_and_json(
    city: City, request_: RecordsRequest, tmp_path: Path
) -> None:
    folder = unpacked(produced(city, request_), tmp_path)
    readable = folder / "data/readable"

    rows = [json.loads(line) for line in (readable / "records.jsonl").read_text(encoding="utf-8").splitlines()]
    with (readable / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [{name: str(value) for name, value in row.items()} for row in rows] == table
    texts = {row["record"]: row["text"] for row in rows}
    assert texts[record_of(request_, "p1").public_id] == "The pool on Main Street closes for repairs on Monday."
    assert texts[record_of(request_, "c1").public_id] == (
        "The pool is closed again! Call me at [withheld] to talk about it."
    )
    assert texts[record_of(request_, "c3").public_id] == "[withheld]"
    pages = text_of(readable / "records.pdf")
    for row in rows:
        assert row["record"] in pages
    assert "Withheld under s. 19.35(1)(a) balancing, Wis. Stats.: A resident's own telephone number" in " ".join(
        pages.split()
    )
    letter = " ".join(text_of(readable / "letter.pdf").split())
    assert "Your request is granted in part. We found 4 records that answer it: 2 released in full" in letter


@pytest.mark.proves("record.open-formats")
def test_the_export_opens_with_ordinary_tools(city: City, request_: RecordsRequest, tmp_path: Path) -> None:
    folder = unpacked(produced(city, request_), tmp_path)

    assert bagit.Bag(str(folder)).is_valid()
    payloads = list(folder.glob("data/records/*/payload.json"))
    assert len(payloads) == 2  # of the two released whole; a redacted record's payload repeats its text
    assert {json.loads(path.read_bytes())["id"] for path in payloads} == {"p1", "c2"}
    for name in ("records.csv", "records.jsonl", "records.pdf", "letter.pdf"):
        assert (folder / "data/readable" / name).stat().st_size > 100


def test_the_pdfs_are_tagged_for_readers_of_screens(city: City, request_: RecordsRequest, tmp_path: Path) -> None:
    folder = unpacked(produced(city, request_), tmp_path)

    for path in folder.glob("data/readable/*.pdf"):
        with pikepdf.open(path) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            assert str(pdf.Root.Lang) == "en"
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"]


def test_a_changed_byte_is_found_and_named(city: City, request_: RecordsRequest, tmp_path: Path) -> None:
    folder = unpacked(produced(city, request_), tmp_path)

    for name in ("data/readable/records.csv", "data/records/000001/payload.json", "data/redactions.jsonl"):
        changed = tmp_path / "changed"
        shutil.copytree(folder, changed)
        content = bytearray((changed / name).read_bytes())
        content[len(content) // 2] ^= 1
        (changed / name).write_bytes(content)

        result = verify_bundle(changed, keys())
        assert result.exit_code == 1
        assert any(name in fault.where for fault in result.faults)
        shutil.rmtree(changed)


def test_the_custody_log_of_a_production_is_the_requests_own_acts(
    city: City, request_: RecordsRequest, tmp_path: Path
) -> None:
    other = in_review(city)
    folder = unpacked(produced(city, request_), tmp_path)

    custody = (folder / "data/custody.jsonl").read_text(encoding="utf-8")
    kinds = [
        next(part["text"] for part in json.loads(line)["parts"] if part["name"] == "kind")
        for line in custody.splitlines()
    ]
    assert kinds[:4] == [
        "disclosure.request-received.v1", "disclosure.request-acknowledged.v1", "disclosure.search-run.v1",
        "disclosure.review-started.v1",
    ]  # fmt: skip
    assert kinds.count("disclosure.record-decided.v1") == 4
    assert other.public_id not in custody


def test_gaps_that_the_searches_touch_are_stated(city: City, tmp_path: Path) -> None:
    archive.open_gap(
        channel=city.channel, cause=Cause.LOST_TOKEN, from_at=NOW, to_at=None, note="The log-in expired",
        actor="system", now=NOW,
    )  # fmt: skip
    request = in_review(city)
    release_rest(city, request)
    folder = unpacked(produced(city, determined(city, request)), tmp_path)

    (gap,) = json.loads((folder / "data/gaps.json").read_bytes())
    assert (gap["channel"], gap["cause"], gap["detail"]) == ("wausau-parks", "lost_token", "The log-in expired")
    assert "What could not be seen" in text_of(folder / "data/readable/records.pdf")
    assert verify_bundle(folder, keys()).gaps == 1


def test_withholding_who_wrote_withholds_every_id_that_leads_to_them(tmp_path: Path) -> None:
    # A Bluesky id and address contain the author's own identifier.
    did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
    city = a_city(
        make_item(
            f"at://{did}/app.bsky.feed.post/3k", "The pool is too cold", platform="bluesky", author_id=did,
            author_handle="mira.example", author_name="Mira Lake",
            url="https://bsky.app/profile/mira.example/post/3k", extra={"labels": did},
        ),
        a_comment("c2", "Thank you for fixing the pool."),
    )  # fmt: skip
    request = in_review(city)
    record = request.records.get(item__author_id=did)
    hide(city, record, "author")
    release_rest(city, request)
    production = produced(city, determined(city, request))
    assert production.fault == ""

    folder = unpacked(production, tmp_path)
    result = verify_bundle(folder, keys())
    assert result.exit_code == 0
    assert verdicts(result)[record.public_id] == "redacted_consistent"
    for path in (path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes() + (text_of(path).encode() if path.suffix == ".pdf" else b"")
        for secret in (did, "mira.example", "Mira Lake"):
            assert secret.encode() not in content, path
    row = json.loads((folder / "data/readable/records.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (row["text"], row["author"], row["url"]) == ("The pool is too cold", "[withheld]", "[withheld]")
    assert (row["kind"], row["published_at"], row["captured_at"]) == ("post", "2026-11-02", "[withheld]")


def test_a_reply_whose_ids_name_the_withheld_author_must_withhold_them_too(city: City, tmp_path: Path) -> None:
    city.store(a_comment("c3", "About the pool", parent_id="at://u-pat-doe-77/post/1"))
    request = in_review(city)
    hide(city, record_of(request, "c1"), "author")
    release_rest(city, request)

    with pytest.raises(Refused, match=f"Record {record_of(request, 'c3').public_id} still shows"):
        determined(city, request)

    hide(city, record_of(request, "c3"), "ids")
    production = produced(city, determined(city, request))
    assert production.fault == ""
    result = verify_bundle(zip_of(production, tmp_path), keys())
    assert result.exit_code == 0
    row = (unpacked(production, tmp_path) / "data/readable/records.jsonl").read_text(encoding="utf-8").splitlines()[2]
    assert json.loads(row)["author"] == "Lee Lund"


def hide(city: City, record: ResponsiveRecord, place: str) -> None:
    """Withhold the author, or the ids, of a record."""
    (made,) = operations.propose_redactions(
        record_id=record.public_id, cuts=[(place, 0, 0)], exemption="informants", reason="Promised confidence",
        actor=city.custodian, now=later(4),
    )  # fmt: skip
    operations.second_redaction(redaction_id=made.public_id, actor=city.second, now=later(5))
    decide(city, record, "redact")


def test_odd_texts_are_set_and_verified(tmp_path: Path) -> None:
    odd = [
        "#set page(width: 1pt) `raw` *bold* $x$ @ref <label> // no markup",
        '=HYPERLINK("http://evil.example")',
        "🎉 Grüße, naïve — 日本語 \u202e rtl \u200d joiner",
        "",
        "line\nline\n\n\tline",
        "\u0000\u0007\ufffd" + "x" * 3000,
    ]
    city = a_city(*(make_item(f"o{number}", text) for number, text in enumerate(odd)))
    request = in_review(city, SearchQuery())
    release_rest(city, request)
    production = produced(city, determined(city, request))
    assert production.fault == ""

    folder = unpacked(production, tmp_path)
    assert verify_bundle(folder, keys()).exit_code == 0
    pages = text_of(folder / "data/readable/records.pdf")
    assert "#set page(width: 1pt)" in pages
    assert "[party popper]" in pages
    with (folder / "data/readable/records.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(row["text"] for row in csv.DictReader(file) if "HYPERLINK" in row["text"]).startswith("'=")


def test_the_same_bundle_packs_into_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "folder/data").mkdir(parents=True)
    (tmp_path / "folder/data/a.txt").write_text("a")
    for name in ("one.zip", "two.zip"):
        zip_folder(tmp_path / "folder", tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize(
    ("secret", "text", "found"),
    [
        ("(715) 555-0134", "call 715.555.0134 now", True),
        ("(715) 555-0134", "since 2019 715 555 0134", True),
        ("(715) 555-0134", "+1 715 555 0134", True),
        ("(715) 555-0134", "tel:17155550134", True),
        ("(715) 555-0134", "order 97155550134", False),
        ("555-0134", "(715) 555-0134", True),
        ("555-0134", "5550134", True),
        ("pat@example.org", "write to PAT@example.org.", True),
        ("Novak", "Novaks", False),
        ("Novak", "mrs novak said", False),  # short: only looked for in its own record
        ("the house behind the old  water tower", "The house behind\nthe old water tower!", True),
    ],
)
def test_a_withheld_text_is_found_however_it_is_written(secret: str, text: str, found: bool) -> None:
    assert bool(Watch([Secret("rec-1", secret)]).found_in(text)) is found


def test_a_short_word_is_looked_for_in_its_own_record_only() -> None:
    watch = Watch([Secret("rec-1", "Novak,")])

    assert watch.found_in("Mrs. Novak said", of_record="rec-1")
    assert not watch.found_in("Mrs. Novak said", of_record="rec-2")


def test_escapes_of_a_payload_hide_nothing() -> None:
    watch = Watch([Secret("rec-1", "zo\u00eb@example.org")])
    payload = json.dumps({"a": [{"b": "from zo\u00eb@example.org"}]}).encode()

    assert b"zo\\u00eb" in payload
    assert [secret.record_id for text in Watch.texts_of(payload, "application/json") for secret in watch.found_in(text)]


def test_a_bundle_that_shows_a_withheld_text_names_file_and_record(tmp_path: Path) -> None:
    place = tmp_path / "data/readable"
    place.mkdir(parents=True)
    (place / "records.csv").write_text("text\r\nCall 715 555 0134\r\n")

    with pytest.raises(verifying.StillThere) as there:
        verifying.look_over(tmp_path, [Secret("rec-1", PHONE)])

    assert (there.value.place, there.value.record_id) == ("data/readable/records.csv", "rec-1")
    assert "0134" not in str(there.value)
