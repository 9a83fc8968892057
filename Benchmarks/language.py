"""The interpreter and JSONata alone, in memory, beside other JSONata engines in the same run."""
import glob
import json
import os
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".build", "bench-language")

ORDER = {"order": {"id": "o-1", "product": [
    {"name": "Hat", "price": 34.45, "quantity": 2, "tags": ["a", "b"]},
    {"name": "Cloak", "price": 107.99, "quantity": 1, "tags": ["b"]},
    {"name": "Scarf", "price": 21.67, "quantity": 5, "tags": ["c", "a"]}]}}
CASES = {
    "sum over a path": ("$sum(order.product.(price * quantity))", ORDER),
    "filter and objects": ("order.product[price > 30]{name: $uppercase(name) & '-' & $string(quantity)}", ORDER),
    "map, reduce, closures": (
        "($add := function($a, $b) { $a + $b }; $reduce($map([1..100], function($v) { $v * $v }), $add))", None),
}


def compiled():
    """Our modules from their sources, optimised, with the small program that measures them."""
    program = os.path.join(FOLDER, "language")
    modules = ["AWSModel", "JSONata", "StatesLanguage"]
    sources = {name: glob.glob(f"{ROOT}/Sources/{name}/**/*.swift", recursive=True) for name in modules}
    main = os.path.join(ROOT, "Benchmarks", "Language", "main.swift")
    newest = max(os.path.getmtime(file) for file in [main] + sum(sources.values(), []))
    if os.path.exists(program) and os.path.getmtime(program) > newest:
        return program
    os.makedirs(FOLDER, exist_ok=True)
    flags = ["swiftc", "-O", "-wmo", "-swift-version", "6", "-I", FOLDER]
    for name in modules:
        subprocess.run(flags + [
            "-parse-as-library", "-module-name", name, "-emit-module", "-emit-module-path", f"{FOLDER}/{name}.swiftmodule",
            "-emit-object", "-o", f"{FOLDER}/{name}.o", *sources[name]], check=True)
    objects = [f"{FOLDER}/{name}.o" for name in reversed(modules)]
    subprocess.run(flags + ["-module-name", "LanguageBench", main, *objects, "-o", program], check=True)
    return program


NODE = """
const jsonata = require('jsonata'), cases = JSON.parse(require('fs').readFileSync(process.argv[1]));
(async () => { const rates = [];
  for (const c of cases) {
    const e = jsonata(c.expression), start = process.hrtime.bigint(); let n = 0;
    const spent = () => Number(process.hrtime.bigint() - start) / 1e9;
    while (spent() < c.seconds) { for (let i = 0; i < 10; i++) await e.evaluate(c.data); n += 10; }
    rates.push(n / spent()); }
  console.log(JSON.stringify(rates)); })();
"""


def node_rates(file):
    """The reference implementation, where node finds it (npm install jsonata@2.0.6)."""
    if not shutil.which("node"):
        return None
    done = subprocess.run(["node", "-e", NODE, file], capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout) if done.returncode == 0 else None


def python_rates(cases):
    try:
        import jsonata
    except ImportError:
        return None
    rates = []
    for case in cases:
        expression, count, start = jsonata.Jsonata(case["expression"]), 0, time.monotonic()
        while time.monotonic() - start < case["seconds"]:
            expression.evaluate(case["data"])
            count += 1
        rates.append(count / (time.monotonic() - start))
    return rates


def bench(say, seconds):
    cases = [{"expression": text, "data": data, "seconds": seconds} for text, data in CASES.values()]
    program = compiled()
    file = os.path.join(FOLDER, "cases.json")
    with open(file, "w") as output:
        json.dump(cases, output)
    figures = json.loads(subprocess.run([program, file], capture_output=True, text=True, check=True).stdout)
    say("transitions a second, JSONPath, in memory", f"{figures['path']:,.0f}", "≥ 100,000")
    say("transitions a second, JSONata, in memory", f"{figures['jsonata']:,.0f}")
    peers = {"jsonata (node)": node_rates(file), "jsonata-python": python_rates(cases)}
    for index, name in enumerate(CASES):
        told = [f"{peer} {rates[index]:,.0f}" for peer, rates in peers.items() if rates]
        say(f"JSONata expressions a second: {name}", f"{figures['expressions'][index]:,.0f}", " · ".join(told))
    for peer, rates in peers.items():
        if rates is None:
            say(f"  {peer}", "not here")


if __name__ == "__main__":
    bench(lambda *words: print(*words), float(sys.argv[1]) if len(sys.argv) > 1 else 1)
