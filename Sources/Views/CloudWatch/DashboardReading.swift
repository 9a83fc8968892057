import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// A dashboard with what its widgets show.
struct DashboardReading: Sendable {
    enum Panel: Sendable {
        case metric(MetricReading, levels: [ChartLevel])
        case log(InsightsResult, bounds: ClosedRange<Int64>)
        case alarms([AlarmReading])
        case failure(String)
    }

    var body: DashboardBody
    /// As it was put.
    var text: String
    /// By the widget's id; none for texts.
    var panels: [Int: Panel] = [:]
    var isAnnounced: Bool

    /// - Throws: `AWSError` where the dashboard itself cannot be read; what a widget cannot read it says itself.
    static func read(_ name: String, _ window: MetricWindow, _ context: ConsoleContext) async throws
        -> DashboardReading
    {
        let text = try await context.aws.call(CloudWatch.getDashboard, .init(dashboardName: name)).dashboardBody ?? ""
        var reading = DashboardReading(
            body: DashboardBody(text), text: text, isAnnounced: context.capabilities.hasEngine)
        for widget in reading.body.widgets where !Task.isCancelled {
            do {
                reading.panels[widget.id] = try await panel(of: widget, window, context)
            } catch {
                reading.panels[widget.id] = .failure(error.sentence)
            }
        }
        return reading
    }

    private static func panel(
        of widget: DashboardWidget, _ window: MetricWindow, _ context: ConsoleContext
    ) async throws -> Panel? {
        switch widget.content {
        case .text, .unsupported: return nil
        case .alarms(let arns): return .alarms(try await alarms(arns, context))
        case .metric(let widget):
            let period = window.chosenPeriod ?? widget.period ?? window.period
            var levels = widget.levels
            if !widget.alarmArns.isEmpty {
                levels += try await alarms(widget.alarmArns, context).compactMap { alarm in
                    alarm.threshold.map { ChartLevel($0, name: alarm.name, role: alarm.mark.role) }
                }
            }
            guard !widget.requests.isEmpty else { return .failure("This widget names no metric.") }
            var metric = try await MetricReading.read(
                widget.queries(period: period), seconds: window.seconds, period: period, context)
            for index in metric.ids.indices {
                if let label = widget.label(metric.ids[index]) { metric.series[index].name = label }
            }
            let shown = metric.ids.indices.filter { widget.shown.contains(metric.ids[$0]) }
            metric.series = shown.map { metric.series[$0] }
            metric.ids = shown.map { metric.ids[$0] }
            return .metric(metric, levels: levels)
        case .log(let widget):
            guard !widget.groups.isEmpty else { return .failure("The query names no SOURCE.") }
            let now = await context.now().epochMilliseconds
            let bounds = (now - Int64(window.seconds) * 1000)...now
            let id = try await context.aws.call(
                Logs.startQuery,
                .init(
                    logGroupNames: widget.groups, startTime: Int(bounds.lowerBound / 1000),
                    endTime: Int((bounds.upperBound + 999) / 1000), queryString: widget.query)
            ).queryId
            var result: InsightsResult
            repeat {
                try await Task.sleep(for: .milliseconds(20))
                result = InsightsResult(try await context.aws.call(Logs.getQueryResults, .init(queryId: id ?? "")))
            } while result.isRunning && !Task.isCancelled
            return .log(result, bounds: bounds)
        }
    }

    private static func alarms(_ arns: [String], _ context: ConsoleContext) async throws -> [AlarmReading] {
        let names = arns.map { ResourceName.last(of: $0) }
        let found = try await AlarmReading.read(names, context)
        return names.compactMap { name in found.first { $0.name == name } }
    }
}

/// Where the widgets of a dashboard stand on a screen.
struct DashboardLayout: Sendable {
    /// Narrower than this nothing can be read.
    private static let narrowest = 36

    /// In the order of the widgets.
    private(set) var places: [Rect] = []
    private(set) var height = 0

    /// As the dashboard has it where that is wide enough; else in its order, side by side while there is room.
    init(_ widgets: [DashboardWidget], width: Int, rowsPerUnit: Double) {
        let isWide = widgets.allSatisfy {
            $0.width * width / DashboardBody.columns >= min(Self.narrowest, width)
                || $0.isSmall
                    && $0.width * width
                        / DashboardBody.columns >= 18
        }
        func rows(_ units: Int) -> Int { Int((Double(units) * rowsPerUnit).rounded()) }
        if isWide {
            for widget in widgets {
                let left = widget.x * width / DashboardBody.columns
                let right = min(width, (widget.x + widget.width) * width / DashboardBody.columns)
                let top = rows(widget.y)
                places.append(
                    Rect(
                        x: left, y: top, width: max(1, right - left),
                        height: max(3, rows(widget.y + widget.height) - top)))
            }
        } else {
            flow(widgets, width: width, rows: rows)
        }
        height = places.map(\.maxY).max() ?? 0
    }

    private mutating func flow(_ widgets: [DashboardWidget], width: Int, rows: (Int) -> Int) {
        let across = max(1, width / Self.narrowest)
        var x = 0
        var y = 0
        var line: [Int] = []
        func close(_ places: inout [Rect]) {
            // The panels of one line end together, at both edges.
            let tallest = line.map { places[$0].height }.max() ?? 0
            for index in line { places[index].height = tallest }
            if let last = line.last { places[last].width = width - places[last].x }
            y += tallest
            x = 0
            line = []
        }
        for widget in widgets {
            let parts = max(1, min(across, (widget.width * across + DashboardBody.columns / 2) / DashboardBody.columns))
            let wanted = parts * width / across
            if x + wanted > width { close(&places) }
            let height = max(widget.isSmall ? 4 : 7, rows(widget.height))
            line.append(places.count)
            places.append(Rect(x: x, y: y, width: wanted, height: height))
            x += wanted
        }
        close(&places)
    }
}

extension DashboardWidget {
    /// Texts and numbers do with little room.
    var isSmall: Bool {
        switch content {
        case .text, .alarms, .unsupported: true
        case .metric(let widget): widget.view == "singleValue"
        case .log: false
        }
    }
}
