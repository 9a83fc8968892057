extension Evaluator {
    func binary(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        guard let leftNode = node.left, let rightNode = node.right else { return .undefined }
        let left = try evaluate(leftNode, input, frame)
        switch node.text {
        case "and":
            return .bool(left.isTrue ? try evaluate(rightNode, input, frame).isTrue : false)
        case "or":
            return .bool(left.isTrue ? true : try evaluate(rightNode, input, frame).isTrue)
        default: break
        }
        let right = try evaluate(rightNode, input, frame)
        do throws(JSONataError) {
            return try operate(node.text, left, right)
        } catch {
            throw error.at(node.position, token: node.text)
        }
    }

    private func operate(_ symbol: String, _ left: Value, _ right: Value) throws(JSONataError) -> Value {
        switch symbol {
        case "+", "-", "*", "/", "%": return try arithmetic(symbol, left, right)
        case "=", "!=":
            if left.isUndefined || right.isUndefined { return .bool(false) }
            return .bool(left.isDeepEqual(to: right) == (symbol == "="))
        case "<", "<=", ">", ">=": return try comparison(symbol, left, right)
        case "&":
            let text = (left.isUndefined ? "" : try text(left)) + (right.isUndefined ? "" : try text(right))
            try spend(text.utf8.count / 16)
            return .string(text)
        case "..": return try range(left, right)
        case "in":
            if left.isUndefined || right.isUndefined { return .bool(false) }
            guard case .array(let array) = right else { return .bool(left.isIdentical(to: right)) }
            return .bool(array.items.contains { left.isIdentical(to: $0) })
        default: return .undefined
        }
    }

    private func numeric(_ value: Value, _ code: String, _ symbol: String) throws(JSONataError) -> Double? {
        switch value.plain {
        case .undefined: return nil
        case .number(let number): return try Self.finite(number)
        default: throw JSONataError(code, token: symbol)
        }
    }

    private func arithmetic(_ symbol: String, _ left: Value, _ right: Value) throws(JSONataError) -> Value {
        let first = try numeric(left, "T2001", symbol)
        let second = try numeric(right, "T2002", symbol)
        guard let first, let second else { return .undefined }
        switch symbol {
        case "+": return .number(first + second)
        case "-": return .number(first - second)
        case "*": return .number(first * second)
        case "/": return .number(first / second)
        default: return .number(first.truncatingRemainder(dividingBy: second))
        }
    }

    private func comparison(_ symbol: String, _ left: Value, _ right: Value) throws(JSONataError) -> Value {
        for value in [left, right] {
            switch value {
            case .undefined, .string, .number, .whole: break
            default: throw JSONataError("T2010", token: symbol)
            }
        }
        switch (left.plain, right.plain) {
        case (.undefined, _), (_, .undefined): return .undefined
        case (.number(let a), .number(let b)):
            switch symbol {
            case "<": return .bool(a < b)
            case "<=": return .bool(a <= b)
            case ">": return .bool(a > b)
            default: return .bool(a >= b)
            }
        case (.string(let a), .string(let b)):
            switch symbol {
            case "<": return .bool(a.isOrderedBefore(b))
            case "<=": return .bool(!b.isOrderedBefore(a))
            case ">": return .bool(b.isOrderedBefore(a))
            default: return .bool(!a.isOrderedBefore(b))
            }
        default:
            let values = "\(try quoted(left)) and \(try quoted(right))"
            throw JSONataError("T2009", token: symbol, value: values)
        }
    }

    private func range(_ left: Value, _ right: Value) throws(JSONataError) -> Value {
        func whole(_ value: Value, _ code: String) throws(JSONataError) -> Double? {
            if value.isUndefined { return nil }
            guard case .number(let number) = value.plain, number.isFinite, number.rounded() == number else {
                throw JSONataError(code, token: "..")
            }
            return number
        }
        let lower = try whole(left, "T2003")
        let upper = try whole(right, "T2004")
        guard let lower, let upper, lower <= upper else { return .undefined }
        let size = upper - lower + 1
        guard size <= 1e7 else { throw JSONataError("D2014", token: "..", value: NumberText.text(size)) }
        try spend(Int(size) / 16)
        return .sequence((0..<Int(size)).map { .number(lower + Double($0)) })
    }

    func unary(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        switch node.text {
        case "[":
            var result = ArrayValue()
            for child in node.children {
                let value = try evaluate(child, input, frame)
                if value.isUndefined { continue }
                if child.isUnary("[") {
                    result.append(value)
                } else if case .array(let array) = value {
                    try spend(array.count)
                    if result.count == 0 {
                        result = ArrayValue(array.items)
                    } else {
                        for item in array.items { result.append(item) }
                    }
                } else {
                    result.append(value)
                }
            }
            result.isConstructed = node.isConstructor
            return .array(result)
        case "{": return try grouped(node.pairs, input, frame)
        default:
            guard let operand = node.left else { return .undefined }
            let value = try evaluate(operand, input, frame)
            switch value.plain {
            case .undefined: return .undefined
            case .number(let number): return .number(-(try Self.finite(number)))
            default:
                throw JSONataError("D1002", position: node.position, token: node.text, value: try quoted(value))
            }
        }
    }

    /// Joins two values into one array; the marks of a sequence are lost, as in the reference.
    func appended(_ first: Value, _ second: Value) -> Value {
        if first.isUndefined { return second }
        if second.isUndefined { return first }
        return .list((first.array?.items ?? [first]) + (second.array?.items ?? [second]))
    }

    /// `{key: value}` over the items of the input.
    func grouped(_ pairs: [(Node, Node)], _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        struct Group {
            var items: [Value]
            var isPlain: Bool
            var pair: Int
        }
        let array = input.array ?? ArrayValue([input], isSequence: true)
        let isTuple = array.isTupleStream
        var order: [String] = []
        var groups: [String: Group] = [:]
        for item in array.count == 0 ? [.undefined] : array.items {
            let context = isTuple ? item.object?[Self.focusKey] ?? .undefined : item
            let itemFrame = isTuple ? scope(item, frame) : frame
            for (index, pair) in pairs.enumerated() {
                let key = try evaluate(pair.0, context, itemFrame)
                if key.isUndefined { continue }
                guard case .string(let name) = key else {
                    throw JSONataError("T1003", position: pair.0.position, value: try quoted(key))
                }
                if let group = groups[name] {
                    guard group.pair == index else {
                        throw JSONataError("D1009", position: pair.0.position, value: name)
                    }
                    if !item.isUndefined {
                        groups[name]?.items += item.array?.items ?? [item]
                        if group.isPlain, group.items.count == 1, case .array(let first) = group.items[0] {
                            groups[name]?.items.replaceSubrange(0..<1, with: first.items)
                        }
                        groups[name]?.isPlain = false
                    }
                } else {
                    order.append(name)
                    groups[name] = Group(items: item.isUndefined ? [] : [item], isPlain: true, pair: index)
                }
            }
        }
        let result = ObjectValue()
        for name in order {
            guard let group = groups[name] else { continue }
            var context: Value =
                group.isPlain ? group.items.first ?? .undefined : .list(group.items)
            var itemFrame = frame
            if isTuple {
                let tuple = reduced(group.items)
                context = tuple[Self.focusKey]
                tuple.remove(Self.focusKey)
                itemFrame = scope(.object(tuple), frame)
            }
            let value = try evaluate(pairs[group.pair].1, context, itemFrame)
            if !value.isUndefined { result[name] = value }
        }
        return .object(result)
    }

    /// Tuples of one group as one: each binding holds all its values.
    private func reduced(_ tuples: [Value]) -> ObjectValue {
        let result = ObjectValue()
        for tuple in tuples {
            guard case .object(let object) = tuple else { continue }
            for (name, value) in zip(object.keys, object.values) { result[name] = appended(result[name], value) }
        }
        return result
    }
}
