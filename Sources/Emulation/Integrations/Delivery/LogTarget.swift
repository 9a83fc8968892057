import AWSModel
import AWSTypes

// A log group as a target. AWS: it has to exist, and a policy of its account has to let the service write.
extension EngineCore {
    func write(
        _ delivery: TargetDelivery, to arn: ARN, by caller: Caller,
        _ completion: @escaping (Result<DocumentObject, DeliveryFailure>) -> Void
    ) {
        let group = Self.groupName(arn)
        let stream = delivery.logStream ?? identifiers.uuid()
        call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: group, logStreamName: stream),
            caller: caller, cause: delivery.cause
        ) { [self] result in
            if case .failure(let error) = result, error.code != "ResourceAlreadyExistsException" {
                return completion(.failure(DeliveryFailure(error)))
            }
            call(
                Logs.putLogEvents,
                Logs.PutLogEventsRequest(
                    logGroupName: group, logStreamName: stream, logEvents: [logEvent(delivery.body)]),
                caller: caller, cause: delivery.cause
            ) { result in
                completion(result.map(\.document).mapError(DeliveryFailure.init))
            }
        }
    }

    /// AWS: a template that makes `timestamp` and `message`, and nothing else, says what the event in the log is.
    private func logEvent(_ body: String) -> Logs.InputLogEvent {
        if let made = (try? JSONReader.parse(body))?.object, made.count == 2, let message = made["message"],
            let time = made["timestamp"].flatMap({ Self.instant($0) })
        {
            return Logs.InputLogEvent(
                timestamp: Int(time.epochMilliseconds), message: message.string ?? JSONWriter.string(message))
        }
        return Logs.InputLogEvent(timestamp: Int(now.epochMilliseconds), message: body)
    }

    private static func instant(_ value: DocumentValue) -> Instant? {
        if let text = value.string { return Instant(iso8601: text) }
        return value.integer.map { Instant(microseconds: $0 * 1000) }
    }

    private static func groupName(_ arn: ARN) -> String {
        var name = arn.resource.hasPrefix("log-group:") ? arn.resource.dropFirst("log-group:".count) : arn.resource[...]
        if name.hasSuffix(":*") { name = name.dropLast(2) }
        return String(name)
    }
}
