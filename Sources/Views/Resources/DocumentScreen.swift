import TerminalUI

/// A JSON document over the whole screen, to read, fold, search and copy.
struct DocumentScreen: Screen {
    let crumbs: [String]
    let title: String
    var viewer: JSONViewer

    init(crumbs: [String], title: String, text: String) {
        self.crumbs = crumbs
        self.title = title
        viewer = JSONViewer(text, id: "document")
    }

    var capturesText: Bool { viewer.capturesText }
    var handlesEscape: Bool { viewer.handlesEscape }
    var copyText: String? { viewer.text }
    var bindings: [KeyBinding] { JSONViewer.bindings }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action(let action): _ = viewer.perform(action)
        case .input(let input): _ = viewer.handle(input)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        viewer.render(on: surface.panel(title, focused: true).inset(horizontally: 1), focused: frame.isInteractive)
    }
}
