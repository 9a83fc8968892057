"""CloudWatch, Logs, IAM and STS through boto3, and CloudWatch's other wire formats by hand."""

import datetime
import gzip
import json
import struct
import time
import urllib.parse

from harness import ACCOUNT, Engine, check, contains, equal, refuses, run, wait_until

engine = None


def setup():
    global engine
    engine = Engine()


def start_of_minute():
    now = datetime.datetime.now(datetime.timezone.utc)
    return now.replace(second=0, microsecond=0)


def test_metrics():
    cloudwatch = engine.client("cloudwatch")
    minute = start_of_minute() - datetime.timedelta(minutes=5)
    cloudwatch.put_metric_data(
        Namespace="Shop",
        MetricData=[
            {"MetricName": "Latency", "Dimensions": [{"Name": "Page", "Value": "cart"}], "Timestamp": minute,
             "Values": [float(v) for v in range(1, 101)], "Unit": "Milliseconds"},
            {"MetricName": "Latency", "Dimensions": [{"Name": "Page", "Value": "cart"}],
             "Timestamp": minute + datetime.timedelta(minutes=1), "Value": 500.0, "Unit": "Milliseconds"},
            {"MetricName": "Orders", "Timestamp": minute,
             "StatisticValues": {"SampleCount": 4, "Sum": 10, "Minimum": 1, "Maximum": 4}}])
    listed = cloudwatch.list_metrics(Namespace="Shop")["Metrics"]
    equal({m["MetricName"] for m in listed}, {"Latency", "Orders"}, "the metrics")
    got = cloudwatch.get_metric_statistics(
        Namespace="Shop", MetricName="Latency", Dimensions=[{"Name": "Page", "Value": "cart"}],
        StartTime=minute, EndTime=minute + datetime.timedelta(minutes=2), Period=60,
        Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"])["Datapoints"]
    got.sort(key=lambda p: p["Timestamp"])
    equal(len(got), 2, "data points")
    equal(
        (got[0]["Sum"], got[0]["Average"], got[0]["Minimum"], got[0]["Maximum"], got[0]["SampleCount"]),
        (5050.0, 50.5, 1.0, 100.0, 100.0), "the first minute")
    equal(got[0]["Unit"], "Milliseconds", "the unit")
    points = cloudwatch.get_metric_statistics(
        Namespace="Shop", MetricName="Latency", Dimensions=[{"Name": "Page", "Value": "cart"}],
        StartTime=minute, EndTime=minute + datetime.timedelta(minutes=1), Period=60,
        ExtendedStatistics=["p50", "p99"])["Datapoints"]
    extended = points[0]["ExtendedStatistics"]
    check(abs(extended["p50"] - 50) <= 1.5 and abs(extended["p99"] - 99) <= 1.5, f"percentiles {extended}")
    data = cloudwatch.get_metric_data(
        StartTime=minute, EndTime=minute + datetime.timedelta(minutes=2), ScanBy="TimestampAscending",
        MetricDataQueries=[
            {"Id": "p90", "MetricStat": {"Period": 60, "Stat": "p90", "Metric": {
                "Namespace": "Shop", "MetricName": "Latency", "Dimensions": [{"Name": "Page", "Value": "cart"}]}}},
            {"Id": "orders", "MetricStat": {"Period": 300, "Stat": "Sum", "Metric": {
                "Namespace": "Shop", "MetricName": "Orders"}}}])["MetricDataResults"]
    results = {r["Id"]: r["Values"] for r in data}
    check(abs(results["p90"][0] - 90) <= 1.5, f"p90 of the first minute is {results['p90'][0]}")
    check(abs(results["p90"][1] - 500) <= 5, f"p90 of one value of 500 is {results['p90'][1]}")
    equal(results["orders"], [10.0], "orders")
    with refuses("InvalidParameterValue"):
        cloudwatch.put_metric_data(Namespace="AWS/Shop", MetricData=[{"MetricName": "x", "Value": 1.0}])


def cbor(value):
    """RFC 8949, as far as Smithy's rpcv2Cbor uses it."""
    def head(major, n):
        if n < 24:
            return bytes([major << 5 | n])
        for code, size, limit in [(24, "B", 1 << 8), (25, ">H", 1 << 16), (26, ">I", 1 << 32)]:
            if n < limit:
                return bytes([major << 5 | code]) + struct.pack(size, n)
        return bytes([major << 5 | 27]) + struct.pack(">Q", n)

    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    if isinstance(value, datetime.datetime):
        return head(6, 1) + cbor(value.timestamp())
    raise TypeError(value)


def from_cbor(data):
    def item(at):
        major, low = data[at] >> 5, data[at] & 31
        at += 1
        if major == 7:
            if low in (20, 21):
                return low == 21, at
            if low == 22:
                return None, at
            size, form = {25: (2, ">e"), 26: (4, ">f"), 27: (8, ">d")}[low]
            return struct.unpack(form, data[at:at + size])[0], at + size
        n = low
        if 24 <= low <= 27:
            size = 1 << (low - 24)
            n, at = int.from_bytes(data[at:at + size], "big"), at + size
        endless = low == 31
        if major == 0:
            return n, at
        if major == 1:
            return -1 - n, at
        if major in (2, 3):
            raw = data[at:at + n]
            return (raw.decode() if major == 3 else raw), at + n
        if major == 6:
            return item(at)
        result = [] if major == 4 else {}
        while (data[at] != 0xff) if endless else n > 0:
            value, at = item(at)
            if major == 4:
                result.append(value)
            else:
                result[value], at = item(at)
            n -= 1
        return result, at + (1 if endless else 0)

    return item(0)[0]


def call_cbor(operation, members):
    status, headers, body = engine.request(
        "POST", f"/service/GraniteServiceVersion20100801/operation/{operation}", cbor(members),
        {"content-type": "application/cbor", "accept": "application/cbor", "smithy-protocol": "rpc-v2-cbor"})
    headers = {k.lower(): v for k, v in headers.items()}
    equal(headers.get("smithy-protocol"), "rpc-v2-cbor", "the protocol's header")
    return status, from_cbor(body) if body else {}


def test_cloudwatch_in_cbor():
    minute = start_of_minute()
    status, answer = call_cbor("PutMetricData", {
        "Namespace": "Binary", "MetricData": [{"MetricName": "Size", "Value": 12.5, "Timestamp": minute}]})
    equal(status, 200, str(answer))
    status, answer = call_cbor("GetMetricStatistics", {
        "Namespace": "Binary", "MetricName": "Size", "StartTime": minute,
        "EndTime": minute + datetime.timedelta(minutes=1), "Period": 60, "Statistics": ["Sum"]})
    equal(status, 200, str(answer))
    equal([p["Sum"] for p in answer["Datapoints"]], [12.5], "the data points")
    status, answer = call_cbor("GetMetricStatistics", {"Namespace": "Binary"})
    equal(status, 400, str(answer))
    check("__type" in answer, f"an error without a type: {answer}")


def test_cloudwatch_in_query():
    minute = start_of_minute()
    body = urllib.parse.urlencode({
        "Action": "PutMetricData", "Version": "2010-08-01", "Namespace": "Old", "MetricData.member.1.MetricName": "Size",
        "MetricData.member.1.Value": "3", "MetricData.member.1.Dimensions.member.1.Name": "Kind",
        "MetricData.member.1.Dimensions.member.1.Value": "small"}).encode()
    status, _, text = engine.request("POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})
    equal(status, 200, text.decode())
    contains(text.decode(), "<PutMetricDataResponse", "the answer")
    body = urllib.parse.urlencode({
        "Action": "GetMetricStatistics", "Version": "2010-08-01", "Namespace": "Old", "MetricName": "Size",
        "Dimensions.member.1.Name": "Kind", "Dimensions.member.1.Value": "small", "Period": "60",
        "StartTime": (minute - datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "EndTime": (minute + datetime.timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Statistics.member.1": "Sum"}).encode()
    status, _, text = engine.request("POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})
    equal(status, 200, text.decode())
    contains(text.decode(), "<Sum>3", "the data point")


def test_metrics_of_services():
    url = engine.client("sqs").create_queue(QueueName="measured")["QueueUrl"]
    for _ in range(3):
        engine.client("sqs").send_message(QueueUrl=url, MessageBody="x")
    now = datetime.datetime.now(datetime.timezone.utc)

    def sent():
        points = engine.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/SQS", MetricName="NumberOfMessagesSent", Dimensions=[{"Name": "QueueName", "Value": "measured"}],
            StartTime=now - datetime.timedelta(minutes=10), EndTime=now + datetime.timedelta(minutes=10), Period=3600,
            Statistics=["Sum"])["Datapoints"]
        return sum(p["Sum"] for p in points) == 3

    wait_until(sent, "the count of messages sent")


def test_logs():
    logs = engine.client("logs")
    logs.create_log_group(logGroupName="/shop/web")
    logs.create_log_stream(logGroupName="/shop/web", logStreamName="one")
    now = int(time.time() * 1000)
    lines = ["GET /cart 200", "GET /pay 500", json.dumps({"level": "ERROR", "ms": 120}), json.dumps({"level": "INFO", "ms": 3})]
    logs.put_log_events(
        logGroupName="/shop/web", logStreamName="one",
        logEvents=[{"timestamp": now + i, "message": m} for i, m in enumerate(lines)])
    got = logs.get_log_events(logGroupName="/shop/web", logStreamName="one", startFromHead=True)
    equal([e["message"] for e in got["events"]], lines, "the events")
    last = logs.get_log_events(
        logGroupName="/shop/web", logStreamName="one", startFromHead=True, nextToken=got["nextForwardToken"])
    equal((last["events"], last["nextForwardToken"]), ([], got["nextForwardToken"]), "what follows the last event")
    for pattern, expected in [("500", [lines[1]]), ('{ $.level = "ERROR" }', [lines[2]]), ("{ $.ms < 10 }", [lines[3]]),
                              ("GET -500", [lines[0]]), ("[method, path, status=5*]", [lines[1]])]:
        found = logs.filter_log_events(logGroupName="/shop/web", filterPattern=pattern)["events"]
        equal([e["message"] for e in found], expected, f"events that match {pattern}")
    logs.put_retention_policy(logGroupName="/shop/web", retentionInDays=7)
    equal(logs.describe_log_groups(logGroupNamePrefix="/shop")["logGroups"][0]["retentionInDays"], 7, "the retention")
    with refuses("ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName="/shop/web")
    with refuses("ResourceNotFoundException"):
        logs.get_log_events(logGroupName="/nowhere", logStreamName="x")
    with refuses("InvalidParameterException"):
        logs.put_retention_policy(logGroupName="/shop/web", retentionInDays=8)
    logs.delete_log_group(logGroupName="/shop/web")
    equal(logs.describe_log_groups(logGroupNamePrefix="/shop")["logGroups"], [], "log groups")


def test_embedded_metrics():
    logs, cloudwatch = engine.client("logs"), engine.client("cloudwatch")
    logs.create_log_group(logGroupName="embedded")
    logs.create_log_stream(logGroupName="embedded", logStreamName="s")
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName="embedded", logStreamName="s", logEvents=[{"timestamp": now, "message": json.dumps({
        "_aws": {"Timestamp": now, "CloudWatchMetrics": [
            {"Namespace": "Embedded", "Dimensions": [["Shop"]], "Metrics": [{"Name": "Sales", "Unit": "Count"}]}]},
        "Shop": "north", "Sales": 7})}])
    wait_until(lambda: cloudwatch.list_metrics(Namespace="Embedded")["Metrics"], "the metric in a log event")


def test_roles_and_policies():
    iam = engine.client("iam")
    trust = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}]})
    role = iam.create_role(RoleName="visitor", AssumeRolePolicyDocument=trust, Tags=[{"Key": "team", "Value": "a"}])["Role"]
    equal(role["Arn"], f"arn:aws:iam::{ACCOUNT}:role/visitor", "the ARN")
    equal(iam.get_role(RoleName="visitor")["Role"]["AssumeRolePolicyDocument"], json.loads(trust), "the trust policy")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="visitor", PolicyName="queues", PolicyDocument=json.dumps(document))
    equal(iam.get_role_policy(RoleName="visitor", PolicyName="queues")["PolicyDocument"], document, "the inline policy")
    policy = iam.create_policy(PolicyName="own", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="visitor", PolicyArn=policy)
    attached = iam.list_attached_role_policies(RoleName="visitor")["AttachedPolicies"]
    equal([p["PolicyName"] for p in attached], ["own"], "attached policies")
    with refuses("DeleteConflict", status=409):
        iam.delete_role(RoleName="visitor")
    with refuses("EntityAlreadyExists", status=409):
        iam.create_role(RoleName="visitor", AssumeRolePolicyDocument=trust)
    with refuses("NoSuchEntity", status=404):
        iam.get_role(RoleName="nobody")
    with refuses("MalformedPolicyDocument"):
        iam.create_role(RoleName="broken", AssumeRolePolicyDocument="{")


def test_identities():
    sts = engine.client("sts")
    identity = sts.get_caller_identity()
    equal(identity["Account"], ACCOUNT, "the account")
    session = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/visitor", RoleSessionName="here")
    contains(session["AssumedRoleUser"]["Arn"], ":assumed-role/visitor/here", "the session's ARN")
    keys = session["Credentials"]
    visitor = engine.client(
        "sts", aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"])
    equal(visitor.get_caller_identity()["Arn"], f"arn:aws:sts::{ACCOUNT}:assumed-role/visitor/here", "the caller")
    engine.client("iam").create_role(RoleName="functions-only", AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))
    with refuses("AccessDenied", "is not authorized to perform: sts:AssumeRole", 403):
        sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/functions-only", RoleSessionName="here")
    other = engine.client("sts", aws_access_key_id="111122223333")
    equal(other.get_caller_identity()["Account"], "111122223333", "another account")



def test_alarms():
    cloudwatch = engine.client("cloudwatch")
    sns, sqs = engine.client("sns"), engine.client("sqs")
    topic = sns.create_topic(Name="pages")["TopicArn"]
    queue = sqs.create_queue(QueueName="pages")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
             "Resource": arn}
    sqs.set_queue_attributes(
        QueueUrl=queue, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [allow]})})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    cloudwatch.put_metric_alarm(
        AlarmName="errors", Namespace="Shop", MetricName="Errors", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=5, ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic])
    cloudwatch.put_composite_alarm(AlarmName="page", AlarmRule="ALARM(errors)")
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="drill")
    body = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"][0]["Body"]
    message = json.loads(json.loads(body)["Message"])
    equal(message["NewStateValue"], "ALARM", "the message of the topic")
    equal(message["Trigger"]["Statistic"], "SUM", "the alarm's statistic in it")
    composite = cloudwatch.describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]
    equal(composite["StateValue"], "ALARM", "the composite alarm")
    history = cloudwatch.describe_alarm_history(AlarmName="errors")["AlarmHistoryItems"]
    equal({h["HistoryItemType"] for h in history}, {"Action", "StateUpdate", "ConfigurationUpdate"}, "its history")
    cloudwatch.delete_alarms(AlarmNames=["errors", "nobody"])
    equal(cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"], [], "the alarm that was there is gone")


def test_insights():
    logs = engine.client("logs")
    logs.create_log_group(logGroupName="insights")
    logs.create_log_stream(logGroupName="insights", logStreamName="s")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName="insights", logStreamName="s",
        logEvents=[{"timestamp": now, "message": json.dumps({"level": level})} for level in ("info", "error", "error")])
    query = logs.start_query(
        logGroupName="insights", startTime=now // 1000 - 60, endTime=now // 1000 + 60,
        queryString="stats count(*) as n by level | sort n desc")["queryId"]
    wait_until(lambda: logs.get_query_results(queryId=query)["status"] == "Complete", "the query")
    rows = [{f["field"]: f["value"] for f in row} for row in logs.get_query_results(queryId=query)["results"]]
    equal(rows, [{"level": "error", "n": "2"}, {"level": "info", "n": "1"}], "the rows")
    with refuses("MalformedQueryException"):
        logs.start_query(logGroupName="insights", startTime=0, endTime=1, queryString="nosuch")


