import AWSModel
import AWSTypes

extension LambdaService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        sortedFunctions(in: scope).map { function in
            let waiting = function.asynchronous.waitingCount
            var words = [function.latest.configuration.runtime ?? ""]
            if function.running > 0 { words.append("\(function.running) running") }
            if waiting > 0 { words.append("\(waiting) queued") }
            if function.reservedConcurrency == 0 { words.append("stopped") }
            return ResourceNode(
                arn: function.arn, service: "lambda", name: function.name, summary: words.joined(separator: " · "),
                health: health(of: function),
                counts: [
                    "concurrency": function.running, "queued": waiting, "environments": function.environments.count,
                ])
        }
    }

    private func health(of function: LambdaFunction) -> ResourceNode.Health {
        let configuration = function.latest.configuration
        if configuration.state == "Failed" || configuration.lastUpdateStatus == "Failed" { return .failing }
        if function.reservedConcurrency == 0 { return .disabled }
        if function.asynchronous.waiting.contains(where: { $0.attempts > 0 || $0.throttles > 0 }) { return .warning }
        return function.running > 0 ? .busy : .good
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        guard let region = regions[scope] else { return [] }
        var wires = region.mappings.values.sorted { $0.uuid < $1.uuid }.compactMap { mapping -> ResourceWire? in
            guard let reference = try? FunctionReference(mapping.functionArn, from: scope) else { return nil }
            return ResourceWire(
                sourceArn: mapping.sourceArn, targetArn: reference.functionArn, kind: "trigger",
                count: mapping.source?.delivered ?? 0, failed: mapping.source?.failed ?? 0,
                isEnabled: mapping.isEnabled)
        }
        for function in sortedFunctions(in: scope) {
            if let target = function.latest.configuration.deadLetterConfig?.targetArn.nonEmpty {
                wires.append(
                    ResourceWire(
                        sourceArn: function.arn, targetArn: target, kind: "dead-letter",
                        count: function.deliveries[target] ?? 0, failed: function.undelivered[target] ?? 0))
            }
            let targets = Set(
                function.eventInvokeConfigs.values.flatMap { [$0.onSuccess, $0.onFailure].compactMap { $0 } })
            for target in targets.sorted() {
                wires.append(
                    ResourceWire(
                        sourceArn: function.arn, targetArn: target, kind: "destination",
                        count: function.deliveries[target] ?? 0, failed: function.undelivered[target] ?? 0))
            }
        }
        return wires
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        var found: [Explanation] = []
        for region in regions.values {
            for function in region.functions.values
            where resourceArn == function.arn || resourceArn.hasPrefix(function.arn + ":") {
                found += explain(function, item)
            }
            for mapping in region.mappings.values.sorted(by: { $0.uuid < $1.uuid })
            where resourceArn == mapping.sourceArn || resourceArn == mapping.arn
                || mapping.functionArn == resourceArn || mapping.functionArn.hasPrefix(resourceArn + ":")
            {
                found += explain(mapping)
            }
        }
        return found
    }

    private func explain(_ function: LambdaFunction, _ item: String?) -> [Explanation] {
        if let item {
            let queue = function.asynchronous
            if queue.running[item] != nil {
                return [
                    Explanation(rule: "Running", text: "This event is being run just now.", relatedArn: function.arn)
                ]
            }
            return queue.waiting.filter { $0.requestID == item }.map { explain($0, function) }
        }
        var found: [Explanation] = []
        let configuration = function.latest.configuration
        if configuration.state == "Pending" {
            found.append(
                Explanation(
                    rule: "FunctionPending",
                    text: "The function is being created; until it is Active, invocations are refused."))
        }
        if configuration.state == "Failed" {
            found.append(
                Explanation(
                    rule: "FunctionFailed",
                    text: "The function could not be created: \(configuration.stateReason ?? "")"))
        }
        if configuration.lastUpdateStatus == "Failed" {
            found.append(
                Explanation(
                    rule: "UpdateFailed",
                    text:
                        "The last update failed, so the version before it still runs: \(configuration.lastUpdateStatusReason ?? "")"
                ))
        }
        if let reserved = function.reservedConcurrency {
            if reserved == 0 {
                found.append(
                    Explanation(
                        rule: "ReservedConcurrency", text: "Reserved concurrency is 0: every invocation is throttled."))
            } else if function.running >= reserved {
                found.append(
                    Explanation(
                        rule: "ReservedConcurrency",
                        text:
                            "All \(reserved) reserved executions are in use: further invocations are throttled until one ends."
                    ))
            }
        } else if let region = regions[function.scope], region.unreservedRunning >= region.unreservedConcurrency {
            found.append(
                Explanation(
                    rule: "AccountConcurrency",
                    text:
                        "The account's \(region.unreservedConcurrency) unreserved executions are all in use: further invocations are throttled."
                ))
        }
        if let next = function.asynchronous.waiting.min(by: { $0.due < $1.due }) {
            let count = function.asynchronous.waitingCount
            var explanation = explain(next, function)
            if count > 1 { explanation.text += " \(count - 1) more wait behind it." }
            found.append(explanation)
        }
        return found
    }

    private func explain(_ event: AsynchronousEvent, _ function: LambdaFunction) -> Explanation {
        if event.attempts > 0 {
            let retries = config(event, function)?.maximumRetryAttempts ?? EventInvokeConfig.defaultRetryAttempts
            return Explanation(
                rule: "RetryWait",
                text:
                    "The asynchronous event \(event.requestID) failed \(event.attempts) of \(retries + 1) times and waits for its next attempt.",
                movesAt: event.due, relatedArn: function.arn)
        }
        return Explanation(
            rule: "ThrottleBackoff",
            text:
                "The asynchronous event \(event.requestID) was throttled \(event.throttles) times and waits to be tried again.",
            movesAt: event.due, relatedArn: function.arn)
    }

    private func explain(_ mapping: EventSourceMapping) -> [Explanation] {
        if mapping.configuration.state == "Disabled" {
            return [
                Explanation(
                    rule: "MappingDisabled",
                    text:
                        "The event source mapping \(mapping.uuid) is disabled: nobody polls the queue for \(mapping.functionArn).",
                    relatedArn: mapping.arn)
            ]
        }
        guard let source = mapping.source else { return [] }
        if let until = source.pausedUntil {
            return [
                Explanation(
                    rule: "PollerBackoff",
                    text:
                        "The function was throttled, so its pollers wait before they take more. Messages they took return when their visibility timeout lapses.",
                    movesAt: until, relatedArn: mapping.functionArn)
            ]
        }
        if source.running >= source.concurrencyLimit {
            return [
                Explanation(
                    rule: "MaximumConcurrency",
                    text:
                        "The mapping runs \(source.running) batches at once, its limit just now: further messages wait in the queue.",
                    relatedArn: mapping.functionArn)
            ]
        }
        return []
    }
}
