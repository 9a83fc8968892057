import AWSModel
import AWSTypes

@testable import Emulation

// Holding what is there against what must be.
extension Simulation {
    /// What contradicts the promises; empty where all was kept.
    func faults() throws -> [String] {
        var faults: [String] = []
        for sink in owed.keys.sorted(by: { "\($0)" < "\($1)" }) {
            let due = owed[sink] ?? []
            let reached = Set(handled[sink] ?? [])
            var resting: [Int] = []
            for queue in restingPlaces(of: sink) { resting += try tokens(inQueue: queue) }
            if case .phone(let number) = sink { resting += try tokens(sentTo: number) }
            if sink == .queue("replayed.fifo") { faults += disorder(in: resting, "replayed") }
            let lost = due.subtracting(reached).subtracting(resting)
            if !lost.isEmpty { faults.append("\(sink) never got \(lost.sorted())") }
            let strange = reached.union(resting).subtracting(due).subtracting(unanswered)
            if !strange.isEmpty { faults.append("\(sink) got \(strange.sorted()), which was not for it") }
        }
        faults += disorder(in: handled[.worked("orders.fifo")] ?? [], "handled")
        if topology.hasSchedules { faults += try missedTicks() }
        if topology.hasAlarm { faults += try unheardAlarms() }
        return faults
    }

    private func restingPlaces(of sink: SimulatedTopology.Sink) -> [String] {
        switch sink {
        case .queue(let name): [name]
        case .worked(let name): [Self.deadLetters(of: name), name]
        case .function(let name): ["\(name)-failed"]
        case .piped(let name):
            [Self.deadLetters(of: name), name]
                + (topology.pipes.contains { $0.queue == name && !$0.isToFunction } ? ["\(name)-out"] : [])
        case .web(let name): [Self.deadLetters(of: name)]
        case .phone: []
        }
    }

    /// Takes everything out of a queue, in its order.
    private func messages(inQueue queue: String) throws -> [String] {
        var found: [String] = []
        while true {
            let messages =
                try perform(
                    .sqs, "ReceiveMessage",
                    ["QueueUrl": .string(Self.url(queue)), "MaxNumberOfMessages": 10, "VisibilityTimeout": 40_000]
                ).list("Messages") ?? []
            if messages.isEmpty { return found }
            for message in messages {
                found.append(message["Body"]?.string ?? "")
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

    private func tokens(inQueue queue: String) throws -> [Int] {
        try messages(inQueue: queue).flatMap { Self.tokens(in: Array($0.utf8)) }
    }

    private func tokens(sentTo number: String) throws -> [Int] {
        let messages =
            try perform(.skua, "ListOutboxMessages", ["Recipient": .string(number), "MaxResults": 1000])
            .list("Messages") ?? []
        return messages.flatMap { Self.tokens(in: Array(($0["Preview"]?.string ?? "").utf8)) }
    }

    /// Where a FIFO group's messages came in another order than they were sent in.
    private func disorder(in tokens: [Int], _ verb: String) -> [String] {
        var last: [String: Int] = [:]
        var faults: [String] = []
        for token in tokens {
            guard let sequence = sequences[token] else { continue }
            if let before = last[sequence], before > token {
                faults.append("\(sequence) was \(verb) out of order: \(token) after \(before)")
            }
            last[sequence] = token
        }
        return faults
    }

    /// A schedule runs at each of its minutes, from when it was made to its end.
    private func missedTicks() throws -> [String] {
        let due = Set(
            (0..<Self.tickCount).map { (ticksBegan + .seconds(60 * $0)).iso8601(milliseconds: false) })
        let came = Set(
            try messages(inQueue: "ticks").map { (try? JSONReader.parse($0))?["at"]?.string ?? "" })
        return due == came ? [] : ["ticks: \(came.sorted()) instead of \(due.sorted())"]
    }

    /// Each time the alarm went off, its topic was told.
    private func unheardAlarms() throws -> [String] {
        let items =
            try perform(
                .cloudwatch, "DescribeAlarmHistory", ["AlarmName": "busy", "HistoryItemType": "StateUpdate"]
            ).list("AlarmHistoryItems") ?? []
        let times = items.filter { $0["HistorySummary"]?.string?.hasSuffix("to ALARM") == true }.count
        let heard = try messages(inQueue: "alarmed").count
        return heard >= times ? [] : ["the alarm went off \(times) times and was heard \(heard) times"]
    }

    /// Every `tok-17.` in a payload, however often it is escaped.
    static func tokens(in bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        let mark = Array("tok-".utf8)
        var index = 0
        while index + mark.count < bytes.count {
            guard bytes[index] == mark[0], bytes[index + 1] == mark[1], bytes[index + 2] == mark[2],
                bytes[index + 3] == mark[3]
            else {
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
