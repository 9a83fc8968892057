"""The AWS CLI, unchanged but for its endpoint."""

import base64
import json
import os
import shutil
import subprocess

from harness import ACCOUNT, ROLE, Engine, archive, binary, check, contains, environment, equal, run, scratch, skip, wait_until

engine = None


def setup():
    global engine
    if not shutil.which("aws"):
        skip("the AWS CLI is not installed")
    engine = Engine()


def aws(*arguments, fails=False):
    """Runs the CLI: its parsed output, or its error's text."""
    done = subprocess.run(
        ["aws", "--endpoint-url", engine.endpoint, "--output", "json", *arguments], capture_output=True, text=True,
        env=environment(AWS_ENDPOINT_URL=engine.endpoint), timeout=120)
    if fails:
        check(done.returncode != 0, f"aws {' '.join(arguments)} did not fail: {done.stdout}")
        return done.stderr
    equal(done.returncode, 0, f"aws {' '.join(arguments)}: {done.stderr.strip()}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_queues():
    url = aws("sqs", "create-queue", "--queue-name", "cli")["QueueUrl"]
    aws("sqs", "send-message", "--queue-url", url, "--message-body", "from the shell")
    got = aws("sqs", "receive-message", "--queue-url", url, "--wait-time-seconds", "5")["Messages"][0]
    equal(got["Body"], "from the shell", "the body")
    text = aws("sqs", "get-queue-url", "--queue-name", "nowhere", fails=True)
    contains(text, "(AWS.SimpleQueueService.NonExistentQueue)", "the error")


def test_archives():
    bus = aws("events", "create-event-bus", "--name", "cli")["EventBusArn"]
    aws("events", "create-archive", "--archive-name", "cli", "--event-source-arn", bus)
    rules = aws("events", "list-rules", "--event-bus-name", "cli")["Rules"]
    equal([rule["Name"] for rule in rules], ["Events-Archive-cli"], "the bus's rules")
    text = aws("events", "delete-rule", "--event-bus-name", "cli", "--name", "Events-Archive-cli", fails=True)
    contains(text, "(ManagedRuleException)", "the refusal")
    text = aws("pipes", "create-pipe", "--name", "cli", "--role-arn", ROLE, "--source",
               f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/s", "--target", f"arn:aws:sqs:us-east-1:{ACCOUNT}:q",
               fails=True)
    contains(text, "Skua does not implement kinesis as the source of a pipe yet.", "the refusal")


def test_functions():
    folder = scratch("cli")
    package, answer = os.path.join(folder, "code.zip"), os.path.join(folder, "answer.json")
    with open(package, "wb") as file:
        file.write(archive({"index.py": "def handler(event, context):\n    print('seen')\n    return event['n'] + 1\n"}))
    aws("lambda", "create-function", "--function-name", "cli", "--runtime", "python3.13", "--role", ROLE, "--handler",
        "index.handler", "--zip-file", f"fileb://{package}")
    aws("lambda", "wait", "function-active-v2", "--function-name", "cli")
    done = aws("lambda", "invoke", "--function-name", "cli", "--log-type", "Tail", "--payload", base64.b64encode(b'{"n": 1}').decode(), answer) \
        if major_version() >= 2 else \
        aws("lambda", "invoke", "--function-name", "cli", "--log-type", "Tail", "--payload", '{"n": 1}', answer)
    equal(done["StatusCode"], 200, "the status")
    contains(base64.b64decode(done["LogResult"]).decode(), "seen", "the log tail")
    with open(answer) as file:
        equal(json.load(file), 2, "the result")
    text = aws("logs", "filter-log-events", "--log-group-name", "/aws/lambda/cli", "--filter-pattern", "seen")
    equal(len(text["events"]), 1, "log events")


def major_version():
    text = subprocess.run(["aws", "--version"], capture_output=True, text=True).stdout
    return int(text.split("aws-cli/")[1].split(".")[0])


def test_state_machines():
    definition = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": "done", "End": True}}})
    machine = aws("stepfunctions", "create-state-machine", "--name", "cli", "--definition", definition, "--role-arn", ROLE)
    started = aws("stepfunctions", "start-execution", "--state-machine-arn", machine["stateMachineArn"])
    done = wait_until(lambda: ended(started["executionArn"]), "the execution's end")
    equal((done["status"], done["output"]), ("SUCCEEDED", '"done"'), "the end")


def ended(arn):
    description = aws("stepfunctions", "describe-execution", "--execution-arn", arn)
    return description if description["status"] != "RUNNING" else None


def test_metrics_and_identity():
    aws("cloudwatch", "put-metric-data", "--namespace", "Cli", "--metric-name", "Runs", "--value", "2")
    equal([m["MetricName"] for m in aws("cloudwatch", "list-metrics", "--namespace", "Cli")["Metrics"]], ["Runs"], "the metrics")
    equal(aws("sts", "get-caller-identity")["Account"], ACCOUNT, "the account")


def test_deploy_from_a_folder():
    folder = scratch("function")
    with open(os.path.join(folder, "index.py"), "w") as f:
        f.write("import os\ndef handler(event, context):\n    return os.environ['WHO']\n")

    def deploy(*arguments):
        return subprocess.run(
            [binary(), "deploy", "deployed", folder, "--endpoint", engine.endpoint, *arguments], capture_output=True,
            text=True, env=environment(), timeout=120)

    refused = deploy()
    equal(refused.returncode, 64, "the status where runtime and handler are missing")
    contains(refused.stderr, "--runtime and --handler", "the reason")
    for expected in ("created", "updated"):
        done = deploy("--runtime", "python3.13", "--handler", "index.handler", "--env", f"WHO={expected}")
        contains(done.stdout, expected, f"what was said ({done.stderr.strip()})")
        answer = os.path.join(folder, "answer")
        aws("lambda", "invoke", "--function-name", "deployed", answer)
        with open(answer) as f:
            equal(json.load(f), expected, "the answer")


def test_transformers_and_composite_alarms():
    made = aws(
        "logs", "test-transformer", "--transformer-config", '[{"parseKeyValue": {}}]', "--log-event-messages", "a=1")
    contains(made["transformedLogs"][0]["transformedEventMessage"], '"a":"1"', "the transformed line")
    aws("cloudwatch", "put-composite-alarm", "--alarm-name", "never", "--alarm-rule", "FALSE")
    described = aws("cloudwatch", "describe-alarms", "--alarm-types", "CompositeAlarm")["CompositeAlarms"]
    equal(described[0]["AlarmName"], "never", "the composite alarm")


if __name__ == "__main__":
    run(globals())
