"""A platform rewrites its terms: who is told, what stops, what the page of the change shows, who decides, and after.

The square's terms are fetched by the worker from a page on loopback. The body chose that changed terms stop publishing.
The mayor is named to decide; he does it without scripts, at 320 pixels. The steps build on one another.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from rostrum.areas.channels.models.terms import TermsChange, TermsVersion
from rostrum.areas.channels.queries import channel_by_slug
from rostrum.areas.duties.models import Duty
from rostrum.areas.governance import operations as governance
from rostrum.areas.people.models import User
from rostrum.cli import sample_city
from rostrum.connectors import mail
from tests.browser import NARROW
from tests.journeys.town import Town, sample_town
from tests.unit.connectors.test_documents import a_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OLD = "You keep what you write. You allow us to show it to everybody who comes to the sample square."
NEW = "What you write belongs to us as well. You allow us to show it to everybody who comes to the sample square."


class Page:
    """The square's own page of terms, as its operator leaves it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def answer(self, _path: str) -> tuple[int, dict[str, str], bytes]:
        paragraphs = "".join(f"<p>{one}</p>" for one in self.text.split("\n\n"))
        return 200, {"Content-Type": "text/html; charset=utf-8"}, f"<html><body>{paragraphs}</body></html>".encode()


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What was mailed: to whom, about what, what it says."""
    sent: list[tuple[str, str, str]] = []
    monkeypatch.setattr(mail.ConsoleMailer, "send", lambda _, to, subject, text: sent.append((to, subject, text)))
    return sent


@pytest.fixture
def town(transactional_db: None, tmp_path: Path, letters: list[Any]) -> Iterator[Town]:
    with sample_town(tmp_path / "city") as made:
        governance.set_choice(
            key="terms.change_suspends",
            value=True,
            reason="Nobody speaks under terms that nobody has read",
            actor="system",
            now=timezone.now(),
        )
        letters.clear()
        yield made


def test_terms_change_and_the_channel_is_free_again_when_it_is_decided(
    town: Town, letters: list[tuple[str, str, str]], settings: Any
) -> None:
    settings.FETCHES_PRIVATE = True
    kept = TermsVersion.objects.get(platform="square", document="terms")
    page = Page(kept.text)
    with a_site(page.answer) as (site, _):
        the_coordinator_has_the_terms_fetched_and_names_the_mayor(town, f"{site}/terms")
        page.text = kept.text.replace(OLD, NEW)
        assert page.text != kept.text
        the_terms_are_fetched_again(town)
    who_is_told(letters)
    nothing_is_published_meanwhile(town)
    only_the_mayor_decides(town)
    the_mayor_reads_what_changed_and_decides(town)
    the_channel_is_free_again(town)

    town.inspect_the_rest()
    assert not (town.findings + town.complaints()), "\n".join(town.findings + town.complaints())


def the_coordinator_has_the_terms_fetched_and_names_the_mayor(town: Town, address: str) -> None:
    """Rosa enters where the square's terms stand; the first fetch finds the words that are kept already."""
    rosa = town.person("rosa")
    page = rosa.go("/desk/channels/")
    rosa.follow("Platforms’ terms and privacy policies")
    rosa.look("terms-overview")
    rosa.follow("Sample square")
    rosa.look("terms-platform")
    page.get_by_text("Where it stands").first.click()
    page.locator("#id_terms_address").fill(address)
    page.locator("label[for='id_terms_is_fetched']").click()
    rosa.press("Keep the address")
    expect(page.locator("main")).to_contain_text("and is fetched from there every day")
    page.get_by_label("Who decides about a change").select_option(label="Gus Hartmann, City Council")
    rosa.press("Name them")
    expect(page.get_by_text("Gus Hartmann alone decides about a change.")).to_be_visible()
    rosa.press("Fetch it now", exact=False)
    town.work()
    page.reload()
    expect(page.locator("main")).to_contain_text("by the worker")
    assert TermsVersion.objects.filter(platform="square", document="terms").count() == 1


def the_terms_are_fetched_again(town: Town) -> None:
    """A day later, as the clock would have it, the words are others."""
    rosa = town.person("rosa")
    rosa.press("Fetch it now", exact=False)
    town.work()
    rosa.page.reload()
    expect(rosa.page.locator("main")).to_contain_text("Terms changed, review open")
    rosa.look("terms-platform-changed")


