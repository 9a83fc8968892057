import AWSModel
import AWSTypes
import TerminalUI

/// The sections of *Configuration*.
enum FunctionSection: Int, CaseIterable, Hashable, Sendable {
    case general, triggers, permissions, environment, concurrency, asynchronous, tags, layers

    var title: String {
        switch self {
        case .general: "General"
        case .triggers: "Triggers"
        case .permissions: "Permissions"
        case .environment: "Environment"
        case .concurrency: "Concurrency"
        case .asynchronous: "Async invocation"
        case .tags: "Tags"
        case .layers: "Layers"
        }
    }

    /// What `n` adds here; nil where nothing can be added.
    var addition: String? {
        switch self {
        case .triggers: "SQS trigger"
        case .permissions: "permission"
        case .environment: "variable"
        case .tags: "tag"
        case .layers: "layer"
        case .concurrency: "provisioned concurrency"
        case .general, .asynchronous: nil
        }
    }

    var isEditable: Bool { self != .permissions && self != .layers }

    /// A few words for the list of sections.
    func summary(_ details: FunctionDetails) -> String {
        switch self {
        case .general:
            "\((details.configuration.memorySize ?? 128).grouped) MB, \(details.configuration.timeout ?? 3) s"
        case .triggers: Self.count(details.mappings.count)
        case .permissions: Self.count(details.policy.count)
        case .environment: Self.count(details.configuration.environment?.variables?.count ?? 0)
        case .concurrency:
            details.reservedConcurrency.map { $0 == 0 ? "stopped" : "\($0) reserved" }
                ?? (details.provisioned.isEmpty ? "unreserved" : "provisioned")
        case .asynchronous:
            details.invokeConfig?.maximumRetryAttempts == 1
                ? "1 retry" : "\(details.invokeConfig?.maximumRetryAttempts ?? 2) retries"
        case .tags: Self.count(details.tags.count)
        case .layers: Self.count(details.layers.count)
        }
    }

    private static func count(_ number: Int) -> String { number == 0 ? "none" : "\(number)" }

    /// What the section shows when it has no rows.
    var emptyText: String {
        switch self {
        case .triggers: "No triggers. Press n to let an SQS queue call this function."
        case .permissions: "No one else may call this function. Press n to allow a service or an account."
        case .environment: "No environment variables. Press n to add one."
        case .tags: "No tags. Press n to add one."
        case .layers: "No layers. Press n to add one."
        case .general, .concurrency, .asynchronous: ""
        }
    }
}

/// One row of a section: a setting, or a thing that can be opened, edited, removed.
struct SettingRow: Identifiable, Sendable {
    var id: String
    var name: StyledLine
    var value: StyledLine
    var note = StyledLine()
    /// What `y` copies.
    var copy: String
    /// Where `Enter` leads.
    var neighbour: ResourceName?
    var isEnabled = true
    /// False for what only tells about other resources.
    var isRemovable = true

    init(
        _ id: String, _ value: StyledLine, note: StyledLine = StyledLine(), copy: String? = nil,
        neighbour: ResourceName? = nil
    ) {
        self.id = id
        name = StyledLine(id)
        self.value = value
        self.note = note
        self.copy = copy ?? value.text
        self.neighbour = neighbour
    }
}

extension FunctionSection {
    func rows(_ details: FunctionDetails) -> [SettingRow] {
        switch self {
        case .general: Self.general(details)
        case .triggers: details.mappings.map(Self.trigger)
        case .permissions: Self.permissions(details)
        case .environment:
            (details.configuration.environment?.variables ?? [:]).sorted { $0.key < $1.key }.map {
                SettingRow($0.key, StyledLine($0.value))
            }
        case .concurrency: Self.concurrency(details)
        case .asynchronous: Self.asynchronous(details)
        case .tags: details.tags.sorted { $0.key < $1.key }.map { SettingRow($0.key, StyledLine($0.value)) }
        case .layers:
            (details.configuration.layers ?? []).enumerated().map { index, layer in
                var row = SettingRow(
                    layer.arn ?? "#\(index)", StyledLine(Quantity.bytes(layer.codeSize ?? 0), .dim), copy: layer.arn
                )
                row.name = StyledLine(ResourceName(layer.arn ?? "").name)
                return row
            }
        }
    }

