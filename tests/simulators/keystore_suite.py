"""What every key store must do, wherever its key lies: one suite, run against the file and against the server.

A test class subclasses `KeyStoreSuite` and gives a fixture `place`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rostrum.connectors.keystore import KeyStore, KeyStoreTrouble, Sealed, Trouble

PLAIN = "the password of Überlingen 🌲".encode()
ROW = b"rostrum custody\nchn-1\ncrd-1\n"


@dataclass
class Place:
    """A place for a key: `open` is a store there; `lose` and `bring_back` take the key away and put it back."""

    open: Callable[[], KeyStore]
    open_elsewhere: Callable[[], KeyStore]
    lose: Callable[[], None]
    bring_back: Callable[[], None]
    loss: Trouble


def trouble_of(call: Callable[[], object]) -> Trouble:
    with pytest.raises(KeyStoreTrouble) as caught:
        call()
    assert PLAIN.decode() not in str(caught.value)
    return caught.value.kind


class KeyStoreSuite:
    """The promises of `rostrum.connectors.keystore.interface.KeyStore`."""

    @pytest.fixture
    def store(self, place: Place) -> KeyStore:
        store = place.open()
        store.make()
        return store

    def test_it_is_a_key_store(self, store: KeyStore) -> None:
        assert isinstance(store, KeyStore)

    def test_what_was_sealed_opens_again_also_by_another_process(self, store: KeyStore, place: Place) -> None:
        sealed = store.seal(PLAIN, ROW)
        assert sealed.key_id == store.current()
        assert store.holds(sealed.key_id)
        assert PLAIN not in sealed.data
        assert place.open().unseal(sealed, ROW) == PLAIN

    def test_the_same_plain_seals_differently_every_time(self, store: KeyStore) -> None:
        assert store.seal(PLAIN, ROW).data != store.seal(PLAIN, ROW).data

    def test_moved_to_another_row_it_does_not_open(self, store: KeyStore) -> None:
        sealed = store.seal(PLAIN, ROW)
        assert trouble_of(lambda: store.unseal(sealed, b"another row")) is Trouble.ALTERED

    def test_altered_anywhere_it_does_not_open(self, store: KeyStore) -> None:
        sealed = store.seal(PLAIN, ROW)
        for position in (-1, -5, len(sealed.data) // 2):
            changed = bytearray(sealed.data)
            changed[position] = ord("A") if changed[position] != ord("A") else ord("B")
            altered = Sealed(sealed.key_id, bytes(changed))
            assert trouble_of(lambda altered=altered: store.unseal(altered, ROW)) is Trouble.ALTERED
        assert trouble_of(lambda: store.unseal(Sealed(sealed.key_id, b""), ROW)) is Trouble.ALTERED

    def test_making_a_key_twice_keeps_the_first(self, store: KeyStore) -> None:
        first = store.current()
        store.make()
        assert store.current() == first

    def test_a_new_key_seals_and_the_former_one_still_opens(self, store: KeyStore) -> None:
        before = store.seal(PLAIN, ROW)
        new = store.rotate()
        assert new == store.current() != before.key_id
        assert store.keys() == {new, before.key_id}
        assert store.seal(PLAIN, ROW).key_id == new
        assert store.unseal(before, ROW) == PLAIN

    def test_a_dropped_key_opens_nothing_and_says_which_key_it_was(self, store: KeyStore) -> None:
        before = store.seal(PLAIN, ROW)
        new = store.rotate()
        store.drop(before.key_id)
        assert store.keys() == {new}
        assert trouble_of(lambda: store.unseal(before, ROW)) is Trouble.OTHER_KEY
        assert trouble_of(lambda: store.drop(before.key_id)) is Trouble.OTHER_KEY

    def test_the_current_key_cannot_be_dropped(self, store: KeyStore) -> None:
        assert trouble_of(lambda: store.drop(store.current())) is Trouble.IN_USE

    def test_a_mark_tells_equal_values_and_survives_new_keys_and_dropped_ones(self, store: KeyStore) -> None:
        first = store.marks(["one value", "another"])
        assert [len(one[0]) for one in first] == [64, 64]
        assert first[0][0] != first[1][0]
        assert store.marks(["one value"])[0][0] == first[0][0]
        before = store.current()
        store.rotate()
        assert first[0][0] in store.marks(["one value"])[0]
        store.drop(before)
        again = store.marks(["one value", "third"])
        assert first[0][0] in again[0]
        assert not set(again[0]) & set(again[1])
        assert store.marks([]) == []

    def test_another_place_opens_nothing_and_marks_differently(self, store: KeyStore, place: Place) -> None:
        other = place.open_elsewhere()
        other.make()
        sealed = store.seal(PLAIN, ROW)
        assert trouble_of(lambda: other.unseal(sealed, ROW)) is Trouble.OTHER_KEY
        assert not set(other.marks(["x"])[0]) & set(store.marks(["x"])[0])

    def test_without_its_key_every_call_says_so_and_nothing_is_lost(self, store: KeyStore, place: Place) -> None:
        sealed = store.seal(PLAIN, ROW)
        place.lose()
        for call in (
            store.current,
            store.keys,
            store.rotate,
            lambda: store.seal(PLAIN, ROW),
            lambda: store.unseal(sealed, ROW),
            lambda: store.marks(["x"]),
            lambda: store.drop("x"),
        ):
            assert trouble_of(call) is place.loss
        place.bring_back()
        assert store.unseal(sealed, ROW) == PLAIN

    def test_neither_the_store_nor_what_it_sealed_shows_a_secret(self, store: KeyStore) -> None:
        shown = repr(store) + repr(store.seal(PLAIN, ROW))
        assert PLAIN.decode() not in shown
        assert "data" not in repr(store.seal(PLAIN, ROW))
