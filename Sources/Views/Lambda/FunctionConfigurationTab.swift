import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Configuration*: sections on the left, the settings of one on the right, each changed in place.
struct FunctionConfigurationTab: FunctionTab {
    enum Message: Sendable {
        case formReady(FunctionChange, Form)
        case queuesFound([String])
        case queueChosen(ActionID)
        case submitted(FunctionChange, Form, FormValues)
        case confirmed(FunctionChange)
        case changed(FunctionChange, Form?, FormValues, Result<Void, any Error>)
    }

    struct SectionRow: Identifiable, Sendable {
        var section: FunctionSection
        var summary: String
        var id: Int { section.rawValue }
    }

    var functionName: String
    var details: FunctionDetails?
    var sections = Table<SectionRow>(
        id: "configuration.sections",
        columns: [
            TableColumn("Section", min: 16) { TableCell($0.section.title) },
            TableColumn("", min: 4, ideal: 13, align: .right) { TableCell($0.summary, .dim) },
        ])
    var settings = FunctionSection.general.table
    /// The section whose columns the settings have.
    private var shownSection = FunctionSection.general
    /// 0 the sections, 1 the settings.
    var focus = 0

    init(functionName: String) {
        self.functionName = functionName
        sections.rows = FunctionSection.allCases.map { SectionRow(section: $0, summary: "…") }
    }

    var section: FunctionSection { sections.selected?.section ?? .general }
    var capturesText: Bool { focus == 1 && settings.capturesText }
    var handlesEscape: Bool { focus == 1 }
    var copyText: String? { focus == 1 ? settings.selected?.copy : nil }

    /// The id to explain: a trigger, else the function itself.
    var selectedMapping: String? { focus == 1 && section == .triggers ? settings.selected?.id : nil }

    mutating func select(_ section: FunctionSection) {
        sections.select(id: section.rawValue)
        focus = 1
        fillSettings()
    }

    private var canEdit: Availability {
        guard details != nil else { return .disabled("The function is still loading") }
        guard section.isEditable else {
            return .disabled("Add with n and remove with d; there is nothing to edit in place")
        }
        switch section {
        case .triggers, .environment, .tags:
            return .when(
                settings.selected != nil, otherwise: "Nothing is selected; n adds a \(section.addition ?? "row")")
        default: return .enabled
        }
    }

    /// The alias or version whose provisioned concurrency is selected.
    private var provisionedQualifier: String? {
        section == .concurrency ? FunctionSection.provisionedQualifier(settings.selected?.id) : nil
    }

    private var canAdd: Availability {
        guard section != .concurrency else {
            return .when(
                details?.unprovisioned.isEmpty == false,
                otherwise: "Publish a version or create an alias first: only they are provisioned")
        }
        return .when(
            section.addition != nil && details != nil,
            otherwise: "There is nothing to add to \(section.title.lowercased())")
    }

    private var canRemove: Availability {
        switch section {
        case .general: .disabled("General settings cannot be removed, only changed with e")
        case .concurrency:
            .when(
                provisionedQualifier != nil || details?.reservedConcurrency != nil,
                otherwise: "No concurrency is reserved")
        case .asynchronous: .when(details?.invokeConfig != nil, otherwise: "The defaults are in force")
        case .permissions where settings.selected?.isRemovable == false:
            .disabled("It belongs to the role: Enter opens it")
        default: .when(settings.selected != nil, otherwise: "Nothing is selected")
        }
    }

