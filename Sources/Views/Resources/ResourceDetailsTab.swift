import TerminalUI

/// Everything else about a resource as a list: the *Details* tab of its screen.
struct ResourceDetailsTab<Reading: Sendable>: ResourceTab {
    var reading: Reading? { didSet { if let reading { list.items = items(reading) } } }
    var isStale = false
    var list: KeyValueList
    private let items: @Sendable (Reading) -> [KeyValue]

    init(_ id: String, items: @escaping @Sendable (Reading) -> [KeyValue]) {
        list = KeyValueList(id: id)
        self.items = items
    }

    var copyText: String? { list.selected?.value }
    var bindings: [KeyBinding] { KeyValueList.bindings }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        default: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        list.render(on: surface.panel("Details", focused: true), focused: frame.isInteractive)
    }
}
