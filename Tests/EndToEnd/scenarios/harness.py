"""What the scenarios share: an engine in a world of its own, real clients, a real terminal, and a way to say what failed.

A scenario is a file with functions `test_…`, run in the order they are written by `run()`. Nothing sleeps for a fixed time:
`wait_until` polls a condition up to a limit. Exit status: 0 passed, 1 failed, 77 cannot run here (the reason is printed).
"""

import atexit
import contextlib
import ctypes
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

SKIPPED = 77
REGION = "us-east-1"
ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/tester"
# A busy machine is slow, not wrong: limits are generous, and only a failure ever waits that long.
LIMIT = float(os.environ.get("SKUA_LIMIT", "30"))

# Processes that lose their parent come to this one, so that none can hide.
PR_SET_CHILD_SUBREAPER = 36
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


# Whoever started us may have blocked signals, which everything below would inherit.
signal.pthread_sigmask(signal.SIG_SETMASK, [])


def binary():
    path = os.environ.get("SKUA_BINARY")
    if not path or not os.access(path, os.X_OK):
        skip("SKUA_BINARY names no program to test")
    return os.path.abspath(path)


# MARK: - Telling what failed


class Skip(Exception):
    pass


def skip(reason):
    raise Skip(reason)


def check(condition, what):
    """Fails the test unless `condition`."""
    if not condition:
        raise AssertionError(what)


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: {actual!r} instead of {expected!r}")


def contains(text, part, what):
    if part not in text:
        raise AssertionError(f"{what}: {part!r} is not in {text!r}")


@contextlib.contextmanager
def refuses(code, message=None, status=None):
    """The call inside must be refused with this error."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        equal(error.response["Error"]["Code"], code, f"the error's code ({error})")
        if message is not None:
            contains(error.response["Error"]["Message"], message, "the error's message")
        if status is not None:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], status, f"the status of {code}")
        return
    raise AssertionError(f"nothing was refused where {code} was due")


def wait_until(condition, what, limit=None, interval=0.02):
    """The first true value of `condition`, polled; fails after `limit` seconds."""
    end = time.monotonic() + (limit or LIMIT)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen within {limit or LIMIT:g} s")
        time.sleep(interval)


def run(namespace):
    """Runs a scenario's tests; arguments name those to run alone."""
    wanted = sys.argv[1:]
    tests = [(n, f) for n, f in namespace.items() if n.startswith("test_") and callable(f)]
    failed = skipped = 0
    # Whoever ends us early must not leave engines behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    atexit.register(clean_up)
    try:
        need_clients()
        namespace.get("setup", lambda: None)()
    except Skip as reason:
        print(f"SKIPPED {reason}", flush=True)
        sys.exit(SKIPPED)
    except AssertionError as error:
        print(f"FAILED  setup: {error}", flush=True)
        sys.exit(1)
    for name, test in tests:
        if wanted and name not in wanted:
            continue
        start = time.monotonic()
        try:
            test()
        except Skip as reason:
            skipped += 1
            print(f"SKIPPED {name}: {reason}", flush=True)
            continue
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            failed += 1
            print(f"FAILED  {name}: {error}", flush=True)
            frames = traceback.extract_tb(error.__traceback__)
            here = [f for f in frames if f.filename.endswith(".py") and "scenarios" in f.filename]
            for frame in here or frames[-3:]:
                print(f"        {os.path.basename(frame.filename)}:{frame.lineno}: {frame.line}", flush=True)
            if not isinstance(error, AssertionError):
                print(f"        {type(error).__name__}", flush=True)
        else:
            print(f"passed  {name} ({time.monotonic() - start:.1f} s)", flush=True)
    Engine.stop_all()
    Terminal.stop_all()
    left = wait_for_no_processes()
    if left:
        failed += 1
        print("FAILED  processes are left over:", flush=True)
        for line in left:
            print("        " + line, flush=True)
    if failed == 0 and skipped and skipped == len(tests):
        sys.exit(SKIPPED)
    sys.exit(1 if failed else 0)


