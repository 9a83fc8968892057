import AWSModel

/// `$.a.b[0].c`, `$['a']`, `$.items[*].id`.
struct JSONSelector {
    private enum Step {
        case member(String)
        case element(Int)
        case everyElement
    }

    private var steps: [Step] = []
    /// As it was written.
    private(set) var text = ""

    init(_ reader: inout FilterReader) throws(ServiceError) {
        reader.skipSpaces()
        let start = reader.position
        defer { text = String(decoding: reader.bytes[start..<reader.position], as: UTF8.self) }
        try reader.expect("$")
        while let byte = reader.peek {
            if byte == UInt8(ascii: ".") {
                reader.advance()
                // AWS takes hyphens in names, and no quotation marks.
                let name = reader.read { FilterReader.isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "@") }
                guard !name.isEmpty else { throw reader.unexpected }
                steps.append(.member(name))
            } else if byte == UInt8(ascii: "[") {
                reader.advance()
                steps.append(try Self.subscripted(&reader))
                try reader.expect("]")
            } else {
                break
            }
        }
    }

    private static func subscripted(_ reader: inout FilterReader) throws(ServiceError) -> Step {
        reader.skipSpaces()
        switch reader.peek {
        case UInt8(ascii: "'"): return .member(try reader.readQuoted(UInt8(ascii: "'")))
        case UInt8(ascii: "\""): return .member(try reader.readQuoted(UInt8(ascii: "\"")))
        case UInt8(ascii: "*"):
            reader.advance()
            return .everyElement
        default:
            let digits = reader.read { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard let index = Int(digits) else { throw reader.unexpected }
            return .element(index)
        }
    }

    /// Empty where there is nothing; an array that is selected whole counts by its elements.
    func values(in document: DocumentValue) -> [DocumentValue] {
        var values = [document]
        for step in steps {
            values = values.flatMap { value -> [DocumentValue] in
                switch step {
                case .member(let name): value[name].map { [$0] } ?? []
                case .element(let index): value[index].map { [$0] } ?? []
                case .everyElement: value.list ?? []
                }
            }
        }
        return values.flatMap { value -> [DocumentValue] in
            if case .list(let elements) = value, !elements.isEmpty { elements } else { [value] }
        }
    }
}
