import AWSModel

extension ServiceError {
    /// What CloudWatch Logs answers to most bad input.
    static func invalidParameter(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterException", message)
    }
}