def clean_up():
    """What must happen however a scenario ends."""
    Engine.stop_all()
    Terminal.stop_all()
    kill_all(processes_left())
    if _scratch:
        shutil.rmtree(_scratch, ignore_errors=True)


# MARK: - Processes and files

_scratch = None


def scratch(name):
    """A new folder, removed when the scenario ends."""
    global _scratch
    if _scratch is None:
        _scratch = tempfile.mkdtemp(prefix="skua-e2e-")
    folder = tempfile.mkdtemp(prefix=name + "-", dir=_scratch)
    return folder


def descendants(root=None):
    """Every living process below `root` (this one, if not said), as {pid: command line}; the dead are reaped."""
    root = root or os.getpid()
    parents, commands = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", errors="replace") as file:
                state, parent = file.read().rpartition(")")[2].split()[:2]
            with open(f"/proc/{entry}/cmdline", errors="replace") as file:
                command = file.read().replace("\0", " ").strip()
        except OSError:
            continue
        if state != "Z":
            parents[int(entry)], commands[int(entry)] = int(parent), command
    found = {}
    grown = True
    while grown:
        grown = False
        for pid, parent in parents.items():
            if pid not in found and (parent == root or parent in found):
                found[pid] = commands[pid]
                grown = True
    return found


def processes_left():
    servers = {t.server_pid for t in Terminal.all}
    return [f"{pid} {command}" for pid, command in descendants().items() if pid not in servers]


def wait_for_no_processes(limit=10):
    """Those that are still there after a while."""
    try:
        wait_until(lambda: not processes_left(), "the end of all processes", limit)
        return []
    except AssertionError:
        return processes_left()


def kill_all(lines):
    for line in lines:
        with contextlib.suppress(OSError):
            os.kill(int(line.split()[0]), signal.SIGKILL)


# MARK: - The engine


