import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct IAMScreenTests {
    private func console(
        _ services: CannedServices, _ screen: any Screen, size: Size = .standard
    ) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: size)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(IAMScreens.registrations), root: screen,
            context: services.context(), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private static let screens: [(name: String, screen: @Sendable () -> any Screen)] = [
        ("roles", { IdentityListScreen() }), ("policies", { IdentityListScreen(tab: "policies") }),
        ("role", { IdentityScreen(.role, "worker") }), ("trust", { IdentityScreen(.role, "worker", tab: "trust") }),
        ("user", { IdentityScreen(.user, "zoe", tab: "details") }),
        ("policy", { PolicyScreen(arn: ShopIdentities.policyArn) }),
    ]

    @Test(arguments: screens.indices) func `each screen`(_ index: Int) async {
        let (name, screen) = Self.screens[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: screen(), context: ShopIdentities.services().context(), status: CannedServices.status, size: size,
                isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "iam-\(name)-\(suffix)") == nil)
        }
    }

    private func simulator(_ actions: String) -> SimulatorScreen {
        var screen = SimulatorScreen(principal: ShopIdentities.arn("role/worker"))
        screen.editors[.actions] = TextEditor(actions)
        return screen
    }

    @Test(arguments: [("sqs:DeleteQueue", "denied"), ("sqs:ReceiveMessage\ns3:GetObject", "allowed")])
    func `the simulator shows the statement that decided`(_ actions: String, _ name: String) async {
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: simulator(actions), context: ShopIdentities.services().context(), status: CannedServices.status,
                size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "iam-simulator-\(name)-\(suffix)") == nil)
        }
    }

    @Test func `a statement is found by its place in the text`() {
        let text = ShopIdentities.queues
        let start = 0
        #expect(
            PolicyText.statement(
                in: text, from: IAMPosition(line: 1, column: 1 + start), to: IAMPosition(line: 1, column: 5))
                == nil)
        let lines = PolicyText.lines(text, deciding: [1]).map(\.text)
        #expect(lines.first == "▌ Statement 2 Hands: Deny  decides")
        #expect(lines.contains("  Statement 1 Work: Allow"))
    }

    @Test func `writing an inline policy sends its text`() async {
        let services = ShopIdentities.services()
        services.answer(IAM.putRolePolicy) { _ in Unit() }
        let (_, console) = await console(services, IdentityScreen(.role, "worker"))
        await console.press("i")
        await console.type("extra")
        await console.press(.control("s"))
        let sent = services.inputs(IAM.putRolePolicy).first
        #expect(sent?.policyName == "extra")
        #expect(sent?.policyDocument.contains("AllowSend") == true)
    }

    @Test func `AWS's own policies cannot be changed`() async {
        let (terminal, console) = await console(
            ShopIdentities.services(), PolicyScreen(arn: ShopIdentities.logging))
        await console.press("e")
        #expect(terminal.text.contains("AWS's own policies cannot be changed"))
    }

    @Test func `a new role trusts the service that was chosen`() async {
        let services = ShopIdentities.services()
        services.answer(STS.getCallerIdentity) { _ in STS.GetCallerIdentityResponse(account: "123456789012") }
        services.answer(IAM.createRole) { input in
            IAM.CreateRoleResponse(
                role: IAM.Role(
                    path: "/", roleName: input.roleName, roleId: "AROA", arn: ShopIdentities.arn("role/fresh"),
                    createDate: ShopIdentities.created))
        }
        let (_, console) = await console(services, IdentityListScreen())
        await console.press("n")
        await console.type("fresh")
        await console.press(.control("s"))
        let sent = services.inputs(IAM.createRole).first
        #expect(sent?.roleName == "fresh")
        #expect(sent?.assumeRolePolicyDocument.contains("lambda.amazonaws.com") == true)
    }
}
