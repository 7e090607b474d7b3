"""Rows of a frame as dictionaries."""

from typing import Any, cast

import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one dictionary a row; columns are always named by words here."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))
