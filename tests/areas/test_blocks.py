"""Keeping somebody from a channel: never without the notice on the page beforehand, never by one person alone."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from rostrum.areas.archive.models import Item
from rostrum.areas.channels.models import PageCheck, PageSight
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.moderation import operations, queries
from rostrum.areas.moderation.models import Block, Removal
from rostrum.areas.people.rules import Role
from rostrum.kernel.decisions import Refused
from tests.channels import NOW, see_the_page
from tests.moderation import Talk, hidden, talk
from tests.people import a_person, signed_in

__all__ = ["talk"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def a_removal_of(talk: Talk, posted_at: datetime) -> Removal:
    """A removal of a comment that was made at that instant; the page was seen with its notice at NOW."""
    removal = hidden(talk)
    Item.objects.filter(pk=removal.item_id).update(published_at=posted_at, sorted_at=posted_at)
    Removal.objects.filter(pk=removal.pk).update(posted_at=posted_at)
    return Removal.objects.get(pk=removal.pk)


def a_block(talk: Talk, removal: Removal, **overrides: object) -> Block:
    values = {
        "days": 7,
        "reason": "The third advertisement this week.",
        "heard_by": "City Hall, 715-261-6500",
        "actor": talk.moderator,
        "now": NOW + 2 * DAY,
    } | overrides
    return operations.ask_block(removal_id=removal.public_id, **values)  # type: ignore[arg-type]


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def owed(kind: str) -> list[Duty]:
    return list(Duty.objects.filter(kind=kind, closed_at=None))


@pytest.mark.proves("removal.notice-in-place")
def test_nobody_is_blocked_whose_comment_came_before_the_notice(talk: Talk) -> None:
    early = a_removal_of(talk, NOW - timedelta(minutes=1))
    with pytest.raises(Refused) as refusal:
        a_block(talk, early)
    assert against(refusal) == [("no-notice", "WAU-page-05a")]
    assert not Block.objects.exists()

    Removal.objects.filter(pk=early.pk).update(posted_at=NOW + timedelta(minutes=1))
    block = a_block(talk, early)

    assert block.notice_check == PageCheck.objects.get().public_id
    entry = Entry.objects.get(kind="moderation.block-asked.v1")
    assert entry.body["notice_check"] == block.notice_check
    assert block.reason not in entry.body_text


@pytest.mark.proves("removal.notice-in-place")
def test_a_notice_that_was_lost_or_not_looked_at_in_time_blocks_nobody(talk: Talk) -> None:
    coordinator = a_person(Role.COORDINATOR)
    see_the_page(talk.channel, coordinator, seen={}, missing=["blocking-notice"], now=NOW + DAY)
    see_the_page(talk.channel, coordinator, seen={"blocking-notice": "Banner"}, now=NOW + 3 * DAY)
    removal = a_removal_of(talk, NOW + 2 * DAY)
    moments = {
        NOW + timedelta(hours=1): True,
        NOW + DAY: False,  # it was gone at that very look
        NOW + 2 * DAY: False,
        NOW + 3 * DAY: True,
        NOW + 33 * DAY: True,  # a look counts for thirty days
        NOW + 33 * DAY + timedelta(seconds=1): False,
    }
    for at, stood in moments.items():
        removal.posted_at = at
        assert (queries.notice_at(removal) is not None) is stood, at
    with pytest.raises(Refused) as refusal:
        a_block(talk, Removal.objects.get(pk=removal.pk), now=NOW + 4 * DAY)
    assert against(refusal) == [("no-notice", "WAU-page-05a")]


def test_without_a_date_it_counts_when_the_comment_was_first_seen(talk: Talk) -> None:
    removal = a_removal_of(talk, NOW + DAY)
    Removal.objects.filter(pk=removal.pk).update(posted_at=None)
    assert a_block(talk, Removal.objects.get(pk=removal.pk)).days == 7
    PageSight.objects.filter(element="blocking-notice").update(in_place=False)
    assert queries.notice_at(Removal.objects.select_related("item__channel").get(pk=removal.pk)) is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"days": 0}, "length"),
        ({"days": 31}, "length"),
        ({"reason": " "}, "no-reason"),
        ({"heard_by": ""}, "not-heard"),
    ],
)
def test_a_block_says_how_long_why_and_how_the_person_is_heard(
    talk: Talk, values: dict[str, object], code: str
) -> None:
    removal = a_removal_of(talk, NOW + DAY)
    with pytest.raises(Refused) as refusal:
        a_block(talk, removal, **values)
    assert against(refusal) == [(code, "WAU-page-05b")]


def test_a_second_person_agrees_and_blocking_and_unblocking_are_owed(talk: Talk) -> None:
    removal = a_removal_of(talk, NOW + DAY)
    block = a_block(talk, removal)
    at = NOW + 3 * DAY
    with pytest.raises(Refused) as refusal:
        operations.agree_to_block(block_id=block.public_id, actor=talk.moderator, now=at)
    assert against(refusal) == [("own-block", None)]
    with pytest.raises(Refused):
        a_block(talk, removal)
    with pytest.raises(Refused):
        operations.note_block_done(block_id=block.public_id, actor=talk.other, now=at)

    operations.agree_to_block(block_id=block.public_id, actor=talk.other, now=at)

    (to_block,), (to_lift,) = owed("moderation.carry-out-block"), owed("moderation.lift-block")
    assert (to_block.due_at, to_block.clause) == (at + DAY, "WAU-page-05b")
    assert to_lift.due_at == at + 7 * DAY
    operations.note_block_done(block_id=block.public_id, actor=talk.moderator, now=at)
    assert owed("moderation.carry-out-block") == []
    operations.end_block(block_id=block.public_id, reason="The week is over", actor=talk.moderator, now=at + 7 * DAY)
    assert owed("moderation.lift-block") == []
    assert Entry.objects.get(kind="moderation.block-ended.v1").body["was_carried_out"] is True
    with pytest.raises(Refused):
        operations.end_block(block_id=block.public_id, reason="Again", actor=talk.moderator, now=at + 7 * DAY)


def test_a_block_falls_with_the_removal_it_stands_on(talk: Talk) -> None:
    removal = a_removal_of(talk, NOW + DAY)
    block = a_block(talk, removal)
    operations.restore_comment(removal_id=removal.public_id, reason="In error", actor=talk.other, now=NOW + 3 * DAY)
    operations.confirm_restoration(removal_id=removal.public_id, actor="system", now=NOW + 3 * DAY)
    with pytest.raises(Refused) as refusal:
        operations.agree_to_block(block_id=block.public_id, actor=talk.other, now=NOW + 3 * DAY)
    assert [code for code, _ in against(refusal)] == ["no-removal"]
    operations.end_block(block_id=block.public_id, reason="Restored", actor=talk.other, now=NOW + 3 * DAY)
    assert Entry.objects.get(kind="moderation.block-ended.v1").body["was_carried_out"] is False


def test_the_page_of_the_removal_shows_why_nobody_can_be_blocked_and_takes_the_block(talk: Talk) -> None:
    removal = a_removal_of(talk, NOW - DAY)
    client = signed_in(talk.moderator)
    page = reverse("assessment", args=[removal.assessment.public_id])
    said = client.get(page).content.decode()
    assert "No look at the page shows that it warned of blocking" in said
    assert "WAU-page-05a" in said

    Removal.objects.filter(pk=removal.pk).update(posted_at=NOW + timedelta(minutes=1))
    assert "The page warned of blocking when the comment was made" in client.get(page).content.decode()
    form = {"block-days": "7", "block-reason": "Again and again", "block-heard_by": ""}
    sent = reverse("removal-block", args=[removal.public_id])
    assert client.post(sent, form).status_code == 422
    refused = client.post(sent, form | {"block-heard_by": "City Hall", "block-days": "3000"})
    assert refused.status_code == 409
    assert "Not recorded yet" in refused.content.decode()
    assert 'value="Again and again"' in refused.content.decode(), "what was typed is not lost"
    assert client.post(sent, form | {"block-heard_by": "City Hall"}).status_code == 302
    block = Block.objects.get()
    other = signed_in(talk.other)
    for act in ("agree", "done"):
        assert other.post(reverse(f"block-{act}", args=[block.public_id])).status_code == 302
    assert other.post(reverse("block-end", args=[block.public_id]), {"end-block-reason": ""}).status_code == 422
    assert other.post(reverse("block-end", args=[block.public_id]), {"end-block-reason": "Over"}).status_code == 302
    assert "A block of 7 days ended" in other.get(page).content.decode()


def test_a_body_whose_policy_blocks_nobody_offers_no_block(talk: Talk) -> None:
    removal = a_removal_of(talk, NOW + DAY)
    governance.activate_packs(packs=("wi-hrh-480",), effective_on={}, reference="Test", actor="system", now=NOW + DAY)
    with pytest.raises(Refused) as refusal:
        a_block(talk, removal)
    assert "no-clause" in [code for code, _ in against(refusal)]
