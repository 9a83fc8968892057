import TerminalUI

/// Why there can be no full screen here.
public enum CursesError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Standard input or output is not a terminal.
    case noTerminal
    /// `TERM` names a terminal that cannot place its cursor.
    case terminalTooSimple(String)
    /// `TERM` names a terminal that has no description here.
    case unknownTerminal(String)

    public var description: String {
        switch self {
        case .noTerminal: "Standard input and output are not a terminal."
        case .terminalTooSimple(let name): "The terminal '\(name)' cannot show a full screen."
        case .unknownTerminal(let name): "There is no description of the terminal '\(name)' on this system."
        }
    }
}

/// What the user insists on; everything else is found out from the terminal.
public struct CursesOptions: Hashable, Sendable {
    public var encoding: Encoding?
    public var colours: ColourDepth?
    public var isMouseEnabled: Bool

    public init(encoding: Encoding? = nil, colours: ColourDepth? = nil, isMouseEnabled: Bool = true) {
        self.encoding = encoding
        self.colours = colours
        self.isMouseEnabled = isMouseEnabled
    }
}
