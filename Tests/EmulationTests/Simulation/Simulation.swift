import AWSModel
import AWSTypes
import StatesLanguage

@testable import Emulation

/// One seed's life: builds a topology, drives random traffic, failures and kills through it on virtual time, lets
/// everything come to rest, replays what was archived, and holds what is there against what must be.
final class Simulation {
    let seed: UInt64
    var random: TurnRandom
    let topology: SimulatedTopology
    private let journal: Journal
    /// Shared by all seeds: making a key takes longer than living a whole life.
    private let signing: SigningIdentity
    private(set) var bench: LambdaBench
    /// Engines that were killed: kept, for the world's files go with them.
    private var killed: [LambdaBench] = []
    private var lastToken = 0
    private(set) var kills = 0
    var ticksBegan = Instant.epoch

    /// What was acknowledged, by what must get it.
    private(set) var owed: [SimulatedTopology.Sink: Set<Int>] = [:]
    /// What may have been accepted without an answer.
    private(set) var unanswered: Set<Int> = []
    /// Tokens in the order in which each sink handled them first.
    private(set) var handled: [SimulatedTopology.Sink: [Int]] = [:]
    /// Group and origin of what must keep its order.
    private(set) var sequences: [Int: String] = [:]
    private var events: Set<Int> = []
    private var steps: Set<Int> = []
    private var confirmations: [(topic: String, token: String)] = []

    /// Without Step Functions and S3, which nothing here touches: a world is built and restored faster.
    private static var services: [(EngineCore) -> any Service] {
        [
            { CloudWatchService(core: $0) }, { LogsService(core: $0) }, { IAMService(core: $0) },
            { STSService(core: $0) },
            { SQSService(core: $0) }, { SNSService(core: $0) }, { LambdaService(core: $0) },
            { EventsService(core: $0) },
            { SchedulerService(core: $0) }, { PipesService(core: $0) }, { SkuaService(core: $0) },
        ]
    }

    init(seed: UInt64, signing: SigningIdentity) throws {
        self.seed = seed
        self.signing = signing
        random = TurnRandom(seed: seed)
        topology = SimulatedTopology(random: &random)
        journal = try Journal(path: nil)
        bench = try LambdaBench(services: Self.services, journal: journal)
        equip()
        try build()
    }

    func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private func fails(_ percent: Int) -> Bool { roll(1...100) <= percent }

    /// Performs an operation; the error an operation answers is a fault of the test's own.
    @discardableResult
    func perform(_ service: ServiceID, _ operation: String, _ input: DocumentObject) throws -> DocumentObject {
        var answer: CallResult?
        bench.engine.core.perform(
            service: service, operation: operation, input: input, caller: bench.engine.caller
        ) { answer = $0 }
        bench.engine.commit()
        bench.collect()
        guard let answer else { throw TestEngine.Unanswered(operation: operation) }
        return try answer.get()
    }

    // MARK: Servers outside

    private func equip() {
        bench.engine.core.service(SNSService.self)?.identity = signing
        bench.engine.respond = { [unowned self] request in .success(OutgoingResponse(status: status(for: request))) }
    }

    private func status(for request: OutgoingRequest) -> Int {
        let kind = request.headers.first { $0.name == "x-amz-sns-message-type" }?.value
        let body = try? JSONReader.parse(request.body)
        guard kind == "Notification" else {
            confirmations.append((body?["TopicArn"]?.string ?? "", body?["Token"]?.string ?? ""))
            return 200
        }
        if fails(topology.failurePercent) { return fails(20) ? 404 : 503 }
        note(Self.tokens(in: request.body), by: .web(request.url.split(separator: "/").last.map(String.init) ?? ""))
        return 200
    }

    func takeConfirmations() -> [(topic: String, token: String)] {
        defer { confirmations.removeAll() }
        return confirmations
    }

    // MARK: Living

