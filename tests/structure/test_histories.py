"""A history shows what happened in words: no event may stand there by its code."""

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module

import pytest

from rostrum.areas.channels.views.life import EVENT_WORDS as OF_CHANNELS
from rostrum.areas.publishing.views.review import EVENT_WORDS as OF_POSTS
from rostrum.kernel.events import Event


def _kinds(area: str) -> Iterable[str]:
    found = import_module(f"rostrum.areas.{area}.events")
    modules = [
        found,
        *(
            import_module(one.name)
            for one in pkgutil.walk_packages(getattr(found, "__path__", ()), f"{found.__name__}.")
        ),
    ]
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Event) and value is not Event:
                yield value.kind


@pytest.mark.parametrize(
    ("area", "words"),
    [("channels", OF_CHANNELS), ("publishing", {f"publishing.{name}.v1": text for name, text in OF_POSTS.items()})],
)
def test_every_event_has_words_for_the_history(area: str, words: Mapping[str, str]) -> None:
    kinds = set(_kinds(area))

    assert len(kinds) > 10
    assert kinds - set(words) == set()
