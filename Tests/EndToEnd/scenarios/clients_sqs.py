"""SQS through boto3, and in the old query protocol by hand."""

import hashlib
import json
import re
import time
import urllib.parse

from harness import ACCOUNT, REGION, Engine, check, contains, equal, refuses, run, wait_until

engine = None


def sqs():
    return engine.client("sqs")


def setup():
    global engine
    engine = Engine()


def test_send_receive_delete():
    url = sqs().create_queue(QueueName="plain", Attributes={"VisibilityTimeout": "45"})["QueueUrl"]
    contains(url, f"/{ACCOUNT}/plain", "the queue's URL")
    body = "héllo \U0001f426 <&> " + "x" * 1000
    sent = sqs().send_message(
        QueueUrl=url, MessageBody=body,
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "größe"},
            "count": {"DataType": "Number", "StringValue": "42"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}})
    # boto3 itself checks the digest of bodies; the attributes' one is checked by having been sent in all three types.
    equal(sent["MD5OfMessageBody"], hashlib.md5(body.encode()).hexdigest(), "MD5OfMessageBody")
    got = sqs().receive_message(
        QueueUrl=url, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"])["Messages"]
    equal(len(got), 1, "messages")
    equal(got[0]["Body"], body, "the body")
    equal(got[0]["MD5OfMessageAttributes"], sent["MD5OfMessageAttributes"], "MD5OfMessageAttributes")
    equal(got[0]["MessageAttributes"]["raw"]["BinaryValue"], b"\x00\xff", "the binary attribute")
    equal(got[0]["Attributes"]["ApproximateReceiveCount"], "1", "the receive count")
    attributes = sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    equal(attributes["ApproximateNumberOfMessagesNotVisible"], "1", "messages in flight")
    equal(attributes["VisibilityTimeout"], "45", "VisibilityTimeout")
    check("Messages" not in sqs().receive_message(QueueUrl=url), "a message in flight was received again")
    sqs().change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=0)
    again = sqs().receive_message(QueueUrl=url, MessageSystemAttributeNames=["ApproximateReceiveCount"])["Messages"][0]
    equal(again["Attributes"]["ApproximateReceiveCount"], "2", "the receive count")
    # As AWS: a handle of an earlier receive still changes the visibility of a standard queue's message, and deletes it.
    sqs().change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=0)
    sqs().change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=60)
    check("Messages" not in sqs().receive_message(QueueUrl=url), "a message that was hidden again was received")
    sqs().delete_message(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"])
    attributes = sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    equal(attributes["ApproximateNumberOfMessagesNotVisible"], "0", "messages in flight")


def test_batches():
    url = sqs().create_queue(QueueName="batches")["QueueUrl"]
    answer = sqs().send_message_batch(
        QueueUrl=url,
        Entries=[{"Id": str(i), "MessageBody": f"m{i}"} for i in range(9)]
        + [{"Id": "late", "MessageBody": "m", "DelaySeconds": 901}])
    equal(len(answer["Successful"]), 9, "successful entries")
    equal([f["Id"] for f in answer["Failed"]], ["late"], "failed entries")
    got = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    equal({m["Body"] for m in got}, {f"m{i}" for i in range(9)}, "bodies")
    deleted = sqs().delete_message_batch(
        QueueUrl=url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
    equal(len(deleted["Successful"]), 9, "deleted entries")
    with refuses("AWS.SimpleQueueService.BatchEntryIdsNotDistinct"):
        sqs().send_message_batch(QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "a", "MessageBody": "2"}])
    with refuses("AWS.SimpleQueueService.EmptyBatchRequest"):
        sqs().send_message_batch(QueueUrl=url, Entries=[])
    with refuses("AWS.SimpleQueueService.TooManyEntriesInBatchRequest"):
        sqs().send_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "MessageBody": "m"} for i in range(11)])


def test_long_poll_is_woken():
    url = sqs().create_queue(QueueName="poll")["QueueUrl"]
    sqs().send_message(QueueUrl=url, MessageBody="soon", DelaySeconds=1)
    start = time.monotonic()
    got = sqs().receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    taken = time.monotonic() - start
    equal(got[0]["Body"], "soon", "the body")
    check(0.8 < taken < 10, f"a long poll took {taken:.1f} s for a message delayed by 1 s")


