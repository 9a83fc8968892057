import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Who listens to the topic.
struct TopicSubscriptionsTab: TopicTab {
    enum Message: Sendable {
        case loaded(Result<[SubscriptionReading], any Error>)
        case form(FormStep)
        case acted(BulkResult<SubscriptionReading>)
    }

    var topic: TopicReading?
    var isStale = false
    var failure: String?
    var filter = PayloadView(id: "filter")
    var table = Table<SubscriptionReading>(
        id: "subscriptions",
        columns: [
            TableColumn("Protocol", min: 8, ideal: 11, order: TableColumn.by { $0.kind }) { TableCell($0.kind, .dim) },
            TableColumn("Endpoint", min: 18, clipsMiddle: true, order: TableColumn.by { $0.target }) {
                TableCell($0.target)
            },
            TableColumn("State", min: 11, ideal: 11, order: TableColumn.by { $0.isPending ? 1 : 0 }) {
                if let replay = $0.replayStatus, replay != "Completed" { return .status(.running, "Replay") }
                return .status($0.mark, $0.isPending ? "Pending" : "Confirmed")
            },
            TableColumn("Filter", min: 10, ideal: 10) {
                TableCell($0.filterPolicy == nil ? "–" : $0.filtersBody ? "body" : "attributes", .dim)
            },
            TableColumn("Raw", min: 4, ideal: 5) { TableCell($0.isRaw ? "yes" : "no", .dim) },
            TableColumn("Dead letters", min: 12, clipsMiddle: true) {
                TableCell($0.deadLetterTarget.map { ResourceName.last(of: $0) } ?? "–", .dim)
            },
        ], empty: "Nobody listens to this topic. Press n to subscribe something.")

    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected.map { $0.isPending ? $0.endpoint : $0.arn } }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No subscription is selected")
        let confirmed = selected.map {
            Availability.when(!$0.isPending, otherwise: "It is pending: it can be changed once it is confirmed")
        }
        let pending = selected.map { Availability.when($0.isPending, otherwise: "It is confirmed already") }
        let archive: Availability =
            topic?.isFIFO == false
            ? .disabled("Only FIFO topics keep an archive")
            : .when((topic?.archiveDays ?? 0) > 0, otherwise: "The topic keeps no archive: switch it on in its details")
        let replayable = selected.map { $0.isPending ? Availability.disabled("It is pending") : archive }
        let link = selected.map {
            Availability.when(ResourceName($0.endpoint).address != nil, otherwise: "\($0.endpoint) has no screen")
        }
        return [
            .open(link ?? one),
            KeyBinding(
                ["n"], "subscribe", "create", help: "Subscribe something to this topic", menu: true,
                needs: [.changes]),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit its filter policy, raw delivery and dead letters",
                availability: confirmed ?? one, menu: true, needs: [.changes]),
            KeyBinding(
                ["c"], "confirm", "confirm", help: "Confirm it with the token it was sent",
                availability: pending ?? one, menu: true, needs: [.changes]),
            .why(one),
            KeyBinding(
                ["t"], "try filter", "filter", help: "Hold a message against its filter policy",
                availability: selected.map {
                    .when($0.filterPolicy != nil, otherwise: "It has no filter policy: it gets every message")
                } ?? one, prominence: .help, menu: true),
            KeyBinding(
                ["p"], "replay", "replay", help: "Get archived messages of the topic again",
                availability: replayable ?? one, prominence: .help, menu: true, needs: [.changes]),
            Self.deletion.binding(in: table),
        ] + Table<SubscriptionReading>.bindings
    }

    /// AWS: one that is pending cannot be deleted; it vanishes by itself.
    private static let deletion: BulkAction<SubscriptionReading> = {
        var action = BulkAction<SubscriptionReading>.delete(
            "subscription", question: .destructive, name: { $0.target },
            consequence: { "\($0.kind) \($0.target) hears no more of this topic" },
            availability: { .when(!$0.isPending, otherwise: "What is pending vanishes by itself after three days") },
            each: { _ = try await $1.aws.call(SNS.unsubscribe, .init(subscriptionArn: $0.arn)) })
        action.title = "unsubscribe"
        return action
    }()

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        defer { filter.set(table.selected?.filterPolicy ?? "") }
        switch event {
        case .appeared, .reappeared, .changed: return [load()].compactMap { $0 }
        case .action("open"):
            return table.selected.flatMap { ResourceName($0.endpoint).address }.map { [.open($0)] } ?? []
        case .action("create"): return topic.map { [Self.create($0)] } ?? []
        case .action("edit"): return table.selected.map { [Self.edit($0)] } ?? []
        case .action("confirm"): return table.selected.flatMap { row in topic.map { [Self.confirm(row, $0)] } } ?? []
        case .action("why"):
            guard let row = table.selected, let topic else { return [] }
            // One that is pending has no ARN to ask by; the topic explains it too.
            return [.push(WhyScreen(arn: row.isPending ? topic.arn : row.arn))]
        case .action("filter"):
            guard let row = table.selected, let policy = row.filterPolicy else { return [] }
            let purpose = PatternSandboxScreen.Purpose.filter(of: "Filter of \(row.target)")
            return [.push(PatternSandboxScreen(purpose, kind: row.filtersBody ? .body : .attributes, pattern: policy))]
        case .action("replay"):
            return table.selected.map { [Self.replay($0, since: topic?.attributes["BeginningArchiveTime"])] } ?? []
        case .action("delete"): return Self.deletion.effects(on: table.targets) { .acted($0) }
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .form(let step):
            isStale = step.isDone
            return step.effects { .form($0) }
        case .acted(let result):
            table.unmark(result.succeeded.map(\.id))
            isStale = true
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let showsFilter = table.selected?.filterPolicy != nil && surface.height >= 14
        let rows = surface.rows([.fill(), showsFilter ? .percent(40) : .fixed(0)])
        table.showing(failure).render(
            on: rows[0].panel("Subscriptions", focused: true, note: table.countNote), focused: frame.isInteractive)
        guard showsFilter, let row = table.selected else { return }
        let note = StyledLine(row.filtersBody ? "held against the body" : "held against the attributes", .dim)
        filter.render(on: rows[1].panel("Filter policy", note: note).inset(horizontally: 1), focused: false)
    }
}

