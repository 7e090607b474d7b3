"""Instances of the literature are read as meant, and refused with the place of the slip."""

import numpy as np
import pytest

from scheduler.classical.instance import InvalidInstance
from scheduler.classical.pvrp_file import read_pvrp
from scheduler.classical.solomon_file import read_solomon
from scheduler.classical.vrplib_file import read_vrplib
from tests.scheduler.classical_instances import PVRP, SOLOMON, VRPLIB


def test_a_periodic_instance_is_read_with_its_first_day_in_the_highest_bit() -> None:
    instance = read_pvrp(PVRP, "own")

    assert (instance.days, instance.vehicles, instance.capacity) == (3, 2, 10.0)
    assert instance.duration == float("inf")
    assert instance.patterns == ((), (4, 2, 1), (5, 3), (1,), (7,))
    assert list(instance.frequency) == [0, 1, 2, 1, 3]
    assert instance.distance[0, 2] == pytest.approx(10.0)


def test_a_line_written_twice_counts_once() -> None:
    lines = PVRP.splitlines()
    twice = "\n".join(["1 2 5 3", *lines[1:], lines[-1]])

    assert read_pvrp(twice).ids == (0, 1, 2, 3, 4)


def test_an_instance_of_solomon_is_read_with_its_windows() -> None:
    instance = read_solomon(SOLOMON)

    assert (instance.name, instance.vehicles, instance.capacity) == ("Little market", 3, 20.0)
    assert instance.window is not None
    assert instance.window.tolist() == [[0, 100], [50, 60], [0, 20], [0, 90]]
    assert list(instance.service) == [0, 5, 5, 5]


def test_an_instance_of_vrplib_is_read_with_rounded_distances_and_its_depot_first() -> None:
    instance = read_vrplib(VRPLIB)

    assert instance.ids == (2, 1, 3, 4)
    assert list(instance.demand) == [0, 5, 6, 6]
    assert instance.distance[0].tolist() == [0, 5, 4, 6]
    assert instance.vehicles == 3


def test_windows_service_vehicles_and_a_matrix_of_vrplib_are_read() -> None:
    instance = read_vrplib(
        "TYPE : VRPTW\nDIMENSION : 3\nVEHICLES : 2\nCAPACITY : 9\nSERVICE_TIME : 4\n"
        "EDGE_WEIGHT_TYPE : EXPLICIT\nEDGE_WEIGHT_FORMAT : LOWER_ROW\n"
        "EDGE_WEIGHT_SECTION\n7\n8 9\n"
        "DEMAND_SECTION\n1 0\n2 3\n3 4\n"
        "TIME_WINDOW_SECTION\n1 0 99\n2 5 10\n3 0 50\nDEPOT_SECTION\n1 -1\nEOF\n"
    )

    assert instance.vehicles == 2
    assert list(instance.service) == [0, 4, 4]
    assert instance.distance.tolist() == [[0, 7, 8], [7, 0, 9], [8, 9, 0]]
    assert instance.window is not None
    assert instance.window[1].tolist() == [5, 10]


@pytest.mark.parametrize(
    ("read", "text", "change", "line", "field"),
    [
        (read_pvrp, PVRP, ("1 2 4 3", "2 2 4 3"), 1, "type"),
        (read_pvrp, PVRP, ("1 2 4 3", "1 0 4 3"), 1, "vehicles"),
        (read_pvrp, PVRP, ("1 2 4 3", "1 2 9 3"), 9, "customers"),
        (read_pvrp, PVRP, ("2 6 8 0 4", "2 6 8 0 nan"), 7, "demand"),
        (read_pvrp, PVRP, ("2 6 8 0 4", "2 6 8 0 -4"), 7, "demand"),
        (read_pvrp, PVRP, ("2 2 5 6", "2 2 5 9"), 7, "pattern 2"),
        (read_pvrp, PVRP, ("2 2 5 6", "2 3 5 6"), 7, "pattern 3"),
        (read_pvrp, PVRP, ("2 2 5 6", "2 2 5 7"), 0, "patterns"),
        (read_pvrp, PVRP, ("1 2 4 3\n0 10", "1 2 4 3\n0 11"), 2, "duration, capacity"),
        (read_pvrp, PVRP, (PVRP, ""), 1, "type"),
        (read_solomon, SOLOMON, ("3         20", "3         6"), 0, "demand"),
        (read_solomon, SOLOMON, ("50   60", "50   40"), 11, "due date"),
        (read_solomon, SOLOMON, ("-3   4   7", "-3   x   7"), 13, "y"),
        (read_solomon, SOLOMON, ("VEHICLE", "VEHICLES"), 1, "VEHICLE"),
        (read_vrplib, VRPLIB, ("TYPE : CVRP", "TYPE : PDP"), 3, "TYPE"),
        (read_vrplib, VRPLIB, ("CAPACITY : 10", "CAPACITY : ten"), 6, "CAPACITY"),
        (read_vrplib, VRPLIB, ("DIMENSION : 4", "DIMENSION : 5"), 16, "DEMAND_SECTION"),
        (read_vrplib, VRPLIB, ("4 6\n", "9 6\n"), 0, "NODE_COORD_SECTION"),
        (read_vrplib, VRPLIB, ("EUC_2D", "GEO"), 5, "EDGE_WEIGHT_TYPE"),
        (read_vrplib, VRPLIB, ("2\n-1", "2\n3\n-1"), 18, "DEPOT_SECTION"),
    ],
)
def test_a_slip_is_named_with_its_line_and_field(
    read: object, text: str, change: tuple[str, str], line: int, field: str
) -> None:
    assert change[0] in text

    with pytest.raises(InvalidInstance) as caught:
        read(text.replace(*change, 1))  # type: ignore[operator]

    if field != "NODE_COORD_SECTION":
        assert (caught.value.line, caught.value.field) == (line, field)
    assert field.split("_")[0].lower() in str(caught.value).lower()


def test_distances_are_straight() -> None:
    assert np.allclose(read_solomon(SOLOMON).distance[1], [5, 0, 5, 6])
