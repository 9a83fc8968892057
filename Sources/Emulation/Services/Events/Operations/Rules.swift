import AWSModel
import AWSTypes

extension EventsService {
    func putRule(_ input: Events.PutRuleRequest, _ call: Call) throws(ServiceError) -> Events.PutRuleResponse {
        let bus = try bus(input.eventBusName, call.scope)
        guard input.eventPattern?.isEmpty == false || input.scheduleExpression?.isEmpty == false else {
            throw .validation("Parameter(s) EventPattern or ScheduleExpression must be specified.")
        }
        var schedule: RuleSchedule?
        if let text = input.scheduleExpression, !text.isEmpty {
            guard bus.isDefault else {
                throw .validation("ScheduleExpression is supported only on the default event bus.")
            }
            guard let parsed = RuleSchedule(text) else {
                throw .validation("Parameter ScheduleExpression is not valid.")
            }
            schedule = parsed
        }
        var pattern: EventPattern?
        if let text = input.eventPattern, !text.isEmpty { pattern = try compile(text) }
        let old = bus.rule(input.name)
        if let manager = old?.managedBy {
            throw ServiceError(
                "ManagedRuleException", "Rule \(input.name) is managed by \(manager) and cannot be modified.")
        }
        guard old != nil || bus.rules.count < Self.ruleLimit else {
            throw .eventsLimit("The requested resource exceeds the maximum number allowed.")
        }
        let rule = EventRule(scope: bus.scope, busName: bus.name, name: input.name)
        // AWS: a rule is replaced as a whole; only its targets and tags stay.
        rule.targets = old?.targets ?? []
        rule.tags = old?.tags ?? Self.map(input.tags)
        rule.delivered = old?.delivered ?? [:]
        rule.patternText = pattern == nil ? nil : input.eventPattern
        rule.pattern = pattern
        rule.scheduleText = schedule == nil ? nil : input.scheduleExpression
        rule.schedule = schedule
        rule.state = input.state ?? "ENABLED"
        rule.description = input.description
        rule.roleArn = input.roleArn
        if let old { core.cancel(old.timer) }
        bus.put(rule)
        startSchedule(of: rule)
        save(rule)
        core.attribute(call, to: rule.arn)
        return Events.PutRuleResponse(ruleArn: rule.arn)
    }

    /// AWS allows 300 for each bus by default, and more on request: Skua is generous, so that large systems fit.
    static let ruleLimit = 20_000
    static let targetLimit = 5

    func deleteRule(_ input: Events.DeleteRuleRequest, _ call: Call) throws(ServiceError) -> Unit {
        let bus = try bus(input.eventBusName, call.scope)
        // AWS: deleting what is not there succeeds.
        guard let rule = bus.rule(input.name) else { return Unit() }
        core.attribute(call, to: rule.arn)
        try checkManaged(rule, input.force)
        guard rule.targets.isEmpty else { throw .validation("Rule can't be deleted since it has targets.") }
        forget(rule, of: bus)
        return Unit()
    }

    func forget(_ rule: EventRule, of bus: EventBus) {
        core.cancel(rule.timer)
        rule.timer = nil
        bus.remove(rule.name)
        removeRow(of: rule)
    }

    func checkManaged(_ rule: EventRule, _ force: Bool?) throws(ServiceError) {
        guard let manager = rule.managedBy, force != true else { return }
        throw ServiceError(
            "ManagedRuleException", "Rule \(rule.name) is managed by \(manager) and cannot be modified.")
    }

    func describeRule(_ input: Events.DescribeRuleRequest, _ call: Call) throws(ServiceError)
        -> Events.DescribeRuleResponse
    {
        let (_, rule) = try rule(input.name, on: input.eventBusName, call)
        return Events.DescribeRuleResponse(
            name: rule.name, arn: rule.arn, eventPattern: rule.patternText, scheduleExpression: rule.scheduleText,
            state: rule.state, description: rule.description, roleArn: rule.roleArn, managedBy: rule.managedBy,
            eventBusName: rule.busName, createdBy: rule.createdBy)
    }

    func enableRule(_ input: Events.EnableRuleRequest, _ call: Call) throws(ServiceError) -> Unit {
        let (_, rule) = try rule(input.name, on: input.eventBusName, call)
        try checkManaged(rule, nil)
        guard rule.state != "ENABLED" else { return Unit() }
        rule.state = "ENABLED"
        startSchedule(of: rule)
        save(rule)
        return Unit()
    }

