import AWSClient
import AWSTypes
import TerminalUI

/// Starting an execution as its form says: of a machine, a version or an alias, from whichever list it is asked.
enum ExecutionStart {
    enum Outcome: Sendable {
        case started(String)
        /// Express: it ran to its end while one waited, and nothing is kept of it to be looked at later.
        case finished(SFN.StartSyncExecutionOutput)
    }

    static func work<Message>(
        of arn: String, type: String?, _ values: FormValues,
        then message: @escaping @Sendable (Result<Outcome, any Error>) -> Message
    ) -> Effect<Message> {
        let (name, input) = (values.optional("name"), values.optional("input"))
        return .work("start") { context in
            if type == "EXPRESS" {
                return .finished(
                    try await context.aws.call(
                        SFN.startSyncExecution, .init(stateMachineArn: arn, name: name, input: input)))
            }
            return .started(
                try await context.aws.call(SFN.startExecution, .init(stateMachineArn: arn, name: name, input: input))
                    .executionArn)
        } then: {
            message($0)
        }
    }

    /// To the execution, or to how it ended.
    static func effects<Message>(after result: Result<Outcome, any Error>, machine: String) -> [Effect<Message>] {
        switch result {
        case .success(.started(let arn)):
            [
                .toast("Started \(StateMachineNames.parts(ofExecution: arn).execution)"),
                .open("states.execution", arn),
            ]
        case .success(.finished(let output)): [.push(ExpressResultScreen(machine: machine, output: output))]
        case .failure(let error): [.toast(error.sentence, .failed)]
        }
    }
}
