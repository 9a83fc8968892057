import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct EventsScreenTests {
    private func services() -> CannedServices { ShopEvents.services() }

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

    private static let screens: [(name: String, make: @Sendable () -> any Screen)] = [
        ("events-buses", { BusListScreen() }),
        ("events-bus-rules", { BusScreen(name: "orders") }),
        ("events-bus-policy", { BusScreen(name: "orders", tab: "Policy") }),
        ("events-bus-details", { BusScreen(name: "orders", tab: "Details") }),
        ("events-rules", { RuleListScreen() }),
        ("events-rule-trigger", { RuleScreen(name: "large-orders", bus: "orders") }),
        ("events-rule-schedule", { RuleScreen(name: "heartbeat", bus: "default") }),
        ("events-rule-targets", { RuleScreen(name: "large-orders", bus: "orders", tab: "Targets") }),
        ("events-rule-monitoring", { RuleScreen(name: "large-orders", bus: "orders", tab: "Monitoring") }),
        ("events-rule-details", { RuleScreen(name: "large-orders", bus: "orders", tab: "Details") }),
        ("events-rule-create", { RuleEditorScreen(bus: "orders") }),
        (
            "events-target-add",
            {
                TargetEditorScreen(
                    rule: RuleReading(
                        rule: .init(name: "large-orders", eventPattern: "{}", eventBusName: "orders"), targets: []),
                    target: ShopEvents.targets[1])
            }
        ),
        ("events-sandbox", { PatternSandboxScreen() }),
        ("events-archives", { ArchivesScreen() }),
        ("events-connections", { ConnectionsScreen() }),
        ("scheduler-schedules", { ScheduleListScreen() }),
        ("scheduler-schedule", { ScheduleScreen(name: "report", group: nil) }),
        ("scheduler-create", { ScheduleEditorScreen(group: "default") }),
        ("scheduler-groups", { ScheduleGroupListScreen() }),
        ("pipes-pipes", { PipeListScreen() }),
        ("pipes-pipe", { PipeScreen(name: "orders-to-bus") }),
        ("pipes-monitoring", { PipeScreen(name: "orders-to-bus", tab: "Monitoring") }),
        ("pipes-details", { PipeScreen(name: "orders-to-bus", tab: "Details") }),
        ("pipes-create", { PipeEditorScreen(editing: nil) }),
    ]

    @Test(arguments: screens.indices) func `each screen`(_ index: Int) async {
        let (name, make) = Self.screens[index]
        for (size, suffix) in [(Size.standard, "80x24"), (Size.large, "120x40")] {
            let buffer = await ScreenPrinter.frame(
                of: make(), context: services().context(), status: CannedServices.status, size: size, isWhole: true)
            #expect(Snapshot.difference(PlainTextPainter.paint(buffer), "\(name)-\(suffix)") == nil)
        }
    }

    @Test func `replays and API destinations have tabs of their own`() async {
        for (screen, name) in [(ArchivesScreen(), "events-replays"), (ConnectionsScreen(), "events-destinations")]
            as [(any Screen, String)]
        {
            let (terminal, console) = await console(services(), screen)
            await console.press("2")
            #expect(Snapshot.difference(terminal.text, "\(name)-80x24") == nil)
        }
    }

    @Test func `an event is sent to the selected rule's bus`() async {
        let services = services()
        services.answer(Events.putEvents) { _ in
            .init(failedEntryCount: 0, entries: [.init(eventId: "e-1")])
        }
        let (terminal, console) = await console(services, RuleListScreen())
        await console.press("m", .tab)
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
        await console.press("m", .tab)
        await console.type("aws.shop")
        await console.press(.control("s"))
        #expect(services.inputs(Events.putEvents).isEmpty)
        #expect(terminal.text.contains("belong to AWS"))
    }

    @Test func `a rule is made with its pattern, checked while it is typed`() async {
        let services = services()
        services.answer(Events.putRule) { _ in .init(ruleArn: ShopEvents.rules[0].arn) }
        let (terminal, console) = await console(services, RuleListScreen())
        await console.press("n")
        await console.type("large-orders")
        #expect(terminal.text.contains("is 50, wants > 100"))
        await console.press(.tab, .tab, .tab, .control("a"))
        await console.type(#"{"source":"shop"}"#)
        await console.press(.control("s"))
        #expect(services.inputs(Events.putRule).isEmpty)
        let (_, again) = await self.console(services, RuleEditorScreen(bus: "orders"))
        await again.type("large-orders")
        await again.press(.control("s"))
        let sent = services.inputs(Events.putRule).first
        #expect(sent?.name == "large-orders")
        #expect(sent?.eventBusName == "orders")
        #expect(sent?.eventPattern == PatternSandboxScreen.starter)
        #expect(sent?.state == "ENABLED")
    }

    @Test func `a pattern is edited where it is tried, and saved with the rest of the rule`() async {
        let services = services()
        services.answer(Events.putRule) { _ in .init() }
        let (terminal, console) = await console(services, RuleScreen(name: "large-orders", bus: "orders"))
        await console.press("t")
        #expect(terminal.text.contains("✗ Does not match  detail.total"))
        await console.press(.control("s"))
        #expect(terminal.text.contains("Nothing was changed"))
        await console.press(.end, .enter, .control("s"))
        let sent = services.inputs(Events.putRule).first
        #expect(sent?.name == "large-orders")
        #expect(sent?.state == "ENABLED")
        #expect(sent?.eventPattern?.contains("numeric") == true)
    }

    @Test func `a pattern that cannot be read says so in AWS's words, without its place`() async {
        let (terminal, console) = await console(services(), PatternSandboxScreen(.sandbox, pattern: "[1]"))
        #expect(terminal.text.contains("✗ Filter is not an object"))
        #expect(!terminal.text.contains("Source"))
        await console.press(.control("t"), "j", .enter)
        #expect(terminal.text.contains("aws.states"))
    }

    @Test func `a schedule is made with everything the form asks for`() async {
        let services = services()
        services.answer(Scheduler.createSchedule) { _ in .init(scheduleArn: "") }
        let (terminal, console) = await console(services, ScheduleEditorScreen(group: "default"))
        #expect(terminal.text.contains("Next firings"))
        await console.type("report")
        for _ in 0..<7 { await console.press(.tab) }
        await console.type(ShopEvents.arn("lambda", "function:report"))
        await console.press(.tab)
        await console.type("arn:aws:iam::123456789012:role/scheduler")
        await console.press(.control("s"))
        let sent = services.inputs(Scheduler.createSchedule).first
        #expect(sent?.name == "report")
        #expect(sent?.scheduleExpression == "rate(5 minutes)")
        #expect(sent?.flexibleTimeWindow.mode == "OFF")
        #expect(sent?.target.arn == ShopEvents.arn("lambda", "function:report"))
        #expect(sent?.target.retryPolicy?.maximumRetryAttempts == 185)
    }

    @Test func `expressions and patterns that cannot be right are told while they are typed`() {
        #expect(ScheduleText.problem("rate(5 minutes)", allowsAt: false) == nil)
        #expect(ScheduleText.problem("at(2026-12-24T18:00:00)", allowsAt: true) == nil)
        #expect(ScheduleText.problem("at(2026-12-24T18:00:00)", allowsAt: false) != nil)
        #expect(ScheduleText.problem("cron(0 9 * * * *)", allowsAt: true)?.contains("must be ?") == true)
        #expect(ScheduleText.problem("rate(5 weeks)", allowsAt: true)?.contains("unit") == true)
        #expect(PatternSyntax.problem(#"{"source":"shop"}"#) == #"source needs a list: ["shop"]"#)
        #expect(PatternSyntax.problem(#"{"a":[{"numerics":[">",1]}]}"#) == "a: there is no operator “numerics”")
        #expect(PatternSyntax.problem(#"{"a":{"b":[{"exists":true}]}}"#) == nil)
        #expect(PatternSyntax.filterPolicyProblem(#"{"a":{"b":["c"]}}"#, isOnBody: false)?.contains("nested") == true)
        #expect(PatternSyntax.filterPolicyProblem(#"{"kind":"order"}"#, isOnBody: false) == nil)
    }

    @Test func `what a pattern asks is said in words`() {
        func words(_ json: String) -> String { PatternCondition.text(json: json) }
        #expect(words(#"[{"numeric":[">",0,"<=",5]}]"#) == "> 0 and ≤ 5")
        #expect(words(#"["gold","silver"]"#) == "gold or silver")
        #expect(words(#"[{"anything-but":{"prefix":"test"}}]"#) == "anything but what begins with test")
        #expect(words(#"[{"exists":false}]"#) == "is absent")
        #expect(
            words(#"[{"prefix":{"equals-ignore-case":"a"}},{"cidr":"10.0.0.0/8"}]"#)
                == "begins with a in any case or lies in 10.0.0.0/8")
    }

    @Test func `a target keeps what its form does not ask for`() {
        var values = FormValues([
            "arn": ShopQueues.arn("payments.fifo"), "input": "template", "paths": "total = $.detail.total",
            "template": "<total>", "group": "g", "retries": "3", "age": "60",
        ])
        let old = Events.Target(id: "1", arn: "x", input: "{}", httpParameters: .init(pathParameterValues: ["a"]))
        let target = TargetEditorScreen.target(values, old: old)
        #expect(target.id == "1")
        #expect(target.input == nil)
        #expect(target.inputTransformer?.inputPathsMap == ["total": "$.detail.total"])
        #expect(target.sqsParameters?.messageGroupId == "g")
        #expect(target.retryPolicy == .init(maximumRetryAttempts: 3, maximumEventAgeInSeconds: 60))
        #expect(target.httpParameters?.pathParameterValues == ["a"])
        values.texts["arn"] = ShopQueues.arn("orders")
        #expect(TargetEditorScreen.target(values, old: nil).sqsParameters == nil)
    }

    @Test func `resources of the wires have screens of their own`() {
        let events = ShopEvents.arn("events", "rule/orders/large-orders")
        #expect(
            ResourceName(events).address == ScreenAddress(id: "events.rule", arguments: ["large-orders", "orders"]))
        #expect(
            ResourceName(ShopEvents.arn("events", "rule/nightly")).address
                == ScreenAddress(id: "events.rule", arguments: ["nightly"]))
        #expect(
            ResourceName(ShopEvents.arn("scheduler", "schedule/default/report")).address
                == ScreenAddress(id: "scheduler.schedule", arguments: ["report", "default"]))
        #expect(
            ResourceName(ShopEvents.arn("pipes", "pipe/orders-to-bus")).address
                == ScreenAddress(id: "pipes.pipe", arguments: ["orders-to-bus"]))
    }
}
