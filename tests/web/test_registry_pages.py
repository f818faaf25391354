"""The desk's pages of the registry: found channels, lists taken in, held lists, what waits for a person."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel, ChannelList, ListFind
from rostrum.areas.channels.operations import lists
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.lists import ListState
from tests.channels import NOW, Staff, a_body, a_staff
from tests.people import signed_in

pytestmark = pytest.mark.django_db

LIST = """Department,Site,Link
Parks and Recreation,Face Book,https://www.facebook.com/WausauParks
Mysteries,Twitter,x.com/wausau
Parks,IG,https://bit.ly/3x
Parks,IG,call us
"""


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


@pytest.fixture
def desk(staff: Staff) -> Client:
    return signed_in(staff.coordinator)


def words(answer: HttpResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def upload(desk: Client, content: str | bytes = LIST, name: str = "accounts.csv", **more: str) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    form = {"file": SimpleUploadedFile(name, data, "text/csv"), "covers": "all"} | more
    return desk.post(reverse("channel-lists"), form)


def a_list(staff: Staff, text: str = LIST) -> ChannelList:
    return lists.receive_list(name="a.csv", content=text.encode(), actor=staff.coordinator, now=NOW)


def page(desk: Client, one: ChannelList, show: str = "all") -> str:
    return words(desk.get(reverse("channel-list", args=[one.public_id]), {"show": show}))


def test_a_list_is_previewed_row_by_row_before_anything_is_taken_in(desk: Client) -> None:
    answer = upload(desk)
    one = ChannelList.objects.get()
    assert answer["Location"] == reverse("channel-list", args=[one.public_id])

    text = page(desk, one)
    assert "Mysteries,Twitter,x.com/wausau" in text
    assert "Will be added" in text
    assert "No department here is called “Mysteries”." in text
    assert "bit.ly hides where it leads" in text
    assert "No address and no handle stands in this row." in text
    assert "1 channel can be taken in now" in text
    assert not Channel.objects.exists()


def test_a_file_that_is_no_list_is_refused_on_the_form_by_name(desk: Client) -> None:
    answer = upload(desk, b"PK\x03\x04xl/workbook.xml", "accounts.csv")

    assert answer.status_code == 422
    assert "is an Excel workbook (.xlsx), whatever its name says" in words(answer)
    assert upload(desk, b"").status_code == 422
    assert not ChannelList.objects.exists()


def test_the_list_is_taken_in_and_what_it_named_stands_among_the_found(desk: Client, staff: Staff) -> None:
    one = a_list(staff)
    answer = desk.post(reverse("channel-list-take", args=[one.public_id]), follow=True)

    assert "1 channel is registered as found" in words(answer)
    found = words(desk.get(reverse("found-channels")))
    assert "WausauParks" in found
    assert "list a.csv, row 2" in found
    assert "It exists, and nobody approved it" in words(desk.get(reverse("channel", args=["wausauparks"])))


def test_a_department_is_named_for_all_rows_at_once(desk: Client, staff: Staff) -> None:
    one = a_list(staff)
    form = {"unit_text": "Mysteries", "unit": staff.unit.slug}
    desk.post(reverse("channel-list-unit", args=[one.public_id]), form)

    assert "2 channels can be taken in now" in page(desk, one)
    refused = desk.post(reverse("channel-list-unit", args=[one.public_id]), {"unit_text": "Mysteries"})
    assert refused.status_code == 422


def test_an_address_is_settled_on_its_own_page(desk: Client, staff: Staff) -> None:
    one = a_list(staff)
    find = ListFind.objects.get(row__number=4)
    address = reverse("channel-list-find", args=[one.public_id, find.pk])
    form = {"platform": "instagram", "handle": "wausauparks", "name": "Parks", "unit": staff.unit.slug, "act": "take"}

    assert desk.post(address, form).status_code == 422
    assert desk.post(address, form | {"reason": "I opened it", "url": "https://bit.ly/3x"}).status_code == 422
    assert desk.post(address, form | {"reason": "I opened it"}).status_code == 302
    assert Channel.objects.get().address_key == "@wausauparks"
    assert "I opened it" in words(desk.get(address))


def test_an_address_is_left_out_and_a_row_explained(desk: Client, staff: Staff) -> None:
    one = a_list(staff)
    find = ListFind.objects.get(row__number=4)
    address = reverse("channel-list-find", args=[one.public_id, find.pk])
    assert desk.post(address, {"act": "leave", "reason": " "}).status_code == 422
    assert desk.post(address, {"act": "leave", "reason": "Dead"}).status_code == 302
    row = reverse("channel-list-row", args=[one.public_id, 5])
    assert desk.post(row, {"reason": "A telephone number"}).status_code == 302
    text = page(desk, one)
    assert "Left out" in text
    assert "A telephone number" in text


def test_a_held_list_says_what_it_misses_and_waits_for_a_decision(desk: Client, staff: Staff) -> None:
    channels.register_found(
        platform="x", handle="wausaufire", name="Wausau Fire", unit=staff.unit, actor=staff.coordinator, now=NOW
    )
    one = a_list(staff)
    assert one.state == ListState.HELD
    assert "It misses 1 of 1 known channels" in page(desk, one)
    assert "Wausau Fire on X (Twitter)" in page(desk, one, "missing")
    assert desk.post(reverse("channel-list-take", args=[one.public_id])).status_code == 409
    decide = reverse("channel-list-decide", args=[one.public_id])
    assert desk.post(decide, {"act": "release", "reason": ""}).status_code == 422
    assert desk.post(decide, {"act": "release", "reason": "Parks only"}).status_code == 302

    one.refresh_from_db()
    assert one.state == ListState.READY
    assert not Channel.objects.filter(state=ChannelState.CLOSED).exists()


def test_while_the_worker_reads_the_page_says_so_and_looks_again(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "READ_AT_ONCE_BYTES", 10)
    answer = desk.get(upload(desk)["Location"])

    assert "It is being read" in words(answer)
    assert '<meta http-equiv="refresh" content="3">' in answer.content.decode()


def test_a_department_head_sees_lists_and_why_they_are_not_theirs(staff: Staff) -> None:
    head = signed_in(staff.head)

    assert "Lists name channels of every department" in words(head.get(reverse("channel-lists")))
    assert upload(head).status_code == 409
    assert not ChannelList.objects.exists()


def test_a_channel_that_exists_is_registered_by_hand(desk: Client, staff: Staff) -> None:
    form = {"platform": "facebook", "url": "https://fb.com/WausauPool", "name": "Pool", "unit": staff.unit.slug}
    form |= {"kind": "official_page", "found_in": "A resident asked"}
    assert desk.post(reverse("found-channels"), form | {"url": ""}).status_code == 422
    answer = desk.post(reverse("found-channels"), form, follow=True)

    assert "Pool is registered as found. It is not official yet." in words(answer)
    assert desk.post(reverse("found-channels"), form).status_code == 409


def test_a_found_channel_is_asked_for_on_the_usual_form(desk: Client, staff: Staff) -> None:
    channel = channels.register_found(
        platform="facebook", handle="wausaupool", name="Pool", unit=staff.unit, actor=staff.coordinator, now=NOW
    )
    address = reverse("channel-request")
    form = desk.get(address, {"found": channel.slug}).context["form"]
    assert (form["platform"].value(), form["handle"].value(), form["found"].value()) == (
        "facebook",
        "wausaupool",
        channel.public_id,
    )
    given = {name: form[name].value() or "" for name in form.fields if name not in ("serves", "risk_acknowledged")}
    given |= {"purpose": "Tell when it opens", "mission_goal": "Recreation", "serves": ["activities"]}
    answer = desk.post(address, given)

    assert answer.status_code == 302, words(answer)
    channel.refresh_from_db()
    assert (channel.state, channel.requested_by) == (ChannelState.REQUESTED, staff.coordinator)
