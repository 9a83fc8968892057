extension Evaluator {
    /// Calls a function as the expression does: with its signature checked, tail calls in a loop.
    func apply(
        _ function: Value, _ arguments: [Value], input: Value
    ) throws(JSONataError) -> Value {
        var result = try applyOnce(function, arguments, input)
        while case .function(let thunk) = result, case .lambda(let node, let context, let frame) = thunk.body,
            node.isTailCall, let call = node.right, let procedure = call.left
        {
            try spend()
            let next = try evaluate(procedure, context, frame)
            var nextArguments: [Value] = []
            for argument in call.children { nextArguments.append(try evaluate(argument, context, frame)) }
            do throws(JSONataError) {
                result = try applyOnce(next, nextArguments, context)
            } catch {
                throw error.at(call.position, token: Self.name(of: call))
            }
        }
        return result
    }

    private func applyOnce(_ callee: Value, _ arguments: [Value], _ input: Value) throws(JSONataError) -> Value {
        guard case .function(let function) = callee else { throw JSONataError("T1006") }
        let checked = try function.signature?.validate(arguments, context: input) ?? arguments
        switch function.body {
        case .lambda(let node, let context, let frame):
            guard let body = node.right else { return .undefined }
            let scope = Frame(parent: frame)
            for (index, name) in function.parameters.enumerated() {
                scope.bind(name, index < checked.count ? checked[index] : .undefined)
            }
            return try evaluate(body, context, scope)
        case .native(let body):
            return try descend { () throws(JSONataError) -> Value in try body(self, checked, input) }
        case .regex(let regex):
            guard case .string(let text) = checked.first ?? .undefined else { return .undefined }
            let units = Array(text.utf16)
            return try matchValue(regex, units, from: 0)
        }
    }

    static func name(of call: Node) -> String? {
        guard let procedure = call.left else { return nil }
        return procedure.kind == .path ? procedure.children.first?.text : procedure.text
    }

    func call(
        _ node: Node, _ input: Value, _ frame: Frame, prepending first: Value?
    ) throws(JSONataError) -> Value {
        guard let procedure = node.left else { return .undefined }
        let function = try evaluate(procedure, input, frame)
        if function.isUndefined, procedure.kind == .path, let name = procedure.children.first?.text,
            !lookup(name, frame).isUndefined
        {
            throw JSONataError("T1005", position: node.position, token: name)
        }
        var arguments: [Value] = []
        if let first { arguments.append(first) }
        for child in node.children { arguments.append(try evaluate(child, input, frame)) }
        do throws(JSONataError) {
            return try apply(function, arguments, input: input)
        } catch {
            throw error.at(node.position, token: Self.name(of: node))
        }
    }

    func partial(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        guard let procedure = node.left else { return .undefined }
        var given: [Value?] = []
        for child in node.children {
            given.append(child.kind == .placeholder ? nil : try evaluate(child, input, frame))
        }
        let callee = try evaluate(procedure, input, frame)
        if callee.isUndefined, procedure.kind == .path, let name = procedure.children.first?.text,
            !lookup(name, frame).isUndefined
        {
            throw JSONataError("T1007", position: node.position, token: name)
        }
        guard case .function(let function) = callee else { throw JSONataError("T1008", position: node.position) }
        if case .lambda(let lambda, let context, let closure) = function.body {
            let scope = Frame(parent: closure)
            var unbound: [String] = []
            for (index, name) in function.parameters.enumerated() {
                if index < given.count, given[index] == nil {
                    unbound.append(name)
                } else {
                    scope.bind(name, index < given.count ? given[index] ?? .undefined : .undefined)
                }
            }
            capture(scope)
            return .function(
                FunctionValue(
                    .lambda(lambda, input: context, frame: scope), parameters: unbound, arity: unbound.count))
        }
        return .function(PartialCall(function: function, given: given).asFunction)
    }

    /// `left ~> right`.
    func apply(_ node: Node, _ input: Value, _ frame: Frame) throws(JSONataError) -> Value {
        guard let leftNode = node.left, let rightNode = node.right else { return .undefined }
        let left = try evaluate(leftNode, input, frame)
        if rightNode.kind == .function { return try call(rightNode, input, frame, prepending: left) }
        let right = try evaluate(rightNode, input, frame)
        guard case .function(let second) = right else {
            throw JSONataError("T2006", position: node.position, token: "~>")
        }
        guard case .function(let first) = left else { return try apply(right, [left], input: .undefined) }
        return .function(FunctionChain(first: first, second: second).asFunction)
    }

    /// Calls a function argument with no more arguments than it takes, as `$map` and its kin do.
    func call(
        _ function: FunctionValue, with arguments: [Value]
    ) throws(JSONataError) -> Value {
        let count = max(1, min(function.arity, arguments.count))
        return try apply(.function(function), Array(arguments[..<count]), input: .undefined)
    }
}

