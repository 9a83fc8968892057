import AWSModel
import AWSTypes
import StatesLanguage

/// `lambda:invoke`, and functions named by their ARN.
extension StepFunctionsService {
    /// A function's ARN as Resource: the input is the payload, the payload is the result.
    func invokeFunction(_ arn: String, _ order: TaskOrder, _ record: ExecutionRecord) {
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

    func invokeLambda(_ integration: ServiceIntegration, _ order: TaskOrder, _ record: ExecutionRecord) {
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
        // AWS: of the call's own fields, and no others.
        guard let invoke = Lambda.model.operations["Invoke"],
            self.request(parameters, to: invoke, order, record) != nil
        else { return }
        var request = Lambda.InvocationRequest(functionName: functionName)
        request.qualifier = parameters.string("Qualifier")
        request.invocationType = parameters.string("InvocationType")
        request.logType = parameters.string("LogType")
        request.clientContext = parameters.string("ClientContext")
        request.payload = Array(Self.lambdaPayload(parameters["Payload"]).utf8)
        if let failure = ModelValidator.validate(request.document, invoke, of: Lambda.model) {
            let error = ServiceError(failure.code, failure.message)
            return core.later { [unowned self] in fail(order, record, Self.lambdaError(error, core)) }
        }
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
                answered(integration, order, record, output)
            }
        }
    }

    /// AWS: a payload that is a text holding JSON goes out as that JSON; nothing at all, or null, is `{}`.
    private static func lambdaPayload(_ value: DocumentValue?) -> String {
        guard let value, !value.isNull else { return "{}" }
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
        var error = error
        // AWS: the call names the version that it asks for, so that the answer does too.
        if error.message.hasPrefix("Function not found: "), error.message.split(separator: ":").count == 8 {
            error.message += ":$LATEST"
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
}
