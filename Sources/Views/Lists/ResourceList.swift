import TerminalUI

/// A page of a list, as a service gives it.
struct ListPage<Row: Sendable>: Sendable {
    var rows: [Row]
    /// What asks for the next page.
    var next: String?

    init(_ rows: [Row], next: String? = nil) {
        self.rows = rows
        self.next = next
    }

    /// The rows of all pages: for whoever looks for one of them.
    static func all(
        _ context: ConsoleContext, _ read: @Sendable (_ after: String?, ConsoleContext) async throws -> ListPage
    ) async throws -> [Row] {
        var all = ListPage([])
        repeat {
            let page = try await read(all.next, context)
            all.rows += page.rows
            all.next = page.next
        } while all.next != nil && !Task.isCancelled
        return all.rows
    }
}

/// What a list says of its rows besides their names, where that takes a call for each.
struct ListDetails<Row: Sendable>: Sendable {
    let isRead: @Sendable (Row) -> Bool
    let read: @Sendable ([Row], ConsoleContext) async -> [Row]

    /// - Parameters:
    ///   - isRead: or whether reading it was tried in vain.
    ///   - each: reads one; a few are read at a time.
    init(
        isRead: @escaping @Sendable (Row) -> Bool, each: @escaping @Sendable (Row, ConsoleContext) async -> Row
    ) {
        self.isRead = isRead
        read = { rows, context in
            await withTaskGroup(of: (Int, Row).self) { group in
                var filled = rows
                func start(_ index: Int) {
                    let row = rows[index]
                    group.addTask { (index, await each(row, context)) }
                }
                var next = min(16, rows.count)
                for index in 0..<next { start(index) }
                for await (index, row) in group {
                    filled[index] = row
                    if next < rows.count, !Task.isCancelled {
                        start(next)
                        next += 1
                    }
                }
                return filled
            }
        }
    }
}

/// A list of resources: read page by page as one scrolls, its details filled in for what is in view, its rows acted upon.
///
/// A screen of such a list is a `ListScreen`.
struct ResourceList<Row: Identifiable & Sendable>: Sendable where Row.ID: Sendable {
    enum Message: Sendable {
        /// From the first row on.
        case listed(Result<ListPage<Row>, any Error>)
        /// Rows that follow those already there.
        case more(Result<ListPage<Row>, any Error>)
        /// Details of the rows that were at these positions.
        case filled([Int], [Row])
        /// What a long list shows, found elsewhere.
        case arranged(TableArrangement<Row>.Report?)
        case form(FormStep)
        case acted(BulkResult<Row>)
    }

    typealias Read = @Sendable (_ after: String?, ConsoleContext) async throws -> ListPage<Row>

    let title: String
    var table: Table<Row>
    private(set) var failure: String?
    private let read: Read
    private let details: ListDetails<Row>?
    private let order: (@Sendable (Row, Row) -> Bool)?
    /// What asks for the next page.
    private var next: String?
    private var isReading = false
    private var isFilling = false
    /// The last arrangement that was begun.
    private var arranging: Int?
    /// Rows whose details were read since the list was.
    private var fresh: Set<Row.ID> = []
    /// All rows before it have been read.
    private var firstUnread = 0

    /// How many rows are read before anybody has scrolled; a longer list goes on as one comes near its end.
    private static var firstRows: Int { 1000 }
    /// How near its end.
    private static var lead: Int { 200 }
    /// How many rows have their details read at once.
    private static var batch: Int { 200 }
    /// A list longer than this is not read anew whenever something changes, but with `r`.
    private static var longest: Int { 10_000 }

