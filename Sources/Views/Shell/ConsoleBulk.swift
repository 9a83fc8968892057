import TerminalUI

/// Jobs over several things: asked, run, told.
extension ConsoleApplication {
    /// The bindings as the endpoint allows them.
    func granted(_ bindings: [KeyBinding]) -> [KeyBinding] { context.capabilities.granted(bindings) }

    func ask(_ job: BulkJob, for id: Int, _ finished: @escaping @Sendable (BulkProgress) -> any Sendable) {
        let pane = BulkPane(
            job, positions: Array(job.names.indices), token: identifier(), owner: id, finished: finished)
        if let question = job.question {
            overlays.append(.question(question, pane))
        } else {
            begin(pane)
        }
    }

    /// The same for those that failed.
    func again(_ pane: BulkPane, _ positions: [Int]) -> BulkPane {
        BulkPane(pane.job, positions: positions, token: identifier(), owner: pane.owner, finished: pane.finished)
    }

    func begin(_ pane: BulkPane) {
        bulks[pane.token] = pane
        if pane.isWorthShowing { overlays.append(.bulk(pane)) }
        let (job, positions, token, stop, finished) = (
            pane.job, pane.positions, pane.token, pane.stop, pane.finished
        )
        start(
            "bulk.\(token)", false,
            { [mailbox] context, _ in
                finished(
                    await job.run(positions, context, until: stop) { mailbox.post(.advanced(bulk: token, $0)) })
            }, for: pane.owner)
    }

    func advance(bulk token: Int, to progress: BulkProgress) {
        guard let pane = bulks[token] else { return }
        needsFrame = true
        pane.advance(to: progress)
        guard progress.isOver else { return }
        bulks[token] = nil
        let shown = overlays.lastIndex { if case .bulk(let other) = $0 { other.token == token } else { false } }
        if pane.isDone {
            if let shown { overlays.remove(at: shown) }
            show(pane.toast)
        } else if shown == nil {
            overlays.append(.bulk(pane))
        }
    }
}
