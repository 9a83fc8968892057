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

/// A value to draw a line at, as an alarm's threshold.
public struct ChartLevel: Hashable, Sendable {
    public var value: Double
    public var name: String
    public var role: Role

    public init(_ value: Double, name: String = "", role: Role = .warning) {
        self.value = value
        self.name = name
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
    /// Drawn across: thresholds of alarms, marks of a dashboard.
    public var levels: [ChartLevel]
    /// A moment to mark, with the values at it in the legend.
    public var cursor: Int64?
    public var showsLegend: Bool

    public init(
        _ series: [ChartSeries], range: ClosedRange<Int64>? = nil, unit: String = "", levels: [ChartLevel] = [],
        cursor: Int64? = nil, showsLegend: Bool = true
    ) {
        self.series = series
        self.range = range
        self.unit = unit
        self.levels = levels
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
        let known = series.flatMap { $0.points.compactMap(\.value) } + levels.map(\.value)
        let times = series.flatMap { $0.points.map(\.time) }
        guard let first = range?.lowerBound ?? times.min(), let last = range?.upperBound ?? times.max(), !known.isEmpty
        else {
            surface.write(
                "No data in this range", x: 0, y: surface.height / 2, width: surface.width, align: .centre, Style(.dim))
            return
        }
        let axes = ChartAxes(
            on: surface, values: known, from: first, to: last, height: plotHeight, unit: unit)
        let plot = axes.plot
        let scale = axes.scale
        axes.drawValues()
        for level in levels {
            let y = scale.row(level.value, rows: plotHeight)
            plot.horizontalLine(y: y, glyph: "╌", Style(level.role))
        }
        if surface.isASCII { drawLetters(on: plot, scale) } else { drawDots(on: plot, scale) }
        drawNames(on: plot, scale)
        axes.drawTimes()
        axes.drawCursor(cursor)
        if legendRows > 0 {
            let x = surface.width - plot.width
            drawLegend(on: surface.part(Rect(x: x, y: surface.height - 1, width: plot.width, height: 1)))
        }
    }

    private func drawDots(on plot: Surface, _ scale: ChartScale) {
        let width = plot.width * 2
        // Bits of a braille cell, by column and row.
        let bits: [[UInt32]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
        for index in series.indices {
            var dots: [Int: UInt32] = [:]
            forEachDot(series[index].points, width, scale, row: { scale.dot($0, rows: plot.height) }) { x, y in
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

    private func drawLetters(on plot: Surface, _ scale: ChartScale) {
        for index in series.indices {
            let letter = Self.letters[index % Self.letters.count]
            forEachDot(series[index].points, plot.width, scale, row: { scale.row($0, rows: plot.height) }) { x, y in
                plot.put(letter.unicodeScalars.first ?? "*", x: x, y: y, Style(role(index)))
            }
        }
    }

    /// Joins neighbouring points, but never across a gap.
    private func forEachDot(
        _ points: [ChartSeries.Point], _ width: Int, _ scale: ChartScale, row: (Double) -> Int,
        _ draw: (Int, Int) -> Void
    ) {
        var last: (x: Int, y: Int)?
        for point in points {
            guard let value = point.value else {
                last = nil
                continue
            }
            guard point.time >= scale.from, point.time <= scale.to else { continue }
            let x = scale.column(point.time, columns: width)
            let y = row(value)
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

    /// The names of the levels, at the right end above their line where that is free.
    private func drawNames(on plot: Surface, _ scale: ChartScale) {
        for level in levels where !level.name.isEmpty && level.name.columns + 2 < plot.width / 2 {
            let y = scale.row(level.value, rows: plot.height)
            plot.write(" \(level.name) ", x: plot.width - level.name.columns - 3, y: y, Style(level.role))
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
