import AWSModel
import AWSTypes

// CreateLogGroup, DeleteLogGroup, DescribeLogGroups.

extension LogsService {
    func createLogGroup(_ input: Logs.CreateLogGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        if input.logGroupName.hasPrefix("aws/") {
            throw .invalidParameter("Log groups starting with aws/ are reserved for AWS.")
        }
        if find(input.logGroupName, in: call.scope) != nil {
            throw ServiceError("ResourceAlreadyExistsException", "The specified log group already exists")
        }
        let group = addGroup(
            input.logGroupName, in: call.scope, logGroupClass: input.logGroupClass ?? "STANDARD",
            kmsKeyID: input.kmsKeyId, tags: input.tags ?? [:],
            isDeletionProtected: input.deletionProtectionEnabled ?? false)
        core.attribute(call, to: group.arn)
        return Unit()
    }

    func deleteLogGroup(_ input: Logs.DeleteLogGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn)
        if group.isDeletionProtected {
            throw .validation(
                "The log group \(group.name) cannot be deleted because deletion protection is enabled on it.")
        }
        remove(group)
        return Unit()
    }

    func describeLogGroups(
        _ input: Logs.DescribeLogGroupsRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeLogGroupsResponse {
        if input.logGroupNamePrefix != nil, input.logGroupNamePattern != nil {
            throw .invalidParameter(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
        }
        if input.logGroupIdentifiers != nil, input.logGroupNamePrefix != nil || input.logGroupNamePattern != nil {
            throw .invalidParameter(
                "LogGroup identifiers cannot be combined with a log group name prefix or pattern.")
        }
        // AWS: the pattern is a substring, whatever its case.
        let pattern = input.logGroupNamePattern?.lowercased()
        let names = input.logGroupIdentifiers.map { Set($0.map { Self.name(ofIdentifier: $0) }) }
        let after = try LogsToken.name(input.nextToken)
        let matching = groups(in: call.scope).filter { group in
            if let after, !after.utf8.lexicographicallyPrecedes(group.name.utf8) { return false }
            if let prefix = input.logGroupNamePrefix, !group.name.hasPrefix(prefix) { return false }
            if let pattern, !pattern.isEmpty, !group.name.lowercased().contains(pattern) { return false }
            if let logGroupClass = input.logGroupClass, group.logGroupClass != logGroupClass { return false }
            return names?.contains(group.name) ?? true
        }
        let page = matching.prefix(min(max(input.limit ?? 50, 1), 50))
        return Logs.DescribeLogGroupsResponse(
            logGroups: page.map { group in
                var group = Self.described(group)
                if pattern != nil {
                    // AWS: a search by pattern is answered from an index that knows less.
                    group.storedBytes = nil
                    group.deletionProtectionEnabled = nil
                }
                return group
            },
            nextToken: page.count < matching.count ? page.last.map { LogsToken.token(name: $0.name) } : nil)
    }

    private static func described(_ group: LogGroup) -> Logs.LogGroup {
        Logs.LogGroup(
            logGroupName: group.name, creationTime: Int(group.creationTime.epochMilliseconds),
            retentionInDays: group.retentionInDays, metricFilterCount: group.metricFilters.count, arn: group.arn + ":*",
            storedBytes: group.storedBytes, kmsKeyId: group.kmsKeyID, logGroupClass: group.logGroupClass,
            logGroupArn: group.arn, deletionProtectionEnabled: group.isDeletionProtected)
    }

    /// A group's name from a name or an ARN, with `:*` or without.
    static func name(ofIdentifier identifier: String) -> String {
        guard identifier.hasPrefix("arn:") else { return identifier }
        let parts = identifier.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, parts[5] == "log-group" else { return identifier }
        return String(parts[6].hasSuffix(":*") ? parts[6].dropLast(2) : parts[6])
    }

    /// The group that a call names in one of two ways.
    func group(name: String?, identifier: String?, in scope: Scope) throws(ServiceError) -> LogGroup {
        switch (name, identifier) {
        case (let name?, nil): try group(name, in: scope)
        case (nil, let identifier?): try group(Self.name(ofIdentifier: identifier), in: scope)
        case (nil, nil):
            throw .invalidParameter("Either logGroupName or logGroupIdentifier must be specified.")
        case (_?, _?):
            throw .validation("LogGroup name and LogGroup ARN are mutually exclusive parameters.")
        }
    }
}
