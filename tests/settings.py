"""The product's settings for tests: a data folder of their own, and the database chosen by ROSTRUM_TEST_DB.

pytest-django reads the settings before any conftest runs, so this is the place to choose them.
"""

import os
import tempfile
from dataclasses import replace

os.environ["ROSTRUM_DATA"] = tempfile.mkdtemp(prefix="rostrum-tests-")
if os.environ.get("ROSTRUM_TEST_DB", "sqlite") == "postgres":
    os.environ["DATABASE_URL"] = os.environ.get(
        "ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
    )
else:
    os.environ.pop("DATABASE_URL", None)

from rostrum.settings import *  # noqa: F403
from rostrum.settings import DATABASES, SIGN_IN

# A second factor at every sign-in is what tests/web/test_second_factor.py is about; elsewhere it would be in the way.
SIGN_IN = replace(SIGN_IN, required_for=frozenset())

PASSWORD_HASHERS = ["tests.hashing.QuickScrypt"]

if "postgresql" in DATABASES["default"]["ENGINE"]:
    # Two runs at once must not empty each other's tables.
    DATABASES["default"]["TEST"] = {"NAME": f"test_rostrum_{os.getpid()}"}
    # No test cuts the server's power: nobody need wait for its disk. What is killed in tests is always the product.
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "options": "-c synchronous_commit=off"}
