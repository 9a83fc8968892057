import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// All topics.
struct TopicListScreen: ListScreen {
    private static let table = Table<TopicReading>(
        id: "topics",
        columns: [
            TableColumn("Name", min: 20, order: TableColumn.by { $0.name }) {
                TableCell($0.name, $0.problem == nil ? .text : .failure)
            },
            TableColumn("Type", min: 8, ideal: 8, order: TableColumn.by { $0.isFIFO ? 1 : 0 }) {
                TableCell($0.isFIFO ? "FIFO" : "Standard", .dim)
            },
            TableColumn("Subscribed", min: 10, ideal: 10, align: .right, order: TableColumn.by { $0.confirmed }) {
                Self.count($0, $0.confirmed, .text)
            },
            TableColumn("Pending", min: 7, ideal: 8, align: .right, order: TableColumn.by { $0.pending }) {
                Self.count($0, $0.pending, .warning)
            },
            TableColumn("Encryption", min: 10, ideal: 14, clipsMiddle: true) {
                TableCell($0.isRead ? $0.encryptionKey ?? "–" : "", .dim)
            },
            TableColumn("Display name", min: 12, order: TableColumn.by { $0.displayName }) {
                TableCell($0.displayName, .dim)
            },
        ], empty: "No topics. Press n to create one.")

    private static func count(_ topic: TopicReading, _ number: Int, _ role: Role) -> TableCell {
        topic.isRead ? TableCell(number.grouped, number > 0 ? role : .dim) : TableCell("…", .dim)
    }

    var list = ResourceList(
        "Topics", Self.table, details: TopicReading.details, order: { $0.name < $1.name }, read: TopicReading.page)
    static let noun: Noun = "topic"

    var crumbs: [String] { ["SNS", "Topics"] }
    var topics: Set<Topic> { ["sns"] }
    var copyText: String? { selected?.arn }

    var ownBindings: [KeyBinding] {
        [
            .open(one), Self.new(),
            KeyBinding(
                ["m"], "publish", "publish", help: "Publish a message to it", availability: one, menu: true,
                needs: [.changes]),
            .why(one),
        ]
    }

    var actions: [BulkAction<TopicReading>] {
        [
            .delete(
                Self.noun, name: { $0.name }, consequence: { $0.holdings },
                each: { _ = try await $1.aws.call(SNS.deleteTopic, .init(topicArn: $0.arn)) })
        ]
    }

    mutating func perform(_ action: ActionID) -> [Effect<Message>]? {
        switch action {
        case "open": selected.map { [.open("sns.topic", $0.arn)] } ?? []
        case "publish": selected.map { [.open("sns.topic", $0.arn, "Publish")] } ?? []
        case "why": selected.map { [.push(WhyScreen(arn: $0.arn))] } ?? []
        case "create":
            asking(TopicForms.create()) { values, context in
                let arn =
                    try await context.aws.call(SNS.createTopic, TopicForms.createRequest(values)).topicArn ?? ""
                return .init(
                    "Created \(ResourceName.last(of: arn))", opens: ScreenAddress(id: "sns.topic", arguments: [arn]))
            }
        default: nil
        }
    }
}
