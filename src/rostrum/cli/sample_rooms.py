"""What is going on with the sample city's channels: somebody left, a review runs, a new page has faults. All invented.

Done by the product's own operations, at instants of the last weeks, so that clocks run and some of them have run out.
"""

import io
import secrets
from datetime import datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from rostrum.areas.channels import operations as channels
from rostrum.areas.channels.models import Channel, ReachedChannel
from rostrum.areas.channels.operations import (
    access,
    emergency,
    handing_over,
    lists,
    log_in_tests,
    page,
    registry,
    reviews,
    separation,
)
from rostrum.areas.channels.queries import reviews as review_queries
from rostrum.areas.channels.rules.separation import BackupCodes
from rostrum.areas.people.models import Unit, User
from rostrum.areas.people.rules import Right
from rostrum.cli import sample_terms
from rostrum.cli.sample_days import days_ago
from rostrum.cli.sample_rights import give_right

_ADMINISTRATORS = b"""Name,E-mail,Role
Pia Reyes,pia@wausau.example,Admin
Sam Vue,sam@wausau.example,Admin
Brightside Media,hello@brightside.example,Admin
"""
_SEEN = {
    **dict.fromkeys(("maintained-by", "policy-link", "department", "purpose", "contact"), "Intro, under the name"),
    "official-site-link": "Intro, last line",
    **dict.fromkeys(("comment-policy", "not-legal-notice"), "Pinned post"),
}
_OLD_LIST = b"""Department,Platform,Address
Parks Department,Facebook,https://www.facebook.com/samplewausauparks
Public Works Department,Facebook,https://www.facebook.com/samplewausauworks
"""


def furnish(
    units: dict[str, Unit],
    persons: dict[str, User],
    *,
    parks: Channel,
    works: Channel,
    opened: datetime,
    now: datetime,
) -> None:
    """Let things happen on the channels, from the day they were opened until now."""
    _more_rights(parks, persons, opened + timedelta(days=1))
    _events_page(units["clerk"], persons, opened + timedelta(days=8), days_ago(now, 4, 10))
    _found(units["parks"], persons, days_ago(now, 4, 14))
    _review(units["parks"], persons, days_ago(now, 3, 9))
    _old_list(persons, days_ago(now, 2, 11))
    _leaving(persons, days_ago(now, 1, 16))
    _emergency(works, persons, days_ago(now, 1, 20))


def _more_rights(parks: Channel, persons: dict[str, User], now: datetime) -> None:
    """A colleague who also holds the log-in, and a photographer for whom the department's head answers."""
    maya, rosa = persons["maya"], persons["rosa"]
    for right in (Right.SPEAK, Right.CREDENTIAL):
        give_right(parks, persons["nora"], designator=maya, issuer=rosa, now=now, right=right)
    give_right(
        parks,
        persons["cal"],
        designator=maya,
        issuer=rosa,
        now=now,
        cap_reason="Pictures of the summer program come from the photographer on the spot.",
        sponsor=maya,
        contract_reference="Contract 2026-114, Northwoods Media",
    )


def _events_page(unit: Unit, persons: dict[str, User], now: datetime, later: datetime) -> None:
    """A page that an agency set up: one notice is missing, nobody knows one administrator, its terms have changed."""
    pia, rosa, sam, gus = persons["pia"], persons["rosa"], persons["sam"], persons["gus"]
    channel = channels.request_channel(
        platform="facebook",
        name="Wausau Events",
        unit=unit,
        purpose="Announce concerts, markets and festivals of the city.",
        mission_goal="Bring residents to what the city offers.",
        serves=("activities",),
        handle="samplewausauevents",
        slug="events",
        capture_plan="The page's data is downloaded and imported every month, as the directive says.",
        actor=pia,
        now=now,
    )
    sample_terms.keep_texts("facebook", rosa, now)
    sample_terms.review(channel, reader=pia, coordinator=rosa, now=now)
    channels.approve_channel(channel_id=channel.public_id, risk_acknowledged=True, actor=gus, now=now)
    channels.approve_channel(channel_id=channel.public_id, actor=rosa, now=now)
    channels.open_channel(channel_id=channel.public_id, registered_email="events@wausau.example", actor=rosa, now=now)
    channels.describe_channel(
        channel_id=channel.public_id,
        stated_purpose="Concerts, markets and festivals of the city.",
        maintained_by="Maintained by the City of Wausau (sample) under its Social Media Policy.",
        policy_link="https://www.wausau.example/social-media-policy",
        comment_policy="Comments are welcome. They are removed only for the grounds listed in the city's policy.",
        blocking_notice="Repeated violations of the comment policy lead to blocking.",
        official_contact="events@wausau.example",
        official_site_link="https://www.wausau.example/",
        actor=rosa,
        now=now,
    )
    channels.deposit_credential(
        channel_id=channel.public_id,
        secret={"login": "events@wausau.example", "password": secrets.token_urlsafe(18)},
        actor=rosa,
        now=now,
    )
    log_in_tests.attest_log_in(channel_id=channel.public_id, actor=rosa, now=now)
    channel.refresh_from_db()
    for holder in (pia, sam):
        give_right(channel, holder, designator=gus, issuer=rosa, now=now, right=Right.CREDENTIAL)
    page.check_page(
        channel_id=channel.public_id,
        seen=_SEEN,
        missing=("blocking-notice",),
        picture=_picture(),
        note="The agency's template left no room for the notice about blocking.",
        actor=pia,
        now=later,
    )
    access.hand_in_administrators(channel_id=channel.public_id, data=_ADMINISTRATORS, actor=rosa, now=later)
    access.check_applications(channel_id=channel.public_id, names=["Canva"], actor=persons["tom"], now=later)
    sample_terms.change_privacy("facebook", rosa, later + timedelta(days=2))


