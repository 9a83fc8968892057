import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Who listens to the topic.
struct TopicSubscriptionsTab: TopicTab {
    enum Message: Sendable {
        case loaded(Result<[SubscriptionReading], any Error>)
        case createRequested(FormValues)
        case created(Result<String, any Error>, FormValues)
        case edited(SubscriptionReading, FormValues)
        case saved(SubscriptionReading, FormValues, Result<Int, any Error>)
        case confirmRequested(SubscriptionReading, FormValues)
        case confirmed(SubscriptionReading, FormValues, Result<Void, any Error>)
        case replayRequested(SubscriptionReading, FormValues)
        case replayed(SubscriptionReading, FormValues, Result<Void, any Error>)
        case deleteConfirmed([SubscriptionReading])
        case acted(String, Result<Void, any Error>)
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
        let why = topic?.hasEngine == false ? Availability.disabled("Only Skua's own engine offers this") : one
        return [
            .open(link ?? one),
            KeyBinding(["n"], "subscribe", "create", help: "Subscribe something to this topic", menu: true),
            KeyBinding(
                ["e"], "edit", "edit", help: "Edit its filter policy, raw delivery and dead letters",
                availability: confirmed ?? one, menu: true),
            KeyBinding(
                ["c"], "confirm", "confirm", help: "Confirm it with the token it was sent",
                availability: pending ?? one, menu: true),
            .why(why),
            KeyBinding(
                ["t"], "try filter", "filter", help: "Hold a message against its filter policy",
                availability: selected.map {
                    .when($0.filterPolicy != nil, otherwise: "It has no filter policy: it gets every message")
                } ?? one, prominence: .help, menu: true),
            KeyBinding(
                ["p"], "replay", "replay", help: "Get archived messages of the topic again",
                availability: replayable ?? one, prominence: .help, menu: true),
            KeyBinding(
                ["d"], "unsubscribe", "delete", help: "Delete the subscriptions marked, or the selected one",
                availability: confirmed ?? one, menu: true, destructive: true),
        ] + Table<SubscriptionReading>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        defer { filter.set(table.selected?.filterPolicy ?? "") }
        switch event {
        case .appeared, .reappeared, .changed: return [load()].compactMap { $0 }
        case .action("open"):
            return table.selected.flatMap { ResourceName($0.endpoint).address }.map { [.open($0)] } ?? []
        case .action("create"):
            return topic.map { [.form(SubscriptionForms.create($0)) { .createRequested($0) }] } ?? []
        case .action("edit"):
            return table.selected.map { row in [.form(SubscriptionForms.edit(row)) { .edited(row, $0) }] } ?? []
        case .action("confirm"):
            return table.selected.map { row in
                [.form(SubscriptionForms.confirm(row)) { .confirmRequested(row, $0) }]
            } ?? []
        case .action("why"):
            guard let row = table.selected, let topic else { return [] }
            // One that is pending has no ARN to ask by; the topic explains it too.
            return [.push(WhyScreen(arn: row.isPending ? topic.arn : row.arn))]
        case .action("filter"):
            guard let row = table.selected, let policy = row.filterPolicy else { return [] }
            let purpose = PatternSandboxScreen.Purpose.filter(of: "Filter of \(row.target)")
            return [.push(PatternSandboxScreen(purpose, kind: row.filtersBody ? .body : .attributes, pattern: policy))]
        case .action("replay"):
            let since = topic?.attributes["BeginningArchiveTime"]
            return table.selected.map { row in
                [.form(SubscriptionForms.replay(row, since: since)) { .replayRequested(row, $0) }]
            } ?? []
        case .action("delete"): return confirmDelete()
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private func confirmDelete() -> [Effect<Message>] {
        // AWS: one that is pending cannot be deleted; it vanishes by itself.
        let targets = table.targets.filter { !$0.isPending }
        guard !targets.isEmpty else { return [.toast("What is pending vanishes by itself after three days", .warning)] }
        let what = targets.count == 1 ? "subscription \(targets[0].target)" : "\(targets.count) subscriptions"
        return [
            .confirm(
                .delete(what, consequences: targets.map { "\($0.kind) \($0.target) hears no more of this topic" }),
                then: .deleteConfirmed(targets))
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .createRequested(let values): return [create(values)].compactMap { $0 }
        case .created(.success(let arn), let values):
            isStale = true
            let isPending = ["http", "https", "email", "email-json"].contains(values["protocol"])
            let what = ResourceName(values["endpoint"]).name
            return [
                .toast(
                    isPending ? "\(what) was asked to confirm" : "Subscribed \(what)",
                    arn.isEmpty ? .warning : .succeeded
                )
            ]
        case .created(.failure(let error), let values):
            guard let topic else { return [] }
            return [
                .form(SubscriptionForms.create(topic).filled(with: values, failure: error.sentence)) {
                    .createRequested($0)
                }
            ]
        case .edited(let row, let values): return [save(values, of: row)]
        case .saved(_, _, .success(0)): return [.toast("Nothing was changed", .unknown)]
        case .saved(_, _, .success(let count)):
            return [.toast("Saved \(Quantity.count(count, "setting"))")] + [load()].compactMap { $0 }
        case .saved(let row, let values, .failure(let error)):
            return [
                .form(SubscriptionForms.edit(row).filled(with: values, failure: error.sentence)) { .edited(row, $0) }
            ] + [load()].compactMap { $0 }
        case .confirmRequested(let row, let values): return [confirm(row, values)].compactMap { $0 }
        case .confirmed(let row, _, .success):
            isStale = true
            return [.toast("Confirmed \(row.target)")]
        case .confirmed(let row, let values, .failure(let error)):
            return [
                .form(SubscriptionForms.confirm(row).filled(with: values, failure: error.sentence)) {
                    .confirmRequested(row, $0)
                }
            ]
        case .replayRequested(let row, let values): return [replay(row, values)]
        case .replayed(let row, _, .success):
            return [.toast("\(row.target) gets archived messages again", .running)] + [load()].compactMap { $0 }
        case .replayed(let row, let values, .failure(let error)):
            let form = SubscriptionForms.replay(row, since: nil).filled(with: values, failure: error.sentence)
            return [.form(form) { .replayRequested(row, $0) }]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows {
                        _ = try await context.aws.call(SNS.unsubscribe, .init(subscriptionArn: row.arn))
                    }
                } then: {
                    .acted("Deleted \(Quantity.count(rows.count, "subscription"))", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            isStale = true
            return [.toast(done)]
        case .acted(_, .failure(let error)):
            isStale = true
            return [.toast(error.sentence, .failed)]
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

    private func create(_ values: FormValues) -> Effect<Message>? {
        guard let arn = topic?.arn else { return nil }
        return .work("subscribe") { context in
            let input = SubscriptionForms.subscribeInput(values, arn)
            return try await context.aws.call(SNS.subscribe, input).subscriptionArn ?? ""
        } then: {
            .created($0, values)
        }
    }

    private func save(_ values: FormValues, of row: SubscriptionReading) -> Effect<Message> {
        let changes = SubscriptionForms.changes(values, of: row)
        return .work("save") { context in
            for change in changes {
                _ = try await context.aws.call(
                    SNS.setSubscriptionAttributes,
                    .init(subscriptionArn: row.arn, attributeName: change.name, attributeValue: change.value))
            }
            return changes.count
        } then: {
            .saved(row, values, $0)
        }
    }

    private func replay(_ row: SubscriptionReading, _ values: FormValues) -> Effect<Message> {
        let policy = SubscriptionForms.replayPolicy(values)
        return .work("replay") { context in
            _ = try await context.aws.call(
                SNS.setSubscriptionAttributes,
                .init(subscriptionArn: row.arn, attributeName: "ReplayPolicy", attributeValue: policy))
        } then: {
            .replayed(row, values, $0)
        }
    }

    private func confirm(_ row: SubscriptionReading, _ values: FormValues) -> Effect<Message>? {
        guard let arn = topic?.arn else { return nil }
        return .work("confirm") { context in
            _ = try await context.aws.call(
                SNS.confirmSubscription,
                .init(
                    topicArn: arn, token: SubscriptionForms.token(values["token"]),
                    authenticateOnUnsubscribe: values.isOn("authenticate") ? "true" : nil))
        } then: {
            .confirmed(row, values, $0)
        }
    }
}
