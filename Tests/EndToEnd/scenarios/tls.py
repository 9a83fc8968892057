"""The endpoint over TLS, with the world's own certificate authority."""

import os
import re
import socket
import ssl

import botocore.exceptions

from harness import Engine, check, contains, equal, invoke, make_function, refuses, run

engine = None


def setup():
    global engine
    engine = Engine("--tls")


def authority():
    return os.path.join(engine.world, "tls", "ca.pem")


def test_announcement():
    contains(engine.announcement[0], "https://", "the announcement")
    line = engine.line()
    equal(line.strip(), f"certificate authority: {authority()}", "the second line")


def test_clients_that_trust_it():
    sqs = engine.client("sqs", verify=authority())
    url = sqs.create_queue(QueueName="safe")["QueueUrl"]
    check(url.startswith("https://"), f"the queue's URL is {url}")
    sqs.send_message(QueueUrl=url, MessageBody="secret")
    equal(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"], "secret", "the body")
    with refuses("AWS.SimpleQueueService.NonExistentQueue"):
        sqs.get_queue_url(QueueName="nowhere")


def test_clients_that_do_not():
    try:
        engine.client("sqs").list_queues()
    except botocore.exceptions.SSLError:
        return
    raise AssertionError("a client took a certificate that nobody vouches for")


def test_names_in_the_certificate():
    trusting = ssl.create_default_context(cafile=authority())
    for name in ["localhost", "127.0.0.1", "abc.lambda-url.us-east-1.localhost"]:
        with socket.create_connection(("127.0.0.1", engine.port), timeout=10) as plain:
            with trusting.wrap_socket(plain, server_hostname=name) as connection:
                check(connection.version() in ("TLSv1.2", "TLSv1.3"), f"{connection.version()} is spoken")
    try:
        with socket.create_connection(("127.0.0.1", engine.port), timeout=10) as plain:
            trusting.wrap_socket(plain, server_hostname="example.com").close()
    except ssl.SSLCertVerificationError:
        return
    raise AssertionError("the certificate is good for example.com")


def test_key_is_private():
    folder = os.path.join(engine.world, "tls")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name)) as file:
            if re.search("PRIVATE KEY", file.read()):
                equal(os.stat(os.path.join(folder, name)).st_mode & 0o077, 0, f"others' rights to {name}")


def test_plain_http_is_turned_away():
    with socket.create_connection(("127.0.0.1", engine.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        answer = b""
        try:
            while part := connection.recv(4096):
                answer += part
        except ConnectionError:
            pass
    check(not answer.startswith(b"HTTP/1.1 2"), f"plain HTTP is answered with {answer[:60]!r}")
    equal(engine.client("sqs", verify=authority()).list_queues()["ResponseMetadata"]["HTTPStatusCode"], 200, "the status")


def test_functions_call_back():
    sqs = engine.client("sqs", verify=authority())
    url = sqs.create_queue(QueueName="from-function")["QueueUrl"]
    aws = engine.client("lambda", verify=authority())
    make_function(
        engine, "sender", "import boto3\nsqs = boto3.client('sqs')\n"
        "def handler(event, context):\n    sqs.send_message(QueueUrl=event['url'], MessageBody='inside')\n", Timeout=30, client=aws)
    result, answer = invoke(engine, "sender", {"url": url}, client=aws)
    check("FunctionError" not in answer, f"a function cannot call its own endpoint: {result}")
    equal(sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"], "inside", "the body")


def test_certificate_is_kept():
    with open(authority()) as file:
        before = file.read()
    engine.stop()
    engine.restart()
    with open(authority()) as file:
        equal(file.read(), before, "the authority after a restart")


if __name__ == "__main__":
    run(globals())
