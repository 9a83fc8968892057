import AWSModel
import AWSTypes

// PutDashboard, GetDashboard, ListDashboards, DeleteDashboards.

/// A dashboard as it was put. AWS: it belongs to the account, whatever the region.
struct Dashboard {
    var account: String
    var name: String
    var body: String
    var modified: Instant

    static func arn(_ name: String, _ scope: Scope) -> String {
        "arn:\(scope.partition):cloudwatch::\(scope.accountID):dashboard/\(name)"
    }
}

extension CloudWatchService {
    func putDashboard(
        _ input: CloudWatch.PutDashboardInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.PutDashboardOutput {
        let isName = input.dashboardName.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isName, !input.dashboardName.isEmpty, input.dashboardName.count <= 255 else {
            throw .metricParameterValue(
                "The value \(input.dashboardName) for field DashboardName contains invalid characters. It can only contain alphanumerics, dash (-) and underscore (_).\n"
            )
        }
        let messages = try Self.validate(input.dashboardBody)
        let dashboard = Dashboard(
            account: call.scope.accountID, name: input.dashboardName, body: input.dashboardBody, modified: call.time)
        dashboards[dashboard.account, default: [:]][dashboard.name] = dashboard
        core.journal.record(
            "INSERT OR REPLACE INTO cloudwatch_dashboards VALUES (?, ?, ?, ?)",
            [.text(dashboard.account), .text(dashboard.name), .text(dashboard.body), .instant(dashboard.modified)])
        core.attribute(call, to: Dashboard.arn(dashboard.name, call.scope))
        core.changes.mark(Self.dashboardTopic)
        return CloudWatch.PutDashboardOutput(dashboardValidationMessages: messages)
    }

    /// What is wrong but does no harm; what does harm is thrown.
    private static func validate(_ body: String) throws(ServiceError) -> [CloudWatch.DashboardValidationMessage] {
        func refused(_ path: String, _ message: String) -> ServiceError {
            ServiceError(
                "DashboardInvalidInputError", "The field DashboardBody must be a valid JSON object",
                fields: ["dashboardValidationMessages": [["DataPath": .string(path), "Message": .string(message)]]])
        }
        guard let root = (try? JSONReader.parse(body))?.object else { throw refused("/", "The body is no JSON object") }
        guard let widgets = root["widgets"] else { return [] }
        guard let list = widgets.list else { throw refused("/widgets", "Should be array") }
        var messages: [CloudWatch.DashboardValidationMessage] = []
        for (index, widget) in list.enumerated() {
            let path = "/widgets/\(index)"
            guard let type = widget["type"]?.string else {
                throw refused(path, "Should have required property 'type'")
            }
            if !["metric", "text", "log", "alarm", "explorer", "custom"].contains(type) {
                messages.append(
                    .init(dataPath: "\(path)/type", message: "Should be equal to one of the allowed values"))
            }
            if widget["properties"]?.object == nil {
                messages.append(.init(dataPath: path, message: "Should have required property 'properties'"))
            }
        }
        return messages
    }

    func getDashboard(
        _ input: CloudWatch.GetDashboardInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.GetDashboardOutput {
        guard let dashboard = dashboards[call.scope.accountID]?[input.dashboardName] else {
            throw ServiceError(
                "DashboardNotFoundError", "Dashboard \(input.dashboardName) does not exist", status: 404)
        }
        return CloudWatch.GetDashboardOutput(
            dashboardArn: Dashboard.arn(dashboard.name, call.scope), dashboardBody: dashboard.body,
            dashboardName: dashboard.name)
    }

    func listDashboards(
        _ input: CloudWatch.ListDashboardsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.ListDashboardsOutput {
        let found = (dashboards[call.scope.accountID] ?? [:]).values
            .filter { $0.name.hasPrefix(input.dashboardNamePrefix ?? "") }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let (page, next) = try Self.page(found, input.nextToken, limit: 1000) { $0.name }
        return CloudWatch.ListDashboardsOutput(
            dashboardEntries: page.map {
                CloudWatch.DashboardEntry(
                    dashboardName: $0.name, dashboardArn: Dashboard.arn($0.name, call.scope),
                    lastModified: $0.modified, size: $0.body.utf8.count)
            }, nextToken: next)
    }

    /// AWS: where one name is wrong, none is deleted.
    func deleteDashboards(
        _ input: CloudWatch.DeleteDashboardsInput, _ call: Call
    ) throws(ServiceError) -> CloudWatch.DeleteDashboardsOutput {
        guard !input.dashboardNames.isEmpty else { throw .metricParameterValue("Need at least 1 dashboard") }
        let account = call.scope.accountID
        let unknown = input.dashboardNames.filter { dashboards[account]?[$0] == nil }
        guard unknown.isEmpty else {
            throw ServiceError(
                "DashboardNotFoundError",
                "The specified dashboard does not exist. [\(unknown.joined(separator: ","))]", status: 404)
        }
        for name in input.dashboardNames {
            dashboards[account]?[name] = nil
            core.journal.record(
                "DELETE FROM cloudwatch_dashboards WHERE account = ? AND name = ?", [.text(account), .text(name)])
        }
        core.changes.mark(Self.dashboardTopic)
        return CloudWatch.DeleteDashboardsOutput()
    }

    func restoreDashboards(from store: StoredRows) throws(StorageError) {
        try store.forEach("SELECT account, name, body, modified FROM cloudwatch_dashboards") { row in
            let dashboard = Dashboard(
                account: row.text(0), name: row.text(1), body: row.text(2), modified: row.instant(3))
            dashboards[dashboard.account, default: [:]][dashboard.name] = dashboard
        }
    }
}
