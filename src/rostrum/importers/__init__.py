"""Data exports of the platforms: bytes in, Items out. Pure.

with detect(paths) as export:
    for thing in export.read():   # Item or Fault
        …
export.sources, export.recognised, export.ignored, export.missing
"""

from rostrum.importers.detect import KINDS, detect
from rostrum.importers.export import Export, MemberRecord, SourceFile
from rostrum.importers.reading import Limits

__all__ = ["KINDS", "Export", "Limits", "MemberRecord", "SourceFile", "detect"]
