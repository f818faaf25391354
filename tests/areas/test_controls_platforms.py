"""The platforms and the packs' definitions: what is social media for which pack, and that it can be registered."""

from typing import Any

import pytest

from rostrum.areas.channels import operations
from rostrum.areas.channels.kinds import CONTROL, reaching
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.platforms import PLATFORMS
from rostrum.policy.packs import Clause, load_shipped
from tests.channels import NOW, a_body, a_staff

PACKS = load_shipped()


def within(pack: str, platform: str) -> set[str]:
    return {clause.id for clause in reaching(PACKS[pack].clauses, PLATFORMS[platform])}


def definitions(pack: str) -> list[tuple[Clause, dict[str, Any]]]:
    return [
        (clause, dict(binding.parameters))
        for clause in PACKS[pack].clauses
        for binding in clause.bindings
        if binding.control == CONTROL
    ]


@pytest.mark.proves("definition.platform-kinds")
def test_a_platform_is_in_scope_by_what_it_is_like() -> None:
    assert "WI480-030-02a" in within("wi-hrh-480", "bluesky")
    assert "WI480-030-02a" not in within("wi-hrh-480", "feed")
    assert "MKE-III-03" in within("milwaukee-personal", "game-world")
    assert "MKE-III-03" not in within("milwaukee-personal", "alert-service")
    # Any of three functions is enough there.
    assert "DMA-I-A-03" in within("dma-2.110", "feed")
    assert "WAU-def-01" in within("wausau-city", "wiki")
    assert "WAU-def-01" not in within("wausau-city", "feed")


@pytest.mark.proves("definition.platform-kinds")
def test_a_platform_is_in_scope_by_its_kind() -> None:
    for platform in ("facebook", "linkedin", "x"):
        assert "DMA-I-B-06" in within("dma-2.110", platform)
    assert "DMA-I-B-06" not in within("dma-2.110", "wiki")
    assert "DMA-I-B-03" in within("dma-2.110", "linkedin")
    for platform in ("game-world", "virtual-world", "podcast"):
        assert "MKE-III-04" in within("milwaukee-personal", platform)
    # Wausau's list is open: further kinds are meant, too.
    assert "WAU-purpose-03" in within("wausau-city", "forum")


@pytest.mark.proves("definition.platform-kinds")
@pytest.mark.parametrize("pack", sorted({"wi-hrh-480", "milwaukee-personal", "dma-2.110", "wausau-city"}))
def test_every_kind_that_a_pack_names_has_a_platform(pack: str) -> None:
    known = {kind for platform in PLATFORMS.values() for kind in platform.kinds}
    named = {str(kind) for _, parameters in definitions(pack) for kind in parameters.get("kinds", [])}

    assert named <= known


@pytest.mark.django_db
@pytest.mark.proves("definition.platform-kinds")
@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_channel_can_be_asked_for_on_every_platform(platform: str) -> None:
    a_body()
    staff = a_staff()
    made = operations.request_channel(
        platform=platform,
        handle="wausau-parks",
        name="Wausau Parks",
        unit=staff.unit,
        purpose="Tell residents what happens in the parks",
        mission_goal="Recreation for everybody",
        serves=["mission"],
        capture_plan="By hand and by export",
        risk_acknowledged=True,
        actor=staff.head,
        now=NOW,
    )

    assert Channel.objects.get(pk=made.pk).platform_id == platform
