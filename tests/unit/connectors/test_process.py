"""What a process leaves of secrets: how it is started so that freed memory is overwritten."""

import os
import platform
import subprocess
import sys
import time
import weakref

import pytest

from rostrum.connectors import process
from rostrum.connectors.process import is_overwriting, overwriting

ON_GLIBC = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library can be told to")


@ON_GLIBC
def test_a_process_is_started_once_more_and_then_not_again() -> None:
    environment = overwriting({"HOME": "/root", "GLIBC_TUNABLES": "glibc.cpu.x=1:glibc.malloc.tcache_count=7"})
    assert environment is not None
    assert environment["PYTHONMALLOC"] == "malloc"
    assert environment["GLIBC_TUNABLES"] == "glibc.cpu.x=1:glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"
    assert environment["HOME"] == "/root"
    assert is_overwriting(environment)
    assert overwriting(environment) is None


@pytest.mark.parametrize("missing", ["PYTHONMALLOC", "GLIBC_TUNABLES"])
def test_half_of_it_does_not_count(missing: str) -> None:
    whole = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}
    assert not is_overwriting({name: value for name, value in whole.items() if name != missing})


@ON_GLIBC
@pytest.mark.parametrize(("chosen", "is_on"), [("1", True), ("0", False)])
def test_the_words_of_the_command_stay_the_same_and_it_can_be_declined(chosen: str, is_on: bool) -> None:
    program = (
        "import os, sys; from rostrum.connectors.process import *; overwrite_freed_memory(); leave_no_core_dump();"
        "import resource; print(is_overwriting(os.environ), sys.argv[1:], resource.getrlimit(resource.RLIMIT_CORE))"
    )
    environment = {**os.environ, "ROSTRUM_OVERWRITE_MEMORY": chosen}
    command = [sys.executable, "-c", program, "up", "--demo"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == f"{is_on} ['up', '--demo'] (0, 0)"


class _Holder:
    """Something that holds itself, as a request that failed is held by its own error."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_held_at_the_first_look_is_freed_at_a_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_PAUSES_SECONDS", (0.01, 0.05, 0.05, 0.05))
    forgetting = process._Forgetting()
    looks: list[int] = []
    held = [_Holder()]
    gone = weakref.ref(held[0])

    def look(self: process._Forgetting) -> None:
        looks.append(1)
        if len(looks) == 2:
            held.clear()  # the thread that was answering came to its end only now
        real_look(self)

    real_look = process._Forgetting._look
    monkeypatch.setattr(process._Forgetting, "_look", look)
    forgetting._is_on = True
    forgetting.ask()
    deadline = time.monotonic() + 30
    while gone() is not None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert gone() is None
    assert len(looks) >= 2
