extension Evaluator {
    /// The value a tuple of bindings is about.
    static let focusKey = "@"

    func scope(_ tuple: Value, _ frame: Frame) -> Frame {
        let scope = Frame(parent: frame)
        if case .object(let object) = tuple {
            for (name, value) in zip(object.keys, object.values) { scope.bind(name, value) }
        }
        return scope
    }

    private func focus(_ tuple: Value) -> Value { tuple.object?[Self.focusKey] ?? .undefined }

    func path(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        var sequence: ArrayValue
        if case .array(let array) = input, node.children.first?.kind != .variable {
            sequence = array
        } else {
            sequence = ArrayValue([input], isSequence: true)
        }
        var result = Value.array(sequence)
        var tuples: ArrayValue?
        var isTupleStream = false
        for (index, step) in node.children.enumerated() {
            if step.isTuple { isTupleStream = true }
            if index == 0, step.isConstructor {
                result = try evaluate(step, .array(sequence), frame)
            } else if isTupleStream {
                tuples = try tupleStep(step, sequence, tuples, frame)
            } else {
                result = .array(
                    try self.step(step, sequence, frame, isLast: index == node.children.count - 1))
            }
            if !isTupleStream {
                if result.isUndefined { break }
                if case .array(let array) = result, array.count == 0 { break }
            }
            if step.focus == nil, case .array(let array) = result {
                sequence = array
            } else if step.focus == nil {
                sequence = ArrayValue([result], isSequence: true)
            }
        }
        if isTupleStream, let tuples {
            result = node.isTuple ? .array(tuples) : .sequence(tuples.items.map(focus))
        }
        if node.keepsSingletonArray, case .array(var array) = result {
            if array.isConstructed, !array.isSequence {
                array = ArrayValue([result], isSequence: true)
                result = .array(array)
            }
            array.keepsSingleton = true
        }
        if let group = node.group {
            result = try grouped(group, isTupleStream ? tuples.map { .array($0) } ?? result : result, frame)
        }
        return result
    }

    private func step(
        _ step: Node, _ input: ArrayValue, _ frame: Frame, isLast: Bool
    ) throws(JSONataError) -> ArrayValue {
        if step.kind == .sort {
            return try staged(step, .array(try sorted(step, input, frame)), frame)
        }
        var results: [Value] = []
        for item in input.items {
            var value = try evaluate(step, item, frame)
            if let stages = step.stages {
                for case .filter(let predicate) in stages { value = try filter(predicate, value, frame) }
            }
            if !value.isUndefined { results.append(value) }
        }
        if isLast, results.count == 1, case .array(let array) = results[0], !array.isSequence { return array }
        let flat = ArrayValue(isSequence: true)
        for value in results {
            if case .array(let array) = value, !array.isConstructed {
                try spend(array.count)
                for item in array.items { flat.append(item) }
            } else {
                flat.append(value)
            }
        }
        return flat
    }

