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

    /// Runs a function and answers what it writes as a stream of chunks, each as soon as it is written where the client
    /// takes them one by one.
    func invokeWithResponseStream(
        _ input: Lambda.InvokeWithResponseStreamRequest, _ call: Call, _ reply: Reply<UntypedOutput>
    ) throws(ServiceError) {
        let reference = try FunctionReference(input.functionName, qualifier: input.qualifier, from: call.scope)
        core.attribute(call, to: reference.arn)
        _ = try invoked(reference)
        let invocation = try invocationInput(
            payload: input.payload ?? [], clientContext: input.clientContext, type: "RequestResponse", call)
        let target = try target(reference)
        if input.invocationType == "DryRun" {
            return reply.succeed(
                UntypedOutput(["StatusCode": 204, "ExecutedVersion": .string(target.version), "EventStream": []]))
        }
        let wantsLog = input.logType == "Tail"
        var hasBegun = false
        let onWrite = { (type: String, bytes: [UInt8]) in
            if !hasBegun {
                hasBegun = true
                reply.begin(Self.head(version: target.version, type: type))
            }
            for event in Self.chunks(bytes) { reply.report(event) }
        }
        try run(target, invocation, onWrite: reply.canReport ? onWrite : nil) { report, _ in
            let last = Self.last(report, wantsLog: wantsLog, hasBegun: hasBegun)
            if hasBegun {
                reply.report(last)
                return reply.succeed(UntypedOutput([:]))
            }
            var answer = Self.head(version: target.version, type: report.streamedContentType ?? "application/json")
            let failed = report.functionError != nil && report.streamedContentType == nil
            let events = (failed ? [] : Self.chunks(report.payload)) + [last]
            answer["EventStream"] = .list(events.map { .object($0) })
            reply.succeed(UntypedOutput(answer))
        }
    }

    private static func head(version: String, type: String) -> DocumentObject {
        ["StatusCode": 200, "ExecutedVersion": .string(version), "ResponseStreamContentType": .string(type)]
    }

    private static func chunks(_ bytes: [UInt8]) -> [DocumentObject] {
        stride(from: 0, to: bytes.count, by: chunkSize).map { start in
            ["PayloadChunk": ["Payload": .bytes(Array(bytes[start..<min(start + chunkSize, bytes.count)]))]]
        }
    }

    /// How the invocation ended. AWS: an error stands here, also one in the middle of the stream.
    private static func last(_ report: InvocationReport, wantsLog: Bool, hasBegun: Bool) -> DocumentObject {
        var complete = DocumentObject()
        if let error = report.functionError, hasBegun || report.streamedContentType == nil {
            let payload = try? JSONReader.parse(report.payload)
            complete["ErrorCode"] = .string(payload?["errorType"]?.string ?? error)
            complete["ErrorDetails"] = .string(
                payload?["errorMessage"]?.string ?? String(decoding: report.payload, as: UTF8.self))
        }
        if wantsLog { complete["LogResult"] = .string(Base64.encode(report.logTail)) }
        return ["InvokeComplete": .object(complete)]
    }
}

extension FunctionURLResponse {
    /// AWS: `HttpResponseStream.from` writes status and headers as JSON, eight zero bytes, then the body.
    static let integrationType = "application/vnd.awslambda.http-integration-response"

    /// The answer of a URL in RESPONSE_STREAM mode.
    init(streamed report: InvocationReport) {
        guard report.functionError == nil else {
            self = .failure
            return
        }
        guard let type = report.streamedContentType else {
            // AWS: a function that does not stream answers its JSON as it is.
            self.init(status: 200, headers: [("content-type", "application/json")], body: report.payload)
            return
        }
        guard type == Self.integrationType, let (head, end) = Self.prelude(of: report.payload) else {
            self.init(status: 200, headers: [("content-type", type)], body: report.payload)
            return
        }
        self = head
        body = Array(report.payload[end...])
    }

    /// Status and headers as a function that streams writes them ahead of the body, and where that begins; nil while
    /// they are not whole.
    static func prelude(of bytes: [UInt8]) -> (FunctionURLResponse, bodyStart: Int)? {
        guard let end = preludeEnd(bytes), let prelude = (try? JSONReader.parse(Array(bytes[..<end])))?.object else {
            return nil
        }
        var headers: [(name: String, value: String)] = []
        for (name, value) in prelude.object("headers") ?? [:] {
            headers.append((name.lowercased(), value.string ?? JSONWriter.string(value)))
        }
        for cookie in prelude.strings("cookies") ?? [] { headers.append(("set-cookie", cookie)) }
        if !headers.contains(where: { $0.name == "content-type" }) {
            headers.append(("content-type", "application/octet-stream"))
        }
        return (FunctionURLResponse(status: prelude.integer("statusCode") ?? 200, headers: headers, body: []), end + 8)
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
