"""The controls that act when a comment is assessed or removed, and what shows that they do."""

from django.db.models import Q
from django.urls import reverse

from rostrum.areas.moderation import queries
from rostrum.areas.moderation.models import Assessment, Removal
from rostrum.areas.moderation.states import IN_FORCE, Outcome
from rostrum.policy.controls import Evidence, LiveControl

_TESTS = "tests/areas/test_moderation.py::"
# Decided and not given up before the platform was reached.
_CARRIED = (*IN_FORCE, Outcome.RESTORED)


def _link(show: str = "removed") -> str:
    return f"{reverse('conversation')}?show={show}"


def _removals(summary: str) -> Evidence:
    found = Removal.objects.filter(outcome__in=_CARRIED)
    first = found.order_by("decided_at").first()
    return Evidence(summary.format(count=found.count()), found.count(), first.decided_at if first else None, _link())


def _closed_list() -> Evidence:
    return _removals(
        f"{{count}} removals, each on one of the {len(queries.grounds())} grounds in force, with a reason."
    )


def _evidence_first() -> Evidence:
    return _removals("{count} removals, each after its evidence was taken, hashed and read back.")


def _record() -> Evidence:
    return _removals("{count} removal records, each with its times, poster, remover and reason.")


def _ground() -> Evidence:
    found = Assessment.objects.filter(assessed_at__isnull=False).exclude(grounds=[])
    first = found.order_by("assessed_at").first()
    return Evidence(
        f"{found.count()} assessments in which a person answered every element of a ground.",
        found.count(),
        first.assessed_at if first else None,
        _link("all"),
    )


def _second_person() -> Evidence:
    found = Assessment.objects.filter(seconded_at__isnull=False)
    first = found.order_by("seconded_at").first()
    return Evidence(
        f"{found.count()} assessments on a sensitive ground that a second person agreed to.",
        found.count(),
        first.seconded_at if first else None,
        _link("all"),
    )


def _safety_alert() -> Evidence:
    found = Assessment.objects.filter(referral_is_alert=True)
    waiting = found.filter(Q(referral_answered_at__isnull=True)).count()
    first = found.order_by("assessed_at").first()
    return Evidence(
        f"{found.count()} alerts of threats or dangers, their threads held; {waiting} wait for an answer.",
        found.count(),
        first.assessed_at if first else None,
        _link("all"),
    )


CONTROLS: tuple[LiveControl, ...] = (
    LiveControl(
        id="removal.closed-list",
        proven_by=(f"{_TESTS}test_discretion_and_unlisted_grounds_cannot_be_chosen",),
        evidence=_closed_list,
    ),
    LiveControl(
        id="removal.ground",
        proven_by=(f"{_TESTS}test_each_ground_asks_for_its_elements_and_its_facts",),
        evidence=_ground,
        # Ground 11 also asks that the kept copy be seen by few only; that is not built.
        clauses=tuple(f"WAU-removal-{number:02}" for number in range(1, 13) if number != 11),
    ),
    LiveControl(
        id="removal.second-person",
        proven_by=(f"{_TESTS}test_a_ground_sensitive_to_viewpoint_needs_a_second_person",),
        evidence=_second_person,
    ),
    LiveControl(
        id="removal.evidence-first",
        proven_by=(
            f"{_TESTS}test_nothing_is_removed_whose_evidence_cannot_be_read_back",
            f"{_TESTS}test_nothing_is_removed_whose_pictures_are_lost",
        ),
        evidence=_evidence_first,
    ),
    LiveControl(
        id="removal.record",
        proven_by=(
            f"{_TESTS}test_the_removal_record_holds_times_poster_remover_and_reason",
            f"{_TESTS}test_without_a_known_poster_there_is_no_removal",
        ),
        evidence=_record,
    ),
    LiveControl(
        id="removal.safety-alert",
        proven_by=(f"{_TESTS}test_a_threat_raises_an_alert_and_holds_the_thread",),
        evidence=_safety_alert,
    ),
)
