import AWSClient
import AWSModel
import AWSTypes

/// Whether a subscription would get a message, and which clauses of its policy say no.
struct FilterVerdict: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case unfiltered, matches, fails, pending
        /// It could not be told.
        case unknown(String)
    }

    var outcome: Outcome
    var explanation: PatternExplanation?

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

    static func judge(
        _ subscription: SubscriptionReading, _ sample: Sample, _ context: ConsoleContext
    ) async -> FilterVerdict {
        if subscription.isPending { return FilterVerdict(outcome: .pending) }
        guard let policy = subscription.filterPolicy else { return FilterVerdict(outcome: .unfiltered) }
        let isOnBody = subscription.filtersBody
        let held = isOnBody ? sample.body : JSONWriter.string(.object(sample.attributeFields))
        do {
            let explanation = try await PatternExplanation.read(
                policy, held, kind: isOnBody ? .body : .attributes, context)
            return FilterVerdict(outcome: explanation.matches ? .matches : .fails, explanation: explanation)
        } catch {
            return FilterVerdict(outcome: .unknown(error.sentence))
        }
    }
}
