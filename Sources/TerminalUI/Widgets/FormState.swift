/// A set of fields with one focus. Each shows what is wrong with it once it was left or submitting was tried.
public struct Form: Sendable {
    public enum Outcome: Sendable {
        case open, cancelled
        case submitted(FormValues)
    }

    public var title: String
    public var submitLabel: String
    /// Submitting it changes nothing but what is shown: it is asked where all else is only to be looked at, too.
    public var changesNothing = false
    public internal(set) var fields: [FormField]
    /// Index into the visible fields; their count is the submit button, one more is Cancel.
    var focus = 0
    var touched: Set<String> = []
    /// What the service said to the last attempt; shown above the buttons until something is changed.
    public var failure: String?
    let viewport = Viewport()

    public init(_ title: String, submit: String = "Save", _ fields: [FormField]) {
        self.title = title
        submitLabel = submit
        self.fields = fields
    }

    /// The same form, where submitting it changes nothing but what is shown.
    public func onlyForLooking() -> Form {
        var form = self
        form.changesNothing = true
        return form
    }

    public var values: FormValues {
        FormValues(Dictionary(fields.map { ($0.id, $0.value) }, uniquingKeysWith: { $1 }))
    }

    /// Sets a field from outside, as a template picker does.
    public mutating func set(_ id: String, to text: String) {
        if let index = fields.firstIndex(where: { $0.id == id }) { fields[index].set(text) }
    }

    /// This form as it was left, with what the service said: to be shown again.
    public func filled(with values: FormValues, failure: String? = nil) -> Form {
        var copy = self
        for (id, text) in values.texts { copy.set(id, to: text) }
        copy.failure = failure
        return copy
    }

    var visible: [Int] {
        let values = values
        return fields.indices.filter { fields[$0].isVisible(values) }
    }

    public var isValid: Bool {
        let values = values
        return visible.allSatisfy { fields[$0].problem(values) == nil }
    }

    public mutating func handle(_ input: WidgetInput) -> Outcome {
        let shown = visible
        if case .mouse(let hit) = input { return handleMouse(hit, shown) }
        guard case .key(let key) = input else {
            if shown.indices.contains(focus) { edit(shown[focus], input) }
            return .open
        }
        switch key {
        case .escape: return .cancelled
        case .control("s"): return submit()
        case .backTab:
            moveFocus(-1, shown.count)
            return .open
        case .tab:
            moveFocus(1, shown.count)
            return .open
        default: break
        }
        guard shown.indices.contains(focus) else { return handleButton(key, shown.count) }
        let kind = fields[shown[focus]].kind
        if case .multiline = kind {
            edit(shown[focus], input)
            return .open
        }
        switch key {
        case .up: moveFocus(-1, shown.count)
        case .down, .enter: moveFocus(1, shown.count)
        default: edit(shown[focus], input)
        }
        return .open
    }

    private mutating func handleButton(_ key: Key, _ count: Int) -> Outcome {
        switch key {
        case .enter, .space: return focus == count ? submit() : .cancelled
        case .left, .right, "h", "l": focus = focus == count ? count + 1 : count
        case .up, "k": focus = max(0, count - 1)
        case .down, "j": focus = 0
        default: break
        }
        return .open
    }

    private mutating func handleMouse(_ hit: MouseHit, _ shown: [Int]) -> Outcome {
        guard hit.event.kind == .press, let region = hit.region else { return .open }
        if region == "form.submit" { return submit() }
        if region == "form.cancel" { return .cancelled }
        if let index = shown.firstIndex(where: { "form." + fields[$0].id == region }) {
            touch(shown)
            focus = index
            switch fields[shown[index]].kind {
            case .toggle, .choice: edit(shown[index], .key(.space))
            case .multiline: edit(shown[index], .mouse(hit))
            default: break
            }
        }
        return .open
    }

    private mutating func touch(_ shown: [Int]) {
        if shown.indices.contains(focus) { touched.insert(fields[shown[focus]].id) }
    }

    private mutating func moveFocus(_ step: Int, _ count: Int) {
        touch(visible)
        focus = (focus + step + count + 2) % (count + 2)
    }

    private mutating func submit() -> Outcome {
        touched.formUnion(fields.map(\.id))
        let values = values
        let shown = visible
        if let wrong = shown.firstIndex(where: { fields[$0].problem(values) != nil }) {
            focus = wrong
            return .open
        }
        return .submitted(values)
    }

    private mutating func edit(_ index: Int, _ input: WidgetInput) {
        failure = nil
        switch fields[index].kind {
        case .text, .secret, .number: _ = fields[index].field.handle(input)
        case .multiline: _ = fields[index].editor.handle(input)
        case .toggle:
            guard case .key(let key) = input, [.space, .left, .right, "h", "l"].contains(key) else { return }
            fields[index].field.text = fields[index].field.text == "true" ? "false" : "true"
        case .choice(let options):
            guard case .key(let key) = input, let at = options.firstIndex(of: fields[index].field.text) else { return }
            let step = [.space, .right, "l"].contains(key) ? 1 : [.left, "h"].contains(key) ? -1 : 0
            fields[index].field.text = options[(at + step + options.count) % options.count]
        }
    }
}
