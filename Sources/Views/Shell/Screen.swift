import TerminalUI

/// What reaches a screen.
public enum ScreenEvent<Message: Sendable>: Sendable {
    /// First shown: start loading.
    case appeared
    /// Shown again after another screen was on top.
    case reappeared
    /// Topics the screen watches have changed; coalesced to at most one per frame. Refetch.
    case changed(Set<Topic>)
    /// A binding's key was pressed, or its menu or palette item chosen.
    case action(ActionID)
    /// Input that no binding took: hand it to the focused widget.
    case input(WidgetInput)
    /// The result of the screen's own effect, dialog, form or menu.
    case message(Message)
    /// `tickInterval` has passed since the last one.
    case tick
}

/// A screen: a value, updated by events and drawn without side effects.
///
/// Everything asynchronous leaves `update` as an `Effect` and comes back as a `Message`.
public protocol Screen: Sendable {
    associatedtype Message: Sendable = Never

    /// Where this is, from the service down: `["SQS", "orders", "Messages"]`. The last one is the tab or the screen itself.
    var crumbs: [String] { get }
    /// A word for history and the palette.
    var title: String { get }
    /// The keys that work now. Those of the shell (`?`, `:`, `q`, …) are added by it.
    var bindings: [KeyBinding] { get }
    /// True while a text widget has the focus: printable keys, Enter, Tab and editing keys then skip the bindings.
    /// Esc, function keys and Ctrl or Alt combinations still go to the bindings first.
    var capturesText: Bool { get }
    /// True while Esc means something here (a filter, marks, a selection): it then comes as input instead of going back.
    var handlesEscape: Bool { get }
    /// Changes that should lead to `.changed`.
    var topics: Set<Topic> { get }
    /// How often the screen wants `.tick` while visible; `nil` (the default) costs nothing. For countdowns.
    var tickInterval: Duration? { get }
    /// What `y` copies; `nil` leaves the key off the screen.
    var copyText: String? { get }
    /// Offered by the action menu (`a`) and the palette: by default the bindings marked `menu`.
    var menuActions: [KeyBinding] { get }
    /// Places that the palette offers besides the catalogue: resources by name. The first screen's are offered everywhere.
    var destinations: [PaletteItem] { get }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>]

    /// Draws into the surface between top line and key line. Same state, same cells.
    func render(on surface: Surface, in frame: FrameContext)
}

extension Screen {
    public var title: String { crumbs.last ?? "" }
    public var bindings: [KeyBinding] { [] }
    public var capturesText: Bool { false }
    public var handlesEscape: Bool { false }
    public var topics: Set<Topic> { [] }
    public var tickInterval: Duration? { nil }
    public var copyText: String? { nil }
    public var menuActions: [KeyBinding] { bindings.filter(\.isMenuAction) }
    public var destinations: [PaletteItem] { [] }
}

/// What a render may know besides the screen's own state.
public struct FrameContext: Hashable, Sendable {
    public var status: ConsoleStatus
    /// Engine time in milliseconds since 1970.
    public var now: Int64 { status.now }
    /// False for `skua show`: nothing is focused, lists are printed whole if they fit.
    public var isInteractive: Bool

    public init(status: ConsoleStatus = ConsoleStatus(), isInteractive: Bool = true) {
        self.status = status
        self.isInteractive = isInteractive
    }
}
