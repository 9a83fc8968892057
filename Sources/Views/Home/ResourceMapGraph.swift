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
    /// The counts that matter, in at most so many columns.
    func brief(_ columns: Int) -> String {
        briefs.first { $0.columns <= columns } ?? (briefs.last ?? "").clipped(to: columns)
    }

    /// From the longest to the shortest.
    private var briefs: [String] {
        func count(_ key: String) -> Int { counts[key] ?? 0 }
        func short(_ key: String) -> String {
            count(key) < 10_000 ? count(key).grouped : AxisTicks.short(Double(count(key)))
        }
        switch service {
        case "sqs":
            if counts["visible"] == nil { return ["queue"] }
            let parts = [("visible", "visible"), ("inFlight", "in flight"), ("delayed", "delayed")].filter {
                count($0.0) > 0
            }
            switch parts.count {
            case 0: return ["empty"]
            case 1: return ["\(short(parts[0].0)) \(parts[0].1)", short(parts[0].0)]
            default:
                let (first, second) = (short(parts[0].0), short(parts[1].0))
                return [
                    "\(first) + \(second) \(parts[1].1)", "\(first) \(parts[0].1) +\(second)", "\(first) + \(second)",
                ]
            }
        case "lambda":
            if health == .disabled { return ["stopped"] }
            if counts["concurrency"] == nil { return ["function"] }
            if count("queued") > 0 {
                return ["\(short("concurrency")) run, \(short("queued")) wait", "\(short("queued")) queued"]
            }
            return count("concurrency") > 0 ? ["\(short("concurrency")) running"] : ["idle"]
        case "states":
            if counts["executions"] == nil { return ["machine"] }
            return count("running") > 0
                ? ["\(short("running")) running"] : ["\(short("executions")) ended", short("executions")]
        case "sns": return ["\(short("published")) published", short("published")]
        case "events":
            if counts["targets"] == nil { return [count("rules") == 1 ? "1 rule" : "\(short("rules")) rules"] }
            return ["\(short("delivered")) delivered", short("delivered")]
        case "scheduler": return ["\(short("runs")) runs"]
        case "pipes":
            return count("filtered") > 0
                ? ["\(short("delivered")) + \(short("filtered")) dropped", "\(short("delivered")) passed"]
                : ["\(short("delivered")) passed"]
        case "cloudwatch": return [summary]
        case "s3": return counts["objects"] == nil ? ["bucket"] : ["\(short("objects")) objects"]
        default: return [service]
        }
    }

    /// What the shape of its box does not tell: a bus, a topic and a queue may have one name.
    private var kindWord: String? {
        switch service {
        case "sns": "topic"
        case "events": counts["targets"] == nil ? "bus" : "rule"
        case "scheduler": "schedule"
        case "pipes": "pipe"
        case "s3": "bucket"
        case "cloudwatch": "alarm"
        default: nil
        }
    }

    /// The first line of its box.
    var mapTitle: String { "\(health.mark.glyph) \(name)" + (kindWord.map { " \($0)" } ?? "") }

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
        guard failed > 0 || count ?? 0 > 0 else { return nil }
        func short(_ count: Int) -> String { count < 1000 ? count.grouped : AxisTicks.short(Double(count)) }
        let text = short(count ?? 0) + (failed > 0 ? " ✗\(short(failed))" : "")
        return String(repeating: " ", count: max(0, (failed > 0 ? 8 : 4) - text.columns)) + text
    }
}

extension ResourceMap {
    /// The map as a graph. Boxes keep their widths while counts change.
    func graph(_ detail: ResourceMapDetail) -> Graph {
        return Graph(
            nodes: reading.map { resource in
                let title = resource.mapTitle
                // Room for the counts is kept however few they are.
                let room = 12
                let width = max(title.columns, detail == .names ? 0 : room + 2)
                var lines = [title.padded(to: width)]
                if detail != .names {
                    lines.append("  \(resource.brief(max(room, title.columns - 2)))".padded(to: width))
                }
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

    /// Resources in the order of reading: what hangs together with most comes first, and in it where things come in.
    var reading: [Resource] {
        let targets = Set(wires.map(\.target))
        let sources = Set(wires.map(\.source))
        func rank(_ resource: Resource) -> Int {
            targets.contains(resource.arn) ? 1 : sources.contains(resource.arn) ? 0 : 2
        }
        let sizes = sizesOfParts
        return resources.enumerated().sorted { left, right in
            (-(sizes[left.element.arn] ?? 1), rank(left.element), left.offset)
                < (-(sizes[right.element.arn] ?? 1), rank(right.element), right.offset)
        }.map(\.element)
    }

    /// How many resources hang together with each.
    private var sizesOfParts: [String: Int] {
        var neighbours: [String: [String]] = [:]
        for wire in wires {
            neighbours[wire.source, default: []].append(wire.target)
            neighbours[wire.target, default: []].append(wire.source)
        }
        let known = Set(resources.map(\.arn))
        var sizes: [String: Int] = [:]
        for start in resources.map(\.arn) where sizes[start] == nil {
            var part: Set<String> = [start]
            var open = [start]
            while let arn = open.popLast() {
                for next in neighbours[arn] ?? [] where known.contains(next) && part.insert(next).inserted {
                    open.append(next)
                }
            }
            for arn in part { sizes[arn] = part.count }
        }
        return sizes
    }
}
