import AWSModel
import AWSTypes

// PutDataProtectionPolicy, GetDataProtectionPolicy, DeleteDataProtectionPolicy, and how events are masked.

extension LogsService {
    static let protectionKind = "data-protection"

    func putDataProtectionPolicy(
        _ input: Logs.PutDataProtectionPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutDataProtectionPolicyResponse {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        core.attribute(call, to: group.arn)
        let protection = try DataProtection(input.policyDocument)
        setVersion(Self.protectionKind, group.name, .string(input.policyDocument), at: call.time, in: call.scope)
        group.protection.put(protection, since: call.time.epochMilliseconds)
        core.changes.mark(group.arn)
        return Logs.PutDataProtectionPolicyResponse(
            logGroupIdentifier: input.logGroupIdentifier, policyDocument: input.policyDocument,
            lastUpdatedTime: Int(call.time.epochMilliseconds))
    }

    func getDataProtectionPolicy(
        _ input: Logs.GetDataProtectionPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.GetDataProtectionPolicyResponse {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        let item = item(Self.protectionKind, group.name, in: call.scope)
        guard let item, let policy = Self.versions(item).last?.value?.string else {
            return Logs.GetDataProtectionPolicyResponse(logGroupIdentifier: input.logGroupIdentifier)
        }
        return Logs.GetDataProtectionPolicyResponse(
            logGroupIdentifier: input.logGroupIdentifier, policyDocument: policy,
            lastUpdatedTime: Int(item.modified.epochMilliseconds))
    }

    func deleteDataProtectionPolicy(
        _ input: Logs.DeleteDataProtectionPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        core.attribute(call, to: group.arn)
        guard group.protection.current != nil else {
            throw ServiceError("ResourceNotFoundException", "The specified log group has no data protection policy.")
        }
        setVersion(Self.protectionKind, group.name, nil, at: call.time, in: call.scope)
        group.protection.put(nil, since: call.time.epochMilliseconds)
        core.changes.mark(group.arn)
        return Unit()
    }

    /// A text as it may be shown. AWS: the policies of the group and of the account count together.
    func masked(_ message: String, at ingestion: Int64, of group: LogGroup) -> String {
        var message = message
        if let own = group.protection.value(at: ingestion) { message = own.masked(message) }
        if let account = accountProtection[group.scope]?.value(at: ingestion) { message = account.masked(message) }
        return message
    }

    // MARK: After a restart

    func restoreTreatments() {
        for item in items.values {
            let group = find(item.id, in: item.scope)
            switch item.kind {
            case Self.protectionKind:
                for (since, value) in Self.versions(item) {
                    group?.protection.put(value?.string.flatMap { try? DataProtection($0) }, since: since)
                }
            case Self.transformerKind:
                for (since, value) in Self.versions(item) {
                    group?.transformer.put(value.flatMap(Self.transformer), since: since)
                }
            default: break
            }
        }
        restoreAccountTreatments()
    }
}
