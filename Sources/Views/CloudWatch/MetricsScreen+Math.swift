import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

// Math over what is charted, and the way onto a dashboard.

extension MetricsScreen {
    func startMath() -> [Effect<Message>] {
        let own = lines.filter { $0.expression != nil }
        guard !own.isEmpty else { return [.form(mathForm(nil)) { .mathWritten($0, nil) }] }
        let more = Availability.when(lines.count < Self.mostSeries, otherwise: "Six lines are enough")
        let items =
            [MenuItem("new", "New expression", availability: more)]
            + own.map { MenuItem(ActionID("edit.\($0.id)"), "Change \($0.id)", detail: $0.expression ?? "") }
            + own.map { MenuItem(ActionID("drop.\($0.id)"), "Take \($0.id) away", destructive: true) }
        return [.menu(Menu("Math", items)) { .mathChosen($0) }]
    }

    mutating func chooseMath(_ action: ActionID) -> [Effect<Message>] {
        let parts = action.name.split(separator: ".").map(String.init)
        let line = parts.count == 2 ? lines.first { $0.id == parts[1] } : nil
        if parts.first == "drop" {
            lines.removeAll { $0.id == line?.id }
            return read()
        }
        return [.form(mathForm(line)) { .mathWritten($0, line) }]
    }

    /// The form names the ids that an expression can use.
    private func mathForm(_ line: GraphLine?) -> Form {
        let others = charted.filter { $0.id != line?.id }
        let ids = others.map { "\($0.id) \($0.title(statistic) ?? $0.expression ?? "")" }
        return Form(
            line.map { "Math \($0.id)" } ?? "New math", submit: "Chart",
            [
                FormField(
                    "expression", "Expression", value: line?.expression ?? "",
                    hint: ids.isEmpty
                        ? #"SEARCH('{AWS/Lambda,FunctionName} MetricName="Errors"', 'Sum', 60)"#
                        : ids.joined(separator: " · "),
                    placeholder: ids.count > 1 ? "100 * m2 / m1" : "RATE(m1)", required: true),
                FormField("label", "Label", value: line?.label ?? "", hint: "In the legend; CloudWatch's own if empty"),
            ])
    }

    mutating func write(_ values: FormValues, _ line: GraphLine?) {
        let new = GraphLine(
            id: line?.id ?? freeID("e"), source: .math(values["expression"]), label: values.optional("label"))
        if let index = lines.firstIndex(where: { $0.id == new.id }) {
            lines[index] = new
        } else {
            lines = charted + [new]
            colours.set(chosen)
        }
    }

    // MARK: Alarms

    var alarmForm: Form? {
        metrics.selected.map { row in
            AlarmForm.form(AlarmForm.draft(on: row, statistic: statistic ?? row.suitingStatistic))
        }
    }

    func saveAlarm(_ values: FormValues) -> Effect<Message> {
        .work("alarm") { context in
            _ = try await context.aws.call(CloudWatch.putMetricAlarm, AlarmForm.input(values, nil))
        } then: {
            .alarmSaved($0, values)
        }
    }

    // MARK: Dashboards

    static var dashboardForm: Form {
        Form(
            "Put on a dashboard", submit: "Add",
            [
                DashboardListScreen.nameField,
                FormField("title", "Title", hint: "Of the panel; the metric's name if empty"),
                FormField(
                    "view", "View", .choice(["timeSeries", "singleValue", "bar", "table"]), value: "timeSeries",
                    hint: "← → choose"),
            ])
    }

    func addToDashboard(_ values: FormValues) -> Effect<Message> {
        let rows = charted.map { $0.widgetRow(statistic) }
        var properties: DocumentObject = ["metrics": .list(rows), "view": .string(values["view"])]
        if let title = values.optional("title") { properties["title"] = .string(title) }
        if let period = window.chosenPeriod { properties["period"] = .integer(Int64(period)) }
        let widget: DocumentObject = ["type": "metric", "properties": .object(properties)]
        let name = values["name"]
        let height = values["view"] == "singleValue" ? 3 : 6
        return .work("add") { context in
            var body = #"{"widgets": []}"#
            do {
                let known = try await context.aws.call(CloudWatch.getDashboard, .init(dashboardName: name))
                body = known.dashboardBody ?? body
            } catch let error as AWSError where error.code.contains("NotFound") {
                // A new one is made.
            }
            _ = try await context.aws.call(
                CloudWatch.putDashboard,
                .init(dashboardName: name, dashboardBody: DashboardBody.adding(widget, height: height, to: body)))
        } then: {
            .added(name, $0)
        }
    }
}
