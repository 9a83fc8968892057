import AWSModel
import AWSTypes

// PutIndexPolicy, DescribeIndexPolicies, DeleteIndexPolicy, DescribeFieldIndexes, ListLogGroupsForQuery.

extension LogsService {
    private static let indexKind = "index-policy"

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
    func removeItems(of group: LogGroup) {
        for kind in [Self.indexKind, Self.protectionKind, Self.transformerKind] {
            _ = removeItem(kind, group.name, in: group.scope)
        }
    }

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
