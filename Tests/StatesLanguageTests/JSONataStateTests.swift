import AWSModel
import StatesLanguage
import Testing

/// JSONata in states: the reference implementation's suite inside a Pass state, and what AWS adds around it.
@Suite struct JSONataStateTests {
    @Test func expressionsInsidePassStates() throws {
        let lines = RecordedCase.readLines("jsonata-asl-cases.jsonl")
        guard !lines.isEmpty else {
            print("JSONata states: all skipped, ../shared/conformance/jsonata-asl-cases.jsonl is missing")
            return
        }
        var right = 0
        for line in lines {
            guard let wrong = try Self.difference(line) else {
                right += 1
                continue
            }
            print("JSONata state \(line.string("id") ?? ""): \(wrong.prefix(300))")
        }
        print("JSONata states: \(lines.count), \(right) right")
        #expect(right >= 950)
    }

    /// Nil where the case comes out as it should.
    private static func difference(_ line: DocumentObject) throws -> String? {
        let expect = line.object("expect") ?? [:]
        let parsed = StateMachineDefinition.parse(JSONWriter.string(line["definition"] ?? .null))
        guard let definition = parsed.definition else {
            return expect.contains("rejected_or_failed") ? nil : parsed.errorMessage
        }
        var simulated = try SimulatedExecution(definition, input: JSONWriter.string(line["input"] ?? [:]))
        try simulated.run()
        let outcome = simulated.execution.outcome
        if expect.contains("rejected_or_failed") { return outcome.status == .failed ? nil : "accepted" }
        guard outcome.status.rawValue == expect.string("status") else {
            return "\(outcome.status.rawValue) \(outcome.cause ?? "") \(outcome.output?.text ?? "")"
        }
        if outcome.status == .failed {
            return outcome.error == expect.string("error") ? nil : outcome.error ?? "no error"
        }
        let isUnordered = line["unordered"]?.bool == true
        return same(outcome.output?.value ?? .null, expect["output"] ?? .null, isUnordered: isUnordered)
            ? nil : "wanted \(JSONWriter.string(expect["output"] ?? .null)), found \(outcome.output?.text ?? "")"
    }

