"""Time as a control: what happens when the engine's clock runs ahead of work that takes real time."""

import json
import time

from harness import ROLE, Engine, check, equal, invoke, make_function, run, wait_until

engine = None
DAY = 86_400


def setup():
    global engine
    engine = Engine()


def execution(name, definition, payload=None):
    aws = engine.client("stepfunctions")
    machine = aws.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)["stateMachineArn"]
    return aws.start_execution(stateMachineArn=machine, input=json.dumps(payload or {}))["executionArn"]


def history(arn):
    pages = engine.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event for page in pages for event in page["events"]]


def ended(arn):
    description = engine.client("stepfunctions").describe_execution(executionArn=arn)
    return description if description["status"] != "RUNNING" else None


def seconds(events, start, end):
    first, last = ([e for e in events if e["type"] == t][0]["timestamp"] for t in (start, end))
    return (last - first).total_seconds()


def check_order(events):
    for before, after in zip(events, events[1:]):
        check(before["timestamp"] <= after["timestamp"], f"event {after['id']} is older than {before['id']}: {before} {after}")
        check(after["id"] == before["id"] + 1, f"event {after['id']} follows {before['id']}")
    for event in events:
        check(event.get("previousEventId", 0) < event["id"], f"event {event['id']} is caused by a later one")


def test_a_day_is_crossed_while_a_function_runs():
    make_function(
        engine, "two-seconds", "import time\ndef handler(event, context):\n    time.sleep(2)\n    return 'slept'\n", Timeout=30)
    invoke(engine, "two-seconds", {})
    arn = execution("crossing", {"StartAt": "Both", "States": {
        "Both": {"Type": "Parallel", "Next": "After", "Branches": [
            {"StartAt": "Day", "States": {"Day": {"Type": "Wait", "Seconds": DAY, "End": True}}},
            {"StartAt": "Work", "States": {"Work": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "two-seconds"},
                "OutputPath": "$.Payload", "End": True}}}]},
        "After": {"Type": "Pass", "End": True}}})
    wait_until(lambda: any(e["type"] == "TaskStarted" for e in history(arn)), "the start of the task")
    began = time.monotonic()
    engine.skua("JumpClock", BySeconds=DAY + 60)
    done = wait_until(lambda: ended(arn), "the end of an execution that waits for a day", 60)
    taken = time.monotonic() - began
    equal(done["status"], "SUCCEEDED", str(done))
    equal(json.loads(done["output"])[1], "slept", "what the function returned")
    check(taken < 30, f"a day took {taken:.0f} s")
    events = history(arn)
    check_order(events)
    worked = seconds(events, "TaskStarted", "TaskSucceeded")
    check(2 <= worked < 20, f"the function's two seconds are {worked} s in the history")
    waited = seconds(events, "WaitStateEntered", "WaitStateExited")
    check(DAY <= waited < DAY + 1, f"a wait of {DAY} s is {waited} s in the history")
    # The day ends after the work did, and the whole lasts as long as its longest branch.
    types = [e["type"] for e in events]
    check(types.index("TaskSucceeded") < types.index("WaitStateExited"), "the day was over before the function's two seconds")
    total = (done["stopDate"] - done["startDate"]).total_seconds()
    check(DAY <= total < DAY + 30, f"the execution took {total} s")
    clock = wait_until(lambda: (lambda c: c if c["Mode"] == "RUNNING" else None)(engine.skua("GetClock")), "the jump's end")
    check(clock["OffsetSeconds"] >= DAY - 60, f"the clock is ahead by {clock['OffsetSeconds']} s")


def test_a_delay_is_jumped():
    sqs = engine.client("sqs")
    url = sqs.create_queue(QueueName="delayed", Attributes={"DelaySeconds": "900"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="late")
    check("Messages" not in sqs.receive_message(QueueUrl=url), "a delayed message was received")
    engine.skua("JumpClock", BySeconds=901)
    equal(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["Body"], "late", "the message after the jump")


def test_a_paused_clock_holds_everything():
    sqs = engine.client("sqs")
    url = sqs.create_queue(QueueName="paused")["QueueUrl"]
    engine.skua("SetClock", Mode="PAUSED")
    sqs.send_message(QueueUrl=url, MessageBody="held", DelaySeconds=1)
    arn = execution("held", {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}}})
    first = engine.skua("GetClock")["Now"]
    # Longer in real time than the delay and the wait.
    began = time.monotonic()
    wait_until(lambda: time.monotonic() - began > 2, "two seconds")
    equal(engine.skua("GetClock")["Now"], first, "the paused clock")
    check("Messages" not in sqs.receive_message(QueueUrl=url), "a delay ended while the clock was paused")
    check(ended(arn) is None, "a wait ended while the clock was paused")

    def stepped():
        engine.skua("StepClock")
        return ended(arn)

    equal(wait_until(stepped, "the wait's end by steps")["status"], "SUCCEEDED", "the end")
    engine.skua("SetClock", Mode="RUNNING", Rate=1)
    equal(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"][0]["Body"], "held", "the message")


def test_retries_with_a_backoff_of_hours():
    make_function(engine, "fails", "def handler(event, context):\n    raise ValueError('always')\n")
    arn = execution("backoff", {"StartAt": "Try", "States": {"Try": {
        "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "fails"},
        "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3600, "MaxAttempts": 3, "BackoffRate": 2}],
        "End": True}}})
    wait_until(lambda: any(e["type"] == "TaskFailed" for e in history(arn)), "the first failure")
    engine.skua("JumpClock", BySeconds=8 * 3600)
    done = wait_until(lambda: ended(arn), "the end of four attempts")
    equal(done["status"], "FAILED", str(done))
    events = history(arn)
    check_order(events)
    failed = [e["timestamp"] for e in events if e["type"] == "TaskFailed"]
    gaps = [round((b - a).total_seconds() / 3600, 1) for a, b in zip(failed, failed[1:])]
    equal(gaps, [1.0, 2.0, 4.0], "hours between attempts")


def test_time_survives_a_restart():
    before = engine.skua("GetClock")
    engine.stop()
    engine.restart()
    after = engine.skua("GetClock")
    check(after["Now"] >= before["Now"], f"the clock went back by {before['Now'] - after['Now']} s")
    check(after["OffsetSeconds"] >= DAY, f"the clock is ahead by {after['OffsetSeconds']} s only")


if __name__ == "__main__":
    run(globals())
