import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct TopicScreenTests {
    private func console(
        _ services: CannedServices, _ screen: any Screen, size: Size = .standard, hasEngine: Bool = true
    ) async -> (TestTerminal, ConsoleApplication) {
        let terminal = TestTerminal(size: size)
        let console = ConsoleApplication(
            driver: terminal, catalog: ScreenCatalog(SNSScreens.registrations + SQSScreens.registrations), root: screen,
            context: services.context(hasEngine: hasEngine), status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private func orders(_ tab: String? = nil) -> TopicScreen { TopicScreen(name: ShopTopics.arn("orders"), tab: tab) }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")])
    func `the list of topics`(_ size: Size, _ name: String) async {
        let buffer = await ScreenPrinter.frame(
            of: TopicListScreen(), context: ShopTopics.services().context(), status: CannedServices.status, size: size,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sns-topics-\(name)") == nil)
    }

    private static let tabs: [(topic: String, tab: String, name: String)] = [
        ("orders", "Subscriptions", "subscriptions"), ("orders", "Publish", "publish"),
        ("payments.fifo", "Publish", "publish-fifo"), ("orders", "Deliveries", "deliveries"),
        ("orders", "Filter tester", "filter"),
        ("orders", "Monitoring", "monitoring"), ("orders", "Policy", "policy"),
        ("payments.fifo", "Details", "details"),
    ]

    @Test(arguments: tabs.indices) func `each tab`(_ index: Int) async {
        let (topic, tab, name) = Self.tabs[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: TopicScreen(name: ShopTopics.arn(topic), tab: tab), context: ShopTopics.services().context(),
                status: CannedServices.status, size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sns-topic-\(name)-\(suffix)") == nil)
        }
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")])
    func `the outbox`(_ size: Size, _ name: String) async {
        let buffer = await ScreenPrinter.frame(
            of: OutboxScreen(), context: ShopTopics.services().context(), status: CannedServices.status, size: size,
            isWhole: true)
        #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "sns-outbox-\(name)") == nil)
    }

    @Test func `a mail that asks for a confirmation is confirmed from the outbox`() async {
        let services = ShopTopics.services()
        services.answer(SNS.confirmSubscription) { _ in SNS.ConfirmSubscriptionResponse() }
        let (terminal, console) = await console(services, OutboxScreen())
        #expect(terminal.text.contains("It was published to the topic orders."))
        await console.press("c")
        #expect(services.inputs(SNS.confirmSubscription).map(\.token) == ["abc123"])
        await console.press("j", "c")
        #expect(services.inputs(SNS.confirmSubscription).count == 1)
        #expect(terminal.text.contains("It does not ask for a confirmation"))
        await console.press(.enter)
        #expect(terminal.text.contains("An order"))
        #expect(!terminal.text.contains("+15550101234"))
        await console.press(.escape, "f", .enter)
        #expect(services.inputs(Skua.listOutboxMessages).last?.kind == "email")
    }

    @Test func `a delivery that waits says when it is tried again, and why is asked about its message`() async {
        let services = ShopTopics.services()
        let (terminal, console) = await console(services, orders("Deliveries"))
        #expect(terminal.text.contains("Next attempt at 14:02:28, in 17 s"))
        #expect(terminal.text.contains("total wants ≥ 100"))
        await console.press("w")
        #expect(services.inputs(Skua.explain).first?.item == ShopTopics.deliveries[0].messageId)
        await console.press(.escape, "f", "j", "j", "j", .enter)
        #expect(services.inputs(Skua.listDeliveries).last?.status == "filtered")
        let (other, _) = await self.console(services, orders("Deliveries"), hasEngine: false)
        #expect(other.text.contains("Only Skua's own engine keeps a log of deliveries"))
    }

    @Test func `archived messages are replayed to a subscription, where there is an archive`() async {
        let services = ShopTopics.services()
        services.answer(SNS.setSubscriptionAttributes) { _ in Unit() }
        services.answer(SNS.listSubscriptionsByTopic) { _ in
            SNS.ListSubscriptionsByTopicResponse(subscriptions: [ShopTopics.subscriptions[0]])
        }
        let (terminal, console) = await console(services, TopicScreen(name: ShopTopics.arn("payments.fifo")))
        await console.press("p", .control("s"))
        let sent = services.inputs(SNS.setSubscriptionAttributes).first
        #expect(sent?.attributeName == "ReplayPolicy")
        #expect(
            sent?.attributeValue == #"{"PointType":"Timestamp","StartingPoint":"2026-11-20T08:00:00.000Z"}"#)
        let (standard, other) = await self.console(services, orders())
        await other.press("p")
        #expect(standard.text.contains("Only FIFO topics keep an archive"))
        #expect(terminal.text.contains("archived messages again"))
    }

    @Test func `a topic's archive is switched on and off by its days`() {
        var topic = TopicReading(arn: ShopTopics.arn("payments.fifo"))
        topic.attributes = ShopTopics.all["payments.fifo"] ?? [:]
        #expect(topic.archiveDays == 30)
        var values = TopicForms.edit(topic).values
        #expect(TopicForms.editedAttributes(values, of: topic).isEmpty)
        values.texts["archive"] = "0"
        let change = TopicForms.editedAttributes(values, of: topic).first
        #expect(change?.name == "ArchivePolicy" && change?.value == "")
    }

    @Test func `a topic is found by its name`() async {
        let (terminal, _) = await console(ShopTopics.services(), TopicScreen(name: "orders"))
        #expect(terminal.text.contains("zoe@shop.example"))
        let (missing, _) = await console(ShopTopics.services(), TopicScreen(name: "nowhere"))
        #expect(missing.text.contains("Topic does not exist"))
    }

    @Test func `creating a FIFO topic sends every attribute`() async {
        let services = ShopTopics.services()
        services.answer(SNS.createTopic) { _ in SNS.CreateTopicResponse(topicArn: ShopTopics.arn("payments.fifo")) }
        let (terminal, console) = await console(services, TopicListScreen())
        await console.press("n", .right, .tab)
        await console.type("payments")
        await console.press(.control("s"))
        let sent = services.inputs(SNS.createTopic).first
        #expect(sent?.name == "payments.fifo")
        #expect(sent?.attributes == ["FifoTopic": "true", "ContentBasedDeduplication": "false"])
        #expect(terminal.text.contains("payments.fifo › Subscriptions"))
    }

    @Test func `deleting needs the name typed and says what goes`() async {
        let services = ShopTopics.services()
        services.answer(SNS.deleteTopic) { _ in Unit() }
        let (terminal, console) = await console(services, TopicListScreen())
        await console.press("j", "d")
        #expect(terminal.text.contains("orders: 4 subscriptions, 1 of them pending"))
        await console.press(.enter)
        #expect(services.inputs(SNS.deleteTopic).isEmpty)
        await console.type("orders")
        await console.press(.enter)
        #expect(services.inputs(SNS.deleteTopic).map(\.topicArn) == [ShopTopics.arn("orders")])
    }

    @Test func `what is pending can be confirmed, and says why it cannot be edited`() async {
        let services = ShopTopics.services()
        services.answer(SNS.confirmSubscription) { _ in SNS.ConfirmSubscriptionResponse() }
        let (terminal, console) = await console(services, orders())
        await console.press("e")
        #expect(terminal.text.contains("It is pending"))
        await console.press("c")
        await console.type("https://sns/?Action=ConfirmSubscription&Token=abc123&x=1")
        await console.press(.control("s"))
        #expect(services.inputs(SNS.confirmSubscription).map(\.token) == ["abc123"])
    }

    @Test func `why is asked of the subscription, and only of the engine`() async {
        let services = ShopTopics.services()
        let (_, console) = await console(services, orders())
        await console.press("j", "w")
        #expect(services.inputs(Skua.explain).first?.resourceArn == ShopTopics.arn("orders:3333"))
        let (terminal, other) = await self.console(services, orders(), hasEngine: false)
        await other.press("w")
        #expect(terminal.text.contains("Only Skua's own engine offers this"))
    }

    @Test func `editing a subscription sends only what changed`() throws {
        var row = SubscriptionReading(ShopTopics.subscriptions[1])
        row.attributes = try #require(ShopTopics.attributes[row.arn])
        var values = SubscriptionForms.edit(row).values
        #expect(SubscriptionForms.changes(values, of: row).isEmpty)
        values.texts["FilterPolicy"] = ""
        #expect(SubscriptionForms.changes(values, of: row).map(\.name) == ["FilterPolicy"])
        values.texts["FilterPolicy"] = #"{"customer":["x"]}"#
        values.texts["FilterPolicyScope"] = "MessageBody"
        #expect(SubscriptionForms.changes(values, of: row).map(\.name) == ["FilterPolicyScope", "FilterPolicy"])
    }

    @Test func `publishing sends what was typed, and repeats it`() async {
        let services = ShopTopics.services()
        services.answer(SNS.publish) { _ in SNS.PublishResponse(messageId: "11111111-2222-3333-4444-555555555555") }
        let (terminal, console) = await console(services, orders("Publish"))
        await console.press(.tab)
        await console.type("An order")
        await console.press(.tab, .tab)
        await console.type("kind String order")
        await console.press(.control("s"))
        let sent = services.inputs(SNS.publish).first
        #expect(sent?.topicArn == ShopTopics.arn("orders"))
        #expect(sent?.subject == "An order")
        #expect(sent?.messageStructure == nil)
        #expect(sent?.messageAttributes?["kind"]?.stringValue == "order")
        #expect(terminal.text.contains("11111111"))
        await console.press(.control("r"))
        #expect(services.inputs(SNS.publish).count == 2)
    }

    @Test func `structure json needs a default text`() async {
        let services = ShopTopics.services()
        let (terminal, console) = await console(services, orders("Publish"))
        await console.press(.tab, .tab, .space, .control("s"))
        #expect(terminal.text.contains("needs an object with a"))
        #expect(services.inputs(SNS.publish).isEmpty)
    }

    @Test func `the tester names the clauses that fail as the message is typed, and publishes nothing`() async {
        let services = ShopTopics.services()
        let (terminal, console) = await console(services, orders("Filter tester"), size: .large)
        await console.press(.tab)
        await console.type("kind String refund")
        await console.press(.escape, "j", "j")
        #expect(terminal.text.contains("Filtered"))
        #expect(terminal.text.contains("is absent, wants ≥ 100"))
        let asked = services.inputs(Skua.explainEventPattern).last { $0.kind == "attributes" }
        #expect(asked?.event == #"{"kind":"refund"}"#)
        #expect(services.inputs(Skua.explainEventPattern).contains { $0.kind == "body" })
        #expect(services.inputs(SNS.publish).isEmpty)
    }

    @Test func `on another endpoint EventBridge is asked about each clause`() async {
        let services = ShopTopics.services()
        let (terminal, console) = await console(services, orders("Filter tester"), size: .large, hasEngine: false)
        await console.press(.tab)
        await console.type("kind String refund")
        await console.press(.control("s"), .escape)
        #expect(terminal.text.contains("Filtered"))
        let asked = services.inputs(Events.testEventPattern).last { $0.eventPattern.contains("kind") }
        #expect(asked?.eventPattern == #"{"detail":{"kind":["order","refund"]}}"#)
        #expect(asked?.event.contains(#""detail":{"kind":"refund"}"#) == true)
        #expect(services.inputs(Skua.explainEventPattern).isEmpty)
    }

    @Test func `a policy's clauses are told apart, those inside objects by their path`() throws {
        let policy = try #require(
            JSONReader.parse(#"{"customer":{"tier":["gold"],"city":[{"prefix":"B"}]},"kind":"order"}"#).object)
        let clauses = FilterClause.all(in: policy)
        #expect(clauses.map(\.name) == ["customer.tier", "customer.city", "kind"])
        #expect(JSONWriter.string(clauses[0].pattern) == #"{"detail":{"customer":{"tier":["gold"]}}}"#)
        #expect(JSONWriter.string(clauses[2].pattern) == #"{"detail":{"kind":["order"]}}"#)
    }

    @Test func `attributes become fields by their type`() {
        let sample = FilterVerdict.Sample(
            body: "",
            attributes: MessageAttributeLines.values(
                "kind String 7\ntotal Number 7\ntags String.Array [\"a\",\"b\"]\nblob Binary QUJD"))
        #expect(
            JSONWriter.string(.object(sample.attributeFields)) == #"{"kind":"7","tags":["a","b"],"total":7}"#)
    }
}
