"""A worker as a process of its own: ``python -m rostrum.worker [QUEUE...]``. Ends on SIGTERM after the job in hand."""

import os
import signal
import sys

from rostrum.connectors.process import forget_when_asked, leave_no_core_dump, overwrite_freed_memory


def main() -> int:
    """Work until told to stop."""
    overwrite_freed_memory()
    leave_no_core_dump()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rostrum.settings")
    import django

    django.setup()
    from rostrum.web.logging import configure
    from rostrum.worker.loop import Worker

    configure()
    forget_when_asked()
    worker = Worker(queue_names=sys.argv[1:] or ("default",))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.request_stop())
    worker.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
