"""What the packs remind of is confirmed as a post is handed in or published, and kept with it in the words shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse

from rostrum.areas.assurance.queries.clauses import standing_of
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Confirmation, Draft, Publication
from rostrum.areas.publishing.rules import DraftState
from rostrum.areas.publishing.rules.places import Place
from rostrum.kernel.decisions import Refused
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, anonymous, signed_in
from tests.publishing import a_draft, a_scheduled_draft, a_submitted_draft, speaks_on, under_dma

pytestmark = pytest.mark.django_db

AT_PUBLICATION = ["WI480-040-02b", "WI480-050-00j", "WI480-060-00b"]


@pytest.fixture
def staff() -> Staff:
    a_body("wi-hrh-480", name="A state agency")
    return a_staff()


@pytest.fixture
def square(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Square]:
    with a_square(tmp_path / "square", monkeypatch) as made:
        yield made


@pytest.fixture
def channel(staff: Staff, square: Square) -> Channel:
    made = a_live_channel(staff, token=square.token)
    speaks_on(staff.spokesperson, made)
    return made


def an_approved_draft(staff: Staff, channel: Channel) -> Draft:
    draft = a_submitted_draft(staff, channel)
    operations.approve_draft(
        draft_id=draft.public_id,
        digest=queries.current_revision(draft).digest,
        answers=dict.fromkeys(("WI480-040-04c", "WI480-040-05b1"), "Looked at"),
        actor=staff.head,
        now=NOW,
    )
    draft.refresh_from_db()
    return draft


@pytest.mark.proves("publish.confirmation")
def test_nothing_is_published_before_each_reminder_is_confirmed(staff: Staff, channel: Channel) -> None:
    draft = an_approved_draft(staff, channel)
    for ticked, missing in (((), AT_PUBLICATION), (AT_PUBLICATION[:2], AT_PUBLICATION[2:])):
        with pytest.raises(Refused) as refusal:
            operations.schedule_publication(
                draft_id=draft.public_id, confirmed=ticked, actor=staff.spokesperson, now=NOW
            )
        assert [(one.code, one.clause) for one in refusal.value.reasons] == [
            ("not-confirmed", clause) for clause in missing
        ]
    assert not Publication.objects.exists()
    assert not Confirmation.objects.exists()

    operations.schedule_publication(
        draft_id=draft.public_id, confirmed=AT_PUBLICATION, actor=staff.spokesperson, now=NOW
    )

    assert Entry.objects.get(kind="publishing.publication-scheduled.v1").body["confirmed"] == AT_PUBLICATION
    kept = Confirmation.objects.get(clause="WI480-060-00b")
    assert (kept.moment, kept.notice, kept.confirmed_by) == ("publication", "may-be-reprinted", staff.spokesperson)
    assert kept.words == "All information on these sites may be reprinted in newspapers, magazines or online."
    assert kept.policy_version == governance.policy().version
    standing = standing_of("WI480-060-00b")
    assert standing is not None
    assert standing.status == "live"


@pytest.mark.proves("publish.confirmation")
def test_under_dma_the_author_answers_as_the_draft_is_handed_in(staff: Staff, channel: Channel) -> None:
    under_dma()
    draft = a_draft(staff, channel, answers={"WI480-040-04c": "It is the same"})
    place = Place(reason="At the flood, by telephone")
    with pytest.raises(Refused) as refusal:
        operations.submit_draft(draft_id=draft.public_id, place=place, actor=staff.spokesperson, now=NOW)
    assert ("not-confirmed", "DMA-II-B-09c") in [(one.code, one.clause) for one in refusal.value.reasons]

    done = operations.submit_draft(
        draft_id=draft.public_id, confirmed=["DMA-II-B-09c"], place=place, actor=staff.spokesperson, now=NOW
    )

    assert done.state == DraftState.IN_REVIEW
    assert Entry.objects.get(kind="publishing.draft-submitted.v1").body["confirmed"] == ["DMA-II-B-09c"]
    assert list(Confirmation.objects.values_list("moment", "notice")) == [("submission", "say-it-aloud")]


def test_what_is_called_off_and_published_again_is_confirmed_again(staff: Staff, channel: Channel) -> None:
    draft = an_approved_draft(staff, channel)
    other = a_person(Role.PUBLIC_AFFAIRS)
    speaks_on(other, channel)
    for person in (staff.spokesperson, other):
        operations.schedule_publication(draft_id=draft.public_id, confirmed=AT_PUBLICATION, actor=person, now=NOW)
        operations.call_off_publication(draft_id=draft.public_id, actor=person, now=NOW)
    assert Confirmation.objects.filter(confirmed_by=other).count() == len(AT_PUBLICATION)


def test_where_no_clause_reminds_nothing_is_asked() -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    speaks_on(staff.spokesperson, channel)
    a_scheduled_draft(staff, channel)
    assert queries.all_reminders() == frozenset()
    assert not Confirmation.objects.exists()


def test_the_publisher_ticks_the_reminders_on_the_page(staff: Staff, channel: Channel) -> None:
    draft, author = an_approved_draft(staff, channel), signed_in(staff.spokesperson)
    address = reverse("draft", args=[draft.public_id])
    page = author.get(address)
    assert page.text.count('name="confirmed"') == len(AT_PUBLICATION)
    assert "may be reprinted in newspapers, magazines or online. (WI480-060-00b)" in page.text
    publish = reverse("draft-schedule", args=[draft.public_id])
    assert author.post(publish, {"confirmed": AT_PUBLICATION[:1]}).status_code == 409
    assert author.post(publish, {"confirmed": AT_PUBLICATION}).status_code == 302
    page = author.get(address)
    assert "publishing it" in page.text
    assert 'name="confirmed"' not in page.text


@pytest.mark.proves("page.notice")
def test_a_page_under_chapter_480_says_that_it_may_be_reprinted(staff: Staff, channel: Channel) -> None:
    page = " ".join(anonymous().get(reverse("portal-channel", args=[channel.slug])).text.split())
    assert "All information on this page, what visitors write included, may be reprinted in newspapers" in page
    assert "{{" not in page
