import AWSModel
import AWSTypes
import StatesLanguage

/// Execution events to CloudWatch Logs, as a machine's logging configuration asks.
extension StepFunctionsService {
    private enum Level: String {
        case all = "ALL"
        case error = "ERROR"
        case fatal = "FATAL"

        func includes(_ type: HistoryEventType) -> Bool {
            let name = type.name
            switch self {
            case .all: return true
            // AWS: every failure, time-out and abort, retried ones too, and the entry of Fail states.
            case .error:
                return name.hasSuffix("Failed") || name.hasSuffix("TimedOut") || name.hasSuffix("Aborted")
                    || name == "FailStateEntered"
            case .fatal: return ["ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"].contains(name)
            }
        }
    }

    /// AWS: with any level but OFF there must be one destination, the ARN of a log group that is there, with `:*` at
    /// its end. What is left out is filled in.
    func checkedLogging(_ given: SFN.LoggingConfiguration?) throws(ServiceError) -> SFN.LoggingConfiguration {
        var logging = given ?? SFN.LoggingConfiguration()
        logging.level = logging.level ?? "OFF"
        logging.includeExecutionData = logging.includeExecutionData ?? false
        let destinations = logging.destinations ?? []
        let isOn = logging.level != nil && logging.level != "OFF"
        guard destinations.count == 1 || (destinations.isEmpty && !isOn) else {
            throw ServiceError(
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination.")
        }
        for destination in destinations {
            guard let arn = destination.cloudWatchLogsLogGroup?.logGroupArn, let group = Self.groupName(arn),
                let parsed = ARN(arn)
            else {
                throw ServiceError(
                    "InvalidLoggingConfiguration",
                    "Invalid Logging Configuration: The CloudWatch Logs Resource ARN is invalid.")
            }
            let scope = Scope(accountID: parsed.accountID, region: parsed.region)
            guard let logs = core.service(LogsService.self), logs.find(group, in: scope) == nil else { continue }
            throw ServiceError(
                "InvalidLoggingConfiguration", "Invalid Logging Configuration: Log Destination not found.")
        }
        return logging
    }

    private static func groupName(_ arn: String) -> String? {
        guard let parsed = ARN(arn), parsed.service == "logs", parsed.resource.hasPrefix("log-group:"),
            arn.hasSuffix(":*")
        else { return nil }
        return String(parsed.resource.dropFirst("log-group:".count).dropLast(2))
    }

    func log(_ events: [HistoryEvent], of record: ExecutionRecord) {
        let logging = record.logging
        guard let level = logging.level.flatMap(Level.init(rawValue:)),
            let group = logging.destinations?.first?.cloudWatchLogsLogGroup?.logGroupArn.flatMap(Self.groupName)
        else { return }
        let includesData = logging.includeExecutionData ?? false
        for event in events where level.includes(event.type) {
            let details = event.detailsDocument(includesData: includesData)?.1 ?? [:]
            let line: DocumentObject = [
                "id": .string(String(event.id)), "type": .string(event.type.name), "details": .object(details),
                "previous_event_id": .string(String(event.previousEventID)),
                "event_timestamp": .string(String(event.timestamp.epochMilliseconds)),
                "execution_arn": .string(record.arn), "redrive_count": .string(String(record.redrives)),
            ]
            core.telemetry.log(
                JSONWriter.string(.object(line)), group: group, stream: stream(of: record), scope: record.machine.scope)
        }
    }

    /// AWS: `states/<machine>/<minute>/<8 hex digits>`.
    private func stream(of record: ExecutionRecord) -> String {
        if let stream = record.logStream { return stream }
        let minute = record.started.iso8601(milliseconds: false).prefix(16).map { $0 == "T" || $0 == ":" ? "-" : $0 }
        let stream = "states/\(record.machine.name)/\(String(minute))/\(core.identifiers.hex(8))"
        record.logStream = stream
        return stream
    }
}
