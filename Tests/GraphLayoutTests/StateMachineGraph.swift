import Foundation
import GraphLayout

/// Reads just enough of an Amazon States Language definition to draw it.
struct StateMachineGraph {
    var graph = Graph()

    init?(json: Data) {
        guard let root = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return nil }
        graph = Self.machine(root, prefix: "")
    }

    private static func machine(_ definition: [String: Any], prefix: String) -> Graph {
        guard let states = definition["States"] as? [String: [String: Any]] else { return Graph() }
        let start = definition["StartAt"] as? String ?? ""
        var graph = Graph()
        // JSONSerialization does not keep the order of the states: walk from the start, then take the rest by name.
        var order: [String] = []
        var open = [start]
        while !open.isEmpty {
            let name = open.removeFirst()
            guard let state = states[name], !order.contains(name) else { continue }
            order.append(name)
            open += transitions(state).map(\.to)
        }
        order += states.keys.sorted().filter { !order.contains($0) }
        if prefix.isEmpty {
            graph.nodes.append(GraphNode(id: "(start)", lines: ["Start"], shape: .marker))
            graph.edges.append(GraphEdge(from: "(start)", to: start, priority: 4))
        }
        var hasEnd = false
        for name in order {
            guard let state = states[name] else { continue }
            let type = state["Type"] as? String ?? ""
            var node = GraphNode(id: prefix + name, lines: [name], shape: type == "Choice" ? .decision : .box)
            if let retries = state["Retry"] as? [Any] {
                node.badges = [GraphBadge("↻\(retries.count)", ascii: "r\(retries.count)")]
            }
            if let branches = state["Branches"] as? [[String: Any]] {
                node.frame = GraphFrame(
                    branches: branches.enumerated().map { machine($1, prefix: "\(prefix)\(name)/\($0)/") })
            } else if let body = (state["ItemProcessor"] ?? state["Iterator"]) as? [String: Any] {
                node.frame = GraphFrame(branches: [machine(body, prefix: "\(prefix)\(name)/")])
            }
            graph.nodes.append(node)
            for transition in transitions(state) {
                graph.edges.append(
                    GraphEdge(
                        from: prefix + name, to: prefix + transition.to, label: transition.label,
                        style: transition.isCatch ? .dashed : .solid,
                        priority: transition.priority))
            }
            if prefix.isEmpty, state["End"] as? Bool == true || type == "Succeed" || type == "Fail" {
                hasEnd = true
                graph.edges.append(GraphEdge(from: name, to: "(end)", priority: type == "Fail" ? 1 : 3))
            }
        }
        if hasEnd { graph.nodes.append(GraphNode(id: "(end)", lines: ["End"], shape: .marker)) }
        return graph
    }

    private static func transitions(_ state: [String: Any]) -> [(
        to: String, label: String?, isCatch: Bool, priority: Int
    )] {
        var result: [(to: String, label: String?, isCatch: Bool, priority: Int)] = []
        if let next = state["Next"] as? String { result.append((next, nil, false, 4)) }
        for rule in state["Choices"] as? [[String: Any]] ?? [] {
            if let next = rule["Next"] as? String { result.append((next, condition(rule), false, 2)) }
        }
        if let next = state["Default"] as? String { result.append((next, "default", false, 2)) }
        for rule in state["Catch"] as? [[String: Any]] ?? [] {
            if let next = rule["Next"] as? String { result.append((next, nil, true, 1)) }
        }
        return result
    }

    private static func condition(_ rule: [String: Any]) -> String {
        if let expression = rule["Condition"] as? String { return expression }
        guard let variable = rule["Variable"] as? String else { return rule.keys.sorted().first { $0 != "Next" } ?? "" }
        let test = rule.keys.sorted().first { $0 != "Next" && $0 != "Variable" && $0 != "Comment" } ?? ""
        return "\(variable) \(test) \(rule[test] ?? "")"
    }
}
