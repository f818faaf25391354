"""Where the key lies that seals log-ins: a file, or an OpenBao or Vault server. Chosen by a setting, never mixed up."""

from rostrum.connectors.keystore.file import FileKeyStore
from rostrum.connectors.keystore.interface import KeyStore, KeyStoreTrouble, Sealed, Trouble
from rostrum.connectors.keystore.vault import VaultKeyStore

__all__ = ["FileKeyStore", "KeyStore", "KeyStoreTrouble", "Sealed", "Trouble", "VaultKeyStore"]
