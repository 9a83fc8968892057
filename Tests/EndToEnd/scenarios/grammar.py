"""One grammar on every list, in a real terminal: marks, what is done to many, read-only, and screens no other scenario opens."""

import json

from console import SIZES, Console
from harness import check, contains, equal, run, scratch, wait_until


def names(sqs):
    return sorted(url.rsplit("/", 1)[1] for url in sqs.list_queues().get("QueueUrls", []))


def test_marked_queues_are_deleted_after_the_word_was_typed():
    for columns, rows in SIZES:
        with Console(columns, rows) as console:
            sqs = console.client("sqs")
            for name in ["a-1", "a-2", "b-1", "b-2", "b-3"]:
                sqs.create_queue(QueueName=name)
            console.wait_for("b-3")
            console.type("/")
            console.type("b-")
            console.wait_for("3 of 5")
            console.key("Enter")
            console.type("*")
            console.wait_for("3 marked")
            console.type("d")
            console.wait_for("Delete 3 queues?")
            console.type("delet")
            console.key("Enter")
            equal(len(names(sqs)), 5, "queues before the word is whole")
            console.type("e")
            console.key("Enter")
            console.wait_for("Deleted 3 queues")
            wait_until(lambda: names(sqs) == ["a-1", "a-2"], "the marked queues, and no others, to go")
            console.key("Escape")
            console.wait_for("a-1")
            console.type("q")
            console.ended(0)


def test_each_failure_of_many_is_told_and_what_failed_stays_marked():
    with Console(100, 30, screen="s3.buckets") as console:
        s3 = console.client("s3")
        for name in ["empty-one", "empty-two", "full-one"]:
            s3.create_bucket(Bucket=name)
        s3.put_object(Bucket="full-one", Key="orders/1.json", Body=b"{}")
        console.wait_for("full-one")
        console.type("*")
        console.wait_for("3 marked")
        console.type("d")
        console.wait_for("Delete 3 buckets?")
        console.type("delete")
        console.key("Enter")
        console.wait_for("1 of 3 could not be deleted")
        contains(console.screen(), "BucketNotEmpty", "what the service said")
        console.key("Enter")
        console.wait_for("1 marked")
        equal([b["Name"] for b in s3.list_buckets()["Buckets"]], ["full-one"], "what is left")
        # Down into the bucket, and empty it.
        console.key("Escape")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.key("Enter")
        console.wait_for("s3://full-one")
        console.key("Enter")
        console.wait_for("1.json")
        console.type("d")
        console.wait_for("Delete object 1.json?")
        console.type("y")
        wait_until(lambda: not s3.list_objects_v2(Bucket="full-one").get("Contents"), "the object to go")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.type("q")
        console.ended(0)


def test_rules_and_schedules_are_switched_together():
    with Console(120, 40, screen="events.rules") as console:
        events = console.client("events")
        for name in ["one", "two", "three"]:
            events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
        console.wait_for("three")
        console.type("*")
        console.type("o")
        wait_until(
            lambda: all(r["State"] == "DISABLED" for r in events.list_rules()["Rules"]), "all rules to be disabled")
        console.wait_for("disabled")
        console.go("scheduler.groups", "Schedule groups")
        scheduler = console.client("scheduler")
        scheduler.create_schedule_group(Name="nightly")
        console.wait_for("nightly")
        console.type("*")
        console.type("d")
        console.wait_for("default is left: AWS keeps the default group")
        console.type("nightly")
        console.key("Enter")
        wait_until(
            lambda: [g["Name"] for g in scheduler.list_schedule_groups()["ScheduleGroups"]] == ["default"],
            "the group to go, and the default one to stay")
        console.go("events.buses", "Event buses")
        console.wait_for("default")
        console.type("d")
        console.wait_for("AWS keeps the default bus")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.type("q")
        console.ended(0)


def test_a_read_only_console_greys_what_would_write():
    world = scratch("world")
    with Console(100, 30, world=world) as console:
        console.client("sqs").create_queue(QueueName="orders")
        console.wait_for("orders")
        console.type("q")
        console.ended(0)
    with Console(100, 30, world=world, options="--read-only") as console:
        console.wait_for("orders")
        contains(console.screen(), "read-only", "the top line")
        for key in ["n", "d", "p"]:
            console.type(key)
            console.wait_for("The console is read-only")
            console.key("Down")
            console.wait_for("The console is read-only", gone=True)
        console.type("a")
        console.wait_for("─ Actions ─")
        check(console.screen().count("The console is read-only") >= 3, f"reasons in the menu:\n{console.screen()}")
        console.key("Escape")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.key("Enter")
        console.wait_for("SQS › orders")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.type("q")
        console.ended(0)


def test_the_policy_simulator_says_who_may():
    with Console(120, 40, screen="iam.identities") as console:
        iam = console.client("iam")
        trust = json.dumps({
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
        iam.create_role(RoleName="sender", AssumeRolePolicyDocument=trust)
        iam.put_role_policy(
            RoleName="sender", PolicyName="send",
            PolicyDocument=json.dumps({
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}))
        console.wait_for("sender")
        console.type("/")
        console.type("sender")
        console.key("Enter")
        console.type("m")
        console.wait_for("› Policy simulator")
        console.wait_for("Allowed")
        console.wait_for("Not allowed")
        contains(console.screen(), "send", "the policy that decides")
        console.key("Escape")
        wait_until(console.is_at_rest, "the keys to be back at the screen")
        console.type("q")
        console.ended(0)


if __name__ == "__main__":
    run(globals())
