"""A capture from a real server is killed at fifty random instants while people write there: all is there once."""

import random
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.at_network import Network

from tests.journeys.killed_capture import ACTS, assert_sound, kill_fifty_times
from tests.journeys.nursery import Nursery
from tests.network.people import Resident

POST = "app.bsky.feed.post"


class Writers(threading.Thread):
    """The channel's own hand and two residents on the server, with their own log: URI to the CIDs, in order."""

    def __init__(self, city: Resident, residents: list[Resident]) -> None:
        super().__init__()
        self.city, self.residents = city, residents
        self.written: dict[str, list[str]] = defaultdict(list)
        self.records: dict[str, dict[str, Any]] = {}
        self.deleted: set[str] = set()
        self.done = threading.Event()
        self.fault: BaseException | None = None

    def run(self) -> None:
        chance = random.Random(2)
        number = 0
        try:
            while not self.done.wait(0.1):
                number += 1
                self.act(chance, f"text {number}")
        except BaseException as fault:
            self.fault = fault
            raise

    def act(self, chance: random.Random, text: str) -> None:
        standing = [uri for uri in self.written if uri not in self.deleted]
        posts = [uri for uri in standing if self.is_ours(uri)]
        comments = [uri for uri in standing if not self.is_ours(uri)]
        choice = chance.random()
        if choice < 0.08 or not posts:
            self.write(self.city, {"text": text})
        elif choice < 0.5 or not comments:
            above = chance.choice(posts[-20:])
            root = {"uri": above, "cid": self.written[above][-1]}
            self.write(chance.choice(self.residents), {"text": text, "reply": {"root": root, "parent": root}})
        elif choice < 0.85:
            uri = chance.choice(standing)
            # Now and then the same bytes are written once more: that is no edit.
            self.edit(uri, text if chance.random() < 0.9 else str(self.records[uri]["text"]))
        else:
            uri = chance.choice(comments if chance.random() < 0.8 else posts)
            if len(posts) > 3 or not self.is_ours(uri):
                self.author(uri).delete(uri)
                self.deleted.add(uri)

    def write(self, author: Resident, fields: dict[str, Any]) -> None:
        record = {"$type": POST, "createdAt": author.client.get_current_time_iso(), "langs": ["en"], **fields}
        made = author.client.com.atproto.repo.create_record(
            {"repo": author.person.did, "collection": POST, "record": record}
        )
        self.records[made.uri] = record
        self.written[made.uri].append(made.cid)

    def edit(self, uri: str, text: str) -> None:
        record = {**self.records[uri], "text": text}
        author = self.author(uri)
        changed = author.client.com.atproto.repo.put_record({**author._place(uri), "record": record})
        self.records[uri] = record
        if changed.cid != self.written[uri][-1]:
            self.written[uri].append(changed.cid)

    def author(self, uri: str) -> Resident:
        return next(one for one in [self.city, *self.residents] if uri.startswith(f"at://{one.person.did}/"))

    def is_ours(self, uri: str) -> bool:
        return uri.startswith(f"at://{self.city.person.did}/")

    def stop(self) -> None:
        self.done.set()
        self.join()


def test_a_capture_killed_at_fifty_instants_loses_nothing_and_doubles_nothing(
    at_network: Network,
    meet: Callable[..., Resident],
    tmp_path: Path,
) -> None:
    city = meet(at_network, "city")
    writers = Writers(city, [meet(at_network) for _ in range(2)])
    for one in (city, *writers.residents):
        assert one.client  # signed in before the clock runs
    with Nursery(tmp_path) as nursery:
        nursery.run(
            f"{ACTS}:open_channel",
            platform="bluesky",
            connection=at_network.settings,
            secret={"identifier": city.person.handle, "password": city.person.password},
        )
        # What was edited before anybody looked is only there in its latest version.
        nursery.run(f"{ACTS}:last_look", to=str(tmp_path / "before.json"))
        writers.start()
        try:
            found = kill_fifty_times(nursery, tmp_path, most_statements=250, longest_seconds=0.8, settle=writers.stop)
        finally:
            writers.stop()

    assert writers.fault is None
    assert_sound(found)
    assert set(found["items"]) == set(writers.written)
    for uri, cids in writers.written.items():
        assert [key for key, _ in found["items"][uri]["versions"]] == cids, uri
        assert found["items"][uri]["state"] == ("deleted" if uri in writers.deleted else "present"), uri
