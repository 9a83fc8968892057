extension Graph {
    /// Draws the graph in terminal cells. The same graph and options always give the same drawing.
    public func drawing(_ options: GraphLayoutOptions = GraphLayoutOptions()) -> GraphDrawing {
        let densities: [GraphLayoutOptions.Density] =
            options.density == .automatic ? [.roomy, .tight, .oneRow] : [options.density]
        var smallest: (plan: GraphPlan, density: GraphLayoutOptions.Density)?
        for density in densities {
            let plan = GraphPlanner(options: options, density: density).plan(self)
            smallest = (plan, density)
            let width = options.direction == .vertical ? plan.crossSize : plan.flowSize
            let height = options.direction == .vertical ? plan.flowSize : plan.crossSize
            if width <= options.maxWidth ?? .max && height <= options.maxHeight ?? .max { break }
        }
        var painter = GraphPainter(plan: smallest?.plan ?? GraphPlan(), options: options)
        return painter.paint(density: smallest?.density ?? .tight)
    }
}
