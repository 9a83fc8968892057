import AWSModel

/// Lambda's errors, in AWS's words.
extension ServiceError {
    static func lambda(_ code: String, _ message: String, status: Int = 400, fields: DocumentObject = [:])
        -> ServiceError
    {
        var members = fields
        members["Type"] = "User"
        return ServiceError(code, message, status: status, fields: members)
    }

    static func lambdaInvalid(_ message: String) -> ServiceError {
        lambda("InvalidParameterValueException", message)
    }

    /// AWS: some refusals come without the `Type` that the others have.
    static func lambdaUntyped(
        _ message: String, code: String = "InvalidParameterValueException", status: Int = 400
    ) -> ServiceError {
        ServiceError(code, message, status: status, fields: ["Type": .null])
    }

    static func lambdaNotFound(_ message: String) -> ServiceError {
        lambda("ResourceNotFoundException", message, status: 404)
    }

    static func functionNotFound(_ arn: String) -> ServiceError { lambdaNotFound("Function not found: \(arn)") }

    static let lambdaResourceMissing = lambdaNotFound("The resource you requested does not exist.")

    static func lambdaConflict(_ message: String) -> ServiceError {
        lambda("ResourceConflictException", message, status: 409)
    }

    static func lambdaUpdateInProgress(_ arn: String) -> ServiceError {
        lambdaConflict("The operation cannot be performed at this time. An update is in progress for resource: \(arn)")
    }

    static let lambdaRevisionMismatch = lambda(
        "PreconditionFailedException",
        "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
        status: 412)

    /// AWS: the throttle of Invoke; `reason` says which limit.
    static func lambdaThrottled(_ reason: ThrottleReason) -> ServiceError {
        var fields: DocumentObject = ["Reason": .string(reason.rawValue)]
        // AWS: nobody knows when a reserved environment will be free.
        if reason == .account { fields["retryAfterSeconds"] = "1" }
        return lambda("TooManyRequestsException", "Rate Exceeded.", status: 429, fields: fields)
    }

    /// The uniform text of one broken constraint.
    static func lambdaConstraint(_ value: String, at path: String, _ rule: String) -> ServiceError {
        validation(
            "1 validation error detected: Value '\(value)' at '\(path)' failed to satisfy constraint: Member must \(rule)"
        )
    }
}

/// Which limit an invocation ran into.
enum ThrottleReason: String, Sendable {
    case account = "ConcurrentInvocationLimitExceeded"
    case reserved = "ReservedFunctionConcurrentInvocationLimitExceeded"
}
