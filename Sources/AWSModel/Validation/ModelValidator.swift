/// Input that breaks constraints of its service's model.
public struct ValidationFailure: Error, Sendable, Hashable {
    public struct Violation: Sendable, Hashable {
        /// `messageSystemAttributes.1.member.name`
        public var path: String
        /// As messages show it: in quotes, or `null`; nil where the model calls it sensitive.
        public var value: String?
        /// `have length less than or equal to 140`
        public var constraint: String
    }

    /// `ValidationException`, or what the service calls it.
    public var code: String
    public var violations: [Violation]

    /// AWS: Logs has words of its own for the names of groups and streams.
    private var isOverlongLogName: Bool {
        code == "InvalidParameterException"
            && violations.contains {
                ["logGroupName", "logStreamName"].contains($0.path)
                    && $0.constraint == "Member must have length less than or equal to 512"
            }
    }

    /// AWS's uniform wording.
    public var message: String {
        if isOverlongLogName {
            return "Invalid LogGroup or LogStream, both must have length less than or equal to 512."
        }
        let parts = violations.map { violation in
            let subject = violation.value.map { "Value \($0) at" } ?? "Value at"
            return "\(subject) '\(violation.path)' failed to satisfy constraint: \(violation.constraint)"
        }
        let noun = violations.count == 1 ? "error" : "errors"
        return "\(violations.count) validation \(noun) detected: \(parts.joined(separator: "; "))"
    }
}

