"""Directives: who issues them, whom they reached, the year's clock, and that capture follows them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from rostrum.areas.archive import queries as archive
from rostrum.areas.archive.capturing import due_channels, look_at
from rostrum.areas.archive.models import Capture, Item
from rostrum.areas.archive.operations import store_batch
from rostrum.areas.channels import queries as channels
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import jobs, operations
from rostrum.areas.governance.models import Directive, DirectiveSuggestion
from rostrum.areas.governance.queries import directives
from rostrum.areas.governance.rules.directives import Selected, Told, captures_by, last_reaching_all
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Role
from rostrum.connectors import registry
from rostrum.connectors.bluesky import BlueskyConnector
from rostrum.connectors.square.client import SquareConnector
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Route
from tests.archive import make_item
from tests.channels import a_body, a_live_channel, a_square, a_staff
from tests.governance import NOW
from tests.people import a_person, a_unit

pytestmark = pytest.mark.django_db


def a_director() -> User:
    return a_person(Role.IT_DIRECTOR, name="Tom Director")


def two_departments() -> tuple[Unit, Unit]:
    parks, library = a_unit(), a_unit("library", "Library")
    for unit in (parks, library):
        a_person(Role.DEPARTMENT_HEAD, name=f"Head of {unit.name}", unit=unit, over=unit)
    return parks, library


def issue(director: User, now: datetime = NOW, **overrides: Any) -> Directive:
    values: dict[str, Any] = {
        "platform": "square",
        "content_kinds": ["post", "comment"],
        "method": "connector",
        "option": "Capture through the connector; keep in the archive.",
        "cost_reason": "It needs nobody's time.",
    }
    return operations.issue_directive(**(values | overrides), actor=director, now=now)


def reach_all(made: Directive, now: datetime = NOW) -> None:
    for delivery in made.deliveries.filter(reached_at=None):
        operations.record_directive_delivery(
            delivery_id=delivery.public_id, how="Handed over", actor=made.issued_by, now=now
        )


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


@pytest.mark.proves("directive.issued")
def test_only_the_director_issues_and_everything_about_a_directive_is_kept() -> None:
    a_body()
    two_departments()
    director = a_director()
    with pytest.raises(Refused) as refusal:
        issue(a_person(Role.COORDINATOR))
    assert codes(refusal) == [("no-role", "WAU-legal-04b")]
    for code, given in {
        "no-content": {"content_kinds": []},
        "unknown-content": {"content_kinds": ["smoke"]},
        "unknown-method": {"method": "telepathy"},
        "no-option": {"option": " "},
        "no-cost-reason": {"cost_reason": ""},
    }.items():
        with pytest.raises(Refused) as refusal:
            issue(director, **given)
        assert codes(refusal) == [(code, "WAU-legal-04b")]

    made = issue(director)
    assert (made.number, made.version, made.issued_by, made.content_kinds) == (1, 1, director, ["post", "comment"])
    again = issue(director, content_kinds=["comment"])
    assert (again.number, again.version) == (2, 2)
    assert issue(director, platform="bluesky").version == 1
    entry = Entry.objects.filter(kind="governance.directive-issued.v1").order_by("pk")[0]
    assert set(entry.body["units"]) == set(Unit.objects.values_list("public_id", flat=True))
    assert "nobody" not in str(entry.body)


@pytest.mark.proves("directive.issued")
def test_a_directive_reaches_each_department_and_says_how() -> None:
    a_body()
    parks, library = two_departments()
    clerk = a_unit("clerk", "City Clerk")  # nobody heads it here
    director = a_director()
    made = issue(director)
    letters = Job.objects.filter(kind="governance.send-letter", args__letter="directive")
    assert letters.count() == 2
    for job in letters:
        letter = jobs._letter(job.args, NOW)
        assert letter is not None
        assert "Capture through the connector" in letter[2]
        jobs.send_letter(job.args, now=NOW)
        jobs.send_letter(job.args, now=NOW)  # a repeated mail reaches nobody twice
    reached = {one.unit: one.how for one in made.deliveries.exclude(reached_at=None)}
    assert set(reached) == {parks, library}
    waiting = made.deliveries.get(unit=clerk)
    with pytest.raises(InvalidInput):
        operations.record_directive_delivery(delivery_id=waiting.public_id, how=" ", actor=director, now=NOW)
    with pytest.raises(Refused):
        operations.record_directive_delivery(
            delivery_id=waiting.public_id, how="Told", actor=a_person(Role.COORDINATOR), now=NOW
        )
    operations.record_directive_delivery(
        delivery_id=waiting.public_id, how="Handed to the clerk", actor=director, now=NOW
    )
    last = Entry.objects.filter(kind="governance.directive-reached.v1").order_by("-pk")[0]
    assert last.body["reached_all"]
    with pytest.raises(Refused):
        operations.record_directive_delivery(delivery_id=waiting.public_id, how="Again", actor=director, now=NOW)


@pytest.mark.proves("directive.annual")
@pytest.mark.parametrize(
    ("reached_at", "due_at"),
    [
        # A year on, to the end of the civil day where the body is.
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), datetime(2027, 12, 1, 6, 0, tzinfo=UTC)),
        # In summer, midnight is at five.
        (datetime(2026, 7, 4, 16, 0, tzinfo=UTC), datetime(2027, 7, 5, 5, 0, tzinfo=UTC)),
        # From a leap day: the director's duty takes the earlier reading, February 28.
        (datetime(2028, 2, 29, 16, 0, tzinfo=UTC), datetime(2029, 3, 1, 6, 0, tzinfo=UTC)),
        # Over a leap day, by the date and not by 365 days.
        (datetime(2027, 3, 1, 16, 0, tzinfo=UTC), datetime(2028, 3, 2, 6, 0, tzinfo=UTC)),
        # New Year's Eve late in the evening is still the old year there.
        (datetime(2027, 1, 1, 3, 0, tzinfo=UTC), datetime(2028, 1, 1, 6, 0, tzinfo=UTC)),
    ],
)
def test_the_next_directive_is_due_a_year_after_the_last_department_was_reached(
    reached_at: datetime, due_at: datetime
) -> None:
    a_body()
    two_departments()
    made = issue(a_director(), reached_at - timedelta(days=3))
    first, second = made.deliveries.all()
    for delivery, at in ((first, reached_at - timedelta(days=2)), (second, reached_at)):
        operations.record_directive_delivery(
            delivery_id=delivery.public_id, how="Handed over", actor=made.issued_by, now=at
        )
    due = directives.next_due()
    assert due is not None
    assert (due.due_at, due.counted_from, due.after) == (due_at, reached_at, made.public_id)

    # It becomes a duty sixty days before, and not a second earlier.
    jobs.tend({}, now=due_at - timedelta(days=60, seconds=1))
    assert not Duty.objects.filter(kind="governance.issue-directive").exists()
    jobs.tend({}, now=due_at - timedelta(days=60))
    duty = Duty.objects.get(kind="governance.issue-directive")
    assert (duty.due_at, duty.owner_role, duty.clause, duty.clock) == (due_at, "it_director", "WAU-legal-04c", "P1Y")


@pytest.mark.proves("directive.annual")
def test_a_directive_that_has_not_reached_every_department_starts_no_year() -> None:
    a_body()
    two_departments()
    director = a_director()
    before = directives.next_due()
    assert before is not None
    assert before.after == ""  # counted from the day the policy came into force
    made = issue(director)
    first = made.deliveries.all()[0]
    operations.record_directive_delivery(delivery_id=first.public_id, how="Told", actor=director, now=NOW)
    assert directives.next_due() == before

    jobs.tend({}, now=before.due_at)
    duty = Duty.objects.get(kind="governance.issue-directive")
    late = before.due_at + timedelta(days=3)
    reach_all(made, late)
    duty.refresh_from_db()
    assert duty.evidence == made.public_id
    closed = Entry.objects.filter(kind="duties.duty-closed.v1").order_by("-pk")[0]
    assert closed.body["was_late"]


@pytest.mark.proves("directive.interim")
def test_an_interim_directive_needs_a_reason_and_restarts_the_year() -> None:
    a_body()
    two_departments()
    director = a_director()
    reach_all(issue(director))
    with pytest.raises(Refused) as refusal:
        issue(director, is_interim=True)
    assert codes(refusal) == [("no-interim-reason", "WAU-legal-04d")]

    later = NOW + timedelta(days=320)
    jobs.tend({}, now=later)
    duty = Duty.objects.get(kind="governance.issue-directive", closed_at=None)
    interim = issue(director, later, is_interim=True, why_interim="The platform changed its interface.")
    reach_all(interim, later + timedelta(hours=1))
    duty.refresh_from_db()
    assert duty.evidence == interim.public_id
    due = directives.next_due()
    assert due is not None
    assert due.counted_from == later + timedelta(hours=1)
    jobs.tend({}, now=NOW + timedelta(days=366))
    assert not Duty.objects.filter(kind="governance.issue-directive", closed_at=None).exists()


@pytest.mark.proves("directive.interim")
def test_a_new_platform_and_a_failing_connector_suggest_an_interim_directive() -> None:
    a_body()
    staff = a_staff()
    a_live_channel(staff)
    requested = Entry.objects.get(kind="channels.channel-requested.v1")
    jobs.suggest_directive({"entry": requested.public_id}, now=NOW)
    jobs.suggest_directive({"entry": requested.public_id}, now=NOW)
    a_live_channel(staff, token="another", handle="wausau-library", name="Wausau Library")
    second = Entry.objects.filter(kind="channels.channel-requested.v1").order_by("-pk")[0]
    jobs.suggest_directive({"entry": second.public_id}, now=NOW)
    (found,) = DirectiveSuggestion.objects.all()
    assert (found.why, found.subject) == ("new-platform", "square")
    director = a_director()
    with pytest.raises(InvalidInput):
        operations.answer_suggestion(suggestion_id=found.pk, answer=" ", actor=director, now=NOW)
    operations.answer_suggestion(suggestion_id=found.pk, answer="Directive 1", actor=director, now=NOW)
    assert not directives.suggestions().exists()


class MirrorConnector(SquareConnector):
    """The same platform by another way: a second adapter, as a vendor would offer one."""

    looks = 0

    def capture(self, cursor: str | None) -> Any:
        type(self).looks += 1
        return super().capture(cursor)


@pytest.mark.proves("directive.adapters")
def test_capture_goes_by_whichever_adapter_the_directive_selects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_body()
    director = a_director()
    staff = a_staff()
    with a_square(tmp_path, monkeypatch) as square:
        spec = registry.PLATFORMS["square"]
        mirror = registry.CaptureMethod(
            "mirror",
            "Through a mirror",
            open=lambda settings, secret: MirrorConnector(settings, secret, transport=square.transport),
        )
        changed = {name: getattr(spec, name) for name in ("code", "name", "settings", "secrets", "open")}
        monkeypatch.setitem(
            registry.PLATFORMS, "square", registry.PlatformSpec(**changed, methods=(*spec.methods, mirror))
        )
        channel = a_live_channel(staff, token=square.token)
        moments = iter(NOW + timedelta(minutes=n) for n in range(1, 500))

        def clock() -> datetime:
            return next(moments)

        # No directive: the platform's own connector.
        look_at(channel, clock=clock)
        assert MirrorConnector.looks == 0
        assert [one.pk for one in due_channels(now=next(moments) + timedelta(days=1))] == [channel.pk]

        issue(director, method="mirror")
        look_at(channel, clock=clock)
        by_mirror = MirrorConnector.looks
        assert by_mirror > 0

        # By the platform's own export: nothing looks by itself; what a person imports lands in the same archive.
        issue(director, method="export")
        assert channels.watched_channels().count() == 0
        assert due_channels(now=next(moments) + timedelta(days=1)) == []
        before = Capture.objects.count()
        store_batch(
            channel=channel,
            items=[make_item("sq-1", "From the export")],
            route=Route.OWNER_EXPORT,
            actor=staff.coordinator.public_id,
            now=next(moments),
        )
        assert Capture.objects.count() == before + 1
        assert Item.objects.filter(channel=channel, native_id="sq-1").exists()

        issue(director, method="connector")
        assert [one.pk for one in channels.watched_channels()] == [channel.pk]
        look_at(channel, clock=clock)
        assert MirrorConnector.looks == by_mirror
        assert archive.capture_cursor(channel) is not None


@pytest.mark.proves("directive.adapters")
def test_a_directive_can_send_bluesky_through_a_relay_without_touching_the_pack() -> None:
    a_body()
    two_departments()
    director = a_director()
    with pytest.raises(Refused) as refusal:
        issue(director, platform="bluesky", method="relay")
    assert codes(refusal) == [("no-address", "WAU-legal-04b")]
    issue(director, platform="bluesky", method="relay", address="https://relay.example")
    chosen = directives.capture_choice("bluesky")
    assert (chosen.method.code, chosen.address) == ("relay", "https://relay.example")
    opened = registry.connect(
        "bluesky",
        {"service": "https://pds.example"},
        {"identifier": "city.example", "password": "app"},
        method=chosen.method,
        address=chosen.address,
    )
    assert isinstance(opened, BlueskyConnector)
    assert opened._stream == "https://relay.example"
    opened.close()


def test_what_directives_say_of_posts_counts_before_comments_and_nearer_before_wider() -> None:
    post, comment = Selected("post", "relay", "", "d1"), Selected("comment", "export", "", "d2")
    assert captures_by([post, comment]) == post
    assert captures_by([Selected("post", "export", "", "d1"), Selected("comment", "connector", "", "d2")]) == Selected(
        "comment", "connector", "", "d2"
    )
    assert captures_by([Selected("post", "export", "", "d1"), comment]) == Selected("post", "export", "", "d1")
    assert captures_by([Selected("profile", "by-hand", "", "d3")]) is None
    assert captures_by([Selected("post", "export", "", "d1")]) is None


def test_the_year_counts_from_the_last_instant_at_which_all_were_reached() -> None:
    early, later = NOW, NOW + timedelta(days=30)
    assert last_reaching_all([]) is None
    assert last_reaching_all([Told("a", ()), Told("b", (early, None))]) is None
    slow, quick = Told("slow", (early, later)), Told("quick", (early, early + timedelta(days=1)))
    assert last_reaching_all([quick, slow, Told("open", (later, None))]) == slow


def test_directives_say_what_is_in_force_for_each_kind_of_content() -> None:
    a_body()
    two_departments()
    director = a_director()
    wide = issue(director, platform="", content_kinds=["post", "comment", "profile"], method="by-hand")
    near = issue(director, platform="square", content_kinds=["post", "comment"], method="connector")
    said = {kind: one.directive for kind, one in directives.selected_for("square").items()}
    assert said == {"post": near.public_id, "comment": near.public_id, "profile": wide.public_id}
    assert directives.platforms_captured_by_people() == ["bluesky"]
    assert directives.in_force() == [near, wide]
    issue(director, platform="", content_kinds=["post", "comment", "profile"], method="connector")
    assert wide not in directives.in_force()
    assert directives.platforms_captured_by_people() == []
