"""Every text control, seen to act on a draft that is saved: what it finds is kept with the revision."""

from typing import Any

import pytest

from rostrum.areas.archive import operations as archive
from rostrum.areas.people.models import User
from rostrum.areas.people.rules import Role
from rostrum.areas.publishing import operations, queries
from rostrum.areas.publishing.models import Draft, FindingCount
from rostrum.areas.publishing.operations import MediaInput
from rostrum.kernel.decisions import Refused
from tests.archive import make_item
from tests.channels import NOW, Staff, a_body, a_live_channel, a_staff
from tests.people import a_person, a_unit
from tests.publishing import TEXT, TOPIC, a_draft, speaks_on

pytestmark = pytest.mark.django_db

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(32)
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    # control: (pack, what is in the draft)
    "draft.captions": ("wausau-city", {"media": [MediaInput(data=MP4, name="tour.mp4", alt="A tour of the pad")]}),
    "draft.citation": ("dma-2.110", {"answers": {"uses_borrowed": "yes"}}),
    "draft.confidential-markers": ("wausau-city", {"text": "CONFIDENTIAL: the bids for the splash pad."}),
    "draft.critical-other-channel": ("wausau-city", {"answers": {"is_critical": "yes"}}),
    "draft.endorsement": ("wausau-city", {"text": "Get 20% off at the pool shop. Buy now!"}),
    "draft.health-data": ("wausau-city", {"text": "Mr. Novak was diagnosed with diabetes at our clinic."}),
    "draft.not-comfortable": ("dma-2.110", {"answers": {"is_uncomfortable": "yes"}}),
    "draft.opinion-voice": ("dma-2.110", {"text": "I personally think the new rule is wrong."}),
    "draft.personal-message": ("wausau-city", {"text": "Happy birthday to my daughter Anna, we love you!"}),
    "draft.plain-characters": ("wausau-city", {"text": "𝐒𝐩𝐥𝐚𝐬𝐡 𝐩𝐚𝐝 opens on Saturday."}),
    "draft.political": ("wausau-city", {"text": "Vote for Jane Smith for Mayor on Tuesday!"}),
    "draft.profanity": ("wausau-city", {"text": "What a damn shitty day at the pool."}),
    "draft.required-notice": ("wausau-city", {"answers": {"is_required_notice": "yes"}}),
    "draft.tone": ("wausau-city", {"text": "Shut up, you idiots, and read the rules."}),
    "meeting.event-warning": ("dma-2.110", {"answers": {"is_live_event": "yes"}}),
}


def begun(pack: str, **fields: Any) -> Draft:
    a_body(pack, name="The body")
    answers = {"official_topic": "parks"} | fields.pop("answers", {})
    return a_draft(a_staff(), answers=answers, **fields)


def found_in(draft: Draft) -> set[str]:
    return {one.control for one in queries.findings_now(queries.current_revision(draft))}


@pytest.mark.parametrize("control", CASES)
@pytest.mark.proves(
    "draft.captions",
    "draft.citation",
    "draft.confidential-markers",
    "draft.critical-other-channel",
    "draft.endorsement",
    "draft.health-data",
    "draft.not-comfortable",
    "draft.opinion-voice",
    "draft.personal-message",
    "draft.plain-characters",
    "draft.political",
    "draft.profanity",
    "draft.required-notice",
    "draft.tone",
    "meeting.event-warning",
)
def test_a_control_speaks_about_the_saved_draft_it_is_for(control: str) -> None:
    pack, fields = CASES[control]
    draft = begun(pack, **fields)
    assert control in found_in(draft)
    assert FindingCount.objects.filter(control=control).exists()


@pytest.mark.parametrize("pack", ["wausau-city", "dma-2.110"])
def test_a_plain_post_is_found_clean(pack: str) -> None:
    assert found_in(begun(pack)) == set()


def test_a_film_with_captions_in_the_picture_passes() -> None:
    draft = begun(
        "wausau-city", media=[MediaInput(data=MP4, name="tour.mp4", alt="A tour of the pad", has_captions=True)]
    )
    assert found_in(draft) == set()


@pytest.mark.proves("draft.correction-wording")
def test_a_correction_under_dma_says_what_was_wrong() -> None:
    a_body("dma-2.110", name="Department of Military Affairs")
    staff = a_staff()
    first = a_draft(staff, answers={})
    Draft.objects.filter(pk=first.pk).update(state="published")
    correction = operations.correct_post(draft_id=first.public_id, actor=staff.spokesperson, now=NOW)
    assert "draft.correction-wording" in found_in(correction)