/// Checks input against the constraints that a service's model declares.
public enum ModelValidator {
    /// Kinds of constraints. AWS: some services check some kinds themselves, in words of their own.
    public struct Checks: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let required = Checks(rawValue: 1)
        public static let enumeration = Checks(rawValue: 2)
        public static let length = Checks(rawValue: 4)
        public static let range = Checks(rawValue: 8)
        public static let pattern = Checks(rawValue: 16)
        public static let all: Checks = [.required, .enumeration, .length, .range, .pattern]
    }

    /// What the uniform check covers for a service; the rest is the service's own business.
    public static func checks(for service: ServiceID) -> Checks {
        switch service.rawValue {
        // AWS: SQS has its own words for everything ("The request must contain the parameter QueueUrl.").
        case "sqs": []
        // AWS: so has CloudWatch ("The parameter MetricName is required.").
        case "cloudwatch": []
        // AWS: and S3, whose codes are its own.
        case "s3": []
        default: .all
        }
    }

    /// AWS: some services put the uniform message under another code.
    public static func code(for service: ServiceID) -> String {
        switch service.rawValue {
        case "logs": "InvalidParameterException"
        case "iam", "sts", "sns": "ValidationError"
        default: "ValidationException"
        }
    }

    /// Nil where everything the service leaves to the uniform check is in order.
    public static func validate(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel
    ) -> ValidationFailure? {
        validate(input, operation, of: service, checks: checks(for: service.id))
    }

    public static func validate(
        _ input: DocumentObject, _ operation: OperationModel, of service: ServiceModel, checks: Checks
    ) -> ValidationFailure? {
        guard !checks.isEmpty, let shape = operation.input?.shape else { return nil }
        var walk = Walk(checks: checks, service: service.id, operation: operation.name)
        walk.structure(input, shape, path: "")
        if service.id.rawValue == "iam", walk.violations.count > 1, let order = iamOrder[operation.name] {
            walk.violations.sort { (order.firstIndex(of: $0.path) ?? 0) < (order.firstIndex(of: $1.path) ?? 0) }
        }
        return walk.violations.isEmpty
            ? nil : ValidationFailure(code: code(for: service.id), violations: walk.violations)
    }

    /// AWS: IAM names what is wrong in an order of its own, which it was seen keeping for these.
    private static let iamOrder = [
        "CreateOpenIDConnectProvider": ["clientIDList", "thumbprintList", "url"],
        "UpdateAccountPasswordPolicy": ["minimumPasswordLength", "passwordReusePrevention", "maxPasswordAge"],
    ]

    private struct Walk {
        let checks: Checks
        let service: ServiceID
        let operation: String
        var violations: [ValidationFailure.Violation] = []

        mutating func structure(_ object: DocumentObject, _ shape: Shape, path: String) {
            if checks.contains(.required) {
                // Tokens against double execution are made by the client, or by the service where it has none.
                for member in shape.required where !member.isIdempotencyToken && object[member.name]?.isNull ?? true {
                    violations.append(
                        ValidationFailure.Violation(
                            path: path + Self.camelCase(member.name), value: "null",
                            constraint: "Member must not be null"))
                }
            }
            for index in 0..<object.count {
                let value = object.values[index]
                guard !value.isNull, let member = shape.member(object.keys[index]), member.shape.hasConstraints else {
                    continue
                }
                self.value(value, member, path: path + Self.camelCase(member.name))
            }
        }

        mutating func value(_ value: DocumentValue, _ member: Member, path: String) {
            let shape = member.shape
            if shape.isDocument { return }
            for constraint in broken(value, shape) where !isLeftToIAM(constraint, path) {
                violations.append(
                    ValidationFailure.Violation(
                        path: path, value: quoted(value, shape), constraint: "Member must \(constraint)"))
            }
            switch (shape.kind, value) {
            case (.structure, .object(let object)): structure(object, shape, path: "\(path).")
            case (.list, .list(let list)): elements(list, shape, value, path: path)
            case (.map, .object(let object)): entries(object, shape, value, path: path)
            default: break
            }
        }

        private mutating func elements(_ list: [DocumentValue], _ shape: Shape, _ whole: DocumentValue, path: String) {
            guard let element = shape.element, element.shape.hasConstraints else { return }
            if isScalar(element.shape) {
                // AWS: a list of scalars is named as a whole, with everything its members must be.
                guard list.contains(where: { !$0.isNull && !broken($0, element.shape).isEmpty }) else { return }
                violations.append(
                    ValidationFailure.Violation(
                        path: path, value: quoted(whole, shape),
                        constraint: "Member must satisfy constraint: [\(everything(element.shape))]"))
                return
            }
            for (index, item) in list.enumerated() where !item.isNull {
                value(item, element, path: "\(path).\(index + 1).member")
            }
        }

        private mutating func entries(_ map: DocumentObject, _ shape: Shape, _ whole: DocumentValue, path: String) {
            if let key = shape.key, key.shape.hasConstraints,
                map.keys.contains(where: { !broken(.string($0), key.shape).isEmpty })
            {
                violations.append(
                    ValidationFailure.Violation(
                        path: path, value: quoted(whole, shape),
                        constraint: "Map keys must satisfy constraint: [\(everything(key.shape))]"))
            }
            guard let element = shape.element, element.shape.hasConstraints else { return }
            if isScalar(element.shape) {
                guard map.values.contains(where: { !$0.isNull && !broken($0, element.shape).isEmpty }) else { return }
                violations.append(
                    ValidationFailure.Violation(
                        path: path, value: quoted(whole, shape),
                        constraint: "Map value must satisfy constraint: [\(everything(element.shape))]"))
                return
            }
            for (key, item) in map where !item.isNull { value(item, element, path: "\(path).\(key).member") }
        }

        /// AWS: IAM checks how the path of an MFA device is written in words of its own.
        private func isLeftToIAM(_ constraint: String, _ path: String) -> Bool {
            path == "path" && operation == "CreateVirtualMFADevice" && constraint.hasPrefix("satisfy regular")
        }

        private func isScalar(_ shape: Shape) -> Bool {
            shape.kind != .structure && shape.kind != .list && shape.kind != .map
        }

        /// The constraints that a value breaks, as they continue "Member must".
        private func broken(_ value: DocumentValue, _ shape: Shape) -> [String] {
            var broken: [String] = []
            if let (size, isLength) = size(value, shape), checks.contains(isLength ? .length : .range) {
                let noun = isLength ? "length" : "value"
                if let maximum = shape.maximum, size > maximum {
                    broken.append("have \(noun) less than or equal to \(Self.number(maximum, shape))")
                }
                if let minimum = shape.minimum, size < minimum {
                    broken.append("have \(noun) greater than or equal to \(Self.number(minimum, shape))")
                }
            }
            guard case .string(let text) = value else { return broken }
            if checksValues(of: shape), !shape.values.contains(text) {
                broken.append("satisfy enum value set: [\(Self.listed(shape).joined(separator: ", "))]")
            }
            if checks.contains(.pattern), let pattern = shape.compiledPattern, !pattern.matches(text) {
                broken.append("satisfy regular expression pattern: \(pattern.source)")
            }
            return broken
        }

        /// AWS: Lambda checks runtimes itself, in words of its own ("… or be a valid ARN").
        private func checksValues(of shape: Shape) -> Bool {
            checks.contains(.enumeration) && !shape.values.isEmpty
                && !(service.rawValue == "lambda" && shape.name == "Runtime")
        }

        private func everything(_ shape: Shape) -> String {
            var all: [String] = []
            let noun = shape.kind == .string || shape.kind == .blob ? "length" : "value"
            if let maximum = shape.maximum {
                all.append("have \(noun) less than or equal to \(Self.number(maximum, shape))")
            }
            if let minimum = shape.minimum {
                all.append("have \(noun) greater than or equal to \(Self.number(minimum, shape))")
            }
            if !shape.values.isEmpty {
                all.append("satisfy enum value set: [\(Self.listed(shape).joined(separator: ", "))]")
            }
            if let pattern = shape.pattern { all.append("satisfy regular expression pattern: \(pattern)") }
            // AWS: only Lambda goes on to say so, and IAM of the keys of tags.
            if service.rawValue == "lambda" || shape.name == "tagKeyType" { all.append("not be null") }
            return all.map { "Member must \($0)" }.joined(separator: ", ")
        }

        private func size(_ value: DocumentValue, _ shape: Shape) -> (Double, isLength: Bool)? {
            guard shape.minimum != nil || shape.maximum != nil else { return nil }
            return switch value {
            // Java counts UTF-16 units.
            case .string(let text): (Double(text.utf16.count), true)
            case .bytes(let bytes): (Double(bytes.count), true)
            case .list(let list): (Double(list.count), true)
            case .object(let object) where shape.kind == .map: (Double(object.count), true)
            case .integer(let number): (Double(number), false)
            case .number(let number): (number, false)
            default: nil
            }
        }

        private func quoted(_ value: DocumentValue, _ shape: Shape) -> String? {
            // AWS: IAM shows no values at all.
            let isSecret =
                shape.isSensitive || shape.element?.shape.isSensitive == true || service.rawValue == "iam"
            return isSecret ? nil : "'\(shown(value, shape))'"
        }

        private func shown(_ value: DocumentValue, _ shape: Shape) -> String {
            switch value {
            case .string(let text): text
            case .integer(let number): shape.kind.isFraction ? Double(number).description : String(number)
            case .number(let number): shape.kind.isFraction ? number.description : JSONWriter.text(of: number)
            case .bool(let flag): flag ? "true" : "false"
            case .bytes(let bytes): "java.nio.HeapByteBuffer[pos=0 lim=\(bytes.count) cap=\(bytes.count)]"
            case .timestamp(let instant): instant.iso8601()
            case .list(let list): "[\(list.map { shown($0, shape.element?.shape ?? shape) }.joined(separator: ", "))]"
            case .object(let object) where shape.kind == .structure:
                PrintedClass.text(shape) { member in shown(object[member.name] ?? .null, member.shape) }
            case .object(let object):
                "{\(object.map { "\($0)=\(shown($1, shape.element?.shape ?? shape))" }.joined(separator: ", "))}"
            case .null: "null"
            }
        }

        /// AWS lists the values of a few types in an order of its own.
        private static func listed(_ shape: Shape) -> [String] {
            let recorded = ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"]
            return Set(shape.values) == Set(recorded) ? recorded : shape.values
        }

        /// A limit as Java prints it: `1.0` where the member is a fraction.
        private static func number(_ value: Double, _ shape: Shape) -> String {
            shape.kind.isFraction ? value.description : Int64(exactly: value).map(String.init) ?? value.description
        }

        static func camelCase(_ name: String) -> String { name.prefix(1).lowercased() + name.dropFirst() }
    }
}
