import AWSModel
import StatesLanguage

/// What one seed builds: queues with and without a function behind them, functions, topics, rules, and the routes that
/// lead through them. Our own small model of who must get what.
struct SimulatedTopology {
    enum Sink: Hashable {
        /// A queue that nothing reads.
        case queue(String)
        /// A queue whose messages a function handles; what it can't handle ends in `<queue>-dead`.
        case worked(String)
        /// A function invoked asynchronously; what it can't handle ends in `<function>-failed`.
        case function(String)
    }

    /// From a topic, with the colour that its filter lets through.
    struct Subscription { var topic: String, sink: Sink, colour: String? }
    /// From the default bus, for events of one kind.
    struct Rule { var name: String, kind: String, sinks: [Sink] }

    var queues: [String] = []
    var worked: [(queue: String, maxReceiveCount: Int, reportsItems: Bool)] = []
    var functions: [String] = []
    var topics: [String] = []
    var subscriptions: [Subscription] = []
    var rules: [Rule] = []
    /// How often a function fails, in percent.
    var failurePercent = 0

    static let colours = ["red", "green", "blue"]
    static let kinds = ["a", "b"]

    init(random: inout TurnRandom) {
        func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        failurePercent = [0, 15, 50][roll(0...2)]
        queues = (0..<roll(1...2)).map { "inbox\($0)" }
        for number in 0..<roll(1...2) { worked.append(("jobs\(number)", roll(1...4), roll(0...1) == 1)) }
        worked.append(("orders.fifo", roll(2...4), false))
        functions = (0..<roll(1...2)).map { "notified\($0)" }
        topics = (0..<roll(1...2)).map { "news\($0)" } + ["steps.fifo"]
        let standard =
            queues.map(Sink.queue) + worked.filter { !$0.queue.hasSuffix(".fifo") }.map { Sink.worked($0.queue) }
            + functions.map(Sink.function)
        for topic in topics {
            guard !topic.hasSuffix(".fifo") else {
                subscriptions.append(Subscription(topic: topic, sink: .worked("orders.fifo"), colour: nil))
                continue
            }
            for sink in standard where roll(0...2) > 0 {
                subscriptions.append(
                    Subscription(topic: topic, sink: sink, colour: roll(0...1) == 0 ? nil : Self.colours[roll(0...2)]))
            }
        }
        for number in 0..<roll(1...3) {
            let sinks = standard.filter { _ in roll(0...1) == 1 }
            guard !sinks.isEmpty else { continue }
            rules.append(Rule(name: "rule\(number)", kind: Self.kinds[roll(0...1)], sinks: Array(sinks.prefix(5))))
        }
    }

    func sinks(ofTopic topic: String, colour: String) -> Set<Sink> {
        Set(subscriptions.filter { $0.topic == topic && ($0.colour ?? colour) == colour }.map(\.sink))
    }

    func sinks(ofKind kind: String) -> Set<Sink> { Set(rules.filter { $0.kind == kind }.flatMap(\.sinks)) }
}
