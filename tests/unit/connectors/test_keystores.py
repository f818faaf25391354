"""The two key stores: the same suite for both, and what is particular to each."""

import hashlib
from pathlib import Path

import pytest

from rostrum.connectors import sealing
from rostrum.connectors.keystore import FileKeyStore, KeyStore, KeyStoreTrouble, Sealed, Trouble, VaultKeyStore
from rostrum.connectors.keystore.vault import VaultPlace
from tests.simulators.keystore_suite import PLAIN, ROW, KeyStoreSuite, Place, trouble_of
from tests.simulators.vault import VaultServer


class TestFile(KeyStoreSuite):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Place:
        path, aside = tmp_path / "keys" / "custody-key", tmp_path / "aside"
        return Place(
            open=lambda: FileKeyStore(path, "custody"),
            open_elsewhere=lambda: FileKeyStore(tmp_path / "other" / "custody-key", "custody"),
            lose=lambda: path.rename(aside) and None,
            bring_back=lambda: aside.rename(path) and None,
            loss=Trouble.MISSING,
        )


class TestVault(KeyStoreSuite):
    @pytest.fixture
    def server(self) -> VaultServer:
        return VaultServer()

    @pytest.fixture
    def place(self, tmp_path: Path, server: VaultServer) -> Place:
        other = VaultServer()

        def opened(at: VaultServer, key: str) -> KeyStore:
            (tmp_path / "token").write_text(at.token + "\n")
            place = VaultPlace("https://vault.test:8200/", tmp_path / "token", key=key)
            return VaultKeyStore(place, transport=at.transport())

        return Place(
            open=lambda: opened(server, "rostrum-custody"),
            open_elsewhere=lambda: opened(other, "another-key"),
            lose=lambda: setattr(server, "is_sealed", True),
            bring_back=lambda: setattr(server, "is_sealed", False),
            loss=Trouble.AWAY,
        )

    def test_only_sealed_bytes_and_hashes_come_back_and_no_key(self, store: KeyStore, server: VaultServer) -> None:
        store.unseal(store.seal(PLAIN, ROW), ROW)
        assert not [call for call in server.calls if "export" in call or "backup" in call]

    @pytest.mark.parametrize(
        ("denied", "call"),
        [
            ("encrypt", lambda store: store.seal(PLAIN, ROW)),
            ("hmac", lambda store: store.marks(["x"])),
            ("rotate", lambda store: store.rotate()),
            ("read", lambda store: store.current()),
        ],
    )
    def test_a_policy_that_lacks_something_is_said(
        self, store: KeyStore, server: VaultServer, denied: str, call: object
    ) -> None:
        server.denied.add(denied)
        assert trouble_of(lambda: call(store)) is Trouble.DENIED  # type: ignore[operator]

    def test_a_token_that_ended_or_is_missing_is_said_and_a_renewed_one_is_taken(
        self, store: KeyStore, server: VaultServer, tmp_path: Path
    ) -> None:
        server.token = "s.renewed"
        assert trouble_of(store.current) is Trouble.DENIED
        (tmp_path / "token").write_text("s.renewed")
        store.current()
        (tmp_path / "token").unlink()
        assert trouble_of(store.current) is Trouble.DENIED

    def test_an_unknown_key_or_mount_is_a_missing_key(self, tmp_path: Path, server: VaultServer) -> None:
        (tmp_path / "token").write_text(server.token)
        for place in (
            VaultPlace("https://vault.test", tmp_path / "token"),
            VaultPlace("https://vault.test", tmp_path / "token", mount="secret"),
        ):
            store = VaultKeyStore(place, transport=server.transport())
            assert trouble_of(store.current) is Trouble.MISSING
            assert trouble_of(lambda store=store: store.seal(PLAIN, ROW)) is Trouble.MISSING

    def test_a_namespace_is_named(self, tmp_path: Path) -> None:
        server = VaultServer(namespace="city/")
        (tmp_path / "token").write_text(server.token)
        place = VaultPlace("https://vault.test", tmp_path / "token", namespace="city/")
        store = VaultKeyStore(place, transport=server.transport())
        store.make()
        assert store.unseal(store.seal(PLAIN, ROW), ROW) == PLAIN

    def test_what_the_file_sealed_is_another_key(self, store: KeyStore) -> None:
        assert not store.holds("0123456789abcdef")
        assert trouble_of(lambda: store.unseal(Sealed("0123456789abcdef", b"x"), ROW)) is Trouble.OTHER_KEY

    def test_a_server_that_is_no_key_server_is_away(self, tmp_path: Path) -> None:
        import httpx

        (tmp_path / "token").write_text("t")
        for answer in (
            httpx.Response(200, content=b"<html>Welcome to the hotel</html>"),
            httpx.Response(200, json={"data": {}}),
            httpx.Response(307, headers={"Location": "https://elsewhere.test"}),
            httpx.Response(500, json={"errors": ["oops"]}),
            httpx.Response(200, content=b"x" * (2 << 20)),
        ):
            transport = httpx.MockTransport(lambda request, answer=answer: answer)
            store = VaultKeyStore(VaultPlace("https://vault.test", tmp_path / "token"), transport=transport)
            assert trouble_of(lambda store=store: store.seal(PLAIN, ROW)) is Trouble.AWAY
            assert trouble_of(lambda store=store: store.marks(["x"])) is Trouble.AWAY

    def test_nothing_listening_is_said_without_the_address_of_a_secret(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("s.secret-token")
        store = VaultKeyStore(VaultPlace("http://127.0.0.1:9", tmp_path / "token"))
        with pytest.raises(KeyStoreTrouble) as caught:
            store.seal(PLAIN, ROW)
        assert caught.value.kind is Trouble.AWAY
        assert "s.secret-token" not in repr(caught.value) + str(caught.value.__context__)


SEED = "00" * 32


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "custody-key"
    path.write_text(SEED + "\n")
    return path


def test_a_key_file_of_one_line_opens_what_was_sealed_before_there_were_more(path: Path) -> None:
    sealed = sealing.read_key_file(path, "custody").seal(PLAIN, ROW)
    key_id = hashlib.sha256(b"rostrum custody key id\n" + bytes(32)).hexdigest()[:16]
    assert FileKeyStore(path, "custody").unseal(Sealed(key_id, sealed), ROW) == PLAIN


@pytest.mark.parametrize("content", ["", "not hex", "00" * 31, f"{SEED}\nmarks 00\n", f"marks {SEED}\n", "ü" * 64])
def test_a_file_that_is_no_key_is_said_without_quoting_it(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(KeyStoreTrouble) as caught:
        FileKeyStore(path, "custody").current()
    assert caught.value.kind is Trouble.UNREADABLE
    assert not content or content not in str(caught.value)


def test_the_file_is_its_owners_only_also_after_a_change(path: Path) -> None:
    store = FileKeyStore(path, "custody")
    store.rotate()
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_change_that_fails_half_way_leaves_the_file_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.fsync", fails)
    with pytest.raises(OSError, match="disk full"):
        FileKeyStore(path, "custody").rotate()
    assert path.read_text() == SEED + "\n"
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_dropped_key_leaves_nothing_that_opens(path: Path) -> None:
    store = FileKeyStore(path, "custody")
    first = store.current()
    store.rotate()
    store.drop(first)
    assert SEED not in path.read_text()
    assert sealing.derive_keys(bytes(32), "custody").sealing.hex() not in path.read_text()
