"""Step Functions through boto3: machines of every kind of state, with real functions and queues behind them."""

import http.server
import json
import threading

from harness import ACCOUNT, REGION, ROLE, Engine, check, contains, equal, make_function, refuses, run, wait_until

engine = None
INVOKE = "arn:aws:states:::lambda:invoke"


def setup():
    global engine
    engine = Engine()
    make_function(
        engine, "double", "def handler(event, context):\n"
        "    if event.get('n') == 13:\n        raise ValueError('unlucky')\n"
        "    return {'n': event['n'] * 2}\n", Timeout=10)


def aws():
    # sync executions are sent to a host of their own, unless told not to be.
    return engine.client("stepfunctions")


def make_machine(name, states, start=None, kind="STANDARD", **top):
    definition = {"StartAt": start or next(iter(states)), "States": states, **top}
    return aws().create_state_machine(
        name=name, definition=json.dumps(definition), roleArn=ROLE, type=kind)["stateMachineArn"]


def execute(machine, payload=None, expect="SUCCEEDED"):
    """Runs to the end: the parsed output, or the description where that is not expected to succeed."""
    arn = aws().start_execution(stateMachineArn=machine, input=json.dumps(payload or {}))["executionArn"]
    done = wait_until(lambda: finished(arn), f"the end of {arn}")
    equal(done["status"], expect, f"the status ({done.get('error')}: {done.get('cause')})")
    return json.loads(done["output"]) if expect == "SUCCEEDED" else done


def finished(arn):
    description = aws().describe_execution(executionArn=arn)
    return description if description["status"] != "RUNNING" else None


def types(arn):
    pages = aws().get_paginator("get_execution_history").paginate(executionArn=arn)
    return [event["type"] for page in pages for event in page["events"]]


def function_arn(name):
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def test_pass_and_history():
    machine = make_machine("pass", {"Greet": {"Type": "Pass", "Result": {"hello": "world"}, "ResultPath": "$.greeting", "End": True}})
    equal(machine, f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:pass", "the ARN")
    arn = aws().start_execution(stateMachineArn=machine, name="first", input='{"a": 1}')["executionArn"]
    done = wait_until(lambda: finished(arn), "the execution's end")
    equal(json.loads(done["output"]), {"a": 1, "greeting": {"hello": "world"}}, "the output")
    equal(types(arn), ["ExecutionStarted", "PassStateEntered", "PassStateExited", "ExecutionSucceeded"], "the history")
    equal([e["name"] for e in aws().list_executions(stateMachineArn=machine)["executions"]], ["first"], "the executions")
    # AWS: the same name and input is the same execution, while another input is refused.
    with refuses("ExecutionAlreadyExists"):
        aws().start_execution(stateMachineArn=machine, name="first", input='{"a": 2}')


def test_choice():
    machine = make_machine("choice", {
        "Which": {"Type": "Choice", "Choices": [
            {"Variable": "$.n", "NumericGreaterThan": 10, "Next": "Big"},
            {"And": [{"Variable": "$.name", "IsPresent": True}, {"Variable": "$.name", "StringMatches": "a*z"}], "Next": "Named"}],
            "Default": "Small"},
        "Big": {"Type": "Pass", "Result": "big", "End": True},
        "Named": {"Type": "Pass", "Result": "named", "End": True},
        "Small": {"Type": "Fail", "Error": "TooSmall", "Cause": "n is small"}})
    equal(execute(machine, {"n": 11}), "big", "the way of a large number")
    equal(execute(machine, {"n": 1, "name": "abcz"}), "named", "the way of a name")
    done = execute(machine, {"n": 1}, "FAILED")
    equal((done["error"], done["cause"]), ("TooSmall", "n is small"), "the error")


def test_task_with_input_and_output():
    machine = make_machine("task", {
        "Optimized": {"Type": "Task", "Resource": INVOKE, "Parameters": {
            "FunctionName": "double", "Payload": {"n.$": "$.value"}}, "ResultSelector": {"n.$": "$.Payload.n"},
            "ResultPath": "$.first", "Next": "Direct"},
        "Direct": {"Type": "Task", "Resource": function_arn("double"), "InputPath": "$.first", "ResultPath": "$.second",
                   "OutputPath": "$.second", "End": True}})
    equal(execute(machine, {"value": 3}), {"n": 12}, "the output")


def test_jsonata():
    machine = make_machine("jsonata", {
        "Count": {"Type": "Pass", "Assign": {"total": "{% $sum($states.input.prices) %}"}, "Next": "Judge"},
        "Judge": {"Type": "Choice", "Choices": [{"Condition": "{% $total > 10 %}", "Next": "Dear"}], "Default": "Cheap"},
        "Dear": {"Type": "Pass", "Output": {"total": "{% $total %}", "verdict": "dear"}, "End": True},
        "Cheap": {"Type": "Pass", "Output": "{% 'cheap' %}", "End": True}}, QueryLanguage="JSONata")
    equal(execute(machine, {"prices": [4, 7]}), {"total": 11, "verdict": "dear"}, "what variables led to")
    equal(execute(machine, {"prices": [4]}), "cheap", "the default's output")
    with refuses("InvalidDefinition", "JSONPath"):
        make_machine("mixed", {"A": {"Type": "Pass", "QueryLanguage": "JSONPath", "End": True}}, QueryLanguage="JSONata")


def test_wait():
    machine = make_machine("wait", {"Wait": {"Type": "Wait", "SecondsPath": "$.s", "End": True}})
    arn = aws().start_execution(stateMachineArn=machine, input='{"s": 1}')["executionArn"]
    equal(aws().describe_execution(executionArn=arn)["status"], "RUNNING", "the status while it waits")
    wait_until(lambda: finished(arn), "the wait's end")
    events = aws().get_execution_history(executionArn=arn)["events"]
    times = {e["type"]: e["timestamp"] for e in events}
    waited = (times["WaitStateExited"] - times["WaitStateEntered"]).total_seconds()
    check(0.99 <= waited < 5, f"a wait of 1 s took {waited} s")


def test_parallel():
    machine = make_machine("parallel", {"Both": {"Type": "Parallel", "End": True, "Branches": [
        {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": function_arn("double"), "End": True}}},
        {"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": "b", "End": True}}}]}})
    equal(execute(machine, {"n": 4}), [{"n": 8}, "b"], "the outputs in the order of the branches")


