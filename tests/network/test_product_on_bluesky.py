"""The whole product on a real AT Protocol network: a post's life, a comment's, and a bundle a stranger verifies."""

import hashlib
import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
from django.utils import timezone
from tools.at_network import Network

import tests.channels
import tests.publishing
from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.capturing import Look, look_at
from rostrum.areas.archive.models import Gap, Item
from rostrum.areas.archive.rules import State
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger import operations as ledger
from rostrum.areas.ledger import queries as ledger_queries
from rostrum.areas.moderation import operations as moderation
from rostrum.areas.moderation.models import Removal
from rostrum.areas.moderation.states import Measure, Outcome
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations as publishing
from rostrum.areas.publishing.models import Publication
from rostrum.areas.publishing.operations.after import DIFFERENCE_DUTY
from rostrum.areas.publishing.rules import Compared
from rostrum.areas.publishing.rules import Outcome as Published
from rostrum.cli import bundle, verify
from rostrum.connectors.bluesky import repository
from rostrum.worker.loop import Worker
from tests.channels import Staff, a_body, a_reviewed_channel, a_staff, let_it_speak
from tests.moderation import an_answer
from tests.network.people import Resident
from tests.people import a_person
from tests.publishing import TEXT, a_scheduled_draft, speaks_on

pytestmark = pytest.mark.django_db

PATIENCE_SECONDS = 60
INSULT = "Cheap gutters from Gutter King, call me today."


@dataclass
class Town:
    """The body, its live channel on the network, its moderator; and the hand of whoever else has its password."""

    network: Network
    staff: Staff
    channel: Channel
    moderator: User
    hand: Resident

    def look(self) -> Look:
        """Capture, and let the worker do what follows from it."""
        look = look_at(Channel.objects.get(pk=self.channel.pk), clock=timezone.now)
        assert (look.trouble, look.faults) == ("", [])
        self.work()
        return look

    def look_until(self, holds: Callable[[], bool], what: str) -> None:
        """Look until it holds; the network needs a moment to tell."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.look() and not holds():
            assert time.monotonic() < deadline, f"not seen in {PATIENCE_SECONDS} s: {what}"
            time.sleep(0.3)

    def work(self) -> None:
        """Let the worker do all that is due; nothing may fail."""
        Worker(schedule=()).run_until_idle()
        assert not Job.objects.filter(failures__gt=0).exists()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Servers live in real time, so the builders do too."""
    now = timezone.now()
    monkeypatch.setattr(tests.channels, "NOW", now)
    monkeypatch.setattr(tests.publishing, "NOW", now)
    return now


@pytest.fixture
def town(at_network: Network, meet: Callable[..., Resident], now: datetime) -> Town:
    a_body()
    staff = a_staff()
    hand = meet(at_network, "wausau")
    person = hand.person
    channel = a_reviewed_channel(staff, platform="bluesky", handle=person.handle, now=now)
    who = {"channel_id": channel.public_id, "now": now}
    channels.approve_channel(actor=staff.coordinator, **who)
    channels.open_channel(
        registered_email="parks@wausau.example.gov", native_id=person.did,
        connection={name: at_network.settings[name] for name in ("service", "plc", "private_addresses")},
        actor=staff.head, **who,
    )  # fmt: skip
    channels.deposit_credential(
        secret={"identifier": person.handle, "password": person.password}, actor=staff.coordinator, **who
    )
    channel = let_it_speak(channel, staff, now=now)
    speaks_on(staff.spokesperson, channel)
    return Town(at_network, staff, channel, a_person(Role.MODERATOR, name="Owen Moderator"), hand)


def published(town: Town, text: str, now: datetime) -> Publication:
    """A post written, approved by another, scheduled, published by the worker, captured back and compared."""
    _, (publication,) = a_scheduled_draft(town.staff, town.channel, text=text, now=now)
    town.work()
    publication.refresh_from_db()
    assert publication.outcome == Published.PUBLISHED
    town.look_until(lambda: compared(publication) != Compared.NOT_YET, "our own post")
    return publication


def compared(publication: Publication) -> str:
    publication.refresh_from_db()
    return publication.compared


def known(uri: str) -> Item | None:
    return Item.objects.filter(native_id=uri).first()


def texts(uri: str) -> list[str]:
    item = known(uri)
    return [version.text for version in archive.versions_of(item)] if item else []


def state(uri: str) -> str:
    item = known(uri)
    return item.state if item else ""


def call(command: ModuleType, *words: object) -> int:
    parser = ArgumentParser()
    command.configure(parser)
    code: int = command.run(parser.parse_args([str(word) for word in words]))
    return code


