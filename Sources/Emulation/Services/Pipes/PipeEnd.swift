import AWSModel

/// What may stand at a place of a pipe: the services that AWS takes there, and those of them that are built.
struct PipeEnd {
    let place: String
    let built: Set<String>
    /// On AWS besides; told as not implemented.
    let others: Set<String>

    static let source = PipeEnd(place: "source", built: ["sqs"], others: ["dynamodb", "kafka", "kinesis", "mq"])
    static let enrichment = PipeEnd(
        place: "enrichment", built: ["events", "lambda", "states"], others: ["execute-api"])
    static let target = PipeEnd(
        place: "target", built: ["events", "lambda", "logs", "sns", "sqs", "states"],
        others: [
            "batch", "ecs", "execute-api", "firehose", "inspector", "kinesis", "redshift", "redshift-serverless",
            "sagemaker", "timestream",
        ])

    func check(_ text: String) throws(ServiceError) {
        // A Kafka cluster of one's own has no ARN.
        let service = text.hasPrefix("smk://") ? "kafka" : ARN(text)?.service
        guard let service else { throw .validation("Invalid \(place) ARN \(text).") }
        guard !built.contains(service) else { return }
        guard others.contains(service) else {
            throw .validation("\(service) is not supported as the \(place) of a pipe: \(text).")
        }
        throw ServiceError(
            "NotImplemented", "Skua does not implement \(service) as the \(place) of a pipe yet.", status: 501,
            fault: .server)
    }
}
