import AWSModel

// Errors as CloudWatch words them.

extension ServiceError {
    static func metricParameterValue(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterValueException", message)
    }

    static func invalidParameterCombination(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterCombinationException", message)
    }

    static func missingRequiredParameter(_ message: String) -> ServiceError {
        ServiceError("MissingRequiredParameterException", message)
    }

    /// What GetMetricData answers to a bad query; not in the model.
    static func metricValidation(_ message: String) -> ServiceError { ServiceError("ValidationError", message) }

    static func mutuallyExclusive(_ first: String, _ second: String) -> String {
        "The parameters \(first) and \(second) are mutually exclusive and you have specified both."
    }
}
