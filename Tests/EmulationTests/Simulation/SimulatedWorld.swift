import AWSModel
import AWSTypes
import StatesLanguage

@testable import Emulation

// Building a seed's topology by the operations that a user would call.
extension Simulation {
    func build() throws {
        for queue in topology.queues { try createQueue(queue) }
        for (queue, maxReceiveCount, reportsItems) in topology.worked {
            try createQueue(queue, maxReceiveCount: maxReceiveCount)
            let worker = Self.worker(of: queue)
            _ = try bench.createFunction(worker)
            try perform(
                .lambda, "CreateEventSourceMapping",
                [
                    "EventSourceArn": .string(Self.arn("sqs", queue)), "FunctionName": .string(worker),
                    "BatchSize": .integer(Int64(roll(1...5))),
                    "FunctionResponseTypes": .list(reportsItems ? ["ReportBatchItemFailures"] : []),
                ])
        }
        for function in topology.functions {
            _ = try bench.createFunction(function)
            let failed = "\(function)-failed"
            try createQueue(failed)
            try perform(
                .lambda, "PutFunctionEventInvokeConfig",
                [
                    "FunctionName": .string(function), "MaximumRetryAttempts": .integer(Int64(roll(0...2))),
                    "DestinationConfig": ["OnFailure": ["Destination": .string(Self.arn("sqs", failed))]],
                ])
        }
        try buildTopics()
        try buildRules()
        try buildPipes()
        if topology.hasSchedules { try buildTicks() }
        if topology.hasAlarm { try buildAlarm() }
    }

