import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct ExecutionScreenTests {
    private func text(
        _ screen: some Screen, _ size: Size = .standard, _ encoding: Encoding = .utf8, now: Int64 = OrderMachine.now
    ) -> String {
        Snapshot.text(Size(width: size.width, height: size.height - 2), encoding) {
            screen.render(on: $0, in: FrameContext(status: ConsoleStatus(now: now)))
        }
    }

    private func check(_ screen: some Screen, _ name: String) {
        for (size, encoding, suffix) in [
            (Size.standard, Encoding.utf8, "80"), (.large, .utf8, "120"), (.standard, .ascii, "ascii"),
        ] {
            let problem = Snapshot.difference(text(screen, size, encoding), "\(name)-\(suffix)")
            #expect(problem == nil, "\(problem ?? "")")
        }
    }

    private func press(_ screen: inout ExecutionScreen, _ keys: Key...) {
        for key in keys {
            if key == .escape, screen.handlesEscape {
                _ = screen.update(.input(.key(key)))
            } else if let binding = screen.bindings.binding(for: key) {
                if binding.availability.isEnabled { _ = screen.update(.action(binding.action)) }
            } else {
                _ = screen.update(.input(.key(key)))
            }
        }
    }

    @Test func graphOfAFailedExecution() {
        check(OrderMachine.screen(OrderMachine.ended, status: "FAILED"), "execution-graph-failed")
    }

    @Test func graphWhileItRuns() {
        check(OrderMachine.screen(OrderMachine.begun, status: "RUNNING"), "execution-graph-running")
    }

    @Test func theGraphTurns() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        press(&screen, "|")
        #expect(screen.pane.isHorizontal)
        check(screen, "execution-graph-turned")
        #expect(screen.pane.selectedID == "Rejected")
    }

    @Test func detailsLeadOn() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        press(&screen, "6")
        let link = screen.bindings.binding(for: "enter")
        #expect(link?.availability.reason == "This value has no screen of its own")
        press(&screen, "j", "j")
        #expect(screen.detailList.selected?.value == OrderMachine.arn)
        #expect(screen.bindings.binding(for: "enter")?.availability.isEnabled == true)
        let opened = screen.update(.action("detail.open"))
        #expect(opened.count == 1)
    }

    /// A machine may be turned while its states light up: what takes time says so on its box.
    @Test func boxesTellHowLongTheirStatesTook() throws {
        let screen = OrderMachine.screen(OrderMachine.begun, status: "RUNNING")
        let captions = screen.captions(now: Instant(microseconds: OrderMachine.start.microseconds + 65_000_000))
        #expect(captions["Charge card"]?.text == "64 s")
        #expect(captions["Validate order"] == nil)
        let ended = OrderMachine.screen(OrderMachine.ended, status: "FAILED").captions(now: .epoch)
        #expect(ended["Fulfil"]?.text == "4.3 s")
    }

    @Test func tableWithTimeLine() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        press(&screen, "2")
        check(screen, "execution-table")
    }

    @Test func eventsWithPayload() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        press(&screen, "3")
        check(screen, "execution-events")
    }

    @Test func stepDetail() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Charge card")
        press(&screen, "enter")
        check(screen, "execution-step-data")
        press(&screen, "}", "}")
        check(screen, "execution-step-retry")
    }

    @Test func aFailedExecutionOpensOnWhatFailed() {
        let screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        #expect(screen.selectedState == "Rejected")
        #expect(screen.pane.selectedID == "Rejected")
        #expect(screen.visitTable.selected?.visit.name == "Rejected")
    }

    @Test func oneSelectionForAllTabs() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Charge card")
        press(&screen, "2")
        #expect(screen.visitTable.selected?.visit.name == "Charge card")
        press(&screen, "k")
        #expect(screen.selectedState == "Fulfil")
        press(&screen, "1")
        #expect(screen.pane.selectedID == "Fulfil")
        press(&screen, "3")
        #expect(screen.eventTable.selected?.event.type == "ParallelStateEntered")
        press(&screen, "g")
        press(&screen, "j")
        #expect(screen.selectedState == "Validate order")
    }

    @Test func itemsAndVisitsAreStepped() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Reserve stock")
        #expect(screen.selected?.iteration == 0)
        press(&screen, ".")
        #expect(screen.selected?.iteration == 1)
        #expect(screen.chosenItems == ["Each item": 1])
        _ = screen.update(.message(.iterationChosen("0")))
        #expect(screen.selected?.iteration == 0)
    }

    @Test func arrowsWalkTheGraph() {
        var screen = OrderMachine.screen(OrderMachine.begun, status: "RUNNING")
        _ = text(screen)
        screen.select(state: "Validate order")
        press(&screen, "j")
        #expect(screen.selectedState == "Is it large?")
        press(&screen, "enter")
        #expect(screen.focus == .detail)
        press(&screen, "esc")
        #expect(screen.focus == .overview)
    }

    @Test func aRunningExecutionFollowsWhatRunsUntilSomebodyChooses() {
        var screen = ExecutionScreen(address: OrderMachine.executionARN)
        func load(_ list: [(String, Int, Int64, DocumentObject)], _ status: String) {
            let reading = ExecutionReading(
                description: OrderMachine.description(status: status), definition: OrderMachine.definition,
                events: OrderMachine.events(list), hasEngine: true)
            _ = screen.update(.message(.loaded(.success(reading))))
        }
        load(Array(OrderMachine.begun.prefix(4)), "RUNNING")
        #expect(screen.selectedState == "Validate order")
        load(OrderMachine.begun, "RUNNING")
        #expect(screen.selectedState == "Charge card")
        screen.select(state: "Each item")
        load(OrderMachine.ended, "FAILED")
        #expect(screen.selectedState == "Each item")
        #expect(screen.trace.events.count == OrderMachine.ended.count)
    }

    @Test func stoppingIsOfferedOnlyWhileItRuns() {
        let over = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        #expect(over.bindings.binding(for: "x")?.availability.reason == "The execution has ended")
        let running = OrderMachine.screen(OrderMachine.begun, status: "RUNNING")
        #expect(running.bindings.binding(for: "x")?.availability.isEnabled == true)
        #expect(running.tickInterval == .seconds(1))
        #expect(over.tickInterval == nil)
    }

    @Test func whyTellsTheRuleAndWhenItMoves() throws {
        let trace = ExecutionTrace(OrderMachine.events(OrderMachine.begun))
        let definition = try StateMachineDefinition(OrderMachine.definition)
        let now = Instant(epochMilliseconds: OrderMachine.now)
        let charge = try #require(trace.visits.last { $0.name == "Charge card" })
        let reasons = ExecutionReasons(trace: trace, definition: definition, now: now).reasons(for: charge)
        #expect(reasons.map(\.rule) == ["Charge card failed", "Retry wait"])
        #expect(reasons[1].movesAt == OrderMachine.start.epochMilliseconds + 2400)
        let pack = try #require(trace.visits.last { $0.name == "Pack" })
        #expect(
            ExecutionReasons(trace: trace, definition: definition, now: now).reasons(for: pack).first?.movesAt
                == OrderMachine.start.epochMilliseconds + 60_907)
        var screen = WhyScreen(crumbs: ["Step Functions"], subject: "Charge card", topics: []) { _ in reasons }
        _ = screen.update(.message(.loaded(.success(reasons))))
        check(screen, "why")
    }

    @Test func stagesOfTheEngineKeepTheErrorOfHistory() throws {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Charge card")
        let visit = try #require(screen.selectedVisit)
        let stages = ["State input", "InputPath", "Parameters", "State output"].map { DataStage(name: $0, value: "{}") }
        _ = screen.update(.message(.stages(visit: visit, .success(stages))))
        #expect(
            screen.detail.stages.map(\.name) == ["State input", "InputPath", "Parameters", "Error", "State output"])
        #expect(screen.detail.stages[screen.detail.stageIndex].name == "Error")
        // Stages of a visit that is no longer selected come too late.
        _ = screen.update(.message(.stages(visit: 1, .success([]))))
        #expect(screen.detail.stages.count == 5)
    }

    @Test func anEndpointWithoutTestStateIsAskedOnce() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        screen.select(state: "Validate order")
        press(&screen, "enter")
        #expect(screen.bindings.binding(for: "I")?.availability.isEnabled == true)
        let missing = AWSError("UnknownOperationException", "", httpStatus: 400)
        _ = screen.update(.message(.inspected(visit: 2, .failure(missing))))
        #expect(
            screen.bindings.binding(for: "I")?.availability.reason
                == "Only history tells of the data: this endpoint has no TestState")
        check(screen, "execution-step-history")
    }

    /// `Fulfil` was caught; had it gone on, the other line would be the one that was taken.
    @Test func nextAndCatchAreToldApart() {
        let screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        #expect(screen.taken.contains(StateGraphPane.edge("Fulfil", "Notify customer", isDashed: true)))
        #expect(!screen.taken.contains(StateGraphPane.edge("Fulfil", "Notify customer")))
        #expect(screen.taken.contains(StateGraphPane.edge("Validate order", "Is it large?")))
    }

    @Test func statesAreFoundByName() {
        var screen = OrderMachine.screen(OrderMachine.ended, status: "FAILED")
        func find(_ keys: Key...) {
            press(&screen, "/")
            for key in keys { _ = screen.update(.input(.key(key))) }
        }
        find("c", "h")
        #expect(screen.capturesText)
        #expect(screen.selectedState == "Charge card")
        check(screen, "execution-graph-search")
        press(&screen, "esc")
        #expect(!screen.capturesText)
        #expect(screen.selectedState == "Rejected")
        find("r", "e", .down, .enter)
        #expect(screen.selectedState == "Rejected")
        find("r", "e", .enter)
        #expect(screen.selectedState == "Reserve stock")
        find("x", "x", "x", .enter)
        #expect(screen.selectedState == "Reserve stock")
    }

    @Test func withoutADefinitionWhatWasVisitedIsDrawn() {
        var screen = ExecutionScreen(address: OrderMachine.executionARN)
        let reading = ExecutionReading(
            description: OrderMachine.description(status: "FAILED"), definition: nil,
            events: OrderMachine.events(OrderMachine.ended), hasEngine: false)
        _ = screen.update(.message(.loaded(.success(reading))))
        #expect(screen.pane.graph.nodes.count == 9)
    }
}
