import AWSModel
import AWSTypes

// Looking at a queue without receiving: no receive count, no timer, no lock changes.
extension SQSService {
    /// One page of a queue's messages: first what can be received, in order, then what is in flight and delayed, by
    /// when it moves. A FIFO queue goes group by group, each in its order.
    ///
    /// - Parameters:
    ///   - queue: the queue's ARN, URL or name.
    ///   - state: `VISIBLE`, `IN_FLIGHT`, `DELAYED` or `BLOCKED` (visible, but its FIFO group is locked); nil for all.
    ///   - limit: messages a page, 1 to 1,000.
    public func peek(
        _ queue: String, state: String? = nil, group: String? = nil, nextToken: String? = nil, limit: Int = 100,
        caller: Caller
    ) throws(ServiceError) -> Skua.PeekMessagesResponse {
        guard let name = QueueName(arn: queue) ?? QueueName(url: queue, caller: caller.scope), let queue = queues[name]
        else { throw .queueDoesNotExist }
        let limit = min(max(limit, 1), 1000)
        var position = PeekPosition(nextToken) ?? PeekPosition(section: "", row: 0)
        var page: [QueueMessage] = []
        var isFull = false
        for section in sections(of: queue, state: state, group: group, from: position.section) {
            // A token names the last message shown: go on behind it, or from the section's start if it is gone.
            let start = section.id == position.section ? position.row : 0
            isFull = collect(section, after: start, state: state, queue, into: &page, limit: limit)
            if isFull, let last = page.last {
                position = PeekPosition(section: section.id, row: last.id)
                break
            }
        }
        return Skua.PeekMessagesResponse(
            messages: page.map { peeked($0, in: queue) },
            groups: queue.hasGroups ? groups(of: queue, only: group) : nil,
            visible: queue.readyCount, inFlight: queue.inFlightCount, delayed: queue.delayedCount,
            maxReceiveCount: queue.attributes.redrivePolicy?.maxReceiveCount,
            nextToken: isFull ? position.text : nil)
    }

    /// Messages that belong together: a list to walk, or a heap to sort.
    private struct PeekSection {
        var id: String
        var list: QueueMessage?
        var sorted: [QueueMessage] = []
    }

    private struct PeekPosition {
        var section: String
        var row: Int64

        init(section: String, row: Int64) {
            self.section = section
            self.row = row
        }

        init?(_ token: String?) {
            guard let token, let bytes = Base64.decode(token), let value = try? JSONReader.parse(bytes),
                let section = value[0]?.string, let row = value[1]?.integer
            else { return nil }
            self.init(section: section, row: row)
        }

        var text: String { Base64.encode(JSONWriter.bytes([.string(section), .integer(row)])) }
    }

    private func sections(of queue: Queue, state: String?, group: String?, from id: String) -> [PeekSection] {
        var sections: [PeekSection] = []
        let groups = queue.allGroups.filter { group == nil || $0.id == group }
            .sorted { ($0.list.head?.id ?? .max, $0.id) < ($1.list.head?.id ?? .max, $1.id) }
        if queue.isFIFO || state == nil || state == "VISIBLE" {
            sections = groups.map { PeekSection(id: "g\($0.id)", list: $0.list.head) }
        }
        if !queue.isFIFO, state != "VISIBLE", state != "BLOCKED" {
            for (section, wanted, word) in [
                ("i", QueueMessage.State.inFlight, "IN_FLIGHT"), ("d", .delayed, "DELAYED"),
            ]
            where state == nil || state == word {
                let messages = queue.deadlines.sorted().filter {
                    $0.state == wanted && (group == nil || $0.group.id == group)
                }
                sections.append(PeekSection(id: section, sorted: messages))
            }
        }
        guard let start = sections.firstIndex(where: { $0.id == id }) else { return sections }
        return Array(sections[start...])
    }

