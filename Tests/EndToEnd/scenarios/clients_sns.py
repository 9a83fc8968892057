"""SNS through boto3 and the CLI, with an HTTP subscriber that runs here and checks signatures."""

import base64
import http.server
import json
import subprocess
import threading
import urllib.request

from harness import ACCOUNT, REGION, Engine, check, contains, environment, equal, refuses, run, wait_until

engine = None


def setup():
    global engine
    engine = Engine()


def sns():
    return engine.client("sns")


def queue(name):
    sqs = engine.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    return url, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def receive(url):
    return engine.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]).get("Messages", [])


class Subscriber:
    """Answers everything with `status`, and keeps what it was sent."""

    def __init__(self):
        self.status = 200
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.requests.append((dict(self.headers.items()), body))
                self.send_response(owner.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


def verify(message, names):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    pem = urllib.request.urlopen(message["SigningCertURL"]).read()
    text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
    digest = hashes.SHA256() if message["SignatureVersion"] == "2" else hashes.SHA1()
    x509.load_pem_x509_certificate(pem).public_key().verify(
        base64.b64decode(message["Signature"]), text.encode(), padding.PKCS1v15(), digest)


def test_fan_out_with_filters():
    topic = sns().create_topic(Name="orders")["TopicArn"]
    all_url, all_arn = queue("all")
    paid_url, paid_arn = queue("paid")
    sns().subscribe(TopicArn=topic, Protocol="sqs", Endpoint=all_arn)
    sns().subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=paid_arn,
        Attributes={"FilterPolicy": json.dumps({"state": ["paid"]}), "RawMessageDelivery": "true"})
    for state in ["open", "paid"]:
        sns().publish(
            TopicArn=topic, Message=state, Subject="s",
            MessageAttributes={"state": {"DataType": "String", "StringValue": state}})
    envelopes = [json.loads(message["Body"]) for message in receive(all_url)]
    equal(sorted(envelope["Message"] for envelope in envelopes), ["open", "paid"], "all messages")
    equal(envelopes[0]["TopicArn"], topic, "TopicArn")
    raw = receive(paid_url)
    equal([message["Body"] for message in raw], ["paid"], "the filtered messages")
    equal(raw[0]["MessageAttributes"]["state"]["StringValue"], "paid", "the raw message's attribute")
    with refuses("NotFound", "Topic does not exist", 404):
        sns().publish(TopicArn=topic + "x", Message="m")


def test_http_subscriber():
    topic = sns().create_topic(Name="web", Attributes={"SignatureVersion": "2"})["TopicArn"]
    subscriber = Subscriber()
    pending = sns().subscribe(TopicArn=topic, Protocol="http", Endpoint=subscriber.url)["SubscriptionArn"]
    equal(pending, "pending confirmation", "SubscriptionArn")
    wait_until(lambda: subscriber.requests, "the confirmation request")
    headers, body = subscriber.requests[0]
    equal(headers["x-amz-sns-message-type"], "SubscriptionConfirmation", "the message type")
    ask = json.loads(body)
    verify(ask, ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"])
    equal(sns().list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"],
          "PendingConfirmation", "the pending subscription")
    contains(urllib.request.urlopen(ask["SubscribeURL"]).read().decode(), "ConfirmSubscriptionResponse", "the answer")
    sns().publish(TopicArn=topic, Message="hello")
    wait_until(lambda: len(subscriber.requests) == 2, "the notification")
    message = json.loads(subscriber.requests[1][1])
    equal(message["Message"], "hello", "Message")
    verify(message, ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"])


def test_retries_survive_kill():
    topic = sns().create_topic(Name="retried")["TopicArn"]
    subscriber = Subscriber()
    sns().subscribe(TopicArn=topic, Protocol="http", Endpoint=subscriber.url)
    wait_until(lambda: subscriber.requests, "the confirmation request")
    sns().confirm_subscription(TopicArn=topic, Token=json.loads(subscriber.requests[0][1])["Token"])
    subscriber.status = 503
    sns().publish(TopicArn=topic, Message="kept")
    wait_until(lambda: len(subscriber.requests) == 2, "the first attempt")
    engine.kill()
    engine.restart()
    subscriber.status = 200
    wait_until(lambda: len(subscriber.requests) >= 3, "the attempt after the restart", limit=40)
    equal(json.loads(subscriber.requests[-1][1])["Message"], "kept", "the message")


def test_a_batch_is_checked_as_a_whole():
    topic = sns().create_topic(Name="batched")["TopicArn"]
    with refuses("InvalidParameter", "JSON message body failed to parse", 400):
        sns().publish_batch(
            TopicArn=topic, PublishBatchRequestEntries=[
                {"Id": "1", "Message": "good"}, {"Id": "2", "Message": "{", "MessageStructure": "json"}])
    answer = sns().publish_batch(
        TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "a"}, {"Id": "2", "Message": "b"}])
    equal([entry["Id"] for entry in answer["Successful"]], ["1", "2"], "Successful")


