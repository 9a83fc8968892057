import AWSModel
import AWSTypes
import Foundation
import StatesLanguage

@testable import Emulation

/// A function that answers by its payload alone, after a while of engine time; what was under way dies with the engine.
final class PayloadWorker: Service {
    static let id = Lambda.id
    unowned let core: EngineCore

    init(core: EngineCore) { self.core = core }

    var operations: OperationTable {
        var table = OperationTable()
        table.onPending(Lambda.invoke) { [unowned self] (input, _, reply) throws(ServiceError) in
            let payload = (try? JSONReader.parse(input.payload ?? []))?.object ?? [:]
            let n = payload.integer("n") ?? 0
            guard payload.string("op") != "hang" else { return }
            core.schedule(
                at: core.now + .milliseconds(Int64(n % 5) * 400), TimerLabel(kind: "Work", resourceArn: "work")
            ) {
                reply.succeed(
                    payload.string("op") == "fail"
                        ? StubLambda.failed(#"{"errorType":"Oops","errorMessage":"\#(n)"}"#)
                        : StubLambda.succeeded("{\"n\":\(n * 2)}"))
            }
        }
        return table
    }
}

/// One machine run to its end by somebody who answers tokens and works for activities, while the engine is killed
/// again and again: between turns, or within one, before it was written.
final class KilledWorld {
    private var random: TurnRandom
    private let journal: () throws -> Journal
    private var engine: TestEngine
    /// Kept, for a world's files go with its first engine.
    private var killed: [TestEngine] = []
    private var poll: TestEngine.Pending<SFN.GetActivityTaskOutput>?
    private var held: [(token: String, n: Int64)] = []
    /// Of each 100 steps, how many end in a kill.
    private let killRate: Int
    private(set) var kills = 0
    private(set) var complaints: [String] = []
    private var seen: [SFN.HistoryEvent] = []
    private let directory: String

    init(seed: UInt64, killRate: Int, path: String?) throws {
        random = TurnRandom(seed: seed)
        self.killRate = killRate
        directory = NSTemporaryDirectory() + "skua-kills-\(UInt64.random(in: 0 ... .max))"
        let shared = path == nil ? try Journal(path: nil) : nil
        journal = { () throws in try shared ?? Journal(path: path) }
        engine = try Self.engine(try journal(), directory, TestEngine.start)
        try engine.call(SQS.createQueue, .init(queueName: "tokens"))
        try engine.call(SFN.createActivity, .init(name: "hands"))
        _ = try engine.createMachine(RandomWorkflow.childDefinition, name: "child")
        try engine.call(S3.createBucket, .init(bucket: "items"))
        let put = engine.begin(
            S3.putObject, .init(body: Array("[1,2,3]".utf8), bucket: "items", key: "items.json"))
        engine.settle()
        if case .failure(let error)? = put.result { throw error }
    }

    private static func engine(_ journal: Journal, _ directory: String, _ wall: Instant) throws -> TestEngine {
        try TestEngine(
            services: [
                PayloadWorker.init, SQSService.init, S3Service.init, StepFunctionsService.init,
            ], journal: journal, directory: directory, wall: wall)
    }

