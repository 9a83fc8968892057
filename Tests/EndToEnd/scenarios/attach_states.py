"""Step Functions on an endpoint that tells what AWS tells and no more: stages through TestState, and what is missing said."""

import json

from attach_moto import Attached, Moto, Proxy
from harness import ROLE, Engine, run, skip, wait_until

OURS = "Skua_"
INPUT = {"order": {"id": 7, "lines": [{"price": 2}, {"price": 3}]}}
MACHINES = {
    "paths": {"StartAt": "Shape", "States": {"Shape": {
        "Type": "Pass", "InputPath": "$.order", "Parameters": {"number.$": "$.id"}, "ResultPath": "$.shaped",
        "OutputPath": "$.shaped", "End": True}}},
    "jsonata": {"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {"Sum": {
        "Type": "Pass", "Output": {"total": "{% $sum($states.input.order.lines.price) %}"}, "End": True}}},
}
engine = None


def setup():
    global engine
    engine = Engine()
    states = engine.client("stepfunctions")
    for name, definition in MACHINES.items():
        machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
        arn = states.start_execution(
            stateMachineArn=machine["stateMachineArn"], name="run", input=json.dumps(INPUT))["executionArn"]
        wait_until(lambda: states.describe_execution(executionArn=arn)["status"] == "SUCCEEDED", "the end of " + name)


def nothing(operation, count):
    return None


def test_another_engine_of_ours_tells_every_stage():
    for columns, rows in [(120, 40), (80, 24)]:
        with Attached("states.execution paths/run", columns, rows, endpoint=engine.endpoint) as console:
            console.wait_for("✓ Shape")
            console.key("Enter")
            console.wait_for("Parameters")
            console.leave()


def test_stages_come_from_test_state():
    with Proxy(nothing, engine.endpoint, OURS) as proxy:
        for machine, stages in [("paths", ["InputPath", "Parameters", "ResultPath"]), ("jsonata", ["State output"])]:
            with Attached(f"states.execution {machine}/run", 120, 40, endpoint=proxy.endpoint) as console:
                console.wait_for("✓ SUCCEEDED")
                console.key("Enter")
                console.wait_for("I all stages")
                console.type("I")
                console.wait_for("I all stages", gone=True)
                for stage in stages:
                    # The bar of stages scrolls along.
                    console.type(".")
                    console.wait_for(stage)
                console.leave()
        wait_until(lambda: proxy.asked["TestState"] == 2, "two calls of TestState")


def test_an_endpoint_without_test_state_says_so():
    def answer(operation, count):
        return (501, "NotImplemented", f"{operation} is not there") if operation == "TestState" else None

    with Proxy(answer, engine.endpoint, OURS) as proxy:
        with Attached("states.execution paths/run", 120, 40, endpoint=proxy.endpoint) as console:
            console.wait_for("✓ SUCCEEDED")
            console.key("Enter")
            console.wait_for("I all stages")
            console.type("I")
            console.wait_for("has no TestState")
            console.wait_for("as history tells")
            # From now on the key tells why it does nothing, and asks nobody.
            console.wait_for("I all stages", gone=True)
            console.type("I")
            console.wait_for("Only history tells of the data")
            console.leave()
        wait_until(lambda: proxy.asked["TestState"] == 1, "one call of TestState")


def test_what_moto_lacks_is_said():
    try:
        import flask  # noqa: F401
        import moto.server  # noqa: F401
    except ImportError:
        skip("moto is not installed (pip install 'moto[server]')")
    moto = Moto()
    try:
        definition = json.dumps(MACHINES["paths"])
        moto.client("stepfunctions").create_state_machine(name="theirs", definition=definition, roleArn=ROLE)
        for columns, rows in [(120, 40), (80, 24)]:
            with Attached("states.machine theirs versions", columns, rows, endpoint=moto.endpoint) as console:
                console.wait_for("the endpoint may lack")
                console.wait_for("not available")
                console.type("8")
                console.wait_for("Only the embedded engine can answer")
                console.type("2")
                console.wait_for("Shape")
                console.type("E")
                # Without the service's findings the shape alone is checked.
                console.wait_for("does not validate further")
                console.key("Escape")
                console.wait_for("E edit")
                console.leave()
    finally:
        moto.stop()


if __name__ == "__main__":
    run(globals())
