import GraphLayout
import TerminalUI

/// How a visit of a state stands, or an execution as a whole.
enum VisitStatus: String, Hashable, Sendable, CaseIterable {
    case running, succeeded, failed, caught, aborted, timedOut

    /// From an execution's status; what is not known counts as running only if AWS says so.
    init?(execution status: String) {
        switch status {
        case "RUNNING", "PENDING_REDRIVE": self = .running
        case "SUCCEEDED": self = .succeeded
        case "FAILED": self = .failed
        case "ABORTED": self = .aborted
        case "TIMED_OUT": self = .timedOut
        default: return nil
        }
    }

    var graphStatus: GraphStatus {
        switch self {
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .caught: .caught
        case .aborted: .aborted
        case .timedOut: .timedOut
        }
    }

    var mark: StatusMark {
        switch self {
        case .running: .running
        case .succeeded: .succeeded
        case .failed: .failed
        case .caught: .caught
        case .aborted: .aborted
        case .timedOut: .timedOut
        }
    }

    var isOpen: Bool { self == .running }
    var role: Role { mark.role }

    /// Which of several to show: trouble first.
    var urgency: Int {
        switch self {
        case .failed: 5
        case .timedOut: 4
        case .running: 3
        case .caught: 2
        case .aborted: 1
        case .succeeded: 0
        }
    }
}

extension GraphStatus {
    var role: Role {
        switch self {
        case .succeeded: .success
        case .failed: .failure
        case .running: .running
        case .caught, .timedOut: .warning
        case .aborted: .dim
        }
    }
}

extension StatusMark {
    /// The mark of an execution's status as AWS names it.
    static func execution(_ status: String) -> StatusMark { VisitStatus(execution: status)?.mark ?? .unknown }
}
