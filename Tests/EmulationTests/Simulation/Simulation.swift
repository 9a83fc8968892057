import AWSModel
import AWSTypes
import StatesLanguage

@testable import Emulation

/// One seed's life: builds a topology, drives random traffic, failures and kills through it on virtual time, lets
/// everything come to rest, and holds what is there against what must be.
final class Simulation {
    let seed: UInt64
    var random: TurnRandom
    let topology: SimulatedTopology
    private let journal: Journal
    private(set) var bench: LambdaBench
    /// Engines that were killed: kept, for the world's files go with them.
    private var killed: [LambdaBench] = []
    private var lastToken = 0
    private(set) var kills = 0

    /// What was acknowledged, by what must get it.
    private(set) var owed: [SimulatedTopology.Sink: Set<Int>] = [:]
    /// What may have been accepted without an answer.
    private(set) var unanswered: Set<Int> = []
    /// Tokens in the order in which each sink's function handled them first.
    private(set) var handled: [SimulatedTopology.Sink: [Int]] = [:]
    /// Group and origin of what must keep its order.
    private var sequences: [Int: String] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        random = TurnRandom(seed: seed)
        topology = SimulatedTopology(random: &random)
        journal = try Journal(path: nil)
        bench = try LambdaBench(journal: journal)
        try build()
    }

    private func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Performs an operation; the error an operation answers is a fault of the test's own.
    @discardableResult
    private func perform(_ service: ServiceID, _ operation: String, _ input: DocumentObject) throws -> DocumentObject {
        var answer: CallResult?
        bench.engine.core.perform(
            service: service, operation: operation, input: input, caller: bench.engine.caller
        ) { answer = $0 }
        bench.engine.commit()
        bench.collect()
        guard let answer else { throw TestEngine.Unanswered(operation: operation) }
        return try answer.get()
    }

    static func arn(_ service: String, _ name: String) -> String { "arn:aws:\(service):us-east-1:123456789012:\(name)" }
    static func url(_ queue: String) -> String { "http://localhost/123456789012/\(queue)" }

    static func arn(of sink: SimulatedTopology.Sink) -> String {
        switch sink {
        case .queue(let name), .worked(let name): arn("sqs", name)
        case .function(let name): arn("lambda", "function:\(name)")
        }
    }

    // MARK: Building

    private func build() throws {
        for queue in topology.queues { try perform(.sqs, "CreateQueue", ["QueueName": .string(queue)]) }
        for (queue, maxReceiveCount, reportsItems) in topology.worked {
            let isFIFO = queue.hasSuffix(".fifo")
            let dead = Self.deadLetters(of: queue)
            var attributes: DocumentObject = ["VisibilityTimeout": "20"]
            if isFIFO { attributes["FifoQueue"] = "true" }
            try perform(
                .sqs, "CreateQueue",
                ["QueueName": .string(dead), "Attributes": .object(isFIFO ? ["FifoQueue": "true"] : [:])])
            attributes["RedrivePolicy"] = .string(
                #"{"deadLetterTargetArn":"\#(Self.arn("sqs", dead))","maxReceiveCount":\#(maxReceiveCount)}"#)
            try perform(.sqs, "CreateQueue", ["QueueName": .string(queue), "Attributes": .object(attributes)])
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
            try perform(.sqs, "CreateQueue", ["QueueName": .string(failed)])
            try perform(
                .lambda, "PutFunctionEventInvokeConfig",
                [
                    "FunctionName": .string(function), "MaximumRetryAttempts": .integer(Int64(roll(0...2))),
                    "DestinationConfig": ["OnFailure": ["Destination": .string(Self.arn("sqs", failed))]],
                ])
        }
        for topic in topology.topics {
            let isFIFO = topic.hasSuffix(".fifo")
            try perform(
                .sns, "CreateTopic",
                ["Name": .string(topic), "Attributes": .object(isFIFO ? ["FifoTopic": "true"] : [:])])
        }
        for subscription in topology.subscriptions {
            var attributes = DocumentObject()
            if let colour = subscription.colour {
                attributes["FilterPolicy"] = .string(#"{"colour":["\#(colour)"]}"#)
            }
            let isFunction = if case .function = subscription.sink { true } else { false }
            if !isFunction, roll(0...1) == 1 { attributes["RawMessageDelivery"] = "true" }
            try perform(
                .sns, "Subscribe",
                [
                    "TopicArn": .string(Self.arn("sns", subscription.topic)),
                    "Protocol": isFunction ? "lambda" : "sqs", "Endpoint": .string(Self.arn(of: subscription.sink)),
                    "Attributes": .object(attributes),
                ])
        }
        for rule in topology.rules {
            try perform(
                .events, "PutRule",
                [
                    "Name": .string(rule.name),
                    "EventPattern": .string(#"{"source":["simulation"],"detail":{"kind":["\#(rule.kind)"]}}"#),
                ])
            let targets: [DocumentValue] = rule.sinks.enumerated().map { index, sink in
                ["Id": .string("t\(index)"), "Arn": .string(Self.arn(of: sink))]
            }
            try perform(.events, "PutTargets", ["Rule": .string(rule.name), "Targets": .list(targets)])
        }
    }

    static func deadLetters(of queue: String) -> String {
        queue.hasSuffix(".fifo") ? "\(queue.dropLast(5))-dead.fifo" : "\(queue)-dead"
    }

    static func worker(of queue: String) -> String { "work-\(queue.replacing(".fifo", with: ""))" }

    // MARK: Living

    func run(steps: Int) throws {
        for _ in 0..<steps {
            switch roll(0...11) {
            case 0...4: try produce()
            case 5...7: endOne(failing: roll(1...100) <= topology.failurePercent)
            case 8...9:
                bench.engine.advance(by: .milliseconds(roll(1...40_000)))
                bench.collect()
            case 10: bench.engine.advance(by: .milliseconds(10))
            default: if roll(0...2) == 0 { try kill() }
            }
        }
        try settle()
    }

    /// Sends, publishes or puts one message, and notes who must get it.
    private func produce() throws {
        lastToken += 1
        let token = lastToken
        let colour = SimulatedTopology.colours[roll(0...2)]
        let kind = SimulatedTopology.kinds[roll(0...1)]
        let group = "g\(roll(0...2))"
        let body = #"{"token":"tok-\#(token)."}"#
        var sinks: Set<SimulatedTopology.Sink>
        unanswered.insert(token)
        switch roll(0...2) {
        case 0:
            let queue = (topology.queues + topology.worked.map(\.queue))[
                roll(0...(topology.queues.count + topology.worked.count - 1))]
            var input: DocumentObject = ["QueueUrl": .string(Self.url(queue)), "MessageBody": .string(body)]
            if queue.hasSuffix(".fifo") {
                input["MessageGroupId"] = .string(group)
                input["MessageDeduplicationId"] = .string("d\(token)")
                sequences[token] = "\(queue) \(group)"
            }
            try perform(.sqs, "SendMessage", input)
            sinks = [topology.queues.contains(queue) ? .queue(queue) : .worked(queue)]
        case 1:
            let topic = topology.topics[roll(0...(topology.topics.count - 1))]
            var input: DocumentObject = [
                "TopicArn": .string(Self.arn("sns", topic)), "Message": .string(body),
                "MessageAttributes": ["colour": ["DataType": "String", "StringValue": .string(colour)]],
            ]
            if topic.hasSuffix(".fifo") {
                input["MessageGroupId"] = .string(group)
                input["MessageDeduplicationId"] = .string("d\(token)")
                sequences[token] = "\(topic) \(group)"
            }
            try perform(.sns, "Publish", input)
            sinks = topology.sinks(ofTopic: topic, colour: colour)
        default:
            let entry: DocumentValue = [
                "Source": "simulation", "DetailType": "Step",
                "Detail": .string(#"{"kind":"\#(kind)","token":"tok-\#(token)."}"#),
            ]
            try perform(.events, "PutEvents", ["Entries": .list([entry])])
            sinks = topology.sinks(ofKind: kind)
        }
        unanswered.remove(token)
        for sink in sinks { owed[sink, default: []].insert(token) }
    }

    /// Ends the oldest invocation under way, well or badly.
    private func endOne(failing: Bool) {
        guard let order = bench.orders.first?.order else { return }
        let function = order.environment.functionName
        let sink =
            topology.worked.first { Self.worker(of: $0.queue) == function }.map {
                SimulatedTopology.Sink.worked($0.queue)
            }
            ?? .function(function)
        let reportsItems = topology.worked.contains { Self.worker(of: $0.queue) == function && $0.reportsItems }
        let records = order.json["Records"]?.list ?? []
        guard failing else {
            note(Self.tokens(in: order.payload), by: sink)
            bench.end(#"{"batchItemFailures":[]}"#)
            return
        }
        if reportsItems, records.count > 1, let failed = records.last?["messageId"]?.string {
            for record in records.dropLast() { note(Self.tokens(in: JSONWriter.bytes(record)), by: sink) }
            bench.end(#"{"batchItemFailures":[{"itemIdentifier":"\#(failed)"}]}"#)
        } else {
            bench.end(LambdaBench.failure, error: true)
        }
    }

    private func note(_ tokens: [Int], by sink: SimulatedTopology.Sink) {
        for token in tokens where !handled[sink, default: []].contains(token) {
            handled[sink, default: []].append(token)
        }
    }

    /// The program dies between two turns, or within one whose answer nobody got; it is started again on what the
    /// journal has.
    private func kill() throws {
        kills += 1
        if roll(0...1) == 0, let queue = topology.queues.first {
            lastToken += 1
            unanswered.insert(lastToken)
            bench.engine.core.perform(
                service: .sqs, operation: "SendMessage",
                input: [
                    "QueueUrl": .string(Self.url(queue)), "MessageBody": .string(#"{"token":"tok-\#(lastToken)."}"#),
                ], caller: bench.engine.caller
            ) { _ in }
            journal.forgetPending()
        }
        killed.append(bench)
        bench = try LambdaBench(journal: journal, directory: bench.engine.directory, wall: bench.engine.wall)
    }

    /// Lets every retry, delay and backoff run out.
    private func settle() throws {
        var quietRounds = 0
        for round in 0..<600 where quietRounds < 40 {
            if bench.orders.isEmpty { quietRounds += 1 } else { quietRounds = 0 }
            while !bench.orders.isEmpty { endOne(failing: roll(1...100) <= topology.failurePercent / 2) }
            bench.engine.advance(by: round < 200 ? .seconds(15) : .seconds(120))
            bench.collect()
        }
    }

    /// Loses a queue's messages, to see whether that is noticed.
    func purge(_ queue: String) throws { try perform(.sqs, "PurgeQueue", ["QueueUrl": .string(Self.url(queue))]) }

    // MARK: Accounting

    /// What contradicts the promises; empty where all was kept.
    func faults() throws -> [String] {
        var faults: [String] = []
        for sink in owed.keys.sorted(by: { "\($0)" < "\($1)" }) {
            let due = owed[sink] ?? []
            let reached = Set(handled[sink] ?? [])
            let resting = try Set(restingPlaces(of: sink).flatMap { try tokens(inQueue: $0) })
            let lost = due.subtracting(reached).subtracting(resting)
            if !lost.isEmpty { faults.append("\(sink) never got \(lost.sorted())") }
            let strange = reached.union(resting).subtracting(due).subtracting(unanswered)
            if !strange.isEmpty { faults.append("\(sink) got \(strange.sorted()), which was not for it") }
        }
        faults += disorder()
        return faults
    }

    private func restingPlaces(of sink: SimulatedTopology.Sink) -> [String] {
        switch sink {
        case .queue(let name): [name]
        case .worked(let name): [Self.deadLetters(of: name), name]
        case .function(let name): ["\(name)-failed"]
        }
    }

    private func tokens(inQueue queue: String) throws -> [Int] {
        var found: [Int] = []
        while true {
            let messages =
                try perform(
                    .sqs, "ReceiveMessage",
                    ["QueueUrl": .string(Self.url(queue)), "MaxNumberOfMessages": 10, "VisibilityTimeout": 40_000]
                ).list("Messages") ?? []
            if messages.isEmpty { return found }
            for message in messages {
                found += Self.tokens(in: Array((message["Body"]?.string ?? "").utf8))
                // A group of a FIFO queue shows its next message only when this one is gone.
                try perform(
                    .sqs, "DeleteMessage",
                    [
                        "QueueUrl": .string(Self.url(queue)),
                        "ReceiptHandle": .string(message["ReceiptHandle"]?.string ?? ""),
                    ])
            }
        }
    }

    /// Where a FIFO group's messages were handled in another order than they were sent in.
    private func disorder() -> [String] {
        var last: [String: Int] = [:]
        var faults: [String] = []
        for token in handled[.worked("orders.fifo")] ?? [] {
            guard let sequence = sequences[token] else { continue }
            if let before = last[sequence], before > token {
                faults.append("\(sequence) was handled out of order: \(token) after \(before)")
            }
            last[sequence] = token
        }
        return faults
    }

    /// Every `tok-17.` in a payload, however often it is escaped.
    static func tokens(in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        let mark = Array("tok-".utf8)
        var index = 0
        while index + mark.count < bytes.count {
            guard bytes[index] == mark[0], Array(bytes[index..<(index + mark.count)]) == mark else {
                index += 1
                continue
            }
            index += mark.count
            var number = 0
            while index < bytes.count, (48...57).contains(bytes[index]) {
                number = number * 10 + Int(bytes[index] - 48)
                index += 1
            }
            found.append(number)
        }
        return found
    }
}
