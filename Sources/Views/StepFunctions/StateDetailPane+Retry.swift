import AWSModel
import TerminalUI

/// The *Retry* tab: attempts and waits, how it ended, and every rule with what became of it.
extension StateDetailPane {
    /// How it ended comes first, as that is what one looks for; then the rules; then how it came to it.
    static func retryLines(_ explanation: RetryExplanation?, now: Instant, width: Int) -> [StyledLine] {
        guard let explanation else { return [StyledLine(" The execution has not come to this state.", .dim)] }
        let steps = explanation.steps(now: now)
        let endings = steps.filter(\.kind.isEnding).flatMap { lines(of: $0, width: width) }
        let story = steps.filter { !$0.kind.isEnding }.flatMap { lines(of: $0, width: width) }
        let rules = explanation.verdicts().flatMap { ruleLines($0, width: width) }
        var sections: [[StyledLine]] = []
        if !endings.isEmpty { sections.append(endings) }
        sections.append(
            rules.isEmpty
                ? [StyledLine(" The state has neither Retry nor Catch.", .dim)]
                : [StyledLine(" Rules, in the order they are looked at", Style(.title, .bold))] + rules)
        sections.append(
            story.isEmpty
                ? [StyledLine(" This state makes no attempts: it has nothing to retry.", .dim)]
                : [StyledLine(" Attempts", Style(.title, .bold))] + story)
        return Array(sections.joined(separator: [""]))
    }

    private static func lines(of step: RetryExplanation.Step, width: Int) -> [StyledLine] {
        let room = max(20, width - 4)
        var lines: [StyledLine] = []
        func head(_ mark: String, _ role: Role, _ style: Style = Style(.text, .bold)) {
            for (row, part) in TextWrapping.wrap(step.text, to: room).enumerated() {
                lines.append([Span(row == 0 ? " \(mark) " : "   ", role), Span(part, style)])
            }
        }
        var role = Role.dim
        switch step.kind {
        case .attempt(let status):
            head(status.mark.glyph, status.role)
            if let time = step.time { lines[lines.count - 1].append("  " + ElapsedTime.preciseClock(time), .dim) }
            role = .failure
        case .wait: head("◌", .warning, Style(.text))
        case .verdict(let status): head(status.mark.glyph, status.role)
        case .upward(let status): head("↑", status.role)
        }
        for text in step.details {
            lines += TextWrapping.wrap(text, to: room).map { StyledLine("   \($0)", role) }
        }
        return lines
    }

    private static func ruleLines(_ rule: RuleVerdict, width: Int) -> [StyledLine] {
        let (mark, role): (String, Role) =
            switch rule.outcome {
            case .decided: (" › ", .accent)
            case .exhausted: (" › ", .warning)
            case .passedOver, .unseen: ("   ", .dim)
            }
        let isLit = rule.outcome == .decided || rule.outcome == .exhausted
        var lines: [StyledLine] = []
        for (row, text) in TextWrapping.wrap(rule.text, to: max(20, width - 4)).enumerated() {
            lines.append([Span(row == 0 ? mark : "   ", role), Span(text, isLit ? Style(.text, .bold) : Style(.dim))])
        }
        if !rule.reason.isEmpty {
            lines += TextWrapping.wrap(rule.reason, to: max(20, width - 6)).map {
                StyledLine("     \($0)", isLit ? role : .faint)
            }
        }
        return lines
    }
}

extension RetryExplanation.Step.Kind {
    fileprivate var isEnding: Bool {
        switch self {
        case .verdict, .upward: true
        case .attempt, .wait: false
        }
    }
}
