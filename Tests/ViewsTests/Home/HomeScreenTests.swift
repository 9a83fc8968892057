import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct HomeScreenTests {
    private func frame(
        _ transport: CannedServices, size: Size, encoding: Encoding = .utf8, hasEngine: Bool = true
    ) async -> String {
        var context = transport.context()
        context.capabilities.hasEngine = hasEngine
        let buffer = await ScreenPrinter.frame(
            of: HomeScreen(), context: context, size: size, encoding: encoding, isWhole: true)
        return PlainTextPainter.paint(buffer)
    }

    @Test func drawsTheWorld() async {
        for (name, size, encoding) in [
            ("home-80x24", Size.standard, Encoding.utf8), ("home-120x40", .large, .utf8),
            ("home-80x24-ascii", .standard, .ascii),
            ("home-60x20", .smallest, .utf8), ("home-160x50", Size(width: 160, height: 50), .utf8),
        ] {
            let text = await frame(WorldFixture.transport(), size: size, encoding: encoding)
            #expect(Snapshot.difference(text, name) == nil)
        }
    }

    @Test func drawsAnEmptyWorld() async {
        let transport = WorldFixture.transport([
            "DescribeTopology": { _ in Skua.DescribeTopologyResponse(nodes: [], wires: []).document },
            "DescribeTraffic": { _ in Skua.DescribeTrafficResponse(sources: [], isEnabled: false).document },
            "ListTimeline": { _ in Skua.ListTimelineResponse(events: [], lastId: 0).document },
            "ListMetrics": { _ in CloudWatch.ListMetricsOutput(metrics: []).document },
            "DescribeLogGroups": { _ in Logs.DescribeLogGroupsResponse(logGroups: []).document },
        ])
        #expect(Snapshot.difference(await frame(transport, size: .standard), "home-empty-80x24") == nil)
        #expect(Snapshot.difference(await frame(transport, size: .large), "home-empty-120x40") == nil)
    }

    @Test func drawsAnEndpointWithoutOurEngine() async {
        let transport = CannedServices([
            "ListQueues": { _ in
                SQS.ListQueuesResult(queueUrls: ["https://sqs/0/orders", "https://sqs/0/orders-dead"]).document
            },
            "GetQueueAttributes": { input in
                let isDead = SQS.GetQueueAttributesRequest(input).queueUrl.hasSuffix("dead")
                var attributes = [
                    "QueueArn": WorldFixture.queue(isDead ? "orders-dead" : "orders"),
                    "ApproximateNumberOfMessages": "2",
                ]
                if !isDead {
                    attributes["RedrivePolicy"] =
                        #"{"deadLetterTargetArn":"\#(WorldFixture.queue("orders-dead"))","maxReceiveCount":3}"#
                }
                return SQS.GetQueueAttributesResult(attributes: attributes).document
            },
            "ListFunctions": { _ in
                Lambda.ListFunctionsResponse(functions: [
                    Lambda.FunctionConfiguration(
                        functionName: "receive-order", functionArn: WorldFixture.function("receive-order"),
                        runtime: "python3.13")
                ]).document
            },
            "ListEventSourceMappings": { _ in
                Lambda.ListEventSourceMappingsResponse(eventSourceMappings: [
                    Lambda.EventSourceMappingConfiguration(
                        eventSourceArn: WorldFixture.queue("orders"),
                        functionArn: WorldFixture.function("receive-order"), state: "Disabled")
                ]).document
            },
        ])
        let text = await frame(transport, size: .standard, hasEngine: false)
        #expect(Snapshot.difference(text, "home-attached-80x24") == nil)
        #expect(text.contains("Step Functions did not answer"))
        #expect(!text.contains("Timeline"))
    }

    @Test func saysWhyItCannotRead() async {
        let text = await frame(CannedServices([:]), size: .standard)
        #expect(text.contains("Cannot read the world"))
        #expect(text.contains("r tries again"))
    }

    @Test func countsAnewWhenMetricsOrLogGroupsChangeButNotOftener() {
        func work(_ effects: [Effect<HomeScreen.Message>]) -> [String] {
            effects.compactMap { if case .work(let id, _, _) = $0.kind { id } else { nil } }
        }
        var screen = HomeScreen()
        #expect(work(screen.update(.appeared)) == ["load", "count"])
        #expect(work(screen.update(.changed(["sqs/orders"]))) == ["load"])
        #expect(screen.tickInterval == nil)
        #expect(work(screen.update(.changed(["cloudwatch"]))).isEmpty)
        #expect(work(screen.update(.changed(["logs", "lambda"]))) == ["load"])
        #expect(screen.tickInterval == .seconds(2))
        #expect(work(screen.update(.tick)) == ["count"])
        #expect(screen.tickInterval == nil)
    }

    // MARK: Keys

    private func console(_ transport: CannedServices = WorldFixture.transport()) async -> (
        ConsoleApplication, TestTerminal
    ) {
        let terminal = TestTerminal(size: .large)
        func stub(_ id: String, _ arguments: [String]) -> ScreenRegistration {
            ScreenRegistration(id, id, arguments: arguments) { StubScreen(id: id, arguments: $0) }
        }
        let catalog = ScreenCatalog([
            stub("sqs.queue", ["QUEUE"]), stub("lambda.function", ["FUNCTION"]), stub("states.machine", ["MACHINE"]),
            stub("timeline", ["TRACE?"]), stub("why", ["ARN"]), stub("lambda.functions", []), stub("sqs.queues", []),
            stub("sns.topics", []),
        ])
        let console = ConsoleApplication(
            driver: terminal, catalog: catalog, root: HomeScreen(), context: transport.context()
        ) { _ in
            throw CancellationError()
        }
        await console.begin()
        return (console, terminal)
    }

    @Test func opensWhatIsSelected() async {
        let (console, terminal) = await console()
        await console.press(.enter)
        #expect(terminal.text.contains("sqs.queue orders"))
        await console.press(.escape, .right, .enter)
        #expect(terminal.text.contains("lambda.function receive-order"))
        await console.press(.escape, "w")
        #expect(terminal.text.contains("why \(WorldFixture.function("receive-order"))"))
    }

    @Test func opensServicesAndTraces() async {
        let (console, terminal) = await console()
        await console.press(.tab, "j", .enter)
        #expect(terminal.text.contains("sns.topics"))
        await console.press(.escape, "j", .enter)
        #expect(terminal.text.contains("lambda.functions"))
        await console.press(.escape, .tab, "j", .enter)
        #expect(terminal.text.contains("timeline a1"))
    }

    @Test func goesToAnyResourceByName() async {
        let (console, terminal) = await console()
        await console.press(.enter, ":")
        await console.type("reserve")
        await console.press(.enter)
        #expect(terminal.text.contains("lambda.function reserve-stock"))
    }

    @Test func pausesTraffic() async {
        let transport = WorldFixture.transport()
        let (console, terminal) = await console(transport)
        #expect(terminal.text.contains("pause traffic"))
        await console.press("p")
        #expect(transport.inputs(of: "SetTraffic").map { Skua.SetTrafficRequest($0).isEnabled } == [false])
    }

    @Test func readsTheTimelineOnlyOnce() async {
        let transport = WorldFixture.transport()
        let (console, _) = await console(transport)
        await console.press("r")
        let cursors = transport.inputs(of: "ListTimeline").map(Skua.ListTimelineRequest.init).filter { $0.kinds != nil }
            .map(\.after)
        #expect(cursors == [nil, 11])
    }

    // MARK: The map

    @Test func findsCallsThatHandlersMake() {
        var calls = ObservedCalls()
        calls.read(WorldFixture.events.filter { $0.kind == "call" || $0.kind == "invocation" })
        let path = ObservedCalls.Path(source: WorldFixture.function("receive-order"), target: WorldFixture.machine)
        #expect(calls.counts == [path: 1])
        let map = ResourceMap(WorldFixture.topology()).adding(calls)
        #expect(map.wires.last == ResourceMap.Wire(source: path.source, target: path.target, kind: "call", count: 1))
    }

    @Test func whatHangsTogetherWithMostComesFirst() {
        func resource(_ name: String) -> ResourceMap.Resource { .init(arn: name, service: "sqs", name: name) }
        func wire(_ source: String, _ target: String) -> ResourceMap.Wire {
            .init(source: source, target: target, kind: "trigger")
        }
        var map = ResourceMap(
            resources: ["alone", "a", "b", "worker", "orders", "dead"].map(resource), wires: [wire("a", "b")])
        var pane = ResourceMapPane()
        pane.show(map)
        #expect(pane.selectedARN == "a", "the only wire leads from it")
        map.wires += [wire("orders", "worker"), wire("orders", "dead")]
        #expect(map.graph(.names).nodes.map(\.id) == ["orders", "worker", "dead", "a", "b", "alone"])
        pane.show(map)
        #expect(pane.selectedARN == "orders", "nobody has chosen yet")
        _ = pane.perform("map.right")
        let chosen = pane.selectedARN
        #expect(chosen != "orders")
        map.wires.append(wire("a", "worker"))
        pane.show(map)
        #expect(pane.selectedARN == chosen)
    }

    @Test func keepsItsShapeWhileCountsGrow() {
        let few = ResourceMap(WorldFixture.topology(sent: 2)).graph(.full)
        let many = ResourceMap(WorldFixture.topology(sent: 9999)).graph(.full)
        #expect(few.edges.map { $0.label?.count } == many.edges.map { $0.label?.count })
    }

    @Test func wiresTellWhatFailed() {
        func map(_ count: Int, _ failed: Int) -> ResourceMap {
            ResourceMap(
                resources: ["a", "b"].map { .init(arn: $0, service: "sqs", name: $0) },
                wires: [.init(source: "a", target: "b", kind: "trigger", count: count, failed: failed)])
        }
        #expect(map(17, 0).wires[0].label == "  17")
        #expect(map(17, 2).wires[0].label == "   17 ✗2")
        #expect(map(0, 1200).wires[0].label == " 0 ✗1.2k")
        let later = map(20, 4).measured(since: map(17, 2), milliseconds: 30_000)
        #expect(later.wires[0].perMinute == 6)
        #expect(later.wires[0].failuresPerMinute == 4)
    }

    @Test func readsTaskTargetsFromDefinitions() {
        let map = ResourceMap(WorldFixture.topology())
        let definition = #"""
            {"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[{"States":{
              "B":{"Type":"Task","Resource":"\#(WorldFixture.function("charge-card:live"))"},
              "C":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Parameters":{"QueueUrl":"http://h/0/notifications"}}}}]}}}
            """#
        #expect(
            Set(HomeReading.taskTargets(of: definition, among: map)) == [
                WorldFixture.function("charge-card"), WorldFixture.queue("notifications"),
            ])
        #expect(HomeReading.taskTargets(of: "no JSON", among: map).isEmpty)
    }

    @Test func namesResources() {
        #expect(
            ResourceName(WorldFixture.function("charge-card:live")).address
                == ScreenAddress(id: "lambda.function", arguments: ["charge-card"]))
        #expect(ResourceName(WorldFixture.execution).name == "order-fulfilment/order-70002")
        #expect(ResourceName.mapped(WorldFixture.execution) == WorldFixture.machine)
        #expect(ResourceName.mapped(WorldFixture.function("charge-card:live")) == WorldFixture.function("charge-card"))
        #expect(ResourceName("no arn").address == nil)
        let alias = ResourceName(WorldFixture.function("charge-card:live"))
        #expect((alias.name, alias.unqualifiedName) == ("charge-card:live", "charge-card"))
        #expect(ResourceName(WorldFixture.queue("orders")).shortLabel == "orders (SQS)")
        let role = ResourceName("arn:aws:iam::000000000000:role/service/shop-functions")
        #expect(role.name == "shop-functions")
        #expect(role.unavailable == "There is no screen for IAM role shop-functions")
    }
}

/// Says where one has arrived.
struct StubScreen: Screen {
    let id: String
    let arguments: [String]
    var crumbs: [String] { [id] }
    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] { [] }
    func render(on surface: Surface, in frame: FrameContext) {
        surface.write(([id] + arguments).joined(separator: " "))
    }
}
