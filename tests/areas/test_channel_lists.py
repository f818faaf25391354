"""Lists of channels taken in: kept, read, held where they miss many, taken in step by step, settled by a person."""

from collections import Counter
from datetime import timedelta

import pytest

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels import queries as channel_queries
from rostrum.areas.channels.models import Channel, ChannelList, ListFind, ListRow
from rostrum.areas.channels.operations import lists as operations
from rostrum.areas.channels.queries import lists as queries
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.lists import LIST_MACHINE, ListState, list_is_held
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.jobs.models import Job
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import Unit
from rostrum.kernel.decisions import InvalidInput, Refused
from rostrum.worker.loop import Worker
from tests.channels import NOW, Staff, a_body, a_staff
from tests.dirty_lists import UNITS, big_list_with_one_bad_row, dirty_list
from tests.people import a_unit

pytestmark = pytest.mark.django_db

LIST = """Department,Site,Link,Handle
Parks and Recreation,Face Book,https://www.facebook.com/WausauParks,
Parks,Twitter,,@wausauparks
Parks and Recreation,Instagram,https://bit.ly/3x,
Mysteries,YouTube,https://www.youtube.com/@wausau,
,,,
Parks,IG,"call 715-555-0100",
"""


@pytest.fixture
def staff() -> Staff:
    a_body()
    return a_staff()


def give(staff: Staff, text: str | bytes = LIST, **overrides: object) -> ChannelList:
    values = {
        "name": "accounts.csv",
        "content": text.encode() if isinstance(text, str) else text,
        "actor": staff.coordinator,
        "now": NOW,
    }
    return operations.receive_list(**(values | overrides))  # type: ignore[arg-type]


def take_all(staff: Staff, found: ChannelList) -> int:
    count = 0
    while True:
        taken = operations.take_in_list(list_id=found.public_id, actor=staff.coordinator, now=NOW)
        count += len(taken.channels)
        if not taken.left:
            return count


def find(found: ChannelList, row: int) -> ListFind:
    return found.finds.get(row__number=row)


def last(kind: str) -> Entry:
    return Entry.objects.filter(kind=kind).latest("pk")


def test_a_list_is_kept_as_given_and_read_without_taking_anything(staff: Staff) -> None:
    found = give(staff)

    assert (found.state, found.encoding, found.row_count) == (ListState.READY, "ASCII", 7)
    assert bytes(ChannelList.objects.get().content) == LIST.encode()
    assert "\n".join(found.rows.values_list("text", flat=True)) + "\n" == LIST
    figures = queries.figures(found)
    assert figures.rows == {"heading": 1, "channels": 4, "empty": 1, "unclear": 1}
    assert figures.finds == {"add": 2, "decide": 2}
    assert not Channel.objects.exists()
    assert last("channels.list-read.v1").body == {
        "source": found.public_id,
        "rows": {"channels": 4, "empty": 1, "heading": 1, "unclear": 1},
        "finds": {"add": 2, "decide": 2},
        "known": 0,
        "missing": 0,
        "is_held": False,
    }


def test_what_needs_no_person_becomes_found_channels_with_their_duty_and_one_entry(staff: Staff) -> None:
    found = give(staff)
    taken = operations.take_in_list(list_id=found.public_id, actor=staff.coordinator, now=NOW)

    assert [(one.platform_id, one.address_key, one.state) for one in taken.channels] == [
        ("facebook", "@wausauparks", ChannelState.FOUND),
        ("x", "@wausauparks", ChannelState.FOUND),
    ]
    assert taken.channels[0].found_in == "list accounts.csv, row 2"
    entry = last("channels.channels-taken-in.v1")
    assert entry.body["channels"] == [one.public_id for one in taken.channels]
    assert [one.kind for one in channel_queries.history(taken.channels[1])] == ["channels.channels-taken-in.v1"]
    assert Duty.objects.filter(kind=channels.REGULARISE_DUTY, closed_at=None).count() == 2
    found.refresh_from_db()
    assert found.state == ListState.TAKEN
    assert queries.figures(found).finds == {"taken": 2, "decide": 2}


def test_the_same_list_again_adds_nothing(staff: Staff) -> None:
    take_all(staff, give(staff))
    again = give(staff)

    assert queries.figures(again).finds == {"here": 2, "decide": 2}
    assert take_all(staff, again) == 0
    assert Channel.objects.count() == 2


def test_what_was_added_since_the_list_was_read_is_not_added_twice(staff: Staff) -> None:
    found = give(staff)
    channels.register_found(
        platform="facebook", handle="wausau.parks", name="Parks", unit=staff.unit, actor=staff.coordinator, now=NOW
    )
    channels.register_found(
        platform="x", handle="wausau_parks", name="Parks", unit=staff.unit, actor=staff.coordinator, now=NOW
    )

    assert take_all(staff, found) == 0
    assert (find(found, 2).outcome, find(found, 3).outcome) == ("here", "decide")
    assert find(found, 3).why[-1][0] == "looks-alike"


