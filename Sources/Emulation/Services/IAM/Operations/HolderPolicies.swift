import AWSModel
import AWSTypes

// Policies of users, groups and roles: attached ones, and inline ones. The three have the same seven operations each.

extension IAMService {
    func registerHolderPolicies(_ table: inout OperationTable) {
        register(&table, inlineLimit: 2048) { [unowned self] (name, call) throws(ServiceError) -> IAMUser in
            try user(name, call)
        } store: { [unowned self] in
            store($0)
        }
        register(&table, inlineLimit: 5120) { [unowned self] (name, call) throws(ServiceError) -> IAMGroup in
            try group(name, call)
        } store: { [unowned self] in
            store($0)
        }
        register(&table, inlineLimit: 10_240) { [unowned self] (name, call) throws(ServiceError) -> IAMRole in
            let role = try role(name, call)
            // AWS: a service-linked role belongs to its service.
            if !call.operation.hasPrefix("Get"), !call.operation.hasPrefix("List") { try Self.checkUnprotected(role) }
            return role
        } store: { [unowned self] in
            store($0)
        }
    }

    /// Input or output of an operation whose model only differs in the holder's name.
    private struct Members: AWSStructure {
        var document: DocumentObject
        init(_ document: DocumentObject) { self.document = document }

        func name(_ key: String) -> String { document.string(key) ?? "" }
    }

    private typealias Finding<Holder> = (String, Call) throws(ServiceError) -> Holder

    private func register<Holder: PolicyHolder>(
        _ table: inout OperationTable, inlineLimit: Int, _ find: @escaping Finding<Holder>,
        store: @escaping (Holder) -> Void
    ) {
        let word = Holder.word.capitalized
        let key = "\(word)Name"
        func operation(_ name: String) -> Operation<Members, Members> { Operation(service: IAM.id, name: name) }
        let none = Members([:])

        table.on(operation("Attach\(word)Policy")) { [unowned self] (input, call) throws(ServiceError) in
            store(try attaching(input.name("PolicyArn"), to: try find(input.name(key), call)))
            return none
        }
        table.on(operation("Detach\(word)Policy")) { [unowned self] (input, call) throws(ServiceError) in
            store(try detaching(input.name("PolicyArn"), from: try find(input.name(key), call)))
            return none
        }
        table.on(operation("ListAttached\(word)Policies")) { [unowned self] (input, call) throws(ServiceError) in
            let document = input.document
            let page = try attachedPage(
                try find(input.name(key), call), document.string("PathPrefix"), marker: document.string("Marker"),
                maxItems: document.integer("MaxItems"))
            return Members(page.document("AttachedPolicies", page.items.map { .object($0.document) }))
        }
        table.on(operation("Put\(word)Policy")) { (input, call) throws(ServiceError) in
            let holder = try find(input.name(key), call)
            let document = try PolicyDocument(input.name("PolicyDocument"), kind: .identity)
            store(try Self.putting(document, named: input.name("PolicyName"), into: holder, limit: inlineLimit))
            return none
        }
        table.on(operation("Get\(word)Policy")) { (input, call) throws(ServiceError) in
            let holder = try find(input.name(key), call)
            let name = input.name("PolicyName")
            let text = try Self.inlinePolicy(name, of: holder).text
            return Members([
                key: .string(holder.name), "PolicyName": .string(name),
                "PolicyDocument": .string(IAMText.percentEncoded(text)),
            ])
        }
        table.on(operation("List\(word)Policies")) { (input, call) throws(ServiceError) in
            let names = try find(input.name(key), call).inlinePolicies.keys.sorted()
            let page = try IAMPage(
                names, marker: input.document.string("Marker"), maxItems: input.document.integer("MaxItems")
            ) { $0 }
            return Members(page.document("PolicyNames", page.items.map { .string($0) }))
        }
        table.on(operation("Delete\(word)Policy")) { (input, call) throws(ServiceError) in
            var holder = try find(input.name(key), call)
            _ = try Self.inlinePolicy(input.name("PolicyName"), of: holder)
            holder.inlinePolicies[input.name("PolicyName")] = nil
            store(holder)
            return none
        }
    }

    // MARK: Parts

    private func attaching<Holder: PolicyHolder>(_ arn: String, to holder: Holder) throws(ServiceError) -> Holder {
        guard ARN(arn)?.resource.hasPrefix("policy/") == true else {
            throw ServiceError("ValidationError", "ARN \(arn) is not valid.")
        }
        guard let policy = policy(arn, in: holder.accountID) else {
            throw .noSuchEntity("Policy \(arn) does not exist or is not attachable.")
        }
        guard !holder.attachedPolicies.contains(policy.arn) else { return holder }
        guard holder.attachedPolicies.count < 10 else {
            throw .iamLimitExceeded("Cannot exceed quota for PoliciesPer\(Holder.word.capitalized): 10")
        }
        var holder = holder
        holder.attachedPolicies.append(policy.arn)
        core.changes.mark(policy.arn)
        return holder
    }

    private func detaching<Holder: PolicyHolder>(_ arn: String, from holder: Holder) throws(ServiceError) -> Holder {
        guard let index = holder.attachedPolicies.firstIndex(of: arn) else {
            throw .noSuchEntity("Policy \(arn) was not found.")
        }
        var holder = holder
        holder.attachedPolicies.remove(at: index)
        core.changes.mark(arn)
        return holder
    }

    private func attachedPage<Holder: PolicyHolder>(
        _ holder: Holder, _ prefix: String?, marker: String?, maxItems: Int?
    ) throws(ServiceError) -> IAMPage<IAM.AttachedPolicy> {
        let attached = holder.attachedPolicies.compactMap { policy($0, in: holder.accountID) }
            .filter { $0.path.hasPrefix(prefix ?? "/") }.sorted { $0.name < $1.name }
            .map { IAM.AttachedPolicy(policyName: $0.name, policyArn: $0.arn) }
        return try IAMPage(attached, marker: marker, maxItems: maxItems) { $0.policyName ?? "" }
    }

    private static func putting<Holder: PolicyHolder>(
        _ document: PolicyDocument, named name: String, into holder: Holder, limit: Int
    ) throws(ServiceError) -> Holder {
        var holder = holder
        holder.inlinePolicies[name] = document
        guard holder.inlinePolicies.values.reduce(0, { $0 + $1.countedSize }) <= limit else {
            throw .iamLimitExceeded("Maximum policy size of \(limit) bytes exceeded for \(Holder.word) \(holder.name)")
        }
        return holder
    }

    private static func inlinePolicy<Holder: PolicyHolder>(
        _ name: String, of holder: Holder
    ) throws(ServiceError) -> PolicyDocument {
        guard let document = holder.inlinePolicies[name] else {
            throw .noSuchEntity("The \(Holder.word) policy with name \(name) cannot be found.")
        }
        return document
    }
}
