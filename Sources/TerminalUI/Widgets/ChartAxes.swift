/// Where times and values fall in a chart's plot.
struct ChartScale {
    let from: Int64
    let to: Int64
    let low: Double
    let high: Double

    func column(_ time: Int64, columns: Int) -> Int {
        Int((Double(time - from) / Double(to - from) * Double(columns - 1)).rounded())
    }

    func row(_ value: Double, rows: Int) -> Int {
        let share = (value - low) / (high - low)
        return max(0, min(rows - 1, Int(((1 - share) * Double(rows - 1)).rounded())))
    }

    /// The row of dots, four a row of cells. A value on a tick is in the middle of the tick's row, where its line is.
    func dot(_ value: Double, rows: Int) -> Int {
        let share = (value - low) / (high - low)
        return max(0, min(4 * rows - 1, Int(((1 - share) * Double(4 * (rows - 1)) + 1.5).rounded(.down))))
    }
}

/// The axes that charts over time share: round values at the left, round times below.
struct ChartAxes {
    let scale: ChartScale
    /// Where the data are drawn.
    let plot: Surface
    private let surface: Surface
    private let ticks: [Double]
    private let labels: [String]
    private let axis: Int

    /// - Parameters:
    ///   - values: all values that must be seen; the axis starts at zero at the latest.
    ///   - height: rows of the plot; one more below takes the times.
    init(on surface: Surface, values: [Double], from first: Int64, to last: Int64, height: Int, unit: String) {
        let highest = max(values.max() ?? 1, 0)
        let lowest = min(values.min() ?? 0, 0)
        let ticks = AxisTicks.values(
            from: lowest, to: highest > lowest ? highest : lowest + 1, count: max(1, height / 3))
        let labels = ticks.map { AxisTicks.short($0) + unit }
        let axis = min(surface.width / 3, (labels.map(\.columns).max() ?? 1) + 1)
        let low = ticks.first ?? 0
        scale = ChartScale(from: first, to: max(last, first + 1), low: low, high: max(ticks.last ?? 1, low + 1e-9))
        plot = surface.part(Rect(x: axis + 1, y: 0, width: surface.width - axis - 1, height: height))
        self.surface = surface
        self.ticks = ticks
        self.labels = labels
        self.axis = axis
    }

    func drawValues() {
        surface.verticalLine(x: axis, from: 0, to: plot.height)
        for (tick, label) in zip(ticks, labels) {
            let y = scale.row(tick, rows: plot.height)
            surface.write(label, x: 0, y: y, width: axis - 1, align: .right, Style(.dim))
            surface.put("┤", x: axis, y: y, Style(.border))
            plot.horizontalLine(y: y, glyph: "┈", Style(.border))
        }
    }

    func drawTimes() {
        let y = plot.height
        surface.put("└", x: axis, y: y, Style(.border))
        surface.horizontalLine(y: y, from: axis + 1)
        var free = axis + 1
        for time in AxisTicks.times(from: scale.from, to: scale.to, count: max(1, plot.width / 12)) {
            let label = AxisTicks.label(time, span: scale.to - scale.from)
            let x = axis + 1 + scale.column(time, columns: plot.width)
            let start = min(max(axis + 1, x - label.count / 2), surface.width - label.count)
            guard start >= free else { continue }
            surface.write(" ", x: start - 1, y: y)
            surface.write(label, x: start, y: y, Style(.dim))
            if start + label.count < surface.width { surface.write(" ", x: start + label.count, y: y) }
            free = start + label.count + 2
        }
    }

    /// Marks a moment, if it is in the chart.
    func drawCursor(_ cursor: Int64?) {
        guard let cursor, cursor >= scale.from, cursor <= scale.to else { return }
        let x = scale.column(cursor, columns: plot.width)
        for y in 0..<plot.height {
            plot.restyle(Rect(x: x, y: y, width: 1, height: 1)) { $0.background = .selection }
        }
    }
}
