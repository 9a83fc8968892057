/// What the mouse did, in cells of the whole terminal.
public struct MouseEvent: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case press, release, drag, doublePress, wheelUp, wheelDown
    }
    public enum Button: Hashable, Sendable {
        case left, middle, right, none
    }

    public var kind: Kind
    public var button: Button
    public var position: Point
    public var modifiers: Key.Modifiers

    public init(
        _ kind: Kind, _ button: Button = .left, at position: Point, modifiers: Key.Modifiers = []
    ) {
        self.kind = kind
        self.button = button
        self.position = position
        self.modifiers = modifiers
    }
}

/// What a terminal tells the program.
public enum InputEvent: Hashable, Sendable {
    case key(Key)
    /// Pasted text, whole (bracketed paste), never mistaken for keys.
    case paste(String)
    case mouse(MouseEvent)
    case resized(Size)
    case focused(Bool)
    /// A signal asks to stop as Ctrl-Z does: call the driver's `suspend`.
    case stopRequested
    /// Back from the background (SIGCONT): everything must be drawn again.
    case resumed
    /// The terminal is gone or a signal asks to end.
    case ended(EndReason)

    public enum EndReason: Hashable, Sendable {
        case hangUp, terminated, interrupted, inputClosed
    }
}

/// A mouse event together with the region it fell in, as a screen or a widget gets it.
public struct MouseHit: Hashable, Sendable {
    public var event: MouseEvent
    /// The id the region was drawn with; `nil` outside every region.
    public var region: String?
    /// Relative to the region's corner (to the screen's if there is none).
    public var position: Point

    public init(event: MouseEvent, region: String?, position: Point) {
        self.event = event
        self.region = region
        self.position = position
    }
}

/// Input as widgets take it.
public enum WidgetInput: Hashable, Sendable {
    case key(Key)
    case paste(String)
    case mouse(MouseHit)
}
