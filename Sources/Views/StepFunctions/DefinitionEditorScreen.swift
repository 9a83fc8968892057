import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A definition being written: its graph beside it as it is typed, what is wrong below, `^S` to save.
struct DefinitionEditorScreen: Screen {
    enum Purpose: Hashable, Sendable {
        case create(name: String, type: String, role: String)
        case update(arn: String, type: String)
    }

    enum Message: Sendable {
        case validated([DefinitionFinding], isAvailable: Bool)
        case saved(Result<String, any Error>)
        case leaveConfirmed
    }

    let purpose: Purpose
    private let original: String
    var editor: TextEditor
    var pane = StateGraphPane(id: "editor.graph")
    /// The last text that could be read, so that the graph stays while a comma is missing.
    private(set) var definition: StateMachineDefinition?
    private var shapeFindings: [DefinitionFinding] = []
    private var serviceFindings: [DefinitionFinding] = []
    private var isChecking = false
    private var canValidate = true
    private var isSaving = false
    var isGraphFocused = false

    init(_ purpose: Purpose, text: String) {
        self.purpose = purpose
        original = text
        editor = TextEditor(text, language: .json)
        read()
    }

    private var name: String {
        switch purpose {
        case .create(let name, _, _): name
        case .update(let arn, _): StateMachineNames.machineName(arn)
        }
    }

    private var type: String {
        switch purpose {
        case .create(_, let type, _), .update(_, let type): type
        }
    }

    private var isNew: Bool { if case .create = purpose { true } else { false } }
    private var isChanged: Bool { isNew || editor.text != original }

    var crumbs: [String] { ["Step Functions", name, isNew ? "Create" : "Edit definition"] }
    var capturesText: Bool { !isGraphFocused }
    var handlesEscape: Bool { true }
    var copyText: String? { editor.selectedText ?? editor.text }
    var findings: [DefinitionFinding] { serviceFindings.isEmpty ? shapeFindings : serviceFindings }

