import AWSModel

/// A subscription's filter policy, read once. Attributes become an event with one field each, so that one matcher serves
/// attributes and bodies.
struct SNSFilter {
    let isOnBody: Bool
    let fields: [(name: String, pattern: EventPattern, clause: String)]

    /// - Throws: `InvalidParameter` with AWS's reason and the place it names.
    init(_ text: String, scope: String) throws(ServiceError) {
        let parsed = (try? JSONReader.parse(text))?.object
        guard let object = parsed else { throw .snsInvalid("FilterPolicy: \(Self.unreadable(text))") }
        isOnBody = scope == "MessageBody"
        guard !object.isEmpty else {
            fields = []
            return
        }
        // Attribute policies may name a single value without a list.
        let isPlain = object.contains { $0.1.list == nil && $0.1.object == nil }
        let whole = DocumentObject(object.map { ($0.0, Self.listed($0.1)) })
        do throws(EventPatternError) {
            _ = try EventPattern(isPlain ? JSONWriter.string(.object(whole)) : text)
        } catch {
            throw .snsInvalid("FilterPolicy: \(error.message)")
        }
        try Self.check(object, isOnBody: isOnBody)
        var fields: [(String, EventPattern, String)] = []
        for (name, value) in object {
            let clause = JSONWriter.string(.object([name: value]))
            guard let pattern = try? EventPattern([name: Self.coarse(Self.listed(value))]) else { continue }
            fields.append((name, pattern, clause))
        }
        self.fields = fields
    }

    private static func listed(_ value: DocumentValue) -> DocumentValue {
        switch value {
        case .list, .object: value
        default: [value]
        }
    }

    /// Why a text is no JSON object, as the parser that AWS has now says it: it names the place before the character.
    static func unreadable(_ text: String) -> String {
        do throws(EventPatternError) {
            _ = try EventPattern(text)
            return "failed to parse JSON."
        } catch {
            let numbers = error.location.split { !$0.isNumber }.suffix(2).compactMap { Int($0) }
            guard numbers.count == 2 else { return "failed to parse JSON. \(error.reason)" }
            let column = numbers[1] - (error.reason.contains("start field name") ? 0 : 1)
            return
                "failed to parse JSON. \(error.reason)\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: \(numbers[0]), column: \(column)]"
        }
    }

    /// AWS compares numbers with five digits after the decimal point.
    static func coarse(_ value: DocumentValue) -> DocumentValue {
        switch value {
        case .number(let number) where abs(number) < 1e9:
            // The little more keeps 0.29 what it is, although its nearest binary number is less.
            .number((number * 1e5 + (number < 0 ? -1e-6 : 1e-6)).rounded(.towardZero) / 1e5)
        case .list(let list): .list(list.map(coarse))
        case .object(let object): .object(DocumentObject(object.map { ($0.0, coarse($0.1)) }))
        default: value
        }
    }

    private static func check(_ object: DocumentObject, isOnBody: Bool) throws(ServiceError) {
        guard object.count <= 5 else { throw .snsInvalid("FilterPolicy: Filter policy can not have more than 5 keys") }
        if !isOnBody, object.contains(where: { $0.0 != "$or" && $0.1.object != nil }) {
            throw .snsInvalid("Filter policy scope MessageAttributes does not support nested filter policy")
        }
        guard combinations(.object(object), depth: 1, isOnBody) <= 150 else {
            throw .snsInvalid("FilterPolicy: Filter policy is too complex")
        }
    }

    /// AWS: the values of all keys multiplied; in a body, each level multiplies its depth as well.
    private static func combinations(_ value: DocumentValue, depth: Int, _ isOnBody: Bool) -> Int {
        guard let object = value.object else { return 1 }
        var product = 1
        for (name, value) in object {
            let factor: Int
            if let list = value.list {
                factor =
                    name == "$or"
                    ? list.reduce(0) { $0 + combinations($1, depth: depth, isOnBody) }
                    : max(1, list.count) * (isOnBody ? depth : 1)
            } else {
                factor = combinations(value, depth: depth + 1, isOnBody)
            }
            product = min(1_000_000, product.multipliedReportingOverflow(by: max(1, factor)).partialValue)
        }
        return product
    }

    /// The first clause that does not hold for the message; nil where all do.
    func mismatch(_ message: SNSMessage) -> String? {
        guard !fields.isEmpty else { return nil }
        let event: DocumentValue
        if isOnBody {
            guard let body = message.parsedBody, body.object != nil else { return "(the body is no JSON object)" }
            event = body
        } else {
            event = message.attributeEvent
        }
        return fields.first { !$0.pattern.matches(event) }?.clause
    }
}
