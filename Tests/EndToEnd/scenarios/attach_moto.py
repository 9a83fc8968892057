"""The console on an endpoint that is not ours: long lists, throttles, operations that are missing, and what only we have."""

import collections
import contextlib
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request

from harness import (
    REGION, Terminal, archive, binary, check, contains, environment, equal, run, scratch, skip, wait_until)

QUEUES, FUNCTIONS = 120, 60
moto = None


def setup():
    global moto
    try:
        import flask  # noqa: F401
        import moto.server  # noqa: F401
    except ImportError:
        skip("moto is not installed (pip install 'moto[server]')")
    moto = Moto()
    moto.fill()


class Moto:
    """moto_server, ended with the scenario: it is the parent's child."""

    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        server = shutil.which("moto_server")
        command = [server] if server else [sys.executable, "-m", "moto.server"]
        self.process = subprocess.Popen(
            [*command, "-H", "127.0.0.1", "-p", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment(), start_new_session=True)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        wait_until(self.answers, "moto's start", 60)

    def answers(self):
        try:
            return self.client("sqs").list_queues()
        except Exception:
            return None

    def client(self, service):
        import boto3

        return boto3.client(
            service, endpoint_url=self.endpoint, region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test")

    def fill(self):
        sqs, functions = self.client("sqs"), self.client("lambda")
        for number in range(QUEUES):
            sqs.create_queue(QueueName=f"queue-{number:03}")
        url = sqs.get_queue_url(QueueName="queue-000")["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"theirs": True}))
        role = self.client("iam").create_role(RoleName="worker", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        code = archive({"index.py": "def handler(event, context):\n    return 1\n"})
        for number in range(FUNCTIONS):
            functions.create_function(
                FunctionName=f"function-{number:02}", Runtime="python3.12", Role=role, Handler="index.handler",
                Code={"ZipFile": code})
        self.client("sns").create_topic(Name="news")
        self.client("logs").create_log_group(logGroupName="/their/logs")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Proxy:
    """Stands before an endpoint (moto, if not said) and answers some requests itself: `answer(operation, how often it was
    asked)` decides. `hidden` begins the targets of a service that it does not have at all."""

    def __init__(self, answer, endpoint=None, hidden=None):
        asked = collections.Counter()
        lock = threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                target = self.headers.get("x-amz-target", "").rpartition(".")[2]
                form = re.search(rb"Action=(\w+)", body)
                operation = target or (form and form[1].decode()) or f"{self.command} {self.path.partition('?')[0]}"
                with lock:
                    asked[operation] += 1
                    count = asked[operation]
                refusal = answer(operation, count)
                if hidden and self.headers.get("x-amz-target", "").startswith(hidden):
                    refusal = 400, "UnknownOperationException", ""
                if refusal:
                    return self.refuse(*refusal, "json" if target else "query" if form else "rest")
                request = urllib.request.Request(
                    (endpoint or moto.endpoint) + self.path, data=body or None, method=self.command,
                    headers={k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length", "connection")})
                try:
                    with urllib.request.urlopen(request, timeout=60) as theirs:
                        return self.reply(theirs.status, theirs.read(), dict(theirs.headers.items()))
                except urllib.error.HTTPError as error:
                    return self.reply(error.code, error.read(), dict(error.headers.items()))

            do_GET = do_POST = do_PUT = do_DELETE = do

            def refuse(self, status, code, message, protocol):
                """In the form in which the operation's protocol tells errors."""
                if protocol == "query":
                    text = f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
                    return self.reply(status, text.encode(), {"content-type": "text/xml"})
                text = json.dumps({"__type": code, "message": message})
                self.reply(status, text.encode(), {"content-type": "application/json", "x-amzn-errortype": code})

            def reply(self, status, body, headers):
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(body)))
                # Whoever left a screen no longer waits for its answers.
                with contextlib.suppress(OSError):
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.asked = asked
        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                """Whoever left a screen has hung up: that is no fault."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Attached(Terminal):
    def __init__(self, screen, columns=100, rows=30, endpoint=None, options="", variables=""):
        super().__init__(columns, rows)
        self.run(f"{variables} {binary()} attach {endpoint or moto.endpoint} --open '{screen}' {options}")

    def leave(self):
        self.type("q")
        equal(self.finish()[0], 0, "the exit status")


def test_long_lists_are_read_to_their_end():
    with Attached("sqs.queues") as console:
        console.wait_for("queue-000")
        console.wait_for(f" {QUEUES} ─")
        console.key("End")
        console.wait_for(f"queue-{QUEUES - 1}")
        console.type("/")
        console.type("~-0[12]7")
        console.wait_for(f"2 of {QUEUES}")
        console.key("Escape")
        console.wait_for(f"2 of {QUEUES}", gone=True)
        console.leave()
    with Attached("lambda.functions") as console:
        console.wait_for("function-00")
        console.key("End")
        console.wait_for(f"function-{FUNCTIONS - 1}")
        console.leave()


def test_where_one_is_stands_on_every_screen():
    for screen in ["home", "sqs.queues", "lambda.functions", "states.machines", "cloudwatch.alarms", "logs.groups", "sns.topics"]:
        with Attached(screen, 80, 24) as console:
            top = wait_until(
                lambda: next((l for l in console.screen().split("\n")[:1] if f"127.0.0.1:{moto.port}" in l), None),
                f"the endpoint in the top line of {screen}")
            contains(top, f"123456789012 {REGION}", f"account and region in the top line of {screen}")
            check("▲" not in top, "a local endpoint looks like production")
            console.leave()


def test_production_is_marked():
    folder = scratch("configuration")
    config, keys = os.path.join(folder, "config"), os.path.join(folder, "credentials")
    with open(config, "w") as file:
        file.write(f"[profile shop-prod]\nregion = {REGION}\n")
    with open(keys, "w") as file:
        file.write("[shop-prod]\naws_access_key_id = test\naws_secret_access_key = test\n")
    variables = f"AWS_CONFIG_FILE={config} AWS_SHARED_CREDENTIALS_FILE={keys}"
    with Attached("sqs.queues", options="--profile shop-prod", variables=variables) as console:
        console.wait_for("queue-000")
        contains(console.screen().split("\n")[0], f"▲ http://127.0.0.1:{moto.port}", "the top line")
        console.leave()


def test_only_the_engine_has_time_and_reasons():
    with Attached("sqs.queues") as console:
        console.wait_for("queue-000")
        console.type("w")
        console.wait_for("Only Skua's own engine")
        console.type("T")
        console.wait_for("This endpoint's time is its own.")
        console.key("Escape")
        console.wait_for("queue-000")
        console.type("!")
        console.wait_for("Only Skua's own engine looks for what is wrong.")
        console.key("Escape")
        console.wait_for("queue-000")
        console.leave()


def test_read_only():
    with Attached("sqs.queues", options="--read-only") as console:
        console.wait_for("queue-000")
        contains(console.screen().split("\n")[0], "read-only", "the top line")
        console.type("n")
        console.wait_for("The console is read-only")
        check("Create queue" not in console.screen(), "a form is asked that cannot be sent")
        console.leave()
    equal(len(moto.client("sqs").list_queues(MaxResults=1000)["QueueUrls"]), QUEUES, "queues after a read-only visit")


def throttle(operation, count):
    """Every second request of each operation is one too many."""
    if count % 2 == 1:
        return 400, "ThrottlingException", "Rate exceeded"
    return None


def test_throttles_are_waited_out():
    with Proxy(throttle) as proxy:
        with Attached("sqs.queues", endpoint=proxy.endpoint) as console:
            console.wait_for("queue-000", 60)
            console.wait_for(f" {QUEUES} ─", 60)
            check(proxy.asked["ListQueues"] > 1, "nothing was throttled")
            console.leave()


def test_missing_operations_are_said_and_the_rest_works():
    def answer(operation, _):
        if operation in ("ListQueues", "DescribeAlarms"):
            return 501, "NotImplemented", f"{operation} is not there"
        return None

    with Proxy(answer) as proxy:
        with Attached("home", endpoint=proxy.endpoint) as console:
            # The map is of what answers, and says what did not.
            console.wait_for("function-00")
            console.wait_for("SQS did not answer")
            console.type(":")
            console.wait_for("Palette")
            console.type("SQS queues")
            console.wait_for("› SQS queues")
            console.key("Enter")
            console.wait_for("is not there")
            console.key("Escape")
            console.wait_for("function-00")
            console.leave()


def test_the_end():
    moto.stop()


if __name__ == "__main__":
    run(globals())
