/// Input that breaks a constraint of the service's model, with the answer AWS gives.
public struct ValidationFailure: Error, Sendable, Hashable {
    public var code: String
    public var message: String
}

/// Checks input against the model, in AWS's own uniform words:
/// `1 validation error detected: Value 'v' at 'path' failed to satisfy constraint: Member must …`.
public struct ModelValidator {
    /// Services whose front end words every constraint itself; their operations check their own input.
    private static let selfWorded: Set<String> = ["sqs", "cloudwatch"]
    /// AWS reports constraint violations of these under another code.
    private static let codes = ["logs": "InvalidParameterException", "iam": "ValidationError", "sts": "ValidationError"]

    private var violations: [String] = []

    /// The failure that `input` deserves; nil where it keeps every constraint.
    public static func validate(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) -> ValidationFailure? {
        guard !selfWorded.contains(service.id.rawValue), let shape = operation.input?.shape else { return nil }
        var validator = ModelValidator()
        validator.check(structure: input, shape, path: "")
        guard !validator.violations.isEmpty else { return nil }
        let count = validator.violations.count
        return ValidationFailure(
            code: codes[service.id.rawValue] ?? "ValidationException",
            message: "\(count) validation error\(count == 1 ? "" : "s") detected: "
                + validator.violations.joined(separator: "; "))
    }

    private mutating func check(structure: DocumentObject, _ shape: Shape, path: String) {
        for member in shape.members {
            let memberPath = path.isEmpty ? Self.camelCase(member.name) : "\(path).\(Self.camelCase(member.name))"
            guard let value = structure[member.name], !value.isNull else {
                if member.isRequired, !member.isIdempotencyToken { violate("null", memberPath, "not be null") }
                continue
            }
            check(value, member.shape, path: memberPath)
        }
    }

    private mutating func check(_ value: DocumentValue, _ shape: Shape, path: String) {
        switch value {
        case .string(let text): check(string: text, shape, path)
        case .integer(let number): check(number: Double(number), text: String(number), shape, path)
        case .number(let number): check(number: number, text: number.description, shape, path)
        case .bytes(let bytes):
            checkLength(bytes.count, "java.nio.HeapByteBuffer[pos=0 lim=\(bytes.count) cap=\(bytes.count)]", shape, path)
        case .list(let list):
            if shape.minimum != nil || shape.maximum != nil { checkLength(list.count, Self.text(of: value), shape, path) }
            guard let element = shape.element else { return }
            for (index, item) in list.enumerated() where !item.isNull {
                check(item, element.shape, path: "\(path).\(index + 1).member")
            }
        case .object(let object):
            if shape.kind == .structure {
                check(structure: object, shape, path: path)
            } else if let element = shape.element {
                checkLength(object.count, Self.text(of: value), shape, path)
                for (key, item) in object {
                    if let keyShape = shape.key?.shape { check(string: key, keyShape, path) }
                    check(item, element.shape, path: "\(path).\(key).member")
                }
            }
        case .null, .bool, .timestamp: return
        }
    }

    private mutating func check(string text: String, _ shape: Shape, _ path: String) {
        if !shape.values.isEmpty, !shape.values.contains(text) {
            violate("'\(text)'", path, "satisfy enum value set: [\(shape.values.joined(separator: ", "))]")
            return
        }
        if shape.minimum != nil || shape.maximum != nil {
            // AWS counts UTF-16 units, as Java's String does.
            checkLength(text.utf16.count, shape.isSensitive ? nil : text, shape, path)
        }
        if let pattern = shape.pattern, !PatternCache.shared.matches(text, pattern) {
            violate(shape.isSensitive ? nil : "'\(text)'", path, "satisfy regular expression pattern: \(pattern)")
        }
    }

    private mutating func checkLength(_ length: Int, _ text: String?, _ shape: Shape, _ path: String) {
        let shown = text.map { "'\($0)'" }
        if let minimum = shape.minimum, Double(length) < minimum {
            violate(shown, path, "have length greater than or equal to \(Int(minimum))")
        }
        if let maximum = shape.maximum, Double(length) > maximum {
            violate(shown, path, "have length less than or equal to \(Int(maximum))")
        }
    }

    private mutating func check(number: Double, text: String, _ shape: Shape, _ path: String) {
        if let minimum = shape.minimum, number < minimum {
            violate("'\(text)'", path, "have value greater than or equal to \(Self.text(of: minimum))")
        }
        if let maximum = shape.maximum, number > maximum {
            violate("'\(text)'", path, "have value less than or equal to \(Self.text(of: maximum))")
        }
    }

    private mutating func violate(_ value: String?, _ path: String, _ rule: String) {
        let subject = value.map { "Value \($0) at" } ?? "Value at"
        violations.append("\(subject) '\(path)' failed to satisfy constraint: Member must \(rule)")
    }

    /// `QueueUrl` → `queueUrl`; a leading abbreviation stays whole in the model's own way (`ARN` → `aRN`).
    private static func camelCase(_ name: String) -> String {
        guard let first = name.first else { return name }
        return first.lowercased() + name.dropFirst()
    }

    private static func text(of limit: Double) -> String { Int(exactly: limit).map(String.init) ?? limit.description }

    /// As Java prints collections: `[a, b]`, `{k=v}`.
    private static func text(of value: DocumentValue) -> String {
        switch value {
        case .list(let list): "[\(list.map(text).joined(separator: ", "))]"
        case .object(let object): "{\(object.map { "\($0.0)=\(text(of: $0.1))" }.joined(separator: ", "))}"
        case .string(let text): text
        default: JSONWriter.string(value)
        }
    }
}
