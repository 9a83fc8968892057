"""kill -9 under load: whatever was acknowledged is there afterwards, and what was under way goes on.

SKUA_KILLS says how often (5), SKUA_SEED when.
"""

import collections
import datetime
import http.client
import itertools
import json
import os
import random
import threading

from harness import (
    ACCOUNT, REGION, ROLE, Engine, archive, check, equal, invoke, make_function, processes_left, run, wait_for_no_processes,
    wait_until)

KILLS = int(os.environ.get("SKUA_KILLS", "5"))
SEED = int(os.environ.get("SKUA_SEED", "20261123"))
BUSY = 30

engine = None
random_source = random.Random(SEED)
urls = {}


class Connection:
    """Unsigned calls in AWS's JSON over one kept connection: cheap, so that the engine has the load and not we."""

    def __init__(self):
        self.http = http.client.HTTPConnection("127.0.0.1", engine.port, timeout=BUSY)

    def call(self, target, version="1.0", **members):
        self.http.request(
            "POST", "/", json.dumps(members),
            {"content-type": f"application/x-amz-json-{version}", "x-amz-target": target})
        answer = self.http.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise AssertionError(f"{target} {answer.status} {body!r}")
        return json.loads(body) if body else {}


class Load:
    """Eight clients that work until their engine is gone, and remember what they were told is done."""

    def __init__(self, round):
        self.round = round
        self.sent = collections.defaultdict(list)
        self.taken = []
        self.in_doubt = []
        self.functions, self.executions, self.metrics = [], [], 0
        self.wrong = []
        self.acknowledged = 0
        self.moment = random_source.randint(30, 900)
        self.due = threading.Event()
        jobs = [
            lambda c, n: self.send(c, n, "plain", "a"), lambda c, n: self.send(c, n, "plain", "b"),
            lambda c, n: self.send(c, n, "line.fifo", "f"), lambda c, n: self.send(c, n, "work", "w"), self.take,
            self.create_function, self.start_execution, self.put_metric]
        self.threads = [threading.Thread(target=self.work, args=(job,)) for job in jobs]

    def work(self, job):
        try:
            connection = Connection()
            for number in itertools.count():
                job(connection, number)
                self.acknowledged += 1
                if self.acknowledged >= self.moment:
                    self.due.set()
        except (OSError, http.client.HTTPException):
            pass  # The engine is gone, as it should be.
        except Exception as error:  # Not merely AssertionError: whatever a thread dies of must be told.
            if type(error).__name__ not in ("EndpointConnectionError", "ConnectionClosedError", "ReadTimeoutError"):
                self.wrong.append(f"{type(error).__name__}: {error}")
                self.due.set()

    def send(self, connection, number, queue, client):
        body = f"{self.round}-{client}-{number}"
        extra = {"MessageGroupId": str(number % 3)} if queue.endswith(".fifo") else {}
        connection.call("AmazonSQS.SendMessage", QueueUrl=urls[queue], MessageBody=body, **extra)
        self.sent[queue].append(body)

    def take(self, connection, number):
        """Sends to itself and deletes half of it."""
        body = f"{self.round}-t-{number}"
        connection.call("AmazonSQS.SendMessage", QueueUrl=urls["taken"], MessageBody=body)
        self.sent["taken"].append(body)
        for message in connection.call("AmazonSQS.ReceiveMessage", QueueUrl=urls["taken"]).get("Messages", []):
            if int(message["Body"].rpartition("-")[2]) % 2:
                self.in_doubt.append(message["Body"])
                connection.call("AmazonSQS.DeleteMessage", QueueUrl=urls["taken"], ReceiptHandle=message["ReceiptHandle"])
                self.in_doubt.remove(message["Body"])
                self.taken.append(message["Body"])

    def create_function(self, connection, number):
        name = f"f-{self.round}-{number}"
        engine.client("lambda").create_function(
            FunctionName=name, Runtime="python3.13", Role=ROLE, Handler="index.handler", Code={"ZipFile": CODE})
        self.functions.append(name)

    def start_execution(self, connection, number):
        arn = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:long"
        answer = connection.call(
            "AWSStepFunctions.StartExecution", stateMachineArn=arn, name=f"x-{self.round}-{number}", input=json.dumps({"n": number}))
        self.executions.append((answer["executionArn"], number))

    def put_metric(self, connection, number):
        engine.client("cloudwatch").put_metric_data(
            Namespace="Load", MetricData=[{"MetricName": f"round-{self.round}", "Value": 1.0}])
        self.metrics += 1


CODE = archive({"index.py": "def handler(event, context):\n    return event\n"})