    private func staged(_ step: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> ArrayValue {
        var result = input
        for stage in step.stages ?? [] {
            switch stage {
            case .filter(let predicate): result = try filter(predicate, result, frame)
            case .index(let name):
                guard case .array(let array) = result else { continue }
                for (index, tuple) in array.items.enumerated() { tuple.object?[name] = .number(Double(index)) }
            }
        }
        if case .array(let array) = result { return array }
        return ArrayValue([result], isSequence: true)
    }

    private func tupleStep(
        _ step: Node, _ input: ArrayValue, _ tuples: ArrayValue?, _ frame: Frame
    ) throws(JSONataError) -> ArrayValue {
        if step.kind == .sort { return try tupleSort(step, input, tuples, frame) }
        let result = ArrayValue(isSequence: true)
        result.isTupleStream = true
        let stream = tuples?.items ?? input.items.filter { !$0.isUndefined }.map { tuple([(Self.focusKey, $0)]) }
        for binding in stream {
            let context = focus(binding)
            let value = try evaluate(step, context, scope(binding, frame))
            if value.isUndefined { continue }
            let values = value.array ?? ArrayValue([value])
            try spend(values.count)
            for (index, item) in values.items.enumerated() {
                let merged = ObjectValue()
                merge(binding, into: merged)
                if values.isTupleStream {
                    merge(item, into: merged)
                } else {
                    if let focus = step.focus {
                        merged[focus] = item
                        merged[Self.focusKey] = context
                    } else {
                        merged[Self.focusKey] = item
                    }
                    if let name = step.index { merged[name] = .number(Double(index)) }
                    if let ancestor = step.ancestor { merged[ancestor.label] = context }
                }
                result.append(.object(merged))
            }
        }
        return try staged(step, .array(result), frame)
    }

    private func tupleSort(
        _ step: Node, _ input: ArrayValue, _ tuples: ArrayValue?, _ frame: Frame
    ) throws(JSONataError) -> ArrayValue {
        if let tuples { return try staged(step, .array(try sorted(step, tuples, frame)), frame) }
        let result = ArrayValue(isSequence: true)
        result.isTupleStream = true
        for (index, item) in try sorted(step, input, frame).items.enumerated() {
            var members = [(Self.focusKey, item)]
            if let name = step.index { members.append((name, .number(Double(index)))) }
            result.append(tuple(members))
        }
        return try staged(step, .array(result), frame)
    }

    private func tuple(_ members: [(String, Value)]) -> Value {
        let object = ObjectValue()
        for (name, value) in members { object[name] = value }
        return .object(object)
    }

    private func merge(_ tuple: Value, into object: ObjectValue) {
        guard case .object(let source) = tuple else { return }
        for (name, value) in zip(source.keys, source.values) { object[name] = value }
    }

    /// Keeps what a predicate is true for, or the places it names.
    func filter(_ predicate: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        let array = input.array ?? ArrayValue([input], isSequence: true)
        let results = ArrayValue(isSequence: true)
        results.isTupleStream = array.isTupleStream
        if predicate.kind == .number, case .number(let number) = predicate.literal {
            let item = array[Self.place(number, array.count)]
            if case .array(let inner) = item { return .array(inner) }
            if !item.isUndefined { results.append(item) }
            return .array(results)
        }
        for (index, item) in array.items.enumerated() {
            let isTuple = array.isTupleStream
            let found = try evaluate(
                predicate, isTuple ? focus(item) : item, isTuple ? scope(item, frame) : frame)
            if let numbers = try Self.numbers(found) {
                for number in numbers where Self.place(number, array.count) == index { results.append(item) }
            } else if found.isTrue {
                results.append(item)
            }
        }
        return .array(results)
    }

    private static func place(_ number: Double, _ count: Int) -> Int {
        let index = Int(exactly: number.rounded(.down)) ?? -1
        guard number.isFinite, number.magnitude < 0x1p53 else { return -1 }
        return index < 0 ? count + index : index
    }

    private static func numbers(_ value: Value) throws(JSONataError) -> [Double]? {
        switch value.plain {
        case .number(let number): return [try finite(number)]
        case .array(let array):
            var result: [Double] = []
            for item in array.items {
                guard case .number(let number) = item.plain else { return nil }
                result.append(try finite(number))
            }
            return result
        default: return nil
        }
    }

    /// Numbers that JSON cannot say end the evaluation where they are used.
    static func finite(_ number: Double) throws(JSONataError) -> Double {
        guard number.isFinite else { throw JSONataError("D1001", value: NumberText.text(number)) }
        return number
    }

    private func sorted(_ step: Node, _ input: ArrayValue, _ frame: Frame) throws(JSONataError) -> ArrayValue {
        let isTuple = input.isTupleStream
        let items = try mergeSorted(input.items) { (a: Value, b: Value) throws(JSONataError) -> Bool in
            for term in step.terms {
                let left = try self.evaluate(
                    term.expression, isTuple ? self.focus(a) : a, isTuple ? self.scope(a, frame) : frame)
                let right = try self.evaluate(
                    term.expression, isTuple ? self.focus(b) : b, isTuple ? self.scope(b, frame) : frame)
                switch (left.plain, right.plain) {
                case (.undefined, .undefined): continue
                case (.undefined, _): return true
                case (_, .undefined): return false
                case (.number(let x), .number(let y)):
                    if x == y { continue }
                    return (x > y) != term.isDescending
                case (.string(let x), .string(let y)):
                    if x.isSameText(as: y) { continue }
                    return y.isOrderedBefore(x) != term.isDescending
                case (.number, .string), (.string, .number):
                    let values = "\(try self.quoted(left)) and \(try self.quoted(right))"
                    throw JSONataError("T2007", position: step.position, value: values)
                default: throw JSONataError("T2008", position: step.position)
                }
            }
            return false
        }
        let result = ArrayValue(items, isSequence: input.isSequence || isTuple)
        result.isTupleStream = isTuple
        return result
    }

    /// Stable; `isAfter` says that the first belongs after the second.
    func mergeSorted(
        _ items: [Value], _ isAfter: (Value, Value) throws(JSONataError) -> Bool
    ) throws(JSONataError) -> [Value] {
        guard items.count > 1 else { return items }
        let middle = items.count / 2
        let left = try mergeSorted(Array(items[..<middle]), isAfter)
        let right = try mergeSorted(Array(items[middle...]), isAfter)
        var result: [Value] = []
        result.reserveCapacity(items.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            try spend()
            if try isAfter(left[i], right[j]) {
                result.append(right[j])
                j += 1
            } else {
                result.append(left[i])
                i += 1
            }
        }
        return result + left[i...] + right[j...]
    }
}
