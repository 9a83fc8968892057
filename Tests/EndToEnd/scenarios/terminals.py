"""The console on every kind of terminal and line: what it may send there, and that all keys still work."""

import fcntl
import os
import random
import re
import signal
import struct
import sys
import termios

from console import Console, Pseudoterminal
from harness import binary, check, contains, descendants, equal, run, wait_until

# TERM, and what else is set.
KINDS = [
    ("xterm-256color", ""), ("tmux-256color", ""), ("screen", ""), ("linux", ""), ("vt100", ""),
    ("xterm-256color", "LANG=C LC_ALL=C"), ("xterm-256color", "NO_COLOR=1"), ("vt100", "LANG=C LC_ALL=C"),
]
SLOW_LINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "support", "slow_line.py")


def walk(console):
    """What anybody does in the first minute, by keys; each step is seen before the next."""
    sqs = console.client("sqs")
    for name in ["invoices", "orders", "payments"]:
        sqs.create_queue(QueueName=name)
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName="orders")["QueueUrl"], MessageBody='{"total": 42}')
    console.wait_for("payments")
    console.type("/")
    console.type("ord")
    console.wait_for("payments", gone=True)
    console.key("Enter")
    console.key("Enter")
    # ASCII writes the path with another sign.
    console.wait_for(re.compile(r"SQS . orders"))
    console.wait_for("total")
    console.type("?")
    console.wait_for("Help")
    console.key("Escape")
    console.wait_for("Everywhere", gone=True)
    console.key("Escape")
    console.wait_for(re.compile(r"SQS . Queues"))
    console.type(":")
    console.wait_for("Palette")
    console.type("Timeline")
    console.wait_for(re.compile("[›>] Timeline"))
    console.key("Enter")
    console.wait_for("CreateQueue")
    console.key("Down")
    console.key("Up")
    console.key("Escape")
    # The list is as it was left: narrowed, until Esc says otherwise.
    console.wait_for("1 of 3")
    console.key("Escape")
    console.wait_for("invoices")


def test_keys_work_on_every_terminal():
    for term, variables in KINDS:
        with Console(80, 24, variables=f"TERM={term} {variables}") as console:
            console.wait_for("Queues")
            walk(console)
            if "LANG=C" in variables:
                screen = console.screen()
                check(screen.isascii(), f"{[c for c in screen if ord(c) > 127][:5]} on an ASCII terminal ({term})")
            console.type("q")
            console.ended(0)


def output(term, variables):
    """All bytes of a short visit on a bare pseudo-terminal."""
    settings = dict(v.split("=") for v in variables.split())
    console = Pseudoterminal("--open", "sqs.queues", columns=80, rows=24, settings={"TERM": term, **settings})
    data = console.read(1.0)
    os.write(console.master, b"?")
    data += console.read(0.5)
    os.write(console.master, b"\x1b")
    data += console.read(0.5)
    os.write(console.master, b"q")
    data += console.read(1.0)
    equal(console.wait(), 0, f"the exit status on {term} {variables}")
    os.close(console.master)
    return data


# Foreground and background colours among the parameters of SGR.
COLOURS = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


def test_only_what_the_terminal_understands():
    for term, variables in KINDS:
        what = f"{term} {variables}"
        data = output(term, variables)
        contains(data, b"Queues", f"the first screen on {what}")
        has_colours = term != "vt100" and "NO_COLOR" not in variables
        equal(bool(COLOURS.search(data)), has_colours, f"whether colours are sent to {what}")
        if term == "vt100":
            for name, sequence in [("the alternate screen", b"\x1b[?1049h"), ("true colour", b"38;2;")]:
                check(sequence not in data, f"{name} is used on {what}")
        if "LANG=C" in variables:
            check(all(byte < 128 for byte in data), f"bytes beyond ASCII on {what}")
        # What was switched on is switched off again, in that order.
        for mode in (b"1049", b"2004", b"1000", b"1006", b"1"):
            on, off = data.rfind(b"\x1b[?" + mode + b"h"), data.rfind(b"\x1b[?" + mode + b"l")
            check(on < 0 or off > on, f"mode {mode.decode()} stays on after the end on {what}")


