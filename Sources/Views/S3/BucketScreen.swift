import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The objects of a bucket, a folder at a time, as its keys' slashes divide them.
struct BucketScreen: Screen {
    /// An object, or a folder: a part of a key up to a slash.
    struct Row: Identifiable, Hashable, Sendable {
        var key: String
        var isFolder: Bool
        var size = 0
        var modified: Instant?
        var storageClass: String?
        var id: String { key }

        /// Without what the folder is named.
        func name(in prefix: String) -> String { String(key.dropFirst(prefix.count)) }
    }

    struct Page: Sendable {
        var rows: [Row]
        var next: String?
    }

    enum Message: Sendable {
        case loaded(Result<Page, any Error>)
        case more(Result<Page, any Error>)
        case uploadRequested(FormValues)
        case uploaded(Result<String, any Error>, FormValues)
        case downloadRequested(Row, FormValues)
        case downloaded(Row, Result<String, any Error>, FormValues)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    let bucket: String
    private(set) var prefix: String
    private(set) var next: String?
    private var isFetching = false
    var failure: String?
    var table: Table<Row>

    init(bucket: String, prefix: String? = nil) {
        self.bucket = bucket
        self.prefix = prefix ?? ""
        table = Self.table(prefix ?? "")
    }

    private static func table(_ prefix: String) -> Table<Row> {
        Table(
            id: "objects",
            columns: [
                TableColumn("Name", min: 24, order: TableColumn.by { $0.key }) {
                    TableCell($0.name(in: prefix), $0.isFolder ? .link : .text)
                },
                TableColumn("Size", min: 8, ideal: 10, align: .right, order: TableColumn.by { $0.size }) {
                    TableCell($0.isFolder ? "folder" : Quantity.bytes($0.size), $0.isFolder ? .faint : .dim)
                },
                TableColumn("Modified", min: 19, ideal: 19, order: TableColumn.by { $0.modified ?? .epoch }) {
                    TableCell(ScheduleText.text($0.modified), .dim)
                },
                TableColumn("Class", min: 9, ideal: 14) { TableCell(($0.storageClass ?? "").lowercased(), .faint) },
            ],
            empty: prefix.isEmpty ? "The bucket is empty. Press u to put an object in." : "Nothing is below \(prefix).")
    }

    var crumbs: [String] { ["S3", bucket, prefix.isEmpty ? "Objects" : prefix] }
    var title: String { bucket }
    var topics: Set<Topic> { [Topic("s3/\(bucket)"), "s3"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape || !prefix.isEmpty }
    var copyText: String? { table.selected.map { "s3://\(bucket)/\($0.key)" } ?? "s3://\(bucket)/\(prefix)" }

    var bindings: [KeyBinding] {
        let selected = table.selected
        let one = Availability.when(selected != nil, otherwise: "No object is selected")
        let object =
            selected.map { Availability.when(!$0.isFolder, otherwise: "A folder is no object: open it") } ?? one
        return [
            .open(one),
            KeyBinding(["u"], "upload", "upload", help: "Put a file or a text into the bucket", menu: true),
            KeyBinding(["o"], "download", "download", help: "Save it as a file", availability: object, menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the objects marked, or the selected one", availability: object,
                menu: true, destructive: true),
            KeyBinding(
                ["-", "backspace"], "up", "up", help: "The folder above",
                availability: .when(!prefix.isEmpty, otherwise: "This is the top"), prominence: .help),
            .refresh,
        ] + Table<Row>.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("open"): return open()
        case .action("up"): return show(above)
        case .action("upload"): return [.form(ObjectForms.upload(to: prefix)) { .uploadRequested($0) }]
        case .action("download"):
            return table.selected.map { row in
                [.form(ObjectForms.download(row.key)) { .downloadRequested(row, $0) }]
            } ?? []
        case .action("delete"): return confirmDelete()
        case .action(let action):
            _ = table.perform(action)
            return moreIfNeeded()
        case .input(.key(.escape)) where !table.handlesEscape: return show(above)
        case .input(let input):
            _ = table.handle(input)
            return moreIfNeeded()
        case .message(let message): return receive(message)
        case .tick: return []
        }
    }

    /// `a/b/` is above `a/b/c/`.
    private var above: String {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return parts.isEmpty ? "" : parts.joined(separator: "/") + "/"
    }

    private mutating func open() -> [Effect<Message>] {
        guard let row = table.selected else { return [] }
        return row.isFolder ? show(row.key) : [.open("s3.object", bucket, row.key)]
    }

    private mutating func show(_ folder: String) -> [Effect<Message>] {
        prefix = folder
        next = nil
        table = Self.table(folder)
        return [.cancel("more"), load()]
    }

