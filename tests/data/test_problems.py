"""Problems of an import name their place and keep their sentence."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from data.importing.problems import ImportProblem, ImportRefused, Problems
from data.importing.sentences import SENTENCES

FRAGMENTS = Path(__file__).resolve().parents[2] / "web" / "translations" / "fragments"
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def test_a_problem_says_where_and_what_in_one_sentence() -> None:
    problem = ImportProblem(
        severity="error", code="code-invalid", file="村界.geojson", row=7, value="34081100100"
    )

    assert problem.message.startswith("Code 34081100100 in row 7 is not 12 digits")


def test_a_problem_survives_the_way_out_of_the_import_process() -> None:
    problem = ImportProblem(
        severity="warning", code="outlines-overlap", value="a", facts={"other": "b", "area_m2": 12}
    )

    assert ImportProblem.from_json(problem.to_json()) == problem


def test_a_code_without_a_sentence_cannot_be_raised() -> None:
    with pytest.raises(ValueError, match="has no sentence"):
        ImportProblem(severity="error", code="no-such-code")


def test_the_hundredth_problem_of_a_kind_is_counted_and_not_listed() -> None:
    problems = Problems("村界.kml", at_most=2)
    for row in range(5):
        problems.warning("geometry-missing", row=row)

    assert [p.code for p in problems] == ["geometry-missing", "geometry-missing", "and-more"]
    assert list(problems)[-1].facts["count"] == 3


def test_errors_stop_an_import_and_warnings_do_not() -> None:
    problems = Problems("村界.kml")
    problems.warning("geometry-missing", row=3)
    problems.refuse_if_any()
    problems.error("no-rows")

    with pytest.raises(ImportRefused, match="holds no rows") as caught:
        problems.refuse_if_any()

    assert [p.severity for p in caught.value.problems] == ["error", "warning"]


def test_every_sentence_formats_with_named_placeholders_only() -> None:
    class Anything(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return key

    assert all(sentence % Anything() for sentence in SENTENCES.values())


def test_every_sentence_is_said_in_chinese_with_the_same_facts() -> None:
    chinese = {}
    for fragment in sorted(FRAGMENTS.glob("*.po")):
        with fragment.open("rb") as stream:
            chinese |= {entry.id: str(entry.string) for entry in read_po(stream) if entry.id}

    untold = [code for code, sentence in SENTENCES.items() if not chinese.get(sentence)]
    assert untold == []
    for sentence in SENTENCES.values():
        assert set(PLACEHOLDER.findall(chinese[sentence])) == set(PLACEHOLDER.findall(sentence))
