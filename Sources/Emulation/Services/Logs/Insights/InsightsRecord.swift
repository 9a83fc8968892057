import AWSModel
import Glibc

/// One log event, or one row of an earlier step, as a query sees it.
struct InsightsRecord {
    var values: [String: InsightsValue] = [:]
    /// What `unnest` may take apart.
    var document: DocumentValue?
    /// The fields as they came, where some are masked.
    private var unmasked: [String: InsightsValue]?

    init() {}

    /// - Parameter shown: the line as it may be seen, where that differs from how it came.
    init(_ event: LogEvent, stream: String, group: String, shown: String?) {
        guard let shown, shown != event.message else {
            self.init(event, stream: stream, group: group)
            return
        }
        var visible = event
        visible.message = shown
        self.init(visible, stream: stream, group: group)
        unmasked = InsightsRecord(event, stream: stream, group: group).values
    }

    /// AWS: fields that every event has, those of a function's own lines, and those of JSON.
    init(_ event: LogEvent, stream: String, group: String) {
        values["@timestamp"] = .time(Double(event.position.time))
        values["@ingestionTime"] = .time(Double(event.ingestionTime))
        values["@message"] = .text(event.message)
        values["@logStream"] = .text(stream)
        values["@log"] = .text(group)
        values["@ptr"] = .text(LogsToken.pointer(event))
        if let start = event.message.utf8.first(where: { !FilterReader.isSpace($0) }), start == UInt8(ascii: "{"),
            let document = try? JSONReader.parse(event.message)
        {
            self.document = document
            flatten(document, "")
        } else {
            discoverReport(event.message)
        }
    }

    /// AWS: at most 200 fields of JSON are found.
    private mutating func flatten(_ value: DocumentValue, _ path: String) {
        guard values.count < 200 else { return }
        let prefix = path.isEmpty ? "" : path + "."
        switch value {
        case .object(let object): for (key, inner) in object { flatten(inner, prefix + key) }
        case .list(let list): for (index, inner) in list.enumerated() { flatten(inner, prefix + String(index)) }
        case .integer, .number: if let number = value.double { values[path] = .number(number) }
        case .bool(let bool): values[path] = .bool(bool)
        case .string(let text): values[path] = .text(text)
        default: break
        }
    }

    /// Lines that Lambda writes itself: `REPORT RequestId: … Duration: 12.3 ms`.
    private mutating func discoverReport(_ message: String) {
        for type in ["START", "END", "REPORT", "INIT_START"] where message.hasPrefix(type + " ") {
            values["@type"] = .text(type)
        }
        guard values["@type"] != nil else { return }
        let names = [
            ("RequestId", "@requestId", 1.0), ("Duration", "@duration", 1), ("Billed Duration", "@billedDuration", 1),
            ("Memory Size", "@memorySize", 1_000_000), ("Max Memory Used", "@maxMemoryUsed", 1_000_000),
            ("Init Duration", "@initDuration", 1),
        ]
        for part in message.split(whereSeparator: { $0 == "\t" || $0.isNewline }) {
            guard let colon = part.firstRange(of: ": ") else { continue }
            var key = String(part[..<colon.lowerBound])
            if let request = key.firstRange(of: "RequestId") { key = String(key[request.lowerBound...]) }
            guard let (_, name, factor) = names.first(where: { $0.0 == key }) else { continue }
            let text = part[colon.upperBound...].split(separator: " ").first.map(String.init) ?? ""
            if name == "@requestId" {
                values[name] = .text(text)
            } else if let number = Double(text) {
                // AWS: memory in bytes, as thousands of thousands.
                values[name] = .number(number * factor)
            }
        }
    }

    // MARK: Expressions

    func value(of expression: InsightsExpression) -> InsightsValue? {
        switch expression {
        case .literal(let value): return value
        case .field(let name): return values[name]
        case .not(let inner): return .bool(!(value(of: inner)?.isTrue ?? false))
        case .contains(let subject, let part, let isNegated):
            guard let text = value(of: subject)?.text, let part = value(of: part)?.text else { return .bool(isNegated) }
            return .bool(text.containsBytes(Array(part.utf8)) != isNegated)
        case .matches(let subject, let regex, let isNegated):
            guard let text = value(of: subject)?.text else { return .bool(isNegated) }
            return .bool(regex.isMatch(text) != isNegated)
        case .among(let subject, let elements, let isNegated):
            let found = value(of: subject)
            let isAmong = found != nil && elements.contains { Self.compare(found, value(of: $0)) == 0 }
            return .bool(isAmong != isNegated)
        case .amongRows(_, _, let isNegated): return .bool(isNegated)
        case .amongTexts(let subject, let texts, let isNegated):
            return .bool((value(of: subject).map { texts.contains($0.text) } ?? false) != isNegated)
        case .binary(let symbol, let left, let right): return binary(symbol, left, right)
        case .call(let name, let arguments): return call(name, arguments)
        }
    }

