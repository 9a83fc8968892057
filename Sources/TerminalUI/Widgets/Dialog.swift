/// A question that must be answered. A destructive one names what it destroys and starts on Cancel.
public struct Dialog: Hashable, Sendable {
    public var title: String
    public var message: String
    /// What will be lost or changed, one line each: `orders — 1,204 messages`.
    public var consequences: [String]
    public var confirmLabel: String
    public var isDestructive: Bool
    /// If set, confirming needs this word typed: for what cannot be brought back.
    public var wordToType: String?
    private var field = TextField()
    private var onConfirm: Bool

    /// What an input led to.
    public enum Outcome: Hashable, Sendable {
        case open, confirmed, cancelled
    }

    public init(
        _ title: String, message: String = "", consequences: [String] = [], confirm: String = "OK",
        destructive: Bool = false, typeToConfirm: String? = nil
    ) {
        self.title = title
        self.message = message
        self.consequences = consequences
        confirmLabel = confirm
        isDestructive = destructive
        wordToType = typeToConfirm
        onConfirm = !destructive
        if typeToConfirm != nil { field.placeholder = typeToConfirm ?? "" }
    }

    /// Deleting `what`, with its consequences.
    public static func delete(_ what: String, consequences: [String] = [], typeToConfirm: String? = nil) -> Dialog {
        Dialog(
            "Delete \(what)?", message: "This cannot be undone.", consequences: consequences,
            confirm: "Delete", destructive: true, typeToConfirm: typeToConfirm)
    }

    private var canConfirm: Bool { wordToType.map { field.text == $0 } ?? true }

    public mutating func handle(_ input: WidgetInput) -> Outcome {
        if case .mouse(let hit) = input {
            guard hit.event.kind == .press else { return .open }
            if hit.region == "dialog.cancel" { return .cancelled }
            if hit.region == "dialog.confirm", canConfirm { return .confirmed }
            return .open
        }
        guard case .key(let key) = input else {
            if wordToType != nil { _ = field.handle(input) }
            return .open
        }
        switch key {
        case .escape: return .cancelled
        case .tab, .backTab: onConfirm.toggle()
        case .left where wordToType == nil, .right where wordToType == nil: onConfirm.toggle()
        case .enter:
            if wordToType != nil { return canConfirm ? .confirmed : .open }
            return onConfirm ? .confirmed : .cancelled
        case "y" where wordToType == nil: return .confirmed
        case "n" where wordToType == nil: return .cancelled
        case "h" where wordToType == nil, "l" where wordToType == nil: onConfirm.toggle()
        default: if wordToType != nil { _ = field.handle(input) }
        }
        return .open
    }

    public func render(on surface: Surface) {
        let width = min(surface.width - 4, 64)
        let inner = width - 4
        guard inner > 10 else { return }
        let text = message.isEmpty ? [] : TextWrapping.wrap(message, to: inner)
        let shownConsequences = Array(consequences.prefix(max(1, surface.height - 12)))
        let hidden = consequences.count - shownConsequences.count
        var height = 4 + text.count + (text.isEmpty ? 0 : 1)
        if !consequences.isEmpty { height += shownConsequences.count + (hidden > 0 ? 1 : 0) + 1 }
        if wordToType != nil { height += 2 }
        let role: Role = isDestructive ? .failure : .borderFocused
        let inside = surface.popup(
            title, size: Size(width: width, height: height), border: role)
        var y = 0
        for line in text {
            inside.write(line, x: 1, y: y, Style(.text, on: .popup))
            y += 1
        }
        if !text.isEmpty { y += 1 }
        for line in shownConsequences {
            inside.write("·", x: 1, y: y, Style(role, on: .popup))
            inside.write(line, x: 3, y: y, width: inner - 2, Style(.text, on: .popup, .bold))
            y += 1
        }
        if hidden > 0 {
            inside.write("and \(hidden) more", x: 3, y: y, Style(.dim, on: .popup))
            y += 1
        }
        if !consequences.isEmpty { y += 1 }
        if let word = wordToType {
            let label = "Type \(word.clipped(to: inner - 20)) to confirm: "
            let x = inside.write(label, x: 1, y: y, Style(.dim, on: .popup))
            let box = inside.part(Rect(x: x, y: y, width: inside.width - x - 1, height: 1))
            box.fill(Style(.text, on: .bar))
            field.render(on: box, focused: true, style: Style(.text, on: .bar))
            y += 2
        }
        drawButtons(on: inside, y: inside.height - 1)
    }

    private func drawButtons(on inside: Surface, y: Int) {
        let confirm = "  \(confirmLabel)  "
        let cancel = "  Cancel  "
        let confirmX = inside.width - confirm.columns - 1
        let cancelX = confirmX - cancel.columns - 2
        let confirmFocused = wordToType == nil ? onConfirm : canConfirm
        inside.button(cancel, x: cancelX, y: y, focused: wordToType == nil && !onConfirm, enabled: true)
        inside.button(
            confirm, x: confirmX, y: y, focused: confirmFocused, enabled: canConfirm,
            role: isDestructive ? .failure : .accent)
        inside.region("dialog.cancel", Rect(x: cancelX, y: y, width: cancel.columns, height: 1))
        inside.region("dialog.confirm", Rect(x: confirmX, y: y, width: confirm.columns, height: 1))
    }
}

extension Surface {
    /// A box in the middle, over what was drawn before; returns its inside.
    public func popup(_ title: String, size: Size, border: Role = .borderFocused, note: StyledLine? = nil) -> Surface {
        let rect = Rect(self.size).centred(size)
        let area = part(rect)
        area.fill(Style(.text, on: .popup))
        let inside = area.box(.rounded, Style(border, on: .popup))
        if !title.isEmpty, area.width > 8 {
            area.write(" \(title.clipped(to: area.width - 6)) ", x: 2, y: 0, Style(.title, on: .popup, .bold))
        }
        if let note, note.columns + title.columns + 10 < area.width {
            let x = area.width - note.columns - 4
            area.write(" ", x: x, y: 0, Style(.text, on: .popup))
            let end = area.write(note, x: x + 1, y: 0, on: .popup)
            area.write(" ", x: end, y: 0, Style(.text, on: .popup))
        }
        return inside
    }

    /// A button: brackets tell the focused one even without colour.
    func button(_ label: String, x: Int, y: Int, focused: Bool, enabled: Bool, role: Role = .accent) {
        if focused {
            write(label, x: x, y: y, Style(enabled ? .text : .disabled, on: .selection, [.bold]))
            write("[", x: x, y: y, Style(role, on: .selection))
            write("]", x: x + label.columns - 1, y: y, Style(role, on: .selection))
        } else {
            write(label, x: x, y: y, Style(enabled ? .text : .disabled, on: .bar))
        }
    }
}