    func run(steps: Int) throws {
        for _ in 0..<steps {
            switch roll(0...11) {
            case 0...4: try produce()
            case 5...7: endOne(failing: fails(topology.failurePercent))
            case 8...9:
                bench.engine.advance(by: .milliseconds(roll(1...40_000)))
                bench.collect()
            case 10: bench.engine.advance(by: .milliseconds(10))
            default: if roll(0...2) == 0 { try kill() }
            }
        }
        try settle()
        try replay()
    }

    /// Sends, publishes, puts or schedules one message, and notes who must get it.
    private func produce() throws {
        lastToken += 1
        let token = lastToken
        let colour = SimulatedTopology.colours[roll(0...2)]
        unanswered.insert(token)
        let sinks: Set<SimulatedTopology.Sink>
        switch roll(0...(topology.hasSchedules ? 3 : 2)) {
        case 0: sinks = try sendMessage(token, colour)
        case 1: sinks = try publish(token, colour)
        case 2: sinks = try putEvent(token)
        default: sinks = try schedule(token)
        }
        unanswered.remove(token)
        for sink in sinks { owed[sink, default: []].insert(token) }
    }

    private func sendMessage(_ token: Int, _ colour: String) throws -> Set<SimulatedTopology.Sink> {
        let queues = topology.queues + topology.worked.map(\.queue) + topology.pipes.map(\.queue)
        let queue = queues[roll(0...(queues.count - 1))]
        var input: DocumentObject = [
            "QueueUrl": .string(Self.url(queue)),
            "MessageBody": .string(#"{"token":"tok-\#(token).","colour":"\#(colour)"}"#),
        ]
        if queue.hasSuffix(".fifo") { keepOrder(of: token, at: queue, in: &input) }
        try perform(.sqs, "SendMessage", input)
        if topology.pipes.contains(where: { $0.queue == queue }) {
            return topology.sinks(ofPipe: queue, colour: colour)
        }
        return [topology.queues.contains(queue) ? .queue(queue) : .worked(queue)]
    }

    private func keepOrder(of token: Int, at origin: String, in input: inout DocumentObject) {
        let group = "g\(roll(0...2))"
        input["MessageGroupId"] = .string(group)
        input["MessageDeduplicationId"] = .string("d\(token)")
        sequences[token] = "\(origin) \(group)"
    }

    private func publish(_ token: Int, _ colour: String) throws -> Set<SimulatedTopology.Sink> {
        let topic = topology.topics[roll(0...(topology.topics.count - 1))]
        var input: DocumentObject = [
            "TopicArn": .string(Self.arn("sns", topic)), "Message": .string(#"{"token":"tok-\#(token)."}"#),
            "MessageAttributes": ["colour": ["DataType": "String", "StringValue": .string(colour)]],
        ]
        if topic == SimulatedTopology.fifoTopic { keepOrder(of: token, at: topic, in: &input) }
        try perform(.sns, "Publish", input)
        if topic == SimulatedTopology.fifoTopic { steps.insert(token) }
        return topology.sinks(ofTopic: topic, colour: colour)
    }

    private func putEvent(_ token: Int) throws -> Set<SimulatedTopology.Sink> {
        let kind = SimulatedTopology.kinds[roll(0...1)]
        let entry: DocumentValue = [
            "Source": "simulation", "DetailType": "Step",
            "Detail": .string(#"{"kind":"\#(kind)","token":"tok-\#(token)."}"#),
        ]
        try perform(.events, "PutEvents", ["Entries": .list([entry])])
        events.insert(token)
        return topology.sinks(ofKind: kind)
    }

    private func schedule(_ token: Int) throws -> Set<SimulatedTopology.Sink> {
        let sink = topology.scheduled[roll(0...(topology.scheduled.count - 1))]
        let time = (bench.engine.core.now + .seconds(roll(1...300))).iso8601(milliseconds: false).dropLast()
        try perform(
            .scheduler, "CreateSchedule",
            [
                "Name": .string("once-\(token)"), "ScheduleExpression": .string("at(\(time))"),
                "FlexibleTimeWindow": roll(0...1) == 0
                    ? ["Mode": "OFF"] : ["Mode": "FLEXIBLE", "MaximumWindowInMinutes": 2],
                "ActionAfterCompletion": roll(0...1) == 0 ? "DELETE" : "NONE",
                "Target": [
                    "Arn": .string(Self.arn(of: sink)), "RoleArn": .string(LambdaBench.role),
                    "Input": .string(#"{"token":"tok-\#(token)."}"#),
                ],
            ])
        return [sink]
    }

    /// Ends the oldest invocation under way, well or badly.
    private func endOne(failing: Bool) {
        guard let order = bench.orders.first?.order else { return }
        let function = order.environment.functionName
        let worked = topology.worked.first { Self.worker(of: $0.queue) == function }
        let piped = topology.pipes.first { Self.worker(of: $0.queue) == function }
        let sink =
            worked.map { .worked($0.queue) } ?? piped.map { .piped($0.queue) }
            ?? SimulatedTopology.Sink.function(function)
        let records = order.json["Records"]?.list ?? order.json.list ?? []
        guard failing else {
            note(Self.tokens(in: order.payload), by: sink)
            bench.end(#"{"batchItemFailures":[]}"#)
            return
        }
        let reportsItems = worked?.reportsItems == true || piped != nil
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
        if roll(0...1) == 0 {
            lastToken += 1
            unanswered.insert(lastToken)
            let body = DocumentValue.string(#"{"token":"tok-\#(lastToken)."}"#)
            let isPublish = roll(0...1) == 0
            bench.engine.core.perform(
                service: isPublish ? .sns : .sqs, operation: isPublish ? "Publish" : "SendMessage",
                input: isPublish
                    ? ["TopicArn": .string(Self.arn("sns", topology.topics[0])), "Message": body]
                    : ["QueueUrl": .string(Self.url(topology.queues[0])), "MessageBody": body],
                caller: bench.engine.caller
            ) { _ in }
            journal.forgetPending()
        }
        killed.append(bench)
        bench.engine.respond = nil
        bench = try LambdaBench(
            services: Self.services, journal: journal, directory: bench.engine.directory, wall: bench.engine.wall)
        equip()
    }

    /// Lets every retry, delay and backoff run out.
    private func settle() throws {
        var quietRounds = 0
        for round in 0..<400 where quietRounds < 24 {
            if bench.orders.isEmpty { quietRounds += 1 } else { quietRounds = 0 }
            while !bench.orders.isEmpty { endOne(failing: fails(topology.failurePercent / 2)) }
            bench.engine.advance(by: round < 16 ? .seconds(25) : .seconds(120))
            bench.collect()
        }
    }

    /// What was archived is asked for once more, and the program may die meanwhile.
    private func replay() throws {
        if topology.hasArchive {
            owed[.queue("again")] = events
            try perform(
                .events, "StartReplay",
                [
                    "ReplayName": "all", "EventSourceArn": .string(Self.arn("events", "archive/all")),
                    "EventStartTime": .timestamp(bench.engine.core.now - .seconds(86_400)),
                    "EventEndTime": .timestamp(bench.engine.core.now + .seconds(1)),
                    "Destination": ["Arn": .string(Self.arn("events", "event-bus/default"))],
                ])
        }
        if topology.hasTopicArchive {
            owed[.queue("replayed.fifo")] = steps
            try createQueue("replayed.fifo")
            try perform(
                .sns, "Subscribe",
                [
                    "TopicArn": .string(Self.arn("sns", SimulatedTopology.fifoTopic)), "Protocol": "sqs",
                    "Endpoint": .string(Self.arn("sqs", "replayed.fifo")),
                    "Attributes": [
                        "ReplayPolicy": #"{"PointType":"Timestamp","StartingPoint":"2020-01-01T00:00:00Z"}"#
                    ],
                ])
        }
        guard topology.hasArchive || topology.hasTopicArchive else { return }
        if roll(0...2) == 0 { try kill() }
        for _ in 0..<4 {
            bench.engine.advance(by: .seconds(2))
            bench.collect()
        }
    }

    /// Loses a queue's messages, to see whether that is noticed.
    func purge(_ queue: String) throws { try perform(.sqs, "PurgeQueue", ["QueueUrl": .string(Self.url(queue))]) }
}
