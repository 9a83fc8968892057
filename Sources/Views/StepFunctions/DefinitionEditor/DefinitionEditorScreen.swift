import AWSClient
import AWSModel
import AWSTypes
import DefinitionText
import TerminalUI

/// A definition being written, in JSON or YAML: its graph beside it as it is typed, what is wrong below, `^S` to see what
/// changed and save.
struct DefinitionEditorScreen: Screen {
    enum Purpose: Hashable, Sendable {
        case create(name: String, type: String, role: String)
        case update(arn: String, type: String)
    }

    enum Message: Sendable {
        case validated([DefinitionFinding], isAvailable: Bool)
        case sampled(DefinitionSamples?)
        case saved(Result<String, any Error>)
        case edited(Result<String, ExternalEditorFailure>)
        case leaveConfirmed
    }

    let purpose: Purpose
    let original: String
    var editor: TextEditor
    var pane = StateGraphPane(id: "editor.graph")
    /// How the text is written now: whoever pastes YAML goes on in YAML.
    private(set) var format = DefinitionText.Format.json
    /// What AWS takes; nil while the text cannot be read.
    private(set) var json: String?
    private var samples: DefinitionSamples?
    /// The last text that could be read, so that the graph stays while a comma is missing.
    private(set) var definition: StateMachineDefinition?
    private var shapeFindings: [DefinitionFinding] = []
    private var serviceFindings: [DefinitionFinding] = []
    private(set) var isChecking = false
    private(set) var canValidate = true
    private var isSaving = false
    var isGraphFocused = false
    /// Before an update: what has changed, to be looked at.
    private(set) var review: TextViewer?
    private(set) var reviewCounts = (added: 0, removed: 0)
    /// Which finding the cursor was last sent to.
    private(set) var findingIndex: Int?

    init(_ purpose: Purpose, text: String) {
        self.purpose = purpose
        // What programs write is often one line, which nobody could read here.
        let shown = text.contains("\n") ? text : DefinitionDiff.laidOut(text)
        original = shown
        editor = TextEditor(shown, language: .json)
        read()
    }

    var name: String {
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

    var isNew: Bool { if case .create = purpose { true } else { false } }
    var isChanged: Bool { isNew || editor.text != original }

    var crumbs: [String] {
        ["Step Functions", name, review != nil ? "Changes" : isNew ? "Create" : "Edit definition"]
    }
    var capturesText: Bool { review.map(\.capturesText) ?? (!isGraphFocused || pane.capturesText) }
    var handlesEscape: Bool { true }
    var copyText: String? { editor.selectedText ?? editor.text }
    var findings: [DefinitionFinding] { serviceFindings.isEmpty ? shapeFindings : serviceFindings }

    // MARK: Keys

    private var save: Availability {
        if let error = editor.error { return .disabled("Line \(error.line), column \(error.column): \(error.message)") }
        if isSaving { return .disabled("It is being saved") }
        return .when(isChanged, otherwise: "Nothing was changed")
    }

    var bindings: [KeyBinding] {
        if review != nil {
            return [
                KeyBinding(
                    ["ctrl+s", "enter"], "update", "confirm", help: "Update the state machine with these changes",
                    availability: save, menu: true, needs: [.changes])
            ] + TextViewer.bindings
        }
        let isReadable = editor.error == nil
        return [
            KeyBinding(
                ["ctrl+s"], isNew ? "create" : "save", "save",
                help: isNew ? "Create the state machine" : "Look at the changes, then save them", availability: save,
                menu: true, needs: [.changes]),
            KeyBinding(
                ["f2", "ctrl+g"], isGraphFocused ? "to the text" : "to the graph", "pane",
                help: "Between text and graph; the graph shows the state the cursor is in"),
            KeyBinding(
                ["f6"], "next finding", "finding", help: "Send the cursor to the next error or warning",
                availability: .when(!findings.isEmpty || !isReadable, otherwise: "There is nothing to complain about"),
                prominence: findings.isEmpty && isReadable ? .help : .footer),
            KeyBinding(["ctrl+f", "f3"], "find", "find", help: "Find in the text; Enter goes on, Esc ends"),
            KeyBinding(
                ["ctrl+space"], "complete", "complete",
                help: "Names, fields and paths that fit at the cursor; fields of data as the latest execution held it"),
            KeyBinding(
                ["f4", "ctrl+r"], "format", "format", help: "Lay the JSON out anew",
                availability: format == .yaml
                    ? .disabled("Only JSON is laid out anew") : .when(isReadable, otherwise: "It is not JSON yet"),
                prominence: .help),
            KeyBinding(
                ["f7"], format == .yaml ? "as JSON" : "as YAML", "convert",
                help: "Go on in the other of JSON and YAML; AWS keeps JSON",
                availability: .when(isReadable, otherwise: "It cannot be read yet"), menu: true),
            KeyBinding(
                ["f8"], "$EDITOR", "external", help: "Edit the text in $VISUAL or $EDITOR", prominence: .help,
                menu: true),
            KeyBinding(
                ["alt+m"], "matching bracket", "bracket", help: "To the bracket that belongs to the one at the cursor",
                prominence: .help),
            KeyBinding(
                ["alt+n"], "find again", "find.again", help: "To the next place of what was searched last",
                prominence: .help),
        ] + (isGraphFocused ? [jumpBinding] + pane.bindings : [])
    }

    private var jumpBinding: KeyBinding {
        KeyBinding(["enter"], "to its text", "jump", help: "Put the cursor where the selected state is written")
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared: return [validate()] + sample()
        case .input(.key(.escape)) where !editor.handlesEscape || isGraphFocused || review != nil: return escape()
        case .input(let input): return take(input)
        case .action(let action): return perform(action)
        case .message(let message): return receive(message)
        case .reappeared, .changed, .tick: return []
        }
    }

