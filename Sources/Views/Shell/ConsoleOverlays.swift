import TerminalUI

extension ConsoleApplication {
    /// Gives input to the topmost overlay and follows what it says.
    func handleOverlay(_ input: WidgetInput) {
        guard let top = overlays.popLast() else { return }
        needsFrame = true
        if input == .key(.control("c")) {
            if case .bulk(let pane) = top { pane.stop.request() }
            return
        }
        switch top {
        case .dialog(var dialog, let owner, let confirmed):
            switch dialog.handle(input) {
            case .open: overlays.append(.dialog(dialog, owner: owner, confirmed: confirmed))
            case .cancelled: break
            case .confirmed: deliver(.message(confirmed()), to: owner)
            }
        case .question(var dialog, let pane):
            switch dialog.handle(input) {
            case .open: overlays.append(.question(dialog, pane))
            case .cancelled: break
            case .confirmed: begin(pane)
            }
        case .bulk(let pane):
            switch pane.handle(input) {
            case .open: overlays.append(.bulk(pane))
            case .closed: break
            case .again(let positions): begin(again(pane, positions))
            }
        case .menu(var menu, let owner, let chosen):
            switch menu.handle(input) {
            case .open: overlays.append(.menu(menu, owner: owner, chosen: chosen))
            case .cancelled: break
            case .chosen(let action): deliver(.message(chosen(action)), to: owner)
            }
        case .form(var form, let owner, let submitted):
            switch form.handle(input) {
            case .open: overlays.append(.form(form, owner: owner, submitted: submitted))
            case .cancelled: break
            case .submitted(let values): deliver(.message(submitted(values)), to: owner)
            }
        case .actions(var menu):
            switch menu.handle(input) {
            case .open: overlays.append(.actions(menu))
            case .cancelled: break
            case .chosen(let action): deliver(.action(action), to: entries[position].id)
            }
        case .palette(var palette):
            switch palette.handle(input) {
            case .open: overlays.append(.palette(palette))
            case .cancelled: break
            case .chosen(let item): follow(item)
            case .typed(let text): openTyped(text)
            }
        case .help(var viewer):
            let closes: [WidgetInput] = [.key(.escape), .key("q"), .key("?"), .key(.enter)]
            if !viewer.capturesText, !(viewer.handlesEscape && input == .key(.escape)), closes.contains(input) {
                return
            }
            _ = viewer.handle(input)
            overlays.append(.help(viewer))
        }
    }

    private func follow(_ item: PaletteItem) {
        switch item.choice {
        case .screen(let id, let arguments): open(ScreenAddress(id: id, arguments: arguments))
        case .action(let action):
            if !performShell(action) { deliver(.action(action), to: entries[position].id) }
        }
    }

    /// `sqs.queue orders`, as typed into the palette.
    private func openTyped(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard let id = words.first else { return }
        open(ScreenAddress(id: id, arguments: Array(words.dropFirst())))
    }
}
