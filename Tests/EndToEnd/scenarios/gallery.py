"""skua gallery: every main screen on the demo world, and the same pictures each time, however busy the machine is."""

import os
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

from harness import binary, check, equal, run

SHOWN = {
    "home": ["What is wrong", "orders-dead"],
    "execution-failed": ["CardDeclined"],
    "map-run": ["12 of 12 items", "Failed"],
    "outbox": ["operators@shop.example"],
    "pipe": ["carrier-scans", "shop"],
    "schedule": ["nightly-stock-import", "Europe/Berlin"],
    "alarm": ["In alarm"],
    "simulator": ["lambda:InvokeFunction"],
}


def gallery(folder, *options):
    environment = {**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"}
    return subprocess.Popen(
        [binary(), "gallery", folder, *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True)


def pictures(folder):
    found = {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name)) as file:
            found[name.removesuffix(".svg")] = file.read()
    return found


def words(picture):
    """The text of a picture, and proof that it is XML."""
    return " ".join(text.text or "" for text in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text"))


def test_pictures_come_out_the_same():
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        # At the same time, so that each disturbs the other.
        both = [gallery(one), gallery(other)]
        for process in both:
            output, _ = process.communicate(timeout=300)
            equal(process.returncode, 0, output)
        first, second = pictures(one), pictures(other)
        equal(list(first), list(second), "the names")
        equal([name for name in first if first[name] != second[name]], [], "pictures that differ")
        for name, expected in SHOWN.items():
            text = words(first[name])
            for part in expected:
                check(part in text, f"{name} does not show {part}: {text}")


def test_other_sizes_and_themes():
    with tempfile.TemporaryDirectory() as folder:
        process = gallery(folder, "--size", "80x24", "--theme", "light", "--only", "home")
        output, _ = process.communicate(timeout=300)
        equal(process.returncode, 0, output)
        equal(list(pictures(folder)), ["home"], "the pictures")


if __name__ == "__main__":
    run(globals())
