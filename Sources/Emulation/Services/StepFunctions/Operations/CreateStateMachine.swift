import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    func createStateMachine(
        _ input: SFN.CreateStateMachineInput, _ call: Call
    ) throws(ServiceError) -> SFN.CreateStateMachineOutput {
        try checkName(input.name)
        try checkVersionDescription(input.versionDescription, publish: input.publish)
        try checkRole(input.roleArn)
        let type = StateMachineType(rawValue: input.type ?? "STANDARD") ?? .standard
        let arn = call.scope.arn("states", "stateMachine:\(input.name)")
        core.attribute(call, to: arn)
        if let machine = machines[arn] { return try createdAgain(machine, input, type) }
        let definition = try definition(input.definition, type: type)
        let logging = try checkedLogging(input.loggingConfiguration)
        let revision = MachineRevision(
            id: nextID(), machineArn: arn, source: input.definition, roleArn: input.roleArn, revisionID: nil,
            created: core.now,
            type: type, parsed: definition)
        let machine = StateMachineRecord(
            arn: arn, name: input.name, scope: call.scope, type: type, created: core.now, revision: revision,
            updated: core.now,
            logging: logging, tracing: input.tracingConfiguration ?? SFN.TracingConfiguration(enabled: false))
        machine.encryption = input.encryptionConfiguration
        machine.tags = try Self.tags(input.tags ?? [], onto: [])
        revisions[revision.id] = revision
        add(machine)
        store(revision)
        let version = input.publish == true ? publish(machine, description: input.versionDescription) : nil
        store(machine)
        core.changes.mark(Self.topic)
        return SFN.CreateStateMachineOutput(
            stateMachineArn: arn, creationDate: machine.created, stateMachineVersionArn: version)
    }

    /// AWS: idempotent on all but role and tags, which are not looked at, nor applied.
    private func createdAgain(
        _ machine: StateMachineRecord, _ input: SFN.CreateStateMachineInput, _ type: StateMachineType
    ) throws(ServiceError) -> SFN.CreateStateMachineOutput {
        if machine.isDeleting {
            throw ServiceError("StateMachineDeleting", "State Machine Deleting: '\(machine.arn)'")
        }
        let logging = try checkedLogging(input.loggingConfiguration)
        let tracing = input.tracingConfiguration ?? SFN.TracingConfiguration(enabled: false)
        guard machine.revision.source == input.definition, machine.type == type, machine.logging == logging,
            machine.tracing == tracing, machine.encryption == input.encryptionConfiguration,
            (input.publish ?? false) == !machine.versions.isEmpty,
            input.versionDescription == machine.versions.last?.description
        else { throw .stateMachineAlreadyExists(machine.arn) }
        return SFN.CreateStateMachineOutput(
            stateMachineArn: machine.arn, creationDate: machine.created,
            stateMachineVersionArn: machine.versions.last.map { "\(machine.arn):\($0.number)" })
    }

    /// Parses a definition, or says in AWS's words what is wrong with it.
    func definition(_ source: String, type: StateMachineType) throws(ServiceError) -> StateMachineDefinition {
        let parsed = StateMachineDefinition.parse(source, type: type)
        guard let definition = parsed.definition else { throw ServiceError("InvalidDefinition", parsed.errorMessage) }
        return definition
    }

    func checkRole(_ arn: String) throws(ServiceError) {
        guard let parsed = ARN(arn), parsed.service == "iam", parsed.resource.hasPrefix("role/") else {
            throw .invalidStepFunctionsArn(arn)
        }
    }

    func checkVersionDescription(_ description: String?, publish: Bool?) throws(ServiceError) {
        if description != nil, publish != true {
            throw .validation("Version description can only be set when publish is true")
        }
    }
}
