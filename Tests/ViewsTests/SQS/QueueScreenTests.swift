import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct QueueScreenTests {
    private func console(
        _ services: CannedServices, _ screen: QueueScreen, size: Size = .standard, hasEngine: Bool = true
    ) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: size)
        let root = QueueListScreen()
        let console = ConsoleApplication(
            driver: terminal,
            catalog: ScreenCatalog(
                SQSScreens.registrations + [
                    ScreenRegistration("timeline", "Timeline", arguments: ["TRACE?"]) { _ in root }
                ]),
            root: screen, context: services.context(hasEngine: hasEngine), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private static let tabs: [(queue: String, tab: String, name: String)] = [
        ("orders", "Messages", "messages"), ("payments.fifo", "Messages", "messages-fifo"), ("orders", "Send", "send"),
        ("payments.fifo", "Send", "send-fifo"),
        ("orders", "Receive", "receive"), ("orders-dead", "Dead letters", "dead-letters"),
        ("orders", "Monitoring", "monitoring"), ("orders", "Triggers", "triggers"), ("orders", "SNS", "topics"),
        ("orders", "Policy", "policy"), ("payments.fifo", "Details", "details"),
    ]

    @Test(arguments: tabs.indices) func `each tab`(_ index: Int) async {
        let (queue, tab, name) = Self.tabs[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: QueueScreen(name: queue, tab: tab), context: ShopQueues.services().context(),
                status: CannedServices.status, size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sqs-queue-\(name)-\(suffix)") == nil)
        }
    }

    @Test func `a queue in ASCII`() async {
        let buffer = await ScreenPrinter.frame(
            of: QueueScreen(name: "payments.fifo"), context: ShopQueues.services().context(),
            status: CannedServices.status, size: .large, encoding: .ascii, isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sqs-queue-ascii") == nil)
    }

    @Test func `without the engine messages are not offered to be looked at`() async {
        let (terminal, _) = await console(ShopQueues.services(), QueueScreen(name: "orders"), hasEngine: false)
        #expect(terminal.text.contains("cannot be looked into without receiving"))
        #expect(terminal.text.contains("1,204 visible"))
    }

    @Test func `looking asks for nothing that changes a queue`() async {
        let services = ShopQueues.services()
        let (_, console) = await console(services, QueueScreen(name: "orders"))
        await console.press("j", "w", "v", .enter, .escape)
        #expect(services.inputs(SQS.receiveMessage).isEmpty)
        #expect(!services.inputs(Skua.peekMessages).isEmpty)
    }

    @Test func `why is asked of the queue for the selected message, and follows the selection`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services, QueueScreen(name: "orders"), size: .large)
        await console.press("w")
        #expect(terminal.text.contains("VisibilityTimeout"))
        await console.press("j")
        let asked = services.inputs(Skua.explain)
        #expect(asked.map(\.resourceArn) == [ShopQueues.arn("orders"), ShopQueues.arn("orders")])
        #expect(asked.map(\.item) == [ShopQueues.messages[0].messageId, ShopQueues.messages[1].messageId])
    }

    @Test func `messages can be filtered by state, and Esc shows all again`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services, QueueScreen(name: "orders"))
        await console.press("f", "j", "j", .enter)
        #expect(services.inputs(Skua.peekMessages).last?.state == "IN_FLIGHT")
        #expect(terminal.text.contains("in flight only"))
        await console.press(.escape)
        #expect(services.inputs(Skua.peekMessages).last?.state == nil)
    }

    @Test func `a group's messages are one key away`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services, QueueScreen(name: "payments.fifo"))
        await console.press(.tab, .tab)
        #expect(terminal.text.contains("Message groups"))
        #expect(terminal.text.contains("locked 23 s"))
        await console.press(.enter)
        #expect(services.inputs(Skua.peekMessages).last?.messageGroupId == "customer-7")
    }

    @Test func `the next page is fetched near the end`() async {
        let services = ShopQueues.services()
        services.answer(Skua.peekMessages) { input in
            let start = Int(input.nextToken ?? "0") ?? 0
            let page = (start..<start + (input.maxResults ?? 0)).map {
                Skua.PeekedMessage(messageId: "m\($0)", body: "x", state: "VISIBLE")
            }
            return Skua.PeekMessagesResponse(messages: page, visible: 10_000, nextToken: String(start + page.count))
        }
        let (_, console) = await console(services, QueueScreen(name: "orders"))
        await console.press("G")
        #expect(services.inputs(Skua.peekMessages).last?.nextToken == "200")
        await console.press("G")
        #expect(services.inputs(Skua.peekMessages).last?.nextToken == "400")
    }

    @Test func `sending sends what was typed, and repeats it`() async {
        let services = ShopQueues.services()
        services.answer(SQS.sendMessage) { _ in SQS.SendMessageResult(messageId: "11111111-2222-3333-4444-555555555555")
        }
        let (terminal, console) = await console(services, QueueScreen(name: "orders", tab: "Send"))
        await console.press(.control("a"), .control("k"), .control("k"), .control("k"), .control("k"), .control("k"))
        await console.type("hello")
        await console.press(.tab)
        await console.type("5")
        await console.press(.control("s"))
        let sent = services.inputs(SQS.sendMessage).first
        #expect(sent?.messageBody.contains("hello") == true)
        #expect(sent?.delaySeconds == 5)
        #expect(terminal.text.contains("11111111"))
        await console.press(.control("r"))
        #expect(services.inputs(SQS.sendMessage).count == 2)
    }

    @Test func `a FIFO message without a group is not sent, and says why`() async {
        let services = ShopQueues.services()
        let (terminal, console) = await console(services, QueueScreen(name: "payments.fifo", tab: "Send"))
        await console.press(.control("s"))
        #expect(terminal.text.contains("A FIFO message needs a group id"))
        #expect(services.inputs(SQS.sendMessage).isEmpty)
    }

    @Test func `message attributes are typed values`() {
        let text = "priority Number 3\nchannel String the web shop"
        #expect(MessageAttributeLines.problem(text) == nil)
        #expect(MessageAttributeLines.values(text)["channel"]?.stringValue == "the web shop")
        #expect(MessageAttributeLines.problem("priority Number high") == "priority: high is no number")
        #expect(MessageAttributeLines.problem("priority") != nil)
    }

    @Test func `receiving warns, receives, and puts back`() async {
        let services = ShopQueues.services()
        services.answer(SQS.receiveMessage) { _ in
            SQS.ReceiveMessageResult(messages: [
                SQS.Message(
                    messageId: "m1", receiptHandle: "r1", body: #"{"a":1}"#,
                    attributes: ["ApproximateReceiveCount": "2"])
            ])
        }
        services.answer(SQS.changeMessageVisibilityBatch) { input in
            SQS.ChangeMessageVisibilityBatchResult(successful: input.entries.map { .init(id: $0.id) }, failed: [])
        }
        let (terminal, console) = await console(services, QueueScreen(name: "orders", tab: "Receive"), size: .large)
        #expect(terminal.text.contains("a message moves to orders-dead"))
        await console.press("c")
        #expect(terminal.text.contains("30 s"))
        await console.press("x")
        let changed = services.inputs(SQS.changeMessageVisibilityBatch).first?.entries.first
        #expect(changed?.receiptHandle == "r1")
        #expect(changed?.visibilityTimeout == 0)
        #expect(terminal.text.contains("Put back 1 message"))
    }

    @Test func `a redrive is refused while one runs, and can be stopped`() async {
        let services = ShopQueues.services()
        services.answer(SQS.cancelMessageMoveTask) { _ in
            SQS.CancelMessageMoveTaskResult(approximateNumberOfMessagesMoved: 18)
        }
        let (terminal, console) = await console(services, QueueScreen(name: "orders-dead", tab: "Dead letters"))
        await console.press("m")
        #expect(terminal.text.contains("A redrive is running"))
        await console.press("c", "y")
        #expect(services.inputs(SQS.cancelMessageMoveTask).map(\.taskHandle) == ["handle-1"])
    }

    @Test func `a queue that is not there says so`() async {
        let (terminal, _) = await console(ShopQueues.services(), QueueScreen(name: "nowhere"))
        #expect(terminal.text.contains("NonExistentQueue"))
    }

    @Test func `editing sends only what changed`() async throws {
        var queue = QueueReading(url: ShopQueues.url("orders"))
        queue.attributes = try #require(ShopQueues.all["orders"])
        var values = QueueForms.edit(queue).values
        #expect(QueueForms.editedAttributes(values, of: queue).isEmpty)
        values.texts["VisibilityTimeout"] = "45"
        #expect(QueueForms.editedAttributes(values, of: queue) == ["VisibilityTimeout": "45"])
    }
}
