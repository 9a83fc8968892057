"""Distributed Maps through boto3: items from S3, batches, results, tolerances, and what is left after kill -9."""

import json

from harness import ACCOUNT, REGION, ROLE, Engine, check, equal, refuses, run, wait_until

engine = None
s3 = None
aws = None
PASS = {"StartAt": "Each", "States": {"Each": {"Type": "Pass", "End": True}}}
ODD_FAILS = {"StartAt": "Odd", "States": {
    "Odd": {"Type": "Choice", "Choices": [{"Variable": "$", "NumericEquals": 1, "Next": "No"}], "Default": "Yes"},
    "No": {"Type": "Fail", "Error": "Odd", "Cause": "one is odd"}, "Yes": {"Type": "Pass", "End": True}}}
count = 0


def setup():
    global engine, s3, aws
    engine = Engine()
    s3, aws = engine.client("s3"), engine.client("stepfunctions")
    s3.create_bucket(Bucket="items")
    s3.create_bucket(Bucket="results")


def begin(input, processor=PASS, type="STANDARD", **fields):
    global count
    count += 1
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": type}, **processor}
    definition = {"StartAt": "Map", "States": {"Map": {"Type": "Map", "ItemProcessor": processor, "End": True, **fields}}}
    machine = aws.create_state_machine(name=f"m{count}", roleArn=ROLE, definition=json.dumps(definition))
    return aws.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(input))["executionArn"]


def end(arn):
    done = wait_until(
        lambda: (lambda d: d if d["status"] != "RUNNING" else None)(aws.describe_execution(executionArn=arn)),
        f"the end of {arn}", 60)
    return done


def perform(*arguments, **fields):
    done = end(begin(*arguments, **fields))
    equal(done["status"], "SUCCEEDED", f"the status ({done.get('error')}: {done.get('cause')})")
    return json.loads(done["output"])


def reader(key, action="getObject", **config):
    parameters = {"Bucket": "items", **({"Prefix": key} if action == "listObjectsV2" else {"Key": key})}
    return {"Resource": f"arn:aws:states:::s3:{action}", "Parameters": parameters, "ReaderConfig": config}


def test_items_of_the_input():
    arn = begin([3, 4, 5], Label="Few")
    equal(json.loads(end(arn)["output"]), [3, 4, 5], "the outputs in their order")
    runs = aws.list_map_runs(executionArn=arn)["mapRuns"]
    equal(len(runs), 1, "the runs")
    described = aws.describe_map_run(mapRunArn=runs[0]["mapRunArn"])
    equal((described["status"], described["itemCounts"]["succeeded"]), ("SUCCEEDED", 3), "the run")
    check(f"mapRun:m{count}/Few:" in described["mapRunArn"], described["mapRunArn"])
    children = aws.list_executions(mapRunArn=runs[0]["mapRunArn"])["executions"]
    equal(len(children), 3, "the children")
    child = aws.describe_execution(executionArn=children[0]["executionArn"])
    check(f"execution:m{count}/Few:" in child["executionArn"], child["executionArn"])
    equal(child["mapRunArn"], runs[0]["mapRunArn"], "the run of a child")
    equal(child["output"], "5", "the newest child's output")
    events = [e["type"] for e in aws.get_execution_history(executionArn=arn)["events"]]
    equal(
        events, ["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded",
                 "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"], "the history")
    machine = children[0]["stateMachineArn"].rpartition("/")[0]
    equal(len(aws.list_executions(stateMachineArn=machine)["executions"]), 1, "the machine's own executions")
    equal(perform([]), [], "no items")


def test_readers():
    s3.put_object(Bucket="items", Key="a.csv", Body=b'H1,\r\nV1,"a ""b"", c"\r\nV2\r\n')
    equal(
        perform({}, ItemReader=reader("a.csv", InputType="CSV", CSVHeaderLocation="FIRST_ROW")),
        [{"H1": "V1", "": 'a "b", c'}, {"H1": "V2", "": ""}], "rows")
    equal(
        perform({}, ItemReader=reader(
            "a.csv", InputType="CSV", CSVHeaderLocation="GIVEN", CSVHeaders=["X"], MaxItems=2)),
        [{"X": "H1"}, {"X": "V1"}], "rows under given headers")
    s3.put_object(Bucket="items", Key="a.json", Body=b'{"deep": {"list": [1, {"a": 2}]}}')
    equal(perform({}, ItemReader=reader("a.json", InputType="JSON", ItemsPointer="/deep/list")), [1, {"a": 2}], "JSON")
    s3.put_object(Bucket="items", Key="a.jsonl", Body=b'{"a": 1}\n\n[2]\n')
    equal(perform({}, ItemReader=reader("a.jsonl", InputType="JSONL")), [{"a": 1}, [2]], "lines")
    listed = perform({}, ItemReader=reader("a.", action="listObjectsV2"))
    equal([i["Key"] for i in listed], ["a.csv", "a.json", "a.jsonl"], "a listing")
    s3.put_object(Bucket="items", Key="many/", Body=b"")
    s3.put_object(Bucket="items", Key="many/1.jsonl", Body=b"1\n2\n")
    s3.put_object(Bucket="items", Key="many/2.jsonl", Body=b"3\n4\n")
    loaded = reader("many/", action="listObjectsV2", Transformation="LOAD_AND_FLATTEN", InputType="JSONL", MaxItems=3)
    equal(perform({}, ItemReader=loaded), [1, 2, 3], "what listed objects hold")
    loaded["ReaderConfig"].pop("InputType")
    equal(end(begin({}, ItemReader=loaded))["error"], "States.ItemReaderFailed", "objects of an unknown kind")
    s3.put_object(Bucket="items", Key="manifest", Body=b"s3://items/part1.csv\ns3://items/part2.csv\n")
    s3.put_object(Bucket="items", Key="part1.csv", Body=b"a\n1\n")
    s3.put_object(Bucket="items", Key="part2.csv", Body=b"a\n2\n")
    equal(
        perform({}, ItemReader=reader("manifest", InputType="MANIFEST", ManifestType="ATHENA_DATA")),
        [{"a": "1"}, {"a": "2"}], "what a manifest names")
    for key, cause in {"a.json": "Attempting to map over non-iterable node.", "none": "The specified key does not exist."}.items():
        done = end(begin({}, ItemReader=reader(key, InputType="JSON")))
        equal((done["status"], done["error"]), ("FAILED", "States.ItemReaderFailed"), f"reading {key}")
        check(done["cause"].startswith(cause), done["cause"])


