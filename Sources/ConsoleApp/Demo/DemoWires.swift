import AWSClient
import AWSTypes

/// What the shop's operators have wired up around the orders: deliveries by a pipe and a bus, a nightly import of the stock, and mails
/// about what fails.
extension DemoWorld {
    func makeWires() async throws {
        let operators = try await makeOperatorsTopic()
        try await makeAlarms(operators: operators)
        try await makeFailureRule(operators: operators)
        try await makeDeliveries()
        try await makeStockImport()
    }

    /// A topic that reaches a person, who has confirmed.
    private func makeOperatorsTopic() async throws -> String {
        let topic = try await client.call(SNS.createTopic, SNS.CreateTopicInput(name: "operators")).topicArn ?? ""
        let allowed = ["events.amazonaws.com", "cloudwatch.amazonaws.com"].map {
            #"{"Effect":"Allow","Principal":{"Service":"\#($0)"},"Action":"sns:Publish","Resource":"\#(topic)"}"#
        }
        _ = try await client.call(
            SNS.setTopicAttributes,
            SNS.SetTopicAttributesInput(
                topicArn: topic, attributeName: "Policy",
                attributeValue: #"{"Version":"2012-10-17","Statement":[\#(allowed.joined(separator: ","))]}"#))
        _ = try await client.call(
            SNS.subscribe,
            SNS.SubscribeInput(topicArn: topic, protocol: "email", endpoint: "operators@shop.example"))
        var token: String?
        try await client.wait(for: "the mail that asks for confirmation") {
            let mails = try await client.call(
                Skua.listOutboxMessages, Skua.ListOutboxMessagesRequest(topicArn: topic))
            token = mails.messages.lazy.compactMap(\.token).first
            return token != nil
        }
        _ = try await client.call(
            SNS.confirmSubscription, SNS.ConfirmSubscriptionInput(topicArn: topic, token: token ?? ""))
        return topic
    }

    private func makeAlarms(operators: String) async throws {
        _ = try await client.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "orders-dead-not-empty", alarmDescription: "An order was given up after three attempts.",
                okActions: [operators], alarmActions: [operators],
                metricName: "ApproximateNumberOfMessagesVisible", namespace: "AWS/SQS", statistic: "Maximum",
                dimensions: [CloudWatch.Dimension(name: "QueueName", value: "orders-dead")], period: 60,
                evaluationPeriods: 1, threshold: 0, comparisonOperator: "GreaterThanThreshold",
                treatMissingData: "notBreaching"))
        _ = try await client.call(
            CloudWatch.putMetricAlarm,
            CloudWatch.PutMetricAlarmInput(
                alarmName: "charge-card-slow", alarmDescription: "Customers wait for the bank.",
                alarmActions: [operators], metricName: "Duration", namespace: "AWS/Lambda", extendedStatistic: "p90",
                dimensions: [CloudWatch.Dimension(name: "FunctionName", value: "charge-card")], period: 60,
                evaluationPeriods: 5, datapointsToAlarm: 3, threshold: 2000,
                comparisonOperator: "GreaterThanOrEqualToThreshold"))
        // What is declined, counted from what the function writes.
        let group = "/aws/lambda/charge-card"
        _ = try await client.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: group))
        _ = try await client.call(
            Logs.putRetentionPolicy, Logs.PutRetentionPolicyRequest(logGroupName: group, retentionInDays: 30))
        _ = try await client.call(
            Logs.putMetricFilter,
            Logs.PutMetricFilterRequest(
                logGroupName: group, filterName: "declined", filterPattern: "CardDeclined",
                metricTransformations: [
                    Logs.MetricTransformation(
                        metricName: "DeclinedCards", metricNamespace: "Shop", metricValue: "1", defaultValue: 0)
                ]))
    }

    /// Each order whose workflow fails is written to the operators.
    private func makeFailureRule(operators: String) async throws {
        _ = try await client.call(
            Events.putRule,
            Events.PutRuleRequest(
                name: "failed-orders",
                eventPattern:
                    #"{"source":["aws.states"],"detail-type":["Step Functions Execution Status Change"],"detail":{"status":["FAILED","TIMED_OUT"],"stateMachineArn":["\#(arn("states", "stateMachine:order-fulfilment"))"]}}"#,
                description: "Tells the operators of each order whose workflow fails"))
        try await target(
            of: "failed-orders", bus: nil,
            Events.Target(
                id: "operators", arn: operators,
                inputTransformer: Events.InputTransformer(
                    inputPathsMap: ["order": "$.detail.name", "error": "$.detail.error", "cause": "$.detail.cause"],
                    inputTemplate: #""<order> failed with <error>: <cause>""#)))
    }

    func target(of rule: String, bus: String?, _ target: Events.Target) async throws {
        _ = try await client.call(
            Events.putTargets, Events.PutTargetsRequest(rule: rule, eventBusName: bus, targets: [target]))
    }

    /// A carrier's scans arrive in a queue; a pipe lets through what was delivered, and the shop's bus keeps a log of it.
    private func makeDeliveries() async throws {
        let scans = "carrier-scans"
        _ = try await client.call(SQS.createQueue, SQS.CreateQueueRequest(queueName: scans))
        let bus = try await client.call(Events.createEventBus, Events.CreateEventBusRequest(name: "shop")).eventBusArn
        let role = try await makeRole(
            "deliveries", for: ["pipes"],
            allowing: ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map {
                ("sqs:" + $0, arn("sqs", scans))
            } + [("events:PutEvents", bus ?? "")])
        let group = "/aws/events/shop"
        _ = try await client.call(Logs.createLogGroup, Logs.CreateLogGroupRequest(logGroupName: group))
        _ = try await client.call(
            Logs.putResourcePolicy,
            Logs.PutResourcePolicyRequest(
                policyName: "events",
                policyDocument:
                    #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","delivery.logs.amazonaws.com"]},"Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"\#(arn("logs", "log-group:/aws/events/*:*"))"}]}"#
            ))
        _ = try await client.call(
            Events.putRule,
            Events.PutRuleRequest(
                name: "delivered", eventPattern: #"{"source":["carrier"],"detail-type":["Parcel delivered"]}"#,
                description: "Keeps a log of what was delivered", eventBusName: "shop"))
        try await target(
            of: "delivered", bus: "shop", Events.Target(id: "log", arn: arn("logs", "log-group:\(group)")))
        _ = try await client.call(
            Pipes.createPipe,
            Pipes.CreatePipeRequest(
                name: "deliveries", description: "Of the carrier's scans, those that end a journey",
                source: arn("sqs", scans),
                sourceParameters: Pipes.PipeSourceParameters(
                    filterCriteria: Pipes.FilterCriteria(filters: [
                        Pipes.Filter(pattern: #"{"body":{"status":["DELIVERED"]}}"#)
                    ]), sqsQueueParameters: Pipes.PipeSourceSqsQueueParameters(batchSize: 10)),
                target: bus ?? "",
                targetParameters: Pipes.PipeTargetParameters(
                    inputTemplate: #"{"parcel": <$.body.parcel>, "city": <$.body.city>}"#,
                    eventBridgeEventBusParameters: Pipes.PipeTargetEventBridgeEventBusParameters(
                        detailType: "Parcel delivered", source: "carrier")),
                roleArn: role))
    }

    /// Every night a workflow reads what was counted in the warehouse, line by line; it has run once.
    private func makeStockImport() async throws {
        let bucket = "shop-stock-\(accountID)"
        _ = try await client.call(S3.createBucket, S3.CreateBucketRequest(bucket: bucket))
        _ = try await client.call(
            S3.putObject,
            S3.PutObjectRequest(
                body: Array(DemoSources.stockCount.utf8), bucket: bucket, contentType: "text/csv",
                key: "counts/warehouse-north.csv"))
        let role = try await makeRole(
            "stock-import", for: ["states", "scheduler"],
            allowing: [
                ("s3:GetObject", "arn:aws:s3:::\(bucket)/*"), ("s3:PutObject", "arn:aws:s3:::\(bucket)/*"),
                ("states:StartExecution", arn("states", "stateMachine:stock-import")),
            ])
        let machine = try await client.call(
            SFN.createStateMachine,
            SFN.CreateStateMachineInput(
                name: "stock-import", definition: DemoSources.stockImport.replacing("${BUCKET}", with: bucket),
                roleArn: role)
        ).stateMachineArn
        _ = try await client.call(
            SFN.startExecution, SFN.StartExecutionInput(stateMachineArn: machine, name: "first-count", input: "{}"))
        _ = try await client.call(
            Scheduler.createScheduleGroup, Scheduler.CreateScheduleGroupInput(name: "shop"))
        _ = try await client.call(
            Scheduler.createSchedule,
            Scheduler.CreateScheduleInput(
                description: "Reads the day's count while nobody buys",
                flexibleTimeWindow: Scheduler.FlexibleTimeWindow(mode: "OFF"), groupName: "shop",
                name: "nightly-stock-import", scheduleExpression: "cron(0 2 * * ? *)",
                scheduleExpressionTimezone: "Europe/Berlin",
                target: Scheduler.Target(arn: machine, input: "{}", roleArn: role)))
    }
}

extension DemoSources {
    static let stockCount = """
        shelf,sku,counted
        A1,lamp,41
        A2,lamp,17
        A3,chair,88
        B1,chair,9
        B2,desk,12
        B3,desk,
        C1,shelf,160
        C2,shelf,75
        C3,lamp,3
        D1,chair,54
        D2,desk,7
        D3,shelf,22

        """

    /// `BUCKET` is replaced by a bucket's name.
    static let stockImport = #"""
        {
          "Comment": "Reads what was counted in the warehouse, one execution for each shelf.",
          "QueryLanguage": "JSONata",
          "StartAt": "Each shelf",
          "States": {
            "Each shelf": {
              "Type": "Map",
              "Label": "shelves",
              "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },
                "Arguments": { "Bucket": "${BUCKET}", "Key": "counts/warehouse-north.csv" }
              },
              "MaxConcurrency": 4,
              "ToleratedFailurePercentage": 20,
              "ItemProcessor": {
                "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                "StartAt": "Was it counted?",
                "States": {
                  "Was it counted?": {
                    "Type": "Choice",
                    "Choices": [
                      { "Condition": "{% $states.input.counted = '' %}", "Next": "Not counted" }
                    ],
                    "Default": "Enter"
                  },
                  "Not counted": {
                    "Type": "Fail",
                    "Error": "NotCounted",
                    "Cause": "{% 'nobody counted shelf ' & $states.input.shelf %}"
                  },
                  "Enter": {
                    "Type": "Pass",
                    "Output": "{% { 'sku': $states.input.sku, 'inStock': $number($states.input.counted) } %}",
                    "End": true
                  }
                }
              },
              "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Arguments": { "Bucket": "${BUCKET}", "Prefix": "imports" }
              },
              "End": true
            }
          }
        }
        """#

    /// What the carrier sends; `${id}` is new for each.
    static let scans = [
        #"{"parcel":"${id}","status":"PICKED_UP","city":"Hamburg"}"#,
        #"{"parcel":"${id}","status":"IN_TRANSIT","city":"Hannover"}"#,
        #"{"parcel":"${id}","status":"DELIVERED","city":"Berlin"}"#,
    ]
}
