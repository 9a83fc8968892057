import AWSModel

/// Reads JSONPath text. Works on scalars, as property names may be in any script.
struct PathParser {
    let scalars: [Unicode.Scalar]
    var position: Int
    /// Parentheses, negations, arguments and lists that are open, in filters and calls.
    var depth = 0
    /// More nesting, or more segments, than any data has is refused, so that hostile text cannot exhaust the stack.
    private static let maximumDepth = 40
    private static let maximumSegments = 250

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        position = 0
    }

    init(scalars: [Unicode.Scalar], position: Int) {
        self.scalars = scalars
        self.position = position
    }

    mutating func wholePath() throws(PathSyntaxError) -> JSONPath {
        let path = try path(endingAt: { _ in false })
        guard position == scalars.count else { throw fail("unexpected characters after the path") }
        return path
    }

    /// A path that ends at the text's end or at an unquoted scalar for which `isEnd` holds.
    mutating func path(endingAt isEnd: (Unicode.Scalar) -> Bool) throws(PathSyntaxError) -> JSONPath {
        let start = position
        guard skip("$") else { throw fail("a path begins with '$'") }
        let root: JSONPath.Root
        if skip("$") {
            root = .context
        } else {
            let nameStart = position
            while let scalar = peek, Self.isVariableScalar(scalar), !isEnd(scalar) { position += 1 }
            root = position > nameStart ? .variable(text(nameStart, position)) : .data
        }
        let segments = try segments(endingAt: isEnd)
        return JSONPath(source: text(start, position), root: root, segments: segments)
    }

    mutating func segments(endingAt isEnd: (Unicode.Scalar) -> Bool) throws(PathSyntaxError) -> [JSONPath.Segment] {
        var segments: [JSONPath.Segment] = []
        while let scalar = peek, !isEnd(scalar) {
            if scalar == "." {
                position += 1
                if skip(".") {
                    segments.append(.descendants)
                    if peek == "[" { continue }
                }
                if skip("*") {
                    segments.append(.wildcard)
                    continue
                }
                if peek == "[" {
                    // Jayway reads `$.['a']` as `$['a']`.
                    continue
                }
                if peek == "." { throw fail("'.' is not valid here") }
                segments.append(try dotted(endingAt: isEnd))
            } else if scalar == "[" {
                position += 1
                segments.append(try bracket())
            } else if segments.isEmpty {
                throw fail("unexpected character '\(scalar)'")
            } else if skip("*") {
                segments.append(.wildcard)
            } else {
                // Jayway: after a bracket no dot is needed.
                segments.append(try dotted(endingAt: isEnd))
            }
        }
        guard segments.count <= Self.maximumSegments else { throw fail("a path has too many segments") }
        if segments.last == .descendants { throw fail("a path must not end with '..'") }
        return segments
    }

    /// A name without quotes, or a function's call. Jayway: anything but a blank may be in a name.
    private mutating func dotted(endingAt isEnd: (Unicode.Scalar) -> Bool) throws(PathSyntaxError) -> JSONPath.Segment {
        let start = position
        while let scalar = peek, scalar != ".", scalar != "[", scalar != "(", !isEnd(scalar) {
            guard scalar != " " else { throw fail("a name with blanks needs bracket notation") }
            position += 1
        }
        guard position > start else { throw fail("a property name is missing") }
        let name = text(start, position)
        guard skip("(") else { return .property(name) }
        guard let function = JSONPath.PathFunction(rawValue: name) else { throw fail("no function '\(name)'") }
        var arguments: [PathFilter.Operand] = []
        skipSpace()
        while !skip(")") {
            arguments.append(try PathFilterParser.operand(&self))
            skipSpace()
            guard skip(",") || peek == ")" else { throw fail("a call is not closed") }
            skipSpace()
        }
        guard peek == nil || peek.map(isEnd) == true else { throw fail("a function must end its path") }
        return .function(function, arguments)
    }

    private mutating func bracket() throws(PathSyntaxError) -> JSONPath.Segment {
        skipSpace()
        guard let scalar = peek else { throw fail("a bracket is not closed") }
        let segment: JSONPath.Segment
        switch scalar {
        case "*":
            position += 1
            segment = .wildcard
        case "'", "\"":
            var names = [try quotedName()]
            skipSpace()
            while skip(",") {
                skipSpace()
                names.append(try quotedName())
                skipSpace()
            }
            segment = names.count == 1 ? .property(names[0]) : .properties(names)
        case "?":
            position += 1
            segment = .filter(try PathFilterParser.filter(&self))
        default:
            segment = try numbers()
        }
        skipSpace()
        guard skip("]") else { throw fail("a bracket is not closed") }
        return segment
    }

    private mutating func numbers() throws(PathSyntaxError) -> JSONPath.Segment {
        let first = try integer()
        skipSpace()
        if skip(":") {
            let last = try integer()
            // Jayway: a step may be written, and is not looked at.
            if skip(":") { _ = try integer() }
            guard first != nil || last != nil else { throw fail("a slice needs a bound") }
            return .slice(from: first, to: last)
        }
        guard let first else { throw fail("an index is missing") }
        var indices = [first]
        while skip(",") {
            skipSpace()
            guard let next = try integer() else { throw fail("an index is missing") }
            indices.append(next)
            skipSpace()
        }
        return indices.count == 1 ? .index(first) : .indices(indices)
    }

    private mutating func integer() throws(PathSyntaxError) -> Int? {
        let start = position
        _ = skip("-")
        while let scalar = peek, ("0"..."9").contains(scalar) { position += 1 }
        guard position > start else { return nil }
        // Jayway: a Java int.
        guard let value = Int32(text(start, position)).map(Int.init) else {
            throw fail("'\(text(start, position))' is no index")
        }
        return value
    }

    /// Jayway: a comma ends a name even between quotes, and leaves it open.
    private mutating func quotedName() throws(PathSyntaxError) -> String {
        let start = position
        let name = try quoted()
        var isEscaped = false
        for scalar in scalars[start..<position] {
            if scalar == ",", !isEscaped { throw fail("a name in brackets must not hold a comma") }
            isEscaped = scalar == "\\" && !isEscaped
        }
        return name
    }

    /// A quoted property name. AWS: a backslash escapes the quote and itself, before anything else it is a backslash.
    mutating func quoted() throws(PathSyntaxError) -> String {
        guard let quote = peek, quote == "'" || quote == "\"" else { throw fail("a quoted name is missing") }
        position += 1
        var name = String.UnicodeScalarView()
        while let scalar = peek {
            position += 1
            if scalar == quote { return String(name) }
            if scalar == "\\", let next = peek, next == quote || next == "\\" {
                name.append(next)
                position += 1
            } else {
                name.append(scalar)
            }
        }
        throw fail("a quoted name is not closed")
    }

    // MARK: Scanning

    var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    mutating func skip(word: String) -> Bool {
        let word = Array(word.unicodeScalars)
        guard position + word.count <= scalars.count, Array(scalars[position..<position + word.count]) == word else {
            return false
        }
        position += word.count
        return true
    }

    /// Notes that something was opened; the caller takes it back.
    mutating func descend() throws(PathSyntaxError) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw fail("nested too deeply") }
    }

    mutating func skipSpace() {
        while let scalar = peek, scalar == " " || scalar == "\t" || scalar == "\n" { position += 1 }
    }

    func text(_ start: Int, _ end: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<end])
        return String(view)
    }

    func fail(_ message: String) -> PathSyntaxError {
        PathSyntaxError(message: "\(message) at character \(position + 1)")
    }

    static func isVariableScalar(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