    private mutating func escape() -> [Effect<Message>] {
        if let shown = review {
            if shown.handlesEscape { _ = review?.handle(.key(.escape)) } else { review = nil }
            return []
        }
        if isGraphFocused {
            if pane.capturesText { _ = pane.handle(.key(.escape)) } else { isGraphFocused = false }
            return []
        }
        guard editor.text != original else { return [.pop] }
        return [
            .confirm(
                Dialog(
                    "Leave without saving?", message: "What you have written is lost.", confirm: "Leave",
                    destructive: true), then: .leaveConfirmed)
        ]
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action.name {
        case "save":
            if isNew { return write() }
            let diff = LineDiff(DefinitionDiff.laidOut(original), DefinitionDiff.laidOut(json ?? editor.text))
            reviewCounts = (diff.added, diff.removed)
            var viewer = TextViewer(lines: DefinitionDiff.lines(diff, context: 3), id: "editor.review")
            viewer.wraps = false
            review = viewer
        case "confirm": return write()
        case "pane": isGraphFocused.toggle()
        case "jump":
            isGraphFocused = false
            if let id = pane.selectedID, let place = location.place(ofState: id) {
                editor.move(to: place)
            }
        case "finding": nextFinding()
        case "find": editor.beginSearch()
        case "find.again": editor.findAgain()
        case "bracket": editor.jumpToBracket()
        case "complete": DefinitionCompletion.offer(in: &editor, format, samples)
        case "format":
            guard let value = try? JSONReader.parse(editor.text) else { return [] }
            editor.replaceAll(with: JSONWriter.string(value, pretty: true))
            read()
            return [validate()]
        case "convert":
            guard let value = json.flatMap({ try? JSONReader.parse($0) }) else { return [] }
            editor.replaceAll(
                with: format == .yaml ? JSONWriter.string(value, pretty: true) : DefinitionText.yaml(of: value))
            read()
        case "external":
            return [.edit(editor.text, name: "\(name).asl.\(format.fileEnding)") { .edited($0) }]
        default:
            if review != nil { _ = review?.perform(action) } else { _ = pane.perform(action) }
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .validated(let findings, let isAvailable):
            (serviceFindings, canValidate, isChecking) = (findings, isAvailable, false)
            locateFindings()
        case .sampled(let found): samples = found
        case .saved(.success(let arn)):
            let saved = StateMachineNames.machineName(arn) + (format == .yaml ? " as JSON" : "")
            return isNew
                ? [.toast("Created \(saved)"), .replace(MachineScreen(name: arn))] : [.toast("Saved \(saved)"), .pop]
        case .saved(.failure(let error)):
            (isSaving, review) = (false, nil)
            return [.toast(error.sentence, .failed)]
        case .edited(.success(let text)):
            guard text != editor.text else { return [.toast("Nothing was changed", .unknown)] }
            editor.replaceAll(with: text)
            read()
            return [validate()]
        case .edited(.failure(let failure)): return [.toast(failure.description, .failed)]
        case .leaveConfirmed: return [.pop]
        }
        return []
    }

