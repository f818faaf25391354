"""The conversation's pages: who sees and does what, nothing typed is lost or done twice, all of it accessible."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from rostrum.areas.archive.models import Item
from rostrum.areas.ledger.models import Entry
from rostrum.areas.moderation import operations, today
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.states import Measure
from rostrum.areas.people.rules import Role
from rostrum.kernel.items import Access
from tests.browser import NARROW, WIDE, Visitor, browser, served
from tests.channels import NOW
from tests.moderation import (
    COMMENT,
    Talk,
    a_removal,
    an_assessment,
    assessed,
    hidden,
    talk,
    work,
)
from tests.people import PASSWORD, a_person, signed_in
from tests.simulators import misbehaving

__all__ = ["talk"]
pytestmark = pytest.mark.django_db


def words(response: object) -> str:
    """The page's words without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))  # type: ignore[attr-defined]


def page_of(assessment: Assessment) -> str:
    return reverse("assessment", args=[assessment.public_id])


def a_form(ground: str = "6", **changes: str) -> dict[str, str]:
    """The assessment form, filled in for a ground of two elements that are met."""
    return {
        f"met-{ground}-0": "on",
        f"why-{ground}-0": "Gutter King",
        f"met-{ground}-1": "on",
        f"why-{ground}-1": "It says: call me",
        f"need-{ground}-entity": "Gutter King",
        f"need-{ground}-passage": "Cheap gutters",
        "measure": "hide",
        "refer_to": "",
        "reason": "An advertisement",
        **changes,
    }


# Seeing


def test_the_conversation_lists_others_comments_and_how_they_stand(talk: Talk) -> None:
    client = signed_in(talk.moderator)
    first = words(client.get(reverse("conversation")))
    an_assessment(talk)
    looked_at = words(client.get(reverse("conversation"), {"show": "open"}))

    assert "Cheap gutters" in first
    assert "The splash pad opens" not in first  # the body's own post is no comment
    assert "Being looked at" in looked_at
    for show, says in (("waiting", "Nothing waits"), ("removed", "Nothing was removed")):
        assert says in words(client.get(reverse("conversation"), {"show": show}))


def test_an_answered_comment_no_longer_waits(talk: Talk) -> None:
    client = signed_in(talk.moderator)
    assert "Cheap gutters" in words(client.get(reverse("conversation"), {"show": "waiting"}))
    owner = talk.square.store.channel_of_token(talk.square.token)
    assert owner is not None
    talk.square.store.write(owner, "Please keep to the topic.", parent=talk.comment)
    talk.look()

    assert "Nothing waits" in words(client.get(reverse("conversation"), {"show": "waiting"}))
    assert "Answered" in words(client.get(reverse("conversation")))


def test_a_thread_shows_the_post_its_comments_and_what_was_done(talk: Talk) -> None:
    removal = hidden(talk)
    page = signed_in(talk.moderator).get(reverse("conversation-thread", args=[talk.item.public_id]))

    said = words(page)
    assert "The splash pad opens" in said
    assert "Hidden on the platform" in said
    assert removal.reason in said
    assert "Assess this comment" not in said  # it is removed already


def test_a_message_meant_as_legal_notice_is_answered_from_the_thread(talk: Talk) -> None:
    client = signed_in(talk.moderator)
    thread = reverse("conversation-thread", args=[talk.item.public_id])
    page = reverse("conversation-no-notice", args=[talk.item.public_id])
    assert page in client.get(thread).content.decode()
    assert "in writing to the office of the clerk" in words(client.get(page))

    assert client.post(page, {"given": "yes", "how": ""}).status_code == 422
    assert client.post(page, {"given": "yes", "how": "Under the comment"}).status_code == 302

    said = words(client.get(thread))
    assert "Answered as no legal notice" in said
    assert "is recorded already" in words(client.get(page))


def test_a_direct_message_is_never_in_the_conversation(talk: Talk) -> None:
    Item.objects.filter(native_id=talk.comment).update(access=Access.RESTRICTED)
    client = signed_in(talk.moderator)

    assert "Cheap gutters" not in words(client.get(reverse("conversation")))
    assert client.get(reverse("conversation-thread", args=[talk.item.public_id])).status_code == 404
    assert client.post(reverse("assessment-open", args=[talk.item.public_id])).status_code == 404


@pytest.mark.parametrize("role", [Role.POSTER, Role.AUDITOR])
def test_who_may_only_read_sees_the_assessment_and_no_way_to_act(talk: Talk, role: Role) -> None:
    made = assessed(talk)
    client = signed_in(a_person(role))

    page = client.get(page_of(made))
    assert page.status_code == 200
    assert "deciding is for others" in words(page)
    assert re.findall(r'action="/desk/conversation[^"]*"', page.content.decode()) == []
    assert client.post(page_of(made), a_form()).status_code in (403, 409)
    assert client.post(reverse("assessment-remove", args=[made.public_id])).status_code == 403
    assert not Removal.objects.exists()


# Doing


