import AWSModel
import AWSTypes

// PutQueryDefinition, DescribeQueryDefinitions, DeleteQueryDefinition; resource policies; keys and protection of groups.

extension LogsService {
    // MARK: Query definitions

    private static let definition = "query-definition"

    func putQueryDefinition(
        _ input: Logs.PutQueryDefinitionRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutQueryDefinitionResponse {
        let known = items(Self.definition, in: call.scope)
        if let id = input.queryDefinitionId, !known.contains(where: { $0.id == id }) {
            throw ServiceError("ResourceNotFoundException", "The specified query definition does not exist.")
        }
        let id = input.queryDefinitionId ?? core.identifiers.uuid()
        if known.contains(where: { $0.id != id && $0.document.string("name") == input.name }) {
            throw .invalidParameter("A query definition named \(input.name) already exists.")
        }
        save(
            LogsItem(
                scope: call.scope, kind: Self.definition, id: id, document: input.document, modified: call.time))
        return Logs.PutQueryDefinitionResponse(queryDefinitionId: id)
    }

    func describeQueryDefinitions(
        _ input: Logs.DescribeQueryDefinitionsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeQueryDefinitionsResponse {
        let found = items(Self.definition, in: call.scope)
            .map { (item: $0, put: Logs.PutQueryDefinitionRequest($0.document)) }
            .filter { $0.put.name.hasPrefix(input.queryDefinitionNamePrefix ?? "") }
            .sorted { $0.put.name < $1.put.name }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxResults, most: 1000) { $0.item.id }
        return Logs.DescribeQueryDefinitionsResponse(
            queryDefinitions: page.map { item, put in
                Logs.QueryDefinition(
                    queryLanguage: put.queryLanguage ?? "CWLI", queryDefinitionId: item.id, name: put.name,
                    queryString: put.queryString, lastModified: Int(item.modified.epochMilliseconds),
                    logGroupNames: put.logGroupNames ?? [])
            }, nextToken: next)
    }

    func deleteQueryDefinition(
        _ input: Logs.DeleteQueryDefinitionRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DeleteQueryDefinitionResponse {
        guard removeItem(Self.definition, input.queryDefinitionId, in: call.scope) else {
            throw ServiceError("ResourceNotFoundException", "The specified query definition does not exist.")
        }
        return Logs.DeleteQueryDefinitionResponse(success: true)
    }

    // MARK: Resource policies

    static let policy = "resource-policy"
    /// AWS: at most this many a region.
    private static let policyLimit = 10

    func putResourcePolicy(
        _ input: Logs.PutResourcePolicyRequest, _ call: Call
    ) throws(ServiceError) -> Logs.PutResourcePolicyResponse {
        guard let name = input.policyName, let document = input.policyDocument else {
            throw .invalidParameter("A policy name and a policy document are required.")
        }
        guard (try? JSONReader.parse(document))?.object != nil else {
            throw .invalidParameter("The policy document is no JSON object.")
        }
        let known = items(Self.policy, in: call.scope)
        guard known.count < Self.policyLimit || known.contains(where: { $0.id == name }) else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        let item = LogsItem(
            scope: call.scope, kind: Self.policy, id: name, document: ["policyDocument": .string(document)],
            modified: call.time)
        save(item)
        return Logs.PutResourcePolicyResponse(resourcePolicy: Self.described(item))
    }

    private static func described(_ item: LogsItem) -> Logs.ResourcePolicy {
        Logs.ResourcePolicy(
            policyName: item.id, policyDocument: item.document.string("policyDocument"),
            lastUpdatedTime: Int(item.modified.epochMilliseconds), policyScope: "ACCOUNT")
    }

    func describeResourcePolicies(
        _ input: Logs.DescribeResourcePoliciesRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeResourcePoliciesResponse {
        let found = items(Self.policy, in: call.scope).sorted { $0.id < $1.id }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit) { $0.id }
        return Logs.DescribeResourcePoliciesResponse(resourcePolicies: page.map(Self.described), nextToken: next)
    }

    func deleteResourcePolicy(_ input: Logs.DeleteResourcePolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        guard let name = input.policyName, removeItem(Self.policy, name, in: call.scope) else {
            throw ServiceError(
                "ResourceNotFoundException", "Policy with name [\(input.policyName ?? "")] does not exist.")
        }
        return Unit()
    }

    // MARK: Groups

    func putLogGroupDeletionProtection(
        _ input: Logs.PutLogGroupDeletionProtectionRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let group = try group(Self.name(ofIdentifier: input.logGroupIdentifier), in: call.scope)
        group.isDeletionProtected = input.deletionProtectionEnabled
        save(group)
        core.attribute(call, to: group.arn)
        core.changes.mark(group.arn)
        return Unit()
    }

    func associateKmsKey(_ input: Logs.AssociateKmsKeyRequest, _ call: Call) throws(ServiceError) -> Unit {
        try setKey(input.kmsKeyId, name: input.logGroupName, identifier: input.resourceIdentifier, call)
    }

    func disassociateKmsKey(_ input: Logs.DisassociateKmsKeyRequest, _ call: Call) throws(ServiceError) -> Unit {
        try setKey(nil, name: input.logGroupName, identifier: input.resourceIdentifier, call)
    }

    private func setKey(
        _ key: String?, name: String?, identifier: String?, _ call: Call
    ) throws(ServiceError) -> Unit {
        let group = try group(name: name, identifier: identifier, in: call.scope)
        group.kmsKeyID = key
        save(group)
        core.attribute(call, to: group.arn)
        core.changes.mark(group.arn)
        return Unit()
    }

    func listLogGroups(
        _ input: Logs.ListLogGroupsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.ListLogGroupsResponse {
        var expression: Regex<AnyRegexOutput>?
        if let pattern = input.logGroupNamePattern {
            guard let regex = try? Regex(pattern) else {
                throw .invalidParameter("Invalid regular expression: \(pattern)")
            }
            expression = regex
        }
        let found = groups(in: call.scope).filter { group in
            (input.logGroupClass == nil || group.logGroupClass == input.logGroupClass)
                && (expression.map { (try? $0.firstMatch(in: group.name)) != nil } ?? true)
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit, most: 1000) { $0.name }
        return Logs.ListLogGroupsResponse(
            logGroups: page.map {
                Logs.LogGroupSummary(
                    logGroupName: $0.name, logGroupArn: $0.arn, logGroupClass: $0.logGroupClass)
            }, nextToken: next)
    }
}
