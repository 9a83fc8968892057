import AWSModel
import StatesLanguage
import Testing

/// What the validator finds, with AWS's codes, and where.
@Suite struct DiagnosticTests {
    private func findings(
        _ states: String, _ rest: String = "", from severity: Diagnostic.Severity = .error
    ) -> [String] {
        StateMachineDefinition.parse(#"{"StartAt":"A","States":{\#(states)}\#(rest)}"#).findings(from: severity)
            .map { "\($0.severity.rawValue) \($0.code.rawValue) \($0.location ?? "-")" }
    }

    @Test func severalErrorsAtOnce() {
        let states = #"""
            "A":{"Type":"Pass","Next":"B","Retries":[]},"B":{"Type":"Wait","Seconds":-1,"Next":"C"},"C":{"Type":"Task","End":true}
            """#
        #expect(
            findings(states) == [
                "ERROR SCHEMA_VALIDATION_FAILED /States/A", "ERROR SCHEMA_VALIDATION_FAILED /States/B/Seconds",
                "ERROR SCHEMA_VALIDATION_FAILED /States/C",
            ])
    }

    @Test(arguments: [
        (#""A":{"Type":"Pass","Next":"B"}"#, ["MISSING_TRANSITION_TARGET /States/A/Next", "MISSING_END_STATE -"]),
        (#""A":{"Type":"Succeed"},"B":{"Type":"Succeed"}"#, ["MISSING_TRANSITION_TARGET /States/B"]),
        (
            #""A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}]}"#,
            ["DUPLICATE_STATE_NAME /States/A/Branches[0]/States/A"]
        ),
        (
            #""A":{"Type":"Map","End":true,"Label":"a b","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}"#,
            ["INVALID_LABEL_NAME /States/A/Label"]
        ),
        (
            #""A":{"Type":"Map","End":true,"Label":"a\#u{85}b","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}"#,
            ["INVALID_LABEL_NAME /States/A/Label"]
        ),
    ]) func structure(states: String, wanted: [String]) {
        #expect(findings(states) == wanted.map { "ERROR \($0)" })
    }

    private func sentences(_ definition: String) -> [String] {
        StateMachineDefinition.parse(definition).diagnostics.map { "\($0.message) at \($0.location ?? "-")" }
    }

    /// AWS: as measured with ValidateStateMachineDefinition.
    @Test(arguments: [
        (#""QueryLanguage":"foo","InputPath":"$.a""#, ["InputPath", "Value"]),
        (#""QueryLanguage":"foo","Output":1"#, ["Value"]),
        (#""QueryLanguage":"jsonata","Output":1,"InputPath":"$.a""#, ["InputPath", "Value"]),
        (#""QueryLanguage":5,"InputPath":"$.a""#, ["InputPath", "Type"]),
    ]) func unknownQueryLanguagesAreTakenForJSONata(fields: String, wanted: [String]) {
        let messages = [
            "InputPath":
                "The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
            "Value": "Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage",
            "Type": "Expected value of type [STRING] at /States/A/QueryLanguage",
        ]
        #expect(
            sentences(#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true,\#(fields)}}}"#)
                == wanted.compactMap { messages[$0] })
    }

    @Test func aJSONPathStateInAJSONataMachineIsOneFinding() {
        let mixed = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A"
        func machine(_ state: String) -> String {
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"QueryLanguage":"JSONPath","End":true,\#(state)}}}"#
        }
        #expect(sentences(machine(#""Type":"Pass","Output":{"v":"{% 1 %}"}"#)) == [mixed])
        let map =
            #""Type":"Map","MaxConcurrency":-1,"ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}"#
        #expect(sentences(machine(map)) == [mixed, "Minimum value is 0 at /States/A/MaxConcurrency"])
    }

    /// AWS: a machine needs an end, what is within it does not.
    @Test func innerWorkflowsMayGoRoundForever() {
        let loop = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#
        #expect(sentences(loop) == ["Workflow has no terminal state at -"])
        #expect(sentences(#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":\#(loop)}}}"#) == [])
    }

    /// AWS: as measured with ValidateStateMachineDefinition.
    @Test(arguments: [
        ("phone[1,2)", ["INVALID_JSONATA_EXPRESSION: Expected \"]\", got \",\""]),
        ("\"open", ["INVALID_JSONATA_EXPRESSION: String literal must be terminated by a matching quote"]),
        ("1 +", ["INVALID_JSONATA_EXPRESSION: Unexpected end of expression"]),
        ("{\"a\":}", ["INVALID_JSONATA_EXPRESSION: The symbol \"}\" cannot be used as a unary operator"]),
        ("$x :=", ["INVALID_JSONATA_EXPRESSION: Unexpected end of expression"]),
        ("$match(\"a\", /abc", ["INVALID_JSONATA_EXPRESSION: No terminating / in regular expression"]),
        ("phone %.other", ["INVALID_JSONATA_EXPRESSION: The symbol \".\" cannot be used as a unary operator"]),
        ("", ["INVALID_JSONATA_EXPRESSION: Unexpected end of expression"]),
        ("phone[0]", ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported."]),
        ("$.phone", ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$' at the top level is not supported."]),
        (
            "aaa + bbb",
            [
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'aaa' at the top level is not supported.",
                "UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'bbb' at the top level is not supported.",
            ]
        ),
        ("{aaa: 1}", ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'aaa' at the top level is not supported."]),
        (
            "$map($states.input.a, function($x){ b })",
            ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'b' at the top level is not supported."]
        ),
        ("$$", ["UNSUPPORTED_JSONATA_EXPRESSION: Reference to '$$' is not supported."]),
        ("$states.errorOutput.Cause", ["UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist."]),
        ("$states.input.items[phone > 3]", []), ("$phone", []), ("$map($states.input.a, function($x){ $x.phone })", []),
        ("$states.input.items^(phone)", []), ("$states.input{phone: $sum(price)}", []), ("$states.input.(a & b)", []),
    ]) func expressionsAreCheckedBeforeTheyRun(expression: String, wanted: [String]) {
        let text = JSONWriter.string(.string("{% \(expression) %}"))
        func machine(_ fields: String) -> String {
            #"{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,\#(fields)},"F":{"Type":"Pass","End":true}}}"#
        }
        let caught = #""Catch":[{"ErrorEquals":["States.ALL"],"Next":"F""#
        func found(_ fields: String) -> [String] {
            StateMachineDefinition.parse(machine(fields)).diagnostics.map(\.sentence)
        }
        #expect(
            found(#""Output":{"a":{"b":[\#(text)]}},\#(caught)}]"#) == wanted.map { "\($0) at /States/A/Output/a/b[0]" }
        )
        #expect(found(#"\#(caught),"Assign":{"v":"{% $states.errorOutput %}"}}]"#) == [])
        let inner = found(#"\#(caught),"Output":{"v":\#(text)}}]"#)
        #expect(
            inner
                == wanted.filter { !$0.contains("errorOutput") }.map { "\($0) at /States/A/Catch[0]/Output/v" })
    }

    @Test func whatIsMissingIsNamedInAWSsOrder() {
        #expect(
            StateMachineDefinition.parse("{}").errorMessage
                == "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'"
        )
    }

    @Test func labelsAreUnique() {
        func map(_ name: String, _ inner: String, _ end: String) -> String {
            #""\#(name)":{"Type":"Map",\#(end),"Label":"L","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"\#(inner)","States":{"\#(inner)":{"Type":"Succeed"}}}}"#
        }
        let states = map("A", "X", #""Next":"B""#) + "," + map("B", "Y", #""End":true"#)
        #expect(findings(states) == ["ERROR DUPLICATE_LABEL_NAME /States/B/Label"])
    }

    @Test func longNamesAreRefused() {
        let name = String(repeating: "n", count: 81)
        let states = #""A":{"Type":"Pass","Next":"\#(name)"},"\#(name)":{"Type":"Succeed"}"#
        #expect(findings(states) == ["ERROR INVALID_STATE_NAME /States/\(name)"])
    }

    @Test func nestedStatesHaveALimit() {
        func machine(_ levels: Int) -> String {
            var inner = #"{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}"#
            for level in 1..<levels {
                inner =
                    #"{"StartAt":"P\#(level)","States":{"P\#(level)":{"Type":"Parallel","End":true,"Branches":[\#(inner)]}}}"#
            }
            return inner
        }
        #expect(StateMachineDefinition.parse(machine(32)).definition != nil)
        #expect(StateMachineDefinition.parse(machine(33)).diagnostics.map(\.code) == [.tooDeeplyNested])
    }

    @Test(arguments: [
        (
            #""A":{"Type":"Pass","Parameters":{"v":"$.a","w":{"x":["$.no",{"y":"States.UUID()"}]}},"End":true}"#,
            ["NO_DOLLAR /States/A/Parameters/v", "NO_DOLLAR /States/A/Parameters/w/x[1]/y"]
        ),
        (#""A":{"Type":"Pass","Result":{"a":["$.b"]},"End":true}"#, ["PASS_RESULT_IS_STATIC /States/A/Result"]),
        (#""A":{"Type":"Fail","Error":"$.error","Cause":"$5 is missing"}"#, ["NO_PATH /States/A/Error"]),
        (
            #""A":{"Type":"Choice","Default":"B","Choices":[{"Not":{"Variable":"$.a","StringEquals":"$.b"},"Next":"B"}]},"B":{"Type":"Succeed"}"#,
            ["NO_PATH /States/A/Choices[0]/Not/StringEquals"]
        ),
        (#""A":{"Type":"Pass","Assign":{"v":"$$.State.Name"},"End":true}"#, ["NO_DOLLAR /States/A/Assign/v"]),
    ]) func warningsPreventNothing(states: String, wanted: [String]) {
        #expect(findings(states).isEmpty)
        #expect(findings(states, from: .warning) == wanted.map { "WARNING \($0)" })
    }

    @Test func jsonataHasNoWarnings() {
        let states = #""A":{"Type":"Pass","Output":{"v":"$.a"},"End":true}"#
        #expect(findings(states, #","QueryLanguage":"JSONata""#, from: .warning).isEmpty)
    }

    @Test(arguments: [
        (#"{"startAt":"A","States":{"A":{"Type":"Succeed"}}}"#, "Did you mean 'StartAt'? Names are case-sensitive."),
        (#"{"StartAt":"A","States":{"A":{"Type":"succeed"}}}"#, "Did you mean 'Succeed'? Names are case-sensitive."),
        (#"{"StartAt":"A","States":{"A":{"Type":"Pass","Ende":true}}}"#, "Did you mean 'End'?"),
        (#"{"StartAt":"A","States":{"A":{"Type":"Task","Retires":[]}}}"#, nil),
        ("{\n  // first\n}", #"JSON has no comments: write a field "Comment" instead."#),
    ]) func hints(text: String, wanted: String?) {
        let hints = StateMachineDefinition.parse(text).diagnostics.compactMap(\.hint)
        #expect(hints.first == wanted)
    }

    @Test func errorsInJSONHaveAPlace() {
        let finding = StateMachineDefinition.parse("{\n  \"StartAt\": nothing\n}").diagnostics.first
        #expect(finding?.place == TextPlace(line: 2, column: 14))
    }

    @Test func handlersKeepToTheirLanguage() {
        let states = #"""
            "A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B","Output":1}]},"B":{"Type":"Succeed"}
            """#
        #expect(findings(states) == ["ERROR SCHEMA_VALIDATION_FAILED /States/A/Catch[0]"])
    }
}

private let anyValue =
    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

/// Texts that are no JSON, in the words of the parser that AWS reads with.
@Suite struct SyntaxDiagnosticTests {
    @Test(arguments: [
        (#"{"a":1,}"#, "Unexpected character ('}' (code 125)): was expecting double-quote to start field name"),
        (#"{a:1}"#, "Unexpected character ('a' (code 97)): was expecting double-quote to start field name"),
        (#"{"a" 1}"#, "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"),
        (#"{"a":1 "b":2}"#, "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries"),
        (#"["a" "b"]"#, "Unexpected character ('\"' (code 34)): was expecting comma to separate Array entries"),
        (#"{"a":[1,]}"#, "Unexpected character (']' (code 93)): expected a value"),
        (#"{"a":'b'}"#, "Unexpected character (''' (code 39)): \(anyValue)"),
        (
            #"{"a":[1}"#,
            #"Unexpected close marker '}': expected ']' (for Array starting at [Source: (String)"{"a":[1}"; line: 1, column: 6])"#
        ),
        (#"{"a":"b"#, "Unexpected end-of-input: was expecting closing quote for a string value"),
        (#"{"a"#, "Unexpected end-of-input in field name"),
        (#"{"a":"#, "Unexpected end-of-input within/between Object entries"),
        (
            #"{"a":1"#,
            #"Unexpected end-of-input: expected close marker for Object (start marker at [Source: (String)"{"a":1"; line: 1, column: 1])"#
        ),
        (
            "{\"a\\\"b\": ]",
            #"Unexpected close marker ']': expected '}' (for Object starting at [Source: (String)"{"a\"b": ]"; line: 1, column: 1])"#
        ),
    ]) func words(text: String, wanted: String) throws {
        let finding = try #require(StateMachineDefinition.parse(text).diagnostics.first)
        #expect(finding.code == .invalidJSONDescription)
        #expect(finding.message.hasPrefix(wanted + "\n at [Source: (String)"), "\(finding.message)")
    }

    @Test(arguments: [
        (#"{"a":1,}"#, "No comma comes after the last one."), (#"{"a":'b'}"#, "JSON has double quotes only."),
        (#"{"a":1 "b":2}"#, "A comma is missing before this."), (#"{"a":True}"#, "Write it in lower case."),
        (#"{"a":1"#, nil),
    ]) func hints(text: String, wanted: String?) {
        #expect(StateMachineDefinition.parse(text).diagnostics.first?.hint == wanted)
    }
}
