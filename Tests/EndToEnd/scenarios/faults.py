"""The demo world's planted faults: from Home, a newcomer has the reason of each on the screen within three keys."""

import json
import re
import urllib.request

from console import Console
from harness import check, run, wait_until

# What is wrong, as the list names it (a pattern), and what its Why? must say.
FAULTS = [
    ("stuck FIFO group", "shipments.fifo", ["MessageGroupLock", "north", "Moves in"]),
    ("poison message", "orders-dead", ["DeadLetters", "receive-order failed with JSONDecodeError"]),
    ("failed execution", "order-[0-9a-f]{5,}", ["ExecutionFailed", "CardDeclined", "the bank declined"]),
    ("token that will not come", "refund-70003", ["TaskToken", "Ask for approval", "no timeout ends"]),
    ("disabled mapping", "returns", ["MappingDisabled", "notify-customer", "disabled"]),
    ("missing permission", "stock-report", ["AccessDenied", "lambda:InvokeFunction", "price-order"]),
    ("filter that drops", "order-events", ["FilterPolicy", "analytics", "status"]),
    ("throttled function", "sales-report", ["ReservedConcurrency", "is 0", "throttled"]),
]
SIZES = [(80, 24), (120, 40)]


class Demo(Console):
    """`skua demo` in a terminal, once its world is made and its first minutes have passed."""

    verb = "demo"

    def wait_until_made(self):
        """Each fault is in the list, and time no longer jumps: numbers stay where they are."""
        found = lambda: self.skua("ListProblems").get("Problems", [])

        def is_made():
            names = " ".join(f"{p['ResourceArn']} {p['Rule']}" for p in found())
            return all(re.search(name, names) for _, name, _ in FAULTS) and self.skua("DescribeTraffic").get("Sources")

        wait_until(is_made, "the demo world", 120, interval=0.2)
        # No orders meanwhile: what fails next must not come between looking and pressing.
        self.skua("SetTraffic", IsEnabled=False)
        wait_until(lambda: self.skua("GetClock")["EffectsOut"] == 0, "the end of what is under way", interval=0.2)

    def skua(self, operation, **members):
        """An operation of the engine's own service."""
        request = urllib.request.Request(
            self.endpoint, data=json.dumps(members).encode(), method="POST",
            headers={"content-type": "application/x-amz-json-1.1", "x-amz-target": f"Skua_20261123.{operation}"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())


def row_of(screen, name):
    """The number before a resource in the list of what is wrong."""
    found = re.search(rf"(\d)  ▲ {name}\b", screen)
    return found and found[1]


def words(screen):
    """A screen as running text: reasons are wrapped, and have borders."""
    return " ".join(re.sub(r"[│┃╭╮╰╯─]", " ", screen).split())


def test_each_planted_fault_is_explained_within_three_keys():
    for columns, rows in SIZES:
        with Demo(columns, rows, screen="home") as console:
            console.wait_until_made()
            console.wait_for("What is wrong")
            for fault, name, expected in FAULTS:
                keys = 0

                def press(key):
                    nonlocal keys
                    keys += 1
                    console.type(key)

                press("!")
                screen = console.wait_for("› What is wrong")
                screen = wait_until(
                    lambda: (lambda s: s if row_of(s, name) else None)(console.screen()), f"{name} in the list")
                press(row_of(screen, name))
                screen = console.wait_for(re.compile(r"Why\? .*" + name))
                screen = wait_until(
                    lambda: (lambda s: s if all(part in words(s) for part in expected) else None)(console.screen()),
                    f"the reason of the {fault}: {expected}")
                check(keys <= 3, f"{keys} keys to the {fault}")
                console.key("Escape")
                console.wait_for("› What is wrong")
                console.key("Escape")
                console.wait_for("› Home")
            # With the list in view, the number alone does it.
            console.type(row_of(console.screen(), "stock-report"))
            console.wait_for("AccessDenied")
            console.type("q")
            console.ended(0)


def test_a_fault_that_is_mended_leaves_the_list():
    with Demo(120, 40, screen="problems") as console:
        console.wait_until_made()
        console.wait_for("sales-report")
        functions = console.client("lambda")
        functions.delete_function_concurrency(FunctionName="sales-report")
        mapping = functions.list_event_source_mappings(FunctionName="notify-customer")["EventSourceMappings"]
        for one in mapping:
            if one["State"] == "Disabled":
                functions.update_event_source_mapping(UUID=one["UUID"], Enabled=True)
        console.wait_for("sales-report", gone=True)
        console.wait_for("returns", gone=True)
        check("shipments.fifo" in console.screen(), "what nobody mended is still there")
        console.type("q")
        console.ended(0)


if __name__ == "__main__":
    run(globals())
