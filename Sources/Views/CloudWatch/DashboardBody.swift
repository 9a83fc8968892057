import AWSModel
import AWSTypes
import TerminalUI

/// A dashboard as its JSON describes it: widgets on a grid of 24 columns.
struct DashboardBody: Sendable {
    static let columns = 24

    var widgets: [DashboardWidget] = []
    /// Why there are none.
    var failure: String?

    init(_ text: String) {
        guard let root = (try? JSONReader.parse(text))?.object else {
            failure = "The body of this dashboard is no JSON object."
            return
        }
        var next = 0
        widgets = (root.list("widgets") ?? []).enumerated().compactMap { index, value in
            guard let widget = value.object else { return nil }
            let height = widget.integer("height") ?? 6
            // AWS: a widget without a place goes below the others.
            let y = widget.integer("y") ?? next
            next = max(next, y + height)
            return DashboardWidget(
                id: index, x: widget.integer("x") ?? 0, y: y, width: min(widget.integer("width") ?? 6, Self.columns),
                height: height, type: widget.string("type") ?? "", properties: widget.object("properties") ?? [:])
        }
        widgets.sort { ($0.y, $0.x, $0.id) < ($1.y, $1.x, $1.id) }
        if widgets.isEmpty { failure = "No widgets yet. e edits the body; ^T there puts one in." }
    }

    /// The body with one more widget, below the others.
    static func adding(_ widget: DocumentObject, height: Int, to text: String) -> String {
        var root = (try? JSONReader.parse(text))?.object ?? [:]
        let bottom = DashboardBody(text).widgets.map { $0.y + $0.height }.max() ?? 0
        var placed = widget
        placed["x"] = 0
        placed["y"] = .integer(Int64(bottom))
        placed["width"] = 12
        placed["height"] = .integer(Int64(height))
        root["widgets"] = .list((root.list("widgets") ?? []) + [.object(placed)])
        return JSONWriter.string(.object(root), pretty: true)
    }
}

/// One widget: where it stands, and what it shows.
struct DashboardWidget: Identifiable, Sendable {
    enum Content: Sendable {
        case metric(MetricWidget)
        case text([StyledLine])
        case log(LogWidget)
        case alarms([String])
        /// With the reason.
        case unsupported(String)
    }

    var id: Int
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var title: String
    var content: Content

    init(id: Int, x: Int, y: Int, width: Int, height: Int, type: String, properties: DocumentObject) {
        (self.id, self.x, self.y, self.width, self.height) = (id, x, y, max(1, width), max(1, height))
        title = properties.string("title") ?? ""
        switch type {
        case "metric": content = .metric(MetricWidget(properties))
        case "text": content = .text(MarkdownText.lines(properties.string("markdown") ?? ""))
        case "log": content = .log(LogWidget(properties))
        case "alarm": content = .alarms((properties.list("alarms") ?? []).compactMap(\.string))
        case "explorer": content = .unsupported("Explorer widgets choose resources by tags; Skua does not draw them.")
        case "custom": content = .unsupported("Custom widgets run a function for HTML; Skua does not draw them.")
        default: content = .unsupported("A widget of type “\(type)” is not known.")
        }
        if title.isEmpty { title = content.title }
    }
}

extension DashboardWidget.Content {
    fileprivate var title: String {
        switch self {
        case .metric(let widget): widget.requests.first?.metricStat?.metric.metricName ?? "Metric"
        case .text: ""
        case .log: "Log query"
        case .alarms: "Alarms"
        case .unsupported: "Widget"
        }
    }
}

/// A query over log groups in a widget: `SOURCE 'a' | SOURCE 'b' | fields @message`.
struct LogWidget: Sendable {
    var groups: [String] = []
    var query: String
    /// `table`, `bar`, `timeSeries`, `pie`.
    var view: String

    init(_ properties: DocumentObject) {
        view = properties.string("view") ?? "table"
        var rest = (properties.string("query") ?? "")[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "|" }
            guard rest.prefix(6).uppercased() == "SOURCE" else { break }
            let after = rest.dropFirst(6).drop { $0.isWhitespace }
            guard let quote = after.first, quote == "'" || quote == "\"",
                let end = after.dropFirst().firstIndex(of: quote)
            else { break }
            groups.append(String(after[after.index(after: after.startIndex)..<end]))
            rest = after[after.index(after: end)...]
        }
        query = String(rest)
    }
}

/// The little Markdown of text widgets: headings, lists, emphasis and links, in the roles of a terminal.
enum MarkdownText {
    static func lines(_ text: String) -> [StyledLine] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }.map { line($0.drop { $0 == " " }) }
    }

    private static func line(_ text: Substring) -> StyledLine {
        let level = text.prefix { $0 == "#" }.count
        if level > 0, text.dropFirst(level).first == " " {
            return StyledLine(plain(text.dropFirst(level + 1)), Style(level == 1 ? .accent : .title, .bold))
        }
        if text.hasPrefix("* ") || text.hasPrefix("- ") {
            return [Span("• ", .accent), Span(plain(text.dropFirst(2)), .text)]
        }
        if text.hasPrefix("---") { return StyledLine("────────", .border) }
        return StyledLine(plain(text))
    }

    /// Without the signs of emphasis, and links by their words: `[runbook](https://…)` is `runbook`.
    private static func plain(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.first {
            if character == "[", let middle = rest.firstRange(of: "]("),
                let end = rest[middle.upperBound...].firstIndex(of: ")")
            {
                result += rest[rest.index(after: rest.startIndex)..<middle.lowerBound]
                rest = rest[rest.index(after: end)...]
                continue
            }
            rest.removeFirst()
            if character != "*", character != "`" { result.append(character) }
        }
        return result
    }
}
