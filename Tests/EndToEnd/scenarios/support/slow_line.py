"""A slow line between a terminal and a program: `slow_line.py SECONDS COMMAND…`.

Every byte is held back in both directions for the same time, as on a far host, and what is typed arrives byte by byte, so
that the parts of a key's sequence come apart. Sizes are passed on; the end of either side ends the other.
"""

import collections
import errno
import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time
import tty

DELAY, COMMAND = float(sys.argv[1]), sys.argv[2:]
# How far apart the bytes of one key arrive: less than any program takes for a key of its own.
GAP = 0.002


def pass_size_on(*_):
    fcntl.ioctl(master, termios.TIOCSWINSZ, fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))


before = termios.tcgetattr(0)
child, master = pty.fork()
if child == 0:
    os.execvp(COMMAND[0], COMMAND)
tty.setraw(0)
signal.signal(signal.SIGWINCH, pass_size_on)
pass_size_on()
for number in (signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, lambda *_: (os.close(master), sys.exit(1)))

# (when it may arrive, where, what), oldest first.
on_the_way = collections.deque()
last_typed = 0.0
open_sides = {0, master}
while master in open_sides or on_the_way:
    wait = max(0, min(item[0] for item in on_the_way) - time.monotonic()) if on_the_way else None
    try:
        ready, _, _ = select.select(list(open_sides), [], [], wait)
    except InterruptedError:
        continue
    now = time.monotonic()
    for side in ready:
        try:
            data = os.read(side, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data and side == 0:
            # The terminal is gone: the program must hear of it as it would there.
            os.close(master)
            sys.exit(1)
        if not data:
            open_sides.discard(side)
        elif side == master:
            on_the_way.append((now + DELAY, 1, data))
        else:
            for index in range(len(data)):
                last_typed = max(now + DELAY, last_typed + GAP)
                on_the_way.append((last_typed, master, data[index:index + 1]))
    # What was typed in pieces may be due later than what was drawn after it.
    now = time.monotonic()
    due = [item for item in on_the_way if item[0] <= now]
    on_the_way = collections.deque(item for item in on_the_way if item[0] > now)
    for _, target, data in sorted(due, key=lambda item: item[0]):
        while data:
            data = data[os.write(target, data):]
termios.tcsetattr(0, termios.TCSADRAIN, before)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
