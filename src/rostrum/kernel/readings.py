"""Asking once within one reading: while a page is shown, who holds what and which policy is in force stay as they are.

    with one_reading():
        asked_once(("roles", 7), look)   # asks
        asked_once(("roles", 7), look)   # answers what it answered before

Only for what nothing changes meanwhile: the web opens a reading for requests that change nothing. Outside a reading
every question is asked. Pure.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Hashable, Any] | None] = ContextVar("rostrum_reading", default=None)


@contextmanager
def one_reading() -> Iterator[None]:
    """Keep answers until the end of the block; inside another reading, until the end of that one."""
    if _answers.get() is not None:
        yield
        return
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def asked_once(question: Hashable, ask: Callable[[], Answer]) -> Answer:
    """The answer to the question: the one it had in this reading, else what `ask` says."""
    answers = _answers.get()
    if answers is None:
        return ask()
    if question not in answers:
        answers[question] = ask()
    answer: Answer = answers[question]
    return answer
