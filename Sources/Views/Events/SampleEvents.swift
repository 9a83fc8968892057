import AWSModel
import TerminalUI

/// Events to try patterns on, in the shapes that AWS's services send.
struct SampleEvent: Sendable {
    let id: String
    let title: String
    let detail: String
    let text: String

    private init(_ id: String, _ title: String, _ source: String, _ type: String, _ detail: DocumentValue) {
        self.id = id
        self.title = title
        self.detail = source
        let event: DocumentObject = [
            "version": "0", "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718", "detail-type": .string(type),
            "source": .string(source), "account": "123456789012", "time": "2026-01-01T12:00:00Z",
            "region": "us-east-1", "resources": [], "detail": detail,
        ]
        text = CompactJSON.lines(.object(event), width: 34)
    }

    private init(_ id: String, _ title: String, _ detail: String, of value: DocumentObject) {
        self.id = id
        self.title = title
        self.detail = detail
        text = CompactJSON.lines(.object(value), width: 34)
    }

    private init(record id: String, _ title: String, body: String) {
        self.id = id
        self.title = title
        detail = "aws:sqs"
        let record: DocumentObject = [
            "messageId": "7f3c2a10-0000-4000-8000-000000000001", "body": .string(body),
            "attributes": ["ApproximateReceiveCount": "1", "SentTimestamp": "1767268800000"],
            "messageAttributes": [:], "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:orders", "awsRegion": "us-east-1",
        ]
        text = CompactJSON.lines(.object(record), width: 34)
    }

    /// Of a kind, the first one to begin with.
    static func all(_ kind: PatternKind) -> [SampleEvent] {
        switch kind {
        case .event: events
        case .record: records
        case .attributes: messages
        case .body: bodies
        }
    }

    static func menu(_ kind: PatternKind) -> Menu {
        Menu("Sample event", all(kind).map { MenuItem(ActionID($0.id), $0.title, detail: $0.detail) })
    }

    private static let events: [SampleEvent] = [
        SampleEvent(
            "own", "An event of your own", "shop", "order placed",
            ["orderId": "A-1042", "total": 250, "customer": ["tier": "gold"], "items": ["book", "pen"]]),
        SampleEvent(
            "execution", "Execution status change", "aws.states", "Step Functions Execution Status Change",
            [
                "executionArn": "arn:aws:states:us-east-1:123456789012:execution:order-fulfilment:order-7",
                "stateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:order-fulfilment",
                "name": "order-7", "status": "FAILED", "error": "CardDeclined",
            ]),
        SampleEvent(
            "alarm", "Alarm state change", "aws.cloudwatch", "CloudWatch Alarm State Change",
            [
                "alarmName": "orders-too-old", "state": ["value": "ALARM", "reason": "Threshold Crossed"],
                "previousState": ["value": "OK"],
            ]),
        SampleEvent(
            "object", "Object created", "aws.s3", "Object Created",
            [
                "version": "0", "bucket": ["name": "uploads"],
                "object": ["key": "images/cat.png", "size": 51_200, "etag": "d41d8cd98f00b204e9800998ecf8427e"],
                "requester": "123456789012", "source-ip-address": "10.0.1.7", "reason": "PutObject",
            ]),
        SampleEvent("schedule", "Scheduled event", "aws.events", "Scheduled Event", [:]),
        SampleEvent(
            "instance", "Instance state change", "aws.ec2", "EC2 Instance State-change Notification",
            ["instance-id": "i-1234567890abcdef0", "state": "terminated"]),
    ]

    /// Attributes of a message, each as a field.
    private static let messages: [SampleEvent] = [
        SampleEvent(
            "attributes", "Attributes of an order", "kind, total, tier",
            of: ["kind": "order", "total": 250, "tier": "gold"]),
        SampleEvent("bare", "A message without attributes", "none", of: [:]),
    ]

    private static let bodies: [SampleEvent] = [
        SampleEvent(
            "body", "An order", "nested",
            of: ["kind": "order", "total": 250, "customer": ["tier": "gold", "city": "Bern"]])
    ]

    private static let records: [SampleEvent] = [
        SampleEvent(
            record: "json", "A message with a JSON body", body: #"{"orderId":"A-1042","kind":"order","total":250}"#),
        SampleEvent(record: "text", "A message with a text body", body: "hello"),
    ]
}
