import AWSClient
import AWSModel
import AWSTypes

@testable import Views

/// A small shop: the world that Home, Time and Timeline are tested with.
enum WorldFixture {
    static let start = Instant(iso8601: "2026-11-23T14:30:00Z") ?? .epoch

    static func arn(_ service: String, _ resource: String) -> String {
        "arn:aws:\(service):us-east-1:000000000000:\(resource)"
    }
    static func queue(_ name: String) -> String { arn("sqs", name) }
    static func function(_ name: String) -> String { arn("lambda", "function:\(name)") }
    static let machine = arn("states", "stateMachine:order-fulfilment")
    static let execution = arn("states", "execution:order-fulfilment:order-70002")

    static func topology(sent: Int = 1204) -> Skua.DescribeTopologyResponse {
        func queueNode(_ name: String, _ visible: Int, _ inFlight: Int = 0, _ health: String = "good")
            -> Skua.TopologyNode
        {
            Skua.TopologyNode(
                arn: queue(name), service: "sqs", name: name,
                summary: inFlight > 0 ? "\(visible) visible · \(inFlight) in flight" : "\(visible) visible",
                health: health,
                counts: ["visible": visible, "inFlight": inFlight, "delayed": 0])
        }
        func functionNode(_ name: String, running: Int = 0) -> Skua.TopologyNode {
            Skua.TopologyNode(
                arn: function(name), service: "lambda", name: name, summary: "python3.13",
                health: running > 0 ? "busy" : "good",
                counts: ["concurrency": running, "queued": 0, "environments": 1])
        }
        func wire(_ source: String, _ target: String, _ kind: String, _ count: Int = 0) -> Skua.TopologyWire {
            Skua.TopologyWire(sourceArn: source, targetArn: target, kind: kind, count: count, isEnabled: true)
        }
        return Skua.DescribeTopologyResponse(
            nodes: [
                queueNode("notifications", 0), queueNode("orders", 3, 1, "busy"),
                queueNode("orders-dead", 1, 0, "warning"),
                queueNode("shipments.fifo", 3, 1, "busy"), functionNode("charge-card"), functionNode("notify-customer"),
                functionNode("price-order"), functionNode("receive-order", running: 1), functionNode("reserve-stock"),
                Skua.TopologyNode(
                    arn: machine, service: "states", name: "order-fulfilment", summary: "1 running", health: "busy",
                    counts: ["running": 1, "failed": 1, "executions": 17]),
            ],
            wires: [
                wire(queue("orders"), queue("orders-dead"), "dead-letter", 1),
                wire(queue("orders"), function("receive-order"), "trigger", sent),
                wire(queue("notifications"), function("notify-customer"), "trigger", 16),
                wire(machine, function("price-order"), "task"), wire(machine, function("charge-card"), "task"),
                wire(machine, function("reserve-stock"), "task"), wire(machine, queue("notifications"), "task"),
            ])
    }

    static func event(
        _ id: Int, _ milliseconds: Int64, _ kind: String, _ service: String, _ action: String, _ resource: String,
        trace: String = "a1", cause: Int? = nil, error: String? = nil, detail: String = ""
    ) -> Skua.TimelineEvent {
        Skua.TimelineEvent(
            id: id, time: start + .milliseconds(milliseconds), kind: kind, service: service, action: action,
            resource: resource,
            traceId: trace, causeId: cause, error: error, detail: detail)
    }

    /// Oldest first.
    static let events: [Skua.TimelineEvent] = [
        event(1, 0, "call", "sqs", "SendMessage", queue("orders"), detail: "0f3e"),
        event(2, 4, "delivery", "sqs", "ReceiveMessage", queue("orders"), cause: 1, detail: "1 message"),
        event(3, 5, "invocation", "lambda", "sqs", function("receive-order"), cause: 2, detail: "83 ms"),
        event(4, 71, "call", "states", "StartExecution", machine, cause: 3, detail: "order-70002"),
        event(5, 71, "transition", "states", "ExecutionStarted", execution, cause: 4, detail: "order-fulfilment"),
        event(6, 75, "transition", "states", "TaskScheduled", execution, cause: 5, detail: "Charge card → charge-card"),
        event(
            7, 76, "invocation", "lambda", "Invoke", function("charge-card:live"), cause: 5, error: "CardDeclined",
            detail: "41 ms"),
        event(
            8, 118, "transition", "states", "LambdaFunctionFailed", execution, cause: 5, error: "CardDeclined",
            detail: "the bank declined 449.00 EUR"),
        event(9, 4_000, "call", "sqs", "SendMessage", queue("orders"), trace: "b2", detail: "7c1d"),
        event(
            10, 4_004, "invocation", "lambda", "sqs", function("receive-order"), trace: "b2", cause: 9,
            detail: "running"),
        event(
            11, 9_000, "call", "sqs", "GetQueueUrl", "", trace: "c3", error: "AWS.SimpleQueueService.NonExistentQueue"),
    ]

    static func timeline(_ input: DocumentObject) -> DocumentObject {
        let request = Skua.ListTimelineRequest(input)
        var found = events.filter { event in
            if let trace = request.traceId, event.traceId != trace { return false }
            if request.onlyErrors == true, event.error == nil { return false }
            if let kinds = request.kinds, !kinds.isEmpty, !kinds.contains(event.kind ?? "") { return false }
            if let resource = request.resourceArn, event.resource != resource { return false }
            if let after = request.after, (event.id ?? 0) <= after { return false }
            if let before = request.before, (event.id ?? 0) >= before { return false }
            return true
        }
        if request.after == nil { found.reverse() }
        return Skua.ListTimelineResponse(events: Array(found.prefix(request.maxResults ?? 200)), lastId: 11).document
    }

    static let traffic = Skua.DescribeTrafficResponse(
        sources: [
            Skua.TrafficSource(
                name: "customers", description: "", targetArn: queue("orders"), intervalSeconds: 4, isEnabled: true,
                sent: 1204)
        ], isEnabled: true)

    static let world = Skua.DescribeWorldResponse(
        version: "1.0", directory: "shop", endpoint: "http://127.0.0.1:4566", accountId: "000000000000",
        region: "us-east-1")

    static func transport(_ more: [String: CannedServices.Answer] = [:]) -> CannedServices {
        let usual: [String: CannedServices.Answer] = [
            "DescribeTopology": { _ in topology().document },
            "ListTimeline": { timeline($0) },
            "DescribeTraffic": { _ in traffic.document },
            "DescribeWorld": { _ in world.document },
            "SetTraffic": { ["IsEnabled": .bool(Skua.SetTrafficRequest($0).isEnabled)] },
            "ListMetrics": { _ in
                CloudWatch.ListMetricsOutput(
                    metrics: (0..<37).map { CloudWatch.Metric(namespace: "AWS/SQS", metricName: "m\($0)") }
                ).document
            },
            "DescribeLogGroups": { _ in
                Logs.DescribeLogGroupsResponse(
                    logGroups: (0..<5).map { Logs.LogGroup(logGroupName: "/aws/lambda/f\($0)") }
                ).document
            },
        ]
        return CannedServices(usual.merging(more) { $1 })
    }
}
