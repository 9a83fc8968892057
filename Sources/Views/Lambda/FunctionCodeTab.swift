import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// *Code*: the files of the package, and an editor that deploys.
struct FunctionCodeTab: FunctionTab {
    enum Message: Sendable {
        case loaded(Result<[FunctionSourceFile], any Error>)
        case addRequested(FormValues)
        case discardConfirmed
        case deployed(Result<Lambda.FunctionConfiguration, any Error>)
        case settled(Result<Lambda.FunctionConfiguration, any Error>)
    }

    enum Deployment: Sendable {
        case none
        case sending
        case applying
        case done(String)
        case refused(String)
    }

    var functionName: String
    var hasEngine = true
    var location: String?
    var isImage = false
    var table = Table<FunctionSourceFile>(
        id: "code.files",
        columns: [
            TableColumn("File", min: 12, order: TableColumn.by { $0.path }) {
                TableCell([Span($0.draft == nil ? "" : "* ", .warning), Span($0.path)])
            },
            TableColumn("Size", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.size }) {
                TableCell(Quantity.bytes($0.size), .dim)
            },
        ], empty: "The package is empty.")
    var viewer = TextViewer(id: "code.text")
    var editor = TextEditor()
    var isEditing = false
    var shownPath: String?
    private var shownText: String?
    /// Digest of the package whose files are shown.
    private(set) var digest: String?
    var failure: String?
    var deployment = Deployment.none
    var split = SplitPane(.horizontal, ratio: 28, narrowest: 22)

    init(functionName: String) { self.functionName = functionName }

    var capturesText: Bool { isEditing || table.capturesText || (split.focus == 1 && viewer.capturesText) }
    var handlesEscape: Bool { isEditing || table.handlesEscape || (split.focus == 1 && viewer.handlesEscape) }
    var copyText: String? { table.selected?.current }
    private var isDirty: Bool {
        let rows = table.allRows ?? []
        if isEditing, let file = rows.first(where: { $0.path == shownPath }), editor.text != file.text { return true }
        return rows.contains { $0.draft != nil }
    }
    private var isDeploying: Bool {
        switch deployment {
        case .sending, .applying: true
        default: false
        }
    }

    private var canDeploy: Availability {
        if isDeploying { return .disabled("A deployment is under way") }
        if !isDirty { return .disabled("Nothing has been changed") }
        if let binary = (table.allRows ?? []).first(where: { $0.isBinary }) {
            return .disabled("\(binary.path) is binary, so the package cannot be rebuilt here")
        }
        return .enabled
    }

    var bindings: [KeyBinding] {
        let readable = Availability.when(
            table.selected.map { !$0.isBinary } ?? false,
            otherwise: table.selected == nil ? "There is no file to edit" : "This file is binary")
        var keys: [KeyBinding] = []
        if isEditing {
            // The editor has every other key.
            return [
                KeyBinding(["esc"], "done", "code.done", help: "Stop editing; the change is kept until it is deployed"),
                KeyBinding(
                    ["ctrl+s"], "deploy", "code.deploy", help: "Deploy the changed files", availability: canDeploy,
                    needs: [.changes]),
            ]
        }
        keys += [
            KeyBinding(
                ["e", "enter"], "edit", "code.edit", help: "Edit the file", availability: readable,
                menu: true),
            KeyBinding(
                ["D", "ctrl+s"], "deploy", "code.deploy", help: "Deploy the changed files",
                availability: canDeploy, menu: true, needs: [.changes]),
            KeyBinding(
                ["n"], "new file", "code.add", help: "Add a file",
                availability: .when(table.allRows != nil, otherwise: "The code is not shown"), prominence: .help,
                menu: true),
            KeyBinding(
                ["U"], "discard", "code.discard", help: "Discard all changes that are not deployed",
                availability: .when(isDirty, otherwise: "Nothing has been changed"), prominence: .help, menu: true,
                destructive: true),
        ]
        keys += SplitPane.bindings
        keys += split.focus == 0 ? Table<FunctionSourceFile>.bindings : TextViewer.bindings
        return keys
    }

    mutating func show(_ details: FunctionDetails) {
        hasEngine = details.hasEngine
        location = details.codeLocation
        isImage = details.configuration.packageType == "Image"
        digest = details.configuration.codeSha256
    }

    func load() -> Effects {
        guard !isImage else { return [] }
        let name = functionName
        return [
            .work("code.load") { context in
                let files = try await context.aws.call(Skua.getFunctionCode, .init(functionName: name)).files ?? []
                return files.map(FunctionSourceFile.init).sorted { $0.path < $1.path }
            } then: {
                .code(.loaded($0))
            }
        ]
    }

    mutating func perform(_ action: ActionID) -> Effects {
        switch action.name {
        case "code.edit":
            guard let file = table.selected, !file.isBinary else { return [] }
            editor = TextEditor(file.current, language: file.path.hasSuffix(".json") ? .json : .plain)
            (shownPath, isEditing) = (file.path, true)
            split.focus = 1
        case "code.done": stopEditing()
        case "code.deploy":
            stopEditing()
            if let reason = canDeploy.reason { return [.toast(reason, .disabled)] }
            return deploy()
        case "code.add":
            let form = Form(
                "New file", submit: "Add",
                [
                    FormField(
                        "path", "Path", hint: "Relative, with / between folders", placeholder: "util.py",
                        required: true,
                        validate: { text, _ in
                            text.hasPrefix("/") || text.contains("..") ? "A path inside the package" : nil
                        })
                ])
            return [.form(form) { .code(.addRequested($0)) }]
        case "code.discard":
            let changed = (table.allRows ?? []).filter { $0.draft != nil }.map(\.path)
            return [
                .confirm(
                    Dialog("Discard changes?", consequences: changed, confirm: "Discard", destructive: true),
                    then: .code(.discardConfirmed))
            ]
        default:
            if split.perform(action) { return [] }
            if split.focus == 0, table.perform(action) {
                showSelected()
            } else {
                _ = viewer.perform(action)
            }
        }
        return []
    }

    mutating func handle(_ input: WidgetInput) -> Effects {
        if isEditing {
            if input == .key(.escape) { stopEditing() } else { _ = editor.handle(input) }
            return []
        }
        if case .mouse(let hit) = input, hit.event.kind == .press {
            if hit.region == "code.files" { split.focus = 0 }
            if hit.region == "code.text" { split.focus = 1 }
        }
        if split.focus == 0 {
            _ = table.handle(input)
            showSelected()
        } else {
            _ = viewer.handle(input)
        }
        return []
    }

    mutating func receive(_ message: Message) -> Effects {
        switch message {
        case .loaded(.success(let files)):
            failure = nil
            let drafts = Dictionary(
                (table.allRows ?? []).compactMap { file in file.draft.map { (file.path, $0) } },
                uniquingKeysWith: { $1 })
            var merged = files.map { file in
                var file = file
                file.draft = drafts[file.path].flatMap { $0 == file.text ? nil : $0 }
                return file
            }
            let known = Set(files.map(\.path))
            merged += (table.allRows ?? []).filter { $0.isNew && !known.contains($0.path) }
            table.rows = merged
            showSelected(always: true)
        case .loaded(.failure(let error)):
            failure =
                (error as? AWSError)?.isNotImplemented == true
                ? "This endpoint does not show code: GetFunctionCode is an operation of Skua's own engine."
                : error.sentence
        case .addRequested(let values):
            var rows = table.allRows ?? []
            let path = values["path"]
            if !rows.contains(where: { $0.path == path }) {
                rows.append(FunctionSourceFile(path: path, text: "", draft: "", isNew: true))
            }
            table.rows = rows.sorted { $0.path < $1.path }
            table.select(id: path)
            return perform("code.edit")
        case .discardConfirmed:
            table.rows = (table.allRows ?? []).filter { !$0.isNew }.map { file in
                var file = file
                file.draft = nil
                return file
            }
            showSelected(always: true)
        case .deployed(.success(let configuration)):
            let size = Quantity.bytes(configuration.codeSize ?? 0)
            guard configuration.lastUpdateStatus == "InProgress" else {
                deployment = .done("Deployed \(size)")
                return finishDeployment(size)
            }
            deployment = .applying
            let name = functionName
            return [
                .stream("code.settle") { context, _ in
                    do {
                        var latest = configuration
                        try await context.aws.wait(for: "the update of \(name)") {
                            latest = try await context.aws.call(
                                Lambda.getFunctionConfiguration, .init(functionName: name))
                            return latest.lastUpdateStatus != "InProgress"
                        }
                        return .code(.settled(.success(latest)))
                    } catch {
                        return .code(.settled(.failure(error)))
                    }
                }
            ]
        case .settled(.success(let configuration)):
            if configuration.lastUpdateStatus == "Failed" {
                deployment = .refused(configuration.lastUpdateStatusReason ?? "The update failed.")
                return [.toast("The update of \(functionName) failed", .failed)]
            }
            return finishDeployment(Quantity.bytes(configuration.codeSize ?? 0))
        case .deployed(.failure(let error)), .settled(.failure(let error)):
            deployment = .refused(error.sentence)
            return [.toast(error.sentence, .failed)]
        }
        return []
    }

    private mutating func finishDeployment(_ size: String) -> Effects {
        deployment = .done("Deployed \(size), LastUpdateStatus Successful")
        table.rows = (table.allRows ?? []).map { file in
            var file = file
            file.text = file.current
            (file.draft, file.isNew) = (nil, false)
            return file
        }
        return [.toast("Deployed \(functionName)")] + load()
    }

    private mutating func stopEditing() {
        guard isEditing else { return }
        isEditing = false
        let text = editor.text
        table.rows = (table.allRows ?? []).map { file in
            guard file.path == shownPath else { return file }
            var file = file
            file.draft = text == file.text && !file.isNew ? nil : text
            return file
        }
        showSelected(always: true)
    }

    private mutating func showSelected(always: Bool = false) {
        guard let file = table.selected, file.path != shownPath || (always && file.current != shownText) else { return }
        (shownPath, shownText) = (file.path, file.current)
        viewer = TextViewer(file.isBinary ? "" : file.current, id: "code.text")
        viewer.wraps = false
        viewer.emptyText = file.isBinary ? "Binary, \(Quantity.bytes(file.size))" : "This file is empty."
    }

    private mutating func deploy() -> Effects {
        deployment = .sending
        let name = functionName
        let archive = StoredArchive.bytes(
            of: (table.allRows ?? []).map { StoredArchive.File(path: $0.path, text: $0.current) })
        return [
            .work("code.deploy") { context in
                try await context.aws.call(Lambda.updateFunctionCode, .init(functionName: name, zipFile: archive))
            } then: {
                .code(.deployed($0))
            }
        ]
    }

    // MARK: Drawing

    func render(on surface: Surface, in frame: FrameContext) {
        if isImage { return note(on: surface, ["This function's code is a container image.", location ?? ""]) }
        if let failure { return note(on: surface, [failure, location.map { "Its package: \($0)" } ?? ""]) }
        let parts = split.parts(of: surface)
        table.render(
            on: parts.first.panel("Files", focused: frame.isInteractive && split.focus == 0, note: table.countNote),
            focused: frame.isInteractive && split.focus == 0)
        let isFocused = frame.isInteractive && split.focus == 1
        let inside = parts.second.panel(
            shownPath ?? "Code", focused: isFocused,
            note: isEditing
                ? StyledLine("editing", .accent)
                : table.selected?.draft == nil ? nil : StyledLine("changed, not deployed", .warning))
        let status = statusLine
        let rows = inside.rows([.fill(), .fixed(status == nil ? 0 : 1)])
        if isEditing {
            editor.render(on: rows[0], focused: isFocused, id: "code.editor")
        } else {
            viewer.render(on: rows[0].inset(horizontally: 1), focused: isFocused)
        }
        if let status { rows[1].write(status, x: 1) }
    }

    private var statusLine: StyledLine? {
        switch deployment {
        case .none: isDirty ? [Span("D", .key), Span(" deploys the changed files", .dim)] : nil
        case .sending: StatusMark.running.line("Sending the package…")
        case .applying: StatusMark.running.line("Updating: LastUpdateStatus InProgress")
        case .done(let text): StatusMark.succeeded.line(text)
        case .refused(let text): StatusMark.failed.line(text)
        }
    }

    private func note(on surface: Surface, _ sentences: [String]) {
        let inside = surface.panel("Code", focused: true)
        let lines = sentences.filter { !$0.isEmpty }.flatMap { TextWrapping.wrap($0, to: max(10, inside.width - 8)) }
        for (row, line) in lines.enumerated() {
            inside.write(
                line, x: 0, y: max(0, (inside.height - lines.count) / 2) + row, width: inside.width, align: .centre,
                Style(.dim))
        }
    }
}

/// A file of a function's package, with what has been typed but not deployed.
struct FunctionSourceFile: Identifiable, Sendable {
    var path: String
    var text: String
    var draft: String?
    var isBinary = false
    var isNew = false
    var size: Int

    var id: String { path }
    var current: String { draft ?? text }

    init(path: String, text: String, draft: String? = nil, isNew: Bool = false) {
        self.path = path
        self.text = text
        self.draft = draft
        self.isNew = isNew
        size = text.utf8.count
    }

    init(_ file: Skua.CodeFile) {
        path = file.path ?? ""
        text = file.text ?? ""
        isBinary = file.isBinary ?? false
        size = file.size ?? text.utf8.count
    }
}
