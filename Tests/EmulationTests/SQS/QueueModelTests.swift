import AWSModel
import AWSTypes
import Testing

@testable import Emulation

/// Long random histories against what must always hold, and against the same world opened again.
@Suite struct QueueModelTests {
    /// What the test knows of a message it sent.
    private struct Known {
        var body: String
        var group: String
        var order: Int
        /// Until when it may not be received; nil once deleted.
        var hiddenUntil: Instant?
        var isHeld = false
        var handle: String?
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func nothingIsLostDoubledOrOutOfOrder(_ seed: UInt64) throws {
        let isFIFO = seed % 2 == 0
        var random = IdentifierSource(seed: seed)
        let journal = try Journal(path: nil)
        var sqs = try SQSFixture(journal: journal)
        let url = try sqs.queue(isFIFO ? "q.fifo" : "q", ["VisibilityTimeout": "20"])
        var known: [String: Known] = [:]
        var order = 0
        for step in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                order += 1
                let group = "g\(Int.random(in: 0..<4, using: &random))"
                let delay = isFIFO ? 0 : [0, 0, 3].randomElement(using: &random) ?? 0
                let id = try sqs.send(
                    url, "m\(order)", group: isFIFO || step % 3 == 0 ? group : nil,
                    deduplicationID: isFIFO ? "\(order)" : nil, delay: isFIFO ? nil : delay)
                known[try #require(id.messageId)] = Known(
                    body: "m\(order)", group: isFIFO ? group : "", order: order, hiddenUntil: sqs.now + .seconds(delay))
            case 4...6:
                let max = Int.random(in: 1...10, using: &random)
                let visibility = [nil, 0, 5, 40].randomElement(using: &random) ?? nil
                let held = known.values.filter { $0.isHeld && ($0.hiddenUntil ?? .epoch) > sqs.now }
                var lastOrder: [String: Int] = [:]
                for message in try sqs.receive(url, max: max, visibility: visibility) {
                    let id = try #require(message.messageId)
                    var entry = try #require(known[id], "received after it was deleted")
                    #expect(entry.body == message.body)
                    #expect(try #require(entry.hiddenUntil) <= sqs.now, "received while hidden")
                    if isFIFO {
                        let isBehind = held.contains { $0.group == entry.group && $0.order < entry.order }
                        #expect(!isBehind, "received from behind one in flight")
                        #expect(lastOrder[entry.group, default: 0] < entry.order, "received out of order")
                        let earlier = known.values.contains {
                            $0.group == entry.group && $0.order < entry.order && !lastOrder.keys.contains($0.group)
                        }
                        #expect(!earlier, "received before an earlier one of its group")
                        lastOrder[entry.group] = entry.order
                    }
                    entry.handle = message.receiptHandle
                    entry.isHeld = true
                    entry.hiddenUntil = sqs.now + .seconds(visibility ?? 20)
                    known[id] = entry
                }
            case 7:
                let held = known.filter { $0.value.isHeld && ($0.value.hiddenUntil ?? .epoch) > sqs.now }
                guard let (id, entry) = held.min(by: { $0.value.order < $1.value.order }) else { continue }
                try sqs.engine.call(
                    SQS.deleteMessage,
                    SQS.DeleteMessageRequest(queueUrl: url, receiptHandle: try #require(entry.handle)))
                known[id] = nil
            case 8:
                let held = known.filter { $0.value.isHeld && ($0.value.hiddenUntil ?? .epoch) > sqs.now }
                guard let (id, entry) = held.max(by: { $0.value.order < $1.value.order }) else { continue }
                let seconds = Int.random(in: 0..<30, using: &random)
                try sqs.engine.call(
                    SQS.changeMessageVisibility,
                    SQS.ChangeMessageVisibilityRequest(
                        queueUrl: url, receiptHandle: try #require(entry.handle), visibilityTimeout: seconds))
                known[id]?.hiddenUntil = sqs.now + .seconds(seconds)
            default:
                sqs.engine.advance(by: .seconds(Int.random(in: 1...15, using: &random)))
            }
            try expectCounts(sqs, url, known)
            if step % 100 == 99 {
                let before = try states(sqs, url)
                sqs = try SQSFixture(journal: journal, wall: sqs.engine.wall)
                let after = try states(sqs, url)
                #expect(after.filter { before[$0.key] != $0.value } == [:])
                #expect(before.filter { after[$0.key] != $0.value } == [:])
            }
        }
    }

    private func expectCounts(_ sqs: SQSFixture, _ url: String, _ known: [String: Known]) throws {
        let hidden = known.values.filter { ($0.hiddenUntil ?? .epoch) > sqs.now }
        let held = hidden.filter(\.isHeld).count
        #expect(try sqs.counts(url) == [known.count - hidden.count, held, hidden.count - held])
    }

    /// Every message's id, state and time, as peeking shows them.
    private func states(_ sqs: SQSFixture, _ url: String) throws -> [String: String] {
        let page = try sqs.service.peek(url, limit: 1000, caller: sqs.engine.caller)
        return Dictionary(
            (page.messages ?? []).map {
                (
                    $0.messageId ?? "",
                    "\($0.state ?? "") \($0.receiveCount ?? -1) \($0.visibleAt?.microseconds ?? 0) \($0.holder ?? "")"
                )
            }
        ) { first, _ in first }
    }

    @Test func theHeapStaysSortedWhateverIsRemoved() {
        final class Item {
            var position: Int32 = -1
            var key = 0
        }
        enum Slot: HeapSlot {
            static func position(of element: Item) -> Int32 { element.position }
            static func setPosition(_ position: Int32, of element: Item) { element.position = position }
            typealias Key = Int
        }
        var random = IdentifierSource(seed: 7)
        var heap = IndexedHeap<Slot>()
        var items: [Item] = []
        for _ in 0..<2000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let item = Item()
                item.key = Int.random(in: 0..<100, using: &random)
                heap.insert(item, key: item.key)
                items.append(item)
            case 2:
                guard let index = items.indices.randomElement(using: &random) else { continue }
                heap.remove(items.remove(at: index))
            default:
                guard let item = items.randomElement(using: &random) else { continue }
                item.key = Int.random(in: 0..<100, using: &random)
                heap.set(item, key: item.key)
            }
            #expect(heap.count == items.count)
            #expect(heap.first?.key == items.map(\.key).min())
        }
        var last = Int.min
        while let item = heap.removeFirst() {
            #expect(item.key >= last)
            #expect(item.position == -1)
            last = item.key
        }
    }

    @Test func handlesAreVerified() throws {
        let handle = ReceiptHandle(queueID: 3, messageRow: 77, messageTag: 0xFEED, receiveCount: 2)
        let text = handle.text
        #expect(text.hasPrefix("AQEB"))
        #expect(ReceiptHandle(text) == handle)
        #expect(ReceiptHandle(queueID: 3, messageRow: 77, messageTag: 0xFEED, receiveCount: 3).text != text)
        var random = IdentifierSource(seed: 1)
        for _ in 0..<200 {
            var bytes = Array(text.utf8)
            let index = Int.random(in: 0..<bytes.count, using: &random)
            let other = Array("ABCDEFabcdef0123456789+/".utf8).randomElement(using: &random) ?? 65
            guard bytes[index] != other else { continue }
            bytes[index] = other
            #expect(ReceiptHandle(String(decoding: bytes, as: UTF8.self)) == nil)
        }
        #expect(ReceiptHandle("") == nil && ReceiptHandle(String(text.dropLast())) == nil)
    }
}
