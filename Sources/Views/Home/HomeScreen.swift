import AWSClient
import AWSModel
import AWSTypes
import TerminalUI

/// The first screen: the map of resources with what passes along its wires, the services, what is wrong, and what failed of
/// late.
struct HomeScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<HomeReading, any Error>)
        case counted([HomeService: ResourceCount])
        case trafficSet(Result<Bool, any Error>)
    }

    enum Pane: Int, CaseIterable, Sendable {
        case map, services, problems, failures
    }

    var focus = Pane.map
    var map = ResourceMapPane()
    var failures = Table<RecentFailure>(id: "home.failures", columns: Self.failureColumns, empty: "Nothing has failed.")
    var problems = Table<ProblemRow>(
        id: "home.problems", columns: ProblemRow.columns, empty: "Nothing is stuck or failing.")
    var selectedService = 0
    /// Nil until the first answer.
    var reading: HomeReading?
    var counts: [HomeService: ResourceCount] = [:]
    var failure: String?
    /// Metrics or log groups came or went since they were counted.
    private var areCountsStale = false
    /// What rates are measured from.
    private var baseline: (map: ResourceMap, time: Int64)?

    var crumbs: [String] { ["Skua", "Home"] }
    var title: String { "Home" }
    private static let mapped: Set<Topic> = [
        "sqs", "sns", "lambda", "states", "events", "scheduler", "pipes", "s3", "skua/traffic",
    ]
    private static let counted: Set<Topic> = ["cloudwatch", "logs", "iam"]
    var topics: Set<Topic> { Self.mapped.union(Self.counted) }
    /// A busy world adds data points all the time, and listing metrics costs more than the map: so they are counted anew
    /// every other second at most.
    /// Things also turn wrong by nothing happening: every quarter of a minute is soon enough for those.
    var tickInterval: Duration? {
        areCountsStale ? .seconds(2) : reading?.problems == nil ? nil : .seconds(15)
    }
    var capturesText: Bool {
        focus == .failures && failures.capturesText || focus == .problems && problems.capturesText
    }
    var handlesEscape: Bool {
        focus == .failures && failures.handlesEscape || focus == .problems && problems.handlesEscape
    }

    var hasEngine: Bool { reading?.hasEngine ?? true }
    var services: [HomeService] { HomeService.allCases.filter { hasEngine || !$0.needsEngine } }
    var hasTraffic: Bool { reading?.traffic.map { !$0.sources.isEmpty } ?? false }

    /// The ARN of what is selected in the pane with the focus.
    var selectedARN: String? {
        switch focus {
        case .map: map.selectedARN
        case .services: nil
        case .problems: problems.selected?.resource
        case .failures: failures.selected.map(\.resource).flatMap { $0.isEmpty ? nil : $0 }
        }
    }

    var copyText: String? { selectedARN ?? (map.map.isEmpty ? reading?.world?.endpoint : nil) }

    /// Every resource of the map, so that the palette goes to it by name from anywhere.
    var destinations: [PaletteItem] {
        map.map.resources.compactMap { resource in
            guard let address = ResourceName(resource.arn).address else { return nil }
            return PaletteItem(
                .screen(address.id, arguments: address.arguments), resource.name, group: "Resources",
                detail: ResourceName(resource.arn).kind)
        }
    }

    // MARK: Keys

    var bindings: [KeyBinding] {
        var list = [KeyBinding.open(openAvailability), .why(whyAvailability)]
        if focus == .failures {
            list.append(.trace(.when(failures.selected?.traceID != nil, otherwise: "No failure is selected")))
        }
        if hasTraffic {
            let isOn = reading?.traffic?.isOn ?? false
            list.append(
                KeyBinding(
                    ["p"], isOn ? "pause traffic" : "start traffic", "traffic",
                    help: isOn ? "Pause the demo's traffic" : "Let the demo's traffic flow",
                    availability: .when(reading?.world?.isReadOnly != true, otherwise: "The console is read-only"),
                    menu: true, needs: [.changes]))
        }
        list += [
            KeyBinding(["tab"], "next pane", "focus.next"),
            KeyBinding(["shift+tab"], "Pane before", "focus.previous", prominence: .help),
            .refresh,
        ]
        switch focus {
        case .map: list += ResourceMapPane.bindings
        case .services:
            list += [
                KeyBinding(["l", "j", "right", "down"], "Next service", "service.next", prominence: .help),
                KeyBinding(["h", "k", "left", "up"], "Service before", "service.previous", prominence: .help),
            ]
        case .problems: list += Table<ProblemRow>.bindings
        case .failures: list += Table<RecentFailure>.bindings
        }
        list += problems.numberBindings
        return list
    }

    private var openAvailability: Availability {
        switch focus {
        case .map:
            .when(
                map.selectedARN.flatMap { ResourceName($0).address } != nil, otherwise: "There is nothing to open yet")
        case .services: .enabled
        case .problems: .when(problems.selected != nil, otherwise: "Nothing is wrong")
        case .failures: .when(failures.selected != nil, otherwise: "Nothing has failed")
        }
    }

    private var whyAvailability: Availability {
        .when(selectedARN != nil, otherwise: "Select a resource first")
    }

    // MARK: Update

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared: return [load(), count()]
        case .changed(let topics):
            func concerns(_ watched: Set<Topic>) -> Bool {
                topics.contains { topic in watched.contains { $0.covers(topic) } }
            }
            if concerns(Self.counted) { areCountsStale = true }
            return concerns(Self.mapped) ? [load()] : []
        case .tick where !areCountsStale: return [load()]
        case .tick:
            areCountsStale = false
            return [count()]
        case .message(let message): return receive(message)
        case .action(let action): return perform(action)
        case .input(let input):
            handle(input)
            return []
        }
    }

    private func load() -> Effect<Message> {
        let calls = reading?.calls ?? ObservedCalls()
        return .work("load") { context in
            context.capabilities.hasEngine
                ? try await HomeReading.engine(context.aws, calls: calls) : try await HomeReading.attached(context.aws)
        } then: {
            .loaded($0)
        }
    }

    private func count() -> Effect<Message> {
        .work("count") { context in
            .counted(await HomeReading.otherCounts(context.aws, hasEngine: context.capabilities.hasEngine))
        }
    }

    /// With rates since a look some seconds ago: from one look to the next they would jump about.
    private mutating func measured(_ new: HomeReading) -> ResourceMap {
        guard let time = new.time else { return new.map }
        guard let base = baseline, time > base.time else {
            baseline = (new.map, time)
            return new.map
        }
        let map = new.map.measured(since: base.map, milliseconds: time - base.time)
        if time - base.time > 15_000 { baseline = (new.map, time) }
        return map
    }

    private mutating func receive(_ message: Message) -> [Effect<Message>] {
        switch message {
        case .loaded(.success(let new)):
            reading = new
            failure = nil
            map.show(measured(new))
            let isAtTop = focus != .failures || failures.selectedIndex == 0
            failures.rows = new.failures ?? []
            if isAtTop { failures.select(index: 0) }
            let isFirst = focus != .problems || problems.selectedIndex == 0
            problems.rows = new.problems ?? []
            if isFirst { problems.select(index: 0) }
            if !panes.contains(focus) { focus = .map }
            for service in HomeService.allCases {
                guard new.hasEngine || service.isMappedElsewhere else { continue }
                if let number = service.count(in: new.map) { counts[service] = ResourceCount(number: number) }
            }
            selectedService = min(selectedService, services.count - 1)
        case .loaded(.failure(let error)):
            failure = error.sentence
            // What was read stays on screen, with a word that it is old.
            if reading != nil { return [.toast("Cannot read the world: \(error.sentence)", .failed)] }
        case .counted(let new): counts.merge(new) { $1 }
        case .trafficSet(.success(let isOn)):
            reading?.traffic?.isOn = isOn
            return [.toast(isOn ? "Traffic flows again." : "Traffic is paused.", isOn ? .running : .paused), load()]
        case .trafficSet(.failure(let error)): return [.toast(error.sentence, .failed)]
        }
        return []
    }

    private mutating func perform(_ action: ActionID) -> [Effect<Message>] {
        switch action {
        case "open": return openSelected()
        case "why":
            if focus == .problems { return problems.selected.map { [.push(WhyScreen($0))] } ?? [] }
            return selectedARN.map { [.open("why", $0)] } ?? []
        case "trace": return failures.selected?.traceID.map { [.open("timeline", $0)] } ?? []
        case "refresh": return [load(), count()]
        case "traffic":
            guard let traffic = reading?.traffic else { return [] }
            let request = Skua.SetTrafficRequest(isEnabled: !traffic.isOn)
            return [
                .work("traffic") {
                    try await $0.aws.call(Skua.setTraffic, request).isEnabled ?? request.isEnabled
                } then: {
                    .trafficSet($0)
                }
            ]
        case "focus.next": moveFocus(1)
        case "focus.previous": moveFocus(-1)
        case "service.next": selectedService = min(services.count - 1, selectedService + 1)
        case "service.previous": selectedService = max(0, selectedService - 1)
        default:
            if let problem = problems.numbered(by: action) { return [.push(WhyScreen(problem))] }
            if map.perform(action) { return [] }
            if focus == .problems { _ = problems.perform(action) } else { _ = failures.perform(action) }
        }
        return []
    }

    private func openSelected() -> [Effect<Message>] {
        switch focus {
        case .map: return map.selectedARN.flatMap { ResourceName($0).address }.map { [.open($0)] } ?? []
        case .services:
            return services.indices.contains(selectedService) ? [.open(services[selectedService].screen)] : []
        case .problems: return problems.selected.map { [.push(WhyScreen($0))] } ?? []
        case .failures:
            guard let failure = failures.selected else { return [] }
            if let trace = failure.traceID { return [.open("timeline", trace)] }
            return ResourceName(failure.resource).address.map { [.open($0)] } ?? []
        }
    }

    /// Those there are: what is wrong and what failed share one place, the first where something is wrong.
    private var panes: [Pane] {
        guard hasEngine else { return [.map, .services] }
        return problems.totalCount > 0 ? [.map, .services, .problems, .failures] : [.map, .services, .failures]
    }

    private mutating func moveFocus(_ step: Int) {
        let index = panes.firstIndex(of: focus) ?? 0
        focus = panes[(index + step + panes.count) % panes.count]
    }

    private mutating func handle(_ input: WidgetInput) {
        if case .mouse(let hit) = input, hit.event.kind == .press, let region = hit.region {
            if region == ResourceMapPane.region { focus = .map }
            if region == failures.id { focus = .failures }
            if region == problems.id { focus = .problems }
            if let name = region.split(separator: ".").last, region.hasPrefix("service."),
                let index = services.firstIndex(where: { $0.rawValue == name })
            {
                focus = .services
                selectedService = index
            }
        }
        switch focus {
        case .map: _ = map.handle(input)
        case .services: break
        case .problems: _ = problems.handle(input)
        case .failures: _ = failures.handle(input)
        }
    }
}
