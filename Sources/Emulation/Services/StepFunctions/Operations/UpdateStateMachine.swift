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
        let logging = try input.loggingConfiguration.map(checkedLogging) ?? machine.logging
        let tracing = input.tracingConfiguration ?? machine.tracing
        var parsed: StateMachineDefinition?
        if let source = input.definition { parsed = try definition(source, type: machine.type) }
        machine.updated = core.now
        let source = input.definition ?? machine.revision.source
        let role = input.roleArn ?? machine.revision.roleArn
        // AWS: what stays as it was makes no revision.
        if source != machine.revision.source || role != machine.revision.roleArn || logging != machine.logging
            || tracing != machine.tracing
        {
            let revision = MachineRevision(
                id: nextID(), machineArn: machine.arn, source: source, roleArn: role,
                revisionID: core.identifiers.uuid(), created: core.now, type: machine.type,
                parsed: parsed ?? machine.revision.definition)
            revisions[revision.id] = revision
            machine.revision = revision
            store(revision)
        }
        machine.logging = logging
        machine.tracing = tracing
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
        sortedMachines[machine.scope] = nil
        if machine.running == 0 { forget(machine) } else { store(machine) }
        core.changes.mark(Self.topic)
        return SFN.DeleteStateMachineOutput()
    }
}
