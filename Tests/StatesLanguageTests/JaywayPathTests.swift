import AWSModel
import StatesLanguage
import Testing

/// Jayway's dialect of JSONPath with its own ways, through InputPath of a Pass state.
@Suite struct JaywayPathTests {
    private func output(_ path: String, _ input: String) throws -> String {
        let text =
            #"{"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":\#(JSONWriter.string(.string(path))),"End":true}}}"#
        guard let definition = StateMachineDefinition.parse(text).definition else { return "invalid" }
        var simulated = try SimulatedExecution(definition, input: input)
        try simulated.run()
        return simulated.execution.outcome.output?.text ?? "missing"
    }

    @Test(arguments: [
        ("$[1:3]", "[2,3]"), ("$[-2:]", "[4,5]"), ("$[:-2]", "[1,2,3]"), ("$[-3:-1]", "[3,4]"), ("$[0:-2]", "[]"),
        ("$[0:4:2]", "[1,2,3,4]"), ("$[:]", "invalid"), ("$[0, 2]", "[1,3]"), ("$[-1]", "5"), ("$[7]", "missing"),
        ("$[?(@ > 3)]", "[4,5]"), ("$[?(@ == '2')]", "[2]"), ("$[?(@ === '2')]", "[]"), ("$[?(@ in [1, 9])]", "[1]"),
        ("$.sum()", "15.0"), ("$.length()", "5"), ("$.max()", "5.0"), ("$.avg()", "3.0"), ("$.first()", "1"),
        ("$.last()", "5"), ("$.index(1)", "2"), ("$.append(6)", "[1,2,3,4,5,6]"), ("$.nothing()", "invalid"),
        ("$[?(true)]", "invalid"), ("$[?@>1]", "invalid"), ("$...a", "invalid"), ("$..", "invalid"),
    ]) func lists(path: String, wanted: String) throws {
        #expect(try output(path, "[1,2,3,4,5]") == wanted, "\(path)")
    }

    @Test(arguments: [
        ("$['a','b']", #"{"a":1,"b":{"c":[{"d":1},{"d":2,"e":"x"}]}}"#), ("$['a','none']", #"{"a":1}"#),
        ("$..d", "[1,2]"), ("$..[?(@.e)]", #"[{"d":2,"e":"x"}]"#), ("$..d.sum()", "3.0"), ("$.b.keys()", #"["c"]"#),
        ("$.b.c[?(!@.e)].d", "[1]"), ("$.b.c[?(@.d != 1 && @.e =~ /X/i)].d", "[2]"), ("$.b.c[*].none", "[]"),
        ("$.b.c[?(@.e size 1)].d", "[2]"), ("$.b.c[?(@.e empty false)].d", "[2]"), ("$.none", "missing"),
        ("$.b.c[?(@.d == $.a)].d", "[1]"), ("$.a[*]", "[]"), ("$.a-b", "missing"),
        ("$.*", "[1,{\"c\":[{\"d\":1},{\"d\":2,\"e\":\"x\"}]}]"),
    ]) func objects(path: String, wanted: String) throws {
        #expect(try output(path, #"{"a":1,"b":{"c":[{"d":1},{"d":2,"e":"x"}]}}"#) == wanted, "\(path)")
    }

    /// Found by mutation: a function right after a scan, and unions that multiply.
    @Test func hostilePathsEnd() throws {
        #expect(try output("$..length()", "[1,[2]]") != "invalid")
        #expect(try output("$" + String(repeating: "[0,0,0]", count: 40), nested(60)) == "missing")
    }

    private func nested(_ depth: Int) -> String {
        String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
}
