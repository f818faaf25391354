"""Bluesky, over the AT Protocol: publishing, capture by repository stream and conversations, re-reading, hiding.

`connector` is the front; `capture` follows what happens; `xrpc`, `identity`, `repository` and `stream` speak the
protocol; `records` turns records into Items; `richtext` writes what we publish.
"""

from rostrum.connectors.bluesky.connector import BlueskyConnector

__all__ = ["BlueskyConnector"]
