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

    /// A value that is none of those a member takes; AWS's uniform words, which CloudWatch's alarms have too.
    static func outside(_ allowed: [String], _ value: String?, _ member: String) -> ServiceError {
        let failure =
            value.map {
                "Value '\($0)' at '\(member)' failed to satisfy constraint: Member must satisfy enum value set: [\(allowed.joined(separator: ", "))]"
            } ?? "Value null at '\(member)' failed to satisfy constraint: Member must not be null"
        return .metricValidation("1 validation error detected: \(failure)")
    }

    static func mutuallyExclusive(_ first: String, _ second: String) -> String {
        "The parameters \(first) and \(second) are mutually exclusive and you have specified both."
    }
}
