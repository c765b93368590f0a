"""The long versions of the tests that hold over every route, for `make soak`."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONG = {
    "ISOLATION_ROUNDS": "2", "SCHEMATHESIS_EXAMPLES": "100", "AXE_EVERYWHERE": "yes",
    "KEYS_RECORDS": "10000", "KEYS_KILLS": "20", "KEYS_ERASED": "100", "ENVELOPE_FLIPS": "100000",
    "NOTE_CANARIES": "1000", "ERASURE_KILLS": "20", "MENTORWEAVE_WALLS": "10000",
    "MEETINGS": "1000", "SEARCHED": "10000", "HISTORIES": "2000", "DAILY_HISTORIES": "200",
    "FORMS_EVERY_WAY": "yes", "CARDS": "10000", "MENTORWEAVE_POOLS": "2000",
}  # fmt: skip
WHERE = (
    "tests/isolation",
    "tests/api",
    "tests/web/test_every_page_in_a_browser.py",
    "tests/web/test_components.py",
    "tests/web/test_every_page.py",
    "tests/infra/keys",
    "tests/infra/db/test_walls.py",
    "tests/tenants/privacy/test_killed.py",
    "tests/infra/crypto",
    "tests/attacks/test_note_canaries.py",
    "tests/attacks/test_doors.py",
    "tests/tenants/pools/test_cards.py",
    "tests/web/pages/test_calendar_instants.py",
    "tests/histories",
    "tests/matcher",
)


def run() -> int:
    """Twenty thousand requests across organisations, a hundred examples an operation, axe in every look, many keys moved, 2,000 small pools. 0 if all is well."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *WHERE], cwd=ROOT, env={**os.environ, **LONG}, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(run())