    /// With a count, its dead letters have a queue too.
    func createQueue(_ name: String, maxReceiveCount: Int? = nil) throws {
        var attributes: DocumentObject = name.hasSuffix(".fifo") ? ["FifoQueue": "true"] : [:]
        if let maxReceiveCount {
            let dead = Self.deadLetters(of: name)
            try perform(
                .sqs, "CreateQueue", ["QueueName": .string(dead), "Attributes": .object(attributes)])
            attributes["VisibilityTimeout"] = "20"
            attributes["RedrivePolicy"] = .string(
                #"{"deadLetterTargetArn":"\#(Self.arn("sqs", dead))","maxReceiveCount":\#(maxReceiveCount)}"#)
        }
        try perform(.sqs, "CreateQueue", ["QueueName": .string(name), "Attributes": .object(attributes)])
    }

    private func buildTopics() throws {
        for topic in topology.topics {
            var attributes = DocumentObject()
            if topic == SimulatedTopology.fifoTopic {
                attributes["FifoTopic"] = "true"
                if topology.hasTopicArchive { attributes["ArchivePolicy"] = #"{"MessageRetentionPeriod":"30"}"# }
            }
            try perform(
                .sns, "CreateTopic", ["Name": .string(topic), "Attributes": .object(attributes)])
        }
        for subscription in topology.subscriptions {
            var attributes = DocumentObject()
            if let colour = subscription.colour {
                attributes["FilterPolicy"] = .string(#"{"colour":["\#(colour)"]}"#)
            }
            var endpoint = Self.arn(of: subscription.sink)
            let kind: String
            switch subscription.sink {
            case .function: kind = "lambda"
            case .phone(let number):
                kind = "sms"
                endpoint = number
            case .web(let name):
                kind = "http"
                endpoint = "http://127.0.0.1:9/\(name)"
                let dead = Self.deadLetters(of: name)
                try createQueue(dead)
                attributes["RedrivePolicy"] = .string(#"{"deadLetterTargetArn":"\#(Self.arn("sqs", dead))"}"#)
            default: kind = "sqs"
            }
            if ["sqs", "http"].contains(kind), roll(0...1) == 1 { attributes["RawMessageDelivery"] = "true" }
            try perform(
                .sns, "Subscribe",
                [
                    "TopicArn": .string(Self.arn("sns", subscription.topic)), "Protocol": .string(kind),
                    "Endpoint": .string(endpoint), "Attributes": .object(attributes),
                ])
            for (topic, token) in takeConfirmations() {
                try perform(.sns, "ConfirmSubscription", ["TopicArn": .string(topic), "Token": .string(token)])
            }
        }
    }

    private func putRule(
        _ name: String, _ pattern: String, bus: String = "default", targets: [String]
    ) throws {
        try perform(
            .events, "PutRule",
            ["Name": .string(name), "EventPattern": .string(pattern), "EventBusName": .string(bus)])
        try perform(
            .events, "PutTargets",
            [
                "Rule": .string(name), "EventBusName": .string(bus),
                "Targets": .list(
                    targets.enumerated().map { ["Id": .string("t\($0.offset)"), "Arn": .string($0.element)] }),
            ])
    }

    private func buildRules() throws {
        for rule in topology.rules {
            try putRule(
                rule.name, #"{"source":["simulation"],"detail":{"kind":["\#(rule.kind)"]}}"#,
                targets: rule.sinks.map { Self.arn(of: $0) })
        }
        if topology.hasLedger {
            try createQueue("ledger")
            try perform(.events, "CreateEventBus", ["Name": "ledger"])
            try putRule(
                "forward", #"{"source":["simulation"],"replay-name":[{"exists":false}]}"#,
                targets: [Self.arn("events", "event-bus/ledger")])
            try putRule(
                "entries", #"{"source":["simulation"]}"#, bus: "ledger", targets: [Self.arn("sqs", "ledger")])
        }
        if topology.hasArchive {
            try createQueue("again")
            try perform(
                .events, "CreateArchive",
                [
                    "ArchiveName": "all", "EventSourceArn": .string(Self.arn("events", "event-bus/default")),
                    "EventPattern": #"{"source":["simulation"]}"#,
                ])
            try putRule(
                "again", #"{"source":["simulation"],"replay-name":[{"exists":true}]}"#,
                targets: [Self.arn("sqs", "again")])
        }
    }

    private func buildPipes() throws {
        for pipe in topology.pipes {
            try createQueue(pipe.queue, maxReceiveCount: 3)
            var input: DocumentObject = [
                "Name": .string(pipe.queue), "Source": .string(Self.arn("sqs", pipe.queue)),
                "RoleArn": .string(LambdaBench.role),
            ]
            if let colour = pipe.colour {
                input["SourceParameters"] = [
                    "FilterCriteria": ["Filters": [["Pattern": .string(#"{"body":{"colour":["\#(colour)"]}}"#)]]]
                ]
            }
            if pipe.isToFunction {
                let worker = Self.worker(of: pipe.queue)
                _ = try bench.createFunction(worker)
                input["Target"] = .string(Self.arn("lambda", "function:\(worker)"))
            } else {
                try createQueue("\(pipe.queue)-out")
                input["Target"] = .string(Self.arn("sqs", "\(pipe.queue)-out"))
            }
            try perform(.pipes, "CreatePipe", input)
        }
    }

    static let tickCount = 8

    private func buildTicks() throws {
        try createQueue("ticks")
        ticksBegan = bench.engine.core.now
        let end = ticksBegan + .seconds(60 * Self.tickCount - 30)
        try perform(
            .scheduler, "CreateSchedule",
            [
                "Name": "ticks", "ScheduleExpression": "rate(1 minutes)", "FlexibleTimeWindow": ["Mode": "OFF"],
                "EndDate": .timestamp(end),
                "Target": [
                    "Arn": .string(Self.arn("sqs", "ticks")), "RoleArn": .string(LambdaBench.role),
                    "Input": #"{"at":"<aws.scheduler.scheduled-time>"}"#,
                ],
            ])
    }

    private func buildAlarm() throws {
        try createQueue("alarmed")
        try perform(.sns, "CreateTopic", ["Name": "alarms"])
        try perform(
            .sns, "Subscribe",
            [
                "TopicArn": .string(Self.arn("sns", "alarms")), "Protocol": "sqs",
                "Endpoint": .string(Self.arn("sqs", "alarmed")),
            ])
        try perform(
            .cloudwatch, "PutMetricAlarm",
            [
                "AlarmName": "busy", "MetricName": "NumberOfMessagesPublished", "Namespace": "AWS/SNS",
                "Dimensions": [["Name": "TopicName", "Value": .string(topology.topics[0])]], "Statistic": "Sum",
                "Period": 60, "EvaluationPeriods": 1, "Threshold": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
                "AlarmActions": [.string(Self.arn("sns", "alarms"))],
            ])
    }

    // MARK: Names

    static func arn(_ service: String, _ name: String) -> String { "arn:aws:\(service):us-east-1:123456789012:\(name)" }
    static func url(_ queue: String) -> String { "http://localhost/123456789012/\(queue)" }

    static func arn(of sink: SimulatedTopology.Sink) -> String {
        switch sink {
        case .queue(let name), .worked(let name), .piped(let name): arn("sqs", name)
        case .function(let name): arn("lambda", "function:\(name)")
        case .web(let name), .phone(let name): name
        }
    }

    static func deadLetters(of queue: String) -> String {
        queue.hasSuffix(".fifo") ? "\(queue.dropLast(5))-dead.fifo" : "\(queue)-dead"
    }

    static func worker(of queue: String) -> String { "work-\(queue.replacing(".fifo", with: ""))" }
}
