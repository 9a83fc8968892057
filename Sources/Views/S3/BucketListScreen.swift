import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All buckets.
struct BucketListScreen: Screen {
    struct Row: Identifiable, Hashable, Sendable {
        var bucket: S3.Bucket
        var id: String { bucket.name ?? "" }
    }

    enum Message: Sendable {
        case loaded(Result<[Row], any Error>)
        case createRequested(FormValues)
        case created(Result<Void, any Error>, FormValues)
        case deleteConfirmed([Row])
        case acted(String, Result<Void, any Error>)
    }

    var table = Table<Row>(
        id: "buckets",
        columns: [
            TableColumn("Bucket", min: 20, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Region", min: 10, ideal: 14, order: TableColumn.by { $0.bucket.bucketRegion ?? "" }) {
                TableCell($0.bucket.bucketRegion ?? "–", .dim)
            },
            TableColumn("Created", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.bucket.creationDate), .dim) },
        ], empty: "No buckets. Press n to create one.")
    var failure: String?

    var crumbs: [String] { ["S3", "Buckets"] }
    var topics: Set<Topic> { ["s3"] }
    var capturesText: Bool { table.capturesText }
    var handlesEscape: Bool { table.handlesEscape }
    var copyText: String? { table.selected.map { "arn:aws:s3:::\($0.id)" } }

    var bindings: [KeyBinding] {
        let one = Availability.when(table.selected != nil, otherwise: "No bucket is selected")
        return [
            .open(one),
            KeyBinding(["n"], "new", "create", help: "Create a bucket", menu: true),
            KeyBinding(
                ["d"], "delete", "delete", help: "Delete the buckets marked, or the selected one; they must be empty",
                availability: one, menu: true, destructive: true),
            .refresh,
        ] + Table<Row>.bindings
    }

    /// AWS: 3–63 of lower case, digits, dots and hyphens, beginning and ending with a letter or digit.
    static func nameProblem(_ text: String) -> String? {
        if text.count < 3 { return "At least 3 characters" }
        if text.count > 63 { return "At most 63 characters, this has \(text.count)" }
        func isPlain(_ character: Character) -> Bool {
            character.isASCII && (character.isNumber || (character.isLetter && character.isLowercase))
        }
        guard text.allSatisfy({ isPlain($0) || $0 == "-" || $0 == "." }) else {
            return "Lower-case letters, digits, - and . only"
        }
        guard text.first.map(isPlain) == true, text.last.map(isPlain) == true else {
            return "It begins and ends with a letter or digit"
        }
        return text.contains("..") ? "No two dots side by side" : nil
    }

    static let createForm = Form(
        "Create bucket", submit: "Create",
        [
            FormField(
                "name", "Name", hint: "3–63 lower-case letters, digits, - and .; no other bucket may have it",
                required: true, validate: { text, _ in nameProblem(text) }),
            FormField(
                "region", "Region", hint: "Empty: the region of this console",
                validate: { text, _ in text.contains("-") ? nil : "A region such as eu-central-1" }),
        ])

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [Self.load()]
        case .action("open"): return table.selected.map { [.open("s3.bucket", $0.id)] } ?? []
        case .action("create"): return [.form(Self.createForm) { .createRequested($0) }]
        case .action("delete"):
            let rows = table.targets
            let what = rows.count == 1 ? "bucket \(rows[0].id)" : "\(rows.count) buckets"
            return rows.isEmpty
                ? []
                : [
                    .confirm(
                        .delete(
                            what, consequences: rows.map(\.id), typeToConfirm: rows.count == 1 ? rows[0].id : "delete"),
                        then: .deleteConfirmed(rows))
                ]
        case .action(let action): _ = table.perform(action)
        case .input(let input): _ = table.handle(input)
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let rows)):
            failure = nil
            table.rows = rows
        case .loaded(.failure(let error)):
            failure = error.sentence
            return table.rows == nil ? [] : [.toast(error.sentence, .failed)]
        case .createRequested(let values):
            return [
                .work("create") { context in
                    _ = try await context.aws.call(
                        S3.createBucket,
                        .init(
                            bucket: values["name"],
                            createBucketConfiguration: values.optional("region").map { .init(locationConstraint: $0) }))
                } then: {
                    .created($0, values)
                }
            ]
        case .created(.success, let values): return [.toast("Created \(values["name"])"), Self.load()]
        case .created(.failure(let error), let values):
            return [.form(Self.createForm.filled(with: values, failure: error.sentence)) { .createRequested($0) }]
        case .deleteConfirmed(let rows):
            return [
                .work("delete") { context in
                    for row in rows { _ = try await context.aws.call(S3.deleteBucket, .init(bucket: row.id)) }
                } then: {
                    .acted("Deleted \(rows.count == 1 ? rows[0].id : "\(rows.count) buckets")", $0)
                }
            ]
        case .acted(let done, .success):
            table.clearMarks()
            return [.toast(done), Self.load()]
        case .acted(_, .failure(let error)): return [.toast(error.sentence, .failed), Self.load()]
        }
        return []
    }

    private static func load() -> Effect<Message> {
        .work("load") { context in
            var rows: [Row] = []
            var token: String?
            repeat {
                let page = try await context.aws.call(S3.listBuckets, .init(continuationToken: token))
                rows += (page.buckets ?? []).map { Row(bucket: $0) }
                token = page.continuationToken
            } while token != nil && !Task.isCancelled
            return rows
        } then: {
            .loaded($0)
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        table.showing(failure).render(
            on: surface.panel("Buckets", focused: true, note: table.countNote), focused: frame.isInteractive)
    }
}
