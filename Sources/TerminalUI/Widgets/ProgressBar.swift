/// How far something is, in eighths of a cell, with the percentage next to it.
public struct ProgressBar: Hashable, Sendable {
    /// From 0 to 1; `nil` if it cannot be known.
    public var fraction: Double?
    public var role: Role
    public var showsPercent: Bool

    public init(_ fraction: Double?, role: Role = .accent, showsPercent: Bool = true) {
        self.fraction = fraction
        self.role = role
        self.showsPercent = showsPercent
    }

    private static let eighths: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]

    /// Draws on the first row, over its whole width.
    public func render(on surface: Surface, background: Role = .background) {
        let label = showsPercent ? fraction.map { " \(Int(min(1, max(0, $0)) * 100))%" } ?? "  ?%" : ""
        let width = surface.width - (showsPercent ? 5 : 0)
        guard width > 0 else { return }
        let done = min(1, max(0, fraction ?? 0))
        if surface.isASCII {
            let full = Int(done * Double(max(0, width - 2)) + 0.5)
            surface.put("[", x: 0, y: 0, Style(.dim, on: background))
            for x in 0..<max(0, width - 2) {
                surface.put(x < full ? "#" : ".", x: x + 1, y: 0, Style(x < full ? role : .faint, on: background))
            }
            surface.put("]", x: width - 1, y: 0, Style(.dim, on: background))
        } else {
            let filled = Int(done * Double(width * 8) + 0.5)
            for x in 0..<width {
                let part = max(0, min(8, filled - x * 8))
                if part == 0 {
                    surface.put("·", x: x, y: 0, Style(.faint, on: background))
                } else {
                    surface.put(Self.eighths[part], x: x, y: 0, Style(role, on: background))
                }
            }
        }
        if showsPercent { surface.write(label, x: width, y: 0, width: 5, align: .right, Style(.dim, on: background)) }
    }
}
