import AWSModel
import AWSTypes

/// Provisioned concurrency: environments started ahead of need, and the invocations that find them.
extension LambdaService {
    /// AWS starts them in groups; more at once would only slow each other down on one computer.
    private static let startedAtOnce = 10
    private static let maximumFailures = 3

    /// Brings a configuration to what it asks for: starts what is missing, ends what is too much.
    func provision(_ config: ProvisionedConcurrency, for function: LambdaFunction) {
        guard isCurrent(config, of: function), config.failures < Self.maximumFailures else { return }
        let wanted = shares(of: config, function)
        for (environment, version) in config.ordered where wanted[version] == nil {
            config.ordered[environment] = nil
            config.ready.remove(environment)
            provisionedEnvironments[environment] = nil
        }
        var starting = config.ordered.count - config.ready.count
        for (version, share) in wanted.sorted(by: { $0.key < $1.key }) {
            let existing = config.ordered.values.count { $0 == version }
            guard existing < share else { continue }
            let count = min(share - existing, Self.startedAtOnce - starting)
            guard count > 0 else { break }
            starting += start(count, of: version, config, function)
        }
        if config.ready.count >= config.requested, config.status == .inProgress {
            config.status = .ready
            config.statusReason = nil
            save(function)
        }
        recordProvisioned(config, function)
    }

    /// How many environments of which version an alias or version needs. AWS: an alias's weights divide them.
    private func shares(of config: ProvisionedConcurrency, _ function: LambdaFunction) -> [String: Int] {
        guard let alias = function.aliases[config.qualifier] else { return [config.qualifier: config.requested] }
        guard let (other, weight) = alias.weights.first else { return [alias.functionVersion: config.requested] }
        let second = Int((Double(config.requested) * weight).rounded(.up))
        return [alias.functionVersion: config.requested - second, other: second].filter { $0.value > 0 }
    }

    private func start(
        _ count: Int, of version: String, _ config: ProvisionedConcurrency, _ function: LambdaFunction
    ) -> Int {
        guard let deployment = function[version: version]?.deployed else { return 0 }
        let target = InvocationTarget(
            function: function, version: version, qualifier: config.qualifier, deployment: deployment)
        var environment = functionEnvironment(target)
        environment.initializationType = .provisionedConcurrency
        let day = environmentDay
        let identities = (0..<count).map { _ in EnvironmentIdentity(bytes: core.identifiers.bytes(16), day: day) }
        for identity in identities {
            config.ordered[identity.id] = version
            provisionedEnvironments[identity.id] = config
        }
        core.start(.warm(environment, identities))
        return count
    }

    /// An environment finished its INIT phase.
    func provisionedEnvironmentReady(_ id: String, of function: LambdaFunction) {
        guard let config = provisionedEnvironments[id], config.ordered[id] != nil else { return }
        config.ready.insert(id)
        config.failures = 0
        function.environments[id]?.isBusy = false
        core.changes.mark(function.arn)
        core.later { [unowned self] in provision(config, for: function) }
    }

    /// One that ends is replaced; one that cannot start is tried a few times.
    func provisionedEnvironmentEnded(_ id: String, _ reason: EnvironmentEndReason, of function: LambdaFunction) {
        guard let config = provisionedEnvironments.removeValue(forKey: id) else { return }
        config.ordered[id] = nil
        config.ready.remove(id)
        guard isCurrent(config, of: function), reason != .shutdown else { return }
        if reason == .initializationFailed {
            config.failures += 1
            if config.failures >= Self.maximumFailures {
                config.status = .failed
                config.statusReason = "FUNCTION_ERROR_INIT_FAILURE"
                save(function)
            }
        }
        core.later { [unowned self] in provision(config, for: function) }
    }

    /// Gives up what was kept ready.
    func release(_ config: ProvisionedConcurrency?, of function: LambdaFunction) {
        guard let config else { return }
        for (environment, version) in config.ordered {
            provisionedEnvironments[environment] = nil
            core.start(.retire(functionArn: function.arn, version: version))
        }
        config.ordered = [:]
        config.ready = []
    }

    /// An alias moved, or its version was deployed anew: what is kept ready must follow.
    func reprovision(_ qualifier: String, of function: LambdaFunction) {
        guard let config = function.provisioned[qualifier] else { return }
        config.status = .inProgress
        config.failures = 0
        save(function)
        core.later { [unowned self] in provision(config, for: function) }
    }

    func reprovision(version: String, of function: LambdaFunction) {
        reprovision(version, of: function)
        for alias in function.aliases.values where alias.functionVersion == version || alias.weights[version] != nil {
            reprovision(alias.name, of: function)
        }
    }

    private func isCurrent(_ config: ProvisionedConcurrency, of function: LambdaFunction) -> Bool {
        function.provisioned[config.qualifier] === config
            && region(function.scope).functions[function.name] === function
    }

    // MARK: Invocations

    /// What an invocation may take up: its alias's environments, or its version's.
    func provisioned(_ target: InvocationTarget) -> ProvisionedConcurrency? {
        guard !target.function.provisioned.isEmpty else { return nil }
        return target.qualifier.flatMap { target.function.provisioned[$0] }
            ?? target.function.provisioned[target.version]
    }

    func recordProvisioned(_ config: ProvisionedConcurrency, _ function: LambdaFunction) {
        let metrics = metrics(of: function, qualifier: config.qualifier)
        metrics.record(core.telemetry, .provisionedConcurrentExecutions, Double(config.running))
        guard config.available > 0 else { return }
        metrics.record(
            core.telemetry, .provisionedConcurrencyUtilization, Double(config.running) / Double(config.available))
    }
}
