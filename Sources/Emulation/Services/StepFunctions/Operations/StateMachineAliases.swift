import AWSModel
import AWSTypes

/// A name for one or two versions of a machine; each start draws one by weight.
struct MachineAlias {
    var name: String
    var description: String?
    var routes: [(version: String, weight: Int)]
    var created: Instant
    var updated: Instant

    var document: DocumentObject {
        var document: DocumentObject = [
            "name": .string(name), "created": .integer(created.microseconds),
            "updated": .integer(updated.microseconds),
            "routes": .list(routes.map { ["version": .string($0.version), "weight": .integer(Int64($0.weight))] }),
        ]
        if let description { document["description"] = .string(description) }
        return document
    }

    init(name: String, description: String?, routes: [(version: String, weight: Int)], created: Instant) {
        self.name = name
        self.description = description
        self.routes = routes
        self.created = created
        updated = created
    }

    init?(document: DocumentObject) {
        guard let name = document.string("name") else { return nil }
        self.init(
            name: name, description: document.string("description"),
            routes: document.list("routes")?.compactMap { route in
                route["version"]?.string.map { ($0, Int(route["weight"]?.integer ?? 0)) }
            } ?? [], created: Instant(microseconds: document["created"]?.integer ?? 0))
        updated = Instant(microseconds: document["updated"]?.integer ?? 0)
    }
}

extension StepFunctionsService {
    func createStateMachineAlias(
        _ input: SFN.CreateStateMachineAliasInput, _ call: Call
    ) throws(ServiceError) -> SFN.CreateStateMachineAliasOutput {
        try checkAliasName(input.name)
        let (machine, routes) = try routes(input.routingConfiguration)
        let arn = "\(machine.arn):\(input.name)"
        core.attribute(call, to: arn)
        if let alias = machine.aliases.first(where: { $0.name == input.name }) {
            // AWS: idempotent on everything but the description's absence.
            guard alias.description == input.description, alias.routes.elementsEqual(routes, by: ==) else {
                throw ServiceError(
                    "ConflictException",
                    "Failed to create alias because an alias with the same name and a different routing configuration already exists."
                )
            }
            return SFN.CreateStateMachineAliasOutput(stateMachineAliasArn: arn, creationDate: alias.created)
        }
        guard machine.aliases.count < 100 else {
            throw ServiceError("ServiceQuotaExceededException", "Limit of 100 aliases per state machine exceeded.")
        }
        machine.aliases.append(
            MachineAlias(name: input.name, description: input.description, routes: routes, created: core.now))
        store(machine)
        core.changes.mark(machine.arn)
        return SFN.CreateStateMachineAliasOutput(stateMachineAliasArn: arn, creationDate: core.now)
    }

    func updateStateMachineAlias(
        _ input: SFN.UpdateStateMachineAliasInput, _ call: Call
    ) throws(ServiceError) -> SFN.UpdateStateMachineAliasOutput {
        core.attribute(call, to: input.stateMachineAliasArn)
        guard input.description != nil || input.routingConfiguration != nil else {
            throw .validation("Either the description or the routing configuration must be specified")
        }
        let (machine, index) = try alias(input.stateMachineAliasArn)
        if let given = input.routingConfiguration {
            let (owner, routes) = try routes(given)
            guard owner === machine else { throw .validation("Routing configuration must be of the alias's machine") }
            machine.aliases[index].routes = routes
        }
        if let description = input.description { machine.aliases[index].description = description }
        machine.aliases[index].updated = core.now
        store(machine)
        core.changes.mark(machine.arn)
        return SFN.UpdateStateMachineAliasOutput(updateDate: core.now)
    }

    func describeStateMachineAlias(
        _ input: SFN.DescribeStateMachineAliasInput, _ call: Call
    ) throws(ServiceError) -> SFN.DescribeStateMachineAliasOutput {
        core.attribute(call, to: input.stateMachineAliasArn)
        let (machine, index) = try alias(input.stateMachineAliasArn)
        let alias = machine.aliases[index]
        return SFN.DescribeStateMachineAliasOutput(
            stateMachineAliasArn: "\(machine.arn):\(alias.name)", name: alias.name, description: alias.description,
            routingConfiguration: alias.routes.map { .init(stateMachineVersionArn: $0.version, weight: $0.weight) },
            creationDate: alias.created, updateDate: alias.updated)
    }

