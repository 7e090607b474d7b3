"""J and its proven bound over time, one picture an instance, readable on white and on dark."""

from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture
from matplotlib.ticker import FormatStrFormatter, StrMethodFormatter

from tests.benchmarks.figures import Course
from tests.benchmarks.report import sections_in

STYLE = {
    # Grey has enough contrast on white and on near-black; fixed salt: same courses, same file.
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), "#808890"),
    "axes.edgecolor": "#808890",
    "svg.hashsalt": "zoufang",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 11,
}
LOOK = {
    ("zoufang", "J"): {"color": "#2a8ce8", "linewidth": 2.2},
    ("proof", "J"): {"color": "#e07b1a", "linewidth": 1.6, "linestyle": "--"},
    ("zoufang", "bound"): {"color": "#2e9e5b", "linewidth": 2.2},
}
ROOM_ABOVE = 0.3
"""The picture shows J up to this share above the best one; a start from nothing is far above."""


def draw_plots(folder: Path) -> None:
    """Draw every instance that has courses in the results of a folder."""
    courses: dict[str, list[Course]] = defaultdict(list)
    for section in sections_in(folder):
        for measurement in section.tests.values():
            for course in measurement.courses:
                courses[course.instance].append(course)
    for instance, mine in courses.items():
        _draw(folder / f"{instance}.svg", instance, mine)


def _draw(file: Path, instance: str, courses: list[Course]) -> None:
    with mpl.rc_context(STYLE):
        picture = Picture(figsize=(7.2, 3.6), layout="constrained")
        axes = picture.subplots()
        for course in courses:
            _line(axes, course)
        objectives = [v for c in courses if c.what == "J" for _, v in c.points]
        bounds = [c.points[-1][1] for c in courses if c.what == "bound" and c.points]
        if objectives:
            low = min([*bounds, min(objectives)])
            axes.set_ylim(0.97 * low, (1 + ROOM_ABOVE) * min(objectives))
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FormatStrFormatter("%g"))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel("seconds, 2 cores")
        axes.set_title(f"{instance}: J of the best plan so far, and its proven bound", fontsize=11)
        axes.grid(visible=True, color="#808890", alpha=0.25, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="upper right")
        picture.savefig(file, transparent=True, metadata={"Date": None})


def _line(axes: Axes, course: Course) -> None:
    look = LOOK.get((course.who, course.what), {})
    at, value = zip(*course.points, strict=True)
    axes.plot(at, value, drawstyle="steps-post", label=f"{course.what}, {course.who}", **look)
