import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A message held against the filter policies of all subscriptions, without publishing it.
struct TopicFilterTab: TopicTab {
    enum Message: Sendable {
        case judged(Result<[Row], any Error>)
    }

    enum Field: CaseIterable, Hashable, Sendable { case body, attributes }

    struct Row: Identifiable, Hashable, Sendable {
        var subscription: SubscriptionReading
        var verdict: FilterVerdict
        var id: String { subscription.id }

        var mark: StatusMark {
            switch verdict.outcome {
            case .unfiltered, .matches: .succeeded
            case .fails: .failed
            case .pending: .waiting
            case .unknown: .unknown
            }
        }

        var word: String {
            switch verdict.outcome {
            case .unfiltered: "No filter"
            case .matches: "Matches"
            case .fails: "Filtered"
            case .pending: "Pending"
            case .unknown: "Unknown"
            }
        }

        /// The clauses that fail, by name; or why nothing is told.
        var reason: String {
            switch verdict.outcome {
            case .unknown(let reason): reason
            case .pending: "nothing is delivered before it is confirmed"
            default:
                verdict.explanation.map { found in
                    found.failing.isEmpty ? found.reason ?? "" : found.failing.map(\.path).joined(separator: ", ")
                } ?? ""
            }
        }
    }

    var topic: TopicReading?
    var isStale = false
    var isEditing = true
    var focus = Field.body
    var body = TextEditor("{\n  \n}", language: .json)
    var attributes = TextEditor("")
    var failure: String?
    var table = Table<Row>(
        id: "verdicts",
        columns: [
            TableColumn("Subscription", min: 16, clipsMiddle: true) { TableCell($0.subscription.target) },
            TableColumn("Result", min: 11, ideal: 11, order: TableColumn.by { $0.word }) { .status($0.mark, $0.word) },
            TableColumn("Failed clauses", min: 14) { TableCell($0.reason, .dim) },
            TableColumn("Protocol", min: 8, ideal: 10) { TableCell($0.subscription.kind, .dim) },
        ], empty: "Nobody listens to this topic.")

    var topics: Set<Topic> { ["sns"] }
    var capturesText: Bool { isEditing || table.capturesText }
    var handlesEscape: Bool { isEditing || table.handlesEscape }
    var copyText: String? { table.selected?.subscription.arn }

    var problem: String? { MessageAttributeLines.problem(attributes.text) }

    var bindings: [KeyBinding] {
        let ready = Availability.when(problem == nil, otherwise: problem ?? "")
        let test = KeyBinding(
            ["ctrl+s", "f5"], "test", "test", help: "Hold the message against every filter policy", availability: ready,
            menu: true)
        if isEditing { return [test] }
        return [test, KeyBinding(["enter", "e", "i"], "edit", "edit", help: "Back to the message")]
            + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared:
            isEditing = true
            return judge()
        case .changed, .action("test"): return judge()
        // Elsewhere each clause is a call of its own: only when asked to.
        case .input(let input):
            let before = (body.text, attributes.text)
            take(input)
            return topic?.hasEngine == true && before != (body.text, attributes.text) ? judge(table.rows) : []
        case .action("edit"): isEditing = true
        case .action(let action): _ = table.perform(action)
        case .message(.judged(.success(let rows))):
            failure = nil
            table.rows = rows
        case .message(.judged(.failure(let error))): failure = error.sentence
        default: break
        }
        return []
    }

    /// - Parameter known: the subscriptions as last read; nil reads them anew.
    private func judge(_ known: [Row]? = nil) -> [Effect<Message>] {
        guard let arn = topic?.arn, problem == nil else { return [] }
        let sample = FilterVerdict.Sample(body: body.text, attributes: MessageAttributeLines.values(attributes.text))
        return [
            .work("judge") { context in
                var rows: [Row] = []
                var subscriptions = known?.map(\.subscription) ?? []
                if known == nil { subscriptions = try await SubscriptionReading.list(arn, context) }
                for subscription in subscriptions {
                    let verdict = await FilterVerdict.judge(subscription, sample, context)
                    rows.append(Row(subscription: subscription, verdict: verdict))
                }
                return rows
            } then: {
                .judged($0)
            }
        ]
    }

    private mutating func take(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if let field = Field.allCases.first(where: { "filter.\($0)" == region }) {
                (focus, isEditing) = (field, true)
            }
            if region == "verdicts" { isEditing = false }
        }
        guard isEditing else {
            _ = table.handle(input)
            return
        }
        switch input {
        case .key(.escape): isEditing = false
        case .key(.tab), .key(.backTab): focus = focus == .body ? .attributes : .body
        default:
            if focus == .body { _ = body.handle(input) } else { _ = attributes.handle(input) }
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 100
        let parts = isWide ? surface.columns([.percent(42), .fill()]) : surface.rows([.fixed(8), .fill()])
        let inputs = isWide ? parts[0].rows([.fill(), .fixed(9)]) : parts[0].columns([.fill(), .percent(50)])
        draw(body, .body, "Message", nil, on: inputs[0])
        let note = StyledLine(problem ?? "NAME TYPE VALUE", problem == nil ? .faint : .warning)
        draw(attributes, .attributes, "Attributes", note, on: inputs[1])
        let selected = table.selected
        let explanation = selected?.verdict.explanation
        let count = explanation?.clauses.count ?? 0
        let rows = parts[1].rows([.fill(), .fixed(count == 0 ? 0 : min(count + 2, parts[1].height / 2))])
        table.showing(failure).render(
            on: rows[0].panel("Who would get it", focused: !isEditing, note: table.countNote),
            focused: !isEditing && frame.isInteractive)
        guard let selected, let explanation, count > 0 else { return }
        PatternVerdictView.render(
            explanation, on: rows[1].panel("Filter policy of \(selected.subscription.target)"))
    }

    private func draw(_ editor: TextEditor, _ field: Field, _ title: String, _ note: StyledLine?, on surface: Surface) {
        let isFocused = isEditing && focus == field
        let inside =
            note.map { surface.panel(title, focused: isFocused, note: $0) } ?? surface.panel(title, focused: isFocused)
        inside.region("filter.\(field)")
        editor.render(on: inside, focused: isFocused, id: "filter.\(field)")
    }
}
