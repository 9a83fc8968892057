import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One state machine: its executions, its definition as graph and text, its metrics, its settings.
struct MachineScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<MachineReading, any Error>)
        case metrics(MachineMetrics)
        case inputRead(Result<String, any Error>)
        case startRequested(FormValues)
        case started(Result<ExecutionStart.Outcome, any Error>)
        case filterChosen(ActionID)
        case stopConfirmed([String])
        case deleteConfirmed
        case acted(String, Result<Void, any Error>)
        case deleted(Result<Void, any Error>)
        case periodChosen(ActionID)
        /// Of a tab's own work.
        case tab(Int, any Sendable)
    }

    enum Tab: Int, Sendable {
        case executions, definition, aliases, versions, monitoring, logging, tags, mocks, details
    }

    let name: String
    var tabs = Tabs([
        "Executions", "Definition", "Aliases", "Versions", "Monitoring", "Logging", "Tags", "Mocks",
        "Details",
    ])
    /// Tabs that read what they show themselves.
    var panes: [Tab: any MachineTab] = [
        .aliases: MachineAliasesTab(), .versions: MachineVersionsTab(), .logging: MachineLoggingTab(),
        .tags: MachineTagsTab(), .mocks: MachineMocksTab(),
    ]
    var description: SFN.DescribeStateMachineOutput?
    var definition: StateMachineDefinition?
    var failure: String?
    var problem: String?
    var isPartial = false
    var statusFilter: String?
    /// Only executions that started within so many seconds.
    var period: Int?
    var executions = ExecutionRow.table()
    var pane = StateGraphPane(id: "machine.graph")
    var text = JSONViewer("", id: "machine.definition")
    var isTextFocused = false
    var folded: Set<String> = []
    var details = KeyValueList(id: "machine.details")
    var metrics: MachineMetrics?
    var window = MetricWindow()

    static let filters = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"]

    /// By name or ARN.
    init(name: String, tab: String? = nil) {
        self.name = name
        if let tab, let index = tabs.titles.firstIndex(where: { $0.lowercased() == tab.lowercased() }) {
            tabs.select(index)
        }
    }

    var tab: Tab { Tab(rawValue: tabs.selected) ?? .executions }
    var shortName: String { description?.name ?? StateMachineNames.machineName(name) }
    var crumbs: [String] { ["Step Functions", shortName, tabs.selectedTitle] }
    var title: String { shortName }
    var topics: Set<Topic> {
        tab == .monitoring ? [Topic("states/\(shortName)"), "cloudwatch"] : [Topic("states/\(shortName)")]
    }

    var capturesText: Bool {
        switch tab {
        case .executions: executions.capturesText
        case .definition: isTextFocused ? text.capturesText : pane.capturesText
        case .monitoring, .details: false
        case .aliases, .versions, .logging, .tags, .mocks: pane(tab)?.capturesText ?? false
        }
    }

    func pane(_ tab: Tab) -> (any MachineTab)? { panes[tab] }

    var handlesEscape: Bool {
        switch tab {
        case .executions: executions.handlesEscape
        case .definition: isTextFocused || pane.capturesText
        case .monitoring, .details: false
        case .aliases, .versions, .logging, .tags, .mocks: pane(tab)?.handlesEscape ?? false
        }
    }

    var copyText: String? {
        switch tab {
        case .executions: executions.selected?.arn ?? description?.stateMachineArn
        case .definition:
            isTextFocused ? text.selectedValue : pane.selectedID.flatMap { definition?.state($0)?.text } ?? text.text
        case .monitoring: description?.stateMachineArn
        case .aliases, .versions, .logging, .tags, .mocks: pane(tab)?.copyText ?? description?.stateMachineArn
        case .details: details.selected?.value ?? description?.stateMachineArn
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return [load()]
        case .reappeared, .changed:
            return [load(onlyRecent: !executions.isLoading && statusFilter == nil && period == nil)]
        case .action(let action): return perform(action)
        case .input(let input): return take(input)
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    func load(onlyRecent: Bool = false) -> Effect<Message> {
        let (name, status, period) = (description?.stateMachineArn ?? name, statusFilter, period)
        return .work("load") { context in
            try await MachineReading.read(name, status: status, period: period, onlyRecent: onlyRecent, context)
        } then: {
            .loaded($0)
        }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let reading)): return receive(reading)
        case .loaded(.failure(let error)):
            failure = error.sentence
            return description == nil ? [] : [.toast(error.sentence, .failed)]
        case .metrics(let new):
            metrics = new
            return []
        case .inputRead(.success(let input)):
            return [.form(StateMachineForms.start(machine: shortName, input: input)) { .startRequested($0) }]
        case .inputRead(.failure(let error)): return [.toast(error.sentence, .failed)]
        case .startRequested(let values):
            guard let description else { return [] }
            return [
                ExecutionStart.work(of: description.stateMachineArn, type: description.type, values) { .started($0) }
            ]
        case .started(let result): return ExecutionStart.effects(after: result, machine: shortName)
        case .filterChosen(let action):
            statusFilter = action.name == "all" ? nil : action.name
            executions.rows = nil
            return [load()]
        case .periodChosen(let action):
            period = Int(action.name)
            executions.rows = nil
            return [load()]
        case .tab(let index, let message):
            return Tab(rawValue: index).map { forward(.message(message), to: $0) } ?? []
        case .stopConfirmed(let arns):
            return [
                .work("stop") { context in
                    for arn in arns { _ = try await context.aws.call(SFN.stopExecution, .init(executionArn: arn)) }
                } then: {
                    .acted(arns.count == 1 ? "Stopped" : "Stopped \(arns.count) executions", $0)
                }
            ]
        case .deleteConfirmed:
            guard let arn = description?.stateMachineArn else { return [] }
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(SFN.deleteStateMachine, .init(stateMachineArn: arn))
                } then: {
                    .deleted($0)
                }
            ]
        case .acted(let done, .success):
            executions.clearMarks()
            return [.toast(done), load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        case .deleted(.success): return [.toast("Deleted \(shortName)"), .pop]
        case .deleted(.failure(let error)): return [.toast(error.sentence, .failed)]
        }
    }

    private mutating func receive(_ reading: MachineReading) -> [Effect<Message>] {
        failure = nil
        let old = description?.definition
        description = reading.description
        problem = reading.problem
        if !reading.isRecentOnly { isPartial = reading.isPartial }
        executions.rows =
            reading.isRecentOnly
            ? MachineReading.merge(reading.executions, with: executions.rows ?? []) : reading.executions
        executions.emptyText =
            reading.problem ?? statusFilter.map { "No execution is \($0). Press v to see others." }
            ?? period.map { _ in "No execution has started in that time. Press b to look further back." }
            ?? "No executions. Press e to start one."
        for tab in panes.keys { panes[tab]?.machine = reading.description }
        details.items = detailItems(reading.description)
        if old != reading.description.definition {
            text.set(reading.description.definition)
            definition = try? StateMachineDefinition(reading.description.definition)
            if pane.selectedID.flatMap({ definition?.state($0) }) == nil { pane.selectedID = definition?.startAt }
            refreshGraph()
        }
        if tab == .monitoring { return [loadMetrics()].compactMap { $0 } }
        return forward(.changed([]), to: tab)
    }

    /// Hands an event to a tab that is a screen of its own.
    mutating func forward(_ event: ScreenEvent<any Sendable>, to tab: Tab) -> [Effect<Message>] {
        guard var pane = panes[tab] else { return [] }
        let effects = pane.step(event).map { effect in effect.carried { Message.tab(tab.rawValue, $0) } }
        let isStale = pane.isStale
        pane.isStale = false
        panes[tab] = pane
        return isStale ? effects + [load()] : effects
    }

    mutating func refreshGraph() {
        if let definition { pane.graph = StateMachineDrawing(definition: definition, folded: folded).graph }
    }

    func loadMetrics() -> Effect<Message>? {
        guard let arn = description?.stateMachineArn else { return nil }
        let window = window
        return .work("metrics") { context in .metrics(await MachineMetrics.read(arn, window, context)) }
    }

    private func detailItems(_ description: SFN.DescribeStateMachineOutput) -> [KeyValue] {
        var items = [
            KeyValue("ARN", text: description.stateMachineArn),
            KeyValue("Type", text: description.type == "EXPRESS" ? "Express" : "Standard"),
            KeyValue(
                "Status",
                description.status == "DELETING"
                    ? StatusMark.waiting.line("Deleting") : StatusMark.enabled.line("Active")),
            KeyValue("Role", text: description.roleArn),
            KeyValue("Created", text: description.creationDate.iso8601()),
        ]
        if let revision = description.revisionId { items.append(KeyValue("Revision", text: revision)) }
        if let comment = definition?.comment ?? (try? StateMachineDefinition(description.definition))?.comment {
            items.append(KeyValue("Comment", text: comment))
        }
        if let encryption = description.encryptionConfiguration {
            items.append(
                KeyValue("Encryption", text: encryption.kmsKeyId.map { "\(encryption.type) \($0)" } ?? encryption.type))
        }
        return items
    }
}
