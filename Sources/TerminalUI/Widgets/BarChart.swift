/// Bars over time in eighth blocks: what a histogram shows. A period without a value is a gap.
public struct BarChart: Hashable, Sendable {
    public var series: ChartSeries
    /// Milliseconds that one bar stands for.
    public var period: Int64
    /// Milliseconds; the points' own range if `nil`.
    public var range: ClosedRange<Int64>?
    public var unit: String
    /// A moment to mark.
    public var cursor: Int64?

    public init(
        _ series: ChartSeries, period: Int64, range: ClosedRange<Int64>? = nil, unit: String = "", cursor: Int64? = nil
    ) {
        self.series = series
        self.period = max(1, period)
        self.range = range
        self.unit = unit
        self.cursor = cursor
    }

    public func render(on surface: Surface) {
        guard surface.width > 16, surface.height > 2 else { return }
        let known = series.points.compactMap { point in point.value.map { (time: point.time, value: $0) } }
        guard let first = range?.lowerBound ?? known.first?.time,
            let last = range?.upperBound ?? known.last.map({ $0.time + period }), !known.isEmpty
        else {
            surface.write(
                "No data in this range", x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
            return
        }
        let height = surface.height - 1
        let axes = ChartAxes(
            on: surface, values: known.map(\.value), from: first, to: last, height: height, unit: unit)
        axes.drawValues()
        drawBars(known, axes)
        axes.drawTimes()
        axes.drawCursor(cursor)
    }

    /// Of several bars in one column the tallest is drawn: a peak must not get lost.
    private func drawBars(_ known: [(time: Int64, value: Double)], _ axes: ChartAxes) {
        let plot = axes.plot
        let scale = axes.scale
        var heights = [Double](repeating: 0, count: plot.width)
        let span = Double(scale.to - scale.from)
        for (time, value) in known where time < scale.to && time + period > scale.from {
            let start = Double(time - scale.from) / span * Double(plot.width)
            let end = Double(time + period - scale.from) / span * Double(plot.width)
            let from = max(0, min(plot.width - 1, Int(start)))
            // A column between wide bars keeps them apart.
            let gap = end - start >= 4 ? 1 : 0
            let to = max(from + 1, min(plot.width, Int(end.rounded()) - gap))
            for x in from..<to { heights[x] = max(heights[x], value) }
        }
        let style = Style(series.role ?? .series1)
        let eighths = Double(plot.height * 8)
        for (x, value) in heights.enumerated() where value > 0 {
            var level = max(1, Int((value / scale.high * eighths).rounded()))
            var y = plot.height - 1
            while level > 0, y >= 0 {
                plot.put(Sparkline.blocks[min(level, 8) - 1], x: x, y: y, style)
                level -= 8
                y -= 1
            }
        }
    }
}

/// Values by name, the longest bar as wide as there is room: what a statistic by group shows.
public struct CategoryBars: Hashable, Sendable {
    public struct Bar: Hashable, Sendable {
        public var label: String
        public var value: Double

        public init(_ label: String, _ value: Double) {
            self.label = label
            self.value = value
        }
    }

    public var bars: [Bar]
    public var role: Role

    public init(_ bars: [Bar], role: Role = .series1) {
        self.bars = bars
        self.role = role
    }

    private static let parts: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]

    public func render(on surface: Surface) {
        guard surface.width > 16, surface.height > 0 else { return }
        let shown = bars.prefix(surface.height)
        let labels = min(surface.width / 3, shown.map(\.label.columns).max() ?? 0)
        let numbers = shown.map { AxisTicks.short($0.value) }
        let room = surface.width - labels - 2 - (numbers.map(\.count).max() ?? 0) - 1
        let longest = shown.map { abs($0.value) }.max() ?? 0
        for (y, bar) in shown.enumerated() {
            surface.write(bar.label.clippedInMiddle(to: labels), x: 0, y: y, width: labels, Style(.dim))
            let eighths = longest > 0 ? Int((abs(bar.value) / longest * Double(room * 8)).rounded()) : 0
            var x = labels + 1
            for _ in 0..<(eighths / 8) {
                surface.put(surface.isASCII ? "#" : "█", x: x, y: y, Style(role))
                x += 1
            }
            if eighths % 8 > 0, !surface.isASCII {
                surface.put(Self.parts[eighths % 8 - 1], x: x, y: y, Style(role))
                x += 1
            }
            surface.write(numbers[y], x: x + 1, y: y)
        }
    }
}
