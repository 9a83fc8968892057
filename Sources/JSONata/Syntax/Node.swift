/// A node of the syntax tree. Built by the parser, rearranged by ``PathBuilder``, never changed afterwards.
final class Node {
    enum Kind: String {
        case name, variable, string, number, value, regex, wildcard, descendant, parent
        case path, binary, unary, block, condition, bind, function, partial, lambda, apply, transform, sort
        case placeholder, word, end
    }

    /// A filter or a numbering after a step.
    enum Stage {
        case filter(Node)
        case index(String)
    }

    struct Term {
        var isDescending: Bool
        var expression: Node
    }

    var kind: Kind
    /// Operator, name, text: whatever the kind is about.
    var text: String
    var literal: Value = .undefined
    let position: Int
    var regex: RegularExpression?

    var left: Node?
    var right: Node?
    var other: Node?
    /// Arguments, elements, expressions of a block, steps of a path.
    var children: [Node] = []
    var pairs: [(Node, Node)] = []
    var terms: [Term] = []
    var signature: Signature?
    var isTailCall = false

    var predicates: [Stage]?
    var stages: [Stage]?
    var group: [(Node, Node)]?
    var keepsArray = false
    var keepsSingletonArray = false
    var isConstructor = false
    /// `@$name` and `#$name` of a step.
    var focus: String?
    var index: String?
    var isTuple = false
    var ancestor: AncestorSlot?
    var slot: AncestorSlot?
    var seekingParent: [AncestorSlot]?

    init(_ kind: Kind, text: String = "", position: Int) {
        self.kind = kind
        self.text = text
        self.position = position
    }

    /// Whether it is an operator or constructor of that text.
    func isUnary(_ text: String) -> Bool { kind == .unary && self.text == text }
}

extension Node {
    /// What is read from the input as a whole. Later steps, predicates, groups and orders have an input of their own; the
    /// body of a function has that of the expression around it.
    func collectContextReferences(_ names: inout [String]) {
        func note(_ name: String) { if !names.contains(name) { names.append(name) } }
        switch kind {
        case .name: note(text)
        case .variable:
            if text.isEmpty { note("$") }
            if text == "$" { note("$$") }
        case .path:
            children.first?.collectContextReferences(&names)
            if children.count > 1, children[0].kind == .variable, children[0].text == "states",
                children[1].kind == .name, children[1].text == "errorOutput"
            {
                note("$states.errorOutput")
            }
        case .unary, .binary, .apply, .function, .partial, .lambda, .condition, .block, .bind:
            if kind != .bind, kind != .lambda { left?.collectContextReferences(&names) }
            right?.collectContextReferences(&names)
            other?.collectContextReferences(&names)
            // The children of a function definition are its parameters.
            if kind != .lambda { for child in children { child.collectContextReferences(&names) } }
            for pair in pairs {
                pair.0.collectContextReferences(&names)
                pair.1.collectContextReferences(&names)
            }
        default: break
        }
    }
}

/// Where a `%` looks for its parent.
final class AncestorSlot {
    var label: String
    var level = 1
    let index: Int

    init(index: Int) {
        self.index = index
        label = "!\(index)"
    }
}
