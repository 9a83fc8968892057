"""Everything that is wrong from outside: requests, worlds, disks, ports, signals. Each is answered plainly, and nothing is lost."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import threading

from harness import (
    Engine, binary, check, contains, descendants, environment, equal, invoke, make_function, refuses, run, scratch, skip,
    wait_for_no_processes, wait_until)

engine = None


def setup():
    global engine
    engine = Engine()
    engine.client("sqs").create_queue(QueueName="kept")


def url(of=None):
    return (of or engine).client("sqs").get_queue_url(QueueName="kept")["QueueUrl"]


def still_answers(of=None):
    """The engine is alive and does its work."""
    of = of or engine
    check(of.process.poll() is None, f"the engine died: {of.error_text()}")
    of.client("sqs").send_message(QueueUrl=url(of), MessageBody="alive")
    got = of.client("sqs").receive_message(QueueUrl=url(of), WaitTimeSeconds=5)["Messages"]
    of.client("sqs").delete_message(QueueUrl=url(of), ReceiptHandle=got[0]["ReceiptHandle"])


def raw(data, limit=10):
    """Sends bytes; what comes back until the engine closes, or falls silent after an answer."""
    with socket.create_connection(("127.0.0.1", engine.port), timeout=limit) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(65536):
                answer += part
        return answer


def post(body, target="AmazonSQS.ListQueues", version="1.0", **headers):
    status, answered, body = engine.request("POST", "/", body, {
        "content-type": f"application/x-amz-json-{version}", "x-amz-target": target, **headers})
    return status, json.loads(body)


# MARK: - Requests


def test_broken_http():
    for data in [
            b"", b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET", b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\nshort",
            b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
            b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
            b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: y\r\n" % i for i in range(20_000)) + b"\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64), bytes(range(256)) * 20]:
        answer = raw(data)
        check(
            not answer or answer.startswith(b"HTTP/1.1 4"), f"{data[:40]!r} is answered with {answer[:80]!r}")
    still_answers()


def test_slow_and_silent_connections():
    silent = [socket.create_connection(("127.0.0.1", engine.port)) for _ in range(100)]
    for connection in silent[:50]:
        connection.sendall(b"POST / HTTP/1.1\r\nhost: x\r\nconte")
    still_answers()
    for connection in silent:
        connection.close()
    still_answers()


def test_client_that_goes_away_while_it_polls():
    body = json.dumps({"QueueUrl": url(), "WaitTimeSeconds": 20}).encode()
    head = (
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\n"
        f"x-amz-target: AmazonSQS.ReceiveMessage\r\ncontent-length: {len(body)}\r\n\r\n").encode()
    connection = socket.create_connection(("127.0.0.1", engine.port))
    connection.sendall(head + body)
    # The engine has seen the poll once it has answered something sent after it.
    still_answers_without_receiving()
    connection.close()
    still_answers_without_receiving()
    sqs = engine.client("sqs")
    sqs.send_message(QueueUrl=url(), MessageBody="for whoever is there")
    got = sqs.receive_message(QueueUrl=url(), WaitTimeSeconds=5, MessageSystemAttributeNames=["All"])["Messages"]
    equal(got[0]["Attributes"]["ApproximateReceiveCount"], "1", "the receive count: nobody else got it")
    sqs.delete_message(QueueUrl=url(), ReceiptHandle=got[0]["ReceiptHandle"])


def still_answers_without_receiving():
    equal(engine.request("GET", "/_skua/health")[0], 200, "the health check")


def test_wrong_json():
    for body in [b"{", b"[]", b'"text"', b"\xff\xfe", b'{"QueueName": 5}', b'{"QueueName": {"a": 1}}', b"{" * 100_000,
                 b"[" * 100_000, b'{"QueueName": "\\ud800"}', b'{"a":1e999999}']:
        status, answer = post(body, "AmazonSQS.CreateQueue")
        equal(status, 400, f"the status for {body[:30]!r} ({answer})")
        check(answer.get("__type"), f"{body[:30]!r} is refused without a type: {answer}")
    still_answers()


def test_body_of_100_megabytes():
    body = b"x" * (100 << 20)
    answer = raw(
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-amz-json-1.0\r\n"
        b"x-amz-target: AmazonSQS.SendMessage\r\ncontent-length: %d\r\n\r\n" % len(body) + body, limit=60)
    check(answer.startswith(b"HTTP/1.1 413"), f"answered with {answer[:100]!r}")
    with open(f"/proc/{engine.process.pid}/status") as file:
        peak = int([line for line in file if line.startswith("VmHWM")][0].split()[1]) // 1024
    check(peak < 300, f"the engine took {peak} MiB")
    still_answers()


def test_unknown_operations_and_services():
    status, answer = post(b"{}", "AmazonSQS.Levitate")
    equal(status, 400, str(answer))
    contains(answer["__type"], "UnknownOperationException", "the type")
    status, answer = post(b"{}", "Nothing_20200101.DoIt")
    equal(status, 400, str(answer))
    contains(answer["__type"], "UnknownOperationException", "the type")
    status, _, body = engine.request("POST", "/", b"Action=Levitate&Version=2012-11-05",
                                     {"content-type": "application/x-www-form-urlencoded"})
    equal(status, 400, body.decode())
    contains(body.decode(), "<Code>InvalidAction</Code>", "the error")
    for path in ["/", "/nothing/here", "/2015-03-31/nothing"]:
        status, _, body = engine.request("GET", path)
        check(400 <= status < 500, f"GET {path} is answered {status} {body!r}")
        check(body, f"GET {path} is answered without a word")
    # A service that is not offered: an error that clients understand, never a success.
    import botocore.exceptions
    for name, call in [("dynamodb", "list_tables"), ("kinesis", "list_streams"), ("ec2", "describe_instances"), ("kms", "list_keys")]:
        try:
            getattr(engine.client(name), call)()
            raise AssertionError(f"{name} answered")
        except botocore.exceptions.ClientError as error:
            check(
                400 <= error.response["ResponseMetadata"]["HTTPStatusCode"] <= 501 and error.response["Error"]["Message"],
                f"{name}: {error}")
    still_answers()


def test_unknown_hosts():
    for host in ["sqs.us-east-1.amazonaws.com", "evil.example", "nobody.lambda-url.us-east-1.localhost", "[::1]:1", ""]:
        answer = raw(f"GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
        check(answer.startswith(b"HTTP/1.1 4"), f"host {host!r} is answered with {answer[:100]!r}")
    still_answers()


def test_wrong_signature():
    with Engine("--check-signatures") as strict:
        strict.client("sqs").create_queue(QueueName="kept")
        still_answers(strict)
        # AWS: services of the JSON protocols say it otherwise than those of the query protocol.
        for service, call, code in [
                ("sqs", "list_queues", "InvalidSignatureException"), ("lambda", "list_functions", "InvalidSignatureException"),
                ("iam", "list_roles", "SignatureDoesNotMatch"), ("sts", "get_caller_identity", "SignatureDoesNotMatch")]:
            with refuses(code, "does not match the signature you provided"):
                getattr(strict.client(service, aws_secret_access_key="wrong"), call)()
            getattr(strict.client(service), call)()
        status, _, body = strict.request("POST", "/", b"{}", {
            "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ListQueues"})
        equal(status, 403, body.decode())
        contains(body.decode(), "MissingAuthenticationToken", "an unsigned request's error")
        still_answers(strict)


# MARK: - Worlds


def serve(*arguments, **extra):
    """`skua serve` where it must not start: (status, standard error)."""
    done = subprocess.run(
        [binary(), "serve", "--port", "0", *arguments], capture_output=True, text=True, timeout=60, env=environment(**extra),
        stdin=subprocess.DEVNULL)
    return done.returncode, done.stderr


def test_corrupted_world():
    for damage in ["noise", "cut", "empty", "folder"]:
        with Engine() as own:
            own.client("sqs").create_queue(QueueName="kept")
            world = own.world
        path = os.path.join(world, "world.sqlite")
        with open(path, "rb") as file:
            original = file.read()
        os.remove(path)
        if damage == "folder":
            os.mkdir(path)
        else:
            with open(path, "wb") as file:
                file.write({
                    "noise": os.urandom(len(original)), "cut": original[:len(original) // 2 + 100],
                    "empty": b"not a database at all" * 50}[damage])
        status, error = serve("--world", world)
        equal(status, 66, f"the status for a world with {damage} ({error})")
        contains(error, "world", "the error")
        check(len(error.splitlines()) <= 3, f"a world with {damage} is told of at length: {error}")
        if damage != "folder":
            with open(path, "rb") as file:
                check(file.read(), "the damaged file was wiped")


def test_world_that_cannot_be():
    folder = scratch("bad")
    with open(os.path.join(folder, "file"), "w"):
        pass
    status, error = serve("--world", os.path.join(folder, "file"))
    equal(status, 66, error)
    status, error = serve("--world", "/proc/nowhere/world")
    equal(status, 66, error)
    contains(error, "cannot be created", "the error")


def test_world_that_is_taken():
    status, error = serve("--world", engine.world)
    equal(status, 66, error)
    contains(error, f"Another skua has {engine.world} at {engine.endpoint}", "the error")
    still_answers()


def test_busy_port():
    status, error = serve("--world", scratch("world"), "--port", str(engine.port))
    equal(status, 69, error)
    contains(error, f"Port {engine.port} is in use", "the error")
    status, error = serve("--world", scratch("world"), "--host", "192.0.2.1")
    equal(status, 69, error)
    for arguments in [["--port", "70000"], ["--account", "12"], ["--nonsense"]]:
        status, error = serve("--world", scratch("world"), *arguments)
        equal(status, 64, f"the status for {arguments} ({error})")


def test_full_disk():
    folder = scratch("small")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", folder.encode(), b"tmpfs", 0, b"size=3m") != 0:
        skip(f"no small disk can be mounted here ({os.strerror(ctypes.get_errno())})")
    own = Engine(world=os.path.join(folder, "world"), start=False)
    try:
        own.start()
        sqs = own.client("sqs")
        queue = sqs.create_queue(QueueName="kept")["QueueUrl"]
        sent, refused = [], None
        for number in range(400):
            try:
                sqs.send_message(QueueUrl=queue, MessageBody=f"{number:04}" + "x" * 60_000)
                sent.append(f"{number:04}")
            except Exception as error:
                refused = error
                break
        check(refused is not None, "24 MB went onto a disk of 3 MB")
        status = (getattr(refused, "response", None) or {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        check(status is not None and status >= 500, f"a full disk is told as {refused!r} ({own.error_text()})")
        check(sent, "nothing was taken at all")
        if own.process.poll() is None:
            own.stop()
        # With room again, everything that was acknowledged is there.
        check(libc.mount(b"tmpfs", folder.encode(), b"tmpfs", 32, b"size=64m") == 0, "the disk cannot grow")
        own.restart()
        sqs = own.client("sqs")
        found = set()

        def all_back():
            got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
            found.update(m["Body"][:4] for m in got)
            return found >= set(sent)

        wait_until(all_back, "the return of what was acknowledged before the disk was full")
        sqs.send_message(QueueUrl=queue, MessageBody="room again")
    finally:
        if own.process and own.process.poll() is None:
            own.stop()
        libc.umount2(folder.encode(), 2)


# MARK: - Ends


def test_signals():
    for number in [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]:
        own = Engine()
        own.client("sqs").create_queue(QueueName="kept")
        make_function(own, "sleeper", "import time\ndef handler(event, context):\n    time.sleep(60)\n", Timeout=90)
        own.client("lambda").invoke(FunctionName="sleeper", InvocationType="Event", Payload=b"{}")
        poll = threading.Thread(target=quiet_poll, args=(own,), daemon=True)
        poll.start()
        wait_until(lambda: descendants(own.process.pid), "the start of the function's process")
        below = set(descendants(own.process.pid))
        equal(own.stop(number, limit=20), 0, f"the exit status after signal {number}")
        poll.join(10)
        check(not poll.is_alive(), "a poll outlived its engine")
        wait_until(lambda: not below & set(descendants()), f"the end of a function's process after signal {number}", 5)
        equal(os.path.exists(os.path.join(own.world, "endpoint")), False, "an endpoint that is announced after the end")
        own.restart()
        equal(len(own.client("sqs").list_queues()["QueueUrls"]), 1, "queues after the restart")
        own.stop()


def quiet_poll(own):
    with contextlib.suppress(Exception):
        own.client("sqs").receive_message(QueueUrl=url(own), WaitTimeSeconds=20)


def test_closed_output():
    """Whoever started it stops reading: that is no reason to end."""
    own = Engine("--access-log")
    own.process.stdout.close()
    own.client("sqs").create_queue(QueueName="kept")
    still_answers(own)
    equal(own.stop(), 0, "the exit status")


def test_functions_that_misbehave():
    make_function(
        engine, "forks", "import os, subprocess\ndef handler(event, context):\n"
        "    return subprocess.Popen(['sleep', '1000']).pid\n", Timeout=5)
    invoke(engine, "forks", {})
    make_function(
        engine, "loud", "def handler(event, context):\n    print('x' * 3_000_000)\n    return 'ok'\n", Timeout=20)
    equal(invoke(engine, "loud", {})[0], "ok", "the answer of a function that prints 3 MB")
    make_function(
        engine, "large", "def handler(event, context):\n    return 'x' * (6 * 1024 * 1024 + 100)\n", Timeout=20, MemorySize=512)
    result, answer = invoke(engine, "large", {})
    equal(result["errorType"], "Function.ResponseSizeTooLarge", "the error of a response of more than 6 MB")
    make_function(
        engine, "greedy", "def handler(event, context):\n    data = []\n    while True:\n        data.append(bytearray(b'1' * 10_000_000))\n",
        Timeout=30, MemorySize=128)
    result, answer = invoke(engine, "greedy", {})
    equal(answer.get("FunctionError"), "Unhandled", "FunctionError")
    contains(str(result), "signal: killed", "the error of a function that takes all memory")
    still_answers()
    equal(engine.stop(), 0, "the exit status")
    equal(wait_for_no_processes(5), [], "processes, those that functions started included")
    engine.restart()


if __name__ == "__main__":
    run(globals())