    private static func general(_ details: FunctionDetails) -> [SettingRow] {
        let function = details.configuration
        let state = FunctionText.state(function)
        let role = function.role ?? ""
        var rows = [
            SettingRow(
                "State",
                state.mark.line(
                    [state.word, function.stateReason ?? function.lastUpdateStatusReason].compactMap { $0 }.joined(
                        separator: ": "))),
            SettingRow("Description", StyledLine(function.description ?? "")),
            SettingRow("Runtime", StyledLine(function.runtime ?? function.packageType ?? "–")),
            SettingRow("Handler", StyledLine(function.handler ?? "–")),
            SettingRow("Architecture", StyledLine((function.architectures ?? ["x86_64"]).joined(separator: ", "))),
            SettingRow("Memory", StyledLine("\((function.memorySize ?? 128).grouped) MB")),
            SettingRow("Timeout", StyledLine("\(function.timeout ?? 3) s")),
            SettingRow("Ephemeral storage", StyledLine("\((function.ephemeralStorage?.size ?? 512).grouped) MB")),
            SettingRow("Role", StyledLine(role), copy: role),
            SettingRow(
                "Log group", StyledLine(details.logGroup, .link),
                neighbour: ResourceName("arn:aws:logs:::log-group:\(details.logGroup)")),
            SettingRow("Tracing", StyledLine(function.tracingConfig?.mode ?? "PassThrough")),
            SettingRow("ARN", StyledLine(details.arn), copy: details.arn),
        ]
        if let url = details.functionURL { rows.append(SettingRow("Function URL", StyledLine(url))) }
        if let vpc = function.vpcConfig?.vpcId, !vpc.isEmpty { rows.append(SettingRow("VPC", StyledLine(vpc))) }
        return rows
    }

    private static func trigger(_ mapping: Lambda.EventSourceMappingConfiguration) -> SettingRow {
        let source = ResourceName(mapping.eventSourceArn ?? "")
        let mark: StatusMark =
            switch mapping.state {
            case "Enabled": .enabled
            case "Disabled": .disabled
            case "Creating", "Enabling", "Disabling", "Updating", "Deleting": .waiting
            default: .unknown
            }
        var parts = ["\(source.title), batch \(mapping.batchSize ?? 10)"]
        if let window = mapping.maximumBatchingWindowInSeconds, window > 0 { parts.append("window \(window) s") }
        if let most = mapping.scalingConfig?.maximumConcurrency { parts.append("at most \(most) at once") }
        if mapping.filterCriteria?.filters?.isEmpty == false { parts.append("filtered") }
        if let result = mapping.lastProcessingResult, !["OK", "No records processed"].contains(result) {
            parts.append("last result: \(result)")
        }
        var row = SettingRow(
            mapping.uuid ?? source.arn, mark.line(mapping.state ?? "Unknown"),
            note: StyledLine(parts.joined(separator: ", "), .dim), copy: source.arn,
            neighbour: source)
        row.name = StyledLine(source.name)
        row.isEnabled = mapping.state?.hasPrefix("Enabl") ?? true
        return row
    }

    /// Who may call it, what its role reaches, and what was denied.
    private static func permissions(_ details: FunctionDetails) -> [SettingRow] {
        callers(details) + reach(details) + denials(details)
    }

    private static func callers(_ details: FunctionDetails) -> [SettingRow] {
        details.policy.map { statement in
            let note = statement.sourceARN.map { ResourceName($0) }.map { "\($0.title) \($0.name)" } ?? "any source"
            return SettingRow(
                statement.id,
                [Span(statement.principal), Span(statement.effect == "Deny" ? "  denied" : "", .failure)],
                note: StyledLine(note, .dim), copy: statement.sourceARN ?? statement.principal,
                neighbour: statement.sourceARN.map { ResourceName($0) })
        }
    }

    private static func reach(_ details: FunctionDetails) -> [SettingRow] {
        guard let role = details.configuration.role, !details.policies.isEmpty || !details.rolePolicies.isEmpty else {
            return []
        }
        let found = ResourceName(role)
        var title = SettingRow(
            "role", StyledLine(found.name, found.address == nil ? .text : .link),
            note: StyledLine("what the function may do", .dim), copy: role, neighbour: found)
        title.name = "Execution role"
        title.isRemovable = false
        return [title]
            + details.policies.map { policy in
                let reach = PolicyReach(policy.text)
                var row = SettingRow(
                    "role/\(policy.id)", StyledLine(reach.actions),
                    note: StyledLine("\(policy.form == .boundary ? "at most " : "")\(reach.resources)", .dim),
                    copy: policy.text, neighbour: policy.arn.map { ResourceName($0) } ?? found)
                row.name = StyledLine("  \(policy.name)", .dim)
                row.isRemovable = false
                return row
            }
    }

