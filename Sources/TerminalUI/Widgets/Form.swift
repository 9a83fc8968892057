/// What a form's fields hold, by field id.
public struct FormValues: Hashable, Sendable {
    public var texts: [String: String]

    public init(_ texts: [String: String] = [:]) { self.texts = texts }

    /// Empty if there is no such field.
    public subscript(id: String) -> String { texts[id] ?? "" }
    public func integer(_ id: String) -> Int? { Int(self[id].filter { $0 != "," && $0 != "_" }) }
    public func isOn(_ id: String) -> Bool { self[id] == "true" }
    /// `nil` for a field left empty.
    public func optional(_ id: String) -> String? { self[id].isEmpty ? nil : self[id] }
}

/// One question of a form.
public struct FormField: Sendable {
    public enum Kind: Hashable, Sendable {
        case text, secret
        /// A whole number within the range.
        case number(ClosedRange<Int>)
        /// One of a few; ← → or Space change it.
        case choice([String])
        case toggle
        /// Several lines (JSON, a template), this many visible at once.
        case multiline(rows: Int, json: Bool)
    }

    public let id: String
    public let label: String
    public let kind: Kind
    /// Range, default, unit: `0–43,200 s, default 30`. Shown while the field has the focus.
    public let hint: String
    public let isRequired: Bool
    /// Returns what is wrong, or `nil`.
    let validate: @Sendable (String, FormValues) -> String?
    let isVisible: @Sendable (FormValues) -> Bool
    var field: TextField
    var editor: TextEditor

    public init(
        _ id: String, _ label: String, _ kind: Kind = .text, value: String = "", hint: String = "",
        placeholder: String = "", required: Bool = false,
        visible: @escaping @Sendable (FormValues) -> Bool = { _ in true },
        validate: @escaping @Sendable (String, FormValues) -> String? = { _, _ in nil }
    ) {
        self.id = id
        self.label = label
        self.kind = kind
        self.hint = hint
        isRequired = required
        isVisible = visible
        self.validate = validate
        var initial = value
        if case .choice(let options) = kind, !options.contains(value) { initial = options.first ?? "" }
        if kind == .toggle, value != "true" { initial = "false" }
        field = TextField(initial, placeholder: placeholder, isSecret: kind == .secret)
        if case .multiline(_, let json) = kind {
            editor = TextEditor(initial, language: json ? .json : .plain)
        } else {
            editor = TextEditor("", language: .plain)
        }
    }

    public var value: String {
        if case .multiline = kind { return editor.text }
        return field.text
    }

    mutating func set(_ text: String) {
        if case .multiline = kind { editor.text = text } else { field.text = text }
    }

    /// The first thing wrong with the value, by kind first and the field's own rule then.
    func problem(_ values: FormValues) -> String? {
        let text = value
        if text.isEmpty { return isRequired ? "This is required" : nil }
        if case .number(let range) = kind {
            guard let number = values.integer(id) else { return "A whole number is needed" }
            guard range.contains(number) else {
                return "Must be between \(range.lowerBound.grouped) and \(range.upperBound.grouped)"
            }
        }
        if case .multiline(_, true) = kind, let error = JSONSyntax.firstError(in: text) {
            return "Line \(error.line), column \(error.column): \(error.message)"
        }
        return validate(text, values)
    }
}

extension Int {
    /// With commas between thousands: `43,200`.
    public var grouped: String {
        let digits = String(magnitude)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return self < 0 ? "-" + result : result
    }
}
