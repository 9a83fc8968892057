/// What a terminal can do, as found out or as the user insists.
public struct TerminalTraits: Hashable, Sendable {
    public var encoding: Encoding
    public var colours: ColourDepth

    public init(encoding: Encoding = .utf8, colours: ColourDepth = .twoHundredFiftySix) {
        self.encoding = encoding
        self.colours = colours
    }
}

/// Draws buffers and yields events. `CursesDriver` is the real one, `TestTerminal` the one tests drive.
public protocol TerminalDriver: AnyObject {
    var traits: TerminalTraits { get }
    /// The size now; `InputEvent.resized` tells of changes.
    var size: Size { get }
    /// One stream for the life of the driver; it ends after `InputEvent.ended`.
    var events: AsyncStream<InputEvent> { get }
    /// Shows a frame. Sends only what differs from the last one.
    func draw(_ buffer: CellBuffer, theme: Theme)
    /// Forces the next `draw` to send everything.
    func invalidate()
    /// Puts text on the clipboard of the user's own machine (OSC 52).
    func copy(_ text: String)
    func setMouse(enabled: Bool)
    /// Stops the program as Ctrl-Z does, with the terminal restored; returns when it is continued.
    func suspend()
    /// Lends the terminal to the editor of the user's choice with this text in it; returns what became of it.
    func edit(_ text: String, named name: String) throws(ExternalEditorFailure) -> String
    /// Gives the terminal back. Drawing after this does nothing.
    func close()
}
