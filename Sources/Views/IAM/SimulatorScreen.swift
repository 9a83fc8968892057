import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// May somebody do this? The policies' answer, and the text of the statement that decided.
struct SimulatorScreen: Screen {
    enum Message: Sendable {
        case simulated(Result<([SimulatedCall], [HeldPolicy]), any Error>)
    }

    enum Field: String, CaseIterable, Hashable, Sendable {
        case principal = "Principal", actions = "Actions", resources = "Resources", context = "Context"
    }

    var editors: [Field: TextEditor]
    var focus = Field.actions
    var isEditing = true
    var policies: [HeldPolicy] = []
    var failure: String?
    var viewer = TextViewer(id: "statement")
    var table = Table<SimulatedCall>(
        id: "calls",
        columns: [
            TableColumn("Action", min: 16, order: TableColumn.by { $0.action }) { TableCell($0.action) },
            TableColumn("Decision", min: 13, ideal: 13, order: TableColumn.by { $0.word }) {
                .status($0.mark, $0.word)
            },
            TableColumn("Decided by", min: 14, ideal: 22) { TableCell($0.reason, .dim) },
            TableColumn("Resource", min: 8, ideal: 24, clipsMiddle: true) { TableCell($0.resource, .faint) },
        ], empty: "Name a user or role and some actions.")

    init(principal: String) {
        editors = [
            .principal: TextEditor(principal), .actions: TextEditor("sqs:SendMessage\nlambda:InvokeFunction"),
            .resources: TextEditor(""), .context: TextEditor(""),
        ]
        if principal.isEmpty {
            focus = .principal
            table.rows = []
        }
    }

    private func text(_ field: Field) -> String { editors[field]?.text ?? "" }
    private var question: SimulatedCall.Question? {
        .init(
            principal: text(.principal), actions: text(.actions), resources: text(.resources), context: text(.context))
    }

    var crumbs: [String] { ["IAM", "Policy simulator"] }
    var topics: Set<Topic> { ["iam"] }
    var capturesText: Bool { isEditing || table.capturesText }
    var handlesEscape: Bool { isEditing || table.handlesEscape }
    var copyText: String? { viewer.text.isEmpty ? nil : viewer.text }

