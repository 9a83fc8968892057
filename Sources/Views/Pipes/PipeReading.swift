import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A pipe as EventBridge Pipes tells it.
struct PipeReading: Sendable, Hashable {
    var pipe: Pipes.DescribePipeResponse
    var hasEngine = true

    var name: String { pipe.name ?? "" }
    var arn: String { pipe.arn ?? "" }
    var state: String { pipe.currentState ?? "" }
    var isRunning: Bool { state == "RUNNING" }
    var filters: [String] { (pipe.sourceParameters?.filterCriteria?.filters ?? []).compactMap(\.pattern) }
    var enrichment: String? { pipe.enrichment.flatMap { $0.isEmpty ? nil : $0 } }

    /// Starting and stopping take a moment, in which neither can be asked for.
    var isSettled: Availability {
        .when(
            ["RUNNING", "STOPPED"].contains(state) || state.hasSuffix("FAILED"),
            otherwise: "The pipe is \(state.lowercased())")
    }

    var mark: StatusMark { Self.mark(of: state) }

    static func mark(of state: String) -> StatusMark {
        switch state {
        case "RUNNING": .running
        case "STOPPED": .disabled
        default: state.hasSuffix("FAILED") ? .failed : .waiting
        }
    }

    static func read(_ name: String, _ context: ConsoleContext) async throws -> PipeReading {
        let pipe = try await context.aws.call(Pipes.describePipe, .init(name: name))
        return PipeReading(pipe: pipe, hasEngine: context.capabilities.hasEngine)
    }
}
