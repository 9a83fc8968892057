import AWSModel
import AWSTypes
import StatesLanguage

/// What a Task's resource does here.
extension StepFunctionsService {
    func start(_ order: TaskOrder, for record: ExecutionRecord) {
        if let state = record.revision.definition?.state(named: order.stateName),
            let target = Self.targetArn(of: state, record.machine.scope)
        {
            record.machine.taskCounts[target, default: 0] += 1
            record.taskTargets[order.id] = target
        }
        if answerFromMocks(order, record) { return }
        switch order.resource {
        case .lambdaFunction(let arn): invokeFunction(arn, order, record)
        case .activity(let arn): offer(order, of: arn, record)
        case .integration(let integration):
            switch (integration.service, integration.action) {
            case ("lambda", "invoke"): invokeLambda(integration, order, record)
            case ("sqs", "sendMessage"): sendMessage(integration, order, record)
            case ("states", "startExecution"): startExecution(integration, order, record)
            case ("sns", "publish"): publish(integration, order, record)
            case ("events", "putEvents"): putEvents(integration, order, record)
            case ("http", "invoke"): invokeHTTP(order, record)
            case (let service, _) where service.hasPrefix("aws-sdk:"): callService(integration, order, record)
            default: failMissing(order, record, "the integration \(integration.service):\(integration.action)")
            }
        }
    }

    /// A task that is valid on AWS, but needs what Skua does not have.
    func failMissing(_ order: TaskOrder, _ record: ExecutionRecord, _ what: String) {
        core.later { [unowned self] in
            fail(
                order, record,
                (
                    "States.Runtime",
                    "Skua does not have \(what), which the resource \(order.resource.arn) needs. Mock the state to run it."
                ))
        }
    }

    /// Calls go out in the name of the machine's role.
    func caller(_ order: TaskOrder, _ record: ExecutionRecord) -> Caller {
        var scope = record.machine.scope
        let role = order.roleArn ?? record.revision.roleArn
        // AWS: `Credentials` of another account call into that account.
        if order.roleArn != nil, let account = ARN(role)?.accountID, !account.isEmpty { scope.accountID = account }
        let roleName = role.split(separator: "/").last.map(String.init) ?? role
        return Caller(
            scope: scope,
            principalArn:
                "arn:\(scope.partition):sts::\(scope.accountID):assumed-role/\(roleName)/\(record.name.prefix(32))",
            userID: "\(roleName):\(record.name.prefix(32))", endpoint: core.configuration.endpoint,
            servicePrincipal: "states.amazonaws.com")
    }

    func cause(_ order: TaskOrder, _ record: ExecutionRecord) -> Cause {
        core.record(
            .transition, service: "states", action: "TaskScheduled", resource: record.arn, cause: record.origin,
            detail: "\(order.stateName) → \(order.resource.arn)")
    }

    /// The request was answered: the result, or with a token only the news that it went out.
    func answered(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord, _ output: Payload) {
        apply(
            integration.pattern == .waitForTaskToken
                ? .taskSubmitted(order.id, output) : .taskSucceeded(order.id, output), to: record)
    }

    func fail(_ order: TaskOrder, _ record: ExecutionRecord, _ failure: (error: String, cause: String)) {
        let isRefused = failure.cause.hasPrefix("User: ") && failure.cause.contains(" is not authorized to perform: ")
        apply(
            .taskFailed(order.id, error: isRefused ? "States.Permissions" : failure.error, cause: failure.cause),
            to: record)
    }

    /// The cause as the SDK's version 1 words it, which the optimized integrations show.
    static func sdkCause(_ error: ServiceError, _ service: String, _ core: EngineCore) -> String {
        "\(error.message) (Service: \(service); Status Code: \(error.status); Error Code: \(error.code); Request ID: \(core.identifiers.uuid()); Proxy: null)"
    }

    /// `SdkHttpMetadata` and `SdkResponseMetadata`, which version 1 of the SDK adds to a result.
    func addMetadata(to output: inout DocumentObject, length: Int, contentType: String) {
        let requestID = core.identifiers.uuid()
        let headers = [
            ("x-amzn-RequestId", requestID), ("connection", "keep-alive"), ("Content-Length", String(length)),
            ("Date", core.now.httpDate), ("Content-Type", contentType),
        ]
        output["SdkHttpMetadata"] = Self.metadata(headers, status: 200)
        output["SdkResponseMetadata"] = ["RequestId": .string(requestID)]
    }

    static func metadata(_ headers: [(String, String)], status: Int) -> DocumentValue {
        [
            "AllHttpHeaders": .object(DocumentObject(headers.map { ($0.0, .list([.string($0.1)])) })),
            "HttpHeaders": .object(DocumentObject(headers.map { ($0.0, .string($0.1)) })),
            "HttpStatusCode": .integer(Int64(status)),
        ]
    }
}

extension DocumentObject {
    /// AWS: anything but a text goes out as its JSON.
    mutating func serialise(_ key: String) {
        if let value = self[key], value.string == nil { self[key] = .string(JSONWriter.string(value)) }
    }

    /// Members in the order of their names, as the SDK's version 1 writes descriptions.
    var sortedByName: DocumentObject { DocumentObject(sorted { $0.0 < $1.0 }) }
}
