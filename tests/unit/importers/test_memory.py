"""Memory stays flat, however large the archive: measured in a process of its own (budget G18: 120 MB)."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.simulators.exports import big_x_archive, tweet, x_date, x_id

BUDGET_MB = 120

READ = """
import json, re, sys
from pathlib import Path
from rostrum.importers import detect
with detect([sys.argv[1]]) as export:
    count = size = 0
    for thing in export.read():
        count += 1
        size += len(getattr(thing, "raw", b""))
# Not ru_maxrss: a child begins with its parent's peak there.
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"count": count, "size": size, "peak_mb": peak / 1024, "missing": export.missing[:5]}))
"""


def measured(path: Path) -> dict[str, object]:
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def test_a_member_of_300_mb_is_read_with_flat_memory(tmp_path: Path) -> None:
    # Few long elements, so that the size and not the number is what is tested.
    filler = json.dumps({"note": "the bridge on Main Street is open again " * 800})[1:-1]
    template = json.dumps([tweet(0, "TEXT")], indent=2, separators=(",", " : "))[2:-2]
    template = template.replace('"favorited" : false', f'"favorited" : false,\n      {filler}')
    path = tmp_path / "x.zip"
    count = 300_000_000 // len(template) + 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        with archive.open("data/tweets.js", "w", force_zip64=True) as stream:
            stream.write(b"window.YTD.tweets.part0 = [\n")
            for number in range(count):
                one = template.replace(x_id(0), x_id(number)).replace(x_date(0), x_date(number))
                stream.write((("" if number == 0 else ",\n") + one).encode())
            stream.write(b"\n]")
        assert archive.getinfo("data/tweets.js").file_size > 300_000_000
    result = measured(path)
    assert result["count"] == count
    assert isinstance(result["peak_mb"], float)
    assert result["peak_mb"] < BUDGET_MB


def test_memory_does_not_grow_with_the_number_of_posts(tmp_path: Path) -> None:
    few = measured(big_x_archive(tmp_path / "few.zip", 2_000))
    many = measured(big_x_archive(tmp_path / "many.zip", 20_000))
    assert (few["count"], many["count"]) == (2_000, 20_000)
    assert few["missing"] == many["missing"] == []
    assert isinstance(few["peak_mb"], float)
    assert isinstance(many["peak_mb"], float)
    # What does grow is the zip's own directory: about a kilobyte for each picture.
    assert many["peak_mb"] - few["peak_mb"] < 12
