import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// How the screens of queues, metrics and logs write sizes, spans, times and failures.
enum QueueText {
    /// What went wrong, in the service's own words.
    static func failure(_ error: any Error) -> String {
        (error as? AWSError)?.description ?? "\(error)"
    }

    /// `812 B`, `1.2 kB`, `48 MB`.
    static func bytes(_ count: Int) -> String {
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        var units = ["kB", "MB", "GB", "TB"][...]
        while value >= 1000, units.count > 1 {
            value /= 1000
            units = units.dropFirst()
        }
        return "\(AxisTicks.short((value * 10).rounded() / 10)) \(units.first ?? "TB")"
    }

    /// Short, for a table: `8 s`, `4 min`, `3 h`, `12 d`.
    static func age(milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        if seconds < 100 { return "\(seconds) s" }
        if seconds < 100 * 60 { return "\(seconds / 60) min" }
        return seconds < 48 * 3600 ? "\(seconds / 3600) h" : "\(seconds / 86_400) d"
    }

    /// A setting in seconds, exactly: `30 s`, `5 min`, `1 min 30 s`, `4 d`.
    static func span(seconds: Int) -> String {
        var rest = seconds
        var parts: [String] = []
        for (unit, size) in [("d", 86_400), ("h", 3600), ("min", 60)] where rest >= size {
            parts.append("\(rest / size) \(unit)")
            rest %= size
        }
        if rest > 0 || parts.isEmpty { parts.append("\(rest) s") }
        return parts.joined(separator: " ")
    }

    /// A countdown: seconds up to ten minutes, then coarser. Rounded up, so that it never says 0 before it is.
    static func countdown(milliseconds: Int64) -> String {
        let seconds = max(0, (milliseconds + 999) / 1000)
        if seconds < 600 { return "\(seconds) s" }
        return seconds < 86_400 ? span(seconds: Int(seconds / 60 * 60)) : age(milliseconds: milliseconds)
    }

    /// The last part of an ARN or URL: a queue's or a function's name.
    static func name(of text: String) -> String {
        text.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? text
    }

    /// `3 messages`, `1 message`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number.grouped) \(noun)\(number == 1 ? "" : "s")" }

    /// Where an ARN leads among the console's screens; nil where there is no screen for it.
    static func address(of text: String) -> ScreenAddress? {
        guard let arn = ARN(text) else { return nil }
        let parts = arn.resource.split(separator: ":").map(String.init)
        switch (arn.service, parts.first) {
        case ("sqs", _): return ScreenAddress(id: "sqs.queue", arguments: [arn.resource])
        case ("lambda", "function") where parts.count > 1:
            return ScreenAddress(id: "lambda.function", arguments: [parts[1]])
        case ("states", "stateMachine") where parts.count > 1:
            return ScreenAddress(id: "states.machine", arguments: [text])
        case ("states", "execution") where parts.count > 2:
            return ScreenAddress(id: "states.execution", arguments: [text])
        case ("logs", "log-group") where parts.count > 1: return ScreenAddress(id: "logs.group", arguments: [parts[1]])
        default: return nil
        }
    }
}

extension ConsoleContext {
    /// The engine's time where there is an engine, else this machine's; milliseconds since 1970.
    func clockMilliseconds() async -> Int64 {
        if capabilities.hasEngine, let now = (try? await aws.call(Skua.getClock, .init()))?.now {
            return now.epochMilliseconds
        }
        return WallClock.milliseconds
    }
}
