import AWSModel
import AWSTypes
import StatesLanguage

/// What a Task's resource does here.
extension StepFunctionsService {
    /// What is valid on AWS and not built yet, as findings against a definition.
    static func missingIntegrations(_ definition: StateMachineDefinition) -> [Diagnostic] {
        definition.allStates.compactMap { state in
            if case .map(let map) = state.kind, map.distributed != nil {
                return Diagnostic(
                    .notImplemented, "Skua does not run distributed Map states yet", at: "/States/\(state.name)")
            }
            guard case .task(let task) = state.kind, !isBuilt(task.resource) else { return nil }
            return Diagnostic(
                .notImplemented, "Skua does not run the resource \(task.resource.arn) yet",
                at: "/States/\(state.name)/Resource")
        }
    }

    private static func isBuilt(_ resource: TaskResource) -> Bool {
        switch resource {
        case .lambdaFunction: true
        case .activity: false
        case .integration(let integration):
            switch (integration.service, integration.action) {
            case ("lambda", "invoke"), ("sqs", "sendMessage"):
                integration.pattern == .requestResponse || integration.pattern == .waitForTaskToken
            default: false
            }
        }
    }

    func start(_ order: TaskOrder, for record: ExecutionRecord) {
        if let state = record.revision.definition?.state(named: order.stateName),
            let target = Self.targetArn(of: state, record.machine.scope)
        {
            record.machine.taskCounts[target, default: 0] += 1
        }
        switch order.resource {
        case .lambdaFunction(let arn): invokeFunction(arn, order, record)
        case .integration(let integration) where integration.service == "lambda":
            invokeLambda(integration, order, record)
        case .integration(let integration) where integration.service == "sqs": sendMessage(integration, order, record)
        default:
            core.later { [unowned self] in
                apply(
                    .taskFailed(
                        order.id, error: "States.Runtime",
                        cause: "Skua does not run the resource \(order.resource.arn) yet."),
                    to: record)
            }
        }
    }

    /// Calls go out in the name of the machine's role.
    private func caller(_ order: TaskOrder, _ record: ExecutionRecord) -> Caller {
        let scope = record.machine.scope
        let role = order.roleArn ?? record.revision.roleArn
        let roleName = role.split(separator: "/").last.map(String.init) ?? role
        return Caller(
            scope: scope,
            principalArn:
                "arn:\(scope.partition):sts::\(scope.accountID):assumed-role/\(roleName)/\(record.name.prefix(32))",
            userID: "\(roleName):\(record.name.prefix(32))", endpoint: core.configuration.endpoint,
            servicePrincipal: "states.amazonaws.com")
    }

    private func cause(_ order: TaskOrder, _ record: ExecutionRecord) -> Cause {
        core.record(
            .transition, service: "states", action: "TaskScheduled", resource: record.arn, cause: record.origin,
            detail: "\(order.stateName) → \(order.resource.arn)")
    }

    // MARK: Lambda

    /// A function's ARN as Resource: the input is the payload, the payload is the result.
    private func invokeFunction(_ arn: String, _ order: TaskOrder, _ record: ExecutionRecord) {
        let request = Lambda.InvocationRequest(functionName: arn, payload: Array(order.parameters.text.utf8))
        core.call(Lambda.invoke, request, caller: caller(order, record), cause: cause(order, record)) {
            [unowned self] result in
            switch result {
            case .failure(let error): fail(order, record, Self.lambdaError(error, core))
            case .success(let response):
                let text = Self.text(response.payload)
                if response.functionError != nil {
                    // AWS: here the cause is the runtime's own text, byte for byte.
                    let error = Self.functionError(text)
                    apply(.taskFailed(order.id, error: error.name, cause: error.cause ?? text), to: record)
                } else {
                    apply(.taskSucceeded(order.id, Self.payload(text)), to: record)
                }
            }
        }
    }

