"""Workflows that AWS recorded around failing, slow and talkative functions, tokens, heartbeats and files of items.

The same recordings as in recorded_tasks; here functions really raise, messages are really answered, and items lie in S3.
"""

import json
import os
import re
import sys
import threading

from harness import ACCOUNT, REGION, make_function, run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import recordings
from recordings import STUB_QUEUE, aws, play, setup, tasks

FUNCTION = re.compile(r"arn:aws:lambda:us-east-1:0{12}:function:[\w-]+")

# AWS recorded where in the source an exception was raised, too.
SOURCES = {
    "echo": "def handler(event, context):\n    return event\n",
    "raises": 'def handler(event, context):\n    raise Exception("Some exception was raised.")\n',
    "custom": (
        "class CustomException(Exception):\n    message: str\n\n    def __init__(self):\n"
        '        self.message = "CustomException message"\n\n\n'
        "def handler(event, context):\n    raise CustomException()\n"),
    "hello": 'def handler(event, context):\n    return "HelloWorld!"\n',
    "large": 'def handler(event, context):\n    return "\\U0001f40d" * (256 * 1024)\n',
    "sleeps": "import time\n\n\ndef handler(event, context):\n    time.sleep(300)\n",
}

TABLE = """Value1,Value2,Value3
Value4,Value5,Value6
,,,
true,1,'HelloWorld'
Null,None,
   ,
"""


def function(source):
    """A function made of that source, when it is first asked for. Its name, as long as the recordings' names."""
    name = f"lambda_func_{source:_<8}"
    if name not in function.made:
        make_function(
            recordings.engine, name, {"handler.py": SOURCES[source]}, handler="handler.handler", Timeout=60)
        function.made.add(name)
    return name


function.made = set()


def with_function(source):
    """What stands for the recording's function is this one."""
    def prepare(case, definition, payload):
        name = function(source)
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        definition = FUNCTION.sub(arn, definition)
        definition = re.sub(r'"FunctionName": "lambda_\w+"', f'"FunctionName": "{name}"', definition)
        payload = json.loads(FUNCTION.sub(arn, json.dumps(payload)))
        if isinstance(payload, dict) and payload.get("FunctionName", "").startswith("lambda_"):
            payload["FunctionName"] = name
        return definition, payload

    return prepare


def raised(case, name):
    """Whether what a recorded function raised, if anything, was this."""
    text = json.dumps(case["expect"].get("events", []))
    return f'"error": "{name}"' in text and '"LambdaFunction' in text.replace("TaskFailed", '"LambdaFunction')


# MARK: - Functions


def test_functions_that_raise():
    play("raises", lambda c: raised(c, "Exception"), with_function("raises"))
    play("custom", lambda c: raised(c, "CustomException"), with_function("custom"))


def test_functions_that_answer():
    names = ("arguments_base_cases", "catch_empty", "catch_states_runtime", "HEARTBEAT_SECONDS", "context_object_result",
             "mixed_query_language", "output_base_task_lambda", "reentrant_lambda", "no_max_max_concurrency",
             "undefined_reference", "unsupported_param")
    play("answers", lambda c: any(name in c["id"] for name in names), with_function("echo"))
    play("hello", lambda c: "variables_in_lambda_task" in c["id"], with_function("hello"))


def test_functions_that_say_too_much():
    play("large", lambda c: "on_large_utf8_response" in c["id"], with_function("large"))


def test_functions_that_do_not_answer():
    play("slow", lambda c: "timeouts_fixed" in c["id"] or "lambda_invoke_timeout" in c["id"], with_function("sleeps"))


def test_functions_that_are_not_there():
    play("missing", lambda c: "service_lambda_no_such_function" in c["id"], with_function("echo"))


def test_express_machines():
    play("express", lambda c: c["id"].startswith("express_sync_"), with_function("raises"), form="sync_execution")


# MARK: - Tokens


def with_answers(case, definition, payload):
    """A queue whose messages somebody answers as the recording says."""
    name = STUB_QUEUE.search(payload["QueueUrl"])[1]
    payload["QueueUrl"] = aws("sqs").create_queue(QueueName=name)["QueueUrl"]
    answer_from(payload["QueueUrl"], case)
    return definition, payload