    private static func same(_ left: DocumentValue, _ right: DocumentValue, isUnordered: Bool) -> Bool {
        if let a = left.double, let b = right.double { return a == b || abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }
        switch (left, right) {
        case (.list(var a), .list(var b)):
            guard a.count == b.count else { return false }
            if isUnordered {
                a.sort { JSONWriter.string($0) < JSONWriter.string($1) }
                b.sort { JSONWriter.string($0) < JSONWriter.string($1) }
            }
            return zip(a, b).allSatisfy { same($0, $1, isUnordered: false) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { key, value in b[key].map { same(value, $0, isUnordered: false) } ?? false }
        default: return left == right
        }
    }

    private func run(_ text: String, input: String = "{}", answer: (TaskOrder) -> ExecutionEvent? = { _ in nil })
        throws -> SimulatedExecution
    {
        let parsed = StateMachineDefinition.parse(text)
        let definition = try #require(parsed.definition, "\(parsed.diagnostics)")
        var simulated = try SimulatedExecution(definition, input: input)
        try simulated.run(answer: answer)
        return simulated
    }

    private static let function = "arn:aws:lambda:us-east-1:123456789012:function:work"

    @Test func aTaskSeesItsResultAndSetsFromWhatWasBefore() throws {
        let simulated = try run(
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"Next":"T"},"T":{"Type":"Task","Resource":"\#(Self.function)","Arguments":{"a":"{% $states.input.n + $x %}"},"TimeoutSeconds":"{% 10 * $x %}","Assign":{"x":"{% $x + 1 %}","y":"{% $x %}"},"Output":{"r":"{% $states.result.v %}","x":"{% $x %}"},"Next":"B"},"B":{"Type":"Pass","Output":"{% [$states.input.r, $x, $y] %}","End":true}}}"#,
            input: #"{"n":4}"#
        ) { order in
            #expect(order.parameters.text == #"{"a":5}"#)
            #expect(order.timeoutSeconds == 10)
            return .taskSucceeded(order.id, Payload(["v": 7]))
        }
        #expect(simulated.execution.outcome.output?.text == "[7,2,1]")
    }

    @Test func aFailedExpressionCanBeCaught() throws {
        let simulated = try run(
            #"{"QueryLanguage":"JSONata","StartAt":"T","States":{"T":{"Type":"Task","Resource":"\#(Self.function)","Arguments":{"a":"{% $missing %}"},"Catch":[{"ErrorEquals":["States.QueryEvaluationError"],"Assign":{"e":"{% $states.errorOutput.Error %}"},"Output":"{% $states.input %}","Next":"C"}],"End":true},"C":{"Type":"Pass","Output":"{% $e %}","End":true}}}"#
        )
        #expect(simulated.execution.outcome.output?.value == "States.QueryEvaluationError")
        #expect(simulated.history.contains { $0.type == .evaluationFailed && $0.details.resource == "Arguments/a" })
    }

    @Test(arguments: [
        ("$hash('abc', 'MD5')", "900150983cd24fb0d6963f7d28e17f72"),
        ("$hash('abc', 'SHA-1')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("$hash('abc', 'SHA-256')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("$hash('abc', 'CRC')", "States.QueryEvaluationError"),
    ]) func digestsAreComputed(expression: String, wanted: String) throws {
        let text =
            #"{"StartAt":"P","QueryLanguage":"JSONata","States":{"P":{"Type":"Pass","Output":"{% \#(expression) %}","End":true}}}"#
        let definition = try #require(StateMachineDefinition.parse(text).definition)
        var simulated = try SimulatedExecution(definition)
        try simulated.run()
        let outcome = simulated.execution.outcome
        #expect((outcome.output?.value.string ?? outcome.error) == wanted)
    }

    private func outcome(of expression: String) throws -> String? {
        let text = JSONWriter.string(.string("{% \(expression) %}"))
        let outcome = try run(
            #"{"StartAt":"P","QueryLanguage":"JSONata","States":{"P":{"Type":"Pass","Output":\#(text),"End":true}}}"#
        ).execution.outcome
        return outcome.output?.text ?? outcome.cause
    }

    /// AWS: as measured with TestState and StartExecution.
    @Test(arguments: [
        ("1/0", #""Infinity""#), ("-1/0", #""-Infinity""#), ("[1/0]", #"["Infinity"]"#),
        ("{'k': 1e308*10}", #"{"k":"Infinity"}"#),
        ("$random(42)", "0.7275636800328681"), ("$range(0, 6, 2)", "[0,2,4,6]"), ("$range(3, 1, -1)", "[3,2,1]"),
        ("$range(5, 5, 1)", "5"), ("$range(1.9, 3.9, 1.9)", "[1,2,3]"), ("$exists($range(1, 3, -1))", "false"),
        ("$partition([1, 2, 3, 4, 5], 2)", "[[1,2],[3,4],[5]]"), ("$partition([1, 2])", "[[1,2]]"),
        ("$exists($partition([1], 0))", "false"), ("$parse('{\"a\":[1]}').a", "[1]"), ("$count([1..873782])", "873782"),
        ("$count($range(1, 360145, 1))", "360145"),
        ("$string(1/0)", #""Infinity""#), ("$parseInteger('abc', '0')", #""NaN""#), ("0/0", #""NaN""#),
        ("$parse('9007199254740993')", "9007199254740993"),
        ("[$parse('-9223372036854775807')]", "[-9223372036854775807]"),
        ("$string($parse('9007199254740993'))", #""9007199254740993""#), ("$parse('9007199254740993') > 1", "true"),
        ("$type($parse('9007199254740993'))", #""number""#), ("$max([$parse('9007199254740993'), 1]) > 9e15", "true"),
        ("$parse('[9007199254740993,9007199254740993]') ~> $distinct", "[9007199254740993]"),
        ("1e18", "1000000000000000000"),
    ]) func valuesAreAWSs(expression: String, wanted: String) throws {
        #expect(try outcome(of: expression) == wanted)
    }

    @Test(arguments: [
        ("$eval('1+1')", ". T1006: Attempted to invoke a non-function"),
        ("$abs('x')", #". T0410: Argument 1 of function "abs" does not match function signature"#),
        ("$sum(['a'])", #". T0412: Argument 1 of function "sum" must be an array of "numbers""#),
        ("'a' + 1", #". T2001: The left side of the "+" operator must evaluate to a number"#),
        ("'a' < 1", #". T2009: The values "a" and 1 either side of operator "<" must be of the same data type"#),
        ("-'a'", #". D1002: Cannot negate a non-numeric value: "a""#),
        ("$number('x')", #". D3030: Unable to cast value to a number: "x""#),
        (
            "$power(10, 400)",
            ". D3061: The power function has resulted in a value that cannot be represented as a JSON number: base=10, exponent=400"
        ),
        (
            "$formatNumber(1, 'x')",
            ". D3086: The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character"
        ),
        ("$hash('a', 'SHA-9')", ". D3137: Hash algorithm 'SHA-9' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"),
        ("$hash(1, 'MD5')", #". T0410: Argument 1 of function "hash" does not match function signature"#),
        ("$partition([1], -2)", ". D3137: Second argument must be zero or greater"),
        ("$partition(1, 2)", #". T0412: Argument 1 of function "partition" must be an array of undefined"#),
        ("$uuid(1)", #". T0410: Argument 1 of function "uuid" does not match function signature"#),
        ("$parse('{')", ". D3137: Invalid JSON"),
        ("$sum([1..900000])", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"),
        ("$range(1, 360146, 1)", ": Expression evaluation memory limit exceeded: Check for excessive memory usage"),
    ]) func failuresAreAWSs(expression: String, wanted: String) throws {
        let cause = try #require(try outcome(of: expression))
        #expect(cause.hasSuffix("'Output' threw an error during evaluation\(wanted)"), "\(cause)")
    }

    /// AWS takes 100 of each, and one more of none.
    @Test(arguments: [
        ("sum", 100), ("parentheses", 99), ("brackets", 99), ("recursion", 31),
    ]) func evaluationIsAHundredDeep(shape: String, most: Int) throws {
        func expression(_ count: Int) -> String {
            switch shape {
            case "sum": Array(repeating: "1", count: count).joined(separator: "+")
            case "parentheses": String(repeating: "(", count: count) + "1" + String(repeating: ")", count: count)
            case "brackets": String(repeating: "[", count: count) + "1" + String(repeating: "]", count: count)
            default: "($f := function($n){ $n <= 0 ? 0 : 1 + $f($n - 1) }; $f(\(count)))"
            }
        }
        #expect(try outcome(of: expression(most))?.contains("overflow") == false)
        let cause = try outcome(of: expression(most + 1))
        #expect(cause?.contains(": Stack overflow error: Check for non-terminating recursive function.") == true)
        #expect(cause?.hasSuffix("Depth=101 max=100") == true, "\(cause ?? "-")")
    }
}
