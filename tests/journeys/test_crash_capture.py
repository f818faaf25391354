"""A capture is killed at fifty random instants while people write on the square: all is there once."""

import random
import threading
from collections import defaultdict
from pathlib import Path

from rostrum.connectors.square import server
from rostrum.connectors.square.store import Author, SquareStore
from tests.journeys.killed_capture import ACTS, assert_sound, kill_fifty_times
from tests.journeys.nursery import Nursery

CITY = Author("wausau-parks", "Wausau Parks")


class Writers(threading.Thread):
    """A channel and its residents, who post, answer, edit, delete, are hidden; with their own log of all they did."""

    def __init__(self, store: SquareStore) -> None:
        super().__init__()
        self.store = store
        self.written: dict[str, list[str]] = defaultdict(list)
        self.authors: dict[str, Author] = {}
        self.deleted: set[str] = set()
        self.hidden: set[str] = set()
        self.done = threading.Event()

    def run(self) -> None:
        chance = random.Random(1)
        number = 0
        while not self.done.wait(0.01):
            number += 1
            self.act(chance, f"text {number}")

    def act(self, chance: random.Random, text: str) -> None:
        standing = [thing for thing in self.written if thing not in self.deleted]
        posts = [thing for thing in standing if self.authors[thing] == CITY]
        comments = [thing for thing in standing if self.authors[thing] != CITY]
        choice = chance.random()
        if choice < 0.15 or not posts:
            self.note(CITY, self.store.write(CITY, text).id, text)
        elif choice < 0.55 or not comments:
            lee = Author("lee", "Lee Lund", f"session {chance.randrange(5)}")
            self.note(lee, self.store.write(lee, text, parent=chance.choice(posts)).id, text)
        elif choice < 0.85:
            thing = chance.choice(standing)
            self.store.edit(self.authors[thing], thing, text)
            self.note(self.authors[thing], thing, text)
        elif choice < 0.93:
            thing = chance.choice(comments)
            self.store.set_hidden("wausau-parks", thing, hidden=True)
            self.hidden.add(thing)
        else:
            thing = chance.choice(comments)
            self.store.delete(self.authors[thing], thing)
            self.deleted.add(thing)

    def note(self, author: Author, thing: str, text: str) -> None:
        self.authors[thing] = author
        self.written[thing].append(text)

    def stop(self) -> None:
        self.done.set()
        self.join()


def test_a_capture_killed_at_fifty_instants_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    token = server.create_channel(tmp_path / "square", "wausau-parks", "Wausau Parks")
    running = server.serve(tmp_path / "square")
    writers = Writers(SquareStore(tmp_path / "square"))
    try:
        with Nursery(tmp_path) as nursery:
            nursery.run(
                f"{ACTS}:open_channel",
                platform="square", connection={"service": running.url}, secret={"token": token},
            )  # fmt: skip
            writers.start()
            found = kill_fifty_times(nursery, tmp_path, most_statements=300, longest_seconds=0.5, settle=writers.stop)
    finally:
        writers.stop()
        running.stop()

    assert_sound(found)
    items = found["items"]
    assert len(writers.written) > 100
    for thing, texts in writers.written.items():
        stored = [text for _, text in items.get(thing, {"versions": []})["versions"]]
        if thing not in writers.deleted:
            assert stored == texts, thing
            assert items[thing]["state"] == ("hidden" if thing in writers.hidden else "present")
        else:
            # The square forgets a deleted text at once: what was seen before then is kept, in its order.
            assert stored == [text for text in texts if text in stored], thing
            told = thing in items and items[thing]["state"] == "deleted"
            assert told or any(missing.startswith(thing) for missing in found["missing"]), thing
