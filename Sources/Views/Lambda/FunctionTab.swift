import TerminalUI

/// What comes back to the screen of a function.
enum FunctionMessage: Sendable {
    case loaded(Result<FunctionDetails, any Error>)
    case traced(Result<String?, any Error>)
    case deleteConfirmed
    case deleted(Result<Void, any Error>)
    case code(FunctionCodeTab.Message)
    case test(FunctionTestTab.Message)
    case monitor(FunctionMonitorTab.Message)
    case configuration(FunctionConfigurationTab.Message)
    case aliases(FunctionAliasesTab.Message)
    case versions(FunctionVersionsTab.Message)
}

/// One tab of the screen of a function: a part of its state with keys of its own.
protocol FunctionTab: Sendable {
    typealias Effects = [Effect<FunctionMessage>]

    var bindings: [KeyBinding] { get }
    var capturesText: Bool { get }
    var handlesEscape: Bool { get }
    var copyText: String? { get }
    var tickInterval: Duration? { get }

    /// New details have come.
    mutating func show(_ details: FunctionDetails)
    /// The tab is shown: fetch what only this tab needs.
    func load() -> Effects
    /// What the screen watches has changed while the tab is shown.
    func refresh() -> Effects
    mutating func perform(_ action: ActionID) -> Effects
    mutating func handle(_ input: WidgetInput) -> Effects
    mutating func tick() -> Effects
    func render(on surface: Surface, in frame: FrameContext)
}

extension FunctionTab {
    var capturesText: Bool { false }
    var handlesEscape: Bool { false }
    var copyText: String? { nil }
    var tickInterval: Duration? { nil }
    func load() -> Effects { [] }
    func refresh() -> Effects { [] }
    mutating func tick() -> Effects { [] }

    static var engineOnly: String { "Only Skua's own engine offers this" }
}