def test_fifo():
    url = sqs().create_queue(
        QueueName="line.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
    for i in range(3):
        for group in "ab":
            sqs().send_message(QueueUrl=url, MessageBody=f"{group}{i}", MessageGroupId=group)
    sqs().send_message(QueueUrl=url, MessageBody="a0", MessageGroupId="a")
    first = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=1, MessageSystemAttributeNames=["All"])["Messages"]
    equal(first[0]["Body"], "a0", "the first message")
    check(first[0]["Attributes"]["SequenceNumber"], "no sequence number")
    others = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    equal([m["Body"] for m in others], ["b0", "b1", "b2"], "the other group, while the first is locked")
    sqs().delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    rest = sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    equal([m["Body"] for m in rest], ["a1", "a2"], "the rest of the group, the duplicate dropped")
    with refuses("MissingParameter", "MessageGroupId"):
        sqs().send_message(QueueUrl=url, MessageBody="x")


def test_dead_letters_and_redrive():
    dead = sqs().create_queue(QueueName="dead")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
    url = sqs().create_queue(
        QueueName="live",
        Attributes={
            "VisibilityTimeout": "0", "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})},
    )["QueueUrl"]
    sqs().send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        equal(sqs().receive_message(QueueUrl=url)["Messages"][0]["Body"], "poison", "the body")
    check("Messages" not in sqs().receive_message(QueueUrl=url), "received more often than maxReceiveCount")
    got = sqs().receive_message(QueueUrl=dead, MessageSystemAttributeNames=["All"], VisibilityTimeout=0)["Messages"][0]
    contains(got["Attributes"]["DeadLetterQueueSourceArn"], ":live", "DeadLetterQueueSourceArn")
    equal(sqs().list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"], [url], "source queues")
    sqs().start_message_move_task(SourceArn=arn)
    wait_until(
        lambda: sqs().list_message_move_tasks(SourceArn=arn)["Results"][0]["Status"] == "COMPLETED", "the redrive")
    equal(sqs().receive_message(QueueUrl=url)["Messages"][0]["Body"], "poison", "the body after the redrive")


def test_errors():
    with refuses("AWS.SimpleQueueService.NonExistentQueue", "does not exist", 400):
        sqs().get_queue_url(QueueName="nowhere")
    url = sqs().create_queue(QueueName="errors", Attributes={"DelaySeconds": "1"})["QueueUrl"]
    equal(sqs().create_queue(QueueName="errors", Attributes={"DelaySeconds": "1"})["QueueUrl"], url, "the same queue")
    with refuses("QueueAlreadyExists"):
        sqs().create_queue(QueueName="errors", Attributes={"DelaySeconds": "2"})
    with refuses("InvalidParameterValue"):
        sqs().create_queue(QueueName="bad name!")
    with refuses("InvalidAttributeValue"):
        sqs().create_queue(QueueName="bad-attribute", Attributes={"VisibilityTimeout": "43201"})
    with refuses("ReceiptHandleIsInvalid"):
        sqs().delete_message(QueueUrl=url, ReceiptHandle="nonsense")
    with refuses("InvalidParameterValue"):
        sqs().send_message(QueueUrl=url, MessageBody="x" * (1024 * 1024 + 1))
    with refuses("InvalidParameterValue"):
        sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=11)
    sqs().delete_queue(QueueUrl=url)
    with refuses("AWS.SimpleQueueService.NonExistentQueue"):
        sqs().send_message(QueueUrl=url, MessageBody="x")
    wait_until(lambda: "errors" not in str(sqs().list_queues()), "the queue's end")


def form(**members):
    body = urllib.parse.urlencode({"Version": "2012-11-05", **members}).encode()
    status, headers, body = engine.request(
        "POST", "/", body, {"content-type": "application/x-www-form-urlencoded"})
    return status, {k.lower(): v for k, v in headers.items()}, body.decode()


def test_query_protocol():
    status, headers, text = form(Action="CreateQueue", QueueName="old", **{
        "Attribute.1.Name": "VisibilityTimeout", "Attribute.1.Value": "40"})
    equal(status, 200, text)
    contains(headers["content-type"], "text/xml", "the content type")
    url = re.search(r"<QueueUrl>([^<]+)</QueueUrl>", text)[1]
    contains(text, "<RequestId>", "the answer's metadata")
    status, _, text = form(Action="SendMessage", QueueUrl=url, MessageBody="<old & gold>")
    equal(status, 200, text)
    contains(text, f"<MD5OfMessageBody>{hashlib.md5(b'<old & gold>').hexdigest()}</MD5OfMessageBody>", "the digest")
    status, _, text = form(Action="ReceiveMessage", QueueUrl=url, **{"AttributeName.1": "All"})
    contains(text, "<Body>&lt;old &amp; gold&gt;</Body>", "the body")
    contains(text, "<Name>ApproximateReceiveCount</Name>", "system attributes")
    handle = re.search(r"<ReceiptHandle>([^<]+)</ReceiptHandle>", text)[1]
    status, _, text = form(Action="DeleteMessage", QueueUrl=url, ReceiptHandle=handle)
    equal(status, 200, text)
    # Both protocols see one queue.
    equal(sqs().get_queue_url(QueueName="old")["QueueUrl"], url, "the URL by JSON")
    status, _, text = form(Action="GetQueueUrl", QueueName="nowhere")
    equal(status, 400, text)
    contains(text, "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>", "the error")
    contains(text, "<Type>Sender</Type>", "the error's side")


def at_queue(url, **members):
    """A call to the queue's own URL, as the query protocol has it."""
    path = "/" + url.split("/", 3)[3] + "?" + urllib.parse.urlencode(members)
    status, _, body = engine.request("GET", path, b"", {})
    return status, body.decode()


def test_a_queues_url_is_an_endpoint():
    url = sqs().create_queue(QueueName="endpoint")["QueueUrl"]
    status, text = at_queue(url, Action="SendMessage", MessageBody="by its URL")
    equal(status, 200, text)
    status, text = at_queue(url, Action="ReceiveMessage")
    contains(text, "<Body>by its URL</Body>", "the message")
    status, text = at_queue(url, Action="GetQueueAttributes", **{"AttributeName.1": "QueueArn"})
    contains(text, f"<Value>arn:aws:sqs:{REGION}:{ACCOUNT}:endpoint</Value>", "the queue's ARN")
    status, text = at_queue(url, Action="ListQueues")
    equal(status, 400, text)
    contains(text, "<Message>The action ListQueues is not valid for this endpoint.</Message>", "the refusal")
    status, text = at_queue(url)
    equal((status, text), (404, "<UnknownOperationException/>"), "a call without action")
    status, text = at_queue(url, Action="DeleteQueue")
    equal(status, 200, text)
    status, text = at_queue(url, Action="PurgeQueue")
    contains(text, "The specified queue does not exist for this wsdl version.", "the deleted queue")


def test_queries_answered_in_json():
    url = sqs().create_queue(QueueName="json")["QueueUrl"]
    path = "/" + url.split("/", 3)[3] + "?" + urllib.parse.urlencode({"Action": "SendMessage", "MessageBody": "j"})
    status, headers, body = engine.request("GET", path, b"", {"accept": "application/json"})
    equal(status, 200, body.decode())
    result = json.loads(body)["SendMessageResponse"]["SendMessageResult"]
    equal(result["MD5OfMessageBody"], hashlib.md5(b"j").hexdigest(), "MD5OfMessageBody")
    status, _, body = engine.request(
        "GET", path.replace("/json?", "/gone?"), b"", {"accept": "application/json"})
    equal((status, json.loads(body)["Error"]["Code"]), (400, "AWS.SimpleQueueService.NonExistentQueue"), "the refusal")


def test_attribute_names():
    url = sqs().create_queue(QueueName="names")["QueueUrl"]
    attributes = {name: {"DataType": "String", "StringValue": "v"} for name in ["Hello", "größe.1"]}
    sqs().send_message(QueueUrl=url, MessageBody="m", MessageAttributes=attributes)
    got = sqs().receive_message(QueueUrl=url, MessageAttributeNames=["*"])["Messages"][0]
    equal(sorted(got["MessageAttributes"]), ["Hello", "größe.1"], "all attributes")


def test_names_of_other_accounts_and_regions():
    other = engine.client("sqs", aws_access_key_id="111122223333")
    url = other.create_queue(QueueName="plain")["QueueUrl"]
    contains(url, "/111122223333/plain", "another account's queue")
    check(url not in sqs().list_queues()["QueueUrls"], "accounts are not apart")


if __name__ == "__main__":
    run(globals())
