import AWSClient
import AWSModel
import TerminalUI

/// *Why?* over the whole screen: of any resource by its ARN, or of whatever else has a source of reasons.
struct WhyScreen: Screen {
    enum Message: Sendable {
        case loaded(Result<[Reason], any Error>)
    }

    typealias Source = @Sendable (ConsoleContext) async throws -> [Reason]

    let crumbs: [String]
    let topics: Set<Topic>
    private let subject: String
    private let source: Source
    private(set) var list = ReasonList()

    /// Asks `source` when it appears, and again when one of the topics changes.
    init(crumbs: [String], subject: String, topics: Set<Topic>, source: @escaping Source) {
        self.crumbs = crumbs
        self.subject = subject
        self.topics = topics
        self.source = source
    }

    /// Asks the engine, which explains every resource it has.
    /// - Parameter found: what is known to be wrong with it, told first.
    init(arn: String, item: String? = nil, found: Reason? = nil) {
        let resource = ResourceName(arn)
        let name = resource.name
        self.init(
            crumbs: [resource.service, name, "Why?"].compactMap { $0 }, subject: item.map { "\(name), \($0)" } ?? name,
            topics: [
                "sqs", "sns", "lambda", "states", "cloudwatch", "events", "pipes", "scheduler", "iam", "skua/clock",
            ]
        ) { context in
            guard context.capabilities.hasEngine else {
                throw AWSError("NoEngine", "Only Skua's own engine knows why.")
            }
            var reasons = try await Reason.explain(arn, item: item, context)
            guard let found else { return reasons }
            // Where the engine gives the same reason, it gives it in full.
            let known = reasons.firstIndex { $0.rule == found.rule }
            reasons.insert(known.map { reasons.remove(at: $0) } ?? found, at: 0)
            return reasons
        }
        // What is known already is read while the engine is asked for the rest.
        if let found { list.set([found]) }
    }

    var title: String { "Why?" }
    var tickInterval: Duration? { list.hasCountdown ? .seconds(1) : nil }
    var copyText: String? { list.text }

    var bindings: [KeyBinding] {
        [.open(.when(list.link != nil, otherwise: "This reason has no screen of its own")), .refresh]
            + ReasonList.bindings
    }

    mutating func update(_ event: ScreenEvent<Message>) -> [Effect<Message>] {
        switch event {
        case .appeared, .reappeared, .changed, .action("refresh"):
            return [.work("load", source) { .loaded($0) }]
        case .message(.loaded(.success(let found))): list.set(found)
        case .message(.loaded(.failure(let error))): list.problem = error.sentence
        case .action("open"): return list.link.map { [.open($0)] } ?? []
        case .action(let action): _ = list.perform(action)
        case .input(let input): _ = list.handle(input)
        case .tick: break
        }
        return []
    }

    func render(on surface: Surface, in frame: FrameContext) {
        let count = list.reasons.map { $0.isEmpty ? "" : Quantity.count($0.count, "reason") } ?? ""
        let inside = surface.panel("Why? \(subject)", focused: true, note: StyledLine(count, .dim))
        list.render(on: inside.inset(horizontally: 1), now: frame.now, focused: frame.isInteractive)
    }
}
