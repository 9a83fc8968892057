import AWSModel
import AWSTypes
import TerminalUI
import Testing

@testable import Views

@Suite struct MachineTabTests {
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

    private let version = "\(OrderMachine.arn):"

    private func services() -> CannedServices {
        let services = CannedServices()
        let version = version
        services.answer(SFN.listStateMachineVersions) { _ in
            .init(
                stateMachineVersions: (1...3).reversed().map {
                    .init(stateMachineVersionArn: version + "\($0)", creationDate: OrderMachine.start)
                })
        }
        services.answer(SFN.listStateMachineAliases) { _ in
            .init(stateMachineAliases: [.init(stateMachineAliasArn: version + "live", creationDate: OrderMachine.start)]
            )
        }
        services.answer(SFN.describeStateMachineAlias) { input in
            .init(
                stateMachineAliasArn: input.stateMachineAliasArn, name: "live", description: "what customers get",
                routingConfiguration: [
                    .init(stateMachineVersionArn: version + "2", weight: 90),
                    .init(stateMachineVersionArn: version + "3", weight: 10),
                ], updateDate: OrderMachine.start)
        }
        services.answer(SFN.describeStateMachine) { input in
            .init(
                stateMachineArn: input.stateMachineArn, name: "order-workflow", status: "ACTIVE",
                definition: #"{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}"#, roleArn: "r", type: "STANDARD",
                creationDate: OrderMachine.start, description: "for the autumn sale")
        }
        return services
    }

    private var machine: SFN.DescribeStateMachineOutput {
        .init(
            stateMachineArn: OrderMachine.arn, name: "order-workflow", status: "ACTIVE",
            definition: OrderMachine.definition, roleArn: "arn:aws:iam::123456789012:role/orders", type: "STANDARD",
            creationDate: OrderMachine.start,
            loggingConfiguration: .init(
                level: "ERROR", includeExecutionData: true,
                destinations: [
                    .init(
                        cloudWatchLogsLogGroup: .init(
                            logGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:/states/orders:*"))
                ]))
    }

    @Test func versionsWithTheirAliases() async throws {
        let rows = try await MachineVersionsTab.read(OrderMachine.arn, services().context())
        #expect(rows.map(\.number) == [3, 2, 1])
        #expect(rows.map(\.aliases) == [["live"], ["live"], []])
        var tab = MachineVersionsTab(machine: machine)
        _ = tab.update(.message(.loaded(.success(rows))))
        check(tab, "machine-versions")
        #expect(tab.bindings.binding(for: "d")?.availability.reason == "Alias live points to it")
        tab.table.select(index: 2)
        #expect(tab.bindings.binding(for: "d")?.availability.isEnabled == true)
    }

    @Test func aliasesWithTheirShares() {
        var tab = MachineAliasesTab(machine: machine)
        let alias = SFN.DescribeStateMachineAliasOutput(
            stateMachineAliasArn: version + "live", name: "live", description: "what customers get",
            routingConfiguration: [
                .init(stateMachineVersionArn: version + "2", weight: 90),
                .init(stateMachineVersionArn: version + "3", weight: 10),
            ], updateDate: OrderMachine.start)
        let versions = [version + "3", version + "2"]
        _ = tab.update(.message(.loaded(.success(.init(aliases: [alias], versions: versions)))))
        check(tab, "machine-aliases")
        let form = MachineForms.alias(tab.table.selected, versions: versions)
        #expect(form.values["version"] == "2")
        #expect(form.values["second"] == "3")
        #expect(form.values["weight"] == "10")
        let routes = MachineForms.routes(form.values, versions: versions)
        #expect(routes.map(\.weight) == [90, 10])
        #expect(routes.map(\.stateMachineVersionArn) == [version + "2", version + "3"])
        var single = form.values
        single.texts["second"] = "none"
        #expect(MachineForms.routes(single, versions: versions).map(\.weight) == [100])
    }

    @Test func logging() {
        var tab = MachineLoggingTab()
        tab.machine = machine
        check(tab, "machine-logging")
        var values = MachineForms.logging(machine).values
        #expect(values["level"] == "ERROR")
        values.texts["level"] = "OFF"
        let off = MachineForms.loggingInput(OrderMachine.arn, values)
        #expect(off.loggingConfiguration?.destinations?.isEmpty == true)
    }

    @Test func tags() {
        var tab = MachineTagsTab(machine: machine)
        _ = tab.update(
            .message(.loaded(.success([.init(key: "team", value: "orders"), .init(key: "cost", value: "42")]))))
        check(tab, "machine-tags")
    }

    @Test func mocksAreToldCallByCall() {
        var tab = MachineMocksTab(machine: machine)
        let mocks = [
            Skua.MockedState(
                stateName: "Charge card",
                responses: #"{"0":{"Throw":{"Error":"Payment.Busy","Cause":"c"}},"1-2":{"Return":{"ok":true}}}"#,
                updatedAt: OrderMachine.start),
            Skua.MockedState(
                stateName: "Validate order", testCase: "Happy", responses: #"{"0":{"Return":{}}}"#,
                updatedAt: OrderMachine.start),
        ]
        _ = tab.update(.message(.loaded(.success(mocks))))
        check(tab, "machine-mocks")
        #expect(tab.table.rows?.map(\.summary) == ["0 throws Payment.Busy · 1-2 return", "0 returns"])
        #expect(MockedAnswers.form(nil, states: ["A"]).isValid)
        // Other endpoints cannot do that: the tab says so and offers nothing.
        var attached = MachineMocksTab(machine: machine)
        _ = attached.update(.message(.loaded(.failure(MockedAnswers.Failure.noEngine))))
        #expect(attached.bindings.binding(for: "n")?.availability.isEnabled == false)
    }

    @Test func activitiesAndTheirPendingTasks() {
        var screen = ActivityListScreen()
        let arn = "arn:aws:states:us-east-1:123456789012:activity:"
        let task = Reason(
            "approval/a-1", "'Ask' of a-1 waits for a worker that polls.", relatedARN: OrderMachine.executionARN)
        _ = screen.update(
            .message(
                .loaded(
                    .success([
                        ActivityRow(arn: arn + "approve", name: "approve", created: OrderMachine.start, tasks: [task]),
                        ActivityRow(
                            arn: arn + "mill", name: "mill", created: OrderMachine.start, tasks: [],
                            workers: "2 workers poll: mill-1."),
                    ]))))
        check(screen, "activities")
        _ = screen.update(.action("tasks"))
        #expect(screen.bindings.binding(for: "enter")?.availability.isEnabled == true)
        _ = screen.update(.input(.key(.escape)))
        #expect(!screen.isTaskFocused)
    }

    @Test func whatChangedBetweenTwoDefinitions() {
        let old = #"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Succeed"}}}"#
        let new = #"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":5,"Next":"B"},"B":{"Type":"Succeed"}}}"#
        let screen = DefinitionDiffScreen(
            crumbs: ["Step Functions", "m", "Changes"], oldTitle: "what is saved", newTitle: "what is written",
            old: old,
            new: new)
        check(screen, "definition-diff")
        // Another layout is no change.
        let same = DefinitionDiffScreen(
            crumbs: [], oldTitle: "a", newTitle: "b", old: old, new: DefinitionDiff.laidOut(old))
        #expect(same.viewer.text.contains("unchanged"))
    }
}
