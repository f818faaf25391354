"""The controls that the archive carries, and what shows that they hold."""

from datetime import datetime

from django.db.models import Min, Q
from django.urls import reverse

from rostrum.areas.archive.models import Item, ReadBack, Version
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.areas.ledger.models import Entry
from rostrum.areas.people.models import User
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_archive.py::"


def _first_captured(items: Q) -> datetime | None:
    first: datetime | None = Version.objects.filter(items).aggregate(first=Min("captured_at"))["first"]
    return first


def _all_items() -> Evidence:
    items, versions = Item.objects.count(), Version.objects.count()
    return Evidence(
        f"{items} items from anyone are captured in {versions} versions, and all of them are searchable.",
        items,
        _first_captured(Q()),
        reverse("archive"),
    )


def _rounds() -> Evidence:
    done = ReadBack.objects.filter(finished_at__isnull=False)
    last = done.order_by("-finished_at").first()
    first: datetime | None = ReadBack.objects.aggregate(first=Min("started_at"))["first"]
    if last is None:
        return Evidence("The first round over the stored records is under way.", 0, first, reverse("archive-captures"))
    return Evidence(
        f"{done.count()} rounds read every stored version back. The last: {last.checked} read, {last.failures} not as "
        f"committed to; {last.found} of {last.searched} looked for were found.",
        last.checked,
        first,
        reverse("archive-captures"),
    )


def _outlasting() -> Evidence:
    left = User.objects.filter(left_at__isnull=False)
    acts = Entry.objects.filter(actor__in=left.values("public_id")).count()
    first: datetime | None = left.aggregate(first=Min("left_at"))["first"]
    return Evidence(
        f"{left.count()} persons have left; {acts} acts of theirs, and all records, stay with the body.",
        acts,
        first,
        reverse("archive"),
    )


def _platforms() -> Evidence:
    used = Channel.objects.order_by().values_list("platform", flat=True).distinct()
    named = sum(1 for one in PLATFORMS.values() if one.kinds)
    first: datetime | None = Channel.objects.aggregate(first=Min("requested_at"))["first"]
    return Evidence(
        f"{named} platforms are known with their kind and properties; channels were asked for on {len(used)} of them.",
        len(used),
        first,
        reverse("channels"),
    )


_STORED = "tests/areas/test_controls_archive.py::"

CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="record.fixed-public",
        proven_by=(f"{_STORED}test_everything_on_a_hosted_page_is_a_public_record_without_anybodys_choice",),
        evidence=_all_items,
        # The other clause is about posts made on others' pages, which are not captured yet.
        clauses=("WAU-use-10b",),
    ),
    LiveControl(
        id="record.integrity",
        proven_by=(
            f"{_STORED}test_a_record_changed_behind_the_products_back_is_found_and_opens_a_duty",
            f"{_STORED}test_a_lost_or_changed_file_is_found",
            f"{_STORED}test_a_change_on_the_platform_is_a_further_version_and_the_first_stays",
        ),
        evidence=_rounds,
    ),
    LiveControl(
        id="record.integrity-job",
        proven_by=(
            f"{_STORED}test_a_round_reads_every_record_back_and_finds_a_sample_again",
            f"{_STORED}test_a_record_that_the_search_lost_opens_a_duty_until_it_is_found_again",
        ),
        evidence=_rounds,
        # Milwaukee's clause is about what employees hand in, which has no form yet.
        clauses=("WI480-060-03b", "DMA-II-B-07m"),
    ),
    LiveControl(
        id="record.owned-by-unit",
        proven_by=(f"{_STORED}test_when_a_person_leaves_all_records_and_who_wrote_them_stay_and_are_found",),
        evidence=_outlasting,
    ),
    LiveControl(
        id="capture.all-items",
        proven_by=(
            f"{_TESTS}test_what_anyone_writes_on_a_channel_is_captured_and_found",
            f"{_STORED}test_everything_on_a_hosted_page_is_a_public_record_without_anybodys_choice",
        ),
        evidence=_all_items,
        # DMA-II-B-07a also asks that the custodian can record a narrower decision, which is not built.
        clauses=("WI480-060-00a", "DMA-II-B-09i", "WAU-use-10b"),
    ),
    LiveControl(
        id="definition.platform-kinds",
        proven_by=(
            "tests/areas/test_controls_platforms.py::test_a_platform_is_in_scope_by_what_it_is_like",
            "tests/areas/test_controls_platforms.py::test_a_platform_is_in_scope_by_its_kind",
            "tests/areas/test_controls_platforms.py::test_every_kind_that_a_pack_names_has_a_platform",
            "tests/areas/test_controls_platforms.py::test_a_channel_can_be_asked_for_on_every_platform",
        ),
        evidence=_platforms,
        # The other definitions also ask that such a channel is captured (blogs, Facebook, forums, feeds): not built.
        clauses=(
            *("WI480-030-02a", "MKE-III-03", "MKE-III-04", "WAU-purpose-03", "WAU-def-01"),
            *("DMA-I-A-03", "DMA-I-B-03", "DMA-I-B-05", "DMA-I-B-06"),
        ),
    ),
    # Not claimed, though both act: capture.public-comments (WAU-legal-02a also wants direct messages captured on every
    # channel; they come by the platforms' exports only) and capture.deletion-kept (WI480-050-00l also wants posts
    # marked as made by accident).
)
