"""What stands on a channel, held against what was published from here and captured before."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from rostrum.areas.archive import operations as archive
from rostrum.areas.archive.models import Item
from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import jobs, operations
from rostrum.areas.publishing.models import IntegrityAlert, IntegrityWatch, Publication
from rostrum.areas.publishing.operations.integrity import INTEGRITY_DUTY
from rostrum.areas.publishing.rules import Outcome
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Item as Seen
from rostrum.kernel.items import Kind, Route
from tests.archive import make_item
from tests.channels import NOW, Square, Staff, a_body, a_live_channel, a_square, a_staff
from tests.people import a_person, signed_in
from tests.publishing import TEXT, a_scheduled_draft, speaks_on, work

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def staff() -> Staff:
    a_body()
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


def own(native_id: str, text: str = TEXT, **fields: Any) -> Seen:
    """A post in the channel's name."""
    values: dict[str, Any] = {"author_id": "", "author_handle": "wausau-parks", "published_at": NOW + HOUR}
    return make_item(native_id, text, **(values | fields))


def seen(channel: Channel, *items: Seen, now: Any = NOW + HOUR) -> None:
    """A capture that shows these, and what its entry starts."""
    archive.store_batch(channel=channel, items=items, route=Route.API, actor="system", now=now)
    for entry in Entry.objects.filter(kind="archive.capture-stored.v1").order_by("pk"):
        jobs.watch_integrity({"entry": entry.public_id}, now=now)


def published(staff: Staff, channel: Channel) -> Publication:
    _, (publication,) = a_scheduled_draft(staff, channel)
    work([publication])
    return publication


def alerts(**values: object) -> list[IntegrityAlert]:
    return list(IntegrityAlert.objects.filter(**values).order_by("pk"))


def owed() -> list[Duty]:
    return list(Duty.objects.filter(kind=INTEGRITY_DUTY, closed_at=None))


@pytest.mark.proves("channel.integrity-watch")
def test_a_post_that_nobody_here_published_is_an_alert_and_the_coordinators_duty(
    staff: Staff, channel: Channel
) -> None:
    ours = published(staff, channel)
    comment = make_item("c1", "Nice", kind=Kind.COMMENT, author_id="ann", author_handle="ann", published_at=NOW + HOUR)
    seen(channel, own(ours.native_id), comment)
    assert alerts() == []
    assert owed() == []

    seen(channel, own("strange", "All taxes are waived today."))
    seen(channel, own("strange", "All taxes are waived today."))

    (alert,) = alerts()
    assert (alert.kind, alert.subject) == ("unknown-post", Item.objects.get(native_id="strange").public_id)
    (duty,) = owed()
    assert (duty.subject, duty.clause, duty.owner_role) == (channel.public_id, "WAU-purpose-02", Role.COORDINATOR)
    assert duty.due_at == NOW + 5 * HOUR
    entry = Entry.objects.get(kind="publishing.integrity-alert-raised.v1")
    assert entry.body["alert_kind"] == "unknown-post"
    assert "taxes" not in entry.body_text


@pytest.mark.proves("channel.integrity-watch")
def test_a_published_post_that_says_something_else_or_is_gone_is_an_alert(staff: Staff, channel: Channel) -> None:
    ours = published(staff, channel)
    seen(channel, own(ours.native_id, TEXT.replace("\n", "\r\n") + " \n"))
    assert alerts() == []

    seen(channel, own(ours.native_id, "The splash pad is closed for good."), now=NOW + 2 * HOUR)
    assert [one.kind for one in alerts()] == ["changed-post"]
    item = Item.objects.get(native_id=ours.native_id)
    for hours in (3, 4):
        archive.record_absences(channel=channel, native_ids=[ours.native_id], actor="system", now=NOW + hours * HOUR)
    item.refresh_from_db()
    jobs.watch_integrity({}, now=NOW + 5 * HOUR)
    assert [one.kind for one in alerts()] == ["changed-post", "vanished-post"]
    jobs.watch_integrity({}, now=NOW + 6 * HOUR)
    assert len(alerts()) == 2


