import AWSModel
import TerminalUI

extension HomeScreen {
    static let failureColumns: [TableColumn<RecentFailure>] = [
        TableColumn("Time", min: 8, ideal: 8) { TableCell(ElapsedTime.clock($0.time), .dim) },
        TableColumn("Failed", min: 14, ideal: 20) { failure in
            TableCell([Span("✗ ", .failure), Span(failure.action)])
        },
        TableColumn("Resource", min: 12, ideal: 18, clipsMiddle: true) { failure in
            let name = ResourceName(failure.resource)
            return TableCell(name.name.isEmpty ? "–" : name.shortName, name.name.isEmpty ? .faint : .text)
        },
        TableColumn("Why", min: 14) { failure in
            var line = StyledLine(failure.shortError, .failure)
            if !failure.detail.isEmpty { line.append("  \(failure.detail)", .dim) }
            return TableCell(line)
        },
    ]

    func render(on surface: Surface, in frame: FrameContext) {
        if surface.width >= 100, surface.height >= 30 {
            renderLarge(on: surface, in: frame)
        } else {
            renderSmall(on: surface, in: frame)
        }
    }

    private func renderLarge(on surface: Surface, in frame: FrameContext) {
        // All services where the map keeps the larger half; else the list scrolls.
        let bottom = max(9, min(services.count + 2, surface.height * 2 / 5))
        let parts = surface.rows([.fill(), .fixed(bottom), .fixed(1)])
        renderMap(on: parts[0], in: frame)
        if hasEngine {
            let columns = parts[1].columns([.fixed(40), .fill()], gap: 1)
            renderServices(on: columns[0], in: frame)
            renderTroubles(on: columns[1], in: frame)
        } else {
            renderServices(on: parts[1], in: frame)
        }
        renderFoot(on: parts[2])
    }

    private func renderSmall(on surface: Surface, in frame: FrameContext) {
        let count = max(showsProblems ? problems.totalCount : 0, showsProblems ? 0 : failures.totalCount)
        let bottom = hasEngine ? min(showsProblems ? max(7, surface.height * 2 / 5) : 7, max(3, count + 3)) : 0
        let parts = surface.rows([.fixed(1), .fill(), .fixed(bottom), .fixed(1)])
        renderServiceStrip(on: parts[0], in: frame)
        renderMap(on: parts[1], in: frame)
        if hasEngine { renderTroubles(on: parts[2], in: frame) }
        renderFoot(on: parts[3])
    }

    // MARK: The map

    private func renderMap(on surface: Surface, in frame: FrameContext) {
        let isFocused = focus == .map && frame.isInteractive
        let inside = surface.panel(
            "Map", focused: isFocused, note: mapNote(surface), footer: mapFooter(surface.width - 8))
        if let failure, reading == nil {
            let lines =
                ["✗ Cannot read the world.", ""] + TextWrapping.wrap(failure, to: max(20, inside.width - 8)) + [
                    "", "r tries again.",
                ]
            message(lines.map { StyledLine($0, $0.hasPrefix("✗") ? .failure : .text) }, on: inside)
        } else if reading == nil {
            message([StyledLine("Reading the world…", .dim)], on: inside)
        } else if map.map.isEmpty {
            message(
                hasEngine
                    ? firstSteps(inside.width)
                    : [StyledLine("This account has no queues, functions or state machines here.", .dim)], on: inside)
        } else {
            map.render(on: inside, focused: isFocused)
        }
    }

    /// What the shapes mean.
    private func mapNote(_ surface: Surface) -> StyledLine? {
        guard !map.map.isEmpty else { return nil }
        if let shortfall = reading?.shortfall { return [Span("▲ ", .warning), Span(shortfall, .warning)] }
        guard surface.width >= 60 else { return nil }
        let shapes: StyledLine = [
            Span("╭╮", .border), Span(" queue  ", .dim), Span("┌┐", .border), Span(" function  ", .dim),
            Span("╔╗", .border),
            Span(" state machine", .dim),
        ]
        return surface.width < 100 ? shapes : shapes + [Span("  ┄▶", .border), Span(" dead letters", .dim)]
    }

