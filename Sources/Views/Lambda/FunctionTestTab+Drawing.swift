import TerminalUI

extension FunctionTestTab {
    func render(on surface: Surface, in frame: FrameContext) {
        let parts = split.parts(of: surface)
        drawEvent(on: parts.first, frame)
        drawOutcome(on: parts.second, frame)
    }

    private func drawEvent(on surface: Surface, _ frame: FrameContext) {
        let hint: StyledLine =
            isEditing
            ? [Span("Esc", .key), Span(" done  ", .dim), Span("^R", .key), Span(" invoke", .dim)]
            : [Span("e", .key), Span(" edit", .dim)]
        let isFocused = frame.isInteractive && focus == 0
        let inside = surface.panel("Event: \(eventName)", focused: isFocused, note: surface.width > 50 ? hint : nil)
        let target = qualifier ?? "$LATEST"
        let parts = inside.rows([.fill(), .fixed(1)])
        editor.render(on: parts[0], focused: isFocused && isEditing, id: "test.editor")
        parts[1].write([
            Span(" \(type.word)", .accent), Span(" to ", .dim), Span(target, .accent),
            Span("  \(editor.text.utf8.count.grouped) B", .dim),
        ])
    }

    private func drawOutcome(on surface: Surface, _ frame: FrameContext) {
        switch outcome {
        case .none:
            drawIdle(
                on: surface.panel("Result"),
                ["Press i to invoke the function with this event.", "m offers events as each source sends them."])
        case .running: drawRunning(on: surface.panel("Result"))
        case .refused(let reason):
            let inside = surface.panel("Result", focused: false)
            inside.write(StatusMark.failed.line("Not invoked"), x: 1, y: 1)
            for (row, line) in TextWrapping.wrap(reason, to: max(10, inside.width - 4)).enumerated() {
                inside.write(line, x: 3, y: 3 + row, Style(.text))
            }
            inside.write([Span("i", .key), Span(" tries again", .dim)], x: 3, y: inside.height - 2)
        case .ended(let result): drawEnded(result, on: surface, frame)
        }
    }

    private func drawIdle(on inside: Surface, _ sentences: [String]) {
        let lines = sentences.flatMap { TextWrapping.wrap($0, to: max(10, inside.width - 4)) }
        for (row, line) in lines.enumerated() {
            inside.write(
                line, x: 0, y: max(0, (inside.height - lines.count) / 2) + row, width: inside.width, align: .centre,
                Style(.dim))
        }
    }

    private func drawRunning(on inside: Surface) {
        let elapsed = Double(ticks * Self.tickMilliseconds)
        inside.write(StatusMark.running.line("Running"), x: 1, y: 1)
        inside.write(
            "\(FunctionText.duration(milliseconds: elapsed)) of at most \(timeout) s", x: 3, y: 3,
            width: inside.width - 4, Style(.dim))
        let bar = inside.part(Rect(x: 3, y: 4, width: min(40, inside.width - 6), height: 1))
        ProgressBar(elapsed / Double(max(1, timeout) * 1000), role: .running, showsPercent: false).render(on: bar)
        inside.write([Span("c", .key), Span(" stops waiting", .dim)], x: 3, y: 6)
    }

    private func drawEnded(_ result: InvocationResult, on surface: Surface, _ frame: FrameContext) {
        var head: [StyledLine] = [result.line]
        if let sentence = result.errorSentence {
            head += TextWrapping.wrap(sentence, to: max(10, surface.width - 6)).prefix(3).map {
                StyledLine("  " + $0, .failure)
            }
        }
        head += figures(of: result, width: surface.width - 4)
        let isInteractive = frame.isInteractive
        let room = surface.height - head.count - 2
        // Too low for both: the log where it has the focus, else the response.
        let isLow = room < 9
        let logHeight =
            isLow ? (focus == 2 ? room : 0) : result.log.isEmpty ? 3 : max(5, (surface.height - head.count) * 45 / 100)
        let parts = surface.rows([.fixed(head.count + 2), .fill(), .fixed(logHeight)])
        let top = parts[0].panel(
            "Result", note: StyledLine(FunctionText.duration(milliseconds: result.elapsed) + " in all", .dim))
        for (row, line) in head.enumerated() { top.write(line, x: 1, y: row) }
        let path = response.selectedPath.map { StyledLine($0.clippedInMiddle(to: max(8, surface.width / 2)), .dim) }
        let other: StyledLine? = isLow ? [Span("Tab", .key), Span(focus == 2 ? " event" : " log", .dim)] : nil
        response.render(
            on: parts[1].panel(
                result.functionError == nil ? "Response" : "Error", focused: isInteractive && focus == 1,
                note: other ?? (focus == 1 ? path : nil)), focused: isInteractive && focus == 1)
        log.render(
            on: parts[2].panel(
                "Log tail", focused: isInteractive && focus == 2, note: other ?? StyledLine("last 4 KB", .dim)
            ).inset(horizontally: 1), focused: isInteractive && focus == 2)
    }

    /// The REPORT figures, as many to a line as fit.
    private func figures(of result: InvocationResult, width: Int) -> [StyledLine] {
        var pairs = result.report?.figures ?? []
        if let version = result.version { pairs.append(("Version", version)) }
        var lines: [StyledLine] = []
        var line = StyledLine("  ")
        for pair in pairs {
            let piece: StyledLine = [Span(pair.label + " ", .dim), Span(pair.value)]
            if line.columns > 2, line.columns + piece.columns + 3 > width {
                lines.append(line)
                line = StyledLine("  ")
            }
            if line.columns > 2 { line.append("   ") }
            line = line + piece
        }
        if line.columns > 2 { lines.append(line) }
        return lines
    }
}
