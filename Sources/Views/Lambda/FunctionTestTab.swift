import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Test*: an event on the left, what came of it on the right.
struct FunctionTestTab: FunctionTab {
    enum Message: Sendable {
        case events(Result<[Skua.TestEvent], any Error>)
        case templateChosen(ActionID)
        case savedChosen(ActionID)
        case typeChosen(ActionID)
        case qualifierChosen(ActionID)
        case saveRequested(FormValues)
        case deleteConfirmed(String)
        case saved(String, Result<Void, any Error>)
        case deleted(String, Result<Void, any Error>)
        case finished(Result<InvocationResult, any Error>)
    }

    enum Outcome: Sendable {
        case none
        case running
        case ended(InvocationResult)
        case refused(String)
    }

    var functionName: String
    var arn = ""
    var timeout = 3
    var hasEngine = true
    var qualifiers: [String] = []
    var editor = TextEditor(TestEventTemplates.all[0].text(function: "", arn: ""), language: .json)
    var eventName = TestEventTemplates.all[0].title
    var isEditing = false
    var saved: [Skua.TestEvent] = []
    var type = InvocationType.requestResponse
    var qualifier: String?
    var outcome = Outcome.none
    var ticks = 0
    /// 0 the event, 1 the response, 2 the log.
    var focus = 0
    var split = SplitPane(.horizontal, ratio: 46, narrowest: 36)
    var response = JSONViewer(id: "test.response")
    var log = TextViewer(id: "test.log")

    init(functionName: String) {
        self.functionName = functionName
        response.emptyText = "The function answered nothing."
        log.emptyText = "No log tail: asynchronous and dry runs have none."
    }

    var isRunning: Bool { if case .running = outcome { true } else { false } }
    static let tickMilliseconds = 200
    var tickInterval: Duration? { isRunning ? .milliseconds(Self.tickMilliseconds) : nil }
    var capturesText: Bool { isEditing || (focus == 1 && response.capturesText) || (focus == 2 && log.capturesText) }
    var handlesEscape: Bool { isEditing || (focus == 1 && response.handlesEscape) || (focus == 2 && log.handlesEscape) }

    var copyText: String? {
        switch focus {
        case 1: response.text.isEmpty ? nil : response.text
        case 2: log.text.isEmpty ? nil : log.text
        default: editor.text
        }
    }

    private var canInvoke: Availability {
        if isRunning { return .disabled("An invocation is running; c cancels it") }
        if let error = editor.error {
            return .disabled("The event is not JSON: line \(error.line), column \(error.column): \(error.message)")
        }
        return .enabled
    }

    var bindings: [KeyBinding] {
        let engine = Availability.when(hasEngine, otherwise: Self.engineOnly)
        let open = Availability.when(
            hasEngine && !saved.isEmpty,
            otherwise: hasEngine ? "No event is saved yet; s saves this one" : Self.engineOnly)
        var keys: [KeyBinding] = []
        if isEditing {
            // The editor has every other key.
            return [
                KeyBinding(["esc"], "done", "test.done", help: "Stop editing the event"),
                KeyBinding(
                    ["ctrl+r", "f5"], "invoke", "test.invoke", help: "Invoke the function with this event",
                    availability: canInvoke, needs: [.changes]),
            ]
        }
        if isRunning {
            keys.append(KeyBinding(["c"], "cancel", "test.cancel", help: "Stop waiting for the invocation", menu: true))
        }
        keys += [
            KeyBinding(
                ["i", "ctrl+r", "f5"], "invoke", "test.invoke",
                help: "Invoke the function with this event, or again", availability: canInvoke, menu: true,
                needs: [.changes]),
            KeyBinding(
                focus == 0 ? ["e", "enter"] : ["e"], "edit", "test.edit", help: "Edit the event",
                menu: true),
            KeyBinding(
                ["m"], "template", "test.template", help: "Start from an event as a source sends it", menu: true),
            KeyBinding(
                focus == 0 ? ["="] : [], "format", "test.format", help: "Lay the event's JSON out in lines",
                availability: .when(
                    focus == 0 && editor.error == nil && !editor.isEmpty,
                    otherwise: focus == 0 ? "The event is not JSON" : "Go to the event first"), prominence: .help,
                menu: true),
            KeyBinding(["v"], "mode", "test.type", help: "Synchronous, asynchronous or dry run", menu: true),
            KeyBinding(["u"], "version", "test.qualifier", help: "Invoke a version or an alias", menu: true),
            KeyBinding(
                ["s"], "save", "test.save", help: "Save the event under a name",
                availability: editor.error == nil ? engine : .disabled("The event is not JSON"), menu: true,
                needs: [.changes]),
            KeyBinding(["f"], "saved", "test.open", help: "Open a saved event", availability: open, menu: true),
            KeyBinding(
                ["x"], "delete saved", "test.delete", help: "Delete the saved event \(eventName)",
                availability: .when(
                    saved.contains { $0.name == eventName }, otherwise: "“\(eventName)” is not a saved event"),
                prominence: .help, menu: true, destructive: true, needs: [.changes]),
            KeyBinding(["tab"], "Next pane", "test.next", prominence: .help),
            KeyBinding(["shift+tab"], "Previous pane", "test.previous", prominence: .help),
        ]
        keys += SplitPane.bindings.suffix(2)
        if focus == 1 { keys += JSONViewer.bindings }
        if focus == 2 { keys += TextViewer.bindings }
        return keys
    }

