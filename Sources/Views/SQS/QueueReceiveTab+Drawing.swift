import AWSModel
import AWSTypes
import TerminalUI

extension QueueReceiveTab {
    /// What receiving does here, said before it is done.
    private var warning: String {
        let timeout = options.visibility ?? queue?.visibilityTimeout ?? 30
        var text =
            "Receiving is what a consumer does: it hides up to \(Quantity.count(options.maximum, "message")) from all others for \(ElapsedTime.span(seconds: timeout)) and counts."
        if let policy = queue?.redrivePolicy {
            text +=
                " After \(Quantity.count(policy.maxReceiveCount, "receive")) a message moves to \(ResourceName.last(of: policy.targetARN))."
        }
        if queue?.isFIFO == true { text += " Its group is locked meanwhile." }
        return text + (queue?.hasEngine == true ? " Press 1 to look without touching." : "")
    }

    func render(on surface: Surface, in frame: FrameContext) {
        clock.now = frame.now
        let lines = TextWrapping.wrap(warning, to: max(20, surface.width - 6))
        let parts = surface.rows([.fixed(lines.count), .fill()])
        for (row, line) in lines.enumerated() {
            if row == 0 { parts[0].write("▲", x: 1, y: 0, Style(.warning)) }
            parts[0].write(line, x: 3, y: row, Style(.dim))
        }
        let panes = split.parts(of: parts[1])
        let note: StyledLine =
            isReceiving
            ? StyledLine(options.wait > 0 ? "waiting up to \(options.wait) s · Esc stops" : "receiving…", .running)
            : table.countNote
        var shown = table
        if cameEmpty {
            shown.emptyText =
                "Nothing could be received. \(queue?.hasEngine == true ? "Press 1 to see what is in the queue, and w there for why." : "")"
        }
        shown.render(
            on: panes.first.panel("Received here", focused: split.focus == 0, note: note),
            focused: split.focus == 0 && frame.isInteractive)
        let inside = panes.second.panel(
            table.selected.map { "Message \($0.id.prefix(8))" } ?? "Message", focused: split.focus == 1)
        guard let held = table.selected else {
            inside.write(
                "No message is selected.", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
            return
        }
        let facts = Self.facts(of: held)
        let rows = inside.rows([.fill(), .fixed(min(facts.count + 1, inside.height / 2))])
        body.render(on: rows[0].inset(horizontally: 1), focused: split.focus == 1 && frame.isInteractive)
        rows[1].horizontalLine(y: 0, from: 1, to: rows[1].width - 1)
        for (row, fact) in facts.enumerated() { rows[1].write(fact, x: 1, y: row + 1) }
    }

    /// Its own attributes first, then SQS's.
    private static func facts(of held: Held) -> [StyledLine] {
        var lines = (held.message.messageAttributes ?? [:]).sorted { $0.key < $1.key }.map {
            name, value -> StyledLine in
            [
                Span("\(name) ", .dim), Span(value.stringValue ?? value.binaryValue.map { Base64.encode($0) } ?? ""),
                Span(" \(value.dataType)", .faint),
            ]
        }
        for (name, value) in (held.message.attributes ?? [:]).sorted(by: { $0.key < $1.key }) {
            let isTime = name.hasSuffix("Timestamp")
            lines.append([
                Span("\(name) ", .dim),
                Span(isTime ? Int64(value).map { ElapsedTime.date(Instant(epochMilliseconds: $0)) } ?? value : value),
            ])
        }
        return lines
    }
}
