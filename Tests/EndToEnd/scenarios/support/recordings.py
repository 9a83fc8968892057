"""Workflows recorded on AWS, from ../shared/conformance/asl-services, played against a real engine."""

import json
import os
import re
import sys

from harness import ROLE, Engine, check, skip, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
CASES = os.environ.get("SKUA_CONFORMANCE") or os.path.join(HERE, "..", "..", "..", "..", "..", "shared", "conformance")
STUB = re.compile(r"arn:aws:[a-z]+:us-east-1:0{12}:[\w:-]+")
# Whoever stands in for a queue that the recording had.
STUB_QUEUE = re.compile(r"http://stub\.invalid/0{12}/([\w-]+)")

engine = None
cases = []


def setup():
    """An engine, and the recordings; skips where they are missing."""
    global engine
    folder = os.path.join(CASES, "asl-services")
    if not os.path.isdir(folder):
        skip("../shared/conformance/asl-services is missing")
    sys.path.insert(0, os.path.join(CASES, "tools"))
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            case = json.load(file)
        if case["provenance"] != "suspect":
            cases.append(case)
    engine = Engine()


def aws(service="stepfunctions"):
    return engine.client(service)


def play(kind, wanted, prepare, status=None, form="execution"):
    """Runs every case that `wanted` takes, after `prepare` changed its definition and input.

    `status` waits for that one instead of the end.
    """
    from asl_compare import M

    chosen = [case for case in cases if case["kind"] == form and wanted(case)]
    check(chosen, f"no case of {kind} was found")
    wrong = []
    for number, case in enumerate(chosen):
        definition, payload = prepare(case, json.dumps(case["definition"]), case.get("input"))
        name = f"{kind}{number}"
        recorded, found = (start_sync if form == "sync_execution" else start)(name, case, definition, payload, status)
        # What was made for the case has names of its own.
        known = json.dumps(recorded)
        for value in set(STUB.findall(json.dumps([case["definition"], case.get("input")]))):
            known = known.replace(value, "<made>")
        differences = M(case["compare"]["placeholders"] + ["<made>"]).eq(json.loads(known), found)
        differences = [d for d in differences if not unlike(d, case, payload)]
        if differences:
            wrong.append(f"{case['id']}: {differences[:3]}")
    print(f"recorded {kind}: {len(chosen)} cases, {len(chosen) - len(wrong)} right", flush=True)
    check(not wrong, "\n        ".join(wrong))


def start(name, case, definition, payload, status):
    """An execution's recorded and found events."""
    machine = aws().create_state_machine(name=name, definition=definition, roleArn=ROLE)["stateMachineArn"]
    execution = aws().start_execution(stateMachineArn=machine, input=json.dumps(payload))["executionArn"]

    def events():
        return aws().get_execution_history(executionArn=execution, maxResults=1000)["events"]

    def has_ended():
        if status:
            return events()[-1]["type"] == status
        return aws().describe_execution(executionArn=execution)["status"] != "RUNNING"

    wait_until(has_ended, f"the end of {case['id']}", limit=90)
    found = events()
    for event in found:
        event.pop("timestamp")
    return case["expect"]["events"], found


def start_sync(name, case, definition, payload, _):
    """What StartSyncExecution answers, as far as it was recorded."""
    machine = aws().create_state_machine(name=name, definition=definition, roleArn=ROLE, type="EXPRESS")
    client = engine.client("stepfunctions", plain_host=True)
    answer = client.start_sync_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(payload))
    recorded = {key: value for key, value in case["expect"].items() if key in ("status", "output", "error", "cause")}
    return recorded, {key: answer[key] for key in recorded if key in answer}


def unlike(difference, case, payload):
    """Whether a difference is only that of a resource's name, or of how many digits a time has."""
    path, wanted, found = difference
    place = re.fullmatch(r"\$\[(\d+)\]\.previousEventId", path)
    if place and case["expect"]["events"][int(place[1])]["type"] == "MapStateExited":
        # AWS lets a distributed Map's exit follow MapRunSucceeded in old recordings and MapRunStarted in new ones.
        return abs(wanted - found) == 1
    if wanted == "<absent>" and re.search(r"\.Redrive(Count|Status|StatusReason)$", path):
        # Recordings from before there were redrives.
        return True
    if isinstance(wanted, str) and re.fullmatch("<[^>]+>", wanted) and found != "<absent>":
        return True
    if not isinstance(wanted, str) or not isinstance(found, str):
        return False
    if "Content-Length" in path and "startExecution" in json.dumps(case["definition"]):
        # The recordings come from regions with other names, and times end in zeros now and then.
        return abs(int(wanted) - int(found)) <= 6
    # An account's number was given as a name.
    return (wanted in json.dumps(case.get("input")) or wanted == "1" * 12) and found in json.dumps(payload)


def tasks(case, *resources):
    """Whether all tasks of a case are of these."""
    text = json.dumps(case["definition"])
    names = set(re.findall(r'"Resource": "([^"]+)"', text))
    return bool(names) and all(any(name.startswith("arn:aws:states:::" + r) for r in resources) for name in names)
