import AWSClient
import AWSTypes
import TerminalUI

/// The keys of a state machine.
extension MachineScreen {
    var bindings: [KeyBinding] {
        let loaded = Availability.when(description != nil, otherwise: failure ?? "The state machine is being loaded")
        var list: [KeyBinding] = []
        switch tab {
        case .executions:
            let one = Availability.when(executions.selected != nil, otherwise: "No execution is selected")
            let running = executions.targets.contains { $0.status == "RUNNING" }
            list =
                [
                    .open(one),
                    .why(one),
                    startBinding(loaded),
                    KeyBinding(
                        ["v"], statusFilter ?? "all statuses", "filter", help: "Show only executions of one status"),
                    KeyBinding(
                        ["b"], periodTitle, "period", help: "Show only executions started lately"),
                    KeyBinding(
                        ["n"], "same input", "again", help: "Start an execution with the input of the selected one",
                        availability: one, prominence: .help, menu: true, needs: [.changes]),
                    KeyBinding(
                        ["x"], "stop", "stop", help: "Stop what is marked or selected",
                        availability: .when(running, otherwise: "The execution has ended"),
                        prominence: running ? .footer : .help, menu: true, destructive: true, needs: [.changes]),
                ] + Table<ExecutionRow>.bindings
        case .definition:
            list = [
                KeyBinding(
                    ["E"], "edit", "edit", help: "Edit the definition, with a live graph", availability: loaded,
                    menu: true), startBinding(loaded),
            ]
            list.append(
                KeyBinding(
                    ["X"], "test state", "test", help: "Try the selected state with any input, without an execution",
                    availability: loaded, menu: true))
            list.append(
                KeyBinding(
                    ["tab", "shift+tab"], isTextFocused ? "graph" : "text", "pane", help: "Between graph and text"))
            if isTextFocused {
                list += JSONViewer.bindings
            } else {
                let canFold = pane.selectedID.flatMap { definition?.state($0) }?.isContainer ?? false
                list.append(
                    KeyBinding(
                        ["z"], "fold", "fold", help: "Close or open the Map or Parallel state",
                        availability: .when(canFold, otherwise: "Only Map and Parallel states fold"),
                        prominence: canFold ? .footer : .help))
                list += pane.bindings
            }
        case .monitoring:
            list = [
                KeyBinding(["+", "="], "longer", "range.longer", help: "A longer range"),
                KeyBinding(["-"], "shorter", "range.shorter", help: "A shorter range"),
                startBinding(loaded),
            ]
        case .aliases, .versions, .logging, .tags, .mocks: list = pane(tab)?.bindings ?? []
        case .details:
            list = [
                KeyBinding.open(
                    .when(
                        details.selected.flatMap { ResourceName($0.value).address } != nil,
                        otherwise: "This value has no screen of its own")), startBinding(loaded),
            ]
            list += KeyValueList.bindings
        }
        list.append(
            KeyBinding(
                ["D"], "delete machine", "delete", help: "Delete the state machine", availability: loaded,
                prominence: .help,
                menu: true, destructive: true))
        return list + [.refresh] + tabs.bindings
    }

    var periodTitle: String {
        MachineForms.periods.first { $0.seconds == period }?.title.lowercased() ?? "any time"
    }

