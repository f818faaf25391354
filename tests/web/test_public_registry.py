"""The public registry: directory, check, one channel, interface for programs, feeds, badge, signed copy."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.ledger import queries as ledger
from rostrum.areas.ledger.sequencer import sequence
from rostrum.areas.portal import limits, operations, queries
from rostrum.areas.portal.jobs import export_registry as export_job
from rostrum.areas.portal.models import RegistryExport
from rostrum.areas.portal.openapi import document
from rostrum.evidence import verify as verifier
from rostrum.evidence.checkpoints import SignerKey, read_verifier_keys
from rostrum.evidence.registry import RegistryVerdict, verify_registry
from tests.archive import make_channel
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_unit, anonymous

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def parks(staff: Staff) -> Channel:
    return a_live_channel(staff, url="https://square.example/@wausau-parks")


@pytest.fixture
def registry(staff: Staff, parks: Channel) -> None:
    """One live channel, one closed, one found, one only asked for."""
    fire = a_unit("fire", "Fire Department")
    make_channel("fire-x", name="Wausau Fire", handle="wausaufire", address_key="@wausaufire", unit=fire, live_at=NOW)
    channels.close_channel(
        channel_id=Channel.objects.get(slug="fire-x").public_id,
        reason="A secret reason",
        actor=staff.coordinator,
        now=NOW,
    )
    channels.register_found(
        platform="facebook", handle="wausaupool", name="Wausau Pool", unit=fire, actor="system", now=NOW
    )
    make_channel("asked", name="Only asked for", address_key="@asked", state="requested")


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def get(name: str, *args: str, **query: str) -> HttpResponse:
    return anonymous().get(reverse(name, args=args), query)


# ---- the directory and one channel


def test_the_directory_names_what_speaks_for_the_body_and_on_request_what_did(registry: None) -> None:
    text = words(get("portal-channels"))
    assert "Wausau Parks" in text
    assert not any(name in text for name in ("Wausau Fire", "Wausau Pool", "Only asked for"))
    assert "Wausau Fire" in words(get("portal-channels", state="closed"))
    assert "1 channel" in words(get("portal-channels", unit="parks", platform="square", q="wausau PARKS"))
    assert "No channel matches" in words(get("portal-channels", q="library"))
    assert get("portal-channels", unit="nowhere").status_code == 422


def test_a_closed_channel_keeps_its_page_with_the_date_and_no_link_to_follow(registry: None) -> None:
    answer = get("portal-channel", "fire-x")
    assert "Closed Nov 23, 2026" in words(answer)
    assert "Its records are kept" in words(answer)
    assert 'rel="me"' not in answer.content.decode()
    assert "A secret reason" not in answer.content.decode()


@pytest.mark.parametrize("slug", ["wausau-pool", "asked"])
def test_what_is_not_official_has_no_public_page(registry: None, slug: str) -> None:
    for name in ("portal-channel", "portal-badge"):
        assert get(name, slug).status_code == 404


def test_a_channels_page_says_how_to_verify_it_and_gives_a_plain_link(parks: Channel) -> None:
    page = get("portal-channel", parks.slug).content.decode()
    assert "exactly <strong" in page
    assert '&lt;a href="http://testserver/channels/wausau-parks/"' in page
    assert '<a href="https://square.example/@wausau-parks" rel="me">' in page


# ---- is it official?


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("https://square.example/@Wausau-Parks", "Yes. “https://square.example/@Wausau-Parks” is ours."),
        ("@wausaufire", "Not any more."),
        ("facebook.com/wausaupool", "Not yet."),
        ("@wausau_parks", "though it looks like one of ours"),
        ("@madison", "is not one of our channels"),
        ("https://bit.ly/3", "We cannot tell."),
    ],
)
def test_the_form_answers_in_plain_words(registry: None, asked: str, answer: str) -> None:
    page = get("portal-check", address=asked)
    assert page.status_code == 200
    assert answer in words(page)


def test_what_was_typed_is_shown_as_text(registry: None) -> None:
    assert (
        "<script>alert" not in get("portal-check", address="<script>alert(1)</script> @wausau-parks").content.decode()
    )


def test_words_without_an_address_lead_to_channels_of_that_name(registry: None) -> None:
    assert "Channels of that name" in words(get("portal-check", address="wausau parks"))
    assert get("portal-check", address=" ").status_code == 422


# ---- for programs


def test_the_list_comes_page_by_page_in_a_stable_shape(registry: None) -> None:
    answer = get("api-channels", per_page="1")
    first = answer.json()
    assert (first["count"], first["pages"], first["previous"]) == (2, 2, None)
    second = anonymous().get(first["next"]).json()
    names = [one["name"] for one in first["channels"] + second["channels"]]
    assert sorted(names) == ["Wausau Fire", "Wausau Parks"]
    assert get("api-channels", state="official").json()["count"] == 1
    assert get("api-channels", department="fire", q="fire").json()["channels"][0]["is_official"] is False


def test_one_channel_is_had_by_its_id(registry: None, parks: Channel) -> None:
    assert get("api-channel", parks.public_id).json()["url"] == "https://square.example/@wausau-parks"
    found = Channel.objects.get(slug="wausau-pool")
    assert get("api-channel", found.public_id).status_code == 404


def test_verify_answers_programs(registry: None) -> None:
    body = get("api-verify", q="@wausaufire and facebook.com/wausaupool").json()
    assert [one["verdict"] for one in body["answers"]] == ["was_official", "under_review"]
    assert body["answers"][0]["channels"][0]["closed_at"].startswith("2026-11-23")
    assert body["answers"][1]["channels"][0]["verify"] is None


def _fits(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> bool:
    if "$ref" in schema:
        return _fits(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if "enum" in schema and value not in schema["enum"]:
        return False
    kinds = {"string": str, "boolean": bool, "integer": int, "null": type(None), "array": list, "object": dict}
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(kinds[one] for one in named)):
        return False
    if schema["type"] == "array":
        return all(_fits(one, schema["items"], schemas) for one in value)
    if schema["type"] == "object":
        properties = schema["properties"]
        return set(value) == set(properties) and all(_fits(value[one], properties[one], schemas) for one in properties)
    return True


def test_the_answers_are_what_the_description_says(registry: None, parks: Channel) -> None:
    described = get("api-openapi").json()
    assert described == json.loads(json.dumps(document("http://testserver")))
    schemas = described["components"]["schemas"]
    answers = {
        "Channels": get("api-channels").json(),
        "Channel": get("api-channel", parks.public_id).json(),
        "Answers": get("api-verify", q="@wausau-parks facebook.com/wausaupool @wausau_parks bit.ly/1").json(),
        "Problem": get("api-verify").json(),
    }
    for name, answer in answers.items():
        assert _fits(answer, schemas[name], schemas), (name, answer)
    for path in described["paths"]:
        assert anonymous().get(path.replace("{id}", parks.public_id)).status_code in (200, 400)


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [
        ("api-channels", {"page": "0"}, 400),
        ("api-channels", {"page": "x"}, 400),
        ("api-channels", {"page": "99"}, 404),
        ("api-channels", {"per_page": "9999"}, 400),
        ("api-channels", {"state": "found"}, 400),
        ("api-verify", {}, 400),
        ("api-verify", {"q": "x" * 2001}, 400),
    ],
)
def test_a_question_that_cannot_be_used_is_named(registry: None, name: str, query: dict[str, str], status: int) -> None:
    answer = get(name, **query)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_any_site_may_ask_and_anybody_may_keep_the_answer(registry: None) -> None:
    address = reverse("api-channels")
    answer = anonymous().get(address)
    assert (answer["Access-Control-Allow-Origin"], answer["Cache-Control"]) == ("*", "public, max-age=300")
    again = anonymous().get(address, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    asked = anonymous().options(address)
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert anonymous().post(address).status_code == 405
    assert "Set-Cookie" not in answer


def test_who_asks_too_often_is_told_when_to_ask_again(registry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "asks_too_often", lambda limit, address, *, now: 17)
    answer = get("api-verify", q="@a")
    assert (answer.status_code, answer["Retry-After"]) == (429, "17")
    assert get("portal-check", address="@a").status_code == 429


def test_a_limit_counts_by_the_minute_and_by_address() -> None:
    limit = limits.Limit("test", 2, limits.QUESTIONS.window)
    told = [limits.asks_too_often(limit, "10.0.0.1", now=NOW) for _ in range(3)]
    assert told[:2] == [0, 0]
    assert 0 < told[2] <= 60
    assert limits.asks_too_often(limit, "10.0.0.2", now=NOW) == 0
    assert limits.asks_too_often(limit, "10.0.0.1", now=NOW + limit.window) == 0


# ---- feeds, badge, trust.txt


def test_changes_are_told_in_both_kinds_of_feed_without_the_reasons(registry: None) -> None:
    atom = get("portal-changes-atom").content.decode()
    feed = get("portal-changes-json").json()
    titles = [one["title"] for one in feed["items"]]
    assert titles[0].startswith("Wausau Fire on Sample square is closed")
    assert any(title.startswith("Wausau Parks on Sample square speaks for us") for title in titles)
    assert len({one["id"] for one in feed["items"]}) == len(titles)
    assert "Wausau Fire" in atom
    assert "Wausau Pool" not in atom
    assert "A secret reason" not in atom + json.dumps(feed)


def test_a_badge_says_how_the_channel_stands_now_and_runs_no_scripts(registry: None, parks: Channel) -> None:
    live, closed = get("portal-badge", parks.slug), get("portal-badge", "fire-x")
    assert live["Content-Type"] == "image/svg+xml"
    assert live["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Official: verify at testserver" in live.content.decode()
    assert "Closed 2026-11-23" in closed.content.decode()
    assert "<script" not in live.content.decode()
    Channel.objects.filter(pk=parks.pk).update(name="<script>&")
    assert "<script" not in get("portal-badge", parks.slug).content.decode()


def test_trust_txt_names_the_official_pages_only(registry: None) -> None:
    text = anonymous().get("/.well-known/trust.txt").content.decode()
    assert "social=https://square.example/@wausau-parks\n" in text
    assert "wausaufire" not in text
    assert "wausaupool" not in text


# ---- the signed copy


def exported() -> bytes:
    made = operations.export_registry(actor="system", now=NOW)
    sequence(NOW)
    found = queries.signed_export(made)
    assert found is not None
    return found


def test_the_signed_registry_is_checked_offline_against_the_ledgers_key(registry: None) -> None:
    data = exported()
    keys = read_verifier_keys(ledger.verifier_keys())
    result = verify_registry(data, keys)

    assert (result.verdict, result.body, result.channels) == (RegistryVerdict.INTACT, "City of Wausau", 2)
    assert get("portal-registry").content == data
    assert {one["name"] for one in json.loads(data)["registry"]["channels"]} == {"Wausau Parks", "Wausau Fire"}


def test_any_change_to_the_signed_registry_is_found(registry: None) -> None:
    data = exported()
    keys = read_verifier_keys(ledger.verifier_keys())
    for old, new in (
        (b"Wausau Parks", b"Wausau Perks"),
        (b'"closed"', b'"live"'),
        (b'"body":"City of Wausau"', b'"body":"City of Waupun"'),
        (b'"leaf_index":', b'"leaf_index":1'),
    ):
        assert old in data
        assert verify_registry(data.replace(old, new, 1), keys).verdict is RegistryVerdict.ALTERED
    value = json.loads(data)
    value["registry"]["channels"].pop()
    assert verify_registry(json.dumps(value).encode(), keys).verdict is RegistryVerdict.ALTERED
    value = json.loads(data)
    value["registry"]["as_of"] = "2030-01-01T00:00:00.000000Z"
    assert verify_registry(json.dumps(value).encode(), keys).verdict is RegistryVerdict.ALTERED


def test_without_the_right_key_nothing_is_trusted(registry: None) -> None:
    data = exported()
    assert verify_registry(data, []).verdict is RegistryVerdict.UNTRUSTED
    other = SignerKey.generate("other.example/log").verifier
    assert verify_registry(data, [other]).verdict is RegistryVerdict.UNTRUSTED


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"format":"rostrum-registry/1"}', b"{" * 500])
def test_what_is_no_registry_is_unreadable(data: bytes) -> None:
    assert verify_registry(data, []).verdict is RegistryVerdict.UNREADABLE


def test_the_verifier_tells_a_registry_from_a_bundle(
    registry: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, keys = tmp_path / "registry.json", tmp_path / "keys.txt"
    file.write_bytes(exported())
    keys.write_text(ledger.verifier_keys(), encoding="utf-8")

    assert verifier.main([str(file), "--key", str(keys)]) == 0
    assert "Intact: the registry of City of Wausau" in capsys.readouterr().out
    assert verifier.main([str(file)]) == 3
    file.write_bytes(file.read_bytes().replace(b"Wausau Fire", b"Wausau Hire"))
    assert verifier.main([str(file), "--key", str(keys), "--json"]) == 1


def test_the_worker_exports_the_registry_when_it_has_changed(parks: Channel, staff: Staff) -> None:
    assert get("portal-registry").status_code == 404
    assert queries.registry_has_changed(NOW)
    export_job({}, now=NOW)
    export_job({}, now=NOW)
    assert RegistryExport.objects.count() == 1
    assert not queries.registry_has_changed(NOW)
    channels.pause_channel(channel_id=parks.public_id, reason="Storm", actor=staff.coordinator, now=NOW)
    assert queries.registry_has_changed(NOW)
    for _ in range(5):
        operations.export_registry(actor="system", now=NOW)
    assert RegistryExport.objects.count() == 3
