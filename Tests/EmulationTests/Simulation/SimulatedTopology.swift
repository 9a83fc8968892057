import AWSModel
import StatesLanguage

/// What one seed builds: queues with and without somebody behind them, functions, topics of both kinds with subscribers
/// of every kind, rules on two buses, pipes, schedules, archives, an alarm. Our own small model of who must get what.
struct SimulatedTopology {
    enum Sink: Hashable {
        /// A queue that nothing reads.
        case queue(String)
        /// A queue whose messages a function handles; what it can't handle ends in `<queue>-dead`.
        case worked(String)
        /// A function invoked asynchronously; what it can't handle ends in `<function>-failed`.
        case function(String)
        /// A queue that a pipe reads; what the pipe can't hand on ends in `<queue>-dead`.
        case piped(String)
        /// An HTTP endpoint; what it refuses too often ends in `<name>-dead`.
        case web(String)
        /// A telephone.
        case phone(String)
    }

    /// From a topic, with the colour that its filter lets through.
    struct Subscription { var topic: String, sink: Sink, colour: String? }
    /// From the default bus, for events of one kind.
    struct Rule { var name: String, kind: String, sinks: [Sink] }
    /// From a queue, for messages of one colour, to a function or a queue.
    struct Pipe { var queue: String, colour: String?, isToFunction: Bool }

    var queues: [String] = []
    var worked: [(queue: String, maxReceiveCount: Int, reportsItems: Bool)] = []
    var functions: [String] = []
    var topics: [String] = []
    var subscriptions: [Subscription] = []
    var rules: [Rule] = []
    var pipes: [Pipe] = []
    /// How often a function or an HTTP endpoint fails, in percent.
    var failurePercent = 0
    /// Every event of the default bus goes on to another bus, whose rule leads to the queue `ledger`.
    var hasLedger = false
    /// Every event is archived, and at the end replayed to the queue `again`.
    var hasArchive = false
    /// The FIFO topic keeps its messages, and at the end replays them to the queue `replayed.fifo`.
    var hasTopicArchive = false
    /// One-off schedules among the traffic, and one that ticks each minute into the queue `ticks`.
    var hasSchedules = false
    /// An alarm on the first topic's traffic that tells the queue `alarmed` by a topic of its own.
    var hasAlarm = false

    static let colours = ["red", "green", "blue"]
    static let kinds = ["a", "b"]
    static let fifoTopic = "steps.fifo"

    init(random: inout TurnRandom) {
        func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        func oneIn(_ count: Int) -> Bool { roll(1...count) == 1 }
        failurePercent = [0, 15, 50][roll(0...2)]
        queues = (0..<roll(1...2)).map { "inbox\($0)" }
        if oneIn(2) { worked.append(("jobs", roll(1...4), oneIn(2))) }
        if !oneIn(3) { worked.append(("orders.fifo", roll(2...4), false)) }
        functions = (0..<roll(0...1)).map { "notified\($0)" }
        topics = (0..<roll(1...2)).map { "news\($0)" }
        let hasFIFOTopic = worked.contains { $0.queue == "orders.fifo" } || oneIn(3)
        if hasFIFOTopic { topics.append(Self.fifoTopic) }
        let web = oneIn(3) ? ["hook"] : []
        let phones = oneIn(4) ? ["+15550000001"] : []
        if oneIn(3) {
            pipes.append(
                Pipe(queue: "piped", colour: oneIn(2) ? nil : Self.colours[roll(0...2)], isToFunction: oneIn(2)))
        }
        hasLedger = oneIn(4)
        hasArchive = oneIn(4)
        hasTopicArchive = hasFIFOTopic && oneIn(3)
        hasSchedules = oneIn(3)
        hasAlarm = oneIn(8)
        let standard =
            queues.map(Sink.queue) + worked.filter { !$0.queue.hasSuffix(".fifo") }.map { Sink.worked($0.queue) }
            + functions.map(Sink.function)
        for topic in topics {
            guard topic != Self.fifoTopic else {
                if worked.contains(where: { $0.queue == "orders.fifo" }) {
                    subscriptions.append(Subscription(topic: topic, sink: .worked("orders.fifo"), colour: nil))
                }
                continue
            }
            for sink in standard + web.map(Sink.web) + phones.map(Sink.phone) where !oneIn(3) {
                subscriptions.append(
                    Subscription(topic: topic, sink: sink, colour: oneIn(2) ? nil : Self.colours[roll(0...2)]))
            }
        }
        for number in 0..<roll(1...3) {
            let sinks = standard.filter { _ in oneIn(2) }
            guard !sinks.isEmpty else { continue }
            rules.append(Rule(name: "rule\(number)", kind: Self.kinds[roll(0...1)], sinks: Array(sinks.prefix(5))))
        }
    }

    /// Where a schedule may lead.
    var scheduled: [Sink] {
        queues.map(Sink.queue) + functions.map(Sink.function)
            + worked.filter { !$0.queue.hasSuffix(".fifo") }.map { Sink.worked($0.queue) }
    }

    func sinks(ofTopic topic: String, colour: String) -> Set<Sink> {
        Set(subscriptions.filter { $0.topic == topic && ($0.colour ?? colour) == colour }.map(\.sink))
    }

    func sinks(ofKind kind: String) -> Set<Sink> {
        var sinks = Set(rules.filter { $0.kind == kind }.flatMap(\.sinks))
        if hasLedger { sinks.insert(.queue("ledger")) }
        return sinks
    }

    func sinks(ofPipe queue: String, colour: String) -> Set<Sink> {
        Set(pipes.filter { $0.queue == queue && ($0.colour ?? colour) == colour }.map { .piped($0.queue) })
    }
}
