"""G11: tagged PDF, ours (Typst, PDF/UA-1) beside WeasyPrint on the same records in the same run.

Records per CPU second, children included, and peak memory of a volume of 1,000 records.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from html import escape
from pathlib import Path

RECORDS = 1000
PEER_RECORDS = 200
_WORDS = (
    "pool", "opens", "lessons", "council", "budget", "hearing", "road", "closed", "trail", "clean", "up",
    "library", "hours", "winter", "snow", "route", "permit", "garbage", "recycling", "park", "shelter",
    "music", "concert", "vote", "question", "answer", "meeting", "agenda", "water", "main", "repair",
)  # fmt: skip


def records(count: int) -> list[dict[str, object]]:
    chance = random.Random(7)
    return [
        {
            "heading": f"{number}. Comment rec-{number:06d}",
            "facts": [
                ["Channel", "Parks"],
                ["Author", f"resident {number % 97}"],
                ["Published", "2026-05-01T12:00:00Z"],
            ],
            "text": [{"text": " ".join(chance.choices(_WORDS, k=40)), "withheld": False}],
            "notes": [],
        }
        for number in range(1, count + 1)
    ]


def data(count: int) -> dict[str, object]:
    return {
        "title": "Production",
        "body": "City",
        "introduction": ["Released."],
        "facts": [["Scope", "all"]],
        "gaps": [],
        "records": records(count),
    }


def cpu_of_children(run: object) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()  # type: ignore[operator]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


_OURS = """
import json, resource, sys
sys.path.insert(0, {source!r})
from pathlib import Path
from rostrum.connectors.typesetting import _child, showable_data
_child({folder!r})
print(json.dumps({{"rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}}))
"""

_PEER = """
import sys
from weasyprint import HTML
HTML(filename={html!r}).write_pdf({out!r}, pdf_variant="pdf/ua-1")
"""


def main() -> int:
    root = Path(__file__).resolve().parent.parent
    from rostrum.connectors.typesetting import showable_data

    with tempfile.TemporaryDirectory(prefix="rostrum-bench-") as place:
        folder = Path(place)
        source = root / "src" / "rostrum" / "areas" / "disclosure" / "typst" / "production.typ"
        (folder / "main.typ").write_bytes(source.read_bytes())
        (folder / "data.json").write_text(json.dumps(showable_data(data(RECORDS))), encoding="utf-8")
        memory: dict[str, int] = {}

        def ours() -> None:
            code = _OURS.format(source=str(root / "src"), folder=str(folder))
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
            memory.update(json.loads(done.stdout))

        our_cpu = cpu_of_children(ours)
        html = folder / "peer.html"
        rows = "".join(
            f"<h2>{escape(str(one['heading']))}</h2><dl>"
            + "".join(f"<dt>{escape(k)}</dt><dd>{escape(v)}</dd>" for k, v in one["facts"])  # type: ignore[attr-defined]
            + f"</dl><p>{escape(one['text'][0]['text'])}</p>"  # type: ignore[index]
            for one in records(PEER_RECORDS)
        )
        html.write_text(
            f"<html lang=en><head><title>Production</title></head><body><h1>Production</h1>{rows}</body></html>",
            encoding="utf-8",
        )
        peer_missing = ""
        peer_cpu = 0.0

        def peer() -> None:
            code = _PEER.format(html=str(html), out=str(folder / "peer.pdf"))
            subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

        try:
            peer_cpu = cpu_of_children(peer)
        except subprocess.CalledProcessError as problem:
            peer_missing = problem.stderr.decode()[-200:]
        our_rate = RECORDS / our_cpu
        figure: dict[str, object] = {
            "goal": "G11",
            "what": "tagged PDF, records per CPU second",
            "ours": round(our_rate, 1),
        }
        if peer_missing:
            figure |= {"peer": None, "ok": None, "note": f"WeasyPrint did not run: {peer_missing}"}
        else:
            peer_rate = PEER_RECORDS / peer_cpu
            figure |= {
                "peer": round(peer_rate, 1),
                "ratio": round(our_rate / peer_rate, 2),
                "limit": 5.0,
                "ok": our_rate >= 5 * peer_rate,
            }
        print(json.dumps(figure), flush=True)
        print(
            json.dumps(
                {
                    "goal": "G11",
                    "what": "peak memory of a volume of 1,000 records, bytes",
                    "ours": memory["rss"],
                    "limit": 500_000_000,
                    "ok": memory["rss"] <= 500_000_000,
                }
            ),
            flush=True,
        )
    return 0


if __name__ == "__main__":
    started = time.monotonic()
    os.environ.setdefault("ROSTRUM_DATA", tempfile.mkdtemp(prefix="rostrum-bench-"))
    sys.exit(main())
