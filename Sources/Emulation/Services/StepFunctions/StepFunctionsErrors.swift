import AWSModel

extension ServiceError {
    static func stateMachineDoesNotExist(_ arn: String) -> ServiceError {
        ServiceError("StateMachineDoesNotExist", "State Machine Does Not Exist: '\(arn)'")
    }

    static func stateMachineAlreadyExists(_ arn: String) -> ServiceError {
        ServiceError("StateMachineAlreadyExists", "State Machine Already Exists: '\(arn)'")
    }

    static func executionDoesNotExist(_ arn: String) -> ServiceError {
        ServiceError("ExecutionDoesNotExist", "Execution Does Not Exist: '\(arn)'")
    }

    static func executionAlreadyExists(_ arn: String) -> ServiceError {
        ServiceError("ExecutionAlreadyExists", "Execution Already Exists: '\(arn)'")
    }

    static let stateMachineTypeNotSupported = ServiceError(
        "StateMachineTypeNotSupported", "This operation is not supported by this type of state machine")

    static func invalidStepFunctionsArn(_ arn: String) -> ServiceError {
        ServiceError("InvalidArn", "Invalid Arn: 'Invalid ARN prefix: \(arn)'")
    }

    /// AWS: for the ARN of an Express execution where a Standard one belongs.
    static let expressResource = ServiceError(
        "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: express'")

    static func invalidExecutionInput(_ message: String) -> ServiceError {
        ServiceError("InvalidExecutionInput", "Invalid State Machine Execution Input: '\(message)'")
    }

    static func invalidStepFunctionsName(_ name: String) -> ServiceError {
        ServiceError("InvalidName", "Invalid Name: '\(name)'")
    }

    static let invalidStepFunctionsToken = ServiceError("InvalidToken", "Invalid Token: 'Invalid token'")
}
