"""The Bluesky connector against real servers: the common suite, and what is Bluesky's own."""

import contextlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from tools.at_network import Network, Person

from rostrum.connectors.bluesky import BlueskyConnector, repository, xrpc
from rostrum.connectors.bluesky.signatures import is_signed_by
from rostrum.connectors.interface import ConnectorError, OutgoingPost, Trouble
from rostrum.kernel.items import Item, Kind, Route, Seen
from tests.network.people import Resident
from tests.simulators.connector_suite import Archive, ConnectorSuite, Stage, key, of, publish
from tests.simulators.misbehaving import MisbehavingTransport, failing, lost_token, unreachable

Meet = Callable[..., Resident]


@contextlib.contextmanager
def stage_on(network: Network, meet: Meet, **settings: str) -> Iterator[Stage]:
    """A channel of its own on a network, and a resident beside it."""
    xrpc.forget_sessions()
    channel = meet(network, "city")
    transport = MisbehavingTransport(httpx.HTTPTransport())
    connector = BlueskyConnector({**network.settings, **settings}, secret_of(channel.person), transport)
    yield Stage(
        connector,
        meet(network),
        transport,
        channel.edit,
        write_path="com.atproto.repo.createRecord",
        look_path="com.atproto.repo.getRecord",
    )
    connector.close()
    transport.close()


def secret_of(person: Person) -> dict[str, str]:
    return {"identifier": person.handle, "password": person.password}


@pytest.fixture
def stage(at_network: Network, meet: Meet) -> Iterator[Stage]:
    with stage_on(at_network, meet) as stage:
        yield stage


@pytest.fixture
def stage_elsewhere(at_network: Network, at_server: Network, meet: Meet) -> Iterator[Stage]:
    """A stage whose connector follows another server's stream: only notifications and threads can tell of replies."""
    with stage_on(at_network, meet, stream=at_server.pds) as stage:
        yield stage


class TestBluesky(ConnectorSuite):
    """The common suite, on the full network."""


class TestBlueskyWithoutAppView(ConnectorSuite):
    """The common suite, on a server with nothing behind it: the stream alone tells."""

    @pytest.fixture
    def stage(self, at_server: Network, meet: Meet) -> Iterator[Stage]:
        with stage_on(at_server, meet) as stage:
            yield stage


def test_a_records_bytes_are_vouched_for_by_a_signed_commit(stage: Stage) -> None:
    archive = Archive(stage.connector)
    archive.capture()
    receipt = publish(stage, "Signed and sealed")

    (item,) = of(receipt.native_id, archive.capture_until(lambda new: bool(of(receipt.native_id, new))))

    assert item.route is Route.FIREHOSE
    assert item.raw_type == "application/vnd.ipld.dag-cbor"
    repository.check_block(repository.cid_bytes(item.version_key), item.raw)
    assert repository.decode(item.raw)["text"] == "Signed and sealed"
    assert item.extra["signature"] == "holds"


def test_a_signature_does_not_hold_for_another_commit(stage: Stage, at_network: Network) -> None:
    publish(stage, "Signed")
    session = stage.connector._signed_in.session  # type: ignore[attr-defined]
    car = repository.read_car(stage.connector._reader.whole_repository(session.did))  # type: ignore[attr-defined]
    commit = repository.read_commit(car)
    keys = stage.connector._directory.identity(session.did).keys  # type: ignore[attr-defined]

    forged = repository.Commit(
        commit.cid, commit.did, commit.rev, commit.data, commit.signature, commit.unsigned + b"x"
    )

    assert is_signed_by(commit, keys)
    assert not is_signed_by(forged, keys)
    assert not is_signed_by(commit, ())


def test_the_first_capture_reads_the_repository_whole(stage: Stage) -> None:
    written = [publish(stage, f"old post {number}") for number in range(30)]

    pages = list(stage.connector.capture(None))

    items = [item for page in pages for item in page.items]
    assert [item.native_id for item in items if item.kind is Kind.POST] == sorted(one.native_id for one in written)
    assert pages[0].container_type == repository.CAR_TYPE
    assert len(pages[0].items) == 25


def test_a_first_capture_that_ended_early_goes_on(stage: Stage) -> None:
    written = {publish(stage, f"old post {number}").native_id for number in range(30)}
    pages = stage.connector.capture(None)
    first = next(pages)
    pages.close()  # type: ignore[attr-defined]

    rest = [item for page in stage.connector.capture(first.cursor) for item in page.items]

    assert sorted(item.native_id for item in (*first.items, *rest)) == sorted(written)


