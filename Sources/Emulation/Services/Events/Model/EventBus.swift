import AWSModel
import AWSTypes

/// A bus with its rules.
final class EventBus {
    let scope: Scope
    let name: String
    let created: Instant
    var modified: Instant
    var description: String?
    var kmsKeyIdentifier: String?
    var deadLetterArn: String?
    var logConfig: Events.LogConfig?
    /// Statements of the resource policy.
    var statements: [DocumentObject] = []
    var tags: [String: String] = [:]
    private(set) var rules = OrderedKeys<EventRule>()
    /// Names of rules by the ARNs of their targets.
    private var rulesByTarget: [String: OrderedKeys<String>] = [:]
    private var index: [RuleKey: [String]] = [:]
    var archives: [String] = []

    /// What an event must have for a rule to be looked at. Nil stands for any.
    private struct RuleKey: Hashable {
        var source: String?
        var detailType: String?
    }

    init(scope: Scope, name: String, created: Instant) {
        self.scope = scope
        self.name = name
        self.created = created
        modified = created
    }

    var arn: String { scope.arn("events", "event-bus/\(name)") }
    var isDefault: Bool { name == "default" }

    func rule(_ name: String) -> EventRule? { rules[name] }

    /// Rules that somebody put, not those that services manage.
    var ownRules: [EventRule] { rules.values.filter { $0.managedBy == nil } }

    /// Adds a rule or puts one in place of its namesake.
    func put(_ rule: EventRule) {
        remove(rule.name)
        rules[rule.name] = rule
        for target in rule.targets { rulesByTarget[target.arn, default: OrderedKeys()][rule.name] = rule.name }
        for key in keys(of: rule) { index[key, default: []].append(rule.name) }
    }

    func remove(_ name: String) {
        guard let rule = rules[name] else { return }
        rules[name] = nil
        for target in rule.targets { rulesByTarget[target.arn]?[name] = nil }
        for key in keys(of: rule) {
            index[key]?.removeAll { $0 == name }
            if index[key]?.isEmpty ?? false { index[key] = nil }
        }
    }

    func setTargets(_ targets: [Events.Target], of rule: EventRule) {
        for target in rule.targets { rulesByTarget[target.arn]?[rule.name] = nil }
        rule.targets = targets
        for target in targets { rulesByTarget[target.arn, default: OrderedKeys()][rule.name] = rule.name }
    }

    func ruleNames(withTarget arn: String) -> OrderedKeys<String> { rulesByTarget[arn] ?? OrderedKeys() }

    private func keys(of rule: EventRule) -> [RuleKey] {
        guard let pattern = rule.pattern else { return [] }
        let sources = pattern.exactTexts(of: "source").map { $0.map(Optional.some) } ?? [nil]
        let types = pattern.exactTexts(of: "detail-type").map { $0.map(Optional.some) } ?? [nil]
        return Set(sources.flatMap { source in types.map { RuleKey(source: source, detailType: $0) } }).map { $0 }
    }

    /// Rules that an event may match, as far as its source and type tell: never all of a large bus.
    func candidates(for event: BusEvent) -> [EventRule] {
        let keys = [
            RuleKey(source: event.source, detailType: event.detailType), RuleKey(source: event.source, detailType: nil),
            RuleKey(source: nil, detailType: event.detailType), RuleKey(source: nil, detailType: nil),
        ]
        return keys.flatMap { index[$0] ?? [] }.compactMap { rules[$0] }
    }

    /// Named `default` where a request names none; the ARN of another bus names that.
    static func name(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "default" }
        guard text.hasPrefix("arn:"), let slash = text.range(of: "event-bus/") else { return text }
        return String(text[slash.upperBound...])
    }

    /// What two requests for the same bus have in common.
    static func key(_ text: String?) -> String { text.map { $0.isEmpty ? "default" : $0 } ?? "default" }

    var policy: String? {
        guard !statements.isEmpty else { return nil }
        return JSONWriter.string([
            "Version": "2012-10-17", "Statement": .list(statements.map(DocumentValue.object)),
        ])
    }

    var document: DocumentObject {
        var document: DocumentObject = [
            "created": .integer(created.microseconds), "modified": .integer(modified.microseconds),
            "statements": .list(statements.map(DocumentValue.object)),
            "tags": .entries(tags, DocumentValue.string),
        ]
        document.putString("description", description)
        document.putString("kms", kmsKeyIdentifier)
        document.putString("deadLetter", deadLetterArn)
        document.putStructure("log", logConfig)
        return document
    }

    convenience init(scope: Scope, name: String, document: DocumentObject) {
        self.init(scope: scope, name: name, created: Instant(microseconds: document["created"]?.integer ?? 0))
        modified = Instant(microseconds: document["modified"]?.integer ?? 0)
        statements = document.list("statements")?.compactMap(\.object) ?? []
        tags = document.stringMap("tags") ?? [:]
        description = document.string("description")
        kmsKeyIdentifier = document.string("kms")
        deadLetterArn = document.string("deadLetter")
        logConfig = document.structure("log")
    }
}
