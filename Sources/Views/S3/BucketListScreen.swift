import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All buckets.
struct BucketListScreen: ListScreen {
    struct Row: Identifiable, Hashable, Sendable {
        var bucket: S3.Bucket
        var id: String { bucket.name ?? "" }
    }

    private static let table = Table<Row>(
        id: "buckets",
        columns: [
            TableColumn("Bucket", min: 20, order: TableColumn.by { $0.id }) { TableCell($0.id) },
            TableColumn("Region", min: 10, ideal: 14, order: TableColumn.by { $0.bucket.bucketRegion ?? "" }) {
                TableCell($0.bucket.bucketRegion ?? "–", .dim)
            },
            TableColumn("Created", min: 19, ideal: 19) { TableCell(ScheduleText.text($0.bucket.creationDate), .dim) },
        ], empty: "No buckets. Press n to create one.")

    var list = ResourceList("Buckets", Self.table) { token, context in
        let page = try await context.aws.call(S3.listBuckets, .init(continuationToken: token))
        return ListPage((page.buckets ?? []).map { Row(bucket: $0) }, next: page.continuationToken)
    }
    static let noun: Noun = "bucket"

    var crumbs: [String] { ["S3", "Buckets"] }
    var topics: Set<Topic> { ["s3"] }
    var copyText: String? { selected.map { "arn:aws:s3:::\($0.id)" } }
    var ownBindings: [KeyBinding] { [.open(one), Self.new()] }

    var actions: [BulkAction<Row>] {
        [
            .delete(
                Self.noun, help: "Delete the buckets marked, or the selected one; they must be empty",
                name: { $0.id }, each: { _ = try await $1.aws.call(S3.deleteBucket, .init(bucket: $0.id)) })
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("s3.bucket", $0.id)] } ?? []
        case "create":
            asking(Self.createForm) { values, context in
                _ = try await context.aws.call(
                    S3.createBucket,
                    .init(
                        bucket: values["name"],
                        createBucketConfiguration: values.optional("region").map { .init(locationConstraint: $0) }))
                return .init("Created \(values["name"])")
            }
        default: nil
        }
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
                "region", "Region",
                of: ModelledMember(S3.createBucket, "CreateBucketConfiguration", "LocationConstraint"),
                note: "regions; empty: that of this console", required: false,
                // AWS: us-east-1 is the one that is not named.
                validate: { text, _ in text.contains("-") ? nil : "A region such as eu-central-1" }),
        ])
}
