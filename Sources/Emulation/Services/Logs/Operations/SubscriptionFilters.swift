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
        let filter = try SubscriptionFilter(input, created: existing?.created ?? call.time)
        try checkDestination(of: input)
        probe(filter, in: group.scope, sourceArn: group.arn, cause: call.cause) { [unowned self] error in
            if let error { return reply.fail(error) }
            group.subscriptions[input.filterName] = filter
            save(filter, of: group)
            reply.succeed(Unit())
        }
    }

    /// Refuses destinations that AWS does not know, and those that are not here.
    func checkDestination(of put: Logs.PutSubscriptionFilterRequest) throws(ServiceError) {
        guard let destination = ARN(put.destinationArn) else {
            throw .invalidParameter("Invalid destination ARN: \(put.destinationArn)")
        }
        switch destination.service {
        case "lambda": return
        case "kinesis", "firehose":
            guard put.roleArn != nil else {
                throw .invalidParameter(
                    "destinationArn for vendor \(destination.service) cannot be used without roleArn")
            }
            throw Self.unreachable(destination.service)
        case "logs":
            let scope = Scope(accountID: destination.accountID, region: destination.region)
            guard let item = item(Self.destinationKind, destination.resourceName, in: scope) else {
                throw .invalidParameter("The specified destination does not exist: \(put.destinationArn)")
            }
            // AWS: a destination stands for a stream of Kinesis or Firehose.
            throw Self.unreachable(ARN(item.document.string("targetArn") ?? "")?.service ?? "kinesis")
        default: throw .invalidParameter("destinationArn for vendor \(destination.service) cannot be used.")
        }
    }

    private static func unreachable(_ service: String) -> ServiceError {
        let name = service == "firehose" ? "Firehose" : "Kinesis"
        let stream = service == "firehose" ? "Firehose" : "kinesis"
        return .invalidParameter(
            "Could not deliver test message to specified \(name) stream. Check if the given \(stream) stream is in ACTIVE state. Skua has no \(name) yet."
        )
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
