import AWSModel
import AWSTypes

// PutSubscriptionFilter, DescribeSubscriptionFilters, DeleteSubscriptionFilter.

extension LogsService {
    /// AWS: at most this many subscription filters a group.
    private static let subscriptionLimit = 2

    /// AWS sends a control message first: a destination that does not take it is refused.
    func putSubscriptionFilter(
        _ input: Logs.PutSubscriptionFilterRequest, _ call: Call, _ reply: Reply<Unit>
    ) throws(ServiceError) {
        if let arn = ARN(input.destinationArn), arn.service == "lambda", arn.accountID != call.scope.accountID {
            throw ServiceError(
                "AccessDeniedException",
                "Cross-account lambda invocation passing is not allowed. You must use DestinationPolicies to create cross account lambda triggers."
            )
        }
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn, detail: input.filterName)
        let existing = group.subscriptions[input.filterName]
        guard existing != nil || group.subscriptions.count < Self.subscriptionLimit else {
            throw ServiceError("LimitExceededException", "Resource limit exceeded.")
        }
        guard let destination = ARN(input.destinationArn) else {
            throw .invalidParameter("Invalid destination ARN: \(input.destinationArn)")
        }
        let filter = try SubscriptionFilter(input, created: existing?.created ?? call.time)
        if destination.service == "kinesis" || destination.service == "firehose", input.roleArn == nil {
            throw .invalidParameter(
                "destinationArn for vendor \(destination.service) cannot be used without roleArn")
        }
        switch destination.service {
        case "lambda": break
        case "kinesis":
            throw .invalidParameter(
                "Could not deliver test message to specified Kinesis stream. Check if the given kinesis stream is in ACTIVE state. Skua has no Kinesis yet."
            )
        case "firehose":
            throw .invalidParameter(
                "Could not deliver test message to specified Firehose stream. Check if the given Firehose stream is in ACTIVE state. Skua has no Firehose yet."
            )
        default: throw .invalidParameter("destinationArn for vendor \(destination.service) cannot be used.")
        }
        let probe: [DocumentValue] = [
            [
                "id": "", "timestamp": .integer(call.time.epochMilliseconds),
                "message": "CWL CONTROL MESSAGE: Checking health of destination Lambda function.",
            ]
        ]
        deliver("CONTROL_MESSAGE", probe, to: filter, stream: "", of: group, cause: call.cause) {
            [unowned self] error in
            guard error == nil else {
                reply.fail(
                    .invalidParameter(
                        "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute your function."
                    ))
                return
            }
            group.subscriptions[input.filterName] = filter
            save(filter, of: group)
            reply.succeed(Unit())
        }
    }

    func deleteSubscriptionFilter(
        _ input: Logs.DeleteSubscriptionFilterRequest, _ call: Call
    ) throws(ServiceError) -> Unit {
        let group = try group(input.logGroupName, in: call.scope)
        core.attribute(call, to: group.arn, detail: input.filterName)
        guard group.subscriptions.removeValue(forKey: input.filterName) != nil else {
            throw ServiceError("ResourceNotFoundException", "The specified subscription filter does not exist.")
        }
        removeFilter("subscription", input.filterName, of: group)
        return Unit()
    }

    func describeSubscriptionFilters(
        _ input: Logs.DescribeSubscriptionFiltersRequest, _ call: Call
    ) throws(ServiceError) -> Logs.DescribeSubscriptionFiltersResponse {
        let found = try group(input.logGroupName, in: call.scope).subscriptions.values
            .filter { $0.put.filterName.hasPrefix(input.filterNamePrefix ?? "") }
            .sorted { $0.put.filterName < $1.put.filterName }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.limit) { $0.put.filterName }
        return Logs.DescribeSubscriptionFiltersResponse(
            subscriptionFilters: page.map(\.described), nextToken: next)
    }
}
