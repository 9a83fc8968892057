/// What lies around a visit, and before it.
extension ExecutionTrace {
    /// The visits of the Map and Parallel states around a visit, innermost first.
    func containers(of visit: StateVisit) -> [StateVisit] {
        var result: [StateVisit] = []
        var next = visit.container
        while let id = next, let container = self.visit(id) {
            result.append(container)
            next = container.container
        }
        return result
    }

    /// The variables a state could see where it was entered: those of its own level that were assigned on its way, then
    /// those around it. AWS: what is assigned inside a Map or Parallel state is gone when that ends.
    func variables(before visit: StateVisit) -> [String: String] {
        var variables: [String: String] = [:]
        var at = visit
        while true {
            var earlier = at.cameFrom.flatMap { self.visit($0) }
            while let step = earlier {
                variables.merge(step.assigned) { known, _ in known }
                earlier = step.cameFrom.flatMap { self.visit($0) }
            }
            guard let container = at.container.flatMap({ self.visit($0) }) else { return variables }
            at = container
        }
    }

    /// The same as a JSON object; nil if there are none.
    func variablesText(before visit: StateVisit) -> String? {
        let variables = variables(before: visit)
        return variables.isEmpty ? nil : DataStage.object(ofVariables: variables)
    }
}
