"""What happens where a test's server, browser or file is not on this machine."""

import os
from typing import NoReturn

import pytest

REQUIRE_ALL = os.environ.get("ZOUFANG_REQUIRE_ALL") == "1"


def skip_or_fail(what: str) -> NoReturn:
    """Skip by name on a plain machine; fail where everything was promised (CI)."""
    if REQUIRE_ALL:
        pytest.fail(f"required here, but absent: {what}")
    pytest.skip(f"absent on this machine: {what}")
