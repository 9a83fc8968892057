import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One line of the explorer's chart: a metric, or math over others by their ids.
struct GraphLine: Identifiable, Hashable, Sendable {
    enum Source: Hashable, Sendable {
        /// With a statistic of its own, if it has one.
        case metric(MetricRow, statistic: String?)
        case math(String)
    }

    /// `m1`, `e1`: what math calls it.
    var id: String
    var source: Source
    var label: String?
    var isVisible = true

    var row: MetricRow? { if case .metric(let row, _) = source { row } else { nil } }
    var expression: String? { if case .math(let text) = source { text } else { nil } }

    /// - Parameter chosen: what the whole chart shows, where that was chosen.
    func statistic(_ chosen: String?) -> String? {
        guard case .metric(let row, let own) = source else { return nil }
        return chosen ?? own ?? row.suitingStatistic
    }

    /// In the legend. Nil leaves it to CloudWatch, which knows what a search found.
    func title(_ chosen: String?) -> String? {
        if let label { return label }
        guard let row, let statistic = statistic(chosen) else { return nil }
        return "\(row.label) \(statistic)"
    }

    func query(_ chosen: String?, period: Int) -> CloudWatch.MetricDataQuery {
        switch source {
        case .math(let text):
            return CloudWatch.MetricDataQuery(
                id: id, expression: text, label: label, returnData: isVisible, period: period)
        case .metric(let row, _):
            let metric = CloudWatch.Metric(
                namespace: row.namespace, metricName: row.name, dimensions: row.dimensions)
            return CloudWatch.MetricDataQuery(
                id: id,
                metricStat: CloudWatch.MetricStat(
                    metric: metric, period: period, stat: statistic(chosen) ?? "Average"), returnData: isVisible)
        }
    }

    /// As a row of a dashboard's widget.
    func widgetRow(_ chosen: String?) -> DocumentValue {
        var options: DocumentObject = ["id": .string(id)]
        if let label { options["label"] = .string(label) }
        if !isVisible { options["visible"] = false }
        switch source {
        case .math(let text):
            options["expression"] = .string(text)
            return [.object(options)]
        case .metric(let row, _):
            options["stat"] = .string(statistic(chosen) ?? "Average")
            let names = [row.namespace, row.name] + row.dimensions.flatMap { [$0.name, $0.value] }
            return .list(names.map { .string($0) } + [.object(options)])
        }
    }
}

extension MetricReading {
    /// The lines of the explorer, with the thresholds of alarms on what is charted.
    /// - Throws: `AWSError`
    static func read(
        _ lines: [GraphLine], statistic: String?, _ window: MetricWindow, _ context: ConsoleContext
    ) async throws -> MetricReading {
        let period = window.period
        var reading = try await read(
            lines.map { $0.query(statistic, period: period) }, seconds: window.seconds, period: period, context)
        let now = await context.now().epochMilliseconds
        for index in reading.ids.indices {
            guard let line = lines.first(where: { $0.id == reading.ids[index] }) else { continue }
            if let title = line.title(statistic) { reading.series[index].name = title }
            let counts = line.statistic(statistic)
            guard counts == "Sum" || counts == "SampleCount" else { continue }
            // A period without an event is a sum of nothing.
            reading.series[index].points = spaced(
                reading.series[index].points.filter { $0.value != nil }, period: Int64(period) * 1000,
                from: reading.range.lowerBound, to: min(now, reading.range.upperBound), fillsZero: true)
        }
        for row in lines.filter(\.isVisible).compactMap(\.row) {
            // Another endpoint may not know the operation: then no line is drawn.
            let alarms = try? await context.aws.call(
                CloudWatch.describeAlarmsForMetric,
                .init(metricName: row.name, namespace: row.namespace, dimensions: row.dimensions))
            reading.levels += (alarms?.metricAlarms ?? []).compactMap { alarm in
                alarm.threshold.map { ChartLevel($0, name: alarm.alarmName ?? "") }
            }
        }
        return reading
    }
}
