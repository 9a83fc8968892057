import AWSModel
import AWSTypes

// Why the filters of a group did what they did.

extension LogsService {
    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let arn = ARN(resourceArn), arn.service == "logs", arn.resource.hasPrefix("log-group:") else { return [] }
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        guard let group = find(Self.name(ofIdentifier: resourceArn), in: scope) else { return [] }
        let subscriptions = group.subscriptions.values.sorted { $0.put.filterName < $1.put.filterName }
        let metrics = group.metricFilters.values.sorted { $0.put.filterName < $1.put.filterName }
        var reasons =
            subscriptions.filter { item == nil || $0.put.filterName == item }.flatMap(Self.explain)
            + metrics.filter { item == nil || $0.put.filterName == item }.map(Self.explain)
        if let account = accountSubscriptions[scope], item == nil {
            if account.criteria?.covers(group.name) ?? true {
                reasons += Self.explain(account)
            } else {
                reasons.append(
                    Explanation(
                        rule: "SelectionCriteria",
                        text: "The account's policy \(account.put.filterName) does not choose this log group."))
            }
        }
        return reasons
    }

    private static func share(_ matched: Int, of seen: Int, _ pattern: String) -> String {
        let what = pattern.isEmpty ? "it takes every event" : "its pattern is \(pattern)"
        if seen == 0 { return "no event has come since the engine started; \(what)" }
        return "\(matched) of \(seen) events since the engine started passed; \(what)"
    }

    private static func explain(_ filter: SubscriptionFilter) -> [Explanation] {
        let put = filter.put
        var reasons = [
            Explanation(
                rule: "SubscriptionFilter",
                text:
                    "Filter \(put.filterName): \(share(filter.matched, of: filter.seen, put.filterPattern)). Batches sent: \(filter.sent).",
                relatedArn: put.destinationArn)
        ]
        if let (time, error) = filter.lastFailure {
            reasons.append(
                Explanation(
                    rule: "SubscriptionFailed",
                    text:
                        "Its last batch was not taken at \(time.iso8601(milliseconds: false)): \(error.code): \(error.message)",
                    relatedArn: put.destinationArn))
        }
        return reasons
    }

    private static func explain(_ filter: MetricFilter) -> Explanation {
        let names = filter.put.metricTransformations.map { "\($0.metricNamespace) \($0.metricName)" }
        var text =
            "Filter \(filter.put.filterName) makes \(names.joined(separator: ", ")): \(share(filter.matched, of: filter.seen, filter.put.filterPattern))."
        if filter.valueless > 0 {
            text += " \(filter.valueless) that passed had no number, or lacked a dimension: they made no metric."
        }
        return Explanation(rule: "MetricFilter", text: text)
    }

    /// Filters whose last batch nobody took.
    public func problems(in scope: Scope) -> [Problem] {
        groups(in: scope).flatMap { group in
            group.subscriptions.values.sorted { $0.put.filterName < $1.put.filterName }.compactMap { filter in
                filter.lastFailure.map { time, error in
                    Problem(
                        group.arn, rule: "SubscriptionFailed",
                        text: "Filter \(filter.put.filterName) could not deliver: \(error.code): \(error.message)",
                        since: time)
                }
            }
        }
    }
}