def test_mute_rules():
    cloudwatch = engine.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="muted", Namespace="Shop", MetricName="Errors", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="GreaterThanThreshold")
    cloudwatch.put_alarm_mute_rule(
        Name="always", Rule={"Schedule": {"Expression": "cron(* * * * *)", "Duration": "PT5M"}},
        MuteTargets={"AlarmNames": ["muted"]})
    equal(cloudwatch.get_alarm_mute_rule(AlarmMuteRuleName="always")["Status"], "ACTIVE", "the rule's status")
    listed = cloudwatch.list_alarm_mute_rules(AlarmName="muted")["AlarmMuteRuleSummaries"]
    equal([rule["MuteType"] for rule in listed], ["RECURRING"], "the rules of the alarm")
    cloudwatch.delete_alarm_mute_rule(AlarmMuteRuleName="always")
    equal(cloudwatch.list_alarm_mute_rules()["AlarmMuteRuleSummaries"], [], "no rule is left")


def test_log_exports():
    logs, s3 = engine.client("logs"), engine.client("s3")
    s3.create_bucket(Bucket="log-archive")
    logs.create_log_group(logGroupName="exported")
    logs.create_log_stream(logGroupName="exported", logStreamName="s")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName="exported", logStreamName="s", logEvents=[{"timestamp": now, "message": "kept for ever"}])
    with refuses("InvalidParameterException"):
        logs.create_export_task(logGroupName="exported", fromTime=0, to=1, destination="no-such-bucket-here")
    task = logs.create_export_task(
        logGroupName="exported", fromTime=0, to=now + 1000, destination="log-archive")["taskId"]
    wait_until(
        lambda: logs.describe_export_tasks(taskId=task)["exportTasks"][0]["status"]["code"] == "COMPLETED",
        "the export")
    key = s3.list_objects_v2(Bucket="log-archive", Prefix="exportedlogs/")["Contents"][0]["Key"]
    text = gzip.decompress(s3.get_object(Bucket="log-archive", Key=key)["Body"].read()).decode()
    contains(text, "kept for ever", "the exported file")


