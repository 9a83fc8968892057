import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A filter of a log group: what it looks for, and what comes of it.
struct LogFilterReading: Identifiable, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// Counts or takes values into a metric.
        case metric(Logs.MetricTransformation)
        /// Sends events on to a function, a stream or a destination.
        case subscription(arn: String, roleArn: String?)
    }

    var name: String
    var pattern: String
    var kind: Kind

    var id: String { "\(isMetric ? "m" : "s")/\(name)" }
    var isMetric: Bool { if case .metric = kind { true } else { false } }

    /// `Shop/Errors = 1`, or whom it feeds.
    var target: String {
        switch kind {
        case .metric(let made):
            let unit = made.unit.map { " \($0)" } ?? ""
            return "\(made.metricNamespace)/\(made.metricName) = \(made.metricValue)\(unit)"
        case .subscription(let arn, _): return ResourceName(arn).shortLabel
        }
    }

    /// - Throws: `AWSError`
    static func list(_ group: String, _ context: ConsoleContext) async throws -> [LogFilterReading] {
        var found: [LogFilterReading] = []
        var token: String?
        repeat {
            let page = try await context.aws.call(
                Logs.describeMetricFilters, .init(logGroupName: group, nextToken: token))
            for filter in page.metricFilters ?? [] {
                for made in filter.metricTransformations ?? [] {
                    found.append(
                        LogFilterReading(
                            name: filter.filterName ?? "", pattern: filter.filterPattern ?? "", kind: .metric(made)))
                }
            }
            token = page.nextToken
        } while token != nil && !Task.isCancelled
        let output = try await context.aws.call(Logs.describeSubscriptionFilters, .init(logGroupName: group))
        found += (output.subscriptionFilters ?? []).map {
            LogFilterReading(
                name: $0.filterName ?? "", pattern: $0.filterPattern ?? "",
                kind: .subscription(arn: $0.destinationArn ?? "", roleArn: $0.roleArn))
        }
        return found
    }

    // MARK: Forms

    static func form(_ filter: LogFilterReading?, pattern: String, isMetric: Bool) -> Form {
        var fields = [
            FormField(
                "name", "Name", value: filter?.name ?? "", hint: "1–512 characters; the same name replaces a filter",
                required: true, validate: { text, _ in text.count > 512 ? "At most 512 characters" : nil }),
            FormField(
                "pattern", "Pattern", value: filter?.pattern ?? pattern,
                hint: "ERROR · ?ERROR ?WARN · { $.level = \"error\" } · [ip, user, code = 4*]; empty matches all"),
        ]
        if isMetric {
            var made: Logs.MetricTransformation?
            if case .metric(let known) = filter?.kind { made = known }
            fields += [
                FormField(
                    "namespace", "Namespace", value: made?.metricNamespace ?? "", hint: "of the metric, as Shop",
                    required: true),
                FormField("metric", "Metric", value: made?.metricName ?? "", required: true),
                FormField(
                    "value", "Value", value: made?.metricValue ?? "1", hint: "a number, or a field as $.ms or $bytes",
                    required: true),
                FormField(
                    "default", "Default", value: made?.defaultValue.map { AxisTicks.short($0) } ?? "",
                    hint: "what stands in where nothing matches; none if empty",
                    validate: { text, _ in Double(text) == nil ? "A number is needed" : nil }),
                FormField(
                    "unit", "Unit", value: made?.unit ?? "", hint: "Count, Milliseconds, Bytes, …; none if empty"),
            ]
        } else {
            var known: (arn: String, role: String?) = ("", nil)
            if case .subscription(let arn, let role) = filter?.kind { known = (arn, role) }
            fields += [
                FormField(
                    "destination", "Destination", value: known.arn, hint: "ARN of a function that Logs may invoke",
                    placeholder: "arn:aws:lambda:…", required: true,
                    validate: { text, _ in text.hasPrefix("arn:") ? nil : "An ARN is needed" }),
                FormField("role", "Role", value: known.role ?? "", hint: "only for streams; none for a function"),
            ]
        }
        let noun = isMetric ? "metric filter" : "subscription filter"
        return Form(filter == nil ? "Create \(noun)" : "Edit \(noun)", submit: "Save", fields)
    }

    /// - Throws: `AWSError`
    static func save(
        _ values: FormValues, isMetric: Bool, group: String, _ context: ConsoleContext
    ) async throws {
        if isMetric {
            let made = Logs.MetricTransformation(
                metricName: values["metric"], metricNamespace: values["namespace"], metricValue: values["value"],
                defaultValue: Double(values["default"]), unit: values.optional("unit"))
            _ = try await context.aws.call(
                Logs.putMetricFilter,
                .init(
                    logGroupName: group, filterName: values["name"], filterPattern: values["pattern"],
                    metricTransformations: [made]))
        } else {
            _ = try await context.aws.call(
                Logs.putSubscriptionFilter,
                .init(
                    logGroupName: group, filterName: values["name"], filterPattern: values["pattern"],
                    destinationArn: values["destination"], roleArn: values.optional("role")))
        }
    }
}
