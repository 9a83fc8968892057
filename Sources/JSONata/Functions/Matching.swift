extension Evaluator {
    /// A match as an object: match, start, end, groups and the function that finds the next.
    func matchValue(_ regex: RegularExpression, _ text: [UInt16], from start: Int) throws(JSONataError) -> Value {
        guard let match = try regex.match(text, from: start, steps: &steps) else { return .undefined }
        guard match.end > match.start else { throw JSONataError("D1004") }
        let result = ObjectValue()
        result["match"] = .string(SurrogateText.string(Array(text[match.start..<match.end])))
        result["start"] = .number(Double(match.start))
        result["end"] = .number(Double(match.end))
        result["groups"] = .list(
            match.groups.map { group in
                group.map { .string(SurrogateText.string(Array(text[$0]))) } ?? .undefined
            })
        let end = match.end
        result["next"] = .function(
            FunctionValue(
                .native({ (evaluator, _, _) throws(JSONataError) -> Value in
                    end >= text.count ? .undefined : try evaluator.matchValue(regex, text, from: end)
                }), arity: 0))
        return .object(result)
    }

    /// Calls a matcher, which may be written in the expression, and then its `next` again and again.
    func matches(_ matcher: Value, in text: String, limit: Int) throws(JSONataError) -> [ObjectValue] {
        var result: [ObjectValue] = []
        var next = try firstMatch(matcher, in: text)
        while result.count < limit, case .object(let match) = next {
            try spend()
            result.append(match)
            next = try apply(match["next"], [], input: .undefined)
        }
        return result
    }

    /// What a matcher finds first: a match object or nothing.
    func firstMatch(_ matcher: Value, in text: String) throws(JSONataError) -> Value {
        let found = try apply(matcher, [.string(text)], input: .undefined)
        if found.isUndefined { return found }
        guard case .object(let match) = found, match["start"].number != nil || match["end"].number != nil,
            match["groups"].array != nil, match["next"].function != nil
        else { throw JSONataError("T1010") }
        return found
    }
}

