import AWSModel
import AWSTypes
import TerminalUI

/// What AWS's model says of one member of an operation's input: its range, its values, its pattern.
///
/// A form asks with it, so that what the service would refuse is said while one types, in a sentence of ours instead
/// of a regular expression.
struct ModelledMember: Sendable {
    let shape: Shape
    let isRequired: Bool

    /// Nil where the operation has no such member. `path` walks into structures, and into the elements of lists and
    /// the values of maps by any name.
    init?<Input, Output>(_ operation: Operation<Input, Output>, _ path: String...) { self.init(operation, path: path) }

    init?<Input, Output>(_ operation: Operation<Input, Output>, path: [String]) {
        guard var shape = ServiceModel.load(operation.service)?.operations[operation.name]?.input?.shape else {
            return nil
        }
        var isRequired = false
        for name in path {
            guard let member = shape.member(name) ?? shape.element else { return nil }
            shape = member.shape
            isRequired = member.isRequired
        }
        self.shape = shape
        self.isRequired = isRequired
    }

    var isNumber: Bool { shape.kind == .integer || shape.kind == .long }

    /// Both ends, where it is a whole number with both.
    var range: ClosedRange<Int>? {
        guard isNumber, let minimum = shape.minimum.flatMap({ Int(exactly: $0) }),
            let maximum = shape.maximum.flatMap({ Int(exactly: $0) }), minimum <= maximum
        else { return nil }
        return minimum...maximum
    }

    /// `1–64 characters`, `0–300`, `Standard or FIFO`; empty where the model sets no limit.
    var limits: String {
        if !shape.values.isEmpty {
            return shape.values.count > 4 ? "One of \(shape.values.count)" : Self.alternatives(shape.values)
        }
        let minimum = shape.minimum.flatMap { Int(exactly: $0) }
        let maximum = shape.maximum.flatMap { Int(exactly: $0) }
        let unit = isNumber ? "" : " characters"
        return switch (minimum, maximum) {
        case (let minimum?, let maximum?) where minimum == maximum: "\(minimum.grouped)\(unit)"
        case (0?, let maximum?) where !isNumber: "Up to \(maximum.grouped)\(unit)"
        case (let minimum?, let maximum?): "\(minimum.grouped)–\(maximum.grouped)\(unit)"
        case (nil, let maximum?): "Up to \(maximum.grouped)\(unit)"
        case (let minimum?, nil) where minimum > 0: "At least \(minimum.grouped)\(unit)"
        default: ""
        }
    }

    /// What the model has against a text, in one sentence; nil where it has nothing.
    func problem(_ text: String) -> String? {
        if isNumber {
            guard let number = Int(text) else { return "A whole number is needed" }
            let isTooSmall = shape.minimum.map { Double(number) < $0 } ?? false
            let isTooLarge = shape.maximum.map { Double(number) > $0 } ?? false
            return isTooSmall || isTooLarge ? "Must be \(limits)" : nil
        }
        guard shape.kind == .string else { return nil }
        if !shape.values.isEmpty {
            return shape.values.contains(text) ? nil : "Must be \(Self.alternatives(shape.values))"
        }
        // AWS counts UTF-16 units, as Java does.
        let length = text.utf16.count
        if let maximum = shape.maximum, Double(length) > maximum {
            return "At most \(Int(maximum).grouped) characters, this has \(length.grouped)"
        }
        if let minimum = shape.minimum, Double(length) < minimum {
            return "At least \(Int(minimum).grouped) characters, this has \(length.grouped)"
        }
        guard let pattern = shape.compiledPattern, !pattern.matches(text) else { return nil }
        // The character that makes the difference says more than the expression does.
        for scalar in text.unicodeScalars where !pattern.matches(String(text.unicodeScalars.filter { $0 == scalar })) {
            let without = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != scalar }))
            if pattern.matches(without) { return "“\(Character(scalar))” is not allowed here" }
        }
        return "Must look like \(pattern.source)"
    }

    private static func alternatives(_ values: [String]) -> String {
        guard let last = values.last, values.count > 1 else { return values.first ?? "" }
        return values.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension FormField {
    /// A field for a member of an operation's input. Its kind, whether it is required, the limits in its hint and what
    /// is checked while one types come from the service's model; `validate` adds what the model does not say.
    ///
    /// - Parameters:
    ///   - kind: where the model's own does not do: several lines.
    ///   - range: of a number, where it differs from the model's: the field means more than the member, or the service is stricter.
    ///   - note: what to say after the limits: a unit, the default, what it is good for.
    ///   - validate: asked first, since it knows better words.
    init(
        _ id: String, _ label: String, of member: ModelledMember?, kind given: Kind? = nil,
        range stricter: ClosedRange<Int>? = nil, value: String = "", note: String = "",
        placeholder: String = "", required: Bool? = nil,
        visible: @escaping @Sendable (FormValues) -> Bool = { _ in true },
        validate: @escaping @Sendable (String, FormValues) -> String? = { _, _ in nil }
    ) {
        let values = member?.shape.values ?? []
        let kind: Kind =
            if let given { given } else if let range = stricter ?? member?.range {
                .number(range)
            } else if !values.isEmpty, values.count <= 6 {
                .choice(values)
            } else { .text }
        let limits = stricter.map { "\($0.lowerBound.grouped)–\($0.upperBound.grouped)" } ?? member?.limits ?? ""
        // A limit that nobody reaches comes after what is asked for.
        let parts = member?.isNumber == false && (member?.shape.maximum ?? 0) > 256 ? [note, limits] : [limits, note]
        let hint = parts.filter { !$0.isEmpty }.joined(separator: "; ")
        self.init(
            id, label, kind, value: value, hint: hint, placeholder: placeholder,
            required: required ?? member?.isRequired ?? false, visible: visible,
            validate: { text, values in validate(text, values) ?? (stricter == nil ? member?.problem(text) : nil) })
    }
}

/// What is wrong with an ARN that was typed, in words instead of the model's pattern.
enum ARNField {
    static func anyProblem(_ text: String, _ values: FormValues) -> String? {
        text.isEmpty || ARN(text) != nil ? nil : "An ARN: arn:aws:SERVICE:REGION:ACCOUNT:NAME"
    }

    static func roleProblem(_ text: String, _ values: FormValues) -> String? {
        text.isEmpty || ARN(text)?.service == "iam" ? nil : "A role's ARN: arn:aws:iam::ACCOUNT:role/NAME"
    }

    static func queueProblem(_ text: String, _ values: FormValues) -> String? {
        text.isEmpty ? nil : QueueForms.queueARNProblem(text)
    }
}
