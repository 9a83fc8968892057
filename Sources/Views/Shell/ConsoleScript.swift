import TerminalUI

/// Driving a console turn by turn instead of by its run loop: for tests and recorded tours. Nothing sleeps.
extension ConsoleApplication {
    /// Shows the root screen and waits until its work is done.
    public func begin() async {
        start()
        await settle()
    }

    /// Handles events as one turn, then waits until the work they started is done.
    public func send(_ events: [InputEvent]) async {
        handle(events.map { .input($0) })
        await settle()
    }

    /// Presses keys one after the other, waiting for idleness after each.
    public func press(_ keys: Key...) async {
        for key in keys { await send([.key(key)]) }
    }

    /// Types text into whatever has the focus.
    public func type(_ text: String) async {
        for character in text { await send([.key(.character(character))]) }
    }

    /// Waits until no work is under way but live tails, and every message has been handled.
    public func settle() async {
        while true {
            let waiting = mailbox.takeNow()
            if !waiting.isEmpty {
                handle(waiting)
            } else if entries.contains(where: \.isBusy) {
                handle(await mailbox.take())
            } else {
                return
            }
        }
    }

    /// What is on the screen now, as an image.
    public func image(theme: Theme, title: String) -> String { SVGPainter.paint(buffer, theme: theme, title: title) }

    /// Whether the console has been told to end.
    public var hasEnded: Bool { isOver }
}
