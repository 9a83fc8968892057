import AWSModel
import AWSTypes

/// One batch on its way through enrichment to the target.
final class PipeBatch {
    struct Item {
        var message: ReceivedMessage
        var record: DocumentValue
    }

    typealias Completion = (_ handled: Set<String>, _ failure: DeliveryFailure?) -> Void

    private let pipe: EventPipe
    private let core: EngineCore
    private let items: [Item]
    private let cause: Cause

    init(pipe: EventPipe, core: EngineCore, items: [Item], cause: Cause) {
        self.pipe = pipe
        self.core = core
        self.items = items
        self.cause = cause
    }

    private var ids: Set<String> { Set(items.map(\.message.messageID)) }
    private var template: PipeTemplate { PipeTemplate(pipe: pipe, now: core.now) }

    private var caller: Caller {
        Caller(
            scope: pipe.scope, principalArn: pipe.settings.roleArn, endpoint: core.configuration.endpoint,
            servicePrincipal: "pipes.amazonaws.com")
    }

    func run(_ completion: @escaping Completion) {
        let records = items.map(\.record)
        guard let enrichment = pipe.settings.enrichment, !enrichment.isEmpty else {
            return deliver(records, isOriginal: true, completion)
        }
        let inputs = records.map { template.value(pipe.settings.enrichmentParameters?.inputTemplate, $0) }
        enrich(.list(inputs), enrichment) { [self] result in
            switch result {
            case .failure(let failure): completion([], failure)
            case .success(let value):
                // AWS: the enrichment's result takes the events' place; an empty one ends the batch.
                let events = value.list ?? [value]
                guard !events.isEmpty, !value.isNull else { return completion(ids, nil) }
                deliver(events, isOriginal: false, completion)
            }
        }
    }

    private func enrich(
        _ input: DocumentValue, _ arn: String, _ completion: @escaping (Result<DocumentValue, DeliveryFailure>) -> Void
    ) {
        switch ARN(arn)?.service {
        case "lambda": invoke(arn, input) { completion($0.map { (try? JSONReader.parse($0)) ?? .null }) }
        case "states": startSync(arn, input, completion)
        case "events":
            let parameters = pipe.settings.enrichmentParameters?.httpParameters.map {
                Events.HttpParameters($0.document)
            }
            request(arn, parameters, JSONWriter.string(input)) { answer in
                completion(
                    answer.map { (try? JSONReader.parse($0.body)) ?? .string(String(decoding: $0.body, as: UTF8.self)) }
                )
            }
        default:
            completion(
                .failure(
                    DeliveryFailure(
                        code: "NO_RESOURCE", message: "Skua does not enrich through \(arn) yet.", isRetryable: false)))
        }
    }

    /// Through an API destination.
    private func request(
        _ arn: String, _ parameters: Events.HttpParameters?, _ body: String,
        _ completion: @escaping (EventsService.DestinationAnswer) -> Void
    ) {
        guard let events = core.service(EventsService.self) else {
            return completion(
                .failure(
                    DeliveryFailure(code: "NO_RESOURCE", message: "\(arn) does not exist.", isRetryable: false)))
        }
        events.call(destinationArn: arn, parameters, body: body, completion)
    }

    private func invoke(
        _ arn: String, _ input: DocumentValue, _ completion: @escaping (Result<[UInt8], DeliveryFailure>) -> Void
    ) {
        core.call(
            Lambda.invoke,
            Lambda.InvocationRequest(
                functionName: arn, invocationType: "RequestResponse", payload: JSONWriter.bytes(input)),
            caller: caller, cause: cause
        ) { result in
            switch result {
            case .failure(let error): completion(.failure(DeliveryFailure(error)))
            case .success(let response):
                guard response.functionError == nil else {
                    let message = (response.payload.flatMap { try? JSONReader.parse($0) })?["errorMessage"]?.string
                    return completion(
                        .failure(
                            DeliveryFailure(
                                code: "FUNCTION_ERROR", message: message ?? "The function failed.", isRetryable: true)))
                }
                completion(.success(response.payload ?? []))
            }
        }
    }

    private func startSync(
        _ arn: String, _ input: DocumentValue, _ completion: @escaping (Result<DocumentValue, DeliveryFailure>) -> Void
    ) {
        core.call(
            SFN.startSyncExecution,
            SFN.StartSyncExecutionInput(stateMachineArn: arn, input: JSONWriter.string(input)), caller: caller,
            cause: cause
        ) { result in
            switch result {
            case .failure(let error): completion(.failure(DeliveryFailure(error)))
            case .success(let output):
                guard output.status == "SUCCEEDED" else {
                    return completion(
                        .failure(
                            DeliveryFailure(
                                code: output.error ?? output.status, message: output.cause ?? "The execution failed.",
                                isRetryable: true)))
                }
                completion(.success((try? JSONReader.parse(output.output ?? "null")) ?? .null))
            }
        }
    }

    // MARK: Target

