import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct BulkActionTests {
    private func console(
        _ services: CannedServices, _ root: any Screen = QueueListScreen(), size: Size = .standard,
        isReadOnly: Bool = false, hasEngine: Bool = true
    ) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: size)
        var context = services.context(hasEngine: hasEngine)
        context.capabilities.isReadOnly = isReadOnly
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(SQSScreens.registrations), root: root, context: context,
            status: CannedServices.status
        ) { _ in throw CancellationError() }
        await console.begin()
        return (terminal, console)
    }

    /// A shop where two of the five queues cannot be deleted.
    private func stubborn() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(SQS.deleteQueue) { input in
            if input.queueUrl.contains("payments") {
                throw AWSError(
                    "AccessDenied", "User: dana is not authorized to perform: sqs:deletequeue on resource: payments",
                    httpStatus: 403)
            }
            return Unit()
        }
        return services
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")])
    func `all are marked, asked for, deleted, and each failure is told with what the service said`(
        _ size: Size, _ name: String
    ) async {
        let services = stubborn()
        let (terminal, console) = await console(services, size: size)
        await console.press("*")
        #expect(terminal.text.contains("5 marked"))
        await console.press("d")
        #expect(Snapshot.difference(terminal.text, "bulk-question-\(name)") == nil)
        await console.type("delete")
        await console.press(.enter)
        #expect(services.inputs(SQS.deleteQueue).count == 5, "one failure does not keep the others from theirs")
        #expect(terminal.text.contains("2 of 5 could not be deleted"))
        #expect(terminal.text.contains("AccessDenied"))
        #expect(Snapshot.difference(terminal.text, "bulk-failures-\(name)") == nil)
        await console.press("r")
        #expect(services.inputs(SQS.deleteQueue).count == 7, "only what failed is tried again")
        await console.press(.enter)
        #expect(terminal.text.contains("2 marked"), "what failed stays marked")
    }

    @Test func `marks are inverted among what the filter shows`() async {
        let (terminal, console) = await console(ShopQueues.services())
        await console.press("/")
        await console.type("payments")
        await console.press(.enter, "*")
        #expect(terminal.text.contains("2 marked"))
        await console.press(.escape, "V")
        #expect(terminal.text.contains("3 marked"))
        await console.press("*", "*")
        #expect(!terminal.text.contains("marked"))
    }

    @Test func `one that fails is told as many are`() async {
        let (terminal, console) = await console(stubborn())
        await console.press("/")
        await console.type("payments.fifo")
        await console.press(.enter, "d")
        #expect(terminal.text.contains("Type payments.fifo to confirm"))
        await console.type("payments.fifo")
        await console.press(.enter)
        #expect(terminal.text.contains("1 of 1 could not be deleted"))
    }

    @Test func `what cannot be done to a row is left out with the reason`() async {
        let services = CannedServices()
        let names: [String] = ["default", "orders", "partners"]
        let buses = names.map {
            Events.EventBus(name: $0, arn: "arn:aws:events:us-east-1:123456789012:event-bus/\($0)")
        }
        services.answer(Events.listEventBuses) { _ in .init(eventBuses: buses) }
        services.answer(Events.listRules) { _ in .init(rules: []) }
        services.answer(Events.deleteEventBus) { _ in Unit() }
        let (terminal, console) = await console(services, BusListScreen())
        await console.press("d")
        #expect(terminal.text.contains("AWS keeps the default bus"))
        await console.press("*", "d")
        #expect(terminal.text.contains("Delete 2 buses?"))
        #expect(terminal.text.contains("default is left: AWS keeps the default bus"))
        await console.type("delete")
        await console.press(.enter)
        #expect(services.inputs(Events.deleteEventBus).map(\.name) == ["orders", "partners"])
    }

    @Test func `a switch does to all what it does to the first`() async {
        let services = CannedServices()
        let rules = [("a", "ENABLED"), ("b", "DISABLED"), ("c", "ENABLED")].map {
            Events.Rule(
                name: $0.0, arn: "arn:aws:events:us-east-1:123456789012:rule/\($0.0)", state: $0.1,
                eventBusName: "default")
        }
        services.answer(Events.listEventBuses) { _ in .init(eventBuses: [.init(name: "default")]) }
        services.answer(Events.listRules) { _ in .init(rules: rules) }
        services.answer(Events.disableRule) { _ in Unit() }
        let (_, console) = await console(services, RuleListScreen())
        await console.press("*", "o")
        #expect(services.inputs(Events.disableRule).map(\.name) == ["a", "c"])
    }

    @Test func `a job stops after the batch that is under way`() async {
        let stop = BulkStop()
        let job = BulkJob(
            doing: "", done: "", undone: "", names: ["a", "b", "c", "d", "e"], leftOut: [], batch: 2, question: nil,
            perform: { positions, _ in
                stop.request()
                return [positions[1]: "refused"]
            })
        let progress = await job.run([0, 1, 2, 3, 4], ConsoleContext(), until: stop) { _ in }
        #expect(progress.succeeded == [0])
        #expect(progress.failures == [1: "refused"])
        #expect(progress.isOver)
    }

    @Test func `in a read-only console keys that would write are greyed with the reason`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services, isReadOnly: true)
        for key in ["n", "d", "p", "m"] as [Key] {
            await console.press(key)
            #expect(terminal.text.contains("The console is read-only"))
        }
        await console.press("a")
        #expect(terminal.text.ranges(of: "read-only").count >= 4, "each says so in the menu")
        #expect(services.inputs(SQS.deleteQueue).isEmpty)
    }

    @Test func `elsewhere what only the engine can do is greyed with the reason`() async {
        let (terminal, console) = await console(ShopQueues.services(), hasEngine: false)
        await console.press("w")
        #expect(terminal.text.contains("Only Skua's own engine offers this"))
    }
}
