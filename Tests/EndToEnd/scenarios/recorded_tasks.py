"""Workflows whose tasks AWS recorded, against real queues, topics, buses, functions, activities and nested machines.

Read from ../shared/conformance/asl-services; each case is given what it needs by its name, and compared event by event.
"""

import json
import os
import re
import sys
import threading

from harness import ACCOUNT, REGION, ROLE, Engine, check, make_function, run, skip, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.environ.get("SKUA_CONFORMANCE") or os.path.join(HERE, "..", "..", "..", "..", "shared", "conformance")
OTHER = "111122223333"
STUB = re.compile(r"arn:aws:[a-z]+:us-east-1:0{12}:[\w:-]+")

engine = None
cases = []


def setup():
    global engine
    folder = os.path.join(CASES, "asl-services")
    if not os.path.isdir(folder):
        skip("../shared/conformance/asl-services is missing")
    sys.path.insert(0, os.path.join(CASES, "tools"))
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            case = json.load(file)
        if case["kind"] == "execution" and case["provenance"] != "suspect":
            cases.append(case)
    engine = Engine()


def aws(service="stepfunctions"):
    return engine.client(service)


def play(kind, wanted, prepare):
    """Runs every case that `wanted` takes, after `prepare` changed its definition and input."""
    from asl_compare import M

    chosen = [case for case in cases if wanted(case)]
    check(chosen, f"no case of {kind} was found")
    wrong = []
    for number, case in enumerate(chosen):
        definition, payload = prepare(case, json.dumps(case["definition"]), case.get("input"))
        machine = aws().create_state_machine(
            name=f"{kind}{number}", definition=definition, roleArn=ROLE)["stateMachineArn"]
        execution = aws().start_execution(stateMachineArn=machine, input=json.dumps(payload))["executionArn"]
        wait_until(
            lambda: aws().describe_execution(executionArn=execution)["status"] != "RUNNING", f"the end of {case['id']}")
        events = aws().get_execution_history(executionArn=execution, maxResults=1000)["events"]
        for event in events:
            event.pop("timestamp")
        # What was made for the case has names of its own.
        known = json.dumps(case["expect"].get("events"))
        for value in set(STUB.findall(json.dumps([case["definition"], case.get("input")]))):
            known = known.replace(value, "<made>")
        differences = M(case["compare"]["placeholders"] + ["<made>"]).eq(json.loads(known), events)
        differences = [d for d in differences if not unlike(d, case, payload)]
        if differences:
            wrong.append(f"{case['id']}: {differences[:3]}")
    print(f"recorded {kind}: {len(chosen)} cases, {len(chosen) - len(wrong)} right", flush=True)
    check(not wrong, "\n        ".join(wrong))


def unlike(difference, case, payload):
    """Whether a difference is only that of a resource's name, or of how many digits a time has."""
    path, wanted, found = difference
    if isinstance(wanted, str) and re.fullmatch("<[^>]+>", wanted) and found != "<absent>":
        return True
    if not isinstance(wanted, str) or not isinstance(found, str):
        return False
    if "Content-Length" in path and "startExecution" in json.dumps(case["definition"]):
        # The recordings come from regions with other names.
        return abs(int(wanted) - int(found)) <= 3
    return wanted in json.dumps(case.get("input")) and found in json.dumps(payload)


def tasks(case, *resources):
    text = json.dumps(case["definition"])
    names = set(re.findall(r'"Resource": "([^"]+)"', text))
    return bool(names) and all(any(name.startswith("arn:aws:states:::" + r) for r in resources) for name in names)


# MARK: - The services


def test_queues():
    def prepare(case, definition, payload):
        name = payload["QueueUrl"].rsplit("/", 1)[1]
        payload["QueueUrl"] = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
        return definition, payload

    play("sqs", lambda c: tasks(c, "sqs:") and "TaskToken" not in c["id"] and "token" not in c["id"]
         and "heartbeat" not in c["id"] and "wait_for" not in c["id"], prepare)


def test_topics():
    def prepare(case, definition, payload):
        payload["TopicArn"] = aws("sns").create_topic(Name=f"topic-{case['content_hash']}")["TopicArn"]
        return definition, payload

    play("sns", lambda c: tasks(c, "sns:publish") and "token" not in c["id"] and "TopicArn" in c.get("input", {}), prepare)


def test_buses():
    play("events", lambda c: tasks(c, "events:"), lambda case, definition, payload: (definition, payload))


def test_nested_machines():
    def prepare(case, definition, payload):
        name = payload["StateMachineArn"].rsplit(":", 1)[1]
        state = {"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": True}
        if "failure" in case["id"]:
            state = {"Type": "Fail", "Error": "SomeFailure", "Cause": "This state machines raises a 'SomeFailure' failure."}
        role, client = ROLE, aws()
        if "Credentials" in definition:
            # What the role of another account starts is that account's.
            role = f"arn:aws:iam::{OTHER}:role/trusted"
            client = engine.client("stepfunctions", aws_access_key_id=OTHER)
            definition = STUB.sub(role, definition)
            payload = json.loads(STUB.sub(lambda m: role if ":iam:" in m[0] else m[0], json.dumps(payload)))
        payload["StateMachineArn"] = client.create_state_machine(
            name=name, definition=json.dumps({"StartAt": "S", "States": {"S": state}}), roleArn=role)["stateMachineArn"]
        return definition, payload

    play("states", lambda c: tasks(c, "states:startExecution") and "StateMachineArn" in c.get("input", {}), prepare)


def test_functions_that_echo():
    make_function(engine, "echo", "def handler(event, context):\n    return event\n", Timeout=10)
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:echo"

    def prepare(case, definition, payload):
        definition = re.sub(r"arn:aws:lambda:us-east-1:0{12}:function:\w+", arn, definition)
        if isinstance(payload, dict) and "FunctionName" in payload:
            payload["FunctionName"] = "echo"
        return definition, payload

    play("lambda", lambda c: "invoke_json_values" in c["id"], prepare)


def test_activities():
    def prepare(case, definition, payload):
        activity = aws().create_activity(name=f"hands-{case['content_hash']}")["activityArn"]
        started = [e for e in case["expect"]["events"] if e["type"] == "ActivityStarted"]
        name = started[0].get("activityStartedEventDetails", {}).get("workerName") if started else None
        worker = {"workerName": name} if name else {}
        if "deleted" in case["id"]:
            aws().delete_activity(activityArn=activity)
            return re.sub(r"arn:aws:stepfunctions:[\w:-]+", activity, definition), payload

        def work():
            task = aws().get_activity_task(activityArn=activity, **worker)
            aws().send_task_success(taskToken=task["taskToken"], output=task["input"])

        threading.Thread(target=work, daemon=True).start()
        return re.sub(r"arn:aws:stepfunctions:[\w:-]+", activity, definition), payload

    play("activities", lambda c: c["id"].startswith("activities_"), prepare)


def test_refusals_through_the_sdk():
    def prepare(case, definition, payload):
        if "no_such_key" in case["id"]:
            for value in re.findall(r'"Bucket": "([^"{]+)"', json.dumps([json.loads(definition), payload])):
                aws("s3").create_bucket(Bucket=value)
        return definition, payload

    play("s3", lambda c: c["id"].startswith("aws_sdk_") and tasks(c, "aws-sdk:s3:"), prepare)


if __name__ == "__main__":
    run(globals())
