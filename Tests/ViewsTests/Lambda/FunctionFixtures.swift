import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// A shop's functions, as an endpoint would tell them.
enum FunctionFixtures {
    static let arn = "arn:aws:lambda:us-east-1:000000000000:function:handle-order"

    static var configuration: Lambda.FunctionConfiguration {
        Lambda.FunctionConfiguration(
            functionName: "handle-order", functionArn: arn, runtime: "python3.13",
            role: "arn:aws:iam::000000000000:role/shop-functions",
            handler: "app.handler", codeSize: 1843, description: "Takes orders from the queue and reserves stock",
            timeout: 30,
            memorySize: 256, lastModified: "2026-11-23T13:40:02.000+0000",
            codeSha256: "q3Vx0cGVuIHNlc2FtZSwgc2FpZCB0aGUgdGVybg8qk1Y=",
            version: "$LATEST", deadLetterConfig: .init(targetArn: "arn:aws:sqs:us-east-1:000000000000:orders-lost"),
            environment: .init(variables: [
                "STOCK_TABLE": "stock", "LOG_LEVEL": "info",
                "NOTIFY_TOPIC": "arn:aws:sns:us-east-1:000000000000:order-events",
            ]),
            layers: [.init(arn: "arn:aws:lambda:us-east-1:000000000000:layer:shop-models:4", codeSize: 20_480)],
            state: "Active",
            lastUpdateStatus: "Successful", packageType: "Zip", architectures: ["arm64"])
    }

    static var details: FunctionDetails {
        var details = FunctionDetails(configuration: configuration)
        details.tags = ["team": "checkout", "stage": "test"]
        details.reservedConcurrency = 5
        details.mappings = [
            .init(
                uuid: "11111111-0000-4000-8000-000000000001", batchSize: 10,
                eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:orders", state: "Enabled",
                scalingConfig: .init(maximumConcurrency: 4)),
            .init(
                uuid: "11111111-0000-4000-8000-000000000002", batchSize: 100, maximumBatchingWindowInSeconds: 5,
                eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:orders-replayed-from-archive", state: "Disabled"),
        ]
        details.invokeConfig = .init(
            maximumRetryAttempts: 1, maximumEventAgeInSeconds: 3600,
            destinationConfig: .init(
                onSuccess: .init(destination: "arn:aws:lambda:us-east-1:000000000000:function:send-receipt"),
                onFailure: .init(destination: "arn:aws:sqs:us-east-1:000000000000:orders-failed")))
        details.policy = PolicyStatement.parse(
            """
            {"Version":"2012-10-17","Statement":[{"Sid":"from-topic","Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"\(arn)","Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:sns:us-east-1:000000000000:order-events"}}}]}
            """)
        details.rolePolicies = ["AWSLambdaSQSQueueExecutionRole", "stock-table (inline)"]
        details.versions = [
            version("$LATEST", ""), version("4", "reserve before charging"), version("3", "retries"), version("2", ""),
            version("1", "first"),
        ]
        details.aliases = [
            .init(
                aliasArn: arn + ":live", name: "live", functionVersion: "3", description: "what customers use",
                routingConfig: .init(additionalVersionWeights: ["4": 0.1])),
            .init(aliasArn: arn + ":test", name: "test", functionVersion: "4"),
        ]
        return details
    }

    private static func version(_ number: String, _ description: String) -> Lambda.FunctionConfiguration {
        var version = configuration
        version.version = number
        version.description = description
        return version
    }

    static var lonely: FunctionDetails {
        FunctionDetails(
            configuration: .init(
                functionName: "hello", functionArn: "arn:aws:lambda:us-east-1:000000000000:function:hello",
                runtime: "nodejs22.x", handler: "index.handler", timeout: 3, memorySize: 128, state: "Active"))
    }

    static var rows: [FunctionRow] {
        var pending = Lambda.FunctionConfiguration(
            functionName: "resize-photos", runtime: "nodejs22.x", codeSize: 4_812_201, timeout: 60, memorySize: 1024,
            lastModified: "2026-11-23T13:58:40.000+0000", state: "Pending")
        pending.lastUpdateStatus = nil
        let failed = Lambda.FunctionConfiguration(
            functionName: "send-receipt", runtime: "python3.12", codeSize: 912, timeout: 3, memorySize: 128,
            lastModified: "2026-11-22T09:12:44.000+0000", state: "Active", lastUpdateStatus: "Failed")
        return [configuration, pending, failed].map { FunctionRow(configuration: $0) }
    }

    static let files: [FunctionSourceFile] = [
        FunctionSourceFile(
            path: "app.py",
            text: """
                import json
                import os


                def handler(event, context):
                    for record in event["Records"]:
                        order = json.loads(record["body"])
                        reserve(order["orderId"], os.environ["STOCK_TABLE"])
                    return {"reserved": len(event["Records"])}

                """),
        FunctionSourceFile(path: "requirements.txt", text: ""),
    ]

    static let log = """
        START RequestId: 5b1f0d2e-0000-4000-8000-000000000001 Version: $LATEST
        reserving A-1042
        END RequestId: 5b1f0d2e-0000-4000-8000-000000000001
        REPORT RequestId: 5b1f0d2e-0000-4000-8000-000000000001\tDuration: 12.41 ms\tBilled Duration: 151 ms\tMemory Size: 256 MB\tMax Memory Used: 38 MB\tInit Duration: 138.20 ms\t
        """

    static func result(payload: String = #"{"reserved": 2, "orders": ["A-1042", "A-1043"]}"#, error: String? = nil)
        -> InvocationResult
    {
        InvocationResult(
            .init(
                statusCode: 200, functionError: error, logResult: Base64.encode(Array(log.utf8)),
                payload: Array(payload.utf8), executedVersion: "$LATEST"),
            type: .requestResponse, elapsed: .milliseconds(164))
    }

    static var metrics: FunctionMetrics {
        let end: Int64 = 1_795_442_400_000
        var metrics = FunctionMetrics(range: end - 3_600_000...end)
        func wave(_ scale: Double, _ phase: Int) -> [ChartSeries.Point] {
            (0..<60).map { index in
                let step = Double((index * 7 + phase) % 20)
                return .init(time: end - 3_600_000 + Int64(index) * 60_000, value: scale * (10 + abs(10 - step)))
            }
        }
        metrics.points = [
            "invocations": wave(4, 0), "errors": wave(0.2, 5), "throttles": wave(0, 0), "p50": wave(1.1, 3),
            "p99": wave(9, 11), "concurrent": wave(0.2, 2),
        ]
        return metrics
    }

    static var logLines: [StyledLine] {
        [
            Logs.FilteredLogEvent(
                timestamp: 1_795_442_340_000, message: "START RequestId: 5b1f0d2e Version: $LATEST\n"),
            Logs.FilteredLogEvent(timestamp: 1_795_442_340_020, message: "reserving A-1042\n"),
            Logs.FilteredLogEvent(
                timestamp: 1_795_442_341_000,
                message:
                    "[ERROR] KeyError: 'orderId'\nTraceback (most recent call last):\n  File \"/var/task/app.py\", line 8, in handler\n"
            ),
            Logs.FilteredLogEvent(
                timestamp: 1_795_442_341_100,
                message:
                    "REPORT RequestId: 5b1f0d2e\tDuration: 12.41 ms\tBilled Duration: 13 ms\tMemory Size: 256 MB\tMax Memory Used: 38 MB\t\n"
            ),
        ].flatMap(FunctionLogLine.lines)
    }
}
