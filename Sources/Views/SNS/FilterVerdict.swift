import AWSClient
import AWSModel
import AWSTypes

/// One condition of a filter policy: a key, or a path into the body, and what its value may be.
struct FilterClause: Hashable, Sendable {
    var path: [String]
    var condition: DocumentValue
    var holds: Bool?

    /// `customer.tier`
    var name: String { path.joined(separator: ".") }

    /// Every condition of a policy, those inside objects of the body on their own.
    static func all(in policy: DocumentObject, under path: [String] = []) -> [FilterClause] {
        policy.flatMap { name, value in
            if let object = value.object { return all(in: object, under: path + [name]) }
            // AWS: an attribute policy may name a single value without a list.
            let condition: DocumentValue = value.list == nil ? [value] : value
            return [FilterClause(path: path + [name], condition: condition)]
        }
    }

    /// As a pattern of this clause alone, on an event's `detail`.
    var pattern: DocumentValue {
        (["detail"] + path).reversed().reduce(condition) { [$1: $0] }
    }
}

/// Whether a subscription would get a message, and which clauses of its policy say no.
struct FilterVerdict: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case unfiltered, matches, fails, pending
        /// It could not be told.
        case unknown(String)
    }

    var outcome: Outcome
    var clauses: [FilterClause] = []

    /// What a policy is held against: a body, or attributes as fields.
    struct Sample: Hashable, Sendable {
        var body: String
        var attributes: [String: SQS.MessageAttributeValue]

        /// AWS: attributes are strings, numbers and, of type `String.Array`, lists; a binary one matches nothing.
        var attributeFields: DocumentObject {
            var fields = DocumentObject()
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                guard let text = value.stringValue else { continue }
                switch value.dataType.split(separator: ".").first {
                case "Number": fields[name] = (try? JSONReader.parse(text)) ?? .string(text)
                case "String" where value.dataType == "String.Array":
                    fields[name] = (try? JSONReader.parse(text)) ?? .string(text)
                default: fields[name] = .string(text)
                }
            }
            return fields
        }
    }

    /// Asks EventBridge, whose patterns these are, for each clause by itself.
    static func judge(
        _ subscription: SubscriptionReading, _ sample: Sample, _ context: ConsoleContext
    ) async -> FilterVerdict {
        if subscription.isPending { return FilterVerdict(outcome: .pending) }
        guard let text = subscription.filterPolicy else { return FilterVerdict(outcome: .unfiltered) }
        guard let policy = (try? JSONReader.parse(text))?.object else {
            return FilterVerdict(outcome: .unknown("The policy is not JSON"))
        }
        var clauses = FilterClause.all(in: policy)
        let fields: DocumentObject
        if subscription.filtersBody {
            guard let body = (try? JSONReader.parse(sample.body))?.object else {
                for index in clauses.indices { clauses[index].holds = false }
                return FilterVerdict(outcome: .fails, clauses: clauses)
            }
            fields = body
        } else {
            fields = sample.attributeFields
        }
        do {
            for index in clauses.indices {
                clauses[index].holds = try await matches(clauses[index].pattern, fields, context)
            }
        } catch {
            return FilterVerdict(outcome: .unknown(error.sentence), clauses: clauses)
        }
        return FilterVerdict(outcome: clauses.allSatisfy { $0.holds == true } ? .matches : .fails, clauses: clauses)
    }

    private static func matches(
        _ pattern: DocumentValue, _ fields: DocumentObject, _ context: ConsoleContext
    ) async throws(AWSError) -> Bool {
        // EventBridge takes whole events only; what it is besides its detail is of no account.
        let event: DocumentValue = [
            "id": "0", "account": "123456789012", "source": "sns", "time": "2026-01-01T00:00:00Z",
            "region": "us-east-1", "resources": [], "detail-type": "message", "detail": .object(fields),
        ]
        let input = Events.TestEventPatternRequest(
            eventPattern: JSONWriter.string(pattern), event: JSONWriter.string(event))
        return try await context.aws.call(Events.testEventPattern, input).result ?? false
    }
}
