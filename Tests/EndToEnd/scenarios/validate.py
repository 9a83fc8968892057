"""skua validate: definitions in JSON and YAML are judged in AWS's words, at their line and column."""

import os
import subprocess
import tempfile

from harness import binary, check, equal, run

VALID = """\
StartAt: Wait a little
States:
  Wait a little:
    Type: Wait
    Seconds: 1
    Next: Done
  Done:
    Type: Succeed
"""


def validate(text, name, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
        ended = subprocess.run(
            [binary(), "validate", name, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout.splitlines()


def test_yaml_that_is_valid():
    equal(validate(VALID, "machine.asl.yaml"), (0, ["machine.asl.yaml: valid"]), "valid YAML")


def test_errors_in_yaml():
    status, lines = validate(VALID.replace("Seconds: 1", "seconds: 1"), "machine.yaml")
    equal(status, 1, "the exit status")
    equal(lines[0], "machine.yaml:3:3: error: SCHEMA_VALIDATION_FAILED: "
                    "Field 'seconds' is not supported at /States/Wait a little", "the finding")
    equal(lines[1], "    Did you mean 'Seconds'? Names are case-sensitive.", "the hint")


def test_errors_in_json():
    status, lines = validate('{\n  "StartAt": "A",\n  "States": {\n    "A": {"Type": "Pass", "Next": "B"}\n  }\n}', "m.json")
    equal(status, 1, "the exit status")
    equal(lines[0], "m.json:4:27: error: MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next", "the finding")


def test_comments_in_json():
    status, lines = validate('{\n  // first\n  "StartAt": "A"\n}', "m.json")
    equal(status, 1, "the exit status")
    check(lines[0].startswith("m.json:2:3: error: INVALID_JSON_DESCRIPTION: Unexpected character ('/'"), lines)


def test_warnings_end_well():
    text = '{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"v":"$.x"},"End":true}}}'
    status, lines = validate(text, "m.json")
    equal(status, 0, "the exit status")
    check(": warning: NO_DOLLAR: " in lines[0], lines)
    equal(validate(text, "m.json", "--errors-only"), (0, ["m.json: valid"]), "errors only")


def test_placeholders_pass():
    text = '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Function}","End":true}}}'
    equal(validate(text, "m.json"), (0, ["m.json: valid"]), "placeholders")


def test_standard_input_and_missing_files():
    ended = subprocess.run([binary(), "validate", "-"], input=VALID, capture_output=True, text=True, timeout=60)
    equal((ended.returncode, ended.stdout), (0, "-: valid\n"), "standard input")
    ended = subprocess.run([binary(), "validate", "/none.json"], capture_output=True, text=True, timeout=60)
    equal((ended.returncode, ended.stderr), (66, "skua: /none.json cannot be read.\n"), "a missing file")


if __name__ == "__main__":
    run(globals())
