import AWSModel
import AWSTypes

extension StepFunctionsService {
    /// AWS: creating an activity again answers with the one there is.
    func createActivity(_ input: SFN.CreateActivityInput, _ call: Call) throws(ServiceError) -> SFN.CreateActivityOutput
    {
        try checkName(input.name)
        let arn = call.scope.arn("states", "activity:\(input.name)")
        core.attribute(call, to: arn)
        if let activity = activities[arn] {
            return SFN.CreateActivityOutput(activityArn: arn, creationDate: activity.created)
        }
        let activity = ActivityRecord(
            arn: arn, name: input.name, scope: call.scope, created: core.now,
            tags: try Self.tags(input.tags ?? [], onto: []))
        activities[arn] = activity
        store(activity)
        core.changes.mark(Self.topic)
        return SFN.CreateActivityOutput(activityArn: arn, creationDate: activity.created)
    }

    func describeActivity(
        _ input: SFN.DescribeActivityInput, _ call: Call
    ) throws(ServiceError) -> SFN.DescribeActivityOutput {
        core.attribute(call, to: input.activityArn)
        let activity = try activity(input.activityArn)
        return SFN.DescribeActivityOutput(
            activityArn: activity.arn, name: activity.name, creationDate: activity.created)
    }

    /// AWS: deleting what is not there succeeds; tasks that wait for the activity go on waiting.
    func deleteActivity(_ input: SFN.DeleteActivityInput, _ call: Call) throws(ServiceError) -> SFN.DeleteActivityOutput
    {
        core.attribute(call, to: input.activityArn)
        guard let parsed = ARN(input.activityArn), parsed.service == "states", parsed.resource.hasPrefix("activity:")
        else { throw .invalidStepFunctionsArn(input.activityArn) }
        guard let activity = activities.removeValue(forKey: input.activityArn) else {
            return SFN.DeleteActivityOutput()
        }
        for poller in activity.pollers {
            core.cancel(poller.timer)
            poller.reply.succeed(SFN.GetActivityTaskOutput())
        }
        core.journal.record("DELETE FROM sfn_activities WHERE arn = ?", [.text(activity.arn)])
        core.changes.mark(Self.topic)
        return SFN.DeleteActivityOutput()
    }

    func listActivities(_ input: SFN.ListActivitiesInput, _ call: Call) throws(ServiceError) -> SFN.ListActivitiesOutput
    {
        let all = activities.values.filter { $0.scope == call.scope }.sorted { $0.name < $1.name }
        let page = try Page(
            all, maximum: input.maxResults, token: input.nextToken, of: "activities \(call.scope)", at: core.now)
        return SFN.ListActivitiesOutput(
            activities: page.items.map {
                SFN.ActivityListItem(activityArn: $0.arn, name: $0.name, creationDate: $0.created)
            }, nextToken: page.next)
    }
}
