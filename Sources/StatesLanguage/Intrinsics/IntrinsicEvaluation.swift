import AWSModel

extension IntrinsicExpression {
    func evaluate(in scope: EvaluationScope, random: inout TurnRandom) throws(StateFailure) -> DocumentValue {
        switch self {
        case .literal(.string(let text)): return .string(Self.unescaped(text))
        case .literal(let value): return value
        case .path(let path): return try scope.value(at: path, inCall: path.source)
        case .call(let function, let arguments, let text):
            var values: [DocumentValue] = []
            values.reserveCapacity(arguments.count)
            for (index, argument) in arguments.enumerated() {
                if index == 0, function == .format, case .literal(.string(let template)) = argument {
                    values.append(.string(template))
                    continue
                }
                do throws(StateFailure) {
                    values.append(try argument.evaluate(in: scope, random: &random))
                } catch {
                    guard case .path = argument else { throw error }
                    throw .runtime("The function '\(text)' had the following error: \(error.cause ?? "")")
                }
            }
            do throws(IntrinsicFault) {
                return try IntrinsicFunctions.apply(function, values, random: &random)
            } catch {
                throw .intrinsic("The function '\(text)' had the following error: \(error.message)")
            }
        }
    }

    /// Takes the backslashes away that the parser kept for `States.Format`.
    static func unescaped(_ text: String) -> String {
        guard text.contains("\\") else { return text }
        var plain = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if scalar == "\\", !isEscaped {
                isEscaped = true
            } else {
                plain.append(scalar)
                isEscaped = false
            }
        }
        return String(plain)
    }
}

/// What is wrong with the arguments of a call.
struct IntrinsicFault: Error {
    var message: String
    init(_ message: String) { self.message = message }
}

enum IntrinsicFunctions {
    /// AWS: texts to encode, decode or hash hold at most this many characters.
    private static let maximumCharacters = 10_000
    /// AWS: an `ArrayRange` yields at most this many items.
    private static let maximumRange = 1_000

    static func apply(
        _ function: IntrinsicFunction, _ arguments: [DocumentValue], random: inout TurnRandom
    ) throws(IntrinsicFault) -> DocumentValue {
        switch function {
        case .format: return try format(arguments)
        case .stringToJson: return try parse(try text(arguments, 0))
        case .jsonToString: return .string(JSONWriter.string(arguments[0]))
        case .array: return .list(arguments)
        case .arrayPartition: return try partition(try list(arguments, 0), size: try integer(arguments, 1))
        case .arrayContains: return .bool(try list(arguments, 0).contains(arguments[1]))
        case .arrayRange:
            return try range(try integer(arguments, 0), try integer(arguments, 1), try integer(arguments, 2))
        case .arrayGetItem:
            let list = try list(arguments, 0)
            let index = try integer(arguments, 1)
            guard list.indices.contains(index) else {
                throw IntrinsicFault("The index \(index) is out of bounds for an array of length \(list.count).")
            }
            return list[index]
        case .arrayLength: return .integer(Int64(try list(arguments, 0).count))
        case .arrayUnique:
            var seen: Set<DocumentValue> = []
            return .list(try list(arguments, 0).filter { seen.insert($0).inserted })
        case .base64Encode:
            return .string(Base64.encode(Array(try short(arguments, 0).utf8)))
        case .base64Decode:
            guard let bytes = Base64.decode(try short(arguments, 0)) else {
                throw IntrinsicFault("The value is not valid Base64.")
            }
            return .string(String(decoding: bytes, as: UTF8.self))
        case .hash:
            let name = try text(arguments, 1)
            guard let algorithm = MessageDigest(rawValue: name) else {
                throw IntrinsicFault("The algorithm '\(name)' is not one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512.")
            }
            let subject = arguments[0].string == nil ? JSONWriter.string(arguments[0]) : try short(arguments, 0)
            return .string(algorithm.hexadecimalDigest(of: Array(subject.utf8)))
        case .jsonMerge: return try merge(arguments)
        case .mathRandom: return try randomNumber(arguments, random: &random)
        case .mathAdd:
            let (sum, overflow) = Int64(try integer(arguments, 0)).addingReportingOverflow(
                Int64(try integer(arguments, 1)))
            if overflow { throw IntrinsicFault("The sum does not fit a 64-bit integer.") }
            return .integer(sum)
        case .stringSplit: return split(try text(arguments, 0), at: try text(arguments, 1))
        case .uuid: return .string(random.uuid())
        }
    }

    private static func format(_ arguments: [DocumentValue]) throws(IntrinsicFault) -> DocumentValue {
        let template = Array(try text(arguments, 0).unicodeScalars)
        var result = String.UnicodeScalarView()
        var next = 1
        var position = 0
        while position < template.count {
            let scalar = template[position]
            if scalar == "\\", position + 1 < template.count {
                result.append(template[position + 1])
                position += 2
            } else if scalar == "{", position + 1 < template.count, template[position + 1] == "}" {
                guard next < arguments.count else {
                    throw IntrinsicFault(
                        "The number of arguments does not match the number of occurrences of {} in the template.")
                }
                result.append(contentsOf: display(arguments[next]).unicodeScalars)
                next += 1
                position += 2
            } else {
                result.append(scalar)
                position += 1
            }
        }
        guard next == arguments.count else {
            throw IntrinsicFault(
                "The number of arguments does not match the number of occurrences of {} in the template.")
        }
        return .string(String(result))
    }