def test_live_tail():
    logs = engine.client("logs", plain_host=True)
    logs.create_log_group(logGroupName="tailed")
    logs.create_log_stream(logGroupName="tailed", logStreamName="s")
    arn = logs.describe_log_groups(logGroupNamePrefix="tailed")["logGroups"][0]["logGroupArn"]
    session = logs.start_live_tail(logGroupIdentifiers=[arn], logEventFilterPattern="ERROR")["responseStream"]
    events = iter(session)
    check("sessionStart" in next(events), "the session starts")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName="tailed", logStreamName="s",
        logEvents=[{"timestamp": now, "message": "ERROR told"}, {"timestamp": now, "message": "not told"}])
    found = []
    for event in events:
        found += [result["message"] for result in event["sessionUpdate"]["sessionResults"]]
        if found:
            break
    session.close()
    equal(found, ["ERROR told"], "what the session tells")


def test_dashboards():
    cloudwatch = engine.client("cloudwatch")
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "# Shop"}}]})
    equal(
        cloudwatch.put_dashboard(DashboardName="shop", DashboardBody=body).get("DashboardValidationMessages", []), [],
        "the validation")
    equal(cloudwatch.get_dashboard(DashboardName="shop")["DashboardBody"], body, "the body")
    with refuses("InvalidParameterInput"):
        cloudwatch.put_dashboard(DashboardName="shop", DashboardBody="{")


if __name__ == "__main__":
    run(globals())
