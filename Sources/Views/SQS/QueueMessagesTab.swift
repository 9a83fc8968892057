import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The messages of a queue, looked at without receiving: no count, no timer, no lock changes.
struct QueueMessagesTab: QueueTab {
    enum Message: Sendable {
        case peeked(Result<Skua.PeekMessagesResponse, any Error>)
        case more(Result<Skua.PeekMessagesResponse, any Error>)
        case explained(String, Result<[Reason], any Error>)
        case stateChosen(ActionID)
    }

    enum Pane: Int, CaseIterable, Sendable { case messages, detail, groups }
    enum Detail: String, CaseIterable, Sendable {
        case body = "Body"
        case attributes = "Attributes"
        case why = "Why?"
    }

    struct GroupRow: Identifiable, Hashable, Sendable {
        var group: Skua.MessageGroup
        var id: String { group.messageGroupId ?? "" }
    }

    /// Messages a page; the next one is fetched when the selection comes near the end.
    static let pageSize = 200

    var queue: QueueReading? {
        didSet {
            if queue?.isFIFO != oldValue?.isFIFO { table = Self.makeTable(isFIFO: queue?.isFIFO ?? false, clock) }
        }
    }
    var isStale = false
    let clock: FrameClock
    var table: Table<PeekedRow>
    var groups: Table<GroupRow>
    var body = PayloadView(id: "body")
    var details = KeyValueList(id: "attributes", empty: "No message is selected.")
    var reasons = ReasonList()
    var explainedID: String?
    var detail = Detail.body
    var focus = Pane.messages
    var split = SplitPane(.horizontal, ratio: 58, narrowest: 46)
    /// Only messages in this state, or of this group.
    var state: PeekedRow.State?
    var group: String?
    var counts = (visible: 0, inFlight: 0, delayed: 0)
    var nextToken: String?
    var isLoadingMore = false
    var failure: String?
    let measured = Viewport()

    init() {
        let clock = FrameClock()
        self.clock = clock
        table = Self.makeTable(isFIFO: false, clock)
        groups = Table<GroupRow>(
            id: "groups",
            columns: [
                TableColumn("Group", min: 10) { TableCell($0.id) },
                TableColumn("Lock", min: 16, ideal: 22) { row in
                    guard row.group.isLocked == true else { return .status(.enabled, "free") }
                    let left = row.group.lockedUntil.map { $0.epochMilliseconds - clock.now } ?? 0
                    return .status(.paused, left > 0 ? "locked \(ElapsedTime.countdown(milliseconds: left))" : "locked")
                },
                TableColumn("Visible", min: 7, ideal: 7, align: .right) {
                    TableCell(($0.group.visible ?? 0).grouped, .dim)
                },
                TableColumn("In flight", min: 9, ideal: 9, align: .right) {
                    TableCell(($0.group.inFlight ?? 0).grouped, .dim)
                },
                TableColumn("Held by", min: 12) {
                    TableCell($0.group.lockedBy.map { ResourceName.last(of: $0) } ?? "", .dim)
                },
            ], empty: "No message groups.")
    }

    private static func makeTable(isFIFO: Bool, _ clock: FrameClock) -> Table<PeekedRow> {
        Table<PeekedRow>(
            id: "messages", columns: PeekedRow.columns(isFIFO: isFIFO, clock: clock),
            empty: "No messages. Press 2 to send one.")
    }

    var isPeekable: Bool { queue?.hasEngine ?? true }
    var topics: Set<Topic> { [] }
    var capturesText: Bool {
        switch focus {
        case .messages: table.capturesText
        case .detail: detail == .body && body.capturesText
        case .groups: groups.capturesText
        }
    }
    var handlesEscape: Bool {
        switch focus {
        case .messages: table.handlesEscape || state != nil || group != nil
        case .detail: true
        case .groups: true
        }
    }
    var tickInterval: Duration? {
        let hasTimer =
            (table.rows?.contains { $0.visibleAt != nil } ?? false) || (detail == .why && reasons.hasCountdown)
        return hasTimer ? .seconds(1) : nil
    }
    var copyText: String? {
        switch focus {
        case .messages: table.selected?.id
        case .groups: groups.selected?.id
        case .detail:
            switch detail {
            case .body: body.copyText
            case .attributes: details.selected?.value
            case .why: reasons.text
            }
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed: return peek()
        case .action(let action): return perform(action)
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .tick:
            showSelected()
            return []
        }
    }

