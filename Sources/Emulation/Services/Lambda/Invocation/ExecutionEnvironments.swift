import AWSModel

/// What runtimes tell of their environments: log lines, starts and ends.
extension LambdaService {
    /// Something that happened outside of an invocation.
    func environmentReported(_ event: RuntimeEvent) {
        switch event {
        case .environmentStarted(_, let functionArn, _, _):
            guard let function = function(arn: functionArn) else { return }
            environmentReported(event, of: function)
        case .log(let id, _, _), .environmentEnded(let id, _), .environmentReady(let id, _):
            guard let function = environmentOwners[id] else { return }
            environmentReported(event, of: function)
        case .invocationEnded, .invocationWrote: break
        }
    }

    func environmentReported(_ event: RuntimeEvent, of function: LambdaFunction) {
        switch event {
        case .environmentStarted(let id, _, let version, let logStream):
            environmentOwners[id] = function
            function.environments[id] = ExecutionEnvironment(
                id: id, version: version, logStream: logStream, startedAt: core.now, lastUsedAt: core.now,
                invocations: 0, isBusy: true)
        case .log(let id, let logStream, let message):
            let version = function.environments[id]?.version ?? FunctionReference.latest
            let configuration = function[version: version]?.configuration ?? function.latest.configuration
            core.telemetry.log(
                String(decoding: message, as: UTF8.self), group: logGroup(of: configuration, function),
                stream: logStream, scope: function.scope)
            function.environments[id]?.isBusy = true
        case .environmentEnded(let id, let reason):
            environmentOwners[id] = nil
            function.environments[id] = nil
            provisionedEnvironmentEnded(id, reason, of: function)
            core.changes.mark(function.arn)
        case .environmentReady(let id, _): provisionedEnvironmentReady(id, of: function)
        case .invocationEnded, .invocationWrote: break
        }
    }

    func environmentEndedInvocation(_ report: InvocationReport, of function: LambdaFunction) {
        guard var environment = function.environments[report.environmentID] else { return }
        environment.isBusy = false
        environment.invocations += 1
        environment.lastUsedAt = core.now
        function.environments[report.environmentID] = environment
    }

    private func function(arn: String) -> LambdaFunction? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 7 else { return nil }
        return regions[Scope(accountID: parts[4], region: parts[3])]?.functions[parts[6]]
    }

    /// The processes that run a function just now, oldest first.
    public func executionEnvironments(ofFunction name: String, in scope: Scope) -> [ExecutionEnvironment] {
        guard let function = regions[scope]?.functions[name] else { return [] }
        return function.environments.values.sorted { ($0.startedAt, $0.id) < ($1.startedAt, $1.id) }
    }
}