def test_a_storm_of_sizes():
    with Console(120, 40) as console:
        console.client("sqs").create_queue(QueueName="stormy")
        console.wait_for("stormy")
        chance = random.Random(7)
        for _ in range(60):
            console.resize(chance.randint(1, 200), chance.randint(1, 60))
        for columns, rows in [(80, 24), (132, 43)]:
            console.resize(columns, rows)
            console.wait_for("stormy")
            wait_until(lambda: is_whole(console.screen(), rows), f"a whole screen of {columns}×{rows}")
        console.type("q")
        console.ended(0)


def is_whole(screen, rows):
    """The line of keys is the last one, and the panel's bottom is right above it."""
    lines = screen.split("\n")
    return len(lines) == rows and "palette" in lines[-1] and lines[-2].startswith("╰")


def test_a_storm_of_sizes_while_output_is_not_read():
    """Nobody reads for a while, as on a stalled line: sizes, keys and changes pile up, and nothing hangs or is lost."""
    console = Pseudoterminal("--open", "sqs.queues")
    console.read(1.0)
    for columns in range(60, 160):
        fcntl.ioctl(console.master, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        os.write(console.master, b"?\x1b")
    data = console.read(1.5)
    check(data, "nothing is drawn after the stall")
    os.write(console.master, b"\x1b")
    console.read(1.0)
    os.write(console.master, b"q")
    console.read(1.0)
    equal(console.wait(), 0, "the exit status")
    os.close(console.master)


def test_stop_and_continue_again_and_again():
    for term in ["xterm-256color", "vt100"]:
        with Console(80, 24, variables=f"TERM={term}") as console:
            console.wait_for("Queues")
            for round in range(3):
                console.key("C-z")
                console.wait_for("Stopped")
                equal(console.settings(), console.before[0], f"the line's settings while it is stopped on {term}")
                # The world goes on only when the program does; the terminal may have changed meanwhile.
                console.resize(80 + round, 24 + round)
                console.type("fg\r")
                console.wait_for("Queues")
                console.client("sqs").create_queue(QueueName=f"round-{round}")
                console.wait_for(f"round-{round}")
            console.type("q")
            wait_until(lambda: not console.children(), "the end")
            equal((console.settings(), console.modes()), console.before, "the terminal")


class FarConsole(Console):
    """The console behind a line of 150 ms each way, on which the bytes of a key come apart."""

    line = 0.150

    def run(self, command):
        super().run(command.replace(binary(), f"{sys.executable} {SLOW_LINE} {self.line} {binary()}", 1))


def test_a_far_terminal():
    with FarConsole(80, 24) as console:
        console.wait_for("Queues")
        walk(console)
        # Many keys at once, before any of their effects could be seen; arrows are sequences that arrive in parts.
        for _ in range(2):
            console.key("Down", "Down", "Up", "Down")
        console.key("Home", "Down")
        console.wait_for(re.compile(r"^.?›.*orders", re.M))
        console.key("Enter")
        console.wait_for("SQS › orders")
        console.resize(100, 30)
        wait_until(lambda: is_whole(console.screen(), 30), "the new size behind the line")
        console.key("Escape")
        console.wait_for("SQS › Queues")
        console.type("q")
        console.ended(0)


def test_a_far_terminal_that_goes_away():
    console = FarConsole(80, 24)
    console.wait_for("Queues")
    pids = set(console.children())
    os.kill(console.shell_pid, signal.SIGHUP)
    console.close()
    wait_until(lambda: not pids & set(descendants()), "the end of everything behind the line")
    check(console.announced() is None, "the endpoint is still announced: the world was not closed")


def test_mouse_can_be_left_to_the_terminal():
    for options, expected in [([], True), (["--no-mouse"], False)]:
        console = Pseudoterminal("--open", "sqs.queues", *options)
        data = console.read(1.0)
        equal(b"\x1b[?1000h" in data or b"\x1b[?1002h" in data or b"\x1b[?1006h" in data, expected, f"the mouse with {options}")
        os.write(console.master, b"q")
        console.read(1.0)
        console.wait()
        os.close(console.master)


if __name__ == "__main__":
    run(globals())
