import AWSClient

extension Error {
    /// What went wrong, as the service said it: its code, then its message.
    var sentence: String { (self as? AWSError)?.description ?? "\(self)" }
}