def test_map():
    machine = make_machine("map", {"Each": {
        "Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ItemSelector": {"n.$": "$$.Map.Item.Value"},
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Double", "States": {
            "Double": {"Type": "Task", "Resource": function_arn("double"), "End": True}}}, "End": True}})
    equal(execute(machine, {"items": [1, 2, 3, 4, 5]}), [{"n": n * 2} for n in range(1, 6)], "the outputs in order")


def test_retry_and_catch():
    machine = make_machine("retry", {
        "Try": {"Type": "Task", "Resource": INVOKE, "Parameters": {"FunctionName": "double", "Payload": {"n": 13}},
                "Retry": [{"ErrorEquals": ["ValueError"], "IntervalSeconds": 1, "MaxAttempts": 1, "BackoffRate": 1}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Recover"}], "End": True},
        "Recover": {"Type": "Pass", "End": True}})
    arn = aws().start_execution(stateMachineArn=machine, input="{}")["executionArn"]
    done = wait_until(lambda: finished(arn), "the execution's end")
    output = json.loads(done["output"])
    equal(output["error"]["Error"], "ValueError", "the caught error")
    contains(output["error"]["Cause"], "unlucky", "the caught cause")
    equal(types(arn).count("TaskFailed"), 2, "attempts")


def test_time_limit_and_stop():
    machine = make_machine("slow", {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}})
    arn = aws().start_execution(stateMachineArn=machine)["executionArn"]
    aws().stop_execution(executionArn=arn, error="Enough", cause="by hand")
    done = aws().describe_execution(executionArn=arn)
    equal((done["status"], done["error"], done["cause"]), ("ABORTED", "Enough", "by hand"), "the end")
    equal(types(arn)[-1], "ExecutionAborted", "the last event")
    limited = make_machine("limited", {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}, TimeoutSeconds=1)
    done = execute(limited, expect="TIMED_OUT")
    equal(types(done["executionArn"])[-1], "ExecutionTimedOut", "the last event")


def test_queue_and_task_token():
    url = engine.client("sqs").create_queue(QueueName="approvals")["QueueUrl"]
    machine = make_machine("token", {"Ask": {
        "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody": {"token.$": "$$.Task.Token"}}, "End": True}})
    arn = aws().start_execution(stateMachineArn=machine)["executionArn"]
    got = engine.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]
    equal(aws().describe_execution(executionArn=arn)["status"], "RUNNING", "the status before the answer")
    token = json.loads(got["Body"])["token"]
    aws().send_task_success(taskToken=token, output='{"approved": true}')
    done = wait_until(lambda: finished(arn), "the execution's end")
    equal(json.loads(done["output"]), {"approved": True}, "the output")
    with refuses("TaskTimedOut"):
        aws().send_task_success(taskToken=token, output="{}")


