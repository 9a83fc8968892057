/// The lines Lambda itself writes into a function's log, in either of its formats.
///
/// AWS: text lines are tab separated, and REPORT ends with a tab. In JSON a line is an event of the Telemetry API; the
/// default system log level has no counterpart of END, and tells of a runtime's end only when it went wrong.
struct PlatformLines {
    var json: Bool
    /// When it happens, in milliseconds since 1970.
    var milliseconds: Int64

    func initStart(_ type: String, runtimeVersion version: String, region: String) -> String {
        // AWS names the build of the runtime by a hash; here it stands for the host's interpreter.
        let digest = (0..<4).map { hexadecimal(stableHash("\(version)#\($0)")) }.joined()
        let arn = "arn:aws:lambda:\(region)::runtime:\(digest)"
        guard json else { return "INIT_START Runtime Version: \(version)\tRuntime Version ARN: \(arn)" }
        return event(
            "initStart",
            [
                Self.string("initializationType", type), Self.string("phase", "init"),
                Self.string("runtimeVersion", version),
                Self.string("runtimeVersionArn", arn),
            ])
    }

    func initReport(_ type: String, microseconds: Int64, phase: String, status: String, errorType: String?) -> String {
        guard json else {
            let ending = errorType.map { "\tError Type: \($0)" } ?? ""
            return
                "INIT_REPORT Init Duration: \(Self.milliseconds(microseconds)) ms\tPhase: \(phase)\tStatus: \(status)\(ending)"
        }
        return event(
            "initReport",
            [
                Self.string("initializationType", type), Self.string("phase", phase), Self.string("status", status),
                errorType.map { Self.string("errorType", $0) },
                "\"metrics\":{\"durationMs\":\(Self.milliseconds(microseconds))}",
            ])
    }

    func start(_ requestID: String, version: String) -> String {
        guard json else { return "START RequestId: \(requestID) Version: \(version)" }
        return event("start", [Self.string("requestId", requestID), Self.string("version", version)])
    }

    /// nil where the format has none.
    func end(_ requestID: String) -> String? { json ? nil : "END RequestId: \(requestID)" }

    func report(_ figures: ReportFigures) -> String {
        guard json else { return Self.textReport(figures) }
        var metrics = [
            "\"durationMs\":\(Self.milliseconds(figures.durationMicroseconds))",
            "\"billedDurationMs\":\(figures.billedMicroseconds / 1000)", "\"memorySizeMB\":\(figures.memorySizeMB)",
            "\"maxMemoryUsedMB\":\(figures.maxMemoryUsedMB)",
        ]
        if let initDuration = figures.initDurationMicroseconds {
            metrics.append("\"initDurationMs\":\(Self.milliseconds(initDuration))")
        }
        return event(
            "report",
            [
                Self.string("requestId", figures.requestID), "\"metrics\":{\(metrics.joined(separator: ","))}",
                Self.string("status", figures.status ?? "success"),
                figures.errorType.map { Self.string("errorType", $0) },
            ])
    }

    private static func textReport(_ figures: ReportFigures) -> String {
        var line =
            "REPORT RequestId: \(figures.requestID)\tDuration: \(milliseconds(figures.durationMicroseconds)) ms\t"
        line += "Billed Duration: \(figures.billedMicroseconds / 1000) ms\tMemory Size: \(figures.memorySizeMB) MB\t"
        line += "Max Memory Used: \(figures.maxMemoryUsedMB) MB\t"
        if let initDuration = figures.initDurationMicroseconds {
            line += "Init Duration: \(milliseconds(initDuration)) ms\t"
        }
        if let status = figures.status { line += "Status: \(status)\t" }
        if let errorType = figures.errorType { line += "Error Type: \(errorType)\t" }
        return line
    }

    func timedOut(_ requestID: String, afterMicroseconds: Int64) -> String {
        guard json else {
            return
                "\(Self.isoTime(milliseconds)) \(requestID) Task timed out after \(Self.seconds(afterMicroseconds)) seconds"
        }
        return runtimeDone(requestID, status: "timeout", errorType: nil)
    }

    func crashed(_ requestID: String, message: String) -> String {
        json
            ? runtimeDone(requestID, status: "failure", errorType: "Runtime.ExitError")
            : "\(message)\nRuntime.ExitError"
    }

    private func runtimeDone(_ requestID: String, status: String, errorType: String?) -> String {
        event(
            "runtimeDone",
            [
                Self.string("requestId", requestID), Self.string("status", status),
                errorType.map { Self.string("errorType", $0) },
            ])
    }

    private func event(_ type: String, _ members: [String?]) -> String {
        let record = members.compactMap(\.self).joined(separator: ",")
        return "{\"time\":\"\(Self.isoTime(milliseconds))\",\"type\":\"platform.\(type)\",\"record\":{\(record)}}"
    }

    private static func string(_ name: String, _ value: String) -> String {
        "\"\(name)\":\(PlatformErrors.quoted(value))"
    }

    /// Two decimals, as AWS prints them.
    static func milliseconds(_ microseconds: Int64) -> String {
        hundredths((microseconds + 5) / 10)
    }

    static func seconds(_ microseconds: Int64) -> String {
        hundredths((microseconds + 5000) / 10_000)
    }

    private static func hundredths(_ value: Int64) -> String {
        let rest = value % 100
        return "\(value / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// `2026-11-23T13:16:00.000Z`, from milliseconds since 1970.
    static func isoTime(_ milliseconds: Int64) -> String {
        let days = (milliseconds / 86_400_000) - (milliseconds % 86_400_000 < 0 ? 1 : 0)
        let rest = milliseconds - days * 86_400_000
        // Howard Hinnant's civil-from-days.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ value: Int64, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(rest / 3_600_000, 2)):"
            + "\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2)).\(padded(rest % 1000, 3))Z"
    }
}

/// What a REPORT line tells.
struct ReportFigures {
    var requestID: String
    var durationMicroseconds: Int64
    var billedMicroseconds: Int64
    var memorySizeMB: Int
    var maxMemoryUsedMB: Int
    var initDurationMicroseconds: Int64?
    /// Only for invocations that did not end by themselves.
    var status: String?
    var errorType: String?
}
