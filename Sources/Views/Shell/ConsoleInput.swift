import TerminalUI

extension ConsoleApplication {
    func handle(_ event: InputEvent) {
        switch event {
        case .key(let key): handle(key)
        case .paste(let text): route(.paste(text))
        case .mouse(let mouse): handle(mouse)
        case .resized(let new):
            if new != size {
                size = new
                needsFrame = true
            }
        case .focused: break
        case .stopRequested:
            driver.suspend()
            needsFrame = true
        case .resumed:
            driver.invalidate()
            needsFrame = true
        case .ended(let reason): endReason = reason
        }
    }

    private func handle(_ key: Key) {
        if toast != nil {
            toast = nil
            needsFrame = true
        }
        if ShellBindings.unconditional.binding(for: key) != nil {
            driver.invalidate()
            needsFrame = true
            return
        }
        if !overlays.isEmpty { return handleOverlay(.key(key)) }
        let tooSmall = size.width < Size.smallest.width || size.height < Size.smallest.height
        if tooSmall, key != "q", key != .control("c") { return }
        let screen = current
        if screen.capturesText, Self.isTyping(key) { return route(.key(key)) }
        if key == .escape, screen.handlesEscape { return route(.key(key)) }
        if let binding = granted(screen.bindings).binding(for: key) { return trigger(binding) }
        // A text keeps its own editing keys: ^Z is undo there.
        if screen.capturesText, key != .escape, key != .control("c") { return route(.key(key)) }
        if let binding = ShellBindings.all.binding(for: key), performShell(binding.action) { return }
        route(.key(key))
    }

    /// Keys that a text takes before any binding.
    private static func isTyping(_ key: Key) -> Bool {
        if key.typed != nil { return true }
        switch key.code {
        case .enter, .tab, .backspace, .delete, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown: return true
        default: return false
        }
    }

    private func trigger(_ binding: KeyBinding) {
        if let reason = binding.availability.reason {
            show(Toast(reason, .disabled))
        } else {
            deliver(.action(binding.action), to: entries[position].id)
        }
    }

    /// Input for the topmost layer.
    private func route(_ input: WidgetInput) {
        if overlays.isEmpty {
            deliver(.input(input), to: entries[position].id)
        } else {
            handleOverlay(input)
        }
    }

    private func handle(_ mouse: MouseEvent) {
        let region = buffer.region(at: mouse.position)
        let origin = region.map { Point(x: $0.rect.x, y: $0.rect.y) } ?? .zero
        let hit = MouseHit(
            event: mouse, region: region?.id,
            position: Point(x: mouse.position.x - origin.x, y: mouse.position.y - origin.y))
        if let id = region?.id, id.hasPrefix("shell.key.") {
            guard mouse.kind == .press || mouse.kind == .doublePress else { return }
            pressKey(named: String(id.dropFirst("shell.key.".count)))
            return
        }
        if mouse.kind == .press, toast != nil { toast = nil }
        route(.mouse(hit))
        // A double press opens what the first press selected. JSON folds by it, and text has nothing to open.
        if mouse.kind == .doublePress, overlays.isEmpty, let id = region?.id, !id.hasPrefix("json"),
            !id.hasPrefix("text"), !current.capturesText
        {
            handle(.enter)
        }
    }

    /// Presses the key that the line of keys shows for an action.
    private func pressKey(named action: String) {
        let shown = overlays.last?.keys ?? current.bindings + ShellBindings.all
        if let key = shown.first(where: { $0.action.name == action })?.keys.first { handle(key) }
    }

    // MARK: Actions of the shell

    /// Returns whether there was something to do.
    func performShell(_ action: ActionID) -> Bool {
        needsFrame = true
        switch action {
        case "shell.palette": overlays.append(.palette(Palette(paletteItems())))
        case "shell.help":
            overlays.append(
                .help(
                    TextViewer(
                        lines: HelpText.lines(title: current.title, screen: granted(current.bindings)), id: "help")))
        case "shell.quit": wantsQuit = true
        case "shell.back", "shell.historyBack": goBack()
        case "shell.historyForward": goForward()
        case "shell.actions":
            let actions = granted(current.menuActions)
            guard !actions.isEmpty else { return false }
            overlays.append(.actions(Menu("Actions", actions.map { MenuItem($0) })))
        case "shell.copy":
            guard let text = current.copyText else { return false }
            copy(text, what: text.columns <= 40 && !text.contains("\n") ? "“\(text)”" : "text")
        case "shell.time":
            guard catalog.registration("time") != nil else { return false }
            if current.title != "Time" { open(ScreenAddress(id: "time")) }
        case "shell.problems":
            guard catalog.registration("problems") != nil else { return false }
            if current.title != ProblemScreen.name { open(ScreenAddress(id: "problems")) }
        case "shell.redraw": driver.invalidate()
        case "shell.suspend": driver.suspend()
        case "shell.mouse":
            isMouseEnabled.toggle()
            driver.setMouse(enabled: isMouseEnabled)
            show(Toast("The mouse is \(isMouseEnabled ? "on" : "off")."))
        case "shell.theme.dark": theme = .dark
        case "shell.theme.light": theme = .light
        case "shell.theme.mono": theme = .mono
        default: return false
        }
        return true
    }

    func paletteItems() -> [PaletteItem] {
        var items = granted(current.bindings).filter { $0.prominence == .footer || $0.isMenuAction }.map { binding in
            PaletteItem(
                .action(binding.action), binding.help.isEmpty ? binding.title : binding.help, group: "Here",
                key: binding.keys.first, availability: binding.availability)
        }
        let listed = Set(items.map(\.choice))
        items += granted(current.menuActions).filter { !listed.contains(.action($0.action)) }.map { binding in
            PaletteItem(
                .action(binding.action), binding.help.isEmpty ? binding.title : binding.help, group: "Here",
                key: binding.keys.first, availability: binding.availability)
        }
        items += catalog.registrations.filter { $0.requiredArguments == 0 }.map {
            PaletteItem(.screen($0.id, arguments: []), $0.title, group: "Go to", detail: $0.summary)
        }
        items += (position == 0 ? [] : current.destinations) + entries[0].screen.destinations
        items += catalog.registrations.map {
            PaletteItem(
                .screen($0.id, arguments: []), $0.usage, group: "By name", detail: $0.summary,
                availability: $0.requiredArguments == 0 ? .enabled : .disabled("type its arguments"))
        }
        items += ShellBindings.all.filter { $0.action != "shell.palette" }.map {
            PaletteItem(.action($0.action), $0.help.isEmpty ? $0.title : $0.help, group: "Console", key: $0.keys.first)
        }
        items.append(
            PaletteItem(.action("shell.mouse"), "Switch the mouse \(isMouseEnabled ? "off" : "on")", group: "Console"))
        for name in Theme.Name.allCases where name != theme.name {
            items.append(
                PaletteItem(
                    .action(ActionID("shell.theme.\(name.rawValue)")), "Theme: \(name.rawValue)", group: "Console"))
        }
        return items
    }
}
