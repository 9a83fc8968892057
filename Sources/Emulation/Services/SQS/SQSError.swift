/// SQS's errors, in its own words. Its awsQuery codes differ from the shapes' names: boto3 shows the former.
extension ServiceError {
    static func invalidParameterValue(_ message: String) -> ServiceError {
        ServiceError("InvalidParameterValueException", message, queryCode: "InvalidParameterValue")
    }

    static func invalidParameterValue(_ value: some CustomStringConvertible, _ name: String, _ reason: String)
        -> ServiceError
    {
        invalidParameterValue("Value \(value) for parameter \(name) is invalid. Reason: \(reason)")
    }

    static func missingParameter(_ name: String) -> ServiceError {
        ServiceError(
            "MissingRequiredParameterException", "The request must contain the parameter \(name).",
            queryCode: "MissingParameter")
    }

    static func queue(_ code: String, _ message: String, status: Int = 400) -> ServiceError {
        ServiceError(code, message, status: status, queryCode: "AWS.SimpleQueueService.\(code)")
    }

    static func plainQueue(_ code: String, _ message: String, status: Int = 400) -> ServiceError {
        ServiceError(code, message, status: status, queryCode: code)
    }

    static var queueDoesNotExist: ServiceError {
        ServiceError(
            "QueueDoesNotExist", "The specified queue does not exist.",
            queryCode: "AWS.SimpleQueueService.NonExistentQueue",
            queryMessage: "The specified queue does not exist for this wsdl version.")
    }

    static func invalidAttributeName(_ message: String) -> ServiceError { plainQueue("InvalidAttributeName", message) }
    static func unknownAttribute(_ name: String) -> ServiceError { invalidAttributeName("Unknown Attribute \(name).") }
    static func invalidAttributeValue(_ name: String) -> ServiceError {
        plainQueue("InvalidAttributeValue", "Invalid value for the parameter \(name).")
    }

    static func receiptHandleIsInvalid(_ handle: String) -> ServiceError {
        plainQueue("ReceiptHandleIsInvalid", "The input receipt handle \"\(handle)\" is not a valid receipt handle.")
    }

    static func resourceNotFound(_ message: String) -> ServiceError {
        plainQueue("ResourceNotFoundException", message, status: 404)
    }

    static func noSuchResource(parameter: String) -> ServiceError {
        resourceNotFound("The resource that you specified for the \(parameter) parameter doesn't exist.")
    }

    /// The code inside a batch reply's failed entry.
    var batchCode: String { queryCode ?? code }
}
