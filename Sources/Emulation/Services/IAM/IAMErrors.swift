import AWSModel

extension ServiceError {
    static func noSuchEntity(_ message: String) -> ServiceError {
        ServiceError("NoSuchEntityException", message, status: 404)
    }

    static func entityAlreadyExists(_ message: String) -> ServiceError {
        ServiceError("EntityAlreadyExistsException", message, status: 409)
    }

    static func deleteConflict(_ message: String) -> ServiceError {
        ServiceError("DeleteConflictException", message, status: 409)
    }

    /// A quota of IAM.
    static func iamLimitExceeded(_ message: String) -> ServiceError {
        ServiceError("LimitExceededException", message, status: 409)
    }
}
