import AWSModel
import AWSTypes

extension PipesService {
    private static let levels = ["OFF", "ERROR", "INFO", "TRACE"]

    /// A line in the log group that the pipe names. AWS: failures from level ERROR on, the rest from INFO.
    func log(
        _ kind: String, of pipe: EventPipe, _ execution: String, _ items: [PipeBatch.Item],
        _ failure: DeliveryFailure? = nil
    ) {
        guard let configuration = pipe.settings.logConfiguration,
            let groupArn = configuration.cloudwatchLogsLogDestination?.logGroupArn,
            let arn = ARN(groupArn), arn.resource.hasPrefix("log-group:"),
            let level = Self.levels.firstIndex(of: configuration.level ?? "ERROR")
        else { return }
        let isFailure = kind.hasSuffix("FAILED")
        guard level >= (isFailure ? 1 : 2) else { return }
        var line: DocumentObject = [
            "resourceArn": .string(pipe.arn), "timestamp": .integer(core.now.epochMilliseconds),
            "executionId": .string(execution), "messageType": .string(kind),
            "logLevel": .string(isFailure ? "ERROR" : "INFO"),
        ]
        if let failure {
            line["error"] = ["message": .string(failure.message), "awsService": .string(failure.code)]
        }
        if configuration.includeExecutionData?.contains("ALL") == true {
            line["payload"] = .string(JSONWriter.string(.list(items.map(\.record))))
        }
        var group = arn.resource.dropFirst("log-group:".count)
        if group.hasSuffix(":*") { group = group.dropLast(2) }
        core.telemetry.log(
            JSONWriter.string(.object(line)), group: String(group), stream: "\(pipe.name)/\(execution)",
            scope: Scope(accountID: arn.accountID, region: arn.region))
    }
}
