import AWSModel
import DefinitionText
import TerminalUI
import Testing

@testable import Views

/// Paths are completed with what the latest execution held.
@Suite struct DefinitionPathTests {
    private let samples = DefinitionSamples(
        execution: "order-1042", trace: ExecutionTrace(OrderMachine.events(OrderMachine.ended)))

    /// What is offered where `|` stands.
    private func offer(_ marked: String, _ samples: DefinitionSamples?, _ format: DefinitionText.Format = .json)
        -> DefinitionOffer
    {
        let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        return DefinitionCompletion.offer(DefinitionScan(parts.joined(), format, at: parts[0].count), samples)
    }

    /// The order's definition with one state's field in place of another text.
    private func titles(_ written: String, _ marked: String) -> [String] {
        offer(OrderMachine.definition.replacing(written, with: marked), samples).items.map(\.title)
    }

    @Test func fieldsOfTheInputAreOffered() {
        #expect(titles(#""Variable": "$.total""#, #""Variable": "$.|""#) == ["$.orderId", "$.total", "$.items"])
        #expect(
            offer(
                OrderMachine.definition.replacing(#""Variable": "$.total""#, with: #""Variable": "$.|""#), samples
            ).items.map(\.detail) == ["\"1042\"", "87.5", "list of 2"])
        #expect(titles(#""ItemsPath": "$.items""#, #""ItemsPath": "$.items[0].|""#) == ["$.items[0].sku"])
        #expect(titles(#""ItemsPath": "$.items""#, #""ItemsPath": "$.items|""#).contains("$.items"))
    }

    /// AWS: each field of a state sees another stage of its data.
    @Test func eachFieldSeesItsOwnStage() {
        let task = #""Parameters": {"FunctionName": "validate-order", "Payload.$": "$"}, "OutputPath": "$.Payload""#
        #expect(titles(task, #""ResultSelector": {"x.$": "$.|"}"#) == ["$.StatusCode", "$.Payload"])
        #expect(titles(task, #""InputPath": "$.|""#) == ["$.orderId", "$.total", "$.items"])
        #expect(titles(task, #""InputPath": "$.items[0]", "Parameters": {"x.$": "$.|"}"#) == ["$.sku"])
        #expect(titles(task, #""Parameters": {"x.$": "States.Format('{}', $.or|"}"#).first == "$.orderId")
        #expect(titles(task, #""Parameters": {"x.$": "$$.Execution.Input.|"}"#).first == "$$.Execution.Input.orderId")
        #expect(
            titles(task, #""Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done", "Assign": {"e.$": "$.|"}}]"#)
                == ["$.Error", "$.Cause"])
    }

