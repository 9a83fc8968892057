import TerminalUI

extension ConsoleApplication {
    /// Performs what a screen asked for, in order.
    func perform(_ effects: [ErasedEffect], for id: Int) {
        for effect in effects { perform(effect, for: id) }
    }

    private func perform(_ effect: ErasedEffect, for id: Int) {
        needsFrame = true
        switch effect {
        case .work(let name, let isStream, let operation): start(name, isStream, operation, for: id)
        case .cancel(let name):
            if let index = entries.firstIndex(where: { $0.id == id }) {
                entries[index].work.removeValue(forKey: name)?.task.cancel()
            }
        case .push(let screen): push(screen)
        case .replace(let screen): replace(with: screen)
        case .open(let address): open(address)
        case .pop: goBack()
        case .toast(let toast): show(toast)
        case .bulk where context.capabilities.isReadOnly: refuseChange()
        case .bulk(let job, let finished): ask(job, for: id, finished)
        case .dialog where context.capabilities.isReadOnly: refuseChange()
        case .form(let form, _) where context.capabilities.isReadOnly && !form.changesNothing: refuseChange()
        case .dialog(let dialog, let confirmed): overlays.append(.dialog(dialog, owner: id, confirmed: confirmed))
        case .menu(let menu, let chosen): overlays.append(.menu(menu, owner: id, chosen: chosen))
        case .form(let form, let submitted): overlays.append(.form(form, owner: id, submitted: submitted))
        case .copy(let text, let what): copy(text, what: what)
        case .edit(let text, let name, let edited):
            let outcome: Result<String, ExternalEditorFailure>
            do throws(ExternalEditorFailure) {
                outcome = .success(try driver.edit(text, named: name))
            } catch {
                outcome = .failure(error)
            }
            deliver(.message(edited(outcome)), to: id)
        case .quit: wantsQuit = true
        }
    }

    func start(
        _ name: String, _ isStream: Bool,
        _ operation:
            @escaping @Sendable (ConsoleContext, @escaping @Sendable (any Sendable) -> Void) async -> (any Sendable)?,
        for id: Int
    ) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        entries[index].work.removeValue(forKey: name)?.task.cancel()
        let token = identifier()
        let task = Task { [mailbox, context] in
            let message = await operation(context) { report in
                mailbox.post(.reported(entry: id, work: name, token: token, message: report))
            }
            mailbox.post(.finished(entry: id, work: name, token: token, message: Task.isCancelled ? nil : message))
        }
        entries[index].work[name] = ScreenEntry.Work(token: token, isStream: isStream, task: task)
    }

    /// Before anybody fills a form in vain.
    private func refuseChange() {
        show(Toast(ConnectionCapabilities.readOnlyReason, .disabled))
    }

    func copy(_ text: String, what: String) {
        driver.copy(text)
        show(Toast("Copied \(what) (\(text.utf8.count.grouped) bytes)"))
    }

    // MARK: Going places

    private static var longestHistory: Int { 50 }

    func push(_ screen: any Screen) {
        for index in entries.indices where index > position { entries[index].cancelAll() }
        entries.removeSubrange((position + 1)...)
        let id = identifier()
        entries.append(ScreenEntry(id: id, screen: screen))
        if entries.count > Self.longestHistory {
            // The root stays: it is where Esc ends.
            entries[1].cancelAll()
            entries.remove(at: 1)
        }
        position = entries.count - 1
        deliver(.appeared, to: id)
    }

    func replace(with screen: any Screen) {
        entries[position].cancelAll()
        let id = identifier()
        entries[position] = ScreenEntry(id: id, screen: screen)
        deliver(.appeared, to: id)
    }

    func open(_ address: ScreenAddress) {
        do {
            push(try catalog.screen(at: address))
        } catch {
            show(Toast(error.description, .failed))
        }
    }

    func goBack() {
        if position == 0 {
            show(Toast("This is the first screen; q quits.", .unknown))
        } else {
            goTo(position - 1)
        }
    }

    func goForward() {
        if position + 1 < entries.count {
            goTo(position + 1)
        } else {
            show(Toast("There is nothing to go forward to.", .unknown))
        }
    }

    private func goTo(_ index: Int) {
        position = index
        deliver(.reappeared, to: entries[index].id)
    }
}
