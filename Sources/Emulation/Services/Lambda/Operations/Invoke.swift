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
        let function = try invoked(reference)
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
            // AWS: not the code that the model has for it.
            throw .lambda(
                "RequestEntityTooLargeException",
                type == "Event"
                    ? "\(payload.count) byte payload is too large for the Event invocation type (limit \(limit) bytes)"
                    : "Request must be smaller than \(limit) bytes for the InvokeFunction operation", status: 413)
        }
        try checkIsJSON(payload)
        return InvocationInput(
            payload: payload.isEmpty ? Array("{}".utf8) : payload, requestID: call.requestID,
            clientContext: try decodeClientContext(clientContext), cause: call.cause, trigger: "Invoke")
    }

    /// AWS: only here a function that isn't there is named with `$LATEST`.
    func invoked(_ reference: FunctionReference) throws(ServiceError) -> LambdaFunction {
        guard let function = existingFunction(reference) else {
            throw .functionNotFound(
                "\(reference.functionArn):\(reference.qualifier ?? FunctionReference.latest)")
        }
        return function
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
                "errorMessage": .string(text), "errorType": "Function.ResponseSizeTooLarge",
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

    /// As Jackson, which AWS uses, puts it. Its source is not shown any more.
    private static func jacksonMessage(_ error: JSONSyntaxError, _ payload: [UInt8]) -> String {
        func place(_ line: Int, _ column: Int) -> String {
            "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: \(line), column: \(column)]"
        }
        let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
        if case .unexpectedCharacter(let byte) = error.reason {
            let shown =
                byte < 0x20 || (0x7F..<0xA0).contains(byte)
                ? "(CTRL-CHAR, code \(byte))" : "'\(Character(Unicode.Scalar(byte)))' (code \(byte))"
            return
                "Unexpected character (\(shown)): expected a valid value \(values)\(place(error.line, error.column))"
        }
        if let wrong = invalidUTF8(in: payload) {
            let before = payload[..<wrong]
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            let column = wrong - (before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0) + 2
            let byte = String(payload[wrong], radix: 16)
            return "Invalid UTF-8 start byte 0x\(byte)\(place(line, column))"
        }
        switch error.reason {
        case .unrecognizedToken(let token):
            return "Unrecognized token '\(token)': was expecting \(values)\(place(error.line, error.column))"
        case .unexpectedEnd: return "Unexpected end-of-input\(place(error.line, error.column))"
        default: return "\(error.description)\(place(error.line, error.column))"
        }
    }

    /// The first byte that no character begins with, where one is expected.
    private static func invalidUTF8(in payload: [UInt8]) -> Int? {
        var index = 0
        while index < payload.count {
            let length =
                switch payload[index] {
                case 0..<0x80: 1
                case 0xC2..<0xE0: 2
                case 0xE0..<0xF0: 3
                case 0xF0..<0xF5: 4
                default: 0
                }
            guard length > 0 else { return index }
            index += length
        }
        return nil
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
