import AWSTypes
import TerminalUI

/// How far a Map Run is, as a bar of all items by status and their counts in words.
struct MapRunProgress: Hashable, Sendable {
    struct Share: Hashable, Sendable {
        var name: String
        var count: Int
        var mark: StatusMark
        /// What a cell of the bar is drawn as: statuses differ without colour too.
        var cell: String
    }

    var total: Int
    var shares: [Share]
    var notes: [String]

    init(_ counts: SFN.MapRunItemCounts) {
        total = counts.total
        shares = [
            Share(name: "succeeded", count: counts.succeeded, mark: .succeeded, cell: "█"),
            Share(name: "failed", count: counts.failed, mark: .failed, cell: "▒"),
            Share(name: "timed out", count: counts.timedOut, mark: .timedOut, cell: "▒"),
            Share(name: "aborted", count: counts.aborted, mark: .aborted, cell: "·"),
            Share(name: "running", count: counts.running, mark: .running, cell: "▓"),
            Share(name: "pending", count: counts.pending, mark: .waiting, cell: "░"),
        ]
        notes = []
        if counts.resultsWritten > 0 { notes.append("\(counts.resultsWritten.grouped) results written") }
        if let waiting = counts.pendingRedrive, waiting > 0 { notes.append("\(waiting.grouped) wait for a redrive") }
        if let lost = counts.failuresNotRedrivable, lost > 0 { notes.append("\(lost.grouped) cannot be redriven") }
    }

    /// The bar: every status that has items gets at least one cell.
    func bar(width: Int) -> StyledLine {
        let present = shares.filter { $0.count > 0 }
        guard width > 0, total > 0, !present.isEmpty, width >= present.count else {
            return StyledLine(String(repeating: "░", count: max(0, width)), .faint)
        }
        var cells = present.map { max(1, $0.count * width / total) }
        // What rounding took or gave is the largest one's.
        let largest = cells.indices.max { cells[$0] < cells[$1] } ?? 0
        cells[largest] += width - cells.reduce(0, +)
        var line = StyledLine()
        for (share, count) in zip(present, cells) {
            line.append(String(repeating: share.cell, count: max(0, count)), share.mark.role)
        }
        return line
    }

    /// `✓ 12 succeeded  ✗ 1 failed  ▶ 3 running  ◌ 4 pending`: the common ones always, the rare ones when there are any.
    var counts: StyledLine {
        var line = StyledLine()
        for share in shares where share.count > 0 || ["succeeded", "failed", "running", "pending"].contains(share.name)
        {
            if !line.isEmpty { line.append("  ") }
            line.append("\(share.mark.glyph) ", share.count > 0 ? share.mark.role : .faint)
            line.append(share.count.grouped, share.count > 0 ? .text : .faint)
            line.append(" \(share.name)", share.count > 0 ? .dim : .faint)
        }
        return line
    }
}
