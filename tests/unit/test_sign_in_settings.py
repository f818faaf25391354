"""The file of sign-in settings: what it says, and what stops the start."""

from pathlib import Path

import pytest

from rostrum.areas.people.rules import Role
from rostrum.areas.people.rules.directories import REQUIRED_FOR, GroupRole
from rostrum.connectors.identity import OpenIdSettings
from rostrum.settings.sign_in import SignInSettingsUnusable, demo_sign_in, read_sign_in

WHOLE = """
[second_factor]
required_for = ["hr", "it_director"]

[[oidc]]
id = "city"
name = "City sign-in"
issuer = "https://login.city.example"
client_id = "rostrum"
client_secret_file = "oidc-city-secret"
scopes = ["openid", "email", "groups"]
unknown_persons = "created"
second_factor = "ours"
roles_last_days = 7
[oidc.roles]
"Social Media" = "social_media_coordinator"
"Parks" = [{ role = "authorized_poster", unit = "parks" }, "moderator"]
"""


def read(folder: Path, text: str) -> object:
    keys = folder / "keys"
    keys.mkdir(exist_ok=True)
    (keys / "oidc-city-secret").write_text("a planted secret\n")
    (folder / "sign-in.toml").write_text(text)
    return read_sign_in(folder / "sign-in.toml", keys_folder=keys, must_exist=True)


def test_without_a_file_everybody_above_an_employee_needs_a_second_factor(tmp_path: Path) -> None:
    found = read_sign_in(tmp_path / "none.toml", keys_folder=tmp_path, must_exist=False)

    assert found.required_for == REQUIRED_FOR == frozenset(Role) - {Role.EMPLOYEE}
    assert found.directories == ()


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SignInSettingsUnusable, match="ROSTRUM_SIGN_IN"):
        read_sign_in(tmp_path / "none.toml", keys_folder=tmp_path, must_exist=True)


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)

    assert found.required_for == {Role.HR, Role.IT_DIRECTOR}  # type: ignore[attr-defined]
    city = found.directory("city")  # type: ignore[attr-defined]
    assert city.protocol == OpenIdSettings(
        "https://login.city.example",
        "rostrum",
        scopes=("openid", "email", "groups"),
        client_secret_file=tmp_path / "keys" / "oidc-city-secret",
    )
    # Read when it is used, so that it does not stay in memory.
    assert city.protocol.secret() == "a planted secret"
    assert city.roles == (
        GroupRole("Social Media", Role.COORDINATOR),
        GroupRole("Parks", Role.POSTER, "parks"),
        GroupRole("Parks", Role.MODERATOR),
    )
    assert (city.unknown_persons, city.second_factor, city.roles_last_days) == ("created", "ours", 7)
    assert found.directory("state") is None  # type: ignore[attr-defined]
    assert "a planted secret" not in repr(found)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[second_factor]", "[second_factors]", "second_factors"),
        ('required_for = ["hr", "it_director"]', 'required_for = ["boss"]', "boss"),
        ('required_for = ["hr", "it_director"]', 'required_for = "hr"', "required_for"),
        ('issuer = "https://login.city.example"', 'issuer = "http://login.city.example"', "issuer"),
        ('issuer = "https://login.city.example"', "", "issuer"),
        ('id = "city"', 'id = "../city"', "id"),
        ('client_secret_file = "oidc-city-secret"', 'client_secret_file = "gone"', "client_secret_file"),
        ('unknown_persons = "created"', 'unknown_persons = "yes"', "unknown_persons"),
        ('second_factor = "ours"', 'second_factor = "never"', "second_factor"),
        ("roles_last_days = 7", "roles_last_days = 0", "roles_last_days"),
        ("roles_last_days = 7", "leeway_seconds = 3600", "leeway_seconds"),
        ('"social_media_coordinator"', '"root"', "root"),
        ('unit = "parks"', 'units = "parks"', "units"),
        ("[[oidc]]", "[[oidc]", "TOML"),
    ],
)
def test_what_cannot_be_understood_stops_the_start_and_is_named(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert old in WHOLE
    with pytest.raises(SignInSettingsUnusable) as caught:
        read(tmp_path, WHOLE.replace(old, new))
    assert place in str(caught.value)
    assert "sign-in.toml" in str(caught.value)
    assert "a planted secret" not in str(caught.value)


def test_two_directories_with_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SignInSettingsUnusable, match="same id"):
        read(tmp_path, WHOLE + WHOLE[WHOLE.index("[[oidc]]") :])


def test_the_demonstration_asks_for_no_second_factor_and_stays_on_this_machine() -> None:
    assert not demo_sign_in({})
    assert not demo_sign_in({"ROSTRUM_DEMO_SIGN_IN": "0", "ROSTRUM_HOSTS": "social.city.example"})
    assert demo_sign_in({"ROSTRUM_DEMO_SIGN_IN": "1"})
    for name in ("ROSTRUM_HOSTS", "ROSTRUM_ORIGINS", "ROSTRUM_TLS", "ROSTRUM_SIGN_IN"):
        with pytest.raises(SignInSettingsUnusable, match=name):
            demo_sign_in({"ROSTRUM_DEMO_SIGN_IN": "1", name: "1"})
