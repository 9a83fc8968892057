import AWSModel
import AWSTypes

// SetAlarmState, DeleteAlarms, EnableAlarmActions, DisableAlarmActions, and tags.

extension ServiceError {
    /// AWS says no more than the code.
    static var noAlarm: ServiceError { ServiceError("ResourceNotFound", "", status: 404) }
}

extension CloudWatchService {
    func setAlarmState(_ input: CloudWatch.SetAlarmStateInput, _ call: Call) throws(ServiceError) -> Unit {
        guard ["OK", "ALARM", "INSUFFICIENT_DATA"].contains(input.stateValue) else {
            throw .metricValidation(
                "1 validation error detected: Value '\(input.stateValue)' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [INSUFFICIENT_DATA, ALARM, OK]"
            )
        }
        if let data = input.stateReasonData, (try? JSONReader.parse(data)) == nil {
            throw ServiceError("InvalidFormatFault", "Unknown")
        }
        guard let alarm = alarms.find(input.alarmName, in: call.scope) else { throw .noAlarm }
        core.attribute(call, to: alarm.arn, detail: input.stateValue)
        change(
            alarm, to: input.stateValue, reason: input.stateReason, data: input.stateReasonData, cause: call.cause)
        return Unit()
    }

    /// AWS: names of no alarm are passed over, and the others deleted all the same.
    func deleteAlarms(_ input: CloudWatch.DeleteAlarmsInput, _ call: Call) throws(ServiceError) -> Unit {
        guard input.alarmNames.count <= 100 else {
            throw .metricValidation("The collection AlarmNames must not have a size greater than 100.")
        }
        let found = input.alarmNames.compactMap { alarms.find($0, in: call.scope) }
        guard found.count(where: \.isComposite) <= 1 else {
            throw .metricValidation("AlarmNames can contain at most one composite alarm.")
        }
        // AWS: a composite alarm that another depends on stays.
        for alarm in found where alarm.isComposite {
            let parents = alarms.all(in: call.scope).filter { parent in children(of: parent).contains { $0 === alarm } }
            guard parents.isEmpty else {
                throw .metricValidation(
                    "Alarm \(alarm.name) cannot be deleted as composite alarms [\(parents.map(\.name).joined(separator: ", "))] depend on it"
                )
            }
        }
        for alarm in found {
            record(
                alarm, "ConfigurationUpdate", "Alarm \"\(alarm.name)\" deleted",
                ["version": "1.0", "type": "Delete", "deletedAlarm": .object(Self.configuration(alarm))])
            alarms.remove(alarm, in: core.journal)
            core.attribute(call, to: alarm.arn)
            core.changes.mark(alarm.arn)
        }
        core.changes.mark(Self.alarmTopic)
        return Unit()
    }

    func enableAlarmActions(_ input: CloudWatch.EnableAlarmActionsInput, _ call: Call) throws(ServiceError) -> Unit {
        setActions(of: input.alarmNames, enabled: true, call)
        return Unit()
    }

    func disableAlarmActions(_ input: CloudWatch.DisableAlarmActionsInput, _ call: Call) throws(ServiceError) -> Unit {
        setActions(of: input.alarmNames, enabled: false, call)
        return Unit()
    }

    /// AWS: names of no alarm are passed over.
    private func setActions(of names: [String], enabled: Bool, _ call: Call) {
        for name in names {
            guard let alarm = alarms.find(name, in: call.scope), alarm.isActionsEnabled != enabled else { continue }
            alarm.isActionsEnabled = enabled
            record(
                alarm, "ConfigurationUpdate", "Alarm \"\(name)\" updated",
                ["version": "1.0", "type": "Update", "updatedAlarm": .object(Self.configuration(alarm))])
            alarms.save(alarm, in: core.journal)
            core.attribute(call, to: alarm.arn)
            core.changes.mark(alarm.arn)
        }
        core.changes.mark(Self.alarmTopic)
    }

    // MARK: Tags

    /// `arn:…:insight-rule/NAME`, `…:metric-stream/NAME`, `…:alarm-mute-rule:NAME`.
    private func taggedItem(_ text: String) -> CloudWatchItem? {
        guard let arn = ARN(text), arn.service == "cloudwatch" else { return nil }
        let parts = arn.resource.split(maxSplits: 1) { $0 == "/" || $0 == ":" }.map(String.init)
        guard parts.count == 2 else { return nil }
        return item(parts[0], parts[1], in: Scope(accountID: arn.accountID, region: arn.region))
    }

    private func tagged(_ arn: String, _ call: Call) throws(ServiceError) -> Alarm {
        guard let alarm = alarms.find(named: arn, in: call.scope) else {
            throw ServiceError(
                "ResourceNotFoundException", "Unknown", status: 404,
                fields: ["ResourceType": "alarm", "ResourceId": .string(arn)])
        }
        return alarm
    }

    func tagResource(
        _ input: CloudWatch.TagResourceInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.TagResourceOutput {
        if var item = taggedItem(input.resourceARN) {
            for tag in input.tags { item.tags[tag.key] = tag.value }
            save(item)
            return CloudWatch.TagResourceOutput()
        }
        let alarm = try tagged(input.resourceARN, call)
        for tag in input.tags { alarm.tags[tag.key] = tag.value }
        alarms.save(alarm, in: core.journal)
        core.attribute(call, to: alarm.arn)
        return CloudWatch.TagResourceOutput()
    }

    func untagResource(
        _ input: CloudWatch.UntagResourceInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.UntagResourceOutput {
        if var item = taggedItem(input.resourceARN) {
            for key in input.tagKeys { item.tags[key] = nil }
            save(item)
            return CloudWatch.UntagResourceOutput()
        }
        let alarm = try tagged(input.resourceARN, call)
        for key in input.tagKeys { alarm.tags[key] = nil }
        alarms.save(alarm, in: core.journal)
        core.attribute(call, to: alarm.arn)
        return CloudWatch.UntagResourceOutput()
    }

    func listTagsForResource(
        _ input: CloudWatch.ListTagsForResourceInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.ListTagsForResourceOutput {
        // AWS: of what is not there it lists none.
        let tags =
            alarms.find(named: input.resourceARN, in: call.scope)?.tags ?? taggedItem(input.resourceARN)?.tags ?? [:]
        return CloudWatch.ListTagsForResourceOutput(
            tags: tags.sorted { $0.key < $1.key }.map { CloudWatch.Tag(key: $0.key, value: $0.value) })
    }
}