    /// Fetches what is in view again, from the start.
    func peek() -> [Effect<Message>] {
        guard let queue, isPeekable else { return [] }
        let shown = (table.selectedIndex / Self.pageSize + 1) * Self.pageSize
        let request = Skua.PeekMessagesRequest(
            queueUrl: queue.url, state: state?.rawValue, messageGroupId: group,
            maxResults: min(1000, max(Self.pageSize, shown)))
        return [
            .work("peek") { context in
                try await Self.peek(request, atLeast: shown, context)
            } then: {
                .peeked($0)
            }
        ]
    }

    /// Peeks in pages of at most 1,000 until there are `count`.
    private static func peek(
        _ request: Skua.PeekMessagesRequest, atLeast count: Int, _ context: ConsoleContext
    ) async throws -> Skua.PeekMessagesResponse {
        var answer = try await context.aws.call(Skua.peekMessages, request)
        while let token = answer.nextToken, (answer.messages?.count ?? 0) < count, !Task.isCancelled {
            var next = request
            next.nextToken = token
            let page = try await context.aws.call(Skua.peekMessages, next)
            answer.messages = (answer.messages ?? []) + (page.messages ?? [])
            answer.nextToken = page.nextToken
        }
        return answer
    }

    private mutating func loadMoreIfNear() -> [Effect<Message>] {
        guard let queue, let nextToken, !isLoadingMore, table.selectedIndex + 20 >= table.count else { return [] }
        isLoadingMore = true
        let request = Skua.PeekMessagesRequest(
            queueUrl: queue.url, state: state?.rawValue, messageGroupId: group, nextToken: nextToken,
            maxResults: Self.pageSize)
        return [
            .work("more") { context in
                try await context.aws.call(Skua.peekMessages, request)
            } then: {
                .more($0)
            }
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .peeked(.success(let answer)):
            failure = nil
            counts = (answer.visible ?? 0, answer.inFlight ?? 0, answer.delayed ?? 0)
            nextToken = answer.nextToken
            isLoadingMore = false
            table.emptyText =
                state.map { "No message is \($0.word.lowercased()). Press f to see others." }
                ?? "No messages. Press 2 to send one."
            table.rows = (answer.messages ?? []).map { PeekedRow(message: $0, maxReceiveCount: answer.maxReceiveCount) }
            groups.rows = (answer.groups ?? []).map { GroupRow(group: $0) }
            showSelected()
            return [.cancel("more")] + explainAgain()
        case .more(.success(let answer)):
            isLoadingMore = false
            nextToken = answer.nextToken
            let known = Set((table.rows ?? []).map(\.id))
            table.rows =
                (table.rows ?? [])
                + (answer.messages ?? []).filter { !known.contains($0.messageId ?? "") }
                .map { PeekedRow(message: $0, maxReceiveCount: answer.maxReceiveCount) }
            return []
        case .peeked(.failure(let error)), .more(.failure(let error)):
            isLoadingMore = false
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .explained(let id, .success(let new)):
            if id == table.selected?.id { reasons.set(new) }
            return []
        case .explained(_, .failure(let error)):
            reasons.problem = error.sentence
            return []
        case .stateChosen(let action):
            state = PeekedRow.State(rawValue: action.name)
            if action == "everything" { group = nil }
            table.rows = nil
            return peek()
        }
    }

    /// Brings the panes beside the list up to the selected message.
    mutating func showSelected() {
        guard let row = table.selected else {
            body.set("")
            details.items = []
            reasons = ReasonList([])
            return
        }
        body.set(row.message.body ?? "")
        if detail == .attributes { details.items = row.details(now: clock.now) }
    }

    /// Asks *Why?* anew for the message selected now.
    mutating func explainAgain() -> [Effect<Message>] {
        guard detail == .why, let arn = queue?.arn, let id = table.selected?.id else { return [] }
        if explainedID != id { reasons = ReasonList() }
        explainedID = id
        return [
            .work("why") { context in
                try await Reason.explain(arn, item: id, context)
            } then: {
                .explained(id, $0)
            }
        ]
    }

    mutating func selectionMoved(from before: String?) -> [Effect<Message>] {
        guard table.selected?.id != before else { return loadMoreIfNear() }
        showSelected()
        return loadMoreIfNear() + explainAgain()
    }
}
