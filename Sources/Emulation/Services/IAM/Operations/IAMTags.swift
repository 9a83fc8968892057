import AWSModel
import AWSTypes

// TagRole, UntagRole, ListRoleTags, TagPolicy, UntagPolicy, ListPolicyTags.

extension IAMService {
    func tagRole(_ input: IAM.TagRoleRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        role.tags = try IAMText.merged(role.tags, input.tags, heedsCase: false)
        store(role)
        return Unit()
    }

    func untagRole(_ input: IAM.UntagRoleRequest, _ call: Call) throws(ServiceError) -> Unit {
        var role = try role(input.roleName, call)
        for key in input.tagKeys { role.tags[key] = nil }
        store(role)
        return Unit()
    }

    func listRoleTags(_ input: IAM.ListRoleTagsRequest, _ call: Call) throws(ServiceError) -> IAM.ListRoleTagsResponse {
        let tags = IAMText.tags(try role(input.roleName, call).tags)
        let page = try IAMPage(tags, marker: input.marker, maxItems: input.maxItems) { $0.key }
        return IAM.ListRoleTagsResponse(tags: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }

    func tagPolicy(_ input: IAM.TagPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var policy = try ownPolicy(input.policyArn, call)
        policy.tags = try IAMText.merged(policy.tags, input.tags)
        store(policy)
        return Unit()
    }

    func untagPolicy(_ input: IAM.UntagPolicyRequest, _ call: Call) throws(ServiceError) -> Unit {
        var policy = try ownPolicy(input.policyArn, call)
        for key in input.tagKeys { policy.tags[key] = nil }
        store(policy)
        return Unit()
    }

    func listPolicyTags(
        _ input: IAM.ListPolicyTagsRequest, _ call: Call
    ) throws(ServiceError) -> IAM.ListPolicyTagsResponse {
        let tags = IAMText.tags(try policy(input.policyArn, call).tags)
        let page = try IAMPage(tags, marker: input.marker, maxItems: input.maxItems) { $0.key }
        return IAM.ListPolicyTagsResponse(tags: page.items, isTruncated: page.isTruncated, marker: page.marker)
    }
}