def test_express_sync():
    machine = make_machine(
        "express", {"Double": {"Type": "Task", "Resource": function_arn("double"), "End": True}}, kind="EXPRESS")
    client = engine.client("stepfunctions", plain_host=True)
    done = client.start_sync_execution(stateMachineArn=machine, input='{"n": 21}')
    equal((done["status"], json.loads(done["output"])), ("SUCCEEDED", {"n": 42}), "the answer")
    check(done["billingDetails"]["billedDurationInMilliseconds"] > 0, "nothing was billed")
    failed = client.start_sync_execution(stateMachineArn=machine, input='{"n": 13}')
    equal((failed["status"], failed["error"]), ("FAILED", "ValueError"), "the failure")
    standard = make_machine("not-express", {"P": {"Type": "Pass", "End": True}})
    with refuses("StateMachineTypeNotSupported"):
        client.start_sync_execution(stateMachineArn=standard)


class Shop(http.server.BaseHTTPRequestHandler):
    """A server that says what it was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = json.dumps({
            "path": self.path, "authorization": self.headers["Authorization"], "body": body.decode()}).encode()
        self.send_response(404 if self.path.startswith("/missing") else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def test_http_task():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection = engine.client("events").create_connection(
        Name="shop", AuthorizationType="BASIC",
        AuthParameters={"BasicAuthParameters": {"Username": "u", "Password": "p"}})["ConnectionArn"]

    def call(path):
        return {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {
            "ApiEndpoint": f"http://127.0.0.1:{server.server_port}{path}", "Method": "POST",
            "Authentication": {"ConnectionArn": connection}, "QueryParameters": {"page": "2"},
            "RequestBody": {"id.$": "$.id"}}, "End": True}

    result = execute(make_machine("http", {"Call": call("/orders")}), {"id": 7})
    equal(result["StatusCode"], 200, "the status")
    equal(result["ResponseBody"], {
        "path": "/orders?page=2", "authorization": "Basic dTpw", "body": '{"id":7}'}, "what the server saw")
    failed = execute(make_machine("http-missing", {"Call": call("/missing")}), {"id": 7}, "FAILED")
    equal((failed["error"], failed["cause"]), ("States.Http.StatusCode.404", "Not Found"), "the failure")
    server.shutdown()


def test_definitions_that_are_wrong():
    with refuses("InvalidDefinition"):
        make_machine("wrong", {"A": {"Type": "Pass", "Next": "Nowhere"}})
    with refuses("InvalidDefinition"):
        aws().create_state_machine(name="wrong", definition="{", roleArn=ROLE)
    result = aws().validate_state_machine_definition(
        definition=json.dumps({"StartAt": "A", "States": {"A": {"Type": "Nothing", "End": True}}}))
    equal(result["result"], "FAIL", "the validation's result")
    check(result["diagnostics"], "no diagnostics")
    with refuses("StateMachineDoesNotExist"):
        aws().start_execution(stateMachineArn=f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:nowhere")
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:pass"
    with refuses("InvalidExecutionInput"):
        aws().start_execution(stateMachineArn=machine, input="{")


def test_update_and_versions():
    machine = make_machine("changing", {"A": {"Type": "Pass", "Result": 1, "End": True}})
    version = aws().publish_state_machine_version(stateMachineArn=machine)["stateMachineVersionArn"]
    contains(version, ":changing:1", "the version's ARN")
    aws().update_state_machine(stateMachineArn=machine, definition=json.dumps(
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 2, "End": True}}}))
    equal(execute(machine), 2, "the new definition")
    equal(execute(version), 1, "the published version")


if __name__ == "__main__":
    run(globals())
