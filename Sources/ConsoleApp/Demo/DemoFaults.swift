import AWSClient
import AWSTypes
import Emulation

/// What has gone wrong in the demo world, made the way it goes wrong in real ones. `!` in the console finds each.
extension DemoWorld {
    func plantFaults(workflow: String, queues: Queues, role: String) async throws {
        try await blockGroup(in: queues.shipments)
        try await disableMapping(of: queues.returns)
        try await throttleFunction(role: role)
        try await awaitToken(approvals: queues.approvals)
        try await forgetPermission()
        // A body that no retry will mend: it ends in orders-dead.
        _ = try await client.call(
            SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queues.orders, messageBody: DemoSources.poison))
        // One execution that waits a day for approval, one whose card is declined.
        for (name, input) in [("order-70001", DemoSources.largeOrder), ("order-70002", DemoSources.declinedOrder)] {
            _ = try await client.call(
                SFN.startExecution, SFN.StartExecutionInput(stateMachineArn: workflow, name: name, input: input))
        }
        // Four minutes pass at once: retries run out, the poison message reaches its dead-letter queue.
        _ = try await client.call(Skua.jumpClock, Skua.JumpClockRequest(bySeconds: 240))
        try await client.wait(for: "the first four minutes to pass") {
            try await client.call(Skua.getClock, Skua.GetClockRequest()).mode == "RUNNING"
        }
    }

    /// A receiver took the first message of a group and never came back.
    private func blockGroup(in queue: String) async throws {
        for body in ["parcel 1", "parcel 2", "parcel 3"] {
            _ = try await client.call(
                SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queue, messageBody: body, messageGroupId: "north"))
        }
        _ = try await client.call(
            SQS.receiveMessage, SQS.ReceiveMessageRequest(queueUrl: queue, maxNumberOfMessages: 1))
        _ = try await client.call(
            SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queue, messageBody: "parcel 4", messageGroupId: "south"))
    }

    /// Somebody switched a trigger off, and messages keep coming.
    private func disableMapping(of queue: String) async throws {
        _ = try await client.call(
            Lambda.createEventSourceMapping,
            Lambda.CreateEventSourceMappingRequest(
                eventSourceArn: arn("sqs", "returns"), functionName: "notify-customer", enabled: false))
        for order in ["70004", "70005"] {
            let body = #"{"order":"\#(order)","customer":"alan@example.com","status":"returned"}"#
            _ = try await client.call(SQS.sendMessage, SQS.SendMessageRequest(queueUrl: queue, messageBody: body))
        }
    }

    /// A function whose reserved concurrency was set to 0, and that is called all the same.
    private func throttleFunction(role: String) async throws {
        let name = "sales-report"
        try await makeFunction(name, DemoSources.salesReport, role: role, description: "Adds up the day's sales")
        _ = try await client.call(
            Lambda.putFunctionConcurrency,
            Lambda.PutFunctionConcurrencyRequest(functionName: name, reservedConcurrentExecutions: 0))
        // Refused, as it must be.
        _ = try? await client.call(Lambda.invoke, Lambda.InvocationRequest(functionName: name))
    }

    /// A refund that waits for somebody to approve it, whom nobody told.
    private func awaitToken(approvals: String) async throws {
        let role = try await makeRole(
            "refunds",
            allowing: [
                ("sqs:SendMessage", arn("sqs", "approvals")), ("lambda:InvokeFunction", arn("lambda", "function:*")),
            ])
        let definition = DemoSources.refunds.replacing("${APPROVALS}", with: approvals)
            .replacing("${CHARGE}", with: arn("lambda", "function:charge-card"))
        let machine = try await client.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(name: "refunds", definition: definition, roleArn: role)
        ).stateMachineArn
        _ = try await client.call(
            SFN.startExecution,
            SFN.StartExecutionInput(
                stateMachineArn: machine, name: "refund-70003",
                input: #"{"id":"70003","customer":"grace@example.com","amount":449}"#))
    }

    /// A workflow whose role was never allowed to call the function that it calls.
    private func forgetPermission() async throws {
        let role = try await makeRole(
            "stock-report", allowing: [("lambda:InvokeFunction", arn("lambda", "function:reserve-stock"))])
        let definition = DemoSources.stockReport.replacing("${PRICE}", with: arn("lambda", "function:price-order"))
        let machine = try await client.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(name: "stock-report", definition: definition, roleArn: role)
        ).stateMachineArn
        _ = try await client.call(
            SFN.startExecution,
            SFN.StartExecutionInput(
                stateMachineArn: machine, name: "report-1",
                input: #"{"id":"stock","items":[{"sku":"lamp","quantity":1}]}"#))
    }
}

extension DemoSources {
    static let salesReport = #"""
        def handler(event, context):
            print("adding up the day's sales")
            return {"orders": event.get("orders", 0)}
        """#

    /// `APPROVALS` is replaced by a queue's URL, `CHARGE` by a function's ARN.
    static let refunds = #"""
        {
          "Comment": "Pays a customer back once somebody has approved it.",
          "StartAt": "Ask for approval",
          "States": {
            "Ask for approval": {
              "Type": "Task",
              "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
              "Parameters": {
                "QueueUrl": "${APPROVALS}",
                "MessageBody": { "order.$": "$.id", "amount.$": "$.amount", "token.$": "$$.Task.Token" }
              },
              "ResultPath": "$.approval",
              "Next": "Pay back"
            },
            "Pay back": { "Type": "Task", "Resource": "${CHARGE}", "End": true }
          }
        }
        """#

    /// `PRICE` is replaced by a function's ARN.
    static let stockReport = #"""
        {
          "Comment": "Values what is in stock.",
          "StartAt": "Price stock",
          "States": {
            "Price stock": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "${PRICE}", "Payload.$": "$" },
              "End": true
            }
          }
        }
        """#
}
