"""The product's settings for tests: a data folder of their own, and the database chosen by ROSTRUM_TEST_DB.

pytest-django reads the settings before any conftest runs, so this is the place to choose them.
"""

import os
import tempfile

os.environ["ROSTRUM_DATA"] = tempfile.mkdtemp(prefix="rostrum-tests-")
if os.environ.get("ROSTRUM_TEST_DB", "sqlite") == "postgres":
    os.environ["DATABASE_URL"] = os.environ.get(
        "ROSTRUM_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres"
    )
else:
    os.environ.pop("DATABASE_URL", None)

from rostrum.settings import *  # noqa: F403
from rostrum.settings import DATABASES

if "postgresql" in DATABASES["default"]["ENGINE"]:
    # Two runs at once must not empty each other's tables.
    DATABASES["default"]["TEST"] = {"NAME": f"test_rostrum_{os.getpid()}"}
