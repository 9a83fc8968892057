"""The recorded demos as tests: every tour in `tours/` is played in a real terminal, and each of its steps must come true.

With SKUA_RECORD naming a folder, each is recorded there as well, at the pace of its pauses (`scripts/record`).
"""

import glob
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))

from console import Console
from faults import Demo
from harness import check, run, wait_until
from tour import Tour

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tours")
RECORD = os.environ.get("SKUA_RECORD")


class Stage:
    """What a tour needs of a console beside keys."""

    def wait_for_change(self, before):
        wait_until(lambda: self.screen() != before, "any change of the screen", interval=0.005)

    def record(self, tour):
        stamp = os.path.join(os.path.dirname(os.path.abspath(__file__)), "support", "stamp.py")
        path = os.path.join(os.path.abspath(RECORD), tour.name + ".cast")
        self.tmux("pipe-pane", "-t", "main", f"{sys.executable} {stamp} {path} {tour.columns} {tour.rows}")
        # Drawn anew, so that the recording begins with a whole screen.
        self.key("C-l")


class EmptyStage(Stage, Console):
    pass


class DemoStage(Stage, Demo):
    pass


def play(path):
    tour = Tour(path)
    stage = DemoStage if tour.world == "demo" else EmptyStage
    with stage(tour.columns, tour.rows, screen=tour.screen) as console:
        if tour.world == "demo":
            console.wait_until_made()
        if RECORD:
            console.record(tour)
        tour.play(console, time.sleep if RECORD else lambda seconds: None)
        if RECORD:
            console.tmux("pipe-pane", "-t", "main")
        console.type("q")
        console.ended(0)


def test_every_tour():
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.tour")))
    check(len(paths) >= 4, f"only {len(paths)} tours in {FOLDER}")
    for path in paths:
        play(path)


if __name__ == "__main__":
    run(globals())