def test_a_comment_is_assessed_and_hidden_through_the_pages(talk: Talk) -> None:
    client = signed_in(talk.moderator)
    opened = client.post(reverse("assessment-open", args=[talk.item.public_id]), {"request_token": "t1"})
    made = Assessment.objects.get()
    assert opened["Location"] == page_of(made)
    assert client.post(page_of(made), a_form(request_token="t2"))["Location"] == page_of(made)
    client.post(reverse("assessment-remove", args=[made.public_id]), {"request_token": "t3"})
    work(timezone.now())

    said = words(client.get(page_of(made)))
    assert talk.is_hidden()
    for fact in ("Ann Sorensen", talk.moderator.name, "An advertisement", "Hidden on the platform", "Gutter King"):
        assert fact in said


def test_each_form_sent_twice_acts_once(talk: Talk) -> None:
    client = signed_in(talk.moderator)
    opening = reverse("assessment-open", args=[talk.item.public_id])
    first, second = (client.post(opening, {"request_token": "t1"}) for _ in range(2))
    assert first["Location"] == second["Location"]
    made = Assessment.objects.get()
    for _ in range(2):
        client.post(page_of(made), a_form(request_token="t2"))
        client.post(reverse("assessment-remove", args=[made.public_id]), {"request_token": "t3"})

    assert Removal.objects.count() == 1
    assert Entry.objects.filter(kind="moderation.removal-decided.v1").count() == 1
    assert Entry.objects.filter(kind="moderation.comment-assessed.v1").count() == 1


def test_a_refused_assessment_keeps_what_was_typed_and_says_every_reason(talk: Talk) -> None:
    made = an_assessment(talk)
    sent = a_form(**{"need-6-passage": "Cheap windows", "need-6-entity": ""})

    page = signed_in(talk.moderator).post(page_of(made), sent)

    said = page.content.decode()
    assert page.status_code == 409
    assert "does not stand in the comment" in words(page)
    assert "name the entity" in words(page)
    assert 'value="Cheap windows"' in said
    assert 'value="It says: call me"' in said
    assert '<details class="ros-basis" open>' in said
    made.refresh_from_db()
    assert made.state == "captured"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"measure": ""}, "This field is required"),
        ({"measure": "block"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
        ({"refer_to": "nobody"}, "Select a valid choice"),
    ],
)
def test_a_form_that_cannot_be_used_comes_back(talk: Talk, changes: dict[str, str], says: str) -> None:
    made = an_assessment(talk)

    page = signed_in(talk.moderator).post(page_of(made), a_form(**changes))

    assert (page.status_code, says in words(page)) == (422, True)


def test_the_closed_list_shows_what_meets_a_ground_what_does_not_and_the_case(talk: Talk) -> None:
    said = words(signed_in(talk.moderator).get(page_of(an_assessment(talk))))

    assert "Threatens a person or organization" in said
    assert "I will sue the city." in said
    assert "Counterman v. Colorado (2023)" in said
    assert "sole discretion" not in said.lower()
    assert "past or present military service" in said


def test_trouble_is_shown_with_its_ways_out_and_notice_and_restoration_follow(talk: Talk) -> None:
    removal = a_removal(talk)
    talk.square.transport.next(misbehaving.answer_dropped, "POST", "/hide")
    work()
    client, other = signed_in(talk.moderator), signed_in(talk.other)
    page = page_of(removal.assessment)
    assert "I saw that it is done" in words(client.get(page))
    client.post(reverse("removal-confirm", args=[removal.public_id]))

    notice = reverse("removal-notice", args=[removal.public_id])
    assert client.post(notice, {"told": "", "how": ""}).status_code == 422
    client.post(notice, {"told": "no", "how": "The platform offers no messages."})
    assert "The platform offers no messages." in words(client.get(page))

    restore = reverse("removal-restore", args=[removal.public_id])
    assert "another person than the one who made it" in words(client.get(page))
    assert client.post(restore, {"restore-reason": "Mine"}).status_code == 409
    assert other.post(restore, {"restore-reason": ""}).status_code == 422
    other.post(restore, {"restore-reason": "It names a shop."})
    work(timezone.now() + timedelta(seconds=1))
    assert "It names a shop." in words(client.get(page))
    assert not talk.is_hidden()


def test_the_office_it_was_referred_to_answers_on_the_page(talk: Talk) -> None:
    made = assessed(talk, answers=[], measure=Measure.REFER, refer_to=Role.PUBLIC_AFFAIRS.value)
    client = signed_in(a_person(Role.PUBLIC_AFFAIRS))
    answer = reverse("assessment-answer", args=[made.public_id])

    assert "What was done about it" in words(client.get(page_of(made)))
    assert client.post(answer, {"answer-reason": " "}).status_code == 422
    assert client.post(answer, {"answer-reason": "We called her."}).status_code == 302
    assert "We called her." in words(client.get(page_of(made)))


def test_giving_up_asks_why(talk: Talk) -> None:
    made = an_assessment(talk)
    drop = reverse("assessment-drop", args=[made.public_id])
    client = signed_in(talk.moderator)

    assert client.post(drop, {"drop-reason": ""}).status_code == 422
    assert client.post(drop, {"drop-reason": "Wrong comment"}).status_code == 302
    assert "Wrong comment" in words(client.get(page_of(made)))


