/// A JSON text as the lines of its pretty form, each pointing into the bytes. Made in one pass, whatever the size.
struct JSONOutline: Sendable {
    enum Content: Hashable, Sendable {
        /// A scalar: its bytes.
        case value(JSONReader.ValueKind, Range<Int>)
        /// `{` or `[`, with the line that closes it; equal to its own line for an empty one.
        case open(isObject: Bool, close: Int, count: Int)
        case close(isObject: Bool)
    }

    struct Line: Sendable {
        var depth: Int
        /// Bytes of the key with its quotes, if it is a member.
        var key: Range<Int>?
        /// Position in its array, if it is an element.
        var index: Int?
        var content: Content
        var hasComma = false
        /// The line that opens what this one is in; -1 at the top.
        var parent: Int
    }

    let bytes: [UInt8]
    private(set) var lines: [Line] = []

    init(_ text: String) throws(TextSyntaxError) {
        bytes = Array(text.utf8)
        var reader = JSONReader(bytes)
        var stack: [Int] = []
        var counts: [Int] = []
        var key: Range<Int>?
        while let event = try reader.next() {
            switch event {
            case .key(let range): key = range
            case .value(let kind, let range):
                add(.value(kind, range), key, stack, &counts)
                key = nil
            case .beginObject, .beginArray:
                add(.open(isObject: event == .beginObject, close: 0, count: 0), key, stack, &counts)
                key = nil
                stack.append(lines.count - 1)
                counts.append(0)
            case .endObject, .endArray:
                let open = stack.removeLast()
                let count = counts.removeLast()
                let isObject = event == .endObject
                let close = count == 0 ? open : lines.count
                lines[open].content = .open(isObject: isObject, close: close, count: count)
                if count > 0 {
                    lines.append(
                        Line(depth: stack.count, content: .close(isObject: isObject), parent: stack.last ?? -1))
                }
            }
        }
    }

    private mutating func add(_ content: Content, _ key: Range<Int>?, _ stack: [Int], _ counts: inout [Int]) {
        var index: Int?
        if let last = counts.last {
            if last > 0 { lines[lines.count - 1].hasComma = true }
            index = key == nil ? last : nil
            counts[counts.count - 1] += 1
        }
        lines.append(Line(depth: stack.count, key: key, index: index, content: content, parent: stack.last ?? -1))
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// What a line looks like; a folded container tells how much is in it.
    func styled(_ index: Int, isFolded: Bool) -> StyledLine {
        let line = lines[index]
        var result = StyledLine()
        if let key = line.key {
            result.append(text(key), .jsonKey)
            result.append(": ", .jsonPunctuation)
        }
        switch line.content {
        case .value(let kind, let range):
            let role: Role = kind == .string ? .jsonString : kind == .number ? .jsonNumber : .jsonLiteral
            result.append(text(range), role)
        case .open(let isObject, let close, let count):
            if close == index {
                result.append(isObject ? "{}" : "[]", .jsonPunctuation)
            } else if isFolded {
                result.append(isObject ? "{…}" : "[…]", .jsonPunctuation)
                result.append("  \(count.grouped) \(isObject ? "field" : "item")\(count == 1 ? "" : "s")", .faint)
            } else {
                result.append(isObject ? "{" : "[", .jsonPunctuation)
            }
        case .close(let isObject): result.append(isObject ? "}" : "]", .jsonPunctuation)
        }
        if line.hasComma, !isFolded {
            if case .open(_, let close, _) = line.content, close != index { return result }
            result.append(",", .jsonPunctuation)
        }
        return result
    }

    /// The line's place as a JSONPath: `$.detail.items[2]`.
    func path(_ index: Int) -> String {
        var parts: [String] = []
        var at = index
        if lines.indices.contains(at), case .close = lines[at].content {
            at =
                lines[..<at].lastIndex { line in
                    if case .open(_, let close, _) = line.content { return close == index }
                    return false
                } ?? at
        }
        while lines.indices.contains(at) {
            let line = lines[at]
            if let key = line.key {
                let quoted = text(key)
                let name = quoted.dropFirst().dropLast()
                let isPlain =
                    !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
                    && !(name.first?.isNumber ?? true)
                parts.append(isPlain ? ".\(name)" : "['\(name)']")
            } else if let index = line.index {
                parts.append("[\(index)]")
            }
            at = line.parent
        }
        return "$" + parts.reversed().joined()
    }

    /// The bytes of the value on a line, containers whole.
    func value(_ index: Int) -> String? {
        guard lines.indices.contains(index) else { return nil }
        switch lines[index].content {
        case .value(_, let range): return text(range)
        case .open(_, let close, _):
            return (index...close).map { line in
                String(repeating: "  ", count: lines[line].depth - lines[index].depth)
                    + (line == index
                        ? StyledLine(
                            styled(line, isFolded: false).spans.filter {
                                $0.style.foreground != .jsonKey && $0.text != ": "
                            }
                        ).text : styled(line, isFolded: false).text)
            }.joined(separator: "\n")
        case .close: return nil
        }
    }
}
