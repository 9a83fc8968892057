import AWSModel
import TerminalUI

/// An event to start a test from, in the shape its source sends.
struct TestEventTemplate: Sendable {
    let id: String
    let title: String
    let detail: String
    let make: @Sendable (_ scope: Scope) -> DocumentValue

    /// Where the event happens: taken from the function's own ARN.
    struct Scope: Sendable {
        var function: String
        var region: String
        var account: String

        func arn(_ service: String, _ resource: String) -> DocumentValue {
            .string(ARN(service: service, region: region, accountID: account, resource: resource).description)
        }
    }

    func text(function: String, arn: String) -> String {
        let parsed = ARN(arn)
        let scope = Scope(
            function: function, region: parsed?.region ?? "us-east-1", account: parsed?.accountID ?? "000000000000")
        return JSONWriter.string(make(scope), pretty: true)
    }
}

enum TestEventTemplates {
    static var items: [MenuItem] { all.map { MenuItem(ActionID($0.id), $0.title, detail: $0.detail) } }

    static let all: [TestEventTemplate] = [
        TestEventTemplate(id: "hello", title: "Hello world", detail: "three keys") { _ in
            ["key1": "value1", "key2": "value2", "key3": "value3"]
        },
        TestEventTemplate(id: "sqs", title: "SQS", detail: "a batch of two messages") { sqs($0) },
        TestEventTemplate(id: "sns", title: "SNS", detail: "a notification") { sns($0) },
        TestEventTemplate(id: "s3", title: "S3", detail: "an object was created") { s3($0) },
        TestEventTemplate(id: "apigateway", title: "API Gateway v2", detail: "an HTTP request, payload 2.0") {
            apiGateway($0)
        },
        TestEventTemplate(id: "eventbridge", title: "EventBridge", detail: "an event of your own") { eventBridge($0) },
        TestEventTemplate(id: "schedule", title: "Scheduled", detail: "a rule's schedule came due") { scheduled($0) },
        TestEventTemplate(id: "kinesis", title: "Kinesis", detail: "a batch of two records") { kinesis($0) },
        TestEventTemplate(id: "dynamodb", title: "DynamoDB", detail: "an item was changed") { dynamoDB($0) },
        TestEventTemplate(id: "logs", title: "CloudWatch Logs", detail: "a subscription, gzip in base64") { logs($0) },
    ]

    private static let order: DocumentObject = ["orderId": "A-1042", "kind": "order", "total": 42.5]
    private static var orderText: DocumentValue { .string(JSONWriter.string(.object(order))) }
    private static let sentAt: Int64 = 1_795_442_400_000

    private static func sqs(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        func record(_ number: Int, _ body: DocumentValue) -> DocumentValue {
            [
                "messageId": .string("7f3c2a10-0000-4000-8000-00000000000\(number)"),
                "receiptHandle": .string("receipt-\(number)"),
                "body": body,
                "attributes": [
                    "ApproximateReceiveCount": "1", "SentTimestamp": .string("\(sentAt + Int64(number))"),
                    "SenderId": "AIDAEXAMPLESENDER",
                    "ApproximateFirstReceiveTimestamp": .string("\(sentAt + 5 + Int64(number))"),
                ],
                "messageAttributes": [
                    "source": [
                        "stringValue": "shop", "stringListValues": [], "binaryListValues": [], "dataType": "String",
                    ]
                ],
                "md5OfBody": .string(
                    number == 1 ? "e9c8b993d7814870a86c7eb260bd24d1" : "5d41402abc4b2a76b9719d911017c592"),
                "eventSource": "aws:sqs",
                "eventSourceARN": scope.arn("sqs", "orders"), "awsRegion": .string(scope.region),
            ]
        }
        return ["Records": [record(1, orderText), record(2, "hello")]]
    }

