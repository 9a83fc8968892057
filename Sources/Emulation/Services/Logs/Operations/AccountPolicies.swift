import AWSModel
import AWSTypes

// PutAccountPolicy, DescribeAccountPolicies, DeleteAccountPolicy, PutIndexPolicy, DescribeIndexPolicies,
// DeleteIndexPolicy, DescribeFieldIndexes, ListLogGroupsForQuery.

extension LogsService {
    private static func accountKind(_ type: String) -> String { "account-policy-\(type)" }
    private static let indexKind = "index-policy"

    // MARK: Account policies

    func putAccountPolicy(
        _ input: Logs.PutAccountPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutAccountPolicyResponse {
        guard input.policyType == "FIELD_INDEX_POLICY" else {
            throw .notImplemented(service: Self.id, operation: "PutAccountPolicy of a \(input.policyType)")
        }
        try Self.checkJSON(input.policyDocument)
        let kind = Self.accountKind(input.policyType)
        // AWS: one of each type, save for those that choose their groups.
        let others = items(kind, in: call.scope).filter { $0.id != input.policyName }
        guard others.isEmpty || input.selectionCriteria != nil else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        let item = LogsItem(
            scope: call.scope, kind: kind, id: input.policyName, document: input.document, modified: call.time)
        save(item)
        return Logs.PutAccountPolicyResponse(accountPolicy: Self.accountPolicy(item))
    }

    private static func accountPolicy(_ item: LogsItem) -> Logs.AccountPolicy {
        Logs.AccountPolicy(
            policyName: item.id, policyDocument: item.document.string("policyDocument"),
            lastUpdatedTime: Int(item.modified.epochMilliseconds), policyType: item.document.string("policyType"),
            scope: item.document.string("scope") ?? "ALL",
            selectionCriteria: item.document.string("selectionCriteria"), accountId: item.scope.accountID)
    }

    func describeAccountPolicies(
        _ input: Logs.DescribeAccountPoliciesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeAccountPoliciesResponse {
        let found = items(Self.accountKind(input.policyType), in: call.scope).filter {
            input.policyName == nil || $0.id == input.policyName
        }
        guard input.policyName == nil || !found.isEmpty else { throw Self.noPolicy }
        let (page, next) = try Self.page(found, input.nextToken, limit: nil) { $0.id }
        return Logs.DescribeAccountPoliciesResponse(accountPolicies: page.map(Self.accountPolicy), nextToken: next)
    }

    func deleteAccountPolicy(_ input: Logs.DeleteAccountPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard removeItem(Self.accountKind(input.policyType), input.policyName, in: call.scope) else {
            throw Self.noPolicy
        }
        return Unit()
    }

    private static var noPolicy: ServiceError {
        ServiceError("ResourceNotFoundException", "The specified policy does not exist.")
    }

    private static func checkJSON(_ document: String) throws(ServiceError) {
        guard (try? JSONReader.parse(document))?.object != nil else {
            throw .invalidParameter("The policy document is no JSON object.")
        }
    }

    // MARK: Index policies. AWS: they make queries quicker and change no answer

    func putIndexPolicy(
        _ input: Logs.PutIndexPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutIndexPolicyResponse {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        try Self.checkJSON(input.policyDocument)
        let item = LogsItem(
            scope: call.scope, kind: Self.indexKind, id: group.name,
            document: ["policyDocument": .string(input.policyDocument)], modified: call.time)
        save(item)
        core.attribute(call, to: group.arn)
        return Logs.PutIndexPolicyResponse(indexPolicy: indexPolicy(item, of: group))
    }

    private func indexPolicy(_ item: LogsItem, of group: LogGroup) -> Logs.IndexPolicy {
        Logs.IndexPolicy(
            logGroupIdentifier: group.arn, lastUpdateTime: Int(item.modified.epochMilliseconds),
            policyDocument: item.document.string("policyDocument"), source: "LOG_GROUP")
    }

    func describeIndexPolicies(
        _ input: Logs.DescribeIndexPoliciesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeIndexPoliciesResponse {
        var found: [Logs.IndexPolicy] = []
        for identifier in input.logGroupIdentifiers {
            let group = try group(Self.name(ofIdentifier: identifier), in: call.scope)
            if let item = item(Self.indexKind, group.name, in: call.scope) {
                found.append(indexPolicy(item, of: group))
            }
        }
        return Logs.DescribeIndexPoliciesResponse(indexPolicies: found)
    }

    func deleteIndexPolicy(
        _ input: Logs.DeleteIndexPolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DeleteIndexPolicyResponse {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        guard removeItem(Self.indexKind, group.name, in: call.scope) else { throw Self.noPolicy }
        return Logs.DeleteIndexPolicyResponse()
    }

    func describeFieldIndexes(
        _ input: Logs.DescribeFieldIndexesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeFieldIndexesResponse {
        var found: [Logs.FieldIndex] = []
        for identifier in input.logGroupIdentifiers {
            let group = try group(Self.name(ofIdentifier: identifier), in: call.scope)
            guard let item = item(Self.indexKind, group.name, in: call.scope),
                let document = try? JSONReader.parse(item.document.string("policyDocument") ?? "")
            else { continue }
            for name in (document["Fields"]?.list ?? []).compactMap(\.string) {
                found.append(
                    Logs.FieldIndex(
                        logGroupIdentifier: group.arn, fieldIndexName: name,
                        lastScanTime: Int(item.modified.epochMilliseconds)))
            }
        }
        return Logs.DescribeFieldIndexesResponse(fieldIndexes: found)
    }

    /// What goes with a group that is deleted.
    func removeItems(of group: LogGroup) { _ = removeItem(Self.indexKind, group.name, in: group.scope) }

    // MARK: ListLogGroupsForQuery

    func listLogGroupsForQuery(
        _ input: Logs.ListLogGroupsForQueryRequest, _ call: Call
    ) throws(ServiceError) -> Logs.ListLogGroupsForQueryResponse {
        guard let query = queries[input.queryId], query.scope == call.scope else {
            throw ServiceError("ResourceNotFoundException", "The specified query does not exist.")
        }
        let (page, next) = try Self.page(query.groups, input.nextToken, limit: input.maxResults, most: 500) { $0.name }
        return Logs.ListLogGroupsForQueryResponse(logGroupIdentifiers: page.map(\.name), nextToken: next)
    }
}
