"""Lambda through boto3: real functions of every kind, called in every way, failing in every way."""

import base64
import json
import re
import urllib.error
import urllib.request

from harness import (
    ACCOUNT, REGION, ROLE, Engine, archive, check, contains, equal, invoke, make_function, need_node, refuses, run,
    wait_until)

engine = None


def aws():
    return engine.client("lambda")


def setup():
    global engine
    engine = Engine()


def test_python_function():
    made = make_function(
        engine, "hello", "import os\ndef handler(event, context):\n"
        "    print('got', event)\n"
        "    return {'event': event, 'name': context.function_name, 'stage': os.environ['STAGE'],\n"
        "            'arn': context.invoked_function_arn, 'left': context.get_remaining_time_in_millis()}\n",
        Environment={"Variables": {"STAGE": "test"}}, Timeout=5, MemorySize=256, Description="says hello")
    equal(made["FunctionArn"], f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hello", "the ARN")
    equal(made["Version"], "$LATEST", "the version")
    result, answer = invoke(engine, "hello", {"a": [1, 2.5, None, "é"]}, LogType="Tail")
    equal(answer["StatusCode"], 200, "the status")
    equal(answer["ExecutedVersion"], "$LATEST", "the version that ran")
    check("FunctionError" not in answer, f"it failed: {result}")
    equal(result["event"], {"a": [1, 2.5, None, "é"]}, "the event")
    equal(result["stage"], "test", "the environment variable")
    check(0 < result["left"] <= 5000, f"{result['left']} ms remaining of 5 s")
    log = base64.b64decode(answer["LogResult"]).decode()
    request = answer["ResponseMetadata"]["RequestId"]
    for part in [f"START RequestId: {request} Version: $LATEST", "got {'a'", f"END RequestId: {request}",
                 f"REPORT RequestId: {request}", "Billed Duration:", "Memory Size: 256 MB", "Init Duration:"]:
        contains(log, part, "the log tail")
    _, answer = invoke(engine, "hello", {}, LogType="Tail")
    check("Init Duration" not in base64.b64decode(answer["LogResult"]).decode(), "a warm start told of an init")


def test_first_example_handler():
    need_node()
    source = (
        'const AWS = require("aws-sdk");\nconst querystring = require("querystring");\n'
        "exports.handler = async (event) => {\n"
        '  const response = { statusCode: 200, body: JSON.stringify("Hello from Lambda!") };\n'
        "  return response;\n};")
    make_function(engine, "example-one", source, "nodejs22.x")
    result, answer = invoke(engine, "example-one", {})
    check("FunctionError" not in answer, f"it failed: {result}")
    equal(result, {"statusCode": 200, "body": '"Hello from Lambda!"'}, "the result")


def test_second_example_handler():
    need_node()
    source = (
        "exports.handler = function (event, context, callback) {\n"
        "  callback(null, { statusCode: 200, body: JSON.stringify(event) });\n};")
    make_function(engine, "example-two", source, "nodejs22.x")
    result, answer = invoke(engine, "example-two", {"key": "value"})
    check("FunctionError" not in answer, f"it failed: {result}")
    equal(result, {"statusCode": 200, "body": '{"key":"value"}'}, "the result")
    # AWS: Node.js 24 takes no handlers with a callback.
    make_function(engine, "example-two-24", source, "nodejs24.x")
    contains(failure("example-two-24", {})[0]["errorMessage"], "callback-based function handlers", "the error")


def test_function_that_uses_boto3():
    url = engine.client("sqs").create_queue(QueueName="from-function")["QueueUrl"]
    make_function(
        engine, "sender", "import boto3\nsqs = boto3.client('sqs')\n"
        "def handler(event, context):\n"
        "    return sqs.send_message(QueueUrl=event['url'], MessageBody='from inside')['MessageId']\n", Timeout=30)
    result, answer = invoke(engine, "sender", {"url": url})
    check("FunctionError" not in answer, f"it failed: {result}")
    got = engine.client("sqs").receive_message(QueueUrl=url)["Messages"][0]
    equal((got["MessageId"], got["Body"]), (result, "from inside"), "the message")


def test_custom_runtime():
    bootstrap = """#!/bin/sh
while true; do
  headers=$(mktemp)
  event=$(curl -sS -D "$headers" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(grep -i '^lambda-runtime-aws-request-id' "$headers" | tr -d '\\r' | cut -d' ' -f2)
  curl -sS "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "{\\"handler\\":\\"$_HANDLER\\",\\"event\\":$event}" >/dev/null
done
"""
    make_function(engine, "shell", {"bootstrap": (bootstrap, 0o755)}, "provided.al2023", "function.main")
    result, answer = invoke(engine, "shell", {"n": 1})
    check("FunctionError" not in answer, f"it failed: {result}")
    equal(result, {"handler": "function.main", "event": {"n": 1}}, "the result")


def failure(name, payload=None):
    """The error payload of a call that must fail."""
    result, answer = invoke(engine, name, payload, LogType="Tail")
    equal(answer.get("FunctionError"), "Unhandled", f"FunctionError with {result}")
    equal(answer["StatusCode"], 200, "the status")
    return result, base64.b64decode(answer["LogResult"]).decode()


def test_errors_of_functions():
    make_function(engine, "raises", "def handler(event, context):\n    raise ValueError('no such order')\n")
    result, _ = failure("raises")
    equal((result["errorType"], result["errorMessage"]), ("ValueError", "no such order"), "the error")
    contains("".join(result["stackTrace"]), "index.py", "the stack")

    make_function(engine, "no-import", "import nothing_of_this_name\ndef handler(event, context):\n    pass\n")
    result, _ = failure("no-import")
    equal(result["errorType"], "Runtime.ImportModuleError", "the error's type")
    contains(result["errorMessage"], "Unable to import module 'index': No module named 'nothing_of_this_name'", "the error")

    make_function(engine, "no-handler", "def other(event, context):\n    pass\n")
    result, _ = failure("no-handler")
    equal(result["errorType"], "Runtime.HandlerNotFound", "the error's type")
    contains(result["errorMessage"], "Handler 'handler' missing on module 'index'", "the error")

    make_function(engine, "exits", "import os\ndef handler(event, context):\n    os._exit(3)\n")
    result, log = failure("exits")
    equal(result["errorType"], "Runtime.ExitError", "the error's type")
    contains(result["errorMessage"], "Runtime exited with error: exit status 3", "the error")

    make_function(
        engine, "sleeps", "import time\ndef handler(event, context):\n    time.sleep(event['s'])\n    return 'done'\n", Timeout=1)
    result, log = failure("sleeps", {"s": 60})
    contains(result["errorMessage"], "Task timed out after 1.00 seconds", "the error")
    contains(log, "Task timed out after 1.00 seconds", "the log tail")
    result, answer = invoke(engine, "sleeps", {"s": 0})
    equal(result, "done", "the call after a time-out")

    make_function(engine, "unserializable", "def handler(event, context):\n    return {1, 2}\n")
    result, _ = failure("unserializable")
    equal(result["errorType"], "Runtime.MarshalError", "the error's type")


def test_errors_of_node_functions():
    need_node()
    make_function(
        engine, "node-raises",
        "class OrderError extends Error {}\nexports.handler = async () => { throw new OrderError('no such order'); };",
        "nodejs22.x")
    result, _ = failure("node-raises")
    # AWS: errorType is the error's name, which a subclass inherits.
    equal((result["errorType"], result["errorMessage"]), ("Error", "no such order"), "the error")
    check(result["trace"], "no trace")
    make_function(engine, "node-import", "require('nothing-of-this-name');\nexports.handler = async () => 1;", "nodejs22.x")
    result, _ = failure("node-import")
    equal(result["errorType"], "Runtime.ImportModuleError", "the error's type")
    contains(result["errorMessage"], "Cannot find module 'nothing-of-this-name'", "the error")


def test_kinds_of_invocation():
    _, answer = invoke(engine, "hello", {}, InvocationType="DryRun")
    equal(answer["StatusCode"], 204, "a dry run's status")
    result, answer = invoke(engine, "hello", {}, InvocationType="Event")
    equal((result, answer["StatusCode"]), (None, 202), "an asynchronous call's answer")
    result, _ = invoke(engine, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:hello:$LATEST", {})
    equal(result["name"], "hello", "called by ARN")
    result, _ = invoke(engine, f"{ACCOUNT}:function:hello", {})
    equal(result["name"], "hello", "called by partial ARN")
    with refuses("ResourceNotFoundException", "Function not found", 404):
        invoke(engine, "nobody", {})
    with refuses("InvalidRequestContentException", status=400):
        invoke(engine, "hello", body=b"{not json")


def test_versions_and_weighted_alias():
    make_function(engine, "versioned", "def handler(event, context):\n    return [1, context.function_version]\n")
    equal(aws().publish_version(FunctionName="versioned")["Version"], "1", "the first version")
    aws().update_function_code(
        FunctionName="versioned", ZipFile=archive({"index.py": "def handler(event, context):\n    return [2, context.function_version]\n"}))
    aws().get_waiter("function_updated_v2").wait(FunctionName="versioned", WaiterConfig={"Delay": 1})
    equal(aws().publish_version(FunctionName="versioned")["Version"], "2", "the second version")
    equal(invoke(engine, "versioned", {}, Qualifier="1")[0], [1, "1"], "the first version's answer")
    equal(invoke(engine, "versioned:2", {})[0], [2, "2"], "the second version's answer")
    aws().create_alias(FunctionName="versioned", Name="live", FunctionVersion="1")
    equal(invoke(engine, "versioned", {}, Qualifier="live")[1]["ExecutedVersion"], "1", "the version behind the alias")
    aws().update_alias(
        FunctionName="versioned", Name="live", RoutingConfig={"AdditionalVersionWeights": {"2": 0.5}})
    seen = [invoke(engine, "versioned", {}, Qualifier="live")[1]["ExecutedVersion"] for _ in range(40)]
    # Each side missing from forty fair draws: less than one in 10^11.
    equal(set(seen), {"1", "2"}, "the versions that an alias of equal weights chose")
    versions = [v["Version"] for v in aws().list_versions_by_function(FunctionName="versioned")["Versions"]]
    equal(versions, ["$LATEST", "1", "2"], "the versions")
    with refuses("ResourceConflictException", status=409):
        aws().create_alias(FunctionName="versioned", Name="live", FunctionVersion="2")


def test_layer():
    layer = aws().publish_layer_version(
        LayerName="prices", Content={"ZipFile": archive({"python/prices.py": "APPLE = 3\n"})},
        CompatibleRuntimes=["python3.13"])
    equal(layer["Version"], 1, "the layer's version")
    make_function(
        engine, "layered", "import prices\ndef handler(event, context):\n    return prices.APPLE\n",
        Layers=[layer["LayerVersionArn"]])
    equal(invoke(engine, "layered", {})[0], 3, "what the layer holds")


def test_configuration_changes():
    aws().update_function_configuration(FunctionName="hello", Environment={"Variables": {"STAGE": "changed"}})
    aws().get_waiter("function_updated_v2").wait(FunctionName="hello", WaiterConfig={"Delay": 1})
    equal(invoke(engine, "hello", {})[0]["stage"], "changed", "the environment variable")
    aws().put_function_concurrency(FunctionName="hello", ReservedConcurrentExecutions=0)
    with refuses("TooManyRequestsException", "Rate Exceeded", 429):
        invoke(engine, "hello", {})
    aws().delete_function_concurrency(FunctionName="hello")
    invoke(engine, "hello", {})


def test_old_runtimes_and_bad_input():
    for runtime in ["python3.9", "nodejs18.x"]:
        with refuses("InvalidParameterValueException", "no longer supported"):
            make_function(engine, "old", "", runtime, wait=False)
    with refuses("InvalidParameterValueException"):
        aws().create_function(
            FunctionName="bad", Runtime="python3.13", Role=ROLE, Handler="index.handler", Code={"ZipFile": b"no archive"})
    with refuses("ResourceConflictException", "Function already exist", 409):
        make_function(engine, "hello", "", wait=False)


def queue(name, **attributes):
    url = engine.client("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def bodies(url, count, what):
    """The bodies of `count` messages, waited for, each received once."""
    found = []

    def enough():
        got = engine.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
        found.extend(m["Body"] for m in got.get("Messages", []))
        return len(found) >= count

    wait_until(enough, what)
    return found


def test_mapping_with_partial_failures():
    done, _ = queue("done")
    dead, dead_arn = queue("mapping-dead")
    source, source_arn = queue(
        "work", VisibilityTimeout="1", RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2}))
    make_function(
        engine, "worker", "import boto3\nsqs = boto3.client('sqs')\ndef handler(event, context):\n"
        "    failed = []\n"
        "    for record in event['Records']:\n"
        "        if record['body'].startswith('bad'):\n"
        "            failed.append({'itemIdentifier': record['messageId']})\n"
        "        else:\n"
        f"            sqs.send_message(QueueUrl={done!r}, MessageBody=record['body'])\n"
        "    return {'batchItemFailures': failed}\n", Timeout=1)
    mapping = aws().create_event_source_mapping(
        EventSourceArn=source_arn, FunctionName="worker", BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"])
    wait_until(
        lambda: aws().get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled", "the mapping being enabled")
    entries = [{"Id": str(i), "MessageBody": f"good{i}" if i % 3 else f"bad{i}"} for i in range(9)]
    engine.client("sqs").send_message_batch(QueueUrl=source, Entries=entries)
    good = bodies(done, 6, "the good messages being handled")
    equal(sorted(good), ["good1", "good2", "good4", "good5", "good7", "good8"], "the messages that were handled")
    bad = bodies(dead, 3, "the bad messages being dead-lettered")
    equal(sorted(bad), ["bad0", "bad3", "bad6"], "the messages that were given up")
    aws().update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    wait_until(
        lambda: aws().get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Disabled", "the mapping being disabled")


def test_asynchronous_destinations_and_dead_letters():
    success, success_arn = queue("on-success")
    trouble, trouble_arn = queue("on-failure")
    dead, dead_arn = queue("async-dead")
    source = "def handler(event, context):\n    if event.get('fail'):\n        raise ValueError('as told')\n    return 'fine'\n"
    make_function(engine, "later", source, DeadLetterConfig={"TargetArn": dead_arn})
    aws().put_function_event_invoke_config(
        FunctionName="later", MaximumRetryAttempts=0, DestinationConfig={
            "OnSuccess": {"Destination": success_arn}, "OnFailure": {"Destination": trouble_arn}})
    invoke(engine, "later", {"n": 1}, InvocationType="Event")
    record = json.loads(bodies(success, 1, "the record of success")[0])
    equal(record["responsePayload"], "fine", "the response in the record")
    equal(record["requestPayload"], {"n": 1}, "the request in the record")
    equal(record["requestContext"]["condition"], "Success", "the condition")
    invoke(engine, "later", {"fail": True}, InvocationType="Event")
    record = json.loads(bodies(trouble, 1, "the record of failure")[0])
    equal(record["requestContext"]["condition"], "RetriesExhausted", "the condition")
    equal(record["responsePayload"]["errorMessage"], "as told", "the error in the record")
    equal(bodies(dead, 1, "the dead letter"), ['{"fail": true}'], "the dead letter")


def test_logs_of_a_function():
    logs = engine.client("logs")
    streams = logs.describe_log_streams(logGroupName="/aws/lambda/hello")["logStreams"]
    check(streams, "no log stream")
    check(re.match(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$", streams[0]["logStreamName"]), f"the stream {streams[0]}")
    events = logs.filter_log_events(logGroupName="/aws/lambda/hello", filterPattern='"REPORT RequestId"')["events"]
    check(events, "no REPORT line in the log")


def test_streamed_responses():
    need_node()
    source = (
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => {\n"
        "  stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'X-Kind': 'stream' } });\n"
        "  stream.write('hello '); stream.write('world'); stream.end();\n});")
    s3 = engine.client("s3")
    s3.create_bucket(Bucket="code")
    s3.put_object(Bucket="code", Key="stream.zip", Body=archive({"index.js": source}))
    aws().create_function(
        FunctionName="streamer", Runtime="nodejs22.x", Role=ROLE, Handler="index.handler",
        Code={"S3Bucket": "code", "S3Key": "stream.zip"})
    aws().get_waiter("function_active_v2").wait(FunctionName="streamer")
    answer = aws().invoke_with_response_stream(FunctionName="streamer")
    events = list(answer["EventStream"])
    payload = b"".join(e["PayloadChunk"]["Payload"] for e in events if "PayloadChunk" in e)
    check(payload.endswith(b"\0" * 8 + b"hello world"), f"the stream {payload!r}")
    equal(events[-1], {"InvokeComplete": {}}, "the last event")
    url = aws().create_function_url_config(
        FunctionName="streamer", AuthType="NONE", InvokeMode="RESPONSE_STREAM",
        Cors={"AllowOrigins": ["https://shop.example"], "AllowMethods": ["GET"]})["FunctionUrl"]
    host = url.split("/")[2]
    request = urllib.request.Request(engine.endpoint + "/", headers={"Host": host})
    try:
        urllib.request.urlopen(request)
        check(False, "a URL without a permission answered")
    except urllib.error.HTTPError as error:
        equal(error.code, 403, "the status without a permission")
    aws().add_permission(
        FunctionName="streamer", StatementId="public", Action="lambda:InvokeFunctionUrl", Principal="*",
        FunctionUrlAuthType="NONE")
    request.add_header("Origin", "https://shop.example")
    with urllib.request.urlopen(request) as response:
        equal((response.status, response.read()), (201, b"hello world"), "the streamed answer")
        equal(response.headers["x-kind"], "stream", "the header of the prelude")
        equal(response.headers["access-control-allow-origin"], "https://shop.example", "the CORS header")


def test_streams_are_heard_while_they_are_written():
    """The function goes on only once the client, who heard its first words, left it an answer."""
    need_node()
    source = (
        "exports.handler = awslambda.streamifyResponse(async (event, stream) => {\n"
        "  stream.setContentType('text/plain'); stream.write('first');\n"
        "  while ((await fetch(event.answer)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));\n"
        "  stream.write('second');\n"
        "  if (event.fails) throw new TypeError('half way');\n"
        "  stream.end();\n});")
    aws().create_function(
        FunctionName="talker", Runtime="nodejs22.x", Role=ROLE, Handler="index.handler", Timeout=20,
        Code={"ZipFile": archive({"index.js": source})})
    aws().get_waiter("function_active_v2").wait(FunctionName="talker")
    s3 = engine.client("s3")
    for key, end in [("heard", None), ("heard again", "TypeError")]:
        event = {
            "answer": s3.generate_presigned_url("get_object", {"Bucket": "code", "Key": key}), "fails": end is not None}
        answer = aws().invoke_with_response_stream(FunctionName="talker", Payload=json.dumps(event))
        equal(answer["ResponseStreamContentType"], "text/plain", "the content type")
        events = iter(answer["EventStream"])
        equal(next(events), {"PayloadChunk": {"Payload": b"first"}}, "what is heard first")
        s3.put_object(Bucket="code", Key=key, Body=b"yes")
        equal(next(events), {"PayloadChunk": {"Payload": b"second"}}, "what is heard then")
        equal(next(events)["InvokeComplete"].get("ErrorCode"), end, "how it ended")


def test_provisioned_concurrency():
    make_function(
        engine, "ready", "import os\ndef handler(event, context):\n"
        "    return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']\n")
    version = aws().publish_version(FunctionName="ready")["Version"]
    with refuses("InvalidParameterValueException"):
        aws().put_provisioned_concurrency_config(
            FunctionName="ready", Qualifier="$LATEST", ProvisionedConcurrentExecutions=1)
    put = aws().put_provisioned_concurrency_config(
        FunctionName="ready", Qualifier=version, ProvisionedConcurrentExecutions=2)
    equal(put["Status"], "IN_PROGRESS", "the status at first")
    config = {}

    def is_ready():
        config.update(aws().get_provisioned_concurrency_config(FunctionName="ready", Qualifier=version))
        return config["Status"] == "READY"

    wait_until(is_ready, "the environments are ready")
    equal(config["AvailableProvisionedConcurrentExecutions"], 2, "available environments")
    equal(invoke(engine, "ready", {}, Qualifier=version)[0], "provisioned-concurrency", "how it was initialized")
    aws().delete_provisioned_concurrency_config(FunctionName="ready", Qualifier=version)
    with refuses("ProvisionedConcurrencyConfigNotFoundException", status=404):
        aws().get_provisioned_concurrency_config(FunctionName="ready", Qualifier=version)


def test_deletion():
    aws().delete_function(FunctionName="hello")
    with refuses("ResourceNotFoundException", status=404):
        aws().get_function(FunctionName="hello")


if __name__ == "__main__":
    run(globals())
