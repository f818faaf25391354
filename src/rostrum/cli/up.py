"""`rostrum up`: the pages and the worker in one process; with `--demo`, a sample city and the sample square."""

import argparse
import json
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from rostrum.cli.main import start_django
from rostrum.kernel.decisions import InvalidInput
from rostrum.settings.places import data_folder

_THREADS = 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port of the pages (default: 8000)")
    parser.add_argument(
        "--demo", action="store_true", help="with a sample city and the sample square, on the next port"
    )


def run(arguments: argparse.Namespace) -> int:
    """Set up what is missing, serve until stopped. Raises `InvalidInput` when a port is taken."""
    started = time.monotonic()
    start_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    square = _start_square(arguments) if arguments.demo else None
    try:
        if square is not None:
            from rostrum.cli import sample_city

            sample_city.ensure(data_folder(), square.url, say=_say)
        server = _server(arguments.host, arguments.port)
        _serve(server, arguments, square, started)
    finally:
        if square is not None:
            square.stop()
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


def _start_square(arguments: argparse.Namespace) -> Any:
    """Start the sample square where the sample channels expect it: its address is part of their connection."""
    from rostrum.connectors.square.server import serve

    folder = data_folder() / "square"
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "address.json"
    port = int(json.loads(kept.read_text(encoding="utf-8"))["port"]) if kept.exists() else arguments.port + 1
    try:
        running = serve(folder, "127.0.0.1", port)
    except OSError as problem:
        raise InvalidInput(
            f"port {port}", "the sample square cannot listen there; is another demo running?"
        ) from problem
    _keep(kept, port)
    return running


def _keep(path: Path, port: int) -> None:
    if not path.exists():
        path.write_text(json.dumps({"port": port}) + "\n", encoding="utf-8")


def _server(host: str, port: int) -> Any:
    from waitress.server import create_server

    from rostrum.web.wsgi import application

    try:
        return create_server(application, host=host, port=port, threads=_THREADS, ident="rostrum")
    except OSError as problem:
        raise InvalidInput(
            f"port {port}", "something else listens there; choose another with --port, for example --port 8010"
        ) from problem


def _serve(server: Any, arguments: argparse.Namespace, square: Any, started: float) -> None:
    from rostrum.worker.loop import Worker

    worker = Worker()
    worker.start()

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 (as signals call it)
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
    address = f"http://{arguments.host}:{server.effective_port}"
    _say(f"\nRostrum is ready after {time.monotonic() - started:.1f} s.\n")
    _say(f"  The public's pages   {address}/")
    _say(f"  The staff's desk     {address}/desk/")
    if square is not None:
        from rostrum.cli import sample_city

        _say(f"  The sample square    {square.url}/   (a stand-in network: post there as a resident)")
        _say(sample_city.what_to_try(address, square.url))
    _say("\nStop with Ctrl-C.")
    try:
        server.run()
    except KeyboardInterrupt:
        print("\nStopping.", file=sys.stderr)
    finally:
        worker.stop()
        server.close()
