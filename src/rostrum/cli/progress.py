"""How far a long command is, on standard error: on a terminal in place, elsewhere every few seconds."""

import sys
import time


class Progress:
    """Says how far something is, now and then."""

    def __init__(self) -> None:
        self._in_place = sys.stderr.isatty()
        self._every = 0.2 if self._in_place else 5.0
        self._next = time.monotonic() + self._every
        self._told = False

    def say(self, text: str) -> None:
        """Tell it, unless something was told a moment ago."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every
            self._told = True
            print(
                f"\r\033[K{text}" if self._in_place else text,
                end="" if self._in_place else "\n",
                file=sys.stderr,
                flush=True,
            )

    def done(self) -> None:
        """Leave the line of progress."""
        if self._told and self._in_place:
            print(file=sys.stderr)