    private func startBinding(_ availability: Availability) -> KeyBinding {
        KeyBinding(
            ["e"], "start execution", "start", help: "Start an execution", availability: availability, menu: true,
            needs: [.changes])
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        if tabs.perform(action) { return afterTabChange() }
        if panes[tab] != nil, action != "delete", action != "refresh" { return forward(.action(action), to: tab) }
        switch action.name {
        case "period":
            let items = MachineForms.periods.map { MenuItem(ActionID($0.id), $0.title) }
            return [.menu(Menu("Executions started", items)) { .periodChosen($0) }]
        case "open":
            if tab == .details {
                return details.selected.flatMap { ResourceName($0.value).address }.map { [.open($0)] } ?? []
            }
            return executions.selected.map { [.open("states.execution", $0.arn)] } ?? []
        case "start": return [.form(StateMachineForms.start(machine: shortName, input: "{}")) { .startRequested($0) }]
        case "again":
            guard let arn = executions.selected?.arn else { return [] }
            return [
                .work("input") { context in
                    try await context.aws.call(SFN.describeExecution, .init(executionArn: arn)).input ?? "{}"
                } then: {
                    .inputRead($0)
                }
            ]
        case "why":
            guard let row = executions.selected else { return [] }
            return [
                .push(
                    WhyScreen(
                        crumbs: ["Step Functions", shortName, row.name, "Why?"], subject: row.name,
                        topics: [Topic("states/\(shortName)/\(row.name)")]
                    ) { try await ExecutionLoading.reasons(row.arn, $0) })
            ]
        case "filter":
            let items = [MenuItem("all", "All statuses")] + Self.filters.map { MenuItem(ActionID($0), $0) }
            return [.menu(Menu("Executions to show", items)) { .filterChosen($0) }]
        case "stop":
            let targets = executions.targets.filter { $0.status == "RUNNING" }
            guard let first = targets.first else { return [] }
            let what = targets.count == 1 ? "execution \(first.name)" : "\(targets.count) executions"
            return [
                .confirm(
                    Dialog(
                        "Stop \(what)?", message: "They end as ABORTED.", consequences: targets.map(\.name),
                        confirm: "Stop", destructive: true), then: .stopConfirmed(targets.map(\.arn)))
            ]
        case "delete":
            let running = (executions.rows ?? []).count { $0.status == "RUNNING" }
            return [
                .confirm(
                    .delete(
                        "state machine \(shortName)",
                        consequences: [
                            "\(running) running executions are stopped", "the history of all its executions",
                        ], typeToConfirm: shortName), then: .deleteConfirmed)
            ]
        case "edit":
            guard let description else { return [] }
            return [
                .push(
                    DefinitionEditorScreen(
                        .update(arn: description.stateMachineArn, type: description.type), text: description.definition)
                )
            ]
        case "test":
            guard let description else { return [] }
            let state = pane.selectedID.flatMap { definition?.state($0)?.name } ?? definition?.startAt ?? ""
            let setup = StateTestSetup(definition: description.definition, state: state, role: description.roleArn)
            return [.push(StateTestScreen(machine: shortName, setup: setup, texts: StateTestTexts()))]
        case "pane": isTextFocused.toggle()
        case "fold":
            if let id = pane.selectedID, folded.remove(id) == nil { folded.insert(id) }
            refreshGraph()
        case "range.longer", "range.shorter":
            window.widen(action.name == "range.longer" ? 1 : -1)
            return [loadMetrics()].compactMap { $0 }
        case "refresh": return [load()]
        default: performInWidget(action)
        }
        return []
    }

    private mutating func performInWidget(_ action: ActionID) {
        switch tab {
        case .executions: _ = executions.perform(action)
        case .definition: _ = isTextFocused ? text.perform(action) : pane.perform(action)
        case .details: _ = details.perform(action)
        case .monitoring, .aliases, .versions, .logging, .tags, .mocks: break
        }
    }

    private mutating func afterTabChange() -> [Effect<Message>] {
        if tab == .monitoring { return [loadMetrics()].compactMap { $0 } }
        return description == nil ? [] : forward(.appeared, to: tab)
    }

    mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input {
            if tabs.handle(input) { return afterTabChange() }
            if hit.event.kind == .press, let region = hit.region {
                if region == pane.regionID { isTextFocused = false }
                if region == text.id { isTextFocused = true }
            }
        }
        if panes[tab] != nil { return forward(.input(input), to: tab) }
        switch tab {
        case .executions:
            if !executions.handle(input), case .mouse(let hit) = input, hit.event.kind == .doublePress,
                let row = executions.selected
            {
                return [.open("states.execution", row.arn)]
            }
        case .definition:
            if isTextFocused {
                if !text.handle(input), input == .key(.escape) { isTextFocused = false }
            } else {
                _ = pane.handle(input)
            }
        case .details: _ = details.handle(input)
        case .monitoring, .aliases, .versions, .logging, .tags, .mocks: break
        }
        return []
    }
}
