"""The AT Protocol network for the tests of this folder: started once, on loopback, in a process of its own.

`at_network` is a full network (`tools.at_network.Network`): `.settings` for a connector, `.create_person(name)` for
people on it. `at_server` is a PDS alone (no AppView, no PostgreSQL), for tests that want only a real repository stream.
`meet(network, name)` makes a plain user with the protocol's own client (`people.Resident`): the "other side" of every
conversation.
Where something is missing the tests are skipped and say what; with CI=true they fail instead.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from tools import at_network as at

from tests.network.people import Resident

# Before any test module imports it: its asserts explain themselves only then.
pytest.register_assert_rewrite("tests.simulators.connector_suite")


def _start(mode: at.Mode) -> at.Network:
    try:
        at.ensure()
        return at.start(mode)
    except at.Unavailable as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(f"The AT Protocol network must run in CI: {missing}")
        pytest.skip(f"no AT Protocol network: {missing}")


@pytest.fixture(scope="session")
def at_network() -> Iterator[at.Network]:
    """A full network: PLC directory, PDS, AppView."""
    with _start("full") as network:
        yield network


@pytest.fixture(scope="session")
def at_server() -> Iterator[at.Network]:
    """A PLC directory and a PDS, nothing else."""
    with _start("pds") as network:
        yield network


@pytest.fixture
def meet() -> Iterator[Callable[..., Resident]]:
    """Make people on a network: `meet(network)`, `meet(network, "city")`. Their connections close with the test."""
    met: list[Resident] = []

    def make(network: at.Network, name: str = "resident") -> Resident:
        met.append(Resident(network, name))
        return met[-1]

    yield make
    for resident in met:
        resident.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is marked `network`."""
    for item in items:
        if "tests/network" in item.path.as_posix():
            item.add_marker(pytest.mark.network)