    private static func sns(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "Records": [
                [
                    "EventSource": "aws:sns", "EventVersion": "1.0",
                    "EventSubscriptionArn": scope.arn("sns", "order-events:2b0e1c54-0000-4000-8000-000000000001"),
                    "Sns": [
                        "Type": "Notification", "MessageId": "95df01b4-0000-4000-8000-000000000001",
                        "TopicArn": scope.arn("sns", "order-events"),
                        "Subject": "Order placed", "Message": orderText, "Timestamp": "2026-11-23T14:00:00.000Z",
                        "SignatureVersion": "1",
                        "Signature": "EXAMPLE",
                        "SigningCertUrl": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-example.pem",
                        "UnsubscribeUrl": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
                        "MessageAttributes": ["kind": ["Type": "String", "Value": "order"]],
                    ],
                ]
            ]
        ]
    }

    private static func s3(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "Records": [
                [
                    "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": .string(scope.region),
                    "eventTime": "2026-11-23T14:00:00.000Z",
                    "eventName": "ObjectCreated:Put", "userIdentity": ["principalId": "AIDAEXAMPLEUSER"],
                    "requestParameters": ["sourceIPAddress": "127.0.0.1"],
                    "responseElements": ["x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "EXAMPLE123/abcdefgh"],
                    "s3": [
                        "s3SchemaVersion": "1.0", "configurationId": "uploads-to-function",
                        "bucket": [
                            "name": "uploads", "ownerIdentity": ["principalId": "A3NL1KOZZKExample"],
                            "arn": "arn:aws:s3:::uploads",
                        ],
                        "object": [
                            "key": "photos/tern.jpg", "size": 48_213, "eTag": "0123456789abcdef0123456789abcdef",
                            "sequencer": "0A1B2C3D4E5F678901",
                        ],
                    ],
                ]
            ]
        ]
    }

    private static func apiGateway(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "version": "2.0", "routeKey": "POST /orders", "rawPath": "/orders", "rawQueryString": "notify=true",
            "cookies": ["session=abc123"],
            "headers": [
                "content-type": "application/json", "host": "abcdef1234.execute-api.us-east-1.amazonaws.com",
                "user-agent": "curl/8.9", "x-forwarded-for": "192.0.2.10",
            ],
            "queryStringParameters": ["notify": "true"],
            "requestContext": [
                "accountId": .string(scope.account), "apiId": "abcdef1234",
                "domainName": "abcdef1234.execute-api.us-east-1.amazonaws.com",
                "domainPrefix": "abcdef1234",
                "http": [
                    "method": "POST", "path": "/orders", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.10",
                    "userAgent": "curl/8.9",
                ],
                "requestId": "JKJaXmPLvHcESHA=", "routeKey": "POST /orders", "stage": "$default",
                "time": "23/Nov/2026:14:00:00 +0000",
                "timeEpoch": .integer(sentAt),
            ],
            "body": orderText, "pathParameters": [:], "isBase64Encoded": false, "stageVariables": [:],
        ]
    }

    private static func eventBridge(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "version": "0", "id": "6a7e8feb-0000-4000-8000-000000000001", "detail-type": "Order placed",
            "source": "com.example.shop",
            "account": .string(scope.account), "time": "2026-11-23T14:00:00Z", "region": .string(scope.region),
            "resources": [], "detail": .object(order),
        ]
    }

    private static func scheduled(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "version": "0", "id": "cdc73f9d-0000-4000-8000-000000000001", "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": .string(scope.account), "time": "2026-11-23T14:00:00Z", "region": .string(scope.region),
            "resources": [scope.arn("events", "rule/every-five-minutes")], "detail": [:],
        ]
    }

    private static func kinesis(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        func record(_ number: Int, _ data: String) -> DocumentValue {
            let sequence = "4959033827149025660855969253836157109592157598913658889\(number)"
            return [
                "kinesis": [
                    "kinesisSchemaVersion": "1.0", "partitionKey": .string("customer-\(number)"),
                    "sequenceNumber": .string(sequence),
                    "data": .string(Base64.encode(Array(data.utf8))),
                    "approximateArrivalTimestamp": .number(Double(sentAt) / 1000),
                ],
                "eventSource": "aws:kinesis", "eventVersion": "1.0",
                "eventID": .string("shardId-000000000000:\(sequence)"),
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": .string("arn:aws:iam::\(scope.account):role/stream-reader"),
                "awsRegion": .string(scope.region), "eventSourceARN": scope.arn("kinesis", "stream/clicks"),
            ]
        }
        return ["Records": [record(2, "{\"page\":\"/\"}"), record(3, "{\"page\":\"/cart\"}")]]
    }

    private static func dynamoDB(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        [
            "Records": [
                [
                    "eventID": "c4ca4238a0b923820dcc509a6f75849b", "eventName": "MODIFY", "eventVersion": "1.1",
                    "eventSource": "aws:dynamodb",
                    "awsRegion": .string(scope.region),
                    "dynamodb": [
                        "ApproximateCreationDateTime": .integer(sentAt / 1000), "Keys": ["orderId": ["S": "A-1042"]],
                        "NewImage": ["orderId": ["S": "A-1042"], "status": ["S": "shipped"], "total": ["N": "42.5"]],
                        "OldImage": ["orderId": ["S": "A-1042"], "status": ["S": "placed"], "total": ["N": "42.5"]],
                        "SequenceNumber": "4421584500000000017450439091", "SizeBytes": 91,
                        "StreamViewType": "NEW_AND_OLD_IMAGES",
                    ],
                    "eventSourceARN": scope.arn("dynamodb", "table/orders/stream/2026-11-23T14:00:00.000"),
                ]
            ]
        ]
    }

    /// AWS: the data is gzip in base64; a stored deflate block is gzip, too.
    private static func logs(_ scope: TestEventTemplate.Scope) -> DocumentValue {
        let message: DocumentValue = [
            "messageType": "DATA_MESSAGE", "owner": .string(scope.account), "logGroup": "/aws/lambda/handle-order",
            "logStream": "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef", "subscriptionFilters": ["errors"],
            "logEvents": [
                [
                    "id": "35001234567890123456789012345678901234567890123456789012", "timestamp": .integer(sentAt),
                    "message": "ERROR no such order A-1042",
                ]
            ],
        ]
        return ["awslogs": ["data": .string(Base64.encode(StoredArchive.gzip(JSONWriter.bytes(message))))]]
    }
}
