"""The control that says what makes a channel official."""

from django.db.models import Max, Min
from django.urls import reverse

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.channels.queries.kind import kinds_of_each
from rostrum.areas.channels.queries.life import official_channels
from rostrum.areas.channels.rules.warnings import page_type_warnings
from rostrum.areas.governance import queries as governance
from rostrum.areas.ledger.models import Entry
from rostrum.connectors import registry
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_channel_kinds.py::"


def _kinds() -> Evidence:
    official = list(official_channels())
    # As things stood at the last act: evidence reads no clock.
    now = Entry.objects.aggregate(last=Max("at"))["last"]
    in_force = now is not None and governance.activation() is not None
    standings = kinds_of_each(official, now=now) if in_force else {}
    unfit = [one.name for one in official if any(not each.holds for each in standings.get(one.public_id, ()))]
    first = Channel.objects.aggregate(first=Min("live_at"))["first"]
    told = f" Not what the policy defines: {', '.join(unfit[:5])}." if unfit else ""
    summary = (
        f"{len(official) - len(unfit)} of {len(official)} official channels are what the policy calls its own.{told}"
    )
    return Evidence(summary, len(official), first, reverse("channels"))


def _page_types() -> Evidence:
    definitions = pack.bindings("channel.page-type") if governance.activation() else ()
    named = {str(parameters.get("platform", "")) for _, parameters in definitions}
    reached = list(official_channels().filter(platform__in=named))
    profiles = [one.name for one in reached if page_type_warnings(one.platform_id, one.kind, definitions)]
    told = f" Still a person's profile: {', '.join(profiles[:5])}." if profiles else ""
    first = Channel.objects.aggregate(first=Min("requested_at"))["first"]
    return Evidence(
        f"{len(reached) - len(profiles)} of {len(reached)} official channels are pages where the policy asks for "
        f"pages.{told}",
        len(reached),
        first,
        reverse("channels"),
    )


def _platforms() -> Evidence:
    used = Channel.objects.order_by().values_list("platform", flat=True).distinct()
    named = sum(1 for one in PLATFORMS.values() if one.kinds)
    first = Channel.objects.aggregate(first=Min("requested_at"))["first"]
    by_people = [one for one in official_channels() if one.platform_id not in registry.PLATFORMS]
    return Evidence(
        f"{named} platforms are known with their kind and properties; channels were asked for on {len(used)} of them. "
        f"{len(by_people)} official channels have no connector: people keep what stands there.",
        len(used),
        first,
        reverse("channels"),
    )


_BY_HAND = "tests/areas/test_by_hand.py::"
_PLATFORMS = "tests/areas/test_controls_platforms.py::"

CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="channel.kind",
        proven_by=(
            f"{_TESTS}test_a_site_is_the_bodys_when_it_established_maintains_and_controls_it",
            f"{_TESTS}test_a_sponsored_site_has_a_designated_employee_and_an_official_purpose",
        ),
        evidence=_kinds,
    ),
    LiveControl(
        id="channel.page-type",
        proven_by=(f"{_TESTS}test_an_official_profile_where_organizations_use_pages_is_warned_of_until_it_is_a_page",),
        evidence=_page_types,
    ),
    LiveControl(
        id="definition.platform-kinds",
        proven_by=(
            f"{_PLATFORMS}test_a_platform_is_in_scope_by_what_it_is_like",
            f"{_PLATFORMS}test_a_platform_is_in_scope_by_its_kind",
            f"{_PLATFORMS}test_every_kind_that_a_pack_names_has_a_platform",
            f"{_PLATFORMS}test_a_channel_can_be_asked_for_on_every_platform",
            f"{_BY_HAND}test_each_kind_that_chapter_480_names_is_an_official_channel_whose_posts_are_kept",
            f"{_BY_HAND}test_status_link_photo_and_video_of_facebook_are_kept",
            f"{_BY_HAND}test_a_blog_takes_long_text_pictures_and_video_and_keeps_the_order_of_its_entries",
            f"{_BY_HAND}test_who_asks_is_told_whether_the_definition_reaches_it_and_how_it_is_captured",
        ),
        evidence=_platforms,
        # DMA-I-B-04 also asks that a feed is published to, which no connector does.
        clauses=(
            *(
                "WI480-030-02a",
                "WI480-030-02b",
                "DMA-I-B-01",
                "DMA-I-B-02a",
                "MKE-III-03",
                "MKE-III-04",
                "WAU-purpose-03",
                "WAU-def-01",
            ),
            *("DMA-I-A-03", "DMA-I-B-03", "DMA-I-B-05", "DMA-I-B-06"),
        ),
    ),
)
