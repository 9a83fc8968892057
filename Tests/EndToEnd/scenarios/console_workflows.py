"""Every Step Functions screen in a real terminal: a machine is made, watched, mended, redriven and tested by keys alone."""

import json
import os
import re
import signal

from console import Console
from harness import ROLE, archive, equal, run, wait_until

SIZES = [(120, 40), (80, 24)]

# The card is declined until the function is mended.
DECLINING = """
class Declined(Exception):
    pass

def handler(event, context):
    raise Declined("the card of " + event["customer"] + " is empty")
"""
CHARGING = "def handler(event, context):\n    return {'charged': event['total'], 'fee': 1}\n"


def checkout(function, target="Tell"):
    """A task with a retrier that does not match and one that does, behind a choice, before a map."""
    return {
        "Comment": "From cart to receipt", "StartAt": "Is it paid?", "States": {
            "Is it paid?": {
                "Type": "Choice", "Choices": [{"Variable": "$.paid", "BooleanEquals": True, "Next": "Each line"}],
                "Default": "Charge"},
            "Charge": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": function, "Payload.$": "$"},
                "ResultSelector": {"charged.$": "$.Payload.charged"}, "ResultPath": "$.receipt",
                "Retry": [
                    {"ErrorEquals": ["Busy"], "MaxAttempts": 5},
                    {"ErrorEquals": ["Declined"], "IntervalSeconds": 1, "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["Stolen"], "Next": "Tell"}],
                "Next": "Each line"},
            "Each line": {
                "Type": "Map", "ItemsPath": "$.lines", "ResultPath": "$.packed",
                "ItemProcessor": {"StartAt": "Pack", "States": {
                    "Pack": {"Type": "Pass", "Parameters": {"packed.$": "$.sku"}, "End": True}}},
                "Next": target},
            "Tell": {"Type": "Succeed"}}}


ORDER = {"customer": "ada", "total": 42, "paid": False, "lines": [{"sku": "mug"}, {"sku": "hat"}, {"sku": "pen"}]}


class Workflows(Console):
    """The console on a world with a function that declines."""

    def __init__(self, columns, rows, **options):
        self.columns, self.rows = columns, rows
        super().__init__(columns, rows, screen="states.machines", **options)

    def make_function(self, name, source):
        functions = self.client("lambda")
        functions.create_function(
            FunctionName=name, Runtime="python3.13", Role=ROLE, Handler="index.handler",
            Code={"ZipFile": archive({"index.py": source})})
        self.await_function(name)

    def mend_function(self, name, source):
        self.client("lambda").update_function_code(FunctionName=name, ZipFile=archive({"index.py": source}))
        self.await_function(name)

    def await_function(self, name):
        def is_ready():
            state = self.client("lambda").get_function_configuration(FunctionName=name)
            return state["State"] == "Active" and state.get("LastUpdateStatus", "Successful") == "Successful"

        wait_until(is_ready, f"{name} being ready")

    def press(self, key, expected, **options):
        """A key, and what it must bring."""
        self.key(key) if len(key) > 1 else self.type(key)
        return self.wait_for(expected, **options)

    def back(self, expected):
        """Escape and another key at once are Alt and that key: what is expected is waited for."""
        return self.press("Escape", expected)

    def write(self, text):
        """In place of all that stands in the editor or field that has the focus."""
        self.key("M-a")
        self.paste(text)

    def select(self, text):
        """In an editor: what is found is selected, and typing takes its place."""
        self.press("F3", "Find ")
        self.type(text)
        self.wait_for(re.compile(rf"Find {re.escape(text)} +1 of 1\b"))
        self.press("Escape", "Find ", gone=True)

    def arn(self, machine):
        machines = self.client("stepfunctions").list_state_machines()["stateMachines"]
        return next(m["stateMachineArn"] for m in machines if m["name"] == machine)


def create(console):
    console.wait_for("No state machines. Press n to create one.")
    console.press("n", "Create state machine")
    console.type("checkout")
    console.key("Tab", "Tab")
    console.write(ROLE)
    console.wait_for("role/tester")
    console.press("C-s", "Checks")
    # What the service finds is told while it is typed, with its place; a key goes there.
    console.write(json.dumps(checkout("charge", target="Nowhere"), indent=1))
    console.wait_for(re.compile("MISSING_TRANSITION_TARGET|goes to 'Nowhere'"))
    console.press("F6", re.compile(r"─ \d+:\d+ · "))
    console.write(json.dumps(checkout("charge"), indent=1))
    console.wait_for("✓ valid")
    if console.columns < 100:
        console.press("F2", "─ Graph ")
        console.press("F2", "─ Definition ")
    console.press("C-s", "Created checkout")
    console.wait_for(re.compile("No executions|Executions"))


def start(console, name):
    console.press("e", "Start execution of ")
    console.type(name)
    console.key("Tab")
    console.write(json.dumps(ORDER, indent=1))
    console.wait_for("hat")
    console.press("C-s", re.compile(r"› Graph"))


def watch_it_fail(console, name):
    console.wait_for("✗ FAILED")
    console.wait_for("Declined in Charge")
    console.wait_for("✗ Charge")
    # Which rule was passed over, which matched, and why neither helped.
    console.press("Enter", "Input/Output")
    console.type("}")
    console.press("}", re.compile("Retry 1 +Busy"))
    console.wait_for("does not list Declined")
    console.wait_for("used up")
    console.wait_for(re.compile("Catch 1 +Stolen"))
    console.type("{")
    console.press("{", "State input")
    console.back("Enter step")
    console.press("w", "Why")
    console.wait_for("Declined")
    console.back("› Graph")
    console.press("2", "Attempts and waits")
    console.press("3", "TaskStateEntered")
    console.press("4", '"customer": "ada"')
    console.press("5", re.compile("Output"))
    console.press("6", "Execution ARN")
    console.press("1", "✗ Charge")


def redrive(console):
    console.mend_function("charge", CHARGING)
    console.press("R", "Redrive")
    console.key("Enter")
    console.wait_for("✓ SUCCEEDED")
    console.wait_for("redriven 1×")


def look_at_items(console):
    """One item of an inline Map at a time, found by the state's name."""
    console.press("/", "a state's name")
    console.type("pack")
    console.wait_for(re.compile(r"/pack +1 of 1\b"))
    console.key("Enter")
    console.wait_for("item #0")
    console.press("i", re.compile(r"#2\b"))
    console.key("Down", "Down", "Enter")
    console.wait_for("item #2 of 3")
    console.press("Enter", "} next tab")
    console.wait_for('"sku": "pen"')
    console.back("Enter step")


def look_at_jsonata(console):
    """The other query language: variables, and how output and expression belong together."""
    states = console.client("stepfunctions")
    definition = {"QueryLanguage": "JSONata", "StartAt": "Sum", "States": {
        "Sum": {
            "Type": "Pass", "Assign": {"buyer": "{% $states.input.customer %}"},
            "Output": {"total": "{% $sum($states.input.lines.price) %}"}, "Next": "Thank"},
        "Thank": {"Type": "Pass", "Output": "{% $buyer & ' pays ' & $string($states.input.total) %}", "End": True}}}
    made = states.create_state_machine(name="prices", definition=json.dumps(definition), roleArn=ROLE)
    states.start_execution(
        stateMachineArn=made["stateMachineArn"], name="run-1",
        input=json.dumps({"customer": "grace", "lines": [{"price": 2}, {"price": 5}]}))
    console.go("states.execution prices/run-1", "✓ SUCCEEDED")
    console.press("Enter", "} next tab")
    console.wait_for(re.compile("State input.*Variables.*State output"))
    console.press(".", '"buyer": "grace"')
    console.key(".", ".", ".")
    console.wait_for('"grace pays 7"')
    console.back("Enter step")


def edit(console):
    """Fields that the latest execution held are offered; YAML is taken, and saved as JSON once its changes were seen."""
    console.go("states.machine checkout definition", "E edit")
    console.press("E", "✓ valid")
    console.select("$.paid")
    console.type("$.")
    console.wait_for(re.compile(r'\$\.customer +"ada"'))
    console.type("pai")
    console.wait_for(re.compile(r"› ?\$\.paid"))
    console.press("Enter", "✓ valid")
    console.press("F7", "StartAt: Is it paid?")
    console.select("to receipt")
    console.type("to door")
    console.wait_for("Comment: From cart to door")
    console.wait_for("✓ valid")
    console.wait_for("AWS keeps JSON")
    console.press("C-s", "What changes in checkout")
    console.wait_for("+1 −1")
    console.wait_for('"Comment": "From cart to door"')
    console.press("C-s", "Saved checkout as JSON")
    definition = console.client("stepfunctions").describe_state_machine(stateMachineArn=console.arn("checkout"))
    equal(json.loads(definition["definition"]), {**checkout("charge"), "Comment": "From cart to door"}, "the definition")


def try_a_state(console):
    """One state with an input of one's own and a result that is made up: nothing is called."""
    console.go("states.test checkout Charge", "Test with")
    console.press("F3", "Test a state")
    console.key("Tab", "Tab", "Tab", "Right")
    console.press("C-s", "Mock result")
    console.write(json.dumps({"customer": "eve", "total": 7}, indent=1))
    console.key("Tab", "Tab")
    console.write(json.dumps({"StatusCode": 200, "Payload": {"charged": 7}}, indent=1))
    console.press("F5", "SUCCEEDED")
    console.wait_for("Next state: Each line")
    console.wait_for(re.compile("ResultSelector.*State output"))
    console.wait_for('"charged": 7')


def publish(console):
    console.go("states.machine checkout versions", "No versions.")
    console.press("n", "Publish version")
    console.press("C-s", "Published version 1")
    console.wait_for(re.compile(r"› +1 "))
    console.press("Enter", "Nothing has changed.")
    console.back(re.compile("─ Versions "))
    console.press("3", "No aliases.")
    console.press("n", "Create alias")
    console.type("live")
    console.press("C-s", "Created alias live")
    console.wait_for(re.compile(r"› live "))
    start(console, "by-alias")
    console.wait_for("✓ SUCCEEDED")
    console.press("6", re.compile(r"Alias +arn:"))


def mock(console):
    """A task that is answered without being called fails as one pleases, and is caught."""
    console.go("states.machine checkout mocks", "No task is mocked.")
    console.press("n", "Mock a task")
    console.key("Tab", "Tab")
    console.write(json.dumps({"0": {"Throw": {"Error": "Stolen", "Cause": "a mocked thief"}}}, indent=1))
    console.press("C-s", "0 throws Stolen")
    console.type("1")
    start(console, "robbed")
    console.wait_for("✓ SUCCEEDED")
    console.press("2", re.compile("Charge +! Caught"))
    console.go("states.machine checkout mocks", "0 throws Stolen")
    console.press("d", "calls for real again")
    console.press("y", "No task is mocked.")


def import_rows(console):
    """A distributed Map: its run, the items that failed, and one child with a history of its own."""
    s3, states = console.client("s3"), console.client("stepfunctions")
    s3.create_bucket(Bucket="imports")
    s3.put_object(Bucket="imports", Key="rows.csv", Body=b"id,quantity\n" + b"".join(b"%d,%d\n" % (i, i % 4) for i in range(20)))
    definition = {"StartAt": "Import", "States": {"Import": {
        "Type": "Map", "Label": "rows", "ToleratedFailurePercentage": 50, "End": True,
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "imports", "Key": "rows.csv"},
            "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}},
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Ordered?", "States": {
                "Ordered?": {
                    "Type": "Choice", "Choices": [{"Variable": "$.quantity", "StringEquals": "0", "Next": "Nothing"}],
                    "Default": "Keep"},
                "Nothing": {"Type": "Fail", "Error": "Row.Empty", "Cause": "nothing was ordered"},
                "Keep": {"Type": "Pass", "End": True}}}}}}
    made = states.create_state_machine(name="import", definition=json.dumps(definition), roleArn=ROLE)
    states.start_execution(stateMachineArn=made["stateMachineArn"], name="import-1")
    console.go("states.execution import/import-1", "✓ SUCCEEDED")
    console.wait_for("M opens the Ma")
    console.press("M", "20 of 20")
    console.wait_for(re.compile("5 failed|failed +5"))
    console.press("v", "Child executions to show")
    console.key("Down", "Down", "Down", "Enter")
    console.wait_for("FAILED · 5")
    console.press("Enter", "Row.Empty in Nothing")
    console.press("M", "20 of 20")
    console.press("2", re.compile("Tolerated|tolerated"))


