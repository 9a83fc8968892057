import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// What an execution's screen asks of the services.
extension ExecutionScreen {
    /// Asks the engine for each stage of the selected state's data, once for each visit looked at.
    func stagesIfNeeded() -> [Effect<Message>] {
        guard hasEngine, hasStages, let arn, let visit = selected, tab == .graph || tab == .table,
            !(detail.hasAllStages && detail.visit == visit)
        else { return [] }
        let id = visit.id
        return [
            .work("stages") { context in
                try await ExecutionLoading.stages(arn, event: id, context)
            } then: {
                .stages(visit: id, $0)
            }
        ]
    }

    /// *Why?* of the selected state, else of the execution.
    func explain() -> [Effect<Message>] {
        guard let arn else { return [] }
        let visit = selected
        return [
            .push(
                WhyScreen(
                    crumbs: Array(crumbs.dropLast()) + ["Why?"], subject: visit?.name ?? names.execution, topics: topics
                ) { try await ExecutionLoading.reasons(arn, visit: visit?.id, $0) })
        ]
    }

    /// The trace this execution is part of, as the engine's timeline has it.
    func findTrace() -> [Effect<Message>] {
        guard let arn else { return [] }
        return [
            .work("trace") { context in
                let page = try? await context.aws.call(Skua.listTimeline, .init(maxResults: 20, resourceArn: arn))
                return .traceFound(page?.events?.lazy.compactMap { $0.traceId }.first)
            }
        ]
    }

    func itemMenu() -> [Effect<Message>] {
        guard let map = pickableMap else { return [] }
        let items = map.iterations.map { item in
            let end = item.ended ?? max(lastKnown, item.started)
            let took = ElapsedTime.text(milliseconds: (end.microseconds - item.started.microseconds) / 1000)
            return MenuItem(
                ActionID("\(item.index)"), "#\(item.index)  \(item.status.mark.glyph) \(item.status.mark.word)",
                detail: took)
        }
        return [.menu(Menu("Items of \(map.name)", items)) { .iterationChosen($0) }]
    }

    func startForm() -> Form {
        StateMachineForms.start(machine: names.machine, input: description?.input ?? "{}")
    }

    func start(_ values: FormValues) -> [Effect<Message>] {
        guard let machine = description?.stateMachineArn else { return [] }
        return [ExecutionStart.work(of: machine, type: nil, values) { .started($0) }]
    }

    /// The selected state with what it was given here: input, variables, and as the mock what its work came to.
    private var stateTest: (setup: StateTestSetup, texts: StateTestTexts, type: String)? {
        guard let text = definitionText, let name = selectedState, let state = definition?.state(name) else {
            return nil
        }
        var setup = StateTestSetup(definition: text, state: name, role: trace.role ?? "")
        var texts = StateTestTexts(input: selected?.input ?? "{}")
        if let visit = selected {
            texts.variables = trace.variablesText(before: visit) ?? ""
            if StateTestSetup.canMock(state.type), let attempt = visit.attempts.last {
                if let result = attempt.result ?? trace.results(inside: visit) {
                    (setup.mock, setup.validation, texts.mock) = (.result, "NONE", result)
                } else if attempt.status == .failed || attempt.status == .timedOut {
                    setup.mock = .error
                    (setup.errorName, setup.errorCause) = (attempt.error ?? "", attempt.cause ?? "")
                }
            }
        }
        return (setup, texts, state.type)
    }

    func testState() -> [Effect<Message>] {
        guard let test = stateTest else { return [] }
        return [.push(StateTestScreen(machine: names.machine, setup: test.setup, texts: test.texts))]
    }

    /// Every stage of the selected state's data, recomputed by the service: for endpoints whose history is all there is.
    func inspect() -> [Effect<Message>] {
        guard var test = stateTest, let visit = selected else { return [] }
        test.setup.level = "DEBUG"
        let (id, input) = (visit.id, test.setup.input(test.texts, type: test.type))
        return [
            .work("inspect") { context in
                DataStage.inspected(try await context.aws.call(SFN.testState, input))
            } then: {
                .inspected(visit: id, $0)
            }
        ]
    }

    /// Nothing is done again: work is mocked with what it came to. A task that is still out has no such thing.
    var canInspect: Availability {
        if detail.hasAllStages { return .disabled("All stages are shown") }
        if let problem = detail.stageProblem { return .disabled("Only history tells of the data: \(problem)") }
        guard let visit = selected, let test = stateTest else { return .disabled("The state was not visited") }
        if StateTestSetup.canMock(test.type), test.setup.mock == .none {
            return .disabled(visit.status.isOpen ? "The state has not ended" : "Its result is not known")
        }
        return .enabled
    }

    /// The token of the selected state, if it waits for one.
    var token: String? { selected.flatMap { TaskToken.find($0, definition?.state($0.name)) } }

    func answer(_ token: String, _ values: FormValues) -> [Effect<Message>] {
        [
            .work("answer") { context in
                try await TaskToken.answer(token, values, context)
            } then: {
                .acted(values["answer"] == "success" ? "Sent success" : "Sent failure", $0)
            }
        ]
    }

    func stop() -> [Effect<Message>] {
        guard let arn else { return [] }
        return [
            .work("stop") { context in
                _ = try await context.aws.call(SFN.stopExecution, .init(executionArn: arn))
            } then: {
                .acted("Stopped", $0)
            }
        ]
    }

    func redrive() -> [Effect<Message>] {
        guard let arn else { return [] }
        return [
            .work("redrive") { context in
                _ = try await context.aws.call(SFN.redriveExecution, .init(executionArn: arn))
            } then: {
                .acted("Redriven", $0)
            }
        ]
    }
}

/// The Details tab of an execution.
enum ExecutionDetails {
    static func items(_ description: SFN.DescribeExecutionOutput?, trace: ExecutionTrace) -> [KeyValue] {
        guard let description else { return [] }
        var items = [
            KeyValue("Status", StatusMark.execution(description.status).line(description.status)),
            KeyValue("Execution ARN", text: description.executionArn),
            KeyValue("State machine ARN", text: description.stateMachineArn),
            KeyValue("Started", text: description.startDate.iso8601()),
        ]
        if let stop = description.stopDate {
            items.append(KeyValue("Ended", text: stop.iso8601()))
            items.append(
                KeyValue(
                    "Duration",
                    text: ElapsedTime.text(
                        milliseconds: (stop.microseconds - description.startDate.microseconds) / 1000)))
        }
        if let error = description.error ?? trace.error { items.append(KeyValue("Error", text: error, .failure)) }
        if let cause = description.cause ?? trace.cause { items.append(KeyValue("Cause", text: cause, .failure)) }
        items.append(KeyValue("State transitions", text: "\(trace.visits.count)"))
        items.append(KeyValue("Events", text: trace.events.count.grouped))
        let retries = trace.visits.reduce(0) { $0 + $1.retries }
        if retries > 0 { items.append(KeyValue("Retries", text: "\(retries)")) }
        if let version = description.stateMachineVersionArn { items.append(KeyValue("Version", text: version)) }
        if let alias = description.stateMachineAliasArn { items.append(KeyValue("Alias", text: alias)) }
        if let run = description.mapRunArn { items.append(KeyValue("Map run", text: run)) }
        if let header = description.traceHeader { items.append(KeyValue("Trace header", text: header)) }
        if let count = description.redriveCount, count > 0 {
            items.append(KeyValue("Redriven", text: "\(count) times"))
        }
        if let status = description.redriveStatus {
            items.append(
                KeyValue("Redrive", text: description.redriveStatusReason.map { "\(status): \($0)" } ?? status))
        }
        return items
    }
}
