import AWSModel
import TerminalUI

/// Attempts and waits of a visit on the time line of its execution, as one row of cells.
struct TimelineBar: Hashable, Sendable {
    var start: Int64
    var end: Int64
    /// What is drawn, in milliseconds: attempts and visits without any are solid, the time between attempts is dotted.
    var stretches: [Stretch]

    struct Stretch: Hashable, Sendable {
        var from: Int64
        var to: Int64
        var status: VisitStatus
        var isWait: Bool
    }

    /// The bar of a visit in an execution that ran, or has been running, from `start` to `end`.
    init(_ visit: StateVisit, start: Int64, end: Int64, now: Instant) {
        self.start = start
        self.end = max(end, start + 1)
        stretches = []
        func add(_ from: Instant, _ to: Instant, _ status: VisitStatus, isWait: Bool = false) {
            stretches.append(
                Stretch(from: from.epochMilliseconds, to: to.epochMilliseconds, status: status, isWait: isWait))
        }
        let exit = visit.end(now: now)
        guard !visit.attempts.isEmpty else {
            add(visit.entered, exit, visit.status, isWait: visit.type == "Wait")
            return
        }
        var reached: Instant?
        for attempt in visit.attempts {
            if let reached, attempt.scheduled > reached { add(reached, attempt.scheduled, .running, isWait: true) }
            add(attempt.scheduled, attempt.ended ?? exit, attempt.status)
            reached = attempt.ended
        }
        if visit.isWaitingToRetry, let reached, exit > reached { add(reached, exit, .running, isWait: true) }
    }

    func line(width: Int) -> StyledLine {
        guard width > 0 else { return "" }
        let scale = Double(width) / Double(end - start)
        var cells = [(text: String, role: Role)](repeating: (" ", .text), count: width)
        for stretch in stretches.sorted(by: { $0.isWait && !$1.isWait }) {
            let from = max(0, min(width - 1, Int(Double(stretch.from - start) * scale)))
            let to = max(from, min(width - 1, Int((Double(stretch.to - start) * scale).rounded(.up)) - 1))
            for x in from...to {
                cells[x] =
                    stretch.isWait
                    ? ("·", .dim)
                    : (stretch.status == .failed || stretch.status == .timedOut ? "▒" : "█", stretch.status.role)
            }
        }
        var line = StyledLine()
        var index = 0
        while index < width {
            var next = index
            while next < width, cells[next] == cells[index] { next += 1 }
            line.append(String(repeating: cells[index].text, count: next - index), cells[index].role)
            index = next
        }
        return line
    }
}
