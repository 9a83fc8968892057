import AWSModel

// Pipes that fail, or whose filter lets nothing through.
extension PipesService {
    public func problems(in scope: Scope) -> [Problem] {
        (pipes[scope] ?? [:]).values.sorted { $0.name < $1.name }.compactMap(problem)
    }

    private func problem(_ pipe: EventPipe) -> Problem? {
        if pipe.currentState.hasSuffix("FAILED") {
            return Problem(
                pipe.arn, rule: "PipeState",
                text: "It is \(pipe.currentState): \(pipe.stateReason ?? "no reason given")",
                since: pipe.modified)
        }
        guard pipe.currentState == "RUNNING" else { return nil }
        if let failure = pipe.lastFailure {
            return Problem(
                pipe.arn, rule: failure.code, text: "Its last batch failed: \(failure.message)",
                relatedArn: pipe.targetArn)
        }
        guard pipe.delivered == 0, pipe.filtered > 0 else { return nil }
        return Problem(
            pipe.arn, rule: "FilterCriteria",
            text:
                "Its filter has dropped every event, \(pipe.filtered) so far: they match none of its patterns and were deleted.",
            relatedArn: pipe.sourceArn)
    }
}