def test_replies_of_people_elsewhere_are_found_in_the_conversation(
    stage_elsewhere: Stage, at_network: Network, meet: Meet
) -> None:
    stage = stage_elsewhere
    archive = Archive(stage.connector)
    archive.capture()
    post = publish(stage, "Budget hearing")
    reply = stage.other.reply(post.native_id, "Will it be streamed?")
    below = meet(at_network).reply(reply, "I wonder, too")
    assert isinstance(stage.other, Resident)
    session = stage.connector._signed_in.session  # type: ignore[attr-defined]
    mention = stage.other.mention("Question for", session.handle, session.did)

    new = archive.capture_until(lambda new: all(of(one, archive.items) for one in (reply, below, mention)))

    (item,) = of(reply, new)
    assert (item.text, item.kind, item.parent_id) == ("Will it be streamed?", Kind.COMMENT, post.native_id)
    assert (item.author_id, item.author_handle) == (stage.other.person.did, stage.other.person.handle)
    assert item.raw_type == "application/vnd.ipld.dag-cbor"
    assert of(below, new)[0].root_id == post.native_id
    assert of(mention, new)[0].kind is Kind.POST
    stage.other.edit(reply, "Will it be recorded?")
    again = archive.capture_until(lambda new: bool(of(reply, new)))
    assert [item.text for item in of(reply, again)] == ["Will it be recorded?"]


def test_where_an_authors_server_does_not_answer_the_appviews_copy_is_kept(stage_elsewhere: Stage) -> None:
    stage = stage_elsewhere
    archive = Archive(stage.connector)
    archive.capture()
    post = publish(stage, "Budget hearing")
    reply = stage.other.reply(post.native_id, "Will it be streamed? ü")
    stage.transport.next(failing, "GET", "com.atproto.sync.getRecord", times=50)

    (item,) = of(reply, archive.capture_until(lambda new: bool(of(reply, new))))

    assert item.raw_type == "application/json"
    assert item.text == "Will it be streamed? ü"
    assert any(item.raw in page.container for page in archive.pages)
    assert "copy" in item.extra["source"]


def test_what_others_say_elsewhere_is_not_captured(stage: Stage) -> None:
    archive = Archive(stage.connector)
    archive.capture()
    assert isinstance(stage.other, Resident)
    private_matter = stage.other.post("Nothing to do with city hall")
    stage.other.edit(private_matter, "Still nothing")
    stage.other.delete(private_matter)
    post = publish(stage, "A post")

    new = archive.capture_until(lambda new: bool(of(post.native_id, new)))

    assert [item.native_id for item in new] == [post.native_id]
    assert b"Nothing to do" not in b"".join(page.container for page in archive.pages)


def test_a_takedown_is_told_from_a_deletion(stage: Stage, at_network: Network) -> None:
    post = publish(stage, "A post")
    taken, deleted = (stage.other.reply(post.native_id, text) for text in ("taken down", "deleted"))
    (before,) = stage.connector.reread([taken])
    assert isinstance(before, Item)
    at_network.take_down(taken, before.version_key)
    stage.other.delete(deleted)

    by_host, by_author = stage.connector.reread([taken, deleted])

    assert isinstance(by_host, Item)
    assert isinstance(by_author, Item)
    assert (by_host.seen, by_author.seen) == (Seen.GONE, Seen.GONE)
    assert by_host.extra["why"] == "it was taken down by its host"
    assert by_author.extra["why"] == "it is not in its author's repository any more"
    # The proof that it is not there is a signed tree without it.
    assert by_author.extra["signature"] == "holds"
    repository.read_car(by_author.raw)