    mutating func show(_ details: FunctionDetails) {
        if arn.isEmpty, !isEditing {
            editor.text = TestEventTemplates.all[0].text(function: functionName, arn: details.arn)
        }
        arn = details.arn
        timeout = details.configuration.timeout ?? 3
        hasEngine = details.hasEngine
        qualifiers = details.aliases.compactMap(\.name) + details.publishedVersions
    }

    func load() -> Effects {
        guard hasEngine else { return [] }
        let name = functionName
        return [
            .work("test.events") { context in
                try await context.aws.call(Skua.listTestEvents, .init(functionName: name)).events ?? []
            } then: {
                .test(.events($0))
            }
        ]
    }

    mutating func tick() -> Effects {
        ticks += 1
        return []
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "test.done": isEditing = false
        case "test.edit": (isEditing, focus) = (true, 0)
        case "test.format":
            editor.text = JSONLayout.lines(editor.text)
        case "test.invoke": return invoke()
        case "test.cancel":
            outcome = .refused("Cancelled. The function may still be running.")
            return [.cancel("test.invoke")]
        case "test.next": if case .ended = outcome { focus = (focus + 1) % 3 }
        case "test.previous": if case .ended = outcome { focus = (focus + 2) % 3 }
        case "test.template":
            return [.menu(Menu("Event templates", TestEventTemplates.items)) { .test(.templateChosen($0)) }]
        case "test.open":
            let items = saved.compactMap { event in
                event.name.map { MenuItem(ActionID($0), $0, detail: event.updatedAt.map(ElapsedTime.date) ?? "") }
            }
            return [.menu(Menu("Saved events", items)) { .test(.savedChosen($0)) }]
        case "test.type":
            let items = InvocationType.allCases.map { MenuItem(ActionID($0.rawValue), $0.rawValue, detail: $0.word) }
            return [.menu(Menu("Invocation type", items)) { .test(.typeChosen($0)) }]
        case "test.qualifier":
            let items =
                [MenuItem("$LATEST", "$LATEST", detail: "the code as it is")]
                + qualifiers.map { MenuItem(ActionID($0), $0) }
            return [.menu(Menu("Version or alias", items)) { .test(.qualifierChosen($0)) }]
        case "test.save":
            let known = saved.contains { $0.name == eventName }
            let form = Form(
                "Save event", submit: "Save",
                [
                    FormField(
                        "name", "Name", value: known ? eventName : "",
                        hint: "Saving under a name in use replaces that event", required: true,
                        validate: { text, _ in
                            text.count <= 100 ? nil : "At most 100 characters"
                        })
                ])
            return [.form(form) { .test(.saveRequested($0)) }]
        case "test.delete":
            return [.confirm(.delete("saved event \(eventName)"), then: .test(.deleteConfirmed(eventName)))]
        default:
            if !split.perform(action), focus == 1 { _ = response.perform(action) }
            if focus == 2 { _ = log.perform(action) }
        }
        return []
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        if case .mouse(let hit) = input, hit.event.kind == .press {
            switch hit.region {
            case "test.editor": (focus, isEditing) = (0, true)
            case "test.response": (focus, isEditing) = (1, false)
            case "test.log": (focus, isEditing) = (2, false)
            default: break
            }
        }
        if isEditing {
            if input == .key(.escape) { isEditing = false } else { _ = editor.handle(input) }
            return []
        }
        switch focus {
        case 0:
            // Reading moves the cursor; only editing changes the text.
            var reader = editor
            reader.isReadOnly = true
            _ = reader.handle(input)
            reader.isReadOnly = false
            editor = reader
        case 1: _ = response.handle(input)
        default: _ = log.handle(input)
        }
        return []
    }

    mutating func receive(_ message: Message) -> Effects {
        switch message {
        case .events(.success(let events)): saved = events
        case .events(.failure(let error)):
            if (error as? AWSError)?.isNotImplemented == true { hasEngine = false }
        case .templateChosen(let id):
            if let template = TestEventTemplates.all.first(where: { $0.id == id.name }) {
                (eventName, editor.text) = (template.title, template.text(function: functionName, arn: arn))
                focus = 0
            }
        case .savedChosen(let id):
            if let event = saved.first(where: { $0.name == id.name }) {
                (eventName, editor.text) = (id.name, event.body ?? "")
                focus = 0
            }
        case .typeChosen(let id): type = InvocationType(rawValue: id.name) ?? type
        case .qualifierChosen(let id): qualifier = id.name == "$LATEST" ? nil : id.name
        case .saveRequested(let values): return save(values["name"])
        case .deleteConfirmed(let name):
            let function = functionName
            return [
                .work("test.delete") { context in
                    _ = try await context.aws.call(Skua.deleteTestEvent, .init(functionName: function, name: name))
                } then: {
                    .test(.deleted(name, $0))
                }
            ]
        case .saved(let name, .success):
            eventName = name
            return [.toast("Saved event \(name)")] + load()
        case .deleted(let name, .success): return [.toast("Deleted event \(name)")] + load()
        case .saved(_, .failure(let error)), .deleted(_, .failure(let error)):
            return [.toast(error.sentence, .failed)]
        case .finished(.success(let result)):
            outcome = .ended(result)
            response.set(result.payload)
            let lines = (result.log.hasSuffix("\n") ? result.log.dropLast() : result.log[...]).split(
                omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            log.setLines(result.log.isEmpty ? [] : lines.map { StyledLine([FunctionLogLine.styled(String($0))]) })
            if focus == 0 { focus = result.payload.isEmpty ? 0 : 1 }
        case .finished(.failure(let error)):
            guard isRunning else { return [] }
            outcome = .refused(error.sentence)
        }
        return []
    }

    private func save(_ name: String) -> Effects {
        let (function, body) = (functionName, editor.text)
        return [
            .work("test.save") { context in
                _ = try await context.aws.call(Skua.putTestEvent, .init(functionName: function, name: name, body: body))
            } then: {
                .test(.saved(name, $0))
            }
        ]
    }

    private mutating func invoke() -> Effects {
        isEditing = false
        focus = 0
        outcome = .running
        ticks = 0
        let request = Lambda.InvocationRequest(
            functionName: functionName, invocationType: type.rawValue, logType: type == .requestResponse ? "Tail" : nil,
            payload: editor.isEmpty ? nil : Array(editor.text.utf8), qualifier: qualifier)
        return [
            // A stream, so that changes elsewhere still reach the screen while it waits.
            .stream("test.invoke") { [type] context, _ in
                let start = ContinuousClock.now
                do {
                    let response = try await context.aws.call(Lambda.invoke, request)
                    return .test(
                        .finished(
                            .success(InvocationResult(response, type: type, elapsed: ContinuousClock.now - start))))
                } catch {
                    return .test(.finished(.failure(error)))
                }
            }
        ]
    }
}
