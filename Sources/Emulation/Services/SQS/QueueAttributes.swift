import AWSModel

/// A queue's settings, in SQS's names and defaults.
struct QueueAttributes: Sendable, Hashable {
    var delaySeconds = 0
    /// AWS: 1 MiB since August 2025, 256 KiB before.
    var maximumMessageSize = SQSLimits.messageBytes
    var messageRetentionPeriod = 345_600
    var receiveMessageWaitTimeSeconds = 0
    var visibilityTimeout = 30
    var contentBasedDeduplication = false
    /// `queue` or `messageGroup`.
    var deduplicationScope = "queue"
    /// `perQueue` or `perMessageGroupId`.
    var fifoThroughputLimit = "perQueue"
    var policy: String?
    var redrivePolicy: RedrivePolicy?
    var redriveAllowPolicy: RedriveAllowPolicy?
    var kmsMasterKeyID: String?
    var kmsDataKeyReusePeriodSeconds: Int?
    var sqsManagedSSE = true

    var deduplicatesPerGroup: Bool { deduplicationScope == "messageGroup" }
    var retention: Duration { .seconds(messageRetentionPeriod) }

    static let names = [
        "Policy", "VisibilityTimeout", "MaximumMessageSize", "MessageRetentionPeriod", "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn",
        "ApproximateNumberOfMessagesDelayed", "DelaySeconds", "ReceiveMessageWaitTimeSeconds", "RedrivePolicy",
        "FifoQueue", "ContentBasedDeduplication", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds",
        "DeduplicationScope", "FifoThroughputLimit", "RedriveAllowPolicy", "SqsManagedSseEnabled",
    ]

    /// Value of a settable attribute; nil where it is not set and AWS would not show it.
    func value(_ name: String, isFIFO: Bool) -> String? {
        switch name {
        case "DelaySeconds": String(delaySeconds)
        case "MaximumMessageSize": String(maximumMessageSize)
        case "MessageRetentionPeriod": String(messageRetentionPeriod)
        case "ReceiveMessageWaitTimeSeconds": String(receiveMessageWaitTimeSeconds)
        case "VisibilityTimeout": String(visibilityTimeout)
        case "FifoQueue": isFIFO ? "true" : nil
        case "ContentBasedDeduplication": isFIFO ? String(contentBasedDeduplication) : nil
        case "DeduplicationScope": isFIFO ? deduplicationScope : nil
        case "FifoThroughputLimit": isFIFO ? fifoThroughputLimit : nil
        case "Policy": policy
        case "RedrivePolicy": redrivePolicy?.text
        case "RedriveAllowPolicy": redriveAllowPolicy?.text
        case "KmsMasterKeyId": kmsMasterKeyID
        case "KmsDataKeyReusePeriodSeconds":
            kmsDataKeyReusePeriodSeconds.map { String($0) } ?? (kmsMasterKeyID == nil ? nil : "300")
        case "SqsManagedSseEnabled": String(sqsManagedSSE)
        default: nil
        }
    }

