import AWSModel
import AWSTypes

/// Gentle traffic for the demo world: sources that send to a queue, invoke a function or start an execution at an
/// interval of engine time (±30 %, from the seed), all pausable at once.
final class TrafficGenerator {
    struct Source {
        var name: String
        var description: String
        var targetArn: String
        var interval: Duration
        var bodies: [String]
        var messageGroupIDs: [String]
        var sent: Int = 0
        var timer: TimerID?

        var document: DocumentObject {
            [
                "Name": .string(name), "Description": .string(description), "TargetArn": .string(targetArn),
                "IntervalMicroseconds": .integer(interval.wholeMicroseconds),
                "Bodies": .list(bodies.map { .string($0) }),
                "MessageGroupIds": .list(messageGroupIDs.map { .string($0) }),
            ]
        }

        init(
            name: String, description: String, targetArn: String, interval: Duration, bodies: [String],
            messageGroupIDs: [String]
        ) {
            self.name = name
            self.description = description
            self.targetArn = targetArn
            self.interval = interval
            self.bodies = bodies
            self.messageGroupIDs = messageGroupIDs
        }

        init(_ document: DocumentObject) {
            self.init(
                name: document.string("Name") ?? "", description: document.string("Description") ?? "",
                targetArn: document.string("TargetArn") ?? "",
                interval: .microseconds(document.integer("IntervalMicroseconds") ?? 1_000_000),
                bodies: document.strings("Bodies") ?? [], messageGroupIDs: document.strings("MessageGroupIds") ?? [])
        }
    }

    unowned let core: EngineCore
    private(set) var sources: [String: Source] = [:]
    private(set) var isEnabled = true

    init(core: EngineCore) { self.core = core }

    func restore(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT document FROM skua_traffic_sources") { row in
            let source = Source(row.document(0))
            sources[source.name] = source
        }
        try store.forEach("SELECT value FROM skua_settings WHERE name = 'traffic'") { row in
            isEnabled = row.text(0) == "enabled"
        }
    }

    func resume() {
        for name in sources.keys.sorted() { arm(name) }
    }

    func put(_ source: Source) {
        core.cancel(sources[source.name]?.timer)
        sources[source.name] = source
        core.journal.record(
            "INSERT OR REPLACE INTO skua_traffic_sources VALUES (?, ?)",
            [.text(source.name), .document(source.document)])
        arm(source.name)
        core.changes.mark("skua:traffic")
    }

    func remove(_ name: String) -> Bool {
        guard let source = sources.removeValue(forKey: name) else { return false }
        core.cancel(source.timer)
        core.journal.record("DELETE FROM skua_traffic_sources WHERE name = ?", [.text(name)])
        core.changes.mark("skua:traffic")
        return true
    }

    func setEnabled(_ enabled: Bool) {
        isEnabled = enabled
        core.journal.record(
            "INSERT OR REPLACE INTO skua_settings VALUES ('traffic', ?)", [.text(enabled ? "enabled" : "paused")])
        for name in sources.keys.sorted() { arm(name) }
        core.changes.mark("skua:traffic")
    }

    private func arm(_ name: String) {
        guard let source = sources[name] else { return }
        core.cancel(source.timer)
        guard isEnabled else {
            sources[name]?.timer = nil
            return
        }
        let jitter = 0.7 + core.identifiers.fraction() * 0.6
        let delay = Duration.microseconds(Int64(Double(source.interval.wholeMicroseconds) * jitter))
        let label = TimerLabel(kind: "Traffic", resourceArn: source.targetArn)
        sources[name]?.timer = core.schedule(at: core.now + delay, label) { [unowned self] in
            send(name)
            arm(name)
        }
    }

    private func send(_ name: String) {
        guard let source = sources[name], let arn = ARN(source.targetArn), !source.bodies.isEmpty else { return }
        sources[name]?.sent += 1
        let body = source.bodies[Int(core.identifiers.next() >> 33) % source.bodies.count]
            .replacing("${id}", with: core.identifiers.hex(8))
            .replacing("${n}", with: String(source.sent + 1))
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        let caller = Caller(scope: scope, endpoint: core.configuration.endpoint)
        let cause = Cause(entry: nil, trace: core.newTrace())
        switch arn.service {
        case "sqs":
            var input = SQS.SendMessageRequest(
                queueUrl: "\(core.configuration.endpoint)/\(arn.accountID)/\(arn.resource)", messageBody: body)
            if arn.resource.hasSuffix(".fifo"), !source.messageGroupIDs.isEmpty {
                let index = Int(core.identifiers.next() >> 33) % source.messageGroupIDs.count
                input.messageGroupId = source.messageGroupIDs[index]
                input.messageDeduplicationId = core.identifiers.uuid()
            }
            core.call(SQS.sendMessage, input, caller: caller, cause: cause) { _ in }
        case "lambda":
            let input = Lambda.InvocationRequest(
                functionName: source.targetArn, invocationType: "Event", payload: Array(body.utf8))
            core.call(Lambda.invoke, input, caller: caller, cause: cause) { _ in }
        case "states":
            let input = SFN.StartExecutionInput(stateMachineArn: source.targetArn, input: body)
            core.call(SFN.startExecution, input, caller: caller, cause: cause) { _ in }
        default: break
        }
    }
}