def setup():
    global engine
    engine = Engine()
    sqs = engine.client("sqs")
    for name, attributes in [
            ("plain", {}), ("taken", {"VisibilityTimeout": "3"}), ("work", {"VisibilityTimeout": "6"}), ("handled", {}),
            ("line.fifo", {"FifoQueue": "true", "ContentBasedDeduplication": "true"})]:
        urls[name] = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    make_function(engine, "echo", "def handler(event, context):\n    return event['n']\n", Timeout=20)
    make_function(
        engine, "handle", "import boto3, os\nsqs = boto3.client('sqs')\n"
        "def handler(event, context):\n"
        "    entries = [{'Id': str(i), 'MessageBody': r['body']} for i, r in enumerate(event['Records'])]\n"
        "    answer = sqs.send_message_batch(QueueUrl=os.environ['HANDLED'], Entries=entries)\n"
        "    assert len(answer['Successful']) == len(entries), answer\n",
        # Within the engine the endpoint is the same before and after: the port is kept.
        Environment={"Variables": {"HANDLED": urls["handled"]}}, Timeout=6)
    engine.client("lambda").create_event_source_mapping(
        EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:work", FunctionName="handle", BatchSize=10)
    engine.client("stepfunctions").create_state_machine(
        name="long", roleArn=ROLE, definition=json.dumps({"StartAt": "Before", "States": {
            "Before": {"Type": "Pass", "Next": "Wait"},
            "Wait": {"Type": "Wait", "Seconds": 2, "Next": "Echo"},
            "Echo": {"Type": "Task", "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:echo", "End": True,
                     "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 5}]}}}))


def drain(queue, wanted, limit=60):
    """Receives and deletes until all `wanted` have been seen; the bodies in order, duplicates included."""
    seen, missing, connection = [], set(wanted), Connection()

    def step():
        got = connection.call(
            "AmazonSQS.ReceiveMessage", QueueUrl=urls[queue], MaxNumberOfMessages=10, WaitTimeSeconds=1 if missing else 0)
        messages = got.get("Messages", [])
        for message in messages:
            seen.append(message["Body"])
            missing.discard(message["Body"])
        if messages:
            connection.call("AmazonSQS.DeleteMessageBatch", QueueUrl=urls[queue], Entries=[
                {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])
        return not missing and not messages

    try:
        wait_until(step, f"the return of all messages of {queue}", limit, interval=0)
    except AssertionError as error:
        raise AssertionError(f"{error}: {len(missing)} of {len(wanted)} are missing, such as {sorted(missing)[:5]}") from None
    return seen


def check_messages(load):
    plain = drain("plain", load.sent["plain"])
    equal([b for b, n in collections.Counter(plain).items() if n > 1], [], "messages that were there twice")
    line = drain("line.fifo", load.sent["line.fifo"])
    numbers = [(int(b.rpartition("-")[2]) % 3, int(b.rpartition("-")[2])) for b in line]
    for group in range(3):
        own = [n for g, n in numbers if g == group]
        equal(own, sorted(set(own)), f"the order of group {group}")
    left = set(load.sent["taken"]) - set(load.taken) - set(load.in_doubt)
    back = drain("taken", left)
    equal(sorted(set(back) & set(load.taken)), [], "messages that came back though their deletion was acknowledged")
    drain("handled", load.sent["work"])


def check_functions(load):
    pages = engine.client("lambda").get_paginator("list_functions").paginate()
    names = {f["FunctionName"] for page in pages for f in page["Functions"]}
    equal(sorted(set(load.functions) - names), [], "functions that were created and are gone")
    if load.functions:
        name = load.functions[-1]
        wait_until(
            lambda: engine.client("lambda").get_function_configuration(FunctionName=name)["State"] == "Active",
            f"{name} becoming active after the restart")
        equal(invoke(engine, name, {"a": 1})[0], {"a": 1}, f"the answer of {name}, created just before the end")


def check_executions(load):
    aws = engine.client("stepfunctions")
    for arn, number in load.executions:
        done = wait_until(
            lambda: (lambda d: d if d["status"] != "RUNNING" else None)(aws.describe_execution(executionArn=arn)),
            f"the end of {arn}", 60)
        equal((done["status"], done.get("output")), ("SUCCEEDED", str(number)), f"the end of {arn} ({done.get('cause')})")
    if load.executions:
        events = aws.get_execution_history(executionArn=load.executions[-1][0])["events"]
        equal([e["id"] for e in events], list(range(1, len(events) + 1)), "the events of one execution")
        times = [e["timestamp"] for e in events]
        equal(times, sorted(times), "their order in time")


def check_metrics(load):
    now = datetime.datetime.now(datetime.timezone.utc)
    points = engine.client("cloudwatch").get_metric_statistics(
        Namespace="Load", MetricName=f"round-{load.round}", StartTime=now - datetime.timedelta(hours=1),
        EndTime=now + datetime.timedelta(hours=1), Period=60, Statistics=["SampleCount"])["Datapoints"]
    count = sum(p["SampleCount"] for p in points)
    check(
        load.metrics <= count <= load.metrics + 1,
        f"{load.metrics} values were acknowledged and {count:g} are there")


def test_kills():
    for round in range(KILLS):
        load = Load(round)
        for thread in load.threads:
            thread.start()
        check(load.due.wait(60), f"{load.acknowledged} of {load.moment} calls within a minute")
        engine.process.kill()
        for thread in load.threads:
            thread.join()
        engine.process.wait()
        equal(load.wrong, [], "calls that failed before the end")
        left = wait_for_no_processes()
        equal(left, [], "processes that outlived their engine")
        engine.restart()
        problems = []
        for part in [check_messages, check_functions, check_executions, check_metrics]:
            try:
                part(load)
            except AssertionError as error:
                problems.append(f"{part.__name__}: {error}")
        told = {q: len(b) for q, b in load.sent.items()}
        print(
            f"        kill {round + 1} after {load.acknowledged} calls: {told} sent, {len(load.taken)} deleted, "
            f"{len(load.functions)} functions, {len(load.executions)} executions, {load.metrics} metric values", flush=True)
        equal(problems, [], f"after kill {round + 1} (seed {SEED})")


def test_polite_end_and_restart():
    engine.client("sqs").send_message(QueueUrl=urls["plain"], MessageBody="last")
    equal(engine.stop(), 0, "the exit status")
    equal(processes_left(), [], "processes that are left")
    engine.restart()
    equal(drain("plain", ["last"]), ["last"], "the messages")


if __name__ == "__main__":
    run(globals())
