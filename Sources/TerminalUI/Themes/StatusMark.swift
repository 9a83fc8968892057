/// A status as a glyph, a role and a word, so that nothing is told by colour alone.
public enum StatusMark: String, CaseIterable, Hashable, Sendable {
    case succeeded, failed, running, caught, aborted, timedOut
    case waiting, paused, disabled, warning, unknown, enabled

    /// One column wide; `ASCIITwin` has its twin.
    public var glyph: String {
        switch self {
        case .succeeded: "✓"
        case .failed: "✗"
        case .running: "▶"
        case .caught: "!"
        case .aborted: "■"
        case .timedOut: "⏱"
        case .waiting: "◌"
        case .paused: "‖"
        case .disabled: "○"
        case .enabled: "●"
        case .warning: "▲"
        case .unknown: "?"
        }
    }

    public var role: Role {
        switch self {
        case .succeeded, .enabled: .success
        case .failed: .failure
        case .running: .running
        case .caught, .timedOut, .warning: .warning
        case .aborted, .waiting, .paused, .disabled, .unknown: .dim
        }
    }

    public var word: String {
        switch self {
        case .succeeded: "Succeeded"
        case .failed: "Failed"
        case .running: "Running"
        case .caught: "Caught"
        case .aborted: "Aborted"
        case .timedOut: "Timed out"
        case .waiting: "Waiting"
        case .paused: "Paused"
        case .disabled: "Disabled"
        case .enabled: "Enabled"
        case .warning: "Warning"
        case .unknown: "Unknown"
        }
    }

    public var span: Span { Span(glyph, role) }

    /// The glyph and a word: its own, or the service's name for the status.
    public func line(_ text: String? = nil) -> StyledLine {
        [Span(glyph + " ", role), Span(text ?? word)]
    }
}