    var bindings: [KeyBinding] {
        let error = editor.error.map { "Line \($0.line), column \($0.column): \($0.message)" }
        let save: Availability =
            if let error { .disabled(error) } else if isSaving { .disabled("It is being saved") } else {
                .when(isChanged, otherwise: "Nothing was changed")
            }
        return [
            KeyBinding(
                ["ctrl+s"], isNew ? "create" : "save", "save",
                help: isNew ? "Create the state machine" : "Save the definition", availability: save, menu: true),
            KeyBinding(
                ["f2", "ctrl+g"], isGraphFocused ? "to the text" : "to the graph", "pane",
                help: "Between text and graph"),
            KeyBinding(
                ["ctrl+l"], "format", "format", help: "Lay the JSON out anew",
                availability: editor.error == nil ? .enabled : .disabled(error ?? "")),
        ] + (isGraphFocused ? StateGraphPane.bindings : [])
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return [validate()]
        case .input(.key(.escape)):
            if isGraphFocused {
                isGraphFocused = false
                return []
            }
            guard editor.text != original else { return [.pop] }
            return [
                .confirm(
                    Dialog(
                        "Leave without saving?", message: "What you have written is lost.", confirm: "Leave",
                        destructive: true), then: .leaveConfirmed)
            ]
        case .input(let input): return take(input)
        case .action("save"): return save()
        case .action("pane"):
            isGraphFocused.toggle()
            return []
        case .action("format"):
            if let value = try? JSONReader.parse(editor.text) { editor.text = JSONWriter.string(value, pretty: true) }
            return []
        case .action(let action):
            _ = pane.perform(action)
            return []
        case .message(.validated(let findings, let isAvailable)):
            (serviceFindings, canValidate, isChecking) = (findings, isAvailable, false)
            return []
        case .message(.saved(.success(let arn))):
            let saved = StateMachineNames.machineName(arn)
            return isNew
                ? [.toast("Created \(saved)"), .replace(MachineScreen(name: arn))] : [.toast("Saved \(saved)"), .pop]
        case .message(.saved(.failure(let error))):
            isSaving = false
            return [.toast(error.sentence, .failed)]
        case .message(.leaveConfirmed): return [.pop]
        case .reappeared, .changed, .tick: return []
        }
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if case .mouse(let hit) = input, hit.event.kind == .press { isGraphFocused = hit.region == pane.regionID }
        if isGraphFocused {
            _ = pane.handle(input)
            return []
        }
        let before = editor.text
        _ = editor.handle(input)
        guard editor.text != before else { return [] }
        read()
        return editor.error == nil ? [validate()] : [.cancel("validate")]
    }

    private mutating func read() {
        serviceFindings = []
        guard editor.error == nil else { return }
        do throws(DefinitionFailure) {
            let read = try StateMachineDefinition(editor.text)
            definition = read
            shapeFindings = DefinitionCheck.findings(read)
            pane.graph = StateMachineDrawing(definition: read).graph
            if pane.selectedID == nil { pane.selectedID = read.startAt }
        } catch {
            shapeFindings = [DefinitionFinding(error.description)]
        }
    }

    private mutating func validate() -> Effect<Message> {
        let (text, type) = (editor.text, type)
        isChecking = canValidate
        return .work("validate") { context in
            // Not on each key: only once the fingers rest. A newer call cancels this one.
            try? await Task.sleep(for: .milliseconds(350))
            guard !Task.isCancelled else { return .validated([], isAvailable: true) }
            do throws(AWSError) {
                let output = try await context.aws.call(
                    SFN.validateStateMachineDefinition, .init(definition: text, type: type, severity: "WARNING"))
                return .validated(output.diagnostics.map { DefinitionFinding($0) }, isAvailable: true)
            } catch {
                return .validated([], isAvailable: !error.isNotImplemented)
            }
        }
    }

    private mutating func save() -> [Effect<Message>] {
        isSaving = true
        let (purpose, text) = (purpose, editor.text)
        return [
            .work("save") { context in
                switch purpose {
                case .create(let name, let type, let role):
                    return try await context.aws.call(
                        SFN.createStateMachine, .init(name: name, definition: text, roleArn: role, type: type)
                    ).stateMachineArn
                case .update(let arn, _):
                    _ = try await context.aws.call(
                        SFN.updateStateMachine, .init(stateMachineArn: arn, definition: text))
                    return arn
                }
            } then: {
                .saved($0)
            }
        ]
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        let rows = surface.rows([.fill(), .fixed(min(6, max(3, findings.count + 2)))])
        if surface.width >= 100 {
            let parts = rows[0].columns([.percent(50), .fill()])
            drawGraph(on: parts[0], frame)
            drawText(on: parts[1], frame)
        } else if isGraphFocused {
            drawGraph(on: rows[0], frame)
        } else {
            drawText(on: rows[0], frame)
        }
        drawFindings(on: rows[1])
    }

    private func drawGraph(on surface: Surface, _ frame: FrameContext) {
        let note = editor.error == nil ? nil : StyledLine("as last readable", .warning)
        pane.render(
            on: surface.panel("Graph", focused: isGraphFocused, note: note),
            focused: isGraphFocused && frame.isInteractive)
    }

    private func drawText(on surface: Surface, _ frame: FrameContext) {
        let note = StyledLine(isChanged ? (isNew ? "new" : "changed") : "saved", isChanged ? .warning : .dim)
        editor.render(
            on: surface.panel("Definition", focused: !isGraphFocused, note: note),
            focused: !isGraphFocused && frame.isInteractive)
    }

    private func drawFindings(on surface: Surface) {
        let errors = findings.count(where: \.isError)
        let note: StyledLine =
            if editor.error != nil { StatusMark.failed.line("not JSON") } else if errors > 0 {
                StatusMark.failed.line(errors == 1 ? "1 error" : "\(errors) errors")
            } else if !findings.isEmpty { StatusMark.warning.line("\(findings.count) warnings") } else if isChecking {
                StyledLine("checking…", .dim)
            } else { StatusMark.succeeded.line("valid") }
        let inside = surface.panel("Checks", note: note)
        if let error = editor.error {
            inside.write(
                "Line \(error.line), column \(error.column): \(error.message)", x: 1, y: 0, width: inside.width - 2,
                Style(.failure))
        } else if findings.isEmpty {
            inside.write(
                canValidate
                    ? "Nothing to complain about." : "The shape is right; this endpoint does not validate further.",
                x: 1, y: 0, width: inside.width - 2, Style(.dim))
        }
        guard editor.error == nil else { return }
        for (y, finding) in findings.prefix(inside.height).enumerated() {
            let mark: StatusMark = finding.isError ? .failed : .warning
            let place = finding.location.map { "\($0): " } ?? ""
            let isLast = y == inside.height - 1 && findings.count > inside.height
            let text = isLast ? "and \(findings.count - y) more" : "\(place)\(finding.message)".replacingLineEnds
            inside.write(mark.line(text.clipped(to: inside.width - 4)), x: 1, y: y)
        }
    }
}
