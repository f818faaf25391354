"""Where the key of custody lies, from the environment."""

import os
from pathlib import Path

from rostrum.connectors.keystore.vault import VaultPlace

_STORES = ("file", "vault")


def custody_store() -> str:
    """Which place seals: "file" or "vault". Raises ValueError naming ROSTRUM_CUSTODY for anything else."""
    store = os.environ.get("ROSTRUM_CUSTODY", "") or "file"
    if store not in _STORES:
        raise ValueError("ROSTRUM_CUSTODY is file (a key file, the default) or vault (an OpenBao or Vault server)")
    if store == "vault" and not os.environ.get("ROSTRUM_VAULT_ADDRESS", ""):
        raise ValueError(
            "ROSTRUM_CUSTODY is vault: name the server with ROSTRUM_VAULT_ADDRESS, for example https://bao.city.example:8200"
        )
    return store


def custody_vault() -> VaultPlace | None:
    """The key server, where one is named: it seals if ROSTRUM_CUSTODY says so, and opens what it sealed in any case."""
    address = os.environ.get("ROSTRUM_VAULT_ADDRESS", "")
    if not address:
        return None
    return VaultPlace(
        address=address,
        token_file=Path(os.environ.get("ROSTRUM_VAULT_TOKEN_FILE", "") or "vault-token"),
        mount=os.environ.get("ROSTRUM_VAULT_MOUNT", "") or "transit",
        key=os.environ.get("ROSTRUM_VAULT_KEY", "") or "rostrum-custody",
        namespace=os.environ.get("ROSTRUM_VAULT_NAMESPACE", ""),
        ca_file=os.environ.get("ROSTRUM_VAULT_CA", ""),
    )
