"""`rostrum search` and `rostrum import`: their JSON, their exit codes, and what stays untouched by bad input."""

import argparse
import json
import zipfile
from pathlib import Path

import pytest

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Capture, Item, Source, Version
from rostrum.areas.ledger.models import Entry
from rostrum.cli import import_, search
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Access, Kind, Route
from tests.archive import NOW, PUBLISHED, make_channel, make_item, minutes
from tests.simulators.exports import XArchive, activity, mastodon_members, tweet, write_tar_gz, write_zip

pytestmark = pytest.mark.django_db


def command(module, capsys, *words: str) -> tuple[int, str, str]:
    parser = argparse.ArgumentParser()
    module.configure(parser)
    code = module.run(parser.parse_args(list(words)))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def channel():
    return make_channel("city")


def test_search_prints_one_json_object_per_match_oldest_first(channel, capsys) -> None:
    archive.store_batch(
        channel=channel,
        items=[
            make_item("b", "flood é", published_at=PUBLISHED + minutes(2), kind=Kind.MESSAGE, access=Access.RESTRICTED),
            make_item("a", "flood", published_at=PUBLISHED),
            make_item("c", "calm"),
        ],
        route=Route.API,
        actor="system",
        now=NOW,
    )
    code, out, _ = command(search, capsys, "flood", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [line["native_id"] for line in lines] == ["a", "b"]
    assert {key: lines[0][key] for key in ("platform", "channel", "kind", "author", "published_at", "text")} == {
        "platform": "square", "channel": "city", "kind": "post", "author": "city",
        "published_at": "2026-11-02T09:00:00.000000Z", "text": "flood",
    }  # fmt: skip
    assert (lines[0]["state"], lines[0]["versions"], lines[0]["id"]) == (
        "present", 1, Item.objects.get(native_id="a").public_id,
    )  # fmt: skip
    assert command(search, capsys, "flood", "--json", "--count")[1] == '{"count": 2}\n'
    assert command(search, capsys, "flood", "--count", "--kind", "message")[1] == "1\n"
    assert command(search, capsys, "flood", "--count", "--channel", "city", "--author", "@City")[1] == "2\n"
    assert command(search, capsys, "", "--count", "--from", "2026-11-02", "--to", "2026-11-02")[1] == "3\n"
    assert command(search, capsys, "", "--count", "--to", "2026-11-01")[1] == "0\n"
    _, out, err = command(search, capsys, "calm")
    assert "city  post by city: calm" in out
    assert err == "1 found\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (['a "b'], "query, character 3"),
        (["a", "--channel", "x"], "no channel 'x'"),
        (["a", "--from", "x"], "--from: 'x' is not a day"),
    ],
)
def test_search_names_what_it_cannot_read(capsys, words, says) -> None:
    with pytest.raises(InvalidInput, match=says):
        command(search, capsys, *words)


def test_import_reports_what_it_recognised_and_a_second_run_changes_nothing(channel, capsys, tmp_path: Path) -> None:
    export = write_zip(tmp_path / "x.zip", XArchive(tweets=[tweet(n, f"Storm notice {n}") for n in range(5)]).members())
    code, out, err = command(import_, capsys, str(export), "--channel", "city", "--json")
    report = json.loads(out)
    assert code == 0, report
    assert (report["recognised"]["post"], report["faults"]) == (5, [])
    assert report["stored"] == Version.objects.count() >= 5
    assert "an export of x goes to a channel on square" in err
    assert Source.objects.get().name == "x.zip"
    assert Entry.objects.filter(kind="archive.import-stored.v1").count() == 1
    before = (Version.objects.count(), Capture.objects.count(), Entry.objects.count())
    code, out, _ = command(import_, capsys, str(export), "--channel", "city", "--json")
    again = json.loads(out)
    assert (code, again["stored"], again["unchanged"]) == (0, 0, report["stored"])
    assert (Version.objects.count(), Capture.objects.count(), Entry.objects.count()) == before
    assert command(search, capsys, '"storm notice"', "--count")[1] == "5\n"


def test_a_mastodon_export_is_told_by_itself(channel, capsys, tmp_path: Path) -> None:
    export = write_tar_gz(tmp_path / "m.tar.gz", mastodon_members([activity(n) for n in range(3)]))
    code, out, _ = command(import_, capsys, str(export), "--channel", "city")
    assert code == 0
    assert "stored: " in out
    assert command(search, capsys, "library", "--count")[1] == "3\n"


def test_a_broken_member_is_a_fault_and_the_rest_is_imported(channel, capsys, tmp_path: Path) -> None:
    members = XArchive(tweets=[tweet(n, f"Notice {n}") for n in range(4)]).members()
    whole = members["data/tweets.js"]
    cut = whole.rindex(b'"full_text"')
    members["data/tweets.js"] = whole[:cut] + b"}{" + whole[cut:]
    export = write_zip(tmp_path / "x.zip", members)
    code, out, _ = command(import_, capsys, str(export), "--channel", "city", "--json")
    report = json.loads(out)
    assert code == 1
    assert report["faults"]
    assert all(fault["where"] and fault["why"] for fault in report["faults"])
    assert 1 <= report["stored"] < 5


@pytest.mark.parametrize("kind", ["truncated", "not an export", "missing"])
def test_what_cannot_be_used_stores_nothing(kind: str, channel, capsys, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    if kind == "truncated":
        write_zip(path, XArchive(tweets=[tweet(1)]).members())
        path.write_bytes(path.read_bytes()[:-200])
    elif kind == "not an export":
        with zipfile.ZipFile(path, "w") as other:
            other.writestr("holiday.txt", "sun")
    with pytest.raises(InvalidInput, match=r"x\.zip"):
        command(import_, capsys, str(path), "--channel", "city")
    assert (Item.objects.count(), Source.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_an_unknown_channel_is_named_with_those_there_are(channel, capsys, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no channel 'town'\. Known are: city"):
        command(import_, capsys, str(tmp_path / "x.zip"), "--channel", "town")
