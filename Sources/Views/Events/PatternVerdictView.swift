import AWSModel
import TerminalUI

/// The clauses of a pattern as rows: whether each holds, what it asks, and what the event has there.
enum PatternVerdictView {
    /// A line that says the whole: `Matches`, or what refuses the event.
    static func headline(_ verdict: PatternExplanation) -> StyledLine {
        if verdict.matches { return [Span("✓ ", .success), Span("Matches", Style(.success, .bold))] }
        var line: StyledLine = [Span("✗ ", .failure), Span("Does not match", Style(.failure, .bold))]
        let failing = verdict.failing
        if let clause = failing.first {
            line.append("  \(clause.path)", .text)
            if failing.count > 1 { line.append(" and \(failing.count - 1) more", .dim) }
        } else if let reason = verdict.reason {
            line.append("  \(reason)", .text)
        }
        return line
    }

    /// Draws as many clauses as fit, those that fail first where not all do.
    static func render(_ verdict: PatternExplanation, on surface: Surface) {
        guard surface.height > 0, surface.width > 16 else { return }
        var clauses = verdict.clauses
        if clauses.count > surface.height { clauses = clauses.filter { !$0.holds } + clauses.filter(\.holds) }
        let hidden = max(0, clauses.count - surface.height)
        let shown = clauses.prefix(hidden > 0 ? surface.height - 1 : surface.height)
        let names = shown.map { ($0.path + ($0.alternative.map { " (\($0))" } ?? "")) }
        let width = min(surface.width / 2 - 4, max(12, names.map(\.columns).max() ?? 0))
        for (row, clause) in shown.enumerated() {
            let mark: StatusMark = clause.holds ? .succeeded : .failed
            surface.write(mark.glyph, x: 1, y: row, Style(mark.role))
            surface.write(
                names[row].columns > width ? names[row].clippedInMiddle(to: width) : names[row], x: 3, y: row,
                Style(clause.holds ? .dim : .text))
            let line = sentence(clause)
            let room = surface.width - width - 6
            surface.write(
                line.columns > room ? StyledLine(line.text.clipped(to: room), .text) : line, x: width + 5, y: row)
        }
        if hidden > 0 { surface.write("… \(hidden + 1) more that hold", x: 3, y: surface.height - 1, Style(.faint)) }
    }

    /// `is 50; wants > 100`
    private static func sentence(_ clause: PatternExplanation.Clause) -> StyledLine {
        if clause.holds {
            var line = StyledLine(clause.condition, .dim)
            // Not again what the condition names already.
            if let found = clause.found, found.filter({ $0 != "\"" }) != clause.condition {
                line.append("  (\(found))", .faint)
            }
            return line
        }
        return [
            Span(clause.found.map { "is \($0)" } ?? "is absent", .failure), Span(", wants ", .dim),
            Span(clause.condition, .text),
        ]
    }
}