    var bindings: [KeyBinding] {
        let ready = Availability.when(question != nil, otherwise: "Name a user's or role's ARN and an action")
        let run = KeyBinding(
            ["ctrl+s", "f5"], "simulate", "run", help: "Ask the policies", availability: ready, menu: true)
        if isEditing { return [run, KeyBinding(["tab"], "next field", "field", help: "The next field")] }
        let policy = selectedPolicy
        return [
            run, KeyBinding(["e", "i"], "edit", "edit", help: "Back to the question"),
            KeyBinding(
                ["enter"], "open policy", "open", help: "Open the deciding policy",
                availability: policy?.arn == nil
                    ? .disabled(policy == nil ? "No policy decided" : "An inline policy has no page of its own")
                    : .enabled),
        ] + Table<SimulatedCall>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("run"): return simulate()
        case .action("field"):
            let all = Field.allCases
            focus = all[((all.firstIndex(of: focus) ?? 0) + 1) % all.count]
        case .action("edit"): isEditing = true
        case .action("open"): return selectedPolicy?.arn.map { [.open("iam.policy", $0)] } ?? []
        case .action(let action):
            _ = table.perform(action)
            showStatement()
        case .input(let input):
            let before = question
            take(input)
            showStatement()
            return question != before ? simulate() : []
        case .message(.simulated(.success(let (calls, policies)))):
            failure = nil
            self.policies = policies
            table.rows = calls
            showStatement()
        case .message(.simulated(.failure(let error))):
            failure = error.sentence
            table.rows = []
            showStatement()
        case .tick: break
        }
        return []
    }

    private func simulate() -> [Effect<Message>] {
        guard let question else { return [] }
        return [
            .work("simulate") { context in
                try await SimulatedCall.simulate(question, context.aws)
            } then: {
                .simulated($0.map { ($0.calls, $0.policies) })
            }
        ]
    }

    private mutating func take(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if let field = Field.allCases.first(where: { "simulator.\($0)" == region }) {
                (focus, isEditing) = (field, true)
            }
            if region == "calls" { isEditing = false }
        }
        guard isEditing else {
            _ = table.handle(input)
            return
        }
        switch input {
        case .key(.escape): isEditing = false
        case .key(.tab), .key(.backTab):
            let all = Field.allCases
            let step = input == .key(.tab) ? 1 : all.count - 1
            focus = all[((all.firstIndex(of: focus) ?? 0) + step) % all.count]
        default: _ = editors[focus]?.handle(input)
        }
    }

    // MARK: The deciding statement

    private func policy(_ decider: SimulatedCall.Decider) -> HeldPolicy? {
        policies.first { $0.sourceID == decider.sourceID }
    }

    private var selectedPolicy: HeldPolicy? { table.selected?.deciders.first.flatMap(policy) }

    private mutating func showStatement() {
        guard let call = table.selected else { return viewer.setLines([]) }
        var lines: [StyledLine] = [call.mark.line("\(call.word): \(call.action) on \(call.resource)")]
        if call.isWithinBoundary == false {
            lines.append(StyledLine("The permissions boundary does not allow it.", .warning))
        }
        if !call.missing.isEmpty {
            lines.append(
                StyledLine("Conditions ask for \(call.missing.joined(separator: ", ")): see Context.", .warning))
        }
        if call.deciders.isEmpty {
            lines.append(StyledLine("No statement of these policies allows it:", .dim))
            for policy in policies { lines.append(StyledLine("  \(policy.name)  \(policy.form.rawValue)", .faint)) }
            if policies.isEmpty { lines.append(StyledLine("  it has none at all", .faint)) }
        }
        var seen: [String] = []
        for decider in call.deciders where !seen.contains(decider.sourceID) {
            seen.append(decider.sourceID)
            guard let policy = policy(decider) else {
                lines.append(StyledLine("Policy \(decider.sourceID)", .dim))
                continue
            }
            let places = call.deciders.filter { $0.sourceID == decider.sourceID }.compactMap {
                PolicyText.statement(in: policy.text, from: $0.start, to: $0.end)
            }
            lines.append(StyledLine(""))
            lines.append([
                Span(policy.name, Style(.heading, .bold)),
                Span("  \(policy.via.map { "of group \($0)" } ?? policy.form.rawValue)", .dim),
            ])
            lines += PolicyText.lines(policy.text, deciding: Set(places))
        }
        viewer.setLines(lines)
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let isWide = surface.width >= 100
        let parts = isWide ? surface.columns([.percent(38), .fill()]) : surface.rows([.fixed(8), .fill()])
        if isWide {
            let fields = parts[0].rows([.fixed(4), .fill(), .fixed(6), .fixed(6)])
            for (field, area) in zip(Field.allCases, fields) { draw(field, on: area) }
        } else {
            let fields = parts[0].rows([.fixed(3), .fill()])
            draw(.principal, on: fields[0])
            for (field, area) in zip(Field.allCases.dropFirst(), fields[1].columns([.fill(), .fill(), .fill()])) {
                draw(field, on: area)
            }
        }
        let rows = parts[1].rows([.percent(isWide ? 35 : 40), .fill()])
        table.showing(failure).render(
            on: rows[0].panel("Decisions", focused: !isEditing, note: table.countNote),
            focused: !isEditing && frame.isInteractive)
        viewer.render(on: rows[1].panel("What decides").inset(horizontally: 1), focused: false)
    }

    private func draw(_ field: Field, on surface: Surface) {
        let isFocused = isEditing && focus == field
        let inside = surface.panel(field.rawValue, focused: isFocused)
        inside.region("simulator.\(field)")
        editors[field]?.render(on: inside, focused: isFocused, id: "simulator.\(field)")
    }
}
