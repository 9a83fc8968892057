"""EventBridge and Scheduler through boto3."""

import http.server
import json
import threading
import time

from harness import ACCOUNT, REGION, Engine, check, contains, equal, refuses, run, wait_until

engine = None


def events():
    return engine.client("events")


def sqs():
    return engine.client("sqs")


def setup():
    global engine
    engine = Engine()


def queue(name):
    return sqs().create_queue(QueueName=name)["QueueUrl"], f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def bodies(url):
    messages = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])
    return [json.loads(m["Body"]) for m in messages]


def test_event_to_targets():
    url, arn = queue("targets")
    events().create_event_bus(Name="orders")
    made = events().put_rule(
        Name="large", EventBusName="orders",
        EventPattern=json.dumps({"source": ["shop"], "detail": {"total": [{"numeric": [">", 100]}]}}))
    equal(made["RuleArn"], f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders/large", "the rule's ARN")
    answer = events().put_targets(Rule="large", EventBusName="orders", Targets=[
        {"Id": "whole", "Arn": arn},
        {"Id": "made", "Arn": arn, "InputTransformer": {
            "InputPathsMap": {"total": "$.detail.total"},
            "InputTemplate": '{"sum": <total>, "text": "<total> by <aws.events.rule-name>"}'}}])
    equal(answer["FailedEntryCount"], 0, "failed targets")
    sent = events().put_events(Entries=[
        {"Source": "shop", "DetailType": "order", "Detail": json.dumps({"total": n}), "EventBusName": "orders"}
        for n in (50, 150)])
    equal(sent["FailedEntryCount"], 0, "failed events")
    got = bodies(url) + bodies(url)
    equal(len(got), 2, "messages")
    check({"sum": 150, "text": "150 by large"} in got, f"no transformed message in {got}")
    whole = [b for b in got if "detail-type" in b][0]
    equal(whole["id"], sent["Entries"][1]["EventId"], "the event's id")


def test_partial_failure():
    answer = events().put_events(Entries=[
        {"Source": "a", "DetailType": "t", "Detail": "{}"}, {"Source": "a", "DetailType": "t", "Detail": "{"},
        {"DetailType": "t", "Detail": "{}"}])
    equal(answer["FailedEntryCount"], 2, "failed events")
    equal([e.get("ErrorCode") for e in answer["Entries"]], [None, "MalformedDetail", "InvalidArgument"], "codes")


def test_dead_letters():
    url, arn = queue("dead")
    events().put_rule(Name="lost", EventPattern='{"source": ["lost"]}')
    missing = f"arn:aws:sqs:{REGION}:{ACCOUNT}:missing"
    events().put_targets(Rule="lost", Targets=[{"Id": "1", "Arn": missing, "DeadLetterConfig": {"Arn": arn}}])
    events().put_events(Entries=[{"Source": "lost", "DetailType": "t", "Detail": "{}"}])
    message = sqs().receive_message(QueueUrl=url, MessageAttributeNames=["All"], WaitTimeSeconds=2)["Messages"][0]
    equal(message["MessageAttributes"]["ERROR_CODE"]["StringValue"], "NO_RESOURCE", "the error")
    equal(message["MessageAttributes"]["TARGET_ARN"]["StringValue"], missing, "the target")


def test_archive_and_replay():
    url, arn = queue("replayed")
    bus = events().create_event_bus(Name="past")["EventBusArn"]
    archive = events().create_archive(ArchiveName="all", EventSourceArn=bus)["ArchiveArn"]
    events().put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}", "EventBusName": "past"}])
    equal(events().describe_archive(ArchiveName="all")["EventCount"], 1, "archived events")
    rule = events().describe_rule(Name="Events-Archive-all", EventBusName="past")
    equal(rule["ManagedBy"], "prod.vhs.events.aws.internal", "who manages the archive's rule")
    with refuses("ManagedRuleException"):
        events().put_targets(Rule="Events-Archive-all", EventBusName="past", Targets=[{"Id": "1", "Arn": arn}])
    events().put_rule(Name="late", EventBusName="past", EventPattern='{"source": ["s"]}')
    events().put_targets(Rule="late", EventBusName="past", Targets=[{"Id": "1", "Arn": arn}])
    now = time.time()
    events().start_replay(
        ReplayName="again", EventSourceArn=archive, EventStartTime=now - 600, EventEndTime=now + 600,
        Destination={"Arn": bus})
    wait_until(lambda: events().describe_replay(ReplayName="again")["State"] == "COMPLETED", "the replay")
    equal(bodies(url)[0]["replay-name"], "again", "the replay's name")


def test_log_group_as_a_target():
    logs = engine.client("logs")
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/events/seen"
    events().put_rule(Name="seen", EventPattern='{"source": ["seen"]}')
    events().put_targets(Rule="seen", Targets=[{"Id": "1", "Arn": arn}])
    entry = {"Source": "seen", "DetailType": "t", "Detail": '{"n": 1}'}
    # Nothing makes the group by the way.
    events().put_events(Entries=[entry])
    equal(logs.describe_log_groups(logGroupNamePrefix="/aws/events/seen")["logGroups"], [], "groups")
    logs.create_log_group(logGroupName="/aws/events/seen")
    events().put_events(Entries=[entry])
    wait_until(lambda: logs.filter_log_events(logGroupName="/aws/events/seen")["events"], "the event in the log")
    line = logs.filter_log_events(logGroupName="/aws/events/seen")["events"][0]["message"]
    equal(json.loads(line)["detail"], {"n": 1}, "the event's detail")


