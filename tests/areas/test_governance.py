"""The body, the packs it works under, and what it decides where they leave a choice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rostrum.areas.governance import operations as governance
from rostrum.areas.governance import queries, rules
from rostrum.areas.governance.controls import CONTROLS
from rostrum.areas.governance.models import LocalChoice, PackActivation
from rostrum.areas.ledger.models import Entry
from rostrum.kernel.decisions import InvalidInput, Refused

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ADOPTED = {"wausau-city": date(2025, 3, 1)}

pytestmark = pytest.mark.django_db


def city() -> None:
    governance.establish_body(name="City of Example", kind="city", actor="system", now=NOW)


def wausau(**overrides: Any) -> PackActivation:
    fields: dict[str, Any] = {
        "packs": ["wausau-city"],
        "effective_on": ADOPTED,
        "reference": "Resolution 25-017",
        "actor": "system",
        "now": NOW,
    }
    return governance.activate_packs(**(fields | overrides))


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str | None]]:
    return [(reason.code, reason.clause) for reason in refusal.value.reasons]


def test_an_installation_belongs_to_one_body() -> None:
    city()
    body = queries.body()
    assert body is not None
    assert (body.name, queries.body_name()) == ("City of Example", "City of Example")
    assert Entry.objects.get().kind == "governance.body-established.v1"
    with pytest.raises(Refused):
        governance.establish_body(name="Another", kind="city", actor="system", now=NOW)
    with pytest.raises(InvalidInput):
        governance.establish_body(name=" ", kind="city", actor="system", now=NOW)
    with pytest.raises(InvalidInput):
        governance.establish_body(name="Another", kind="kingdom", actor="system", now=NOW)


def test_without_packs_there_is_no_policy() -> None:
    city()
    with pytest.raises(Refused):
        queries.policy()
    with pytest.raises(Refused):
        governance.set_choice(key="custody.deposit_hours", value=12, reason="Faster", actor="per-1", now=NOW)


@pytest.mark.proves("governance.effective-date")
def test_a_pack_without_a_date_waits_for_the_bodys_own_adoption() -> None:
    city()
    with pytest.raises(Refused) as refusal:
        wausau(effective_on={})
    assert codes(refusal) == [("no-effective-date", "WAU-0-01")]
    with pytest.raises(Refused) as refusal:
        wausau(reference=" ")
    assert codes(refusal) == [("no-reference", "WAU-0-01")]
    assert not PackActivation.objects.exists()

    made = wausau()
    assert (made.effective_on, made.reference) == ({"wausau-city": "2025-03-01"}, "Resolution 25-017")
    assert {pack.id for pack in queries.policy().packs} >= {"wausau-city", "wisconsin-law", "platform-limits"}
    entry = Entry.objects.get(kind="governance.packs-activated.v1")
    assert entry.body["policy_version"] == queries.policy().version == made.policy_version


def test_a_pack_does_not_act_before_its_day() -> None:
    city()
    with pytest.raises(Refused) as refusal:
        wausau(effective_on={"wausau-city": date(2026, 11, 22)})
    assert codes(refusal) == [("not-in-force-yet", "WAU-0-01")]
    # 03:00 UTC is still the evening before in Wisconsin.
    with pytest.raises(Refused):
        wausau(effective_on={"wausau-city": date(2026, 11, 21)}, now=datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    wausau(effective_on={"wausau-city": date(2026, 11, 21)})


def test_a_date_for_a_pack_that_is_not_activated_is_a_mistake() -> None:
    city()
    with pytest.raises(InvalidInput):
        wausau(effective_on={**ADOPTED, "dma-2.110": date(2025, 1, 1)})
    with pytest.raises(InvalidInput):
        wausau(packs=["no-such-pack"])


@pytest.mark.proves("governance.parent-required")
def test_a_state_agency_cannot_work_without_the_parent_standard() -> None:
    governance.establish_body(name="Department of Examples", kind="state_agency", actor="system", now=NOW)
    with pytest.raises(Refused) as refusal:
        wausau()
    assert codes(refusal) == [("parent-missing", "WI480-010-06")]
    made = governance.activate_packs(
        packs=["dma-2.110"],
        effective_on={"dma-2.110": date(2025, 1, 1)},
        reference="Memo 1",
        actor="system",
        now=NOW,
    )
    assert "wi-hrh-480" in made.versions


@pytest.mark.proves("governance.version-in-force")
def test_every_entry_names_the_policy_version_then_in_force() -> None:
    city()
    first = wausau()
    choice = governance.set_choice(
        key="custody.deposit_hours", value=12, reason="The council asked for it", actor="per-1", now=NOW
    )
    second = queries.policy().version
    assert second != first.policy_version
    versions = dict(Entry.objects.values_list("kind", "pack_version"))
    assert versions == {
        "governance.body-established.v1": "",
        "governance.packs-activated.v1": first.policy_version,
        "governance.choice-made.v1": second,
    }
    assert choice.reason == "The council asked for it"


def test_a_choice_counts_until_the_next_one() -> None:
    city()
    wausau()
    before = queries.choice("custody.deposit_hours")
    for hours in (12, 6):
        governance.set_choice(key="custody.deposit_hours", value=hours, reason="Faster", actor="per-1", now=NOW)
    assert (before, queries.choice("custody.deposit_hours")) == (24, 6)
    assert queries.choice("no.such-setting", "default") == "default"
    assert LocalChoice.objects.count() == 2


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [("no.such-setting", 1, "why"), ("custody.deposit_hours", 1, " "), ("custody.deposit_hours", 1.5, "why")],
)
def test_a_choice_that_no_pack_leaves_open_or_that_nobody_explains_is_refused(
    key: str, value: Any, reason: str
) -> None:
    city()
    wausau()
    with pytest.raises(InvalidInput):
        governance.set_choice(key=key, value=value, reason=reason, actor="per-1", now=NOW)


def test_packs_that_an_update_changed_are_named() -> None:
    city()
    made = wausau()
    assert queries.changed_packs() == []
    made.versions = {**made.versions, "wausau-city": "wausau-city@000000000000"}
    made.save()
    assert queries.changed_packs() == ["wausau-city"]


def test_each_control_answers_with_its_evidence() -> None:
    assert all(control.evidence().summary for control in CONTROLS)
    city()
    wausau()
    found = {control.id: control.evidence() for control in CONTROLS}
    assert "wausau-city on 2025-03-01" in found["governance.effective-date"].summary
    assert found["governance.effective-date"].count == 1
    assert queries.policy().version in found["governance.version-in-force"].summary


def test_no_pack_at_all_is_refused() -> None:
    facts = rules.ActivationFacts(body_kind="city", packs=(), reference="", today=NOW.date())
    assert [reason.code for reason in rules.decide_activation(facts).against] == ["no-pack"]
