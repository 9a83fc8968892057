import AWSModel
import AWSProtocols

/// Why a call failed, whichever way it went.
public struct AWSError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What SDKs report as `Error.Code`: `ResourceNotFoundException`, `AWS.SimpleQueueService.NonExistentQueue`.
    /// `ConnectionFailed` and `TimedOut` are ours, for endpoints that do not answer.
    public var code: String
    public var message: String
    /// 0 where no answer came.
    public var httpStatus: Int
    public var requestID: String?
    /// Modelled members besides the message.
    public var fields: DocumentObject

    public init(
        _ code: String, _ message: String, httpStatus: Int = 0, requestID: String? = nil, fields: DocumentObject = [:]
    ) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
        self.requestID = requestID
        self.fields = fields
    }

    public init(_ error: WireError, httpStatus: Int? = nil) {
        self.init(
            error.code, error.message, httpStatus: httpStatus ?? error.status, requestID: error.requestID,
            fields: error.fields)
    }

    public var description: String { message.isEmpty ? code : "\(code): \(message)" }

    private static let throttles: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown",
        "LimitExceededException",
    ]

    /// The service asks to slow down.
    public var isThrottle: Bool { httpStatus == 429 || Self.throttles.contains(code) }

    /// Sending the same again may work.
    public var isRetryable: Bool {
        isThrottle || [500, 502, 503, 504].contains(httpStatus) || code == "ConnectionFailed" || code == "TimedOut"
    }

    /// The endpoint does not have this operation: built by nobody, or not of AWS at all.
    public var isNotImplemented: Bool {
        httpStatus == 501
            || ["NotImplemented", "UnknownOperationException", "InvalidAction", "UnknownOperation"].contains(code)
    }
}