extension TopicSubscriptionsTab {
    private func load() -> Effect<Message>? {
        guard let arn = topic?.arn else { return nil }
        return .work("subscriptions") { context in
            try await SubscriptionReading.list(arn, context)
        } then: {
            .loaded($0)
        }
    }

    private static func create(_ topic: TopicReading) -> Effect<Message> {
        FormTask.ask(SubscriptionForms.create(topic), { .form($0) }) { values, context in
            let input = SubscriptionForms.subscribeInput(values, topic.arn)
            _ = try await context.aws.call(SNS.subscribe, input)
            let isPending = ["http", "https", "email", "email-json"].contains(values["protocol"])
            let what = ResourceName(values["endpoint"]).name
            return .init(isPending ? "\(what) was asked to confirm" : "Subscribed \(what)")
        }
    }

    private static func edit(_ row: SubscriptionReading) -> Effect<Message> {
        FormTask.ask(SubscriptionForms.edit(row), { .form($0) }) { values, context in
            let changes = SubscriptionForms.changes(values, of: row)
            for change in changes {
                _ = try await context.aws.call(
                    SNS.setSubscriptionAttributes,
                    .init(subscriptionArn: row.arn, attributeName: change.name, attributeValue: change.value))
            }
            return .init(changes.isEmpty ? "Nothing was changed" : "Saved \(Quantity.count(changes.count, "setting"))")
        }
    }

    private static func replay(_ row: SubscriptionReading, since: String?) -> Effect<Message> {
        FormTask.ask(SubscriptionForms.replay(row, since: since), { .form($0) }) { values, context in
            _ = try await context.aws.call(
                SNS.setSubscriptionAttributes,
                .init(
                    subscriptionArn: row.arn, attributeName: "ReplayPolicy",
                    attributeValue: SubscriptionForms.replayPolicy(values)))
            return .init("\(row.target) gets archived messages again")
        }
    }

    private static func confirm(_ row: SubscriptionReading, _ topic: TopicReading) -> Effect<Message> {
        FormTask.ask(SubscriptionForms.confirm(row), { .form($0) }) { values, context in
            _ = try await context.aws.call(
                SNS.confirmSubscription,
                .init(
                    topicArn: topic.arn, token: SubscriptionForms.token(values["token"]),
                    authenticateOnUnsubscribe: values.isOn("authenticate") ? "true" : nil))
            return .init("Confirmed \(row.target)")
        }
    }
}
