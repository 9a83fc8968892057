import AWSModel
import AWSTypes

// PutAlarmMuteRule, GetAlarmMuteRule, ListAlarmMuteRules, DeleteAlarmMuteRule, and what they hold back.

extension CloudWatchService {
    static let muteRule = "alarm-mute-rule"
    /// Actions that a mute rule holds back; the id is the alarm's name.
    private static let muted = "muted-actions"

    private static func arn(ofRule item: CloudWatchItem) -> String {
        item.scope.arn("cloudwatch", "alarm-mute-rule:\(item.id)")
    }

    private static func window(_ item: CloudWatchItem) -> MuteWindow? {
        try? MuteWindow(CloudWatch.PutAlarmMuteRuleInput(item.document))
    }

    func putAlarmMuteRule(_ input: CloudWatch.PutAlarmMuteRuleInput, _ call: Call) throws(ServiceError) -> Unit {
        _ = try MuteWindow(input)
        let names = input.muteTargets?.alarmNames ?? []
        guard names.count <= 100 else {
            throw .metricValidation("A mute rule can target at most 100 alarms.")
        }
        for name in names where alarms.find(name, in: call.scope) == nil {
            throw .metricValidation("Alarm \(name) does not exist")
        }
        var document = input.document
        document["Tags"] = nil
        let tags = Dictionary((input.tags ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let item = put(Self.muteRule, input.name, document, tags, call)
        core.attribute(call, to: Self.arn(ofRule: item))
        core.changes.mark(Self.alarmTopic)
        return Unit()
    }

    private func rule(_ name: String, _ call: Call) throws(ServiceError) -> CloudWatchItem {
        guard let item = item(Self.muteRule, name, in: call.scope) else {
            throw ServiceError(
                "ResourceNotFoundException", "Alarm mute rule \(name) does not exist", status: 404,
                fields: ["ResourceType": "AlarmMuteRule", "ResourceId": .string(name)])
        }
        return item
    }

    func getAlarmMuteRule(
        _ input: CloudWatch.GetAlarmMuteRuleInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetAlarmMuteRuleOutput {
        let item = try rule(input.alarmMuteRuleName, call)
        let put = CloudWatch.PutAlarmMuteRuleInput(item.document)
        let window = Self.window(item)
        return CloudWatch.GetAlarmMuteRuleOutput(
            name: item.id, alarmMuteRuleArn: Self.arn(ofRule: item), description: put.description, rule: put.rule,
            muteTargets: put.muteTargets, startDate: put.startDate, expireDate: put.expireDate,
            status: window?.status(at: call.time), lastUpdatedTimestamp: item.modified,
            muteType: window?.isOnce ?? false ? "ONE_TIME" : "RECURRING")
    }

    func listAlarmMuteRules(
        _ input: CloudWatch.ListAlarmMuteRulesInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.ListAlarmMuteRulesOutput {
        let statuses = input.statuses.flatMap { $0.isEmpty ? nil : Set($0) }
        let found = items(Self.muteRule, in: call.scope).filter { item in
            let status = Self.window(item)?.status(at: call.time) ?? ""
            let names = item.document.object("MuteTargets")?.list("AlarmNames") ?? []
            return (input.alarmName.map { names.contains(.string($0)) } ?? true)
                && (statuses?.contains(status) ?? true)
        }
        let (page, next) = try Self.page(found, input.nextToken, limit: input.maxRecords ?? 50) { $0.id }
        return CloudWatch.ListAlarmMuteRulesOutput(
            alarmMuteRuleSummaries: page.map { item in
                let window = Self.window(item)
                return CloudWatch.AlarmMuteRuleSummary(
                    alarmMuteRuleArn: Self.arn(ofRule: item),
                    expireDate: CloudWatch.PutAlarmMuteRuleInput(item.document).expireDate,
                    status: window?.status(at: call.time), muteType: window?.isOnce ?? false ? "ONE_TIME" : "RECURRING",
                    lastUpdatedTimestamp: item.modified)
            }, nextToken: next)
    }

    func deleteAlarmMuteRule(
        _ input: CloudWatch.DeleteAlarmMuteRuleInput, _ call: Call
    ) throws(ServiceError) -> Unit {
        let item = try rule(input.alarmMuteRuleName, call)
        _ = removeItem(Self.muteRule, item.id, in: call.scope)
        core.attribute(call, to: Self.arn(ofRule: item))
        core.changes.mark(Self.alarmTopic)
        return Unit()
    }

    // MARK: Muting

    /// The rule that mutes an alarm now, and until when: of several, the one that ends last.
    func mute(of alarm: Alarm) -> (name: String, until: Instant)? {
        guard !items.isEmpty else { return nil }
        var found: (name: String, until: Instant)?
        for item in items(Self.muteRule, in: alarm.scope) {
            let targets = item.document.object("MuteTargets")?.list("AlarmNames") ?? []
            guard targets.contains(.string(alarm.name)), let end = Self.window(item)?.end(at: core.now),
                end > found?.until ?? core.now
            else { continue }
            found = (item.id, end)
        }
        return found
    }

    /// Holds the actions of the alarm's state back while it is muted. AWS: when the window ends and the alarm is still in
    /// that state, they run.
    func isMuted(_ alarm: Alarm) -> Bool {
        guard let (name, until) = mute(of: alarm) else {
            _ = removeItem(Self.muted, alarm.name, in: alarm.scope)
            return false
        }
        let held = CloudWatchItem(
            scope: alarm.scope, kind: Self.muted, id: alarm.name,
            document: [
                "state": .string(alarm.state.value), "until": .integer(until.microseconds), "rule": .string(name),
            ],
            created: core.now, modified: core.now)
        save(held)
        armUnmuting(held)
        return true
    }

    /// Also after a restart.
    func resumeMuting() {
        for item in items.values.sorted(by: { ($0.scope, $0.id) < ($1.scope, $1.id) }) where item.kind == Self.muted {
            armUnmuting(item)
        }
    }

    private func armUnmuting(_ held: CloudWatchItem) {
        let until = Instant(microseconds: held.document["until"]?.integer ?? 0)
        let arn = held.scope.arn("cloudwatch", "alarm:\(held.id)")
        core.schedule(at: until, TimerLabel(kind: "AlarmUnmuted", resourceArn: arn)) { [unowned self] in
            guard let item = item(Self.muted, held.id, in: held.scope), item.document == held.document,
                let alarm = alarms.find(held.id, in: held.scope)
            else { return }
            // Another window may have begun meanwhile.
            if isMuted(alarm) { return }
            guard item.document.string("state") == alarm.state.value, alarm.isActionsEnabled else { return }
            let cause = core.record(.timer, service: "cloudwatch", action: "Unmuted", resource: alarm.arn, cause: nil)
            runActions(of: alarm, alarm.state, cause)
        }
    }
}
