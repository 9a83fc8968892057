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

    public var description: String {
        if isForeign { return "HTTP \(httpStatus) and no error of AWS's: the endpoint may lack this operation" }
        return message.isEmpty ? code : "\(code): \(message)"
    }

    /// Not even an error's code came: a page of some server. Emulators answer so where they lack an operation.
    private var isForeign: Bool { message.isEmpty && httpStatus != 0 && code == String(httpStatus) }

    private static let throttles: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "RequestLimitExceeded", "SlowDown",
        "LimitExceededException",
    ]

    /// The service asks to slow down.
    public var isThrottle: Bool { httpStatus == 429 || Self.throttles.contains(code) }

    /// Sending the same again may work.
    public var isRetryable: Bool {
        isThrottle || ([500, 502, 503, 504].contains(httpStatus) && !isNotImplemented) || code == "ConnectionFailed"
            || code == "TimedOut"
    }

    /// The endpoint does not have this operation: built by nobody, or not of AWS at all.
    public var isNotImplemented: Bool {
        httpStatus == 501 || (isForeign && [404, 405, 500].contains(httpStatus))
            || ["NotImplemented", "UnknownOperationException", "InvalidAction", "UnknownOperation"].contains(code)
    }
}
