import AWSModel
import AWSTypes
import TerminalUI

extension FunctionScreen {
    func render(on surface: Surface, in frame: FrameContext) {
        measure.record(top: 0, height: surface.height, width: surface.width)
        if details == nil { return drawWaiting(on: surface) }
        let isDiagramAbove = surface.height >= Self.tallHeight
        if isDiagramAbove {
            let wanted = diagram.height(
                width: surface.width - 4, isASCII: surface.isASCII, atMost: max(11, surface.height - 29))
            let parts = surface.rows([.fixed(max(5, wanted + 2)), .fixed(1), .fill()])
            drawDiagram(on: parts[0], frame)
            drawTabs(on: parts[1])
            if tab == .overview {
                drawFacts(on: parts[2], frame)
            } else {
                current?.render(on: parts[2], in: inner(frame))
            }
            return
        }
        let parts = surface.rows([.fixed(1), .fill()])
        drawTabs(on: parts[0])
        guard tab == .overview else {
            current?.render(on: parts[1], in: inner(frame))
            return
        }
        let wanted = diagram.height(
            width: surface.width - 4, isASCII: surface.isASCII, atMost: max(3, parts[1].height - 10))
        let rows = parts[1].rows([.fixed(wanted + 2), .fill()])
        drawDiagram(on: rows[0], frame)
        drawFacts(on: rows[1], frame)
    }

    /// Eighty columns hold every title if one of them is short.
    private func drawTabs(on row: Surface) {
        var shown = tabs
        if row.width < 86 { shown.titles[Tab.configuration.rawValue] = "Config" }
        shown.render(on: row)
    }

    /// What the tab sees: nothing in it has the focus while the diagram has.
    private func inner(_ frame: FrameContext) -> FrameContext {
        var frame = frame
        if isDiagramFocused { frame.isInteractive = false }
        return frame
    }

    private func drawWaiting(on surface: Surface) {
        let inside = surface.panel(name, focused: true)
        guard let failure else {
            inside.write("Loading…", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        let lines = TextWrapping.wrap(failure, to: max(10, inside.width - 8))
        for (row, line) in lines.enumerated() {
            inside.write(line, x: 0, y: inside.height / 2 + row, width: inside.width, align: .centre, Style(.failure))
        }
    }

    private func drawDiagram(on surface: Surface, _ frame: FrameContext) {
        let state = details.map { FunctionText.state($0.configuration) }
        let isFocused = frame.isInteractive && isDiagramFocused
        let inside = surface.panel("Overview", focused: isFocused, note: state.map { $0.mark.line($0.word) })
        diagram.render(on: inside.inset(horizontally: 1), focused: isFocused)
    }

    private func drawFacts(on surface: Surface, _ frame: FrameContext) {
        let isFocused = frame.isInteractive && !isDiagramFocused && tab == .overview
        let inside = surface.panel("Function", focused: isFocused)
        facts.render(on: inside, focused: isFocused)
    }
}

/// What the overview tells in words.
enum FunctionFacts {
    static func items(_ details: FunctionDetails) -> [KeyValue] {
        let function = details.configuration
        let state = FunctionText.state(function)
        var items: [KeyValue] = []
        if let description = function.description, !description.isEmpty {
            items.append(KeyValue("Description", text: description))
        }
        var stateLine = state.mark.line(state.word)
        if let reason = function.stateReason ?? function.lastUpdateStatusReason {
            stateLine.append("  \(reason)", .dim)
        }
        items += [
            KeyValue("State", stateLine),
            KeyValue(
                "Runtime",
                [
                    Span(function.runtime ?? function.packageType ?? "–"), Span("  handler ", .dim),
                    Span(function.handler ?? "–"),
                ]),
            KeyValue(
                "Limits",
                [
                    Span("\((function.memorySize ?? 128).grouped) MB", .text), Span("  timeout ", .dim),
                    Span("\(function.timeout ?? 3) s"),
                ]),
            KeyValue(
                "Code",
                [
                    Span(Quantity.bytes(function.codeSize ?? 0)), Span("  modified ", .dim),
                    Span(FunctionText.date(lambda: function.lastModified)),
                ]),
            KeyValue(
                "Concurrency",
                StyledLine(
                    details.reservedConcurrency.map {
                        $0 == 0 ? "0 reserved: every invocation is throttled" : "\($0.grouped) reserved"
                    } ?? "unreserved", details.reservedConcurrency == 0 ? .warning : .text)),
            KeyValue(
                "Versions",
                StyledLine("\(details.publishedVersions.count) published, \(details.aliasCount)")),
            KeyValue("Role", text: ResourceName(function.role ?? "").name),
            KeyValue("Log group", text: details.logGroup),
            KeyValue("ARN", text: details.arn),
            KeyValue("SHA-256", text: function.codeSha256 ?? "–", .dim),
        ]
        if let url = details.functionURL { items.append(KeyValue("Function URL", text: url)) }
        return items
    }
}
