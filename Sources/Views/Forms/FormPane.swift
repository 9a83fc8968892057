import TerminalUI

/// A form as a pane of a screen, beside a preview of what it would do. The screen shows what the form leads to as it changes.
struct FormPane: Sendable {
    enum Outcome: Sendable {
        /// Nothing that matters to the screen.
        case none
        /// A field has another value.
        case changed
        case cancelled
        case submitted(FormValues)
    }

    var form: Form
    private let original: FormValues
    var isSaving = false

    init(_ form: Form) {
        self.form = form
        original = form.values
    }

    var isChanged: Bool { form.values != original }
    var values: FormValues { form.values }

    /// What saves it: `create`, `save`.
    func binding(isNew: Bool) -> KeyBinding {
        let availability: Availability =
            isSaving
            ? .disabled("It is being saved")
            : isNew || isChanged ? .enabled : .disabled("Nothing was changed")
        return KeyBinding(
            ["ctrl+s"], form.submitLabel.lowercased(), "save", help: "\(form.submitLabel): send it",
            availability: availability, menu: true, needs: [.changes])
    }

    mutating func take(_ input: WidgetInput) -> Outcome {
        let before = form.values
        switch form.handle(input) {
        case .open: return form.values == before ? .none : .changed
        case .cancelled: return .cancelled
        case .submitted(let values):
            isSaving = true
            return .submitted(values)
        }
    }

    mutating func failed(_ sentence: String) {
        isSaving = false
        form.failure = sentence
    }

    /// Asks before what was typed is lost.
    static let leaving = Dialog(
        "Leave without saving?", message: "What you have written is lost.", confirm: "Leave", destructive: true)

    func render(on surface: Surface, focused: Bool) {
        let inside = surface.panel(form.title, focused: focused)
        form.render(on: inside.inset(horizontally: 1))
    }
}
