import AWSModel
import JSONata
import Testing

/// Expressions that would never end, or grow without end, end in an error.
@Suite struct BoundTests {
    private func code(_ source: String, steps: Int = 200_000) -> String? {
        var environment = JSONataEnvironment(now: .epoch, random: FixedGenerator(), limits: .init(steps: steps))
        do throws(JSONataError) {
            _ = try JSONataExpression(parsing: source).evaluate(nil, in: &environment)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func endlessTailCallsRunOutOfSteps() { #expect(code("($f := function(){$f()}; $f())") == "U1002") }

    @Test func endlessRecursionRunsOutOfDepth() { #expect(code("($f := function(){1 + $f()}; $f())") == "U1001") }

    @Test func explodingPatternsRunOutOfSteps() {
        #expect(code(#"$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /^(a+)+$/)"#) == "U1002")
    }

    @Test func nestingIsRefused() {
        let open = String(repeating: "(", count: 5000)
        let brackets = String(repeating: "[", count: 5000)
        #expect(code(open) == "U1001")
        #expect(code(brackets) == "U1001")
        #expect(code("1" + String(repeating: "+1", count: 20_000)) == "U1001")
        #expect(code("$reduce([1..5000], function($a, $b){ {\"a\": $a} })") == "U1001")
    }
}
