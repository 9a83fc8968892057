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

    /// Each of these made functions hang on one another, a step for each; calling or releasing them used up the stack.
    @Test(arguments: [
        ("$type($reduce([1..15000], function($f, $x){ function(){ $f } }, 0))", nil),
        ("($g := function($n, $f){ $n = 0 ? 1 : $g($n - 1, function($x){ $f($x) }) }; $g(15000, $uppercase))", nil),
        ("($g := function($n, $f){ $n = 0 ? $f : $g($n - 1, $f ~> $string) }; $g(15000, $uppercase)('a'))", "U1001"),
        ("($g := function($n, $f){ $n = 0 ? 1 : $g($n - 1, $f.(function(){ 1 })) }; $g(15000, $uppercase))", "U1001"),
        ("($g := function($n, $f){ $n = 0 ? 1 : $g($n - 1, $substring(?, $f)) }; $g(15000, $uppercase))", "U1001"),
        (
            "($g := function($n, $f){ $n = 0 ? 1 : $g($n - 1, function($a, $b){ $f }(?, 1)) }; $g(15000, $uppercase))",
            nil
        ),
    ]) func chainsOfFunctionsAreReleased(source: String, wanted: String?) {
        #expect(code(source, steps: 1_000_000) == wanted, "\(source)")
    }

    @Test func aFunctionThatKnowsItselfWorksOnce() throws {
        // Its frame is taken apart when the evaluation ends, not before.
        var environment = JSONataEnvironment(now: .epoch, random: FixedGenerator())
        let expression = try JSONataExpression(
            parsing: "($fib := function($n){ $n < 2 ? $n : $fib($n - 1) + $fib($n - 2) }; $map([1..10], $fib))")
        let wanted: DocumentValue = [1, 1, 2, 3, 5, 8, 13, 21, 34, 55]
        for _ in 0..<2 { #expect(try expression.evaluate(nil, in: &environment) == wanted) }
    }
}