def environment(**extra):
    """An environment that no configuration of the user's reaches into."""
    base = {k: os.environ[k] for k in ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYENV_ROOT") if k in os.environ}
    base.update(
        LANG="C.UTF-8", AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_DEFAULT_REGION=REGION,
        AWS_CONFIG_FILE="/dev/null", AWS_SHARED_CREDENTIALS_FILE="/dev/null", AWS_PAGER="", AWS_EC2_METADATA_DISABLED="true")
    base.update(extra)
    return base


class Engine:
    """`skua serve` on a world of its own and a port the kernel chose."""

    all = []

    def __init__(self, *arguments, world=None, port=0, start=True, environment=None):
        self.world = world or scratch("world")
        self.port = port
        self.arguments = list(arguments)
        self.environment = environment
        self.process = None
        self.endpoint = None
        self.announcement = []
        self.clients = {}
        Engine.all.append(self)
        if start:
            self.start()

    def start(self):
        command = [binary(), "serve", "--world", self.world, "--port", str(self.port)] + self.arguments
        self.errors = open(os.path.join(scratch("errors"), "stderr"), "w+b")
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.errors,
            env=self.environment or environment(), start_new_session=True)
        line = self.line()
        found = re.search(r"answers at (https?://[^ ]*:(\d+)) ", line)
        if not found:
            self.process.wait()
            raise AssertionError(f"skua serve did not start: {line!r} {self.error_text()!r}")
        self.endpoint, self.port = found[1], int(found[2])
        self.announcement = [line]
        return self

    def line(self, limit=60):
        """The next line of output; what there is, if it ends."""
        text, end = b"", time.monotonic() + limit
        descriptor = self.process.stdout.fileno()
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0, end - time.monotonic()))
            if not ready:
                raise AssertionError(f"skua serve said nothing for {limit} s: {self.error_text()}")
            byte = os.read(descriptor, 1)
            if not byte:
                break
            text += byte
        return text.decode()

    def error_text(self):
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def stop(self, number=signal.SIGTERM, limit=None):
        """Ends it politely. The exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(limit or LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"skua serve did not end within {limit or LIMIT:g} s of signal {number}") from None
        if "--access-log" not in self.arguments:
            equal(self.error_text(), "", "standard error")
        return status

    def kill(self):
        self.process.kill()
        self.process.wait()

    def restart(self):
        return self.start()

    def client(self, service, **options):
        """A boto3 client of this engine; retries are off, so that nothing is papered over."""
        import boto3
        from botocore.config import Config

        key = (service, self.endpoint, json.dumps({k: str(v) for k, v in options.items()}, sort_keys=True))
        if key not in self.clients:
            config = Config(
                retries={"total_max_attempts": 1}, connect_timeout=10, read_timeout=90, max_pool_connections=32,
                inject_host_prefix=not options.pop("plain_host", False))
            options = {"aws_access_key_id": "test", "aws_secret_access_key": "test", **options}
            self.clients[key] = boto3.client(
                service, endpoint_url=self.endpoint, region_name=REGION, config=config, **options)
        return self.clients[key]

    def skua(self, operation, **members):
        """An operation of the engine's own service."""
        status, _, body = self.request(
            "POST", "/", json.dumps(members).encode(),
            {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"Skua_20261123.{operation}"})
        equal(status, 200, f"{operation} {body!r}")
        return json.loads(body)

    def request(self, method, path, body=None, headers=None):
        """Raw HTTP: (status, headers, body)."""
        request = urllib.request.Request(self.endpoint + path, data=body, headers=headers or {}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers.items()), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers.items()), error.read()

    @classmethod
    def stop_all(cls):
        for engine in cls.all:
            if engine.process and engine.process.poll() is None:
                try:
                    engine.stop()
                except AssertionError as error:
                    print(f"        {error}", flush=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()


# MARK: - Functions


def archive(files):
    """A deployment package; a value may be (text, mode)."""
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            text, mode = text if isinstance(text, tuple) else (text, 0o644)
            entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, text)
    return buffer.getvalue()


def make_function(engine, name, source, runtime="python3.13", handler=None, wait=True, client=None, **settings):
    """A function made of one file (or a dictionary of files), ready to run. What CreateFunction answered."""
    aws = client or engine.client("lambda")
    if isinstance(source, str):
        source = {"index.js" if runtime.startswith("nodejs") else "index.py": source}
    answer = aws.create_function(
        FunctionName=name, Runtime=runtime, Role=ROLE, Handler=handler or "index.handler",
        Code={"ZipFile": archive(source)}, **settings)
    if wait:
        wait_until(
            lambda: aws.get_function_configuration(FunctionName=name)["State"] == "Active", f"{name} becoming active")
    return answer


def invoke(engine, name, payload=None, client=None, **options):
    """A synchronous call: (parsed payload, the whole answer)."""
    body = options.pop("body", None) or json.dumps(payload).encode()
    answer = (client or engine.client("lambda")).invoke(FunctionName=name, Payload=body, **options)
    text = answer["Payload"].read()
    return (json.loads(text) if text else None), answer


def need_clients():
    try:
        import boto3  # noqa: F401
    except ImportError:
        skip("boto3 is not installed (pip install boto3 awscli)")


def need_node():
    if not shutil.which("node"):
        skip("node is not installed")


# MARK: - A terminal


