import AWSModel

/// An error's cause for people. Lambda's is JSON with the message inside; the stack is for the viewer.
enum CauseText {
    static func short(_ cause: String) -> String {
        guard cause.hasPrefix("{"), let object = (try? JSONReader.parse(cause))?.object,
            let message = object.string("errorMessage")
        else { return cause }
        return message
    }

    /// `CardDeclined: the bank declined it`
    static func line(_ error: String, _ cause: String?) -> String {
        guard let cause, !cause.isEmpty else { return error }
        return "\(error): \(short(cause))"
    }

    /// As a value to fold and search where it is JSON.
    static func value(_ cause: String) -> DocumentValue { (try? JSONReader.parse(cause)) ?? .string(cause) }
}
