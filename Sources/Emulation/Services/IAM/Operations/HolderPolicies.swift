import AWSModel
import AWSTypes

// Policies of users and groups: attached ones, and inline ones.

extension IAMService {
    func registerHolderPolicies(_ table: inout OperationTable) {
        table.on(IAM.attachUserPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try attaching(input.policyArn, to: try user(input.userName, call)))
            return Unit()
        }
        table.on(IAM.detachUserPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try detaching(input.policyArn, from: try user(input.userName, call)))
            return Unit()
        }
        table.on(IAM.listAttachedUserPolicies) { [unowned self] (input, call) throws(ServiceError) in
            let page = try attachedPage(
                try user(input.userName, call), input.pathPrefix, marker: input.marker, maxItems: input.maxItems)
            return IAM.ListAttachedUserPoliciesResponse(
                attachedPolicies: page.items, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.putUserPolicy) { [unowned self] (input, call) throws(ServiceError) in
            let document = try PolicyDocument(input.policyDocument, kind: .identity)
            store(try putting(document, named: input.policyName, into: try user(input.userName, call), limit: 2048))
            return Unit()
        }
        table.on(IAM.getUserPolicy) { [unowned self] (input, call) throws(ServiceError) in
            let user = try user(input.userName, call)
            return IAM.GetUserPolicyResponse(
                userName: user.name, policyName: input.policyName,
                policyDocument: try Self.inlineText(input.policyName, of: user))
        }
        table.on(IAM.listUserPolicies) { [unowned self] (input, call) throws(ServiceError) in
            let names = try user(input.userName, call).inlinePolicies.keys.sorted()
            let page = try IAMPage(names, marker: input.marker, maxItems: input.maxItems) { $0 }
            return IAM.ListUserPoliciesResponse(
                policyNames: page.items, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.deleteUserPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try deleting(input.policyName, from: try user(input.userName, call)))
            return Unit()
        }
        registerGroupPolicies(&table)
    }

    private func registerGroupPolicies(_ table: inout OperationTable) {
        table.on(IAM.attachGroupPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try attaching(input.policyArn, to: try group(input.groupName, call)))
            return Unit()
        }
        table.on(IAM.detachGroupPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try detaching(input.policyArn, from: try group(input.groupName, call)))
            return Unit()
        }
        table.on(IAM.listAttachedGroupPolicies) { [unowned self] (input, call) throws(ServiceError) in
            let page = try attachedPage(
                try group(input.groupName, call), input.pathPrefix, marker: input.marker, maxItems: input.maxItems)
            return IAM.ListAttachedGroupPoliciesResponse(
                attachedPolicies: page.items, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.putGroupPolicy) { [unowned self] (input, call) throws(ServiceError) in
            let document = try PolicyDocument(input.policyDocument, kind: .identity)
            store(try putting(document, named: input.policyName, into: try group(input.groupName, call), limit: 5120))
            return Unit()
        }
        table.on(IAM.getGroupPolicy) { [unowned self] (input, call) throws(ServiceError) in
            let group = try group(input.groupName, call)
            return IAM.GetGroupPolicyResponse(
                groupName: group.name, policyName: input.policyName,
                policyDocument: try Self.inlineText(input.policyName, of: group))
        }
        table.on(IAM.listGroupPolicies) { [unowned self] (input, call) throws(ServiceError) in
            let names = try group(input.groupName, call).inlinePolicies.keys.sorted()
            let page = try IAMPage(names, marker: input.marker, maxItems: input.maxItems) { $0 }
            return IAM.ListGroupPoliciesResponse(
                policyNames: page.items, isTruncated: page.isTruncated, marker: page.marker)
        }
        table.on(IAM.deleteGroupPolicy) { [unowned self] (input, call) throws(ServiceError) in
            store(try deleting(input.policyName, from: try group(input.groupName, call)))
            return Unit()
        }
    }

    // MARK: Parts

    func attaching<Holder: PolicyHolder>(_ arn: String, to holder: Holder) throws(ServiceError) -> Holder {
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

    func detaching<Holder: PolicyHolder>(_ arn: String, from holder: Holder) throws(ServiceError) -> Holder {
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

    private func putting<Holder: PolicyHolder>(
        _ document: PolicyDocument, named name: String, into holder: Holder, limit: Int
    ) throws(ServiceError) -> Holder {
        var holder = holder
        holder.inlinePolicies[name] = document
        guard holder.inlinePolicies.values.reduce(0, { $0 + $1.countedSize }) <= limit else {
            throw .iamLimitExceeded("Maximum policy size of \(limit) bytes exceeded for \(Holder.word) \(holder.name)")
        }
        return holder
    }

    private static func inlineText<Holder: PolicyHolder>(_ name: String, of holder: Holder) throws(ServiceError)
        -> String
    {
        guard let document = holder.inlinePolicies[name] else {
            throw .noSuchEntity("The \(Holder.word) policy with name \(name) cannot be found.")
        }
        return IAMText.percentEncoded(document.text)
    }

    private func deleting<Holder: PolicyHolder>(_ name: String, from holder: Holder) throws(ServiceError) -> Holder {
        var holder = holder
        guard holder.inlinePolicies.removeValue(forKey: name) != nil else {
            throw .noSuchEntity("The \(Holder.word) policy with name \(name) cannot be found.")
        }
        return holder
    }
}
