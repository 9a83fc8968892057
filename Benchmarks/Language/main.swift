import AWSModel
import Foundation
import JSONata
import StatesLanguage

// How fast the interpreter and JSONata are alone, in memory, on one thread. Prints one JSON object.

func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}

/// Transitions a second of a machine that counts in a loop, as Express workflows run it: no limit of events.
func transitions(_ definition: String, count: Int) throws -> Double {
    guard let definition = StateMachineDefinition.parse(definition).definition else { return 0 }
    let identity = ExecutionIdentity(
        arn: "arn:aws:states:us-east-1:123456789012:express:m:e:1", name: "e",
        stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m", stateMachineName: "m",
        roleArn: "arn:aws:iam::123456789012:role/r", region: "us-east-1", startTime: .epoch,
        input: try Payload(parsing: #"{"n":0,"text":"unchanged","list":[1,2,3]}"#), type: .express)
    var random = TurnRandom(seed: 1)
    var done = 0
    let time = try seconds {
        while done < count {
            var execution = Execution(definition: definition, identity: identity)
            var turn = execution.apply(.start, at: .epoch, random: &random)
            done += turn.transitions
            while execution.canResume {
                turn = execution.apply(.resume, at: .epoch, random: &random)
                done += turn.transitions
            }
            guard execution.status == .succeeded else {
                throw CocoaError(.featureUnsupported)
            }
        }
    }
    return Double(done) / time
}

let pathMachine = #"""
    {"StartAt":"Add","States":{
    "Add":{"Type":"Pass","Parameters":{"n.$":"States.MathAdd($.n, 1)","text.$":"$.text","list.$":"$.list"},"Next":"More"},
    "More":{"Type":"Choice","Choices":[{"Variable":"$.n","NumericLessThan":5000,"Next":"Add"}],"Default":"Done"},
    "Done":{"Type":"Succeed"}}}
    """#
let jsonataMachine = #"""
    {"QueryLanguage":"JSONata","StartAt":"Add","States":{
    "Add":{"Type":"Pass","Output":{"n":"{% $states.input.n + 1 %}","text":"{% $states.input.text %}"},"Next":"More"},
    "More":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.n < 5000 %}","Next":"Add"}],"Default":"Done"},
    "Done":{"Type":"Succeed"}}}
    """#

let arguments = CommandLine.arguments
let cases = try JSONReader.parse(String(contentsOfFile: arguments[1], encoding: .utf8)).list ?? []
var rates: [DocumentValue] = []
for item in cases {
    guard let expression = item["expression"]?.string.flatMap({ try? JSONataExpression(parsing: $0) }) else { continue }
    var environment = JSONataEnvironment(now: .epoch, random: TurnRandom(seed: 1))
    var count = 0
    let limit = item["seconds"]?.double ?? 1
    let start = DispatchTime.now().uptimeNanoseconds
    while Double(DispatchTime.now().uptimeNanoseconds - start) < limit * 1e9 {
        for _ in 0..<10 { _ = try expression.evaluate(item["data"], in: &environment) }
        count += 10
    }
    rates.append(.number(Double(count) / (Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)))
}
print(
    JSONWriter.string([
        "path": .number(try transitions(pathMachine, count: 200_000)),
        "jsonata": .number(try transitions(jsonataMachine, count: 100_000)), "expressions": .list(rates),
    ]))
