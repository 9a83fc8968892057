import AWSModel
import AWSTypes
import StatesLanguage

/// An activity: tasks on one side, workers that poll for them on the other.
final class ActivityRecord {
    let arn: String
    let name: String
    let scope: Scope
    let created: Instant
    var tags: [(key: String, value: String)]
    /// Tasks that no worker has taken, oldest first. They are restored with their executions.
    var waiting: [(record: ExecutionRecord, order: TaskOrder)] = []
    /// Workers that poll, longest first.
    var pollers: [Poller] = []

    struct Poller {
        var id: UInt64
        var workerName: String?
        var reply: Reply<SFN.GetActivityTaskOutput>
        var timer: TimerID
    }

    init(arn: String, name: String, scope: Scope, created: Instant, tags: [(key: String, value: String)]) {
        self.arn = arn
        self.name = name
        self.scope = scope
        self.created = created
        self.tags = tags
    }
}

extension StepFunctionsService {
    /// AWS: a poll is held for up to 60 seconds.
    private static let pollLimit = Duration.seconds(60)

    /// A task state wants a worker.
    func offer(_ order: TaskOrder, of arn: String, _ record: ExecutionRecord) {
        guard let activity = activities[arn] else {
            return core.later { [unowned self] in
                fail(order, record, ("States.Runtime", "The activity \(arn) does not exist."))
            }
        }
        activity.waiting.append((record, order))
        core.later { [unowned self] in match(activity) }
    }

    /// Nobody waits for the task any more.
    func withdraw(_ task: Int, of record: ExecutionRecord) {
        for activity in activities.values where !activity.waiting.isEmpty {
            activity.waiting.removeAll { $0.record === record && $0.order.id == task }
        }
    }

    private func match(_ activity: ActivityRecord) {
        while !activity.waiting.isEmpty, !activity.pollers.isEmpty {
            let poller = activity.pollers.removeFirst()
            core.cancel(poller.timer)
            guard poller.reply.isOpen else { continue }
            let (record, order) = activity.waiting.removeFirst()
            apply(.activityStarted(order.id, workerName: poller.workerName), to: record)
            poller.reply.succeed(SFN.GetActivityTaskOutput(taskToken: order.token, input: order.parameters.text))
        }
    }

    func getActivityTask(
        _ input: SFN.GetActivityTaskInput, _ call: Call, _ reply: Reply<SFN.GetActivityTaskOutput>
    ) throws(ServiceError) {
        core.attribute(call, to: input.activityArn)
        let activity = try activity(input.activityArn)
        let id = core.identifiers.next()
        let timer = core.schedule(
            at: core.now + Self.pollLimit,
            TimerLabel(kind: "ActivityPoll", resourceArn: activity.arn, isInternal: true)
        ) { [unowned activity] in
            activity.pollers.removeAll { $0.id == id }
            // AWS: no task is an answer without a token.
            reply.succeed(SFN.GetActivityTaskOutput())
        }
        reply.onAbandon { [unowned self, unowned activity] in
            core.cancel(timer)
            activity.pollers.removeAll { $0.id == id }
        }
        activity.pollers.append(.init(id: id, workerName: input.workerName, reply: reply, timer: timer))
        core.later { [unowned self] in match(activity) }
    }

    func activity(_ arn: String) throws(ServiceError) -> ActivityRecord {
        guard let parsed = ARN(arn), parsed.service == "states", parsed.resource.hasPrefix("activity:") else {
            throw .invalidStepFunctionsArn(arn)
        }
        guard let activity = activities[arn] else {
            throw ServiceError("ActivityDoesNotExist", "Activity Does Not Exist: '\(arn)'")
        }
        return activity
    }

    func store(_ activity: ActivityRecord) {
        core.journal.record(
            "INSERT OR REPLACE INTO sfn_activities (arn, account, region, name, created, tags) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .text(activity.arn), .text(activity.scope.accountID), .text(activity.scope.region),
                .text(activity.name), .instant(activity.created),
                .document(
                    DocumentObject(activity.tags.map { ($0.key, DocumentValue.string($0.value)) })),
            ])
    }

    func restoreActivities(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT arn, account, region, name, created, tags FROM sfn_activities") { row in
            activities[row.text(0)] = ActivityRecord(
                arn: row.text(0), name: row.text(3), scope: Scope(accountID: row.text(1), region: row.text(2)),
                created: row.instant(4), tags: row.document(5).map { ($0, $1.string ?? "") })
        }
    }
}