    var bindings: [KeyBinding] {
        let isTrigger = section == .triggers && settings.selected != nil
        var keys: [KeyBinding] = []
        if focus == 0 {
            keys.append(
                KeyBinding(["enter"], "settings", "configuration.enter", help: "Go to the settings of this section"))
        } else {
            let address = settings.selected?.neighbour?.address
            keys.append(
                KeyBinding(
                    ["enter"], address == nil ? "edit" : "open",
                    address == nil ? "configuration.edit" : "configuration.open",
                    help: address == nil ? "Change it" : "Open \(settings.selected?.neighbour?.name ?? "")",
                    availability: address == nil ? canEdit : .enabled, prominence: address == nil ? .help : .footer))
        }
        keys += [
            KeyBinding(
                ["e"], "edit", "configuration.edit", help: "Change \(section.title.lowercased())",
                availability: canEdit, menu: true, needs: [.changes]),
            KeyBinding(
                ["n"], "add", "configuration.add", help: section.addition.map { "Add a \($0)" } ?? "Add",
                availability: canAdd, menu: true, needs: [.changes]),
        ]
        if section == .triggers {
            let isOn = settings.selected?.isEnabled ?? true
            keys.append(
                KeyBinding(
                    ["x"], isOn ? "disable" : "enable", "configuration.toggle",
                    help: isOn ? "Stop polling" : "Poll again",
                    availability: .when(isTrigger, otherwise: "No trigger is selected"), menu: true, needs: [.changes]))
            keys.append(
                KeyBinding(
                    ["t"], "try filter", "configuration.filter",
                    help: "Hold a message against the trigger's filter: the clause that fails is named",
                    availability: .when(isTrigger, otherwise: "No trigger is selected"), prominence: .help, menu: true))
        }
        if section == .permissions {
            keys.append(
                KeyBinding(
                    ["p"], "policies", "configuration.policies",
                    help: "Read the policies of the function and of its role",
                    availability: .when(details != nil, otherwise: "The function is still loading"), menu: true))
        }
        keys += [
            KeyBinding(
                ["d"], isReset ? "reset" : "remove", "configuration.remove",
                help: removeHelp, availability: canRemove, menu: true, destructive: true),
            KeyBinding(["tab"], "Next pane", "configuration.next", prominence: .help),
            KeyBinding(["shift+tab"], "Previous pane", "configuration.next", prominence: .help),
        ]
        return keys + Table<SettingRow>.bindings
    }

    private var isReset: Bool {
        section == .asynchronous || (section == .concurrency && provisionedQualifier == nil)
    }

    private var removeHelp: String {
        switch section {
        case .concurrency where provisionedQualifier != nil: "Let the provisioned environments go"
        case .concurrency: "Give the reserved concurrency back"
        case .asynchronous: "Back to the defaults, without destinations"
        default: "Remove the selected \(section.addition ?? "setting")"
        }
    }

    mutating func show(_ details: FunctionDetails) {
        self.details = details
        sections.rows = FunctionSection.allCases.map { SectionRow(section: $0, summary: $0.summary(details)) }
        fillSettings()
    }

