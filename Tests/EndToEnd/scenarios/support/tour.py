"""The language of tours: one step a line, played in a real terminal. CONTRIBUTING.md tells its words.

    world demo | empty      the world it is played on; the first step
    size COLUMNSxROWS       of the terminal
    open SCREEN             where it begins, as in `skua show`
    press KEY …             keys by name (Enter, Escape, Tab, Up, C-s, Space …) or as they are
    type TEXT               characters into whatever has the focus
    see TEXT                waits until the screen shows it
    gone TEXT               waits until it does not
    pause SECONDS           for whoever watches a recording; a test does not wait
"""

import os
import re

NAMED = re.compile(r"^(Enter|Escape|Tab|BTab|Space|Up|Down|Left|Right|Home|End|PageUp|PageDown|BSpace|DC|F\d+|[CM]-.)$")
WORDS = {"world", "size", "open", "press", "type", "see", "gone", "pause"}


class Tour:
    def __init__(self, path):
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.steps = []
        self.world, self.columns, self.rows, self.screen = "empty", 80, 24, "home"
        with open(path) as file:
            for number, line in enumerate(file, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                word, _, rest = line.partition(" ")
                if word not in WORDS or not rest:
                    raise AssertionError(f"{path}:{number}: {line!r} is no step")
                if word == "world":
                    self.world = rest
                elif word == "size":
                    self.columns, self.rows = map(int, rest.split("x"))
                elif word == "open":
                    self.screen = rest
                else:
                    self.steps.append((number, word, rest))

    def play(self, console, pause=lambda seconds: None):
        """Takes every step on a console; a failure names the line."""
        for number, word, rest in self.steps:
            try:
                if word == "press":
                    for key in rest.split():
                        self.press(console, key)
                elif word == "type":
                    console.type(rest)
                elif word == "see":
                    console.wait_for(rest)
                elif word == "gone":
                    console.wait_for(rest, gone=True)
                else:
                    pause(float(rest))
            except AssertionError as error:
                raise AssertionError(f"{self.name}.tour:{number}: {word} {rest}: {error}") from None

    @staticmethod
    def press(console, key):
        before = console.screen()
        console.key(key) if NAMED.match(key) else console.type(key)
        if key == "Escape":
            # Escape and another key at once are Alt and that key: the next one waits until this one has done something.
            console.wait_for_change(before)
