import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// Something that asks for attention, as the engine found it.
struct ProblemRow: Identifiable, Sendable, Hashable {
    let id: String
    /// Its place in the list, from 1: the key that tells why.
    var number: Int
    var resource: String
    /// What within the resource: a message, a group.
    var item: String?
    var rule: String
    var text: String
    var since: Instant?
    var movesAt: Instant?
    var related: String?

    init(_ problem: Skua.Problem, number: Int) {
        self.number = number
        resource = problem.resourceArn ?? ""
        item = problem.item
        rule = problem.rule ?? ""
        text = problem.text ?? ""
        since = problem.since
        movesAt = problem.movesAt
        related = problem.relatedArn
        id = "\(rule) \(resource) \(item ?? "") \(rule.hasSuffix("Denied") ? related ?? "" : "")"
    }

    var name: ResourceName { ResourceName(resource) }

    /// The problem as the first of its reasons.
    var reason: Reason {
        Reason(rule, text, movesAt: movesAt?.epochMilliseconds, relatedARN: related ?? resource)
    }

    /// The resource's name and what within it.
    var place: String { item.map { "\(name.shortName), \($0)" } ?? name.shortName }

    /// `north: MessageGroupLock …`, for the clipboard.
    var sentence: String { "\(resource)\(item.map { " \($0)" } ?? "") \(rule): \(text)" }

    /// What the engine finds wrong now; nil where there is no engine to ask.
    static func all(_ aws: AWSClient) async throws(AWSError) -> [ProblemRow] {
        let found = try await aws.call(Skua.listProblems, Skua.ListProblemsRequest()).problems ?? []
        return found.enumerated().map { ProblemRow($0.element, number: $0.offset + 1) }
    }

    static let columns: [TableColumn<ProblemRow>] = [
        TableColumn("#", min: 2, ideal: 2, align: .right) { row in
            TableCell(row.number < 10 ? "\(row.number)" : "·", row.number < 10 ? .key : .faint)
        },
        TableColumn("Resource", min: 14, ideal: 19, clipsMiddle: true, order: TableColumn.by(\.name.shortName)) {
            row in
            TableCell([Span("▲ ", .warning), Span(row.name.shortName)])
        },
        TableColumn("What is wrong", min: 30) { TableCell($0.text) },
        TableColumn("Since", min: 8, ideal: 8, order: TableColumn.by { $0.since ?? .epoch }) { row in
            TableCell(row.since.map(ElapsedTime.clock) ?? "", .dim)
        },
    ]
}

extension Table<ProblemRow> {
    /// `1…9`: why, of the one so numbered, without going there first. One binding each, so that help names them.
    var numberBindings: [KeyBinding] {
        (allRows ?? []).prefix(9).map { row in
            KeyBinding(
                [Key(.character(Character(String(row.number))))], "Why? \(row.name.shortName): \(row.rule)",
                ActionID("problem.\(row.number)"), prominence: .help)
        }
    }

    /// The row that one of ``numberBindings`` names.
    func numbered(by action: ActionID) -> ProblemRow? {
        guard action.name.hasPrefix("problem."), let number = Int(action.name.dropFirst("problem.".count)) else {
            return nil
        }
        return allRows?.first { $0.number == number }
    }
}

extension WhyScreen {
    /// *Why?* of something that is wrong: what was found, then all else that holds the resource.
    init(_ problem: ProblemRow) {
        self.init(arn: problem.resource, item: problem.item, found: problem.reason)
    }
}
