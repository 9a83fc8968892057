import AWSModel
import AWSTypes
import TerminalUI

/// The forms of a machine's aliases, versions, logging and tags.
enum MachineForms {
    /// - Parameter versions: ARNs of all versions, newest first.
    static func alias(_ row: MachineAliasesTab.Row?, versions: [String]) -> Form {
        let numbers = versions.map(StateMachineNames.qualifier)
        let routes = row?.routes ?? []
        let second = routes.count > 1 ? routes[1] : nil
        var fields = [
            FormField(
                "version", "Version", .choice(numbers), value: routes.first?.version ?? numbers.first ?? "",
                hint: "The version it points to"),
            FormField(
                "second", "Second version", .choice(["none"] + numbers), value: second?.version ?? "none",
                hint: "Shares the executions",
                validate: { text, values in
                    text == values["version"] ? "Must differ from the first version" : nil
                }),
            FormField(
                "weight", "Share of the second", .number(0...100), value: second.map { "\($0.weight)" } ?? "10",
                hint: "0–100 %; the rest goes to the first", visible: { $0["second"] != "none" }),
            FormField(
                "description", "Description", of: ModelledMember(SFN.createStateMachineAlias, "description"),
                value: row?.alias.description ?? ""),
        ]
        if row == nil {
            fields.insert(
                FormField(
                    "name", "Alias name", of: ModelledMember(SFN.createStateMachineAlias, "name"),
                    note: "letters, digits, - _ and ., not only digits"), at: 0)
        }
        return Form(row.map { "Alias \($0.name)" } ?? "Create alias", submit: row == nil ? "Create" : "Save", fields)
    }

    static func routes(_ values: FormValues, versions: [String]) -> [SFN.RoutingConfigurationListItem] {
        func arn(_ number: String) -> String {
            versions.first { StateMachineNames.qualifier($0) == number } ?? number
        }
        guard values["second"] != "none", !values["second"].isEmpty, let weight = values.integer("weight") else {
            return [.init(stateMachineVersionArn: arn(values["version"]), weight: 100)]
        }
        return [
            .init(stateMachineVersionArn: arn(values["version"]), weight: 100 - weight),
            .init(stateMachineVersionArn: arn(values["second"]), weight: weight),
        ]
    }

    static func publish() -> Form {
        Form(
            "Publish version", submit: "Publish",
            [
                FormField(
                    "description", "Description", of: ModelledMember(SFN.publishStateMachineVersion, "description"),
                    note: "what sets this version apart")
            ])
    }

    static func logging(_ machine: SFN.DescribeStateMachineOutput) -> Form {
        let logging = machine.loggingConfiguration
        let group = logging?.destinations?.first?.cloudWatchLogsLogGroup?.logGroupArn
        return Form(
            "Logging of \(machine.name)", submit: "Save",
            [
                FormField(
                    "level", "Level", .choice(["OFF", "ERROR", "FATAL", "ALL"]), value: logging?.level ?? "OFF",
                    hint: "ALL logs every event; ERROR errors; FATAL only what ends an execution"),
                FormField(
                    "group", "Log group ARN", .text,
                    value: group ?? suggestedGroup(machine), hint: "Ends in :*; AWS wants one unless the level is OFF",
                    visible: { $0["level"] != "OFF" },
                    validate: { text, _ in
                        guard let arn = ARN(text), arn.service == "logs", arn.resource.hasPrefix("log-group:") else {
                            return "A log group's ARN: arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*"
                        }
                        return arn.resource.hasSuffix(":*") ? nil : "Must end in :*"
                    }),
                FormField(
                    "data", "Execution data", .toggle, value: logging?.includeExecutionData == true ? "true" : "false",
                    hint: "Inputs and outputs are logged too", visible: { $0["level"] != "OFF" }),
                FormField(
                    "tracing", "X-Ray tracing", .toggle,
                    value: machine.tracingConfiguration?.enabled == true ? "true" : "false"),
            ])
    }

    private static func suggestedGroup(_ machine: SFN.DescribeStateMachineOutput) -> String {
        guard let arn = ARN(machine.stateMachineArn) else { return "" }
        return
            "arn:\(arn.partition):logs:\(arn.region):\(arn.accountID):log-group:/aws/vendedlogs/states/\(machine.name):*"
    }

    static func loggingInput(_ arn: String, _ values: FormValues) -> SFN.UpdateStateMachineInput {
        let isOff = values["level"] == "OFF"
        return SFN.UpdateStateMachineInput(
            stateMachineArn: arn,
            loggingConfiguration: SFN.LoggingConfiguration(
                level: values["level"], includeExecutionData: isOff ? false : values.isOn("data"),
                destinations: isOff ? [] : [.init(cloudWatchLogsLogGroup: .init(logGroupArn: values["group"]))]),
            tracingConfiguration: .init(enabled: values.isOn("tracing")))
    }

    static func tags(_ tags: [SFN.Tag], of name: String) -> Form {
        let text = tags.map { "\($0.key ?? "")=\($0.value ?? "")" }.joined(separator: "\n")
        return Form(
            "Tags of \(name)", submit: "Save",
            [
                FormField(
                    "tags", "Tags", .multiline(rows: 8, json: false), value: text,
                    hint: "KEY=VALUE, one a line; at most 50", validate: { text, _ in QueueForms.tagsProblem(text) })
            ])
    }

    static let periods: [(id: String, title: String, seconds: Int?)] = [
        ("any", "Any time", nil), ("300", "Last 5 minutes", 300), ("3600", "Last hour", 3600),
        ("86400", "Last day", 86_400), ("604800", "Last 7 days", 604_800), ("2592000", "Last 30 days", 2_592_000),
    ]
}
