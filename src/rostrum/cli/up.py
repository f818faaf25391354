"""`rostrum up`: the pages and the worker in one process; with `--demo`, a sample city and the sample square."""

import argparse
import errno
import ipaddress
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from rostrum.cli.main import start_django
from rostrum.connectors.process import forget_when_asked, leave_no_core_dump, overwrite_freed_memory
from rostrum.kernel.decisions import InvalidInput

_THREADS = 8
_PAGES_TAKEN = "something else listens there; choose another with --port, for example --port 8010"
_SQUARE_TAKEN = "the sample square cannot listen there; is another demo running?"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port of the pages (default: 8000)")
    parser.add_argument(
        "--demo", action="store_true", help="with a sample city and the sample square, on the next port"
    )


def run(arguments: argparse.Namespace) -> int:
    """Set up what is missing, serve until stopped. Raises `InvalidInput` when a port is taken."""
    overwrite_freed_memory()
    leave_no_core_dump()
    started = time.monotonic()
    if arguments.demo:
        # Before anything reads the settings.
        _allow_demo(arguments.host)
    _refuse_taken(arguments.host, arguments.port, _PAGES_TAKEN)
    start_django()
    if arguments.demo:
        _refuse_taken("127.0.0.1", _square_port(arguments), _SQUARE_TAKEN)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    square = _start_square(arguments) if arguments.demo else None
    try:
        if square is not None:
            from rostrum.cli import sample_city

            sample_city.ensure(_data_folder(), square.url, say=_say)
        server = _server(arguments.host, arguments.port)
        _serve(server, arguments, square, started)
    finally:
        if square is not None:
            square.stop()
    return 0


def _allow_demo(host: str) -> None:
    """Let the sample city's people in without a second factor. Raises `InvalidInput` where others could come in too."""
    try:
        is_here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise InvalidInput(
            f"host {host}",
            "the demonstration prints its passwords and asks for no second factor; it listens on loopback",
        )
    os.environ["ROSTRUM_DEMO_SIGN_IN"] = "1"


def _data_folder() -> Path:
    # Imported here: the settings are read as soon as any of their modules is.
    from rostrum.settings.places import data_folder

    return data_folder()


def _say(text: str) -> None:
    print(text, flush=True)


def _start_square(arguments: argparse.Namespace) -> Any:
    """Start the sample square where the sample channels expect it: its address is part of their connection."""
    from rostrum.connectors.square.server import serve

    kept, port = _square_address(), _square_port(arguments)
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        running = serve(kept.parent, "127.0.0.1", port)
    except OSError as problem:
        raise InvalidInput(f"port {port}", _SQUARE_TAKEN) from problem
    if not kept.exists():
        kept.write_text(json.dumps({"port": port}) + "\n", encoding="utf-8")
    return running


def _square_address() -> Path:
    return _data_folder() / "square" / "address.json"


def _square_port(arguments: argparse.Namespace) -> int:
    kept = _square_address()
    return int(json.loads(kept.read_text(encoding="utf-8"))["port"]) if kept.exists() else int(arguments.port) + 1


def _refuse_taken(host: str, port: int, why: str) -> None:
    """Say at once that a port is taken: setting up first would make the person wait for it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OverflowError as problem:
            raise InvalidInput(
                f"port {port}", "ports are numbers up to 65535; the sample square takes the next"
            ) from problem
        except socket.gaierror as problem:
            raise InvalidInput(f"host {host}", "this machine knows no address of that name") from problem
        except OSError as problem:
            why = why if problem.errno == errno.EADDRINUSE else (problem.strerror or str(problem)).lower()
            raise InvalidInput(f"port {port}", why) from problem


def _server(host: str, port: int) -> Any:
    from waitress.server import create_server

    from rostrum.web.wsgi import application

    try:
        return create_server(application, host=host, port=port, threads=_THREADS, ident="rostrum")
    except OSError as problem:
        raise InvalidInput(f"port {port}", _PAGES_TAKEN) from problem


def _serve(server: Any, arguments: argparse.Namespace, square: Any, started: float) -> None:
    from rostrum.worker.loop import Worker

    forget_when_asked()
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