    private func binary(_ symbol: String, _ left: InsightsExpression, _ right: InsightsExpression) -> InsightsValue? {
        switch symbol {
        case "and": return .bool((value(of: left)?.isTrue ?? false) && (value(of: right)?.isTrue ?? false))
        case "or": return .bool((value(of: left)?.isTrue ?? false) || (value(of: right)?.isTrue ?? false))
        case "=", "!=", "<", "<=", ">", ">=":
            guard let order = Self.compare(value(of: left), value(of: right)) else { return .bool(symbol == "!=") }
            return switch symbol {
            case "=": .bool(order == 0)
            case "!=": .bool(order != 0)
            case "<": .bool(order < 0)
            case "<=": .bool(order <= 0)
            case ">": .bool(order > 0)
            default: .bool(order >= 0)
            }
        default: break
        }
        guard let a = value(of: left)?.number, let b = value(of: right)?.number else { return nil }
        let result: Double =
            switch symbol {
            case "+": a + b
            case "-": a - b
            case "*": a * b
            case "/": a / b
            case "%": fmod(a, b)
            default: pow(a, b)
            }
        return result.isFinite ? .number(result) : nil
    }

    /// Below, at or above zero; nil where there is nothing to compare. Numbers compare as numbers, all else as text.
    static func compare(_ left: InsightsValue?, _ right: InsightsValue?) -> Int? {
        guard let left, let right else { return nil }
        if let a = left.number, let b = right.number { return a < b ? -1 : a > b ? 1 : 0 }
        let (a, b) = (left.text, right.text)
        return a == b ? 0 : a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) ? -1 : 1
    }

    private func call(_ name: String, _ arguments: [InsightsExpression]) -> InsightsValue? {
        if name == "unmask" {
            guard case .field(let field)? = arguments.first else { return nil }
            return unmasked?[field] ?? values[field]
        }
        let known = arguments.map { value(of: $0) }
        let first = known.first ?? nil
        let text = first?.text
        switch name {
        case "bin", "datefloor", "dateceil":
            // `bin(5m)` is of @timestamp; the others name what they round.
            let time = name == "bin" ? values["@timestamp"]?.number : first?.number
            let width = name == "bin" ? first?.number : known.count > 1 ? known[1]?.number : nil
            guard let time, let width, width > 0 else { return nil }
            let rounded = (time / width).rounded(name == "dateceil" ? .up : .down) * width
            return .time(rounded)
        case "frommillis": return first?.number.map { .time($0) }
        case "tomillis": return first?.number.map { .number($0) }
        case "ispresent": return .bool(first != nil)
        case "isempty": return .bool(text?.isEmpty ?? true)
        case "isblank": return .bool(text?.allSatisfy(\.isWhitespace) ?? true)
        case "coalesce": return known.compactMap { $0 }.first
        case "concat": return .text(known.compactMap { $0?.text }.joined())
        case "strlen": return text.map { .number(Double($0.count)) }
        case "toupper", "upper": return text.map { .text($0.uppercased()) }
        case "tolower", "lower": return text.map { .text($0.lowercased()) }
        case "trim", "ltrim", "rtrim":
            let characters = known.count > 1 ? known[1]?.text : nil
            return text.map { .text(Self.trimmed($0, name, characters)) }
        case "isvalidip": return .bool(text.flatMap(IPAddress.init) != nil)
        case "isvalidipv4", "isvalidipv6": return .bool(Self.isAddress(text, name.hasSuffix("4") ? 4 : 16))
        case "isipinsubnet", "isipv4insubnet", "isipv6insubnet":
            guard let address = text.flatMap(IPAddress.init), known.count == 2, let subnet = known[1]?.text,
                let block = try? CIDRBlock(subnet)
            else { return .bool(false) }
            let width = name == "isipinsubnet" ? address.bytes.count : name == "isipv4insubnet" ? 4 : 16
            return .bool(address.bytes.count == width && block.contains(address))
        case "strcontains":
            guard known.count == 2, let text, let part = known[1]?.text else { return nil }
            return .number(text.containsBytes(Array(part.utf8)) ? 1 : 0)
        case "substr":
            guard known.count >= 2, let text, let start = known[1]?.number else { return nil }
            let rest = text.dropFirst(max(0, Int(start)))
            let count = known.count > 2 ? known[2]?.number : nil
            return .text(String(count.map { rest.prefix(max(0, Int($0))) } ?? rest))
        case "replace":
            guard known.count == 3, let text, let old = known[1]?.text, let new = known[2]?.text else { return nil }
            return .text(text.replacing(old, with: new))
        default: return number(name, known.compactMap { $0?.number })
        }
    }

    private func number(_ name: String, _ numbers: [Double]) -> InsightsValue? {
        guard let first = numbers.first else { return nil }
        let result: Double? =
            switch name {
            case "abs": abs(first)
            case "ceil": first.rounded(.up)
            case "floor": first.rounded(.down)
            case "log": log(first)
            case "sqrt": first.squareRoot()
            case "greatest": numbers.max()
            case "least": numbers.min()
            default: nil
            }
        return result.flatMap { $0.isFinite ? .number($0) : nil }
    }

    private static func isAddress(_ text: String?, _ bytes: Int) -> Bool {
        text.flatMap(IPAddress.init)?.bytes.count == bytes
    }

    /// AWS: white space, or the characters that are named.
    private static func trimmed(_ text: String, _ name: String, _ characters: String?) -> String {
        func isTrimmed(_ character: Character) -> Bool {
            characters?.contains(character) ?? character.isWhitespace
        }
        var rest = text[...]
        if name != "rtrim" { rest = rest.drop(while: isTrimmed) }
        if name != "ltrim" { while let last = rest.last, isTrimmed(last) { rest.removeLast() } }
        return String(rest)
    }
}
