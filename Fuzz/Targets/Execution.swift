import AWSModel
import StatesLanguage

/// Runs a machine for a few hundred turns; every task succeeds, every timer fires at once.
func run(_ definition: StateMachineDefinition, input: String) {
    guard let payload = try? Payload(parsing: input) else { return }
    let identity = ExecutionIdentity(
        arn: "arn:aws:states:us-east-1:123456789012:execution:m:e", name: "e",
        stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m", stateMachineName: "m",
        roleArn: "arn:aws:iam::123456789012:role/r", region: "us-east-1", startTime: .epoch, input: payload,
        type: .standard)
    var execution = Execution(definition: definition, workflow: 0, identity: identity)
    var random = TurnRandom(seed: 1)
    var events: [ExecutionEvent] = [.start]
    var turns = 0
    while !events.isEmpty, turns < 200 {
        turns += 1
        let turn = execution.apply(events.removeFirst(), at: .epoch, random: &random, maximumSteps: 100)
        for effect in turn.effects {
            switch effect {
            case .startTask(let order): events.append(.taskSucceeded(order.id, Payload(["r": [1]])))
            case .startTimer(let timer): events.append(.timerFired(timer.id))
            case .startMapRun(let order): events.append(.mapRunSucceeded(order.id, Payload([])))
            case .resumeLater: events.append(.resume)
            case .abandonTask, .abandonMapRun, .cancelTimer, .finished: break
            }
        }
    }
    let kept = try? Execution(restoring: execution.checkpoint, definition: definition, identity: identity)
    precondition(kept?.status == execution.status, "what was kept reads differently")
}
