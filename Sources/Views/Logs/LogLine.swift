import AWSModel
import AWSTypes
import TerminalUI

/// How a log event looks: its time, a mark and a role by what it says, and its text.
enum LogLine {
    enum Level: Sendable {
        case error, warning, plain
        /// What Lambda writes around an invocation: START, END, REPORT.
        case platform

        var span: Span {
            switch self {
            case .error: Span("✗ ", .failure)
            case .warning: Span("▲ ", .warning)
            case .plain: Span("· ", .faint)
            case .platform: Span("· ", .faint)
            }
        }

        var role: Role {
            switch self {
            case .error: .failure
            case .warning: .warning
            case .plain: .text
            case .platform: .dim
            }
        }
    }

    /// Which levels are shown.
    enum Threshold: CaseIterable, Hashable, Sendable {
        case all, warnings, errors

        var next: Threshold {
            switch self {
            case .all: .warnings
            case .warnings: .errors
            case .errors: .all
            }
        }

        /// For the key that leads to it.
        var title: String {
            switch self {
            case .all: "all levels"
            case .warnings: "warnings"
            case .errors: "errors"
            }
        }

        var noun: String { self == .warnings ? "warnings and errors" : "errors" }

        func passes(_ message: String) -> Bool {
            switch (self, LogLine.level(of: message)) {
            case (.all, _), (_, .error), (.warnings, .warning): true
            default: false
            }
        }
    }

    private static let platformWords = [
        "START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START ", "INIT_REPORT ", "EXTENSION\tName:",
        "XRAY TraceId:",
    ]
    private static let errorWords: Set<String> = [
        "error", "fatal", "critical", "exception", "traceback", "panic", "severe",
    ]
    private static let warningWords: Set<String> = ["warn", "warning"]
    private static let quietWords: Set<String> = ["info", "debug", "trace", "notice"]
    /// A level stands near the beginning, if anywhere.
    private static let searched = 160

    static func level(of message: String) -> Level {
        if platformWords.contains(where: message.hasPrefix)
            || message.hasPrefix("{\"time\":") && message.contains("\"type\":\"platform.")
        {
            return .platform
        }
        if message.contains("Task timed out after") { return .error }
        // The first word that names a level is the level; what is said after it is only said.
        for word in message.prefix(searched).lowercased().split(whereSeparator: { !$0.isLetter }) {
            let word = String(word)
            if errorWords.contains(word) || word.hasSuffix("error") || word.hasSuffix("exception") { return .error }
            if warningWords.contains(word) { return .warning }
            if quietWords.contains(word) { return .plain }
        }
        return .plain
    }

    /// One line for each line of the message; those after the first are indented under it.
    static func lines(of event: Logs.FilteredLogEvent, showsStream: Bool) -> [StyledLine] {
        let message = event.message ?? ""
        let level = level(of: message)
        let time = event.timestamp.map { ElapsedTime.preciseClock(Instant(epochMilliseconds: Int64($0))) } ?? ""
        let parts = message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        // Nearly every event ends in a line feed.
        let texts = parts.last?.isEmpty == true && parts.count > 1 ? parts.dropLast() : parts[...]
        return texts.enumerated().map { row, text in
            var line = StyledLine()
            if row == 0 {
                line.append(time + " ", .faint)
                line.spans.append(level.span)
                if showsStream, let stream = event.logStreamName { line.append(shortStream(stream) + " ", .faint) }
            } else {
                line.append(String(repeating: " ", count: time.count + 3), .plain)
            }
            line.append(expanded(text), level.role)
            return line
        }
    }

    /// `2026/11/23/[$LATEST]8c1d…` says most in its last characters.
    private static func shortStream(_ stream: String) -> String { String(stream.suffix(6)) }

    private static func expanded(_ text: Substring) -> String {
        text.contains("\t")
            ? text.split(separator: "\t", omittingEmptySubsequences: false).joined(separator: "  ") : String(text)
    }
}
