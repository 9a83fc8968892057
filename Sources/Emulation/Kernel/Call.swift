import AWSModel

/// Where a resource lives: one account in one region.
public struct Scope: Sendable, Hashable, Comparable {
    public var accountID: String
    public var region: String

    public init(accountID: String, region: String) {
        self.accountID = accountID
        self.region = region
    }

    public static func < (left: Scope, right: Scope) -> Bool {
        (left.accountID, left.region) < (right.accountID, right.region)
    }

    /// `aws`, `aws-cn` or `aws-us-gov`, from the region.
    public var partition: String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        if region.hasPrefix("us-gov-") { return "aws-us-gov" }
        return "aws"
    }

    /// `arn:aws:sqs:us-east-1:123456789012:orders`.
    public func arn(_ service: String, _ resource: String) -> String {
        "arn:\(partition):\(service):\(region):\(accountID):\(resource)"
    }
}

/// Who calls, and from where.
public struct Caller: Sendable, Hashable {
    public var scope: Scope
    /// `arn:aws:iam::123456789012:root`, a user, or an assumed role.
    public var principalArn: String
    /// As `aws:userid` has it: an account, `AIDA…`, or `AROA…:session`.
    public var userID: String
    public var accessKeyID: String
    /// Scheme, host and port the caller used; every URL in an answer starts with it.
    public var endpoint: String
    public var sourceIP: String
    /// AWS services calling each other, e.g. `lambda.amazonaws.com`; nil for people and programs.
    ///
    /// With a role's ARN as principal the service acts in that role, otherwise as itself.
    public var servicePrincipal: String?
    /// What a service acts for, as `aws:SourceArn`: the topic that delivers, the rule that matched.
    public var sourceArn: String?
    /// Calls that only look, such as the console's own polling, leave no trace on the timeline.
    public var isObserver: Bool
    /// What came as `X-Amzn-Trace-Id`: queues and topics hand it on with the message.
    public var traceHeader: String?

    public init(
        scope: Scope, principalArn: String? = nil, userID: String? = nil, accessKeyID: String = "",
        endpoint: String, sourceIP: String = "127.0.0.1", servicePrincipal: String? = nil,
        sourceArn: String? = nil, isObserver: Bool = false, traceHeader: String? = nil
    ) {
        self.scope = scope
        self.principalArn = principalArn ?? "arn:\(scope.partition):iam::\(scope.accountID):root"
        self.userID = userID ?? scope.accountID
        self.accessKeyID = accessKeyID
        self.endpoint = endpoint
        self.sourceIP = sourceIP
        self.servicePrincipal = servicePrincipal
        self.sourceArn = sourceArn
        self.isObserver = isObserver
        self.traceHeader = traceHeader
    }
}

/// Links what happens to what made it happen.
public struct Cause: Sendable, Hashable {
    /// The entry on the timeline that led here; nil at an origin.
    public var entry: TimelineEntry.ID?
    /// Shared by everything that one origin led to.
    public var trace: TraceID

    public init(entry: TimelineEntry.ID?, trace: TraceID) {
        self.entry = entry
        self.trace = trace
    }
}

public struct TraceID: Sendable, Hashable {
    public var rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// One operation being performed.
public struct Call: Sendable {
    public var service: ServiceID
    public var operation: String
    public var caller: Caller
    public var requestID: String
    /// The engine's time at which the call began.
    public var time: Instant
    /// What to name as the cause of whatever this call sets off.
    public var cause: Cause

    public var scope: Scope { caller.scope }
}

/// What an operation came to.
public typealias CallResult = Result<DocumentObject, ServiceError>
