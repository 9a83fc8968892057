import AWSModel
import TerminalUI

/// Two definitions side by side as one list of lines: what went, what came, what stayed.
struct DefinitionDiffScreen: Screen {
    enum Message: Sendable { case never }

    let crumbs: [String]
    private let oldTitle: String
    private let newTitle: String
    private let diff: LineDiff
    var viewer: TextViewer
    private var onlyChanges = true

    /// Definitions that are the same JSON but laid out in another way show no difference.
    init(crumbs: [String], oldTitle: String, newTitle: String, old: String, new: String) {
        self.crumbs = crumbs
        self.oldTitle = oldTitle
        self.newTitle = newTitle
        diff = LineDiff(DefinitionDiff.laidOut(old), DefinitionDiff.laidOut(new))
        viewer = TextViewer(lines: DefinitionDiff.lines(diff, context: 3), id: "diff")
        viewer.wraps = false
    }

    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text }
    var bindings: [KeyBinding] {
        [
            KeyBinding(
                ["v"], onlyChanges ? "whole text" : "only changes", "diff.context",
                help: "Between the changes with the lines around them, and the whole text")
        ] + TextViewer.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .action("diff.context"):
            onlyChanges.toggle()
            viewer.setLines(DefinitionDiff.lines(diff, context: onlyChanges ? 3 : nil))
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        var note = StyledLine("+\(diff.added)", .success)
        note.append(" −\(diff.removed)", .failure)
        let inside = surface.panel("From \(oldTitle) to \(newTitle)", focused: true, note: note)
        if diff.isEmpty {
            inside.write(
                "Nothing has changed.", x: 0, y: inside.height / 2, width: inside.width, align: .centre, Style(.dim))
        } else {
            viewer.render(on: inside, focused: frame.isInteractive)
        }
    }
}

enum DefinitionDiff {
    static func laidOut(_ text: String) -> String {
        (try? JSONReader.parse(text)).map { JSONWriter.string($0, pretty: true) } ?? text
    }

    /// - Parameter context: how many unchanged lines to keep around each change; nil keeps all.
    static func lines(_ diff: LineDiff, context: Int?) -> [StyledLine] {
        let width = max(2, String(diff.lines.count).count)
        func number(_ value: Int?) -> String {
            let text = value.map(String.init) ?? ""
            return String(repeating: " ", count: max(0, width - text.count)) + text
        }
        var isKept = [Bool](repeating: context == nil, count: diff.lines.count)
        if let context {
            for (index, line) in diff.lines.enumerated() where line.kind != .same {
                for near in max(0, index - context)...min(diff.lines.count - 1, index + context) { isKept[near] = true }
            }
        }
        var lines: [StyledLine] = []
        var skipped = 0
        for (index, line) in diff.lines.enumerated() {
            guard isKept[index] else {
                skipped += 1
                continue
            }
            if skipped > 0 { lines.append(StyledLine(" … \(Quantity.count(skipped, "line")) unchanged", .faint)) }
            skipped = 0
            let gutter = "\(number(line.oldNumber)) \(number(line.newNumber)) "
            switch line.kind {
            case .same: lines.append([Span(gutter, .faint), Span("  " + line.text, .dim)])
            case .removed: lines.append([Span(gutter, .faint), Span("− " + line.text, .failure)])
            case .added: lines.append([Span(gutter, .faint), Span("+ " + line.text, .success)])
            }
        }
        if skipped > 0 { lines.append(StyledLine(" … \(Quantity.count(skipped, "line")) unchanged", .faint)) }
        return lines
    }
}