    private func confirmDelete() -> [Effect<Message>] {
        let rows = table.targets.filter { !$0.isFolder }
        guard let first = rows.first else { return [.toast("Folders are no objects: open them", .warning)] }
        let bytes = rows.reduce(0) { $0 + $1.size }
        return [
            .confirm(
                .delete(
                    rows.count == 1 ? "object \(first.name(in: prefix))" : "\(rows.count) objects",
                    consequences: rows.prefix(8).map(\.key) + [Quantity.bytes(bytes)]), then: .deleteConfirmed(rows))
        ]
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let page)):
            failure = nil
            isFetching = false
            next = page.next
            table.rows = page.rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .more(.success(let page)):
            isFetching = false
            next = page.next
            table.rows = (table.rows ?? []) + page.rows
        case .more(.failure(let error)):
            isFetching = false
            return [.toast(error.sentence, .failed)]
        case .uploadRequested(let values): return [upload(values)]
        case .uploaded(.success(let key), _): return [.toast("Put \(key)"), load()]
        case .uploaded(.failure(let error), let values):
            let form = ObjectForms.upload(to: prefix).filled(with: values, failure: error.sentence)
            return [.form(form) { .uploadRequested($0) }]
        case .downloadRequested(let row, let values): return [download(row, values)]
        case .downloaded(_, .success(let path), _): return [.toast("Saved \(path)")]
        case .downloaded(let row, .failure(let error), let values):
            let form = ObjectForms.download(row.key).filled(with: values, failure: error.sentence)
            return [.form(form) { .downloadRequested(row, $0) }]
        case .deleteConfirmed(let rows): return [delete(rows)]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), load()]
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        var note = table.countNote
        if next != nil { note.append("+", .dim) }
        let place = prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)"
        table.showing(failure).render(
            on: surface.panel(place.clippedInMiddle(to: max(12, surface.width - 20)), focused: true, note: note),
            focused: frame.isInteractive)
    }
}

extension BucketScreen {
    private static func page(_ bucket: String, _ prefix: String, _ token: String?, _ context: ConsoleContext)
        async throws(AWSError) -> Page
    {
        let answer = try await context.aws.call(
            S3.listObjectsV2, .init(bucket: bucket, delimiter: "/", prefix: prefix, continuationToken: token))
        let folders = (answer.commonPrefixes ?? []).compactMap(\.prefix).map { Row(key: $0, isFolder: true) }
        let objects = (answer.contents ?? []).compactMap { object in
            object.key.map {
                Row(
                    key: $0, isFolder: false, size: object.size ?? 0, modified: object.lastModified,
                    storageClass: object.storageClass)
            }
        }
        return Page(
            rows: folders + objects, next: answer.isTruncated == true ? answer.nextContinuationToken : nil)
    }

    private func load() -> Effect<Message> {
        let (bucket, prefix) = (bucket, prefix)
        return .work("load") { context in
            try await Self.page(bucket, prefix, nil, context)
        } then: {
            .loaded($0)
        }
    }

    /// Fetches the next page once the selection nears the end.
    private mutating func moreIfNeeded() -> [Effect<Message>] {
        guard let token = next, !isFetching, table.selectedIndex >= table.count - 20 else { return [] }
        isFetching = true
        let (bucket, prefix) = (bucket, prefix)
        return [
            .work("more") { context in
                try await Self.page(bucket, prefix, token, context)
            } then: {
                .more($0)
            }
        ]
    }

    private func upload(_ values: FormValues) -> Effect<Message> {
        let bucket = bucket
        return .work("upload") { context in
            let bytes = values["from"] == "file" ? try LocalFile.read(values["path"]) : Array(values["text"].utf8)
            let key = ObjectForms.key(values)
            _ = try await context.aws.call(
                S3.putObject,
                .init(body: bytes, bucket: bucket, contentType: values.optional("type"), key: key))
            return key
        } then: {
            .uploaded($0, values)
        }
    }

    private func download(_ row: Row, _ values: FormValues) -> Effect<Message> {
        let bucket = bucket
        return .work("download") { context in
            let object = try await context.aws.call(S3.getObject, .init(bucket: bucket, key: row.key))
            try LocalFile.write(object.body ?? [], to: values["path"])
            return values["path"]
        } then: {
            .downloaded(row, $0, values)
        }
    }

    private func delete(_ rows: [Row]) -> Effect<Message> {
        let bucket = bucket
        return .work("delete") { context in
            // AWS: up to a thousand in one call.
            for start in stride(from: 0, to: rows.count, by: 1000) {
                let keys = rows[start..<min(start + 1000, rows.count)].map { S3.ObjectIdentifier(key: $0.key) }
                let answer = try await context.aws.call(
                    S3.deleteObjects, .init(bucket: bucket, delete: .init(objects: keys, quiet: true)))
                if let failed = answer.errors?.first {
                    throw AWSError(failed.code ?? "", "\(failed.key ?? ""): \(failed.message ?? "")")
                }
            }
        } then: {
            .acted("Deleted \(Quantity.count(rows.count, "object"))", $0)
        }
    }
}
