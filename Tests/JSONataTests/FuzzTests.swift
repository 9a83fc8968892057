import AWSModel
import Foundation
import JSONata
import Testing

/// Mutated expressions: whatever they are, they end, and in an error at worst. `make fuzz` runs it for minutes.
@Suite struct FuzzTests {
    private static let seeds = [
        "Account.Order[0].Product{`Product Name`: $sum(Price)}", "$.a@$x.b#$i[$i=0].%.c^(>d, <e)",
        "($f := function($n)<n:n>{$n = 0 ? 1 : $n * $f($n - 1)}; $f(5))", "$ ~> |a|{\"b\": 1}, [\"c\"]|",
        "$replace(\"ab12\", /(\\w)(\\d+)/, \"$2$1\")", "$map([1..5], $power(?, 2)) ~> $reduce(function($a,$b){$a&$b})",
        "$fromMillis(1521801216617, '[D1o] [MNn] [Y0001] [H]:[m] [PN] [Z]', '-0530')",
        "$toMillis('2nd Feb 2012', '[D1o] [MNn,3-3] [Y]')", "$formatNumber(-1234.5, '#,##0.00;(0e0)')",
        "$formatInteger(1999, 'Ww;o') & $parseInteger('MCM', 'I')", "$split('a,b', /,/, 1) ~> $join('-')",
        "$partition([1..9], 2).$string() & $range(0, 9, 3)",
        "**.*[0][-1] in $keys($) or $exists(a) ? $spread($) : null",
    ]
    private static let pieces = [
        "[", "]", "(", ")", "{", "}", "$", ".", "%", "@$a", "#$i", "^(", "~>", "|", "?", ":", ";", ",", "..", "**",
        "1e300", "0/0", "1/0", "-1", "null", "\"\"", "[]", "function($x){$x}", "/a*/", "$sort", "$string",
        "99999999999",
    ]

    @Test func mutatedExpressionsEnd() {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["SKUA_FUZZ_SECONDS"].flatMap { Double($0) }
        var generator = FixedGenerator(seed: environment["SKUA_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1)
        let input: DocumentValue = ["a": [["b": 1, "c": "x"], ["b": [1, 2], "d": nil]], "Account": ["Order": []]]
        let start = ContinuousClock.now
        var runs = 0
        // Without a time given the runs are counted, so that every machine tries the same texts.
        while seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (runs < 2_000) {
            let source = Self.mutated(&generator)
            var world = JSONataEnvironment(
                now: .epoch, random: FixedGenerator(), dialect: runs.isMultiple(of: 2) ? .standard : .stepFunctions,
                limits: .init(steps: 100_000, depth: 1000))
            _ = try? JSONataExpression(parsing: source).evaluate(input, in: &world)
            runs += 1
        }
        #expect(runs > 0)
    }

    private static func mutated(_ generator: inout FixedGenerator) -> String {
        var bytes = Array((seeds.randomElement(using: &generator) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: if place < bytes.count { bytes.remove(at: place) }
            case 1: bytes.insert(contentsOf: Array((pieces.randomElement(using: &generator) ?? "").utf8), at: place)
            default:
                let other = Array((seeds.randomElement(using: &generator) ?? "").utf8)
                bytes = Array(bytes[..<place]) + other[Int.random(in: 0...other.count, using: &generator)...]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
