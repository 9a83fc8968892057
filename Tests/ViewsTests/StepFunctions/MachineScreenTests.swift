import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct MachineScreenTests {
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

    private func machine(tab: String? = nil) -> MachineScreen {
        var screen = MachineScreen(name: "order-workflow", tab: tab)
        let description = SFN.DescribeStateMachineOutput(
            stateMachineArn: OrderMachine.arn, name: "order-workflow", status: "ACTIVE",
            definition: OrderMachine.definition,
            roleArn: "arn:aws:iam::123456789012:role/orders", type: "STANDARD", creationDate: OrderMachine.start)
        let rows = [
            ("order-1042", "RUNNING", nil), ("order-1041", "SUCCEEDED", 4_200_000),
            ("order-1040", "FAILED", 61_000_000),
        ].map { name, status, took in
            ExecutionRow(
                SFN.ExecutionListItem(
                    executionArn: OrderMachine.executionARN, stateMachineArn: OrderMachine.arn, name: name,
                    status: status, startDate: OrderMachine.start,
                    stopDate: took.map { Instant(microseconds: OrderMachine.start.microseconds + Int64($0)) }))
        }
        _ = screen.update(
            .message(.loaded(.success(MachineReading(description: description, executions: rows, isPartial: false)))))
        return screen
    }

    @Test func executions() { check(machine(), "machine-executions") }
    @Test func definition() { check(machine(tab: "definition"), "machine-definition") }
    @Test func details() { check(machine(tab: "details"), "machine-details") }

    @Test func monitoring() {
        var screen = machine(tab: "monitoring")
        let start = OrderMachine.start.epochMilliseconds - 3_600_000
        var metrics = MachineMetrics(from: start, to: start + 3_600_000)
        func points(_ value: (Int) -> Double) -> [ChartSeries.Point] {
            (0..<60).map { ChartSeries.Point(time: start + Int64($0) * 60_000, value: value($0)) }
        }
        metrics.series = [
            "ExecutionsStarted": points { Double($0 % 7 + 2) }, "ExecutionsSucceeded": points { Double($0 % 7 + 1) },
            "ExecutionsFailed": points { $0 % 20 == 0 ? 1 : 0 },
            "Average": points { 800 + Double($0 % 9) * 50 }, "p99": points { 1800 + Double($0 % 5) * 90 },
            "Maximum": points { 2600 + Double($0 % 4) * 120 },
        ]
        _ = screen.update(.message(.metrics(metrics)))
        check(screen, "machine-monitoring")
    }

    @Test func list() {
        var screen = MachineListScreen()
        _ = screen.update(
            .message(
                .loaded(
                    .success([
                        MachineRow(
                            arn: OrderMachine.arn, name: "order-workflow", type: "STANDARD", created: OrderMachine.start
                        ),
                        MachineRow(arn: "x", name: "image-thumbnails", type: "EXPRESS", created: OrderMachine.start),
                    ]))))
        _ = screen.update(
            .message(
                .counted([
                    OrderMachine.arn: (
                        "ACTIVE", MachineRow.Counts(running: 2, succeeded: 1340, failed: 17, isPartial: true)
                    ), "x": ("ACTIVE", nil),
                ])))
        check(screen, "machines")
        // A new reading keeps what was counted until it is counted again.
        _ = screen.update(
            .message(
                .loaded(
                    .success([
                        MachineRow(
                            arn: OrderMachine.arn, name: "order-workflow", type: "STANDARD", created: OrderMachine.start
                        )
                    ]))))
        #expect(screen.table.rows?.first?.counts?.running == 2)
    }

    @Test func editorFollowsWhatIsTyped() {
        var screen = DefinitionEditorScreen(
            .update(arn: OrderMachine.arn, type: "STANDARD"), text: StateMachineForms.definition("Parallel"))
        check(screen, "editor")
        #expect(screen.bindings.binding(for: "ctrl+s")?.availability.reason == "Nothing was changed")
        _ = screen.update(.input(.key("x")))
        #expect(screen.editor.error != nil)
        #expect(screen.bindings.binding(for: "ctrl+s")?.availability.isEnabled == false)
        #expect(screen.pane.graph.nodes.count == 3)  // the last graph that could be drawn stays
        _ = screen.update(.input(.key(.backspace)))
        screen.editor.text = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}"#
        _ = screen.update(.input(.key(.space)))
        #expect(screen.findings.map(\.message) == ["It goes to 'B', which is not there"])
        check(screen, "editor-findings")
    }

    @Test func addressesOfExecutions() {
        #expect(StateMachineNames.parts(ofExecution: "orders/one") == ("orders", "one"))
        #expect(StateMachineNames.parts(ofExecution: OrderMachine.executionARN) == ("order-workflow", "order-1042"))
        #expect(StateMachineNames.machineName(OrderMachine.arn) == "order-workflow")
    }

    @Test func namesAreCheckedAsAWSDoes() {
        #expect(StateMachineForms.nameProblem("order-1") == nil)
        #expect(StateMachineForms.nameProblem("a b") == "' ' is not allowed in a name")
        #expect(
            StateMachineForms.nameProblem(String(repeating: "x", count: 81)) == "At most 80 characters, this has 81")
    }
}