    /// The selected resource in words.
    private func mapFooter(_ width: Int) -> StyledLine? {
        guard let resource = map.selected else { return nil }
        let kind = ResourceName(resource.arn).kind
        var line = StyledLine(resource.name, .text)
        line.append(" \(kind)", .dim)
        let health = resource.health
        if health == .warning || health == .failing || health == .disabled {
            line.append("  ", .dim)
            line.append(health.mark.glyph, health.mark.role)
            line.append(" \(health.rawValue)", health.mark.role)
        }
        if !resource.summary.isEmpty { line.append("  \(resource.summary)", .dim) }
        // What has passed along its wires, also where the map has no room to say so.
        for wire in map.map.wires where wire.source == resource.arn {
            let count = wire.count ?? 0
            guard count > 0 || wire.failed > 0 else { continue }
            func rate(_ perMinute: Int?) -> String { perMinute.flatMap { $0 > 0 ? " \($0.grouped)/min" : nil } ?? "" }
            let isFailing = wire.kind == "dead-letter"
            var passed: StyledLine = [
                Span(isFailing ? "  ┄▶ " : "  → ", .dim), Span(ResourceName(wire.target).name, .dim),
                Span(" \(count.grouped)", isFailing ? .warning : .info), Span(rate(wire.perMinute), .dim),
            ]
            if wire.failed > 0 {
                passed.append(" ✗\(wire.failed.grouped)", .failure)
                passed.append(rate(wire.failuresPerMinute), .dim)
            }
            if line.columns + passed.columns <= width { line = line + passed }
        }
        return line.columns <= width ? line : StyledLine(resource.name, .text)
    }

    private func message(_ lines: [StyledLine], on surface: Surface) {
        let width = lines.map(\.columns).max() ?? 0
        let x = max(0, (surface.width - width) / 2)
        let y = max(0, (surface.height - lines.count) / 2)
        for (row, line) in lines.enumerated() { surface.write(line, x: x, y: y + row) }
    }

    /// An empty world says how to fill it.
    private func firstSteps(_ width: Int) -> [StyledLine] {
        guard let endpoint = reading?.world?.endpoint, !endpoint.isEmpty else {
            return [
                StyledLine("This world is empty.", Style(.title, .bold)), "",
                "Open SQS above and press n to make a queue,", "or start over with the example world: skua demo",
            ]
        }
        return [
            StyledLine("This world is empty.", Style(.title, .bold)), "", "Point any AWS client at it:",
            [Span("  export AWS_ENDPOINT_URL=", .dim), Span(endpoint, .link)],
            [Span("  aws sqs create-queue --queue-name orders", .dim)], "",
            "Or press Tab, Enter and n to make a queue right here.",
            [Span("y", Style(.key, .bold)), Span(" copies the endpoint.", .dim)],
        ]
    }

    // MARK: Services

    private func renderServices(on surface: Surface, in frame: FrameContext) {
        let isFocused = focus == .services && frame.isInteractive
        let inside = surface.panel("Services", focused: isFocused).inset(horizontally: 1)
        let top = max(0, min(selectedService - inside.height + 1, services.count - inside.height))
        inside.scrollBar(
            top: top, visible: inside.height, total: services.count, x: inside.width - 1, height: inside.height)
        for (row, service) in services.dropFirst(top).prefix(inside.height).enumerated() {
            let isSelected = isFocused && row + top == selectedService
            let background: Role = isSelected ? .selection : .background
            let line = inside.part(Rect(x: 0, y: row, width: inside.width, height: 1))
            if isSelected {
                line.fill(Style(.text, on: background))
                line.placeCursor(x: 0, y: 0)
            }
            line.write(service.title, x: 0, y: 0, width: 14, Style(.text, on: background, isSelected ? .bold : []))
            let count = counts[service]
            if service.needsEngine {
                line.write(service.noun(nil), x: 15, y: 0, Style(.dim, on: background))
            } else {
                line.write(
                    count?.text ?? "–", x: 14, y: 0, width: 7, align: .right,
                    Style((count?.number ?? 0) > 0 ? .text : .faint, on: background))
                line.write(service.noun(count), x: 22, y: 0, Style(.dim, on: background))
            }
            inside.region("service.\(service.rawValue)", Rect(x: 0, y: row, width: inside.width, height: 1))
        }
    }