    private mutating func fillSettings() {
        if shownSection != section { settings = section.table }
        shownSection = section
        settings.rows = details.map { section.rows($0) }
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "configuration.enter": focus = 1
        case "configuration.next": focus = 1 - focus
        case "configuration.open": return settings.selected?.neighbour?.address.map { [.open($0)] } ?? []
        case "configuration.edit": return edit()
        case "configuration.add": return add()
        case "configuration.remove": return remove()
        case "configuration.policies":
            return [.push(FunctionPoliciesScreen(function: functionName, role: details?.configuration.role ?? ""))]
        case "configuration.filter":
            guard let mapping = details?.mappings.first(where: { $0.uuid == settings.selected?.id }) else { return [] }
            let filters = (mapping.filterCriteria?.filters ?? []).compactMap(\.pattern)
            return [
                .push(
                    PatternSandboxScreen(
                        .filter(of: "Mapping to \(functionName)"), kind: .record, pattern: filters.first))
            ]
        case "configuration.toggle":
            guard let row = settings.selected else { return [] }
            return [change(.setTrigger(row.id, isEnabled: !row.isEnabled), form: nil, values: FormValues())]
        default:
            if focus == 0, sections.perform(action) { fillSettings() } else { _ = settings.perform(action) }
        }
        return []
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        if case .mouse(let hit) = input, hit.event.kind == .press {
            if hit.region == "configuration.sections" { focus = 0 }
            if hit.region == "configuration.settings" { focus = 1 }
        }
        if focus == 0 {
            _ = sections.handle(input)
            fillSettings()
        } else if !settings.handle(input), input == .key(.escape) {
            focus = 0
        }
        return []
    }

    // MARK: Changes

    private func form(_ change: FunctionChange, _ form: Form) -> Effect<FunctionMessage> {
        .form(form) { .configuration(.submitted(change, form, $0)) }
    }

    private func edit() -> Effects {
        guard let details, canEdit.isEnabled else { return [] }
        switch section {
        case .general: return [form(.general, FunctionForms.general(details.configuration))]
        case .concurrency where provisionedQualifier != nil:
            let qualifier = provisionedQualifier ?? ""
            let config = details.provisioned.first { ResourceName.last(of: $0.functionArn ?? "") == qualifier }
            return [
                form(
                    .provision(qualifier),
                    FunctionForms.provisioned(
                        qualifier, requested: config?.requestedProvisionedConcurrentExecutions, choices: []))
            ]
        case .concurrency: return [form(.concurrency, FunctionForms.concurrency(details.reservedConcurrency))]
        case .asynchronous:
            return [
                form(
                    .asynchronous,
                    FunctionForms.asynchronous(
                        details.invokeConfig, deadLetter: details.configuration.deadLetterConfig?.targetArn))
            ]
        case .triggers:
            guard let mapping = details.mappings.first(where: { $0.uuid == settings.selected?.id }),
                let id = mapping.uuid
            else { return [] }
            return [form(.trigger(id), FunctionForms.editTrigger(mapping))]
        case .environment, .tags:
            guard let row = settings.selected else { return [] }
            let isVariable = section == .environment
            let title = isVariable ? "Environment variable" : "Tag"
            return [
                form(
                    isVariable ? .variable(replacing: row.id) : .tag(replacing: row.id),
                    FunctionForms.pair(title, name: row.id, value: row.copy, isVariable: isVariable, isNew: false))
            ]
        case .permissions, .layers: return []
        }
    }

    func add() -> Effects {
        switch section {
        case .environment:
            return [
                form(
                    .variable(replacing: nil),
                    FunctionForms.pair("Add environment variable", isVariable: true, isNew: true))
            ]
        case .tags: return [form(.tag(replacing: nil), FunctionForms.pair("Add tag", isVariable: false, isNew: true))]
        case .permissions: return [form(.permission, FunctionForms.permission())]
        case .triggers:
            return [
                .work("configuration.queues") { context in
                    let urls = try? await context.aws.call(SQS.listQueues, .init(maxResults: 1000)).queueUrls
                    // AWS: a queue's ARN has the account and name of its URL; its region is the function's.
                    return .configuration(
                        .queuesFound((urls ?? []).compactMap { Self.queueARN($0, like: details?.arn) }))
                }
            ]
        case .layers:
            return [
                .work("configuration.layers") { context in
                    let layers = try? await context.aws.call(Lambda.listLayers, .init()).layers
                    return .configuration(
                        .formReady(
                            .addLayer,
                            FunctionForms.layer(
                                known: (layers ?? []).compactMap { $0.latestMatchingVersion?.layerVersionArn })))
                }
            ]
        case .concurrency:
            guard canAdd.isEnabled else { return [] }
            return [
                form(
                    .provision(nil),
                    FunctionForms.provisioned(nil, requested: nil, choices: details?.unprovisioned ?? []))
            ]
        case .general, .asynchronous: return []
        }
    }

    static func queueARN(_ url: String, like function: String?) -> String? {
        let parts = url.split(separator: "/")
        guard parts.count >= 2, let name = parts.last, let function = function.flatMap({ ARN($0) }) else { return nil }
        return ARN(
            partition: function.partition, service: "sqs", region: function.region,
            accountID: String(parts[parts.count - 2]), resource: String(name)
        ).description
    }

    private func remove() -> Effects {
        guard canRemove.isEnabled else { return [] }
        func ask(_ dialog: Dialog, _ change: FunctionChange) -> Effects {
            [.confirm(dialog, then: .configuration(.confirmed(change)))]
        }
        switch section {
        case .concurrency where provisionedQualifier != nil:
            let qualifier = provisionedQualifier ?? ""
            return ask(
                .delete(
                    "the provisioned concurrency of \(qualifier)",
                    consequences: ["Invocations of \(qualifier) may start cold again"]),
                .remove(.concurrency, [qualifier]))
        case .concurrency:
            return ask(
                Dialog(
                    "Give back the reserved concurrency?",
                    consequences: ["\(functionName) shares the account's unreserved concurrency"], confirm: "Give back",
                    destructive: true), .unreserve)
        case .asynchronous:
            return ask(
                Dialog(
                    "Reset asynchronous invocation?",
                    consequences: ["2 retries, 6 h, no destinations; the dead-letter queue stays"], confirm: "Reset",
                    destructive: true), .resetAsynchronous)
        case .general: return []
        case .triggers, .permissions, .environment, .tags, .layers:
            let rows = settings.targets
            guard let first = rows.first, let kind = section.addition else { return [] }
            let what =
                rows.count == 1 ? "\(kind) \(first.name.text)" : "\(rows.count) of its \(section.title.lowercased())"
            let lines = rows.map { [$0.name.text, $0.note.text].filter { !$0.isEmpty }.joined(separator: ": ") }
            return ask(.delete(what, consequences: lines), .remove(section, rows.map(\.id)))
        }
    }

    private func change(_ change: FunctionChange, form: Form?, values: FormValues) -> Effect<FunctionMessage> {
        let details = details ?? FunctionDetails(configuration: .init(functionName: functionName))
        return .work("configuration.change") { context in
            try await change.apply(values, to: details, context.aws)
        } then: {
            .configuration(.changed(change, form, values, $0))
        }
    }

    mutating func receive(_ message: Message) -> Effects {
        switch message {
        case .formReady(let change, let form): return [self.form(change, form)]
        case .queuesFound(let queues):
            guard queues.count > 1 else { return [form(.addTrigger, FunctionForms.addTrigger(queue: queues.first))] }
            let taken = Set((details?.mappings ?? []).compactMap(\.eventSourceArn))
            let items = queues.map { arn in
                MenuItem(
                    ActionID(arn), ResourceName(arn).name,
                    availability: .when(!taken.contains(arn), otherwise: "already a trigger"))
            }
            return [
                .menu(
                    Menu("Which queue triggers \(functionName)?", items + [MenuItem("", "Another queue, by its ARN")])
                ) { .configuration(.queueChosen($0)) }
            ]
        case .queueChosen(let arn): return [form(.addTrigger, FunctionForms.addTrigger(queue: arn.name))]
        case .submitted(let change, let form, let values): return [self.change(change, form: form, values: values)]
        case .confirmed(let change): return [self.change(change, form: nil, values: FormValues())]
        case .changed(let change, _, _, .success):
            settings.clearMarks()
            return [.toast(change.sentence)]
        case .changed(let change, .some(let form), let values, .failure(let error)):
            return [self.form(change, form.filled(with: values, failure: error.sentence))]
        case .changed(_, nil, _, .failure(let error)): return [.toast(error.sentence, .failed)]
        }
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let isInteractive = frame.isInteractive
        let parts = surface.columns([.fixed(surface.width >= 100 ? 36 : 22), .fill()])
        sections.render(
            on: parts[0].panel("Sections", focused: isInteractive && focus == 0), focused: isInteractive && focus == 0)
        var note: StyledLine?
        if let addition = section.addition {
            note = [Span("n", .key), Span(" add \(addition)", .dim)]
        } else {
            note = [Span("e", .key), Span(" edit", .dim)]
        }
        let inside = parts[1].panel(section.title, focused: isInteractive && focus == 1, note: note)
        let below = (section == .permissions ? roleLines(width: inside.width) : []) + wholeValue(width: inside.width)
        let rows = inside.rows([.fill(), .fixed(below.count)])
        settings.render(on: rows[0], focused: isInteractive && focus == 1)
        for (row, line) in below.enumerated() { rows[1].write(line, x: 2, y: row) }
    }

    /// The selected value in full, where its column may have cut it.
    private func wholeValue(width: Int) -> [StyledLine] {
        guard focus == 1, let row = settings.selected else { return [] }
        let text = section == .triggers ? row.note.text : row.copy
        guard text.columns > (section == .triggers ? 24 : 14) else { return [] }
        let lines = TextWrapping.wrap(text, to: max(10, width - 4))
        let shown = lines.prefix(5).map { StyledLine($0) }
        return [StyledLine("")] + shown
            + (lines.count > 5 ? [StyledLine("… \(lines.count - 5) more lines: e shows all, y copies", .dim)] : [])
    }

    /// What the function itself may do: its role and that role's policies.
    private func roleLines(width: Int) -> [StyledLine] {
        guard let details else { return [] }
        let role = ResourceName(details.configuration.role ?? "").name
        var lines: [StyledLine] = [StyledLine(""), [Span("Execution role  ", .heading), Span(role)]]
        let policies = details.rolePolicies.isEmpty ? "no policies found" : details.rolePolicies.joined(separator: ", ")
        for (index, line) in TextWrapping.wrap(policies, to: max(10, width - 20)).prefix(3).enumerated() {
            lines.append([Span(index == 0 ? "Policies        " : "                ", .heading), Span(line, .dim)])
        }
        return lines
    }
}