    /// The output, or why there is none.
    func run(_ definition: String) throws -> String {
        let machine = try engine.createMachine(definition)
        let execution = try engine.startExecution(machine, input: #"{"items":[1,2,3]}"#, name: "it")
        for _ in 0..<4_000 {
            try step()
            let description = try engine.describe(execution)
            try look(execution)
            if description.status != "RUNNING" {
                check(execution)
                return description.output
                    ?? "\(description.status) \(description.error ?? ""): \(description.cause ?? "")"
            }
        }
        complaints.append("does not end: \(try engine.eventTypes(execution).suffix(4))")
        return "RUNNING"
    }

    private func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private func step() throws {
        let core = engine.core
        let wall = engine.wall + .milliseconds(Int64([0, 50, 200, 700, 2_500][roll(0...4)]))
        let isKilled = roll(1...100) <= killRate
        if isKilled, roll(0...1) == 0 {
            // Within a turn: its work is done, and nothing of it is written.
            core.beginTurn(wall: wall)
            core.settle()
            if roll(0...1) == 0 { answerTokens(commits: false) }
            return try kill(at: wall)
        }
        engine.advance(by: wall - engine.wall)
        answerTokens(commits: true)
        try work()
        if isKilled { try kill(at: wall) }
    }

    private func kill(at wall: Instant) throws {
        kills += 1
        engine.core.journal.forgetPending()
        // The worker outlives the engine: what it was given it still has.
        if let taken = (try? poll?.result?.get()) ?? nil, let token = taken.taskToken {
            held.append((token, (try? JSONReader.parse(taken.input ?? ""))?["n"]?.integer ?? 0))
        }
        poll = nil
        killed.append(engine)
        engine = try Self.engine(try journal(), directory, wall)
    }

    // MARK: Outside

    private func answerTokens(commits: Bool) {
        let core = engine.core
        var found: [SQS.Message] = []
        core.perform(
            service: SQS.id, operation: "ReceiveMessage",
            input: SQS.ReceiveMessageRequest(queueUrl: RandomWorkflow.queueURL, maxNumberOfMessages: 10).document,
            caller: engine.caller
        ) { result in found = (try? result.get()).map(SQS.ReceiveMessageResult.init)?.messages ?? [] }
        if commits { engine.commit() } else { core.settle() }
        for message in found {
            guard let body = (try? JSONReader.parse(message.body ?? "")), let token = body["token"]?.string else {
                continue
            }
            finish(token, body["n"]?.integer ?? 0)
            core.perform(
                service: SQS.id, operation: "DeleteMessage",
                input: SQS.DeleteMessageRequest(
                    queueUrl: RandomWorkflow.queueURL, receiptHandle: message.receiptHandle ?? ""
                ).document, caller: engine.caller
            ) { _ in }
        }
        if commits { engine.commit() }
    }

    private func work() throws {
        for (token, n) in held { finish(token, n) }
        held = []
        engine.commit()
        if let poll, let result = poll.result {
            self.poll = nil
            let output = try result.get()
            if let token = output.taskToken {
                let n = (try? JSONReader.parse(output.input ?? ""))?["n"]?.integer ?? 0
                finish(token, n)
                engine.commit()
            }
        }
        if poll == nil {
            poll = engine.begin(SFN.getActivityTask, .init(activityArn: RandomWorkflow.activity, workerName: "w"))
        }
    }

    private func finish(_ token: String, _ n: Int64) {
        engine.core.perform(
            service: SFN.id, operation: "SendTaskSuccess",
            input: SFN.SendTaskSuccessInput(taskToken: token, output: "{\"n\":\(n)}").document, caller: engine.caller
        ) { [unowned self] result in
            // A message may come twice: the second answer finds the task ended.
            if case .failure(let error) = result, error.code != "TaskTimedOut" {
                complaints.append("SendTaskSuccess: \(error.code) \(error.message)")
            }
        }
    }

    // MARK: What must hold

    /// What was told of the history once stays told.
    private func look(_ execution: String) throws {
        let events = try engine.call(
            SFN.getExecutionHistory, .init(executionArn: execution, maxResults: 1000)
        ).events
        if !events.starts(with: seen) { complaints.append("events that were told are gone or others: \(seen.count)") }
        seen = events
    }

    private func check(_ execution: String) {
        if seen.map(\.id) != Array(1...Int64(seen.count)).map(Int.init) { complaints.append("ids have gaps") }
        for event in seen where (event.previousEventId ?? 0) >= event.id {
            complaints.append("event \(event.id) follows a later one")
        }
        guard let service = engine.core.service(StepFunctionsService.self) else { return }
        let open = service.executions.values.filter { $0.status == .running }.map(\.arn)
        if !open.isEmpty { complaints.append("still running: \(open)") }
        if !service.tokens.isEmpty { complaints.append("tokens are left") }
    }
}
