import AWSModel
import AWSTypes

extension EventsService {
    func putTargets(_ input: Events.PutTargetsRequest, _ call: Call) throws(ServiceError) -> Events.PutTargetsResponse {
        // AWS: what is wrong with a target is said before a rule is looked for.
        for target in input.targets { try check(target) }
        let (bus, rule) = try rule(input.rule, on: input.eventBusName, call)
        try checkManaged(rule, nil)
        var targets = rule.targets
        for target in input.targets {
            if let index = targets.firstIndex(where: { $0.id == target.id }) {
                targets[index] = target
            } else {
                targets.append(target)
            }
        }
        guard targets.count <= Self.targetLimit else {
            throw .eventsLimit("The requested resource exceeds the maximum number allowed.")
        }
        bus.setTargets(targets, of: rule)
        save(rule)
        return Events.PutTargetsResponse(failedEntryCount: 0, failedEntries: [])
    }

    private func check(_ target: Events.Target) throws(ServiceError) {
        guard let arn = ARN(target.arn) else {
            throw .validation("Parameter \(target.arn) is not valid. Reason: Provided Arn is not in correct format.")
        }
        if arn.service == "sqs", arn.resource.hasSuffix(".fifo"), target.sqsParameters?.messageGroupId == nil {
            throw .validation("Parameter(s) SqsParameters must be specified for target: \(target.id).")
        }
        if arn.service == "states" || arn.service == "kinesis" || arn.service == "firehose"
            || arn.service == "events" && arn.resourceType == "api-destination", target.roleArn == nil
        {
            throw .validation("RoleArn is required for target \(target.arn).")
        }
        let inputs = [target.input != nil, target.inputPath != nil, target.inputTransformer != nil]
        guard inputs.count(where: { $0 }) <= 1 else {
            throw .validation(
                "Only one of Input, InputPath, or InputTransformer must be provided for target \(target.id).")
        }
        if let input = target.input, (try? JSONReader.parse(input)) == nil {
            throw .validation("JSON syntax error in input for target \(target.id).")
        }
        if let path = target.inputPath, EventPath(path) == nil {
            throw .validation("InputPath for target \(target.id) is not valid.")
        }
        if let transformer = target.inputTransformer { try InputTransform.check(transformer, targetID: target.id) }
    }

    func removeTargets(_ input: Events.RemoveTargetsRequest, _ call: Call) throws(ServiceError)
        -> Events.RemoveTargetsResponse
    {
        let (bus, rule) = try rule(input.rule, on: input.eventBusName, call)
        try checkManaged(rule, input.force)
        let ids = Set(input.ids)
        bus.setTargets(rule.targets.filter { !ids.contains($0.id) }, of: rule)
        save(rule)
        return Events.RemoveTargetsResponse(failedEntryCount: 0, failedEntries: [])
    }

    func listTargetsByRule(_ input: Events.ListTargetsByRuleRequest, _ call: Call) throws(ServiceError)
        -> Events.ListTargetsByRuleResponse
    {
        let (_, rule) = try rule(input.rule, on: input.eventBusName, call)
        let page = try page(rule.targets, token: input.nextToken, limit: input.limit)
        return Events.ListTargetsByRuleResponse(targets: page.items, nextToken: page.nextToken)
    }
}
