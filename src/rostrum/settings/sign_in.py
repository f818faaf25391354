"""Sign-in as the body chose it: `sign-in.toml` in the data folder, or the file that ``ROSTRUM_SIGN_IN`` names.

    [second_factor]
    required_for = ["social_media_coordinator", "hr", "it_director"]

    [[oidc]]
    id = "city"
    name = "City sign-in"
    issuer = "https://login.example.gov"
    client_id = "rostrum"
    client_secret_file = "oidc-city-secret"       # in the keys folder
    unknown_persons = "refused"                   # or "created"
    second_factor = "told"                        # or "trusted", "ours"
    [oidc.roles]
    "Social Media Team" = "social_media_coordinator"
    "Parks Posters" = { role = "authorized_poster", unit = "parks" }

Whatever cannot be understood stops the start, named by its place: a mistyped key must not open or close a door.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import REQUIRED_FOR, Directory, GroupRole, SignInSettings
from rostrum.connectors.identity import OpenIdSettings, SamlSettings, is_safe_address, saml_is_installed
from rostrum.kernel.decisions import InvalidInput


class SignInSettingsUnusable(InvalidInput):
    """The settings of sign-in cannot be used: the file and the place in it, and what may stand there."""


def demo_sign_in(environment: Mapping[str, str]) -> bool:
    """Whether ``ROSTRUM_DEMO_SIGN_IN`` lets the sample city's people in without a second factor.

    Raises `SignInSettingsUnusable` where the pages can be reached by others: what holds for an invented city on one's
    own machine must not come along to a real one.
    """
    if environment.get("ROSTRUM_DEMO_SIGN_IN", "") != "1":
        return False
    for name in ("ROSTRUM_HOSTS", "ROSTRUM_ORIGINS", "ROSTRUM_TLS", "ROSTRUM_SIGN_IN"):
        if environment.get(name):
            raise SignInSettingsUnusable(
                "ROSTRUM_DEMO_SIGN_IN", f"is for a demonstration on this machine only; it cannot be set beside {name}"
            )
    return True


def read_sign_in(path: Path, *, keys_folder: Path, must_exist: bool) -> SignInSettings:
    """Read the file; without one, the settings that hold by default. Raises `SignInSettingsUnusable`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError as problem:
        if must_exist:
            raise SignInSettingsUnusable("ROSTRUM_SIGN_IN", f"names {path}, which is not there") from problem
        return SignInSettings()
    try:
        found = tomllib.loads(content.decode())
    except ValueError as problem:
        raise SignInSettingsUnusable(str(path), f"is not TOML: {problem}") from problem
    return _Reader(path, keys_folder).settings(found)


