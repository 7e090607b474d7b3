"""Documents as they are kept: small, repeatable, and quick for a large matrix."""

import numpy as np
import pytest

from data.documents import content_hash, pack, pack_problem, unpack


def a_problem(minutes: np.ndarray) -> dict:
    travel = {"kind": "matrix", "nodes": ["base:甲"], "minutes": minutes.tolist()}
    return {"format": "zoufang-problem/1", "name": "minutes", "travel": travel}


@pytest.mark.parametrize(
    "minutes",
    [
        np.round(np.random.default_rng(3).uniform(0, 60, (40, 40)), 1),
        np.random.default_rng(3).uniform(0, 60, (5, 5)),
        np.array([[0.0, 1e9], [12.25, 0.0]]),
    ],
)
def test_a_large_matrix_is_written_as_json_would_write_it(minutes: np.ndarray) -> None:
    document = a_problem(minutes)
    packed = pack_problem(document, minutes)
    assert packed == pack(document)
    assert unpack(packed) == document


def test_a_problem_without_a_matrix_is_written_as_any_document() -> None:
    document = {"format": "zoufang-problem/1", "travel": {"kind": "line"}}
    assert pack_problem(document, None) == pack(document)


def test_equal_documents_have_equal_hashes() -> None:
    assert content_hash(pack({"户": 1})) == content_hash(pack({"户": 1}))
    assert content_hash(pack({"户": 1})) != content_hash(pack({"户": 2}))
