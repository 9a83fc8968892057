import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct InvokingTests {
    private func invoke(_ bench: LambdaBench, _ payload: String = "{}", type: String? = nil, log: String? = nil)
        -> TestEngine.Pending<Lambda.InvocationResponse>
    {
        bench.begin(
            Lambda.invoke,
            Lambda.InvocationRequest(
                functionName: "worker", invocationType: type, logType: log, payload: Array(payload.utf8)))
    }

    @Test func aSynchronousInvocationAnswersWhatTheFunctionDid() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        let pending = invoke(bench, #"{"a":1}"#, log: "Tail")
        #expect(pending.result == nil)
        let order = try #require(bench.orders.first?.order)
        #expect(order.json["a"] == 1)
        #expect(order.environment.credentials.accessKeyID.hasPrefix("ASIA"))
        #expect(
            bench.engine.core.service(STSService.self)?.principal(
                forAccessKey: order.environment.credentials.accessKeyID)?.arn
                == "arn:aws:sts::123456789012:assumed-role/worker/worker")
        bench.end(LambdaBench.failure, error: true)
        let response = try #require(try pending.result?.get())
        #expect(response.statusCode == 200)
        #expect(response.functionError == "Unhandled")
        #expect(response.executedVersion == "$LATEST")
        #expect(response.logResult == Base64.encode(Array("START\nEND\n".utf8)))
        let entry = bench.engine.core.timeline.newest(before: nil, limit: 10) { $0.kind == .invocation }.first
        #expect(entry?.error == "Exception")
        #expect(entry?.detail == "12.34 ms, cold start")
    }

    @Test func refusals() throws {
        let bench = try LambdaBench()
        #expect(
            bench.error(Lambda.invoke, Lambda.InvocationRequest(functionName: "worker"))?.message
                == "Function not found: arn:aws:lambda:us-east-1:123456789012:function:worker:$LATEST")
        try bench.createFunction()
        let malformed = bench.error(
            Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", payload: Array("{not".utf8)))
        #expect(malformed?.code == "InvalidRequestContentException")
        #expect(
            malformed?.message.hasPrefix("Could not parse request body into json: Could not parse payload into json: ")
                == true)
        let large = bench.error(
            Lambda.invoke,
            Lambda.InvocationRequest(
                functionName: "worker", invocationType: "Event", payload: [UInt8](repeating: 0x31, count: 1_048_577)))
        #expect(large?.status == 413)
        let dry = try bench.call(
            Lambda.invoke, Lambda.InvocationRequest(functionName: "worker", invocationType: "DryRun"))
        #expect(dry.statusCode == 204)
        #expect(bench.orders.isEmpty)
    }

    @Test func reservedConcurrencyThrottles() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        _ = try bench.call(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 1))
        #expect(
            bench.error(
                Lambda.putFunctionConcurrency,
                Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 901)
            )?.message.hasSuffix("below its minimum value of [100].") == true)
        let first = invoke(bench)
        let second = invoke(bench)
        guard case .failure(let error) = second.result else {
            Issue.record("the second invocation must be throttled")
            return
        }
        #expect(error.code == "TooManyRequestsException")
        #expect(error.fields.string("Reason") == "ReservedFunctionConcurrentInvocationLimitExceeded")
        #expect(
            bench.lambda.explain("arn:aws:lambda:us-east-1:123456789012:function:worker", item: nil).map(\.rule)
                == ["ReservedConcurrency"])
        bench.end()
        #expect(try first.result?.get().statusCode == 200)
        #expect(invoke(bench).result == nil, "the slot is free again")
    }

    @Test func asynchronousFailuresAreRetriedAfterOneAndTwoMinutes() throws {
        let bench = try LambdaBench()
        let letters = try bench.createQueue("letters")
        let failures = try bench.createQueue("failures")
        try bench.createFunction { $0.deadLetterConfig = Lambda.DeadLetterConfig(targetArn: letters.arn) }
        _ = try bench.call(
            Lambda.putFunctionEventInvokeConfig,
            Lambda.PutFunctionEventInvokeConfigRequest(
                functionName: "worker",
                destinationConfig: Lambda.DestinationConfig(onFailure: Lambda.OnFailure(destination: failures.arn))))
        let accepted = invoke(bench, #"{"n":1}"#, type: "Event")
        #expect(try accepted.result?.get().statusCode == 202)
        let requestID = try #require(bench.orders.first?.order.requestID)
        bench.end(LambdaBench.failure, error: true)
        #expect(
            bench.lambda.explain("arn:aws:lambda:us-east-1:123456789012:function:worker", item: requestID).first?
                .movesAt == LambdaBench.start + .seconds(60))
        bench.advance(59)
        #expect(bench.orders.isEmpty)
        bench.advance(1)
        #expect(bench.orders.map(\.order.requestID) == [requestID], "the same request id on every attempt")
        bench.end(LambdaBench.failure, error: true)
        bench.advance(119)
        #expect(bench.orders.isEmpty)
        bench.advance(1)
        bench.end(LambdaBench.failure, error: true)
        bench.advance(3600)
        #expect(bench.orders.isEmpty)
        let letter = try #require(try bench.receiveAll(letters.url).first)
        #expect(letter.body == #"{"n":1}"#)
        #expect(letter.messageAttributes?["ErrorMessage"]?.stringValue == "boom")
        #expect(letter.messageAttributes?["ErrorCode"]?.stringValue == "200")
        #expect(letter.messageAttributes?["RequestID"]?.stringValue == requestID)
        let record = try JSONReader.parse(try #require(try bench.receiveAll(failures.url).first?.body))
        #expect(record["requestContext"]?["condition"] == "RetriesExhausted")
        #expect(record["requestContext"]?["approximateInvokeCount"] == 3)
        #expect(
            record["requestContext"]?["functionArn"] == "arn:aws:lambda:us-east-1:123456789012:function:worker:$LATEST")
        #expect(record["requestPayload"]?["n"] == 1)
        #expect(record["responseContext"]?["functionError"] == "Unhandled")
        #expect(record["responsePayload"]?["errorType"] == "Exception")
    }

    @Test func ageAndSuccessDestinations() throws {
        let bench = try LambdaBench()
        let queue = try bench.createQueue("records")
        try bench.createFunction()
        let destination = Lambda.DestinationConfig(
            onSuccess: Lambda.OnSuccess(destination: queue.arn), onFailure: Lambda.OnFailure(destination: queue.arn))
        _ = try bench.call(
            Lambda.putFunctionEventInvokeConfig,
            Lambda.PutFunctionEventInvokeConfigRequest(
                functionName: "worker", maximumEventAgeInSeconds: 60, destinationConfig: destination))
        _ = invoke(bench, type: "Event")
        bench.end("7")
        _ = invoke(bench, type: "Event")
        bench.end(LambdaBench.failure, error: true)
        let records = try bench.receiveAll(queue.url).map { try JSONReader.parse($0.body ?? "") }
        #expect(records.map { $0["requestContext"]?["condition"]?.string } == ["Success", "EventAgeExceeded"])
        #expect(records.first?["responsePayload"] == 7)
        #expect(
            bench.error(
                Lambda.putFunctionEventInvokeConfig,
                Lambda.PutFunctionEventInvokeConfigRequest(
                    functionName: "worker",
                    destinationConfig: Lambda.DestinationConfig(
                        onSuccess: Lambda.OnSuccess(
                            destination: "arn:aws:lambda:us-east-1:123456789012:function:worker")))
            )?.message == "You can't specify the function as a destination for itself.")
    }

    @Test func throttledEventsBackOffAndUseUpNoAttempt() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        _ = try bench.call(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 1))
        _ = invoke(bench, #"{"n":1}"#, type: "Event")
        _ = invoke(bench, #"{"n":2}"#, type: "Event")
        #expect(bench.orders.count == 1)
        bench.advance(20)
        #expect(bench.orders.count == 1)
        bench.end()
        bench.advance(32)
        #expect(bench.orders.first?.order.json["n"] == 2)
    }

    @Test func functionURLsSpeakPayloadVersion2() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        let url = try bench.call(
            Lambda.createFunctionUrlConfig,
            Lambda.CreateFunctionUrlConfigRequest(functionName: "worker", authType: "NONE")
        ).functionUrl
        let id = String(url.dropFirst("http://".count).prefix(32))
        #expect(url.hasSuffix(".lambda-url.us-east-1.localhost:4566/"))
        let request = FunctionURLRequest(
            method: "POST", path: "/a", query: "x=1&x=2",
            headers: [("Content-Type", "application/json"), ("Cookie", "k=v; l=w")],
            body: Array(#"{"b":1}"#.utf8), sourceIP: "127.0.0.1")
        var responses: [FunctionURLResponse] = []
        bench.lambda.invokeURL(id: id, request) { responses.append($0) }
        #expect(responses.map(\.status) == [403], "no statement lets everybody in")
        _ = try bench.call(
            Lambda.addPermission,
            Lambda.AddPermissionRequest(
                functionName: "worker", statementId: "url", action: "lambda:InvokeFunctionUrl", principal: "*",
                functionUrlAuthType: "NONE"))
        bench.lambda.invokeURL(id: id, request) { responses.append($0) }
        bench.engine.commit()
        bench.collect()
        let event = try #require(bench.orders.first?.order.json)
        #expect(event["version"] == "2.0")
        #expect(event["queryStringParameters"]?["x"] == "1,2")
        #expect(event["cookies"] == ["k=v", "l=w"])
        #expect(event["body"] == #"{"b":1}"#)
        #expect(event["requestContext"]?["http"]?["method"] == "POST")
        bench.end(#"{"statusCode":201,"headers":{"X-A":"1"},"body":"made"}"#)
        #expect(responses.last?.status == 201)
        #expect(responses.last.map { String(decoding: $0.body, as: UTF8.self) } == "made")
    }

    @Test func theTraceHeaderLeadsBack() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        _ = invoke(bench)
        let order = try #require(bench.orders.first?.order)
        let cause = try #require(TraceHeader.cause(order.traceID))
        let entry = try #require(cause.entry.flatMap { bench.engine.core.timeline[$0] })
        #expect(entry.kind == .invocation)
        #expect(entry.trace == cause.trace)
        let foreign = "Root=1-63441c4a-abcdef012345678912345678;Parent=0123456789abcdef;Sampled=1"
        #expect(TraceHeader.cause(foreign) == nil)
        // Another tracer's root goes on, and ours is found beside it.
        let within = TraceHeader.text(cause, at: TestEngine.start, within: foreign)
        #expect(within.hasPrefix("Root=1-63441c4a-abcdef012345678912345678;Parent="))
        #expect(within.contains(";Sampled=1;Self=1-") && TraceHeader.cause(within) == cause)
    }

    @Test func loopsAreStopped() throws {
        let bench = try LambdaBench()
        try bench.createFunction("ping")
        try bench.createFunction("pong")
        for (name, other) in [("ping", "pong"), ("pong", "ping")] {
            let target = "arn:aws:lambda:us-east-1:123456789012:function:\(other)"
            _ = try bench.call(
                Lambda.putFunctionEventInvokeConfig,
                Lambda.PutFunctionEventInvokeConfigRequest(
                    functionName: name,
                    destinationConfig: Lambda.DestinationConfig(onSuccess: Lambda.OnSuccess(destination: target))))
        }
        _ = bench.begin(Lambda.invoke, Lambda.InvocationRequest(functionName: "ping", invocationType: "Event"))
        var rounds = 0
        while !bench.orders.isEmpty, rounds < 100 {
            bench.end()
            rounds += 1
        }
        #expect(rounds == 32, "sixteen runs of each")
        let last = bench.engine.core.timeline.newest(before: nil, limit: 1) { $0.kind == .invocation }.first
        #expect(last?.error == "RecursiveInvocationException")
    }

    @Test func environmentsAndLateEvents() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        _ = invoke(bench)
        let (id, order) = try #require(bench.orders.first)
        bench.end()
        let scope = bench.engine.caller.scope
        let environments = bench.lambda.executionEnvironments(ofFunction: "worker", in: scope)
        #expect(environments.map(\.id) == [order.newEnvironment.id])
        #expect(environments.map(\.invocations) == [1])
        #expect(environments.map(\.isBusy) == [false])
        bench.engine.report(id, .runtime(.environmentEnded(environmentID: order.newEnvironment.id, reason: .idle)))
        #expect(bench.lambda.executionEnvironments(ofFunction: "worker", in: scope).isEmpty)
    }

    @Test func credentialsAreRenewedBeforeTheyExpire() throws {
        let bench = try LambdaBench()
        try bench.createFunction()
        var keys: [String] = []
        var revisions: [String] = []
        for seconds in [0, 3600, 12 * 3600] {
            bench.advance(seconds)
            _ = invoke(bench)
            let environment = try #require(bench.orders.first?.order.environment)
            keys.append(environment.credentials.accessKeyID)
            revisions.append(environment.revision)
            bench.end()
        }
        #expect(keys[0] == keys[1])
        #expect(keys[1] != keys[2])
        #expect(revisions[0] == revisions[1])
        #expect(revisions[1] != revisions[2], "running code has the old keys")
    }
}