    private func invokeLambda(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        let parameters = order.parameters.value.object ?? [:]
        guard let functionName = parameters.string("FunctionName") else {
            core.later { [unowned self] in
                fail(
                    order, record,
                    (
                        "Lambda.AWSLambdaException",
                        Self.sdkCause(
                            ServiceError(
                                "ValidationException",
                                "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be null"
                            ),
                            "AWSLambda", core)
                    ))
            }
            return
        }
        var request = Lambda.InvocationRequest(functionName: functionName)
        request.qualifier = parameters.string("Qualifier")
        request.invocationType = parameters.string("InvocationType")
        request.logType = parameters.string("LogType")
        request.clientContext = parameters.string("ClientContext")
        request.payload = Array(Self.lambdaPayload(parameters["Payload"]).utf8)
        core.call(Lambda.invoke, request, caller: caller(order, record), cause: cause(order, record)) {
            [unowned self] result in
            switch result {
            case .failure(let error): fail(order, record, Self.lambdaError(error, core))
            case .success(let response):
                let text = Self.text(response.payload)
                if response.functionError != nil {
                    let error = Self.functionError(text)
                    // AWS: here the cause is compact JSON.
                    let compact = (try? JSONReader.parse(text)).map { JSONWriter.string($0) } ?? text
                    apply(.taskFailed(order.id, error: error.name, cause: error.cause ?? compact), to: record)
                    return
                }
                let output = Payload(.object(Self.lambdaOutput(response, text, core)))
                apply(
                    integration.pattern == .waitForTaskToken
                        ? .taskSubmitted(order.id, output) : .taskSucceeded(order.id, output), to: record)
            }
        }
    }

    /// AWS: a payload that is a text holding JSON goes out as that JSON; nothing at all is `{}`.
    private static func lambdaPayload(_ value: DocumentValue?) -> String {
        guard let value else { return "{}" }
        if let text = value.string, (try? JSONReader.parse(text)) != nil { return text }
        return JSONWriter.string(value)
    }

