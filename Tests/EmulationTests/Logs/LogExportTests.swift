import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Export tasks, destinations, deliveries, policies, and errors as AWS words them.
@Suite struct LogExportTests {
    private let world: StoredWorld
    private var engine: TestEngine { world.engine }

    init() throws {
        world = try StoredWorld()
        let engine = world.engine
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        try engine.call(
            Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: "web/1"))
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: "web/1",
                logEvents: [Logs.InputLogEvent(timestamp: Int(engine.core.now.epochMilliseconds), message: "hello")]))
    }

    private func export(to bucket: String) -> Logs.CreateExportTaskRequest {
        Logs.CreateExportTaskRequest(
            logGroupName: "shop", from: 0, to: Int(engine.core.now.epochMilliseconds) + 1, destination: bucket)
    }

    private func status(_ id: String) throws -> String? {
        try engine.call(Logs.describeExportTasks, Logs.DescribeExportTasksRequest(taskId: id)).exportTasks?.first?
            .status?.code
    }

    @Test func `events of a group end in a bucket`() throws {
        #expect(
            engine.error(Logs.createExportTask, export(to: "none"))?.message
                == "The given bucket does not exist. Please make sure the bucket is valid.")
        try engine.call(S3.createBucket, S3.CreateBucketRequest(bucket: "archive"))
        let id = try #require(try engine.call(Logs.createExportTask, export(to: "archive")).taskId)
        #expect(try status(id) == "PENDING")
        engine.advance(by: .seconds(5))
        #expect(try status(id) == "COMPLETED")
        let listed = try engine.call(S3.listObjectsV2, S3.ListObjectsV2Request(bucket: "archive"))
        #expect(
            listed.contents?.map(\.key) == ["aws-logs-write-test", "exportedlogs/\(id)/web-1/000000.gz"])
        #expect(
            engine.error(Logs.cancelExportTask, Logs.CancelExportTaskRequest(taskId: id))?.code
                == "InvalidOperationException")
    }

    @Test func `a task that waits survives a restart`() throws {
        try engine.call(S3.createBucket, S3.CreateBucketRequest(bucket: "archive"))
        let id = try #require(try engine.call(Logs.createExportTask, export(to: "archive")).taskId)
        try world.restart()
        engine.advance(by: .seconds(5))
        let task = try engine.call(Logs.describeExportTasks, Logs.DescribeExportTasksRequest(taskId: id))
        #expect(task.exportTasks?.first?.status?.code == "COMPLETED")
    }

    @Test func `destinations and deliveries are kept`() throws {
        try engine.call(
            Logs.putDestination,
            Logs.PutDestinationRequest(
                destinationName: "d", targetArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s",
                roleArn: "arn:aws:iam::123456789012:role/r", tags: ["a": "1"]))
        try engine.call(
            Logs.putDestinationPolicy, Logs.PutDestinationPolicyRequest(destinationName: "d", accessPolicy: "{}"))
        try engine.call(
            Logs.putDeliverySource,
            Logs.PutDeliverySourceRequest(
                name: "src", resourceArn: "arn:aws:cloudfront::123456789012:distribution/E1", logType: "ACCESS_LOGS"))
        let destination = try engine.call(
            Logs.putDeliveryDestination,
            Logs.PutDeliveryDestinationRequest(
                name: "dst", outputFormat: "json",
                deliveryDestinationConfiguration: Logs.DeliveryDestinationConfiguration(
                    destinationResourceArn: "arn:aws:s3:::archive"))
        ).deliveryDestination
        #expect(destination?.deliveryDestinationType == "S3")
        let delivery = try engine.call(
            Logs.createDelivery,
            Logs.CreateDeliveryRequest(deliverySourceName: "src", deliveryDestinationArn: destination?.arn ?? "")
        ).delivery
        #expect(
            engine.error(Logs.deleteDeliverySource, Logs.DeleteDeliverySourceRequest(name: "src"))?.code
                == "ConflictException")
        try world.restart()
        let found = try engine.call(Logs.describeDestinations, Logs.DescribeDestinationsRequest())
        #expect(found.destinations?.first?.accessPolicy == "{}")
        let arn = try #require(found.destinations?.first?.arn)
        #expect(
            try engine.call(Logs.listTagsForResource, Logs.ListTagsForResourceRequest(resourceArn: arn)).tags
                == ["a": "1"])
        let kept = try engine.call(Logs.getDelivery, Logs.GetDeliveryRequest(id: delivery?.id ?? "")).delivery
        #expect(kept?.deliverySourceName == "src")
    }

    @Test func `errors are AWS's own`() throws {
        let query = Logs.StartQueryRequest(logGroupName: "gone", startTime: 0, endTime: 1, queryString: "fields a")
        #expect(
            engine.error(Logs.startQuery, query)?.message.hasPrefix(
                "Log group 'gone' does not exist for account ID '123456789012' (Service: AWSLogs;") == true)
        let both = Logs.DescribeLogStreamsRequest(logGroupName: "shop", logGroupIdentifier: "shop")
        #expect(engine.error(Logs.describeLogStreams, both)?.code == "ValidationException")
        let stranger = Logs.PutSubscriptionFilterRequest(
            logGroupName: "shop", filterName: "f", filterPattern: "",
            destinationArn: "arn:aws:lambda:us-east-1:111111111111:function:f")
        #expect(engine.error(Logs.putSubscriptionFilter, stranger)?.code == "AccessDeniedException")
        let stream = Logs.PutSubscriptionFilterRequest(
            logGroupName: "shop", filterName: "f", filterPattern: "",
            destinationArn: "arn:aws:kinesis:us-east-1:123456789012:stream/s")
        #expect(
            engine.error(Logs.putSubscriptionFilter, stream)?.message
                == "destinationArn for vendor kinesis cannot be used without roleArn")
        let extraction = Logs.PutAccountPolicyRequest(
            policyName: "p", policyDocument: "{}", policyType: "METRIC_EXTRACTION_POLICY")
        #expect(engine.error(Logs.putAccountPolicy, extraction)?.message.contains("METRIC_EXTRACTION_POLICY") == true)
    }
}

