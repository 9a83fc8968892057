import AWSModel

/// EventBridge's errors, in its own words.
extension ServiceError {
    static func eventsNotFound(_ message: String) -> ServiceError { ServiceError("ResourceNotFoundException", message) }
    static func eventsExists(_ message: String) -> ServiceError {
        ServiceError("ResourceAlreadyExistsException", message)
    }
    static func eventsLimit(_ message: String) -> ServiceError { ServiceError("LimitExceededException", message) }
    static func eventsIllegalStatus(_ message: String) -> ServiceError {
        ServiceError("IllegalStatusException", message)
    }
    static func noEventBus(_ name: String) -> ServiceError { .eventsNotFound("Event bus \(name) does not exist.") }
    static func invalidPattern(_ reason: String) -> ServiceError {
        ServiceError("InvalidEventPatternException", "Event pattern is not valid. Reason: \(reason)")
    }
}
