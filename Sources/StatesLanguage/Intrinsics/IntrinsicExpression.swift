import AWSModel

/// `States.Format('{}', $.name)` and the like, parsed once.
public indirect enum IntrinsicExpression: Sendable, Hashable {
    case literal(DocumentValue)
    case path(JSONPath)
    /// The text is the call as written, for messages.
    case call(IntrinsicFunction, [IntrinsicExpression], text: String)

    /// Whether a text is meant as a call at all.
    static func looksLikeCall(_ text: String) -> Bool { text.hasPrefix("States.") }

    /// Reads a whole text as one call.
    init(parsing text: String) throws(PathSyntaxError) {
        var parser = IntrinsicParser(text)
        self = try parser.wholeCall()
    }

    /// Every path in the expression.
    var paths: [JSONPath] {
        switch self {
        case .literal: []
        case .path(let path): [path]
        case .call(_, let arguments, _): arguments.flatMap(\.paths)
        }
    }
}

/// The intrinsic functions of the Amazon States Language.
public enum IntrinsicFunction: String, Sendable, Hashable, CaseIterable {
    case format = "Format"
    case stringToJson = "StringToJson"
    case jsonToString = "JsonToString"
    case array = "Array"
    case arrayPartition = "ArrayPartition"
    case arrayContains = "ArrayContains"
    case arrayRange = "ArrayRange"
    case arrayGetItem = "ArrayGetItem"
    case arrayLength = "ArrayLength"
    case arrayUnique = "ArrayUnique"
    case base64Encode = "Base64Encode"
    case base64Decode = "Base64Decode"
    case hash = "Hash"
    case jsonMerge = "JsonMerge"
    case mathRandom = "MathRandom"
    case mathAdd = "MathAdd"
    case stringSplit = "StringSplit"
    case uuid = "UUID"

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        switch self {
        case .format: 1...Int.max
        case .array: 0...Int.max
        case .uuid: 0...0
        case .stringToJson, .jsonToString, .arrayLength, .arrayUnique, .base64Encode, .base64Decode: 1...1
        case .arrayPartition, .arrayContains, .arrayGetItem, .hash, .mathAdd, .stringSplit: 2...2
        case .arrayRange, .jsonMerge: 3...3
        case .mathRandom: 2...3
        }
    }
}

private struct IntrinsicParser {
    private var scanner: PathParser
    /// AWS allows ten levels.
    private static let maximumDepth = 10

    init(_ text: String) { scanner = PathParser(text) }

    mutating func wholeCall() throws(PathSyntaxError) -> IntrinsicExpression {
        scanner.skipSpace()
        let call = try call(depth: 1)
        scanner.skipSpace()
        guard scanner.peek == nil else { throw scanner.fail("unexpected characters after the call") }
        return call
    }

    private mutating func call(depth: Int) throws(PathSyntaxError) -> IntrinsicExpression {
        guard depth <= Self.maximumDepth else {
            throw scanner.fail("calls are nested more than \(Self.maximumDepth) deep")
        }
        let start = scanner.position
        guard scanner.skip(word: "States.") else { throw scanner.fail("a function name is missing") }
        let nameStart = scanner.position
        while let scalar = scanner.peek, PathParser.isVariableScalar(scalar) { scanner.position += 1 }
        let name = scanner.text(nameStart, scanner.position)
        guard let function = IntrinsicFunction(rawValue: name) else {
            throw scanner.fail("no function is named 'States.\(name)'")
        }
        scanner.skipSpace()
        guard scanner.skip("(") else { throw scanner.fail("'(' is missing") }
        var arguments: [IntrinsicExpression] = []
        scanner.skipSpace()
        if !scanner.skip(")") {
            while true {
                scanner.skipSpace()
                arguments.append(try argument(depth: depth))
                scanner.skipSpace()
                if scanner.skip(",") { continue }
                guard scanner.skip(")") else { throw scanner.fail("')' is missing") }
                break
            }
        }
        guard function.arity.contains(arguments.count) else {
            throw scanner.fail("'States.\(name)' does not take \(arguments.count) arguments")
        }
        return .call(function, arguments, text: scanner.text(start, scanner.position))
    }

    private mutating func argument(depth: Int) throws(PathSyntaxError) -> IntrinsicExpression {
        switch scanner.peek {
        case "'": return .literal(.string(try string()))
        case "$": return .path(try scanner.path(endingAt: { $0 == "," || $0 == ")" || $0 == " " }))
        case "S": return try call(depth: depth + 1)
        default:
            let start = scanner.position
            while let scalar = scanner.peek, scalar != ",", scalar != ")", scalar != " " { scanner.position += 1 }
            let text = scanner.text(start, scanner.position)
            guard let value = try? JSONReader.parse(text) else { throw scanner.fail("'\(text)' is no argument") }
            switch value {
            case .bool, .integer, .number, .null: return .literal(value)
            default: throw scanner.fail("'\(text)' is no argument")
            }
        }
    }

    /// AWS: `\'`, `\{`, `\}` and `\\` are the escapes; a backslash before anything else makes the call invalid.
    /// Escaped braces keep their backslash here, as only `States.Format` gives braces a meaning.
    private mutating func string() throws(PathSyntaxError) -> String {
        _ = scanner.skip("'")
        var text = String.UnicodeScalarView()
        while let scalar = scanner.peek {
            scanner.position += 1
            if scalar == "'" { return String(text) }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            switch scanner.peek {
            case "'": text.append("'")
            case "\\": text.append(contentsOf: ["\\", "\\"])
            case "{": text.append(contentsOf: ["\\", "{"])
            case "}": text.append(contentsOf: ["\\", "}"])
            default: throw scanner.fail("'\\' must come before one of ' { } \\")
            }
            scanner.position += 1
        }
        throw scanner.fail("a string is not closed")
    }
}
