import AWSModel
import AWSTypes

/// An output as a document: an event stream that is a list of events, a member that may be left out.
struct UntypedOutput: AWSStructure {
    var document: DocumentObject
    init(_ document: DocumentObject) { self.document = document }
}

extension LambdaService {
    static let invokeWithResponseStream = Operation<Lambda.InvokeWithResponseStreamRequest, UntypedOutput>(
        service: Lambda.id, name: "InvokeWithResponseStream")
    /// AWS: a chunk holds 16 KB or so; the limit is the event stream message's.
    private static let chunkSize = 65_536

    /// Runs a function and answers what it wrote as a stream of chunks. The stream is sent when the function has ended.
    func invokeWithResponseStream(
        _ input: Lambda.InvokeWithResponseStreamRequest, _ call: Call, _ reply: Reply<UntypedOutput>
    ) throws(ServiceError) {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        let invocation = try invocationInput(
            payload: input.payload ?? [], clientContext: input.clientContext, type: "RequestResponse", call)
        let target = try target(reference)
        if input.invocationType == "DryRun" {
            return reply.succeed(
                UntypedOutput(["StatusCode": 204, "ExecutedVersion": .string(target.version), "EventStream": []]))
        }
        let wantsLog = input.logType == "Tail"
        try run(target, invocation) { report, _ in
            reply.succeed(UntypedOutput(Self.stream(report, version: target.version, wantsLog: wantsLog)))
        }
    }

    private static func stream(_ report: InvocationReport, version: String, wantsLog: Bool) -> DocumentObject {
        var events: [DocumentValue] = []
        var complete = DocumentObject()
        if let error = report.functionError, report.streamedContentType == nil {
            let payload = try? JSONReader.parse(report.payload)
            complete["ErrorCode"] = .string(payload?["errorType"]?.string ?? error)
            complete["ErrorDetails"] = .string(
                payload?["errorMessage"]?.string ?? String(decoding: report.payload, as: UTF8.self))
        } else {
            var rest = report.payload[...]
            while !rest.isEmpty {
                events.append(["PayloadChunk": ["Payload": .bytes(Array(rest.prefix(chunkSize)))]])
                rest = rest.dropFirst(chunkSize)
            }
        }
        if wantsLog { complete["LogResult"] = .string(Base64.encode(report.logTail)) }
        events.append(["InvokeComplete": .object(complete)])
        return [
            "StatusCode": 200, "ExecutedVersion": .string(version), "EventStream": .list(events),
            "ResponseStreamContentType": .string(report.streamedContentType ?? "application/json"),
        ]
    }
}

extension FunctionURLResponse {
    /// AWS: `HttpResponseStream.from` writes status and headers as JSON, eight zero bytes, then the body.
    static let integrationType = "application/vnd.awslambda.http-integration-response"

    /// The answer of a URL in RESPONSE_STREAM mode.
    init(streamed report: InvocationReport) {
        guard report.functionError == nil else {
            self = .refusal(502, "Internal Server Error")
            return
        }
        guard let type = report.streamedContentType else {
            // AWS: a function that does not stream answers its JSON as it is.
            self.init(status: 200, headers: [("content-type", "application/json")], body: report.payload)
            return
        }
        guard type == Self.integrationType, let end = Self.preludeEnd(report.payload),
            let prelude = (try? JSONReader.parse(Array(report.payload[..<end])))?.object
        else {
            self.init(status: 200, headers: [("content-type", type)], body: report.payload)
            return
        }
        var headers: [(name: String, value: String)] = []
        for (name, value) in prelude.object("headers") ?? [:] {
            headers.append((name.lowercased(), value.string ?? JSONWriter.string(value)))
        }
        for cookie in prelude.strings("cookies") ?? [] { headers.append(("set-cookie", cookie)) }
        if !headers.contains(where: { $0.name == "content-type" }) {
            headers.append(("content-type", "application/octet-stream"))
        }
        self.init(
            status: prelude.integer("statusCode") ?? 200, headers: headers, body: Array(report.payload[(end + 8)...]))
    }

    /// Where eight zero bytes begin.
    private static func preludeEnd(_ bytes: [UInt8]) -> Int? {
        var zeros = 0
        for (index, byte) in bytes.enumerated() {
            zeros = byte == 0 ? zeros + 1 : 0
            if zeros == 8 { return index - 7 }
        }
        return nil
    }
}
