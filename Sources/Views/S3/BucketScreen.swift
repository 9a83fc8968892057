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

    enum Message: Sendable {
        case list(ResourceList<Row>.Message)
        case downloaded(FormStep)
    }

    let bucket: String
    private(set) var prefix: String
    var list: ResourceList<Row>

    init(bucket: String, prefix: String? = nil) {
        self.bucket = bucket
        self.prefix = prefix ?? ""
        list = Self.list(bucket, prefix ?? "")
    }

    private static func list(_ bucket: String, _ prefix: String) -> ResourceList<Row> {
        ResourceList(prefix.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(prefix)", table(prefix)) { token, context in
            try await page(bucket, prefix, token, context)
        }
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
    var capturesText: Bool { list.table.capturesText }
    var handlesEscape: Bool { list.table.handlesEscape || !prefix.isEmpty }
    private var selected: Row? { list.table.selected }
    var copyText: String? { selected.map { "s3://\(bucket)/\($0.key)" } ?? "s3://\(bucket)/\(prefix)" }

    var bindings: [KeyBinding] {
        let one = Availability.when(selected != nil, otherwise: "No object is selected")
        let object = selected.map { Availability.when(!$0.isFolder, otherwise: Self.folderReason) } ?? one
        return [
            .open(one),
            KeyBinding(
                ["u"], "upload", "upload", help: "Put a file or a text into the bucket", menu: true, needs: [.changes]),
            KeyBinding(["o"], "download", "download", help: "Save it as a file", availability: object, menu: true),
            deletion.binding(in: list.table),
            KeyBinding(
                ["-", "backspace"], "up", "up", help: "The folder above",
                availability: .when(!prefix.isEmpty, otherwise: "This is the top"), prominence: .help),
            .refresh,
        ] + Table<Row>.bindings
    }

    private static let folderReason = "A folder is no object: open it"

    private var deletion: BulkAction<Row> {
        let (bucket, prefix) = (bucket, prefix)
        return BulkAction(
            action: "delete", keys: ["d"], title: "delete", help: "Delete the objects marked, or the selected one",
            verb: { _ in .delete }, noun: "object", question: .destructive,
            note: { "\(Quantity.bytes($0.reduce(0) { $0 + $1.size })) in all. This cannot be undone." },
            name: { $0.name(in: prefix) }, consequence: { $0.key },
            availability: { row, _ in .when(!row.isFolder, otherwise: Self.folderReason) },
            // AWS: up to a thousand in one call.
            batch: 1000
        ) { rows, _, context in
            do {
                let keys = rows.map { S3.ObjectIdentifier(key: $0.key) }
                let answer = try await context.aws.call(
                    S3.deleteObjects, .init(bucket: bucket, delete: .init(objects: keys, quiet: true)))
                let problems = Dictionary(
                    (answer.errors ?? []).map { ($0.key ?? "", "\($0.code ?? ""): \($0.message ?? "")") },
                    uniquingKeysWith: { $1 })
                return Dictionary(
                    rows.enumerated().compactMap { index, row in problems[row.key].map { (index, $0) } },
                    uniquingKeysWith: { $1 })
            } catch {
                return BulkAction.all(rows, error)
            }
        }
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("open"): return open()
        case .action("up"): return show(above)
        case .action("upload"): return [upload()]
        case .action("download"): return selected.map { [download($0)] } ?? []
        case .action("delete"): return deletion.effects(on: list.table.targets) { .list(.acted($0)) }
        case .input(.key(.escape)) where !list.table.handlesEscape: return show(above)
        case .message(.list(let message)): return pass(.message(message))
        case .message(.downloaded(let step)): return step.effects { .downloaded($0) }
        default: return event.passedOn().map { pass($0) } ?? []
        }
    }

    private mutating func pass(_ event: ScreenEvent<ResourceList<Row>.Message>) -> [Effect<Message>] {
        list.update(event).map { $0.carried { .list($0) } }
    }

    /// `a/b/` is above `a/b/c/`.
    private var above: String {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return parts.isEmpty ? "" : parts.joined(separator: "/") + "/"
    }

    private mutating func open() -> [Effect<Message>] {
        guard let row = selected else { return [] }
        return row.isFolder ? show(row.key) : [.open("s3.object", bucket, row.key)]
    }

    private mutating func show(_ folder: String) -> [Effect<Message>] {
        prefix = folder
        list = Self.list(bucket, folder)
        return pass(.appeared)
    }

    func render(on surface: Surface, in frame: FrameContext) { list.render(on: surface, in: frame) }
}

extension BucketScreen {
    private static func page(
        _ bucket: String, _ prefix: String, _ token: String?, _ context: ConsoleContext
    ) async throws -> ListPage<Row> {
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
        return ListPage(folders + objects, next: answer.isTruncated == true ? answer.nextContinuationToken : nil)
    }

    private func upload() -> Effect<Message> {
        let bucket = bucket
        return FormTask.ask(ObjectForms.upload(to: prefix), { .list(.form($0)) }) { values, context in
            let bytes = values["from"] == "file" ? try LocalFile.read(values["path"]) : Array(values["text"].utf8)
            let key = ObjectForms.key(values)
            _ = try await context.aws.call(
                S3.putObject, .init(body: bytes, bucket: bucket, contentType: values.optional("type"), key: key))
            return .init("Put \(key)")
        }
    }

    private func download(_ row: Row) -> Effect<Message> {
        let bucket = bucket
        return FormTask.ask(ObjectForms.download(row.key).onlyForLooking(), { .downloaded($0) }) { values, context in
            let object = try await context.aws.call(S3.getObject, .init(bucket: bucket, key: row.key))
            try LocalFile.write(object.body ?? [], to: values["path"])
            return .init("Saved \(values["path"])")
        }
    }
}