    func listStateMachineAliases(
        _ input: SFN.ListStateMachineAliasesInput, _ call: Call
    ) throws(ServiceError) -> SFN.ListStateMachineAliasesOutput {
        // AWS: with a version's ARN, those aliases that lead to it.
        let target = try target(input.stateMachineArn)
        let all = target.machine.aliases.filter { alias in
            target.versionArn == nil || alias.routes.contains { $0.version == target.versionArn }
        }
        let page = try Page(
            all, maximum: input.maxResults, token: input.nextToken, of: "aliases \(input.stateMachineArn)", at: core.now
        )
        return SFN.ListStateMachineAliasesOutput(
            stateMachineAliases: page.items.map {
                SFN.StateMachineAliasListItem(
                    stateMachineAliasArn: "\(target.machine.arn):\($0.name)", creationDate: $0.created)
            }, nextToken: page.next)
    }

    func deleteStateMachineAlias(
        _ input: SFN.DeleteStateMachineAliasInput, _ call: Call
    ) throws(ServiceError) -> SFN.DeleteStateMachineAliasOutput {
        core.attribute(call, to: input.stateMachineAliasArn)
        guard let parsed = ARN(input.stateMachineAliasArn), parsed.service == "states",
            parsed.resource.hasPrefix("stateMachine:")
        else { throw .invalidStepFunctionsArn(input.stateMachineAliasArn) }
        // AWS: deleting what is not there succeeds.
        guard let (machine, index) = try? alias(input.stateMachineAliasArn) else {
            return SFN.DeleteStateMachineAliasOutput()
        }
        machine.aliases.remove(at: index)
        store(machine)
        core.changes.mark(machine.arn)
        return SFN.DeleteStateMachineAliasOutput()
    }

    /// Draws the version that a start through an alias gets.
    func route(_ alias: MachineAlias, of machine: StateMachineRecord) -> Target? {
        var draw = Int(core.identifiers.fraction() * 100)
        for route in alias.routes {
            draw -= route.weight
            guard draw < 0 else { continue }
            guard let version = machine.versions.first(where: { "\(machine.arn):\($0.number)" == route.version }),
                let revision = revisions[version.revision]
            else { return nil }
            return Target(
                machine: machine, revision: revision, versionArn: route.version,
                aliasArn: "\(machine.arn):\(alias.name)")
        }
        return nil
    }

    private func alias(_ arn: String) throws(ServiceError) -> (StateMachineRecord, Int) {
        guard let parsed = ARN(arn), parsed.service == "states", parsed.resource.hasPrefix("stateMachine:") else {
            throw .invalidStepFunctionsArn(arn)
        }
        let parts = parsed.resource.split(separator: ":")
        guard parts.count == 3, let machine = machines["\(arn.dropLast(parts[2].count + 1))"],
            let index = machine.aliases.firstIndex(where: { $0.name == parts[2] })
        else { throw ServiceError("ResourceNotFound", "Request references a resource that does not exist.") }
        return (machine, index)
    }

    /// AWS: a name that is a number could not be told from a version.
    private func checkAliasName(_ name: String) throws(ServiceError) {
        guard !name.allSatisfy(\.isNumber) else { throw .validation("Alias name cannot be a number: '\(name)'") }
        try checkName(name)
    }

    private func routes(
        _ given: [SFN.RoutingConfigurationListItem]
    ) throws(ServiceError) -> (StateMachineRecord, [(version: String, weight: Int)]) {
        guard let first = given.first else {
            throw .validation(
                "1 validation error detected: Value '[]' at 'routingConfiguration' failed to satisfy constraint: Member must have length greater than or equal to 1"
            )
        }
        let arns = given.map(\.stateMachineVersionArn)
        let received = "Received: [\(arns.joined(separator: ", "))]"
        for arn in arns where ARN(arn)?.resource.split(separator: ":").last.flatMap({ Int($0) }) == nil {
            throw .validation("Routing configuration must contain state machine version ARNs. \(received)")
        }
        guard Set(arns).count == arns.count else {
            throw .validation("Routing configuration must contain distinct state machine version ARNs. \(received)")
        }
        let weights = given.map(\.weight)
        guard weights.reduce(0, +) == 100 else {
            throw .validation("Sum of routing configuration weights must equal 100. Received: \(weights)")
        }
        var owner: StateMachineRecord?
        for arn in arns {
            let target = try target(arn)
            guard target.versionArn != nil else { throw .stateMachineDoesNotExist(arn) }
            guard owner == nil || owner === target.machine else {
                throw .validation("Routing configuration must refer to versions of one state machine")
            }
            owner = target.machine
        }
        guard let owner else { throw .stateMachineDoesNotExist(first.stateMachineVersionArn) }
        return (owner, given.map { ($0.stateMachineVersionArn, $0.weight) })
    }
}
