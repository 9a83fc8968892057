/// Turns the parser's binary tree into paths: steps with their predicates, groupings, bindings and ancestors.
struct PathBuilder {
    private var ancestry: [Node] = []

    mutating func build(_ node: Node) throws(JSONataError) -> Node {
        let result = try rearranged(node)
        if node.keepsArray { result.keepsArray = true }
        return result
    }

    private mutating func build(_ node: Node?, of owner: Node) throws(JSONataError) -> Node? {
        guard let node else { return nil }
        let result = try build(node)
        push(result, to: owner)
        return result
    }

    private mutating func rearranged(_ node: Node) throws(JSONataError) -> Node {
        switch node.kind {
        case .string, .number, .value, .wildcard, .descendant, .variable, .regex, .placeholder, .path, .bind, .apply,
            .sort:
            return node
        case .name, .word:
            node.kind = .name
            let path = Node(.path, position: node.position)
            path.children = [node]
            path.keepsSingletonArray = node.keepsArray
            return path
        case .parent:
            node.slot = AncestorSlot(index: ancestry.count)
            ancestry.append(node)
            return node
        case .end: throw JSONataError("S0207", position: node.position, token: node.text)
        case .binary: return try binary(node)
        case .unary: return try unary(node)
        case .function, .partial:
            node.children = try built(node.children, of: node)
            if let procedure = node.left { node.left = try build(procedure) }
            return node
        case .lambda:
            if let body = node.right { node.right = Self.tailCall(try build(body)) }
            return node
        case .condition:
            node.left = try build(node.left, of: node)
            node.right = try build(node.right, of: node)
            node.other = try build(node.other, of: node)
            return node
        case .transform:
            if let pattern = node.left { node.left = try build(pattern) }
            if let update = node.right { node.right = try build(update) }
            if let delete = node.other { node.other = try build(delete) }
            return node
        case .block:
            var children: [Node] = []
            for child in node.children {
                let part = try build(child)
                push(part, to: node)
                if part.isConstructor || (part.kind == .path && part.children.first?.isConstructor == true) {
                    node.isConstructor = true
                }
                children.append(part)
            }
            node.children = children
            return node
        }
    }

    private mutating func built(_ nodes: [Node], of owner: Node) throws(JSONataError) -> [Node] {
        var result: [Node] = []
        for node in nodes {
            let part = try build(node)
            push(part, to: owner)
            result.append(part)
        }
        return result
    }

    private mutating func built(
        pairs: [(Node, Node)], of owner: Node?
    ) throws(JSONataError) -> [(Node, Node)] {
        var result: [(Node, Node)] = []
        for (key, value) in pairs {
            let pair = (try build(key), try build(value))
            if let owner {
                push(pair.0, to: owner)
                push(pair.1, to: owner)
            }
            result.append(pair)
        }
        return result
    }

    private mutating func unary(_ node: Node) throws(JSONataError) -> Node {
        switch node.text {
        case "[": node.children = try built(node.children, of: node)
        case "{": node.pairs = try built(pairs: node.pairs, of: node)
        default:
            guard let operand = node.left else { return node }
            let result = try build(operand)
            if result.kind == .number, case .number(let number) = result.literal {
                result.literal = .number(-number)
                return result
            }
            node.left = result
            push(result, to: node)
        }
        return node
    }

    private mutating func binary(_ node: Node) throws(JSONataError) -> Node {
        guard let left = node.left else { return node }
        switch node.text {
        case ".": return try path(node, left)
        case "[": return try predicate(node, left)
        case "{":
            let result = try build(left)
            if result.group != nil { throw JSONataError("S0210", position: node.position) }
            result.group = try built(pairs: node.pairs, of: nil)
            return result
        case "^":
            let result = asPath(try build(left))
            let sort = Node(.sort, position: node.position)
            for term in node.terms {
                let expression = try build(term.expression)
                push(expression, to: sort)
                sort.terms.append(Node.Term(isDescending: term.isDescending, expression: expression))
            }
            result.children.append(sort)
            try resolveAncestry(result)
            return result
        case "@": return try focus(node, left)
        case "#": return try index(node, left)
        case ":=":
            node.kind = .bind
            node.left = try build(left)
            node.right = try build(node.right, of: node)
            return node
        case "~>":
            node.kind = .apply
            node.left = try build(left)
            if let right = node.right { node.right = try build(right) }
            node.keepsArray = node.left?.keepsArray == true || node.right?.keepsArray == true
            return node
        default:
            node.left = try build(left, of: node)
            node.right = try build(node.right, of: node)
            return node
        }
    }

    private func asPath(_ node: Node) -> Node {
        if node.kind == .path { return node }
        let path = Node(.path, position: node.position)
        path.children = [node]
        return path
    }

