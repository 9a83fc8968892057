import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A function: its overview diagram and tabs.
struct FunctionScreen: Screen {
    typealias Message = FunctionMessage

    enum Tab: Int, CaseIterable, Sendable {
        case overview, code, test, monitor, configuration, aliases, versions

        var title: String {
            switch self {
            case .overview: "Overview"
            case .code: "Code"
            case .test: "Test"
            case .monitor: "Monitor"
            case .configuration: "Configuration"
            case .aliases: "Aliases"
            case .versions: "Versions"
            }
        }
    }

    let name: String
    var tabs: Tabs
    var details: FunctionDetails?
    var failure: String?
    var diagram = FunctionDiagram()
    var isDiagramFocused = true
    var facts = KeyValueList(id: "function.facts")
    var code: FunctionCodeTab
    var test: FunctionTestTab
    var monitor: FunctionMonitorTab
    var configuration: FunctionConfigurationTab
    var aliases: FunctionAliasesTab
    var versions: FunctionVersionsTab
    /// How large the screen last was: a tall one shows the diagram above every tab.
    let measure = Viewport()

    /// `name` may be an ARN; `tab` a title's beginning, such as `conf`.
    init(name: String, tab: String? = nil) {
        let plain = name.hasPrefix("arn:") ? ResourceName(name).unqualifiedName : name
        self.name = plain
        let wanted = tab.map { $0.lowercased() }
        let index =
            Tab.allCases.firstIndex { tab in wanted.map { !$0.isEmpty && tab.title.lowercased().hasPrefix($0) } ?? false
            } ?? 0
        tabs = Tabs(Tab.allCases.map(\.title), selected: index, id: "function.tabs")
        isDiagramFocused = index == 0
        code = FunctionCodeTab(functionName: plain)
        test = FunctionTestTab(functionName: plain)
        monitor = FunctionMonitorTab(functionName: plain)
        configuration = FunctionConfigurationTab(functionName: plain)
        aliases = FunctionAliasesTab(functionName: plain)
        versions = FunctionVersionsTab(functionName: plain)
    }

    var tab: Tab { Tab(rawValue: tabs.selected) ?? .overview }

    /// The state behind the tab that is shown; nil for the overview, which is the screen's own.
    var current: (any FunctionTab)? {
        switch tab {
        case .overview: nil
        case .code: code
        case .test: test
        case .monitor: monitor
        case .configuration: configuration
        case .aliases: aliases
        case .versions: versions
        }
    }

    /// Rows from which the diagram stands above every tab.
    static let tallHeight = 34
    var isTall: Bool { measure.height >= Self.tallHeight }

    var crumbs: [String] { ["Lambda", name, tab.title] }
    var title: String { name }

    var topics: Set<Topic> {
        var topics: Set<Topic> = [Topic("lambda/\(name)")]
        if tab == .monitor { topics.insert(Topic("logs/\(monitor.logGroup)")) }
        return topics
    }

    var capturesText: Bool { !isDiagramFocused && (current?.capturesText ?? false) }
    var handlesEscape: Bool { tab == .overview ? false : isDiagramFocused || (current?.handlesEscape ?? false) }
    /// Where no engine tells of changes, a state on its way to another is asked for again.
    private var awaitsState: Bool {
        guard let details, !details.hasEngine else { return false }
        let isChanging =
            details.configuration.state == "Pending" || details.configuration.lastUpdateStatus == "InProgress"
        return isChanging || details.mappings.contains { $0.state != "Enabled" && $0.state != "Disabled" }
    }

    var tickInterval: Duration? { current?.tickInterval ?? (awaitsState ? .seconds(3) : nil) }

    var copyText: String? {
        if tab == .overview, !isDiagramFocused { return facts.selected?.value }
        if isDiagramFocused { return details?.arn }
        return current?.copyText ?? details?.arn
    }

