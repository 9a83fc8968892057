import AWSModel
import AWSTypes

/// What destinations are told of an asynchronous invocation. AWS: record version 1.0.
struct DestinationRecord {
    enum Condition: String {
        case success = "Success"
        case retriesExhausted = "RetriesExhausted"
        case eventAgeExceeded = "EventAgeExceeded"
        case zeroReservedConcurrency = "ZeroReservedConcurrency"
    }

    var event: AsynchronousEvent
    var functionArn: String
    var condition: Condition
    var report: InvocationReport?
    var version: String?
    var time: Instant

    var document: DocumentObject {
        var document: DocumentObject = [
            "version": "1.0", "timestamp": .string(time.iso8601()),
            "requestContext": [
                "requestId": .string(event.requestID),
                "functionArn": .string("\(functionArn):\(event.qualifier ?? FunctionReference.latest)"),
                "condition": .string(condition.rawValue), "approximateInvokeCount": .integer(Int64(event.attempts)),
            ],
            "requestPayload": Self.json(event.payload),
        ]
        guard let report else { return document }
        var response: DocumentObject = [
            "statusCode": 200, "executedVersion": .string(version ?? FunctionReference.latest),
        ]
        if let error = report.functionError { response["functionError"] = .string(error) }
        document["responseContext"] = .object(response)
        document["responsePayload"] = Self.json(report.payload)
        return document
    }

    /// The payload as JSON; as text where it isn't any.
    private static func json(_ payload: [UInt8]) -> DocumentValue {
        if payload.isEmpty { return .null }
        return (try? JSONReader.parse(payload)) ?? .string(String(decoding: payload, as: UTF8.self))
    }
}

extension LambdaService {
    /// Sends what became of an event to where the function's configuration wants it.
    func deliver(
        _ event: AsynchronousEvent, _ function: LambdaFunction, _ condition: DestinationRecord.Condition,
        report: InvocationReport?, version: String?
    ) {
        if condition != .success { sendDeadLetter(event, function, report, version) }
        let config = config(event, function)
        guard let target = condition == .success ? config?.onSuccess : config?.onFailure else { return }
        let record = DestinationRecord(
            event: event, functionArn: function.arn, condition: condition, report: report, version: version,
            time: core.now)
        let text = JSONWriter.string(.object(record.document))
        let cause = core.record(
            .delivery, service: "lambda", action: condition == .success ? "OnSuccess" : "OnFailure", resource: target,
            cause: event.lastInvocation ?? event.cause, detail: "\(condition.rawValue) after \(event.attempts) attempts"
        )
        function.deliveries[target, default: 0] += 1
        send(text, to: target, attributes: nil, function, cause) { [weak self] error in
            guard let self, let error else { return }
            function.undelivered[target, default: 0] += 1
            if let entry = cause.entry { self.core.timeline.amend(entry, error: error.code, detail: error.message) }
            self.metrics(of: function, qualifier: event.qualifier).record(
                self.core.telemetry, .destinationDeliveryFailures, 1)
        }
    }

    /// AWS: the event as it was, with what went wrong in message attributes.
    private func sendDeadLetter(
        _ event: AsynchronousEvent, _ function: LambdaFunction, _ report: InvocationReport?, _ version: String?
    ) {
        // The dead-letter queue belongs to the version's configuration.
        let configuration = version.flatMap { function[version: $0]?.configuration } ?? function.latest.configuration
        guard let target = configuration.deadLetterConfig?.targetArn.nonEmpty else { return }
        let payload = report.flatMap { try? JSONReader.parse($0.payload) }
        let message = payload?["errorMessage"]?.string ?? ""
        var attributes: [String: SQS.MessageAttributeValue] = [
            "RequestID": SQS.MessageAttributeValue(stringValue: event.requestID, dataType: "String"),
            "ErrorCode": SQS.MessageAttributeValue(stringValue: report == nil ? "429" : "200", dataType: "Number"),
        ]
        if !message.isEmpty {
            attributes["ErrorMessage"] = SQS.MessageAttributeValue(
                stringValue: String(decoding: message.utf8.prefix(1024), as: UTF8.self), dataType: "String")
        }
        let cause = core.record(
            .delivery, service: "lambda", action: "DeadLetter", resource: target,
            cause: event.lastInvocation ?? event.cause,
            detail: "after \(event.attempts) attempts")
        function.deliveries[target, default: 0] += 1
        let body = event.payload.isEmpty ? "{}" : String(decoding: event.payload, as: UTF8.self)
        send(body, to: target, attributes: attributes, function, cause) { [weak self] error in
            guard let self, let error else { return }
            function.undelivered[target, default: 0] += 1
            if let entry = cause.entry { self.core.timeline.amend(entry, error: error.code, detail: error.message) }
            self.metrics(of: function).record(self.core.telemetry, .deadLetterErrors, 1)
        }
    }

