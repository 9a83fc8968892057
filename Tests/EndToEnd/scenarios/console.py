"""The console in a real terminal, while a client works on the same engine."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import subprocess
import termios
import time

from harness import (
    REGION, ROLE, Terminal, archive, binary, check, contains, descendants, environment, equal, run, scratch, wait_until)

SIZES = [(120, 40), (80, 24)]


class Console(Terminal):
    """`skua` in a terminal, on a world of its own."""

    # The command after the program's name; none is the console on a world.
    verb = ""

    def __init__(self, columns=120, rows=40, screen="sqs.queues", world=None, options="", term=None, variables=""):
        super().__init__(columns, rows, term)
        self.world = world or scratch("world")
        self.quiet = 0
        self.before = self.settings(), self.modes()
        program = f"{binary()} {self.verb} --world {self.world} --port 0 --open '{screen}' {options}"
        self.run(f"SWIFT_BACKTRACE=enable=no {variables} {program}")
        self.endpoint = wait_until(self.announced, "the endpoint of the console's engine")
        self.pid = wait_until(lambda: [p for p, c in self.children().items() if self.world in c], "skua's process")[0]

    def announced(self):
        try:
            with open(os.path.join(self.world, "endpoint")) as file:
                return file.read().strip()
        except OSError:
            return None

    def client(self, service):
        import boto3
        from botocore.config import Config

        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}))

    def ended(self, *statuses):
        """The program has ended, and the terminal is as it was."""
        status, screen = self.finish()
        check(status in statuses, f"the exit status is {status}:\n{screen}")
        wait_until(lambda: not self.children(), "the end of all processes below the shell", 10)
        # A mode that was left on would show here; the screen before must be back, too.
        equal((self.settings(), self.modes()), self.before, "the terminal's settings and modes")
        check(self.announced() is None, "the endpoint is still announced")
        with open(os.path.join(self.world, "lock")) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def is_at_rest(self):
        """Whether a screen has the keys; else a way out of whatever has them is tried."""
        check(self.pid in descendants(self.shell_pid), f"the program ended:\n{self.screen()}")
        if ": palette" in self.screen():
            self.quiet += 1
            return self.quiet > 2
        # Escape and another key at once are Alt and that key: what follows waits for a few quiet looks.
        self.quiet = 0
        self.key("Escape")
        return False

    def go(self, words, expected):
        """By the command palette."""
        self.type(":")
        self.wait_for("─ Palette ─")
        self.type(words)
        # What was typed is on the screen, so that Enter takes what is shown for it.
        self.wait_for("› " + words)
        self.key("Enter")
        self.wait_for("─ Palette ─", gone=True)
        return self.wait_for(expected)


def fill(console):
    """A queue, a function that has run, and a machine that has run, as a client makes them."""
    sqs, functions, states = console.client("sqs"), console.client("lambda"), console.client("stepfunctions")
    url = sqs.create_queue(QueueName="orders")["QueueUrl"]
    functions.create_function(
        FunctionName="price-order", Runtime="python3.13", Role=ROLE, Handler="index.handler",
        Code={"ZipFile": archive({"index.py": "def handler(event, context):\n    print('priced')\n    return 1\n"})})
    wait_until(
        lambda: functions.get_function_configuration(FunctionName="price-order")["State"] == "Active", "the function")
    definition = {"StartAt": "PriceIt", "States": {
        "PriceIt": {"Type": "Task", "Resource": f"arn:aws:lambda:{REGION}:123456789012:function:price-order", "End": True}}}
    machine = states.create_state_machine(name="fulfilment", definition=json.dumps(definition), roleArn=ROLE)
    states.start_execution(stateMachineArn=machine["stateMachineArn"], name="first-run")
    return url


def latency(console, act, shown):
    """Seconds from the return of a client's call until the screen shows what it did."""
    act()
    start = time.monotonic()
    console.wait_for(shown)
    return time.monotonic() - start


def test_what_a_client_does_is_seen_at_once():
    for columns, rows in SIZES:
        with Console(columns, rows) as console:
            console.wait_for("Queues")
            sqs = console.client("sqs")
            times = [latency(console, lambda n=n: sqs.create_queue(QueueName=f"queue-{n}"), f"queue-{n}") for n in range(3)]
            url = sqs.create_queue(QueueName="aaa-first")["QueueUrl"]
            console.wait_for("aaa-first")
            console.key("Home")
            console.key("Enter")
            console.wait_for("SQS › aaa-first")
            for n in range(1, 6):
                send = lambda: sqs.send_message(QueueUrl=url, MessageBody=f"message {n}")
                times.append(latency(console, send, f"{n} visible"))
            console.wait_for("message 1")
            print(f"        {columns}×{rows}: {', '.join(f'{t * 1000:.0f}' for t in times)} ms", flush=True)
            middle = statistics.median(times)
            check(middle <= 0.5, f"it takes {middle:.2f} s at {columns}×{rows} until the screen shows what a client did: {times}")
            # The screen only looks: nothing was received by it.
            got = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"][0]
            equal(got["Attributes"]["ApproximateReceiveCount"], "1", "the receive count")
            console.type("q")
            console.ended(0)


