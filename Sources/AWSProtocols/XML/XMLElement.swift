/// An XML element as AWS's protocols use it: no mixed content, no processing instructions, no entities of its own.
public struct XMLElement: Sendable, Hashable {
    public struct Attribute: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    public var name: String
    public var attributes: [Attribute]
    public var children: [XMLElement]
    public var text: String

    public init(_ name: String, text: String = "", children: [XMLElement] = []) {
        self.name = name
        attributes = []
        self.children = children
        self.text = text
    }

    /// The name without its prefix.
    public var localName: Substring {
        if let colon = name.lastIndex(of: ":") { return name[name.index(after: colon)...] }
        return name[...]
    }

    public func child(_ name: String) -> XMLElement? { children.first { $0.localName == name } }

    public func attribute(_ name: String) -> String? {
        attributes.first { $0.name == name || $0.name.hasSuffix(":\(name)") }?.value
    }

    public mutating func setAttribute(_ name: String, _ value: String) {
        attributes.append(Attribute(name: name, value: value))
    }

    /// A whole document.
    public var documentBytes: [UInt8] { Array("<?xml version=\"1.0\"?>\n".utf8) + bytes }

    public var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    private func write(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "<"))
        output.append(contentsOf: name.utf8)
        for attribute in attributes {
            output.append(0x20)
            output.append(contentsOf: attribute.name.utf8)
            output.append(contentsOf: "=\"".utf8)
            Self.escape(attribute.value, isAttribute: true, to: &output)
            output.append(UInt8(ascii: "\""))
        }
        if children.isEmpty, text.isEmpty {
            output.append(contentsOf: "/>".utf8)
            return
        }
        output.append(UInt8(ascii: ">"))
        Self.escape(text, isAttribute: false, to: &output)
        for child in children { child.write(to: &output) }
        output.append(contentsOf: "</".utf8)
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: ">"))
    }

    private static func escape(_ text: String, isAttribute: Bool, to output: inout [UInt8]) {
        var previous: UInt8 = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\"") where isAttribute: output.append(contentsOf: "&quot;".utf8)
            // Parsers turn a bare carriage return into a line feed.
            case 0x0D: output.append(contentsOf: "&#xD;".utf8)
            case 0x0A where isAttribute: output.append(contentsOf: "&#xA;".utf8)
            // U+0085 and U+2028 are line ends to XML 1.1 readers.
            case 0x85 where previous == 0xC2:
                output.removeLast()
                output.append(contentsOf: "&#x85;".utf8)
            default: output.append(byte)
            }
            previous = byte
        }
    }
}

/// Why a text is not the XML that AWS's protocols use.
public struct XMLSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public var reason: String
    /// Byte offset into the text.
    public var offset: Int
    public var description: String { "\(reason) at byte \(offset)" }
}

/// Reads one XML document. Document types and entities beyond XML's own five are refused, so nothing can expand.
public struct XMLReader {
    private let bytes: [UInt8]
    private var position = 0
    private static let maximumDepth = 256

    public static func parse(_ bytes: [UInt8]) throws(XMLSyntaxError) -> XMLElement {
        var reader = XMLReader(bytes)
        try reader.skipMisc()
        let root = try reader.element(depth: 0)
        try reader.skipMisc()
        guard reader.position == bytes.count else { throw reader.failure("text after the root element") }
        return root
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != text.utf8Start[index] { return false }
        return true
    }

    private mutating func skip(past text: StaticString) throws(XMLSyntaxError) {
        while position < bytes.count {
            if starts(text) {
                position += text.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw failure("unexpected end")
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private mutating func skipMisc() throws(XMLSyntaxError) {
        while true {
            skipSpace()
            if starts("<?") {
                try skip(past: "?>")
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<!") {
                throw failure("document types are not read")
            } else {
                return
            }
        }
    }

    private mutating func element(depth: Int) throws(XMLSyntaxError) -> XMLElement {
        guard depth < Self.maximumDepth else { throw failure("nested too deeply") }
        guard starts("<") else { throw failure("expected an element") }
        position += 1
        var element = XMLElement(try name())
        while true {
            skipSpace()
            if starts("/>") {
                position += 2
                return element
            }
            if starts(">") {
                position += 1
                break
            }
            let attribute = try name()
            skipSpace()
            guard starts("=") else { throw failure("expected '='") }
            position += 1
            skipSpace()
            guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 else {
                throw failure("expected a quoted value")
            }
            let quote = bytes[position]
            position += 1
            let start = position
            while position < bytes.count, bytes[position] != quote { position += 1 }
            guard position < bytes.count else { throw failure("unexpected end") }
            element.setAttribute(attribute, try unescaped(start..<position))
            position += 1
        }
        var text = ""
        while true {
            guard position < bytes.count else { throw failure("unexpected end") }
            if starts("</") {
                position += 2
                guard try name() == element.name else { throw failure("mismatched end tag") }
                skipSpace()
                guard starts(">") else { throw failure("expected '>'") }
                position += 1
                break
            } else if starts("<!--") {
                try skip(past: "-->")
            } else if starts("<![CDATA[") {
                position += 9
                let start = position
                try skip(past: "]]>")
                text += String(decoding: bytes[start..<position - 3], as: UTF8.self)
            } else if starts("<?") {
                try skip(past: "?>")
            } else if starts("<") {
                element.children.append(try self.element(depth: depth + 1))
            } else {
                let start = position
                while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
                text += try unescaped(start..<position)
            }
        }
        // Between elements there is only layout.
        if element.children.isEmpty { element.text = text }
        return element
    }

    private mutating func name() throws(XMLSyntaxError) -> String {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if Self.isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "=")
            {
                break
            }
            position += 1
        }
        guard position > start else { throw failure("expected a name") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func unescaped(_ range: Range<Int>) throws(XMLSyntaxError) -> String {
        guard bytes[range].contains(UInt8(ascii: "&")) else { return String(decoding: bytes[range], as: UTF8.self) }
        var output: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == UInt8(ascii: "&") else {
                output.append(bytes[index])
                index += 1
                continue
            }
            guard let end = bytes[index..<range.upperBound].firstIndex(of: UInt8(ascii: ";")) else {
                throw XMLSyntaxError(reason: "unfinished entity", offset: index)
            }
            let entity = String(decoding: bytes[index + 1..<end], as: UTF8.self)
            guard let scalar = Self.scalar(entity) else {
                throw XMLSyntaxError(reason: "unknown entity '\(entity)'", offset: index)
            }
            output.append(contentsOf: Array(String(Character(scalar)).utf8))
            index = end + 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func scalar(_ entity: String) -> Unicode.Scalar? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let digits = entity.dropFirst()
            let code = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return code.flatMap(Unicode.Scalar.init)
        }
    }

    private func failure(_ reason: String) -> XMLSyntaxError { XMLSyntaxError(reason: reason, offset: position) }
}