    private mutating func take(_ input: WidgetInput) -> [Effect<Message>] {
        if review != nil {
            _ = review?.handle(input)
            return []
        }
        if case .mouse(let hit) = input, hit.event.kind == .press { isGraphFocused = hit.region == pane.regionID }
        if isGraphFocused {
            _ = pane.handle(input)
            return []
        }
        let (before, place) = (editor.text, editor.cursor)
        _ = editor.handle(input)
        var effects: [Effect<Message>] = []
        if let copied = editor.takeCopied() { effects.append(.copy(copied)) }
        if editor.takeCompletionRequest() { DefinitionCompletion.offer(in: &editor, format, samples) }
        if editor.cursor != place { followCursor() }
        guard editor.text != before else { return effects }
        read()
        return effects + [editor.error == nil ? validate() : .cancel("validate")]
    }

    // MARK: Text, graph and findings

    /// The graph shows the state that the cursor is in.
    private mutating func followCursor() {
        guard let state = DefinitionLocation.state(at: editor.cursor, in: editor.text, format),
            definition?.state(state) != nil
        else { return }
        pane.selectedID = state
    }

    private mutating func read() {
        serviceFindings = []
        findingIndex = nil
        format = DefinitionText.format(of: editor.text)
        editor.language = format == .yaml ? .yaml : .json
        json = nil
        do throws(DefinitionTextError) {
            json = editor.error == nil ? try DefinitionText(editor.text, format: format).json : nil
        } catch {
            editor.report(
                TextSyntaxError(line: error.line ?? 1, column: error.column ?? 1, message: error.message))
        }
        guard let json else { return }
        do throws(DefinitionFailure) {
            let read = try StateMachineDefinition(json)
            definition = read
            shapeFindings = DefinitionCheck.findings(read)
            pane.graph = StateMachineDrawing(definition: read).graph
            if pane.selectedID.flatMap({ read.state($0) }) == nil { pane.selectedID = read.startAt }
        } catch {
            shapeFindings = [DefinitionFinding(error.description)]
        }
        locateFindings()
    }

    private var location: DefinitionLocation { DefinitionLocation(editor.text, format) }

    private mutating func locateFindings() {
        let locate = location
        for index in shapeFindings.indices { shapeFindings[index].place = locate.place(of: shapeFindings[index]) }
        for index in serviceFindings.indices { serviceFindings[index].place = locate.place(of: serviceFindings[index]) }
    }

    private mutating func nextFinding() {
        isGraphFocused = false
        if let error = editor.error {
            editor.move(to: TextPosition(line: error.line - 1, column: error.column - 1))
            return
        }
        let list = findings
        guard !list.isEmpty else { return }
        let index = ((findingIndex ?? -1) + 1) % list.count
        findingIndex = index
        if let place = list[index].place { editor.move(to: place) }
        followCursor()
    }

    /// What paths can be completed with.
    private func sample() -> [Effect<Message>] {
        guard case .update(let arn, _) = purpose else { return [] }
        return [.work("sample") { .sampled(await DefinitionSamples.latest(of: arn, $0)) }]
    }

    private mutating func validate() -> Effect<Message> {
        let (text, type) = (json ?? editor.text, type)
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

    private mutating func write() -> [Effect<Message>] {
        isSaving = true
        // AWS: a definition is JSON, and kept as it was sent.
        let (purpose, text) = (purpose, format == .yaml ? DefinitionDiff.laidOut(json ?? "") : editor.text)
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
}

extension DefinitionText.Format {
    var title: String { self == .yaml ? "YAML" : "JSON" }
    var fileEnding: String { self == .yaml ? "yaml" : "json" }
}
