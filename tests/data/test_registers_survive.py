"""Whatever stands in a cell, a register is read to the end: rows or problems, never a crash."""

from datetime import date, time
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing.cells import Broken
from data.importing.kinds import REGISTERS
from data.importing.registers import Layout, check_register
from tests.support.registers import TODAY, a_reference, table

ODD_WORDS = [
    "", " ", "-", "无", "0", "１２", "1e18", "3.40811E+17", "340811001001", "东村", "D1", "G1",
    "H1", "上午", "8:30-7:30", "25:00-26:00", "逢三逢八", "逢", "2027-02-30", "9999年12月31日",
    "周一至周日", "2027-03-01至2026-01-01", "117.03,30.51", "117°", ",", "、", "\n", "{{7*7}}",
    "\x00", "😀" * 50, "是", "放假", "见面", "领导", "村", "5月31日-2月30日", "每周", "周末",
    "零点至三点半",
]  # fmt: skip
CELLS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.sampled_from(ODD_WORDS),
    st.text(max_size=12),
    st.integers(-(10**19), 10**19),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.sampled_from([Broken("formula"), Broken("error"), date(1, 1, 1), time(0, 0)]),
)


@given(kind=st.sampled_from(REGISTERS), data=st.data())
@settings(max_examples=300, deadline=None)
def test_no_cell_breaks_the_reading(kind: Any, data: st.DataObject) -> None:
    width = len(kind.fields)
    rows = data.draw(st.lists(st.lists(CELLS, max_size=width), min_size=1, max_size=4))
    headings = [field.heading for field in kind.fields]
    layout = Layout(
        file="f.xlsx",
        sheet="s",
        kind=kind.key,
        header_row=1,
        columns={field.key: column for column, field in enumerate(kind.fields)},
    )

    reading = check_register(table(headings, *rows), layout, a_reference(), today=TODAY)

    assert len(reading.rows) <= len(rows)
    for problem in reading.problems:
        assert problem.message
    flawed = [row for row in reading.rows if row.flawed]
    assert bool(flawed) <= reading.problems.has_errors
