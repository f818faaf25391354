"""Whatever is refused in a channel's life names a clause of the packs in force, or says whose rule it is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from rostrum.areas.channels import operations, queries
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.operations import custody, log_in_tests, page, registry
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.grounds import OWN_CHOICE, OWN_RULE
from rostrum.areas.governance import queries as governance
from rostrum.areas.people.models import User
from rostrum.kernel.decisions import InvalidInput, Reason, Refused
from tests.channels import NOW, Staff, a_body, a_requested_channel, a_staff
from tests.people import a_person, a_unit

pytestmark = pytest.mark.django_db

PACKS = [("wausau-city",), ("dma-2.110",), ("wi-hrh-480",), ("milwaukee-personal",), ("wi-best-practices", "dma-2.110")]
LATER = NOW + timedelta(days=1)


def acts(channel: Channel) -> dict[str, Callable[[User], object]]:
    """Every act of a channel's life, each asked for with nothing that it needs."""
    which: dict[str, Any] = {"channel_id": channel.public_id}
    elements = [one.code for one in queries.page_elements(channel)]
    return {
        "ask for it again": lambda actor: a_requested_channel(
            Staff(channel.unit, actor, actor, actor, actor), purpose=" ", mission_goal=" ", serves=[]
        ),
        "approve": lambda actor: operations.approve_channel(**which, actor=actor, now=NOW),
        "decline": lambda actor: operations.decline_channel(**which, reason=" ", actor=actor, now=NOW),
        "open": lambda actor: operations.open_channel(**which, registered_email=" ", actor=actor, now=NOW),
        "open elsewhere": lambda actor: operations.open_channel(
            **which, registered_email="me@mail.example", registered_name="Mine", actor=actor, now=NOW
        ),
        "deposit nothing": lambda actor: operations.deposit_credential(**which, secret={}, actor=actor, now=NOW),
        "deposit what is to come": lambda actor: operations.deposit_credential(
            **which, secret={"token": "aaaa"}, changed_at=LATER, actor=actor, now=NOW
        ),
        "report a change": lambda actor: custody.report_change(**which, changed_at=LATER, actor=actor, now=NOW),
        "deny a change": lambda actor: custody.deny_change(**which, reason=" ", actor=actor, now=NOW),
        "test": lambda actor: log_in_tests.ask_log_in_test(**which, actor=actor, now=NOW),
        "attest": lambda actor: log_in_tests.attest_log_in(**which, actor=actor, now=NOW),
        "see a code": lambda actor: log_in_tests.show_one_time_code(**which, actor=actor, now=NOW),
        "check the page": lambda actor: page.check_page(
            **which, seen=dict.fromkeys(elements, ""), actor=actor, now=NOW
        ),
        "go live": lambda actor: operations.go_live(**which, actor=actor, now=NOW),
        "pause": lambda actor: operations.pause_channel(**which, reason=" ", actor=actor, now=NOW),
        "resume": lambda actor: operations.resume_channel(**which, actor=actor, now=NOW),
        "close": lambda actor: operations.close_channel(**which, reason=" ", actor=actor, now=NOW),
        "describe": lambda actor: operations.describe_channel(**which, purpose="Another", actor=actor, now=NOW),
        "decide the use": lambda actor: operations.decide_use(**which, use="mixed", reason=" ", actor=actor, now=NOW),
        "find it": lambda actor: registry.register_found(
            platform="square",
            kind="official_page",
            handle=channel.handle,
            url="",
            name=" ",
            unit=channel.unit,
            found_in="A list",
            actor=actor,
            now=NOW,
        ),
    }


def refused(act: Callable[[User], object], actor: User) -> Iterator[Reason]:
    try:
        with transaction.atomic():
            act(actor)
            transaction.set_rollback(True)
    except Refused as refusal:
        yield from refusal.reasons
    except InvalidInput:
        return


@pytest.mark.parametrize("packs", PACKS, ids=" and ".join)
def test_each_refusal_in_a_channels_life_names_its_ground(packs: tuple[str, ...]) -> None:
    a_body(*packs)
    staff = a_staff()
    channel = a_requested_channel(staff)
    known = {one.id for one in (bound.clause for bound in governance.policy().bounds)}
    stranger = a_person(name="Sasha Stranger", unit=a_unit("water", "Water Works"))
    seen, groundless = set(), set()
    for state in ChannelState:
        Channel.objects.filter(pk=channel.pk).update(state=state)
        channel.refresh_from_db()
        for name, act in acts(channel).items():
            for actor in (stranger, staff.coordinator, staff.head):
                for reason in refused(act, actor):
                    seen.add(reason.code)
                    if reason.clause not in known and not reason.message.endswith((OWN_RULE, OWN_CHOICE)):
                        groundless.add(f"{name} at {state}: {reason.code}: {reason.message}")
    assert sorted(groundless) == []
    assert {"wrong-state", "no-reason", "own-request", "no-credential", "address-taken", "no-email"} <= seen
