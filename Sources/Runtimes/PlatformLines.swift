/// The lines Lambda itself writes into a function's log. AWS: tab separated, REPORT ends with a tab.
enum PlatformLines {
    static func initStart(runtime: String, version: String, region: String) -> String {
        // AWS names the build of the runtime by a hash; here it stands for the host's interpreter.
        let digest = (0..<4).map { hexadecimal(stableHash("\(version)#\($0)")) }.joined()
        return "INIT_START Runtime Version: \(version)\tRuntime Version ARN: arn:aws:lambda:\(region)::runtime:\(digest)"
    }

    static func initReport(microseconds: Int64, phase: String, status: String, errorType: String?) -> String {
        let ending = errorType.map { "\tError Type: \($0)" } ?? ""
        return "INIT_REPORT Init Duration: \(milliseconds(microseconds)) ms\tPhase: \(phase)\tStatus: \(status)\(ending)"
    }

    static func start(_ requestID: String, version: String) -> String {
        "START RequestId: \(requestID) Version: \(version)"
    }

    static func end(_ requestID: String) -> String { "END RequestId: \(requestID)" }

    static func report(_ figures: ReportFigures) -> String {
        var line = "REPORT RequestId: \(figures.requestID)\tDuration: \(milliseconds(figures.durationMicroseconds)) ms\t"
        line += "Billed Duration: \(figures.billedMicroseconds / 1000) ms\tMemory Size: \(figures.memorySizeMB) MB\t"
        line += "Max Memory Used: \(figures.maxMemoryUsedMB) MB\t"
        if let initDuration = figures.initDurationMicroseconds {
            line += "Init Duration: \(milliseconds(initDuration)) ms\t"
        }
        if let status = figures.status { line += "Status: \(status)\t" }
        if let errorType = figures.errorType { line += "Error Type: \(errorType)\t" }
        return line
    }

    static func timedOut(_ requestID: String, afterMicroseconds: Int64, wallMilliseconds: Int64) -> String {
        "\(isoTime(wallMilliseconds)) \(requestID) Task timed out after \(seconds(afterMicroseconds)) seconds"
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

/// The error payloads Lambda makes itself, when the runtime could not.
enum PlatformErrors {
    static func payload(type: String, message: String) -> [UInt8] {
        Array("{\"errorType\":\(quoted(type)),\"errorMessage\":\(quoted(message))}".utf8)
    }

    static func timeout(_ requestID: String, microseconds: Int64) -> [UInt8] {
        let seconds = PlatformLines.seconds(microseconds)
        return payload(
            type: "Sandbox.Timedout", message: "RequestId: \(requestID) Error: Task timed out after \(seconds) seconds")
    }

    /// "exit status 1", "signal: killed", or nil for an exit without an error.
    static func reason(_ end: ProcessEnd) -> String? {
        if let signal = end.signal { return "signal: \(signalName(signal))" }
        // Shells and sandboxes report a child's signal as 128 and its number.
        if let code = end.exitCode, code > 128, code < 128 + 32, ![128, 129].contains(code) {
            return "signal: \(signalName(code - 128))"
        }
        return end.exitCode == 0 ? nil : "exit status \(end.exitCode ?? 1)"
    }

    static func exitMessage(_ requestID: String, reason: String?) -> String {
        "RequestId: \(requestID) Error: "
            + (reason.map { "Runtime exited with error: \($0)" } ?? "Runtime exited without providing a reason")
    }

    /// As Go names signals, in which Lambda's supervisor is written.
    private static func signalName(_ number: Int32) -> String {
        switch number {
        case 1: "hangup"
        case 2: "interrupt"
        case 3: "quit"
        case 4: "illegal instruction"
        case 5: "trace/breakpoint trap"
        case 6: "aborted"
        case 7: "bus error"
        case 8: "floating point exception"
        case 9: "killed"
        case 10: "user defined signal 1"
        case 11: "segmentation fault"
        case 12: "user defined signal 2"
        case 13: "broken pipe"
        case 14: "alarm clock"
        case 15: "terminated"
        default: "signal \(number)"
        }
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.value < 0x20 {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }
}
