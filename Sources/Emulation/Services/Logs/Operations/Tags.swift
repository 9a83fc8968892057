import AWSModel
import AWSTypes

// TagResource, UntagResource, ListTagsForResource, and the older forms that name a group.

extension LogsService {
    /// AWS: at most this many tags on a group.
    private static let tagLimit = 50

    func tagResource(_ input: Logs.TagResourceRequest, _ call: Call) throws(ServiceError) -> Unit {
        if var item = tagged(input.resourceArn, call) {
            item.tags.merge(input.tags) { $1 }
            save(item)
            return Unit()
        }
        return try add(input.tags, to: try taggable(input.resourceArn, call), call)
    }

    func untagResource(_ input: Logs.UntagResourceRequest, _ call: Call) throws(ServiceError) -> Unit {
        if var item = tagged(input.resourceArn, call) {
            for key in input.tagKeys { item.tags[key] = nil }
            save(item)
            return Unit()
        }
        return remove(input.tagKeys, from: try taggable(input.resourceArn, call), call)
    }

    /// Destinations and deliveries have tags as groups have: `arn:…:destination:NAME`.
    private func tagged(_ arn: String, _ call: Call) -> LogsItem? {
        guard let arn = ARN(arn), arn.service == "logs" else { return nil }
        let parts = arn.resource.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[0] != "log-group" else { return nil }
        return item(parts[0], parts[1], in: Scope(accountID: arn.accountID, region: arn.region))
    }

    func listTagsForResource(
        _ input: Logs.ListTagsForResourceRequest, _ call: Call
    ) throws(ServiceError) -> Logs.ListTagsForResourceResponse {
        if let item = tagged(input.resourceArn, call) { return Logs.ListTagsForResourceResponse(tags: item.tags) }
        return Logs.ListTagsForResourceResponse(tags: try taggable(input.resourceArn, call).tags)
    }

    func tagLogGroup(_ input: Logs.TagLogGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        guard group.tags.merging(input.tags, uniquingKeysWith: { $1 }).count <= Self.tagLimit else {
            throw .invalidParameter("A log group can have no more than \(Self.tagLimit) tags.")
        }
        return try add(input.tags, to: group, call)
    }

    func untagLogGroup(_ input: Logs.UntagLogGroupRequest, _ call: Call) throws(ServiceError) -> Unit {
        remove(input.tags, from: try group(input.logGroupName, in: call.scope), call)
    }

    func listTagsLogGroup(
        _ input: Logs.ListTagsLogGroupRequest, _ call: Call
    ) throws(ServiceError) -> Logs.ListTagsLogGroupResponse {
        Logs.ListTagsLogGroupResponse(tags: try group(input.logGroupName, in: call.scope).tags)
    }

    private func taggable(_ arn: String, _ call: Call) throws(ServiceError) -> LogGroup {
        guard arn.hasPrefix("arn:"), arn.contains(":log-group:") else {
            throw .invalidParameter("Invalid resource ARN: \(arn)")
        }
        return try group(Self.name(ofIdentifier: arn), in: call.scope)
    }

    private func add(_ tags: [String: String], to group: LogGroup, _ call: Call) throws(ServiceError) -> Unit {
        let merged = group.tags.merging(tags) { _, new in new }
        guard merged.count <= Self.tagLimit else {
            throw ServiceError(
                "TooManyTagsException", "A resource can have no more than \(Self.tagLimit) tags.",
                fields: ["resourceName": .string(group.arn)])
        }
        change(group, call) { $0.tags = merged }
        return Unit()
    }

    private func remove(_ keys: [String], from group: LogGroup, _ call: Call) -> Unit {
        change(group, call) { group in
            for key in keys { group.tags[key] = nil }
        }
        return Unit()
    }

    private func change(_ group: LogGroup, _ call: Call, _ body: (LogGroup) -> Void) {
        core.attribute(call, to: group.arn)
        body(group)
        save(group)
        core.changes.mark(group.arn)
    }
}
