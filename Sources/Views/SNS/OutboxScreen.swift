import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Mails, texts and pushes that would have left for people, to be read like mail: the list, and the selected one below it.
struct OutboxScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<Page, any Error>)
        case read(String, Result<String, any Error>)
        case kindChosen(ActionID)
        case confirmed(Result<Void, any Error>)
        case noEngine
    }

    struct Page: Sendable {
        var mails: [OutboxMail]
        var total: Int
    }

    private static let pageSize = 500

    var table = Table<OutboxMail>(
        id: "outbox",
        columns: [
            TableColumn("Sent", min: 8, ideal: 8) { TableCell(ElapsedTime.clock($0.sentAt), .dim) },
            TableColumn("As", min: 5, ideal: 10, order: TableColumn.by { $0.kindWord }) {
                TableCell($0.kindWord, .dim)
            },
            TableColumn("To", min: 14, ideal: 26, clipsMiddle: true, order: TableColumn.by { $0.recipient }) {
                TableCell($0.recipient, .link)
            },
            TableColumn("Message", min: 24) { TableCell($0.summary) },
        ],
        empty:
            "No mail, text or push yet. Subscribe an address or a number to a topic: what it gets is read here, none is sent."
    )
    var viewer = {
        var viewer = TextViewer("", id: "outbox.text")
        viewer.breaksAtWords = true
        return viewer
    }()
    /// The text of the message with this id is shown.
    private var shownID: String?
    private var total = 0
    var kind: String?
    var isReading = false
    var failure: String?
    var hasEngine = true

    var crumbs: [String] { ["SNS", "Outbox"] }
    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { isReading ? viewer.capturesText : table.capturesText }
    var handlesEscape: Bool { isReading || table.handlesEscape || kind != nil }
    var copyText: String? { shownID == nil ? table.selected?.recipient : viewer.text }

    var bindings: [KeyBinding] {
        guard hasEngine else { return [] }
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No message is selected")
        let confirm =
            selected.map {
                Availability.when($0.token != nil, otherwise: "It does not ask for a confirmation")
            } ?? one
        let topic = selected.map { Availability.when($0.topicARN != nil, otherwise: "It came from no topic") } ?? one
        return [
            KeyBinding(
                ["enter"], isReading ? "list" : "read", "read",
                help: isReading ? "Back to the list" : "Read all of it", availability: one),
            KeyBinding(
                ["c"], "confirm", "confirm", help: "Confirm the subscription, as its link would", availability: confirm,
                menu: true, needs: [.changes]),
            KeyBinding(["t"], "topic", "topic", help: "Open the topic it came from", availability: topic, menu: true),
            KeyBinding(
                ["f"], kind == nil ? "only…" : "all", "kind", help: "Show mails, texts or pushes only, or all again",
                menu: true),
            .refresh,
        ] + (isReading ? TextViewer.bindings : Table<OutboxMail>.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("read"):
            isReading.toggle()
            return []
        case .action("confirm"): return confirm()
        case .action("topic"): return table.selected?.topicARN.map { [.open("sns.topic", $0)] } ?? []
        case .action("kind"):
            guard kind == nil else { return show(nil) }
            let kinds = [("email", "Mails"), ("email-json", "Mails as JSON"), ("sms", "Texts"), ("push", "Pushes")]
            return [.menu(Menu("Show only", kinds.map { MenuItem(ActionID($0.0), $0.1) })) { .kindChosen($0) }]
        case .action(let action):
            if isReading { _ = viewer.perform(action) } else { _ = table.perform(action) }
            return readSelected()
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if isReading {
            if viewer.handle(input) { return [] }
            if input == .key(.escape) { isReading = false }
            return []
        }
        if input == .key(.escape), !table.handlesEscape { return show(nil) }
        _ = table.handle(input)
        return readSelected()
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let page)):
            failure = nil
            total = page.total
            let isAtTop = table.selectedIndex == 0 && !isReading
            table.rows = page.mails
            if isAtTop { table.select(index: 0) }
            return readSelected()
        case .loaded(.failure(let error)): failure = error.sentence
        case .read(let id, .success(let text)):
            shownID = id
            viewer.setLines(
                text.split(separator: "\n", omittingEmptySubsequences: false).map { StyledLine(String($0)) })
        case .read(_, .failure(let error)): return [.toast(error.sentence, .failed)]
        case .kindChosen(let id): return show(id.name)
        case .confirmed(.success): return [.toast("Confirmed: messages are delivered from now on"), load()]
        case .confirmed(.failure(let error)): return [.toast(error.sentence, .failed)]
        case .noEngine: hasEngine = false
        }
        return []
    }

    private mutating func show(_ new: String?) -> [Effect<Message>] {
        kind = new
        table.rows = nil
        return [load()]
    }

    private func load() -> Effect<Message> {
        let input = Skua.ListOutboxMessagesRequest(kind: kind, maxResults: Self.pageSize)
        return .work("outbox") { context in
            guard context.capabilities.hasEngine else { return .noEngine }
            do {
                let page = try await context.aws.call(Skua.listOutboxMessages, input)
                return .loaded(.success(Page(mails: page.messages.map(OutboxMail.init), total: page.total)))
            } catch {
                return .loaded(.failure(error))
            }
        }
    }

    /// The text of the selected one, unless it is shown already.
    private mutating func readSelected() -> [Effect<Message>] {
        guard let id = table.selected?.id else {
            shownID = nil
            return []
        }
        guard id != shownID else { return [] }
        return [
            .work("text") { context in
                try await context.aws.call(Skua.getOutboxMessage, .init(id: id)).body
            } then: {
                .read(id, $0)
            }
        ]
    }

    private func confirm() -> [Effect<Message>] {
        guard let mail = table.selected, let token = mail.token, let topic = mail.topicARN else { return [] }
        return [
            .work("confirm") { context in
                _ = try await context.aws.call(SNS.confirmSubscription, .init(topicArn: topic, token: token))
            } then: {
                .confirmed($0)
            }
        ]
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        guard hasEngine else {
            let inside = surface.panel("Outbox", focused: true)
            inside.write(
                "Only Skua's own engine keeps an outbox: elsewhere mails and texts are really sent.", x: 0,
                y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        if isReading { return renderMail(on: surface, isFocused: frame.isInteractive) }
        let isWide = surface.width >= 130
        let parts =
            table.selected == nil
            ? [surface]
            : isWide ? surface.columns([.percent(55), .fill()]) : surface.rows([.fill(), .percent(48)])
        let note =
            total > Self.pageSize
            ? StyledLine("\(table.totalCount.grouped) of \(total.grouped)", .dim) : table.countNote
        table.showing(failure).render(
            on: parts[0].panel(kind == nil ? "Outbox" : "Outbox: \(kind ?? "")", focused: true, note: note),
            focused: frame.isInteractive)
        if parts.count > 1 { renderMail(on: parts[1], isFocused: false) }
    }

    private func renderMail(on surface: Surface, isFocused: Bool) {
        guard let mail = table.selected else { return }
        let inside = surface.panel(mail.subject.isEmpty ? mail.kindWord : mail.subject, focused: isFocused)
        let headers = mail.headers
        for (row, header) in headers.enumerated() {
            inside.write(header.0, x: 1, y: row, Style(.dim))
            inside.write(
                header.1.clipped(to: inside.width - 11), x: 10, y: row, Style(header.0 == "To" ? .link : .text))
        }
        inside.horizontalLine(y: headers.count, from: 1, to: inside.width - 2)
        let top = headers.count + 1
        guard inside.height > top, shownID == mail.id else { return }
        viewer.render(
            on: inside.part(Rect(x: 1, y: top, width: inside.width - 2, height: inside.height - top)),
            focused: isFocused)
    }
}
