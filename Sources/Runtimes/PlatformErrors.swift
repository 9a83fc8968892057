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
