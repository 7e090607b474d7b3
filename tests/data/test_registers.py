"""Registers are read as people keep them, and refused where a spreadsheet has spoilt them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from data.importing.columns import guess_columns, guess_kind
from data.importing.kinds import KINDS
from data.importing.reading import Reading
from data.importing.reference import Reference
from data.importing.registers import Layout, check_register
from tests.support.registers import EAST, TODAY, a_reference, table

HEADINGS = ["户号", "户主", "村", "经度", "纬度"]
A_HOUSE = ["0001", "王某", "东村", 117.03, 30.51]


def read(
    kind: str,
    *rows: Sequence[Any],
    reference: Reference | None = None,
    edits: Mapping[int, Mapping[str, str]] | None = None,
    datum: str = "auto",
) -> Reading:
    """Read a table with the columns guessed."""
    found = table(*rows)
    guess = guess_columns(found, KINDS[kind])
    assert guess is not None
    layout = Layout(
        file="表.xlsx",
        sheet="表",
        kind=kind,
        header_row=guess.header_row,
        columns=guess.columns,
        edits=edits or {},
        datum=datum,
    )
    return check_register(found, layout, reference or a_reference(), today=TODAY)


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def values(reading: Reading) -> list[dict[str, Any]]:
    return [row.values for row in reading.rows]


def test_a_household_is_read_into_the_words_of_the_tables() -> None:
    reading = read("households", HEADINGS, A_HOUSE)

    (house,) = values(reading)
    assert codes(reading) == []
    assert house["number"] == "0001"
    assert house["village"] == EAST
    assert (house["lon"], house["lat"]) == (117.03, 30.51)
    assert house["raw_point"]["system"] == "wgs84"


def test_titles_notes_and_examples_around_the_table_are_no_rows() -> None:
    reading = read(
        "households",
        ["宜秀区走访户台账"],
        HEADINGS,
        ["说明: 全区唯一", "", "", "度"],
        ["示例:例-0001", "示例户", "示例村"],
        A_HOUSE,
    )

    assert [row.number for row in reading.rows] == [5]


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["户编号", "户主姓名", "所在村", "手机号码", "东经", "北纬"], "households"),
        (["企业名称", "统一社会信用代码", "社区", "办公时间"], "enterprises"),
        (["编号", "姓名", "工作单位", "职务", "任务户数"], "cadres"),
        (["单位编号", "单位名称", "村代码"], "units"),
        (["户号", "帮扶责任人", "结对日期"], "pairings"),
        (["乡镇", "赶集日", "原因"], "blackouts"),
        (["日期", "类型", "节日"], "calendar"),
        (["户号", "走访日期", "走访人", "走访结果"], "visits"),
        (["Household number", "Householder", "Village", "Longitude", "Latitude"], "households"),
    ],
)
def test_a_register_is_recognised_by_its_headings(headings: list[str], kind: str) -> None:
    guess = guess_kind(table(headings))

    assert guess is not None
    assert guess.kind == kind


def test_a_template_is_read_back_as_what_it_is() -> None:
    for kind in KINDS.values():
        guess = guess_kind(table([field.heading for field in kind.fields]), name=kind.title)

        assert guess is not None
        assert guess.kind == kind.key
        assert dict(guess.columns) == {f.key: i for i, f in enumerate(kind.fields)}


def test_a_missing_column_is_named_with_what_was_found() -> None:
    reading = read("households", ["户主", "村"], ["王某", "东村"])

    (problem,) = reading.problems
    assert problem.code == "heading-missing"
    assert problem.field == "户号"
    assert problem.facts["found"] == "户主、村"


def test_an_empty_needed_cell_names_its_row() -> None:
    reading = read("households", HEADINGS, A_HOUSE, ["", "赵某", "西村", "", ""])

    (problem,) = reading.problems.errors
    assert (problem.code, problem.row, problem.field) == ("cell-missing", 3, "户号")


def test_a_number_used_twice_is_an_error_and_a_repeated_row_a_warning() -> None:
    other = ["0001", "别人", "西村", 117.01, 30.51]

    assert codes(read("households", HEADINGS, A_HOUSE, A_HOUSE)) == ["row-repeated"]
    reading = read("households", HEADINGS, A_HOUSE, other)

    assert codes(reading) == ["number-duplicate"]
    (problem,) = reading.problems
    assert (problem.row, problem.facts["other_row"]) == (3, 2)


def test_an_id_that_a_spreadsheet_rounded_is_refused() -> None:
    reading = read("households", HEADINGS, [340811199001011234.0, "王某", "东村", "", ""])

    assert "number-lost-digits" in codes(reading)


def test_a_twelve_digit_code_kept_as_a_number_is_accepted() -> None:
    reading = read("households", ["户号", "村代码"], ["A1", 340811001001.0])

    assert values(reading)[0]["village"] == EAST


def test_numbers_without_their_leading_zeros_are_found() -> None:
    short = [3.0, "赵某", "西村", 117.01, 30.51]

    reading = read("households", HEADINGS, A_HOUSE, short)

    (problem,) = reading.problems.errors
    assert (problem.code, problem.row, problem.facts["other"]) == ("zeros-lost", 3, "0001")


def test_full_width_digits_are_digits() -> None:
    reading = read(
        "households", HEADINGS, ["０００１", "王某", "东村", "１１７．０３", "３０．５１"]
    )

    assert values(reading)[0]["number"] == "0001"
    assert values(reading)[0]["lon"] == 117.03


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-01", date(2027, 3, 1)),
        ("2027年3月1日", date(2027, 3, 1)),
        ("2027/3/1", date(2027, 3, 1)),
        ("２０２７．３．１", date(2027, 3, 1)),
        ("20270301", date(2027, 3, 1)),
        (20270301.0, date(2027, 3, 1)),
        (46447.0, date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_a_date_is_understood_however_it_is_written(written: object, day: date) -> None:
    reading = read("calendar", ["日期", "类型"], [written, "放假"])

    assert values(reading)[0]["day"] == day


def test_a_day_that_does_not_exist_is_named() -> None:
    reading = read("calendar", ["日期", "类型"], ["2027-02-30", "放假"])

    (problem,) = reading.problems
    assert (problem.code, problem.value) == ("date-impossible", "2027-02-30")


@pytest.mark.parametrize(
    ("written", "windows"),
    [
        ("上午", [[510, 690]]),
        ("上午、下午", [[510, 690], [870, 1050]]),
        ("08:30-11:30", [[510, 690]]),
        ("８：３０—１１：３０，下午", [[510, 690], [870, 1050]]),
        ("9点至10点半", [[540, 630]]),
    ],
)
def test_hours_are_understood_however_they_are_written(
    written: str, windows: list[list[int]]
) -> None:
    reading = read("households", ["户号", "村", "可访时段"], ["1", "东村", written])

    assert values(reading)[0]["windows"] == windows


def test_hours_that_are_none_say_how_to_write_them() -> None:
    reading = read("households", ["户号", "村", "可访时段"], ["1", "东村", "随便"])

    assert codes(reading) == ["window-unreadable", "points-missing"]


@pytest.mark.parametrize(
    ("written", "rule", "params"),
    [
        ("农历逢三逢八", "market_lunar", {"digits": [3, 8]}),
        ("公历逢五、十", "market_solar", {"digits": [0, 5]}),
        ("每周三", "weekday", {"weekdays": [3]}),
        ("5月20日-6月10日", "range", {"from": "05-20", "to": "06-10", "yearly": True}),
        (
            "2027-05-20至2027-06-10",
            "range",
            {"from": "2027-05-20", "to": "2027-06-10", "yearly": False},
        ),
        ("2027-03-05、2027-03-09", "dates", {"dates": ["2027-03-05", "2027-03-09"]}),
    ],
)
def test_days_of_peace_are_understood_in_words(
    written: str, rule: str, params: dict[str, Any]
) -> None:
    reading = read("blackouts", ["地区", "日期规则", "事由"], ["东村", written, "赶集"])

    (row,) = values(reading)
    assert (row["region"], row["rule"], row["params"]) == (EAST, rule, params)
    assert codes(reading) == []


def test_a_market_day_without_its_calendar_is_lunar_and_says_so() -> None:
    reading = read("blackouts", ["地区", "日期规则"], ["示例镇", "逢三逢八"])

    assert codes(reading) == ["market-lunar-assumed"]


def test_an_unknown_village_unit_or_cadre_is_named_with_its_row() -> None:
    houses = read("households", ["户号", "村"], ["1", "无名村"])
    cadres = read("cadres", ["编号", "姓名", "单位"], ["G9", "张某", "无名局"])
    pairs = read("pairings", ["户号", "结对干部"], ["H9", "G9"])

    assert "village-unknown" in codes(houses)
    assert "unit-unknown" in codes(cadres)
    assert codes(pairs) == ["household-unknown", "cadre-unknown"]


def test_a_village_name_that_two_bear_needs_its_town() -> None:
    from data.importing.reference import Village

    reference = a_reference()
    reference.add_village(
        Village(code="340811100001", name="东村", town_code="340811100000", town_name="另一镇")
    )

    unclear = read("households", ["户号", "村"], ["1", "东村"], reference=reference)
    clear = read("households", ["户号", "村", "乡镇"], ["1", "东村", "另一镇"], reference=reference)

    assert "village-ambiguous" in codes(unclear)
    assert values(clear)[0]["village"] == "340811100001"


def test_a_cell_mended_in_the_browser_replaces_the_one_in_the_file() -> None:
    bad = ["0001", "王某", "无名村", 117.03, 30.51]

    reading = read("households", HEADINGS, bad, edits={2: {"village": "东村"}})

    assert codes(reading) == []
    assert values(reading)[0]["village"] == EAST


def test_a_visit_of_tomorrow_is_no_visit_made() -> None:
    reading = read("visits", ["户号", "走访日期"], ["H1", "2027-03-02"])

    assert codes(reading) == ["date-in-future"]


def test_the_same_visit_has_the_same_name_in_every_import() -> None:
    rows = (["户号", "走访日期", "走访干部"], ["H1", "2027-02-02", "张某"])

    assert values(read("visits", *rows))[0]["op_id"] == values(read("visits", *rows))[0]["op_id"]


def test_the_rows_of_a_unit_are_joined_and_a_village_has_one_unit() -> None:
    headings = ["单位编号", "单位名称", "包村"]

    joined = read("units", headings, ["D1", "甲局", "东村"], ["D1", "甲局", "西村"])
    torn = read("units", headings, ["D1", "甲局", "东村"], ["D2", "乙局", "东村"])

    assert values(joined) == [{"number": "D1", "name": "甲局", "villages": [EAST, "340811001002"]}]
    assert codes(torn) == ["village-two-units"]


def test_a_cadre_without_a_starting_point_begins_amid_the_villages_of_the_unit() -> None:
    reading = read("cadres", ["编号", "姓名", "单位", "职务"], ["G9", "张某", "D1", "领导"])

    (cadre,) = values(reading)
    assert codes(reading) == ["base-assumed"]
    assert (cadre["quota"], cadre["role"]) == (40, "leader")
    assert 117.0 <= cadre["base_lon"] <= 117.04
