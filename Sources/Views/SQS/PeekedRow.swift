import AWSModel
import AWSTypes
import TerminalUI

/// A message in its queue, as the Messages tab lists it.
struct PeekedRow: Identifiable, Hashable, Sendable {
    /// AWS's four ways of not being received, and the mark of each.
    enum State: String, CaseIterable, Sendable {
        case visible = "VISIBLE"
        case inFlight = "IN_FLIGHT"
        case delayed = "DELAYED"
        case blocked = "BLOCKED"

        var word: String { self == .inFlight ? "IN FLIGHT" : rawValue }

        var mark: StatusMark {
            switch self {
            case .visible: .enabled
            case .inFlight: .running
            case .delayed: .waiting
            case .blocked: .paused
            }
        }
    }

    var message: Skua.PeekedMessage
    /// Receives after which it is a dead letter.
    var maxReceiveCount: Int?

    var id: String { message.messageId ?? "" }
    var state: State { State(rawValue: message.state ?? "") ?? .visible }
    var group: String { message.messageGroupId ?? "" }
    var sentAt: Int64 { message.sentAt?.epochMilliseconds ?? 0 }
    var visibleAt: Int64? { message.visibleAt?.epochMilliseconds }
    var receives: Int { message.receiveCount ?? 0 }

    /// `2 of 5`, or `2` where there is no dead-letter queue.
    var receivesText: String { maxReceiveCount.map { "\(receives) of \($0)" } ?? String(receives) }

    /// When it can be received: `now`, `in 23 s`; `by group` says what blocks it.
    func moves(now: Int64) -> String {
        switch state {
        case .visible: "now"
        case .blocked: "by group"
        case .inFlight, .delayed:
            visibleAt.map { $0 > now ? "in \(ElapsedTime.countdown(milliseconds: $0 - now))" : "due" } ?? "–"
        }
    }

    /// The holder's name: of the function, of the user. The details have all of it.
    var holder: String { message.holder.map { ResourceName.last(of: $0) } ?? "" }

    /// The trace it belongs to. AWS: X-Ray's header is `Root=1-…;Parent=…;Sampled=1`.
    var traceID: String? {
        guard let header = message.attributes?["AWSTraceHeader"] else { return nil }
        let root = header.split(separator: ";").first { $0.hasPrefix("Root=") }
        return String(root?.dropFirst(5) ?? header[...])
    }

    /// The body on one line.
    var preview: String {
        String((message.body ?? "").prefix(200).map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }

    static func columns(isFIFO: Bool, clock: FrameClock) -> [TableColumn<PeekedRow>] {
        var columns = [
            TableColumn<PeekedRow>("State", min: 11, ideal: 11, order: TableColumn.by { $0.state.rawValue }) {
                .status($0.state.mark, $0.state.word)
            },
            TableColumn<PeekedRow>("Visible", min: 9, ideal: 11, order: TableColumn.by { $0.visibleAt ?? 0 }) { row in
                TableCell(row.moves(now: clock.now), row.state == .visible ? .dim : .text)
            },
            TableColumn<PeekedRow>("Receives", min: 8, ideal: 8, order: TableColumn.by { $0.receives }) { row in
                TableCell(
                    row.receivesText,
                    row.maxReceiveCount.map { row.receives >= $0 } == true ? .warning : row.receives > 0 ? .text : .dim)
            },
            TableColumn<PeekedRow>("Held by", min: 8, ideal: 10, order: TableColumn.by { $0.holder }) {
                TableCell($0.holder)
            },
            TableColumn<PeekedRow>("Sent", min: 6, ideal: 7, align: .right, order: TableColumn.by { $0.sentAt }) {
                row in
                TableCell(ElapsedTime.age(milliseconds: clock.now - row.sentAt), .dim)
            },
        ]
        if isFIFO {
            columns.append(
                TableColumn<PeekedRow>("Group", min: 10, ideal: 18, order: TableColumn.by { $0.group }) {
                    TableCell($0.group)
                })
        }
        return columns + [
            TableColumn<PeekedRow>(
                "Size", min: 6, ideal: 7, align: .right, order: TableColumn.by { $0.message.size ?? 0 }
            ) {
                TableCell(Quantity.bytes($0.message.size ?? 0), .dim)
            },
            TableColumn<PeekedRow>("Body", min: 10) { TableCell($0.preview, .dim) },
        ]
    }

    /// Everything known about it but the body.
    func details(now: Int64) -> [KeyValue] {
        func date(_ instant: Instant?) -> String { instant.map { ElapsedTime.date($0) } ?? "–" }
        var items: [KeyValue] = [.heading("State"), KeyValue("State", state.mark.line(state.word))]
        if state != .visible {
            items.append(
                KeyValue(
                    "Visible", text: moves(now: now) + (message.visibleAt.map { ", at \(ElapsedTime.clock($0))" } ?? "")
                ))
        }
        if let holder = message.holder { items.append(KeyValue("Held by", text: holder)) }
        items.append(
            KeyValue("Receives", text: receivesText + (maxReceiveCount == nil ? "" : " before it is a dead letter")))
        items += [
            KeyValue("Sent", text: "\(date(message.sentAt)), \(ElapsedTime.age(milliseconds: now - sentAt)) ago"),
            KeyValue("First received", text: date(message.firstReceivedAt)),
            KeyValue("Expires", text: date(message.expiresAt)),
            .heading("Message"),
            KeyValue("Message id", text: id),
            KeyValue("Size", text: "\((message.size ?? 0).grouped) bytes"),
            KeyValue("MD5 of body", text: message.md5OfBody ?? ""),
            KeyValue("Sender", text: message.senderId ?? ""),
        ]
        if let group = message.messageGroupId { items.append(KeyValue("Message group", text: group)) }
        if let id = message.messageDeduplicationId { items.append(KeyValue("Deduplication id", text: id)) }
        if let number = message.sequenceNumber { items.append(KeyValue("Sequence number", text: number)) }
        if let source = message.deadLetterQueueSourceArn { items.append(KeyValue("Dead letter of", text: source)) }
        if let trace = message.attributes?["AWSTraceHeader"] { items.append(KeyValue("Trace header", text: trace)) }
        if let attributes = message.messageAttributes, !attributes.isEmpty {
            items.append(.heading("Message attributes"))
            for attribute in attributes {
                items.append(
                    KeyValue(
                        attribute.name ?? "",
                        [Span(attribute.value ?? ""), Span("  \(attribute.dataType ?? "")", .dim)]))
            }
        }
        return items
    }
}