    var bindings: [KeyBinding] {
        // What is typed is text: only the keys that still act are listed.
        if capturesText {
            return (current?.bindings ?? []).compactMap { binding in
                var binding = binding
                binding.keys.removeAll { $0.typed != nil || $0.code == .enter || $0.code == .tab }
                return binding.keys.isEmpty ? nil : binding
            }
        }
        let isKnown = Availability.when(details != nil, otherwise: failure ?? "The function is still loading")
        let engine = Availability.when(details?.hasEngine ?? true, otherwise: FunctionCodeTab.engineOnly)
        var own: [KeyBinding] = []
        if isDiagramFocused {
            own +=
                [
                    KeyBinding(
                        ["enter"], "open", "overview.open", help: "Open the selected box",
                        availability: openAvailability),
                    KeyBinding(["tab", "shift+tab"], "Next pane", "overview.next", prominence: .help),
                ] + FunctionDiagram.bindings
        } else if tab == .overview {
            own +=
                [KeyBinding(["tab", "shift+tab"], "Next pane", "overview.next", prominence: .help)]
                + KeyValueList.bindings
        }
        if !isDiagramFocused { own += current?.bindings ?? [] }
        if tab == .overview {
            own.append(KeyBinding(["i"], "test", "screen.test", help: "Test it", availability: isKnown, menu: true))
        }
        own += [
            .why(isKnown.isEnabled ? engine : isKnown),
            .trace(isKnown.isEnabled ? engine : isKnown),
            KeyBinding(["L"], "logs", "screen.logs", help: "Tail its log", menu: tab != .monitor),
            KeyBinding(["o"], "overview", "screen.overview", help: "Go to the overview diagram", prominence: .help),
            KeyBinding(
                ["X"], "delete function", "screen.delete", help: "Delete the function", availability: isKnown,
                prominence: .help, menu: true, destructive: true),
            .refresh,
        ]
        return own + tabs.bindings
    }

    private var openAvailability: Availability {
        switch diagram.target {
        case nil: .disabled("The function is still loading")
        case .nowhere(let reason): .disabled(reason)
        default: .enabled
        }
    }