    private func deliver(_ events: [DocumentValue], isOriginal: Bool, _ completion: @escaping Completion) {
        let parameters = pipe.settings.targetParameters
        let bodies = events.map { template.value(parameters?.inputTemplate, $0) }
        let isWaiting: Bool
        switch ARN(pipe.targetArn)?.service {
        case "lambda":
            isWaiting = parameters?.lambdaFunctionParameters?.invocationType != "FIRE_AND_FORGET"
            if isWaiting { return invokeTarget(.list(bodies), completion) }
            deliverWhole(.list(bodies), completion)
        case "states":
            isWaiting = parameters?.stepFunctionStateMachineParameters?.invocationType != "FIRE_AND_FORGET"
            if isWaiting {
                startSync(pipe.targetArn, .list(bodies)) { [self] result in
                    switch result {
                    case .success: completion(ids, nil)
                    case .failure(let failure): completion([], failure)
                    }
                }
                return
            }
            deliverWhole(.list(bodies), completion)
        default: deliverEach(bodies, of: events, isOriginal: isOriginal, completion)
        }
    }

    private func invokeTarget(_ input: DocumentValue, _ completion: @escaping Completion) {
        invoke(pipe.targetArn, input) { [self] result in
            switch result {
            case .failure(let failure): completion([], failure)
            case .success(let payload):
                switch BatchResponse(payload, known: ids) {
                case .allSucceeded: completion(ids, nil)
                case .failed(let failed):
                    completion(
                        ids.subtracting(failed),
                        DeliveryFailure(
                            code: "PARTIAL_FAILURE", message: "\(failed.count) messages were reported as failed.",
                            isRetryable: true))
                // What is no report of failures is an ordinary result.
                case .allFailed: completion(reportsFailures(payload) ? [] : ids, nil)
                }
            }
        }
    }

    private func reportsFailures(_ payload: [UInt8]) -> Bool {
        (try? JSONReader.parse(payload))?["batchItemFailures"] != nil
    }

    private func deliverWhole(_ body: DocumentValue, _ completion: @escaping Completion) {
        core.deliver(delivery(JSONWriter.string(body), event: body)) { [self] result in
            switch result {
            case .success: completion(ids, nil)
            case .failure(let failure): completion([], failure)
            }
        }
    }

    private func delivery(_ body: String, event: DocumentValue) -> TargetDelivery {
        let parameters = pipe.settings.targetParameters
        let bus = parameters?.eventBridgeEventBusParameters
        return TargetDelivery(
            targetArn: pipe.targetArn, body: body,
            messageGroupID: PipeTemplate.parameter(parameters?.sqsQueueParameters?.messageGroupId, event),
            messageDeduplicationID: PipeTemplate.parameter(
                parameters?.sqsQueueParameters?.messageDeduplicationId, event),
            eventSource: PipeTemplate.parameter(bus?.source, event) ?? "Pipe \(pipe.name)",
            eventDetailType: PipeTemplate.parameter(bus?.detailType, event) ?? "Event from aws:sqs",
            logStream: PipeTemplate.parameter(parameters?.cloudWatchLogsParameters?.logStreamName, event),
            roleArn: pipe.settings.roleArn, principal: "pipes.amazonaws.com", sourceArn: pipe.arn, scope: pipe.scope,
            cause: cause)
    }

    private func send(
        _ text: String, _ event: DocumentValue, _ completion: @escaping (Result<Void, DeliveryFailure>) -> Void
    ) {
        if let arn = ARN(pipe.targetArn), arn.service == "events", arn.resourceType == "api-destination" {
            let http = pipe.settings.targetParameters?.httpParameters
            let parameters = Events.HttpParameters(
                pathParameterValues: http?.pathParameterValues?.map { PipeTemplate.parameter($0, event) ?? "" },
                headerParameters: http?.headerParameters?.mapValues { PipeTemplate.parameter($0, event) ?? "" },
                queryStringParameters: http?.queryStringParameters?.mapValues {
                    PipeTemplate.parameter($0, event) ?? ""
                })
            return request(pipe.targetArn, parameters, text) { answer in completion(answer.map { _ in () }) }
        }
        core.deliver(delivery(text, event: event)) { result in completion(result.map { _ in () }) }
    }

    /// Targets that take one event at a time: those that arrived are handled, the others come again.
    private func deliverEach(
        _ bodies: [DocumentValue], of events: [DocumentValue], isOriginal: Bool, _ completion: @escaping Completion
    ) {
        var remaining = bodies.count
        var failed: Set<Int> = []
        var failure: DeliveryFailure?
        for (index, body) in bodies.enumerated() {
            let text = body.string ?? JSONWriter.string(body)
            send(text, events[index]) { [self] result in
                if case .failure(let error) = result {
                    failed.insert(index)
                    failure = error
                }
                remaining -= 1
                guard remaining == 0 else { return }
                if failed.isEmpty {
                    completion(ids, nil)
                } else if isOriginal {
                    completion(
                        Set(items.enumerated().filter { !failed.contains($0.offset) }.map(\.element.message.messageID)),
                        failure)
                } else {
                    completion([], failure)
                }
            }
        }
    }
}
