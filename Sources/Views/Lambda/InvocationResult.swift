import AWSModel
import AWSTypes
import TerminalUI

/// The figures of a REPORT line.
struct InvocationReport: Hashable, Sendable {
    var requestID: String?
    var duration: String?
    var billed: String?
    var memorySize: String?
    var maxMemory: String?
    var initDuration: String?

    /// From the tail of a log; nil where there is no REPORT line.
    init?(log: String) {
        guard let line = log.split(whereSeparator: \.isNewline).last(where: { $0.hasPrefix("REPORT ") }) else {
            return nil
        }
        var values: [String: String] = [:]
        for part in line.dropFirst("REPORT ".count).split(separator: "\t") {
            guard let colon = part.firstIndex(of: ":") else { continue }
            let value = part[part.index(after: colon)...].drop { $0 == " " }
            values[String(part[..<colon]).trimmingSpaces] = String(value).trimmingSpaces
        }
        requestID = values["RequestId"]
        duration = values["Duration"]
        billed = values["Billed Duration"]
        memorySize = values["Memory Size"]
        maxMemory = values["Max Memory Used"]
        initDuration = values["Init Duration"]
    }

    var figures: [(label: String, value: String)] {
        [
            ("Duration", duration), ("Billed", billed), ("Memory size", memorySize), ("Max used", maxMemory),
            ("Init", initDuration),
        ]
        .compactMap { label, value in value.map { (label, $0) } }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.last == " " || text.last == "\r" { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return String(text)
    }
}

/// How an invocation ended.
struct InvocationResult: Sendable {
    var type: InvocationType
    var status: Int
    /// `Handled` or `Unhandled`; AWS answers `Unhandled` for both today.
    var functionError: String?
    var payload: String
    var log: String
    var version: String?
    /// Milliseconds by this machine's clock.
    var elapsed: Double

    init(_ response: Lambda.InvocationResponse, type: InvocationType, elapsed: Duration) {
        self.type = type
        status = response.statusCode ?? 200
        functionError = response.functionError
        payload = response.payload.map { String(decoding: $0, as: UTF8.self) } ?? ""
        log = response.logResult.flatMap { Base64.decode($0) }.map { String(decoding: $0, as: UTF8.self) } ?? ""
        version = response.executedVersion
        self.elapsed = Double(elapsed.components.seconds) * 1000 + Double(elapsed.components.attoseconds) / 1e15
    }

    var report: InvocationReport? { InvocationReport(log: log) }

    var isTimeout: Bool { functionError != nil && payload.contains("Task timed out after") }

    /// Mark and word for the head of the result.
    var line: StyledLine {
        switch type {
        case .event: return StatusMark.succeeded.line("Accepted (\(status)): the event is queued")
        case .dryRun: return StatusMark.succeeded.line("Dry run passed (\(status))")
        case .requestResponse: break
        }
        if isTimeout { return StatusMark.timedOut.line("Timed out") }
        guard let functionError else { return StatusMark.succeeded.line("Succeeded (\(status))") }
        return StatusMark.failed.line("Function error: \(functionError)")
    }

    /// `KeyError: 'orderId'`, from the error object a runtime answers with.
    var errorSentence: String? {
        guard functionError != nil, let document = try? JSONReader.parse(payload) else { return nil }
        let parts = [document["errorType"]?.string, document["errorMessage"]?.string].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: ": ")
    }
}

/// AWS: the `InvocationType` header.
enum InvocationType: String, CaseIterable, Hashable, Sendable {
    case requestResponse = "RequestResponse"
    case event = "Event"
    case dryRun = "DryRun"

    var word: String {
        switch self {
        case .requestResponse: "synchronous"
        case .event: "asynchronous"
        case .dryRun: "dry run"
        }
    }
}
