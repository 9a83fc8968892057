import AWSModel
import AWSTypes
import TerminalUI

/// The metrics of a widget, with the shorthand of a dashboard's body resolved.
struct MetricWidget: Sendable {
    /// `timeSeries`, `singleValue`, `gauge`, `bar`, `pie`, `table`.
    var view: String
    var requests: [CloudWatch.MetricDataQuery] = []
    /// Ids of those to show.
    var shown: Set<String> = []
    /// Seconds, where the widget names them.
    var period: Int?
    var levels: [ChartLevel] = []
    /// Alarms whose thresholds are drawn.
    var alarmArns: [String] = []

    init(_ properties: DocumentObject) {
        view = properties.string("view") ?? "timeSeries"
        period = properties.integer("period")
        let annotations = properties.object("annotations")
        for level in annotations?.list("horizontal") ?? [] {
            // A pair of them is a band: both its edges are drawn.
            for part in level.list ?? [level] {
                guard let value = part["value"]?.double else { continue }
                levels.append(ChartLevel(value, name: part["label"]?.string ?? ""))
            }
        }
        alarmArns = (annotations?.list("alarms") ?? []).compactMap(\.string)
        let statistic = properties.string("stat") ?? "Average"
        var previous: [String] = []
        for (index, row) in (properties.list("metrics") ?? []).enumerated() {
            guard let row = row.list else { continue }
            let options = row.last?.object ?? [:]
            let names = Self.resolved(row.compactMap(\.string), previous)
            if !names.isEmpty { previous = names }
            let id = options.string("id") ?? "skua\(index)"
            var request = CloudWatch.MetricDataQuery(id: id, label: options.string("label"), returnData: true)
            if let expression = options.string("expression") {
                request.expression = expression
                request.period = options.integer("period") ?? period
            } else {
                guard names.count >= 2 else { continue }
                let pairs = stride(from: 2, to: names.count - 1, by: 2).map {
                    CloudWatch.Dimension(name: names[$0], value: names[$0 + 1])
                }
                request.metricStat = CloudWatch.MetricStat(
                    metric: CloudWatch.Metric(namespace: names[0], metricName: names[1], dimensions: pairs),
                    period: options.integer("period") ?? period ?? 0, stat: options.string("stat") ?? statistic)
            }
            requests.append(request)
            if options["visible"]?.bool ?? true { shown.insert(id) }
        }
    }

    /// `.` is what stands at that place in the row before, `...` all of it up to what follows.
    private static func resolved(_ names: [String], _ previous: [String]) -> [String] {
        if names.first == "..." {
            let own = Array(names.dropFirst())
            return Array(previous.prefix(max(0, previous.count - own.count))) + own
        }
        return names.enumerated().map { index, name in name == "." && index < previous.count ? previous[index] : name }
    }

    /// The queries for a window: what names no period takes that of the window.
    func queries(period windowPeriod: Int) -> [CloudWatch.MetricDataQuery] {
        requests.map { request in
            var request = request
            if let stat = request.metricStat, stat.period == 0 { request.metricStat?.period = period ?? windowPeriod }
            if request.expression != nil, request.period == nil { request.period = period ?? windowPeriod }
            return request
        }
    }

    /// A short text for a line without a label.
    func label(_ id: String) -> String? {
        guard let request = requests.first(where: { $0.id == id }), request.label == nil,
            let metric = request.metricStat?.metric
        else { return nil }
        let values = (metric.dimensions ?? []).map { ResourceName.last(of: $0.value) }
        return ([metric.metricName ?? ""] + values).joined(separator: " ")
    }
}
