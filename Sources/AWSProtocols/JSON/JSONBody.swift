import AWSModel

/// JSON bodies by the model: names, blobs, timestamps and special floats to and from documents keyed by member names.
enum JSONBody {
    /// The document that `value` stands for; nil where it is `value` itself, which saves copying what is plain.
    static func decoded(_ value: DocumentValue, _ member: Member) throws(WireError) -> DocumentValue? {
        let shape = member.shape
        if shape.isDocument { return nil }
        switch (shape.kind, value) {
        case (_, .null): return nil
        case (.string, .string(let text)), (.character, .string(let text)):
            guard member.isJSONValue else { return nil }
            return (try? JSONReader.parse(text)) ?? value
        case (.boolean, .bool), (.integer, .integer), (.long, .integer), (.double, .integer), (.float, .integer),
            (.double, .number), (.float, .number):
            return nil
        case (.integer, .number(let number)), (.long, .number(let number)):
            // AWS: "class java.lang.Double can not be converted to an Integer" is not what it says: it truncates.
            return .integer(Int64(exactly: number.rounded(.towardZero)) ?? 0)
        case (.float, .string(let text)), (.double, .string(let text)):
            guard let number = ScalarText.double(text), !number.isFinite else { throw mismatch(value, shape) }
            return .number(number)
        case (.blob, .string(let text)):
            guard let bytes = Base64.decode(text) else {
                throw .serialization("Invalid base64 in the value of \(member.name)")
            }
            return .bytes(bytes)
        case (.timestamp, .integer(let seconds)): return .timestamp(Instant(epochSeconds: Double(seconds)))
        case (.timestamp, .number(let seconds)): return .timestamp(Instant(epochSeconds: seconds))
        case (.timestamp, .string(let text)):
            guard let instant = ScalarText.instant(text) else { throw mismatch(value, shape) }
            return .timestamp(instant)
        case (.list, .list(let list)):
            guard let element = shape.element else { return nil }
            return try decoded(list, element)
        case (.map, .object(let object)):
            guard let element = shape.element else { return nil }
            return try decoded(object, element)
        case (.structure, .object(let object)):
            return try decoded(object, shape).map(DocumentValue.object)
        default:
            throw mismatch(value, shape)
        }
    }

    static func decoded(_ object: DocumentObject, _ shape: Shape) throws(WireError) -> DocumentObject? {
        var rewritten: DocumentObject?
        for index in 0..<object.count {
            let name = object.keys[index]
            let value = object.values[index]
            guard let member = shape.member(wireName: name), !value.isNull, member.location == nil else {
                if rewritten == nil { rewritten = object.prefix(index) }
                continue
            }
            let replacement = try decoded(value, member)
            if replacement != nil || member.name != name, rewritten == nil { rewritten = object.prefix(index) }
            rewritten?.append(member.name, replacement ?? value)
        }
        return rewritten
    }

    private static func decoded(_ list: [DocumentValue], _ element: Member) throws(WireError) -> DocumentValue? {
        var rewritten: [DocumentValue]?
        for index in list.indices {
            if let replacement = try decoded(list[index], element) {
                if rewritten == nil { rewritten = list }
                rewritten?[index] = replacement
            }
        }
        return rewritten.map(DocumentValue.list)
    }

    private static func decoded(_ object: DocumentObject, _ element: Member) throws(WireError) -> DocumentValue? {
        var rewritten: DocumentObject?
        for index in 0..<object.count {
            if let replacement = try decoded(object.values[index], element) {
                if rewritten == nil { rewritten = object }
                rewritten?.set(object.keys[index], replacement)
            }
        }
        return rewritten.map(DocumentValue.object)
    }

    /// A whole body. An empty one counts as an empty object.
    static func decode(_ bytes: [UInt8], _ shape: Shape) throws(WireError) -> DocumentObject {
        if bytes.isEmpty { return DocumentObject() }
        guard case .object(let object) = try parse(bytes) else {
            throw .serialization("Unexpected field type")
        }
        return try decoded(object, shape) ?? object
    }

    static func parse(_ bytes: [UInt8]) throws(WireError) -> DocumentValue {
        do throws(JSONSyntaxError) {
            return try JSONReader.parse(bytes)
        } catch {
            throw .serialization("The body is not JSON: \(error)")
        }
    }

