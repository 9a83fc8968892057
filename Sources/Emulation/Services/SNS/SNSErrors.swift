/// SNS's errors, in its own words; the awsQuery codes are those of the model's shapes.
extension ServiceError {
    static func sns(_ shape: String, _ code: String, _ message: String, status: Int = 400) -> ServiceError {
        ServiceError(shape, message, status: status, queryCode: code)
    }

    /// `Invalid parameter: …`
    static func snsInvalid(_ what: String) -> ServiceError {
        sns("InvalidParameterException", "InvalidParameter", "Invalid parameter: \(what)")
    }

    static func snsParameterValue(_ message: String) -> ServiceError {
        sns("InvalidParameterValueException", "ParameterValueInvalid", message)
    }

    static func snsNotFound(_ message: String) -> ServiceError {
        sns("NotFoundException", "NotFound", message, status: 404)
    }

    static var snsTopicMissing: ServiceError { snsNotFound("Topic does not exist") }
    static var snsSubscriptionMissing: ServiceError { snsNotFound("Subscription does not exist") }
    static var snsResourceMissing: ServiceError {
        sns("ResourceNotFoundException", "ResourceNotFound", "Resource does not exist", status: 404)
    }
}
