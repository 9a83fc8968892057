import GraphLayout
import TerminalUI

extension GraphDrawing {
    /// Draws what lies in a window as large as the surface.
    /// - Parameters:
    ///   - origin: the drawing's cell in the surface's upper left corner; negative where the drawing is smaller and sits in
    ///     the middle.
    ///   - selection: drawn whole, blanks too.
    func draw(
        on surface: Surface, from origin: GraphPoint, selection: GraphRect?,
        style: (_ role: Role, _ point: GraphPoint, _ isSelected: Bool) -> Style
    ) {
        for y in 0..<surface.height where origin.y + y >= 0 && origin.y + y < height {
            for x in 0..<surface.width where origin.x + x >= 0 && origin.x + x < width {
                let point = GraphPoint(x: origin.x + x, y: origin.y + y)
                let cell = self[point.x, point.y]
                guard let character = cell.character else { continue }
                let isSelected = selection?.contains(point) ?? false
                if character == " ", !isSelected { continue }
                surface.write(String(character), x: x, y: y, style(cell.role, point, isSelected))
            }
        }
    }

    /// Marks at the edges that there is more that way.
    func drawArrows(on surface: Surface, from origin: GraphPoint) {
        let style = Style(.accent, .bold)
        if origin.y > 0 { surface.write("▴", x: surface.width - 1, y: 0, style) }
        if origin.y + surface.height < height {
            surface.write("▾", x: surface.width - 1, y: surface.height - 1, style)
        }
        if origin.x > 0 { surface.write("‹", x: 0, y: surface.height / 2, style) }
        if origin.x + surface.width < width {
            surface.write("›", x: surface.width - 1, y: surface.height / 2, style)
        }
    }
}