def test_a_post_and_a_comment_live_their_lives_and_a_stranger_verifies_the_record(
    town: Town, now: datetime, meet: Callable[..., Resident], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town.look()

    # A post: approved bytes are what the network shows.
    post = published(town, TEXT, now)
    assert compared(post) == Compared.SAME
    other = published(town, "The trails are open again after the storm.", now)

    # A comment: said, changed, taken back; another mentions us; a third is hidden by a decision with its grounds.
    ann, bob = meet(town.network, "ann"), meet(town.network, "bob")
    question = ann.reply(post.native_id, "Is it fre?")
    town.look_until(lambda: texts(question) == ["Is it fre?"], "the reply")
    ann.edit(question, "Is it free?")
    answer = bob.reply(question, "It always was")
    mention = bob.mention("Thanks to", town.hand.person.handle, town.hand.person.did)
    town.look_until(lambda: len(texts(question)) == 2 and bool(texts(answer)) and bool(texts(mention)), "the talk")
    ann.delete(question)
    town.look_until(lambda: state(question) == State.DELETED, "the deletion")

    advert = bob.reply(post.native_id, INSULT)
    town.look_until(lambda: bool(texts(advert)), "the advertisement")
    removal = hide(town, advert)
    assert removal.outcome == Outcome.APPLIED
    assert state(advert) == State.HIDDEN
    # Somebody else hides one in the network's own app: nobody here decided it, and it is seen.
    with closing(channel_queries.connector_for(town.channel)) as connector:
        connector.hide(answer)
    town.look_until(lambda: state(answer) == State.HIDDEN, "the reply hidden elsewhere")
    bob.edit(advert, "Gutter King, call me tomorrow.")
    town.look_until(lambda: len(texts(advert)) == 2, "the edit of the hidden reply")
    assert state(advert) == State.HIDDEN

    # Somebody with the password changes our post behind the product's back, and then puts it back as it was.
    town.hand.edit(post.native_id, "The splash pad is closed for ever.")
    town.look_until(lambda: compared(post) == Compared.DIFFERENT, "the post changed by another's hand")
    assert Duty.objects.filter(kind=DIFFERENCE_DUTY, subject=post.public_id, closed_at=None).exists()
    town.hand.edit(post.native_id, TEXT)
    town.look_until(lambda: compared(post) == Compared.SAME, "the post put back")

    # We withdraw the other post: gone from the network, kept here.
    publishing.withdraw_post(
        draft_id=other.revision.draft.public_id, reason="The storm came back.", actor=town.staff.spokesperson,
        now=timezone.now(),
    )  # fmt: skip
    town.work()
    town.look_until(lambda: state(other.native_id) == State.DELETED, "our own deletion")

    # Every version and every tombstone is there, in order, in its thread, and vouched for by its CID.
    assert {uri: (texts(uri), state(uri)) for uri in Item.objects.values_list("native_id", flat=True)} == {
        post.native_id: ([TEXT, "The splash pad is closed for ever.", TEXT], "present"),
        other.native_id: (["The trails are open again after the storm."], "deleted"),
        question: (["Is it fre?", "Is it free?"], "deleted"),
        answer: (["It always was"], "hidden"),
        mention: ([f"Thanks to @{town.hand.person.handle}"], "present"),
        advert: ([INSULT, "Gutter King, call me tomorrow."], "hidden"),
    }
    root = known(post.native_id)
    assert root is not None
    assert {one.native_id for one in archive.thread_of(root)} == {post.native_id, question, answer, advert}
    for item in Item.objects.all():
        for version in archive.versions_of(item):
            raw = archive.raw_of(version)
            repository.check_block(repository.cid_bytes(version.version_key), raw)
            assert repository.decode(raw)["text"] == version.text
            assert hashlib.sha256(raw).digest() == bytes(version.raw_sha256)
            assert version.extra["signature"] == "holds"
    assert not Gap.objects.exists()
    before = (Item.objects.count(), ledger_queries.latest_checkpoint())
    town.look()
    assert (Item.objects.count(), ledger_queries.latest_checkpoint()) == before

    # A stranger needs the bundle and the key, and nothing of ours.
    ledger.sequence(timezone.now())
    assert call(bundle, "export", "--all", "--out", tmp_path / "bag") == 0
    (tmp_path / "key").write_text(ledger_queries.verifier_keys())
    capsys.readouterr()
    assert call(verify, tmp_path / "bag", "--key", tmp_path / "key", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["set"], told["records"], told["faults"]) == ("complete", {"intact": 10}, [])


def hide(town: Town, uri: str) -> Removal:
    """Let the moderator find the ground met, decide, and the worker ask the network."""
    item = known(uri)
    assert item is not None
    act = {"actor": town.moderator, "now": timezone.now()}
    assessment = moderation.look_and_open(item_id=item.public_id, **act)
    moderation.assess_comment(
        assessment_id=assessment.public_id, answers=[an_answer("6")], measure=Measure.HIDE,
        reason="It sells gutters under a post about the splash pad.", **act,
    )  # fmt: skip
    removal = moderation.decide_removal(assessment_id=assessment.public_id, **act)
    town.work()
    removal.refresh_from_db()
    return removal
