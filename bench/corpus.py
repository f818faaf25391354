"""Posts of a public body for the benchmarks: the same every time, made as they are read.

Words follow Zipf's law over 50,000; 20 to 60 a post, with hashtags, links, emoji, a little accented and Chinese text,
5,000 accounts of very different size, eleven years, three in a hundred told late. Queries are chosen by how often their
words occur.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate

SINCE = datetime(2015, 1, 1, tzinfo=UTC)
SPAN = timedelta(days=11 * 365)
_STARTS = "b c d f g h j k l m n p r s t v w z br ch cl cr dr fl gr pl pr sh sl st th tr"
_VOWELS = "a e i o u ai ea ee io ou"


@dataclass(frozen=True, slots=True)
class Post:
    """One post."""

    number: int
    at: datetime
    account: int
    author: str
    text: str


class Corpus:
    """The posts, and the words they are made of, the commonest first."""

    def __init__(self, seed: int = 7) -> None:
        chance = random.Random(seed)
        starts = _STARTS.split()
        vowels, ends = _VOWELS.split(), ["", "", "", "n", "r", "s", "t", "l", "nd", "st", "ck", "m"]
        seen: dict[str, None] = {}
        while len(seen) < 50_000:
            length = 1 if len(seen) < 150 else 2 if len(seen) < 9_000 else 3
            word = "".join(chance.choice(starts) + chance.choice(vowels) + chance.choice(ends) for _ in range(length))
            if len(seen) % 97 == 96:
                word = word.replace("a", "á")
            seen.setdefault(word)
            if len(seen) >= 150 and length == 1:
                seen.setdefault(word + chance.choice("aeiou"))
        self.words = list(seen)
        self._cumulative = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(self.words))))

    def posts(self, count: int, seed: int = 11) -> Iterator[Post]:
        """So many posts, in the order of capture."""
        chance = random.Random(seed)
        total = self._cumulative[-1]
        for number in range(count):
            picked = [
                self.words[min(bisect(self._cumulative, chance.random() * total), len(self.words) - 1)]
                for _ in range(chance.randint(20, 60))
            ]
            if chance.random() < 0.01:
                picked.append("water main break near city hall")
            if chance.random() < 0.25:
                picked.append(f"https://exmpl.gov/n/{number:x}")
            if chance.random() < 0.15:
                picked.append("🚧")
            if chance.random() < 0.005:
                picked.append("停水通知 公開會議")
            picked += [f"#{self.words[200 + int(chance.paretovariate(1.2) * 40) % 5000]}" for _ in range(number % 4)]
            late = chance.random() < 0.03
            at = SINCE + SPAN * ((chance.random() if late else 1.0) * number / count) + timedelta(seconds=number % 600)
            account = int(chance.paretovariate(1.1) * 30) % 5000
            yield Post(number, at, account, f"user{chance.randrange(400_000)}", " ".join(picked))

    def words_in(self, lowest: float, highest: float, sample: list[Post], wanted: int) -> list[str]:
        """Plain words that occur in this share of the sample's posts."""
        counts: dict[str, int] = {}
        for post in sample:
            for word in set(post.text.split()):
                counts[word] = counts.get(word, 0) + 1
        fitting = sorted(
            word
            for word, count in counts.items()
            if lowest <= count / len(sample) < highest and word.isascii() and word.isalpha()
        )
        return fitting[:wanted]