    private func send(
        _ text: String, to target: String, attributes: [String: SQS.MessageAttributeValue]?, _ function: LambdaFunction,
        _ cause: Cause, completion: @escaping (ServiceError?) -> Void
    ) {
        let parts = target.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 6 else { return completion(.lambdaResourceMissing) }
        var caller = caller(for: function)
        if !parts[3].isEmpty { caller.scope.region = parts[3] }
        switch parts[2] {
        case "sqs":
            let url = "\(core.configuration.endpoint)/\(parts[4])/\(parts[5])"
            core.call(
                SQS.sendMessage,
                SQS.SendMessageRequest(queueUrl: url, messageBody: text, messageAttributes: attributes),
                caller: caller, cause: cause
            ) { result in
                if case .failure(let error) = result { completion(error) } else { completion(nil) }
            }
        case "lambda":
            core.call(
                Lambda.invoke,
                Lambda.InvocationRequest(functionName: target, invocationType: "Event", payload: Array(text.utf8)),
                caller: caller, cause: cause
            ) { result in
                if case .failure(let error) = result { completion(error) } else { completion(nil) }
            }
        case "sns":
            let attributes = attributes?.mapValues {
                SNS.MessageAttributeValue(dataType: $0.dataType, stringValue: $0.stringValue)
            }
            core.call(
                SNS.publish, SNS.PublishInput(topicArn: target, message: text, messageAttributes: attributes),
                caller: caller, cause: cause
            ) { result in
                if case .failure(let error) = result { completion(error) } else { completion(nil) }
            }
        case "events": putEvent(text, on: target, function, caller, cause, completion: completion)
        case "s3":
            let day = String(core.now.iso8601().prefix(10))
            let time = String(core.now.iso8601().dropFirst(11).prefix(8)).replacing(":", with: ".")
            let key =
                "aws/lambda/async/\(function.name)/\(day.replacing("-", with: "/"))/\(day)T\(time)-\(core.identifiers.uuid())"
            core.call(
                S3.putObject,
                S3.PutObjectRequest([
                    "Body": .bytes(Array(text.utf8)), "Bucket": .string(parts[5]), "Key": .string(key),
                ]),
                caller: caller, cause: cause
            ) { result in
                if case .failure(let error) = result { completion(error) } else { completion(nil) }
            }
        default: completion(.lambdaNotFound("No service of this engine takes records for \(target)."))
        }
    }

    /// AWS: the record is the event's detail; its type tells how the invocation ended.
    private func putEvent(
        _ text: String, on bus: String, _ function: LambdaFunction, _ caller: Caller, _ cause: Cause,
        completion: @escaping (ServiceError?) -> Void
    ) {
        let condition = (try? JSONReader.parse(text))?["requestContext"]?["condition"]?.string
        let outcome = condition == DestinationRecord.Condition.success.rawValue ? "Success" : "Failure"
        let entry = Events.PutEventsRequestEntry(
            source: "lambda", resources: [bus, "\(function.arn):\(FunctionReference.latest)"],
            detailType: "Lambda Function Invocation Result - \(outcome)", detail: text, eventBusName: bus)
        core.call(Events.putEvents, Events.PutEventsRequest(entries: [entry]), caller: caller, cause: cause) { result in
            switch result {
            case .failure(let error): completion(error)
            case .success(let answer):
                let failed = answer.entries?.first { $0.errorCode != nil }
                completion(failed.map { ServiceError($0.errorCode ?? "", $0.errorMessage ?? "") })
            }
        }
    }
}
