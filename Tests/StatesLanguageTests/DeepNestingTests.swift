import AWSModel
import Foundation
import StatesLanguage
import Testing

/// Nesting at the bound is worked with on a small stack, nesting beyond it is refused.
@Suite struct DeepNestingTests {
    /// As deep as data may be.
    private static let depth = 240

    private func nested(_ open: String, _ middle: String, _ close: String, _ count: Int) -> String {
        String(repeating: open, count: count) + middle + String(repeating: close, count: count)
    }

    private func pass(_ fields: String) -> String {
        #"{"StartAt":"P","States":{"P":{"Type":"Pass",\#(fields),"End":true}}}"#
    }

    private func status(_ definition: String, input: String = "{}") throws -> ExecutionStatus? {
        var status: ExecutionStatus?
        try SmallStack.run {
            guard let definition = StateMachineDefinition.parse(definition).definition else { return }
            _ = definition.variableReferences
            var simulated = try SimulatedExecution(definition, input: input)
            simulated.restartsAlways = true
            try simulated.run()
            status = simulated.execution.status
        }
        return status
    }

    @Test func documentsAtTheBound() throws {
        try SmallStack.run {
            for text in [nested("[", "1", "]", 255), nested(#"{"a":"#, "1", "}", 255)] {
                let value = try JSONReader.parse(text)
                let again = try JSONReader.parse(text)
                #expect(value == again)
                #expect(Set([value, again]).count == 1)
                #expect(JSONWriter.string(value) == text)
            }
            #expect(throws: JSONSyntaxError.self) { try JSONReader.parse(nested("[", "", "]", 100_000)) }
        }
    }

    @Test(arguments: [
        "$..a", "$..a..a..a..a", "$..*", "$..[?(@..a)]", "$..[?($..[?(@.a)])]", "$..a.length()", "$",
        "$..[?(@ == $.a)]",
    ]) func pathsOverDeepData(path: String) throws {
        let input = nested(#"{"a":"#, "1", "}", Self.depth - 2)
        #expect(try status(pass(#""Parameters":{"v.$":"$.a"},"ResultPath":"$.a""#), input: input) == .succeeded)
        // Found or given up: it ends.
        #expect(try status(pass(#""InputPath":"\#(path)""#), input: input) != nil)
    }

    @Test func longPathsAndPlaces() throws {
        let input = nested(#"{"a":"#, "1", "}", Self.depth - 2)
        let path = "$" + String(repeating: ".a", count: Self.depth - 2)
        #expect(try status(pass(#""InputPath":"\#(path)""#), input: input) == .succeeded)
        let stars = "$" + String(repeating: ".*", count: Self.depth - 2)
        #expect(try status(pass(#""InputPath":"\#(stars)""#), input: input) == .succeeded)
        #expect(try status(pass(#""Result":1,"ResultPath":"\#(path)""#)) == .succeeded)
        let longer = "$" + String(repeating: ".a", count: 5_000)
        #expect(StateMachineDefinition.parse(pass(#""InputPath":"\#(longer)""#)).definition == nil)
    }

    @Test func templatesAndRules() throws {
        let template = nested(#"{"a":"#, #"{"v.$":"$"}"#, "}", Self.depth - 6)
        #expect(try status(pass(#""Parameters":\#(template)"#)) == .succeeded)
        let expression = nested(#"{"a":"#, #""{% $states.input %}""#, "}", Self.depth - 6)
        #expect(try status(pass(#""QueryLanguage":"JSONata","Output":\#(expression)"#)) == .succeeded)
        let rule = nested(#"{"Not":"#, #"{"Variable":"$","IsNull":true}"#, "}", Self.depth - 10)
        let choice =
            #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Next":"S","And":[\#(rule)]}],"Default":"S"},"S":{"Type":"Succeed"}}}"#
        #expect(try status(choice) == .succeeded)
        let intrinsic = pass(#""Parameters":{"v.$":"States.Format('{}', States.ArrayUnique($))"}"#)
        #expect(try status(intrinsic, input: nested("[", "1", "]", Self.depth - 2)) == .succeeded)
    }

    @Test(arguments: [
        "**", "$string($states.input)", "$states.input = $parse($string($states.input))", "$merge($states.input)",
        "$states.input ~> |**|{'x': 1}|", "$distinct([$states.input, $states.input])", "$count($states.input.**)",
        "$clone($states.input)", "$states.input.**[a]", "$sort([$states.input], function($l, $r){ false })",
        "$states", "[[[[[[[[[[$states.input]]]]]]]]]]", "$boolean($states.input)", "$spread($states.input)",
    ]) func expressionsOverDeepData(expression: String) throws {
        let input = nested(#"{"a":[1,"#, "1", "]}", Self.depth / 2 - 4)
        let text = JSONWriter.string(.string("{% \(expression) %}"))
        #expect(try status(pass(#""QueryLanguage":"JSONata","Output":\#(text)"#), input: input) != nil)
    }

    @Test(arguments: [
        ("(", ")"), ("[", "]"), ("-", ""), ("{'a':", "}"), ("$string(", ")"), ("1+", ""), ("a.", ""), ("a[", "]"),
    ])
    func deepExpressions(open: String, close: String) throws {
        for count in [150, 20_000] {
            let text = JSONWriter.string(.string("{% \(nested(open, "1", close, count)) %}"))
            try SmallStack.run {
                let parsed = StateMachineDefinition.parse(pass(#""QueryLanguage":"JSONata","Output":\#(text)"#))
                if count > 1_000 {
                    #expect(parsed.definition == nil)
                } else if let definition = parsed.definition {
                    var simulated = try SimulatedExecution(definition)
                    try simulated.run()
                    #expect(simulated.execution.status != .running)
                }
            }
        }
    }

    /// Each grew the stack with its length, until there was none.
    @Test(arguments: [
        ("$.a[?(@.b in ", "[", ")]"), ("$.a[?(", "!(", "@.b)]"), ("$", "[?(@.a", ""), ("$", ".sum($", ""),
        ("$.a[?(@.b =~ /", "(", "/)]"), ("States.Array(", "States.Array(", ")"),
    ]) func hostileText(start: String, repeated: String, end: String) throws {
        let text = start + String(repeating: repeated, count: 9_000) + end
        try SmallStack.run {
            let path = JSONWriter.string(.string(text))
            for field in ["\"InputPath\":\(path)", "\"Parameters\":{\"v.$\":\(path)}"] {
                #expect(StateMachineDefinition.parse(pass(field)).definition == nil)
            }
        }
    }

    @Test func nestedMapsAtTheBound() throws {
        var machine = #"{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}"#
        for level in 1...31 {
            machine =
                #"{"StartAt":"M\#(level)","States":{"M\#(level)":{"Type":"Map","End":true,"ItemsPath":"$.a","ItemSelector":{"a":[1]},"ItemProcessor":\#(machine)}}}"#
        }
        #expect(try status(machine, input: #"{"a":[1]}"#) == .succeeded)
    }

    /// Filters in filters, and lists compared with lists, multiply.
    @Test(arguments: [
        "$..[?($..[?($..[?(@..a)])])]", "$.l[?($.l anyof $.l)]", "$.l[?($.l == $.m)]", "$.l[?(@ in $.m)].concat($.l)",
        "$.l[*].concat($.m)",
    ]) func costlyPathsAreGivenUp(path: String) throws {
        let list = "[" + (0..<3_000).map(String.init).joined(separator: ",") + "]"
        let input = #"{"l":\#(list),"m":\#(list),"d":\#(nested(#"{"a":"#, "1", "}", 100))}"#
        let definition = try #require(StateMachineDefinition.parse(pass(#""InputPath":"\#(path)""#)).definition)
        var simulated = try SimulatedExecution(definition, input: input)
        try simulated.run()
        #expect(simulated.execution.outcome.cause?.contains("visits too many places") == true)
    }
}