/// StartLiveTail: what a client that takes a stream is sent.
@Suite struct LiveTailTests {
    private let engine: TestEngine

    init() throws {
        engine = try TestEngine()
        try engine.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: "shop"))
        for name in ["web", "jobs"] {
            try engine.call(
                Logs.createLogStream, Logs.CreateLogStreamRequest(logGroupName: "shop", logStreamName: name))
        }
    }

    private final class Heard {
        var events: [DocumentObject] = []
        var end: CallResult?
        var updates: [[String]] {
            events.compactMap { $0.object("sessionUpdate")?.list("sessionResults") }
                .map { $0.compactMap { $0["message"]?.string } }
        }
    }

    private func listen(_ input: Logs.StartLiveTailRequest) -> Heard {
        let heard = Heard()
        engine.core.perform(
            service: Logs.id, operation: "StartLiveTail", input: input.document, caller: engine.caller,
            report: { if case .event(let event) = $0 { heard.events.append(event) } }
        ) { heard.end = $0 }
        engine.commit()
        return heard
    }

    private func put(_ message: String, _ stream: String) throws {
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: stream,
                logEvents: [Logs.InputLogEvent(timestamp: Int(engine.core.now.epochMilliseconds), message: message)]))
    }

    private let arn = "arn:aws:logs:us-east-1:123456789012:log-group:shop"

    @Test func `a session starts, tells each second what came, and ends after three hours`() throws {
        let heard = listen(
            Logs.StartLiveTailRequest(
                logGroupIdentifiers: [arn], logStreamNamePrefixes: ["w"], logEventFilterPattern: "ERROR"))
        #expect(heard.events.first?.object("sessionStart")?.string("logEventFilterPattern") == "ERROR")
        try put("ERROR one", "web")
        try put("fine", "web")
        try put("ERROR elsewhere", "jobs")
        engine.advance(by: .seconds(2))
        #expect(heard.updates == [["ERROR one"], []])
        engine.advance(by: .seconds(3 * 3600))
        guard case .failure(let error) = heard.end else {
            Issue.record("the session goes on")
            return
        }
        #expect(error.code == "SessionTimeoutException")
    }

    @Test func `more than 500 events in a second are sampled`() throws {
        let heard = listen(Logs.StartLiveTailRequest(logGroupIdentifiers: [arn]))
        let now = Int(engine.core.now.epochMilliseconds)
        try engine.call(
            Logs.putLogEvents,
            Logs.PutLogEventsRequest(
                logGroupName: "shop", logStreamName: "web",
                logEvents: (0..<600).map { Logs.InputLogEvent(timestamp: now, message: "\($0)") }))
        engine.advance(by: .seconds(1))
        let update = heard.events.last?.object("sessionUpdate")
        #expect(update?.list("sessionResults")?.count == 500)
        #expect(update?.object("sessionMetadata")?["sampled"] == true)
    }

    @Test func `without a stream, and of no group, it is refused`() {
        let request = Logs.StartLiveTailRequest(logGroupIdentifiers: [arn])
        #expect(engine.error(Logs.startLiveTail, request)?.message.contains("StartLiveTail") == true)
        let gone = listen(Logs.StartLiveTailRequest(logGroupIdentifiers: [arn + "x"]))
        guard case .failure(let error) = gone.end else {
            Issue.record("it was accepted")
            return
        }
        #expect(error.code == "ResourceNotFoundException")
    }
}
