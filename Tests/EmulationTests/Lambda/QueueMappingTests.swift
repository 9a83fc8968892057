import AWSModel
import AWSTypes
import Testing

@testable import Emulation

@Suite struct QueueMappingTests {
    private func mapped(
        _ bench: LambdaBench, queue name: String = "jobs", attributes: [String: String]? = nil,
        change: (inout Lambda.CreateEventSourceMappingRequest) -> Void = { _ in }
    ) throws -> (arn: String, url: String, uuid: String) {
        try bench.createFunction()
        let queue = try bench.createQueue(name, attributes: attributes)
        var request = Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue.arn, functionName: "worker")
        change(&request)
        let mapping = try bench.call(Lambda.createEventSourceMapping, request)
        #expect(mapping.state == "Creating")
        return (queue.arn, queue.url, mapping.uuid ?? "")
    }

    private func left(_ bench: LambdaBench, _ arn: String) -> QueueDepth? {
        bench.engine.core.service(SQSService.self)?.depth(ofQueue: arn)
    }

    @Test func successDeletesAndFailureReturns() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        try bench.send("one", to: queue.url)
        let order = try #require(bench.orders.first?.order)
        let record = try #require(order.json["Records"]?[0])
        #expect(record["body"] == "one")
        #expect(record["eventSource"] == "aws:sqs")
        #expect(record["eventSourceARN"] == .string(queue.arn))
        #expect(record["awsRegion"] == "us-east-1")
        #expect(record["attributes"]?["ApproximateReceiveCount"] == "1")
        #expect(record["md5OfBody"] == "f97c5d29941bfb1b2fdab0874906ab82")
        bench.end(LambdaBench.failure, error: true)
        #expect(left(bench, queue.arn)?.inFlight == 1)
        let state = try bench.call(Lambda.getEventSourceMapping, Lambda.GetEventSourceMappingRequest(uuid: queue.uuid))
        #expect(state.state == "Enabled")
        #expect(state.lastProcessingResult == "PROBLEM: Function call failed")
        bench.advance(30)
        #expect(bench.orders.first?.order.json["Records"]?[0]?["attributes"]?["ApproximateReceiveCount"] == "2")
        bench.end()
        #expect(left(bench, queue.arn) == QueueDepth(visible: 0, inFlight: 0, delayed: 0, receivableGroups: 0))
    }

    @Test func eventsAreCountedWhereTheMappingAsksForIt() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench) {
            $0.metricsConfig = Lambda.EventSourceMappingMetricsConfig(metrics: ["EventCount"])
            $0.filterCriteria = Lambda.FilterCriteria(filters: [Lambda.Filter(pattern: #"{"body":["one"]}"#)])
        }
        let state = try bench.call(Lambda.getEventSourceMapping, Lambda.GetEventSourceMappingRequest(uuid: queue.uuid))
        #expect(state.metricsConfig?.metrics == ["EventCount"])
        try bench.send("one", to: queue.url)
        try bench.send("two", to: queue.url)
        bench.end()
        try bench.send("one", to: queue.url)
        bench.end(LambdaBench.failure, error: true)
        func sum(_ name: String) throws -> Double {
            try bench.call(
                CloudWatch.getMetricStatistics,
                CloudWatch.GetMetricStatisticsInput(
                    namespace: "AWS/Lambda", metricName: name,
                    dimensions: [CloudWatch.Dimension(name: "EventSourceMappingUUID", value: queue.uuid)],
                    startTime: bench.engine.core.now - .seconds(600), endTime: bench.engine.core.now + .seconds(60),
                    period: 60, statistics: ["Sum"])
            ).datapoints?.reduce(0) { $0 + ($1.sum ?? 0) } ?? 0
        }
        #expect(try sum("PolledEventCount") == 3)
        #expect(try sum("FilteredOutEventCount") == 1)
        #expect(try sum("InvokedEventCount") == 2)
        #expect(try sum("DeletedEventCount") == 1)
        #expect(try sum("FailedInvokeEventCount") == 1)
    }

    @Test func theChainLeadsFromTheSendToTheInvocation() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        try bench.send("one", to: queue.url)
        bench.end()
        let timeline = bench.engine.core.timeline
        let invocation = try #require(timeline.newest(before: nil, limit: 1) { $0.kind == .invocation }.first)
        let delivery = try #require(invocation.cause.flatMap { timeline[$0] })
        let send = try #require(delivery.cause.flatMap { timeline[$0] })
        #expect(delivery.kind == .delivery)
        #expect(send.action == "SendMessage")
        #expect(Set([invocation.trace, delivery.trace, send.trace]).count == 1)
    }

    @Test func itemFailures() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench) {
            $0.functionResponseTypes = ["ReportBatchItemFailures"]
            $0.maximumBatchingWindowInSeconds = 5
        }
        for body in ["a", "b", "c"] { try bench.send(body, to: queue.url) }
        #expect(bench.orders.isEmpty, "the window is open")
        bench.advance(5)
        let order = try #require(bench.orders.first?.order)
        #expect(order.bodies.sorted() == ["a", "b", "c"])
        let records = order.json["Records"]?.list ?? []
        let failed = try #require(records.first { $0["body"] == "b" }?["messageId"]?.string)
        bench.end(#"{"batchItemFailures":[{"itemIdentifier":"\#(failed)"}]}"#)
        #expect(left(bench, queue.arn)?.inFlight == 1)
        bench.advance(30)
        bench.advance(5)
        #expect(bench.orders.first?.order.bodies == ["b"])
    }

    @Test(arguments: [
        ("", BatchResponse.allSucceeded), ("null", .allSucceeded), ("{}", .allSucceeded),
        (#"{"batchItemFailures":[]}"#, .allSucceeded), (#"{"batchItemFailures":null}"#, .allSucceeded),
        (#"{"batchItemFailures":[{"itemIdentifier":"m1"}]}"#, .failed(["m1"])),
        (#"{"batchItemFailures":[{"itemIdentifier":"other"}]}"#, .allFailed),
        (#"{"batchItemFailures":[{"itemIdentifier":""}]}"#, .allFailed),
        (#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, .allFailed),
        (#"{"batchItemFailures":[{"wrong":"m1"}]}"#, .allFailed),
        (#"{"batchItemFailures":"m1"}"#, .allFailed), (#""text""#, .allFailed), ("{broken", .allFailed),
    ])
    func batchResponses(payload: String, expected: BatchResponse) {
        #expect(BatchResponse(Array(payload.utf8), known: ["m1", "m2"]) == expected)
    }

    @Test func filtersDropWhatTheyDoNotWant() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench) {
            $0.filterCriteria = Lambda.FilterCriteria(
                filters: [Lambda.Filter(pattern: #"{"body":{"kind":["order"],"total":[{"numeric":[">",10]}]}}"#)])
        }
        try bench.send(#"{"kind":"order","total":5}"#, to: queue.url)
        try bench.send("plain text", to: queue.url)
        #expect(bench.orders.isEmpty)
        #expect(left(bench, queue.arn)?.inFlight == 0, "what no filter wants is deleted")
        try bench.send(#"{"kind":"order","total":50}"#, to: queue.url)
        #expect(bench.orders.count == 1)
        #expect(
            bench.error(
                Lambda.updateEventSourceMapping,
                Lambda.UpdateEventSourceMappingRequest(
                    uuid: queue.uuid,
                    filterCriteria: Lambda.FilterCriteria(filters: [Lambda.Filter(pattern: "{\"a\":1}")]))
            )?.message == "Invalid filter pattern definition.")
    }

    @Test func aFIFOGroupRunsOneBatchAtATimeInOrder() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench, queue: "jobs.fifo", attributes: ["FifoQueue": "true"]) { $0.batchSize = 1 }
        for body in ["a1", "a2", "b1"] { try bench.send(body, to: queue.url, group: String(body.prefix(1))) }
        #expect(bench.orders.map(\.order.bodies) == [["a1"], ["b1"]])
        bench.end()
        #expect(bench.orders.map(\.order.bodies) == [["b1"], ["a2"]])
        bench.end()
        bench.end(LambdaBench.failure, error: true)
        try bench.send("a3", to: queue.url, group: "a")
        #expect(bench.orders.isEmpty, "a failed message blocks its group")
        bench.advance(30)
        #expect(bench.orders.map(\.order.bodies) == [["a2"]])
    }

    @Test func concurrencyStartsAtFiveAndGrows() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench) { $0.batchSize = 1 }
        for index in 0..<60 { try bench.send(String(index), to: queue.url) }
        #expect(bench.orders.count == 5)
        bench.advance(2)
        #expect(bench.orders.count == 15, "300 more a minute")
    }

    @Test func maximumConcurrencyHolds() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench) {
            $0.batchSize = 1
            $0.scalingConfig = Lambda.ScalingConfig(maximumConcurrency: 2)
        }
        for index in 0..<10 { try bench.send(String(index), to: queue.url) }
        bench.advance(20)
        #expect(bench.orders.count == 2)
        #expect(bench.lambda.explain(queue.arn, item: nil).map(\.rule) == ["MaximumConcurrency"])
        bench.end()
        #expect(bench.orders.count == 2)
    }

    @Test func throttlesReturnByVisibilityTimeout() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        _ = try bench.call(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: "worker", reservedConcurrentExecutions: 0))
        try bench.send("one", to: queue.url)
        #expect(bench.orders.isEmpty)
        #expect(left(bench, queue.arn)?.inFlight == 1)
        #expect(bench.lambda.explain(queue.arn, item: nil).map(\.rule) == ["PollerBackoff"])
        _ = try bench.call(
            Lambda.deleteFunctionConcurrency, Lambda.DeleteFunctionConcurrencyRequest(functionName: "worker"))
        bench.advance(30)
        #expect(bench.orders.first?.order.json["Records"]?[0]?["attributes"]?["ApproximateReceiveCount"] == "2")
    }

    @Test func disablingAndDeleting() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        let disabling = try bench.call(
            Lambda.updateEventSourceMapping, Lambda.UpdateEventSourceMappingRequest(uuid: queue.uuid, enabled: false))
        #expect(disabling.state == "Disabling")
        try bench.send("one", to: queue.url)
        #expect(bench.orders.isEmpty)
        #expect(bench.lambda.explain(queue.arn, item: nil).map(\.rule) == ["MappingDisabled"])
        _ = try bench.call(
            Lambda.updateEventSourceMapping, Lambda.UpdateEventSourceMappingRequest(uuid: queue.uuid, enabled: true))
        #expect(bench.orders.count == 1)
        let deleted = try bench.call(
            Lambda.deleteEventSourceMapping, Lambda.DeleteEventSourceMappingRequest(uuid: queue.uuid))
        #expect(deleted.state == "Deleting")
        try bench.send("two", to: queue.url)
        #expect(bench.orders.count == 1)
        bench.end()
        #expect(left(bench, queue.arn)?.inFlight == 0, "the batch under way was finished")
        #expect(left(bench, queue.arn)?.visible == 1)
        #expect(
            bench.error(Lambda.getEventSourceMapping, Lambda.GetEventSourceMappingRequest(uuid: queue.uuid))?.message
                == "The resource you requested does not exist.")
    }

    @Test func nothingIsTakenForAFunctionThatIsGone() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        _ = try bench.call(Lambda.deleteFunction, Lambda.DeleteFunctionRequest(functionName: "worker"))
        try bench.send("one", to: queue.url)
        #expect(left(bench, queue.arn)?.visible == 1)
        try bench.createFunction()
        #expect(bench.orders.first?.order.bodies == ["one"], "its pollers look as soon as it is there")
    }

    @Test func refusals() throws {
        let bench = try LambdaBench()
        let queue = try mapped(bench)
        func refusal(_ change: (inout Lambda.CreateEventSourceMappingRequest) -> Void) -> String? {
            var request = Lambda.CreateEventSourceMappingRequest(eventSourceArn: queue.arn, functionName: "worker")
            change(&request)
            return bench.error(Lambda.createEventSourceMapping, request)?.message
        }
        #expect(refusal { _ in }?.hasSuffix("existing mapping with UUID \(queue.uuid)") == true)
        #expect(
            refusal { $0.batchSize = 11 }
                == "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
        #expect(refusal { $0.functionName = "none" } == "Function does not exist")
        #expect(
            refusal { $0.eventSourceArn = queue.arn + "x" }
                == "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist."
        )
        #expect(
            refusal {
                $0.destinationConfig = Lambda.DestinationConfig(onFailure: Lambda.OnFailure(destination: queue.arn))
            } == "Unsupported DestinationConfig parameter for given event source mapping type.")
    }
}
