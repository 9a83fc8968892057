import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct QueueListTests {
    private func console(_ services: CannedServices, _ root: any Screen = QueueListScreen()) async -> (
        TestTerminal, ConsoleApplication
    ) {
        let terminal = TestTerminal(size: .standard)
        let catalog = ScreenCatalog(SQSScreens.registrations)
        let console = ConsoleApplication(
            driver: terminal, catalog: catalog, root: root, context: services.context(), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")])
    func `the list of queues`(_ size: Size, _ name: String) async {
        let buffer = await ScreenPrinter.frame(
            of: QueueListScreen(), context: ShopQueues.services().context(), status: CannedServices.status, size: size,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sqs-queues-\(name)") == nil)
    }

    @Test func `the list of queues in ASCII`() async {
        let buffer = await ScreenPrinter.frame(
            of: QueueListScreen(), context: ShopQueues.services().context(), status: CannedServices.status,
            size: .standard, encoding: .ascii, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sqs-queues-ascii") == nil)
    }

    @Test func `purging says how many messages and needs the name typed`() async {
        let services = ShopQueues.services()
        services.answer(SQS.purgeQueue) { _ in Unit() }
        let (terminal, console) = await console(services)
        await console.press("p")
        #expect(terminal.text.contains("Purge queue orders?"))
        #expect(terminal.text.contains("1,208 messages in all"))
        await console.type("order")
        await console.press(.enter)
        #expect(services.inputs(SQS.purgeQueue).isEmpty)
        await console.type("s")
        await console.press(.enter)
        #expect(services.inputs(SQS.purgeQueue).map(\.queueUrl) == [ShopQueues.url("orders")])
    }

    @Test func `deleting works on all marked queues`() async {
        let services = ShopQueues.services()
        services.answer(SQS.deleteQueue) { _ in Unit() }
        let (terminal, console) = await console(services)
        await console.press(.space, .space, "d")
        #expect(terminal.text.contains("Delete 2 queues?"))
        #expect(terminal.text.contains("orders-dead: 42 visible"))
        await console.type("delete")
        await console.press(.enter)
        #expect(
            services.inputs(SQS.deleteQueue).map { ResourceName.last(of: $0.queueUrl) } == ["orders", "orders-dead"])
    }

    @Test func `creating sends every attribute; a failure shows the form again`() async {
        let services = ShopQueues.services()
        services.answer(SQS.createQueue) { _ in throw AWSError("QueueNameExists", "A queue with this name exists.") }
        let (terminal, console) = await console(services)
        await console.press("n", .right, .tab)
        await console.type("refunds")
        await console.press(.control("s"))
        #expect(terminal.text.contains("QueueNameExists"))
        let sent = services.inputs(SQS.createQueue).first
        #expect(sent?.queueName == "refunds.fifo")
        #expect(sent?.attributes?["FifoQueue"] == "true")
        #expect(sent?.attributes?["VisibilityTimeout"] == "30")
        #expect(sent?.attributes?["MessageRetentionPeriod"] == "345600")
        #expect(sent?.attributes?["SqsManagedSseEnabled"] == "true")
    }

    @Test func `why opens the reasons, and a reason opens what it names`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services)
        await console.press("w")
        #expect(terminal.text.contains("VisibilityTimeout"))
        #expect(terminal.text.contains("Moves in 23 s"))
        await console.press("j", .enter)
        #expect(terminal.text.contains("orders-dead › Messages"))
    }

    @Test func `names are checked as AWS checks them`() {
        #expect(QueueForms.nameProblem("orders", isFIFO: false) == nil)
        #expect(QueueForms.nameProblem("a.b", isFIFO: false) != nil)
        #expect(
            QueueForms.nameProblem("orders.fifo", isFIFO: false) == "Choose type FIFO for a name that ends in .fifo")
        #expect(
            QueueForms.nameProblem(String(repeating: "a", count: 76), isFIFO: true)
                == "At most 80 characters with .fifo, this has 81")
    }
}