def test_errors():
    with refuses("ResourceNotFoundException", "Rule nothing does not exist on EventBus default."):
        events().describe_rule(Name="nothing")
    with refuses("InvalidEventPatternException", "must be an object or an array"):
        events().put_rule(Name="bad", EventPattern='{"a": 1}')
    with refuses("ValidationException", "Parameter ScheduleExpression is not valid."):
        events().put_rule(Name="bad", ScheduleExpression="rate(1 minutes)")
    with refuses("ValidationException", "Cannot delete event bus default."):
        events().delete_event_bus(Name="default")
    with refuses("ValidationException", "PutEventsRequestEntry(time=null, source=s, resources=null, detailType=t"):
        events().put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}] * 11)
    contains(str(events().test_event_pattern(
        EventPattern='{"source": ["a"]}',
        Event=json.dumps({"id": "1", "source": "a", "detail-type": "t", "account": ACCOUNT, "region": REGION,
                          "time": "2026-01-01T00:00:00Z"}))["Result"]), "True", "the match")


class Server:
    """An HTTP endpoint that asks for a token of its own making."""

    def __init__(self):
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append((self.path, dict(self.headers.items()), body))
                answer = b'{"access_token":"granted","expires_in":60}' if self.path == "/token" else b"{}"
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def test_api_destination_with_oauth():
    server = Server()
    made = events().create_connection(
        Name="shop", AuthorizationType="OAUTH_CLIENT_CREDENTIALS", AuthParameters={"OAuthParameters": {
            "ClientParameters": {"ClientID": "me", "ClientSecret": "secret"},
            "AuthorizationEndpoint": server.url + "/token", "HttpMethod": "POST"}})
    equal(made["ConnectionState"], "AUTHORIZING", "ConnectionState")
    wait_until(lambda: events().describe_connection(Name="shop")["ConnectionState"] == "AUTHORIZED", "the token")
    check("ClientSecret" not in json.dumps(events().describe_connection(Name="shop"), default=str), "no secret is shown")
    destination = events().create_api_destination(
        Name="orders", ConnectionArn=made["ConnectionArn"], InvocationEndpoint=server.url + "/orders/*",
        HttpMethod="POST", InvocationRateLimitPerSecond=5)["ApiDestinationArn"]
    events().put_rule(Name="out", EventPattern=json.dumps({"source": ["web"]}))
    events().put_targets(Rule="out", Targets=[{
        "Id": "1", "Arn": destination, "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/out",
        "HttpParameters": {"PathParameterValues": ["new"], "HeaderParameters": {"X-Kind": "order"}},
        "InputTransformer": {"InputPathsMap": {"n": "$.detail.n"}, "InputTemplate": '{"number": <n>}'}}])
    for number in range(3):
        events().put_events(Entries=[{"Source": "web", "DetailType": "t", "Detail": json.dumps({"n": number})}])
    wait_until(lambda: len(server.requests) == 4, "three calls after the token's")
    path, headers, _ = server.requests[1]
    equal(path, "/orders/new", "the path")
    equal(headers["Authorization"], "Bearer granted", "Authorization")
    equal(headers["X-Kind"], "order", "X-Kind")
    equal(sorted(json.loads(body)["number"] for _, _, body in server.requests[1:]), [0, 1, 2], "the bodies")


def test_bus_permissions():
    events().create_event_bus(Name="guarded")
    events().put_permission(
        EventBusName="guarded", Action="events:PutEvents", Principal="111122223333", StatementId="partner")
    policy = json.loads(events().describe_event_bus(Name="guarded")["Policy"])
    equal(policy["Statement"][0]["Principal"], {"AWS": "arn:aws:iam::111122223333:root"}, "Principal")
    with refuses("ResourceNotFoundException", "Statement with the provided id does not exist.", 400):
        events().remove_permission(EventBusName="guarded", StatementId="nobody")
    events().remove_permission(EventBusName="guarded", StatementId="partner")
    check("Policy" not in events().describe_event_bus(Name="guarded"), "no policy is left")


def test_schedules():
    scheduler = engine.client("scheduler")
    url, arn = queue("scheduled")
    role = f"arn:aws:iam::{ACCOUNT}:role/scheduler"
    soon = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 2))
    scheduler.create_schedule(
        Name="once", ScheduleExpression=f"at({soon})", FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": role,
                "Input": json.dumps({"QueueUrl": url, "MessageBody": '{"at": "<aws.scheduler.scheduled-time>"}'})})
    equal(scheduler.get_schedule(Name="once")["Target"]["RetryPolicy"]["MaximumRetryAttempts"], 185, "retries")
    message = sqs().receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]
    equal(json.loads(message["Body"])["at"], soon + "Z", "the scheduled time")
    with refuses("ResourceNotFoundException", "Schedule once does not exist."):
        scheduler.get_schedule(Name="once")
    with refuses("ValidationException", "Invalid Schedule Expression rate(10 seconds)."):
        scheduler.create_schedule(
            Name="bad", ScheduleExpression="rate(10 seconds)", FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": arn, "RoleArn": role})


if __name__ == "__main__":
    run(globals())
