import AWSModel
import AWSTypes
import TerminalUI

/// Forms of schedules, with Scheduler's ranges and defaults.
enum ScheduleForms {
    static func fields(_ old: ScheduleReading?, group: String) -> [FormField] {
        let schedule = old?.schedule
        let known = schedule?.target
        func member(_ name: String) -> ModelledMember? { ModelledMember(Scheduler.createSchedule, name) }
        func target(_ path: String...) -> ModelledMember? {
            ModelledMember(Scheduler.createSchedule, path: ["Target"] + path)
        }
        var fields: [FormField] = []
        if old == nil {
            fields = [
                FormField(
                    "name", "Name", of: member("Name"),
                    note: "letters, digits, . - and _"),
                FormField(
                    "group", "Group", of: member("GroupName"), value: group, note: "default: default", required: true),
            ]
        }
        return fields + [
            FormField(
                "expression", "Expression", of: member("ScheduleExpression"),
                value: old?.expression ?? "rate(5 minutes)",
                note: "at(2026-12-24T18:00:00), rate(5 minutes), cron(0 9 ? * MON-FRI *)", required: true,
                validate: { text, _ in ScheduleText.problem(text, allowsAt: true) }),
            FormField(
                "zone", "Time zone", of: member("ScheduleExpressionTimezone"), value: old?.zone ?? "UTC",
                note: "Such as Europe/Berlin, default UTC; daylight saving is kept",
                required: true),
            FormField(
                "window", "Window",
                of: ModelledMember(Scheduler.createSchedule, "FlexibleTimeWindow", "MaximumWindowInMinutes"),
                range: 0...1440, value: String(old?.window ?? 0),
                note: "min after it is due; 0, the default, runs at once", required: true),
            FormField(
                "start", "From", value: ScheduleText.text(schedule?.startDate), hint: "In UTC, empty: at once",
                placeholder: "2026-12-01 00:00:00", validate: { text, _ in ScheduleText.instantProblem(text) }),
            FormField(
                "end", "Until", value: ScheduleText.text(schedule?.endDate), hint: "In UTC, empty: for ever",
                placeholder: "2026-12-31 00:00:00",
                validate: { text, values in
                    guard let end = ScheduleText.instant(text) else { return ScheduleText.instantProblem(text) }
                    return ScheduleText.instant(values["start"]).map { $0 < end } ?? true
                        ? nil : "It must be after the start"
                }),
            FormField(
                "target", "Target", of: target("Arn"), value: known?.arn ?? "",
                note: "ARN of a queue, topic, function, state machine, bus …",
                placeholder: "arn:aws:lambda:us-east-1:123456789012:function:report", required: true,
                validate: ARNField.anyProblem),
            FormField(
                "role", "Role", of: target("RoleArn"), value: known?.roleArn ?? "",
                note: "the role Scheduler takes on to call it",
                placeholder: "arn:aws:iam::123456789012:role/scheduler", required: true,
                validate: ARNField.roleProblem),
            FormField(
                "input", "Input", of: target("Input"), kind: .multiline(rows: 3, json: false),
                value: known?.input ?? "",
                note: "what it gets; empty: an event that tells the time. <aws.scheduler.scheduled-time> is filled in"),
            FormField(
                "message-group", "Message group", of: target("SqsParameters", "MessageGroupId"),
                value: known?.sqsParameters?.messageGroupId ?? "", note: "a FIFO queue needs one", required: true,
                visible: isFIFO),
            FormField(
                "retries", "Retries", of: target("RetryPolicy", "MaximumRetryAttempts"),
                value: String(known?.retryPolicy?.maximumRetryAttempts ?? 185), note: "default 185",
                required: true),
            FormField(
                "age", "Event age", of: target("RetryPolicy", "MaximumEventAgeInSeconds"),
                value: String(known?.retryPolicy?.maximumEventAgeInSeconds ?? 86_400),
                note: "seconds, default 86,400 (1 d)", required: true),
            FormField(
                "dead", "Dead-letter queue", of: target("DeadLetterConfig", "Arn"),
                value: known?.deadLetterConfig?.arn ?? "", note: "a standard queue's ARN; empty for none",
                required: false, validate: ARNField.queueProblem),
            FormField(
                "after", "Afterwards", of: member("ActionAfterCompletion"),
                value: schedule?.actionAfterCompletion ?? "NONE",
                note: "DELETE removes it once it names no further time"),
            FormField("enabled", "Enabled", .toggle, value: old?.isEnabled == false ? "false" : "true"),
            FormField(
                "description", "Description", of: member("Description"),
                value: schedule?.description ?? ""),
        ]
    }

    private static let isFIFO: @Sendable (FormValues) -> Bool = {
        $0["target"].contains(":sqs:") && $0["target"].hasSuffix(".fifo")
    }

    static func firings(_ values: FormValues) -> FiringsPreview.Query {
        FiringsPreview.Query(
            expression: values["expression"], zone: values.optional("zone"),
            start: ScheduleText.instant(values["start"]),
            end: ScheduleText.instant(values["end"]), kind: "schedule")
    }

    /// The input of CreateSchedule or UpdateSchedule, which have the same form: on top of what the form does not ask for.
    static func document(_ values: FormValues, old: Scheduler.GetScheduleOutput?) -> DocumentObject {
        let window = values.integer("window") ?? 0
        var target = old?.target ?? Scheduler.Target(arn: values["target"], roleArn: values["role"])
        target.arn = values["target"]
        target.roleArn = values["role"]
        target.input = values.optional("input")
        target.sqsParameters = isFIFO(values) ? Scheduler.SqsParameters(messageGroupId: values["message-group"]) : nil
        target.retryPolicy = Scheduler.RetryPolicy(
            maximumEventAgeInSeconds: values.integer("age"), maximumRetryAttempts: values.integer("retries"))
        target.deadLetterConfig = values.optional("dead").map { Scheduler.DeadLetterConfig(arn: $0) }
        return Scheduler.CreateScheduleInput(
            actionAfterCompletion: values["after"], description: values.optional("description"),
            endDate: ScheduleText.instant(values["end"]),
            flexibleTimeWindow: Scheduler.FlexibleTimeWindow(
                maximumWindowInMinutes: window > 0 ? window : nil, mode: window > 0 ? "FLEXIBLE" : "OFF"),
            groupName: old?.groupName ?? values["group"], kmsKeyArn: old?.kmsKeyArn, name: old?.name ?? values["name"],
            scheduleExpression: values["expression"], scheduleExpressionTimezone: values["zone"],
            startDate: ScheduleText.instant(values["start"]), state: values.isOn("enabled") ? "ENABLED" : "DISABLED",
            target: target
        ).document
    }
}