    // MARK: Update

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .action("refresh"): return [load()] + (current?.load() ?? [])
        case .changed: return [load()] + (current?.refresh() ?? [])
        case .action(let action): return perform(action)
        case .input(let input): return handle(input)
        case .message(let message): return receive(message)
        case .tick: return withCurrent { $0.tick() } + (awaitsState && current?.tickInterval == nil ? [load()] : [])
        }
    }

    func load() -> Effect<Message> {
        let name = name
        return .work("load") { context in
            try await FunctionDetails.load(name, context)
        } then: {
            .loaded($0)
        }
    }

    /// Lets the shown tab change itself.
    mutating func withCurrent(_ change: (inout any FunctionTab) -> [Effect<Message>]) -> [Effect<Message>] {
        guard var tab = current else { return [] }
        let effects = change(&tab)
        switch tab {
        case let tab as FunctionCodeTab: code = tab
        case let tab as FunctionTestTab: test = tab
        case let tab as FunctionMonitorTab: monitor = tab
        case let tab as FunctionConfigurationTab: configuration = tab
        case let tab as FunctionAliasesTab: aliases = tab
        case let tab as FunctionVersionsTab: versions = tab
        default: break
        }
        return effects
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        if tabs.perform(action) { return show() }
        switch action.name {
        case "why": return [explain()]
        case "trace": return [trace()]
        case "screen.logs": return [.open("logs.tail", monitor.logGroup)]
        case "screen.test": return show(.test)
        case "screen.delete":
            let triggers = details?.mappings.count ?? 0
            let versions = details?.publishedVersions.count ?? 0
            var lines = [
                "its code, configuration, \(versions) published versions and \(details?.aliasCount ?? "aliases")"
            ]
            if triggers > 0 { lines.append("\(triggers) trigger\(triggers == 1 ? "" : "s") will fail to deliver") }
            return [
                .confirm(.delete("function \(name)", consequences: lines, typeToConfirm: name), then: .deleteConfirmed)
            ]
        case "screen.overview":
            isDiagramFocused = true
            return isTall ? [] : show(.overview)
        case "overview.open": return openSelected()
        case "overview.next":
            isDiagramFocused.toggle()
            return []
        default: break
        }
        if isDiagramFocused, diagram.perform(action) { return [] }
        if tab == .overview {
            _ = facts.perform(action)
            return []
        }
        return withCurrent { $0.perform(action) }
    }

    private mutating func show(_ tab: Tab? = nil) -> [Effect<Message>] {
        if let tab { tabs.select(tab.rawValue) }
        isDiagramFocused = self.tab == .overview
        return current?.load() ?? []
    }

    private mutating func openSelected() -> [Effect<Message>] {
        switch diagram.target {
        case .open(let address): return [.open(address)]
        case .configuration(let section):
            configuration.select(section)
            return show(.configuration)
        case .addTrigger:
            configuration.select(.triggers)
            return show(.configuration) + configuration.add()
        case .editDestinations:
            configuration.select(.asynchronous)
            return show(.configuration) + configuration.perform("configuration.edit")
        case .nowhere(let reason): return [.toast(reason, .disabled)]
        case nil: return []
        }
    }

    private mutating func handle(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input {
            if tabs.handle(input) { return show() }
            if diagram.handle(hit) {
                isDiagramFocused = true
                return hit.event.kind == .doublePress ? openSelected() : []
            }
            if hit.event.kind == .press { isDiagramFocused = false }
        }
        if isDiagramFocused, tab != .overview {
            if input == .key(.escape) { isDiagramFocused = false }
            return []
        }
        if tab == .overview {
            _ = facts.handle(input)
            return []
        }
        return withCurrent { $0.handle(input) }
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let details)):
            let isNewCode = tab == .code && code.digest != nil && code.digest != details.configuration.codeSha256
            take(details)
            return isNewCode ? code.load() : []
        case .loaded(.failure(let error)):
            failure = error.sentence
            return details == nil ? [] : [.toast(error.sentence, .failed)]
        case .traced(.success(let trace)):
            return trace.map { [.open("timeline", $0)] } ?? [
                .toast("No trace of \(name) is on the timeline yet; invoke it first", .unknown)
            ]
        case .traced(.failure(let error)), .deleted(.failure(let error)):
            return [.toast(error.sentence, .failed)]
        case .deleteConfirmed:
            return [
                .work("delete") { [name] context in
                    _ = try await context.aws.call(Lambda.deleteFunction, .init(functionName: name))
                } then: {
                    .deleted($0)
                }
            ]
        case .deleted(.success): return [.toast("Deleted \(name)"), .pop]
        case .code(let message): return code.receive(message)
        case .test(let message): return test.receive(message)
        case .monitor(let message): return monitor.receive(message)
        case .configuration(let message):
            let effects = configuration.receive(message)
            if case .changed(_, _, _, .success) = message { return effects + [load()] }
            return effects
        case .aliases(let message):
            let effects = aliases.receive(message)
            switch message {
            case .changed(_, _, _, _, .success), .deleted: return effects + [load()]
            default: return effects
            }
        case .versions(let message):
            let effects = versions.receive(message)
            switch message {
            case .published(_, .success), .deleted: return effects + [load()]
            default: return effects
            }
        }
    }

    mutating func take(_ new: FunctionDetails) {
        failure = nil
        details = new
        diagram.content = FunctionGraph(new)
        facts.items = FunctionFacts.items(new)
        code.show(new)
        test.show(new)
        monitor.show(new)
        configuration.show(new)
        aliases.show(new)
        versions.show(new)
    }

    /// Of the selected trigger, else of the function.
    private func explain() -> Effect<Message> {
        let id = tab == .configuration ? configuration.selectedMapping : nil
        let mapping = id.flatMap { id in details?.mappings.first { $0.uuid == id }?.eventSourceMappingArn }
        return .push(WhyScreen(arn: mapping ?? details?.arn ?? name))
    }

    private func trace() -> Effect<Message> {
        let arn = details?.arn ?? name
        return .work("trace") { context in
            let events =
                try await context.aws.call(
                    Skua.listTimeline,
                    .init(maxResults: 200, resourceArn: arn, kinds: ["invocation", "delivery"])
                ).events ?? []
            return events.max { ($0.id ?? 0) < ($1.id ?? 0) }?.traceId
        } then: {
            .traced($0)
        }
    }
}
