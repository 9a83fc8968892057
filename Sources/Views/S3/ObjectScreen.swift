import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One object: what it is, and how it begins where it is text.
struct ObjectScreen: Screen {
    struct Reading: Sendable {
        var head: S3.HeadObjectOutput
        var tags: [S3.Tag]
        /// Nil for what is not text.
        var text: String?
        var isWhole: Bool
    }

    enum Message: Sendable {
        case read(Result<Reading, any Error>)
        case downloadRequested(FormValues)
        case downloaded(Result<String, any Error>, FormValues)
        case deleteConfirmed
        case deleted(Result<Void, any Error>)
    }

    /// More of an object is not fetched to be looked at.
    private static let shown = 256 * 1024

    let bucket: String
    let key: String
    var reading: Reading?
    var list = KeyValueList(id: "object")
    var viewer = JSONViewer("", id: "object.text")
    var isOnText = false

    init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    var crumbs: [String] { ["S3", bucket, key] }
    var title: String { key }
    var topics: Set<Topic> { [Topic("s3/\(bucket)")] }
    var capturesText: Bool { isOnText && viewer.capturesText }
    var handlesEscape: Bool { isOnText && viewer.handlesEscape }
    var copyText: String? { isOnText ? viewer.text : list.selected?.value ?? "s3://\(bucket)/\(key)" }

    private var isRead: Availability { .when(reading != nil, otherwise: "It has not been read yet") }

    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["tab"], isOnText ? "to the details" : "to the text", "pane", help: "Between details and text",
                availability: .when(reading?.text != nil, otherwise: "It is no text")),
            KeyBinding(["o"], "download", "download", help: "Save it as a file", availability: isRead, menu: true),
            KeyBinding(
                ["D"], "delete", "delete", help: "Delete the object", availability: isRead, menu: true,
                destructive: true),
            .refresh,
        ] + (isOnText ? JSONViewer.bindings : KeyValueList.bindings)
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"): return [load()]
        case .action("pane"): isOnText.toggle()
        case .action("download"): return [.form(ObjectForms.download(key)) { .downloadRequested($0) }]
        case .action("delete"):
            return [.confirm(.delete("object \(key)", consequences: ["s3://\(bucket)/\(key)"]), then: .deleteConfirmed)]
        case .action(let action):
            if isOnText { _ = viewer.perform(action) } else { _ = list.perform(action) }
        case .input(let input):
            if isOnText { _ = viewer.handle(input) } else { _ = list.handle(input) }
        case .message(let message): return receive(message)
        case .tick: break
        }
        return []
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .read(.success(let new)):
            reading = new
            list.items = items(new)
            viewer.set(new.text ?? "")
        case .read(.failure(let error)):
            list.items = []
            list.emptyText = error.sentence
        case .downloadRequested(let values):
            let (bucket, key) = (bucket, key)
            return [
                .work("download") { context in
                    let object = try await context.aws.call(S3.getObject, .init(bucket: bucket, key: key))
                    try LocalFile.write(object.body ?? [], to: values["path"])
                    return values["path"]
                } then: {
                    .downloaded($0, values)
                }
            ]
        case .downloaded(.success(let path), _): return [.toast("Saved \(path)")]
        case .downloaded(.failure(let error), let values):
            let form = ObjectForms.download(key).filled(with: values, failure: error.sentence)
            return [.form(form) { .downloadRequested($0) }]
        case .deleteConfirmed:
            let (bucket, key) = (bucket, key)
            return [
                .work("delete") { context in
                    _ = try await context.aws.call(S3.deleteObject, .init(bucket: bucket, key: key))
                } then: {
                    .deleted($0)
                }
            ]
        case .deleted(.success): return [.toast("Deleted \(key)"), .pop]
        case .deleted(.failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    private func load() -> Effect<Message> {
        let (bucket, key) = (bucket, key)
        return .work("read") { context in
            let head = try await context.aws.call(S3.headObject, .init(bucket: bucket, key: key))
            let tags = try? await context.aws.call(S3.getObjectTagging, .init(bucket: bucket, key: key)).tagSet
            let size = head.contentLength ?? 0
            var text: String?
            if size > 0 {
                let part = try await context.aws.call(
                    S3.getObject,
                    .init(bucket: bucket, key: key, range: size > Self.shown ? "bytes=0-\(Self.shown - 1)" : nil))
                text = Self.text(part.body ?? [])
            }
            return Reading(head: head, tags: tags ?? [], text: text, isWhole: size <= Self.shown)
        } then: {
            .read($0)
        }
    }

    /// Nil for what is not UTF-8; a character cut at the end is left out.
    private static func text(_ bytes: [UInt8]) -> String? {
        if bytes.contains(0) { return nil }
        for cut in 0..<4 where bytes.count > cut {
            if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }

    private func items(_ reading: Reading) -> [KeyValue] {
        let head = reading.head
        var items: [KeyValue] = [
            .heading("Object"),
            KeyValue("Key", text: key),
            KeyValue("Size", text: "\((head.contentLength ?? 0).grouped) bytes"),
            KeyValue("Modified", text: ScheduleText.text(head.lastModified)),
            KeyValue("Content type", text: head.contentType ?? ""),
            KeyValue("ETag", text: head.eTag ?? ""),
            KeyValue("Class", text: (head.storageClass ?? "STANDARD").lowercased()),
        ]
        if let version = head.versionId { items.append(KeyValue("Version", text: version)) }
        if let encryption = head.serverSideEncryption { items.append(KeyValue("Encryption", text: encryption)) }
        if let encoding = head.contentEncoding { items.append(KeyValue("Encoding", text: encoding)) }
        let metadata = (head.metadata ?? [:]).sorted { $0.key < $1.key }
        if !metadata.isEmpty { items.append(.heading("Metadata")) }
        items += metadata.map { KeyValue($0.key, text: $0.value) }
        if !reading.tags.isEmpty { items.append(.heading("Tags")) }
        items += reading.tags.map { KeyValue($0.key, text: $0.value) }
        return items
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let hasText = reading?.text != nil
        let parts =
            !hasText
            ? [surface]
            : surface.width >= 110
                ? surface.columns([.percent(42), .fill()])
                : surface.rows([.fixed(min(10, surface.height / 2)), .fill()])
        list.render(
            on: parts[0].panel("Object", focused: !isOnText), focused: frame.isInteractive && !isOnText)
        guard hasText else { return }
        let note = StyledLine(reading?.isWhole == true ? "" : "the first \(Quantity.bytes(Self.shown))", .dim)
        viewer.render(
            on: parts[1].panel("Text", focused: isOnText, note: note).inset(horizontally: 1),
            focused: frame.isInteractive && isOnText)
    }
}
