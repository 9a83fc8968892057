import AWSModel
import AWSTypes

extension LambdaService {
    private static let maximumSynchronousPayload = 6_291_456
    private static let maximumAsynchronousPayload = 1_048_576
    /// AWS: a little more than the request's limit.
    private static let maximumResponse = 6_291_556

    func invoke(
        _ input: Lambda.InvocationRequest, _ call: Call, _ reply: Reply<Lambda.InvocationResponse>
    ) throws(ServiceError) {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let payload = input.payload ?? []
        let type = input.invocationType ?? "RequestResponse"
        let function = try function(reference)
        let invocation = try invocationInput(
            payload: payload, clientContext: input.clientContext, type: type, call)
        let target = try target(reference)
        switch type {
        case "DryRun":
            reply.succeed(Lambda.InvocationResponse(statusCode: 204, executedVersion: target.version))
        case "Event":
            enqueue(
                AsynchronousEvent(
                    requestID: call.requestID, functionName: function.name, scope: function.scope,
                    qualifier: reference.qualifier, payload: invocation.payload,
                    clientContext: invocation.clientContext, accepted: core.now, cause: call.cause, due: core.now),
                for: function)
            reply.succeed(Lambda.InvocationResponse(statusCode: 202))
        case "RequestResponse":
            let wantsLog = input.logType == "Tail"
            try run(target, invocation) { report, _ in
                reply.succeed(Self.response(report, version: target.version, wantsLog: wantsLog))
            }
        default:
            throw .lambdaConstraint(
                type, at: "invocationType", "satisfy enum value set: [Event, RequestResponse, DryRun]")
        }
    }

    /// What a request gives a function, checked.
    func invocationInput(
        payload: [UInt8], clientContext: String?, type: String, _ call: Call
    ) throws(ServiceError) -> InvocationInput {
        let limit = type == "Event" ? Self.maximumAsynchronousPayload : Self.maximumSynchronousPayload
        guard payload.count <= limit else {
            throw .lambda(
                "RequestTooLargeException",
                "\(payload.count) byte payload is too large for the \(type) invocation type (limit \(limit) bytes)",
                status: 413)
        }
        try checkIsJSON(payload)
        return InvocationInput(
            payload: payload.isEmpty ? Array("{}".utf8) : payload, requestID: call.requestID,
            clientContext: try decodeClientContext(clientContext), cause: call.cause, trigger: "Invoke")
    }

    /// The deprecated operation: always asynchronous.
    func invokeAsync(_ input: Lambda.InvokeAsyncRequest, _ call: Call) throws(ServiceError)
        -> Lambda.InvokeAsyncResponse
    {
        let reference = try FunctionReference(input.functionName, from: call.scope)
        core.attribute(call, to: reference.arn)
        let function = try function(reference)
        try checkIsJSON(input.invokeArgs)
        _ = try target(reference)
        enqueue(
            AsynchronousEvent(
                requestID: call.requestID, functionName: function.name, scope: function.scope,
                qualifier: reference.qualifier, payload: input.invokeArgs, clientContext: nil, accepted: core.now,
                cause: call.cause, due: core.now),
            for: function)
        return Lambda.InvokeAsyncResponse(status: 202)
    }

    private static func response(
        _ report: InvocationReport, version: String, wantsLog: Bool
    ) -> Lambda.InvocationResponse {
        var response = Lambda.InvocationResponse(
            statusCode: 200, functionError: report.functionError, payload: report.payload, executedVersion: version)
        if report.payload.count > maximumResponse {
            let text = "Response payload size exceeded maximum allowed payload size (\(maximumResponse) bytes)."
            response.functionError = "Unhandled"
            response.payload = JSONWriter.bytes([
                "errorType": "Function.ResponseSizeTooLarge", "errorMessage": .string(text),
            ])
        }
        if wantsLog { response.logResult = Base64.encode(report.logTail) }
        return response
    }

    /// AWS: the words of its JSON parser, here with the reader's own description of what is wrong.
    private func checkIsJSON(_ payload: [UInt8]) throws(ServiceError) {
        guard !payload.isEmpty else { return }
        do throws(JSONSyntaxError) {
            _ = try JSONReader.parse(payload)
        } catch {
            throw .lambda(
                "InvalidRequestContentException",
                "Could not parse request body into json: Could not parse payload into json: \(Self.jacksonMessage(error, payload))"
            )
        }
    }

    /// As Jackson, which AWS uses, puts it.
    private static func jacksonMessage(_ error: JSONSyntaxError, _ payload: [UInt8]) -> String {
        let place =
            "\n at [Source: (byte[])\"\(String(decoding: payload.prefix(500), as: UTF8.self))\"; line: \(error.line), column: \(error.column)]"
        switch error.reason {
        case .unrecognizedToken(let token):
            return
                "Unrecognized token '\(token)': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\(place)"
        case .unexpectedCharacter(let byte):
            return
                "Unexpected character ('\(Character(Unicode.Scalar(byte)))' (code \(byte))): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\(place)"
        case .unexpectedEnd: return "Unexpected end-of-input\(place)"
        default: return "\(error.description)\(place)"
        }
    }

    private func decodeClientContext(_ encoded: String?) throws(ServiceError) -> String? {
        guard let encoded, !encoded.isEmpty else { return nil }
        guard let bytes = Base64.decode(encoded), (try? JSONReader.parse(bytes)) != nil else {
            throw .lambda(
                "InvalidRequestContentException", "Client context must be a valid Base64-encoded JSON object.")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