def test_a_walk_through_the_screens():
    for columns, rows in SIZES:
        with Console(columns, rows, screen="home") as console:
            fill(console)
            console.wait_for("orders")
            console.wait_for("price-order")
            console.go("sqs queues", "SQS › Queues")
            console.wait_for("orders")
            console.key("Enter")
            console.wait_for("SQS › orders")
            console.key("Escape")
            console.wait_for("SQS › Queues")
            console.go("functions", "Lambda › Functions")
            console.wait_for("price-order")
            console.key("Enter")
            console.wait_for("Lambda › price-order")
            console.go("state machines", "State machines")
            console.wait_for("fulfilment")
            console.key("Enter")
            console.wait_for("first-run")
            console.key("Enter")
            console.wait_for("PriceIt")
            console.type("?")
            console.wait_for("─ Help ─")
            console.key("Escape")
            console.wait_for("Esc close", gone=True)
            for words, crumbs in [
                    ("Log groups", "Log groups"), ("Metrics", "Metrics"), ("Timeline", "Timeline"), ("Home", "› Home")]:
                console.go(words, crumbs)
            console.type("q")
            console.ended(0)


def test_every_key_on_every_screen():
    """No key may end it, or leave it without an answer to the next."""
    with Console(100, 30, screen="home") as console:
        fill(console)
        console.wait_for("orders")
        for name in ["home", "sqs.queues", "lambda.functions", "states.machines"]:
            console.go(name, "›" if name != "home" else "orders")
            for key in list("jkhlgGwtry123456789[]/x") + ["Escape"] + ["Tab", "BTab", "Up", "Down", "PageDown", "Home", "End", "F1", "Escape", "Escape"]:
                console.key(key)
            console.quiet = 0
            wait_until(console.is_at_rest, "a screen without dialogs after all keys", interval=0.1)
        console.type("q")
        console.ended(0)


def test_sizes():
    with Console(120, 40) as console:
        console.client("sqs").create_queue(QueueName="resized")
        console.wait_for("resized")
        for columns, rows in [(80, 24), (60, 20), (200, 60), (20, 5), (1, 1), (59, 19), (120, 40)]:
            console.resize(columns, rows)
            if columns >= 60:
                console.wait_for("resized")
            elif columns >= 20:
                console.wait_for(f"{columns}×{rows}")
            check(os.path.exists(f"/proc/{console.pid}"), f"the program ended at {columns}×{rows}")
        console.type("q")
        console.ended(0)
    small = Pseudoterminal(columns=20, rows=5)
    contains(small.read(1.0).decode(errors="replace"), "20×5", "the message in a window of 20×5")
    os.write(small.master, b"q")
    small.read(1.0)
    equal(small.wait(), 0, "the exit status")
    os.close(small.master)


def test_terminals_that_cannot():
    # Wide enough for a message to stand on one line.
    with Terminal(240, 40) as terminal:
        terminal.run(f"TERM=dumb {binary()} --world {scratch('world')}")
        status, screen = terminal.finish()
        equal(status, 75, "the status with TERM=dumb")
        for word in ["TERM=dumb", "skua show", "skua serve"]:
            contains(screen, word, "the message for TERM=dumb")
        terminal.run(f"TERM=no-such-terminal {binary()} --world {scratch('world')} --port 0")
        status, screen = terminal.finish()
        equal(status, 75, "the status with an unknown TERM")
        contains(screen, "no-such-terminal", "the message")
        terminal.run(f"(set -o pipefail; {binary()} --world {scratch('world')} --port 0 | cat)")
        status, screen = terminal.finish()
        equal(status, 75, "the status without a terminal")
        contains(screen, "skua show", "the message without a terminal")
        terminal.run(f"{binary()} --world {scratch('world')} --port 0 --open sqs.nothing")
        status, screen = terminal.finish()
        equal(status, 64, "the status for a screen that is not there")
        contains(screen, "sqs.nothing", "the message")
        check("ERROR" not in screen, f"more than its message is said:\n{screen}")


def test_signals():
    for number, statuses in [(signal.SIGTERM, (0, 143)), (signal.SIGHUP, (0, 129)), (signal.SIGINT, (0, 130))]:
        with Console() as console:
            console.client("sqs").create_queue(QueueName="kept")
            console.wait_for("kept")
            os.kill(console.pid, number)
            console.ended(*statuses)
            again = Console(world=console.world)
            again.wait_for("kept")
            again.type("q")
            again.ended(0)
            again.close()


