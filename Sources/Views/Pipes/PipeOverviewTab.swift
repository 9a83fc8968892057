import AWSModel
import AWSTypes
import TerminalUI

/// The pipe drawn, and below it what the chosen part does.
struct PipeOverviewTab: ResourceTab {
    var reading: PipeReading? {
        didSet {
            guard let reading else { return }
            diagram.show(reading)
            list.items = items
        }
    }
    var isStale = false
    var diagram = PipeDiagram()
    var list = KeyValueList(id: "pipe.part")

    var copyText: String? { arn ?? reading?.arn }

    private var arn: String? {
        switch diagram.selected {
        case .source: reading?.pipe.source
        case .filter: nil
        case .enrichment: reading?.enrichment
        case .target: reading?.pipe.target
        }
    }

    var bindings: [KeyBinding] {
        let open: Availability
        if diagram.selected == .filter {
            open = .enabled
        } else if let arn {
            let name = ResourceName(arn)
            open = .when(name.address != nil, otherwise: name.unavailable)
        } else {
            open = .disabled("The pipe has no enrichment")
        }
        return [
            KeyBinding(
                ["enter"], diagram.selected == .filter ? "try filter" : "open", "open", help: "Open the chosen box",
                availability: open),
            KeyBinding(["e"], "edit", "edit", help: "Edit the pipe", menu: true, needs: [.changes]),
            KeyBinding(["f"], "try filter", "filter", help: "Hold a record against the filter", menu: true),
        ] + PipeDiagram.bindings
    }

    mutating func update(_ event: ScreenEvent<Never>) -> [Effect<Never>] {
        switch event {
        case .action("open"):
            if diagram.selected == .filter { return tryFilter() }
            return arn.flatMap { ResourceName($0).address }.map { [.open($0)] } ?? []
        case .action("filter"): return tryFilter()
        case .action("edit"): return reading.map { [.push(PipeEditorScreen(editing: $0))] } ?? []
        case .action(let action): _ = diagram.perform(action)
        case .input(let input): _ = diagram.handle(input)
        default: break
        }
        list.items = items
        return []
    }

    private func tryFilter() -> [Effect<Never>] {
        guard let reading else { return [] }
        return [
            .push(
                PatternSandboxScreen(
                    .filter(of: "Pipe \(reading.name)"), kind: .record, pattern: reading.filters.first))
        ]
    }

    private var items: [KeyValue] {
        guard let reading else { return [] }
        let pipe = reading.pipe
        switch diagram.selected {
        case .source:
            let queue = pipe.sourceParameters?.sqsQueueParameters
            return [
                KeyValue("Reads from", text: pipe.source ?? ""),
                KeyValue("Batch", text: Quantity.count(queue?.batchSize ?? 10, "message")),
                KeyValue("Batch window", text: ElapsedTime.span(seconds: queue?.maximumBatchingWindowInSeconds ?? 0)),
            ]
        case .filter:
            let filters = reading.filters.enumerated().map { KeyValue("Pattern \($0 + 1)", text: $1) }
            return filters.isEmpty
                ? [KeyValue("Filter", text: "none: every message passes")]
                : filters + [KeyValue("Otherwise", text: "a message that no pattern takes is deleted from the queue")]
        case .enrichment:
            guard let enrichment = reading.enrichment else {
                return [KeyValue("Enrichment", text: "none: messages go to the target as they are")]
            }
            return [
                KeyValue("Calls", text: enrichment),
                KeyValue("With", text: pipe.enrichmentParameters?.inputTemplate ?? "the whole message"),
                KeyValue("Then", text: "its result takes the message's place"),
            ]
        case .target:
            let parameters = pipe.targetParameters
            var items = [
                KeyValue("Sends to", text: pipe.target ?? ""),
                KeyValue("What", text: parameters?.inputTemplate ?? "the whole message"),
            ]
            if let group = parameters?.sqsQueueParameters?.messageGroupId {
                items.append(KeyValue("Message group", text: group))
            }
            if let bus = parameters?.eventBridgeEventBusParameters {
                items.append(KeyValue("As event", text: "\(bus.detailType ?? "–") from \(bus.source ?? "–")"))
            }
            let type =
                parameters?.lambdaFunctionParameters?.invocationType
                ?? parameters?.stepFunctionStateMachineParameters?.invocationType
            if let type {
                items.append(
                    KeyValue("Waits", text: type == "FIRE_AND_FORGET" ? "no, it sends and goes on" : "for the result"))
            }
            return items
        }
    }

    func render(on surface: Surface, in frame: FrameContext) {
        guard let reading else { return }
        let parts = surface.rows([.fill(), .fixed(surface.height >= 30 ? 10 : 8)])
        let note = reading.mark.line(reading.state.lowercased())
        diagram.render(
            on: parts[0].panel("Pipe \(reading.name)", focused: true, note: note), focused: frame.isInteractive)
        let inside = parts[1].panel(
            diagram.selected.rawValue.prefix(1).uppercased() + diagram.selected.rawValue.dropFirst())
        if let reason = reading.pipe.stateReason, !reason.isEmpty {
            inside.write("✗ \(reason)".clipped(to: inside.width - 4), x: 2, y: inside.height - 1, Style(.failure))
        }
        list.render(on: inside, focused: false)
    }
}