def test_pages_of_a_long_thread_open_where_the_comment_is(talk: Talk) -> None:
    for number in range(60):
        talk.square.store.write(talk.resident, f"Comment number {number}", parent=talk.post)
    talk.look()
    last = Item.objects.get(versions__text="Comment number 59")
    client = signed_in(talk.moderator)

    page = words(client.get(reverse("conversation-thread", args=[last.public_id])))
    assert "Comment number 59" in page
    assert "Cheap gutters" not in page
    first = words(client.get(reverse("conversation-thread", args=[last.public_id]), {"page": "1"}))
    assert "Cheap gutters" in first


# Today


def titles(talk: Talk, now: datetime = NOW) -> dict[str, int]:
    return {card.title: card.count for card in today.cards(talk.moderator, now)}


def test_today_says_what_waits_for_a_moderator_and_nothing_to_others(talk: Talk) -> None:
    assert titles(talk) == {"Comments being looked at": 0, "Comments nobody has answered": 1}
    removal = a_removal(talk)
    assert titles(talk)["Comments being looked at"] == 1
    talk.square.transport.next(misbehaving.lost_token, "POST", "/hide")
    work()
    assert titles(talk)["Trouble with a removal"] == 1
    operations.witness_outcome(removal_id=removal.public_id, actor=talk.other, now=NOW)
    assert titles(talk) == {
        "Comments being looked at": 0,
        "Comments nobody has answered": 0,
        "Authors not yet told": 1,
    }
    assert today.cards(a_person(Role.POSTER), NOW) == []
    assert "Authors not yet told" in words(signed_in(talk.moderator).get(reverse("today")))


# In a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture
def address(transactional_db: None, talk: Talk) -> Iterator[str]:
    for person in (talk.moderator, talk.other):
        person.set_password(PASSWORD)
        person.save()
    with served() as found:
        yield found


def look(visitor: Visitor, name: str, path: str) -> None:
    visitor.open(path)
    visitor.assert_fits()
    visitor.assert_accessible()
    visitor.shoot(name)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_state_of_a_comment_is_accessible_and_fits(
    chromium: Browser, address: str, talk: Talk, width: int
) -> None:
    visitor = Visitor(chromium, address, width=width)
    visitor.sign_in(talk.moderator.email, PASSWORD)
    made = an_assessment(talk)
    page = page_of(made)
    look(visitor, "conversation", reverse("conversation"))
    look(visitor, "conversation-empty", f"{reverse('conversation')}?show=removed")
    look(visitor, "thread", reverse("conversation-thread", args=[talk.item.public_id]))
    look(visitor, "no-notice", reverse("conversation-no-notice", args=[talk.item.public_id]))
    look(visitor, "assessment-captured", page)
    assessed(talk, "4", "12", assessment=made)
    look(visitor, "assessment-assessed", page)
    operations.second_assessment(assessment_id=made.public_id, actor=talk.other, now=NOW)
    removal = operations.decide_removal(assessment_id=made.public_id, actor=talk.moderator, now=NOW)
    talk.square.transport.next(misbehaving.answer_dropped, "POST", "/hide")
    work()
    look(visitor, "assessment-unclear", page)
    operations.witness_outcome(removal_id=removal.public_id, actor=talk.moderator, now=NOW)
    look(visitor, "assessment-removed", page)
    operations.restore_comment(removal_id=removal.public_id, reason="Taken back.", actor=talk.other, now=NOW)
    work()
    look(visitor, "assessment-restored", page)
    look(visitor, "thread-after", reverse("conversation-thread", args=[talk.item.public_id]))
    visitor.assert_no_complaints()
    visitor.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_assessment_is_made_by_keyboard_and_without_scripts(chromium: Browser, address: str, talk: Talk) -> None:
    visitor = Visitor(chromium, address, scripts=False)
    visitor.sign_in(talk.moderator.email, PASSWORD)
    page = visitor.open(reverse("conversation-thread", args=[talk.item.public_id]))
    page.get_by_role("button", name="Assess this comment").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Assessment of a comment")
    page.locator("summary", has_text="Advertises").focus()
    for key in ("Enter", "Tab", "Space", "Tab", "Gutter King", "Tab", "Space", "Tab", "Call me", "Tab", "Gutter King"):
        page.keyboard.press(key) if key in ("Enter", "Tab", "Space") else page.keyboard.type(key)
    page.keyboard.press("Tab")
    page.keyboard.type("A passage that is not there")
    page.get_by_label("Keep it").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_label("Reason, in a sentence").focus()
    page.keyboard.type("An advertisement")
    page.get_by_role("button", name="Record the assessment").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("does not stand in the comment")
    visitor.assert_fits()
    visitor.shoot("assessment-refused")
    page.locator("#need-6-passage").fill(COMMENT[:13])
    page.get_by_role("button", name="Record the assessment").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Carry it out")).to_be_visible()
    assert Assessment.objects.get().measure == "hide"
    visitor.assert_no_complaints()
    visitor.close()
