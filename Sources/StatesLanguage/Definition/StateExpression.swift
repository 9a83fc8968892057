import AWSModel
import JSONata

/// A text `{% … %}` in a JSONata state, parsed once.
public struct StateExpression: Sendable, Hashable {
    /// Between the marks, without the space around it: what messages cite.
    public let source: String
    /// Where it stands in its state: `Output/result`.
    public let field: String
    let compiled: JSONataExpression
    /// The variables it reads, `states` among them.
    let variables: [String]
    /// What it reads of an input that no state gives it, which AWS refuses.
    let contextReferences: [String]
    /// Whether it may look at `$states.context`, which is worth making only then.
    let mayReadContext: Bool

    /// AWS: a text is an expression where it begins and ends with the marks and nothing is around them.
    static func isMarked(_ text: String) -> Bool { text.count >= 4 && text.hasPrefix("{%") && text.hasSuffix("%}") }

    init(parsing text: String, field: String) throws(JSONataError) {
        let inner = text.dropFirst(2).dropLast(2)
        source = inner.trimmingSpace()
        self.field = field
        compiled = try JSONataExpression(parsing: String(inner))
        variables = compiled.referencedVariables
        contextReferences = compiled.contextReferences
        mayReadContext = Self.mayReadContext(source)
    }

    /// False where `$states` is only ever asked for its other members.
    private static func mayReadContext(_ source: String) -> Bool {
        var rest = source[...]
        while let place = rest.firstRange(of: "$states") {
            rest = rest[place.upperBound...]
            let isOther = [".input", ".result", ".errorOutput"].contains { member in
                guard rest.hasPrefix(member) else { return false }
                return rest.dropFirst(member.count).first.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
            }
            if !isOther { return true }
        }
        return false
    }

    public static func == (left: StateExpression, right: StateExpression) -> Bool {
        left.source == right.source && left.field == right.field
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(source)
        hasher.combine(field)
    }
}

extension Substring {
    fileprivate func trimmingSpace() -> String {
        var view = self
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}

extension PayloadTemplate {
    /// Reads a value of a JSONata state: texts between the marks are computed, everything else is as it stands.
    init(compilingJSONata value: DocumentValue, field: String) throws(Fault) {
        switch value {
        case .string(let text):
            guard StateExpression.isMarked(text) else {
                // AWS: a mark that is opened must be closed.
                if text.hasPrefix("{%") {
                    throw Fault(message: "Incomplete JSONata expression: '{%' without '%}'", location: "")
                }
                self = .literal(value)
                return
            }
            do throws(JSONataError) {
                self = .expression(try StateExpression(parsing: text, field: field))
            } catch {
                // AWS: the message of the parser, without its code.
                throw Fault(message: error.message, location: "", code: .invalidJSONataExpression)
            }
        case .object(let object):
            var members: [Member] = []
            var isLiteral = true
            for (key, child) in object {
                let template = try Self.inner(child, "\(field)/\(key)", "/\(key)")
                if case .literal = template {} else { isLiteral = false }
                members.append(Member(name: key, field: key, template: template))
            }
            self = isLiteral ? .literal(value) : .object(members)
        case .list(let list):
            var templates: [PayloadTemplate] = []
            var isLiteral = true
            for (index, child) in list.enumerated() {
                let template = try Self.inner(child, "\(field)[\(index)]", "[\(index)]")
                if case .literal = template {} else { isLiteral = false }
                templates.append(template)
            }
            self = isLiteral ? .literal(value) : .list(templates)
        default: self = .literal(value)
        }
    }

    private static func inner(
        _ value: DocumentValue, _ field: String, _ step: String
    ) throws(Fault) -> PayloadTemplate {
        do throws(Fault) {
            return try PayloadTemplate(compilingJSONata: value, field: field)
        } catch {
            throw Fault(message: error.message, location: step + error.location, code: error.code)
        }
    }

    /// Every expression in the template.
    var expressions: [StateExpression] {
        switch self {
        case .expression(let expression): [expression]
        case .object(let members): members.flatMap(\.template.expressions)
        case .list(let templates): templates.flatMap(\.expressions)
        case .literal, .path, .call: []
        }
    }
}
