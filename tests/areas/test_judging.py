"""What people say of an Item: that the site itself placed it, and whether its words concern the body's business."""

import pytest
from django.urls import reverse

from rostrum.areas.archive import operations, queries
from rostrum.areas.archive.models import Advertising, Item, SubstanceQuestion
from rostrum.areas.archive.queries import SearchQuery
from rostrum.areas.channels.models import Channel
from rostrum.areas.duties.models import Duty
from rostrum.areas.ledger.models import Entry
from rostrum.areas.moderation import conversation
from rostrum.areas.moderation import operations as moderation
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.portal.queries import capture_health
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.kernel.items import Kind, Route
from tests.archive import NOW, make_channel, make_item
from tests.channels import a_body
from tests.people import a_person, signed_in

pytestmark = pytest.mark.django_db


def a_thread() -> Channel:
    """A post of the channel's own, an advertisement between the comments, and what a resident said."""
    channel = make_channel(native_id="city", handle="city")
    operations.store_batch(
        channel=channel,
        items=[
            make_item("own", "The pool opens", author_id="city"),
            make_item(
                "ad", "Buy kettles now", kind=Kind.COMMENT, author_id="shop", author_handle="kettles",
                author_name="Kettles Inc", parent_id="own", root_id="own",
            ),
            make_item(
                "said", "When?", kind=Kind.COMMENT, author_id="robin", author_handle="robin", author_name="Robin Q",
                parent_id="own", root_id="own",
            ),
        ],
        route=Route.API,
        actor="system",
        now=NOW,
    )  # fmt: skip
    return channel


def an_item(native_id: str) -> Item:
    return Item.objects.get(native_id=native_id)


