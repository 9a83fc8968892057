import TerminalUI

extension TopicPublishTab {
    func render(on surface: Surface, in frame: FrameContext) {
        if surface.width >= 100 {
            let columns = surface.columns([.percent(58), .fill()])
            drawBody(on: columns[0])
            let rows = columns[1].rows([.fixed(isFIFO ? 14 : 12), .fill()])
            drawOptions(on: rows[0])
            drawSent(on: rows[1], frame)
        } else {
            let showsSent = !isEditing || sent.totalCount > 0
            let rows = surface.rows([.fill(), .fixed(isFIFO ? 11 : 9)])
            drawBody(on: rows[0])
            let lower = showsSent ? rows[1].columns([.percent(55), .fill()]) : [rows[1]]
            drawOptions(on: lower[0])
            if showsSent { drawSent(on: lower[1], frame) }
        }
    }

    private func drawBody(on surface: Surface) {
        let isFocused = isEditing && focus == .body
        let size = body.text.utf8.count
        let kind = body.language == .plain ? "text" : body.error == nil ? "JSON" : "not JSON"
        let note: StyledLine = [Span("\(kind) · \(Quantity.bytes(size))", .dim)]
        let inside = surface.panel(
            "Message", focused: isFocused, note: note, footer: isSending ? StyledLine("publishing…", .running) : nil)
        inside.region("publish.body")
        let line = message
        let rows = inside.rows([.fill(), .fixed(line == nil ? 0 : 1)])
        body.render(on: rows[0], focused: isFocused, id: "publish.body")
        if let line { rows[1].write(line, x: 1) }
    }

    /// What is wrong, the service's word first.
    private var message: StyledLine? {
        if let failure { return [Span("✗ ", .failure), Span(failure, .failure)] }
        if let error = body.error, body.language == .json {
            return [
                Span("▲ ", .warning), Span("line \(error.line), column \(error.column): \(error.message)", .warning),
            ]
        }
        return problem.map { [Span("▲ ", .warning), Span($0, .dim)] }
    }

    private func drawOptions(on surface: Surface) {
        let isFocused = isEditing && focus != .body
        let inside = surface.panel("Options", focused: isFocused)
        var y = 0
        for field in fields where field != .body && field != .attributes {
            let isCurrent = isEditing && focus == field
            let row = inside.part(Rect(x: 0, y: y, width: inside.width, height: 1))
            row.region("publish.\(field)")
            row.write(isCurrent ? "›" : " ", Style(.accent))
            row.write(label(field), x: 2, y: 0, Style(isCurrent ? .text : .dim, isCurrent ? .bold : []))
            let value = row.part(Rect(x: 20, y: 0, width: max(4, row.width - 21), height: 1))
            value.fill(Style(.text, on: isCurrent ? .selection : .background))
            textField(field).render(
                on: value, focused: isCurrent, style: Style(.text, on: isCurrent ? .selection : .background))
            y += 1
        }
        let isCurrent = isEditing && focus == .attributes
        inside.write(isCurrent ? "›" : " ", x: 0, y: y, Style(.accent))
        inside.write("Attributes", x: 2, y: y, Style(isCurrent ? .text : .dim, isCurrent ? .bold : []))
        inside.write("NAME TYPE VALUE, one a line", x: 14, y: y, width: max(0, inside.width - 15), Style(.faint))
        let hintRows = inside.height - y - 1 > 3 ? 1 : 0
        let editor = inside.part(
            Rect(x: 2, y: y + 1, width: inside.width - 3, height: inside.height - y - 1 - hintRows))
        attributes.render(on: editor, focused: isCurrent, id: "publish.attributes")
        if hintRows > 0 { inside.write(hint, x: 2, y: inside.height - 1, width: inside.width - 3, Style(.dim)) }
    }

    private func label(_ field: Field) -> String {
        switch field {
        case .body: "Message"
        case .subject: "Subject"
        case .structure: "Structure"
        case .group: "Group id *"
        case .deduplication: "Deduplication id"
        case .attributes: "Attributes"
        }
    }

    private var hint: String {
        guard isEditing else { return "Enter edits, ^S publishes" }
        return switch focus {
        case .body: "Tab goes to the options, ^S publishes"
        case .subject: "The subject of mails; empty for none"
        case .structure: isStructured ? "Space: one text for all" : #"Space: {"default": …, "email": …}"#
        case .group: "Messages of a group keep their order"
        case .deduplication:
            topic?.usesContentDeduplication == true ? "Empty: the body's SHA-256" : "Repeats within 5 min are dropped"
        case .attributes: "priority Number 3"
        }
    }

    /// With what an empty one means in its place.
    private func textField(_ field: Field) -> TextField {
        var shown: TextField
        switch field {
        case .group:
            shown = group
            shown.placeholder = "required"
        case .deduplication:
            shown = deduplication
            shown.placeholder = topic?.usesContentDeduplication == true ? "the body's SHA-256" : "required"
        case .structure:
            shown = TextField(isStructured ? "json, a text a protocol" : "one text for all")
        default:
            shown = subject
            shown.placeholder = "none"
        }
        return shown
    }

    private func drawSent(on surface: Surface, _ frame: FrameContext) {
        let isFocused = !isEditing
        sent.render(
            on: surface.panel("Published from here", focused: isFocused, note: sent.countNote),
            focused: isFocused && frame.isInteractive)
    }
}