    /// The services in one row, which moves with the selection where they do not all fit.
    private func renderServiceStrip(on row: Surface, in frame: FrameContext) {
        let isFocused = focus == .services && frame.isInteractive
        func width(_ service: HomeService, _ title: (HomeService) -> String) -> Int {
            title(service).columns + (service.needsEngine ? 0 : 1 + (counts[service]?.text ?? "–").columns)
        }
        func total(_ title: (HomeService) -> String) -> Int { services.reduce(0) { $0 + width($1, title) } }
        let title: (HomeService) -> String =
            total(\.title) + services.count + 1 > row.width ? \.shortTitle : \.title
        let spare = row.width - 2 - total(title)
        let gap = max(2, min(4, spare / max(1, services.count - 1)))
        // As far along as it takes to show the selected one.
        var first = 0
        func end(from first: Int, through last: Int) -> Int {
            services[first...last].reduce(1) { $0 + width($1, title) + gap }
        }
        while isFocused, first < selectedService, end(from: first, through: selectedService) > row.width { first += 1 }
        if first > 0 { row.write("‹", x: 0, y: 0, Style(.accent, .bold)) }
        var x = 1
        for index in services.indices.dropFirst(first) {
            let service = services[index]
            let isLast = index == services.count - 1
            guard x + width(service, title) + (isLast ? 0 : 2) <= row.width else {
                row.write("›", x: row.width - 1, y: 0, Style(.accent, .bold))
                break
            }
            let isSelected = isFocused && index == selectedService
            let background: Role = isSelected ? .selection : .background
            let start = x
            x = row.write(
                title(service), x: x, y: 0, Style(isSelected ? .text : .link, on: background, isSelected ? .bold : []))
            if !service.needsEngine {
                x = row.write(" ", x: x, y: 0, Style(.text, on: background))
                x = row.write(
                    counts[service]?.text ?? "–", x: x, y: 0,
                    Style((counts[service]?.number ?? 0) > 0 ? .text : .faint, on: background))
            }
            if isSelected { row.placeCursor(x: start, y: 0) }
            row.region("service.\(service.rawValue)", Rect(x: start, y: 0, width: x - start, height: 1))
            x += gap
        }
    }

    // MARK: What is wrong, failures, traffic

    /// What is wrong comes first; what has failed stands in its place while it has the keys, and where nothing is wrong.
    private var showsProblems: Bool { problems.totalCount > 0 && focus != .failures }

    private func renderTroubles(on surface: Surface, in frame: FrameContext) {
        if showsProblems {
            renderProblems(on: surface, in: frame)
        } else {
            renderFailures(on: surface, in: frame)
        }
    }

    private func renderProblems(on surface: Surface, in frame: FrameContext) {
        let isFocused = focus == .problems && frame.isInteractive
        var note = StyledLine("1…9", Style(.key, .bold))
        note.append(" why  ", .dim)
        note.append("!", Style(.key, .bold))
        note.append(" all of them  ", .dim)
        let inside = surface.panel("What is wrong", focused: isFocused, note: note + problems.countNote)
        problems.render(on: inside, focused: isFocused)
    }

    private func renderFailures(on surface: Surface, in frame: FrameContext) {
        let isFocused = focus == .failures && frame.isInteractive
        let note = failures.totalCount > 0 ? failures.countNote : nil
        let inside = surface.panel("Recent failures", focused: isFocused, note: note)
        if failures.totalCount == 0, reading != nil {
            inside.write(
                [Span("✓ ", .success), Span("Nothing has failed.", .dim)], x: 1, y: max(0, (inside.height - 1) / 2))
            return
        }
        failures.render(on: inside, focused: isFocused)
    }

    private func renderFoot(on row: Surface) {
        guard let reading else { return }
        var end = 1
        if let traffic = reading.traffic, !traffic.sources.isEmpty {
            end = row.write(trafficLine(traffic, width: row.width - 2), x: 1, y: 0)
        } else if !reading.hasEngine {
            end = row.write(
                "Time, Why? and the timeline need Skua's own engine.".clipped(to: row.width - 2), x: 1, y: 0,
                Style(.dim))
        }
        guard let endpoint = reading.world?.endpoint, !endpoint.isEmpty else { return }
        let line: StyledLine = [Span("endpoint ", .dim), Span(endpoint, .link)]
        if end + 3 + line.columns <= row.width { row.write(line, x: row.width - line.columns - 1, y: 0) }
    }

    private func trafficLine(_ traffic: TrafficSummary, width: Int) -> StyledLine {
        var line: StyledLine =
            traffic.isOn
            ? [Span("▶ ", .running), Span("Traffic", .text)] : [Span("‖ ", .warning), Span("Traffic paused", .warning)]
        let sent = traffic.sources.reduce(0) { $0 + $1.sent }
        if traffic.sources.count == 1, let source = traffic.sources.first {
            let seconds =
                source.interval == source.interval.rounded() ? "\(Int(source.interval))" : "\(source.interval)"
            line.append("  \(source.name) → \(source.target) every \(seconds) s", .dim)
        } else {
            line.append("  \(traffic.sources.count) sources", .dim)
        }
        line.append("  \(sent.grouped) sent", .dim)
        return line.columns <= width ? line : StyledLine(line.text.clipped(to: width), .dim)
    }
}