    private static func text(_ payload: [UInt8]?) -> String {
        payload.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func payload(_ text: String) -> Payload {
        if text.isEmpty { return Payload(.null) }
        return (try? Payload(parsing: text)) ?? Payload(.string(text))
    }

    /// The name under which a function's own failure is matched.
    /// AWS: a crash is `Lambda.Unknown`; everything else goes by the payload's `errorType`.
    private static func functionError(_ text: String) -> (name: String, cause: String?) {
        guard let type = (try? JSONReader.parse(text))?["errorType"]?.string else {
            return (
                "Lambda.Unknown",
                "The cause could not be determined because Lambda did not return an error type. Returned payload: \(text)"
            )
        }
        return (type == "Runtime.ExitError" ? "Lambda.Unknown" : type, nil)
    }

    private static func lambdaError(_ error: ServiceError, _ core: EngineCore) -> (String, String) {
        let name =
            switch error.code {
            case "ServiceException", "TooManyRequestsException", "ResourceNotFoundException": "Lambda.\(error.code)"
            case "InternalFailure", "ServiceUnavailable": "Lambda.SdkClientException"
            default:
                error.code.hasSuffix("Exception") && error.code != "ValidationException"
                    ? "Lambda.\(error.code)" : "Lambda.AWSLambdaException"
            }
        return (name, sdkCause(error, "AWSLambda", core))
    }

    private static func lambdaOutput(_ response: Lambda.InvocationResponse, _ text: String, _ core: EngineCore)
        -> DocumentObject
    {
        let requestID = core.identifiers.uuid()
        let trace =
            "root=1-\(core.identifiers.hex(8))-\(core.identifiers.hex(24));parent=\(core.identifiers.hex(16));sampled=0;lineage=1:\(core.identifiers.hex(8)):0"
        var headers: [(String, String)] = [
            ("X-Amz-Executed-Version", response.executedVersion ?? "$LATEST"), ("x-amzn-Remapped-Content-Length", "0"),
            ("Connection", "keep-alive"), ("x-amzn-RequestId", requestID), ("Content-Length", String(text.utf8.count)),
            ("Date", core.now.httpDate), ("X-Amzn-Trace-Id", trace), ("Content-Type", "application/json"),
        ]
        if let log = response.logResult { headers.insert(("X-Amz-Log-Result", log), at: 0) }
        var output = DocumentObject()
        if let version = response.executedVersion { output["ExecutedVersion"] = .string(version) }
        if let log = response.logResult { output["LogResult"] = .string(log) }
        output["Payload"] = payload(text).value
        output["SdkHttpMetadata"] = metadata(headers, status: response.statusCode ?? 200)
        output["SdkResponseMetadata"] = ["RequestId": .string(requestID)]
        output["StatusCode"] = .integer(Int64(response.statusCode ?? 200))
        return output
    }

    // MARK: SQS

    private func sendMessage(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
        var parameters = order.parameters.value.object ?? [:]
        for field in ["MessageBody", "QueueUrl"] where parameters[field] == nil || parameters[field]?.isNull == true {
            core.later { [unowned self] in
                let error = ServiceError("MissingParameter", "The request must contain the parameter \(field).")
                fail(order, record, ("SQS.AmazonSQSException", Self.sdkCause(error, "AmazonSQS", core)))
            }
            return
        }
        // AWS: anything but a text goes out as its JSON.
        if let body = parameters["MessageBody"], body.string == nil {
            parameters["MessageBody"] = .string(JSONWriter.string(body))
        }
        core.call(
            SQS.sendMessage, SQS.SendMessageRequest(parameters), caller: caller(order, record),
            cause: cause(order, record)
        ) { [unowned self] result in
            switch result {
            case .failure(let error): fail(order, record, Self.sqsError(error, core))
            case .success(let response):
                let requestID = core.identifiers.uuid()
                var output = response.document
                let length = JSONWriter.string(.object(output)).utf8.count
                let headers = [
                    ("x-amzn-RequestId", requestID), ("connection", "keep-alive"), ("Content-Length", String(length)),
                    ("Date", core.now.httpDate), ("Content-Type", "application/x-amz-json-1.0"),
                ]
                output["SdkHttpMetadata"] = Self.metadata(headers, status: 200)
                output["SdkResponseMetadata"] = ["RequestId": .string(requestID)]
                let payload = Payload(.object(output))
                apply(
                    integration.pattern == .waitForTaskToken
                        ? .taskSubmitted(order.id, payload) : .taskSucceeded(order.id, payload), to: record)
            }
        }
    }

    private static func sqsError(_ error: ServiceError, _ core: EngineCore) -> (String, String) {
        let named: Set<String> = ["QueueDoesNotExist", "InvalidMessageContents", "InvalidAttributeName"]
        let name = named.contains(error.code) ? "SQS.\(error.code)Exception" : "SQS.AmazonSQSException"
        return (name, sdkCause(error, "AmazonSQS", core))
    }

    // MARK: Common

    private func fail(_ order: TaskOrder, _ record: ExecutionRecord, _ failure: (error: String, cause: String)) {
        apply(.taskFailed(order.id, error: failure.error, cause: failure.cause), to: record)
    }

    /// The cause as the SDK's version 1 words it, which the optimized integrations show.
    private static func sdkCause(_ error: ServiceError, _ service: String, _ core: EngineCore) -> String {
        "\(error.message) (Service: \(service); Status Code: \(error.status); Error Code: \(error.code); Request ID: \(core.identifiers.uuid()); Proxy: null)"
    }

    private static func metadata(_ headers: [(String, String)], status: Int) -> DocumentValue {
        [
            "AllHttpHeaders": .object(DocumentObject(headers.map { ($0.0, .list([.string($0.1)])) })),
            "HttpHeaders": .object(DocumentObject(headers.map { ($0.0, .string($0.1)) })),
            "HttpStatusCode": .integer(Int64(status)),
        ]
    }
}
