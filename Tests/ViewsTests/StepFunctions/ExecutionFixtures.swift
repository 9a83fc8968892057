import AWSModel
import AWSTypes
import TerminalUI

@testable import Views

/// An order that is checked, shipped in two branches, and whose payment fails after two retries.
enum OrderMachine {
    static let arn = "arn:aws:states:us-east-1:123456789012:stateMachine:order-workflow"
    static let executionARN = "arn:aws:states:us-east-1:123456789012:execution:order-workflow:order-1042"
    static let start = Instant(iso8601: "2026-11-23T14:02:11.000Z")!

    static let definition = """
        {
          "Comment": "An order from cart to door",
          "StartAt": "Validate order",
          "States": {
            "Validate order": {
              "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": {"FunctionName": "validate-order", "Payload.$": "$"}, "OutputPath": "$.Payload",
              "Catch": [{"ErrorEquals": ["InvalidOrder"], "ResultPath": "$.error", "Next": "Notify customer"}],
              "Next": "Is it large?"
            },
            "Is it large?": {
              "Type": "Choice",
              "Choices": [{"Variable": "$.total", "NumericGreaterThan": 1000, "Next": "Approve"}],
              "Default": "Each item"
            },
            "Approve": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 86400, "Next": "Each item"},
            "Each item": {
              "Type": "Map", "ItemsPath": "$.items", "ResultPath": "$.reserved",
              "ItemProcessor": {
                "ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "Reserve stock",
                "States": {"Reserve stock": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:reserve-stock", "End": true}}
              },
              "Next": "Fulfil"
            },
            "Fulfil": {
              "Type": "Parallel",
              "Branches": [
                {"StartAt": "Charge card", "States": {"Charge card": {
                  "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card",
                  "Retry": [{"ErrorEquals": ["Payment.Busy"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2}], "End": true}}},
                {"StartAt": "Pack", "States": {"Pack": {"Type": "Wait", "Seconds": 60, "End": true}}}
              ],
              "Catch": [{"ErrorEquals": ["Payment.Declined"], "Next": "Notify customer"}],
              "Next": "Done"
            },
            "Notify customer": {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Next": "Rejected"},
            "Rejected": {"Type": "Fail", "Error": "OrderRejected", "Cause": "The order could not be taken"},
            "Done": {"Type": "Succeed"}
          }
        }
        """

    /// Events as `(type, previous, milliseconds after the start, details)`; ids count from 1.
    static func events(_ list: [(String, Int, Int64, DocumentObject)]) -> [TraceEvent] {
        list.enumerated().map { index, item in
            TraceEvent(
                id: index + 1, previous: item.1, type: item.0,
                time: Instant(microseconds: start.microseconds + item.2 * 1000), details: item.3)
        }
    }

    private static let order = #"{"orderId":"1042","total":87.5,"items":[{"sku":"mug"},{"sku":"hat"}]}"#