def _duty() -> Duty:
    """What is owed about the square's change; the sample city has another platform's waiting too."""
    change = TermsChange.objects.get(platform="square")
    return Duty.objects.get(kind="channels.decide-terms-change", subject=change.public_id)


def who_is_told(letters: list[tuple[str, str, str]]) -> None:
    """The mayor, the coordinator who watches, and those who cannot post meanwhile; each what it means for them."""
    about = {to: text for to, subject, text in letters if subject == "The terms of service of Sample square changed"}
    assert set(about) == {f"{one}@wausau.example" for one in ("gus", "rosa", "dev", "maya", "lee", "cal")}
    assert "It is for you to decide what the body does about it by " in about["gus@wausau.example"]
    assert "Gus Hartmann decides what the body does about it." in about["dev@wausau.example"]
    assert all("Until then nothing is published on the body's channels there." in text for text in about.values())
    duty = _duty()
    assert (duty.owner, duty.closed_at) == (User.objects.get(email="gus@wausau.example"), None)


def nothing_is_published_meanwhile(town: Town) -> None:
    """Both channels of the square are suspended, and Dev reads why his post waits."""
    assert {channel_by_slug(slug).state for slug in ("parks", "public-works")} == {"suspended"}
    rosa, dev = town.person("rosa"), town.person("dev")
    page = rosa.go("/desk/channels/parks/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Suspended")
    expect(page.locator("main")).to_contain_text("Terms changed, review open")
    rosa.look("channel-suspended")
    page = dev.go("/desk/write/")
    dev.follow("Lost your season pass?")
    expect(page.locator("main")).to_contain_text("is not live, so nothing is published there")
    expect(page.locator("main")).to_contain_text("nobody has decided about it yet")
    dev.look("draft-of-a-suspended-channel")


def only_the_mayor_decides(town: Town) -> None:
    """Rosa sees the change and the reason why its decision is not hers."""
    rosa = town.person("rosa")
    page = rosa.go("/desk/channels/parks/")
    rosa.follow("See what changed")
    expect(page.get_by_role("button", name="Record the decision")).to_be_disabled()
    expect(page.locator("main")).to_contain_text("Only the person named for it decides about these terms.")


def the_mayor_reads_what_changed_and_decides(town: Town) -> None:
    """Gus finds it on Today, reads what went and what came, and decides: at 320 pixels and without scripts."""
    gus = town.without_scripts()
    gus.sign_in("gus@wausau.example", sample_city.PASSWORD)
    page = gus.go("/desk/")
    page.set_viewport_size({"width": NARROW, "height": 900})
    gus.follow("Decide about the changed terms of service of Sample square")
    if "/terms/changes/" not in page.url:
        # The duty's own page leads on.
        page.goto(f"/desk/channels/terms/changes/{TermsChange.objects.get(platform='square').public_id}/")
    gus.look("terms-change")
    # Told by words and by strokes, not by colour alone.
    expect(page.locator("del")).to_have_text(["[Removed: You keep what]", "[Removed: write.]"])
    expect(page.locator("ins")).to_have_text(["[Added: What]", "[Added: write belongs to us as well.]"])
    expect(page.locator("main")).to_contain_text("unchanged")
    page.set_viewport_size({"width": NARROW, "height": 900})
    gus.assert_fits()
    page.get_by_text("Use it on conditions").click()
    page.get_by_role("textbox", name="Reasons").fill("Our posts are public records; nobody is harmed by another owner.")
    page.get_by_role("textbox", name="Conditions").fill("Nothing is posted there that is not on our own site.")
    gus.press("Record the decision")
    expect(page.locator("main")).to_contain_text("Decided: use it on conditions")
    gus.close()


def the_channel_is_free_again(town: Town) -> None:
    """Both channels speak again; the duty is closed by the decision; what was decided stays on the platform's page."""
    assert {channel_by_slug(slug).state for slug in ("parks", "public-works")} == {"live"}
    assert _duty().evidence
    rosa = town.person("rosa")
    page = rosa.go("/desk/channels/parks/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Live")
    expect(page.locator("main")).to_contain_text("Released: terms decided")
    rosa.look("channel-released")
    rosa.go("/desk/channels/terms/square/")
    expect(page.locator("main")).to_contain_text("Use it on conditions")