def test_links_mentions_and_hashtags_work_for_readers(stage: Stage) -> None:
    assert isinstance(stage.other, Resident)
    handle = stage.other.person.handle
    text = f"Über die Straße 🚧: https://example.gov/a?b=(c), danke @{handle} #RoadWork"
    receipt = stage.connector.publish(OutgoingPost(text, ("de",)), idempotency_key=key())

    (item,) = stage.connector.reread([receipt.native_id])

    assert isinstance(item, Item)
    encoded = item.text.encode()
    marked = {
        encoded[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]
        for facet in repository.decode(item.raw)["facets"]
    }
    assert marked == {
        "https://example.gov/a?b=(c)": {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.gov/a?b=(c)"},
        f"@{handle}": {"$type": "app.bsky.richtext.facet#mention", "did": stage.other.person.did},
        "#RoadWork": {"$type": "app.bsky.richtext.facet#tag", "tag": "RoadWork"},
    }
    assert item.extra["links"] == "https://example.gov/a?b=(c)"


def test_the_record_key_tells_the_time_of_the_intent(stage: Stage) -> None:
    at = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
    receipt = stage.connector.publish(OutgoingPost("Planned", intended_at=at), idempotency_key=key())

    (item,) = stage.connector.reread([receipt.native_id])

    assert isinstance(item, Item)
    assert item.published_at == receipt.at == at


def test_300_characters_that_are_many_bytes_are_taken(stage: Stage) -> None:
    family = "👩‍👩‍👧‍👦"
    publish(stage, family * 100 + "é" * 200)
    with pytest.raises(ConnectorError) as refused:
        publish(stage, family * 100 + "é" * 201)
    assert refused.value.kind is Trouble.REFUSED


def test_a_session_that_ran_out_is_renewed_without_notice(stage: Stage) -> None:
    publish(stage, "before")
    stage.transport.next(expired, "POST", "com.atproto.repo.createRecord")
    stage.transport.requests.clear()

    publish(stage, "after")

    assert "POST /xrpc/com.atproto.server.refreshSession" in stage.transport.requests


def expired(request: httpx.Request, inner: httpx.BaseTransport) -> httpx.Response:
    return httpx.Response(400, json={"error": "ExpiredToken", "message": "Token has expired"}, request=request)


def test_connectors_of_one_channel_share_a_session(stage: Stage, at_network: Network) -> None:
    person = at_network.create_person("city")
    for expected in (1, 0):
        transport = MisbehavingTransport(httpx.HTTPTransport())
        connector = BlueskyConnector(at_network.settings, secret_of(person), transport)
        connector.profile()
        connector.close()
        assert transport.requests.count("POST /xrpc/com.atproto.server.createSession") == expected


def test_a_wrong_password_is_a_lost_token(at_network: Network) -> None:
    person = at_network.create_person("city")
    connector = BlueskyConnector(at_network.settings, {"identifier": person.handle, "password": "wrong"})
    with pytest.raises(ConnectorError) as lost:
        connector.capture(None)
    assert lost.value.kind is Trouble.LOST_TOKEN
    connector.close()


def test_anothers_server_cannot_make_us_believe_our_token_is_lost(stage: Stage) -> None:
    post = publish(stage, "A post")
    reply = stage.other.reply(post.native_id, "Mine")
    stage.transport.next(lost_token, "GET", "com.atproto.repo.getRecord")

    with pytest.raises(ConnectorError) as trouble:
        stage.connector.hide(reply)

    assert trouble.value.kind is Trouble.REFUSED


def test_a_stream_that_was_set_back_is_told_as_a_loss_and_capture_goes_on(stage: Stage, at_server: Network) -> None:
    archive = Archive(stage.connector)
    post = publish(stage, "A post")
    archive.capture_until(lambda new: bool(of(post.native_id, new)))
    assert archive.cursor is not None
    ahead = archive.cursor.replace('"seq":', '"seq":9999')

    pages = list(stage.connector.capture(ahead))

    assert [page.lost is not None for page in pages].count(True) == 1
    assert of(post.native_id, [item for page in pages for item in page.items])


def test_commits_missing_in_the_stream_are_told_and_the_repository_is_read_whole(stage: Stage) -> None:
    archive = Archive(stage.connector)
    archive.capture()
    first = publish(stage, "first")
    archive.capture_until(lambda new: bool(of(first.native_id, new)))
    before = archive.cursor
    second = publish(stage, "unseen")
    archive.capture_until(lambda new: bool(of(second.native_id, new)))
    third = publish(stage, "third")
    assert before is not None
    assert archive.cursor is not None
    # As if the stream had left out the second post's commit.
    skipped = json.loads(before)
    skipped["seq"] = json.loads(archive.cursor)["seq"]

    pages = list(stage.connector.capture(json.dumps(skipped)))

    items = [item for page in pages for item in page.items]
    assert [page.lost.cause for page in pages if page.lost] == [
        "Commits of the channel are missing in the event stream."
    ]
    assert of(second.native_id, items)
    assert of(third.native_id, items)
    assert not json.loads(pages[-1].cursor)["is_incomplete"]


def test_an_unreachable_service_is_a_platform_error(stage: Stage, at_network: Network) -> None:
    xrpc.forget_sessions()
    stage.transport.next(unreachable)
    with pytest.raises(ConnectorError) as trouble:
        stage.connector.capture(None)
    assert trouble.value.kind is Trouble.PLATFORM_ERROR


def test_a_profile_that_was_written_is_the_records(at_network: Network, meet: Meet) -> None:
    channel = meet(at_network, "city")
    channel.client.com.atproto.repo.put_record(
        {
            "repo": channel.person.did,
            "collection": "app.bsky.actor.profile",
            "rkey": "self",
            "record": {"$type": "app.bsky.actor.profile", "displayName": "City of Example", "description": "City hall"},
        }
    )
    connector = BlueskyConnector(at_network.settings, secret_of(channel.person))

    profile = connector.profile()

    assert (profile.author_name, profile.text) == ("City of Example", "City hall")
    assert profile.version_key
    assert [item.kind for page in connector.capture(None) for item in page.items] == [Kind.PROFILE]
    connector.close()