def _picture() -> bytes:
    """A picture of the invented page, as the person who looked at it keeps one."""
    picture = Image.new("RGB", (900, 520), "#f2f3f5")
    draw = ImageDraw.Draw(picture)
    large, small = ImageFont.load_default(30), ImageFont.load_default(18)
    draw.rectangle((0, 0, 900, 150), fill="#1c5d75")
    draw.ellipse((40, 90, 160, 210), fill="#ffffff", outline="#1c5d75", width=4)
    draw.text((185, 165), "Wausau Events", fill="#111111", font=large)
    lines = (
        "City Clerk's Office",
        "Concerts, markets and festivals of the city.",
        "Maintained by the City of Wausau (sample) under its Social Media Policy.",
        "www.wausau.example/social-media-policy",
        "events@wausau.example",
        "www.wausau.example",
        "Pinned: Comments are welcome. They are removed only for the grounds listed",
        "in the city's policy.",
    )
    for number, line in enumerate(lines):
        draw.text((40, 235 + number * 32), line, fill="#333333", font=small)
    kept = io.BytesIO()
    picture.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _found(unit: Unit, persons: dict[str, User], now: datetime) -> None:
    """A page that exists and that nobody approved: the coordinator decides what becomes of it."""
    registry.register_found(
        platform="facebook",
        name="Wausau Parks and Rec",
        handle="samplewausauparks",
        unit=unit,
        found_in="A resident asked why it answers no more",
        actor=persons["rosa"],
        now=now,
    )


def _old_list(persons: dict[str, User], now: datetime) -> None:
    """A list of channels from before Rostrum, which misses what is open today and is held for a decision."""
    lists.receive_list(name="channels-2024.csv", content=_OLD_LIST, actor=persons["rosa"], now=now)


def _review(unit: Unit, persons: dict[str, User], now: datetime) -> None:
    """The department's review of its rights: the head kept one, the others wait."""
    review = reviews.begin_review(unit=unit, actor=persons["rosa"], now=now)
    held = review_queries.listed(review, now=now)
    reviews.decide_rights(
        review_id=review.public_id,
        verdicts=[
            reviews.Verdict(
                grant=grant.public_id,
                keeps=True,
                need="He writes most of the department's posts.",
                job_duty="Tells residents about recreation",
            )
            for grant in held
            if grant.person == persons["dev"]
        ],
        actor=persons["maya"],
        now=now + timedelta(hours=1),
    )


def _leaving(persons: dict[str, User], now: datetime) -> None:
    """A colleague left: her roles on the platform are removed; log-in, hand-over and a new holder are still owed."""
    maya, rosa = persons["maya"], persons["rosa"]
    left = separation.separate_person(
        person=persons["nora"], contact="nora.quist@home.example", actor=persons["hana"], now=now
    )
    for reached in ReachedChannel.objects.filter(separation=left):
        handing_over.confirm_roles_removed(
            reached_id=reached.public_id,
            note="She was an editor of the page; removed.",
            actor=rosa,
            now=now + timedelta(hours=1),
        )
        handing_over.give_hand_over(
            reached_id=reached.public_id,
            given=handing_over.HandOver(
                recovery_address="parks@wausau.example",
                recovery_phone="none",
                second_factor="none",
                linked_applications="none",
                followers_export="Exported on her last day, in the department's folder",
                contacts_export="none",
                backup_codes=BackupCodes.NONE,
            ),
            actor=maya,
            now=now + timedelta(hours=2),
        )


def _emergency(works: Channel, persons: dict[str, User], now: datetime) -> None:
    """The information officer took the emergency right during a water main break; somebody else reviews that."""
    taken = emergency.take_emergency_right(
        channel_id=works.public_id,
        reason="Water main break on Grand Avenue; nobody of Public Works could be reached.",
        actor=persons["pia"],
        now=now,
    )
    emergency.end_emergency(emergency_id=taken.public_id, actor=persons["pia"], now=now + timedelta(minutes=40))
