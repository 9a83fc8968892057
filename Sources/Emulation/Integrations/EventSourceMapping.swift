import AWSModel
import AWSTypes

/// A queue's messages, sent to a function: what is kept of an event source mapping.
final class EventSourceMapping {
    let scope: Scope
    let uuid: String
    var configuration: Lambda.EventSourceMappingConfiguration
    var tags: [String: String] = [:]
    /// What polls the source; nil until the mapping is up and after it is deleted.
    var source: SQSEventSource?
    /// What was found out last about the role's right to poll.
    var permission: Permission?

    struct Permission {
        struct Question: Hashable {
            var generation: UInt64
            var enforcement: Enforcement
        }
        var question: Question
        var problem: ServiceError?
    }

    init(scope: Scope, uuid: String, configuration: Lambda.EventSourceMappingConfiguration) {
        self.scope = scope
        self.uuid = uuid
        self.configuration = configuration
    }

    var arn: String { scope.arn("lambda", "event-source-mapping:\(uuid)") }
    var sourceArn: String { configuration.eventSourceArn ?? "" }
    /// The function, with the alias or version that was named.
    var functionArn: String { configuration.functionArn ?? "" }
    var batchSize: Int { configuration.batchSize ?? 10 }
    var window: Duration { .seconds(configuration.maximumBatchingWindowInSeconds ?? 0) }
    var isEnabled: Bool { configuration.state == "Enabled" }
    var reportsItemFailures: Bool {
        configuration.functionResponseTypes?.contains("ReportBatchItemFailures") ?? false
    }

    init(scope: Scope, uuid: String, document: DocumentObject) {
        self.scope = scope
        self.uuid = uuid
        configuration = Lambda.EventSourceMappingConfiguration(document.object("Configuration") ?? [:])
        configuration.lastModified = Instant(microseconds: document["LastModified"]?.integer ?? 0)
        tags = document.stringMap("Tags") ?? [:]
    }

    var document: DocumentObject {
        var stored = configuration
        stored.lastModified = nil
        return [
            "Configuration": .object(stored.document),
            "LastModified": .integer(configuration.lastModified?.microseconds ?? 0),
            "Tags": .object(DocumentObject(tags.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
        ]
    }
}

/// The filters of a mapping: up to five patterns, of which one must match.
struct EventFilters {
    private let patterns: [EventPattern]

    /// Nil where there are none: everything passes.
    init?(_ criteria: Lambda.FilterCriteria?) throws(ServiceError) {
        let filters = criteria?.filters ?? []
        guard !filters.isEmpty else { return nil }
        guard filters.count <= 5 else {
            throw .lambdaInvalid("Maximum number of filters per event source mapping exceeded. Limit is 5.")
        }
        var patterns: [EventPattern] = []
        for filter in filters {
            do throws(EventPatternError) {
                patterns.append(try EventPattern(filter.pattern ?? ""))
            } catch {
                throw .lambdaInvalid("Invalid filter pattern definition.")
            }
        }
        self.patterns = patterns
    }

    /// Whether a queue's record passes. AWS: a JSON body is compared as JSON where the pattern for `body` is an object,
    /// as text where it is a list; a body of the other kind never matches.
    func passes(_ record: DocumentObject) -> Bool {
        let body = record.string("body") ?? ""
        let parsed = (try? JSONReader.parse(body))?.object
        return patterns.contains { pattern in
            Self.seen(record, by: pattern, body: parsed).map { pattern.matches(.object($0)) } ?? false
        }
    }

    /// What of a record its patterns refuse: of the first, where there are several.
    func mismatch(_ record: DocumentObject) -> String? {
        guard let pattern = patterns.first else { return nil }
        guard let seen = Self.seen(record, by: pattern) else {
            return "the body is not of the kind the pattern asks for"
        }
        return pattern.mismatch(.object(seen))
    }

    /// The record as a pattern looks at it; nil where its body is of the other kind.
    static func seen(_ record: DocumentObject, by pattern: EventPattern) -> DocumentObject? {
        seen(record, by: pattern, body: record.string("body").flatMap { try? JSONReader.parse($0) }?.object)
    }

    private static func seen(
        _ record: DocumentObject, by pattern: EventPattern, body: DocumentObject?
    ) -> DocumentObject? {
        guard let field = pattern.topLevelFields.first(where: { $0.name == "body" }) else { return record }
        guard field.isObject else { return body == nil ? record : nil }
        guard let body else { return nil }
        var seen = record
        seen["body"] = .object(body)
        return seen
    }
}
