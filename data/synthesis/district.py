"""The whole sample district, drawn from one seed."""

from dataclasses import dataclass

from data.synthesis.days import Days, draw_days, plant_hard_cases
from data.synthesis.people import People, draw_people
from data.synthesis.places import Places, draw_places
from data.synthesis.roads import draw_roads
from geo.edges import RoadEdges

DEFAULT_SEED = 20270301


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleDistrict:
    """Places, people, days and roads of the sample."""

    places: Places
    people: People
    days: Days
    roads: RoadEdges


def draw_district(seed: int = DEFAULT_SEED) -> SampleDistrict:
    """Draw the sample district: 60 villages, 55 cadres, 1,000 households, 24 enterprises."""
    places = draw_places(seed)
    people = draw_people(places, seed)
    people, days = plant_hard_cases(people, draw_days(places, people, seed))
    return SampleDistrict(places=places, people=people, days=days, roads=draw_roads(places, seed))
