/// One line of a chart: points in time order; a `nil` value is a gap.
public struct ChartSeries: Hashable, Sendable {
    public struct Point: Hashable, Sendable {
        /// Milliseconds since 1970.
        public var time: Int64
        public var value: Double?

        public init(time: Int64, value: Double?) {
            self.time = time
            self.value = value
        }
    }

    public var name: String
    public var points: [Point]
    /// A role of its own; else the series colours in turn.
    public var role: Role?

    public init(_ name: String, _ points: [Point], role: Role? = nil) {
        self.name = name
        self.points = points
        self.role = role
    }
}

/// A chart over time in braille dots, or in plain letters where braille cannot be shown. Pure: state is what it is given.
public struct LineChart: Hashable, Sendable {
    public var series: [ChartSeries]
    /// Milliseconds; the points' own range if `nil`.
    public var range: ClosedRange<Int64>?
    /// Appended to the labels of the value axis: ` ms`, ` B/s`.
    public var unit: String
    /// A level to draw across, as an alarm's threshold.
    public var threshold: Double?
    /// A moment to mark, with the values at it in the legend.
    public var cursor: Int64?
    public var showsLegend: Bool

    public init(
        _ series: [ChartSeries], range: ClosedRange<Int64>? = nil, unit: String = "", threshold: Double? = nil,
        cursor: Int64? = nil, showsLegend: Bool = true
    ) {
        self.series = series
        self.range = range
        self.unit = unit
        self.threshold = threshold
        self.cursor = cursor
        self.showsLegend = showsLegend
    }

    /// Marks the series in monochrome and ASCII, where dots have no colour of their own.
    private static let letters = Array("*o+x#@")

    private func role(_ index: Int) -> Role { series[index].role ?? .series(index) }