    private mutating func path(_ node: Node, _ left: Node) throws(JSONataError) -> Node {
        let first = try build(left)
        let result = asPath(first)
        if first.kind == .parent, let slot = first.slot { result.seekingParent = [slot] }
        guard let right = node.right else { return result }
        let rest = try build(right)
        if rest.kind == .path {
            result.children += rest.children
        } else {
            if let predicates = rest.predicates {
                rest.stages = predicates
                rest.predicates = nil
            }
            result.children.append(rest)
        }
        for step in result.children {
            switch step.kind {
            case .number, .value: throw JSONataError("S0213", position: step.position, value: step.text)
            case .string: step.kind = .name
            default: break
            }
            if step.keepsArray { result.keepsSingletonArray = true }
        }
        if let step = result.children.first, step.isUnary("[") { step.isConstructor = true }
        if let step = result.children.last, step.isUnary("[") { step.isConstructor = true }
        try resolveAncestry(result)
        return result
    }

    private mutating func predicate(_ node: Node, _ left: Node) throws(JSONataError) -> Node {
        let result = try build(left)
        let isPath = result.kind == .path
        let step = isPath ? result.children.last ?? result : result
        if step.group != nil { throw JSONataError("S0209", position: node.position) }
        guard let right = node.right else { return result }
        let predicate = try build(right)
        if let slots = predicate.seekingParent {
            for slot in slots {
                if slot.level == 1 { try seekParent(step, slot) } else { slot.level -= 1 }
            }
            push(predicate, to: step)
        }
        if isPath {
            step.stages = (step.stages ?? []) + [.filter(predicate)]
        } else {
            step.predicates = (step.predicates ?? []) + [.filter(predicate)]
        }
        return result
    }

    private mutating func focus(_ node: Node, _ left: Node) throws(JSONataError) -> Node {
        let result = try build(left)
        let step = result.kind == .path ? result.children.last ?? result : result
        if step.stages != nil || step.predicates != nil { throw JSONataError("S0215", position: node.position) }
        if step.kind == .sort { throw JSONataError("S0216", position: node.position) }
        if node.keepsArray { step.keepsArray = true }
        step.focus = node.right?.text
        step.isTuple = true
        return result
    }

    private mutating func index(_ node: Node, _ left: Node) throws(JSONataError) -> Node {
        let built = try build(left)
        let result = asPath(built)
        let step = result.children.last ?? built
        if built.kind != .path, let predicates = built.predicates {
            built.stages = predicates
            built.predicates = nil
        }
        let name = node.right?.text ?? ""
        if step.stages == nil { step.index = name } else { step.stages?.append(.index(name)) }
        step.isTuple = true
        return result
    }

    /// A call in tail position becomes a thunk, which the caller's loop runs: such recursion needs no stack.
    private static func tailCall(_ node: Node) -> Node {
        switch node.kind {
        case .function where node.predicates == nil:
            let thunk = Node(.lambda, text: node.text, position: node.position)
            thunk.isTailCall = true
            thunk.right = node
            return thunk
        case .condition:
            node.right = node.right.map(tailCall)
            node.other = node.other.map(tailCall)
        case .block:
            if let last = node.children.last { node.children[node.children.count - 1] = tailCall(last) }
        default: break
        }
        return node
    }

    // MARK: Parents

    private func push(_ value: Node, to result: Node) {
        guard value.seekingParent != nil || value.kind == .parent else { return }
        var slots = value.seekingParent ?? []
        if value.kind == .parent, let slot = value.slot { slots.append(slot) }
        result.seekingParent = (result.seekingParent ?? []) + slots
    }

    private func resolveAncestry(_ path: Node) throws(JSONataError) {
        guard let last = path.children.last else { return }
        var slots = last.seekingParent ?? []
        if last.kind == .parent, let slot = last.slot { slots.append(slot) }
        for slot in slots {
            var index = path.children.count - 2
            while slot.level > 0 {
                if index < 0 {
                    path.seekingParent = (path.seekingParent ?? []) + [slot]
                    break
                }
                var step = path.children[index]
                index -= 1
                while index >= 0, step.focus != nil, path.children[index].focus != nil {
                    step = path.children[index]
                    index -= 1
                }
                try seekParent(step, slot)
            }
        }
    }

    private func seekParent(_ node: Node, _ slot: AncestorSlot) throws(JSONataError) {
        switch node.kind {
        case .name, .wildcard:
            slot.level -= 1
            if slot.level == 0 {
                if let ancestor = node.ancestor {
                    ancestry[slot.index].slot?.label = ancestor.label
                }
                node.ancestor = slot
                node.isTuple = true
            }
        case .parent: slot.level += 1
        case .block:
            if let last = node.children.last {
                node.isTuple = true
                try seekParent(last, slot)
            }
        case .path:
            node.isTuple = true
            var index = node.children.count - 1
            repeat {
                try seekParent(node.children[index], slot)
                index -= 1
            } while slot.level > 0 && index >= 0
        default: throw JSONataError("S0217", position: node.position, token: node.kind.rawValue)
        }
    }
}