    /// Up to the first failure of the payment.
    static let begun: [(String, Int, Int64, DocumentObject)] = [
        ("ExecutionStarted", 0, 0, ["input": .string(order), "roleArn": "arn:aws:iam::123456789012:role/orders"]),
        ("TaskStateEntered", 0, 5, ["name": "Validate order", "input": .string(order)]),
        (
            "TaskScheduled", 2, 6,
            [
                "resourceType": "lambda", "resource": "invoke",
                "parameters": #"{"FunctionName":"validate-order","Payload":{"orderId":"1042"}}"#,
            ]
        ),
        ("TaskStarted", 3, 10, ["resourceType": "lambda", "resource": "invoke"]),
        (
            "TaskSucceeded", 4, 260,
            [
                "resourceType": "lambda", "resource": "invoke",
                "output": .string(#"{"StatusCode":200,"Payload":\#(order)}"#),
            ]
        ),
        ("TaskStateExited", 5, 262, ["name": "Validate order", "output": .string(order)]),
        ("ChoiceStateEntered", 6, 263, ["name": "Is it large?", "input": .string(order)]),
        ("ChoiceStateExited", 7, 264, ["name": "Is it large?", "output": .string(order)]),
        ("MapStateEntered", 8, 265, ["name": "Each item", "input": .string(order)]),
        ("MapStateStarted", 9, 265, ["length": 2]),
        ("MapIterationStarted", 10, 266, ["name": "Each item", "index": 0]),
        ("TaskStateEntered", 11, 267, ["name": "Reserve stock", "input": #"{"sku":"mug"}"#]),
        (
            "LambdaFunctionScheduled", 12, 268,
            ["resource": "arn:aws:lambda:us-east-1:123456789012:function:reserve-stock", "input": #"{"sku":"mug"}"#]
        ),
        ("MapIterationStarted", 10, 268, ["name": "Each item", "index": 1]),
        ("TaskStateEntered", 14, 269, ["name": "Reserve stock", "input": #"{"sku":"hat"}"#]),
        (
            "LambdaFunctionScheduled", 15, 270,
            ["resource": "arn:aws:lambda:us-east-1:123456789012:function:reserve-stock", "input": #"{"sku":"hat"}"#]
        ),
        ("LambdaFunctionStarted", 13, 272, [:]),
        ("LambdaFunctionStarted", 16, 273, [:]),
        ("LambdaFunctionSucceeded", 17, 600, ["output": #"{"reserved":1}"#]),
        ("TaskStateExited", 19, 601, ["name": "Reserve stock", "output": #"{"reserved":1}"#]),
        ("MapIterationSucceeded", 20, 602, ["name": "Each item", "index": 0]),
        ("LambdaFunctionSucceeded", 18, 900, ["output": #"{"reserved":1}"#]),
        ("TaskStateExited", 22, 901, ["name": "Reserve stock", "output": #"{"reserved":1}"#]),
        ("MapIterationSucceeded", 23, 902, ["name": "Each item", "index": 1]),
        ("MapStateSucceeded", 24, 903, [:]),
        ("MapStateExited", 24, 903, ["name": "Each item", "output": .string(order)]),
        ("ParallelStateEntered", 26, 905, ["name": "Fulfil", "input": .string(order)]),
        ("ParallelStateStarted", 27, 905, [:]),
        ("TaskStateEntered", 28, 906, ["name": "Charge card", "input": .string(order)]),
        (
            "LambdaFunctionScheduled", 29, 907,
            ["resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card", "input": .string(order)]
        ),
        ("WaitStateEntered", 28, 907, ["name": "Pack", "input": .string(order)]),
        ("LambdaFunctionStarted", 30, 910, [:]),
        ("LambdaFunctionFailed", 32, 1400, ["error": "Payment.Busy", "cause": "The bank asks to come back later"]),
    ]

    /// Two retries later the card is declined, which is caught and told the customer.
    static let ended: [(String, Int, Int64, DocumentObject)] =
        begun + [
            (
                "LambdaFunctionScheduled", 33, 2400,
                ["resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card", "input": .string(order)]
            ),
            ("LambdaFunctionStarted", 34, 2405, [:]),
            ("LambdaFunctionFailed", 35, 2900, ["error": "Payment.Busy", "cause": "The bank asks to come back later"]),
            (
                "LambdaFunctionScheduled", 36, 4900,
                ["resource": "arn:aws:lambda:us-east-1:123456789012:function:charge-card", "input": .string(order)]
            ),
            ("LambdaFunctionStarted", 37, 4905, [:]),
            (
                "LambdaFunctionFailed", 38, 5300,
                ["error": "Payment.Declined", "cause": "Card 4111…1111 was declined: insufficient funds"]
            ),
            (
                "ParallelStateFailed", 39, 5301,
                ["error": "Payment.Declined", "cause": "Card 4111…1111 was declined: insufficient funds"]
            ),
            (
                "ParallelStateExited", 40, 5302,
                [
                    "name": "Fulfil",
                    "output":
                        #"{"Error":"Payment.Declined","Cause":"Card 4111…1111 was declined: insufficient funds"}"#,
                ]
            ),
            ("TaskStateEntered", 41, 5303, ["name": "Notify customer", "input": #"{"Error":"Payment.Declined"}"#]),
            ("TaskScheduled", 42, 5304, ["resourceType": "sns", "resource": "publish", "parameters": "{}"]),
            ("TaskStarted", 43, 5305, ["resourceType": "sns", "resource": "publish"]),
            (
                "TaskSucceeded", 44, 5400,
                ["resourceType": "sns", "resource": "publish", "output": #"{"MessageId":"1"}"#]
            ),
            ("TaskStateExited", 45, 5401, ["name": "Notify customer", "output": #"{"MessageId":"1"}"#]),
            ("FailStateEntered", 46, 5402, ["name": "Rejected", "input": #"{"MessageId":"1"}"#]),
            ("ExecutionFailed", 47, 5403, ["error": "OrderRejected", "cause": "The order could not be taken"]),
        ]

    static func description(status: String) -> SFN.DescribeExecutionOutput {
        let isOver = status != "RUNNING"
        return SFN.DescribeExecutionOutput(
            executionArn: executionARN, stateMachineArn: arn, name: "order-1042", status: status, startDate: start,
            stopDate: isOver ? Instant(microseconds: start.microseconds + 5_403_000) : nil, input: order,
            error: isOver ? "OrderRejected" : nil, cause: isOver ? "The order could not be taken" : nil)
    }

    /// A screen as it is after its first load.
    static func screen(_ list: [(String, Int, Int64, DocumentObject)], status: String) -> ExecutionScreen {
        var screen = ExecutionScreen(address: executionARN)
        let reading = ExecutionReading(
            description: description(status: status), definition: definition, events: events(list), hasEngine: false)
        _ = screen.update(.message(.loaded(.success(reading))))
        return screen
    }

    /// Three seconds into the execution.
    static var now: Int64 { start.epochMilliseconds + 1900 }
}