    func disableRule(_ input: Events.DisableRuleRequest, _ call: Call) throws(ServiceError) -> Unit {
        let (_, rule) = try rule(input.name, on: input.eventBusName, call)
        try checkManaged(rule, nil)
        rule.state = "DISABLED"
        startSchedule(of: rule)
        save(rule)
        return Unit()
    }

    func listRules(_ input: Events.ListRulesRequest, _ call: Call) throws(ServiceError) -> Events.ListRulesResponse {
        let bus = try bus(input.eventBusName, call.scope)
        let page = try page(bus.rules, prefix: input.namePrefix, token: input.nextToken, limit: input.limit)
        return Events.ListRulesResponse(rules: page.items.map(\.summary), nextToken: page.nextToken)
    }

    func listRuleNamesByTarget(_ input: Events.ListRuleNamesByTargetRequest, _ call: Call) throws(ServiceError)
        -> Events.ListRuleNamesByTargetResponse
    {
        let bus = try bus(input.eventBusName, call.scope)
        let page = try page(
            bus.ruleNames(withTarget: input.targetArn), prefix: nil, token: input.nextToken, limit: input.limit)
        return Events.ListRuleNamesByTargetResponse(ruleNames: page.items, nextToken: page.nextToken)
    }

    func testEventPattern(_ input: Events.TestEventPatternRequest, _ call: Call) throws(ServiceError)
        -> Events.TestEventPatternResponse
    {
        guard let event = (try? JSONReader.parse(input.event))?.object else {
            throw .validation("Parameter Event is not valid.")
        }
        let required = ["id", "source", "detail-type", "account", "region", "time"]
        for name in required where event[name] == nil {
            throw .validation("Parameter Event is not valid. Reason: \(name) is required.")
        }
        let pattern = try compile(input.eventPattern)
        return Events.TestEventPatternResponse(result: pattern.matches(.object(event)))
    }

    // MARK: Tags

    func tagResource(_ input: Events.TagResourceRequest, _ call: Call) throws(ServiceError)
        -> Events.TagResourceResponse
    {
        try changeTags(of: input.resourceARN, call) { $0.merge(Self.map(input.tags)) { _, new in new } }
        return Events.TagResourceResponse()
    }

    func untagResource(_ input: Events.UntagResourceRequest, _ call: Call) throws(ServiceError)
        -> Events.UntagResourceResponse
    {
        try changeTags(of: input.resourceARN, call) { tags in
            for key in input.tagKeys { tags[key] = nil }
        }
        return Events.UntagResourceResponse()
    }

    func listTagsForResource(_ input: Events.ListTagsForResourceRequest, _ call: Call) throws(ServiceError)
        -> Events.ListTagsForResourceResponse
    {
        var found: [String: String] = [:]
        try changeTags(of: input.resourceARN, call, isChange: false) { found = $0 }
        return Events.ListTagsForResourceResponse(
            tags: found.sorted { $0.key < $1.key }.map { Events.Tag(key: $0.key, value: $0.value) })
    }

    private func changeTags(
        of text: String, _ call: Call, isChange: Bool = true, _ change: (inout [String: String]) -> Void
    ) throws(ServiceError) {
        core.attribute(call, to: text)
        guard let arn = ARN(text), arn.service == "events" else {
            throw .validation("Parameter \(text) is not valid. Reason: Provided Arn is not in correct format.")
        }
        let scope = Scope(accountID: arn.accountID, region: arn.region)
        switch arn.resourceType {
        case "event-bus":
            let bus = try bus(text, scope)
            change(&bus.tags)
            if isChange { save(bus) }
        case "rule":
            let parts = arn.resourceName.split(separator: "/", maxSplits: 1).map(String.init)
            let busName = parts.count == 2 ? parts[0] : "default"
            guard let rule = findBus(busName, scope)?.rule(parts.last ?? "") else {
                throw .eventsNotFound("Rule \(parts.last ?? "") does not exist on EventBus \(busName).")
            }
            change(&rule.tags)
            if isChange { save(rule) }
        default: throw .validation("Parameter \(text) is not valid. Reason: Provided Arn is not in correct format.")
        }
    }
}