    /// AWS's own words for a value of the wrong type.
    private static func mismatch(_ value: DocumentValue, _ shape: Shape) -> WireError {
        if case .list = value { return .serialization("Start of list found where not expected") }
        if case .object = value { return .serialization("Start of structure or map found where not expected.") }
        let found =
            switch value {
            case .string: "STRING_VALUE"
            case .bool(let flag): flag ? "TRUE_VALUE" : "FALSE_VALUE"
            case .integer, .number: "NUMBER_VALUE"
            case .null, .bytes, .timestamp, .list, .object: "NULL_VALUE"
            }
        switch shape.kind {
        case .string, .character: return .serialization("\(found) can not be converted to a String")
        case .integer: return .serialization("\(found) can not be converted to an Integer")
        case .long: return .serialization("\(found) can not be converted to a Long")
        case .boolean: return .serialization("\(found) can not be converted to a Boolean")
        case .float, .double: return .serialization("\(found) can not be converted to a Double")
        case .timestamp: return .serialization("\(found) can not be converted to milliseconds since epoch")
        case .blob: return .serialization("\(found) can not be converted to a Blob")
        case .structure, .list, .map: return .serialization("Unexpected field type")
        }
    }
}

/// Writes documents as JSON by the model.
struct JSONBodyWriter {
    private var writer: JSONWriter

    init(reservingCapacity capacity: Int = 256) { writer = JSONWriter(reservingCapacity: capacity) }

    static func bytes(_ object: DocumentObject, _ shape: Shape) -> [UInt8] {
        var writer = JSONBodyWriter()
        writer.write(object, shape)
        return writer.writer.bytes
    }

    static func bytes(_ value: DocumentValue, _ member: Member) -> [UInt8] {
        var writer = JSONBodyWriter()
        writer.write(value, member)
        return writer.writer.bytes
    }

    /// An object that begins with what `head` holds already.
    static func bytes(_ object: DocumentObject, _ shape: Shape, after head: DocumentObject) -> [UInt8] {
        let head = JSONWriter.bytes(.object(head))
        let rest = bytes(object, shape)
        if rest.count == 2 { return head }
        return head.dropLast() + (head.count > 2 ? [UInt8(ascii: ",")] : []) + rest.dropFirst()
    }

    /// Members that are bound elsewhere (path, headers, status) are left out.
    mutating func write(_ object: DocumentObject, _ shape: Shape) {
        writer.raw("{")
        var isFirst = true
        for index in 0..<object.count {
            let value = object.values[index]
            guard !value.isNull, let member = shape.member(object.keys[index]), member.location == nil else { continue }
            if !isFirst { writer.raw(",") }
            isFirst = false
            writer.write(string: member.wireName)
            writer.raw(":")
            write(value, member)
        }
        writer.raw("}")
    }

    mutating func write(_ value: DocumentValue, _ member: Member) {
        let shape = member.shape
        switch (shape.kind, value) {
        case (_, .null): writer.raw("null")
        case (.structure, .object(let object)) where !shape.isDocument: write(object, shape)
        case (.list, .list(let list)):
            guard let element = shape.element else { return writer.write(value) }
            writer.raw("[")
            for index in list.indices {
                if index > 0 { writer.raw(",") }
                write(list[index], element)
            }
            writer.raw("]")
        case (.map, .object(let object)):
            guard let element = shape.element else { return writer.write(value) }
            writer.raw("{")
            for index in 0..<object.count {
                if index > 0 { writer.raw(",") }
                writer.write(string: object.keys[index])
                writer.raw(":")
                write(object.values[index], element)
            }
            writer.raw("}")
        case (.float, .number(let number)), (.double, .number(let number)):
            if number.isFinite { writer.write(value) } else { writer.write(string: ScalarText.floatText(number)) }
        case (.timestamp, .timestamp(let instant)):
            let format = member.timestampFormat ?? .unixTimestamp
            let text = ScalarText.timestampText(instant, format)
            if format == .unixTimestamp { writer.raw(text) } else { writer.write(string: text) }
        case (.string, _) where member.isJSONValue:
            writer.write(string: JSONWriter.string(value))
        default: writer.write(value)
        }
    }
}
