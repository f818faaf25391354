"""What this process leaves in memory and on disk of the secrets that pass through it: as little as can be had.

Python cannot overwrite its own strings, and freed memory keeps what stood in it. The C library can: it fills what is
freed, when it is told to before the process starts and when Python asks it for every object (`overwrite_freed_memory`
starts the process once more with that). What is held by a cycle is freed only when the cycle is found: `forget_soon`
asks for that after a secret was used. And a process that dies leaves no picture of its memory (`leave_no_core_dump`).
"""

import ctypes
import gc
import os
import platform
import sys
import threading
import time
import urllib.parse
from collections.abc import Mapping

_TUNABLES = "GLIBC_TUNABLES"
# Any byte but 0: freed memory that is read by mistake must not look empty. Chunks kept back for quick use would be
# left as they are, so none is kept back.
_FILL = ("glibc.malloc.perturb=165", "glibc.malloc.tcache_count=0")
_PR_SET_DUMPABLE = 4
# A secret may still be held at the first look, by an answer that is being written or a request whose thread was not
# given the processor: looked for again, later and later. The last look ends what can be promised (docs/limits.md).
_PAUSES_SECONDS = (0.5, 2.0, 8.0)


def overwriting(environment: Mapping[str, str]) -> dict[str, str] | None:
    """The environment in which freed memory is overwritten; None where it is so already or cannot be."""
    if platform.libc_ver()[0] != "glibc" or is_overwriting(environment):
        return None
    others = [one for one in environment.get(_TUNABLES, "").split(":") if one and not one.startswith("glibc.malloc.")]
    return {**environment, "PYTHONMALLOC": "malloc", _TUNABLES: ":".join((*others, *_FILL))}


def is_overwriting(environment: Mapping[str, str]) -> bool:
    """Whether a process started with this environment overwrites what it frees."""
    tunables = environment.get(_TUNABLES, "").split(":")
    return environment.get("PYTHONMALLOC") == "malloc" and all(one in tunables for one in _FILL)


def overwrite_freed_memory() -> None:
    """Have this process overwrite what it frees: starts it once more, under the same id. To be called first of all."""
    environment = overwriting(os.environ)
    if environment is not None and os.environ.get("ROSTRUM_OVERWRITE_MEMORY", "1") != "0":
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)  # noqa: S606 (this very program)


def leave_no_core_dump() -> None:
    """Have the system keep no picture of this process's memory when it dies, and let no other user read it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # A program that takes core dumps in is not bound by the limit; it is by this.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    except (ImportError, OSError, AttributeError, ValueError):
        return


class _Forgetting:
    """Looks for cycles shortly after it was asked to, and again after that, in a thread of its own."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._is_on = False
        self._started_in = 0

    def switch_on(self) -> None:
        if not self._is_on:
            self._is_on = True
            # What the program itself is made of stays for good: without it, looking takes milliseconds.
            gc.collect()
            gc.freeze()

    def ask(self) -> None:
        if not self._is_on:
            return
        # A server may fork after the program was loaded; threads do not come along.
        if self._started_in != os.getpid():
            self._started_in = os.getpid()
            threading.Thread(target=self._run, name="rostrum-forgetting", daemon=True).start()
        self._asked.set()

    def _run(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            for pause in _PAUSES_SECONDS:
                time.sleep(pause)
                self._look()
                if self._asked.is_set():
                    break  # asked again meanwhile: the whole row of looks begins anew

    def _look(self) -> None:
        # The addresses that were taken apart last: some open something for whoever has them.
        vars(urllib.parse)["clear_cache"]()  # not in the type stubs
        gc.collect()


_FORGETTING = _Forgetting()


def forget_when_asked() -> None:
    """From now on `forget_soon` has an effect: for processes that run on; a command ends by itself."""
    _FORGETTING.switch_on()


def forget_soon() -> None:
    """A secret was used: free within a second (or ten) what still holds it by a cycle. Returns at once."""
    _FORGETTING.ask()