def answer_from(queue, case):
    ends = [e for e in case["expect"]["events"] if e["type"] in ("TaskSucceeded", "TaskFailed")]
    if not ends:
        return

    def work():
        for event in ends:
            messages = aws("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
            body = json.loads(messages[0]["Body"])
            if "Type" in body and "TopicArn" in body:
                body = json.loads(body["Message"])
            if event["type"] == "TaskFailed":
                aws().send_task_failure(taskToken=body["TaskToken"])
            else:
                output = event["taskSucceededEventDetails"]["output"]
                aws().send_task_success(
                    taskToken=body["TaskToken"], output=output if isinstance(output, str) else json.dumps(output))
            aws("sqs").delete_message(QueueUrl=queue, ReceiptHandle=messages[0]["ReceiptHandle"])

    threading.Thread(target=work, daemon=True).start()


def test_tokens_in_messages():
    play("tokens", lambda c: tasks(c, "sqs:sendMessage.waitForTaskToken") and "QueueUrl" in c.get("input", {}), with_answers)


def test_tokens_in_notifications():
    def prepare(case, definition, payload):
        topic = payload["TopicArn"] = aws("sns").create_topic(Name="asks")["TopicArn"]
        queue = aws("sqs").create_queue(QueueName="asked")["QueueUrl"]
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:asked"
        aws("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps({"Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
        ]})})
        aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        answer_from(queue, case)
        return definition, payload

    play("notices", lambda c: tasks(c, "sns:publish.waitForTaskToken"), prepare)


# MARK: - Items


def body_of(case):
    """The file that the recording's bucket held, by what came of it."""
    name, rows = case["id"], [
        {"verdict": "true", "statement_date": "6/11/2008", "statement_source": "speech"},
        {"verdict": "false", "statement_date": "6/7/2022", "statement_source": "television"},
        {"verdict": "mostly-true", "statement_date": "5/18/2016", "statement_source": "news"},
    ]
    if "csv" in name:
        if "first_row_extra" in name:
            return "H1,\n" + TABLE.split("\n", 1)[1]
        return ("Col1,Col2,Col3\n" if "first_line" in name else "") + TABLE
    if "no_json_list" in name:
        return json.dumps({"Key": "Value"})
    if "items_path" in name:
        return json.dumps([["from-bucket-item-0"]])
    if name.endswith("base_json_max_items_get_execution_history"):
        rows = rows[:1] * 3
    return json.dumps(rows)


def test_items_in_files():
    def prepare(case, definition, payload):
        aws("s3").create_bucket(Bucket=payload["Bucket"])
        aws("s3").put_object(Bucket=payload["Bucket"], Key=payload["Key"], Body=body_of(case).encode())
        return definition, payload

    play("items", lambda c: "item_reader" in c["id"] or "item_batching" in c["id"], prepare)


def test_results_in_files():
    def prepare(case, definition, payload):
        aws("s3").create_bucket(Bucket="result-bucket")
        return definition, payload

    play("results", lambda c: "result_writer" in c["id"], prepare)


# MARK: - The rest


def test_nested_machine_through_the_sdk():
    def prepare(case, definition, payload):
        machine = aws().create_state_machine(
            name="nested", definition=json.dumps({"StartAt": "S", "States": {"S": {"Type": "Pass", "End": True}}}),
            roleArn="arn:aws:iam::123456789012:role/tester")["stateMachineArn"]
        return recordings.STUB.sub(machine, definition), payload

    play("sdk", lambda c: "implicit_json_serialisation" in c["id"], prepare)


def test_paths_that_lead_nowhere():
    play("paths", lambda c: "ST_INVALID_JSONPATH" in c["id"], lambda case, definition, payload: (definition, payload))


def test_waits_that_last():
    play("waits", lambda c: c["id"].startswith("wait_"), lambda case, definition, payload: (definition, payload),
         status="WaitStateEntered")


if __name__ == "__main__":
    run(globals())
