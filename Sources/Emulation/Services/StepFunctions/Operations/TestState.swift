import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    func testState(
        _ input: SFN.TestStateInput, _ call: Call, _ reply: Reply<SFN.TestStateOutput>
    ) throws(ServiceError) {
        let tested = try TestedState(input)
        let mock = try tested.check(input)
        let context = try tested.context(input.context)
        let payload = try executionInput(input.input)
        var variables = DocumentObject()
        if let text = input.variables {
            guard let given = (try? JSONReader.parse(text))?.object else {
                throw .validation("Variables must be a valid JSON object")
            }
            variables = given
        }
        let machine = core.identifiers.uuid()
        let name = core.identifiers.uuid()
        var identity = ExecutionIdentity(
            arn: call.scope.arn("states", "express:\(machine):\(name)"), name: name,
            stateMachineArn: call.scope.arn("states", "stateMachine:\(machine)"), stateMachineName: machine,
            roleArn: input.roleArn ?? "", region: call.scope.region, startTime: core.now, input: payload, type: .express
        )
        identity.contextReplacement = context
        var test = StateTest(
            definition: tested.definition, stateName: tested.state.name, identity: identity, input: payload,
            time: core.now)
        test.variables = variables
        test.retryCount = input.stateConfiguration?.retrierRetryCount ?? 0
        test.mock = mock
        if let exceeded = Self.exceededTolerance(tested, input) { test.mock = exceeded }
        if tested.state.type == .task, test.mock == nil {
            return try runWork(test, tested, input, call) { [unowned self] (mock, exchange) in
                var test = test
                test.mock = mock
                answer(test, tested, input, reply, exchange)
            }
        }
        answer(test, tested, input, reply)
    }

    /// AWS: a Map fails by as many iterations as the test says, where it tolerates fewer.
    private static func exceededTolerance(_ tested: TestedState, _ input: SFN.TestStateInput) -> StateTest.Mock? {
        guard let failures = input.stateConfiguration?.mapIterationFailureCount, input.mock?.errorOutput == nil,
            let tolerated = tested.state.document.integer("ToleratedFailureCount"), failures > tolerated
        else { return nil }
        return .failure(
            error: "States.ExceedToleratedFailureThreshold",
            cause: "The specified tolerated failure threshold was exceeded")
    }

    private func answer(
        _ test: StateTest, _ tested: TestedState, _ input: SFN.TestStateInput, _ reply: Reply<SFN.TestStateOutput>,
        _ exchange: HTTPExchange? = nil
    ) {
        guard let outcome = test.run(random: &core.identifiers) else {
            return reply.fail(.validation("State not found in definition"))
        }
        var output = SFN.TestStateOutput()
        output.status = outcome.status.rawValue
        output.output = outcome.output?.text
        output.error = outcome.error
        output.cause = outcome.cause
        output.nextState = outcome.nextState
        if let level = input.inspectionLevel, level != "INFO" {
            var data = Self.inspection(outcome, tested.state, input)
            if level == "TRACE", let exchange {
                data.request = exchange.request(revealingSecrets: input.revealSecrets ?? false)
                data.response = exchange.answer
            }
            output.inspectionData = data
        }
        reply.succeed(output)
    }

    /// Does what the task does, for real: a machine of that one task, which nobody can see.
    private func runWork(
        _ test: StateTest, _ tested: TestedState, _ input: SFN.TestStateInput, _ call: Call,
        _ completion: @escaping (StateTest.Mock, HTTPExchange?) -> Void
    ) throws(ServiceError) {
        let document = tested.state.document
        if let integration = tested.integration, integration.pattern != .requestResponse {
            throw .validation(
                "State with '\(integration.pattern.rawValue)' is not supported when a mock is not specified")
        }
        let parameters: Payload
        do throws(StateFailure) {
            parameters = try test.workInput(random: &core.identifiers)
        } catch {
            return completion(.failure(error: error.error, cause: error.cause), nil)
        }
        var task: DocumentObject = ["Type": "Task", "Resource": document["Resource"] ?? "", "End": true]
        for field in ["TimeoutSeconds", "HeartbeatSeconds"] { task[field] = document[field] }
        let isIntegration = tested.integration != nil
        if isIntegration { task["Parameters"] = parameters.value }
        let source = JSONWriter.string(["StartAt": "T", "States": ["T": .object(task)]])
        let parsed = try definition(source, type: .express)
        let identity = test.identity
        let revision = MachineRevision(
            id: 0, machineArn: identity.stateMachineArn, source: source, roleArn: identity.roleArn, revisionID: nil,
            created: core.now, type: .express, parsed: parsed)
        let machine = StateMachineRecord(
            arn: identity.stateMachineArn, name: identity.stateMachineName, scope: call.scope, type: .express,
            created: core.now, revision: revision, updated: core.now, logging: .init(), tracing: .init())
        let target = Target(machine: machine, revision: revision, versionArn: nil)
        let record = try begin(
            target, name: identity.name, arn: identity.arn, input: isIntegration ? .emptyObject : parameters,
            call: call, traceHeader: nil)
        // The execution refers to its machine without owning it.
        record.onFinished = { [machine] record in
            _ = machine
            if record.status == .succeeded {
                completion(
                    .result(record.output.flatMap { try? Payload(parsing: $0) } ?? .emptyObject), record.exchange)
            } else {
                completion(.failure(error: record.error, cause: record.cause), record.exchange)
            }
        }
    }

    // MARK: Inspection

    /// AWS: what a DEBUG or TRACE test shows of the state's data, which differs from type to type.
    private static func inspection(
        _ outcome: StateTest.Outcome, _ state: StateDefinition, _ input: SFN.TestStateInput
    ) -> SFN.InspectionData {
        var data = SFN.InspectionData()
        let stages = outcome.stages
        data.input = stages.input.text
        data.variables = outcome.variables.map { JSONWriter.string(.object($0)) }
        if outcome.catchIndex != nil || outcome.retryIndex != nil {
            data.errorDetails = SFN.InspectionErrorDetails(
                catchIndex: outcome.catchIndex, retryIndex: outcome.retryIndex,
                retryBackoffIntervalSeconds: outcome.retryBackoffSeconds)
        }
        if state.type == .map {
            data.maxConcurrency = state.document.integer("MaxConcurrency") ?? 0
            data.toleratedFailureCount = state.document.integer("ToleratedFailureCount")
            data.toleratedFailurePercentage = state.document.double("ToleratedFailurePercentage")
        }
        let hasFailed = outcome.error != nil
        let isMocked = input.mock != nil
        let language = state.document.string("QueryLanguage") ?? machineLanguage(input)
        if language == "JSONata" {
            guard state.type == .task else { return data }
            data.afterArguments = state.document["Arguments"] == nil ? nil : stages.afterParameters?.text
            if !hasFailed { data.result = stages.result?.text }
            return data
        }
        switch state.type {
        case .pass:
            if state.document["Result"] != nil {
                data.result = stages.result?.text
            } else {
                data.afterInputPath = stages.afterInputPath?.text
                data.afterParameters = stages.afterParameters?.text
            }
            data.afterResultSelector = stages.afterResultSelector?.text
            data.afterResultPath = stages.afterResultPath?.text
        case .task:
            data.afterInputPath = stages.afterInputPath?.text
            data.afterParameters = stages.afterParameters?.text
            guard !hasFailed else { return data }
            data.result = stages.result?.text
            data.afterResultSelector = stages.afterResultSelector?.text
            data.afterResultPath = stages.afterResultPath?.text
        case .parallel, .map:
            guard !hasFailed, isMocked else { return data }
            data.afterResultSelector = stages.afterResultSelector?.text
            data.afterResultPath = stages.afterResultPath?.text
        case .choice, .wait, .succeed, .fail: data.afterInputPath = stages.afterInputPath?.text
        }
        return data
    }

    private static func machineLanguage(_ input: SFN.TestStateInput) -> String {
        (try? JSONReader.parse(input.definition))?["QueryLanguage"]?.string ?? "JSONPath"
    }
}
