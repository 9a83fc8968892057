import AWSModel

/// How often and how late a delivery is tried again. AWS: four phases: at once, before the backoff, backoff, after it.
struct DeliveryPolicy: Hashable {
    var immediate: Int
    var early: Int
    var earlyDelay: Double
    var backoff: Int
    var minimumDelay: Double
    var maximumDelay: Double
    var function: String
    var late: Int
    var maximumReceivesPerSecond: Double?
    var contentType: String?
    /// Of a topic: its subscriptions' own policies do not count.
    var refusesOverrides = false

    /// AWS: SQS and Lambda: 100,015 attempts over 23 days.
    static let managed = DeliveryPolicy(
        immediate: 3, early: 2, earlyDelay: 1, backoff: 10, minimumDelay: 1, maximumDelay: 20,
        function: "exponential", late: 100_000)
    /// AWS: mail, SMS and mobile push: 50 attempts over 6 hours.
    static let customerManaged = DeliveryPolicy(
        immediate: 0, early: 2, earlyDelay: 10, backoff: 10, minimumDelay: 10, maximumDelay: 600,
        function: "exponential", late: 38)
    static let http = DeliveryPolicy(
        immediate: 0, early: 0, earlyDelay: 20, backoff: 3, minimumDelay: 20, maximumDelay: 20, function: "linear",
        late: 0)

    init(
        immediate: Int, early: Int, earlyDelay: Double, backoff: Int, minimumDelay: Double, maximumDelay: Double,
        function: String, late: Int
    ) {
        self.immediate = immediate
        self.early = early
        self.earlyDelay = earlyDelay
        self.backoff = backoff
        self.minimumDelay = minimumDelay
        self.maximumDelay = maximumDelay
        self.function = function
        self.late = late
    }

    /// A subscription's own policy goes before its topic's, unless that says otherwise.
    init(kind: String, text: String?, topicPolicy: String? = nil) {
        switch kind {
        case "sqs", "lambda": self = .managed
        case "http", "https": self = .http
        default: self = .customerManaged
        }
        guard kind.hasPrefix("http") else { return }
        let general = topicPolicy.flatMap { try? JSONReader.parse($0) }
        if let general { read(general) }
        refusesOverrides = (general?["http"] ?? general)?["disableSubscriptionOverrides"]?.bool == true
        guard !refusesOverrides, let own = text.flatMap({ try? JSONReader.parse($0) }) else { return }
        read(own)
    }

    private mutating func read(_ document: DocumentValue) {
        let policy = document["http"] ?? document
        if let retry = Self.part("HealthyRetryPolicy", of: policy) {
            func number(_ name: String) -> Int? { retry[name]?.integer.map(Int.init(clamping:)) }
            minimumDelay = retry["minDelayTarget"]?.double ?? 20
            maximumDelay = max(minimumDelay, retry["maxDelayTarget"]?.double ?? 20)
            immediate = number("numNoDelayRetries") ?? 0
            early = number("numMinDelayRetries") ?? 0
            late = number("numMaxDelayRetries") ?? 0
            earlyDelay = minimumDelay
            backoff = max(0, (number("numRetries") ?? 3) - immediate - early - late)
            function = retry["backoffFunction"]?.string ?? "linear"
        }
        if let throttle = Self.part("ThrottlePolicy", of: policy) {
            maximumReceivesPerSecond = throttle["maxReceivesPerSecond"]?.double
        }
        contentType = Self.part("RequestPolicy", of: policy)?["headerContentType"]?.string ?? contentType
    }

    /// A subscription's part, or a topic's, whose name says "default".
    private static func part(_ name: String, of policy: DocumentValue) -> DocumentValue? {
        let own = policy[name.prefix(1).lowercased() + name.dropFirst()]
        return [own, policy["default" + name]].compactMap { $0 }.first { $0 != .null }
    }

    /// The wait before the retry with this number, from 1; nil where none is left.
    func delay(beforeRetry number: Int) -> Duration? {
        var index = number - 1
        if index < immediate { return .zero }
        index -= immediate
        if index < early { return .milliseconds(Int(earlyDelay * 1000)) }
        index -= early
        if index < backoff {
            let share = backoff == 1 ? 1 : Double(index) / Double(backoff - 1)
            return .milliseconds(Int(backoffDelay(share) * 1000))
        }
        index -= backoff
        return index < late ? .milliseconds(Int(maximumDelay * 1000)) : nil
    }

    /// From the minimum to the maximum, along the function's curve.
    private func backoffDelay(_ share: Double) -> Double {
        let span = maximumDelay - minimumDelay
        switch function {
        case "arithmetic": return minimumDelay + span * share * (share + 1) / 2
        case "geometric": return minimumDelay + span * share * share
        case "exponential":
            var power = 1.0
            for _ in 0..<Int((share * 10).rounded()) { power *= 2 }
            return minimumDelay + span * (power - 1) / 1023
        default: return minimumDelay + span * share
        }
    }
}
