import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    /// AWS: executions under way keep the definition and the role they were started with.
    func updateStateMachine(
        _ input: SFN.UpdateStateMachineInput, _ call: Call
    ) throws(ServiceError) -> SFN.UpdateStateMachineOutput {
        core.attribute(call, to: input.stateMachineArn)
        let machine = try machine(input.stateMachineArn)
        let changesRevision = input.definition != nil || input.roleArn != nil
        guard
            changesRevision || input.loggingConfiguration != nil || input.tracingConfiguration != nil
                || input.encryptionConfiguration != nil || input.publish == true
        else {
            throw ServiceError(
                "MissingRequiredParameter",
                "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified"
            )
        }
        try checkVersionDescription(input.versionDescription, publish: input.publish)
        if let role = input.roleArn { try checkRole(role) }
        try Self.checkLogging(input.loggingConfiguration)
        var parsed: StateMachineDefinition?
        if let source = input.definition { parsed = try definition(source, type: machine.type) }
        machine.updated = core.now
        if changesRevision || input.loggingConfiguration != nil || input.tracingConfiguration != nil {
            let revision = MachineRevision(
                id: nextID(), machineArn: machine.arn, source: input.definition ?? machine.revision.source,
                roleArn: input.roleArn ?? machine.revision.roleArn, revisionID: core.identifiers.uuid(),
                created: core.now,
                type: machine.type, parsed: parsed ?? machine.revision.definition)
            revisions[revision.id] = revision
            machine.revision = revision
            store(revision)
        }
        if let logging = input.loggingConfiguration { machine.logging = logging }
        if let tracing = input.tracingConfiguration { machine.tracing = tracing }
        if let encryption = input.encryptionConfiguration { machine.encryption = encryption }
        let version = input.publish == true ? publish(machine, description: input.versionDescription) : nil
        store(machine)
        core.changes.mark(machine.arn)
        core.changes.mark(Self.topic)
        return SFN.UpdateStateMachineOutput(
            updateDate: machine.updated, revisionId: machine.revision.revisionID, stateMachineVersionArn: version)
    }

    /// AWS: asynchronous; executions under way end at their next transition, then the machine is gone.
    func deleteStateMachine(
        _ input: SFN.DeleteStateMachineInput, _ call: Call
    ) throws(ServiceError) -> SFN.DeleteStateMachineOutput {
        core.attribute(call, to: input.stateMachineArn)
        guard let parsed = ARN(input.stateMachineArn), parsed.service == "states",
            parsed.resource.hasPrefix("stateMachine:")
        else {
            throw .invalidStepFunctionsArn(input.stateMachineArn)
        }
        // AWS: deleting what is not there succeeds.
        guard let machine = machines[input.stateMachineArn] else { return SFN.DeleteStateMachineOutput() }
        machine.isDeleting = true
        if machine.running == 0 { forget(machine) } else { store(machine) }
        core.changes.mark(Self.topic)
        return SFN.DeleteStateMachineOutput()
    }
}