    /// - Parameters:
    ///   - order: of a list that was read whole; otherwise it stays as the service lists it.
    ///   - read: a page.
    init(
        _ title: String, _ table: Table<Row>, details: ListDetails<Row>? = nil,
        order: (@Sendable (Row, Row) -> Bool)? = nil, read: @escaping Read
    ) {
        self.title = title
        self.table = table
        self.table.arrangesElsewhere = true
        self.details = details
        self.order = order
        self.read = read
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .changed where table.totalCount > Self.longest:
            fresh = []
            return follow()
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action(let action):
            _ = table.perform(action)
            return follow()
        case .input(let input):
            _ = table.handle(input)
            return follow()
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .listed(.success(let page)):
            isReading = false
            failure = nil
            (fresh, firstUnread) = ([], 0)
            show(page)
            return follow()
        case .more(.success(let page)):
            isReading = false
            next = page.next
            table.append(page.rows)
            table.isPartial = next != nil
            return follow()
        case .listed(.failure(let error)), .more(.failure(let error)):
            isReading = false
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .filled(let positions, let rows):
            isFilling = false
            fresh.formUnion(rows.map(\.id))
            table.replace(at: positions, with: rows)
            return follow()
        case .arranged(let report):
            if let report { table.take(report) }
            return follow()
        case .form(let step): return step.effects { .form($0) } + (step.isDone ? [load()] : [])
        case .acted(let result):
            table.unmark(result.succeeded.map(\.id))
            return result.succeeded.isEmpty ? [] : [load()]
        }
    }

    private mutating func show(_ page: ListPage<Row>) {
        next = page.next
        var rows = page.rows
        if next == nil, let order { rows.sort(by: order) }
        if let details, let old = table.rows {
            // What is known stays until it is read again.
            let known = Dictionary(old.filter(details.isRead).map { ($0.id, $0) }, uniquingKeysWith: { $1 })
            if !known.isEmpty { rows = rows.map { details.isRead($0) ? $0 : known[$0.id] ?? $0 } }
        }
        table.rows = rows
        table.isPartial = next != nil
    }

    // MARK: Reading

    /// From the beginning, as far as it was read.
    mutating func load() -> Effect<Message> {
        isReading = true
        let (read, wanted) = (read, max(Self.firstRows, table.totalCount))
        return .work("load") { context in
            var all = ListPage<Row>([])
            repeat {
                let page = try await read(all.next, context)
                all.rows += page.rows
                all.next = page.next
            } while all.next != nil && all.rows.count < wanted && !Task.isCancelled
            return all
        } then: {
            .listed($0)
        }
    }

    /// Reads what is missing for what one looks at now.
    private mutating func follow() -> [Effect<Message>] { [arrange(), more(), fill()].compactMap { $0 } }

    private mutating func arrange() -> Effect<Message>? {
        guard let arrangement = table.arrangement, arrangement.number != arranging else { return nil }
        arranging = arrangement.number
        return .work(
            "arrange",
            reporting: { _, report in
                .arranged(arrangement.run { report(.arranged($0)) })
            })
    }

    /// Whoever filters, sorts or marks all means the whole list.
    private var wantsMore: Bool {
        table.isArranged || !table.marked.isEmpty || table.selectedIndex + Self.lead > table.totalCount
    }

    private mutating func more() -> Effect<Message>? {
        guard let next, !isReading, wantsMore else { return nil }
        isReading = true
        return .work("load") { [read] context in
            try await read(next, context)
        } then: {
            .more($0)
        }
    }

    /// What is in view first, then the rest of a list that is not too long, or that is sorted or filtered by it.
    private mutating func fill() -> Effect<Message>? {
        guard let details, let rows = table.rows, !rows.isEmpty, !isFilling else { return nil }
        var positions = table.positionsInView.filter { !fresh.contains(rows[$0].id) }
        if positions.isEmpty, rows.count <= Self.firstRows || table.isArranged {
            while firstUnread < rows.count, positions.count < Self.batch {
                let row = rows[firstUnread]
                if !details.isRead(row), !fresh.contains(row.id) { positions.append(firstUnread) }
                firstUnread += 1
            }
        }
        guard !positions.isEmpty else { return nil }
        isFilling = true
        let (wanted, places) = (positions.map { rows[$0] }, positions)
        return .work("details") { context in .filled(places, await details.read(wanted, context)) }
    }

    /// - Parameter note: what the title tells instead of the number of rows.
    func render(on surface: Surface, in frame: FrameContext, note: StyledLine? = nil) {
        let title = title.clippedInMiddle(to: max(12, surface.width - 20))
        let note = table.marked.isEmpty ? note ?? table.note(failure) : table.countNote
        table.showing(failure).render(
            on: surface.panel(title, focused: true, note: note), focused: frame.isInteractive)
    }
}
