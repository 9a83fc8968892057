import TerminalUI
import Testing

@testable import Views

@MainActor
struct FunctionSnapshotTests {
    private static let status = ConsoleStatus(now: 1_795_442_400_000)

    private func check(_ screen: some Screen, _ name: String, _ sizes: [(Size, Encoding, String)]? = nil) {
        for (size, encoding, suffix) in sizes ?? [
            (.standard, .utf8, "80x24"), (.large, .utf8, "120x40"), (.standard, .ascii, "ascii"),
        ] {
            let text = Snapshot.text(size, encoding) { surface in
                let parts = surface.rows([.fixed(1), .fill(), .fixed(1)])
                ShellFrame.drawTop(on: parts[0], crumbs: screen.crumbs, status: Self.status)
                screen.render(on: parts[1], in: FrameContext(status: Self.status))
                ShellFrame.drawKeys(
                    on: parts[2], screen.bindings, [ShellBindings.palette, ShellBindings.help, ShellBindings.back])
            }
            let difference = Snapshot.difference(text, "\(name)-\(suffix)")
            #expect(difference == nil, "\(difference ?? "")")
        }
    }

    private func screen(_ tab: String? = nil, _ details: FunctionDetails = FunctionFixtures.details) -> FunctionScreen {
        var screen = FunctionScreen(name: details.name, tab: tab)
        _ = screen.update(.message(.loaded(.success(details))))
        return screen
    }

    @Test func list() {
        var screen = FunctionListScreen()
        _ = screen.update(.message(.listed(.success(ListPage(FunctionFixtures.rows)))))
        check(screen, "functions")
    }

    @Test func emptyList() {
        var screen = FunctionListScreen()
        _ = screen.update(.message(.listed(.success(ListPage([])))))
        check(screen, "functions-empty", [(.standard, .utf8, "80x24")])
    }

    @Test func overview() { check(screen(), "overview") }

    @Test func overviewWithoutNeighbours() {
        check(screen(nil, FunctionFixtures.lonely), "overview-lonely", [(.standard, .utf8, "80x24")])
    }

    @Test func code() {
        var screen = screen("code")
        _ = screen.update(.message(.code(.loaded(.success(FunctionFixtures.files)))))
        check(screen, "code")
    }

    @Test func testBefore() { check(screen("test"), "test-idle", [(.standard, .utf8, "80x24")]) }

    @Test func testSucceeded() {
        var screen = screen("test")
        _ = screen.update(.message(.test(.templateChosen("sqs"))))
        _ = screen.update(.action("test.invoke"))
        _ = screen.update(.message(.test(.finished(.success(FunctionFixtures.result())))))
        check(screen, "test-succeeded")
    }

    @Test func testFailed() {
        var screen = screen("test")
        _ = screen.update(.action("test.invoke"))
        let payload =
            #"{"errorMessage": "'orderId'", "errorType": "KeyError", "requestId": "5b1f0d2e", "stackTrace": ["  File \"/var/task/app.py\", line 8, in handler\n"]}"#
        _ = screen.update(
            .message(.test(.finished(.success(FunctionFixtures.result(payload: payload, error: "Unhandled"))))))
        check(screen, "test-failed", [(.standard, .utf8, "80x24"), (.large, .utf8, "120x40")])
    }

    @Test func testRunning() {
        var screen = screen("test")
        _ = screen.update(.action("test.invoke"))
        for _ in 0..<21 { _ = screen.update(.tick) }
        check(screen, "test-running", [(.standard, .utf8, "80x24")])
    }

    @Test func monitor() {
        var screen = screen("monitor")
        _ = screen.update(.message(.monitor(.measured(.success(FunctionFixtures.metrics)))))
        _ = screen.update(.message(.monitor(.logged(.success(FunctionFixtures.logLines)))))
        check(screen, "monitor")
    }

    @Test(arguments: FunctionSection.allCases) func configuration(_ section: FunctionSection) {
        var screen = screen("configuration")
        screen.configuration.select(section)
        check(
            screen, "configuration-\(section)",
            section == .triggers ? nil : [(.standard, .utf8, "80x24"), (.large, .utf8, "120x40")])
    }

    @Test(arguments: FunctionScreen.Tab.allCases) func smallest(_ tab: FunctionScreen.Tab) {
        var screen = screen(tab.title)
        _ = screen.update(.message(.code(.loaded(.success(FunctionFixtures.files)))))
        _ = screen.update(.message(.monitor(.measured(.success(FunctionFixtures.metrics)))))
        _ = screen.update(.message(.test(.finished(.success(FunctionFixtures.result())))))
        check(screen, "\(tab)", [(.smallest, .utf8, "60x20")])
    }

    @Test func aliases() { check(screen("aliases"), "aliases") }
    @Test func versions() { check(screen("versions"), "versions") }

    @Test func forms() {
        let forms: [(String, Form)] = [
            ("create", FunctionForms.create(roles: ["arn:aws:iam::000000000000:role/shop-functions"])),
            ("trigger", FunctionForms.addTrigger(queue: "arn:aws:sqs:us-east-1:000000000000:orders")),
            ("async", FunctionForms.asynchronous(FunctionFixtures.details.invokeConfig, deadLetter: nil)),
            ("alias", FunctionForms.alias(FunctionFixtures.details.aliases[0], versions: ["4", "3", "2", "1"])),
        ]
        for (name, form) in forms {
            let difference = Snapshot.difference(
                Snapshot.text(.standard) { form.renderPopup(on: $0) }, "form-\(name)-80x24")
            #expect(difference == nil, "\(difference ?? "")")
        }
    }
}
