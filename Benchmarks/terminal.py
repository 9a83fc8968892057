"""What a full-screen program costs a slow terminal: bytes and time per key, bytes and CPU while idle."""
import contextlib
import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import termios
import time


class Probe:
    """A program on a pseudo-terminal of its own. Nothing is emulated: its output is only counted."""

    def __init__(self, command, columns=120, rows=40):
        size = struct.pack("HHHH", rows, columns, 0, 0)
        self.started = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execvpe(command[0], command, dict(
                os.environ, TERM="xterm-256color", LANG="C.UTF-8", LC_ALL="C.UTF-8"))
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def read(self, quiet, limit):
        """Reads until nothing new came for `quiet` seconds: bytes, time of the first and of the last."""
        count, first, last, end = 0, None, None, time.monotonic() + limit
        while time.monotonic() < end and select.select([self.terminal], [], [], quiet)[0]:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                break
            if not data:
                break
            last = time.monotonic()
            first = first or last
            count += len(data)
        return count, first, last

    def boot(self, limit=20):
        """Seconds from start to the end of the first full screen."""
        select.select([self.terminal], [], [], limit)
        total, last = 0, None
        while total < 500 and time.monotonic() < self.started + limit:
            count, _, end = self.read(0.06, limit)
            total, last = total + count, end or last
        self.first_bytes = total
        return (last or time.monotonic()) - self.started

    def press(self, keys):
        """Bytes written and seconds to the first of them, for each key."""
        size, delay = [], []
        for key in keys:
            self.read(0.001, 0.05)
            start = time.monotonic()
            os.write(self.terminal, key)
            count, first, _ = self.read(0.06, 2)
            size.append(count)
            if first:
                delay.append(first - start)
        return size, delay

    def cpu(self):
        with open(f"/proc/{self.pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def idle(self, seconds):
        """Bytes a second and share of a core while nobody types."""
        cpu, start, count = self.cpu(), time.monotonic(), 0
        while time.monotonic() - start < seconds:
            count += self.read(0.2, 0.5)[0]
        return count / seconds, (self.cpu() - cpu) / seconds

    def quit(self):
        with contextlib.suppress(OSError):
            os.write(self.terminal, b"q")
        self.read(0.5, 2)
        with contextlib.suppress(ProcessLookupError, ChildProcessError):
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)


# What is measured, and the keys that move about there and back.
SCREENS = [
    ("home", b"\x1b[C\x1b[D"), ("problems", b"jk"), ("sqs.queues", b"jk"), ("sqs.queue orders-dead", b"jk"),
    ("sns.topics", b"jk"), ("sns.outbox", b"jk"), ("lambda.functions", b"jk"), ("lambda.function charge-card", b"jk"),
    ("states.machines", b"jk"), ("states.machine order-fulfilment", b"jk"),
    ("states.execution order-fulfilment/order-70002", b"jk"), ("events.rules", b"jk"), ("pipes.pipe deliveries", b"\x1b[C\x1b[D"),
    ("scheduler.schedules", b"jk"), ("s3.buckets", b"jk"), ("iam.identities", b"jk"), ("cloudwatch.metrics", b"jk"),
    ("cloudwatch.alarms", b"jk"), ("cloudwatch.dashboard order-pipeline", b"jk"), ("logs.groups", b"jk"),
    ("timeline", b"jk"), ("time", b"jk"),
]


def keys_of(pair):
    """Two keys, each whole."""
    half = len(pair) // 2
    return [pair[:half], pair[half:]]


def measure(probe, keys, seconds):
    """(bytes of the first screen, bytes a key p50, milliseconds to paint p50 and p99, bytes a second idle, CPU share)"""
    first = probe.first_bytes
    size, delay = probe.press(keys * 20)
    rate, share = probe.idle(seconds)
    delay = sorted(delay) or [0]
    return (first, sorted(size)[len(size) // 2], delay[len(delay) // 2] * 1000, delay[int(len(delay) * 0.99)] * 1000,
            rate, share)


def compare(command, say, seconds=3):
    """One line a screen, and htop's beside them where it is installed. `command(screen)` starts a console on a screen."""
    say("terminal, 120×40", "first screen", "bytes a key · ms to paint p50, p99 · idle bytes/s, CPU")
    rows = [(screen, command(screen), keys_of(keys)) for screen, keys in SCREENS]
    if shutil.which("htop"):
        rows.append(("htop", ["htop"], [b"\x1b[B", b"\x1b[A"]))
    else:
        print("  skipped 1 row: htop is not installed")
    for name, words, keys in rows:
        probe = Probe(words)
        probe.boot()
        probe.read(0.5, 3)
        first, size, middle, worst, rate, share = measure(probe, keys, seconds)
        say(f"  {name}", f"{first:,} bytes",
            f"{size:,} bytes · {middle:.1f}, {worst:.1f} ms · {rate:.0f} bytes/s, {share * 100:.2f} %")
        probe.quit()
