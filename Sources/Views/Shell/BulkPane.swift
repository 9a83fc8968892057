import TerminalUI

/// A job as it is told over the screen: how far it is, then what failed and why.
///
/// One thing shows nothing unless it fails: its toast is enough.
final class BulkPane {
    let job: BulkJob
    let token: Int
    /// The entry whose screen hears of the end.
    let owner: Int
    let finished: @Sendable (BulkProgress) -> any Sendable
    private(set) var progress = BulkProgress()
    let stop = BulkStop()
    private static let widest = 76
    private var failures = TextViewer(id: "bulk")
    let positions: [Int]

    enum Outcome {
        case open, closed
        /// What failed is to be tried again.
        case again([Int])
    }

    init(
        _ job: BulkJob, positions: [Int], token: Int, owner: Int,
        finished: @escaping @Sendable (BulkProgress) -> any Sendable
    ) {
        self.job = job
        self.positions = positions
        self.token = token
        self.owner = owner
        self.finished = finished
    }

    /// Whether there is anything to look at while it runs.
    var isWorthShowing: Bool { positions.count > job.batch || !progress.failures.isEmpty }
    private var stoppedEarly: Bool { progress.isOver && progress.count < positions.count }
    /// All went well: nobody needs to read on.
    var isDone: Bool { progress.isOver && progress.failures.isEmpty && !stoppedEarly }

    /// What the toast says at the end.
    var toast: Toast {
        if isDone { return Toast(job.done) }
        let failed = progress.failures.count
        if failed == 0 {
            return Toast("Stopped: \(progress.count.grouped) of \(positions.count.grouped) done", .aborted)
        }
        return Toast("\(failed.grouped) of \(positions.count.grouped) \(job.undone)", .failed)
    }

    func advance(to new: BulkProgress) {
        progress = new
        guard new.isOver else { return }
        var lines: [StyledLine] = []
        for (position, reason) in new.failures.sorted(by: { $0.key < $1.key }) {
            lines.append([Span("✗ ", .failure), Span(job.names[position], Style(.text, .bold))])
            lines += TextWrapping.wrap(reason, to: Self.widest - 8).map { StyledLine("  " + $0, .dim) }
        }
        if !job.leftOut.isEmpty {
            lines += job.leftOut.map { StyledLine("○ \($0)", .dim) }
        }
        failures.setLines(lines)
    }

    func handle(_ input: WidgetInput) -> Outcome {
        guard progress.isOver else {
            if input == .key(.escape) { stop.request() }
            return .open
        }
        switch input {
        case .key(.escape), .key(.enter), .key("q"): return .closed
        case .key("r"): return progress.failures.isEmpty ? .open : .again(progress.failures.keys.sorted())
        default:
            _ = failures.handle(input)
            return .open
        }
    }

    var keys: [KeyBinding] {
        guard progress.isOver else {
            return [
                KeyBinding(
                    ["esc"], "Stop", "bulk.stop",
                    availability: .when(!stop.isRequested, otherwise: "It stops after the call under way"))
            ]
        }
        return [
            KeyBinding(["enter"], "Close", "bulk.close"),
            KeyBinding(
                ["r"], "Try again", "bulk.again",
                availability: .when(!progress.failures.isEmpty, otherwise: "Nothing failed")),
            KeyBinding(["down"], "Scroll", "bulk.scroll"),
        ]
    }

    func render(on surface: Surface) {
        let width = min(surface.width - 4, Self.widest)
        let rows = progress.isOver ? max(2, failures.lineCount) : min(positions.count, 8)
        let height = min(surface.height - 2, rows + 5)
        guard width > 20, height > 5 else { return }
        let hasFailed = !progress.failures.isEmpty
        let title = progress.isOver ? toast.text : job.doing
        let inside = surface.popup(
            title, size: Size(width: width, height: height), border: hasFailed ? .failure : .borderFocused)
        let bar = inside.part(Rect(x: 1, y: 0, width: inside.width - 2, height: 1))
        let tally = "\(progress.count.grouped) of \(positions.count.grouped)"
        let tallyWidth = tally.columns + 2
        ProgressBar(
            Double(progress.count) / Double(max(1, positions.count)), role: hasFailed ? .failure : .accent,
            showsPercent: false
        ).render(
            on: bar.part(Rect(x: 0, y: 0, width: bar.width - tallyWidth, height: 1)), background: .popup)
        bar.write(tally, x: bar.width - tally.columns, y: 0, Style(.dim, on: .popup))
        let body = inside.part(Rect(x: 1, y: 2, width: inside.width - 2, height: inside.height - 2))
        if progress.isOver {
            failures.render(on: body)
            body.restyle(Rect(body.size)) { if $0.background == .background { $0.background = .popup } }
        } else {
            drawItems(on: body)
        }
    }

    /// The things around the one under way.
    private func drawItems(on body: Surface) {
        let current = progress.running.first.flatMap { positions.firstIndex(of: $0) } ?? progress.count
        let first = max(0, min(current - body.height / 2, positions.count - body.height))
        for y in 0..<body.height where positions.indices.contains(first + y) {
            let position = positions[first + y]
            let mark: StatusMark =
                if progress.failures[position] != nil { .failed } else if progress.succeeded.contains(position) {
                    .succeeded
                } else if progress.running.contains(position) { .running } else { .waiting }
            body.write(mark.glyph, x: 0, y: y, Style(mark.role, on: .popup))
            let name = job.names[position]
            let x = body.write(
                name.clippedInMiddle(to: body.width / 2), x: 2, y: y, Style(mark == .waiting ? .dim : .text, on: .popup)
            )
            if let reason = progress.failures[position] {
                body.write(reason, x: x + 2, y: y, width: body.width - x - 2, Style(.failure, on: .popup))
            }
        }
    }
}