def test_batches_and_selectors():
    output = perform(
        [1, 2, 3], ItemSelector={"n.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
        ItemBatcher={"MaxItemsPerBatch": 2, "BatchInput": {"all": True}}, type="EXPRESS")
    equal(output, [
        {"BatchInput": {"all": True}, "Items": [{"n": 1, "i": 0}, {"n": 2, "i": 1}]},
        {"BatchInput": {"all": True}, "Items": [{"n": 3, "i": 2}]}], "the batches")


def test_results():
    output = perform(
        [0, 1, 2], ODD_FAILS, ToleratedFailureCount=1, ResultWriter={
            "Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results", "Prefix": "out"}})
    place = output["ResultWriterDetails"]
    run_id = output["MapRunArn"].rpartition(":")[2]
    equal(place, {"Bucket": "results", "Key": f"out/{run_id}/manifest.json"}, "the place")
    manifest = json.loads(s3.get_object(**place)["Body"].read())
    files = manifest["ResultFiles"]
    equal({k: len(v) for k, v in files.items()}, {"FAILED": 1, "PENDING": 0, "SUCCEEDED": 1}, "the files")
    body = s3.get_object(Bucket="results", Key=files["SUCCEEDED"][0]["Key"])["Body"].read()
    equal(len(body), files["SUCCEEDED"][0]["Size"], "the size")
    equal([(e["Input"], e["Output"], e["Status"]) for e in json.loads(body)],
          [("0", "0", "SUCCEEDED"), ("2", "2", "SUCCEEDED")], "the results")
    failed = json.loads(s3.get_object(Bucket="results", Key=files["FAILED"][0]["Key"])["Body"].read())
    equal([(e["Input"], e["Error"]) for e in failed], [("1", "Odd")], "the failures")
    done = end(begin([1], ResultWriter={
        "Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "nowhere", "Prefix": ""}}))
    equal(done["error"], "States.ResultWriterFailed", "a place that is not there")


def test_tolerances():
    done = end(begin([0, 1, 2], ODD_FAILS))
    equal((done["status"], done["error"]), ("FAILED", "States.ExceedToleratedFailureThreshold"), "no tolerance")
    equal(perform([0, 1, 2, 4], ODD_FAILS, ToleratedFailurePercentage=25), [0, 2, 4], "a quarter may fail")


WAITING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 2, "End": True}}}


def test_limits_are_changed_while_it_runs():
    arn = begin([1, 2, 3, 4], {"StartAt": "Long", "States": {"Long": {"Type": "Wait", "Seconds": 3600, "End": True}}},
                MaxConcurrency=1)
    map_run = wait_until(lambda: aws.list_map_runs(executionArn=arn)["mapRuns"], "the run")[0]["mapRunArn"]

    def running():
        return aws.describe_map_run(mapRunArn=map_run)["executionCounts"]["running"]

    wait_until(lambda: running() == 1, "one child")
    aws.update_map_run(mapRunArn=map_run, maxConcurrency=3)
    wait_until(lambda: running() == 3, "three children")
    aws.stop_execution(executionArn=arn)
    wait_until(lambda: running() == 0, "the end of the children")
    described = aws.describe_map_run(mapRunArn=map_run)
    equal((described["status"], described["executionCounts"]["aborted"]), ("ABORTED", 3), "the run ends with its parent")
    with refuses("ResourceNotFound"):
        aws.describe_map_run(mapRunArn=f"arn:aws:states:{REGION}:{ACCOUNT}:mapRun:a/b:c")


def test_nothing_is_lost():
    arn = begin(list(range(300)), WAITING, MaxConcurrency=150)
    express = begin(list(range(30)), WAITING, type="EXPRESS")
    map_run = wait_until(lambda: aws.list_map_runs(executionArn=arn)["mapRuns"], "the run")[0]["mapRunArn"]
    wait_until(lambda: aws.describe_map_run(mapRunArn=map_run)["executionCounts"]["succeeded"] > 0, "the first ends")
    engine.process.kill()
    engine.process.wait()
    engine.restart()
    equal(json.loads(end(arn)["output"]), list(range(300)), "all outputs in their order")
    equal(json.loads(end(express)["output"]), list(range(30)), "those of Express children")
    equal(aws.describe_map_run(mapRunArn=map_run)["executionCounts"]["succeeded"], 300, "the count")


if __name__ == "__main__":
    run(globals())