    private static func denials(_ details: FunctionDetails) -> [SettingRow] {
        details.denials.enumerated().map { index, reason in
            var row = SettingRow(
                "denied/\(index)", StyledLine(reason.text, reason.rule == "AccessDenied" ? .failure : .warning),
                copy: reason.text, neighbour: reason.relatedARN.map { ResourceName($0) })
            row.name = StatusMark.warning.line(reason.rule == "AccessDenied" ? "Denied" : "Would be denied")
            row.isRemovable = false
            return row
        }
    }

    private static func concurrency(_ details: FunctionDetails) -> [SettingRow] {
        let reserved: StyledLine =
            switch details.reservedConcurrency {
            case .some(0): StatusMark.warning.line("0: every invocation is throttled")
            case .some(let number): StyledLine(number.grouped)
            case nil: StyledLine("Unreserved: shares what the account has left", .dim)
            }
        return [SettingRow("Reserved", reserved)]
            + details.provisioned.map { config in
                let qualifier = ResourceName.last(of: config.functionArn ?? "")
                let ready = (config.availableProvisionedConcurrentExecutions ?? 0).grouped
                let wanted = (config.requestedProvisionedConcurrentExecutions ?? 0).grouped
                let mark: StatusMark =
                    switch config.status {
                    case "READY": .enabled
                    case "FAILED": .failed
                    default: .waiting
                    }
                let reason = config.statusReason.map { ": \($0)" } ?? ""
                var row = SettingRow(
                    "provisioned/\(qualifier)", mark.line("\(ready) of \(wanted) ready\(reason)"),
                    copy: config.functionArn)
                row.name = StyledLine("Provisioned \(qualifier)")
                return row
            }
    }

    /// The alias or version whose provisioned concurrency a row of ``concurrency(_:)`` tells of.
    static func provisionedQualifier(_ row: String?) -> String? {
        guard let row, row.hasPrefix("provisioned/") else { return nil }
        return String(row.dropFirst("provisioned/".count))
    }

    private static func asynchronous(_ details: FunctionDetails) -> [SettingRow] {
        let config = details.invokeConfig
        func arn(_ label: String, _ arn: String?) -> SettingRow {
            guard let arn, !arn.isEmpty else { return SettingRow(label, StyledLine("none", .dim)) }
            let found = ResourceName(arn)
            return SettingRow(
                label, [Span(found.name, found.address == nil ? .text : .link), Span("  \(found.title)", .dim)],
                copy: arn, neighbour: found)
        }
        return [
            SettingRow(
                "Retry attempts",
                [Span("\(config?.maximumRetryAttempts ?? 2)"), Span(config == nil ? "  default" : "", .dim)]),
            SettingRow(
                "Maximum event age",
                [
                    Span("\((config?.maximumEventAgeInSeconds ?? 21_600).grouped) s"),
                    Span(config == nil ? "  default" : "", .dim),
                ]),
            arn("On success", config?.destinationConfig?.onSuccess?.destination),
            arn("On failure", config?.destinationConfig?.onFailure?.destination),
            arn("Dead-letter queue", details.configuration.deadLetterConfig?.targetArn),
        ]
    }
}

extension FunctionSection {
    /// An empty table with the columns of this section.
    var table: Table<SettingRow> {
        let columns: [TableColumn<SettingRow>] =
            switch self {
            case .general, .concurrency, .asynchronous:
                [
                    TableColumn("Setting", min: 17, ideal: 18) { TableCell($0.name) },
                    TableColumn("Value", min: 14) { TableCell($0.value) },
                ]
            case .triggers:
                [
                    TableColumn("Source", min: 12, order: TableColumn.by { $0.name.text }) { TableCell($0.name) },
                    TableColumn("State", min: 10, ideal: 11, order: TableColumn.by { $0.value.text }) {
                        TableCell($0.value)
                    },
                    TableColumn("Settings", min: 24, ideal: 44) { TableCell($0.note) },
                ]
            case .permissions:
                [
                    TableColumn("Statement", min: 10, ideal: 24, order: TableColumn.by { $0.id }) {
                        TableCell($0.name)
                    },
                    TableColumn("Principal", min: 17, order: TableColumn.by { $0.value.text }) { TableCell($0.value) },
                    TableColumn("Source", min: 20, ideal: 36) { TableCell($0.note) },
                ]
            case .environment, .tags:
                [
                    TableColumn("Name", min: 14, ideal: 24, order: TableColumn.by { $0.id }) { TableCell($0.name) },
                    TableColumn("Value", min: 14, order: TableColumn.by { $0.copy }) { TableCell($0.value) },
                ]
            case .layers:
                [
                    TableColumn("Layer", min: 16) { TableCell($0.name) },
                    TableColumn("Size", min: 8, ideal: 9, align: .right) { TableCell($0.value) },
                ]
            }
        return Table(id: "configuration.settings", columns: columns, empty: emptyText)
    }
}