class Terminal:
    """A real terminal of `columns` × `rows` (tmux) with a shell in it."""

    all = []
    KEYS = {"\r": "Enter", "\x1b": "Escape", "\t": "Tab", " ": "Space"}

    def __init__(self, columns=120, rows=40, term=None):
        if not shutil.which("tmux"):
            skip("tmux is not installed")
        self.runs = 0
        self.socket = os.path.join(scratch("terminal"), "socket")
        # A window that shows exactly what the program drew: no status line, no waiting after Escape.
        self.configuration = self.socket + ".conf"
        with open(self.configuration, "w") as file:
            file.write("set -g status off\nset -sg escape-time 0\nset -g remain-on-exit on\n")
            file.write("set -g default-terminal tmux-256color\nset -g history-limit 5000\n")
        shell = "exec bash --norc --noprofile"
        self.tmux(
            "new-session", "-d", "-x", str(columns), "-y", str(rows), "-s", "main", shell,
            environment=environment(PS1="ready> ", **({"TERM": term} if term else {})))
        self.server_pid = int(self.tmux("display-message", "-p", "#{pid}"))
        self.shell_pid = int(self.tmux("display-message", "-p", "#{pane_pid}"))
        Terminal.all.append(self)
        self.type("PS1='ready> '\r")
        self.wait_for("ready> ")

    def tmux(self, *arguments, environment=None):
        done = subprocess.run(
            ["tmux", "-f", self.configuration, "-S", self.socket, *arguments], capture_output=True, text=True,
            env=environment)
        if done.returncode != 0:
            raise AssertionError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout.rstrip("\n")

    def screen(self):
        return self.tmux("capture-pane", "-p", "-t", "main")

    def type(self, text):
        """Types characters; control characters as they are."""
        self.tmux("send-keys", "-t", "main", "-l", text)

    def key(self, *names):
        """Presses keys by tmux's names: Enter, Escape, Up, C-c …"""
        self.tmux("send-keys", "-t", "main", *names)

    def paste(self, text):
        """Pastes as a terminal does whose program asked for it: the text arrives whole, and no character of it is a key."""
        self.tmux("set-buffer", "--", text)
        self.tmux("paste-buffer", "-p", "-t", "main")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-t", "main", "-x", str(columns), "-y", str(rows))

    def wait_for(self, text, limit=None, gone=False):
        """Waits until the screen shows `text` (a string, or a compiled pattern); returns the screen."""
        def shown():
            screen = self.screen()
            found = text.search(screen) if hasattr(text, "search") else text in screen
            return screen if bool(found) != gone else None

        name = getattr(text, "pattern", text)
        try:
            return wait_until(shown, f"{name!r} {'leaving' if gone else 'on'} the screen", limit, interval=0.005)
        except AssertionError as error:
            raise AssertionError(f"{error}; the screen:\n{self.screen()}") from None

    def run(self, command):
        """Starts a command in the shell; `finish` waits for its end."""
        # Numbered, so that the end of the command before is not taken for this one's.
        self.runs += 1
        self.type("clear; " + command + f'; echo "status.{self.runs}=$?"\r')

    def finish(self, limit=None):
        """Waits for the command's end: (its exit status, the screen)."""
        ending = re.compile(rf"^status\.{self.runs}=(\d+)$", re.M)
        screen = self.wait_for(ending, limit)
        return int(ending.findall(screen)[-1]), screen

    def settings(self):
        """A sum of the terminal's line settings, which are too long for a narrow window."""
        self.type("clear; echo settings=$(stty -g | cksum | cut -d' ' -f1)\r")
        screen = self.wait_for(re.compile(r"^settings=\S+", re.M))
        return re.search(r"^settings=(\S+)", screen, re.M)[1]

    def modes(self):
        """What a full-screen program must have given back: alternate screen, cursor, mouse, keypad, paste."""
        names = ["alternate_on", "cursor_flag", "mouse_any_flag", "keypad_flag", "keypad_cursor_flag"]
        return self.tmux("display-message", "-p", "-t", "main", " ".join("#{%s}" % n for n in names))

    def children(self):
        """Processes below the shell."""
        return descendants(self.shell_pid)

    def close(self):
        with contextlib.suppress(AssertionError):
            self.tmux("kill-server")
        Terminal.all.remove(self)

    @classmethod
    def stop_all(cls):
        for terminal in list(cls.all):
            terminal.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