def against(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def set_apart(actor: User, native_id: str = "ad", **overrides: str) -> None:
    values = {"whose": "vendor", "reason": "It is labelled “Promoted”."} | overrides
    operations.set_advertising_apart(item_id=an_item(native_id).public_id, actor=actor, now=NOW, **values)


@pytest.mark.proves("capture.advertising-apart")
def test_what_the_site_placed_is_neither_counted_nor_moderated_until_it_is_taken_back() -> None:
    a_body()
    a_thread()
    moderator = a_person(Role.MODERATOR)
    ad = an_item("ad")
    waiting = lambda: {one.native_id for one in conversation.visible_comments(moderator, now=NOW)}  # noqa: E731
    assert (waiting(), capture_health()[0].items) == ({"ad", "said"}, 3)

    set_apart(moderator)

    assert (waiting(), capture_health()[0].items) == ({"said"}, 2)
    with pytest.raises(Refused) as refusal:
        moderation.open_assessment(item_id=ad.public_id, actor=moderator, now=NOW)
    assert ("advertising", "WAU-def-02b") in against(refusal)
    # It stays a captured thing that searches find, and says on its page what it is.
    assert list(queries.items_matching(SearchQuery(text="kettles"))) == [ad]
    page = signed_in(a_person(Role.RECORDS_CUSTODIAN)).get(reverse("archive-item", args=[ad.public_id]))
    assert "Placed by a vendor of the site" in page.content.decode()
    entry = Entry.objects.get(kind="archive.advertising-set-apart.v1")
    assert (entry.body["clause"], entry.body["whose"]) == ("WAU-def-02b", "vendor")

    operations.take_advertising_back(item_id=ad.public_id, actor=moderator, now=NOW)
    assert (waiting(), capture_health()[0].items) == ({"ad", "said"}, 3)
    assert moderation.open_assessment(item_id=ad.public_id, actor=moderator, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.take_advertising_back(item_id=ad.public_id, actor=moderator, now=NOW)
    assert against(refusal) == [("not-apart", None)]


@pytest.mark.proves("capture.advertising-apart")
def test_an_assessment_under_way_leaves_the_queue_and_removes_nothing_the_site_placed() -> None:
    a_body()
    a_thread()
    moderator = a_person(Role.MODERATOR)
    opened = moderation.open_assessment(item_id=an_item("ad").public_id, actor=moderator, now=NOW)
    assert list(conversation.open_assessments(moderator, now=NOW)) == [opened]
    set_apart(moderator)
    assert list(conversation.open_assessments(moderator, now=NOW)) == []


@pytest.mark.proves("capture.advertising-apart")
def test_nobody_sets_apart_what_the_body_said_itself() -> None:
    a_body()
    a_thread()
    moderator = a_person(Role.MODERATOR)
    with pytest.raises(Refused) as refusal:
        set_apart(moderator, "own")
    assert against(refusal) == [("own-post", "WAU-def-02b")]
    with pytest.raises(Refused) as refusal:
        set_apart(moderator, reason=" ")
    assert [code for code, _ in against(refusal)] == ["no-reason"]
    with pytest.raises(InvalidInput):
        set_apart(moderator, whose="resident")
    with pytest.raises(Refused) as refusal:
        set_apart(a_person(Role.EMPLOYEE, name="Somebody Else"))
    assert [code for code, _ in against(refusal)] == ["out-of-reach"]
    set_apart(moderator)
    with pytest.raises(Refused) as refusal:
        set_apart(moderator)
    assert [code for code, _ in against(refusal)] == ["apart-already"]
    assert Advertising.objects.count() == 1


def test_without_a_clause_nothing_is_set_apart() -> None:
    a_body("milwaukee-personal")
    a_thread()
    with pytest.raises(Refused) as refusal:
        set_apart(a_person(Role.MODERATOR))
    assert [code for code, _ in against(refusal)] == ["no-clause"]


@pytest.mark.proves("record.substance-only")
def test_the_question_is_answered_on_the_words_alone_with_a_reason() -> None:
    a_body()
    a_thread()
    coordinator, custodian = a_person(Role.COORDINATOR), a_person(Role.RECORDS_CUSTODIAN)
    item = an_item("said")
    signed_in(coordinator).post(reverse("archive-ask-substance", args=[item.public_id]), {"why": "A request asks"})
    question = SubstanceQuestion.objects.get()
    duty = Duty.objects.get(subject=question.public_id)
    assert (duty.owner_role, duty.clause, duty.closed_at) == ("records_custodian", "WAU-def-05", None)

    client = signed_in(custodian)
    address = reverse("archive-substance-question", args=[question.public_id])
    page = client.get(address).content.decode()
    assert "When?" in page
    # Neither the poster, nor the site, nor the channel, nor a way to them.
    for hidden in ("Robin", "robin", "Kettles", "City", "square", "Sample", item.public_id, "A request asks"):
        assert hidden not in page.split("<main", 1)[1].split("</main>", 1)[0], hidden
    for hidden in ("Robin", "square", item.public_id):
        assert hidden not in f"{duty.title}{duty.subject}"
    answer = reverse("archive-answer-substance", args=[question.public_id])
    assert client.post(answer, {"answer": "yes", "reason": ""}).status_code == 422
    assert client.post(answer, {"answer": "yes", "reason": "It asks about an opening of the pool."}).status_code == 302

    question.refresh_from_db()
    assert (question.is_related, question.decided_by) == (True, custodian)
    duty.refresh_from_db()
    assert duty.closed_at is not None
    entry = Entry.objects.get(kind="archive.substance-decided.v1")
    assert entry.body["reason"] == "It asks about an opening of the pool."
    shown = client.get(reverse("archive-item", args=[item.public_id])).content.decode()
    assert "It asks about an opening of the pool." in shown
    with pytest.raises(Refused) as refusal:
        operations.decide_on_substance(
            question_id=question.public_id, is_related=False, reason="No", actor=custodian, now=NOW
        )
    assert against(refusal) == [("answered", None)]


@pytest.mark.proves("record.substance-only")
def test_who_asked_or_wrote_it_does_not_answer() -> None:
    a_body()
    a_thread()
    custodian = a_person(Role.RECORDS_CUSTODIAN)
    item = an_item("said")
    question = operations.ask_about_substance(item_id=item.public_id, why="A request", actor=custodian, now=NOW)

    def answer(actor: User, reason: str = "The pool") -> SubstanceQuestion:
        return operations.decide_on_substance(
            question_id=question.public_id, is_related=True, reason=reason, actor=actor, now=NOW
        )

    with pytest.raises(Refused) as refusal:
        answer(custodian)
    assert against(refusal) == [("own-question", "WAU-def-05")]
    other = a_person(Role.RECORDS_CUSTODIAN, name="Other Custodian")
    Item.objects.filter(pk=item.pk).update(author_id=other.public_id)
    with pytest.raises(Refused) as refusal:
        answer(other)
    assert against(refusal) == [("own-words", "WAU-def-05")]
    with pytest.raises(Refused) as refusal:
        answer(a_person(Role.MODERATOR))
    assert against(refusal) == [("not-yours", "WAU-def-05")]
    Item.objects.filter(pk=item.pk).update(author_id="robin")
    with pytest.raises(Refused) as refusal:
        answer(other, reason=" ")
    assert against(refusal) == [("no-reason", "WAU-def-05")]
    with pytest.raises(Refused) as refusal:
        operations.ask_about_substance(item_id=item.public_id, why="Again", actor=custodian, now=NOW)
    assert against(refusal) == [("asked-already", None)]
    assert answer(other).is_related
