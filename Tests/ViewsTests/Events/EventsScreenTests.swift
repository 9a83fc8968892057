import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct EventsScreenTests {
    private static let prefix = "arn:aws:events:us-east-1:123456789012"

    private static let rules = [
        Events.Rule(
            name: "large-orders", arn: "\(prefix):rule/orders/large-orders",
            eventPattern: #"{"source":["shop"],"detail":{"total":[{"numeric":[">",100]}]}}"#,
            state: "ENABLED",
            eventBusName: "orders"),
        Events.Rule(
            name: "nightly", arn: "\(prefix):rule/nightly", state: "DISABLED",
            scheduleExpression: "cron(0 3 * * ? *)",
            eventBusName: "default"),
    ]

    private func services() -> CannedServices {
        let services = ShopQueues.services()
        services.answer(Events.listEventBuses) { _ in
            .init(eventBuses: [.init(name: "default"), .init(name: "orders")])
        }
        services.answer(Events.listRules) { input in
            .init(rules: Self.rules.filter { $0.eventBusName == input.eventBusName })
        }
        services.answer(Events.describeRule) { input in
            let rule = Self.rules.first { $0.name == input.name }
            return .init(
                name: rule?.name, arn: rule?.arn, eventPattern: rule?.eventPattern,
                scheduleExpression: rule?.scheduleExpression, state: rule?.state,
                eventBusName: rule?.eventBusName)
        }
        services.answer(Events.listTargetsByRule) { _ in
            .init(targets: [
                .init(
                    id: "queue", arn: "arn:aws:sqs:us-east-1:123456789012:orders",
                    deadLetterConfig: .init(arn: "arn:aws:sqs:us-east-1:123456789012:orders-dead"))
            ])
        }
        services.answer(Scheduler.listSchedules) { _ in
            .init(schedules: [.init(groupName: "default", name: "report")])
        }
        services.answer(Scheduler.getSchedule) { _ in
            .init(
                arn: "arn:aws:scheduler:us-east-1:123456789012:schedule/default/report",
                groupName: "default",
                name: "report", scheduleExpression: "cron(0 9 ? * MON-FRI *)",
                scheduleExpressionTimezone: "Europe/Berlin", state: "ENABLED",
                target: .init(
                    arn: "arn:aws:lambda:us-east-1:123456789012:function:report",
                    roleArn: "arn:aws:iam::123456789012:role/scheduler"))
        }
        services.answer(Pipes.listPipes) { _ in
            .init(pipes: [
                .init(
                    name: "orders-to-bus", arn: "arn:aws:pipes:us-east-1:123456789012:pipe/orders-to-bus",
                    desiredState: "RUNNING", currentState: "RUNNING",
                    source: "arn:aws:sqs:us-east-1:123456789012:orders",
                    target: "\(Self.prefix):event-bus/orders")
            ])
        }
        return services
    }

    private func console(_ services: CannedServices, _ root: any Screen) async -> (
        TestTerminal, ConsoleApplication
    ) {
        let terminal = TestTerminal(size: .standard)
        let console = ConsoleApplication(
            driver: terminal, catalog: ConsoleScreens.catalog, root: root, context: services.context(),
            status: CannedServices.status)
        await console.begin()
        return (terminal, console)
    }

    private func text(_ screen: any Screen, _ size: Size) async -> String {
        PlainTextPainter.paint(
            await ScreenPrinter.frame(
                of: screen, context: services().context(), status: CannedServices.status, size: size,
                isWhole: true))
    }

    @Test(arguments: [(Size.standard, "80x24"), (Size.large, "120x40")])
    func `rules, a rule, schedules and pipes`(_ size: Size, _ name: String) async {
        #expect(Snapshot.difference(await text(RuleListScreen(), size), "events-rules-\(name)") == nil)
        let rule = RuleScreen(name: "large-orders", bus: "orders")
        #expect(Snapshot.difference(await text(rule, size), "events-rule-\(name)") == nil)
        #expect(
            Snapshot.difference(await text(ScheduleListScreen(), size), "scheduler-schedules-\(name)")
                == nil)
        #expect(Snapshot.difference(await text(PipeListScreen(), size), "pipes-\(name)") == nil)
    }

    @Test func `an event is sent to the selected rule's bus`() async {
        let services = services()
        services.answer(Events.putEvents) { _ in
            .init(failedEntryCount: 0, entries: [.init(eventId: "e-1")])
        }
        let (terminal, console) = await console(services, RuleListScreen())
        await console.press("s", .tab)
        await console.type("shop")
        await console.press(.tab)
        await console.type("order placed")
        await console.press(.control("s"))
        let entry = services.inputs(Events.putEvents).first?.entries.first
        #expect(entry?.source == "shop")
        #expect(entry?.detailType == "order placed")
        #expect(entry?.detail == "{}")
        #expect(terminal.text.contains("Sent event e-1"))
    }

    @Test func `a source of AWS's own is refused in the form`() async {
        let services = services()
        let (terminal, console) = await console(services, RuleListScreen())
        await console.press("s", .tab)
        await console.type("aws.shop")
        await console.press(.control("s"))
        #expect(services.inputs(Events.putEvents).isEmpty)
        #expect(terminal.text.contains("belong to AWS"))
    }
}
