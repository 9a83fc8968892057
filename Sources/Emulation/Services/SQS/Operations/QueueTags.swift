import AWSModel
import AWSTypes

extension SQSService {
    func tagQueue(_ input: SQS.TagQueueRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        guard !input.tags.isEmpty else { throw .missingParameter("Tags") }
        let tags = queue.tags.merging(input.tags) { _, new in new }
        try QueueTags.check(input.tags, count: tags.count, queueName: queue.name)
        queue.tags = tags
        record(queue)
        markChanged(queue)
        return Unit()
    }

    func untagQueue(_ input: SQS.UntagQueueRequest, _ call: Call) throws(ServiceError) -> Unit {
        let queue = try queue(url: input.queueUrl, call)
        guard !input.tagKeys.isEmpty else {
            throw .invalidParameterValue("Tag keys must be between 1 and 128 characters in length.")
        }
        for key in input.tagKeys { queue.tags[key] = nil }
        record(queue)
        markChanged(queue)
        return Unit()
    }

    func listQueueTags(_ input: SQS.ListQueueTagsRequest, _ call: Call) throws(ServiceError) -> SQS.ListQueueTagsResult
    {
        let queue = try queue(url: input.queueUrl, call)
        return SQS.ListQueueTagsResult(tags: queue.tags.isEmpty ? nil : queue.tags)
    }
}

enum QueueTags {
    /// AWS: at most 50 tags a queue, keys to 128 and values to 256 characters, no `aws:` keys.
    static func check(_ tags: [String: String], count: Int, queueName: String) throws(ServiceError) {
        guard count <= 50 else {
            throw .invalidParameterValue("Too many tags added for queue \(queueName).")
        }
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard (1...128).contains(key.unicodeScalars.count), !key.lowercased().hasPrefix("aws:") else {
                throw .invalidParameterValue(
                    "Tag keys must be between 1 and 128 characters in length and must not begin with aws:.")
            }
            guard value.unicodeScalars.count <= 256 else {
                throw .invalidParameterValue("Tag values must be between 0 and 256 characters in length.")
            }
        }
    }
}
