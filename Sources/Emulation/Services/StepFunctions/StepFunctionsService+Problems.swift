import AWSModel
import StatesLanguage

// Executions that failed, and tasks that wait for a token nobody sends back.
extension StepFunctionsService {
    /// How many of a machine's newest executions are looked at.
    private static let window = 20
    private static let patience = Duration.seconds(60)

    public func problems(in scope: Scope) -> [Problem] {
        machines(in: scope).flatMap { machine in
            [failed(machine), waiting(machine)].compactMap { $0 }
        }
    }

    /// Why a machine as a whole is not well: what is wrong with its executions.
    func explain(_ machine: StateMachineRecord) -> [Explanation] {
        [failed(machine), waiting(machine)].compactMap { $0 }.map {
            Explanation(rule: $0.rule, text: $0.text, movesAt: $0.movesAt, relatedArn: $0.resourceArn)
        }
    }

    private func failed(_ machine: StateMachineRecord) -> Problem? {
        let newest = machine.executions.suffix(Self.window)
        let failed = newest.filter { $0.status == .failed || $0.status == .timedOut }
        guard let last = failed.last else { return nil }
        var text =
            "\(last.name) \(last.status == .timedOut ? "timed out" : "failed with \(last.error ?? "no error name")")"
        if let cause = last.cause, !cause.isEmpty { text += ": \(Self.firstLine(of: cause))" }
        if !text.hasSuffix(".") { text += "." }
        if failed.count > 1 { text += " \(failed.count) of the last \(newest.count) executions failed." }
        return Problem(
            last.arn, .failed, rule: last.status == .timedOut ? "ExecutionTimedOut" : "ExecutionFailed", text: text,
            since: last.stopped, relatedArn: machine.arn)
    }

    /// The message of a function's error where that is the cause; else the cause's first line.
    private static func firstLine(of cause: String) -> String {
        let text = (try? JSONReader.parse(cause))?["errorMessage"]?.string ?? cause
        return text.split(separator: "\n").first.map(String.init) ?? text
    }

    private func waiting(_ machine: StateMachineRecord) -> Problem? {
        guard let (token, count) = machine.waiting.oldest(where: { tokens[$0] != nil }), let task = tokens[token],
            task.since.map({ $0 + Self.patience <= core.now }) ?? true
        else { return nil }
        let record = task.record
        let state = record.execution?.pendingTask(task.task)?.stateName ?? "A task"
        let span = task.since == nil ? ", since before the engine started" : ""
        let limit = record.execution?.pendingTimers.filter { $0.stateName == state }.map(\.time).min()
        var text = "'\(state)' waits for its task token to be sent back\(span)"
        text += limit == nil ? ": no timeout ends the wait." : "."
        if count > 1 { text += " Others wait, too: at most \(count - 1)." }
        return Problem(
            record.arn, rule: "TaskToken", text: text, since: task.since, movesAt: limit, relatedArn: machine.arn)
    }
}
