"""The demo world's planted faults: from Home, a newcomer has the reason of each on the screen within three keys."""

import re

from console import Console
from harness import check, contains, run, wait_until

# What is wrong, as the list names it, and what its Why? must say: the resource, and words of the reason.
FAULTS = [
    ("stuck FIFO group", "shipments.fifo", ["MessageGroupLock", "north", "Moves in"]),
    ("poison message", "orders-dead", ["DeadLetters", "receive-order failed with JSONDecodeError"]),
    ("failed execution", "order-", ["ExecutionFailed", "CardDeclined", "the bank declined"]),
    ("token that will not come", "refund-70003", ["TaskToken", "Ask for approval", "no timeout ends"]),
    ("disabled mapping", "returns", ["MappingDisabled", "notify-customer", "disabled"]),
    ("missing permission", "stock-report", ["AccessDenied", "lambda:InvokeFunction", "price-order"]),
    ("filter that drops", "order-events", ["FilterPolicy", "analytics", "status"]),
    ("throttled function", "sales-report", ["ReservedConcurrency", "is 0", "throttled"]),
]
SIZES = [(80, 24), (120, 40)]


class Demo(Console):
    """`skua demo` in a terminal."""

    verb = "demo"


def row_of(screen, name):
    """The number before a resource in the list of what is wrong."""
    found = re.search(rf"(\d)  ▲ {re.escape(name)}", screen)
    return found and found[1]


def words(screen):
    """A screen as running text: reasons are wrapped, and have borders."""
    return " ".join(re.sub(r"[│┃╭╮╰╯─]", " ", screen).split())


def test_each_planted_fault_is_explained_within_three_keys():
    for columns, rows in SIZES:
        with Demo(columns, rows, screen="home") as console:
            console.wait_for("What is wrong", 120)
            console.wait_for("refund-70003" if columns >= 120 else "stock-report", 120)
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
                screen = console.wait_for(re.compile(r"Why\? .*" + re.escape(name)))
                screen = wait_until(
                    lambda: (lambda s: s if all(part in words(s) for part in expected) else None)(console.screen()),
                    f"the reason of the {fault} ({expected}) on\n{console.screen()}")
                check(keys <= 3, f"{keys} keys to the {fault}")
                console.key("Escape")
                console.wait_for("› What is wrong")
                console.key("Escape")
                console.wait_for("› Home")
            # With the list in view, the number alone does it.
            console.type(row_of(console.screen(), "stock-report"))
            contains(console.wait_for("Why?"), "AccessDenied", "the reason one key from Home")
            console.type("q")
            console.ended(0)


def test_a_fault_that_is_mended_leaves_the_list():
    with Demo(120, 40, screen="problems") as console:
        console.wait_for("sales-report", 120)
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
