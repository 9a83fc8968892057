import AWSModel
import AWSTypes

extension SchedulerService {
    func createScheduleGroup(_ input: Scheduler.CreateScheduleGroupInput, _ call: Call) throws(ServiceError)
        -> Scheduler.CreateScheduleGroupOutput
    {
        openDefaultGroup(in: call.scope)
        if let known = groups[call.scope]?[input.name] {
            if let token = input.clientToken, token == known.clientToken {
                return Scheduler.CreateScheduleGroupOutput(scheduleGroupArn: known.arn)
            }
            throw .schedulerConflict("Schedule group \(input.name) already exists.")
        }
        let group = ScheduleGroup(
            scope: call.scope, name: input.name, created: core.now, modified: core.now, tags: Self.map(input.tags),
            clientToken: input.clientToken)
        groups[call.scope, default: [:]][input.name] = group
        save(group)
        core.attribute(call, to: group.arn)
        return Scheduler.CreateScheduleGroupOutput(scheduleGroupArn: group.arn)
    }

    func getScheduleGroup(_ input: Scheduler.GetScheduleGroupInput, _ call: Call) throws(ServiceError)
        -> Scheduler.GetScheduleGroupOutput
    {
        let group = try group(input.name, call.scope)
        core.attribute(call, to: group.arn)
        return Scheduler.GetScheduleGroupOutput(
            arn: group.arn, creationDate: group.created, lastModificationDate: group.modified, name: group.name,
            state: "ACTIVE")
    }

    func deleteScheduleGroup(_ input: Scheduler.DeleteScheduleGroupInput, _ call: Call) throws(ServiceError)
        -> Scheduler.DeleteScheduleGroupOutput
    {
        guard input.name != "default" else {
            throw .validation("The default schedule group cannot be deleted.")
        }
        let group = try group(input.name, call.scope)
        core.attribute(call, to: group.arn)
        for schedule in group.schedules.values { forget(schedule) }
        groups[call.scope]?[input.name] = nil
        core.journal.record(
            "DELETE FROM scheduler_groups WHERE account = ? AND region = ? AND name = ?",
            [.text(group.scope.accountID), .text(group.scope.region), .text(group.name)])
        return Scheduler.DeleteScheduleGroupOutput()
    }

    func listScheduleGroups(_ input: Scheduler.ListScheduleGroupsInput, _ call: Call) throws(ServiceError)
        -> Scheduler.ListScheduleGroupsOutput
    {
        openDefaultGroup(in: call.scope)
        let all = groups[call.scope, default: [:]].values.filter { $0.name.hasPrefix(input.namePrefix ?? "") }
            .sorted { $0.name < $1.name }
        let (items, token) = try page(all, input.nextToken, input.maxResults)
        return Scheduler.ListScheduleGroupsOutput(
            nextToken: token,
            scheduleGroups: items.map {
                Scheduler.ScheduleGroupSummary(
                    arn: $0.arn, creationDate: $0.created, lastModificationDate: $0.modified, name: $0.name,
                    state: "ACTIVE")
            })
    }

    // MARK: Tags

    func tagResource(_ input: Scheduler.TagResourceInput, _ call: Call) throws(ServiceError)
        -> Scheduler.TagResourceOutput
    {
        let group = try tagged(input.resourceArn, call)
        group.tags.merge(Self.map(input.tags)) { _, new in new }
        save(group)
        return Scheduler.TagResourceOutput()
    }

    func untagResource(_ input: Scheduler.UntagResourceInput, _ call: Call) throws(ServiceError)
        -> Scheduler.UntagResourceOutput
    {
        let group = try tagged(input.resourceArn, call)
        for key in input.tagKeys { group.tags[key] = nil }
        save(group)
        return Scheduler.UntagResourceOutput()
    }

    func listTagsForResource(_ input: Scheduler.ListTagsForResourceInput, _ call: Call) throws(ServiceError)
        -> Scheduler.ListTagsForResourceOutput
    {
        let tags = try tagged(input.resourceArn, call).tags
        return Scheduler.ListTagsForResourceOutput(
            tags: tags.sorted { $0.key < $1.key }.map { Scheduler.Tag(key: $0.key, value: $0.value) })
    }

    /// AWS: only groups have tags.
    private func tagged(_ text: String, _ call: Call) throws(ServiceError) -> ScheduleGroup {
        core.attribute(call, to: text)
        guard let arn = ARN(text), arn.service == "scheduler", arn.resourceType == "schedule-group" else {
            throw .validation("\(text) is not the ARN of a schedule group.")
        }
        return try group(arn.resourceName, Scope(accountID: arn.accountID, region: arn.region))
    }

    private static func map(_ tags: [Scheduler.Tag]?) -> [String: String] {
        Dictionary((tags ?? []).map { ($0.key, $0.value) }) { _, later in later }
    }
}
