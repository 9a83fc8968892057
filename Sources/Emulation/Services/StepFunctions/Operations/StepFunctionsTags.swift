import AWSModel
import AWSTypes

extension StepFunctionsService {
    /// AWS: at most this many tags on a resource.
    private static let maximumTags = 50

    static func tags(
        _ given: [SFN.Tag], onto present: [(key: String, value: String)]
    ) throws(ServiceError) -> [(key: String, value: String)] {
        var tags = present
        for tag in given {
            let key = tag.key ?? ""
            if let index = tags.firstIndex(where: { $0.key == key }) {
                tags[index].value = tag.value ?? ""
            } else {
                tags.append((key, tag.value ?? ""))
            }
        }
        guard tags.count <= maximumTags else {
            throw ServiceError("TooManyTags", "Too many tags: a resource has at most \(maximumTags).")
        }
        return tags
    }

    private func taggedMachine(_ arn: String) throws(ServiceError) -> StateMachineRecord {
        guard ARN(arn)?.service == "states" else { throw .invalidStepFunctionsArn(arn) }
        guard let machine = machines[arn] else {
            throw ServiceError("ResourceNotFound", "Resource not found: '\(arn)'")
        }
        return machine
    }

    /// The activity that an ARN names, which carries tags as machines do.
    private func taggedActivity(_ arn: String) -> ActivityRecord? { activities[arn] }

    func tagResource(_ input: SFN.TagResourceInput, _ call: Call) throws(ServiceError) -> SFN.TagResourceOutput {
        core.attribute(call, to: input.resourceArn)
        if let activity = taggedActivity(input.resourceArn) {
            activity.tags = try Self.tags(input.tags, onto: activity.tags)
            store(activity)
            return SFN.TagResourceOutput()
        }
        let machine = try taggedMachine(input.resourceArn)
        machine.tags = try Self.tags(input.tags, onto: machine.tags)
        store(machine)
        return SFN.TagResourceOutput()
    }

    func untagResource(_ input: SFN.UntagResourceInput, _ call: Call) throws(ServiceError) -> SFN.UntagResourceOutput {
        core.attribute(call, to: input.resourceArn)
        if let activity = taggedActivity(input.resourceArn) {
            activity.tags.removeAll { input.tagKeys.contains($0.key) }
            store(activity)
            return SFN.UntagResourceOutput()
        }
        let machine = try taggedMachine(input.resourceArn)
        machine.tags.removeAll { input.tagKeys.contains($0.key) }
        store(machine)
        return SFN.UntagResourceOutput()
    }

    func listTagsForResource(
        _ input: SFN.ListTagsForResourceInput, _ call: Call
    ) throws(ServiceError) -> SFN.ListTagsForResourceOutput {
        if let activity = taggedActivity(input.resourceArn) {
            return SFN.ListTagsForResourceOutput(tags: activity.tags.map { SFN.Tag(key: $0.key, value: $0.value) })
        }
        let machine = try taggedMachine(input.resourceArn)
        return SFN.ListTagsForResourceOutput(tags: machine.tags.map { SFN.Tag(key: $0.key, value: $0.value) })
    }
}
