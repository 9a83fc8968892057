"""Measures Skua's release build against its budgets, and beside moto_server in the same run.

  python3 Benchmarks/run.py [--only WORD] [--seconds N]

Every line is one figure, its budget, and whether it holds. Nothing fails because of a slow machine: figures are told,
not asserted.
"""
import argparse
import base64
import contextlib
import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import zipfile

import language
from terminal import Probe, compare

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SKUA = os.environ.get("SKUA_BINARY") or os.path.join(ROOT, ".build", "release", "skua")
AUTH = "AWS4-HMAC-SHA256 Credential=bench/20260101/us-east-1/%s/aws4_request, SignedHeaders=host, Signature=0"
ROLE = "arn:aws:iam::123456789012:role/bench"


def say(what, figure, budget=""):
    print(f"{what:<58} {figure:>16}   {budget}", flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def rss_mib(pid):
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmRSS:\s+(\d+)", f.read()).group(1)) / 1024


class Endpoint:
    """A server with an AWS endpoint, and calls to it on one kept connection."""

    def __init__(self, command, port):
        self.port = port
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.connection = None
        self.first_answer = self.wait()

    def wait(self, limit=60):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                self.call("sqs", "AmazonSQS.ListQueues", {})
                return time.monotonic() - self.started
            except (OSError, http.client.HTTPException):
                self.connection = None
                time.sleep(0.001)
        raise SystemExit("the endpoint does not answer")

    def call(self, service, target, body, version="1.0"):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.request("POST", "/", json.dumps(body), {
            "Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target, "Authorization": AUTH % service})
        return self.answer()

    def rest(self, service, method, path, body=b"", headers=None):
        self.connection.request(method, path, body, {"Authorization": AUTH % service, **(headers or {})})
        return self.answer()

    def answer(self):
        reply = self.connection.getresponse()
        data = reply.read()
        if reply.status >= 300:
            raise SystemExit(f"{reply.status}: {data[:300]}")
        return json.loads(data) if data else {}

    def query(self, service, **fields):
        """A call by the query protocol: SNS's."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        body = urllib.parse.urlencode({"Version": "2010-03-31", **fields})
        self.connection.request("POST", "/", body, {
            "Content-Type": "application/x-www-form-urlencoded", "Authorization": AUTH % service})
        reply = self.connection.getresponse()
        data = reply.read().decode()
        if reply.status >= 300:
            raise SystemExit(f"{reply.status}: {data[:300]}")
        return data

    def queue(self, name, **attributes):
        return self.call("sqs", "AmazonSQS.CreateQueue", {"QueueName": name, "Attributes": attributes})["QueueUrl"]

    def fill(self, url, count, size=256):
        entries = [{"Id": str(i), "MessageBody": "x" * size} for i in range(10)]
        for _ in range(count // 10):
            self.call("sqs", "AmazonSQS.SendMessageBatch", {"QueueUrl": url, "Entries": entries})

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(20)


def skua(world, *options):
    port = free_port()
    return Endpoint([SKUA, "serve", "--world", world, "--port", str(port), *options], port)


def moto():
    port = free_port()
    return Endpoint([sys.executable, "-m", "moto.server", "-p", str(port)], port)


def wrk(script, port, url, connections, seconds):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", os.path.join(ROOT, "Benchmarks", script),
         f"http://127.0.0.1:{port}/"],
        env=dict(os.environ, QUEUE_URL=url), capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    return float(found.group(1)) if found else 0.0


def bench_sqs(seconds):
    for name, start in (("skua", lambda w: skua(w)), ("moto", lambda w: moto())):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
            server = start(world)
            if name == "skua":
                say("skua serve: start to first answer, new world", f"{server.first_answer * 1000:.0f} ms", "≤ 50 ms")
                say("skua serve: resident memory idle", f"{rss_mib(server.process.pid):.0f} MiB", "≤ 40 MiB")
            url = server.queue("bench-send")
            budgets = {1: "≥ 8,000", 32: "≥ 20,000"} if name == "skua" else {}
            for connections in (1, 8, 32):
                rate = wrk("send.lua", server.port, url, connections, seconds)
                say(f"{name}: SendMessage, {connections} connections", f"{rate:,.0f} req/s", budgets.get(connections, ""))
            rates = {}
            for backlog in (0, 700 if name == "moto" else 100_000):
                url = server.queue(f"bench-receive-{backlog}")
                server.fill(url, backlog + (2_000 if name == "moto" else 60_000))
                if backlog == 0:
                    url = server.queue("bench-receive-empty")
                    server.fill(url, 300 if name == "moto" else 20_000)
                rates[backlog] = wrk("receive.lua", server.port, url, 1, seconds)
                say(f"{name}: receive+delete, {backlog:,} behind", f"{rates[backlog]:,.0f} req/s")
            behind = [b for b in rates if b][0]
            if rates[0]:
                budget = "≥ 80 %" if name == "skua" else ""
                say(f"{name}: backlog against empty", f"{rates[behind] / rates[0] * 100:.0f} %", budget)
            server.stop()


def bench_states():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        server = skua(world)
        states = {f"P{i}": {"Type": "Pass", "Next": f"P{i + 1}"} for i in range(2_000)}
        states["P2000"] = {"Type": "Succeed"}
        machine = create_machine(server, "long", {"StartAt": "P0", "States": states})
        start = time.monotonic()
        arns = [run(server, machine) for _ in range(10)]
        for arn in arns:
            until_done(server, arn)
        say("state transitions", f"{20_000 / (time.monotonic() - start):,.0f} /s", "≥ 20,000")
        three = create_machine(server, "three", {"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "End": True}}})
        times = []
        for _ in range(100):
            start = time.monotonic()
            until_done(server, run(server, three))
            times.append(time.monotonic() - start)
        say("three-Pass execution, start to SUCCEEDED, p50", f"{sorted(times)[50] * 1000:.2f} ms", "≤ 3 ms")
        server.stop()


def create_machine(server, name, definition):
    return server.call("states", "AWSStepFunctions.CreateStateMachine", {
        "name": name, "definition": json.dumps(definition), "roleArn": ROLE})["stateMachineArn"]


def run(server, machine):
    return server.call("states", "AWSStepFunctions.StartExecution", {"stateMachineArn": machine})["executionArn"]


def until_done(server, arn):
    while server.call("states", "AWSStepFunctions.DescribeExecution", {"executionArn": arn})["status"] == "RUNNING":
        pass


def bench_lambda():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        server = skua(world)
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as z:
            z.writestr("index.py", "def handler(event, context):\n    return event\n")
        code = base64.b64encode(archive.getvalue()).decode()
        cold, warm = [], []
        for i in range(10):
            server.rest("lambda", "POST", "/2015-03-31/functions", json.dumps({
                "FunctionName": f"f{i}", "Runtime": "python3.13", "Role": ROLE, "Handler": "index.handler",
                "Code": {"ZipFile": code}}))
            path = f"/2015-03-31/functions/f{i}"
            while server.rest("lambda", "GET", path + "/configuration")["State"] == "Pending":
                pass
            start = time.monotonic()
            server.rest("lambda", "POST", path + "/invocations", b"{}")
            cold.append(time.monotonic() - start)
        for _ in range(200):
            start = time.monotonic()
            server.rest("lambda", "POST", "/2015-03-31/functions/f0/invocations", b"{}")
            warm.append(time.monotonic() - start)
        say("Python invoke, cold, p50 of 10", f"{sorted(cold)[5] * 1000:.1f} ms", "≤ 120 ms")
        say("Python invoke, warm, p50 of 200", f"{sorted(warm)[100] * 1000:.2f} ms", "≤ 5 ms")
        server.stop()


def p99(delays):
    return sorted(delays)[int(len(delays) * 0.99)] * 1000


def depth(server, url):
    return int(server.call("sqs", "AmazonSQS.GetQueueAttributes", {
        "QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]})["Attributes"]["ApproximateNumberOfMessages"])


def wait_for(what, limit=120):
    end = time.monotonic() + limit
    while not what():
        if time.monotonic() > end:
            raise SystemExit("what was sent does not arrive")


def fan_out(server, publishes):
    """One topic, 100 queues: deliveries a second, and the 99th percentile from publishing to lying in every queue."""
    topic = re.search("<TopicArn>(.*?)<", server.query("sns", Action="CreateTopic", Name="fan"))[1]
    urls = [server.queue(f"fan-{i}") for i in range(100)]
    for i in range(100):
        server.query("sns", Action="Subscribe", TopicArn=topic, Protocol="sqs",
                     Endpoint=f"arn:aws:sqs:us-east-1:123456789012:fan-{i}")
    delays = []
    start = time.monotonic()
    for _ in range(publishes):
        began = time.monotonic()
        server.query("sns", Action="Publish", TopicArn=topic, Message="x" * 256)
        delays.append(time.monotonic() - began)
    wait_for(lambda: depth(server, urls[-1]) == publishes and depth(server, urls[0]) == publishes)
    return publishes * 100 / (time.monotonic() - start), p99(delays)


def put_rules(server, bus, count, target=None):
    server.call("events", "AWSEvents.CreateEventBus", {"Name": bus}, "1.1")
    for i in range(count):
        server.call("events", "AWSEvents.PutRule", {
            "Name": f"r{i}", "EventBusName": bus,
            "EventPattern": json.dumps({"source": [f"s{i}"], "detail": {"n": [{"numeric": [">=", 0]}]}})}, "1.1")
        if target:
            server.call("events", "AWSEvents.PutTargets", {
                "Rule": f"r{i}", "EventBusName": bus, "Targets": [{"Id": "1", "Arn": target}]}, "1.1")


def put_events(server, bus, count, sources):
    """In batches of ten: events a second, and the 99th percentile of a batch."""
    delays = []
    start = time.monotonic()
    for batch in range(count // 10):
        entries = [{"Source": f"s{(batch * 10 + i) % sources}", "DetailType": "t", "EventBusName": bus,
                    "Detail": json.dumps({"n": i, "text": "x" * 200})} for i in range(10)]
        began = time.monotonic()
        server.call("events", "AWSEvents.PutEvents", {"Entries": entries}, "1.1")
        delays.append(time.monotonic() - began)
    return count / (time.monotonic() - start), p99(delays)


def create_schedules(server, count, expression, target):
    start = time.monotonic()
    for i in range(count):
        server.rest("scheduler", "POST", f"/schedules/s{i}", json.dumps({
            "ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": target, "RoleArn": ROLE, "Input": "{}"}}).encode(), {"Content-Type": "application/json"})
    return count / (time.monotonic() - start)


def bench_push():
    rates = {}
    for name, start, publishes, events in (("skua", skua, 500, 10_000), ("moto", lambda _: moto(), 10, 500)):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
            server = start(world)
            rate, delay = fan_out(server, publishes)
            say(f"{name}: one message to 100 queues", f"{rate:,.0f} deliveries/s")
            say(f"{name}: from publishing to lying in all 100, p99", f"{delay:.1f} ms")
            url, target = server.queue("events"), "arn:aws:sqs:us-east-1:123456789012:events"
            put_rules(server, "hundred", 100, target)
            event_rate, delay = put_events(server, "hundred", events, 100)
            wait_for(lambda: depth(server, url) == events)
            say(f"{name}: {events:,} events through 100 rules to a queue", f"{event_rate:,.0f} events/s")
            say(f"{name}: a batch of ten events, p99", f"{delay:.1f} ms")
            due = time.strftime("at(%Y-%m-%dT%H:%M:30)", time.gmtime(time.time() + 86_400))
            created = create_schedules(server, 10_000 if name == "skua" else 500, due, target)
            say(f"{name}: CreateSchedule", f"{created:,.0f} req/s")
            rates[name] = (rate, event_rate, created)
            if name == "skua":
                storm(server)
                flatness(server)
            server.stop()
    for index, what in enumerate(("fan-out", "events", "CreateSchedule")):
        say(f"{what}: skua against moto", f"{rates['skua'][index] / rates['moto'][index]:.1f} ×")


def storm(server):
    """The 10,000 schedules made before are due at once: moto runs none."""
    url = server.queue("events")
    before = depth(server, url)
    start = time.monotonic()
    server.call("skua", "Skua_20261123.JumpClock", {"BySeconds": 2 * 86_400}, "1.1")
    wait_for(lambda: depth(server, url) >= before + 10_000)
    took = time.monotonic() - start
    say("skua: 10,000 schedules due in one minute, all run", f"{took:.2f} s")
    say("skua: schedules run", f"{10_000 / took:,.0f} /s")


def flatness(server):
    rates = []
    for count in (10, 10_000):
        put_rules(server, f"bus-{count}", count)
        rates.append(put_events(server, f"bus-{count}", 10_000, 10)[0])
        say(f"skua: PutEvents beside {count:,} rules", f"{rates[-1]:,.0f} events/s")
    say("skua: 10,000 rules against 10", f"{rates[1] / rates[0] * 100:.0f} %", "≥ 80 %")


def bench_console():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        server = skua(world)
        for i in range(120):
            server.queue(f"queue-{i:03}")
        server.stop()
        probe = Probe([SKUA, "--world", world, "--port", str(free_port()), "--open", "sqs.queues"])
        say("console: start to first frame, existing world", f"{probe.boot() * 1000:.0f} ms", "≤ 150 ms")
        probe.read(0.5, 3)
        down, up = b"\x1b[B", b"\x1b[A"
        size, delay = probe.press([down, down, down, up] * 25)
        say("console: bytes to move the selection, p50", sorted(size)[len(size) // 2], "≤ 300")
        say("console: key to paint, p99", f"{sorted(delay)[int(len(delay) * 0.99)] * 1000:.1f} ms", "≤ 10 ms")
        size, _ = probe.press([down] * 60)
        say("console: bytes to scroll by one, p50 of the last", sorted(size[-15:])[7], "≤ 450")
        probe.read(0.5, 3)
        rate, share = probe.idle(5)
        say("console: bytes a second idle", f"{rate:.1f}", "0")
        say("console: CPU idle", f"{share * 100:.2f} %", "< 0.5 %")
        say("console: resident memory", f"{rss_mib(probe.pid):.0f} MiB", "≤ 60 MiB")
        probe.quit()
    with demo_world() as world:
        compare(lambda screen: [SKUA, "--world", world, "--port", str(free_port()), "--open", screen], say)


@contextlib.contextmanager
def demo_world():
    """A demo world without traffic, so that what is idle is idle."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        port = free_port()
        process = subprocess.Popen(
            [SKUA, "serve", "--demo", "--world", world + "/world", "--port", str(port)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        for line in process.stdout:
            if "ready" in line:
                break
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("POST", "/", json.dumps({"IsEnabled": False}), {
            "content-type": "application/x-amz-json-1.1", "x-amz-target": "Skua_20261123.SetTraffic"})
        connection.getresponse().read()
        process.send_signal(signal.SIGTERM)
        process.wait()
        yield world + "/world"


def bench_layout():
    flags = ["--configuration", "release", "--static-swift-stdlib", "-Xlinker", "-s"]
    subprocess.run(["swift", "build", *flags, "--product", "LayoutBenchmark"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    output = subprocess.run([os.path.join(ROOT, ".build", "release", "LayoutBenchmark")], check=True,
                            capture_output=True, text=True).stdout
    for line in output.splitlines():
        name, figure = line.split()
        say(f"graph of 200 boxes laid out, {name}, p50 of 20", f"{float(figure):.1f} ms", "≤ 50 ms")


def bench_history():
    """An execution with all the events that AWS allows, opened and scrolled."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        server = skua(world)
        inner = {"StartAt": "Work", "States": {
            "Work": {"Type": "Pass", "Next": "Done"}, "Done": {"Type": "Succeed"}}}
        machine = create_machine(server, "long", {"StartAt": "Each", "States": {
            "Each": {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": inner, "End": True}}})
        start = time.monotonic()
        arn = server.call("states", "AWSStepFunctions.StartExecution", {
            "stateMachineArn": machine, "name": "run", "input": json.dumps({"items": list(range(4150))})},
            version="1.0")["executionArn"]
        until_done(server, arn)
        say("history: 24,900 events written", f"{time.monotonic() - start:.1f} s")
        server.stop()
        probe = Probe([SKUA, "--world", world, "--port", str(free_port()), "--open", "states.execution long/run"])
        probe.boot()
        probe.read(1.5, 5)
        probe.press([b"3"])
        probe.read(1, 5)
        down, up = b"\x1b[B", b"\x1b[A"
        size, delay = probe.press([down, down, down, up] * 25)
        say("history: bytes to move the selection, p50", sorted(size)[len(size) // 2], "≤ 450")
        say("history: key to paint, p99", f"{sorted(delay)[int(len(delay) * 0.99)] * 1000:.1f} ms", "≤ 10 ms")
        _, delay = probe.press([b"/", b"M", b"a", b"p", b"I", b"\r"])
        say("history: key to paint while filtering, worst", f"{max(delay) * 1000:.1f} ms", "≤ 100 ms")
        say("history: resident memory", f"{rss_mib(probe.pid):.0f} MiB")
        probe.quit()


def bench_million():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as world:
        server = skua(world)
        url = server.queue("million")
        start = time.monotonic()
        server.fill(url, 1_000_000)
        say("1,000,000 messages sent in batches", f"{time.monotonic() - start:.0f} s")
        say("1,000,000 messages: resident memory", f"{rss_mib(server.process.pid):.0f} MiB", "≤ 700 MiB")
        server.stop(signal.SIGKILL)
        server = skua(world)
        say("1,000,000 messages: restart to first answer", f"{server.first_answer:.1f} s", "≤ 10 s")
        count = server.call("sqs", "AmazonSQS.GetQueueAttributes", {
            "QueueUrl": url, "AttributeNames": ["ApproximateNumberOfMessages"]})["Attributes"]
        say("1,000,000 messages: there after kill -9", f"{int(count['ApproximateNumberOfMessages']):,}", "1,000,000")
        server.stop()


def main():
    seconds = 5
    benches = {
        "sqs": lambda: bench_sqs(seconds),
        "push": bench_push,
        "states": bench_states,
        "language": lambda: language.bench(say, seconds),
        "lambda": bench_lambda,
        "console": bench_console,
        "layout": bench_layout,
        "history": bench_history,
        "million": bench_million,
    }
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", choices=[*benches, ""], help="one of: " + ", ".join(benches))
    parser.add_argument("--seconds", type=int, default=seconds, help="of each load")
    arguments = parser.parse_args()
    seconds = arguments.seconds
    if not os.path.exists(SKUA):
        raise SystemExit("build first: make build")
    for name, bench in benches.items():
        if arguments.only in ("", name):
            bench()


main()