@pytest.mark.proves("draft.listed-terms")
def test_a_term_on_the_bodys_own_list_is_found() -> None:
    from rostrum.areas.governance import operations as governance

    a_body("dma-2.110", name="Department of Military Affairs")
    governance.set_choice(key="words.compromised", value=["Operation Badger"], reason="Leaked", actor="system", now=NOW)
    assert "draft.listed-terms" in found_in(a_draft(a_staff(), answers={}, text="Operation Badger starts soon."))


@pytest.mark.proves("draft.media-limits")
def test_more_images_than_the_platform_takes_are_found() -> None:
    from tests.areas.test_publishing_drafts import a_live_channel_on_bluesky
    from tests.publishing import PNG, TOPIC

    a_body()
    staff = a_staff()
    channel = a_live_channel_on_bluesky(staff)
    images = [MediaInput(data=PNG, name=f"{number}.png", alt=f"View {number} of the pad") for number in range(5)]
    assert "draft.media-limits" in found_in(a_draft(staff, channel, media=images, answers=TOPIC))


def of_the_police(staff: Staff, link: str) -> User:
    """The police department's channel, with one post of its own and one of a resident in the archive."""
    police = a_unit("police", "Police Department")
    chief = a_person(Role.DEPARTMENT_HEAD, name="Chief", unit=police, over=police)
    channel = a_live_channel(
        Staff(police, staff.spokesperson, staff.coordinator, chief, staff.public_affairs),
        handle="wausau-police",
        name="Wausau Police",
        unit=police,
    )
    archive.store_batch(
        channel=channel,
        items=[
            make_item("p1", url=link, author_handle="wausau-police"),
            make_item("p2", url=f"{link}-by-a-resident", author_handle="a-resident"),
        ],
        route="api",
        actor="system",
        now=NOW,
    )
    return staff.spokesperson


@pytest.mark.proves("draft.published-source")
def test_material_of_another_department_passes_with_a_link_to_its_own_post_only() -> None:
    a_body()
    staff = a_staff()
    link = "http://square.test/@wausau-police/p1"
    author = of_the_police(staff, link)
    text = "The Police Department closes Grant Street for the parade."

    def found(source: str) -> set[str]:
        answers = {"official_topic": "parade", "published_sources": source}
        return found_in(a_draft(staff, text=text, answers=answers, actor=author))

    assert "draft.other-unit" not in found(link)
    for claim in ("Police Department", f"{link}-by-a-resident", "http://square.test/@wausau-police/p9"):
        assert "draft.other-unit" in found(claim)


@pytest.mark.proves("draft.elected-exempt")
def test_an_elected_official_speaks_of_all_departments_and_is_bound_by_all_else() -> None:
    from rostrum.areas.people.rules import Role

    a_body()
    staff = a_staff()
    alder = a_person(Role.ELECTED_OFFICIAL, unit=staff.unit)
    about_others = "The Police Department closes Grant Street. Call me at 715-555-0142."
    exempt = a_draft(staff, text=about_others, actor=alder)
    assert found_in(exempt) >= {"draft.personal-data"}
    assert "draft.other-unit" not in found_in(exempt)
    assert "draft.other-unit" in found_in(a_draft(staff, text=about_others))


def test_what_is_found_stops_or_warns_as_the_clause_says() -> None:
    a_body()
    staff = a_staff()
    channel = a_live_channel(staff)
    speaks_on(staff.spokesperson, channel)
    draft = a_draft(staff, channel, text=f"{TEXT} This is CONFIDENTIAL.")
    with pytest.raises(Refused):
        operations.submit_draft(draft_id=draft.public_id, actor=staff.spokesperson, now=NOW)


@pytest.mark.proves("definition.scope", "definition.device-neutral")
def test_the_kept_check_names_what_its_scope_left_out_and_the_device() -> None:
    a_body("wi-hrh-480", "milwaukee-personal", name="City of Wausau")
    staff = a_staff()
    found = []
    for device in ("a telephone of the agency", "my own telephone"):
        draft = a_draft(staff, text="Damn it, the pool is shut.", answers=TOPIC | {"device": device})
        check = queries.last_check(queries.current_revision(draft))
        assert check is not None
        (kept,) = check.evaluations.values()
        assert kept["facts"]["device"] == device
        assert all(one["why"] for one in kept["skipped"])
        found.append((kept["findings"], kept["skipped"]))
    assert found[0] == found[1]
    assert found[0][0]
