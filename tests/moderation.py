"""What tests about comments start from: a square with a post and a comment on it, and assessments at any point."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.capturing import look_at
from rostrum.areas.archive.models import Item
from rostrum.areas.channels.models import Channel
from rostrum.areas.jobs.models import Job
from rostrum.areas.jobs.rules import State as JobState
from rostrum.areas.moderation import jobs, operations, queries
from rostrum.areas.moderation.models import Assessment, Block, Removal
from rostrum.areas.moderation.rules import ElementAnswer, GroundAnswer
from rostrum.areas.moderation.states import Measure, Outcome
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.connectors.square.store import Author
from rostrum.kernel.items import Kind, Route
from tests.archive import make_channel, make_item
from tests.channels import NOW, Square, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person

POST = "The splash pad opens on Saturday at 10 a.m."
COMMENT = "Cheap gutters from Gutter King, call me today. I know where the director lives and will hurt him."
HANDLERS = {
    "moderation.apply-removal": jobs.apply_removal,
    "moderation.apply-restoration": jobs.apply_restoration,
}
# What each kind of fact is answered with, so that it stands in COMMENT where it must.
NEEDS = {"passage": "Cheap gutters from Gutter King", "status": "age"}


@dataclass
class Talk:
    """A channel of the body on a sample square, with a post, a resident, and the resident's comment."""

    square: Square
    channel: Channel
    moderator: User
    other: User
    resident: Author
    post: str
    comment: str

    @property
    def item(self) -> Item:
        """The comment as it stands in the archive."""
        return Item.objects.select_related("channel__unit").get(native_id=self.comment)

    def look(self) -> None:
        """Capture what happened on the square."""
        look_at(self.channel, clock=lambda: NOW)

    def is_hidden(self) -> bool:
        """Whether the comment is hidden on the square itself."""
        shown = self.square.store.item(self.comment)
        assert shown is not None
        return shown.hidden


def a_conversation(square: Square, *, text: str = COMMENT, names: str = "") -> Talk:
    """The body, its live channel with a post on the square, and a captured comment of a resident."""
    a_body()
    channel = a_live_channel(a_staff(), token=square.token, handle=square.handle)
    channel.native_id = square.handle
    channel.save(update_fields=["native_id"])
    resident = square.store.name_resident("session-ann", "Ann Sorensen")
    owner = square.store.channel_of_token(square.token)
    assert owner is not None
    post = square.store.write(owner, POST)
    comment = square.store.write(resident, text, parent=post.id)
    made = Talk(
        square=square,
        channel=channel,
        moderator=a_person(Role.MODERATOR, name=f"Owen Moderator{names}"),
        other=a_person(Role.MODERATOR, name=f"June Moderator{names}"),
        resident=resident,
        post=post.id,
        comment=comment.id,
    )
    made.look()
    return made


def an_answer(ground: str, *, met: bool = True, **needs: str) -> GroundAnswer:
    """Every element of the ground answered the same, with the facts it needs."""
    facts = queries.grounds()[ground]
    return GroundAnswer(
        ground,
        {element: ElementAnswer(met, "In its first sentence.") for element in facts.elements},
        {need: needs.get(need, NEEDS.get(need, f"the {need}")) for need in facts.needs},
    )


def an_assessment(talk: Talk) -> Assessment:
    """Evidence taken by the moderator, nothing found yet."""
    return operations.look_and_open(item_id=talk.item.public_id, actor=talk.moderator, now=NOW)


def assessed(talk: Talk, *grounds: str, assessment: Assessment | None = None, **overrides: Any) -> Assessment:
    """An assessment that finds these grounds met (advertising, where none is named) and proposes to hide."""
    made = assessment or an_assessment(talk)
    values: dict[str, Any] = {
        "answers": [an_answer(ground) for ground in grounds or ("6",)],
        "measure": Measure.HIDE,
        "reason": "It sells gutters under a post about the splash pad.",
        "actor": talk.moderator,
        "now": NOW,
    }
    return operations.assess_comment(assessment_id=made.public_id, **(values | overrides))


def a_removal(talk: Talk, *grounds: str) -> Removal:
    """A removal that was decided; the platform was not asked yet."""
    made = assessed(talk, *grounds)
    if any(queries.grounds()[ground].needs_second_person for ground in grounds):
        operations.second_assessment(assessment_id=made.public_id, actor=talk.other, now=NOW)
    return operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)


def work(now: datetime = NOW) -> int:
    """Do what the worker does now for moderation; returns how many jobs were due."""
    due = Job.objects.filter(kind__in=HANDLERS, state=JobState.READY, run_after__lte=now)
    ran = 0
    for job in list(due):
        # Out of the queue while it runs, as a claimed job is.
        job.delete()
        HANDLERS[job.kind](job.args, now=now)
        ran += 1
    return ran


def hidden(talk: Talk, *grounds: str) -> Removal:
    """A removal that the platform carried out."""
    removal = a_removal(talk, *grounds)
    work()
    removal.refresh_from_db()
    return removal


def a_stored_comment() -> Item:
    """A comment in the archive of a channel whose platform cannot be reached from here."""
    a_body()
    comment = make_item("c1", COMMENT, kind=Kind.COMMENT, parent_id="p1", root_id="p1", author_id="ann")
    archive.store_batch(
        channel=make_channel(), items=[make_item("p1", POST), comment], route=Route.API, actor="system", now=NOW
    )
    return Item.objects.get(native_id="c1")


def a_stored_assessment() -> Assessment:
    """An assessment of that comment with its evidence."""
    return operations.open_assessment(item_id=a_stored_comment().public_id, actor=a_person(Role.MODERATOR), now=NOW)


def a_stored_block() -> Block:
    """A block that was asked for on such a removal; straight into the tables."""
    removal = a_stored_removal()
    return Block.objects.create(
        removal=removal,
        channel=removal.item.channel,
        person_name="ann",
        days=7,
        reason="It goes on",
        heard_by="City Hall",
        notice_check="pgc-1",
        asked_by=removal.remover,
        asked_at=NOW,
    )


def a_stored_removal() -> Removal:
    """A removal of that comment which its platform refused."""
    assessment = a_stored_assessment()
    Assessment.objects.filter(pk=assessment.pk).update(
        state="applying", measure="hide", reason="An advertisement", assessed_by=assessment.opened_by, assessed_at=NOW
    )
    return Removal.objects.create(
        assessment=assessment,
        item=assessment.item,
        measure="hide",
        poster_id="ann",
        remover=assessment.opened_by,
        reason="An advertisement",
        ground_ids=["6"],
        decided_at=NOW,
        outcome=Outcome.FAILED,
        fault="lost_token",
    )


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Any:
    """A conversation on a sample square of its own."""
    with a_square(tmp_path / "square", monkeypatch) as square:
        yield a_conversation(square)


LATER = NOW + timedelta(hours=1)
