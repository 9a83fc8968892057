"""What CloudWatch and Logs tell about many things at once: Metrics Insights, bands, contributors, patterns, transformers,
data protection."""

import datetime
import json
import time

from harness import Engine, check, equal, need_clients, refuses, run, wait_until

engine = None


def setup():
    global engine
    need_clients()
    engine = Engine()


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def put_lines(group, lines, create=True):
    logs = engine.client("logs")
    if create:
        logs.create_log_group(logGroupName=group)
        logs.create_log_stream(logGroupName=group, logStreamName="s")
    stamp = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=group, logStreamName="s", logEvents=[{"timestamp": stamp, "message": line} for line in lines])


def query(group, text):
    logs = engine.client("logs")
    end = int(time.time()) + 1
    started = logs.start_query(logGroupName=group, startTime=end - 3600, endTime=end, queryString=text)["queryId"]
    answer = {}

    def is_done():
        answer.update(logs.get_query_results(queryId=started))
        return answer["status"] == "Complete"

    wait_until(is_done, f"the query {text}")
    return [
        {field["field"]: field["value"] for field in row if field["field"] != "@ptr"} for row in answer["results"]]


def test_metrics_insights():
    cloudwatch = engine.client("cloudwatch")
    minute = now().replace(second=0, microsecond=0) - datetime.timedelta(minutes=3)
    cloudwatch.put_metric_data(Namespace="Big/Shop", MetricData=[
        {"MetricName": "Orders", "Dimensions": [{"Name": "Shop", "Value": shop}], "Timestamp": minute, "Value": value}
        for shop, value in [("a", 10.0), ("a", 20.0), ("b", 4.0)]])
    results = cloudwatch.get_metric_data(
        StartTime=minute, EndTime=minute + datetime.timedelta(minutes=1),
        MetricDataQueries=[{
            "Id": "q", "Period": 60,
            "Expression": 'SELECT SUM(Orders) FROM SCHEMA("Big/Shop", Shop) GROUP BY Shop ORDER BY SUM() DESC'}]
    )["MetricDataResults"]
    equal([(r["Label"], r["Values"]) for r in results], [("a", [30.0]), ("b", [4.0])], "the shops")
    with refuses("ValidationError", "Error in expression 'q'"):
        cloudwatch.get_metric_data(
            StartTime=minute, EndTime=now(),
            MetricDataQueries=[{"Id": "q", "Period": 60, "Expression": "SELECT MEDIAN(Orders) FROM Shop"}])