# ---- a list that misses many


@pytest.mark.parametrize(
    ("known", "missing", "is_held"),
    [(0, 0, False), (10, 0, False), (10, 1, False), (10, 2, True), (4, 1, True), (1, 1, True), (100, 19, False)],
)
def test_a_fifth_of_the_known_channels_missing_is_many(known: int, missing: int, is_held: bool) -> None:
    assert list_is_held(known=known, missing=missing, percent=20) is is_held


SHORT = "Department,Site,Handle\nParks,X,@wausauparks\nParks,X,@wausaupool\n"


def test_a_list_that_misses_many_is_held_and_closes_nothing(staff: Staff) -> None:
    take_all(staff, give(staff))
    held = give(staff, SHORT)

    assert (held.state, held.known_count) == (ListState.HELD, 2)
    assert [one.platform_id for one in queries.missing_channels(held)] == ["facebook"]
    duty = Duty.objects.get(kind=operations.DECIDE_LIST_DUTY)
    assert duty.due_at == NOW + timedelta(days=3)
    with pytest.raises(Refused) as refusal:
        operations.take_in_list(list_id=held.public_id, actor=staff.coordinator, now=NOW)
    assert refusal.value.reasons[0].code == "wrong-state"
    assert Channel.objects.filter(state=ChannelState.FOUND).count() == Channel.objects.count() == 2


def test_a_person_releases_a_held_list_with_a_reason_that_is_recorded(staff: Staff) -> None:
    take_all(staff, give(staff))
    held = give(staff, SHORT)
    with pytest.raises(Refused) as refusal:
        operations.release_list(list_id=held.public_id, reason=" ", actor=staff.coordinator, now=NOW)
    assert refusal.value.reasons[0].code == "no-reason"

    operations.release_list(
        list_id=held.public_id, reason="The parks keep this list for X only", actor=staff.coordinator, now=NOW
    )
    assert take_all(staff, held) == 1
    assert last("channels.list-released.v1").body["missing"] == 1
    assert Duty.objects.get(kind=operations.DECIDE_LIST_DUTY).evidence.startswith("Released:")
    assert not Channel.objects.filter(state=ChannelState.CLOSED).exists()


def test_a_held_list_is_set_aside_for_good(staff: Staff) -> None:
    take_all(staff, give(staff))
    held = give(staff, SHORT)
    operations.set_list_aside(list_id=held.public_id, reason="Of 2017", actor=staff.coordinator, now=NOW)

    held.refresh_from_db()
    assert (held.state, held.decided_by, held.decision_reason) == (ListState.SET_ASIDE, staff.coordinator, "Of 2017")
    assert Duty.objects.get(kind=operations.DECIDE_LIST_DUTY).closed_at == NOW
    with pytest.raises(Refused):
        operations.take_in_list(list_id=held.public_id, actor=staff.coordinator, now=NOW)


def test_a_list_of_one_department_misses_only_its_own(staff: Staff) -> None:
    take_all(staff, give(staff))
    police = a_unit("police", "Police Department")

    assert give(staff, SHORT, covers=police.public_id).state == ListState.READY
    assert give(staff, SHORT, covers=staff.unit.public_id).state == ListState.HELD
    assert give(staff, SHORT, covers=queries.PART).state == ListState.READY


def test_the_share_that_holds_a_list_is_the_bodys_choice(staff: Staff) -> None:
    take_all(staff, give(staff))
    governance.set_choice(key="registry.missing_percent", value=60, reason="Many lists", actor="system", now=NOW)

    assert give(staff, SHORT).state == ListState.READY


# ---- what waits for a person


def test_one_answer_names_a_department_for_all_its_rows(staff: Staff) -> None:
    found = give(staff, LIST + "Mysteries,Facebook,facebook.com/mysteries,\n")
    assert queries.unnamed_units(found) == [("Mysteries", 2)]
    operations.name_unit_in_list(
        list_id=found.public_id, unit_text="Mysteries", unit=staff.unit, actor=staff.coordinator, now=NOW
    )

    assert queries.unnamed_units(found) == []
    assert take_all(staff, found) == 4
    assert last("channels.list-unit-named.v1").body["finds"] == 2


def test_an_address_is_taken_as_a_person_reads_it(staff: Staff) -> None:
    found = give(staff)
    channel = operations.take_find(
        find_id=find(found, 4).pk,
        platform="instagram",
        handle="@wausauparks",
        name="Wausau Parks",
        unit=staff.unit,
        reason="The short link leads there",
        actor=staff.coordinator,
        now=NOW,
    )
    settled = find(found, 4)

    assert (settled.outcome, settled.channel, settled.settled_reason) == (
        "taken",
        channel,
        "The short link leads there",
    )
    assert channel.found_in == "list accounts.csv, row 4"
    with pytest.raises(InvalidInput):
        operations.leave_find(find_id=settled.pk, reason="x", actor=staff.coordinator, now=NOW)


