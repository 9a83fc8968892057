import AWSModel

/// Decides whether a call may be made. Services register what they can judge; with nothing registered all is allowed,
/// as for an account's root user.
public final class Authorizer {
    public typealias Rule = (Call, DocumentObject) throws(ServiceError) -> Void
    private var rules: [Rule] = []

    public init() {}

    public func add(_ rule: @escaping Rule) { rules.append(rule) }

    func authorize(_ call: Call, _ input: DocumentObject) throws(ServiceError) {
        for rule in rules { try rule(call, input) }
    }
}
