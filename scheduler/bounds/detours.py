"""Kernel part: whether a partial route is beaten by another order of the same stops."""

from scheduler.bounds.day import NEVER, SLACK_MIN, Day, Room, starting
from scheduler.engines.search.compiled import part


@part
def is_detour(day: Day, level: int, j: int, travel: float, leave: float, x: Room) -> bool:
    """Whether turning round a part of the route before stop j is shorter and no later."""
    path, at, way = x.order[0], x.level[0], x.level[2]
    for p in range(1, level):
        for q in range(p + 1, level + 1):
            minutes = way[p - 1] + day.legs[path[p - 1], path[q]]
            for y in range(q, p, -1):
                minutes += day.legs[path[y], path[y - 1]]
            after = j if q == level else path[q + 1]
            minutes += day.legs[path[p], after]
            for y in range(q + 1, level + 1):
                minutes += day.legs[path[y], j if y == level else path[y + 1]]
            if minutes >= travel - 1e-9:
                continue
            now, place, fits = at[p - 1], path[p - 1], True
            for y in range(p, level + 2):
                if y <= q:
                    go = path[p + q - y]
                elif y <= level:
                    go = path[y]
                else:
                    go = j
                start = starting(day, go - 1, now + day.legs[place, go] - SLACK_MIN)
                if start >= NEVER:
                    fits = False
                    break
                now, place = start + day.service[go - 1], go
            if fits and now <= leave:
                return True
    return False
