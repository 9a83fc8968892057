import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// One row of a query's answer: fields and their values as text.
struct InsightsRow: Identifiable, Hashable, Sendable {
    var id: Int
    var values: [String: String]

    subscript(_ name: String) -> String? { values[name] }
    var pointer: String? { values["@ptr"] }
}

/// What a Logs Insights query has come to so far.
struct InsightsResult: Sendable {
    /// In the order in which they come; `@ptr` is for opening a record and not among them.
    var columns: [String] = []
    var rows: [InsightsRow] = []
    var isRunning = false
    var status = ""
    var matched = 0
    var scanned = 0
    var bytes = 0

    init(_ response: Logs.GetQueryResultsResponse) {
        status = response.status ?? "Unknown"
        isRunning = status == "Running" || status == "Scheduled"
        matched = Int(response.statistics?.recordsMatched ?? 0)
        scanned = Int(response.statistics?.recordsScanned ?? 0)
        bytes = Int(response.statistics?.bytesScanned ?? 0)
        var seen: Set<String> = ["@ptr"]
        for (index, fields) in (response.results ?? []).enumerated() {
            var values: [String: String] = [:]
            for field in fields {
                guard let name = field.field else { continue }
                values[name] = field.value ?? ""
                if seen.insert(name).inserted { columns.append(name) }
            }
            rows.append(InsightsRow(id: index, values: values))
        }
    }

    /// `12 of 340 events matched, 18 kB read`.
    var summary: String {
        "\(matched.grouped) of \(Quantity.count(scanned, "event")) matched, \(Quantity.bytes(bytes)) read"
    }

    /// A table for its columns; the one that holds most takes what room is left.
    func table() -> Table<InsightsRow> {
        let sample = rows.prefix(100)
        let widths = columns.map { name in
            max(name.columns, sample.map { ($0[name] ?? "").columns }.max() ?? 0)
        }
        let widest = columns.indices.max { widths[$0] < widths[$1] }
        let made = columns.indices.map { index in
            let name = columns[index]
            let isNumber = sample.allSatisfy { Double($0[name] ?? "0") != nil }
            let width = min(widths[index], 40)
            return TableColumn<InsightsRow>(
                name, min: min(max(name.columns, 6), 14, max(width, 4)), ideal: index == widest ? nil : width,
                align: isNumber ? .right : .left,
                order: { left, right in Self.precedes(left[name], right[name]) },
                { TableCell(Self.oneLine($0[name]), name == "@timestamp" ? .dim : .text) })
        }
        return Table(
            id: "rows", columns: made.isEmpty ? [TableColumn("Result") { _ in TableCell("") }] : made, rows: rows,
            empty: "Nothing matched. Widen the range with p, or change the query with e.")
    }

    private static func precedes(_ left: String?, _ right: String?) -> Bool {
        guard let left else { return false }
        guard let right else { return true }
        if let a = Double(left), let b = Double(right) { return a < b }
        return left < right
    }

    private static func oneLine(_ text: String?) -> String {
        guard let text else { return "–" }
        return text.contains { $0.isNewline || $0 == "\t" }
            ? text.split { $0.isNewline || $0 == "\t" }.joined(separator: "  ") : text
    }
}

/// Which stretch of time a query looks at.
struct InsightsRange: Hashable, Sendable {
    static let choices: [(title: String, seconds: Int)] =
        MetricWindow.ranges + [("1 month", 2_592_000), ("1 year", 31_536_000)]

    /// Back from now.
    var seconds = 3600
    /// Milliseconds since 1970; in place of what is counted back from now.
    var fixed: ClosedRange<Int64>?

    var title: String {
        if let fixed {
            return
                "\(ElapsedTime.date(Instant(epochMilliseconds: fixed.lowerBound))) – \(ElapsedTime.date(Instant(epochMilliseconds: fixed.upperBound)))"
        }
        return "last " + (Self.choices.first { $0.seconds == seconds }?.title ?? "\(seconds) s")
    }

    /// Milliseconds since 1970.
    func bounds(now: Int64) -> ClosedRange<Int64> { fixed ?? (now - Int64(seconds) * 1000)...now }

    var menu: Menu {
        Menu(
            "Range",
            Self.choices.map {
                MenuItem(
                    ActionID(String($0.seconds)), "Last \($0.title)",
                    detail: fixed == nil && $0.seconds == seconds ? "now" : "")
            } + [MenuItem("custom", "From … to …")])
    }

    static func form(now: Int64) -> Form {
        @Sendable func check(_ text: String, _: FormValues) -> String? {
            LogReading.time(text, now: now) == nil ? "14:02, 2026-11-23 14:02, or -15m" : nil
        }
        return Form(
            "Range", submit: "Set",
            [
                FormField(
                    "from", "From (UTC)", hint: "14:02, 2026-11-23 14:02, or -2h before now", placeholder: "-2h",
                    required: true, validate: check),
                FormField("to", "To (UTC)", hint: "as above; now if left empty", placeholder: "now", validate: check),
            ])
    }
}

/// Where in a query something is wrong.
struct InsightsProblem: Hashable, Sendable {
    var message: String
    var position: TextPosition?

    /// - Parameter query: what was run.
    init(_ error: any Error, in query: String) {
        guard let error = error as? AWSError, error.code == "MalformedQueryException" else {
            message = error.sentence
            return
        }
        let compile = error.fields.object("queryCompileError")
        message = compile?.string("message") ?? error.message
        guard let offset = compile?.object("location")?.integer("startCharOffset") else { return }
        let before = query.prefix(offset)
        let line = before.count { $0.isNewline }
        let column = before.reversed().prefix { !$0.isNewline }.count
        position = TextPosition(line: line, column: column)
    }

    var text: String {
        position.map { "line \($0.line + 1), column \($0.column + 1): \(message)" } ?? message
    }
}
