"""Which platforms a pack's definition of social media reaches. Platforms and clauses in, clauses out; pure."""

from collections.abc import Iterable

from rostrum.areas.channels.platforms import PlatformFacts
from rostrum.policy.packs import Binding, Clause

CONTROL = "definition.platform-kinds"


def reaching(clauses: Iterable[Clause], platform: PlatformFacts) -> tuple[Clause, ...]:
    """The clauses whose definition takes the platform in.

    A definition by kinds names one of the platform's kinds, or leaves the list open by "other"; one by properties
    (`needs`) asks for all of them, or for one where it says so (`match = "any"`).
    """
    return tuple(
        clause
        for clause in clauses
        if any(one.control == CONTROL and _takes_in(one, platform) for one in clause.bindings)
    )


def _takes_in(binding: Binding, platform: PlatformFacts) -> bool:
    kinds, needs = _list(binding, "kinds"), _list(binding, "needs")
    if kinds and ("other" in kinds or kinds & set(platform.kinds)):
        return True
    has = needs & set(platform.traits)
    return bool(has) if binding.parameters.get("match") == "any" else bool(needs) and has == needs


def _list(binding: Binding, name: str) -> set[str]:
    value = binding.parameters.get(name, [])
    return {str(one) for one in value} if isinstance(value, list) else set()
