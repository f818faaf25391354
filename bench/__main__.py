"""`make bench`: every measurement, each a ratio against a peer or a physical limit in the same run.

    python -m bench              all
    python -m bench search pdf   only these

Prints one JSON object a line: goal, what, ours, peer, ratio, limit, ok. A goal that is missed is printed as missed.
"""

import os
import pkgutil
import subprocess
import sys

import bench


def main() -> int:
    names = sys.argv[1:] or sorted(
        module.name for module in pkgutil.iter_modules(bench.__path__) if module.name[0] != "_"
    )
    code = 0
    for name in names:
        print(f"# {name}", flush=True)
        # Each in its own process, so that memory and caches of one do not colour the next.
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], env=os.environ.copy(), check=False)
        code = code or done.returncode
    return code


if __name__ == "__main__":
    sys.exit(main())
