import TerminalUI
import Testing

@testable import Views

@Suite struct ReadOnlyTests {
    private struct Asking: Screen {
        var answered = false
        var crumbs: [String] { ["Asking"] }
        var bindings: [KeyBinding] {
            [
                KeyBinding(["n"], "new", "new"), KeyBinding(["f"], "find", "find"),
                KeyBinding(["d"], "delete", "delete"),
            ]
        }

        mutating func update(_ event: ScreenEvent<Bool>) -> [Effect<Bool>] {
            let form = Form("A form to fill", [FormField("name", "Name")])
            switch event {
            case .action("new"): return [.form(form) { _ in true }]
            case .action("find"): return [.form(form.onlyForLooking()) { _ in true }]
            case .action("delete"): return [.confirm(Dialog("Delete it?", message: "It is gone then."), then: true)]
            default: return []
            }
        }

        func render(on surface: Surface, in frame: FrameContext) {}
    }

    private func console(isReadOnly: Bool) async -> (ConsoleApplication, TestTerminal) {
        var context = CannedServices().context()
        context.capabilities.isReadOnly = isReadOnly
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog([]), root: Asking(), context: context
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func nobodyFillsAFormInVain() async {
        let (console, terminal) = await console(isReadOnly: true)
        for key in ["n", "d"] as [Key] {
            await console.press(key)
            #expect(terminal.text.contains("The console is read-only"))
            #expect(!terminal.text.contains("A form to fill") && !terminal.text.contains("Delete it?"))
        }
        await console.press("f")
        #expect(terminal.text.contains("A form to fill"), "looking is allowed")
    }

    @Test func elsewhereTheyAreAsked() async {
        let (console, terminal) = await console(isReadOnly: false)
        await console.press("n")
        #expect(terminal.text.contains("A form to fill"))
    }
}
