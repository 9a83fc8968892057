import TerminalUI

/// A message's body to read: JSON where it looks like it, else the text it is.
struct PayloadView: Sendable {
    private var json: JSONViewer
    private var plain: TextViewer
    private(set) var isJSON = false
    private(set) var text = ""

    init(id: String) {
        json = JSONViewer("", id: "json." + id)
        plain = TextViewer("", id: "text." + id)
        plain.emptyText = "Empty"
    }

    mutating func set(_ new: String) {
        guard new != text else { return }
        text = new
        let first = new.first { !$0.isWhitespace }
        isJSON = first.map { "{[\"".contains($0) } ?? false
        json.set(isJSON ? new : "")
        plain = TextViewer(isJSON ? "" : new, id: plain.id)
        plain.emptyText = "Empty"
    }

    var capturesText: Bool { isJSON ? json.capturesText : plain.capturesText }
    var handlesEscape: Bool { isJSON ? json.handlesEscape : plain.handlesEscape }
    var bindings: [KeyBinding] { isJSON ? JSONViewer.bindings : TextViewer.bindings }
    var copyText: String? { isJSON ? json.selectedValue ?? text : text }

    mutating func perform(_ action: ActionID) -> Bool { isJSON ? json.perform(action) : plain.perform(action) }
    mutating func handle(_ input: WidgetInput) -> Bool { isJSON ? json.handle(input) : plain.handle(input) }

    func render(on surface: Surface, focused: Bool) {
        if isJSON { json.render(on: surface, focused: focused) } else { plain.render(on: surface, focused: focused) }
    }
}