def test_an_address_is_left_and_a_row_explained_with_a_reason(staff: Staff) -> None:
    found = give(staff)
    with pytest.raises(InvalidInput) as problem:
        operations.leave_find(find_id=find(found, 4).pk, reason=" ", actor=staff.coordinator, now=NOW)
    assert problem.value.where == "reason"

    operations.leave_find(find_id=find(found, 4).pk, reason="Dead link", actor=staff.coordinator, now=NOW)
    row = ListRow.objects.get(kind="unclear")
    operations.settle_row(row_id=row.pk, reason="A telephone number", actor=staff.coordinator, now=NOW)

    figures = queries.figures(found)
    assert (figures.finds, figures.to_decide) == ({"add": 2, "decide": 1, "left": 1}, 1)
    assert last("channels.list-find-settled.v1").body == {
        "source": found.public_id,
        "row": 7,
        "channel": "",
        "reason": "A telephone number",
    }


# ---- who, what, how long


def test_a_department_head_takes_in_no_lists(staff: Staff) -> None:
    with pytest.raises(Refused) as refusal:
        give(staff, actor=staff.head)
    assert refusal.value.reasons[0].code == "out-of-reach"
    assert not ChannelList.objects.exists()


def test_what_is_no_table_is_refused_before_anything_is_kept(staff: Staff) -> None:
    with pytest.raises(InvalidInput) as problem:
        give(staff, b"PK\x03\x04xl/workbook.xml")
    assert "Excel workbook" in problem.value.why
    assert not ChannelList.objects.exists()


def test_a_long_list_is_read_and_taken_in_by_the_worker(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "READ_AT_ONCE_BYTES", 10)
    monkeypatch.setattr(operations, "AT_MOST", 1)
    found = give(staff)
    assert found.state == ListState.RECEIVED
    assert Job.objects.filter(kind=operations.READ_JOB).count() == 1

    worker = Worker(schedule=(), clock=lambda: NOW)
    worker.run_until_idle()
    found.refresh_from_db()
    assert found.state == ListState.READY
    operations.take_in_list(list_id=found.public_id, actor=staff.coordinator, now=NOW, at_most=1, goes_on=True)
    found.refresh_from_db()
    assert (found.state, Channel.objects.count()) == (ListState.TAKING, 1)
    worker.run_until_idle()
    found.refresh_from_db()
    assert (found.state, Channel.objects.count()) == (ListState.TAKEN, 2)


def test_garbage_behind_a_clean_beginning_is_refused_by_the_worker_with_the_reason(staff: Staff) -> None:
    found = give(staff, b"Department,Site\n" + b"a,b\n" * 2_000 + b"\0\0\0")

    assert (found.state, found.decision_reason[:11]) == (ListState.REFUSED, "is not text")


def test_every_row_of_a_dirty_list_is_stored_and_every_address_ends_somewhere(staff: Staff) -> None:
    for name in UNITS:
        Unit.objects.get_or_create(slug=name.lower().replace(" ", "-").replace("'", ""), defaults={"name": name})
    dirty = dirty_list(300)
    found = give(staff, dirty.data)
    taken = take_all(staff, found)
    texts = list(found.rows.values_list("text", flat=True))

    assert "\n".join(texts) + "\n" == dirty.data.decode().replace("\r\n", "\n")
    outcomes = Counter(found.finds.values_list("outcome", flat=True))
    assert set(outcomes) == {"taken", "repeated", "decide"}
    assert outcomes["taken"] == taken == Channel.objects.count()
    assert not found.finds.filter(outcome="taken", channel=None).exists()


def test_one_bad_row_in_ten_megabytes_waits_for_a_person_and_holds_up_no_other(staff: Staff) -> None:
    data, bad = big_list_with_one_bad_row(notes=160)
    rows = data.count(b"\n")
    said: list[tuple[int, int]] = []

    found = give(staff, data, reads_at_once=True, progress=lambda done, total: said.append((done, total)))

    assert (found.state, found.size_bytes, found.row_count) == (ListState.READY, len(data), rows)
    assert queries.figures(found).finds == {"add": rows - 2, "decide": 1}
    waits = found.finds.get(outcome="decide")
    assert (waits.row.number, [code for code, _ in waits.why]) == (bad, ["unreadable"])
    assert waits.row.text == data.splitlines()[bad - 1].decode()
    assert said[-1] == (rows, rows)
    taken = operations.take_in_list(list_id=found.public_id, actor=staff.coordinator, now=NOW)
    assert (len(taken.channels), taken.left) == (operations.AT_MOST, rows - 2 - operations.AT_MOST)


def test_the_machine_of_lists_ends_where_nothing_can_be_taken() -> None:
    allowed = {(state, act) for state, act, after in LIST_MACHINE.cases() if after}
    assert (ListState.HELD, "take") not in allowed
    assert (ListState.HELD, "release") in allowed
    assert len(allowed) == 10
