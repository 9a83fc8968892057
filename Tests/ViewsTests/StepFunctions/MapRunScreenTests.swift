import AWSClient
import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct MapRunScreenTests {
    static let arn =
        "arn:aws:states:us-east-1:123456789012:mapRun:nightly-import/Orders:5c0f2a1e-77aa-4c11-9a52-0f3b8d6c1e10"
    static let execution = "arn:aws:states:us-east-1:123456789012:execution:nightly-import:run-1"

    static func child(_ number: Int, _ status: String) -> SFN.ExecutionListItem {
        SFN.ExecutionListItem(
            executionArn: "arn:aws:states:us-east-1:123456789012:execution:nightly-import/Orders:child-\(number)",
            stateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:nightly-import",
            name: "child-\(number)",
            status: status, startDate: OrderMachine.start,
            stopDate: status == "RUNNING" ? nil : Instant(microseconds: OrderMachine.start.microseconds + 250_000),
            mapRunArn: arn, itemCount: 10)
    }

    static func run(status: String = "RUNNING") -> SFN.DescribeMapRunOutput {
        SFN.DescribeMapRunOutput(
            mapRunArn: arn, executionArn: execution, status: status, startDate: OrderMachine.start,
            stopDate: status == "RUNNING" ? nil : Instant(microseconds: OrderMachine.start.microseconds + 9_000_000),
            maxConcurrency: 40, toleratedFailurePercentage: 5, toleratedFailureCount: 0,
            itemCounts: SFN.MapRunItemCounts(
                pending: 480, running: 40, succeeded: 470, failed: 10, timedOut: 0, aborted: 0, total: 1000,
                resultsWritten: 0),
            executionCounts: SFN.MapRunExecutionCounts(
                pending: 48, running: 4, succeeded: 47, failed: 1, timedOut: 0, aborted: 0, total: 100,
                resultsWritten: 0), redriveCount: 1)
    }

    private func check(_ screen: some Screen, _ name: String) {
        for (size, encoding, suffix) in [
            (Size.standard, Encoding.utf8, "80"), (.large, .utf8, "120"), (.standard, .ascii, "ascii"),
        ] {
            let text = Snapshot.text(Size(width: size.width, height: size.height - 2), encoding) {
                screen.render(on: $0, in: FrameContext(status: ConsoleStatus(now: OrderMachine.now)))
            }
            let problem = Snapshot.difference(text, "\(name)-\(suffix)")
            #expect(problem == nil, "\(problem ?? "")")
        }
    }

    private func screen(status: String = "RUNNING") -> MapRunScreen {
        var screen = MapRunScreen(arn: Self.arn)
        let children = [(1, "RUNNING"), (2, "RUNNING"), (3, "FAILED"), (4, "SUCCEEDED"), (5, "SUCCEEDED")]
        let reading = MapRunReading(
            run: Self.run(status: status), children: children.map { ChildRow(Self.child($0.0, $0.1)) }, isPartial: true)
        _ = screen.update(.message(.loaded(.success(reading))))
        return screen
    }

    @Test func progressAndChildren() { check(screen(), "maprun") }

    @Test func details() {
        var screen = screen()
        _ = screen.update(.action("tab.2"))
        screen.tabs.select(1)
        check(screen, "maprun-details")
    }

    @Test func list() {
        var screen = MapRunListScreen(execution: Self.execution)
        var row = MapRunRow(
            SFN.MapRunListItem(
                executionArn: Self.execution, mapRunArn: Self.arn, stateMachineArn: "m", startDate: OrderMachine.start))
        row.run = Self.run()
        _ = screen.update(.message(.loaded(.success([row]))))
        check(screen, "mapruns")
        #expect(screen.crumbs == ["Step Functions", "nightly-import", "run-1", "Map Runs"])
    }

    @Test func onlyARunningRunIsUpdated() {
        let ended = screen(status: "SUCCEEDED")
        #expect(ended.bindings.binding(for: "u")?.availability.reason == "The Map Run is SUCCEEDED")
        #expect(screen().bindings.binding(for: "u")?.availability.isEnabled == true)
    }

    @Test func theFormSaysWhatIsSent() {
        let input = MapRunForms.input(
            Self.arn, FormValues(["concurrency": "7", "percentage": "2.5", "count": "3"]))
        #expect(input.maxConcurrency == 7)
        #expect(input.toleratedFailurePercentage == 2.5)
        #expect(input.toleratedFailureCount == 3)
    }

    @Test func childrenAreReadPageByPageOfOneStatus() async throws {
        let services = CannedServices()
        services.answer(SFN.describeMapRun) { _ in Self.run() }
        services.answer(SFN.listExecutions) { input in
            SFN.ListExecutionsOutput(
                executions: [Self.child(input.nextToken == nil ? 1 : 2, "FAILED")],
                nextToken: input.nextToken == nil ? "more" : nil)
        }
        let reading = try await MapRunReading.read(Self.arn, status: "FAILED", services.context())
        #expect(reading.children.map(\.execution.name) == ["child-1", "child-2"])
        let asked = services.inputs(SFN.listExecutions)
        #expect(asked.map(\.mapRunArn) == [Self.arn, Self.arn])
        #expect(asked.map(\.statusFilter) == ["FAILED", "FAILED"])
        #expect(asked.allSatisfy { $0.stateMachineArn == nil })
    }

    @Test func expressChildrenAreOnlyCounted() async throws {
        let services = CannedServices()
        services.answer(SFN.describeMapRun) { _ in Self.run() }
        services.answer(SFN.listExecutions) { _ -> SFN.ListExecutionsOutput in
            throw AWSError("StateMachineTypeNotSupported", "No.", httpStatus: 400)
        }
        let reading = try await MapRunReading.read(Self.arn, status: nil, services.context())
        #expect(reading.problem?.hasPrefix("Express child executions keep no list") == true)
    }

    @Test func theBarGivesEveryStatusACell() {
        var counts = Self.run().itemCounts
        counts.failed = 1
        let bar = MapRunProgress(counts).bar(width: 40)
        #expect(bar.columns == 40)
        #expect(bar.text.contains("▒"))
        #expect(MapRunProgress(counts).bar(width: 3).columns == 3)
    }

    /// A child's graph is that of the item processor it runs.
    @Test func aChildShowsTheWorkflowItRuns() throws {
        let text = """
            {"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},
             "StartAt":"Work","States":{"Work":{"Type":"Pass","End":true}}},"End":true}}}
            """
        var screen = ExecutionScreen(address: Self.child(1, "SUCCEEDED").executionArn)
        var description = OrderMachine.description(status: "SUCCEEDED")
        description.executionArn = Self.child(1, "SUCCEEDED").executionArn
        description.mapRunArn = Self.arn
        let events = OrderMachine.events([
            ("ExecutionStarted", 0, 0, [:]), ("PassStateEntered", 0, 1, ["name": "Work"]),
            ("PassStateExited", 2, 2, ["name": "Work"]), ("ExecutionSucceeded", 3, 3, [:]),
        ])
        _ = screen.update(
            .message(
                .loaded(
                    .success(
                        ExecutionReading(description: description, definition: text, events: events, hasEngine: false)))
            ))
        #expect(screen.definition?.startAt == "Work")
        // And the way back.
        #expect(screen.mapRuns == [Self.arn])
        #expect(screen.bindings.binding(for: "M")?.availability.isEnabled == true)
        #expect(screen.names == ("nightly-import", "child-1"))
        #expect(screen.topics == [Topic("states/nightly-import/Orders/child-1")])
    }
}
