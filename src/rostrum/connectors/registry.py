"""Which platforms there are, and how to open a connector to one. Heavy clients are loaded only when asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rostrum.connectors.interface import Connector
from rostrum.kernel.decisions import InvalidInput


@dataclass(frozen=True, slots=True)
class Field:
    """One value the platform's connection form asks for."""

    name: str
    label: str
    help: str
    example: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class CaptureMethod:
    """One way to capture a platform's content; which one is used can be changed from outside.

    `settings` are put over those of the channel's connection; where `takes_address` names one, a chosen address goes
    there. `open` makes another connector than the platform's own.
    """

    code: str
    title: str
    settings: Mapping[str, str] = field(default_factory=dict)
    takes_address: str = ""
    open: Callable[[Mapping[str, str], Mapping[str, str]], Connector] | None = None

    @property
    def needs_address(self) -> bool:
        """Whether it reads from an address that has to be given."""
        return bool(self.takes_address)


@dataclass(frozen=True, slots=True)
class PlatformSpec:
    """A platform a channel can be connected to: its settings are shown, its secrets go into custody."""

    code: str
    name: str
    settings: tuple[Field, ...]
    secrets: tuple[Field, ...]
    open: Callable[[Mapping[str, str], Mapping[str, str]], Connector]
    # The first is what is used where nothing else was chosen.
    methods: tuple[CaptureMethod, ...] = (CaptureMethod("connector", "Through its connector, around the clock"),)


def _open_bluesky(settings: Mapping[str, str], secret: Mapping[str, str]) -> Connector:
    from rostrum.connectors.bluesky import BlueskyConnector

    return BlueskyConnector(settings, secret)


def _open_square(settings: Mapping[str, str], secret: Mapping[str, str]) -> Connector:
    from rostrum.connectors.square.client import SquareConnector

    return SquareConnector(settings, secret)


PLATFORMS: dict[str, PlatformSpec] = {
    spec.code: spec
    for spec in (
        PlatformSpec(
            code="bluesky",
            name="Bluesky",
            settings=(
                Field("service", "Service address", "Where the channel signs in.", "https://bsky.social"),
                Field(
                    "plc", "DID directory", "Where did:plc identities are looked up.", "https://plc.directory", False
                ),
                Field("web", "Web address", "Where posts are shown to readers.", "https://bsky.app", False),
                Field("stream", "Event stream", "A relay to follow instead of the channel's own server.", "", False),
                Field("conversations", "Conversations", "“off” when the server has no AppView behind it.", "on", False),
                Field("private_addresses", "Private addresses", "“allowed” only on a test network.", "", False),
                Field(
                    "capture_seconds", "Seconds per capture", "A run stops there and goes on next time.", "60", False
                ),
            ),
            secrets=(
                Field("identifier", "Handle or DID", "The channel's handle on Bluesky.", "city.example.gov"),
                Field("password", "App password", "Made under Settings, App passwords; never the main password."),
            ),
            open=_open_bluesky,
            methods=(
                CaptureMethod("connector", "From the channel's own server, around the clock"),
                CaptureMethod("relay", "From a relay's event stream, around the clock", takes_address="stream"),
            ),
        ),
        PlatformSpec(
            code="square",
            name="Sample square",
            settings=(Field("service", "Service address", "Where the sample square runs.", "http://127.0.0.1:8091"),),
            secrets=(Field("token", "Channel token", "Given when the channel was made on the square."),),
            open=_open_square,
        ),
    )
}


def connect(
    platform: str,
    settings: Mapping[str, str],
    secret: Mapping[str, str],
    *,
    method: CaptureMethod | None = None,
    address: str = "",
) -> Connector:
    """Open a connector, to capture by `method` where one was chosen; reaches no network yet.

    Raises `InvalidInput` naming the platform or the missing value.
    """
    spec = PLATFORMS.get(platform)
    if spec is None:
        raise InvalidInput("platform", f"“{platform}” is not one of {', '.join(sorted(PLATFORMS))}.")
    for given, fields in ((settings, spec.settings), (secret, spec.secrets)):
        for wanted in fields:
            if wanted.required and not given.get(wanted.name):
                raise InvalidInput(wanted.name, f"{spec.name} needs: {wanted.label}. {wanted.help}")
    if method is None:
        return spec.open(settings, secret)
    chosen = {**settings, **method.settings}
    if method.takes_address and address:
        chosen[method.takes_address] = address
    return (method.open or spec.open)(chosen, secret)
