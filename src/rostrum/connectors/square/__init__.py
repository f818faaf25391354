"""The sample square: a small, honest stand-in network for demonstrations and tests, and the connector to it.

`serve` runs it, `create_channel` opens a channel on it; `client.SquareConnector` is how Rostrum talks to it.
"""

from rostrum.connectors.square.server import Running, application, create_channel, serve

__all__ = ["Running", "application", "create_channel", "serve"]