@dataclass(frozen=True, slots=True)
class _Reader:
    path: Path
    keys_folder: Path

    def settings(self, found: dict[str, Any]) -> SignInSettings:
        self._only(found, "the file", {"second_factor", "oidc", "saml"})
        factor = found.get("second_factor", {})
        self._only(factor, "[second_factor]", {"required_for"})
        required = REQUIRED_FOR
        if "required_for" in factor:
            words = self._list(factor["required_for"], "second_factor.required_for")
            required = frozenset(self._role(word, "second_factor.required_for") for word in words)
        directories = [self._directory(one, "oidc") for one in found.get("oidc", [])]
        directories += [self._directory(one, "saml") for one in found.get("saml", [])]
        ids = [one.id for one in directories]
        if len(set(ids)) < len(ids):
            raise self._problem("id", "two directories have the same id")
        return SignInSettings(required, tuple(directories))

    def _directory(self, found: dict[str, Any], kind: str) -> Directory:
        place = f"[[{kind}]]"
        directory_id = self._text(found, "id", place)
        if not directory_id.isidentifier() or not directory_id.isascii() or len(directory_id) > 40:
            raise self._problem(f"{place} id", "letters, digits and underscores, for example city")
        place = f"[[{kind}]] {directory_id}"
        protocol = self._openid(found, place) if kind == "oidc" else self._saml(found, place)
        return Directory(
            id=directory_id,
            name=self._text(found, "name", place),
            protocol=protocol,
            roles=self._roles(found.get("roles", {}), place),
            unknown_persons=self._one_of(found, "unknown_persons", ("refused", "created"), place),
            second_factor=self._one_of(found, "second_factor", ("told", "trusted", "ours"), place),
            roles_last_days=self._number(found, "roles_last_days", 30, (1, 400), place),
        )

    def _openid(self, found: dict[str, Any], place: str) -> OpenIdSettings:
        own = {"issuer", "client_id", "client_secret_file", "scopes", "groups_claim", "leeway_seconds"}
        self._only(found, place, own | _COMMON)
        issuer = self._text(found, "issuer", place)
        if not is_safe_address(issuer) or urlsplit(issuer).query:
            raise self._problem(f"{place} issuer", "an https address, for example https://login.example.gov")
        return OpenIdSettings(
            issuer=issuer,
            client_id=self._text(found, "client_id", place),
            client_secret_file=self._secret(found.get("client_secret_file", ""), place),
            scopes=tuple(self._list(found.get("scopes", ["openid", "email", "profile"]), f"{place} scopes")),
            groups_claim=str(found.get("groups_claim", "groups")),
            leeway_seconds=self._number(found, "leeway_seconds", 60, (0, 300), place),
        )

    def _saml(self, found: dict[str, Any], place: str) -> SamlSettings:
        attributes = {"email_attribute", "name_attribute", "groups_attribute", "subject_attribute"}
        self._only(found, place, {"metadata_file"} | attributes | _COMMON)
        if not saml_is_installed():
            raise self._problem(place, "SAML needs the extra: pip install 'rostrum[saml]'")
        file = self.path.parent / self._text(found, "metadata_file", place)
        try:
            metadata = file.read_text(encoding="utf-8")
        except (OSError, ValueError) as problem:
            raise self._problem(f"{place} metadata_file", f"{file} cannot be read") from problem
        return SamlSettings(metadata, **{name: str(found[name]) for name in attributes & set(found)})

    def _roles(self, found: object, place: str) -> tuple[GroupRole, ...]:
        if not isinstance(found, dict):
            raise self._problem(f"{place} roles", 'a table of groups, for example "Moderators" = "moderator"')
        mapped = []
        for group, given in found.items():
            where = f"{place} roles.{group}"
            for one in given if isinstance(given, list) else [given]:
                if isinstance(one, dict):
                    self._only(one, where, {"role", "unit"})
                    mapped.append(GroupRole(group, self._role(one.get("role"), where), str(one.get("unit", ""))))
                else:
                    mapped.append(GroupRole(group, self._role(one, where)))
        return tuple(mapped)

    def _role(self, word: object, place: str) -> Role:
        try:
            return Role(str(word))
        except ValueError as problem:
            raise self._problem(place, f"{word!r} is no role; one of {', '.join(Role)}") from problem

    def _secret(self, name: object, place: str) -> Path | None:
        if not name:
            return None
        file = self.keys_folder / str(name)
        try:
            file.read_text(encoding="utf-8")
        except (OSError, ValueError) as problem:
            raise self._problem(f"{place} client_secret_file", f"{file} cannot be read") from problem
        return file

    def _text(self, found: dict[str, Any], name: str, place: str) -> str:
        value = found.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self._problem(f"{place} {name}", "is missing")
        return value.strip()

    def _list(self, value: object, place: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._problem(place, 'a list of words, for example ["hr", "it_director"]')
        return value

    def _number(self, found: dict[str, Any], name: str, default: int, limits: tuple[int, int], place: str) -> int:
        value = found.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not limits[0] <= value <= limits[1]:
            raise self._problem(f"{place} {name}", f"a whole number from {limits[0]} to {limits[1]}")
        return value

    def _one_of(self, found: dict[str, Any], name: str, words: tuple[str, ...], place: str) -> Any:
        value = found.get(name, words[0])
        if value not in words:
            raise self._problem(f"{place} {name}", f"one of {', '.join(words)}")
        return value

    def _only(self, found: object, place: str, known: set[str]) -> None:
        if not isinstance(found, dict):
            raise self._problem(place, "is not a table")
        if unknown := sorted(set(found) - known):
            raise self._problem(f"{place} {unknown[0]}", f"is not known here; known are {', '.join(sorted(known))}")

    def _problem(self, place: str, why: str) -> SignInSettingsUnusable:
        return SignInSettingsUnusable(f"{self.path}, {place}", why)


_COMMON = {"id", "name", "roles", "roles_last_days", "unknown_persons", "second_factor"}