/// A native function with some arguments given. Lives within one evaluation, on one thread: `@unchecked` is safe.
private struct PartialCall: @unchecked Sendable {
    let function: FunctionValue
    let given: [Value?]

    var asFunction: FunctionValue {
        let call = self
        let body: FunctionValue.Native = { (evaluator, arguments, input) throws(JSONataError) -> Value in
            var rest = arguments[...]
            var all: [Value] = []
            for value in call.given { all.append(value ?? rest.popFirst() ?? .undefined) }
            return try evaluator.apply(.function(call.function), all, input: input)
        }
        let height = given.reduce(function.height) { max($0, $1?.height ?? 0) }
        return FunctionValue(.native(body), arity: given.filter { $0 == nil }.count, height: height + 1)
    }
}

/// Two functions, one after the other. Lives within one evaluation, on one thread: `@unchecked` is safe.
private struct FunctionChain: @unchecked Sendable {
    let first: FunctionValue
    let second: FunctionValue

    var asFunction: FunctionValue {
        let chain = self
        let body: FunctionValue.Native = { (evaluator, arguments, input) throws(JSONataError) -> Value in
            let between = try evaluator.apply(.function(chain.first), arguments, input: input)
            return try evaluator.apply(.function(chain.second), [between], input: input)
        }
        return FunctionValue(.native(body), arity: 1, height: max(first.height, second.height) + 1)
    }
}

/// A transform with the scope it was written in. Lives within one evaluation, on one thread: `@unchecked` is safe.
private struct Transformation: @unchecked Sendable {
    let node: Node
    let frame: Frame

    func apply(_ evaluator: Evaluator, to target: Value) throws(JSONataError) -> Value {
        guard !target.isUndefined, let pattern = node.left, let updateNode = node.right else { return .undefined }
        let result = try evaluator.copy(of: target, level: 0)
        let matches = try evaluator.evaluate(pattern, result, frame)
        for match in matches.array?.items ?? (matches.isUndefined ? [] : [matches]) {
            let update = try evaluator.evaluate(updateNode, match, frame)
            switch update {
            case .undefined: break
            case .object(let changes):
                for (key, value) in zip(changes.keys, changes.values) { match.object?[key] = value }
            default:
                throw JSONataError("T2011", position: updateNode.position, value: try evaluator.quoted(update))
            }
            if let delete = node.other { try remove(evaluator, delete, from: match) }
        }
        return result
    }

    private func remove(_ evaluator: Evaluator, _ delete: Node, from match: Value) throws(JSONataError) {
        let names = try evaluator.evaluate(delete, match, frame)
        if names.isUndefined { return }
        for name in names.array?.items ?? [names] {
            guard case .string(let key) = name else {
                throw JSONataError("T2012", position: delete.position, value: try evaluator.quoted(names))
            }
            match.object?.remove(key)
        }
    }
}

extension Evaluator {
    func transform(_ node: Node, _ frame: Frame) -> Value {
        capture(frame)
        let transformation = Transformation(node: node, frame: frame)
        let body: FunctionValue.Native = { (evaluator, arguments, _) throws(JSONataError) -> Value in
            try transformation.apply(evaluator, to: arguments.first ?? .undefined)
        }
        return .function(FunctionValue(.native(body), arity: 1, signature: try? Signature(parsing: "<(oa):o>")))
    }

    /// A copy that shares nothing with the original.
    func copy(of value: Value, level: Int) throws(JSONataError) -> Value {
        guard level < 400 else { throw JSONataError("U1001") }
        try spend()
        switch value {
        case .array(let array):
            var items: [Value] = []
            for item in array.items { items.append(try copy(of: item, level: level + 1)) }
            return .list(items)
        case .object(let object):
            let result = ObjectValue()
            for (key, member) in zip(object.keys, object.values) {
                result[key] = try copy(of: member, level: level + 1)
            }
            return .object(result)
        case .function: return .string("")
        default: return value
        }
    }
}
