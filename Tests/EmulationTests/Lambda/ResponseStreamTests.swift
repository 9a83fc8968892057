import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct ResponseStreamTests {
    private let bench: LambdaBench

    init() throws {
        bench = try LambdaBench()
        try bench.createFunction()
    }

    private func stream(_ payload: String, error: Bool = false, type: String? = nil) throws -> DocumentObject {
        let pending = bench.begin(
            LambdaService.invokeWithResponseStream, Lambda.InvokeWithResponseStreamRequest(functionName: "worker"))
        bench.end(payload, error: error, streamed: type)
        return try #require(try pending.result?.get().document)
    }

    @Test func chunksComeBeforeTheEnd() throws {
        let answer = try stream(String(repeating: "x", count: 70_000), type: "text/plain")
        #expect(answer.string("ResponseStreamContentType") == "text/plain")
        let events = answer.list("EventStream") ?? []
        #expect(events.count == 3)
        let bytes = events.compactMap { $0["PayloadChunk"]?["Payload"]?.bytes?.count }
        #expect(bytes == [65_536, 4_464])
        #expect(events.last?["InvokeComplete"] != nil)
    }

    @Test func errorsStandInTheLastEvent() throws {
        let events = try stream(LambdaBench.failure, error: true).list("EventStream") ?? []
        #expect(events.count == 1)
        #expect(events.first?["InvokeComplete"]?["ErrorCode"]?.string == "Exception")
        #expect(events.first?["InvokeComplete"]?["ErrorDetails"]?.string == "boom")
    }

    private func write(_ text: String, type: String) {
        guard let (id, order) = bench.orders.first else { return }
        bench.engine.report(
            id,
            .runtime(.invocationWrote(requestID: order.requestID, contentType: type, bytes: Array(text.utf8))))
    }

    @Test func whatIsWrittenLeavesAtOnce() throws {
        var parts: [StreamPart] = []
        var end: CallResult?
        bench.engine.core.perform(
            service: Lambda.id, operation: "InvokeWithResponseStream",
            input: Lambda.InvokeWithResponseStreamRequest(functionName: "worker").document,
            caller: bench.engine.caller, report: { parts.append($0) }
        ) { end = $0 }
        bench.engine.commit()
        bench.collect()
        write("one", type: "text/plain")
        guard case .beginning(let head)? = parts.first, case .event(let first)? = parts.last else {
            Issue.record("nothing left")
            return
        }
        #expect(head.string("ResponseStreamContentType") == "text/plain")
        #expect(first["PayloadChunk"]?["Payload"]?.bytes == Array("one".utf8))
        write("two", type: "text/plain")
        #expect(parts.count == 3 && end == nil)
        bench.end("onetwo", streamed: "text/plain")
        guard case .event(let last)? = parts.last else { return }
        #expect(parts.count == 4 && last["InvokeComplete"] != nil && end != nil)
    }

    @Test func aFunctionThatFailsAmidItsAnswerSaysSoInTheLastEvent() throws {
        var parts: [StreamPart] = []
        bench.engine.core.perform(
            service: Lambda.id, operation: "InvokeWithResponseStream",
            input: Lambda.InvokeWithResponseStreamRequest(functionName: "worker").document,
            caller: bench.engine.caller, report: { parts.append($0) }
        ) { _ in }
        bench.engine.commit()
        bench.collect()
        write("half", type: "text/plain")
        bench.end(LambdaBench.failure, error: true, streamed: "text/plain")
        guard case .event(let last)? = parts.last else { return }
        #expect(last["InvokeComplete"]?["ErrorCode"]?.string == "Exception")
        #expect(last["InvokeComplete"]?["ErrorDetails"]?.string == "boom")
    }

    @Test func aURLAnswersItsPreludeFirstThenPartByPart() throws {
        let id = try url("RESPONSE_STREAM")
        try allowEverybody()
        var sent: [FunctionURLResponse] = []
        var buffered: FunctionURLResponse?
        let request = FunctionURLRequest(
            method: "GET", path: "/", query: "", headers: [], body: [], sourceIP: "127.0.0.1", signer: nil)
        bench.lambda.invokeURL(id: id, request, stream: { sent.append($0) }) { buffered = $0 }
        bench.engine.commit()
        bench.collect()
        let type = FunctionURLResponse.integrationType
        write(#"{"statusCode":202}"#, type: type)
        #expect(sent.isEmpty)
        write(String(repeating: "\0", count: 8) + "a", type: type)
        #expect(sent.map(\.status) == [202] && sent.last?.body == Array("a".utf8))
        write("b", type: type)
        #expect(sent.last?.body == Array("b".utf8))
        bench.end("", streamed: type)
        #expect(sent.count == 3 && sent.last?.body.isEmpty == true && buffered == nil)
    }

    private func url(_ mode: String, auth: String = "NONE") throws -> String {
        let made = try bench.call(
            Lambda.createFunctionUrlConfig,
            Lambda.CreateFunctionUrlConfigRequest(functionName: "worker", authType: auth, invokeMode: mode))
        return String(made.functionUrl.dropFirst(7).prefix { $0 != "." })
    }

    private func get(_ id: String, _ payload: String, type: String? = nil, signer: Caller? = nil)
        -> FunctionURLResponse?
    {
        var answer: FunctionURLResponse?
        let request = FunctionURLRequest(
            method: "GET", path: "/", query: "", headers: [], body: [], sourceIP: "127.0.0.1", signer: signer)
        bench.lambda.invokeURL(id: id, request) { answer = $0 }
        bench.engine.commit()
        bench.collect()
        bench.end(payload, streamed: type)
        return answer
    }

    private func allowEverybody() throws {
        _ = try bench.call(
            Lambda.addPermission,
            Lambda.AddPermissionRequest(
                functionName: "worker", statementId: "public", action: "lambda:InvokeFunctionUrl", principal: "*",
                functionUrlAuthType: "NONE"))
    }

    @Test func aPreludeBecomesStatusAndHeaders() throws {
        let id = try url("RESPONSE_STREAM")
        #expect(get(id, "x")?.status == 403)
        try allowEverybody()
        let prelude = #"{"statusCode":201,"headers":{"X-Kind":"stream"},"cookies":["a=1"]}"#
        let answer = get(
            id, prelude + String(repeating: "\0", count: 8) + "hello", type: FunctionURLResponse.integrationType)
        #expect(answer?.status == 201)
        #expect(answer?.body == Array("hello".utf8))
        #expect(answer?.headers.contains { $0 == ("x-kind", "stream") } == true)
        #expect(answer?.headers.contains { $0 == ("set-cookie", "a=1") } == true)
        #expect(get(id, "plain", type: "text/css")?.headers.first?.value == "text/css")
    }

    @Test func signedCallersOfOtherAccountsNeedAStatement() throws {
        let id = try url("BUFFERED", auth: "AWS_IAM")
        #expect(get(id, #""x""#)?.status == 403)
        #expect(get(id, #""x""#, signer: bench.engine.caller)?.status == 200)
        let stranger = Caller(
            scope: Scope(accountID: "210987654321", region: "us-east-1"), endpoint: bench.engine.caller.endpoint)
        #expect(get(id, #""x""#, signer: stranger)?.status == 403)
        _ = try bench.call(
            Lambda.addPermission,
            Lambda.AddPermissionRequest(
                functionName: "worker", statementId: "friend", action: "lambda:InvokeFunctionUrl",
                principal: "210987654321", functionUrlAuthType: "AWS_IAM"))
        #expect(get(id, #""x""#, signer: stranger)?.status == 200)
    }
}