def test_a_post_withdrawn_from_here_may_vanish(staff: Staff, channel: Channel) -> None:
    ours = published(staff, channel)
    seen(channel, own(ours.native_id))
    Publication.objects.filter(pk=ours.pk).update(removal_asked_at=NOW + HOUR)
    for hours in (3, 4):
        archive.record_absences(channel=channel, native_ids=[ours.native_id], actor="system", now=NOW + hours * HOUR)
    jobs.watch_integrity({}, now=NOW + 5 * HOUR)
    assert alerts() == []


def test_a_post_whose_receipt_is_awaited_is_compared_later(staff: Staff, channel: Channel) -> None:
    ours = published(staff, channel)
    native_id = ours.native_id
    Publication.objects.filter(pk=ours.pk).update(outcome=Outcome.UNCLEAR, native_id="", url="")
    seen(channel, own(native_id))
    assert alerts() == []
    # It comes to nothing: then nobody here published what stands there.
    Publication.objects.filter(pk=ours.pk).update(outcome=Outcome.NOT_PUBLISHED)
    jobs.watch_integrity({}, now=NOW + 2 * HOUR)
    assert [one.kind for one in alerts()] == ["unknown-post"]


def test_what_was_there_before_the_channel_went_live_is_its_history(channel: Channel) -> None:
    seen(channel, own("old", "Ten years ago", published_at=NOW - 1000 * HOUR))
    assert alerts() == []
    assert IntegrityWatch.objects.get().runs == 1


@pytest.mark.proves("channel.integrity-watch")
def test_a_profile_that_changed_is_an_alert(channel: Channel) -> None:
    def read(text: str, hours: int) -> None:
        profile = Seen("square", Kind.PROFILE, "sq-profile", text, text.encode(), Route.API)
        channels.record_page_reading(
            channel_id=channel.public_id, profile=profile, actor="system", now=NOW + hours * HOUR
        )
        jobs.watch_integrity({}, now=NOW + hours * HOUR)

    read("The parks of Wausau", 1)
    read("The parks of Wausau", 2)
    assert alerts() == []
    read("Win a prize: send us your card number", 3)
    (alert,) = alerts()
    assert alert.kind == "changed-profile"
    assert len(owed()) == 1


def test_the_coordinator_answers_each_alert_and_the_duty_closes_with_the_last(staff: Staff, channel: Channel) -> None:
    seen(channel, own("one", "By hand, from the flood"), own("two", "Buy coins"))
    first, second = alerts()
    values: dict[str, Any] = {"explanation": "Sam posted it by telephone", "now": NOW + 2 * HOUR}
    for actor, answer, code in (
        (a_person(Role.POSTER), values, "no-role"),
        (staff.coordinator, values | {"explanation": " "}, "no-explanation"),
    ):
        with pytest.raises(Refused) as refusal:
            operations.answer_alert(alert_id=first.public_id, verdict="ours", actor=actor, **answer)
        assert code in [reason.code for reason in refusal.value.reasons]
    with pytest.raises(InvalidInput):
        operations.answer_alert(alert_id=first.public_id, verdict="maybe", actor=staff.coordinator, **values)

    operations.answer_alert(alert_id=first.public_id, verdict="ours", actor=staff.coordinator, **values)
    assert len(owed()) == 1
    with pytest.raises(Refused) as refusal:
        operations.answer_alert(alert_id=first.public_id, verdict="ours", actor=staff.coordinator, **values)
    assert [reason.code for reason in refusal.value.reasons] == ["answered-already"]

    client = signed_in(staff.coordinator)
    page = reverse("channel-integrity", args=[channel.slug])
    assert "Buy coins" in client.get(page).content.decode()
    sent = reverse("integrity-answer", args=[second.public_id])
    form = {f"{second.public_id}-verdict": "not-ours", f"{second.public_id}-explanation": ""}
    assert client.post(sent, form).status_code == 422
    form[f"{second.public_id}-explanation"] = "The log-in was changed and the post taken down"
    assert client.post(sent, form).status_code == 302
    assert owed() == []
    assert "Everything is accounted for" in client.get(page).content.decode()


def test_a_policy_that_does_not_ask_watches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_body("wi-hrh-480", name="City of Wausau")
    with a_square(tmp_path / "other", monkeypatch) as square:
        channel = a_live_channel(a_staff(), token=square.token)
        seen(channel, own("strange"))
    assert alerts() == []
    assert not IntegrityWatch.objects.exists()