extension Library {
    static let matching: [Entry] = [
        (
            "contains", "<s-(sf):b>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                if case .string(let part) = arguments.at(1) {
                    return .bool(text.range(of: part, from: text.startIndex) != nil)
                }
                return .bool(!(try evaluator.firstMatch(arguments.at(1), in: text)).isUndefined)
            }
        ),
        (
            "match", "<s-f<s:o>n?:a<o>>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                if let limit = arguments.number(2), limit < 0 { throw JSONataError("D3040") }
                let found = try evaluator.matches(arguments.at(1), in: text, limit: arguments.integer(2) ?? .max)
                return .sequence(
                    found.map { match in
                        let result = ObjectValue()
                        result["match"] = match["match"]
                        result["index"] = match["start"]
                        result["groups"] = match["groups"]
                        return .object(result)
                    })
            }
        ),
        (
            "split", "<s-(sf)n?:a<s>>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in
                guard let text = arguments.string(0) else { return .undefined }
                if let limit = arguments.number(2), limit < 0 { throw JSONataError("D3020") }
                let limit = arguments.integer(2) ?? .max
                var parts: [Value] = []
                if case .string(let separator) = arguments.at(1) {
                    parts = split(text, separator)
                    try evaluator.spend(parts.count)
                    return .list(Array(parts.prefix(limit)))
                }
                let units = Array(text.utf16)
                var position = 0
                for match in try evaluator.matches(arguments.at(1), in: text, limit: limit) {
                    guard let start = match["start"].number, let end = match["end"].number else { continue }
                    let (lower, upper) = bounds(start, end, units.count)
                    parts.append(.string(SurrogateText.string(Array(units[min(position, lower)..<lower]))))
                    position = upper
                }
                if parts.count < limit { parts.append(.string(SurrogateText.string(Array(units[position...])))) }
                return .list(parts)
            }
        ),
        (
            "replace", "<s-(sf)(sf)n?:s>",
            { (evaluator, arguments, _) throws(JSONataError) -> Value in try replace(evaluator, arguments) }
        ),
    ]

    private static func bounds(_ start: Double, _ end: Double, _ count: Int) -> (Int, Int) {
        if start.isNaN || end.isNaN { return (count, count) }
        let lower = Int(max(0, min(Double(count), start)))
        return (lower, max(lower, Int(max(0, min(Double(count), end)))))
    }

    private static func split(_ text: String, _ separator: String) -> [Value] {
        if separator.isEmpty { return text.utf16.map { .string(SurrogateText.string([$0])) } }
        var parts: [Value] = []
        let bytes = Array(text.utf8)
        let mark = Array(separator.utf8)
        var start = 0
        var index = 0
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], bytes[index..<index + mark.count].elementsEqual(mark) {
                parts.append(.string(String(decoding: bytes[start..<index], as: UTF8.self)))
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
        return parts
    }

    private static func replace(_ evaluator: Evaluator, _ arguments: [Value]) throws(JSONataError) -> Value {
        guard let text = arguments.string(0) else { return .undefined }
        if arguments.string(1) == "" { throw JSONataError("D3010") }
        if let limit = arguments.number(3), limit < 0 { throw JSONataError("D3011") }
        let limit = arguments.integer(3) ?? .max
        if case .string(let pattern) = arguments.at(1) {
            guard let replacement = arguments.string(2) else {
                return try replaceWithFunction(evaluator, arguments, text, pattern, limit)
            }
            let parts = split(text, pattern).compactMap(\.string)
            var result = parts[0]
            for (index, part) in parts.dropFirst().enumerated() {
                result += (index < limit ? replacement : pattern) + part
            }
            try evaluator.spend(result.utf8.count / 16)
            return .string(result)
        }
        let units = Array(text.utf16)
        var result: [UInt16] = []
        var position = 0
        for match in try evaluator.matches(arguments.at(1), in: text, limit: limit) {
            guard let start = match["start"].number, let end = match["end"].number else { continue }
            let (lower, upper) = bounds(start, end, units.count)
            result += units[min(position, lower)..<lower]
            if case .string(let template) = arguments.at(2) {
                result += expanded(template, match)
            } else {
                let value = try evaluator.apply(arguments.at(2), [.object(match)], input: .undefined)
                guard case .string(let replacement) = value else { throw JSONataError("D3012") }
                result += replacement.utf16
            }
            try evaluator.spend(1 + result.count / 64)
            position = upper
        }
        result += units[position...]
        return .string(SurrogateText.string(result))
    }

    private static func replaceWithFunction(
        _ evaluator: Evaluator, _ arguments: [Value], _ text: String, _ pattern: String, _ limit: Int
    ) throws(JSONataError) -> Value {
        // The reference hands the function to JavaScript's own replace with a string pattern.
        guard limit > 0, let range = text.range(of: pattern, from: text.startIndex) else { return .string(text) }
        let value = try evaluator.apply(arguments.at(2), [.string(pattern)], input: .undefined)
        guard case .string(let replacement) = value else { throw JSONataError("D3012") }
        return .string(String(text[..<range.lowerBound]) + replacement + text[range.upperBound...])
    }

    /// `$0`, `$1`… in a replacement; of several digits as many count as there are groups.
    private static func expanded(_ template: String, _ match: ObjectValue) -> [UInt16] {
        let units = Array(template.utf16)
        let groups = match["groups"].array
        let dollar = UInt16(ascii: "$")
        var result: [UInt16] = []
        var index = 0
        while index < units.count {
            guard units[index] == dollar else {
                result.append(units[index])
                index += 1
                continue
            }
            index += 1
            guard index < units.count else {
                result.append(dollar)
                break
            }
            if units[index] == dollar {
                result.append(dollar)
                index += 1
            } else if units[index] == 48 {
                result += (match["match"].string ?? "").utf16
                index += 1
            } else {
                let count = groups?.count ?? 0
                let maximum = count == 0 ? 1 : String(count).count
                var digits = 0
                while digits < maximum, index + digits < units.count, (48...57).contains(units[index + digits]) {
                    digits += 1
                }
                guard digits > 0 else {
                    result.append(dollar)
                    continue
                }
                var number = Int(String(decoding: units[index..<index + digits], as: UTF16.self)) ?? 0
                if digits > 1, number > count {
                    digits -= 1
                    number = Int(String(decoding: units[index..<index + digits], as: UTF16.self)) ?? 0
                }
                if count > 0, case .string(let text)? = groups?[number - 1] { result += text.utf16 }
                index += digits
            }
        }
        return result
    }
}