    /// Sets one attribute from its text; an empty text takes a policy or key away.
    mutating func set(_ name: String, to text: String, isFIFO: Bool) throws(ServiceError) {
        switch name {
        case "DelaySeconds": delaySeconds = try Self.number(text, name, 0...900)
        case "MaximumMessageSize": maximumMessageSize = try Self.number(text, name, 1024...SQSLimits.messageBytes)
        case "MessageRetentionPeriod": messageRetentionPeriod = try Self.number(text, name, 60...1_209_600)
        case "ReceiveMessageWaitTimeSeconds": receiveMessageWaitTimeSeconds = try Self.number(text, name, 0...20)
        case "VisibilityTimeout": visibilityTimeout = try Self.number(text, name, 0...SQSLimits.visibilitySeconds)
        case "KmsDataKeyReusePeriodSeconds": kmsDataKeyReusePeriodSeconds = try Self.number(text, name, 60...86_400)
        case "KmsMasterKeyId":
            kmsMasterKeyID = text.isEmpty ? nil : text
            if kmsMasterKeyID != nil { sqsManagedSSE = false }
        case "SqsManagedSseEnabled": sqsManagedSSE = try Self.flag(text, name)
        case "Policy":
            policy = text.isEmpty ? nil : text
            if let policy, (try? JSONReader.parse(policy))?.object == nil { throw .invalidAttributeValue(name) }
        case "RedrivePolicy": redrivePolicy = text.isEmpty ? nil : try RedrivePolicy(text)
        case "RedriveAllowPolicy": redriveAllowPolicy = text.isEmpty ? nil : try RedriveAllowPolicy(text)
        case "FifoQueue":
            guard isFIFO else { throw .unknownAttribute(name) }
            guard text.lowercased() == "true" else {
                throw .plainQueue(
                    "InvalidAttributeValue",
                    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
            }
        case "ContentBasedDeduplication":
            guard isFIFO else { throw .unknownAttribute(name) }
            contentBasedDeduplication = try Self.flag(text, name)
        case "DeduplicationScope", "FifoThroughputLimit":
            guard isFIFO else {
                throw .invalidAttributeName("You can specify the \(name) only when FifoQueue is set to true.")
            }
            let isScope = name == "DeduplicationScope"
            guard (isScope ? ["queue", "messageGroup"] : ["perQueue", "perMessageGroupId"]).contains(text) else {
                throw .invalidAttributeValue(name)
            }
            if isScope { deduplicationScope = text } else { fifoThroughputLimit = text }
        default: throw .unknownAttribute(name)
        }
    }

    /// Sets several at once, and checks what depends on more than one.
    mutating func set(_ values: [String: String], isFIFO: Bool) throws(ServiceError) {
        if values["SqsManagedSseEnabled"]?.lowercased() == "true", !(values["KmsMasterKeyId"] ?? "").isEmpty {
            throw Self.twoKindsOfEncryption
        }
        try QueuePolicyCheck.check(values)
        for (name, text) in values.sorted(by: { $0.key < $1.key }) { try set(name, to: text, isFIFO: isFIFO) }
        if sqsManagedSSE, kmsMasterKeyID != nil { throw Self.twoKindsOfEncryption }
        if fifoThroughputLimit == "perMessageGroupId", !deduplicatesPerGroup {
            throw .plainQueue(
                "InvalidAttributeValue",
                "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.")
        }
    }

    private static var twoKindsOfEncryption: ServiceError {
        .invalidAttributeName(
            "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE."
        )
    }

    private static func number(_ text: String, _ name: String, _ range: ClosedRange<Int>) throws(ServiceError) -> Int {
        guard let value = Int(text), range.contains(value) else { throw .invalidAttributeValue(name) }
        return value
    }

    private static func flag(_ text: String, _ name: String) throws(ServiceError) -> Bool {
        switch text.lowercased() {
        case "true": return true
        case "false": return false
        default: throw .invalidAttributeValue(name)
        }
    }

    /// What a row keeps: every settable attribute that has a value.
    func document(isFIFO: Bool) -> DocumentObject {
        var document = DocumentObject()
        for name in Self.names {
            if let value = value(name, isFIFO: isFIFO) { document.append(name, .string(value)) }
        }
        return document
    }

    /// Reads a row back; what this version does not understand keeps its default.
    init(document: DocumentObject, isFIFO: Bool) {
        self.init()
        for (name, value) in document.sorted(by: { $0.0 < $1.0 }) {
            try? set(name, to: value.string ?? "", isFIFO: isFIFO)
        }
    }

    init() {}
}

/// `{"deadLetterTargetArn":"…","maxReceiveCount":3}`
struct RedrivePolicy: Sendable, Hashable {
    /// As it was set: AWS gives it back so.
    let text: String
    let targetArn: String
    let maxReceiveCount: Int

