/// A short notice that appears over the screen and goes away by itself or with the next key.
public struct Toast: Hashable, Sendable {
    public var text: String
    public var mark: StatusMark

    public init(_ text: String, _ mark: StatusMark = .succeeded) {
        self.text = text
        self.mark = mark
    }

    /// Draws in the lower right corner of `surface`, above its last row, wrapped to at most three lines.
    public func render(on surface: Surface) {
        let widest = min(surface.width - 4, 64)
        guard widest > 10, surface.height > 4 else { return }
        let lines = Array(TextWrapping.wrap(text, to: widest - 6).prefix(3))
        let width = (lines.map(\.columns).max() ?? 0) + 6
        let height = lines.count + 2
        let area = surface.part(
            Rect(x: surface.width - width - 1, y: surface.height - height, width: width, height: height))
        area.fill(Style(.text, on: .popup))
        let inside = area.box(.rounded, Style(mark.role, on: .popup))
        inside.write(mark.glyph, x: 1, y: 0, Style(mark.role, on: .popup))
        for (row, line) in lines.enumerated() {
            inside.write(line, x: 3, y: row, Style(.text, on: .popup))
        }
    }
}