    public func render(on surface: Surface) {
        guard surface.width > 16, surface.height > 3 else { return }
        let legendRows = showsLegend && !series.isEmpty ? 1 : 0
        let plotHeight = surface.height - 1 - legendRows
        let known = series.flatMap { $0.points.compactMap(\.value) } + (threshold.map { [$0] } ?? [])
        let times = series.flatMap { $0.points.map(\.time) }
        guard let first = range?.lowerBound ?? times.min(), let last = range?.upperBound ?? times.max(), !known.isEmpty
        else {
            surface.write(
                "No data in this range", x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
            return
        }
        let highest = max(known.max() ?? 1, 0)
        let lowest = min(known.min() ?? 0, 0)
        let ticks = AxisTicks.values(
            from: lowest, to: highest > lowest ? highest : lowest + 1, count: max(1, plotHeight / 3))
        let low = ticks.first ?? 0
        let high = max(ticks.last ?? 1, low + 1e-9)
        let labels = ticks.map { AxisTicks.short($0) + unit }
        let axis = min(surface.width / 3, (labels.map(\.columns).max() ?? 1) + 1)
        let plot = surface.part(Rect(x: axis + 1, y: 0, width: surface.width - axis - 1, height: plotHeight))
        let scale = Scale(from: first, to: max(last, first + 1), low: low, high: high)

        surface.verticalLine(x: axis, from: 0, to: plotHeight)
        for (tick, label) in zip(ticks, labels) {
            let y = scale.row(tick, rows: plotHeight)
            surface.write(label, x: 0, y: y, width: axis - 1, align: .right, Style(.dim))
            surface.put("┤", x: axis, y: y, Style(.border))
            plot.horizontalLine(y: y, glyph: "┈", Style(.border))
        }
        if let threshold {
            plot.horizontalLine(y: scale.row(threshold, rows: plotHeight), glyph: "╌", Style(.warning))
        }
        if surface.isASCII { drawLetters(on: plot, scale) } else { drawDots(on: plot, scale) }
        drawTimes(on: surface, y: plotHeight, axis: axis, plot.width, scale)
        if let cursor, cursor >= scale.from, cursor <= scale.to {
            let x = scale.column(cursor, columns: plot.width)
            for y in 0..<plot.height {
                plot.restyle(Rect(x: x, y: y, width: 1, height: 1)) { $0.background = .selection }
            }
        }
        if legendRows > 0 {
            drawLegend(on: surface.part(Rect(x: axis + 1, y: surface.height - 1, width: plot.width, height: 1)))
        }
    }

    /// Where times and values fall.
    private struct Scale {
        let from: Int64
        let to: Int64
        let low: Double
        let high: Double

        init(from: Int64, to: Int64, low: Double, high: Double) {
            self.from = from
            self.to = to
            self.low = low
            self.high = high
        }

        func column(_ time: Int64, columns: Int) -> Int {
            Int((Double(time - from) / Double(to - from) * Double(columns - 1)).rounded())
        }

        func row(_ value: Double, rows: Int) -> Int {
            let share = (value - low) / (high - low)
            return max(0, min(rows - 1, Int(((1 - share) * Double(rows - 1)).rounded())))
        }
    }

    private func drawDots(on plot: Surface, _ scale: Scale) {
        let width = plot.width * 2
        let height = plot.height * 4
        // Bits of a braille cell, by column and row.
        let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        for index in series.indices {
            var dots: [Int: UInt32] = [:]
            forEachDot(series[index].points, width, height, scale) { x, y in
                dots[y / 4 * plot.width + x / 2, default: 0] |= bits[x % 2][y % 4]
            }
            for (cell, mask) in dots {
                let x = cell % plot.width
                let y = cell / plot.width
                let old = plot.buffer[plot.frame.x + x, plot.frame.y + y].glyph.id
                // Where two lines share a cell, both keep their dots and the later one its colour.
                let before = old >= 0x2800 && old <= 0x28FF ? old - 0x2800 : 0
                if let scalar = Unicode.Scalar(0x2800 + (mask | before)) {
                    plot.put(scalar, x: x, y: y, Style(role(index)))
                }
            }
        }
    }

    private func drawLetters(on plot: Surface, _ scale: Scale) {
        for index in series.indices {
            let letter = Self.letters[index % Self.letters.count]
            forEachDot(series[index].points, plot.width, plot.height, scale) { x, y in
                plot.put(letter.unicodeScalars.first ?? "*", x: x, y: y, Style(role(index)))
            }
        }
    }

    /// Joins neighbouring points, but never across a gap.
    private func forEachDot(
        _ points: [ChartSeries.Point], _ width: Int, _ height: Int, _ scale: Scale, _ draw: (Int, Int) -> Void
    ) {
        var last: (x: Int, y: Int)?
        for point in points {
            guard let value = point.value else {
                last = nil
                continue
            }
            guard point.time >= scale.from, point.time <= scale.to else { continue }
            let x = scale.column(point.time, columns: width)
            let y = scale.row(value, rows: height)
            let steps = last.map { max(abs(x - $0.x), abs(y - $0.y)) } ?? 0
            if let last, steps > 0 {
                for step in 0...steps {
                    draw(last.x + (x - last.x) * step / steps, last.y + (y - last.y) * step / steps)
                }
            } else {
                draw(x, y)
            }
            last = (x, y)
        }
    }

    private func drawTimes(on surface: Surface, y: Int, axis: Int, _ width: Int, _ scale: Scale) {
        surface.put("└", x: axis, y: y, Style(.border))
        surface.horizontalLine(y: y, from: axis + 1)
        var free = axis + 1
        for time in AxisTicks.times(from: scale.from, to: scale.to, count: max(1, width / 12)) {
            let label = AxisTicks.label(time, span: scale.to - scale.from)
            let x = axis + 1 + scale.column(time, columns: width)
            let start = min(max(axis + 1, x - label.count / 2), surface.width - label.count)
            guard start >= free else { continue }
            surface.write(" ", x: start - 1, y: y)
            surface.write(label, x: start, y: y, Style(.dim))
            if start + label.count < surface.width { surface.write(" ", x: start + label.count, y: y) }
            free = start + label.count + 2
        }
    }

    private func drawLegend(on row: Surface) {
        var x = 0
        for index in series.indices {
            let mark = row.isASCII ? String(Self.letters[index % Self.letters.count]) : "━"
            let value =
                cursor.flatMap { at in series[index].points.last { $0.time <= at }?.value }
                ?? series[index].points.last { $0.value != nil }?.value
            let number = value.map { " " + AxisTicks.short($0) + unit } ?? ""
            guard x + mark.count + series[index].name.columns + number.columns + 1 <= row.width || index == 0 else {
                row.write("…", x: min(x, row.width - 1), y: 0, Style(.dim))
                return
            }
            x = row.write(mark + " ", x: x, y: 0, Style(role(index)))
            x = row.write(series[index].name, x: x, y: 0, Style(.dim))
            x = row.write(number, x: x, y: 0) + 3
        }
    }
}
