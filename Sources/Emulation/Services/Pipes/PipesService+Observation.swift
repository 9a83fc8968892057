import AWSModel

extension PipesService {
    public func resources(in scope: Scope) -> [ResourceNode] {
        (pipes[scope] ?? [:]).values.sorted { $0.name < $1.name }.map { pipe in
            ResourceNode(
                arn: pipe.arn, service: "pipes", name: pipe.name,
                summary: pipe.currentState == "RUNNING"
                    ? "\(pipe.delivered) delivered · \(pipe.filtered) filtered" : pipe.currentState.lowercased(),
                health: pipe.currentState == "STOPPED"
                    ? .disabled : pipe.lastFailure == nil && !pipe.currentState.hasSuffix("FAILED") ? .good : .failing,
                counts: ["delivered": pipe.delivered, "filtered": pipe.filtered, "failed": pipe.failures])
        }
    }

    public func wires(in scope: Scope) -> [ResourceWire] {
        (pipes[scope] ?? [:]).values.flatMap { pipe in
            let isRunning = pipe.currentState == "RUNNING"
            var wires = [
                ResourceWire(
                    sourceArn: pipe.sourceArn, targetArn: pipe.arn, kind: "trigger",
                    count: pipe.delivered + pipe.filtered, isEnabled: isRunning),
                ResourceWire(
                    sourceArn: pipe.arn, targetArn: pipe.targetArn, kind: "target", count: pipe.delivered,
                    failed: pipe.failures,
                    isEnabled: isRunning),
            ]
            if let enrichment = pipe.settings.enrichment {
                wires.append(
                    ResourceWire(
                        sourceArn: pipe.arn, targetArn: enrichment, kind: "enrichment", isEnabled: isRunning))
            }
            return wires
        }
    }

    public func explain(_ resourceArn: String, item: String?) -> [Explanation] {
        guard let arn = ARN(resourceArn), arn.service == "pipes",
            let pipe = pipes[Scope(accountID: arn.accountID, region: arn.region)]?[arn.resourceName]
        else { return [] }
        var reasons: [Explanation] = []
        if pipe.currentState != "RUNNING" {
            reasons.append(
                Explanation(
                    rule: "PipeState",
                    text: "It is \(pipe.currentState): nothing is read from its source. \(pipe.stateReason ?? "")"))
        }
        if let failure = pipe.lastFailure {
            reasons.append(
                Explanation(
                    rule: failure.code,
                    text:
                        "Its last batch failed: \(failure.message) The messages come back after the queue's visibility timeout.",
                    relatedArn: pipe.targetArn))
        }
        if pipe.filtered > 0 {
            let messages = pipe.filtered == 1 ? "1 message was" : "\(pipe.filtered) messages were"
            let last = pipe.lastMismatch.map { " The last one: \($0)." } ?? ""
            reasons.append(
                Explanation(
                    rule: "FilterMismatch",
                    text: "\(messages) refused by its filter and deleted from the queue.\(last)",
                    relatedArn: pipe.sourceArn))
        }
        if reasons.isEmpty, pipe.delivered == 0 {
            reasons.append(
                Explanation(
                    rule: "NothingToRead", text: "No message has come through its source since the engine started.",
                    relatedArn: pipe.sourceArn))
        }
        return reasons
    }
}
