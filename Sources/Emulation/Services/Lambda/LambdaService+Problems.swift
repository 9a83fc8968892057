import AWSModel

// Functions that cannot run or keep failing, and mappings that deliver nothing.
extension LambdaService {
    private static let recently = Duration.seconds(300)

    public func problems(in scope: Scope) -> [Problem] {
        let functions = sortedFunctions(in: scope).flatMap { function in
            [broken(function), throttled(function), failing(function), waiting(function)].compactMap { $0 }
        }
        let mappings = (regions[scope]?.mappings.values.sorted { $0.uuid < $1.uuid } ?? []).compactMap(idle)
        return functions + mappings
    }

    private func broken(_ function: LambdaFunction) -> Problem? {
        let configuration = function.latest.configuration
        if configuration.state == "Failed" {
            return Problem(
                function.arn, rule: "FunctionFailed",
                text: "It could not be created: \(configuration.stateReason ?? "no reason given")")
        }
        guard configuration.lastUpdateStatus == "Failed" else { return nil }
        return Problem(
            function.arn, rule: "UpdateFailed",
            text: "Its last update failed, the version before runs: \(configuration.lastUpdateStatusReason ?? "")")
    }

    private func throttled(_ function: LambdaFunction) -> Problem? {
        let throttling = function.throttling
        let isRecent = throttling.last.map { $0 + Self.recently >= core.now } ?? false
        let times = throttling.count == 1 ? "once" : "\(throttling.count) times"
        if function.reservedConcurrency == 0 {
            let count = throttling.count > 0 ? ", \(times) so far" : ""
            return Problem(
                function.arn, rule: "ReservedConcurrency",
                text: "Its reserved concurrency is 0: every invocation is throttled\(count).",
                since: throttling.first)
        }
        guard isRecent else { return nil }
        let limit =
            function.reservedConcurrency.map { "its reserved concurrency of \($0)" }
            ?? "the account's unreserved concurrency"
        return Problem(
            function.arn, .unsteady,
            rule: function.reservedConcurrency == nil ? "AccountConcurrency" : "ReservedConcurrency",
            text: "It was throttled \(times): \(limit) was in use.", since: throttling.first)
    }

    private func failing(_ function: LambdaFunction) -> Problem? {
        let streak = function.failures
        guard streak.count >= 3 else { return nil }
        return Problem(
            function.arn, .unsteady, rule: "InvocationsFail",
            text: "Its last \(streak.count) invocations failed, the latest with \(streak.sentence)",
            since: streak.since)
    }

    /// Asynchronous events that failed or were throttled and wait for another try.
    private func waiting(_ function: LambdaFunction) -> Problem? {
        let first = function.asynchronous.waiting.prefix(20)
        guard let next = first.first(where: { $0.attempts > 0 || $0.throttles > 0 }) else { return nil }
        let count = function.asynchronous.waitingCount
        let events = count == 1 ? "An asynchronous event waits" : "\(count) asynchronous events wait"
        let reason = next.attempts > 0 ? "failed \(next.attempts) times" : "was throttled \(next.throttles) times"
        return Problem(
            function.arn, .unsteady, item: next.requestID, rule: next.attempts > 0 ? "RetryWait" : "ThrottleBackoff",
            text: "\(events) to be tried again; one \(reason).", since: next.accepted, movesAt: next.due)
    }

    /// A mapping whose queue has something for it, and that delivers nothing.
    private func idle(_ mapping: EventSourceMapping) -> Problem? {
        guard let depth = core.service(SQSService.self)?.depth(ofQueue: mapping.sourceArn) else {
            return Problem(
                mapping.functionArn, rule: "SourceMissing",
                text:
                    "The queue \(ResourceNaming.last(of: mapping.sourceArn)) that its event source mapping polls does not exist.",
                relatedArn: mapping.arn)
        }
        let name = ResourceNaming.function(mapping.functionArn)
        if mapping.configuration.state == "Disabled" {
            guard depth.visible > 0 else { return nil }
            let count = depth.visible == 1 ? "1 message waits" : "\(depth.visible) messages wait"
            return Problem(
                mapping.sourceArn, rule: "MappingDisabled",
                text: "Its event source mapping to \(name) is disabled: \(count).",
                since: mapping.configuration.lastModified, relatedArn: mapping.arn)
        }
        guard let source = mapping.source else { return nil }
        if source.delivered == 0, source.filtered > 0 {
            return Problem(
                mapping.sourceArn, rule: "FilterCriteria",
                text:
                    "The filter of its mapping to \(name) has dropped every message, \(source.filtered) so far: they match none of its patterns and were deleted.",
                relatedArn: mapping.arn)
        }
        if let until = source.pausedUntil, depth.visible > 0 {
            return Problem(
                mapping.sourceArn, .unsteady, rule: "PollerBackoff",
                text:
                    "\(depth.visible) wait: \(mapping.configuration.lastProcessingResult ?? "the function was throttled").",
                movesAt: until, relatedArn: mapping.functionArn)
        }
        return nil
    }
}