def test_archive_and_replay():
    topic = sns().create_topic(
        Name="kept.fifo", Attributes={
            "FifoTopic": "true", "ContentBasedDeduplication": "true",
            "ArchivePolicy": json.dumps({"MessageRetentionPeriod": "30"})})["TopicArn"]
    began = sns().get_topic_attributes(TopicArn=topic)["Attributes"]["BeginningArchiveTime"]
    for number in range(5):
        sns().publish(TopicArn=topic, Message=f"m{number}", MessageGroupId="g")
    url = engine.client("sqs").create_queue(QueueName="kept-q.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    subscription = sns().subscribe(
        TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:kept-q.fifo",
        ReturnSubscriptionArn=True, Attributes={
            "ReplayPolicy": json.dumps({"PointType": "Timestamp", "StartingPoint": began})})["SubscriptionArn"]

    def status():
        return sns().get_subscription_attributes(SubscriptionArn=subscription)["Attributes"]["ReplayStatus"]

    equal(status(), "Pending", "ReplayStatus")
    wait_until(lambda: status() == "Completed", "the end of the replay")
    envelopes = [json.loads(message["Body"]) for message in receive(url)]
    equal([envelope["Message"] for envelope in envelopes], [f"m{number}" for number in range(5)], "the messages")
    equal({envelope["Replayed"] for envelope in envelopes}, {"true"}, "Replayed")
    check("Signature" not in envelopes[0], "a FIFO topic's notification is not signed")
    with refuses("InvalidState", "Cannot delete a topic with an ArchivePolicy", 400):
        sns().delete_topic(TopicArn=topic)
    sns().set_topic_attributes(TopicArn=topic, AttributeName="ArchivePolicy", AttributeValue="{}")
    sns().delete_topic(TopicArn=topic)


def test_unsubscribing_is_told_and_can_be_undone():
    topic = sns().create_topic(Name="left")["TopicArn"]
    subscriber = Subscriber()
    sns().subscribe(TopicArn=topic, Protocol="http", Endpoint=subscriber.url)
    wait_until(lambda: subscriber.requests, "the confirmation request")
    arn = sns().confirm_subscription(
        TopicArn=topic, Token=json.loads(subscriber.requests[0][1])["Token"])["SubscriptionArn"]
    sns().unsubscribe(SubscriptionArn=arn)
    wait_until(lambda: len(subscriber.requests) == 2, "the last message")
    headers, body = subscriber.requests[1]
    equal(headers["x-amz-sns-message-type"], "UnsubscribeConfirmation", "the message type")
    equal(sns().list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"], [], "the subscriptions")
    urllib.request.urlopen(json.loads(body)["SubscribeURL"]).read()
    equal([one["SubscriptionArn"] for one in sns().list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]],
          [arn], "the subscriptions")


def test_command_line():
    answer = subprocess.run(
        ["aws", "--endpoint-url", engine.endpoint, "sns", "list-topics", "--output", "json"],
        env=environment(), capture_output=True, text=True, check=False)
    equal(answer.returncode, 0, "the exit status")
    check(isinstance(json.loads(answer.stdout)["Topics"], list), "topics in the CLI's answer")


if __name__ == "__main__":
    run(globals())