    /// - Returns: true if there is more than fits on the page.
    private func collect(
        _ section: PeekSection, after row: Int64, state: String?, _ queue: Queue, into page: inout [QueueMessage],
        limit: Int
    ) -> Bool {
        func isWanted(_ message: QueueMessage) -> Bool { state == nil || peekState(of: message, in: queue) == state }
        if section.list != nil {
            var next = section.list
            if row != 0, let last = queue.messages[row], last.isListed { next = last.next }
            while let message = next {
                next = message.next
                guard isWanted(message) else { continue }
                if page.count == limit { return true }
                page.append(message)
            }
            return false
        }
        var rest = section.sorted[...]
        if row != 0, let index = rest.firstIndex(where: { $0.id == row }) { rest = rest[(index + 1)...] }
        for message in rest where isWanted(message) {
            if page.count == limit { return true }
            page.append(message)
        }
        return false
    }

    func peekState(of message: QueueMessage, in queue: Queue) -> String {
        switch message.state {
        case .inFlight: "IN_FLIGHT"
        case .delayed: "DELAYED"
        case .ready: blocker(of: message, in: queue) == nil ? "VISIBLE" : "BLOCKED"
        }
    }

    /// FIFO: the message of the same group that must go first and cannot be received now.
    func blocker(of message: QueueMessage, in queue: Queue) -> QueueMessage? {
        guard queue.isFIFO else { return nil }
        if message.group.inFlight > 0 {
            var next = message.group.list.head
            while let other = next {
                if other.state == .inFlight { return other }
                if other === message { break }
                next = other.next
            }
        }
        guard let head = message.group.list.head, head !== message, head.state == .delayed else { return nil }
        return head
    }

    private func peeked(_ message: QueueMessage, in queue: Queue) -> Skua.PeekedMessage {
        let attributes = message.details?.attributes ?? []
        return Skua.PeekedMessage(
            messageId: message.messageID, body: message.body, state: peekState(of: message, in: queue),
            sentAt: message.sentAt, visibleAt: message.state == .ready ? nil : message.visibleAt,
            expiresAt: message.sentAt + queue.attributes.retention, firstReceivedAt: message.firstReceivedAt,
            receiveCount: message.receivesHere, holder: message.state == .inFlight ? message.holder?.text : nil,
            messageGroupId: message.group.id.isEmpty ? nil : message.group.id,
            messageDeduplicationId: queue.isFIFO
                ? message.details?.deduplicationID ?? MessageDigest.sha256(message.body) : nil,
            sequenceNumber: queue.isFIFO ? message.sequenceNumber : nil,
            deadLetterQueueSourceArn: message.details?.deadLetterSourceArn, senderId: message.sender.text,
            md5OfBody: MessageDigest.md5(message.body), size: message.size,
            messageAttributes: attributes.isEmpty
                ? nil
                : attributes.map { attribute in
                    switch attribute.value {
                    case .string(let text):
                        Skua.MessageAttribute(name: attribute.name, dataType: attribute.dataType, value: text)
                    case .binary(let bytes):
                        Skua.MessageAttribute(
                            name: attribute.name, dataType: attribute.dataType, value: Base64.encode(bytes))
                    }
                },
            attributes: message.systemAttributes(.all, isFIFO: queue.isFIFO))
    }

    /// Locked groups first, then by name; at most 1,000.
    private func groups(of queue: Queue, only id: String?) -> [Skua.MessageGroup] {
        queue.groups.values.filter { id == nil || $0.id == id }
            .sorted { ($0.inFlight > 0 ? 0 : 1, $0.id) < ($1.inFlight > 0 ? 0 : 1, $1.id) }
            .prefix(1000)
            .map { group in
                var holder: QueueMessage?
                if queue.isFIFO, group.isLocked {
                    var next = group.list.head
                    var left = group.inFlight
                    while left > 0, let message = next {
                        next = message.next
                        guard message.state == .inFlight else { continue }
                        left -= 1
                        if message.visibleAt > holder?.visibleAt ?? .epoch { holder = message }
                    }
                }
                return Skua.MessageGroup(
                    messageGroupId: group.id, visible: group.ready, inFlight: group.inFlight,
                    isLocked: queue.isFIFO && group.isLocked, lockedUntil: holder?.visibleAt,
                    lockedBy: holder?.holder?.text)
            }
    }
}
