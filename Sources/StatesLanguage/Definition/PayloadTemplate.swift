import AWSModel

/// A value of `Parameters`, `ResultSelector`, `ItemSelector` or `Assign`: members whose name ends in `.$` are computed.
public indirect enum PayloadTemplate: Sendable, Hashable {
    /// Holds nothing to compute.
    case literal(DocumentValue)
    case object([Member])
    case list([PayloadTemplate])
    case path(JSONPath)
    case call(IntrinsicExpression)
    /// Only in JSONata states.
    case expression(StateExpression)

    public struct Member: Sendable, Hashable {
        /// Without `.$`.
        public var name: String
        /// As written, for messages.
        public var field: String
        public var template: PayloadTemplate
    }

    /// What is wrong with a template, and in which object of it.
    struct Fault: Error {
        var message: String
        /// Path below the template, `/a/b`.
        var location: String
        var code = Diagnostic.Code.schemaValidationFailed
    }

    init(compiling value: DocumentValue, at location: String = "") throws(Fault) {
        switch value {
        case .object(let object):
            var members: [Member] = []
            members.reserveCapacity(object.count)
            var isLiteral = true
            for (key, child) in object {
                guard key.hasSuffix(".$") else {
                    let template = try PayloadTemplate(compiling: child, at: "\(location)/\(key)")
                    if case .literal = template {} else { isLiteral = false }
                    members.append(Member(name: key, field: key, template: template))
                    continue
                }
                isLiteral = false
                let name = String(key.dropLast(2))
                guard !object.contains(name) else {
                    throw Fault(
                        message: "Duplicate field '\(name)': it is given with and without '.$'", location: location)
                }
                guard let text = child.string, let template = Self.computed(text) else {
                    throw Fault(
                        message:
                            "The value for the field '\(key)' must be a valid JSONPath or a valid intrinsic function call",
                        location: location)
                }
                members.append(Member(name: name, field: key, template: template))
            }
            self = isLiteral ? .literal(value) : .object(members)
        case .list(let list):
            var templates: [PayloadTemplate] = []
            var isLiteral = true
            for (index, element) in list.enumerated() {
                let template = try PayloadTemplate(compiling: element, at: "\(location)[\(index)]")
                if case .literal = template {} else { isLiteral = false }
                templates.append(template)
            }
            self = isLiteral ? .literal(value) : .list(templates)
        default:
            self = .literal(value)
        }
    }

    /// A path or a call; nil for any other text.
    static func computed(_ text: String) -> PayloadTemplate? {
        if IntrinsicExpression.looksLikeCall(text) {
            return (try? IntrinsicExpression(parsing: text)).map(PayloadTemplate.call)
        }
        return (try? JSONPath(parsing: text)).map(PayloadTemplate.path)
    }

    func evaluate(
        in scope: EvaluationScope, random: inout TurnRandom, field: String = ""
    ) throws(StateFailure) -> DocumentValue {
        switch self {
        case .literal(let value): return value
        case .path(let path): return try scope.value(at: path, field: field)
        case .call(let expression): return try expression.evaluate(in: scope, random: &random)
        case .expression(let expression): return try scope.evaluate(expression, random: &random)
        case .list(let templates):
            var list: [DocumentValue] = []
            list.reserveCapacity(templates.count)
            for template in templates { list.append(try template.evaluate(in: scope, random: &random, field: field)) }
            return .list(list)
        case .object(let members):
            var object = DocumentObject(minimumCapacity: members.count)
            for member in members {
                object.append(
                    member.name, try member.template.evaluate(in: scope, random: &random, field: member.field))
            }
            return .object(object)
        }
    }

    /// Every path in the template.
    var paths: [JSONPath] {
        switch self {
        case .literal, .expression: []
        case .object(let members): members.flatMap(\.template.paths)
        case .list(let templates): templates.flatMap(\.paths)
        case .path(let path): [path]
        case .call(let expression): expression.paths
        }
    }
}