    init(_ text: String) throws(ServiceError) {
        self.text = text
        func invalid(_ reason: String) -> ServiceError { .invalidParameterValue(text, "RedrivePolicy", reason) }
        guard let policy = (try? JSONReader.parse(text))?.object else {
            throw invalid("Redrive policy is not a valid JSON map.")
        }
        guard let count = policy["maxReceiveCount"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let target = policy["deadLetterTargetArn"] else {
            throw invalid("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        let number = count.integer ?? count.string.flatMap { Int64($0) }
        guard let number, (1...1000).contains(number) else {
            let shown =
                count.string ?? count.double.map { Double($0) == $0.rounded() ? String(Int64($0)) : String($0) }
                ?? "null"
            throw invalid(
                "Invalid value for maxReceiveCount: \(shown), valid values are from 1 to 1000 both inclusive.")
        }
        guard let arn = target.string, arn.hasPrefix("arn:"), arn.split(separator: ":").count == 6 else {
            throw invalid("Invalid value for deadLetterTargetArn.")
        }
        guard QueueName(arn: arn) != nil else {
            throw invalid("Only SQS queues are valid resources for deadLetterTargetArn.")
        }
        targetArn = arn
        maxReceiveCount = Int(number)
    }
}

/// `{"redrivePermission":"byQueue","sourceQueueArns":["…"]}`
struct RedriveAllowPolicy: Sendable, Hashable {
    enum Permission: String, Sendable { case allowAll, denyAll, byQueue }

    let text: String
    let permission: Permission
    let sourceArns: [String]

    init(_ text: String) throws(ServiceError) {
        self.text = text
        func invalid(_ reason: String) -> ServiceError {
            .invalidParameterValue(
                text, "RedriveAllowPolicy", "Amazon SQS can't create the redrive allow policy. \(reason)")
        }
        guard let policy = (try? JSONReader.parse(text))?.object,
            let permission = policy.string("redrivePermission").flatMap(Permission.init)
        else { throw Self.unsupportedFormat }
        let sources = policy["sourceQueueArns"]?.list ?? []
        sourceArns = sources.compactMap(\.string)
        guard policy["sourceQueueArns"].map({ $0.list != nil }) ?? true, sourceArns.count == sources.count else {
            throw Self.unsupportedFormat
        }
        self.permission = permission
        if permission == .byQueue, sourceArns.isEmpty {
            throw invalid(
                "When you specify the byQueue permission type, you must also specify one or more sourceQueueArns values."
            )
        }
        guard permission == .byQueue || sourceArns.isEmpty else {
            throw invalid("To specify one or more source queue ARNs, you must set redrivePermission to byQueue.")
        }
        guard sourceArns.count <= 10 else {
            throw invalid("The maximum number of source queue ARNs you can specify is 10.")
        }
    }

    static var unsupportedFormat: ServiceError {
        .plainQueue(
            "InvalidAttributeValue",
            "Invalid value for the parameter RedriveAllowPolicy. Reason: Amazon SQS can't create the redrive allow policy, as it’s in an unsupported format."
        )
    }

    func allows(_ sourceArn: String) -> Bool {
        switch permission {
        case .allowAll: true
        case .denyAll: false
        case .byQueue: sourceArns.contains(sourceArn)
        }
    }
}

/// Where a queue is found: its account, region and name.
struct QueueName: Hashable {
    var scope: Scope
    var name: String

    init(scope: Scope, name: String) {
        self.scope = scope
        self.name = name
    }

    /// `arn:aws:sqs:us-east-1:123456789012:orders`
    init?(arn: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "sqs", !parts[3].isEmpty, !parts[4].isEmpty,
            !parts[5].isEmpty
        else { return nil }
        scope = Scope(accountID: String(parts[4]), region: String(parts[3]))
        name = String(parts[5])
    }

    /// A queue's URL, whatever its host; a bare name, which AWS takes too, is one of the caller's.
    init?(url: String, caller: Scope) {
        guard let lastSlash = url.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            guard !url.isEmpty else { return nil }
            self.init(scope: caller, name: url)
            return
        }
        let name = url[url.utf8.index(after: lastSlash)...]
        let head = url[..<lastSlash]
        guard !name.isEmpty, let accountSlash = head.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        let account = head[head.utf8.index(after: accountSlash)...]
        guard !account.isEmpty, account.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.init(scope: Scope(accountID: String(account), region: caller.region), name: String(name))
    }
}
