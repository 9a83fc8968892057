import GraphLayout
import TerminalUI

/// How much a box of the map tells.
enum ResourceMapDetail: Sendable, Hashable {
    /// Name and counts, wires with labels.
    case full
    /// Name and counts, wires without labels.
    case plain
    /// The name alone.
    case names
}

extension ResourceMap.Health {
    var mark: StatusMark {
        switch self {
        case .good: .enabled
        case .busy: .running
        case .warning: .warning
        case .failing: .failed
        case .disabled: .disabled
        }
    }
}

extension ResourceMap.Resource {
    /// The counts that matter, in few columns.
    var brief: String {
        func count(_ key: String) -> Int { counts[key] ?? 0 }
        switch service {
        case "sqs":
            if counts["visible"] == nil { return "queue" }
            let (visible, inFlight, delayed) = (count("visible"), count("inFlight"), count("delayed"))
            if visible + inFlight + delayed == 0 { return "empty" }
            if inFlight == 0, delayed == 0 { return "\(visible.grouped) visible" }
            if visible == 0, delayed == 0 { return "\(inFlight.grouped) in flight" }
            if visible == 0, inFlight == 0 { return "\(delayed.grouped) delayed" }
            return inFlight > 0 ? "\(visible.grouped) + \(inFlight.grouped) in flight" : "\(visible.grouped) + \(delayed.grouped) delayed"
        case "lambda":
            if health == .disabled { return "stopped" }
            if counts["concurrency"] == nil { return "function" }
            if count("queued") > 0 { return "\(count("concurrency")) run, \(count("queued").grouped) queued" }
            return count("concurrency") > 0 ? "\(count("concurrency")) running" : "idle"
        case "states":
            if counts["executions"] == nil { return "state machine" }
            if count("running") > 0 { return "\(count("running").grouped) running" }
            return "\(count("executions").grouped) done"
        default: return service
        }
    }

    var shape: GraphNode.Shape {
        switch service {
        case "sqs": .rounded
        case "states": .double
        default: .box
        }
    }
}

extension ResourceMap.Wire {
    /// Always as wide while counts grow, so that the map does not move under the reader.
    var label: String? {
        if !isEnabled { return "off" }
        guard let count, count > 0 else { return nil }
        return String(repeating: " ", count: max(0, 5 - count.grouped.columns)) + count.grouped
    }
}

extension ResourceMap {
    /// The map as a graph. Boxes keep their widths while counts change.
    func graph(_ detail: ResourceMapDetail) -> Graph {
        let targets = Set(wires.map(\.target))
        let sources = Set(wires.map(\.source))
        // Reading starts where things come in; what stands alone comes last.
        func rank(_ resource: Resource) -> Int {
            if sources.contains(resource.arn) { return targets.contains(resource.arn) ? 1 : 0 }
            return targets.contains(resource.arn) ? 1 : 2
        }
        let ordered = resources.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
        return Graph(
            nodes: ordered.map { resource in
                let title = "\(resource.health.mark.glyph) \(resource.name)"
                let width = max(title.columns, detail == .names ? 0 : "  \(resource.brief)".columns > 14 ? 20 : 14)
                var lines = [title.padded(to: width)]
                if detail != .names { lines.append("  \(resource.brief)".padded(to: width)) }
                return GraphNode(id: resource.arn, lines: lines, shape: resource.shape)
            },
            edges: wires.map { wire in
                GraphEdge(
                    id: "\(wire.kind):\(wire.source)→\(wire.target)", from: wire.source, to: wire.target,
                    label: detail == .full ? wire.label : nil,
                    style: wire.kind == "dead-letter" || !wire.isEnabled ? .dashed : .solid,
                    priority: wire.kind == "dead-letter" ? 1 : 3)
            })
    }
}
