import AWSModel

/// Scalars as text: in forms, XML, headers, paths and query strings.
enum ScalarText {
    static func text(_ value: DocumentValue, _ member: Member, _ format: Shape.TimestampFormat) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): isFloating(member.shape) ? floatText(Double(number)) : String(number)
        case .number(let number): isFloating(member.shape) ? floatText(number) : JSONWriter.text(of: number)
        case .bytes(let bytes): Base64.encode(bytes)
        case .timestamp(let instant): timestampText(instant, member.timestampFormat ?? format)
        case .null, .list, .object: nil
        }
    }

    static func floatText(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number > 0 ? "Infinity" : "-Infinity" }
        return number.description
    }

    static func timestampText(_ instant: Instant, _ format: Shape.TimestampFormat) -> String {
        switch format {
        case .iso8601: instant.iso8601(milliseconds: instant.microseconds % 1_000_000 != 0)
        case .rfc822: instant.httpDate
        case .unixTimestamp: JSONWriter.epochSeconds(instant)
        }
    }

    static func value(_ text: String, _ member: Member, _ format: Shape.TimestampFormat) throws(WireError)
        -> DocumentValue
    {
        switch member.shape.kind {
        case .string, .character: return .string(text)
        case .boolean:
            switch text {
            case "true", "True", "TRUE", "1": return .bool(true)
            case "false", "False", "FALSE", "0": return .bool(false)
            default: throw malformed(text, member)
            }
        case .integer, .long:
            guard let number = Int64(text) else { throw malformed(text, member) }
            return .integer(number)
        case .float, .double:
            guard let number = double(text) else { throw malformed(text, member) }
            return .number(number)
        case .blob:
            guard let bytes = Base64.decode(text) else { throw malformed(text, member) }
            return .bytes(bytes)
        case .timestamp:
            guard let instant = instant(text) else { throw malformed(text, member) }
            return .timestamp(instant)
        case .structure, .list, .map: throw malformed(text, member)
        }
    }

    static func double(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        default: Double(text)
        }
    }

    /// Whatever form a timestamp has: clients differ, and nothing is ambiguous.
    static func instant(_ text: String) -> Instant? {
        if let instant = Instant(iso8601: text) ?? Instant(httpDate: text) { return instant }
        return Double(text).map(Instant.init(epochSeconds:))
    }

    private static func isFloating(_ shape: Shape) -> Bool { shape.kind == .float || shape.kind == .double }

    private static func malformed(_ text: String, _ member: Member) -> WireError {
        WireError(
            "SerializationException", "'\(text)' is not a valid \(member.shape.kind.rawValue) for \(member.name)",
            queryCode: "MalformedInput")
    }
}
