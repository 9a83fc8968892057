import Synchronization

/// A terminal in memory: takes scripted input and keeps the last frame. For tests, and for printing a screen.
public final class TestTerminal: TerminalDriver, Sendable {
    private struct State {
        var size: Size
        var text = ""
        var draws = 0
        var cursor: Point?
        var copied: [String] = []
        var isMouseEnabled = true
        var isClosed = false
        var suspensions = 0
        var editor: (@Sendable (String) -> String)?
    }
    private let state: Mutex<State>
    public let traits: TerminalTraits
    public let events: AsyncStream<InputEvent>
    private let continuation: AsyncStream<InputEvent>.Continuation

    public init(size: Size = .standard, encoding: Encoding = .utf8) {
        state = Mutex(State(size: size))
        traits = TerminalTraits(encoding: encoding, colours: .twoHundredFiftySix)
        (events, continuation) = AsyncStream.makeStream(of: InputEvent.self)
    }

    /// As if it came from the keyboard, the mouse or a signal.
    public func send(_ event: InputEvent) { continuation.yield(event) }

    public var size: Size { state.withLock { $0.size } }
    /// The last frame, without trailing spaces.
    public var text: String { state.withLock { $0.text } }
    /// How many frames were drawn.
    public var draws: Int { state.withLock { $0.draws } }
    public var cursor: Point? { state.withLock { $0.cursor } }
    public var copied: [String] { state.withLock { $0.copied } }
    public var isClosed: Bool { state.withLock { $0.isClosed } }
    public var isMouseEnabled: Bool { state.withLock { $0.isMouseEnabled } }
    public var suspensions: Int { state.withLock { $0.suspensions } }

    public func draw(_ buffer: CellBuffer, theme: Theme) {
        let painted = PlainTextPainter.paint(buffer)
        state.withLock {
            $0.size = buffer.size
            $0.text = painted
            $0.draws += 1
            $0.cursor = buffer.cursor
        }
    }

    public func invalidate() {}
    public func copy(_ text: String) { state.withLock { $0.copied.append(text) } }
    public func setMouse(enabled: Bool) { state.withLock { $0.isMouseEnabled = enabled } }
    /// What the editor of a test's choice makes of a text; without one there is none.
    public func answerEdits(_ editor: @escaping @Sendable (String) -> String) { state.withLock { $0.editor = editor } }

    public func edit(_ text: String, named name: String) throws(ExternalEditorFailure) -> String {
        guard let editor = state.withLock({ $0.editor }) else { throw .notChosen }
        return editor(text)
    }

    public func suspend() { state.withLock { $0.suspensions += 1 } }

    public func close() {
        state.withLock { $0.isClosed = true }
        continuation.finish()
    }
}
