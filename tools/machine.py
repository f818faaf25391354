"""What the tests need of the machine: databases, a browser, small tools. Starts or installs what is missing.

Installing is tried only where it can work (root with apt-get). `prepare()` returns what is still missing, with the
reason; the tests that need it are then skipped aloud, and in CI that counts as failure.
"""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

POSTGRES = os.environ.get("ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("ROSTRUM_TEST_REDIS", "127.0.0.1:6379")
PACKAGES = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "xmlsec1": "xmlsec1",
    "pg_ctlcluster": "postgresql",
    "redis-server": "redis-server",
}


def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def _postgres_address() -> tuple[str, int]:
    parts = urlsplit(POSTGRES)
    return parts.hostname or "127.0.0.1", parts.port or 5432


def _redis_address() -> tuple[str, int]:
    host, _, port = REDIS.partition(":")
    return host, int(port or 6379)


def _wait(host: str, port: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answers(host, port):
            return True
        time.sleep(0.3)
    return False


def _install(commands: list[str]) -> None:
    names = [PACKAGES[command] for command in commands if not shutil.which(command)]
    if not names or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"[machine] installing Debian packages: {' '.join(names)}", flush=True)
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
    ):
        subprocess.run(command, env=surroundings, check=False, stdout=subprocess.DEVNULL)


def _start_postgres() -> None:
    versions = sorted(Path("/etc/postgresql").glob("*/main")) if Path("/etc/postgresql").is_dir() else []
    if versions and shutil.which("pg_ctlcluster") and os.geteuid() == 0:
        # The tests sign in without a password, over loopback only.
        rules = versions[-1] / "pg_hba.conf"
        text = rules.read_text(encoding="utf-8")
        if "rostrum-tests" not in text:
            rules.write_text("# rostrum-tests\nhost all all 127.0.0.1/32 trust\n" + text, encoding="utf-8")
        version = versions[-1].parent.name
        subprocess.run(["pg_ctlcluster", "--skip-systemctl-redirect", version, "main", "start"], check=False)


def prepare() -> dict[str, str]:
    """Make ready what can be; return {what is missing: why}."""
    needed = ["chromium", "pdftotext", "xmlsec1"]
    if not answers(*_postgres_address()):
        needed.append("pg_ctlcluster")
    if not answers(*_redis_address()):
        needed.append("redis-server")
    _install(needed)
    if not answers(*_postgres_address()):
        _start_postgres()
    if not answers(*_redis_address()) and shutil.which("redis-server"):
        host, port = _redis_address()
        subprocess.run(
            ["redis-server", "--daemonize", "yes", "--bind", host, "--port", str(port), "--save", "", "--dir", "/tmp"],
            check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    missing: dict[str, str] = {}
    if not shutil.which("chromium"):
        missing["chromium"] = "Chromium is not installed (Debian package chromium)"
    if not shutil.which("pdftotext"):
        missing["pdftotext"] = "pdftotext is not installed (Debian package poppler-utils)"
    if not shutil.which("xmlsec1"):
        missing["xmlsec1"] = (
            "xmlsec1, which the SAML identity provider signs with, is not installed (Debian package xmlsec1)"
        )
    if not _wait(*_postgres_address(), 20):
        missing["postgres"] = (
            f"no PostgreSQL answers at {_postgres_address()[0]}:{_postgres_address()[1]} (ROSTRUM_TEST_POSTGRES)"
        )
    if not _wait(*_redis_address(), 10):
        missing["redis"] = f"no Redis answers at {REDIS} (ROSTRUM_TEST_REDIS)"
    return missing
