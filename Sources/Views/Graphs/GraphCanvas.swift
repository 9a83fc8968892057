import GraphLayout
import Synchronization

/// The drawing last made and where its window lies. Measurements, as a `Viewport` holds them: drawing needs the size, moving
/// needs the drawing, and copies of a pane share both.
final class GraphCanvas<Content: Equatable & Sendable>: Sendable {
    private struct State {
        var content: Content?
        var width = 0
        var height = 0
        var isASCII = false
        var drawing: GraphDrawing?
        var origin = GraphPoint(x: 0, y: 0)
    }

    private let state = Mutex(State())

    var drawing: GraphDrawing? { state.withLock { $0.drawing } }

    /// The drawing's cell in the window's upper left corner.
    var origin: GraphPoint {
        get { state.withLock { $0.origin } }
        set { state.withLock { $0.origin = newValue } }
    }

    /// The drawing last made where it was of the same content for the same window, else a new one.
    func drawing(
        of content: Content, width: Int, height: Int, isASCII: Bool, make: () -> GraphDrawing
    ) -> GraphDrawing {
        let known = state.withLock { state in
            state.content == content && state.width == width && state.height == height && state.isASCII == isASCII
                ? state.drawing : nil
        }
        if let known { return known }
        let drawing = make()
        state.withLock { state in
            (state.content, state.width, state.height) = (content, width, height)
            (state.isASCII, state.drawing) = (isASCII, drawing)
        }
        return drawing
    }
}
