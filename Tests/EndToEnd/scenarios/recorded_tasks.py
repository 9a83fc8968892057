"""Workflows whose tasks AWS recorded, against real queues, topics, buses, functions, activities and nested machines.

Read from ../shared/conformance/asl-services; each case is given what it needs by its name, and compared event by event.
"""

import json
import os
import re
import sys
import threading

from harness import ACCOUNT, REGION, ROLE, make_function, run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import recordings
from recordings import STUB, aws, play, setup, tasks

OTHER = "111122223333"


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
            client = recordings.engine.client("stepfunctions", aws_access_key_id=OTHER)
            definition = STUB.sub(role, definition)
            payload = json.loads(STUB.sub(lambda m: role if ":iam:" in m[0] else m[0], json.dumps(payload)))
        payload["StateMachineArn"] = client.create_state_machine(
            name=name, definition=json.dumps({"StartAt": "S", "States": {"S": state}}), roleArn=role)["stateMachineArn"]
        return definition, payload

    play("states", lambda c: tasks(c, "states:startExecution") and "StateMachineArn" in c.get("input", {}), prepare)


def test_functions_that_echo():
    make_function(recordings.engine, "echo", "def handler(event, context):\n    return event\n", Timeout=10)
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
