"""More than one console: a second one attaches to the first one's world, and `skua show` prints any world or endpoint."""

import json
import os
import shutil
import signal
import subprocess
import sys

from harness import (
    REGION, ROLE, Engine, Terminal, binary, check, contains, environment, equal, make_function, run, scratch, skip, wait_until)

engine = None


def setup():
    global engine
    engine = Engine()
    engine.client("sqs").create_queue(QueueName="orders")
    engine.client("sqs").send_message(QueueUrl=queue("orders"), MessageBody="hello from the client")


def queue(name):
    return engine.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]


def show(*arguments, fails=None, **extra):
    """`skua show …`: its text, or its error."""
    done = subprocess.run(
        [binary(), "show", *arguments], capture_output=True, text=True, timeout=60, env=environment(**extra), stdin=subprocess.DEVNULL)
    if fails is not None:
        equal(done.returncode, fails, f"the status of skua show {' '.join(arguments)} ({done.stderr.strip()})")
        return done.stderr
    equal(done.returncode, 0, f"skua show {' '.join(arguments)} ({done.stderr.strip()})")
    return done.stdout


def test_list_of_screens():
    text = show()
    for name in ["home", "sqs.queues", "sqs.queue QUEUE", "lambda.functions", "states.machines"]:
        contains(text, name, "the list of screens")


def test_show_of_a_running_world():
    text = show("sqs.queues", "--world", engine.world)
    contains(text, "orders", "the screen")
    check("\x1b" not in text, "escape sequences in plain text")
    text = show("sqs.queue", "orders", "--world", engine.world)
    contains(text, "hello from the client", "the queue's screen")
    # Looking is not receiving.
    got = engine.client("sqs").receive_message(
        QueueUrl=queue("orders"), VisibilityTimeout=0, MessageSystemAttributeNames=["All"])["Messages"][0]
    equal(got["Attributes"]["ApproximateReceiveCount"], "1", "the receive count")
    text = show("sqs.queues", "--world", engine.world, "--ascii")
    check(text.isascii(), f"--ascii prints {[c for c in text if ord(c) > 127][:5]}")


def test_every_screen_can_be_shown():
    make_function(engine, "shown", "def handler(event, context):\n    return 1\n")
    states = engine.client("stepfunctions")
    machine = states.create_state_machine(name="shown", roleArn=ROLE, definition=json.dumps(
        {"StartAt": "OnlyState", "States": {"OnlyState": {"Type": "Pass", "End": True}}}))["stateMachineArn"]
    arn = states.start_execution(stateMachineArn=machine, name="run")["executionArn"]
    wait_until(lambda: states.describe_execution(executionArn=arn)["status"] == "SUCCEEDED", "the execution's end")
    contains(show("lambda.function", "shown", "--world", engine.world), "shown", "the function's screen")
    contains(show("states.machine", "shown", "--world", engine.world), "run", "the machine's screen")
    contains(show("states.execution", arn, "--world", engine.world), "OnlyState", "the execution's screen")
    usages = [line.strip() for line in show().splitlines() if line and not line.startswith(" ")]
    known = {"QUEUE": "orders", "FUNCTION": "shown", "MACHINE": "shown", "EXECUTION": arn}
    for usage in usages:
        parts = usage.split()
        wanted = [p for p in parts[1:] if not p.endswith("?") and p.isupper()]
        if all(p in known for p in wanted):
            check(show(parts[0], *[known[p] for p in wanted], "--world", engine.world).strip(), f"{usage} shows nothing")


def test_show_of_a_stopped_world():
    with Engine() as own:
        own.client("sqs").create_queue(QueueName="sleeping")
    contains(show("sqs.queues", "--world", own.world), "sleeping", "the screen")
    own.start()
    own.kill()
    # The endpoint is still announced, but nobody is there.
    check(os.path.exists(os.path.join(own.world, "endpoint")), "no endpoint was announced")
    contains(show("sqs.queues", "--world", own.world), "sleeping", "the screen after kill -9")


def test_show_of_what_is_not_there():
    contains(show("sqs.nothing", "--world", engine.world, fails=64), "sqs.nothing", "the error")
    contains(show("sqs.queues", "--endpoint", "http://127.0.0.1:1", fails=69), "127.0.0.1:1", "the error")
    text = show("sqs.queue", "nowhere", "--world", engine.world)
    contains(text.lower(), "does not exist", "the screen of a queue that is not there")


def test_show_of_another_emulator():
    server = shutil.which("moto_server")
    try:
        import moto  # noqa: F401
    except ImportError:
        skip("moto is not installed")
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [server] if server else [sys.executable, "-m", "moto.server"]
    process = subprocess.Popen(
        [*command, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=environment(), start_new_session=True)
    try:
        import boto3

        sqs = boto3.client(
            "sqs", endpoint_url=f"http://127.0.0.1:{port}", region_name=REGION, aws_access_key_id="test",
            aws_secret_access_key="test")

        def ready():
            try:
                return sqs.create_queue(QueueName="elsewhere")
            except Exception:
                return None

        url = wait_until(ready, "moto's start", 60)["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="theirs")
        text = show("sqs.queues", "--endpoint", f"http://127.0.0.1:{port}")
        contains(text, "elsewhere", "the screen over moto")
        with Terminal() as terminal:
            terminal.run(f"{binary()} attach http://127.0.0.1:{port} --open sqs.queues")
            terminal.wait_for("elsewhere")
            contains(terminal.screen(), f"127.0.0.1:{port}", "the top line")
            terminal.type("q")
            equal(terminal.finish()[0], 0, "the exit status")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_second_console_attaches():
    world = scratch("world")
    with Terminal() as first, Terminal() as second:
        first.run(f"{binary()} --world {world} --port 0 --open sqs.queues")
        endpoint = wait_until(lambda: announced(world), "the first console's endpoint")
        first.wait_for("SQS")
        second.run(f"{binary()} --world {world} --open sqs.queues")
        second.wait_for(endpoint.partition("//")[2])
        engine_of(endpoint).create_queue(QueueName="both-see-it")
        first.wait_for("both-see-it")
        second.wait_for("both-see-it")
        second.type("q")
        equal(second.finish()[0], 0, "the second one's exit status")
        equal(len(engine_of(endpoint).list_queues()["QueueUrls"]), 1, "queues after the second one's end")
        first.type("q")
        equal(first.finish()[0], 0, "the first one's exit status")


def test_console_outlives_the_engine_it_is_attached_to():
    own = Engine()
    own.client("sqs").create_queue(QueueName="gone-soon")
    with Terminal() as terminal:
        terminal.run(f"{binary()} attach {own.endpoint} --open sqs.queues")
        terminal.wait_for("gone-soon")
        own.kill()
        terminal.type("r")
        terminal.wait_for("gone-soon")
        own.restart()
        own.client("sqs").create_queue(QueueName="back-again")

        def refreshed():
            terminal.type("r")
            return "back-again" in terminal.screen()

        wait_until(refreshed, "the console finding its engine again", interval=0.2)
        terminal.type("q")
        equal(terminal.finish()[0], 0, "the exit status")


def announced(world):
    try:
        with open(os.path.join(world, "endpoint")) as file:
            return file.read().strip()
    except OSError:
        return None


def engine_of(endpoint):
    import boto3

    return boto3.client(
        "sqs", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")


if __name__ == "__main__":
    run(globals())
