"""What the public's pages carry, and what shows that they do."""

from django.urls import reverse

from rostrum.areas.channels import queries as channels
from rostrum.areas.governance import queries as governance
from rostrum.areas.portal import queries
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/web/test_portal_pages.py::"


def _policy_public() -> Evidence:
    official = channels.official_channels()
    linked = official.exclude(policy_link="").count()
    clauses = sum(len(one.pack.clauses) for one in queries.published_policy())
    newest = governance.activation()
    return Evidence(
        f"The policy in force is public, {clauses} clauses; {linked} of {official.count()} channels link it.",
        clauses,
        newest.activated_at if newest else None,
        reverse("portal-policy"),
    )


def _notice() -> Evidence:
    shown = [one for one in channels.official_channels() if queries.page_notices(one, policy_link="")]
    newest = governance.activation()
    return Evidence(
        f"The page text of {len(shown)} channels is made from the policy in force, with its version.",
        len(shown),
        newest.activated_at if newest else None,
        reverse("portal-channels"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="page.policy-public",
        proven_by=(
            f"{_TESTS}test_the_policy_in_force_is_public_with_every_clause",
            "tests/areas/test_controls_governance.py::test_a_channel_does_not_go_live_without_the_link_to_the_policy",
        ),
        evidence=_policy_public,
    ),
    LiveControl(
        id="page.notice",
        proven_by=(
            f"{_TESTS}test_the_page_notice_is_made_from_the_policy_in_force_with_its_version",
            "tests/areas/test_publishing_confirmations.py::test_a_page_under_chapter_480_says_that_it_may_be_reprinted",
        ),
        evidence=_notice,
    ),
)
