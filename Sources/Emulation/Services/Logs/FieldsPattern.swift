import AWSModel

/// `[ip, user, ..., status = 4*, bytes > 1000]`: a line as fields between spaces; `[…]` and `"…"` are one field each.
struct FieldsPattern {
    private struct Field {
        var name: String
        var condition: FilterCondition<Void>?
    }

    private var before: [Field] = []
    private var after: [Field] = []
    /// True where `...` stands for any number of fields between the two lists.
    private var hasEllipsis = false

    init(_ reader: inout FilterReader) throws(ServiceError) {
        try reader.expect("[")
        repeat {
            if reader.take("...") {
                guard !hasEllipsis else {
                    throw .invalidParameter("Invalid filter pattern: only one '...' is allowed.")
                }
                hasEllipsis = true
                continue
            }
            let field = try Self.field(&reader)
            if hasEllipsis { after.append(field) } else { before.append(field) }
        } while reader.take(",")
        try reader.expect("]")
        try reader.expectEnd()
    }

    private static func field(_ reader: inout FilterReader) throws(ServiceError) -> Field {
        let isGrouped = reader.take("(")
        let name = try fieldName(&reader)
        reader.skipSpaces()
        if !isGrouped, reader.peek == UInt8(ascii: ",") || reader.peek == UInt8(ascii: "]") {
            return Field(name: name, condition: nil)
        }
        // Every comparison of a field names that field: `[code = 4* && code != 404]`.
        var isFirst = true
        let condition = try FilterCondition<Void>.parse(&reader) { reader throws(ServiceError) in
            if isFirst {
                isFirst = false
                return
            }
            guard try fieldName(&reader) == name else { throw reader.unexpected }
        }
        if isGrouped { try reader.expect(")") }
        return Field(name: name, condition: condition)
    }

    private static func fieldName(_ reader: inout FilterReader) throws(ServiceError) -> String {
        reader.skipSpaces()
        let name = reader.read { FilterReader.isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
        guard !name.isEmpty else { throw reader.unexpected }
        return name
    }

    /// The fields of a line by their names: `$ip`, or `$3` beyond the names.
    func values(in message: String) -> [String: String] {
        let fields = Self.split(message)
        var values: [String: String] = [:]
        for (index, text) in fields.enumerated() {
            let fromEnd = fields.count - index
            if index < before.count {
                values["$" + before[index].name] = text
            } else if hasEllipsis, fromEnd <= after.count {
                values["$" + after[after.count - fromEnd].name] = text
            } else {
                values["$\(index + 1)"] = text
            }
        }
        return values
    }

    func matches(_ message: String) -> Bool {
        let fields = Self.split(message)
        let expected = before.count + after.count
        guard hasEllipsis ? fields.count >= expected : fields.count == expected else { return false }
        return zip(before, fields).allSatisfy(Self.isTrue)
            && zip(after, fields.suffix(after.count)).allSatisfy(Self.isTrue)
    }

    private static func isTrue(_ field: Field, _ text: String) -> Bool {
        field.condition?.isTrue { _, operand in operand.matches(text) } ?? true
    }

    static func split(_ message: String) -> [String] {
        var fields: [String] = []
        var current: [UInt8] = []
        var closing: UInt8?
        var isOpen = false
        func finish() {
            if isOpen { fields.append(String(decoding: current, as: UTF8.self)) }
            current = []
            isOpen = false
        }
        for byte in message.utf8 {
            if let end = closing {
                if byte == end {
                    closing = nil
                } else {
                    current.append(byte)
                }
            } else if FilterReader.isSpace(byte) {
                finish()
            } else if !isOpen, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "\"") {
                closing = byte == UInt8(ascii: "[") ? UInt8(ascii: "]") : byte
                isOpen = true
            } else {
                current.append(byte)
                isOpen = true
            }
        }
        finish()
        return fields
    }
}
