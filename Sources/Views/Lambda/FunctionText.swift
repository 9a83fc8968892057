import AWSClient
import AWSModel
import AWSTypes
import Glibc
import TerminalUI

/// How these screens write sizes, times, names and failures.
enum FunctionText {
    /// `812 B`, `1.2 kB`, `48.0 MB`.
    static func bytes(_ count: Int) -> String {
        let units = ["kB", "MB", "GB"]
        guard count >= 1000 else { return "\(count) B" }
        var value = Double(count) / 1000
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return "\(AxisTicks.short((value * 10).rounded() / 10)) \(units[unit])"
    }

    /// `12.34 ms`, `1.25 s`, `2 min 05 s`.
    static func duration(milliseconds: Double) -> String {
        if milliseconds < 1000 { return "\(AxisTicks.short((milliseconds * 100).rounded() / 100)) ms" }
        if milliseconds < 60_000 { return "\(hundredths(milliseconds / 1000)) s" }
        let seconds = Int(milliseconds / 1000)
        if seconds < 3600 { return "\(seconds / 60) min \(two(seconds % 60)) s" }
        return seconds < 86_400
            ? "\(seconds / 3600) h \(two(seconds / 60 % 60)) min" : "\(seconds / 86_400) d \(seconds / 3600 % 24) h"
    }

    private static func hundredths(_ value: Double) -> String {
        let scaled = Int((value * 100).rounded())
        return "\(scaled / 100).\(two(scaled % 100))"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// `14:02:11`, UTC.
    static func clock(_ instant: Instant) -> String {
        let date = CalendarDate(instant)
        return "\(two(date.hour)):\(two(date.minute)):\(two(date.second))"
    }

    /// `2026-11-23 14:02:11`, UTC.
    static func date(_ instant: Instant) -> String {
        let date = CalendarDate(instant)
        return "\(date.year)-\(two(date.month))-\(two(date.day)) \(clock(instant))"
    }

    /// AWS: Lambda writes `2026-11-23T14:02:11.000+0000`.
    static func date(lambda text: String?) -> String {
        guard let text, text.count >= 19 else { return text ?? "–" }
        let short = text.prefix(19)
        return short.prefix(10) + " " + short.suffix(8)
    }

    /// What went wrong, in the service's own words.
    static func failure(_ error: any Error) -> String {
        if let error = error as? AWSError { return error.description }
        return "\(error)"
    }

    static func isNotFound(_ error: any Error) -> Bool {
        (error as? AWSError)?.code.hasPrefix("ResourceNotFound") ?? false
    }

    /// The mark and word of a function's state; an update under way or failed says more than `Active`.
    static func state(_ function: Lambda.FunctionConfiguration) -> (mark: StatusMark, word: String) {
        switch (function.state, function.lastUpdateStatus) {
        case (_, "InProgress"): (.running, "Updating")
        case (_, "Failed"): (.failed, "Update failed")
        case ("Active", _), (nil, _): (.enabled, "Active")
        case ("Pending", _): (.waiting, "Pending")
        case ("Inactive", _): (.disabled, "Inactive")
        case ("Failed", _): (.failed, "Failed")
        case (.some(let other), _): (.unknown, other)
        }
    }
}

/// Where an ARN leads, and what to call it.
struct FunctionNeighbour: Hashable, Sendable {
    let arn: String
    /// `SQS queue`
    let kind: String
    let name: String
    /// Nil where the console has no screen for it.
    let address: ScreenAddress?

    init(_ text: String) {
        arn = text
        guard let parsed = ARN(text) else {
            (kind, name, address) = ("Resource", text, nil)
            return
        }
        let parts = parsed.resource.split(separator: ":").map(String.init)
        let last = parsed.resource.split { $0 == ":" || $0 == "/" }.last.map(String.init) ?? parsed.resource
        switch parsed.service {
        case "sqs":
            (kind, name, address) = (
                "SQS queue", parsed.resource, ScreenAddress(id: "sqs.queue", arguments: [parsed.resource])
            )
        case "lambda" where parts.first == "function":
            let function = parts.count > 1 ? parts[1] : last
            (kind, name, address) = ("Function", function, ScreenAddress(id: "lambda.function", arguments: [function]))
        case "lambda": (kind, name, address) = ("Layer", parts.dropFirst().joined(separator: ":"), nil)
        case "states":
            (kind, name, address) = ("State machine", last, ScreenAddress(id: "states.machine", arguments: [last]))
        case "logs":
            let group = parts.count > 1 ? parts[1] : last
            (kind, name, address) = ("Log group", group, ScreenAddress(id: "logs.group", arguments: [group]))
        case "sns": (kind, name, address) = ("SNS topic", last, nil)
        case "kinesis": (kind, name, address) = ("Kinesis", last, nil)
        case "dynamodb":
            (kind, name, address) = (
                "DynamoDB", parsed.resource.split(separator: "/").dropFirst().first.map(String.init) ?? last, nil
            )
        case "events": (kind, name, address) = ("EventBridge", last, nil)
        case "s3": (kind, name, address) = ("S3 bucket", parsed.resource, nil)
        case "execute-api": (kind, name, address) = ("API Gateway", parsed.resource, nil)
        case "iam": (kind, name, address) = ("IAM role", last, nil)
        default: (kind, name, address) = (parsed.service, last, nil)
        }
    }

    /// `orders (SQS)`
    var shortLabel: String {
        "\(name) (\(kind == "State machine" ? "States" : kind.split(separator: " ").first.map(String.init) ?? kind))"
    }

    var unavailable: String { "There is no screen for \(kind) \(name)" }
}

extension ConsoleContext {
    /// The engine's time where there is an engine, else this machine's.
    func functionClock() async -> Instant {
        if capabilities.hasEngine, let clock = try? await aws.call(Skua.getClock, .init()), let now = clock.now {
            return now
        }
        return Instant(epochMilliseconds: Int64(time(nil)) * 1000)
    }
}
