import AWSModel
import AWSTypes
import GraphLayout

/// The overview of a function as a graph: what triggers it, itself with its layers, where its results go.
struct FunctionGraph: Sendable {
    /// What `Enter` does on a box.
    enum Target: Hashable, Sendable {
        case open(ScreenAddress)
        case configuration(FunctionSection)
        case addTrigger
        case editDestinations
        /// There is no screen; the sentence says so.
        case nowhere(String)
    }

    static let functionID = "function"

    private(set) var graph = Graph()
    /// With what is told of a wire on the wire itself, for where width allows.
    private(set) var wideGraph = Graph()
    /// The same boxes with one line each, for where height is short.
    private(set) var lowGraph = Graph()
    private(set) var targets: [String: Target] = [:]

    init() {}

    init(_ details: FunctionDetails) {
        var triggers: [GraphNode] = []
        var destinations: [GraphNode] = []
        var edges: [GraphEdge] = []
        var targets: [String: Target] = [:]

        var labels: [String: String] = [:]
        var kinds: [String: String] = [:]
        var notes: [String: String] = [:]
        func trigger(_ id: String, _ lines: [String], short: String? = nil, isEnabled: Bool = true, _ target: Target) {
            guard targets[id] == nil else { return }
            labels[id] = short
            triggers.append(GraphNode(id: id, lines: lines, shape: .rounded))
            edges.append(GraphEdge(from: id, to: Self.functionID, style: isEnabled ? .solid : .dashed, priority: 3))
            targets[id] = target
        }
        func neighbour(_ arn: String) -> (ResourceName, Target) {
            let found = ResourceName(arn)
            return (found, found.address.map { .open($0) } ?? .nowhere(found.unavailable))
        }

        for mapping in details.mappings {
            let (source, target) = neighbour(mapping.eventSourceArn ?? "")
            let isEnabled = mapping.state?.hasPrefix("Enabl") ?? true
            let state = isEnabled ? "batch \(mapping.batchSize ?? 10)" : (mapping.state ?? "Disabled").lowercased()
            let id = "mapping:\(mapping.uuid ?? source.arn)"
            (kinds[id], notes[id]) = (source.title, state)
            trigger(
                id, [source.name, "\(source.title), \(state)"], short: source.shortLabel, isEnabled: isEnabled, target)
        }
        for statement in details.policy {
            if let arn = statement.sourceARN {
                let (source, target) = neighbour(arn)
                trigger("policy:\(arn)", [source.name, source.title], short: source.shortLabel, target)
            } else if statement.principal.hasSuffix(".amazonaws.com") {
                trigger(
                    "policy:\(statement.principal)", [Self.serviceName(statement.principal)],
                    .configuration(.permissions))
            }
        }
        if details.functionURL != nil { trigger("url", ["Function URL"], .configuration(.general)) }
        if triggers.isEmpty {
            triggers.append(GraphNode(id: "add.trigger", lines: ["+ Add trigger"], shape: .rounded))
            edges.append(GraphEdge(from: "add.trigger", to: Self.functionID, style: .dashed))
            targets["add.trigger"] = .addTrigger
        }

        func destination(_ arn: String?, _ label: String) {
            guard let arn, !arn.isEmpty else { return }
            let (goal, target) = neighbour(arn)
            let id = "destination:\(arn)"
            if targets[id] == nil {
                destinations.append(GraphNode(id: id, lines: [goal.name, "\(goal.title), \(label)"], shape: .rounded))
                edges.append(
                    GraphEdge(
                        from: Self.functionID, to: id, style: label == "on success" ? .solid : .dashed, priority: 3))
                targets[id] = target
                labels[id] = goal.shortLabel
            } else if let index = destinations.firstIndex(where: { $0.id == id }) {
                destinations[index].lines[1] += ", \(label)"
            }
            kinds[id] = goal.title
            notes[id] = [notes[id], label].compactMap { $0 }.joined(separator: ", ")
        }
        destination(details.invokeConfig?.destinationConfig?.onSuccess?.destination, "on success")
        destination(details.invokeConfig?.destinationConfig?.onFailure?.destination, "on failure")
        destination(details.configuration.deadLetterConfig?.targetArn, "dead letters")
        if destinations.isEmpty {
            destinations.append(GraphNode(id: "add.destination", lines: ["+ Add destination"], shape: .rounded))
            edges.append(GraphEdge(from: Self.functionID, to: "add.destination", style: .dashed))
            targets["add.destination"] = .editDestinations
        }

        let layers = details.layers.map { ResourceName($0).name }
        var lines = [details.name, details.configuration.runtime ?? "container image"]
        lines.append(layers.isEmpty ? "no layers" : "layers: \(layers.count)")
        if layers.count <= 2 { lines = Array(lines.dropLast(layers.isEmpty ? 0 : 1)) + layers.map { "+ \($0)" } }
        let function = GraphNode(id: Self.functionID, lines: lines, shape: .double)
        targets[Self.functionID] = .configuration(layers.isEmpty ? .general : .layers)
        graph = Graph(nodes: triggers + [function] + destinations, edges: edges)
        wideGraph = graph
        for (index, node) in graph.nodes.enumerated() {
            if let kind = kinds[node.id] { wideGraph.nodes[index].lines[1] = kind }
        }
        for (index, edge) in graph.edges.enumerated() {
            wideGraph.edges[index].label = notes[edge.from] ?? notes[edge.to]
        }
        lowGraph = graph
        for (index, node) in lowGraph.nodes.enumerated() where node.id != Self.functionID {
            lowGraph.nodes[index].lines = [labels[node.id] ?? node.lines[0]]
        }
        self.targets = targets
    }

    private static func serviceName(_ principal: String) -> String {
        switch principal.split(separator: ".").first.map(String.init) {
        case "apigateway": "API Gateway"
        case "events": "EventBridge"
        case "s3": "S3"
        case "sns": "SNS"
        case "logs": "CloudWatch Logs"
        case "scheduler": "Scheduler"
        case .some(let other): other
        case nil: principal
        }
    }
}