def test_a_band_of_expected_values():
    cloudwatch = engine.client("cloudwatch")
    minute = now().replace(second=0, microsecond=0)
    cloudwatch.put_metric_data(Namespace="Shop", MetricData=[
        {"MetricName": "Load", "Timestamp": minute - datetime.timedelta(minutes=n), "Value": 8.0 if n % 2 else 12.0}
        for n in range(2, 12)])
    metric = {"Id": "m1", "MetricStat": {
        "Metric": {"Namespace": "Shop", "MetricName": "Load"}, "Period": 60, "Stat": "Average"}}
    band = {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"}
    start = minute - datetime.timedelta(minutes=1)
    results = cloudwatch.get_metric_data(
        StartTime=start, EndTime=minute, MetricDataQueries=[metric, band])["MetricDataResults"]
    equal([r["Values"] for r in results if r["Id"] == "ad1"], [[14.0], [6.0]], "the band")
    cloudwatch.put_metric_alarm(
        AlarmName="odd", ComparisonOperator="LessThanLowerOrGreaterThanUpperThreshold", EvaluationPeriods=1,
        ThresholdMetricId="ad1", Metrics=[metric, band])
    described = cloudwatch.describe_alarms(AlarmNames=["odd"])["MetricAlarms"][0]
    equal(described["ThresholdMetricId"], "ad1", "the band's id")
    check("Threshold" not in described, "no number is compared with")


def test_contributors():
    cloudwatch = engine.client("cloudwatch")
    rule = {
        "Schema": {"Name": "CloudWatchLogRule", "Version": 1}, "LogGroupNames": ["access*"], "LogFormat": "CLF",
        "Fields": {"1": "ip", "3": "status"},
        "Contribution": {"Keys": ["ip"], "Filters": [{"Match": "status", "EqualTo": 500}]}, "AggregateOn": "Count"}
    cloudwatch.put_insight_rule(RuleName="failing", RuleDefinition=json.dumps(rule))
    put_lines("access-logs", ["10.0.0.1 GET 500", "10.0.0.1 GET 500", "10.0.0.2 GET 500", "10.0.0.2 GET 200"])
    end = now() + datetime.timedelta(minutes=1)
    report = cloudwatch.get_insight_rule_report(
        RuleName="failing", StartTime=end - datetime.timedelta(minutes=10), EndTime=end, Period=300,
        MaxContributorCount=10, Metrics=["UniqueContributors"])
    equal(report["KeyLabels"], ["ip"], "the keys")
    equal(report["AggregationStatistic"], "SampleCount", "lines are counted")
    equal(
        [(c["Keys"], c["ApproximateAggregateValue"]) for c in report["Contributors"]],
        [(["10.0.0.1"], 2.0), (["10.0.0.2"], 1.0)], "who contributed")
    equal(max(p["UniqueContributors"] for p in report["MetricDatapoints"]), 2.0, "how many")
    with refuses("ResourceNotFoundException"):
        cloudwatch.get_insight_rule_report(RuleName="none", StartTime=now(), EndTime=end, Period=60)


def test_patterns_and_subqueries():
    put_lines("orders", [
        "INFO order 12 took 30ms", "INFO order 13 took 7ms", "ERROR no stock left", '{"id": "a", "ms": 1}'])
    put_lines("payments", ['{"id": "a", "failed": 1}', '{"id": "b", "failed": 0}'])
    rows = query("orders", "filter @message like /order|stock/ | pattern @message")
    equal(rows[0]["@pattern"], "INFO order <Number-1> took <Number-2>", "the pattern")
    equal((rows[0]["@sampleCount"], rows[0]["@severityLabel"]), ("2", "Info"), "its count and level")
    rows = query("orders", "filter id in (SOURCE 'payments' | filter failed = 1 | fields id) | display id, ms")
    equal(rows, [{"id": "a", "ms": "1"}], "what the subquery chose")
    rows = query("orders", "filter @message like /stock/ | pattern @message | diff")
    equal(rows[0]["@differenceDescription"], "New pattern", "what is new")


def test_transformers():
    logs = engine.client("logs")
    config = [
        {"grok": {"match": "%{IP:client} %{WORD:verb} %{NUMBER:ms:integer}"}},
        {"addKeys": {"entries": [{"key": "by", "value": "skua"}]}}]
    made = logs.test_transformer(transformerConfig=config, logEventMessages=["10.0.0.1 GET 12"])["transformedLogs"]
    equal(
        json.loads(made[0]["transformedEventMessage"]), {"client": "10.0.0.1", "verb": "GET", "ms": 12, "by": "skua"},
        "the transformed line")
    logs.create_log_group(logGroupName="raw")
    logs.create_log_stream(logGroupName="raw", logStreamName="s")
    logs.put_transformer(logGroupIdentifier="raw", transformerConfig=config)
    put_lines("raw", ["10.0.0.1 GET 12"], create=False)
    equal(query("raw", "filter ms > 10 | display verb, by"), [{"verb": "GET", "by": "skua"}], "fields in queries")
    equal(
        [e["message"] for e in logs.filter_log_events(logGroupName="raw")["events"]], ["10.0.0.1 GET 12"],
        "readers see the original")
    equal(logs.get_transformer(logGroupIdentifier="raw")["transformerConfig"], config, "the transformer")


def test_data_protection():
    logs = engine.client("logs")
    identifier = ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"]
    policy = json.dumps({
        "Name": "p", "Version": "2021-06-01", "Statement": [
            {"Sid": "a", "DataIdentifier": identifier, "Operation": {"Audit": {"FindingsDestination": {}}}},
            {"Sid": "d", "DataIdentifier": identifier, "Operation": {"Deidentify": {"MaskConfig": {}}}}]})
    logs.create_log_group(logGroupName="private")
    logs.create_log_stream(logGroupName="private", logStreamName="s")
    logs.put_data_protection_policy(logGroupIdentifier="private", policyDocument=policy)
    put_lines("private", ["from ada@example.com"], create=False)
    shown = logs.get_log_events(logGroupName="private", logStreamName="s")["events"][0]["message"]
    equal(shown, "from " + "*" * 15, "what is shown")
    shown = logs.filter_log_events(logGroupName="private", unmask=True)["events"][0]["message"]
    equal(shown, "from ada@example.com", "unmasked")
    equal(query("private", "fields unmask(@message) as plain | display plain"), [{"plain": shown}], "in a query")
    with refuses("NotImplemented", "Name"):
        logs.put_data_protection_policy(
            logGroupIdentifier="private", policyDocument=policy.replace("EmailAddress", "Name"))


if __name__ == "__main__":
    run(globals())
