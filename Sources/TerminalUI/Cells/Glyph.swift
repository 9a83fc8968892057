import Synchronization

/// What one cell shows, in 32 bits.
///
/// A single scalar is its own id, so the common case needs no table and no lock. A base character with combining
/// marks gets an id past the last scalar, from a table shared by the process.
public struct Glyph: Hashable, Sendable {
    public let id: UInt32

    init(id: UInt32) { self.id = id }

    public init(_ scalar: Unicode.Scalar) { id = scalar.value }

    public static let space = Glyph(id: 0x20)
    /// The right half of a wide glyph: draws nothing itself.
    public static let continuation = Glyph(id: 0)

    private static let firstCluster: UInt32 = 0x11_0000
    /// ncurses keeps at most five wide characters a cell (CCHARW_MAX), so a longer pile of marks is cut.
    static let maximumScalars = 5

    /// The scalars to print.
    public var scalars: [Unicode.Scalar] {
        if id < Self.firstCluster { return Unicode.Scalar(id).map { [$0] } ?? [] }
        return ClusterTable.shared.scalars(id - Self.firstCluster)
    }

    public var text: String {
        if id == 0 { return "" }
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars)
        return String(result)
    }

    /// Columns taken: 0 for a continuation, else 1 or 2.
    public var width: Int {
        if id == 0 { return 0 }
        if id < 0x300 { return 1 }
        return scalars.first.map { max(1, ScalarWidth.of($0)) } ?? 1
    }

    /// This glyph with a combining mark on top.
    func combined(with mark: Unicode.Scalar) -> Glyph {
        var all = scalars
        guard !all.isEmpty, all.count < Self.maximumScalars else { return self }
        all.append(mark)
        return Glyph(id: Self.firstCluster + ClusterTable.shared.index(of: all))
    }

    /// The picture shown for a control or format character: never the character itself.
    /// `nil` for characters that are safe to print.
    static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let value = scalar.value
        if value < 0x20 { return Unicode.Scalar(0x2400 + value) }
        if value < 0x7F { return nil }
        if value == 0x7F { return "\u{2421}" }
        if value < 0xA0 { return "\u{FFFD}" }
        if value < 0x600 { return value == 0xAD ? "-" : nil }
        switch scalar.properties.generalCategory {
        // Bidirectional overrides and their kin could reorder the line: show that they are there.
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
            return "\u{FFFD}"
        default: return nil
        }
    }
}

/// The process-wide list of combined characters. It only grows, and text with combining marks is rare.
private final class ClusterTable: Sendable {
    static let shared = ClusterTable()

    private struct State {
        var list: [[Unicode.Scalar]] = []
        var indexes: [[Unicode.Scalar]: UInt32] = [:]
    }
    private let state = Mutex(State())

    func index(of scalars: [Unicode.Scalar]) -> UInt32 {
        state.withLock { state in
            if let known = state.indexes[scalars] { return known }
            let index = UInt32(state.list.count)
            state.list.append(scalars)
            state.indexes[scalars] = index
            return index
        }
    }

    func scalars(_ index: UInt32) -> [Unicode.Scalar] {
        state.withLock { Int(index) < $0.list.count ? $0.list[Int(index)] : [] }
    }
}
