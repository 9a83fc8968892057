import AWSModel
import AWSTypes

extension StepFunctionsService {
    /// Makes a version of the machine's present revision. AWS: publishing the same revision again gives the same version.
    func publish(_ machine: StateMachineRecord, description: String?) -> String {
        if let version = machine.versions.last, version.revision == machine.revision.id {
            return "\(machine.arn):\(version.number)"
        }
        machine.lastVersion += 1
        machine.versions.append(
            MachineVersion(
                number: machine.lastVersion, revision: machine.revision.id, description: description,
                created: core.now, logging: machine.logging, tracing: machine.tracing))
        return "\(machine.arn):\(machine.lastVersion)"
    }

    func publishStateMachineVersion(
        _ input: SFN.PublishStateMachineVersionInput, _ call: Call
    ) throws(ServiceError) -> SFN.PublishStateMachineVersionOutput {
        core.attribute(call, to: input.stateMachineArn)
        let machine = try machine(input.stateMachineArn)
        if let wanted = input.revisionId, wanted != machine.revision.revisionID ?? "INITIAL" {
            throw ServiceError(
                "ConflictException",
                "Failed to publish the State Machine version for revision \(wanted). The current State Machine revision is \(machine.revision.revisionID ?? "INITIAL")."
            )
        }
        let arn = publish(machine, description: input.description)
        store(machine)
        core.changes.mark(machine.arn)
        let created = machine.versions.last?.created ?? core.now
        return SFN.PublishStateMachineVersionOutput(creationDate: created, stateMachineVersionArn: arn)
    }

    func listStateMachineVersions(
        _ input: SFN.ListStateMachineVersionsInput, _ call: Call
    ) throws(ServiceError) -> SFN.ListStateMachineVersionsOutput {
        let machine = try machine(input.stateMachineArn)
        let page = try Page(
            newestFirst: machine.versions, maximum: input.maxResults, token: input.nextToken,
            of: "versions \(machine.arn)", at: core.now, id: { Int64($0.number) }, where: { _ in true })
        return SFN.ListStateMachineVersionsOutput(
            stateMachineVersions: page.items.map {
                SFN.StateMachineVersionListItem(
                    stateMachineVersionArn: "\(machine.arn):\($0.number)", creationDate: $0.created)
            }, nextToken: page.next)
    }

    func deleteStateMachineVersion(
        _ input: SFN.DeleteStateMachineVersionInput, _ call: Call
    ) throws(ServiceError) -> SFN.DeleteStateMachineVersionOutput {
        let arn = input.stateMachineVersionArn
        core.attribute(call, to: arn)
        let parts = arn.split(separator: ":")
        guard ARN(arn)?.service == "states", parts.count == 8, let number = Int(parts[7]) else {
            throw .invalidStepFunctionsArn(arn)
        }
        guard let machine = machines["\(arn.dropLast(parts[7].count + 1))"] else {
            return SFN.DeleteStateMachineVersionOutput()
        }
        let aliases = machine.aliases.filter { alias in alias.routes.contains { $0.version == arn } }
        guard aliases.isEmpty else {
            throw ServiceError(
                "ConflictException",
                "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [\(aliases.map(\.name).joined(separator: ", "))]"
            )
        }
        machine.versions.removeAll { $0.number == number }
        store(machine)
        core.changes.mark(machine.arn)
        return SFN.DeleteStateMachineVersionOutput()
    }
}
