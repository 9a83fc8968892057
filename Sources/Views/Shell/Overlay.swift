import TerminalUI

/// What lies over the screen and takes all input. `owner` is the entry whose message follows.
enum Overlay {
    case dialog(Dialog, owner: Int, confirmed: @Sendable () -> any Sendable)
    case menu(Menu, owner: Int, chosen: @Sendable (ActionID) -> any Sendable)
    case form(Form, owner: Int, submitted: @Sendable (FormValues) -> any Sendable)
    /// A question before a job; yes begins it.
    case question(Dialog, BulkPane)
    case bulk(BulkPane)
    /// The `a` menu: its choice is an action of the screen.
    case actions(Menu)
    case palette(Palette)
    case help(TextViewer)

    func render(on surface: Surface) {
        switch self {
        case .dialog(let dialog, _, _), .question(let dialog, _): dialog.render(on: surface)
        case .bulk(let pane): pane.render(on: surface)
        case .menu(let menu, _, _), .actions(let menu): menu.render(on: surface)
        case .form(let form, _, _): form.renderPopup(on: surface)
        case .palette(let palette): palette.render(on: surface)
        case .help(let viewer):
            let size = Size(width: min(surface.width - 4, 84), height: min(surface.height - 2, viewer.lineCount + 2))
            let inside = surface.popup("Help", size: size, note: [Span("Esc", .key), Span(" close", .dim)])
            viewer.render(on: inside.inset(horizontally: 1))
            inside.restyle(Rect(inside.size)) { if $0.background == .background { $0.background = .popup } }
        }
    }

    var keys: [KeyBinding] {
        let close = KeyBinding(["esc"], "Close", "overlay.close")
        switch self {
        case .bulk(let pane): return pane.keys
        case .dialog(let dialog, _, _), .question(let dialog, _):
            let choose = KeyBinding(["enter"], "Choose", "overlay.choose")
            return dialog.wordToType == nil
                ? [
                    KeyBinding(["y"], dialog.confirmLabel, "overlay.yes"),
                    KeyBinding(["tab"], "Other", "overlay.other"), choose, close,
                ] : [choose, close]
        case .menu, .actions: return [KeyBinding(["enter"], "Choose", "overlay.choose"), close]
        case .form(let form, _, _):
            return [
                KeyBinding(["tab"], "Next", "overlay.next"), KeyBinding(["shift+tab"], "Previous", "overlay.previous"),
                KeyBinding(["ctrl+s"], form.submitLabel, "overlay.submit"),
                KeyBinding(["esc"], "Cancel", "overlay.close"),
            ]
        case .palette:
            return [KeyBinding(["enter"], "Go", "overlay.choose"), KeyBinding(["down"], "Next", "overlay.next"), close]
        case .help:
            return [KeyBinding(["/"], "Search", "overlay.search"), KeyBinding(["pgdn"], "Page", "overlay.page"), close]
        }
    }
}
