"""Writes what a fuzz target begins with: recorded cases where ../shared/conformance is, and a few lines in any case."""

import glob
import json
import sys
from pathlib import Path

CASES = Path("../shared/conformance")

DEFINITION = [
    '{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"v.$":"States.Format(\'{}\', $.s)"},"End":true}}}',
    '{"QueryLanguage":"JSONata","StartAt":"W","States":{"W":{"Type":"Wait","Seconds":"{% 1 + 1 %}","Assign":'
    '{"x":"{% $states.input.n %}"},"Next":"F"},"F":{"Type":"Fail","Error":"{% $string($x) %}"}}}',
    '{"StartAt":"M","States":{"M":{"Type":"Map","ItemsPath":"$.a","ItemProcessor":{"StartAt":"T","States":{"T":'
    '{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Retry":[{"ErrorEquals":["States.ALL"]}],'
    '"End":true}}},"End":true}}}',
    '{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.n","NumericLessThan":0},'
    '"Next":"S"}],"Default":"S"},"S":{"Type":"Succeed"}}}',
]
PATH = [
    "$.a[0,2]", "$..b", "$.a[?(@.b == 'x' && !(@.c))]", "$['a','c'][*]", "$.a[-1:]", "$$.Execution.Input.a[1:3]",
    "$.a.length()", "$..[?(@.b =~ /X.*/i || @ in [1, 2])].keys()", "$.c.d", "States.Array($.a, States.UUID())",
    "States.StringSplit('a,b', ',')", "$.a[?(@ > 1)].sum($.a[0])",
]
EXPRESSION = [
    "$sum(a.b)", "a[b='x'].{ 'k': $ }", "$map([1..5], function($v, $i) { $v * $i })", "a^(>b, c)", "a@$x.b#$i.[$x, $i]",
    "$match('abc', /b(c)/i)", "a.%.c", "$ ~> |a|{'x': 1}, ['b']|", "($f := function($n) { $n = 0 ? 1 : $n * $f($n - 1) }; $f(9))",
    "$fromMillis(0, '[Y0001]-[M01]')", "$formatNumber(12345.6, '#,##0.00')", "$parse('[1]')", "$partition([1..9], 4)",
]
PATTERN = [
    '{"source":["aws.s3"]}', '{"detail":{"a":[{"anything-but":{"prefix":"b"}}],"n":[{"numeric":[">",0,"<=",5]}]}}',
    '{"$or":[{"source":[{"wildcard":"a*b"}]},{"detail":{"x":[{"exists":false}]}}]}', '{"ip":[{"cidr":"10.0.0.0/24"}]}',
    '{"s":[{"equals-ignore-case":"x"},{"suffix":".png"},{"prefix":{"equals-ignore-case":"p"}}]}',
]


def lines(name):
    file = CASES / name
    return [json.loads(line) for line in file.open()] if file.exists() else []


def seeds(target):
    if target == "definition":
        yield from DEFINITION
        for file in glob.glob(str(CASES / "asl" / "*.json")):
            case = json.load(open(file))
            yield case.get("definition_raw") or json.dumps(case.get("definition"))
        for case in lines("asl-definitions.jsonl"):
            yield case.get("definition_raw") or json.dumps(case.get("definition"))
    elif target == "path":
        yield from PATH
    elif target == "expression":
        yield from EXPRESSION
        for case in lines("jsonata-cases.jsonl"):
            data = "\n" + json.dumps(case["data"]) if "data" in case else ""
            yield case.get("expr", case.get("expression", "")).replace("\n", " ") + data
    else:
        yield from PATTERN
        for case in lines("event-pattern-cases.jsonl"):
            pattern = case.get("pattern")
            event = case.get("event")
            texts = [part if isinstance(part, str) else json.dumps(part) for part in (pattern, event) if part is not None]
            yield "\n".join(text.replace("\n", " ") for text in texts)


folder = Path(sys.argv[2])
for number, text in enumerate(seeds(sys.argv[1])):
    data = text.encode(errors="replace")
    if len(data) <= 8192:
        (folder / f"seed-{number:04}").write_bytes(data)
