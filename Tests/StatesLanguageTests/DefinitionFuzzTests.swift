import AWSModel
import Foundation
import StatesLanguage
import Testing

/// Mutated definitions, paths, templates and calls: whatever they are, they are judged, and what is valid ends.
/// `make fuzz` runs it for minutes.
@Suite struct DefinitionFuzzTests {
    private static let input =
        #"{"a":[1,2,{"b":"x"}],"s":"text","n":-1.5,"o":{"k":null,"l":[[1],[2,3]]},"t":"2026-01-01T00:00:00Z"}"#
    private static let paths = [
        "$.a[0,2]", "$..b", "$.a[?(@.b == 'x' && !(@.c))]", "$['a','o'][*]", "$.o.l[-1:]", "$$.Execution.Input.a[1:3]",
        "$.a.length()", "$..[?(@.b =~ /X.*/i || @.l in [1, 2])].keys()", "$v.a", "$.o.l[*][0].sum()",
    ]
    private static let calls = [
        "States.Format('{} is \\{{}\\}', $.s, States.ArrayLength($.a))", "States.ArrayPartition($.a, 2)",
        "States.JsonMerge($.o, $.o, false)", "States.StringToJson('[1,2]')", "States.ArrayRange(1, 9, 2)",
        "States.Base64Decode(States.Base64Encode($.s))", "States.Hash($.s, 'SHA-256')", "States.MathAdd($.n, 1)",
        "States.StringSplit('a,b', ',')", "States.ArrayUnique(States.Array(1, '1', null, true))",
    ]
    private static let pieces = [
        "[", "]", "(", ")", "{", "}", "$", ".", "..", "*", "@", "?(", "'", "\\", "\"", ",", ":", "null", "-1", "1e999",
        "99999999999999999999", "States.Array(", "!(", "&&", "~", "é", "\\u0000", "{%", "%}", "[[[[", "((((",
    ]

    private static let machines: [String] = {
        let recorded = ["asl", "asl-services"].flatMap { RecordedCase.read($0) }.map(\.definitionText)
        let judged = RecordedCase.readLines("asl-definitions.jsonl").compactMap {
            $0.string("definition_raw") ?? $0["definition"].map { JSONWriter.string($0) }
        }
        let random = (0..<40).map { seed -> String in
            var machine = RandomMachine(seed: UInt64(seed))
            return machine.definition()
        }
        return (recorded + judged + random).filter { $0.utf8.count < 20_000 }
    }()

    @Test func mutatedDefinitionsAreJudgedAndEnd() throws {
        let environment = ProcessInfo.processInfo.environment
        let seconds = environment["SKUA_FUZZ_SECONDS"].flatMap { Double($0) }
        var random = TurnRandom(seed: environment["SKUA_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1)
        let start = ContinuousClock.now
        var runs = 0
        var valid = 0
        // Without a time given the runs are counted, so that every machine tries the same texts.
        while seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (runs < 1_200) {
            let text = Self.definition(runs, &random)
            if let definition = StateMachineDefinition.parse(text).definition {
                valid += 1
                var simulated = try SimulatedExecution(definition, input: Self.input)
                try simulated.run(maximumTurns: 200) { .taskSucceeded($0.id, Payload(["r": [1]])) }
                // What can be kept can be read again.
                _ = try Execution(
                    restoring: simulated.execution.checkpoint, definition: definition,
                    identity: simulated.execution.identity)
            }
            runs += 1
        }
        print("fuzzed definitions: \(runs), \(valid) of them valid")
        #expect(valid > 0)
    }

    private static func definition(_ run: Int, _ random: inout TurnRandom) -> String {
        func quoted(_ text: String) -> String { JSONWriter.string(.string(text)) }
        func pass(_ fields: String) -> String {
            #"{"StartAt":"P","States":{"P":{"Type":"Pass",\#(fields),"End":true}}}"#
        }
        switch run % 4 {
        case 0: return mutated(machines, &random)
        case 1:
            let field = ["InputPath", "OutputPath", "ResultPath"].randomElement(using: &random) ?? "InputPath"
            return pass("\(quoted(field)):\(quoted(mutated(paths, &random)))")
        case 2: return pass(#""Parameters":{"v.$":\#(quoted(mutated(calls, &random)))}"#)
        default:
            let value = mutated(paths + calls, &random)
            return
                #"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":\#(quoted(value)),"StringMatches":\#(quoted(mutated(paths, &random))),"Next":"S"}],"Default":"S"},"S":{"Type":"Succeed"}}}"#
        }
    }

    private static func mutated(_ seeds: [String], _ random: inout TurnRandom) -> String {
        var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0...3, using: &random) {
            case 0: if place < bytes.count { bytes.remove(at: place) }
            case 1: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: place)
            case 2:
                let piece = Array((pieces.randomElement(using: &random) ?? "").utf8)
                let count = Int.random(in: 1...2_000, using: &random)
                bytes.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: place)
            default:
                let other = Array((seeds.randomElement(using: &random) ?? "").utf8)
                bytes = Array(bytes[..<place]) + other[Int.random(in: 0...other.count, using: &random)...]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