    /// `Approve` was never reached: what came before it would have handed it the order.
    @Test func aStateNeverReachedHasWhatComesBeforeIt() {
        #expect(
            titles(#""TimeoutSeconds": 86400"#, #""InputPath": "$.|""#) == ["$.orderId", "$.total", "$.items"])
        #expect(
            titles(#""End": true}}"#, #""InputPath": "$.|", "End": true}}"#).contains("$.sku"))
    }

    private let jsonata = #"""
        {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
          "A": {"Type": "Pass", "Assign": {"customer": "{% $states.input.name %}"}, "Next": "B"},
          "B": {"Type": "Map", "Items": "{% $states.input.lines %}", "ItemProcessor": {"StartAt": "C", "States": {
            "C": {"Type": "Pass", "Output": "|C", "End": true}}}, "Next": "D"},
          "D": {"Type": "Succeed", "Output": "|D"}}}
        """#

    private func jsonataSamples() -> DefinitionSamples {
        let input = #"{"name":"ada","first line":1,"lines":[{"sku":"mug","price":2}]}"#
        let trace = ExecutionTrace(
            OrderMachine.events([
                ("ExecutionStarted", 0, 0, ["input": .string(input)]),
                ("PassStateEntered", 0, 1, ["name": "A", "input": .string(input)]),
                (
                    "PassStateExited", 2, 2,
                    ["name": "A", "output": .string(input), "assignedVariables": ["customer": #"{"id":7}"#]]
                ),
                ("MapStateEntered", 3, 3, ["name": "B", "input": .string(input)]),
                ("MapStateStarted", 4, 3, ["length": 1]),
                ("MapIterationStarted", 5, 3, ["name": "B", "index": 0]),
                ("PassStateEntered", 6, 3, ["name": "C", "input": #"{"sku":"mug","price":2}"#]),
                ("PassStateExited", 7, 3, ["name": "C", "output": "2"]),
                ("MapIterationSucceeded", 8, 3, ["name": "B", "index": 0]),
                ("MapStateSucceeded", 9, 3, [:]),
                ("MapStateExited", 10, 3, ["name": "B", "output": "[2]"]),
                ("SucceedStateEntered", 11, 3, ["name": "D", "input": "[2]"]),
            ]))
        return DefinitionSamples(execution: "e", trace: trace)
    }

    private func jsonata(at mark: String, _ typed: String) -> DefinitionOffer {
        let text = jsonata.replacing(mark, with: typed).replacing(mark == "|C" ? "|D" : "|C", with: "")
        return offer(text, jsonataSamples())
    }

    @Test func expressionsSeeInputResultAndVariables() {
        #expect(
            jsonata(at: "|C", "{% $states.input.|").items.map(\.title) == ["$states.input.sku", "$states.input.price"])
        #expect(jsonata(at: "|D", "{% $customer.|").items.map(\.title) == ["$customer.id"])
        #expect(
            jsonata(at: "|D", "{% 1 + $states.context.Execution.Input.lines.|").items.map(\.title).contains(
                "$states.context.Execution.Input.lines.sku"))
        let names = jsonata(at: "|D", "{% $cu|").items
        #expect(names.first?.title == "$customer")
        #expect(names.first?.detail == "variable, 1 field")
        // A name that is no word is quoted where it is written, and found as it reads.
        let input = jsonata(at: "|D", "{% $states.context.Execution.Input.|").items
        #expect(input.contains { $0.title.hasSuffix(".first line") && $0.text.hasSuffix(".`first line`") })
        #expect(jsonata(at: "|C", "|").items.first?.title == "{% $states.input.sku %}")
    }

    /// Without an execution the definition itself tells which variables there are.
    @Test func variablesAreKnownBeforeAnythingRan() {
        let text = jsonata.replacing("|D", with: "{% $cus|").replacing("|C", with: "")
        #expect(offer(text, nil).items.first?.title == "$customer")
    }

    @Test func aPathInsideAnExpressionReplacesOnlyItself() {
        var editor = TextEditor(
            jsonata.replacing("|C", with: "").replacing("|D", with: "{% 'a' & $states.input.na"), language: .json)
        editor.move(to: TextPosition(line: 4, column: 200))
        for _ in 0..<5 { _ = editor.handle(.key(.left)) }
        DefinitionCompletion.offer(in: &editor, .json, jsonataSamples())
        _ = editor.handle(.key(.escape))
        #expect(DataPath.typed(at: "{% 'a' & $states.input.na")?.token == "$states.input.na")
        #expect(DataPath.typed(at: "{% 'a' & $states.input.na")?.base == "$states.input")
        #expect(DataPath.typed(at: "States.Format('{}', $['a b'].c")?.token == "$['a b'].c")
        #expect(DataPath.typed(at: "States.Format('{}', ") == nil)
        #expect(DataPath("$.a['b c'][0].d")?.steps == [.name("a"), .name("b c"), .element, .name("d")])
        #expect(DataPath("a.b") == nil)
        #expect(DataPath("$.a[") == nil)
    }

    @Test func takingAFieldLeavesTheTextOpenWhereMoreCanFollow() {
        func taking(_ typed: String) -> String {
            var editor = TextEditor(
                #"{"States": {"A": {"Type": "Pass", "InputPath": ""# + typed, language: .json)
            editor.move(to: TextPosition(line: 0, column: 200))
            DefinitionCompletion.offer(in: &editor, .json, self.passSamples)
            _ = editor.handle(.key(.enter))
            return String(editor.text.dropFirst(#"{"States": {"A": {"Type": "Pass", "InputPath": "#.count))
        }
        #expect(taking("$.na") == #""$.name""#)
        #expect(taking("$.pl") == #""$.place"#)
        #expect(taking("$.a b") == "\"$['a b']\"")
    }

    private var passSamples: DefinitionSamples {
        DefinitionSamples(
            execution: "e",
            trace: ExecutionTrace(
                OrderMachine.events([
                    ("PassStateEntered", 0, 0, ["name": "A", "input": #"{"name":"x","place":{"city":"y"},"a b":1}"#])
                ])))
    }
}