    /// AWS prints objects and arrays the way Java's collections do: `{a=1, b=[]}`.
    private static func display(_ value: DocumentValue) -> String {
        switch value {
        case .string(let text): text
        case .list(let list): "[" + list.map(display).joined(separator: ", ") + "]"
        case .object(let object): "{" + object.map { "\($0)=\(display($1))" }.joined(separator: ", ") + "}"
        default: JSONWriter.string(value)
        }
    }

    /// AWS: a blank text is null.
    private static func parse(_ text: String) throws(IntrinsicFault) -> DocumentValue {
        if text.allSatisfy(\.isWhitespace) { return .null }
        do {
            return try JSONReader.parse(text)
        } catch {
            throw IntrinsicFault("The value is not valid JSON: \(error.description).")
        }
    }

    private static func partition(_ list: [DocumentValue], size: Int) throws(IntrinsicFault) -> DocumentValue {
        guard size > 0 else { throw IntrinsicFault("The chunk size must be a positive integer.") }
        return .list(
            stride(from: 0, to: list.count, by: size).map { .list(Array(list[$0..<min($0 + size, list.count)])) })
    }

    private static func range(_ first: Int, _ last: Int, _ step: Int) throws(IntrinsicFault) -> DocumentValue {
        guard step != 0 else { throw IntrinsicFault("The step of a range must not be zero.") }
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow, distance != .min else { throw IntrinsicFault("The range is too wide.") }
        let count = distance / step &+ 1
        guard (distance >= 0) == (step > 0) || distance == 0, count > 0 else { return .list([]) }
        guard count <= maximumRange else {
            throw IntrinsicFault("A range must not yield more than \(maximumRange) items.")
        }
        return .list((0..<count).map { .integer(Int64(first + $0 * step)) })
    }

    private static func merge(_ arguments: [DocumentValue]) throws(IntrinsicFault) -> DocumentValue {
        guard let left = arguments[0].object, let right = arguments[1].object else {
            throw IntrinsicFault("The first and second argument must be JSON objects.")
        }
        guard let deep = arguments[2].bool else { throw IntrinsicFault("The third argument must be a boolean.") }
        guard !deep else { throw IntrinsicFault("Deep merging is not supported: the third argument must be false.") }
        var merged = left
        for (key, value) in right { merged[key] = value }
        return .object(merged)
    }

    private static func randomNumber(
        _ arguments: [DocumentValue], random: inout TurnRandom
    ) throws(IntrinsicFault) -> DocumentValue {
        let start = try integer(arguments, 0)
        let end = try integer(arguments, 1)
        guard start < end else { throw IntrinsicFault("The start must be less than the end.") }
        if arguments.count == 3 {
            var seeded = TurnRandom(seed: UInt64(bitPattern: Int64(try integer(arguments, 2))))
            return .integer(Int64(Int.random(in: start..<end, using: &seeded)))
        }
        return .integer(Int64(Int.random(in: start..<end, using: &random)))
    }

    /// AWS: every character of the second text separates, and empty parts are dropped.
    private static func split(_ text: String, at separators: String) -> DocumentValue {
        let separators = Set(separators)
        return .list(text.split(whereSeparator: separators.contains).map { .string(String($0)) })
    }

    // MARK: Arguments

    private static func text(_ arguments: [DocumentValue], _ index: Int) throws(IntrinsicFault) -> String {
        guard let text = arguments[index].string else {
            throw IntrinsicFault("Argument \(index + 1) must be a string.")
        }
        return text
    }

    private static func short(_ arguments: [DocumentValue], _ index: Int) throws(IntrinsicFault) -> String {
        let text = try text(arguments, index)
        guard text.unicodeScalars.count <= maximumCharacters else {
            throw IntrinsicFault("Argument \(index + 1) must not be longer than \(maximumCharacters) characters.")
        }
        return text
    }

    private static func list(_ arguments: [DocumentValue], _ index: Int) throws(IntrinsicFault) -> [DocumentValue] {
        guard let list = arguments[index].list else { throw IntrinsicFault("Argument \(index + 1) must be an array.") }
        return list
    }

    /// AWS rounds fractions half up, as Java's `Math.round` does: 2.5 is 3 and -2.5 is -2.
    private static func integer(_ arguments: [DocumentValue], _ index: Int) throws(IntrinsicFault) -> Int {
        switch arguments[index] {
        case .integer(let value): return Int(value)
        case .number(let value):
            if let rounded = Int(exactly: (value + 0.5).rounded(.down)) { return rounded }
            fallthrough
        default: throw IntrinsicFault("Argument \(index + 1) must be an integer.")
        }
    }
}
