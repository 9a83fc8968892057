import AWSModel
import TerminalUI

extension QueueDeadLettersTab {
    func render(on surface: Surface, in frame: FrameContext) {
        let rows = surface.rows([.fixed(5), .fill()])
        drawPolicy(on: rows[0])
        let lower =
            surface.width >= 70 ? rows[1].columns([.percent(40), .fill()]) : rows[1].rows([.percent(40), .fill()])
        sources.showing(failure).render(
            on: lower[0].panel("Whose dead letters", focused: true, note: sources.countNote),
            focused: frame.isInteractive)
        drawMoves(on: lower[1], now: frame.now)
    }

    private func drawPolicy(on surface: Surface) {
        let inside = surface.panel("Policy")
        guard let queue else { return }
        if let policy = queue.redrivePolicy {
            let after = " after \(Quantity.count(policy.maxReceiveCount, "receive"))"
            let name = ResourceName.last(of: policy.targetARN).clippedInMiddle(
                to: max(8, inside.width - 29 - after.columns))
            inside.write(
                [Span("Its failed messages  ", .dim), Span("go to "), Span(name, .link), Span(after)], x: 1, y: 0)
        } else {
            let words =
                inside.width > 74
                ? "stay until they expire: it has no dead-letter queue" : "stay: it has no dead-letter queue"
            inside.write([Span("Its failed messages  ", .dim), Span(words)], x: 1, y: 0)
        }
        let (permission, allowed) = queue.redriveAllowPolicy
        let words =
            switch permission {
            case "denyAll": "no queue may send them"
            case "byQueue": "only from \(allowed.map { ResourceName.last(of: $0) }.joined(separator: ", "))"
            default: "any queue of this account may send them"
            }
        inside.write(
            [Span("Dead letters here    ", .dim), Span(words.clipped(to: max(10, inside.width - 24)))], x: 1, y: 1)
        inside.write(
            [
                Span("Messages here        ", .dim),
                Span("\(queue.visible.grouped) visible", queue.visible > 0 ? .text : .dim),
                Span(", \(queue.inFlight.grouped) in flight", .dim),
            ], x: 1, y: 2)
    }

    private func drawMoves(on surface: Surface, now: Int64) {
        let inside = surface.panel("Redrives", note: StyledLine(moves.isEmpty ? "" : "latest first", .dim))
        if moves.isEmpty {
            for (row, line) in TextWrapping.wrap(
                sources.totalCount > 0
                    ? "None yet. Press m to move the messages back to where they failed." : "None yet.",
                to: max(10, inside.width - 4)
            ).enumerated() {
                inside.write(line, x: 0, y: inside.height / 2 + row, width: inside.width, align: .centre, Style(.dim))
            }
            return
        }
        var y = 0
        for move in moves where y < inside.height {
            let task = move.task
            var head = move.mark.line(task.status)
            head.append("  to \(task.destinationArn.map { ResourceName.last(of: $0) } ?? "their sources")", .text)
            if let velocity = task.maxNumberOfMessagesPerSecond { head.append(", \(velocity)/s", .dim) }
            inside.write(head, x: 1, y: y)
            let moved = (task.approximateNumberOfMessagesMoved ?? 0).grouped
            let all = task.approximateNumberOfMessagesToMove.map { " of \($0.grouped)" } ?? ""
            let began = task.startedTimestamp.map { Instant(epochMilliseconds: Int64($0)) }
            let started =
                began.map { move.isRunning ? ", since \(ElapsedTime.clock($0))" : ", \(ElapsedTime.date($0))" } ?? ""
            inside.write("\(moved)\(all) moved\(started)", x: 3, y: y + 1, width: max(4, inside.width - 4), Style(.dim))
            y += 2
            if move.isRunning, y < inside.height {
                ProgressBar(move.fraction).render(on: inside.part(Rect(x: 3, y: y, width: inside.width - 4, height: 1)))
                y += 1
            }
            if let reason = task.failureReason, y < inside.height {
                inside.write(reason, x: 3, y: y, width: inside.width - 4, Style(.failure))
                y += 1
            }
        }
    }
}