def work_for_an_activity(console):
    """The console is the worker: it takes the task and answers it."""
    states = console.client("stepfunctions")
    activity = states.create_activity(name="pack-parcel")["activityArn"]
    definition = {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": activity, "End": True}}}
    made = states.create_state_machine(name="packing", definition=json.dumps(definition), roleArn=ROLE)
    states.start_execution(stateMachineArn=made["stateMachineArn"], name="parcel-1")
    console.go("states.activities", "pack-parcel")
    console.wait_for("packing/parcel-1")
    console.press("K", re.compile("Success|success"))
    console.press("C-s", "No task")
    console.go("states.execution packing/parcel-1", "✓ SUCCEEDED")


def lose_power(console):
    """`kill -9`, a new start on the same world, and every execution is there with the same history."""
    def histories(console):
        states = console.client("stepfunctions")
        arns = [e["executionArn"] for e in states.list_executions(stateMachineArn=console.arn("checkout"))["executions"]]
        return {a: states.get_execution_history(executionArn=a, maxResults=1000)["events"] for a in sorted(arns)}

    before = histories(console)
    equal(len(before), 3, "executions of checkout")
    os.kill(console.pid, signal.SIGKILL)
    wait_until(lambda: console.pid not in console.children(), "the end of the program")
    with Workflows(console.columns, console.rows, world=console.world) as again:
        again.wait_for("checkout")
        # What was killed could not take its address back.
        again.endpoint = again.announced()
        equal(histories(again), before, "the histories after the engine was killed")
        again.go("states.execution checkout/order-1 table", "redriven 1×")
        for state in ["Is it paid?", "Charge", "Each line", "Pack #2", "Tell"]:
            again.wait_for(state)
        again.go("states.machine checkout aliases", "live")
        again.type("q")
        again.ended(0)


def test_a_machine_from_its_first_line_to_the_end_of_its_engine():
    for columns, rows in SIZES:
        with Workflows(columns, rows) as console:
            console.make_function("charge", DECLINING)
            create(console)
            start(console, "order-1")
            watch_it_fail(console, "order-1")
            redrive(console)
            look_at_items(console)
            look_at_jsonata(console)
            edit(console)
            try_a_state(console)
            publish(console)
            mock(console)
            import_rows(console)
            work_for_an_activity(console)
            lose_power(console)


if __name__ == "__main__":
    run(globals())
