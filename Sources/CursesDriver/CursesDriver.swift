import CNcurses
import Glibc
import TerminalUI

/// The real terminal, through ncurses: cells out, keys in, signals.
///
/// Not `Sendable`: whoever draws owns it. Only the input thread runs beside it, and it touches no curses.
public final class CursesDriver: TerminalDriver {
    public let traits: TerminalTraits
    public var events: AsyncStream<InputEvent> { reader.events }
    public private(set) var size: Size

    private let reader = InputReader()
    private var previous: [Cell] = []
    private var previousSize = Size(width: 0, height: 0)
    private var palette: CursesPalette
    private var isMouseEnabled = false
    private var isOpen = true
    private let hasAlternateScreen: Bool

    /// Takes the terminal over. It is given back by `close`, and by the handlers should the program crash.
    public init(options: CursesOptions = CursesOptions()) throws(CursesError) {
        let terminal = try TerminalDescription(options: options)
        size = InputReader.terminalSize()
        TerminalSignals.saveModes()
        guard skua_start(terminal.name) != 0 else { throw .unknownTerminal(terminal.name) }
        let colours = terminal.wantsColour ? skua_start_colour() : 0
        let depth = Self.depth(colours: Int(colours), wanted: options.colours)
        traits = TerminalTraits(encoding: terminal.encoding, colours: depth)
        hasAlternateScreen = terminal.hasAlternateScreen
        palette = CursesPalette(depth: depth, colours: Int(colours), pairs: Int(skua_pair_count()))
        TerminalSignals.install(pipe: reader.writeEnd, restore: Self.modesOff + terminal.leaveScreen)
        Self.send(Self.modesOn)
        setMouse(enabled: options.isMouseEnabled)
        reader.start(keys: terminal.keys)
    }

    deinit { close() }

    private static func depth(colours: Int, wanted: ColourDepth?) -> ColourDepth {
        let has: ColourDepth =
            colours >= 1 << 24
            ? .trueColour : colours >= 256 ? .twoHundredFiftySix : colours >= 8 ? .sixteen : .monochrome
        guard let wanted else { return has }
        let order = ColourDepth.allCases
        let at = min(order.firstIndex(of: wanted) ?? 0, order.firstIndex(of: has) ?? 0)
        return order[at]
    }

    // MARK: Modes that curses does not know

    /// Bracketed paste.
    private static let modesOn = Array("\u{1b}[?2004h".utf8)
    private static let modesOff = Array("\u{1b}[?2004l\u{1b}[?1002l\u{1b}[?1006l".utf8)
    /// Presses, releases and drags, in SGR form, which has no limit of columns.
    private static let mouseOn = Array("\u{1b}[?1002h\u{1b}[?1006h".utf8)
    private static let mouseOff = Array("\u{1b}[?1002l\u{1b}[?1006l".utf8)

    private static func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            sent += count
        }
    }

    public func setMouse(enabled: Bool) {
        guard isOpen, enabled != isMouseEnabled else { return }
        isMouseEnabled = enabled
        Self.send(enabled ? Self.mouseOn : Self.mouseOff)
    }

    // MARK: Drawing

    public func draw(_ buffer: CellBuffer, theme: Theme) {
        guard isOpen else { return }
        size = buffer.size
        if buffer.size != previousSize {
            skua_resize(Int32(size.height), Int32(size.width))
            previous = []
            previousSize = buffer.size
        }
        if palette.theme != theme {
            palette.theme = theme
            previous = []
        }
        let cells = buffer.bridgedCells
        let isFresh = previous.count != cells.count
        if isFresh { skua_erase() }
        // A theme with a background of its own must paint the blank cells too.
        let plain = palette.look(.plain)
        let skipsBlanks = isFresh && plain.pair == 0 && plain.attributes == 0
        for y in 0..<size.height {
            let row = y * size.width
            for x in 0..<size.width {
                let cell = cells[row + x]
                if isFresh ? skipsBlanks && cell == Cell() : cell == previous[row + x] { continue }
                put(cell, x: x, y: y)
            }
        }
        previous = cells
        if let cursor = buffer.cursor {
            skua_show_cursor(Int32(cursor.y), Int32(cursor.x))
        } else {
            skua_hide_cursor()
        }
        skua_flush()
    }

    private func put(_ cell: Cell, x: Int, y: Int) {
        guard cell.glyph != .continuation else { return }
        let look = palette.look(cell.style)
        let width = Int32(max(1, cell.glyph.width))
        var text = [wchar_t](repeating: 0, count: 6)
        if cell.glyph.id < 0x11_0000 {
            text[0] = wchar_t(cell.glyph.id)
        } else {
            for (index, scalar) in cell.glyph.scalars.prefix(5).enumerated() { text[index] = wchar_t(scalar.value) }
        }
        skua_put(Int32(y), Int32(x), text, width, look.attributes, look.pair)
    }

    public func invalidate() {
        guard isOpen else { return }
        skua_return()
        Self.send(Self.modesOn + (isMouseEnabled ? Self.mouseOn : []))
        previous = []
    }

    // MARK: The rest

    public func copy(_ text: String) {
        guard isOpen else { return }
        Self.send(Array("\u{1b}]52;c;\(Base64.encode(Array(text.utf8)))\u{07}".utf8))
    }

    public func suspend() {
        guard isOpen else { return }
        leave()
        TerminalSignals.disarm()
        TerminalSignals.stopProcess()
        TerminalSignals.arm()
        invalidate()
    }

    /// Gives the terminal to somebody else while `body` runs, and takes it back.
    func lendTerminal<Value>(
        _ body: () throws(ExternalEditorFailure) -> Value
    ) throws(ExternalEditorFailure) -> Value {
        guard isOpen else { throw .file("The terminal is closed") }
        reader.hold()
        Self.send(Self.modesOff)
        skua_leave()
        TerminalSignals.disarm()
        defer {
            TerminalSignals.arm()
            reader.release()
            invalidate()
        }
        return try body()
    }

    public func close() {
        guard isOpen else { return }
        isOpen = false
        reader.stop()
        leave()
        TerminalSignals.remove()
    }

    private func leave() {
        Self.send(Self.modesOff)
        if !hasAlternateScreen {
            // The shell's prompt would stand in the middle of our last screen.
            skua_erase()
            skua_flush()
        }
        skua_leave()
    }
}

/// Base 64 for the clipboard sequence, without Foundation.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let group =
                UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[index + 2]) : 0)
            for place in 0..<4 {
                result.append(place <= left ? alphabet[Int(group >> UInt32(18 - 6 * place) & 63)] : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: result, as: UTF8.self)
    }
}
