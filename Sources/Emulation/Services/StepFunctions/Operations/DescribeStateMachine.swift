import AWSModel
import AWSTypes
import StatesLanguage

extension StepFunctionsService {
    func describeStateMachine(
        _ input: SFN.DescribeStateMachineInput, _ call: Call
    ) throws(ServiceError) -> SFN.DescribeStateMachineOutput {
        let arn = input.stateMachineArn
        core.attribute(call, to: arn)
        // A machine that is being deleted can still be described.
        let found: Target
        if let machine = machines[arn] {
            found = Target(machine: machine, revision: machine.revision, versionArn: nil)
        } else {
            found = try target(arn)
        }
        let machine = found.machine
        let isVersion = found.versionArn != nil
        let version = machine.versions.first { "\(machine.arn):\($0.number)" == found.versionArn }
        return SFN.DescribeStateMachineOutput(
            stateMachineArn: arn, name: machine.name, status: machine.isDeleting ? "DELETING" : "ACTIVE",
            definition: found.revision.source, roleArn: found.revision.roleArn, type: machine.type.rawValue,
            creationDate: version?.created ?? machine.created,
            loggingConfiguration: version?.logging ?? machine.logging,
            tracingConfiguration: version?.tracing ?? machine.tracing, revisionId: found.revision.revisionID,
            description: isVersion ? version?.description : nil, encryptionConfiguration: machine.encryption,
            variableReferences: found.revision.definition.flatMap { Self.references($0) })
    }

    /// AWS: which variables each state reads, where any does.
    /// - Parameter workflow: only the states of that one and of those within it.
    private static func references(
        _ definition: StateMachineDefinition, of workflow: Int? = nil
    ) -> [String: [String]]? {
        var references = definition.variableReferences
        if let workflow {
            let inside = Set(definition.states(within: workflow).map(\.name))
            references = references.filter { inside.contains($0.key) }
        }
        return references.isEmpty ? nil : references
    }

    func listStateMachines(
        _ input: SFN.ListStateMachinesInput, _ call: Call
    ) throws(ServiceError) -> SFN.ListStateMachinesOutput {
        let page = try Page(
            machines(in: call.scope), maximum: input.maxResults, token: input.nextToken, of: "machines \(call.scope)",
            at: core.now)
        return SFN.ListStateMachinesOutput(
            stateMachines: page.items.map {
                SFN.StateMachineListItem(
                    stateMachineArn: $0.arn, name: $0.name, type: $0.type.rawValue, creationDate: $0.created)
            }, nextToken: page.next)
    }

    func describeStateMachineForExecution(
        _ input: SFN.DescribeStateMachineForExecutionInput, _ call: Call
    ) throws(ServiceError) -> SFN.DescribeStateMachineForExecutionOutput {
        let record = try execution(input.executionArn)
        core.attribute(call, to: record.arn)
        // AWS: of a Map Run's child, the machine is the one that belongs to the run: what it does with an item.
        let processor = record.mapRun.flatMap { run in
            record.revision.definition?.itemProcessor(ofMap: run.order.stateName).map { (run.label, $0) }
        }
        return SFN.DescribeStateMachineForExecutionOutput(
            stateMachineArn: record.machineArn,
            name: processor.map { "\(record.machine.name)/\($0.0)" } ?? record.machine.name,
            definition: processor.map { JSONWriter.string(.object($0.1)) } ?? record.revision.source,
            roleArn: record.revision.roleArn, updateDate: record.revision.created,
            loggingConfiguration: record.logging, tracingConfiguration: record.tracing, mapRunArn: record.mapRun?.arn,
            label: record.mapRun?.label,
            revisionId: record.revision.revisionID, encryptionConfiguration: record.machine.encryption,
            variableReferences: record.revision.definition.flatMap {
                Self.references($0, of: processor == nil ? nil : record.mapRun?.order.workflow)
            })
    }

    func validateStateMachineDefinition(
        _ input: SFN.ValidateStateMachineDefinitionInput, _ call: Call
    ) throws(ServiceError) -> SFN.ValidateStateMachineDefinitionOutput {
        let type = StateMachineType(rawValue: input.type ?? "STANDARD") ?? .standard
        let parsed = StateMachineDefinition.parse(input.definition, type: type)
        // AWS: warnings only for the asking, and they fail nothing.
        let findings = parsed.findings(from: input.severity == "WARNING" ? .warning : .error)
        // AWS: 100 findings at most, and as many where nothing (or 0) is asked for.
        let limit = input.maxResults.flatMap { $0 > 0 ? min($0, 100) : nil } ?? 100
        return SFN.ValidateStateMachineDefinitionOutput(
            result: parsed.diagnostics.isEmpty ? "OK" : "FAIL",
            diagnostics: findings.prefix(limit).map {
                SFN.ValidateStateMachineDefinitionDiagnostic(
                    severity: $0.severity.rawValue, code: $0.code.rawValue, message: $0.message, location: $0.location)
            }, truncated: findings.count > limit)
    }
}
