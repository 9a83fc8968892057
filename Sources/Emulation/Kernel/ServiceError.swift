import AWSModel

/// An error as AWS answers it: code, message, whose fault, HTTP status, further modelled members.
public struct ServiceError: Error, Sendable, Hashable {
    public enum Fault: String, Sendable {
        case client = "Sender"
        case server = "Receiver"
    }

    /// The shape's name in the model (`QueueDoesNotExist`), or a common code (`ValidationException`).
    public var code: String
    public var message: String
    /// HTTP status; protocols use the model's own where it has one.
    public var status: Int
    public var fault: Fault
    /// Modelled members besides the message, such as Lambda's `Type` or `Reason`.
    public var fields: DocumentObject
    /// The awsQuery code where it isn't the model's, for errors that are not modelled (`InvalidParameterValue`).
    public var queryCode: String?
    /// The message in awsQuery, where a service still words it as before it spoke JSON.
    public var queryMessage: String?

    public init(
        _ code: String, _ message: String, status: Int = 400, fault: Fault = .client,
        fields: DocumentObject = [:], queryCode: String? = nil, queryMessage: String? = nil
    ) {
        self.code = code
        self.message = message
        self.status = status
        self.fault = fault
        self.fields = fields
        self.queryCode = queryCode
        self.queryMessage = queryMessage
    }

    /// AWS: the uniform answer to input that breaks a constraint of the model.
    public static func validation(_ message: String) -> ServiceError {
        ServiceError("ValidationException", message)
    }

    /// What a modelled operation answers that Skua has not built.
    public static func notImplemented(service: ServiceID, operation: String) -> ServiceError {
        ServiceError(
            "NotImplemented", "Skua does not implement \(service.rawValue):\(operation) yet.", status: 501,
            fault: .server)
    }

    /// Something of ours failed; the message says what a person can do.
    public static func internalFailure(_ message: String) -> ServiceError {
        ServiceError("InternalFailure", message, status: 500, fault: .server)
    }

    /// The journal cannot write (a full disk, usually): nothing was acknowledged, the caller may retry.
    public static func unavailable(_ message: String) -> ServiceError {
        ServiceError("ServiceUnavailable", message, status: 503, fault: .server)
    }
}