def test_interrupt_key_quits():
    with Console() as console:
        console.wait_for("Queues")
        console.key("C-c")
        console.ended(0, 130)


def test_crash_gives_the_terminal_back():
    for number in [signal.SIGSEGV, signal.SIGABRT]:
        with Console() as console:
            console.wait_for("Queues")
            os.kill(console.pid, number)
            status, _ = console.finish()
            equal(status, 128 + number, "the status")
            equal((console.settings(), console.modes()), console.before, f"the terminal after signal {number}")


def test_suspend_and_continue():
    with Console() as console:
        console.client("sqs").create_queue(QueueName="before")
        console.wait_for("before")
        console.key("C-z")
        console.wait_for("Stopped")
        equal(console.modes(), console.before[1], "the terminal's modes while it is stopped")
        console.type("fg\r")
        console.wait_for("SQS › Queues")
        console.client("sqs").create_queue(QueueName="after")
        console.wait_for("after")
        console.type("q")
        wait_until(lambda: not console.children(), "the end")
        equal((console.settings(), console.modes()), console.before, "the terminal")


class Pseudoterminal:
    """A bare pseudo-terminal, for what tmux cannot do: being closed, and counting bytes."""

    def __init__(self, *arguments, columns=120, rows=40, settings=None):
        self.world = scratch("world")
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.process = subprocess.Popen(
            [binary(), "--world", self.world, "--port", "0", *arguments], stdin=slave, stdout=slave, stderr=slave,
            env=environment(**{"TERM": "xterm-256color", "SWIFT_BACKTRACE": "enable=no", **(settings or {})}),
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)

    def read(self, quiet, limit=30):
        """All bytes until `quiet` seconds pass without any."""
        data, end = b"", time.monotonic() + limit
        while time.monotonic() < end and select.select([self.master], [], [], quiet)[0]:
            try:
                part = os.read(self.master, 65536)
            except OSError:
                break
            if not part:
                break
            data += part
        return data

    def wait(self, limit=20):
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the program is still there after {limit} s") from None


def test_closed_terminal():
    for _ in range(2):
        console = Pseudoterminal("--open", "sqs.queues")
        contains(console.read(1.0).decode(errors="replace"), "Queues", "the first screen")
        below = set(descendants(console.process.pid))
        os.close(console.master)
        console.wait()
        wait_until(lambda: not below & set(descendants()), "the end of its processes", 10)
        check(not os.path.exists(os.path.join(console.world, "endpoint")), "the endpoint is still announced: the world was not closed")


def test_idle_writes_nothing():
    console = Pseudoterminal("--open", "sqs.queues")
    console.read(1.0)
    with open(f"/proc/{console.process.pid}/stat") as file:
        before = sum(map(int, file.read().rpartition(")")[2].split()[11:13]))
    # Long enough for any clock or poll to show itself.
    idle = console.read(3.0)
    equal(idle, b"", "bytes written while nothing happens")
    with open(f"/proc/{console.process.pid}/stat") as file:
        used = sum(map(int, file.read().rpartition(")")[2].split()[11:13])) - before
    check(used <= 15, f"{used} hundredths of a second of processor time in 3 idle seconds")
    os.write(console.master, b"q")
    last = console.read(2.0)
    equal(console.wait(), 0, "the exit status")
    contains(last, b"\x1b[?1049l", "the end: the first screen comes back")
    contains(last, b"\x1b[?2004l", "the end: bracketed paste is switched off")
    os.close(console.master)


def test_control_characters_stay_inside():
    with Console(screen="home") as console:
        logs = console.client("logs")
        logs.create_log_group(logGroupName="evil")
        logs.create_log_stream(logGroupName="evil", logStreamName="s")
        evil = "start \x1b]0;owned\x07 \x1b[2J\x1b[31m \x9b31m \x00 \b\u202eend"
        logs.put_log_events(
            logGroupName="evil", logStreamName="s", logEvents=[{"timestamp": int(time.time() * 1000), "message": evil}])
        title = console.tmux("display-message", "-p", "#{pane_title}")
        shown = subprocess.run(
            [binary(), "show", "logs.tail", "evil", "--world", console.world], capture_output=True, text=True, env=environment())
        console.go("logs.tail evil", "start")
        equal(console.tmux("display-message", "-p", "#{pane_title}"), title, "the window's title")
        contains(console.screen(), "end", "the line's end")
        check(not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown.stdout), f"control characters in {shown.stdout!r}")
        console.type("q")
        console.ended(0)


if __name__ == "__main__":
    run(globals())
