import AWSModel

extension DeliveryPolicy {
    private static let retryFields = [
        ("minDelayTarget", 1...3600), ("maxDelayTarget", 1...3600), ("numRetries", 0...100),
        ("numNoDelayRetries", 0...100), ("numMinDelayRetries", 0...100), ("numMaxDelayRetries", 0...100),
    ]
    private static let functions = ["linear", "arithmetic", "geometric", "exponential"]

    /// AWS: delays of 1 to 3,600 seconds, 0 to 100 retries, the phases' retries within all.
    static func check(_ text: String, _ prefix: String) throws(ServiceError) {
        guard !text.isEmpty else { return }
        guard let document = (try? JSONReader.parse(text))?.object else {
            throw .snsInvalid("\(prefix)DeliveryPolicy: \(SNSFilter.unreadable(text))")
        }
        let policy = document["http"] ?? .object(document)
        for name in ["healthyRetryPolicy", "defaultHealthyRetryPolicy"] {
            guard let retry = policy[name], retry != .null else { continue }
            try check(retry, "\(prefix)DeliveryPolicy: http.\(name)")
        }
        for name in ["throttlePolicy", "defaultThrottlePolicy"] {
            guard let rate = policy[name]?["maxReceivesPerSecond"], rate != .null else { continue }
            guard let number = rate.integer, number >= 1 else {
                throw .snsInvalid(
                    "\(prefix)DeliveryPolicy: http.\(name).maxReceivesPerSecond must be greater than or equal to 1")
            }
        }
    }

    private static func check(_ retry: DocumentValue, _ path: String) throws(ServiceError) {
        guard retry.object != nil else { throw .snsInvalid("\(path) must be an object") }
        for (name, range) in retryFields {
            guard let value = retry[name], value != .null else { continue }
            guard let number = value.integer else { throw .snsInvalid("\(path).\(name) must be a number") }
            guard number >= range.lowerBound else {
                throw .snsInvalid("\(path).\(name) must be greater than or equal to \(range.lowerBound)")
            }
            guard number <= range.upperBound else {
                throw .snsInvalid("\(path).\(name) must be less than or equal to \(range.upperBound)")
            }
        }
        let minimum = retry["minDelayTarget"]?.integer ?? 20
        guard (retry["maxDelayTarget"]?.integer ?? max(20, minimum)) >= minimum else {
            throw .snsInvalid("\(path).maxDelayTarget must be greater than or equal to minDelayTarget")
        }
        let phases = ["numNoDelayRetries", "numMinDelayRetries", "numMaxDelayRetries"]
        guard phases.reduce(0, { $0 + (retry[$1]?.integer ?? 0) }) <= retry["numRetries"]?.integer ?? 3 else {
            throw .snsInvalid("\(path).numRetries must be greater than or equal to the retries of its phases")
        }
        if let function = retry["backoffFunction"]?.string, !functions.contains(function) {
            throw .snsInvalid("\(path).backoffFunction must be one of \(functions.joined(separator: ", "))")
        }
    }

    // MARK: How AWS shows it

    /// A policy as it is kept: a subscription's with every field, a topic's with those that say something.
    static func normal(_ text: String, isTopic: Bool) -> String? {
        guard let given = (try? JSONReader.parse(text))?.object else { return nil }
        let policy = given.object("http") ?? given
        func field(_ name: String) -> DocumentValue { policy[name] ?? .null }
        guard isTopic else {
            let normal: DocumentObject = [
                "healthyRetryPolicy": filled(field("healthyRetryPolicy")), "sicklyRetryPolicy": .null,
                "throttlePolicy": field("throttlePolicy"), "requestPolicy": field("requestPolicy"),
                "guaranteed": .bool(policy.bool("guaranteed") ?? false),
            ]
            return JSONWriter.string(.object(normal))
        }
        guard !given.isEmpty, given["http"] != .null else { return nil }
        var normal = DocumentObject()
        if field("defaultHealthyRetryPolicy") != .null {
            normal["defaultHealthyRetryPolicy"] = field("defaultHealthyRetryPolicy")
        }
        normal["disableSubscriptionOverrides"] = .bool(policy.bool("disableSubscriptionOverrides") ?? false)
        for name in ["defaultThrottlePolicy", "defaultRequestPolicy"] where field(name) != .null {
            normal[name] = field(name)
        }
        return JSONWriter.string(["http": .object(normal)])
    }

    private static func filled(_ retry: DocumentValue) -> DocumentValue {
        guard let given = retry.object else { return .null }
        var filled = DocumentObject()
        let defaults: [(String, Int64)] = [
            ("minDelayTarget", 20), ("maxDelayTarget", 20), ("numRetries", 3), ("numMaxDelayRetries", 0),
            ("numNoDelayRetries", 0), ("numMinDelayRetries", 0),
        ]
        for (name, value) in defaults { filled[name] = given[name] ?? .integer(value) }
        filled["backoffFunction"] = given["backoffFunction"] ?? "linear"
        return .object(filled)
    }

    /// What `EffectiveDeliveryPolicy` shows; a topic's names say "default".
    func document(isTopic: Bool) -> String {
        let retry: DocumentObject = [
            "minDelayTarget": .integer(Int64(minimumDelay)), "maxDelayTarget": .integer(Int64(maximumDelay)),
            "numRetries": .integer(Int64(immediate + early + backoff + late)),
            "numMaxDelayRetries": .integer(Int64(late)), "numNoDelayRetries": .integer(Int64(immediate)),
            "numMinDelayRetries": .integer(Int64(early)), "backoffFunction": .string(function),
        ]
        let throttle = maximumReceivesPerSecond.map { rate -> DocumentValue in
            ["maxReceivesPerSecond": .integer(Int64(rate))]
        }
        let request: DocumentValue = ["headerContentType": .string(contentType ?? "text/plain; charset=UTF-8")]
        guard isTopic else {
            return JSONWriter.string([
                "healthyRetryPolicy": .object(retry), "sicklyRetryPolicy": .null, "throttlePolicy": throttle ?? .null,
                "requestPolicy": request, "guaranteed": false,
            ])
        }
        var policy: DocumentObject = [
            "defaultHealthyRetryPolicy": .object(retry), "disableSubscriptionOverrides": .bool(refusesOverrides),
        ]
        policy["defaultThrottlePolicy"] = throttle
        policy["defaultRequestPolicy"] = request
        return JSONWriter.string(["http": .object(policy)])
    }
}
